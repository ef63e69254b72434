/* Helpers of the frame and the pieces: addresses, what is "here", clocks, the texts of the islands. */
#include "html/components.h"

#include "base/limits.h"

enum { LIMIT_ADDRESS = LIMIT_PATH + LIMIT_QUERY };

/* --- the frame --------------------------------------------------------------------------------------------------- */

const struct html no_html = { { "", 0 } };

enum lang other_lang(const struct page *pg)
{
    return pg->lang == LANG_FR ? LANG_EN : LANG_FR;
}

const char *lang_own_name(enum lang lang)
{
    static const char *const names[LANG_COUNT] = { [LANG_FR] = "Français", [LANG_EN] = "English" };
    return names[lang];
}

struct str lang_href(struct page *pg, enum lang lang)
{
    struct str query = pg->path, path = str_cut(&query, '?');
    struct buf out = BUF_INIT(LIMIT_ADDRESS);
    buf_str(&out, path);
    buf_putc(&out, '?');
    while (query.n) {
        struct str pair = str_cut(&query, '&');
        if (pair.n == 0 || str_starts(pair, S("lang=")) || str_starts(pair, S("fait="))) continue;
        buf_str(&out, pair);
        buf_putc(&out, '&');
    }
    buf_printf(&out, "lang=%s", lang_code(lang));
    struct str href = out.full ? arena_printf(pg->arena, "/?lang=%s", lang_code(lang))
                               : arena_dup(pg->arena, buf_view(&out));
    buf_finish(&out);
    return href;
}

/* How much of the page's path the entry covers: its length, 0 when it is not on the way. */
static size_t covered(const struct page *pg, const struct menu_entry *entry)
{
    struct str query = pg->path, path = str_cut(&query, '?'), start = str_from(entry->path);
    if (!str_starts(path, start)) return 0;
    return path.n == start.n || path.p[start.n] == '/' ? start.n : 0;
}

/* The groups of the staff menu are one menu. */
static int menu_of(const struct menu_entry *entry)
{
    bool staff = entry->place >= MENU_STAFF && entry->place <= MENU_STAFF_SYSTEM;
    return staff ? MENU_STAFF : (int)entry->place;
}

bool menu_here(const struct page *pg, const struct menu_entry *entry)
{
    size_t mine = covered(pg, entry);
    if (mine == 0) return false;
    for (const struct menu_entry *const *m = pg->menu; m && *m; m++)
        if (menu_of(*m) == menu_of(entry) && covered(pg, *m) > mine) return false;
    return true;
}

const struct menu_group menu_staff_groups[4] = {
    { MENU_STAFF_TRAINING, N_("Trainings and videos") },
    { MENU_STAFF_PEOPLE, N_("People and organisations") },
    { MENU_STAFF_RIGHTS, N_("Rights and data") },
    { MENU_STAFF_SYSTEM, N_("Behind the site") },
};

bool menu_may(const struct page *pg, const struct menu_entry *entry)
{
    return !pg->may_open || pg->may_open(pg->asker, entry->path);
}

int menu_staff_single(const struct page *pg)
{
    const struct menu_entry *only;
    bool here;
    int place = 0;
    for (size_t i = 0; i < COUNT(menu_staff_groups); i++) {
        if (!menu_count(pg, menu_staff_groups[i].place, &only, &here)) continue;
        if (place) return 0;
        place = menu_staff_groups[i].place;
    }
    return place;
}

int menu_count(const struct page *pg, int place, const struct menu_entry **ret_only, bool *ret_here)
{
    int n = 0;
    *ret_here = false;
    for (const struct menu_entry *const *m = pg->menu; m && *m; m++) {
        if ((int)(*m)->place != place || !menu_may(pg, *m)) continue;
        *ret_only = *m;
        *ret_here |= menu_here(pg, *m);
        n++;
    }
    return n;
}

/* --- errors ---------------------------------------------------------------------------------------------------------- */

