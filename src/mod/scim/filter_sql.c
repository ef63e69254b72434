/* The writing of statements. What cannot be true of a column (a date that is none) is a refusal, not an empty answer. */
#include "mod/scim/filter_sql.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "html/lang.h"

enum { MOST_PARAMS = 60, MOST_TEXT = 32 * 1024 };

struct writer {
    struct buf text;
    struct arena *arena;
    bool sqlite;
    const struct scim_query *query;
    struct db_value values[MOST_PARAMS];
    enum db_type types[MOST_PARAMS];
    unsigned n;
    const char *problem;
};

static void refuse(struct writer *w, const char *problem)
{
    if (!w->problem) w->problem = problem;
}

/* --- parameters ------------------------------------------------------------------------------------------------------ */

static void put_param(struct writer *w, enum db_type type, struct db_value value)
{
    if (w->n == MOST_PARAMS) {
        refuse(w, N_("This filter compares too many things."));
        return;
    }
    w->types[w->n] = type;
    w->values[w->n++] = value;
    buf_printf(&w->text, "%c%u", w->sqlite ? '?' : '$', w->n);
}

static void put_text(struct writer *w, struct str text)
{
    put_param(w, DB_TEXT, (struct db_value){ .text = text });
}

static void put_int(struct writer *w, int64_t v)
{
    put_param(w, DB_INT, (struct db_value){ .integer = v });
}

/* --- one comparison ---------------------------------------------------------------------------------------------------- */

static const char *order_of(enum scim_op op)
{
    return op == SCIM_GT ? " > " : op == SCIM_GE ? " >= " : op == SCIM_LT ? " < " : " <= ";
}

/* Texts are ordered by their bytes on both engines. */
static const char *collation(const struct writer *w)
{
    return w->sqlite ? "" : " COLLATE \"C\"";
}

static void text_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    if (n->type != SCIM_TEXT) {
        refuse(w, N_("This attribute is compared with a text in quotes."));
        return;
    }
    struct str value = c->type == SCIM_FOLDED ? utf8_casefold(w->arena, n->text) : n->text;
    int64_t length = (int64_t)utf8_count(value);
    const char *name = c->column;
    switch (n->op) {
    case SCIM_EQ:
    case SCIM_NE:
        buf_printf(&w->text, n->op == SCIM_EQ ? "%s = " : "%s IS DISTINCT FROM ", name);
        put_text(w, value);
        break;
    case SCIM_CO:
        buf_printf(&w->text, w->sqlite ? "instr(%s, " : "strpos(%s, ", name);
        put_text(w, value);
        buf_lit(&w->text, ") > 0");
        break;
    case SCIM_SW:
        buf_printf(&w->text, "substr(%s, 1, CAST(", name);
        put_int(w, length);
        buf_lit(&w->text, " AS INT)) = ");
        put_text(w, value);
        break;
    case SCIM_EW:
        buf_printf(&w->text, "(length(%s) >= ", name);
        put_int(w, length);
        buf_printf(&w->text, " AND substr(%s, CAST(length(%s) + 1 - ", name, name);
        put_int(w, length);
        buf_lit(&w->text, " AS INT)) = ");
        put_text(w, value);
        buf_putc(&w->text, ')');
        break;
    default:
        buf_printf(&w->text, "%s%s%s", name, collation(w), order_of(n->op));
        put_text(w, value);
    }
}

static void boolean_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    bool yes = n->type == SCIM_TRUE || (n->type == SCIM_TEXT && str_eq_nocase(n->text, S("true")));
    bool no = n->type == SCIM_FALSE || (n->type == SCIM_TEXT && str_eq_nocase(n->text, S("false")));
    if ((!yes && !no) || (n->op != SCIM_EQ && n->op != SCIM_NE)) {
        refuse(w, N_("This attribute is compared with true or false, by eq or ne."));
        return;
    }
    buf_printf(&w->text, "%s = %d", c->column, yes == (n->op == SCIM_EQ));
}

