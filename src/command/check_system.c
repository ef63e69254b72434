/* edulab check, the machine's side: folder, disk, programs, clock, mail server. */
#include <curl/curl.h>
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/time.h"
#include "command/archive.h"
#include "command/check.h"
#include "media/file.h"
#include "media/sandbox.h"

static struct str user_name(struct audit *a, uid_t id)
{
    const struct passwd *user = getpwuid(id);
    return user ? arena_dup(a->arena, str_from(user->pw_name)) : SAYS("user %u", (unsigned)id);
}

static void audit_secret(struct audit *a)
{
    struct str path = file_join(a->arena, a->app->data, S("secret"));
    struct stat st;
    if (stat(path.p, &st) != 0) {
        if (errno == ENOENT)
            audit_warn(a, "secret", S("does not exist yet"), S("edulab serve makes it"));
        else
            audit_problem(a, "secret", SAYS("%s cannot be looked at: %m", path.p),
                          S("run this as the user of the service"));
    } else if (st.st_mode & 077) {
        audit_problem(a, "secret",
                      SAYS("%s has mode %04o: others can read it and forge what it protects",
                           path.p, st.st_mode & 07777),
                      SAYS("chmod 600 %s; when others use this machine, remove it and start again: "
                           "everybody's forms expire",
                           path.p));
    } else if (st.st_size != 32) {
        audit_problem(a, "secret",
                      SAYS("%s has %lld bytes instead of 32", path.p, (long long)st.st_size),
                      S("remove it: the next start makes a new one"));
    } else {
        audit_ok(a, "secret", SAYS("mode %04o", st.st_mode & 07777));
    }
}

void audit_folder(struct audit *a)
{
    struct str data = settings_text(a->app->settings, "data");
    struct stat st;
    if (stat(arena_cstr(a->arena, data), &st) != 0) {
        if (errno == ENOENT)
            audit_warn(a, "data folder", SAYS("%.*s does not exist yet", STR(data)),
                       S("edulab serve makes it"));
        else
            audit_problem(a, "data folder", SAYS("%.*s: %m", STR(data)),
                          S("run this as the user of the service"));
        return;
    }
    if (!S_ISDIR(st.st_mode) || !app_folder(a->app, false)) {
        audit_problem(a, "data folder", SAYS("%.*s is not a folder that can be used", STR(data)),
                      S("see the setting data"));
        return;
    }
    struct str owner = user_name(a, st.st_uid),
               shown = SAYS("%.*s, mode %04o, of %.*s", STR(a->app->data), st.st_mode & 07777,
                            STR(owner));
    if (st.st_mode & 07)
        audit_problem(a, "data folder",
                      SAYS("%.*s: everybody on this machine can look into it", STR(shown)),
                      SAYS("chmod 750 %.*s", STR(a->app->data)));
    else if (st.st_uid != geteuid())
        audit_warn(a, "data folder",
                   SAYS("%.*s, and you are %.*s: what the service can do was not tried", STR(shown),
                        STR(user_name(a, geteuid()))),
                   SAYS("sudo -u %.*s edulab check", STR(owner)));
    else if (access(a->app->data.p, R_OK | W_OK | X_OK) != 0)
        audit_problem(a, "data folder", SAYS("%.*s: cannot be written", STR(shown)),
                      SAYS("chmod 750 %.*s", STR(a->app->data)));
    else audit_ok(a, "data folder", shown);
    struct str restoring = app_restoring_folder(a->app);
    if (access(restoring.p, F_OK) == 0)
        audit_problem(a, "restore",
                      SAYS("%s: a restore is under way or was cut short", restoring.p),
                      S("when none is running, empty the data folder and restore again"));
    audit_secret(a);
}

void audit_disk(struct audit *a)
{
    static const int64_t least = 256000000, low = 2000000000;
    struct statvfs disk;
    if (!a->app->data.p || statvfs(a->app->data.p, &disk) != 0) return;
    int64_t room = (int64_t)(disk.f_bavail * disk.f_frsize);
    struct str shown = SAYS("%s free", bytes_text(a->arena, room).p);
    if (disk.f_favail == 0 && disk.f_files > 0)
        audit_problem(a, "disk", S("no file can be made any more (inodes)"), S("make room"));
    else if (room < least)
        audit_problem(a, "disk", shown,
                      S("make room: uploads and soon every change will be refused"));
    else if (room < low) audit_warn(a, "disk", shown, S("make room: one video may need it all"));
    else audit_ok(a, "disk", shown);
}

