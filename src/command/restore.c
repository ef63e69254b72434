/* edulab restore: a backup into an empty data folder.
 *
 * Everything is unpacked into <data>/.restoring and checked there; the database is brought to this program's version
 * there too. Only then the files get their names, the database last: a folder without database was not restored. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "command/app.h"
#include "command/archive.h"
#include "media/file.h"

struct restore {
    struct app *app;
    struct manifest manifest;
    struct str folder;   /* <data>/.restoring */
    struct str database; /* the unpacked database, or the dump */
    struct str target;   /* SQLite: where it goes */
    int lock;
    int migrated;
    struct str moved[64]; /* what has its place already */
    size_t moved_count;
};

static bool fail(struct restore *r, struct str why)
{
    (void)r;
    app_say("nothing was restored: %.*s", STR(why));
    return false;
}

/* --- before ---------------------------------------------------------------------------------------------------- */

/* A newer program may have changed what ours would misread. */
static bool knows_parts(struct restore *r)
{
    const struct db_part *const *parts = tables_get()->parts;
    for (size_t i = 0; i < r->manifest.part_count; i++) {
        const struct kept_part *kept = &r->manifest.parts[i];
        size_t p = 0;
        while (parts[p] && !str_is(kept->module, parts[p]->module))
            p++;
        if (parts[p] && kept->number <= parts[p]->migration_count) continue;
        return fail(
            r, arena_printf(
                   r->app->arena,
                   "a newer edulab (%.*s) made this backup, and %s cannot read its tables of %.*s",
                   STR(r->manifest.version), EDULAB_VERSION, STR(kept->module)));
    }
    return true;
}

static bool fits_engine(struct restore *r)
{
    bool sqlite = app_sqlite_file(r->app->db_url).p != NULL;
    if (sqlite == r->manifest.sqlite) return true;
    return fail(r,
                r->manifest.sqlite
                    ? S("the backup is from SQLite and the setting db names PostgreSQL")
                    : S("the backup is from PostgreSQL: set db to an empty PostgreSQL database"));
}

/* Empty, but for what an earlier restore left when it was killed. */
static bool is_empty(struct restore *r)
{
    DIR *dir = opendir(r->app->data.p);
    if (!dir)
        return fail(r, arena_printf(r->app->arena, "cannot read %.*s: %m", STR(r->app->data)));
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
            strcmp(entry->d_name, ".restoring"))
            empty = false;
    closedir(dir);
    return empty || fail(r, arena_printf(r->app->arena, "%.*s is not empty", STR(r->app->data)));
}

static bool take_folder(struct restore *r)
{
    struct arena *a = r->app->arena;
    if (!file_make_folder(r->folder))
        return fail(r, arena_printf(a, "cannot make %.*s: %m", STR(r->folder)));
    r->lock = file_lock(r->folder, O_RDONLY | O_DIRECTORY);
    if (r->lock < 0)
        return fail(r, errno == EWOULDBLOCK
                           ? S("another restore into this folder is running")
                           : arena_printf(a, "cannot use %.*s: %m", STR(r->folder)));
    if (!file_remove_tree(file_join(a, r->folder, S("data"))) ||
        (unlink(r->database.p) != 0 && errno != ENOENT))
        return fail(r, arena_printf(a, "cannot clear %.*s: %m", STR(r->folder)));
    return true;
}

static bool has_room(struct restore *r)
{
    struct arena *a = r->app->arena;
    struct statvfs disk;
    if (statvfs(r->app->data.p, &disk) != 0)
        return fail(r, arena_printf(a, "cannot look at the disk: %m"));
    int64_t room = (int64_t)(disk.f_bavail * disk.f_frsize);
    if (room > r->manifest.bytes) return true;
    return fail(r, arena_printf(a, "it needs %s and the disk has %s",
                                bytes_text(a, r->manifest.bytes).p, bytes_text(a, room).p));
}

/* --- the database -------------------------------------------------------------------------------------------------- */

/* Opens it, brings it to this version and tries every statement. */
static bool bring_up(struct restore *r, struct str url)
{
    struct app *app = r->app;
    struct str error = STR_NONE;
    if (!app_database(app, url, false)) return false;
    r->migrated = database_migrate(app->database, app->arena, &error);
    if (r->migrated >= 0) error = database_check_statements(app->database, app->arena);
    database_close(app->database);
    app->database = NULL;
    return !error.p ||
           fail(r, arena_printf(app->arena, "its database is not usable: %.*s", STR(error)));
}

static bool restore_sqlite(struct restore *r)
{
    return bring_up(r, arena_printf(r->app->arena, "sqlite:%.*s", STR(r->database)));
}

static bool is_empty_pgsql(struct restore *r)
{
    if (!app_database(r->app, r->app->db_url, false)) return false;
    int64_t tables = backup_count_tables(r->app);
    database_close(r->app->database);
    r->app->database = NULL;
    if (tables == 0) return true;
    return fail(r, tables < 0 ? S("the database cannot be read")
                              : S("the PostgreSQL database is not empty"));
}

static bool restore_pgsql(struct restore *r)
{
    struct arena *a = r->app->arena;
    struct str error = STR_NONE;
    const char *const *environment = database_environment(r->app->db_url, a, &error), *name = "";
    for (size_t i = 0; environment && environment[i]; i++)
        if (str_starts(str_from(environment[i]), S("PGDATABASE=")))
            name = environment[i] + strlen("PGDATABASE=");
    /* in one transaction: all of it or nothing */
    const char *argv[] = { "pg_restore",      "--single-transaction",
                           "--exit-on-error", "--no-owner",
                           "--no-privileges", "--no-password",
                           "--dbname",        name,
                           r->database.p,     NULL };
    if (!environment || !run_tool(a, argv, environment, &error)) return fail(r, error);
    if (unlink(r->database.p) == 0 && bring_up(r, r->app->db_url)) return true;
    app_say("the PostgreSQL database is filled: empty it before you try again");
    return false;
}

