/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of earlier moments: an archive whose items were corrected, rewritten, withdrawn
 * and killed at random answers as of a moment as one does that was made of the records up
 * to that moment alone. */
#include "searching.h"

#include "item.h"
#include "moment.h"

enum { ITEMS = 40, OPERATIONS = 160, MOMENTS = 4, HITS = 100 };

typedef struct random_log {
    unsigned state;
    bool kills; /* else items are only added, corrected and rewritten */
    dgmi_position ends[OPERATIONS];
    size_t n;
} random_log;

static unsigned next_random(random_log *r, unsigned below)
{
    r->state = r->state * 1664525u + 1013904223u;
    return (r->state >> 8) % below;
}

/* ---- Operations ---- */

static void put_body(dgmi_buf *out, random_log *r)
{
    dgmi_buf_puts(out, "\"body\":\"Report");
    for (unsigned i = 0, n = 2 + next_random(r, 9); i < n; i++)
        dgmi_buf_printf(out, " %s", made_words[next_random(r, MADE_WORDS)]);
    dgmi_buf_puts(out, ".\"");
}

static const char *random_status(random_log *r)
{
    unsigned chance = next_random(r, 100);
    return !r->kills || chance >= 25 ? "usable" : chance < 18 ? "canceled" : "withheld";
}

/* One line: a version of some item, mostly newer than the one before. */
static void put_operation(dgmi_buf *out, random_log *r, unsigned number)
{
    unsigned item = next_random(r, ITEMS), day = number - (number > 40 ? 40 : number) / 2;
    const char *status = random_status(r);
    dgmi_buf_printf(out, "{\"id\":\"i%02u\",\"status\":\"%s\",", item, status);
    /* without a time now and then, yet not so that a source contradicts its kills */
    bool timed = next_random(r, 8) > 0 || (r->kills && strcmp(status, "canceled") != 0);
    if (timed)
        dgmi_buf_printf(out, "\"updated\":\"2021-%02u-%02uT10:%02u:00Z\",", 1 + day / 28,
                        1 + day % 28, next_random(r, 60));
    if (strcmp(status, "canceled") == 0 && next_random(r, 2)) {
        dgmi_buf_puts(out, "\"title\":\"Gone\"}\n");
        return;
    }
    if (next_random(r, 9) > 0)
        dgmi_buf_printf(out, "\"published\":\"2020-%02u-11\",", 1 + next_random(r, 12));
    if (r->kills && next_random(r, 12) == 0)
        dgmi_buf_printf(out, "\"embargo\":\"%s\",", next_random(r, 2) ? "2098" : "2020");
    /* back alone, so that there are no circles */
    if (item > 0 && next_random(r, 5) == 0)
        dgmi_buf_printf(out, "\"links\":{\"evolved_from\":\"i%02u\"},",
                        next_random(r, item));
    dgmi_buf_printf(out, "\"title\":\"Number %u of %u\",\"region\":\"%s\",", number, item,
                    made_regions[next_random(r, 3)]);
    dgmi_buf_printf(out, "\"topics\":[\"%s\"],\"language\":\"en\",",
                    made_topics[next_random(r, 3)]);
    put_body(out, r);
    dgmi_buf_puts(out, "}\n");
}

static void run_operations(const char *data, random_log *r)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < OPERATIONS; i++) {
        put_operation(&lines, r, i);
        if (next_random(r, 3) > 0)
            continue;
        feed(data, lines.p);
        r->ends[r->n++] = archive_end(data);
        dgmi_buf_reset(&lines);
    }
    if (lines.n > 0)
        feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* An archive of the first records of another one. The caller removes it. */
static char *cut_archive(const char *data, dgmi_position end)
{
    dgmi_buf log;
    void *state = NULL;
    char *path = dgmi_path_join(data, "archive/000001.ndjson");
    dgmi_buf_init(&log, 0);
    OK(dgmi_file_read(path, &log, err));
    log.p[end.offset] = '\0';
    assert_int_equal(set_up(&state), 0);
    if (end.offset > 0)
        feed(state, log.p);
    assert_int_equal(archive_end(state).offset, end.offset);
    free(path);
    dgmi_buf_clear(&log);
    return state;
}