static void moment_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    int64_t ms;
    if (n->type != SCIM_TEXT || !time_parse_rfc3339(n->text, &ms) ||
        (n->op >= SCIM_CO && n->op <= SCIM_EW)) {
        refuse(w, N_("This attribute is compared with a moment such as \"2026-11-23T20:15:00Z\"."));
        return;
    }
    /* shown to a second, so compared to a second */
    buf_printf(&w->text, "%s / 1000%s", c->column,
               n->op == SCIM_EQ   ? " = "
               : n->op == SCIM_NE ? " <> "
                                  : order_of(n->op));
    put_int(w, ms / 1000);
}

static void id_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    int64_t id = 0; /* no number is 0 */
    if (n->type != SCIM_TEXT || (n->op != SCIM_EQ && n->op != SCIM_NE)) {
        refuse(w, N_("An identifier is compared with a text in quotes, by eq or ne."));
        return;
    }
    id_parse(n->text, &id);
    buf_printf(&w->text, "%s%s", c->column, n->op == SCIM_EQ ? " = " : " <> ");
    put_int(w, id);
}

static void nothing_test(struct writer *w, const struct scim_node *n)
{
    bool null = n->type == SCIM_NULL && n->op != SCIM_PR;
    buf_printf(&w->text, "1 = %d", (n->op == SCIM_EQ && null) || (n->op == SCIM_NE && !null));
}

static void null_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    bool text = c->type == SCIM_FOLDED || c->type == SCIM_EXACT;
    bool present = n->op == SCIM_PR || n->op == SCIM_NE;
    if (n->op != SCIM_PR && n->op != SCIM_EQ && n->op != SCIM_NE)
        refuse(w, N_("With null only eq and ne mean something."));
    if (text) buf_printf(&w->text, "coalesce(%s, '') %s ''", c->column, present ? "<>" : "=");
    else buf_printf(&w->text, "%s IS %sNULL", c->column, present ? "NOT " : "");
}

static void column_test(struct writer *w, const struct scim_column *c, const struct scim_node *n)
{
    if (c->type == SCIM_NOTHING) nothing_test(w, n);
    else if (n->op == SCIM_PR || n->type == SCIM_NULL) null_test(w, c, n);
    else if (c->type == SCIM_BOOLEAN) boolean_test(w, c, n);
    else if (c->type == SCIM_MOMENT) moment_test(w, c, n);
    else if (c->type == SCIM_ID) id_test(w, c, n);
    else text_test(w, c, n);
}

/* --- the tree ----------------------------------------------------------------------------------------------------------- */

static const struct scim_column *find_column(const struct scim_query *q, struct str name,
                                             struct str sub)
{
    for (const struct scim_column *c = q->columns; c->name; c++)
        if (str_eq_nocase(name, str_from(c->name)) &&
            (c->sub ? str_eq_nocase(sub, str_from(c->sub)) || (!sub.p && !*c->sub)
                    : !sub.p || c->type == SCIM_NOTHING))
            return c;
    return NULL;
}

/* `list` is the attribute whose values are being looked at; an empty text at the top. */
static void write_node(struct writer *w, const struct scim_node *n, struct str list);

static void write_test(struct writer *w, const struct scim_node *n, struct str list)
{
    const struct scim_column *c =
        list.n ? find_column(w->query, list, n->name) : find_column(w->query, n->name, n->sub);
    if (!c || (list.n && n->sub.p)) {
        refuse(w, N_("There is no attribute of this name."));
        return;
    }
    bool opens = !list.n && c->list; /* emails.value co "x", without brackets */
    if (opens) buf_printf(&w->text, "%s IN (%s AND ", w->query->id, c->list);
    column_test(w, c, n);
    if (opens) buf_putc(&w->text, ')');
}

static void write_any(struct writer *w, const struct scim_node *n)
{
    const struct scim_column *c = find_column(w->query, n->name, STR_NONE);
    if (!c || (!c->list && c->type != SCIM_NOTHING)) {
        refuse(w, N_("Brackets stand behind a list of values only."));
        return;
    }
    if (c->type == SCIM_NOTHING) {
        buf_lit(&w->text, "1 = 0");
        return;
    }
    buf_printf(&w->text, "%s IN (%s AND ", w->query->id, c->list);
    write_node(w, n->left, n->name);
    buf_putc(&w->text, ')');
}

