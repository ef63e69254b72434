/* The list of people, the same as a file, and all about one of them. */
#include "access/audit.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "directory_html.h"
#include "mod/directory/pages.h"

enum { PAGE = 50, FILE_ROWS = 20000, FILE_BYTES = 16 * MIB, WORDS = 3, INDEX_BATCH = 1000 };

#define FORM struct directory_filter
const struct param directory_filter_params[] = {
    PARAM(FORM, q, PARAM_TEXT, .max = 120),
    PARAM(FORM, ou, PARAM_TEXT, .max = 160),
    PARAM(FORM, categorie, PARAM_SLUG, .max = 30),
    PARAM(FORM, page, PARAM_INT, .min = 1, .max = 100000),
    { 0 },
};
#undef FORM
const struct param directory_id_params[] = {
    PARAM(struct directory_id, id, PARAM_ID, .required = true), { 0 }
};

/* --- finding ------------------------------------------------------------------------------------------------------------ */

/* Up to three words, folded; how many there are. */
static size_t split(struct arena *a, struct str q, struct str ret[WORDS])
{
    struct str rest = utf8_fold(a, q);
    size_t n = 0;
    while (rest.n && n < WORDS) {
        struct str word = str_cut(&rest, ' ');
        if (word.n) ret[n++] = word;
    }
    return n;
}

static struct str like(struct arena *a, struct str word)
{
    struct buf b = BUF_INIT(2 * KIB);
    buf_putc(&b, '%');
    for (size_t i = 0; i < word.n; i++) {
        if (strchr("%_\\", word.p[i])) buf_putc(&b, '\\');
        buf_putc(&b, word.p[i]);
    }
    buf_putc(&b, '%');
    struct str kept = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return kept;
}

struct query {
    struct directory_sql_people_in in;
    struct str words[WORDS];
    size_t word_count;
};

static void read_query(struct arena *a, const struct directory_filter *f, struct query *ret)
{
    struct str places[WORDS], all = S("%");
    size_t n = split(a, f->ou, places);
    *ret = (struct query){ 0 };
    ret->word_count = split(a, f->q, ret->words);
    ret->in = (struct directory_sql_people_in){
        .words = (int64_t)ret->word_count,
        .w1 = ret->word_count > 0 ? like(a, ret->words[0]) : all,
        .w2 = ret->word_count > 1 ? like(a, ret->words[1]) : all,
        .w3 = ret->word_count > 2 ? like(a, ret->words[2]) : all,
        .category = f->categorie.n ? f->categorie : S(""),
        .by_place = n > 0,
        .o1 = n > 0 ? like(a, places[0]) : all,
        .o2 = n > 1 ? like(a, places[1]) : all,
        .o3 = n > 2 ? like(a, places[2]) : all,
    };
}

/* Those whose name is not folded yet: few, compared here. */
static size_t newcomers(struct db *db, const struct query *q, struct directory_sql_people **ret)
{
    struct arena *a = db_arena(db);
    size_t n = directory_sql_newcomers(db, q->in.category, q->in.by_place, q->in.o1, q->in.o2,
                                       q->in.o3, ret),
           kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct str search = access_person_search(a, (*ret)[i].name, (*ret)[i].email);
        bool fits = true;
        for (size_t w = 0; w < q->word_count; w++)
            fits = fits && str_search(search, q->words[w]) < search.n;
        if (fits) (*ret)[kept++] = (*ret)[i];
    }
    return kept;
}

static size_t page_of(struct db *db, struct query *q, int64_t page,
                      struct directory_sql_people **ret)
{
    q->in.skip = (page - 1) * PAGE;
    return directory_sql_people(db, &q->in, ret);
}

/* Newcomers first, on the first page; then everyone by name. */
static void load(struct db *db, const struct directory_filter *f, struct directory_list *ret)
{
    struct query q;
    struct directory_sql_people *fresh, *rows;
    read_query(db_arena(db), f, &q);
    size_t fresh_count = newcomers(db, &q, &fresh);
    q.in.most = PAGE;
    ret->page = f->page < 1 ? 1 : f->page;
    size_t n = page_of(db, &q, ret->page, &rows);
    /* a page behind the last one says nothing, not even how many there are: then the first, and with its count the last */
    if (!n && ret->page > 1) n = page_of(db, &q, ret->page = 1, &rows);
    int64_t known = n ? rows[0].total : 0;
    ret->total = known + (int64_t)fresh_count;
    ret->pages = known ? (known + PAGE - 1) / PAGE : 1;
    if (ret->page < f->page && ret->pages > 1) n = page_of(db, &q, ret->page = ret->pages, &rows);
    if (ret->page > 1) fresh_count = 0;
    ret->rows = arena_array(db_arena(db), struct directory_sql_people, fresh_count + n + 1);
    /* without rows there is nothing to copy from */
    if (fresh_count) memcpy(ret->rows, fresh, fresh_count * sizeof *fresh);
    if (n) memcpy(ret->rows + fresh_count, rows, n * sizeof *rows);
    ret->n = fresh_count + n;
}