/* The first line of what `program option` says, run as videos are; STR_NONE and why when it does not run. */
static struct str try_program(struct audit *a, const char *const *argv, struct str *ret_why,
                              struct str *ret_all)
{
    struct sandbox_job job = { .argv = argv, .deadline_ms = 20000 };
    struct sandbox_result r = sandbox_run(a->arena, &job);
    if (r.end != SANDBOX_OK) {
        *ret_why = sandbox_words(a->arena, argv[0], &r);
        return STR_NONE;
    }
    struct str all = r.out;
    *ret_all = all;
    return str_trim(str_cut(&all, '\n'));
}

static void audit_program(struct audit *a, const char *name, const char *option,
                          const char *package, bool needed)
{
    const char *argv[] = { name, option, NULL };
    struct str why, all, line = try_program(a, argv, &why, &all),
                         todo = SAYS("apt install %s", package);
    if (line.p) audit_ok(a, name, str_sub(line, 0, 70));
    else if (needed) audit_problem(a, name, why, todo);
    else audit_warn(a, name, why, todo);
}

void audit_programs(struct audit *a)
{
    bool videos = settings_number(a->app->settings, "media_runners") > 0;
    static const char *const argv[] = { "ffmpeg", "-hide_banner", "-encoders", NULL };
    audit_program(a, "ffmpeg", "-version", "ffmpeg", videos);
    audit_program(a, "ffprobe", "-version", "ffmpeg", videos);
    audit_program(a, "file", "--version", "file", true);
    audit_program(a, "espeak-ng", "--version", "espeak-ng", false);
    struct str why, all;
    if (videos && try_program(a, argv, &why, &all).p &&
        (str_search(all, S("libx264")) == all.n || str_search(all, S(" aac ")) == all.n))
        audit_problem(a, "encoders", S("this ffmpeg cannot write H.264 and AAC"),
                      S("use Debian's ffmpeg"));
    if (sandbox_hides_files())
        audit_ok(a, "sandbox", S("programs that open uploads see no other file and no network"));
    else
        audit_warn(a, "sandbox",
                   S("the kernel has no Landlock: programs that open uploads could read other "
                     "files of this user"),
                   S("Linux 5.13 or newer with landlock among its security modules"));
}

void audit_clock(struct audit *a)
{
    static const int64_t first = INT64_C(1767225600000); /* 2026: this program is not older */
    struct timex clock = { 0 };
    char now[TIME_RFC3339 + 1];
    time_rfc3339(time_now(), now);
    if (time_now() < first)
        audit_problem(a, "clock", SAYS("says %s", now),
                      S("set it: links, sessions and dates depend on it (timedatectl)"));
    else if (adjtimex(&clock) < 0 || (clock.status & STA_UNSYNC))
        audit_warn(a, "clock", SAYS("%s; nothing keeps it right", now),
                   S("timedatectl set-ntp true, or see to it on the host"));
    else audit_ok(a, "clock", SAYS("%s, kept by the network", now));
}

/* Says hello to the mail server, signs in when there is a name, and leaves: nothing is sent. */
void audit_smtp(struct audit *a)
{
    const struct settings *s = a->app->settings;
    struct str url = settings_text(s, "smtp_url"), user = settings_text(s, "smtp_user");
    bool near = str_starts(url, S("smtp://127.0.0.1")) || str_starts(url, S("smtp://localhost")) ||
                str_starts(url, S("smtp://[::1]"));
    char detail[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    if (!curl) abort(); /* only without memory */
    curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(a->arena, url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, near ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    if (user.n) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, arena_cstr(a->arena, user));
        curl_easy_setopt(curl, CURLOPT_PASSWORD,
                         arena_cstr(a->arena, settings_text(s, "smtp_password")));
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK) audit_ok(a, "mail", S("the server answers"));
    else
        audit_problem(
            a, "mail",
            SAYS("the server of smtp_url: %s", detail[0] ? detail : curl_easy_strerror(code)),
            S("see smtp_url, smtp_user and smtp_password, and that the way there is open"));
}