static const struct error_text {
    int status;
    const char *title, *advice;
} error_texts[] = {
    { 400, N_("This request cannot be read"), N_("Go back and try again. Nothing was changed.") },
    { 401, N_("Please sign in first"), N_("This page belongs to an account.") },
    { 403, N_("This page is not open to you"),
      N_("Your account may lack a right, or the form had expired: go back, reload the page and try "
         "again.") },
    { 404, N_("This page does not exist"),
      N_("It may have moved, or the address has a slip of the pen.") },
    { 405, N_("This cannot be done here"), N_("Go back and use the buttons of the page.") },
    { 409, N_("Somebody was faster"),
      N_("What you saw has changed meanwhile. Reload the page and try again.") },
    { 410, N_("This is gone"), N_("The link has expired or was used already.") },
    { 413, N_("This is too large"), N_("Send a smaller file or a shorter text.") },
    { 415, N_("This kind of file is not accepted"), N_("Check the format and send it again.") },
    { 422, N_("Something does not fit"),
      N_("Go back: what you typed is still there. Correct it and send it again.") },
    { 429, N_("A moment, please"),
      N_("There were too many tries in a short time. Wait a minute and go on.") },
    { 507, N_("There is no room left"),
      N_("The server's disk is full. Nothing of yours was lost. Tell us, please.") },
    { 503, N_("We will be right back"),
      N_("The server is busy or being updated. Try again in a minute.") },
};

static const struct error_text *error_text(int status)
{
    static const struct error_text ours = {
        500, N_("Something broke on our side"),
        N_("Nothing of what you did was changed by half. Try again in a moment.")
    };
    for (size_t i = 0; i < COUNT(error_texts); i++)
        if (error_texts[i].status == status) return &error_texts[i];
    return status < 500 ? &error_texts[0] : &ours;
}

struct str error_title(struct page *pg, int status)
{
    return _(error_text(status)->title);
}

struct str error_advice(struct page *pg, int status)
{
    return _(error_text(status)->advice);
}

/* --- forms and lists ----------------------------------------------------------------------------------------------- */

struct str field_message(const struct page *pg, const char *name)
{
    for (size_t i = 0; i < pg->error_count; i++)
        if (pg->errors[i].field && strcmp(pg->errors[i].field, name) == 0)
            return pg->errors[i].message;
    return STR_NONE;
}

struct str described_by(struct page *pg, const char *name, bool message, bool hint)
{
    if (message && hint) return arena_printf(pg->arena, "m-%s h-%s", name, name);
    return arena_printf(pg->arena, "%c-%s", message ? 'm' : 'h', name);
}

struct str pager_href(struct page *pg, const struct ui_pager *pager, int64_t page)
{
    bool has_query = str_find(pager->base, '?') < pager->base.n;
    if (page <= 1) return pager->base;
    return arena_join(pg->arena, pager->base, has_query ? S("&page=") : S("?page="),
                      arena_int(pg->arena, page, 1));
}

size_t pager_pages(const struct ui_pager *pager, int64_t ret_pages[9])
{
    int64_t pages = pager->pages < 1 ? 1 : pager->pages;
    int64_t page = pager->page < 1 ? 1 : pager->page > pages ? pages : pager->page;
    size_t n = 0;
    if (page > 3) ret_pages[n++] = 1;
    if (page > 4) ret_pages[n++] = 0;
    for (int64_t p = page - 2; p <= page + 2; p++)
        if (p >= 1 && p <= pages) ret_pages[n++] = p;
    if (page < pages - 3) ret_pages[n++] = 0;
    if (page < pages - 2) ret_pages[n++] = pages;
    return n;
}

struct str percent_text(struct page *pg, int64_t value, int64_t max)
{
    if (max < 1) max = 1;
    int64_t percent = value <= 0 ? 0 : value >= max ? 100 : value * 100 / max;
    /* A narrow no-break space before the sign, in French only. */
    return arena_printf(pg->arena, pg->lang == LANG_FR ? "%lld\u202f%%" : "%lld%%",
                        (long long)percent);
}

/* --- watching ------------------------------------------------------------------------------------------------------- */

struct str size_text(struct page *pg, int64_t bytes)
{
    if (bytes < 1024 * 1024) return fmt_plain(pg->arena, _("{0} KB"), (bytes + 1023) / 1024);
    return fmt_plain(pg->arena, _("{0} MB"), (bytes + 512 * 1024) / (1024 * 1024));
}

struct str clock_text(struct page *pg, int64_t ms)
{
    int64_t s = ms < 0 ? 0 : ms / 1000;
    int hours = (int)(s / 3600), minutes = (int)(s / 60 % 60), seconds = (int)(s % 60);
    if (hours) return arena_printf(pg->arena, "%d:%02d:%02d", hours, minutes, seconds);
    return arena_printf(pg->arena, "%d:%02d", minutes, seconds);
}