static const char *text_of(dgmi_position place)
{
    static char text[40];
    snprintf(text, sizeof text, "%u:%llu", place.segment,
             (unsigned long long)place.offset);
    return text;
}

/* ---- What is not told any more ---- */

static bool was_killed(dgm *desk, const char *id, const char *place)
{
    dgm_history *history = NULL;
    bool killed = false, found = false;
    OK(dgm_versions(desk, id, false, &history, err));
    for (size_t i = 0; i < history->n_versions; i++) {
        const dgm_item_version *v = &history->versions[i];
        if (strcmp(text_of(dgmi_position_unpack(v->place)), place) != 0)
            continue;
        found = true;
        killed = v->killed;
    }
    assert_true(found);
    dgm_history_free(history);
    return killed;
}

/* Whether the text of the version that was found then may be told now: as the rest of the
 * interface has it. */
static bool may_be_told(dgm *late, const dgm_hit *hit)
{
    dgm_item *item = NULL;
    dgm_error e = DGM_ERROR_INIT;
    dgm_status status = dgm_get(late, hit->id, &item, &e);
    bool usable = status == DGM_OK && item->status == DGM_USABLE;
    dgm_item_free(item);
    return usable && !was_killed(late, hit->id, hit->cited->place);
}

/* ---- Comparing ---- */

static void check_hit(const dgm_hit *got, const dgm_hit *want)
{
    assert_string_equal(got->id, want->id);
    assert_string_equal(got->title, want->title);
    assert_string_equal(got->cited->place, want->cited->place);
    assert_string_equal(got->cited->record, want->cited->record);
    assert_true(got->published == want->published);
    assert_string_equal(got->region, want->region);
    assert_int_equal(got->n_topics, want->n_topics);
    assert_string_equal(got->story->id, want->story->id);
}

static uint64_t count_of(const dgm_facet *facet, const char *value)
{
    for (size_t i = 0; i < facet->n_values; i++) {
        if (strcmp(facet->values[i].value, value) == 0)
            return facet->values[i].count;
    }
    return 0;
}

static void check_facets(const dgm_page *got, const dgm_page *want)
{
    assert_int_equal(got->n_facets, want->n_facets);
    for (size_t f = 0; f < want->n_facets; f++) {
        assert_int_equal(got->facets[f].n_values, want->facets[f].n_values);
        for (size_t v = 0; v < want->facets[f].n_values; v++)
            assert_int_equal(count_of(&got->facets[f], want->facets[f].values[v].value),
                             want->facets[f].values[v].count);
    }
    assert_int_equal(got->n_buckets, want->n_buckets);
    for (size_t i = 0; i < want->n_buckets; i++)
        assert_int_equal(got->histogram[i].count, want->histogram[i].count);
}

/* Facets of regions and topics are those of the hits, all of which are on the page. */
static void check_facets_by_hits(const dgm_page *page)
{
    for (size_t f = 0; f < 2; f++) {
        for (size_t v = 0; v < page->facets[f].n_values; v++) {
            uint64_t n = 0;
            const char *value = page->facets[f].values[v].value;
            for (size_t i = 0; i < page->n_hits; i++) {
                const dgm_hit *hit = &page->hits[i];
                const char *has = f == 0 ? hit->region : hit->topics[0];
                n += !hit->relaxed && strcmp(has, value) == 0;
            }
            assert_int_equal(page->facets[f].values[v].count, n);
        }
    }
}

static void check_explained(const dgm_page *page)
{
    for (size_t i = 0; i < page->n_hits; i++) {
        double sum = 0;
        for (size_t k = 0; k < page->hits[i].n_parts; k++)
            sum += page->hits[i].parts[k].weight;
        assert_true(page->hits[i].n_parts == 0 || sum == page->hits[i].score);
    }
}

static size_t count_strict(const dgm_page *page)
{
    size_t n = 0;
    for (size_t i = 0; i < page->n_hits; i++)
        n += !page->hits[i].relaxed;
    return n;
}

