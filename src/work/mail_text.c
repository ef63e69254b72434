/* A mail as text: RFC 5322 head, UTF-8 words (RFC 2047), quoted-printable body. Nothing a person typed can end a
 * header line: control characters become spaces before anything is written. */
#include "base/buf.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "work/internal.h"

enum {
    WORD =
        52, /* characters of an encoded word's inside: with its frame and the header's name below 76 */
    PLAIN = 60, /* longest header text left as it is */
    LINE = 76,
    ADDRESS_MAX = 254,
};

/* --- addresses ------------------------------------------------------------------------------------------------------- */

static bool alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool local_part(struct str s)
{
    if (s.n == 0 || s.n > 64 || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && s.p[i - 1] == '.') return false;
        if (!alphanumeric(s.p[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", s.p[i])) return false;
        if (s.p[i] == '\0') return false;
    }
    return true;
}

static bool domain(struct str s)
{
    for (struct str rest = s; rest.n || rest.p == s.p;) {
        struct str label = str_cut(&rest, '.');
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!alphanumeric(label.p[i]) && label.p[i] != '-') return false;
    }
    return s.p[s.n - 1] != '.';
}

struct str mail_address(struct str s)
{
    size_t open = str_find(s, '<');
    if (open < s.n) {
        if (s.p[s.n - 1] != '>') return STR_NONE;
        s = str_sub(s, open + 1, s.n - open - 2);
    }
    if (s.n > ADDRESS_MAX) return STR_NONE;
    struct str rest = s, local = str_cut(&rest, '@');
    return local.n + 1 < s.n && local_part(local) && domain(rest) ? s : STR_NONE;
}

/* --- headers --------------------------------------------------------------------------------------------------------- */

static struct str without_controls(struct arena *a, struct str s)
{
    char *copy = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)copy[i] < 0x20 || copy[i] == 0x7F) copy[i] = ' ';
    return str_trim((struct str){ copy, s.n });
}

/* `specials`: characters that mean something in this header. */
static bool plain(struct str s, const char *specials)
{
    if (s.n > PLAIN || str_search(s, S("=?")) < s.n) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 || strchr(specials, s.p[i])) return false;
    return true;
}

/* Text as encoded words; a character is never split between two of them. */
static void put_words(struct buf *b, struct str s, const char *specials)
{
    if (plain(s, specials)) {
        buf_str(b, s);
        return;
    }
    size_t used = 0;
    buf_lit(b, "=?UTF-8?Q?");
    for (size_t i = 0; i < s.n;) {
        size_t n = 1;
        while (i + n < s.n && ((unsigned char)s.p[i + n] & 0xC0) == 0x80)
            n++;
        bool literal = n == 1 && alphanumeric(s.p[i]), space = s.p[i] == ' ';
        size_t width = literal || space ? 1 : 3 * n;
        if (used + width > WORD) {
            buf_lit(b, "?=\r\n =?UTF-8?Q?");
            used = 0;
        }
        used += width;
        if (literal) buf_putc(b, s.p[i]);
        else if (space) buf_putc(b, '_');
        else
            for (size_t k = 0; k < n; k++)
                buf_printf(b, "=%02X", (unsigned char)s.p[i + k]);
        i += n;
    }
    buf_lit(b, "?=");
}

static void put_from(struct buf *b, struct arena *a, struct str from, struct str address)
{
    size_t open = str_find(from, '<');
    struct str name = open < from.n ? without_controls(a, str_sub(from, 0, open)) : STR_NONE;
    buf_lit(b, "From: ");
    if (name.n) {
        put_words(b, name, "\"<>,;:()@[]\\.");
        buf_lit(b, " ");
    }
    buf_printf(b, "<%.*s>\r\n", STR(address));
}

/* --- body ------------------------------------------------------------------------------------------------------------ */

/* One line of text, without its end, in pieces of at most 76 characters. */
static void put_line(struct buf *b, struct str line)
{
    size_t used = 0;
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        bool last = i + 1 == line.n;
        bool literal = (c >= 0x21 && c < 0x7F && c != '=') || ((c == ' ' || c == '\t') && !last);
        size_t width = literal ? 1 : 3;
        if (used + width > (size_t)(last ? LINE : LINE - 1)) {
            buf_lit(b, "=\r\n");
            used = 0;
        }
        used += width;
        if (literal) buf_putc(b, (char)c);
        else buf_printf(b, "=%02X", c);
    }
    buf_lit(b, "\r\n");
}

static void put_body(struct buf *b, struct str body)
{
    while (body.n) {
        struct str line = str_cut(&body, '\n');
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        put_line(b, line);
    }
}

/* A file, in lines of base64. */
static void put_base64(struct buf *b, struct str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t n = s.n - i < 3 ? s.n - i : 3;
        unsigned v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (k < n ? (unsigned char)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_putc(b, k <= n ? digits[v >> (18 - 6 * k) & 63] : '=');
        if (i % 57 == 54 || i + 3 >= s.n) buf_lit(b, "\r\n"); /* 76 characters */
    }
}

#define TEXT_HEAD                                                                                  \
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"

/* "=_" cannot stand in quoted-printable, nor in base64: the line between the parts is in neither of them. */
static void put_parts(struct buf *b, const struct mail_text *mail, const char *id)
{
    buf_printf(b, "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n", id);
    buf_lit(b, "Auto-Submitted: auto-generated\r\n\r\n");
    buf_printf(b, "--=_%s\r\n" TEXT_HEAD "\r\n", id);
    put_body(b, mail->body);
    buf_printf(b, "--=_%s\r\nContent-Type: %.*s\r\n", id, STR(mail->part.type));
    buf_printf(b, "Content-Disposition: attachment; filename=\"%.*s\"\r\n", STR(mail->part.name));
    buf_lit(b, "Content-Transfer-Encoding: base64\r\n\r\n");
    put_base64(b, mail->part.data);
    buf_printf(b, "--=_%s--\r\n", id);
}

struct str mail_format(struct arena *a, const struct mail_text *mail)
{
    struct str from = mail_address(mail->from), to = mail_address(mail->to);
    if (!from.p || !to.p) return STR_NONE;
    char id[ID_TEXT + 1], date[TIME_HTTP + 1];
    id_format(mail->id, id);
    time_http(mail->created_at, date);
    struct str host = str_sub(from, str_find(from, '@') + 1, from.n);
    struct buf b = BUF_INIT(4 * (size_t)LIMIT_MAIL);
    buf_printf(&b, "Date: %.*s +0000\r\n", TIME_HTTP - 4, date);
    put_from(&b, a, mail->from, from);
    buf_printf(&b, "To: <%.*s>\r\n", STR(to));
    buf_lit(&b, "Subject: ");
    put_words(&b, without_controls(a, mail->subject), "");
    buf_printf(&b, "\r\nMessage-ID: <%s@%.*s>\r\n", id, STR(host));
    if (mail->unsubscribe.n) {
        struct str stop = without_controls(a, mail->unsubscribe);
        buf_printf(&b, "List-Unsubscribe: <%.*s>\r\n", STR(stop));
        buf_lit(&b, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    buf_lit(&b, "MIME-Version: 1.0\r\n");
    if (mail->part.name.n) {
        put_parts(&b, mail, id);
    } else {
        buf_lit(&b, TEXT_HEAD "Auto-Submitted: auto-generated\r\n\r\n");
        put_body(&b, mail->body);
    }
    struct str text = b.full ? STR_NONE : arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}
