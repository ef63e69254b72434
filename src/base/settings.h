/* Settings: one table of keys with type, default, range and a sentence of help. Values come from the table, then the
 * file edulab.conf (key = value, # comments), then the environment (EDULAB_KEY). */
#ifndef EDULAB_BASE_SETTINGS_H
#define EDULAB_BASE_SETTINGS_H

#include "base/arena.h"

/*    key             kind    default                  least most        help */
#define SETTINGS(X)                                                                                \
    X(data, TEXT, "var/edulab", 0, 0, "Folder for the database, media, mail and secrets.")         \
    X(db, TEXT, "", 0, 0,                                                                          \
      "Database: sqlite:FILE or postgres://USER@HOST/NAME; empty: sqlite in the data folder.")     \
    X(db_batch, NUMBER, "64", 1, 1024, "SQLite: most changes made durable by one commit.")         \
    X(db_readers, NUMBER, "0", 0, 128, "Connections for reading; 0 chooses.")                      \
    X(db_writers, NUMBER, "0", 0, 128, "PostgreSQL: changes at once; 0 chooses.")                  \
    X(listen, TEXT, "127.0.0.1:8080", 0, 0, "Address and port of the HTTP server.")                \
    X(socket, TEXT, "", 0, 0,                                                                      \
      "Unix socket for a proxy on this machine, beside the address: a shorter way; empty: none.")  \
    X(public_url, TEXT, "", 0, 0,                                                                  \
      "How people reach the site, such as https://edulab.example; empty: the listen address.")     \
    X(threads, NUMBER, "0", 0, 64, "Threads that answer; 0: one for each core, at least two.")     \
    X(workers, NUMBER, "2", 1, 64,                                                                 \
      "Threads for password hashing and the like: also the most such work at once.")               \
    X(node, NUMBER, "0", 0, 63,                                                                    \
      "Number of this machine, different on each, part of every identifier.")                      \
    X(log_level, TEXT, "info", 0, 0, "Least level that is logged: debug, info, warn, error.")      \
    X(trusted_proxy, TEXT, "", 0, 0, "Address of the proxy whose X-Forwarded-For is believed.")    \
    X(accel, TEXT, "", 0, 0,                                                                       \
      "nginx location for X-Accel-Redirect; empty: files are sent by this program.")               \
    X(metrics_token, SECRET, "", 0, 0, "File with the token for /metrics; empty: loopback only.")  \
    X(mail_from, TEXT, "eduLAB <noreply@localhost>", 0, 0, "Sender of mail.")                      \
    X(smtp_url, TEXT, "", 0, 0,                                                                    \
      "smtp://host:port or smtps://…; empty: mail goes to files in the data folder.")              \
    X(smtp_user, TEXT, "", 0, 0, "Name for the SMTP server.")                                      \
    X(smtp_password, SECRET, "", 0, 0, "File with the password for the SMTP server.")              \
    X(quick_runners, NUMBER, "2", 1, 32, "Threads for short jobs: mail, events.")                  \
    X(media_runners, NUMBER, "1", 0, 32,                                                           \
      "Videos prepared at once; 0 leaves them to other machines.")                                 \
    X(sample_videos, TEXT, "", 0, 0,                                                               \
      "Folder with the sample videos that an earlier load made; empty: they are made anew.")       \
    X(inbox, TEXT, "", 0, 0,                                                                       \
      "Folder that is watched: videos laid there are brought in by themselves; empty: none.")      \
    X(recognition_url, TEXT, "", 0, 0,                                                             \
      "An endpoint like OpenAI's that writes subtitles, such as https://host/v1; empty: none.")    \
    X(recognition_key, SECRET, "", 0, 0, "File with its key.")                                     \
    X(recognition_model, TEXT, "whisper-1", 0, 0, "Its model.")                                    \
    X(recognition_command, TEXT, "", 0, 0,                                                         \
      "Or a program here: whisper {file} --language {lang} --output_format vtt; empty: none.")     \
    X(recognition_files, TEXT, "", 0, 0, "Folder with its model, which it may read.")

/* SECRET: the value is the path of a file that only its owner may read; settings_text gives its content. */

struct settings;

/* Reads `file` (STR_NONE: edulab.conf when it exists) and the environment. NULL with a sentence on an unknown key, a
 * value out of range, an unreadable or too open secret. */
struct settings *settings_load(struct arena *arena, struct str file, struct str *ret_error);
/* The same for an audit: tells `wrong` each fault, keeps the value from before and goes on. Never NULL. */
struct settings *settings_audit(struct arena *arena, struct str file,
                                void (*wrong)(void *context, struct str why), void *context);
/* Overrides one value, as the command line does. */
bool settings_set(struct settings *settings, const char *key, struct str value,
                  struct str *ret_error);
/* An unknown key is a bug and ends the process. */
struct str settings_text(const struct settings *settings, const char *key);
int64_t settings_number(const struct settings *settings, const char *key);
/* Where the value came from: "default", "file", "environment", "command line". */
const char *settings_source(const struct settings *settings, const char *key);
/* Prints the table with help: `edulab help settings`. */
void settings_print_help(FILE *out);
/* Calls fn for each key in order; secrets as "(set)" or "". */
void settings_each(const struct settings *settings,
                   void (*fn)(void *context, const char *key, struct str shown, const char *source),
                   void *context);

#endif
