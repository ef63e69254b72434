/* Drawings: the same as the design study's for the same names, always the same, well-formed, whatever the name. */
#include "html/draw_inside.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/limits.h"
#include "html/draw_golden.h"

static struct arena *arena;

static struct str golden_name(unsigned i)
{
    if (golden_names[i]) return str_from(golden_names[i]);
    struct buf b = BUF_INIT(4096);
    bool first = i == 0 || golden_names[i - 1];
    for (int n = 0; n < (first ? 200 : 199); n++)
        if (first) buf_putc(&b, 'x');
        else buf_lit(&b, "\303\251");
    if (!first) buf_putc(&b, '!');
    struct str name = arena_dup(arena, buf_view(&b));
    buf_finish(&b);
    return name;
}

static uint64_t hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}

static void check(struct str drawn, size_t length, uint64_t expected, struct str name)
{
    if (drawn.n != length || hash(drawn) != expected)
        print_error("\"%.*s\": %.*s\n", STR(name), STR(drawn));
    assert_int_equal(drawn.n, length);
    assert_true(hash(drawn) == expected);
}

/* Elements are closed in order; attributes are quoted; no style attribute, which our pages would refuse. */
static void check_markup(struct str s)
{
    int depth = 0;
    assert_true(s.n == 0 || s.p[0] == '<');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '<') continue;
        bool closing = s.p[i + 1] == '/', quoted = false;
        for (i++; i < s.n && (quoted || s.p[i] != '>'); i++) {
            if (s.p[i] == '"') quoted = !quoted;
            else assert_int_not_equal(s.p[i], '<');
        }
        assert_true(i < s.n);
        bool empty = s.p[i - 1] == '/';
        depth += closing ? -1 : empty ? 0 : 1;
        assert_true(depth >= 0);
    }
    assert_int_equal(depth, 0);
    assert_int_equal(str_search(s, S(" style=")), s.n);
    assert_int_equal(str_search(s, S("nan")), s.n);
    assert_int_equal(str_search(s, S("inf")), s.n);
}

static void covers_are_the_studys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(golden_covers); i++) {
        const struct golden_cover *g = &golden_covers[i];
        struct str name = golden_name(g->name);
        check(draw_cover(arena, name, g->area, g->w, g->h, NULL).s, g->length, g->hash, name);
    }
}

static void badges_are_the_studys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(golden_badges); i++) {
        const struct golden_badge *g = &golden_badges[i];
        struct str name = golden_name(g->name);
        check(draw_badge(arena, name, g->area, g->kind, g->state, g->size).s, g->length, g->hash,
              name);
    }
}

static void avatars_rings_and_people_are_the_studys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(golden_avatars); i++) {
        struct str name = golden_name(golden_avatars[i].name);
        check(draw_avatar(arena, name, 48).s, golden_avatars[i].length, golden_avatars[i].hash,
              name);
    }
    for (size_t i = 0; i < COUNT(golden_rings); i++) {
        const struct golden_ring *g = &golden_rings[i];
        struct html ring =
            draw_ring(arena, g->done, g->doing, g->total, AREA_FORM, 112, S("x"), STR_NONE);
        check(ring.s, g->length, g->hash, S("ring"));
    }
    struct person striped = { .x = 392,
                              .y = 372,
                              .scale = .86,
                              .top = "chalk",
                              .skin = 3,
                              .hair = 1,
                              .arms = { "M-20-96-40-130-34-160", "M20-96 44-128 38-158" },
                              .stripes = "tv" };
    struct person bent = { .x = 74,
                           .y = 576,
                           .scale = 1,
                           .flip = true,
                           .top = "com",
                           .skin = 2,
                           .hair = 3,
                           .legs = { "M-10-46-20-24-24-4", "M10-46 14-4" } };
    assert_true(hash(draw_person(arena, &striped).s) == golden_persons[0]);
    assert_true(hash(draw_person(arena, &bent).s) == golden_persons[1]);
}

static void same_name_same_drawing(void **state)
{
    (void)state;
    struct str name = S("Une formation qui n'est dans aucune liste");
    struct html once = draw_cover(arena, name, AREA_EV, 6, 4, "wide");
    struct arena *other = arena_create();
    struct html again = draw_cover(other, name, AREA_EV, 6, 4, "wide");
    assert_true(str_eq(once.s, again.s));
    assert_ptr_equal(once.s.p, again.s.p); /* kept, not drawn again */
    arena_destroy(other);
    assert_false(str_eq(once.s, draw_cover(arena, name, AREA_COM, 6, 4, "wide").s));
    assert_false(str_eq(once.s, draw_cover(arena, S("Une autre"), AREA_EV, 6, 4, "wide").s));
    assert_false(str_eq(once.s, draw_cover(arena, name, AREA_EV, 6, 4, NULL).s));
}