struct str clock_datetime(struct page *pg, int64_t ms)
{
    int64_t s = ms < 0 ? 0 : ms / 1000;
    return arena_printf(pg->arena, "PT%dM%dS", (int)(s / 60), (int)(s % 60));
}

struct str clock_seconds(struct page *pg, int64_t ms)
{
    if (ms < 0) ms = 0;
    return arena_printf(pg->arena, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
}

/* Texts in the page's language, as name and msgid. */
struct text {
    const char *name, *msgid;
};

static void release(void *value)
{
    json_decref(value);
}

/* An object with the texts, that lives as long as the page. */
static json_t *make_texts(struct page *pg, const struct text *texts, size_t n)
{
    json_t *to = json_object();
    arena_cleanup(pg->arena, release, to);
    for (size_t i = 0; i < n; i++) {
        struct str s = lang_text(pg->lang, texts[i].msgid);
        json_object_set_new(to, texts[i].name, json_stringn(s.p, s.n));
    }
    return to;
}

const json_t *player_texts(struct page *pg, const struct ui_player *player)
{
    static const struct text texts[] = {
        { "play", N_("Play") },
        { "pause", N_("Pause") },
        { "paused", N_("Paused") },
        { "playing", N_("Playing") },
        { "back", N_("Back ten seconds") },
        { "forward", N_("Forward ten seconds") },
        { "mute", N_("Mute") },
        { "unmute", N_("Sound on") },
        { "volume", N_("Volume") },
        { "seek", N_("Position in the video") },
        { "at", N_("{0} of {1}") },
        { "captions", N_("Subtitles") },
        { "speed", N_("Speed") },
        { "quality", N_("Picture quality") },
        { "auto", N_("Automatic") },
        { "soundOnly", N_("Sound only") },
        { "sound", N_("Sound track") },
        { "off", N_("None") },
        { "size", N_("Size of the subtitles") },
        { "small", N_("Small") },
        { "normal", N_("Medium") },
        { "large", N_("Large") },
        { "huge", N_("Very large") },
        { "tone", N_("Colours of the subtitles") },
        { "screen", N_("White on dark blue") },
        { "yellow", N_("Yellow on black") },
        { "paper", N_("Black on white") },
        { "settings", N_("Settings") },
        { "window", N_("Small window") },
        { "theatre", N_("Wide picture") },
        { "cast", N_("On another screen") },
        { "repeat", N_("Repeat a passage: it begins here") },
        { "repeatTo", N_("Repeat from {0}: it ends here") },
        { "repeatEnd", N_("Stop repeating {0} to {1}") },
        { "share", N_("Copy a link to this moment") },
        { "copied", N_("Copied: the link leads to {0}.") },
        { "shared", N_("The address of this page now leads to {0}: copy it from there.") },
        { "keys", N_("Keys") },
        { "keyList",
          N_("Space or K: play, pause. J, L: ten seconds back, forward. Left, right: five seconds. "
             "0 to 9: tenths of the video. Home, End. Up, down: volume. M: sound. C: subtitles. "
             "R: repeat a passage. <, >: speed. P: small window. T: wide picture. F: full "
             "screen.") },
        { "resumed", N_("You go on where you left, at {0}.") },
        { "again", N_("From the beginning") },
        { "full", N_("Full screen") },
        { "leave", N_("Leave full screen") },
        { "broken", N_("The video cannot be played right now. Reload the page, or download it.") },
        { "offline", N_("The connection is lost. The video goes on by itself when it is back.") },
        { "atMoment", N_("At this moment") },
        { "afterwards", N_("Go on with") },
        { "close", N_("Close") },
        { "newTab", N_("(opens in another tab)") },
        { "done", N_("You have watched this video: it counts as done.") },
        { "unsaved",
          N_("Your progress could not be saved. Please use the button below the video.") },
    };
    json_t *all = make_texts(pg, texts, COUNT(texts));
    /* Where chapters begin, in seconds: "0.000 12.500". */
    struct buf starts = BUF_INIT(LIMIT_ADDRESS);
    for (size_t i = 0; i < player->chapter_count; i++) {
        if (i) buf_putc(&starts, ' ');
        buf_str(&starts, clock_seconds(pg, player->chapters[i].start_ms));
    }
    struct str list = buf_view(&starts);
    json_object_set_new(all, "chapters", json_stringn(list.p, list.n));
    buf_finish(&starts);
    return all;
}

const json_t *subtitles_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "add", N_("Add a line here") },
        { "by", N_("By how many seconds; less than zero: earlier") },
        { "shift", N_("Shift all lines") },
        { "undo", N_("Undo") },
        { "keys", N_("In a line: Ctrl+Enter plays it, Ctrl+↑ and Ctrl+↓ change lines, "
                     "Ctrl+Shift+Enter splits it at the cursor, Ctrl+Z undoes.") },
        { "plain", N_("Write as a file") },
        { "line", N_("Line {0}") },
        { "from", N_("from") },
        { "to", N_("until") },
        { "play", N_("Play") },
        { "split", N_("Split") },
        { "join", N_("Join with the next") },
        { "remove", N_("Remove") },
        { "speed", N_("{0} characters a second") },
        { "overlaps", N_("It begins before the line above it ends.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *moments_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "add", N_("Add one where the video is") },
        { "plain", N_("Write as lines") },
        { "chapter", N_("Chapter {0}") },
        { "piece", N_("Piece {0}") },
        { "time", N_("begins at") },
        { "until", N_("ends at") },
        { "title", N_("title") },
        { "now", N_("Now") },
        { "play", N_("Play from here") },
        { "remove", N_("Remove") },
        { "part", N_("Part {0}") },
        { "first", N_("The first chapter begins at 0:00.") },
        { "close", N_("It begins less than a second after the line above it.") },
        { "late", N_("It begins after the end of the video.") },
        { "empty", N_("It has no title.") },
        { "order", N_("It ends before it begins.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *capture_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "missing", N_("This browser cannot record: add a file made elsewhere.") },
        { "refused",
          N_("The camera, the microphone or the screen was not allowed. Nothing was recorded.") },
        { "running", N_("Recording: {0}, {1}") },
        { "paused", N_("Paused at {0}, {1}") },
        { "pause", N_("Pause") },
        { "resume", N_("Go on") },
        { "ready", N_("Recorded: {0}, {1}. Watch it, then send it; nothing has been sent yet.") },
        { "watch", N_("Your recording") },
        { "name", N_("recording") },
        { "sent", N_("It is being sent: see above how far it is. Leave the page open.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *record_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "missing", N_("This browser cannot record: add a file made elsewhere.") },
        { "refused", N_("The microphone or the camera was not allowed. Nothing was recorded.") },
        { "running", N_("Recording, {0}") },
        { "ready",
          N_("Recorded. Listen to it, then keep or hand in: it goes along as your file.") },
        { "listen", N_("Your recording") },
        { "name", N_("recording") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *passkey_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "stopped", N_("Nothing was done: it was cancelled, or it took too long.") },
        { "known", N_("This device has a passkey for your account already.") },
        { "failed", N_("That did not work. Please try again, or come in another way.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *strength_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "short", N_("Too short so far: at least 10 characters.") },
        { "0", N_("Among the first that are guessed.") },
        { "1", N_("Guessed within minutes. Add a word.") },
        { "2", N_("Getting better: one more word makes it good.") },
        { "3", N_("Good: it would take years to guess.") },
        { "4", N_("Very good: nobody guesses this one.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}

const json_t *upload_texts(struct page *pg)
{
    static const struct text texts[] = {
        { "waiting", N_("Waiting") },
        { "sending", N_("{0} % sent, {1} of {2}") },
        { "paused", N_("Paused at {0} %") },
        { "done", N_("Received. The video is being prepared.") },
        { "failed", N_("Not sent: {0}") },
        { "lost", N_("The connection is lost. Sending goes on by itself when it is back.") },
        { "resume", N_("Unfinished: choose the same file again to go on at {0} %") },
        { "pause", N_("Pause") },
        { "go", N_("Go on") },
        { "cancel", N_("Give up") },
        { "large", N_("The file is too large: at most {0}.") },
        { "space", N_("There is no room left on the server.") },
        { "refused", N_("The server refused the file.") },
    };
    return make_texts(pg, texts, COUNT(texts));
}
