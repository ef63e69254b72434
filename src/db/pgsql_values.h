/* Private to the PostgreSQL driver: values on their way in (binary) and out (text). */
#ifndef EDULAB_DB_PGSQL_VALUES_H
#define EDULAB_DB_PGSQL_VALUES_H

#include <libpq-fe.h>

#include "db/driver.h"

enum { PGSQL_PARAMS = 64 };

/* PostgreSQL's own numbers for the types we bind. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_VARCHAR = 1043,
    OID_NUMERIC = 1700
};

struct pgsql_params {
    const char *values[PGSQL_PARAMS];
    int lengths[PGSQL_PARAMS], formats[PGSQL_PARAMS];
    Oid types[PGSQL_PARAMS];
    uint64_t numbers[PGSQL_PARAMS]; /* what the values of numbers point at, big-endian */
};

/* False when a value is too long for the protocol. */
bool pgsql_params_fill(struct pgsql_params *ret, const struct db_statement *st,
                       const struct db_value *params);
void pgsql_types_fill(Oid ret[PGSQL_PARAMS], const struct db_statement *st);
/* Copies row `row` of the answer; false (and a fault) when a value does not fit its column's type. */
bool pgsql_row_read(struct db *db, const struct db_statement *st, const PGresult *answer, int row,
                    char *ret_row);
/* May a column of this PostgreSQL type be read as `type`? */
bool pgsql_type_fits(enum db_type type, Oid oid);

#endif