static void any_name_any_size(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT(golden_names); i++) {
        struct str name = golden_name(i);
        for (int area = AREA_NONE; area < AREA_COUNT; area++) {
            for (int w = 2; w <= 16; w += 7)
                for (int h = 2; h <= 16; h += 7)
                    check_markup(draw_cover(arena, name, (enum area)area, w, h, NULL).s);
            for (int kind = DRAW_COMPETENCE; kind <= DRAW_FINAL; kind++) {
                check_markup(
                    draw_badge(arena, name, (enum area)area, (enum draw_kind)kind, DRAW_REVOKED, 64)
                        .s);
                check_markup(draw_badge_file(arena, name, (enum area)area, (enum draw_kind)kind));
            }
        }
        check_markup(draw_avatar(arena, name, 32).s);
    }
}

static void figures_stay_in_bounds(void **state)
{
    (void)state;
    for (int total = 0; total <= 130; total += 13)
        for (int done = 0; done <= total; done += 5)
            check_markup(
                draw_ring(arena, done, 1, total, AREA_LAB, 96, S("\"<3\""), S("unités")).s);
    for (int64_t places = 0; places < 70; places += 3)
        for (int64_t taken = -1; taken <= places + 1; taken++)
            check_markup(draw_seats(arena, taken, places).s);
    check_markup(draw_seats(arena, INT32_MAX, (int64_t)1 << 40).s);
    struct iso_run runs[] = { { 27, "form" }, { 0, "tv" }, { 48, "lab" }, { 85, "line" } };
    for (int form = AREA_TV; form < AREA_COUNT; form++)
        check_markup(draw_iso(arena, (enum area)form, 20, runs, COUNT(runs)).s);
    check_markup(draw_hours(arena, runs, COUNT(runs)).s);
    assert_int_equal(draw_hours(arena, runs + 1, 1).s.n, 0);
    struct radar_axis axes[6] = { 0 };
    for (int i = 0; i < 6; i++)
        axes[i] = (struct radar_axis){ { S("Un & deux"), S("<trois>") }, S("Un"), i, i % 3, 6 };
    check_markup(draw_radar(arena, axes, S("Profil")).s);
}

static void seats_count(void **state)
{
    (void)state;
    struct str half = draw_seats(arena, 5, 16).s;
    size_t filled = str_search(half, S("h9v9")), n = 0;
    for (size_t at = filled; at < half.n;
         at += 1 + str_search(str_sub(half, at + 1, half.n), S("h9v9")))
        n++;
    assert_int_equal(n, 5);
    assert_true(str_search(draw_seats(arena, 16, 16).s, S("class=\"o\"")) ==
                draw_seats(arena, 16, 16).s.n);
    /* One place taken of a thousand is still seen. */
    struct str many = draw_seats(arena, 1, 1000).s;
    assert_true(str_search(many, S("class=\"t\"")) < many.n);
}

static void labels_are_escaped(void **state)
{
    (void)state;
    struct str ring = draw_ring(arena, 1, 0, 2, AREA_FORM, 96, S("\"><script>"), S("<b>")).s;
    assert_int_equal(str_search(ring, S("<script")), ring.n);
    assert_int_equal(str_search(ring, S("<b>")), ring.n);
    struct map_node node = { S("A\"1"),
                             S("Prendre <en> main une IA"),
                             S("javascript:x"),
                             S("\"d\""),
                             S("après <x>"),
                             MAP_LOCKED,
                             true };
    struct map_lane lane = { S("<Voie>"), S("1 & 2"), MAP_ROUND, &node,
                             1,           S("Badge"), false,     S("0 sur 1") };
    struct path_map map = { .label = S("\"Carte\""),
                            .start = S("Départ"),
                            .start_note = S("un quiz, 15 min"),
                            .lanes = (struct map_lane[]){ lane, lane, lane, lane },
                            .lane_count = 4,
                            .links = (struct map_link[]){ { 0, 0, 1, 0 } },
                            .link_count = 1,
                            .last = &node,
                            .last_form = MAP_STAIR,
                            .badge = S("Final <b>"),
                            .badge_note = S("badge final"),
                            .badge_got = true,
                            .area = AREA_FORM };
    struct str drawn = draw_map(arena, &map).s;
    check_markup(drawn);
    assert_int_equal(str_search(drawn, S("javascript")), drawn.n);
    assert_int_equal(str_search(drawn, S("<Voie")), drawn.n);
}

