/* The PostgreSQL driver: not yet connected, it says so. */
#include "db/driver.h"

static struct db *pgsql_connect(struct database *database, enum connection_use use, struct arena *arena,
                                struct str *ret_error)
{
    (void)database, (void)use, (void)arena;
    *ret_error = S("this build has no PostgreSQL driver yet");
    return NULL;
}

const struct driver pgsql_driver = { .connect = pgsql_connect };
