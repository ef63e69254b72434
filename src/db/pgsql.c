/* The PostgreSQL driver. Connections stay in libpq's pipeline mode: BEGIN, PREPARE and the first statement travel in
 * one round trip, and a reader's COMMIT is sent without waiting for its answer. Changes: pgsql_change.c. */
#include "base/limits.h"
#include "db/pgsql.h"
#include "db/pgsql_values.h"

static const char *const begin_text[] = {
    [USE_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [USE_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    [USE_MIGRATE] = "BEGIN",
};

static struct pgsql_db *own(struct db *db)
{
    return (struct pgsql_db *)db;
}

/* --- faults ---------------------------------------------------------------------------------------------- */

static enum db_fault fault_of(const struct pgsql_db *db)
{
    struct str state = str_from(db->sqlstate);
    if (PQstatus(db->link) == CONNECTION_BAD || str_starts(state, S("57P")) ||
        str_starts(state, S("08")))
        return FAULT_LOST;
    if (str_is(state, "40001") || str_is(state, "40P01")) return FAULT_AGAIN;
    if (str_is(state, "53100")) return FAULT_FULL;
    return FAULT_FAILED;
}

/* libpq's words end with a line break, and may have several lines. */
static void fail(struct pgsql_db *db, const char *what, const char *words)
{
    char text[400];
    snprintf(text, sizeof text, "%s", words && *words ? words : "the connection was lost");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
        text[--n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\n') text[i] = ' ';
    db_fail(&db->base, fault_of(db), what, "%s (%s)", text, db->sqlstate);
}

static void state_note(struct pgsql_db *db, const PGresult *answer)
{
    const char *state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL;
    snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state ? state : "");
    if (str_is(str_from(db->sqlstate), "0A000")) db->stale = true;
}

/* --- connections ----------------------------------------------------------------------------------------- */

static void notice(void *argument, const char *words)
{
    const struct pgsql_db *db = argument;
    if (db->base.database->report)
        db->base.database->report(S("notice"), str_trim(str_from(words)));
}

/* Opens db->link, which replaces the old one. */
static bool link_open(struct pgsql_db *db)
{
    /* what stands before dbname can be overridden by the address */
    static const char *const keys[] = {
        "fallback_application_name", "connect_timeout", "client_encoding",
        "tcp_user_timeout",          "dbname",          NULL
    };
    const char *const values[] = { "edulab", "5", "UTF8", "15000", db->base.database->url, NULL };
    static const char session[] =
        "SET client_min_messages = warning; SET jit = off; SET bytea_output = hex; "
        "SET extra_float_digits = 1; SET synchronous_commit = on; SET DateStyle = ISO; "
        "SET standard_conforming_strings = on";
    PQfinish(db->link);
    db->link = PQconnectdbParams(keys, values, 1);
    db->owed = db->stale = db->base.begun = false;
    memset(db->prepared, 0, db->slots * sizeof *db->prepared);
    if (PQstatus(db->link) != CONNECTION_OK) return false;
    PQsetNoticeProcessor(db->link, notice, db);
    PQsetErrorVerbosity(db->link, PQERRORS_TERSE); /* DETAIL quotes people's data */
    /* a serializable change that reads a small table from end to end conflicts with every change of it */
    static const char by_index[] = "SET enable_seqscan = off";
    PGresult *answer = PQexec(db->link, session);
    if (db->base.use == USE_WRITE && PQresultStatus(answer) == PGRES_COMMAND_OK) {
        PQclear(answer);
        answer = PQexec(db->link, by_index);
    }
    bool good = PQresultStatus(answer) == PGRES_COMMAND_OK && PQenterPipelineMode(db->link);
    PQclear(answer);
    if (good) db->down = false;
    return good;
}

static void pgsql_disconnect(struct db *base)
{
    struct pgsql_db *db = own(base);
    PQfinish(db->link);
    free(db->prepared);
    free(db);
}

static struct db *pgsql_connect(struct database *database, enum connection_use use,
                                struct arena *arena, struct str *ret_error)
{
    struct pgsql_db *db = calloc(1, sizeof *db);
    if (!db) abort();
    db->base = (struct db){ .driver = &pgsql_driver, .database = database, .use = use };
    db->slots = database->slots;
    db->prepared = calloc(db->slots, sizeof *db->prepared);
    if (!db->prepared) abort();
    if (link_open(db)) return &db->base;
    struct str words = str_trim(str_from(PQerrorMessage(db->link)));
    *ret_error = arena_printf(arena, "PostgreSQL cannot be reached: %.*s", STR(words));
    pgsql_disconnect(&db->base);
    return NULL;
}

/* --- the pipeline ---------------------------------------------------------------------------------------- */

/* The answer to the oldest command sent; NULL when the connection is lost. */
static PGresult *answer_take(struct pgsql_db *db)
{
    PGresult *answer = PQgetResult(db->link);
    if (!answer) return NULL;
    if (PQresultStatus(answer) != PGRES_PIPELINE_SYNC)
        while (true) { /* each command's answers end with a NULL */
            PGresult *more = PQgetResult(db->link);
            if (!more) break;
            PQclear(more);
        }
    return answer;
}

static bool is_good(const PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
}

/* Takes one answer and lets it go; false when it is an error or the connection is lost. The first error's words are
 * copied to `words`. */
static bool answer_check(struct pgsql_db *db, char *words, size_t size)
{
    PGresult *answer = answer_take(db);
    bool good = answer && is_good(answer);
    /* an aborted command only repeats that an earlier one failed */
    if (!good && PQresultStatus(answer) != PGRES_PIPELINE_ABORTED) {
        state_note(db, answer);
        snprintf(words, size, "%s",
                 answer ? PQresultErrorMessage(answer) : PQerrorMessage(db->link));
    }
    PQclear(answer);
    return good;
}

/* Reads what a reader's COMMIT left unread. */
static void owed_read(struct pgsql_db *db)
{
    if (!db->owed) return;
    char words[400];
    db->owed = false;
    if (!answer_check(db, words, sizeof words) || !answer_check(db, words, sizeof words))
        db->stale = true;
}

static bool send_command(struct pgsql_db *db, const char *sql)
{
    return PQsendQueryParams(db->link, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

bool pgsql_command(struct pgsql_db *db, const char *what, const char *sql, const char *expected)
{
    char words[400] = "";
    db->sqlstate[0] = '\0';
    bool good = send_command(db, sql) && PQpipelineSync(db->link) == 1;
    if (good) {
        PGresult *answer = answer_take(db);
        good = answer && is_good(answer) && str_is(str_from(PQcmdStatus(answer)), expected);
        if (!good) {
            state_note(db, answer);
            snprintf(words, sizeof words, "%s", answer ? PQresultErrorMessage(answer) : "");
        }
        PQclear(answer);
        if (PQstatus(db->link) == CONNECTION_OK && !answer_check(db, words, sizeof words))
            good = false;
    }
    if (!good) fail(db, what, *words ? words : PQerrorMessage(db->link));
    return good;
}

/* What goes before the next statement: BEGIN, savepoints. Returns how many. */
static unsigned before_statement(const struct pgsql_db *db, const char *ret[3])
{
    unsigned n = 0;
    if (!db->base.begun) ret[n++] = begin_text[db->base.use];
    if (db->mark == MARK_MOVE) ret[n++] = "RELEASE SAVEPOINT change";
    if (db->mark == MARK_SET || db->mark == MARK_MOVE) ret[n++] = "SAVEPOINT change";
    return n;
}

/* Sends what goes before, PREPARE where it is needed, and the statement, in one go. */
static bool send_statement(struct pgsql_db *db, const struct db_statement *st,
                           const struct pgsql_params *params, const char *name,
                           const char *const before[3], unsigned before_count)
{
    for (unsigned i = 0; i < before_count; i++)
        if (!send_command(db, before[i])) return false;
    if (!db->prepared[st->index] &&
        !PQsendPrepare(db->link, name, st->pgsql, (int)st->param_count, params->types))
        return false;
    return PQsendQueryPrepared(db->link, name, (int)st->param_count, params->values,
                               params->lengths, params->formats, 0) &&
           PQpipelineSync(db->link);
}

/* One try: the statement's answer, or NULL with words and db->sqlstate. */
static PGresult *try_statement(struct pgsql_db *db, const struct db_statement *st,
                               const struct pgsql_params *params, char *words, size_t size)
{
    char name[16] = ""; /* without a name the next one takes its place */
    if (st->once) db->prepared[st->index] = false;
    else snprintf(name, sizeof name, "s%u", st->index);
    words[0] = db->sqlstate[0] = '\0';
    const char *before[3];
    unsigned before_count = before_statement(db, before);
    if (!send_statement(db, st, params, name, before, before_count)) {
        snprintf(words, size, "%s", PQerrorMessage(db->link));
        return NULL;
    }
    bool good = true;
    for (unsigned i = 0; i < before_count; i++) {
        good = answer_check(db, words, size) && good;
        if (i == 0 && !db->base.begun) db->base.begun = good;
    }
    if (good && db->mark != MARK_NONE) db->mark = MARK_READY;
    if (!db->prepared[st->index]) {
        bool prepared = answer_check(db, words, size);
        db->prepared[st->index] = prepared;
        good = good && prepared;
    }
    PGresult *answer = answer_take(db);
    if (!answer || !is_good(answer)) {
        if (PQresultStatus(answer) != PGRES_PIPELINE_ABORTED) {
            state_note(db, answer);
            snprintf(words, size, "%s",
                     answer ? PQresultErrorMessage(answer) : PQerrorMessage(db->link));
        }
        good = false;
    }
    if (PQstatus(db->link) == CONNECTION_OK) {
        char ignored[8];
        good = answer_check(db, ignored, sizeof ignored) && good; /* the end of the pipeline */
    }
    if (good) return answer;
    PQclear(answer);
    return NULL;
}

/* Runs the statement; NULL (and a fault) when that fails. A connection that died while it was idle is replaced, as
 * long as nothing has been read in this transaction. */
static PGresult *run(struct db *base, const struct db_statement *st, const struct db_value *values)
{
    struct pgsql_db *db = own(base);
    struct pgsql_params params;
    char words[400];
    if (!db_knows(base, st)) return NULL;
    if (st->param_count > PGSQL_PARAMS || !pgsql_params_fill(&params, st, values)) {
        db_fail(base, FAULT_FAILED, st->name, "a value is too long, or there are too many");
        return NULL;
    }
    pgsql_types_fill(params.types, st);
    if (!base->begun) owed_read(db);
    for (int i = 0; i < 2; i++) {
        bool fresh = !base->begun;
        if (fresh && (db->stale || PQstatus(db->link) != CONNECTION_OK) && !link_open(db)) {
            fail(db, "connect", PQerrorMessage(db->link));
            return NULL;
        }
        PGresult *answer = try_statement(db, st, &params, words, sizeof words);
        if (answer) return answer;
        if (!fresh || fault_of(db) != FAULT_LOST) break;
        base->begun = false;
        if (db->mark != MARK_NONE) db->mark = MARK_SET;
        db->stale = true;
    }
    fail(db, st->name, words);
    return NULL;
}

/* --- statements ------------------------------------------------------------------------------------------ */

static bool pgsql_one(struct db *db, const struct db_statement *st, const struct db_value *params,
                      void *ret_row)
{
    PGresult *answer = run(db, st, params);
    bool found = answer && PQntuples(answer) > 0 && pgsql_row_read(db, st, answer, 0, ret_row);
    PQclear(answer);
    return found;
}

static size_t pgsql_many(struct db *db, const struct db_statement *st,
                         const struct db_value *params, void **ret_rows)
{
    PGresult *answer = run(db, st, params);
    int n = answer ? PQntuples(answer) : 0;
    if (n > LIMIT_SQL_ROWS)
        db_fail(db, FAULT_FAILED, st->name, "more than %d rows", LIMIT_SQL_ROWS);
    bool good = n > 0 && db->fault == FAULT_NONE;
    char *rows = good ? arena_alloc(db->arena, arena_bytes(st->row_size, (size_t)n)) : NULL;
    for (int i = 0; i < n && good; i++)
        good = pgsql_row_read(db, st, answer, i, rows + (size_t)i * st->row_size);
    PQclear(answer);
    if (!good) return 0;
    *ret_rows = rows;
    return (size_t)n;
}

static int64_t pgsql_exec(struct db *db, const struct db_statement *st,
                          const struct db_value *params)
{
    PGresult *answer = run(db, st, params);
    int64_t n = 0;
    if (answer) str_to_int(str_from(PQcmdTuples(answer)), &n); /* empty for what counts no rows */
    PQclear(answer);
    return n;
}

static void pgsql_read_end(struct db *base)
{
    struct pgsql_db *db = own(base);
    base->begun = false;
    if (PQstatus(db->link) != CONNECTION_OK) return;
    if (send_command(db, "COMMIT") && PQpipelineSync(db->link)) db->owed = true;
    else db->stale = true;
}

void pgsql_rollback(struct pgsql_db *db)
{
    if (!db->base.begun) return;
    db->base.begun = false;
    if (PQstatus(db->link) != CONNECTION_OK) return;
    char words[8];
    if (!send_command(db, "ROLLBACK") || !PQpipelineSync(db->link) ||
        !answer_check(db, words, sizeof words) || !answer_check(db, words, sizeof words))
        db->stale = true;
}

/* --- migrations and the rest ----------------------------------------------------------------------------- */

/* Several statements in one text: possible only outside the pipeline. */
static void pgsql_script(struct db *base, const char *sql)
{
    struct pgsql_db *db = own(base);
    if (base->fault != FAULT_NONE) return;
    db->sqlstate[0] = '\0';
    PGresult *answer = PQexitPipelineMode(db->link) ? PQexec(db->link, sql) : NULL;
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        state_note(db, answer);
        fail(db, "migrate", PQerrorMessage(db->link));
    }
    PQclear(answer);
    if (PQenterPipelineMode(db->link) != 1) fail(db, "migrate", PQerrorMessage(db->link));
}

static void pgsql_migration_begin(struct db *db)
{
    /* the number is "edulab"; the lock goes with the transaction */
    pgsql_script(db, "BEGIN; SELECT pg_advisory_xact_lock(111548910854498)");
    db->begun = db->fault == FAULT_NONE;
}

static void pgsql_migration_end(struct db *db)
{
    if (db->fault != FAULT_NONE) {
        pgsql_rollback(own(db));
        return;
    }
    db->begun = false;
    pgsql_command(own(db), "migrate", "COMMIT", "COMMIT");
}

static bool pgsql_table_exists(struct db *db, const char *name)
{
    PGconn *link = own(db)->link;
    const char *const values[] = { name };
    PGresult *answer = NULL;
    if (PQexitPipelineMode(link))
        answer = PQexecParams(link, "SELECT to_regclass($1) IS NOT NULL", 1, NULL, values, NULL,
                              NULL, 0);
    bool known = PQresultStatus(answer) == PGRES_TUPLES_OK;
    bool exists = known && str_is(str_from(PQgetvalue(answer, 0, 0)), "t");
    if (!known) fail(own(db), "migrate", PQerrorMessage(link));
    PQclear(answer);
    if (PQenterPipelineMode(link) != 1) fail(own(db), "migrate", PQerrorMessage(link));
    return exists;
}

static struct str columns_compare(const PGresult *description, const struct db_statement *st,
                                  struct arena *arena)
{
    if (PQnfields(description) != (int)st->column_count)
        return arena_printf(arena, "%s: %d columns where %u were expected", st->name,
                            PQnfields(description), st->column_count);
    for (unsigned i = 0; i < st->column_count; i++)
        if (!pgsql_type_fits(st->columns[i].type, PQftype(description, (int)i)))
            return arena_printf(arena, "%s: column %s has another type on PostgreSQL (%u)",
                                st->name, PQfname(description, (int)i),
                                PQftype(description, (int)i));
    return STR_NONE;
}

static struct str pgsql_check(struct db *db, const struct db_statement *st, struct arena *arena)
{
    PGconn *link = own(db)->link;
    Oid types[PGSQL_PARAMS];
    if (st->param_count > PGSQL_PARAMS)
        return arena_printf(arena, "%s: too many parameters", st->name);
    pgsql_types_fill(types, st);
    PGresult *prepared = NULL, *description = NULL;
    if (PQexitPipelineMode(link))
        prepared = PQprepare(link, "", st->pgsql, (int)st->param_count, types);
    if (PQresultStatus(prepared) == PGRES_COMMAND_OK) description = PQdescribePrepared(link, "");
    struct str why = PQresultStatus(description) == PGRES_COMMAND_OK
                         ? columns_compare(description, st, arena)
                         : arena_printf(arena, "%s: %s", st->name, PQerrorMessage(link));
    PQclear(prepared);
    PQclear(description);
    if (PQenterPipelineMode(link) != 1) return S("the connection was lost");
    return why.p ? str_trim(why) : why;
}

static bool pgsql_copy(struct database *database, struct str path, struct arena *arena,
                       struct str *ret_error)
{
    (void)database, (void)arena;
    *ret_error =
        arena_printf(arena, "a PostgreSQL database is copied by pg_dump, not into %.*s", STR(path));
    return false;
}

static const char *pgsql_migration_text(const struct db_migration *migration)
{
    return migration->pgsql;
}

const struct driver pgsql_driver = {
    .connect = pgsql_connect,
    .disconnect = pgsql_disconnect,
    .one = pgsql_one,
    .many = pgsql_many,
    .exec = pgsql_exec,
    .read_end = pgsql_read_end,
    .apply = pgsql_apply,
    .migration_begin = pgsql_migration_begin,
    .migration_end = pgsql_migration_end,
    .script = pgsql_script,
    .table_exists = pgsql_table_exists,
    .check = pgsql_check,
    .copy = pgsql_copy,
    .migration_text = pgsql_migration_text,
};