static int compare_hits(const void *a, const void *b)
{
    return strcmp(((const dgm_hit *)a)->id, ((const dgm_hit *)b)->id);
}

/* By relevance hits may stand in another order: words weigh what they weigh now. */
static const dgm_hit *in_order(const dgm_page *page, bool by_id, dgm_hit *copy)
{
    memcpy(copy, page->hits, page->n_hits * sizeof *copy);
    if (by_id)
        qsort(copy, count_strict(page), sizeof *copy, compare_hits);
    return copy;
}

/* Returns how many hits are told no more. */
static size_t check_page(dgm *late, const dgm_page *got, const dgm_page *want, bool by_id)
{
    dgm_hit one[HITS], other[HITS];
    const dgm_hit *hits = in_order(got, by_id, one), *then = in_order(want, by_id, other);
    size_t withheld = 0, at = 0, strict = count_strict(want);
    for (size_t i = 0; i < strict; i++) {
        if (!may_be_told(late, &then[i])) {
            withheld++;
            continue;
        }
        assert_true(at < count_strict(got));
        check_hit(&hits[at++], &then[i]);
    }
    assert_int_equal(at, count_strict(got));
    assert_true(got->total_exact && want->total_exact);
    assert_int_equal(got->total, want->total - withheld);
    if (withheld == 0)
        check_facets(got, want);
    check_facets_by_hits(got);
    check_explained(got);
    return withheld;
}

static const char *const queries[] = {
    "",
    "copper",
    "copper wheat",
    "harbour OR ferry",
    "(copper wheat) OR (senate treaty) OR reactor",
    "\"copper wheat\"",
    "treaty NOT senate",
    "title:number",
    "reactor NEAR/3 bridge",
    "whea*",
    "region:Chile",
    "id:i07",
};
enum { QUERIES = sizeof queries / sizeof *queries };

static dgm_page *ask(dgm *desk, int query, const char *sort, const char *versions,
                     const char *as_of)
{
    static const char facets[] = "region,topic,year,source";
    if (!as_of)
        return SEARCH(desk, "q", queries[query], "sort", sort, "versions", versions,
                      "facets", facets, "histogram", "month", "limit", "100", "cite", "1",
                      "explain", "1");
    return SEARCH(desk, "q", queries[query], "sort", sort, "versions", versions, "facets",
                  facets, "histogram", "month", "limit", "100", "cite", "1", "explain",
                  "1", "as_of", as_of);
}

static size_t check_searches(dgm *late, dgm *then, const char *place)
{
    static const char *const sorts[] = { "newest", "oldest", "relevance" };
    size_t withheld = 0;
    for (int q = 0; q < QUERIES; q++) {
        for (int s = 0; s < 3; s++) {
            const char *versions = (q + s) % 2 ? "all" : "latest";
            dgm_page *want = ask(then, q, sorts[s], versions, NULL);
            dgm_page *got = ask(late, q, sorts[s], versions, place);
            withheld += check_page(late, got, want, s == 2);
            dgm_page_free(want);
            dgm_page_free(got);
        }
    }
    return withheld;
}

static void check_grouped(dgm *late, dgm *then, const char *place)
{
    for (int q = 0; q < 4; q++) {
        dgm_page *want = SEARCH(then, "q", queries[q], "group", "story", "sort", "newest",
                                "facets", "region", "limit", "100", "cite", "1");
        dgm_page *got =
            SEARCH(late, "q", queries[q], "group", "story", "sort", "newest", "facets",
                   "region", "limit", "100", "cite", "1", "as_of", place);
        assert_int_equal(got->n_hits, want->n_hits);
        assert_int_equal(got->items, want->items);
        assert_int_equal(got->stories, want->stories);
        for (size_t i = 0; i < count_strict(want); i++) {
            check_hit(&got->hits[i], &want->hits[i]);
            assert_int_equal(got->hits[i].story->items, want->hits[i].story->items);
            assert_true(got->hits[i].story->first_seen ==
                        want->hits[i].story->first_seen);
        }
        check_facets(got, want);
        dgm_page_free(want);
        dgm_page_free(got);
    }
}