static void write_node(struct writer *w, const struct scim_node *n, struct str list)
{
    switch (n->kind) {
    case SCIM_TEST: write_test(w, n, list); return;
    case SCIM_ANY: write_any(w, n); return;
    case SCIM_NOT:
        /* what compares with something absent is not true: the opposite of it is */
        buf_lit(&w->text, "CASE WHEN ");
        write_node(w, n->left, list);
        buf_lit(&w->text, " THEN 0 ELSE 1 END = 1");
        return;
    case SCIM_AND:
    case SCIM_OR:
        buf_putc(&w->text, '(');
        write_node(w, n->left, list);
        buf_str(&w->text, n->kind == SCIM_AND ? S(" AND ") : S(" OR "));
        write_node(w, n->right, list);
        buf_putc(&w->text, ')');
    }
}

/* --- the statement -------------------------------------------------------------------------------------------------------- */

static void write_where(struct writer *w, const struct scim_asked *asked)
{
    buf_printf(&w->text, " FROM %s WHERE %s = ", w->query->from, w->query->organisation);
    put_int(w, asked->organisation_id); /* parameter 1 */
    if (!asked->filter) return;
    buf_lit(&w->text, " AND ");
    write_node(w, asked->filter, S(""));
}

static void write_order(struct writer *w, const struct scim_asked *asked)
{
    struct str rest = asked->sort_by, name = str_cut(&rest, '.');
    const char *way = asked->descending ? "DESC NULLS FIRST" : "ASC NULLS LAST";
    const struct scim_column *c =
        name.n ? find_column(w->query, name, rest.n ? rest : STR_NONE) : NULL;
    buf_lit(&w->text, " ORDER BY ");
    if (c && !c->list && c->type != SCIM_NOTHING) {
        bool text = c->type == SCIM_FOLDED || c->type == SCIM_EXACT;
        buf_printf(&w->text, "%s%s %s, ", c->column, text ? collation(w) : "", way);
    }
    buf_printf(&w->text, "%s%s", w->query->id, asked->descending ? " DESC" : "");
}

static struct db_statement statement(struct writer *w)
{
    /* ":1" of the lists is the first parameter in the way of the engine */
    char *sql = arena_cstr(w->arena, buf_view(&w->text));
    for (char *at = sql; *at; at++)
        if (*at == ':') *at = w->sqlite ? '?' : '$';
    return (struct db_statement){ .name = "scim.query",
                                  .sqlite = sql,
                                  .pgsql = sql,
                                  .params = w->types,
                                  .param_count = w->n,
                                  .once = true };
}

static int64_t count_all(struct db *db, struct writer *w, const struct scim_asked *asked)
{
    static const struct db_column number[] = { { DB_INT, 0 } };
    int64_t total = 0;
    w->text.n = 0;
    w->n = 0;
    buf_lit(&w->text, "SELECT CAST(count(*) AS BIGINT)");
    write_where(w, asked);
    if (w->problem || w->text.full) return 0;
    struct db_statement count = statement(w);
    count.columns = number;
    count.column_count = 1;
    count.row_size = sizeof total;
    db_one(db, &count, w->values, &total);
    return total;
}

size_t scim_query(struct db *db, const struct scim_query *q, const struct scim_asked *asked,
                  int64_t *ret_total, void *ret_rows, const char **ret_problem)
{
    struct writer w = {
        .text = BUF_INIT(MOST_TEXT), .arena = db_arena(db), .sqlite = db_is_sqlite(db), .query = q
    };
    int64_t n = 0;
    buf_printf(&w.text, "SELECT %s", q->select);
    write_where(&w, asked);
    write_order(&w, asked);
    buf_lit(&w.text, " LIMIT ");
    put_int(&w, asked->most);
    buf_lit(&w.text, " OFFSET ");
    put_int(&w, asked->skip);
    if (w.text.full) refuse(&w, N_("This filter compares too many things."));
    if (!w.problem && asked->most > 0) {
        struct db_statement page = statement(&w);
        page.columns = q->fields;
        page.column_count = q->field_count;
        page.row_size = q->row_size;
        n = (int64_t)db_many(db, &page, w.values, ret_rows);
    }
    /* a page that is not full, and not behind the end, says how many there are */
    bool told = n < asked->most && (n || !asked->skip);
    *ret_total = w.problem ? 0 : told ? asked->skip + n : count_all(db, &w, asked);
    buf_finish(&w.text);
    *ret_problem = w.problem;
    return (size_t)n;
}