/* --- addresses ------------------------------------------------------------------------------------------------------------ */

struct str directory_path(struct arena *a, int64_t id)
{
    return arena_printf(a, "/gestion/personnes/%.*s", STR(id_lower(a, id)));
}

static void add(struct buf *b, struct page *pg, const char *name, struct str value)
{
    if (!value.n) return;
    buf_printf(b, "%c%s=", b->n ? '&' : '?', name);
    page_put_url_part(pg, value);
}

struct str directory_address(struct arena *a, const struct directory_filter *f, int64_t page,
                             bool csv)
{
    struct buf b = BUF_INIT(8 * KIB);
    struct page pg = { .out = &b, .arena = a };
    add(&b, &pg, "q", f->q);
    add(&b, &pg, "ou", f->ou);
    add(&b, &pg, "categorie", f->categorie);
    if (page > 1) add(&b, &pg, "page", arena_printf(a, "%lld", (long long)page));
    struct str address =
        arena_printf(a, "/gestion/personnes%s%.*s", csv ? ".csv" : "", STR(buf_view(&b)));
    buf_finish(&b);
    return address;
}

/* --- pages ------------------------------------------------------------------------------------------------------------------ */

void directory_list_get(struct request *r)
{
    struct directory_list list;
    load(r->db, r->form, &list);
    directory_list(http_page(r), r->form, &list);
}

static void put_person(struct buf *b, struct request *r, const struct directory_sql_people *p)
{
    char at[TIME_RFC3339 + 1];
    time_rfc3339(p->created_at, at);
    const char *label = p->category.p ? people_category_label(p->category) : NULL;
    csv_put(b, p->name, ';');
    csv_put(b, p->email, ';');
    csv_put(b, label ? R_(label) : S(""), ';');
    csv_put(b, p->place.p ? p->place : S(""), ';');
    csv_put(b, str_from(at), '\n');
}

void directory_list_csv(struct request *r)
{
    static const char *const heads[] = { N_("Name"), N_("E-mail address"), N_("Category"),
                                         N_("School or organisation"), N_("Known since") };
    struct query q;
    struct directory_sql_people *fresh, *rows;
    read_query(r->arena, r->form, &q);
    size_t fresh_count = newcomers(r->db, &q, &fresh);
    q.in.most = FILE_ROWS;
    size_t n = directory_sql_people(r->db, &q.in, &rows);
    struct buf b = BUF_INIT(FILE_BYTES);
    buf_lit(&b, CSV_MARK);
    for (size_t i = 0; i < COUNT(heads); i++)
        csv_put(&b, R_(heads[i]), i + 1 < COUNT(heads) ? ';' : '\n');
    for (size_t i = 0; i < fresh_count; i++)
        put_person(&b, r, &fresh[i]);
    for (size_t i = 0; i < n; i++)
        put_person(&b, r, &rows[i]);
    http_header_set(r, "Content-Disposition", S("attachment; filename=\"personnes.csv\""));
    if (b.full || n == FILE_ROWS)
        http_fail(r, 413, R_(N_("That is too much for one file: use the filters.")));
    /* not what was looked for: that is often a name, and the journal outlives accounts */
    else if (audit_taken(r, "people.exported", "list", 0,
                         json_pack("{s:I}", "rows", (json_int_t)(fresh_count + n))))
        http_bytes(r, 200, "text/csv; charset=utf-8", arena_dup(r->arena, buf_view(&b)));
    buf_finish(&b);
}

void directory_person_get(struct request *r)
{
    const struct directory_id *f = r->form;
    struct directory_sheet s = { 0 };
    if (!directory_sql_person(r->db, f->id, &s.p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    s.membership_count = organisation_memberships(r->db, f->id, &s.memberships);
    s.grant_count = access_grants(r->db, f->id, r->now, &s.grants);
    s.enrolment_count = directory_sql_enrolments(r->db, f->id, &s.enrolments);
    s.portrait = people_portrait_version(r->db, f->id);
    s.may_grant = access_holds(r, "role.grant");
    s.may_audit = access_holds(r, "audit.read");
    if (s.may_audit) s.act_count = directory_sql_acts(r->db, f->id, &s.acts);
    directory_person(http_page(r), &s);
}

void directory_portrait_get(struct request *r)
{
    const struct directory_id *f = r->form;
    people_portrait_answer(r, f->id, true);
}

/* --- folding names, by the clock ------------------------------------------------------------------------------------------- */

static bool index_some(struct db *db, void *context)
{
    *(int64_t *)context = access_index_people(db, INDEX_BATCH);
    return true;
}

/* Batch by batch, so that others get their turn between. */
static enum job_result run_index(struct job *job)
{
    int64_t done = INDEX_BATCH;
    while (done == INDEX_BATCH) {
        if (db_change_run(job->database, job->arena, index_some, &done) != DB_COMMITTED ||
            !job_progress(job, 500))
            return JOB_RETRY;
    }
    return JOB_DONE;
}

const struct job_kind directory_jobs[] = {
    { .name = "directory.index", .run = run_index },
    { 0 },
};