/* Lanes of any number and length: each station is a link in both drawings, and nothing lies outside the picture. */
static void maps_of_any_size_are_drawn(void **state)
{
    (void)state;
    static const size_t sizes[][4] = { { 1 }, { 2 }, { 11 }, { 5, 1 }, { 12, 0, 7, 3 }, { 60 } };
    for (size_t k = 0; k < COUNT(sizes); k++) {
        struct map_node nodes[60];
        struct map_lane lanes[4] = { 0 };
        size_t lane_count = 0, all = 0;
        for (size_t i = 0; i < COUNT(nodes); i++)
            nodes[i] =
                (struct map_node){ .code = S("M"),
                                   .name = S("Ouvrir le parcours : rôle de personne relais et "
                                             "auto-positionnement, avec tout ce qui suit"),
                                   .href = S("#t"),
                                   .description = S("x") };
        for (size_t i = 0; i < 4 && (i == 0 || sizes[k][i] || (i < 3 && sizes[k][i + 1])); i++) {
            lanes[lane_count++] =
                (struct map_lane){ .title = S("Voie"), .nodes = nodes, .count = sizes[k][i] };
            all += sizes[k][i];
        }
        const struct path_map map = { .label = S("Carte"),
                                      .start = S("Départ"),
                                      .lanes = lanes,
                                      .lane_count = lane_count,
                                      .badge = S("Fin"),
                                      .area = AREA_FORM };
        struct str drawn = draw_map(arena, &map).s;
        check_markup(drawn);
        size_t links = 0;
        for (struct str rest = drawn; rest.n;) {
            size_t at = str_search(rest, S("<a href"));
            if (at == rest.n) break;
            links++;
            rest = str_sub(rest, at + 1, rest.n);
        }
        assert_int_equal(links, 2 * all);
    }
}

static void pictures_are_made(void **state)
{
    (void)state;
    struct buf png = BUF_INIT(LIMIT_PNG);
    struct str svg =
        draw_badge_file(arena, S("NUMEFA · Fondements pédagogiques"), AREA_CERT, DRAW_COMPETENCE);
    assert_int_equal(str_search(svg, S("var(")), svg.n);
    assert_true(draw_png(svg, 256, &png));
    assert_true(png.n > 1000);
    assert_memory_equal(png.p, "\x89PNG\r\n\x1a\n", 8);
    buf_finish(&png);

    struct buf small = BUF_INIT(100);
    assert_false(draw_png(svg, 256, &small));
    buf_finish(&small);
    struct buf none = BUF_INIT(LIMIT_PNG);
    assert_false(draw_png(S("not a picture"), 256, &none));
    assert_false(draw_png(svg, 8, &none));
    assert_int_equal(none.n, 0);
    buf_finish(&none);
}

static void icons_and_shapes(void **state)
{
    (void)state;
    check_markup(icon("arrow-right").s);
    check_markup(icon("archive").s);
    check_markup(icon("x").s);
    for (int area = AREA_NONE; area < AREA_COUNT; area++)
        check_markup(shape((enum area)area).s);
    assert_int_equal(shape(AREA_NONE).s.n, 0);
}

static void *draw_many(void *unused)
{
    struct arena *own = arena_create();
    char name[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "Cours %d", i);
        struct html h = draw_cover(own, str_from(name), (enum area)(1 + i % 6), 6, 4, NULL);
        if (h.s.n < 100 || h.s.p[0] != '<') abort();
    }
    arena_destroy(own);
    return unused;
}

/* More names than are kept, from several threads at once. */
static void the_store_is_bounded_and_shared(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, NULL), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_are_the_studys),
        cmocka_unit_test(badges_are_the_studys),
        cmocka_unit_test(avatars_rings_and_people_are_the_studys),
        cmocka_unit_test(same_name_same_drawing),
        cmocka_unit_test(any_name_any_size),
        cmocka_unit_test(figures_stay_in_bounds),
        cmocka_unit_test(seats_count),
        cmocka_unit_test(labels_are_escaped),
        cmocka_unit_test(maps_of_any_size_are_drawn),
        cmocka_unit_test(maps_of_any_size_are_drawn),
        cmocka_unit_test(pictures_are_made),
        cmocka_unit_test(icons_and_shapes),
        cmocka_unit_test(the_store_is_bounded_and_shared),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
