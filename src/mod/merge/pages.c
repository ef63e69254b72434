/* The pages: likely twins, two side by side, making one, parting again. */
#include "mod/merge/pages.h"

#include "access/audit.h"
#include "base/id.h"
#include "http/http.h"
#include "merge_html.h"
#include "mod/merge/names.h"
#include "mod/privacy/privacy.h"

enum { MOST_LINES = 128 };

#define FORM struct merge_form
const struct param merge_list_params[] = { PARAM(FORM, un, PARAM_TEXT, .max = 254),
                                           PARAM(FORM, deux, PARAM_TEXT, .max = 254),
                                           { 0 } };
const struct param merge_pair_params[] = { PARAM(FORM, garde, PARAM_ID, .required = true),
                                           PARAM(FORM, part, PARAM_ID, .required = true),
                                           { 0 } };
const struct param merge_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
#undef FORM

struct str merge_pair_path(struct arena *a, bool people, int64_t kept, int64_t gone)
{
    return arena_printf(a, "/gestion/fusions/%s?garde=%.*s&part=%.*s",
                        people ? "personnes" : "organisations", STR(id_lower(a, kept)),
                        STR(id_lower(a, gone)));
}

/* --- the list ---------------------------------------------------------------------------------------------------------- */

/* Two addresses, or two codes of organisations, lead to their pair. */
static bool go_to_pair(struct request *r, const struct merge_form *f)
{
    struct account a, b;
    struct organisation x, y;
    if (people_find_by_email(r->db, f->un, &a) && people_find_by_email(r->db, f->deux, &b) &&
        a.id != b.id) {
        http_redirect(r, merge_pair_path(r->arena, true, a.id, b.id), NULL);
        return true;
    }
    if (organisation_find_by_code(r->db, f->un, &x) &&
        organisation_find_by_code(r->db, f->deux, &y) && x.id != y.id) {
        http_redirect(r, merge_pair_path(r->arena, false, x.id, y.id), NULL);
        return true;
    }
    http_invalid(
        r, "un",
        R_(N_("These are not two addresses of accounts, nor two codes of organisations.")));
    return false;
}

void merge_list_get(struct request *r)
{
    struct merge_list_page p = { .form = r->form };
    if ((p.form->un.n || p.form->deux.n) && go_to_pair(r, p.form)) return;
    p.people_count = merge_twin_people(r->db, &p.people);
    p.organisation_count = merge_twin_organisations(r->db, &p.organisations);
    p.run_count = merge_sql_runs(r->db, &p.runs);
    merge_list(http_page(r), &p);
}

/* --- side by side --------------------------------------------------------------------------------------------------------- */

static struct merge_side person_side(struct request *r, const struct account *p)
{
    struct merge_sql_born born = { .created_at = DB_NULL };
    struct merge_side s = { .id = p->id, .name = p->name, .more = p->email };
    merge_sql_born(r->db, p->id, &born);
    s.since = born.created_at;
    s.href = arena_printf(r->arena, "/gestion/personnes/%.*s", STR(id_lower(r->arena, p->id)));
    s.membership_count = organisation_memberships(r->db, p->id, &s.memberships);
    s.grant_count = access_grants(r->db, p->id, r->now, &s.grants);
    return s;
}

static struct merge_side organisation_side(struct request *r, const struct organisation *o)
{
    struct merge_sql_members m = { 0 };
    merge_sql_members(r->db, o->id, &m);
    return (struct merge_side){ .id = o->id,
                                .name = o->name,
                                .since = DB_NULL,
                                .members = m.n,
                                .below = m.below,
                                .more = arena_printf(r->arena, "%.*s%s%.*s", STR(o->place),
                                                     o->place.n && o->code.n ? " · " : "",
                                                     STR(o->code)),
                                .href = arena_printf(r->arena, "/gestion/organisations/%.*s",
                                                     STR(id_lower(r->arena, o->id))) };
}

/* What people read for a place: the part of the program that answers for it. */
static struct str label_of(struct request *r, const struct merge_place *place)
{
    const struct privacy_source *const *sources = privacy_sources();
    for (size_t i = 0; sources[i]; i++)
        for (const char *const *c = sources[i]->columns; c && *c; c++)
            if (str_is(place->name, *c)) return R_(sources[i]->label);
    return str_is(place->name, "membership.organisation_id") ? R_(N_("Memberships")) : place->name;
}

static void count_lines(struct request *r, enum merge_kind kind, struct merge_sheet *s)
{
    struct merge_place *places;
    size_t n = merge_places(r->db, kind, &places);
    s->lines = arena_array(r->arena, struct merge_line, MOST_LINES);
    for (size_t i = 0; i < n; i++) {
        struct merge_count c = merge_count(r->db, &places[i], s->gone.id, s->kept.id);
        struct str label = label_of(r, &places[i]);
        size_t at = 0;
        if (!c.moves && !c.stays) continue;
        while (at < s->n && !str_eq(s->lines[at].label, label))
            at++;
        if (at == s->n && s->n < MOST_LINES)
            s->lines[s->n++] = (struct merge_line){ .label = label };
        if (at == s->n) continue;
        s->lines[at].moves += c.moves;
        s->lines[at].stays += c.stays;
    }
}

