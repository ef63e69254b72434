/* The words about who was there, and the code on the screen. */
#ifndef EDULAB_MOD_ATTENDANCE_MARK_H
#define EDULAB_MOD_ATTENDANCE_MARK_H

#include "attendance_sql.h"
#include "mod/attendance/attendance.h"
#include "mod/cohort/cohort.h"

enum attendance_state {
    ATTENDANCE_NONE, /* not said yet */
    ATTENDANCE_PRESENT,
    ATTENDANCE_LATE,
    ATTENDANCE_EXCUSED,
    ATTENDANCE_ABSENT,
    ATTENDANCE_STATES
};
/* "present", …; "" for NONE. Unknown codes are NONE. The label is a msgid. */
struct str attendance_code_of(enum attendance_state state);
enum attendance_state attendance_state_of(struct str code);
const char *attendance_label(enum attendance_state state);
/* One character, for the table of a whole group: thousands of pictures would weigh it down. */
struct str attendance_glyph(enum attendance_state state);

typedef struct attendance_sql_half attendance_half;
typedef struct attendance_sql_mark attendance_mark;

/* When one can sign by oneself: from a while before the half-day begins until a while after it ends. Whoever signs more than
 * ATTENDANCE_GRACE after the beginning is late, and the minutes missed do not count. */
#define ATTENDANCE_BEFORE_MS (30 * 60000)
#define ATTENDANCE_AFTER_MS (30 * 60000)
#define ATTENDANCE_GRACE_MS (15 * 60000)
bool attendance_is_open(const attendance_half *half, int64_t now);

/* A word about one person. */
struct attendance_word {
    const attendance_half *half;
    int64_t person_id;
    enum attendance_state state; /* not NONE */
    const char *way;             /* "code", "list" */
    bool live;                   /* by videoconference, where both are possible */
    int64_t missed;              /* minutes, of who is late */
    struct str reason;
    int64_t by;
};
/* In a transaction: writes it down, puts the ledger of hours right, completes the module's step that is this meeting. False when
 * the last word about them says the same already. */
bool attendance_say(struct db *db, const struct attendance_word *word, int64_t now);
/* What who signs at this moment is: present, or late by so many minutes. */
enum attendance_state attendance_at(const attendance_half *half, int64_t now, int64_t *ret_missed);

/* Six digits on the screen of a room, new each half minute; one that was read counts for two minutes. */
enum { ATTENDANCE_DIGITS = 6 };
#define ATTENDANCE_STEP_MS (30 * 1000)
void attendance_code(int64_t half_id, int64_t now, char ret_code[ATTENDANCE_DIGITS + 1]);
/* Spaces do not count. */
bool attendance_code_holds(int64_t half_id, struct str typed, int64_t now);

#endif
