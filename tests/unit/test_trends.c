/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts over time. */
#include "desk.h"
#include "dragoman.h"

static dgm *open_desk(const char *data)
{
    dgm *desk = NULL;
    OK(dgm_open(data, NULL, &desk, err));
    return desk;
}

/* params: name, value, ..., NULL; those of the form and those of the request alike. */
static dgm_trends *count(dgm *desk, const char *const *params)
{
    dgm_request *request = dgm_request_new();
    dgm_trends_form form = { 0 };
    dgm_trends *trends = NULL;
    for (; *params; params += 2) {
        bool own = false;
        for (size_t i = 0; dgm_trends_param_at(i); i++)
            own = own || !strcmp(dgm_trends_param_at(i)->name, params[0]);
        if (own)
            OK(dgm_trends_set(&form, params[0], params[1], err));
        else
            OK(dgm_request_set(request, params[0], params[1], err));
    }
    OK(dgm_trends_count(desk, request, &form, &trends, err));
    dgm_request_free(request);
    return trends;
}

#define COUNT(desk, ...) count(desk, (const char *const[]){ __VA_ARGS__, NULL })

static const char few[] =
    "{\"id\":\"a\",\"title\":\"Water plan\",\"body\":\"The dam holds.\","
    "\"published\":\"2021-01-31T23:30:00Z\",\"source\":\"Ministry\",\"topics\":[\"x\","
    "\"y\"]}\n"
    "{\"id\":\"b\",\"title\":\"Water again\",\"body\":\"The dam leaks.\","
    "\"published\":\"2021-04-02T08:00:00Z\",\"source\":\"ministry\",\"topics\":[\"x\"]}\n"
    "{\"id\":\"c\",\"title\":\"Roads\",\"body\":\"A bridge opened.\","
    "\"published\":\"2021-02-10T08:00:00Z\",\"source\":\"Agency\"}\n"
    "{\"id\":\"d\",\"title\":\"Water "
    "rights\",\"body\":\"Undated.\",\"source\":\"Agency\"}"
    "\n";

static void every_interval_is_there_with_its_denominator(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "water", "interval", "month");
    assert_string_equal(t->interval, "month");
    assert_int_equal(t->n_points, 4);
    static const uint64_t items[] = { 1, 0, 0, 1 }, of[] = { 1, 1, 0, 1 };
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(t->all.points[i].items, items[i]);
        assert_int_equal(t->all.points[i].of, of[i]);
    }
    assert_int_equal(t->all.points[0].from, 1609459200);
    assert_int_equal(t->all.items, 3);
    assert_int_equal(t->all.of, 4);
    assert_int_equal(t->all.undated, 1);
    assert_int_equal(t->all.undated_of, 1);
    assert_string_equal(t->all.first.id, "a");
    assert_string_equal(t->all.last.id, "b");
    dgm_trends_free(t);
    dgm_close(desk);
}

static void intervals_reach_over_the_period_asked_for(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "water", "interval", "month", "from", "2020-11",
                          "to", "2021-02");
    assert_int_equal(t->n_points, 4);
    assert_int_equal(t->all.points[2].items, 1);
    assert_int_equal(t->all.points[3].of, 1);
    assert_int_equal(t->all.items, 1);
    dgm_trends_free(t);
    t = COUNT(desk, "q", "nowhere", "from", "2021-01-05", "to", "2021-01-06");
    assert_string_equal(t->interval, "hour");
    assert_int_equal(t->n_points, 48);
    assert_int_equal(t->all.items, 0);
    assert_null(t->all.first.id);
    dgm_trends_free(t);
    dgm_close(desk);
}

static void a_clock_ahead_moves_items_into_the_next_day(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "dam", "interval", "month", "tz", "+01:00");
    assert_int_equal(t->all.points[0].from, 1612134000); /* 2021-01-31T23:00:00Z */
    assert_int_equal(t->all.points[0].items, 1);
    assert_int_equal(t->all.points[0].of, 2);
    dgm_trends_free(t);
    dgm_close(desk);
}

static void values_of_one_spelling_are_one_series(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "water", "interval", "year", "by", "source");
    assert_int_equal(t->n_series, 2);
    assert_string_equal(t->series[0].value, "Ministry");
    assert_int_equal(t->series[0].items, 2);
    assert_int_equal(t->series[0].of, 2);
    assert_string_equal(t->series[0].first.id, "a");
    assert_string_equal(t->series[0].last.id, "b");
    assert_int_equal(t->series[1].items, 1);
    assert_int_equal(t->series[1].of, 2);
    assert_int_equal(t->series[1].undated, 1);
    assert_null(t->series[1].first.id);
    dgm_trends_free(t);
    t = COUNT(desk, "q", "water", "by", "topic", "series", "1");
    assert_int_equal(t->values, 2);
    assert_int_equal(t->n_series, 1);
    assert_string_equal(t->series[0].value, "x");
    assert_int_equal(t->without, 1);
    dgm_trends_free(t);
    dgm_close(desk);
}

