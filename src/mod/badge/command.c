/* edulab badge verify FILE: the verifier for a terminal. */
#include <errno.h>

#include "base/limits.h"
#include "base/time.h"
#include "mod/badge/inside.h"

enum { STATUS_TRUE, STATUS_NOT_VALID, STATUS_USAGE, STATUS_UNCERTAIN };

static bool read_file(struct arena *a, const char *path, struct str *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in) return false;
    char *text = arena_alloc(a, LIMIT_PNG + 1);
    size_t n = fread(text, 1, LIMIT_PNG + 1, in);
    bool well = !ferror(in);
    fclose(in);
    *ret = (struct str){ text, n };
    return well;
}

static void print_check(const struct badge_check *c)
{
    static const char *const marks[] = {
        [CHECK_PASSED] = "ok", [CHECK_FAILED] = "NO", [CHECK_SKIPPED] = "??"
    };
    printf("  %s  %s %s\n", marks[c->state], c->what, c->says);
}

static void print_line(const char *label, struct str value)
{
    if (value.n) printf("  %-8s %.*s\n", label, STR(value));
}

static int report(const struct badge_verification *v)
{
    printf("%s\n", badge_verdict_says(v->verdict));
    for (size_t i = 0; i < v->check_count; i++)
        print_check(&v->checks[i]);
    print_line("badge", v->class_name);
    print_line("issuer", v->issuer_name);
    print_line("at", v->issuer_host);
    print_line("reason", v->revocation_reason);
    return v->verdict == BADGE_TRUE        ? STATUS_TRUE
           : v->verdict == BADGE_UNCERTAIN ? STATUS_UNCERTAIN
                                           : STATUS_NOT_VALID;
}

static int verify(struct command_context *context, int argc, char **argv)
{
    struct arena *a = context->arena;
    bool with_email = argc == 3 && strcmp(argv[1], "--email") == 0;
    if (argc != 1 && !with_email) {
        fputs("usage: edulab badge verify FILE|ADDRESS [--email ADDRESS]\n", stderr);
        return STATUS_USAGE;
    }
    struct str given = str_from(argv[0]);
    if (!badge_origin_of(given).p && !read_file(a, argv[0], &given)) {
        fprintf(stderr, "edulab: %s: %s\n", argv[0], strerror(errno));
        return STATUS_USAGE;
    }
    badge_configure(context->settings);
    struct db *db = db_read_begin(context->database, a);
    if (!db) {
        fputs("edulab: the database cannot be read\n", stderr);
        return STATUS_UNCERTAIN;
    }
    struct badge_own_source own = { .db = db, .remote = true, .anywhere = true };
    struct badge_source source = badge_own_source(&own);
    struct str email = with_email ? str_from(argv[2]) : STR_NONE;
    struct badge_verification v = badge_verify(a, given, email, time_now(), &source);
    db_read_end(db);
    return report(&v);
}

const struct command badge_commands[] = {
    { "badge verify", "FILE|ADDRESS [--email ADDRESS]",
      "Tells a true badge from an altered or revoked one. Ends with 0: true, 1: not valid, 3: "
      "could not be checked.",
      verify },
    { NULL, NULL, NULL, NULL },
};
