/* Parameters go in binary with explicit types, so that text needs no terminator and no expression is guessed to be
 * 32 bits wide; answers come as text, so that any integer type fits an int column. */
#include "db/pgsql_values.h"

#include <endian.h>
#include <limits.h>
#include <locale.h>
#include <math.h>

bool pgsql_params_fill(struct pgsql_params *ret, const struct db_statement *st,
                       const struct db_value *params)
{
    for (unsigned i = 0; i < st->param_count; i++) {
        const struct db_value *v = &params[i];
        bool number = st->params[i] == DB_INT || st->params[i] == DB_REAL;
        bool null = st->params[i] == DB_INT    ? v->integer == DB_NULL
                    : st->params[i] == DB_REAL ? isnan(v->real)
                                               : v->text.p == NULL;
        ret->formats[i] = 1;
        if (number) { /* an int64_t or a double: the same eight bytes, turned round */
            uint64_t bits;
            memcpy(&bits, v, sizeof bits);
            ret->numbers[i] = htobe64(bits);
            ret->values[i] = (const char *)&ret->numbers[i];
            ret->lengths[i] = sizeof bits;
        } else {
            if (v->text.n > INT_MAX) return false;
            ret->values[i] = v->text.p;
            ret->lengths[i] = (int)v->text.n;
        }
        if (null) ret->values[i] = NULL;
    }
    return true;
}

void pgsql_types_fill(Oid ret[PGSQL_PARAMS], const struct db_statement *st)
{
    static const Oid types[] = { OID_INT8, OID_TEXT, OID_FLOAT8, OID_BYTEA };
    for (unsigned i = 0; i < st->param_count; i++)
        ret[i] = types[st->params[i]];
}

bool pgsql_type_fits(enum db_type type, Oid oid)
{
    switch (type) {
    case DB_INT: /* numeric is what sum() of bigints gives */
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL ||
               oid == OID_NUMERIC;
    case DB_TEXT: return oid == OID_TEXT || oid == OID_VARCHAR;
    case DB_REAL: return oid == OID_FLOAT8 || oid == OID_FLOAT4 || oid == OID_NUMERIC;
    case DB_BLOB: return oid == OID_BYTEA;
    }
    return false;
}

static bool integer_read(struct str s, int64_t *ret)
{
    if (str_is(s, "t") || str_is(s, "f")) {
        *ret = s.p[0] == 't';
        return true;
    }
    return str_to_int(s, ret);
}

static locale_t c_locale;

static void c_locale_make(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The point is a point in any language. */
static bool real_read(struct str s, double *ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, c_locale_make);
    char *end;
    *ret = strtod_l(s.p, &end, c_locale);
    return s.n > 0 && end == s.p + s.n;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/* "\x00ff" */
static bool blob_read(struct arena *a, struct str s, struct str *ret)
{
    if (!str_starts(s, S("\\x")) || s.n % 2) return false;
    size_t n = (s.n - 2) / 2;
    char *p = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        int high = nibble(s.p[2 + 2 * i]), low = nibble(s.p[3 + 2 * i]);
        if (high < 0 || low < 0) return false;
        p[i] = (char)(high * 16 + low);
    }
    *ret = (struct str){ p, n };
    return true;
}

static bool value_read(struct arena *a, enum db_type type, bool null, struct str s, void *field)
{
    switch (type) {
    case DB_INT:
        if (null) *(int64_t *)field = DB_NULL;
        return null || integer_read(s, field);
    case DB_REAL:
        if (null) *(double *)field = NAN;
        return null || real_read(s, field);
    case DB_TEXT: *(struct str *)field = null ? STR_NONE : arena_dup(a, s); return true;
    case DB_BLOB:
        if (null) *(struct str *)field = STR_NONE;
        return null || blob_read(a, s, field);
    }
    return false;
}

bool pgsql_row_read(struct db *db, const struct db_statement *st, const PGresult *answer, int row,
                    char *ret_row)
{
    if (PQnfields(answer) < (int)st->column_count) {
        db_fail(db, FAULT_FAILED, st->name, "only %d columns", PQnfields(answer));
        return false;
    }
    for (unsigned i = 0; i < st->column_count; i++) {
        const struct db_column *c = &st->columns[i];
        struct str s = { PQgetvalue(answer, row, (int)i),
                         (size_t)PQgetlength(answer, row, (int)i) };
        bool null = s.n == 0 && PQgetisnull(answer, row, (int)i);
        if (value_read(db->arena, c->type, null, s, ret_row + c->offset)) continue;
        static const char *const kinds[] = { "an integer", "text", "a real", "a blob" };
        db_fail(db, FAULT_FAILED, st->name, "column %u is not %s", i + 1, kinds[c->type]);
        return false;
    }
    return true;
}