static dgm_trends *count_trends(dgm *desk, const char *as_of)
{
    dgm_trends *made = NULL;
    const dgm_trends_form form = { .interval = 1 + DGMI_MONTH, .by = 2 };
    dgm_request *r = as_of ? request_of(PAIRS("q", "copper", "as_of", as_of))
                           : request_of(PAIRS("q", "copper"));
    OK(dgm_trends_count(desk, r, &form, &made, err));
    dgm_request_free(r);
    return made;
}

static void check_trends(dgm *late, dgm *then, const char *place)
{
    dgm_trends *want = count_trends(then, NULL), *got = count_trends(late, place);
    assert_int_equal(got->all.items, want->all.items);
    assert_int_equal(got->all.of, want->all.of);
    assert_int_equal(got->all.stories, want->all.stories);
    assert_int_equal(got->values, want->values);
    assert_int_equal(got->n_points, want->n_points);
    for (size_t i = 0; i < want->n_points; i++)
        assert_int_equal(got->all.points[i].items, want->all.points[i].items);
    assert_true(got->all.first.published == want->all.first.published);
    assert_true(got->all.last.published == want->all.last.published);
    dgm_trends_free(want);
    dgm_trends_free(got);
}

static void check_scan(dgm *late, const char *place)
{
    dgm_page *page = SEARCH(late, "q", "copper", "sort", "newest", "limit", "100",
                            "as_of", place, "match", "any");
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    size_t n = 0;
    OK(dgm_scan_open(request_of(PAIRS("q", "copper", "sort", "newest", "as_of", place)),
                     0, &scan, err));
    dgm_error e = DGM_ERROR_INIT;
    while (dgm_scan_next(scan, late, &item, &e) == DGM_OK) {
        assert_string_equal(item->id, page->hits[n].id);
        assert_string_equal(item->title, page->hits[n++].title);
        dgm_item_free(item);
    }
    assert_int_equal(n, page->total);
    dgm_scan_close(scan);
    dgm_page_free(page);
}

static size_t check_moment(const char *data, dgm *late, dgmi_position end, bool kills)
{
    char *place = strdup(text_of(end)), *cut = cut_archive(data, end);
    dgm *then = open_desk(cut);
    size_t withheld = check_searches(late, then, place);
    if (!kills) {
        assert_int_equal(withheld, 0);
        check_grouped(late, then, place);
        check_trends(late, then, place);
    }
    check_scan(late, place);
    dgm_close(then);
    free(place);
    void *state = cut;
    tear_down(&state);
    return withheld;
}

static size_t check_moments(void *data, unsigned seed, bool kills, bool anew)
{
    random_log r = { .state = seed, .kills = kills };
    size_t withheld = 0;
    run_operations(data, &r);
    if (anew)
        OK(dgm_reindex(data, NULL, NULL, err));
    dgm *late = open_desk(data);
    for (int i = 0; i < MOMENTS; i++)
        withheld +=
            check_moment(data, late, r.ends[next_random(&r, (unsigned)r.n)], kills);
    dgm_close(late);
    return withheld;
}

static void corrected_archive_answers_as_then(void **state)
{
    check_moments(*state, 7, false, false);
}

static void corrected_archive_answers_as_then_when_built_anew(void **state)
{
    check_moments(*state, 8, false, true);
}

static void what_was_withdrawn_is_told_no_more_and_all_else_as_then(void **state)
{
    assert_true(check_moments(*state, 9, true, false) > 0);
}

static void what_was_withdrawn_is_told_no_more_when_built_anew(void **state)
{
    assert_true(check_moments(*state, 10, true, true) > 0);
}

/* ---- What lies between two pages ---- */

