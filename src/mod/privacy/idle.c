/* Accounts that nobody uses: a letter after two years, and the end three months later, unless somebody comes back meanwhile.
 * The only one of the staff is spared: without them nobody could give a role any more.
 * Two rules among the others, so that the page of terms counts both beforehand and the nightly job applies them. */
#include "base/origin.h"
#include "base/settings.h"
#include "base/time.h"
#include "mod/people/people.h"
#include "mod/privacy/pages.h"

/* In one transaction and one night: the rest waits for the next. */
enum { LETTERS_A_NIGHT = 500, CLOSED_A_NIGHT = 100 };

static struct str public_url;

void privacy_idle_start(struct settings *settings)
{
    static char origin[ORIGIN_MAX];
    public_url = origin_of(settings, origin);
}

static struct str day_text(struct db *db, enum lang lang, int64_t ms)
{
    struct page pg = { .arena = db_arena(db), .lang = lang, .now = ms };
    return date_long(&pg, ms);
}

int64_t privacy_count_idle(struct db *db, int64_t before)
{
    struct privacy_sql_count_idle c;
    return privacy_sql_count_idle(db, before, access_only_staff(db), &c) ? c.n : 0;
}

static void warn(struct db *db, const struct privacy_sql_idle *p, int64_t now)
{
    enum lang lang = LANG_FR;
    lang_from_code(p->lang, &lang);
    struct str until = day_text(db, lang, now + PRIVACY_GRACE_DAYS * DAY_MS);
    struct str text = fmt_plain(
        db_arena(db),
        lang_text(
            lang,
            N_("Hello {0},\n\nNobody has used your eduLAB account for two years. We keep no "
               "data that serves nobody: on {1} the account will be erased.\n\nWould you like "
               "to keep it? Signing in once before that day is enough:\n\n{2}\n\nOtherwise you "
               "need do nothing. Attestations and badges that were issued stay valid; "
               "download them before if you want to have them.\n\nThe eduLAB team")),
        p->name, until, arena_printf(db_arena(db), "%.*s/connexion", STR(public_url)));
    mail_queue(db, p->email, lang_text(lang, N_("Your account is asleep")), text);
    privacy_sql_note_idle(db, p->id, now);
}

int64_t privacy_warn_idle(struct db *db, int64_t before, int64_t now)
{
    struct privacy_sql_idle *rows;
    privacy_sql_forget_returned(db);
    size_t n = privacy_sql_idle(db, before, access_only_staff(db), LETTERS_A_NIGHT, &rows);
    for (size_t i = 0; i < n; i++)
        warn(db, &rows[i], now);
    return (int64_t)n;
}

int64_t privacy_count_gone(struct db *db, int64_t before)
{
    struct privacy_sql_count_gone c;
    return privacy_sql_count_gone(db, before, access_only_staff(db), &c) ? c.n : 0;
}

static void farewell(struct db *db, const struct privacy_sql_gone *p)
{
    enum lang lang = LANG_FR;
    lang_from_code(p->lang, &lang);
    struct str text = fmt_plain(
        db_arena(db),
        lang_text(lang,
                  N_("Hello {0},\n\nYour eduLAB account is erased, as we announced three months "
                     "ago: nobody had used it for more than two years. What must be kept "
                     "bears a number in the place of your name. You are welcome to open a "
                     "new account at any time.\n\nThe eduLAB team")),
        p->name);
    mail_queue(db, p->email, lang_text(lang, N_("Your account is erased")), text);
}

int64_t privacy_close_gone(struct db *db, int64_t before, int64_t now)
{
    struct privacy_sql_gone *rows;
    int64_t closed = 0;
    privacy_sql_forget_returned(db);
    size_t n = privacy_sql_gone(db, before, access_only_staff(db), CLOSED_A_NIGHT, &rows);
    for (size_t i = 0; i < n; i++) {
        if (!privacy_erase(db, rows[i].id, now, false)) continue;
        farewell(db, &rows[i]); /* after the erasing, which takes letters to this address away */
        closed++;
    }
    return closed;
}