static void copies_of_a_story_count_once_as_a_story(void **state)
{
    static const char body[] =
        "The council of ministers adopted a water treaty on Monday after two years of "
        "talks between the five states along the river, and the text says that dams need "
        "the consent of all of them before the first stone is laid anywhere upstream.";
    char lines[2000];
    snprintf(lines, sizeof lines,
             "{\"id\":\"one\",\"title\":\"Treaty\",\"body\":\"%s\",\"published\":"
             "\"2021-01-01\"}\n{\"id\":\"two\",\"title\":\"Treaty\",\"body\":\"%s\","
             "\"published\":\"2021-01-01\"}\n",
             body, body);
    feed(*state, lines);
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "treaty", "interval", "day");
    assert_int_equal(t->all.items, 2);
    assert_int_equal(t->all.stories, 1);
    assert_int_equal(t->all.points[0].stories, 1);
    dgm_trends_free(t);
    dgm_close(desk);
}

/* ---- What holds for any items ---- */

enum { ITEMS = 300 };

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0x7fff;
}

static void feed_random(const char *data)
{
    static const char *const words[] = { "water", "roads", "treaty", "grain", "police" };
    static const char *const sources[] = { "Ministry", "Agency", "Council", "" };
    dgmi_buf lines;
    unsigned seed = 7;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < ITEMS; i++) {
        unsigned day = next_random(&seed) % 400;
        dgmi_buf_printf(&lines, "{\"id\":\"i%d\",\"title\":\"%s %s\",\"body\":\"%s.\"", i,
                        words[next_random(&seed) % 5], words[next_random(&seed) % 5],
                        words[next_random(&seed) % 5]);
        const char *source = sources[next_random(&seed) % 4];
        if (*source)
            dgmi_buf_printf(&lines, ",\"source\":\"%s\"", source);
        dgmi_buf_printf(&lines, ",\"region\":\"R%u\"", next_random(&seed) % 3);
        if (day < 380)
            dgmi_buf_printf(&lines, ",\"published\":\"20%02u-%02u-%02uT%02u:10:00Z\"",
                            20 + day / 190, day % 12 + 1, day % 28 + 1, day % 24);
        dgmi_buf_puts(&lines, "}\n");
    }
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void check_sums(const dgm_trends *t, const dgm_series *s)
{
    uint64_t items = s->undated, of = s->undated_of;
    for (size_t i = 0; i < t->n_points; i++) {
        items += s->points[i].items;
        of += s->points[i].of;
        assert_true(s->points[i].items <= s->points[i].of);
        assert_true(s->points[i].stories <= s->points[i].items);
    }
    assert_int_equal(items, s->items);
    assert_int_equal(of, s->of);
}

static void intervals_and_series_add_up_to_the_total(void **state)
{
    static const char *const intervals[] = { "hour", "day", "week", "month", "year" };
    feed_random(*state);
    dgm *desk = open_desk(*state);
    for (size_t i = 1; i < 5; i++) {
        dgm_trends *t = COUNT(desk, "q", "water OR grain", "interval", intervals[i], "by",
                              "source", "tz", i % 2 ? "Z" : "-05:30");
        uint64_t items = t->without;
        check_sums(t, &t->all);
        for (size_t k = 0; k < t->n_series; k++) {
            check_sums(t, &t->series[k]);
            items += t->series[k].items;
        }
        assert_int_equal(t->n_series, t->values);
        assert_int_equal(items, t->all.items);
        assert_int_equal(t->all.of, ITEMS);
        dgm_trends_free(t);
    }
    dgm_close(desk);
}

/* Of all items the index's terms are counted, with any filter its documents. */
static void both_ways_of_counting_agree(void **state)
{
    feed_random(*state);
    dgm *desk = open_desk(*state);
    dgm_trends *terms = COUNT(desk, "q", "water", "interval", "week");
    dgm_trends *pass = COUNT(desk, "q", "water", "interval", "week", "region", "R0",
                             "region", "R1", "region", "R2");
    assert_int_equal(terms->n_points, pass->n_points);
    for (size_t i = 0; i < terms->n_points; i++) {
        assert_int_equal(terms->all.points[i].items, pass->all.points[i].items);
        assert_int_equal(terms->all.points[i].of, pass->all.points[i].of);
    }
    dgm_trends_free(terms);
    dgm_trends_free(pass);
    dgm_close(desk);
}

static const dgm_trend *at(const dgm_trends *t, int64_t from)
{
    static const dgm_trend nothing;
    for (size_t i = 0; i < t->n_points; i++) {
        if (t->all.points[i].from == from)
            return &t->all.points[i];
    }
    return &nothing;
}