static void correct_made(const char *data, unsigned from, unsigned step)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = from; i < 150; i += step)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"m%03u\",\"title\":\"Corrected\",\"updated\":"
                        "\"2022-01-01T00:00:%02uZ\",\"body\":\"Copper no more.\"}\n",
                        i, from);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void check_paged(void *data, const char *sort)
{
    dgmi_buf all;
    char *cursor = NULL;
    dgmi_buf_init(&all, 0);
    feed_made(data, 0, 150);
    char *place = strdup(text_of(archive_end(data)));
    correct_made(data, 3, 11);
    dgm *desk = open_desk(data);
    dgm_page *whole = SEARCH(desk, "q", "copper wheat", "as_of", place, "limit", "100",
                             "match", "any", "sort", sort);
    char *want = ids_of(whole);
    for (unsigned number = 0; number == 0 || cursor; number++) {
        dgm_request *r = request_of(PAIRS("q", "copper wheat", "as_of", place, "limit",
                                          "7", "match", "any", "sort", sort));
        if (cursor)
            OK(dgm_request_set(r, "cursor", cursor, err));
        dgm_page *page = NULL;
        OK(dgm_search(desk, r, &page, err));
        dgm_request_free(r);
        char *ids = ids_of(page);
        dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " " : "", ids);
        assert_int_equal(page->total, whole->total);
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        correct_made(data, 4 + number, 5);
    }
    /* a page has a hundred hits at most */
    assert_true(strncmp(all.p, want, strlen(want)) == 0);
    free(want);
    free(place);
    dgm_page_free(whole);
    dgmi_buf_clear(&all);
    dgm_close(desk);
}

static void pages_by_relevance_hold_while_items_change(void **state)
{
    check_paged(*state, "relevance");
}

static void pages_by_time_hold_while_items_change(void **state)
{
    check_paged(*state, "newest");
}

/* ---- Whatever else finds items ---- */

static void check_only_then(dgm *desk, const char *const *pairs)
{
    dgm_page *page = search_pairs(desk, pairs);
    assert_true(page->n_hits > 0);
    for (size_t i = 0; i < page->n_hits; i++)
        assert_true(strncmp(page->hits[i].id, "then", 4) == 0);
    dgm_page_free(page);
}

static void nothing_that_fills_a_page_comes_from_later(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < 12; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"then%d\",\"body\":\"The senate of Kale opened a "
                        "copper mine, number %d, with smelter and railway.\"}\n",
                        i, i);
    feed(*state, lines.p);
    char *place = strdup(text_of(archive_end(*state)));
    dgmi_buf_reset(&lines);
    for (int i = 0; i < 12; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"later%d\",\"body\":\"Copper from the smelter of "
                        "Kale goes by railway, locomotive number %d, opened.\"}\n",
                        i, i);
    dgmi_buf_puts(&lines, "{\"id\":\"then3\",\"updated\":\"2022-01-01\",\"body\":"
                          "\"Nothing of it was true.\"}\n");
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    check_only_then(desk, PAIRS("q", "coper", "as_of", place, "limit", "50"));
    check_only_then(desk,
                    PAIRS("q", "mine", "expand", "1", "as_of", place, "limit", "50"));
    dgm_page *suggested = SEARCH(desk, "q", "lokomotive", "as_of", place);
    assert_null(suggested->suggestion);
    dgm_page_free(suggested);
    suggested = SEARCH(desk, "q", "lokomotive");
    assert_string_equal(suggested->suggestion, "locomotive");
    dgm_page_free(suggested);
    check_only_then(desk, PAIRS("q", "copper zebra", "as_of", place, "limit", "50"));
    check_only_then(
        desk, PAIRS("q", "copper", "recency", "0.5", "as_of", place, "limit", "50"));
    check_only_then(desk, PAIRS("similar", "then3", "as_of", place, "limit", "50"));
    dgm_page *page = SEARCH(desk, "q", "copper", "recency", "0.5", "as_of", place);
    assert_int_equal(page->total, 12);
    dgm_page_free(page);
    dgm_error e = DGM_ERROR_INIT;
    dgm_request *r = request_of(PAIRS("similar", "later3", "as_of", place));
    assert_int_equal(dgm_search(desk, r, &page, &e), DGM_E_NOTFOUND);
    dgm_request_free(r);
    dgmi_buf_clear(&lines);
    free(place);
    dgm_close(desk);
}

