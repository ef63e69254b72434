/* Inside of htmlgen, the build-time tool that turns templates into C (docs/htmlgen.md).
 *
 *   htmlgen.c           the command: reads folders, writes files that changed
 *   htmlgen_template.c  files, templates, text, expressions and statements
 *   htmlgen_tag.c       tags: how they nest, the rules of single elements
 *   htmlgen_attribute.c attributes: values, conditions, addresses
 *   htmlgen_write.c     the C that comes out; literals joined, white space collapsed
 *   htmlgen_code.c      finding the end of C code, its calls and braces
 *   htmlgen_rules.c     tables of elements and attributes */
#ifndef EDULAB_TOOLS_HTMLGEN_H
#define EDULAB_TOOLS_HTMLGEN_H

#include "base/arena.h"
#include "base/buf.h"

/* What is wrong, and where. */
struct problem {
    unsigned line;
    struct str text; /* a sentence; in the part's arena */
};

/* One template name, to refuse a second of the same. */
struct template_name {
    struct template_name *next;
    struct str name;
};

/* The templates of one folder, on their way to <name>_html.h and .c. */
struct part {
    struct arena *arena;
    struct str name;
    struct buf includes, prototypes, code;
    struct template_name *names;
};

void part_init(struct part *part, struct arena *arena, struct str name);
void part_finish(struct part *part);
/* Adds the templates of one file. False: *ret says what is wrong, and the part is of no use any more. */
bool part_add_file(struct part *part, struct str path, struct str source, struct problem *ret);
void part_header(const struct part *part, struct buf *out);
void part_source(const struct part *part, struct buf *out);

/* --- htmlgen_rules.c ------------------------------------------------------------------------------------------------ */

enum {
    EL_VOID = 1,       /* has no end tag */
    EL_INLINE = 2,     /* white space beside it shows */
    EL_SVG = 4,        /* may close itself: <path/> */
    EL_KEEP = 8,       /* white space inside stays as it is */
    EL_TEXT_ONLY = 16, /* no elements inside */
    EL_ENDS_P = 32,    /* the browser closes an open <p> before it */
};

struct element {
    const char *name;
    unsigned flags;
};

/* NULL for an unknown one. Names with a hyphen are custom elements, all the same to us. */
const struct element *element_find(struct str name);

enum attribute_kind {
    ATTR_PLAIN,
    ATTR_URL,
    ATTR_HUMAN,   /* people read it: must be translated */
    ATTR_LITERAL, /* decides how others are read: no expressions */
    ATTR_REFUSED,
};

enum attribute_kind attribute_kind(struct str name);
/* Why an attribute is refused, as the end of a sentence. */
const char *attribute_refusal(struct str name);
/* Position of the first letter of any script in valid UTF-8, outside of &entities; s.n when there is none. */
size_t first_letter(struct str s);
/* Length of the &entity; at the beginning of s; 0 when it is none. */
size_t entity_length(struct str s);

/* --- htmlgen_code.c ------------------------------------------------------------------------------------------------- */

/* Behind the token at `at`: a whole string, character or comment counts as one, so does a word. */
size_t code_next(struct str code, size_t at);
/* Position of `closing` ("}}" outside of braces, or "%}") in code; code.n when it is missing. */
size_t code_end(struct str code, struct str closing);
/* Whether code calls the function `name` anywhere. */
bool code_calls(struct str code, struct str name);
/* Whether code is one call of `name` and nothing else. */
bool code_is_call(struct str code, struct str name);
/* Whether code holds a // comment, which would swallow what is written behind it. */
bool code_has_line_comment(struct str code);
bool is_word(char c);
bool is_space(char c);

/* --- htmlgen_template.c, htmlgen_tag.c ------------------------------------------------------------------------------------------------- */

/* Something open: an element, or a block of C. */
struct open {
    const struct element *element; /* NULL for a block */
    unsigned line;
    struct str name; /* of the element */
    bool silent;     /* inside translate="no" */
    bool post;       /* a form with method="post" */
    bool csrf;       /* … that has its token */
    bool edge_before,
        edge_after; /* of a block: would white space show before it, and behind all its branches */
};

enum { MAX_DEPTH = 128 };

struct parser {
    struct part *part;
    struct str path, source;
    struct str name;   /* of the template */
    bool expects_body; /* it holds {% body %}: two functions */
    bool has_body;     /* … and that was passed */
    size_t at;
    unsigned line;
    struct problem *problem;

    struct open open[MAX_DEPTH];
    size_t depth;

    /* writer */
    struct buf literal;
    unsigned literal_line;
    bool space; /* white space was read and not written yet */
    bool edge;  /* white space here would not show */
    bool wrote;
};

/* Notes the problem (the first one wins) and returns false. */
bool fail(struct parser *p, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Moves on, counting lines. */
void skip(struct parser *p, size_t n);
struct str rest(const struct parser *p);
/* NULL when there is none. */
struct open *innermost_element(struct parser *p);
bool push(struct parser *p, struct open what);
/* Reads {{ … }}: the code between, trimmed. */
bool read_expression(struct parser *p, struct str *ret_code, unsigned *ret_line);
/* At a '<'. */
bool parse_tag(struct parser *p);
static inline char here(const struct parser *p)
{
    return p->at < p->source.n ? p->source.p[p->at] : '\0';
}

/* --- htmlgen_attribute.c ------------------------------------------------------------------------------------ */

/* A run of an attribute's value. */
struct piece {
    bool is_code;
    struct str text;
    unsigned line;
};

enum { MAX_PIECES = 64 };

struct attribute {
    struct str name;
    unsigned line;
    bool has_value;
    bool conditional; /* name?="{{ condition }}value" */
    struct piece condition;
    struct piece pieces[MAX_PIECES];
    size_t count;
};

/* Reads from the opening to the closing quote. */
bool attribute_read_value(struct parser *p, struct attribute *a);
/* Takes the condition off the front of the value. */
bool attribute_take_condition(struct parser *p, struct attribute *a);
/* Whether it may stand in the tag of this name. */
bool attribute_check(struct parser *p, struct str tag, const struct attribute *a);
void attribute_write(struct parser *p, const struct attribute *a);
/* The value without expressions; STR_NONE when it is computed. */
struct str attribute_fixed_value(const struct attribute *a);
/* The first literal with letters in the value; NULL when there is none. */
const struct piece *attribute_untranslated(const struct attribute *a);

/* --- htmlgen_write.c ----------------------------------------------------------------------------------------------- */

void write_literal(struct parser *p, struct str s);
/* White space that was held back, before something it shows beside. */
void write_held_space(struct parser *p);
/* before, code and after become one line of C, told to stand on `line` of the template. */
void write_code(struct parser *p, unsigned line, const char *before, struct str code,
                const char *after);
void write_flush(struct parser *p);

#endif