static bool find_people(struct request *r, struct account *kept, struct account *gone)
{
    const struct merge_form *f = r->form;
    if (f->garde != f->part && people_find(r->db, f->garde, kept) &&
        people_find(r->db, f->part, gone))
        return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void merge_people_get(struct request *r)
{
    struct account kept, gone;
    struct merge_sheet s = { .people = true };
    if (!find_people(r, &kept, &gone)) return;
    s.kept = person_side(r, &kept);
    s.gone = person_side(r, &gone);
    count_lines(r, MERGE_PERSON, &s);
    merge_pair(http_page(r), &s);
}

static bool find_organisations(struct request *r, struct organisation *kept,
                               struct organisation *gone)
{
    const struct merge_form *f = r->form;
    if (f->garde != f->part && organisation_find(r->db, f->garde, kept) &&
        organisation_find(r->db, f->part, gone))
        return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void merge_organisations_get(struct request *r)
{
    struct organisation kept, gone;
    struct merge_sheet s = { .people = false };
    if (!find_organisations(r, &kept, &gone)) return;
    s.kept = organisation_side(r, &kept);
    s.gone = organisation_side(r, &gone);
    count_lines(r, MERGE_ORGANISATION, &s);
    merge_pair(http_page(r), &s);
}

/* --- making one --------------------------------------------------------------------------------------------------------------- */

/* Nobody comes to what they do not hold themselves by making accounts one. */
static bool holds_all_of(struct request *r, int64_t person_id)
{
    struct access_grant *grants;
    size_t n = access_grants(r->db, person_id, r->now, &grants);
    for (size_t i = 0; i < n; i++)
        if (access_permissions(grants[i].role) & ~r->who.permissions) return false;
    return true;
}

static void move_all(struct request *r, enum merge_kind kind, int64_t run, int64_t gone,
                     int64_t kept)
{
    struct merge_place *places;
    size_t n = merge_places(r->db, kind, &places);
    for (size_t i = 0; i < n; i++)
        merge_move(r->db, &places[i], run, gone, kept);
}

/* Of people the number only: the journal is never changed, and a name in it would outlive the account. */
static json_t *gone_json(struct request *r, int64_t gone_id)
{
    return json_pack("{s:s}", "number", id_lower(r->arena, gone_id).p);
}

static json_t *pair_json(struct request *r, struct str kept, struct str gone, int64_t gone_id)
{
    return json_pack("{s:s%, s:s%, s:s}", "kept", kept.p, kept.n, "gone", gone.p, gone.n, "number",
                     id_lower(r->arena, gone_id).p);
}

/* Both addresses hear of it, neither of the other: should the two be different people, nothing of one is told to the other. */
static void tell(struct request *r, const struct account *p, const char *subject, const char *text)
{
    mail_queue(r->db, p->email, lang_text(p->lang, subject),
               fmt_plain(r->arena, lang_text(p->lang, text), p->name, http_public_url(r)));
}

static void tell_merged(struct request *r, const struct account *kept, const struct account *gone)
{
    tell(r, kept, N_("Your two accounts are one now"),
         N_("Hello {0},\n\nOur team found that you had two eduLAB accounts and made one of them. "
            "Nothing is lost: what you did with the other is now in this one. Sign in with this "
            "address:\n\n{1}\n\nYou never had a second account? Answer this letter: we can part "
            "them again.\n\nThe eduLAB team"));
    tell(r, gone, N_("Your two accounts are one now"),
         N_("Hello {0},\n\nOur team found that you had two eduLAB accounts and made one of them. "
            "Nothing is lost: what you did with this one is now in the other. From now on, please "
            "sign in with your other address:\n\n{1}\n\nYou have no other account? Answer this "
            "letter: we can part them again.\n\nThe eduLAB team"));
}

void merge_people_apply(struct request *r)
{
    struct account kept, gone;
    if (!find_people(r, &kept, &gone)) return;
    if (!holds_all_of(r, kept.id) || !holds_all_of(r, gone.id)) {
        http_invalid(r, NULL,
                     R_(N_("One of them may do more than you: ask somebody who may as much.")));
        return;
    }
    if (access_is_held(r->db, gone.id)) {
        http_invalid(r, NULL, R_(N_("The data of the account that goes is under a legal hold.")));
        return;
    }
    if (gone.id == r->who.person_id) {
        http_invalid(r, NULL,
                     R_(N_("This is the account you are signed in with: exchange the two.")));
        return;
    }
    int64_t run = id_new();
    merge_sql_add_run(r->db, &(struct merge_sql_add_run_in){ .id = run,
                                                             .kind = S("person"),
                                                             .kept = kept.id,
                                                             .gone = gone.id,
                                                             .kept_name = kept.name,
                                                             .gone_name = gone.name,
                                                             .gone_email = gone.email,
                                                             .gone_code = S(""),
                                                             .gone_parent = DB_NULL,
                                                             .by = r->who.person_id,
                                                             .now = r->now });
    access_close_sessions(r->db, gone.id, 0);
    move_all(r, MERGE_PERSON, run, gone.id, kept.id);
    people_set_aside(r->db, gone.id, r->now);
    tell_merged(r, &kept, &gone);
    event_emit(r->db, "people.merged",
               json_pack("{s:I, s:I}", "kept", (json_int_t)kept.id, "gone", (json_int_t)gone.id));
    audit_write(r, "person.merged", "person", kept.id, NULL, gone_json(r, gone.id));
    http_redirect(r, S("/gestion/fusions"), "fusion-faite");
}

void merge_organisations_apply(struct request *r)
{
    struct organisation kept, gone, *below;
    if (!find_organisations(r, &kept, &gone)) return;
    if (!str_eq(kept.kind, gone.kind)) {
        http_invalid(r, NULL, R_(N_("They are of different kinds.")));
        return;
    }
    int64_t run = id_new();
    size_t n = organisation_below(r->db, gone.id, &below);
    merge_sql_add_run(r->db,
                      &(struct merge_sql_add_run_in){ .id = run,
                                                      .kind = S("organisation"),
                                                      .kept = kept.id,
                                                      .gone = gone.id,
                                                      .kept_name = kept.name,
                                                      .gone_name = gone.name,
                                                      .gone_email = S(""),
                                                      .gone_code = gone.code.p ? gone.code : S(""),
                                                      .gone_parent = gone.parent_id,
                                                      .by = r->who.person_id,
                                                      .now = r->now });
    for (size_t i = 0; i < n; i++) {
        if (!organisation_move(r->db, below[i].id, kept.id)) {
            http_invalid(r, NULL, R_(N_("One of them lies below the other.")));
            return;
        }
        merge_sql_note(r->db, run, S("organisation.parent_id"),
                       arena_int(r->arena, below[i].id, 1));
    }
    move_all(r, MERGE_ORGANISATION, run, gone.id, kept.id);
    organisation_retire(r->db, gone.id, r->now);
    audit_write(r, "organisation.merged", "organisation", kept.id, NULL,
                pair_json(r, kept.name, gone.name, gone.id));
    http_redirect(r, S("/gestion/fusions"), "fusion-faite");
}

/* --- parting again ------------------------------------------------------------------------------------------------------------ */

static bool part_people(struct request *r, const struct merge_sql_run *run)
{
    struct account kept;
    struct account gone;
    if (!people_find(r->db, run->kept, &kept) || !run->gone_email.n ||
        !people_take_back(r->db, run->gone, run->gone_email) ||
        !people_find(r->db, run->gone, &gone))
        return false;
    tell(
        r, &gone, N_("Your account is your own again"),
        N_("Hello {0},\n\nYour eduLAB account was joined with another one. That is taken back: you "
           "can sign in with this address again.\n\n{1}\n\nThe eduLAB team"));
    return true;
}

static bool part_organisations(struct request *r, const struct merge_sql_run *run)
{
    struct organisation kept;
    struct merge_sql_noted *noted;
    if (!organisation_find(r->db, run->kept, &kept) ||
        !organisation_revive(r->db, run->gone, run->gone_code, run->gone_parent))
        return false;
    size_t n = merge_sql_noted(r->db, run->id, S("organisation.parent_id"), &noted);
    for (size_t i = 0; i < n; i++) {
        int64_t id;
        struct organisation o;
        if (str_to_int(noted[i].key, &id) && organisation_find(r->db, id, &o) &&
            o.parent_id == run->kept)
            organisation_move(r->db, id, run->gone);
    }
    return true;
}

void merge_undo_apply(struct request *r)
{
    const struct merge_form *f = r->form;
    struct merge_sql_run run;
    struct merge_sql_merged_on later = { 0 };
    struct merge_place *places;
    if (!merge_sql_run(r->db, f->id, &run)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool people = str_is(run.kind, "person");
    merge_sql_merged_on(r->db, run.kind, run.kept, run.id, &later);
    if (run.undone_at != DB_NULL || later.n ||
        !(people ? part_people(r, &run) : part_organisations(r, &run))) {
        http_fail(r, 409,
                  R_(N_("This cannot be undone any more: one of them was erased, merged on, or its "
                        "address or code is taken.")));
        return;
    }
    size_t n = merge_places(r->db, people ? MERGE_PERSON : MERGE_ORGANISATION, &places);
    for (size_t i = 0; i < n; i++)
        merge_back(r->db, &places[i], run.id, run.gone, run.kept);
    merge_sql_drop_rows(r->db, run.id);
    merge_sql_set_undone(r->db, run.id, r->now);
    if (people) audit_write(r, "person.parted", "person", run.kept, gone_json(r, run.gone), NULL);
    else
        audit_write(r, "organisation.parted", "organisation", run.kept,
                    pair_json(r, run.kept_name, run.gone_name, run.gone), NULL);
    http_redirect(r, S("/gestion/fusions"), "fusion-defaite");
}