/* An item that changed since closed it, so it is known. */
static void circle_that_a_change_closed_was_none_then(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"copper one\"}\n"
                 "{\"id\":\"b\",\"body\":\"copper two\",\"links\":"
                 "{\"evolved_from\":\"a\"}}\n");
    char *place = strdup(text_of(archive_end(*state)));
    feed(*state, "{\"id\":\"a\",\"body\":\"copper three\",\"updated\":\"2022-01-01\","
                 "\"links\":{\"evolved_from\":\"b\"}}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "copper", "as_of", place), "b", false);
    check_ids(desk, PAIRS("q", "copper", "as_of", place, "versions", "all"), "a b",
              false);
    check_ids(desk, PAIRS("q", "copper"), "a b", false);
    free(place);
    dgm_close(desk);
}

/* Not even where nothing that changed had any: see put() of recall.c. */
static void phrase_finds_no_items_without_words(void **state)
{
    feed(*state, "{\"id\":\"words\",\"body\":\"a copper mine\"}\n"
                 "{\"id\":\"none\",\"title\":\"!!!\"}\n");
    char *place = strdup(text_of(archive_end(*state)));
    feed(*state, "{\"id\":\"none\",\"title\":\"???\",\"updated\":\"2022-01-01\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "", "as_of", place), "words none", false);
    check_ids(desk, PAIRS("q", "\"copper mine\"", "as_of", place), "words", false);
    free(place);
    dgm_close(desk);
}

/* What was found stands as it stood, though the index went on under it. */
static void scan_reads_what_stood_while_items_change(void **state)
{
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    dgm_error e = DGM_ERROR_INIT;
    size_t n = 0;
    feed_made(*state, 0, 150);
    char *place = strdup(text_of(archive_end(*state)));
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    OK(dgm_scan_open(request_of(PAIRS("q", "copper", "as_of", place)), 0, &scan, err));
    while (dgm_scan_next(scan, desk, &item, &e) == DGM_OK) {
        assert_true(strncmp(item->title, "Number ", 7) == 0);
        dgm_item_free(item);
        if (n++ % 20 == 0)
            correct_made(*state, 3 + (unsigned)n % 7, 5);
    }
    assert_int_equal(n, page->total);
    dgm_scan_close(scan);
    dgm_page_free(page);
    free(place);
    dgm_close(desk);
}

/* ---- Two moments at once ---- */

static dgm_request *side_of(const char *as_of, const char *q)
{
    dgm_request *r = request_of(PAIRS("exact", "0"));
    if (as_of)
        OK(dgm_request_set(r, "as_of", as_of, err));
    if (q)
        OK(dgm_request_set(r, "q", q, err));
    return r;
}

static dgm_comparison *compare_sides(dgm *desk, dgm_request *both, dgm_request *a,
                                     dgm_request *b)
{
    dgm_comparison *made = NULL;
    const dgm_compare_form form = { .trends = { .interval = 1 + DGMI_MONTH } };
    OK(dgm_compare(desk, both, a, b, &form, &made, err));
    dgm_request_free(both);
    dgm_request_free(a);
    dgm_request_free(b);
    return made;
}

static void sides_of_a_comparison_have_moments_of_their_own(void **state)
{
    feed_made(*state, 0, 150);
    char *first = strdup(text_of(archive_end(*state)));
    correct_made(*state, 3, 11);
    char *second = strdup(text_of(archive_end(*state)));
    correct_made(*state, 5, 7);
    dgm *desk = open_desk(*state);
    const char *moments[] = { first, second, NULL };
    uint64_t totals[3];
    for (int i = 0; i < 3; i++) {
        dgm_page *page = moments[i] ? SEARCH(desk, "q", "copper", "as_of", moments[i])
                                    : SEARCH(desk, "q", "copper");
        totals[i] = page->total;
        dgm_page_free(page);
    }
    assert_true(totals[0] != totals[1] && totals[1] != totals[2]);
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            dgm_comparison *c =
                compare_sides(desk, side_of(NULL, "copper"), side_of(moments[a], NULL),
                              side_of(moments[b], NULL));
            assert_int_equal(c->a.all.items, totals[a]);
            assert_int_equal(c->b.all.items, totals[b]);
            assert_true(c->both <= totals[a] && c->both <= totals[b]);
            assert_true(a != b || c->both == totals[a]);
            dgm_comparison_free(c);
        }
    }
    free(first);
    free(second);
    dgm_close(desk);
}