static void a_filter_never_raises_a_count(void **state)
{
    static const char *const filters[][2] = { { "region", "R1" },
                                              { "source", "Agency" },
                                              { "from", "2020-06" },
                                              { "to", "2021-03" } };
    feed_random(*state);
    dgm *desk = open_desk(*state);
    dgm_trends *wide = COUNT(desk, "q", "treaty", "interval", "month");
    for (size_t f = 0; f < 4; f++) {
        dgm_trends *narrow =
            COUNT(desk, "q", "treaty", "interval", "month", filters[f][0], filters[f][1]);
        assert_true(narrow->all.items <= wide->all.items);
        assert_true(narrow->all.of <= wide->all.of);
        for (size_t i = 0; i < narrow->n_points; i++) {
            const dgm_trend *p = &narrow->all.points[i], *w = at(wide, p->from);
            assert_true(p->items <= w->items);
            assert_true(p->of <= w->of);
            assert_true(p->stories <= w->stories);
        }
        dgm_trends_free(narrow);
    }
    dgm_trends_free(wide);
    dgm_close(desk);
}

/* ---- What is refused ---- */

static void wrong_parameters_are_named(void **state)
{
    static const char *const wrong[][2] = {
        { "interval", "fortnight" }, { "by", "colour" }, { "series", "0" },
        { "series", "51" },          { "series", "x" },  { "tz", "+25:00" },
        { "tz", "Moscow" },          { "tz", "+03:" },   { "tz", "+3:00" },
    };
    dgm_trends_form form = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgm_trends_set(&form, wrong[i][0], wrong[i][1], &err),
                         DGM_E_ARG);
        assert_true(strncmp(err.text, wrong[i][0], strlen(wrong[i][0])) == 0);
    }
    OK(dgm_trends_set(&form, "tz", "-05:30", err));
    assert_int_equal(form.shift, -330);
    OK(dgm_trends_set(&form, "tz", " 03", err));
    assert_int_equal(form.shift, 180);
    assert_true(dgm_param_chooses("region"));
    assert_true(dgm_param_chooses("q"));
    static const char *const chooses[] = { "q",        "match",   "from",     "to",
                                           "region",   "country", "source",   "language",
                                           "topic",    "speaker", "exact",    "literal",
                                           "similar",  "as_of",   "synonyms", "versions",
                                           "provider", "agency" };
    size_t n = 0;
    for (size_t i = 0; dgm_param_at(i); i++)
        n += dgm_param_chooses(dgm_param_at(i)->name);
    for (size_t i = 0; i < sizeof chooses / sizeof chooses[0]; i++)
        assert_true(dgm_param_chooses(chooses[i]));
    assert_int_equal(n, sizeof chooses / sizeof chooses[0]); /* decide of a new one */
    assert_false(dgm_param_chooses("limit"));
    assert_false(dgm_param_chooses("nothing"));
}

static void too_many_intervals_are_refused(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_request *request = dgm_request_new();
    dgm_trends_form form = { .interval = 1 };
    dgm_trends *t = NULL;
    dgm_error why = DGM_ERROR_INIT;
    OK(dgm_request_set(request, "from", "1900", err));
    assert_int_equal(dgm_trends_count(desk, request, &form, &t, &why), DGM_E_ARG);
    assert_null(t);
    assert_non_null(strstr(why.text, "intervals"));
    form.by = 99;
    assert_int_equal(dgm_trends_count(desk, request, &form, &t, NULL), DGM_E_ARG);
    dgm_request_free(request);
    dgm_close(desk);
}

static void an_empty_archive_has_no_trend(void **state)
{
    dgm *desk = open_desk(*state);
    dgm_trends *t = COUNT(desk, "q", "water", "by", "source");
    assert_int_equal(t->n_points, 0);
    assert_int_equal(t->all.items, 0);
    assert_string_equal(t->query_text, "water");
    dgm_trends_free(t);
    dgm_trends_free(NULL);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(every_interval_is_there_with_its_denominator),
        DESK_TEST(intervals_reach_over_the_period_asked_for),
        DESK_TEST(a_clock_ahead_moves_items_into_the_next_day),
        DESK_TEST(values_of_one_spelling_are_one_series),
        DESK_TEST(copies_of_a_story_count_once_as_a_story),
        DESK_TEST(intervals_and_series_add_up_to_the_total),
        DESK_TEST(both_ways_of_counting_agree),
        DESK_TEST(a_filter_never_raises_a_count),
        cmocka_unit_test(wrong_parameters_are_named),
        DESK_TEST(too_many_intervals_are_refused),
        DESK_TEST(an_empty_archive_has_no_trend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