/* --- the files ------------------------------------------------------------------------------------------------------ */

static void name_targets(struct restore *r)
{
    struct arena *a = r->app->arena;
    for (size_t i = 0; i < r->manifest.count; i++)
        r->manifest.files[i].path =
            i == 0 ? r->database : file_join(a, r->folder, r->manifest.files[i].name);
}

/* Gives each entry of .restoring/data its place in the data folder. */
static bool move_up(struct restore *r)
{
    struct arena *a = r->app->arena;
    struct str from = file_join(a, r->folder, S("data"));
    DIR *dir = opendir(from.p);
    if (!dir) return errno == ENOENT || fail(r, arena_printf(a, "cannot read %.*s: %m", STR(from)));
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        struct str to = file_join(a, r->app->data, str_from(entry->d_name));
        if (r->moved_count == COUNT(r->moved)) ok = fail(r, S("it has too many folders"));
        else if (renameat2(dirfd(dir), entry->d_name, AT_FDCWD, to.p, RENAME_NOREPLACE) == 0)
            r->moved[r->moved_count++] = to;
        else ok = fail(r, arena_printf(a, "cannot make %.*s: %m", STR(to)));
    }
    closedir(dir);
    return ok;
}

static bool move_all(struct restore *r)
{
    struct arena *a = r->app->arena;
    if (!move_up(r)) return false;
    if (!file_sync_folder(r->app->data))
        return fail(r, arena_printf(a, "cannot make it durable: %m"));
    return !r->manifest.sqlite ||
           renameat2(AT_FDCWD, r->database.p, AT_FDCWD, r->target.p, RENAME_NOREPLACE) == 0 ||
           fail(r, arena_printf(a, "cannot make %.*s: %m", STR(r->target)));
}

static bool publish(struct restore *r)
{
    struct arena *a = r->app->arena;
    if (!file_sync_tree(r->folder)) return fail(r, arena_printf(a, "cannot make it durable: %m"));
    if (!move_all(r)) {
        while (r->moved_count)
            file_remove_tree(r->moved[--r->moved_count]);
        return false;
    }
    if (file_remove_tree(r->folder) && file_sync_folder(r->app->data)) return true;
    app_say("all is restored, but %.*s is left: %m", STR(r->folder));
    return false;
}

/* Also after success, when little is left to do. */
static void clean(struct restore *r)
{
    static const char *const beside[] = { "", "-wal", "-shm", "-journal" };
    if (r->lock < 0) return;
    for (size_t i = 0; i < COUNT(beside); i++)
        unlink(arena_printf(r->app->arena, "%.*s%s", STR(r->database), beside[i]).p);
    file_remove_tree(r->folder);
    close(r->lock);
}

static bool run(struct restore *r, struct archive_in *in)
{
    struct str error = STR_NONE;
    if (!is_empty(r) || !has_room(r) || !take_folder(r)) return false;
    if (!r->manifest.sqlite && !is_empty_pgsql(r)) return false;
    name_targets(r);
    if (!archive_extract(r->app->arena, in, &r->manifest, &error)) return fail(r, error);
    return (r->manifest.sqlite ? restore_sqlite(r) : restore_pgsql(r)) && publish(r);
}

static struct archive_in *open_archive(struct restore *r, const char *file)
{
    struct str error = STR_NONE;
    struct archive_in *in = archive_open(r->app->arena, str_from(file), &r->manifest, &error);
    if (!in) app_say("%s is not restored: %.*s", file, STR(error));
    return in;
}

/* Where the database is unpacked: in the folder, or beside its own place when the setting db names one. */
static bool place_database(struct restore *r)
{
    struct arena *a = r->app->arena;
    struct str named = settings_text(r->app->settings, "db");
    r->folder = app_restoring_folder(r->app);
    r->target = app_sqlite_file(r->app->db_url);
    if (!r->target.p || !named.n) r->database = file_join(a, r->folder, S("database"));
    else r->database = arena_printf(a, "%.*s.restoring", STR(r->target));
    if (!r->target.p || access(arena_cstr(a, r->target), F_OK) != 0) return true;
    return fail(r, arena_printf(a, "%.*s exists already", STR(r->target)));
}

int command_restore(struct app *app, int argc, char **argv)
{
    struct restore r = { .app = app, .lock = -1 };
    if (argc != 1) {
        app_say("restore wants one file: edulab restore --data DIR FILE.tar");
        return 2;
    }
    struct archive_in *in = open_archive(&r, argv[0]);
    if (!in || !knows_parts(&r)) return 1;
    bool made = mkdir(arena_cstr(app->arena, settings_text(app->settings, "data")), 0750) == 0;
    if (!app_folder(app, false)) return 1;
    interruptible();
    bool ok = fits_engine(&r) && place_database(&r) && run(&r, in);
    clean(&r);
    if (!ok && made) rmdir(app->data.p);
    if (!ok) return 1;
    app_say("%.*s holds %zu files and the database of %.*s, %s; %d migrations applied",
            STR(app->data), r.manifest.count - 1, STR(r.manifest.created_at),
            bytes_text(app->arena, r.manifest.bytes).p, r.migrated);
    return 0;
}