/* "alpha" and "delta" are in the items of a, then and now, and one of them more now. */
static void words_of_a_side_are_counted_as_then(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < 30; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"a%d\",\"body\":\"Copper alpha number %d.\"}\n"
                        "{\"id\":\"b%d\",\"body\":\"Zinc gamma number %d.\"}\n",
                        i, i * 7, i, i * 11);
    feed(*state, lines.p);
    char *place = strdup(text_of(archive_end(*state)));
    dgmi_buf_reset(&lines);
    for (int i = 0; i < 30; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"a%d\",\"updated\":\"2022-01-01\",\"body\":\"Brass "
                        "alpha number %d.\"}\n",
                        i, i * 7);
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    dgm_comparison *c = compare_sides(desk, side_of(place, NULL), side_of(NULL, "copper"),
                                      side_of(NULL, "zinc"));
    assert_int_equal(c->a.all.items, 30);
    assert_int_equal(c->b.all.items, 30);
    assert_int_equal(c->a.n_words + c->a.n_names, 1);
    const dgm_word *word = c->a.n_words > 0 ? c->a.words : c->a.names;
    assert_int_equal(word->a, 30);
    assert_int_equal(word->b, 0);
    dgm_comparison_free(c);
    /* what both sides ask for is asked for as of the moment, too */
    c = compare_sides(desk, side_of(NULL, "copper"), side_of(place, NULL),
                      side_of(NULL, NULL));
    assert_int_equal(c->a.all.items, 30);
    assert_int_equal(c->b.all.items, 0);
    dgm_comparison_free(c);
    dgmi_buf_clear(&lines);
    free(place);
    dgm_close(desk);
}

/* ---- Bounds ---- */

static void feed_many(const char *data, unsigned n, const char *text)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < n; i++)
        dgmi_buf_printf(&lines, "{\"id\":\"n%u\",\"updated\":\"%s\",\"body\":\"%s\"}\n",
                        i, *text == 'c' ? "2021-01-01" : "2021-01-02", text);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* So many that they are not read back are left out, and that is told. */
static void more_changes_than_are_read_back_are_told(void **state)
{
    feed_many(*state, DGMI_RECALL_ITEMS + 2, "copper");
    char *place = strdup(text_of(archive_end(*state)));
    feed_many(*state, DGMI_RECALL_ITEMS, "tin and copper");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    assert_int_equal(page->total, DGMI_RECALL_ITEMS + 2);
    assert_int_equal(page->n_warnings, 0);
    dgm_page_free(page);
    feed(*state, "{\"id\":\"n2000\",\"updated\":\"2021-01-02\",\"body\":\"tin\"}\n");
    page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    assert_int_equal(page->total, 1);
    assert_int_equal(page->n_warnings, 2);
    assert_non_null(
        strstr(page->warnings[0], "left out, for they changed since: n0, n1"));
    assert_true(strncmp(page->warnings[1], "2001 items", 10) == 0);
    assert_non_null(strstr(page->warnings[1], "too many to be read back"));
    dgm_page_free(page);
    free(place);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(corrected_archive_answers_as_then),
        DESK_TEST(corrected_archive_answers_as_then_when_built_anew),
        DESK_TEST(what_was_withdrawn_is_told_no_more_and_all_else_as_then),
        DESK_TEST(what_was_withdrawn_is_told_no_more_when_built_anew),
        DESK_TEST(pages_by_relevance_hold_while_items_change),
        DESK_TEST(pages_by_time_hold_while_items_change),
        DESK_TEST(nothing_that_fills_a_page_comes_from_later),
        DESK_TEST(circle_that_a_change_closed_was_none_then),
        DESK_TEST(phrase_finds_no_items_without_words),
        DESK_TEST(scan_reads_what_stood_while_items_change),
        DESK_TEST(sides_of_a_comparison_have_moments_of_their_own),
        DESK_TEST(words_of_a_side_are_counted_as_then),
        DESK_TEST(more_changes_than_are_read_back_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
