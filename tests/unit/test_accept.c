/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/accept.c: several writers beside one another, and killing items. */
#include <sys/syscall.h>
#include <time.h>

#include "desk.h"

/* Stands in for the C library's: the wall clock jumps by so much. */
static time_t jump;
int clock_gettime(clockid_t clock, struct timespec *out)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, out);
    if (clock == CLOCK_REALTIME)
        out->tv_sec += jump;
    return failed;
}

static const dgm_ingest_options accept_only = { .accept_only = true };

static dgm_ingest *open_writer(const char *data, const dgm_ingest_options *options)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(data, options, &in, err));
    return in;
}

static void give(dgm_ingest *in, const char *id, const char *version, const char *body)
{
    char line[400];
    snprintf(line, sizeof line,
             "{\"id\":\"%s\",\"version\":\"%s\",\"title\":\"T\",\"body\":\"%s\"}\n", id,
             version, body);
    OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err));
}

static void expect(dgm_ingest *in, uint64_t added, uint64_t replaced, uint64_t unchanged,
                   uint64_t older)
{
    dgm_counts c;
    OK(dgm_ingest_commit(in, &c, err));
    assert_int_equal(c.added, added);
    assert_int_equal(c.replaced, replaced);
    assert_int_equal(c.unchanged, unchanged);
    assert_int_equal(c.older, older);
}

/* Brings the index up to the log, as any writer does that opens without accept_only. */
static void index_all(const char *data)
{
    dgm_ingest *in = open_writer(data, NULL);
    dgm_ingest_close(in);
}

static void what_one_writer_took_the_others_know_at_once(void **state)
{
    dgm_ingest *one = open_writer(*state, &accept_only);
    dgm_ingest *two = open_writer(*state, &accept_only);
    give(one, "a", "2", "second");
    give(two, "a", "2", "second"); /* unchanged */
    give(two, "a", "1", "first");  /* older */
    give(one, "a", "1", "first");  /* seen */
    give(one, "a", "3", "third");
    give(two, "a", "3", "third");  /* unchanged */
    give(two, "a", "2", "second"); /* seen, and no winner any more */
    give(two, "b", "1", "other");
    expect(one, 1, 1, 1, 0);
    expect(two, 1, 0, 3, 1);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 0); /* accepted is not indexed */
    dgm_ingest_close(one);
    dgm_ingest_close(two);
    index_all(*state);
    assert_int_equal(find(*state, "third"), 1);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    assert_int_equal(differences(*state), 0);
}

/* The index moves on under a writer in any number of steps, and so does the log. */
static void decisions_hold_while_the_index_follows(void **state)
{
    enum { IDS = 40, ROUNDS = 400 };
    int newest[IDS] = { 0 };
    dgm_ingest *in[2] = { open_writer(*state, &accept_only),
                          open_writer(*state, &accept_only) };
    uint64_t wanted[2][4] = { { 0 } };
    unsigned dice = 7;
    for (int i = 0; i < ROUNDS; i++) {
        char id[16], version[16];
        dice = dice * 1103515245 + 12345;
        int which = (int)(dice >> 16) % 2, k = (int)(dice >> 18) % IDS;
        int v = i + 1; /* never given before: newer than all */
        bool again = (dice >> 26) % 3 == 0 && newest[k] > 0;
        snprintf(id, sizeof id, "i%d", k);
        snprintf(version, sizeof version, "%d", again ? newest[k] : v);
        give(in[which], id, version, "text");
        wanted[which][again ? 2 : newest[k] > 0]++;
        newest[k] = again ? newest[k] : v;
        if (i % 37 == 0)
            index_all(*state);
    }
    for (int i = 0; i < 2; i++) {
        expect(in[i], wanted[i][0], wanted[i][1], wanted[i][2], wanted[i][3]);
        dgm_ingest_close(in[i]);
    }
    index_all(*state);
    assert_int_equal(differences(*state), 0);
}

typedef struct told {
    int n;
    dgm_outcome outcome[8];
    uint64_t place[8];
    char id[8][16], where[64];
} told;

static void note_taken(void *user, const char *where, const char *id, dgm_outcome outcome,
                       uint64_t place)
{
    told *t = user;
    assert_true(t->n < 8);
    t->outcome[t->n] = outcome;
    t->place[t->n] = place;
    snprintf(t->where, sizeof t->where, "%s", where);
    snprintf(t->id[t->n++], sizeof t->id[0], "%s", id);
}

static void each_item_is_reported_with_what_became_of_it_and_where(void **state)
{
    told t = { 0 };
    dgm_ingest_options o = { .taken = note_taken, .user = &t, .accept_only = true };
    dgm_ingest *in = open_writer(*state, &o);
    uint64_t end = 0;
    give(in, "a", "2", "second");
    give(in, "a", "1", "first");
    give(in, "a", "2", "second");
    give(in, "b", "1", "x");
    OK(dgm_ingest_sync(in, &end, err));
    assert_int_equal(t.n, 4);
    static const dgm_outcome wanted[] = { DGM_ADDED, DGM_OLDER, DGM_UNCHANGED,
                                          DGM_ADDED };
    for (int i = 0; i < 4; i++)
        assert_int_equal(t.outcome[i], wanted[i]);
    assert_string_equal(t.id[3], "b");
    assert_non_null(strstr(t.where, "x.ndjson"));
    assert_true(t.place[0] < t.place[1] && t.place[1] < t.place[3] && t.place[3] < end);
    assert_int_equal(t.place[2], 0);
    dgm_ingest_close(in);
}

static void a_reader_can_wait_for_what_was_taken(void **state)
{
    dgm *desk = NULL;
    uint64_t end = 0;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_ingest *in = open_writer(*state, &accept_only);
    OK(dgm_open(*state, NULL, &desk, err));
    give(in, "a", "1", "alpha");
    OK(dgm_ingest_sync(in, &end, err));
    assert_int_equal(dgm_wait(desk, end, 20, &fault), DGM_E_TIMEOUT);
    assert_non_null(strstr(fault.text, "20 ms"));
    index_all(*state);
    OK(dgm_wait(desk, end, 0, err));
    dgm_item *item = NULL;
    OK(dgm_get(desk, "a", &item, err));
    dgm_item_free(item);
    dgm_close(desk);
    dgm_ingest_close(in);
}

/* ---- Killing items ---- */

static void check_canceled(const char *data, const char *id)
{
    dgm *desk = NULL;
    dgm_item *item = NULL;
    OK(dgm_open(data, NULL, &desk, err));
    OK(dgm_get(desk, id, &item, err));
    assert_int_equal(item->status, DGM_CANCELED);
    assert_int_equal(item->n_paragraphs, 0);
    dgm_item_free(item);
    dgm_close(desk);
}

static void a_killed_item_stays_dead_until_a_newer_version_comes(void **state)
{
    static const char old[] = "{\"id\":\"a\",\"updated\":\"2021-06-01T10:00:00Z\","
                              "\"body\":\"alpha\",\"links\":{\"evolved_from\":\"z\"}}\n";
    static const char late[] = "{\"id\":\"a\",\"updated\":\"2021-07-01T10:00:00Z\","
                               "\"body\":\"beta\"}\n";
    for (int indexed = 0; indexed < 2; indexed++) {
        dgm_ingest *in = open_writer(*state, &accept_only);
        dgm_outcome outcome = DGM_ADDED;
        OK(dgm_ingest_bytes(in, "x.ndjson", old, strlen(old), err));
        if (indexed)
            index_all(*state);
        OK(dgm_ingest_cancel(in, "a", &outcome, err));
        assert_int_equal(outcome, indexed ? DGM_UNCHANGED : DGM_REPLACED);
        OK(dgm_ingest_cancel(in, "a", &outcome, err));
        assert_int_equal(outcome, DGM_UNCHANGED);
        OK(dgm_ingest_bytes(in, "x.ndjson", late, strlen(late), err));
        expect(in, !indexed, 0, indexed ? 2 : 0, !indexed);
        dgm_ingest_close(in);
        index_all(*state);
        check_canceled(*state, "a");
        assert_int_equal(find(*state, DGMI_TERM_USABLE), 0);
        assert_int_equal(differences(*state), 0);
    }
}

static void an_item_dated_ahead_can_be_killed_again_and_again(void **state)
{
    dgm_ingest *in = open_writer(*state, &accept_only);
    for (int i = 0; i < 3; i++) {
        char line[200];
        dgm_outcome outcome;
        snprintf(line, sizeof line,
                 "{\"dgm\":1,\"id\":\"a\",\"updated\":\"2090-01-0%dT00:00:00Z\","
                 "\"status\":\"usable\",\"body\":[\"text %d\"]}\n",
                 i + 1, i);
        OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err));
        index_all(*state);
        assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
        OK(dgm_ingest_cancel(in, "a", &outcome, err));
        assert_int_equal(outcome, DGM_REPLACED);
        index_all(*state);
        assert_int_equal(find(*state, DGMI_TERM_USABLE), 0);
    }
    dgm_ingest_close(in);
}

/* Ten years back between an item and its kill, and then ahead. */
static void a_clock_that_jumps_changes_no_order(void **state)
{
    static const char fresh[] =
        "{\"dgm\":1,\"id\":\"a\",\"body\":[\"alpha\"],\"updated\":";
    static const time_t jumps[] = { -315360000, 315360000, -86400, 0 };
    dgm_ingest *in = open_writer(*state, &accept_only);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        char line[140];
        dgm_outcome outcome;
        snprintf(line, sizeof line, "%s\"20%02zu-01-01T00:00:00Z\"}\n", fresh, 50 + i);
        jump = 0;
        OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err));
        jump = jumps[i];
        OK(dgm_ingest_cancel(in, "a", &outcome, err));
        assert_int_equal(outcome, DGM_REPLACED);
        OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err)); /* comes again */
        give(in, "b", i == 0 ? "1" : "2", i == 0 ? "one" : "two"); /* by version alone */
        index_all(*state);
        check_canceled(*state, "a");
        assert_int_equal(find(*state, i == 0 ? "one" : "two"), 1);
        assert_int_equal(differences(*state), 0);
    }
    jump = 0;
    dgm_ingest_close(in);
}

static void an_unknown_item_cannot_be_killed(void **state)
{
    dgm_ingest *in = open_writer(*state, &accept_only);
    dgm_error fault = DGM_ERROR_INIT;
    assert_int_equal(dgm_ingest_cancel(in, "nobody", NULL, &fault), DGM_E_NOTFOUND);
    assert_non_null(strstr(fault.text, "nobody"));
    assert_int_equal(dgm_ingest_cancel(in, "", NULL, NULL), DGM_E_ARG);
    dgm_ingest_close(in);
    index_all(*state);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 0);
}

/* ---- An index of no use ---- */

static void items_are_taken_while_the_index_is_damaged(void **state)
{
    dgm_ingest *first = open_writer(*state, NULL);
    give(first, "a", "1", "alpha");
    OK(dgm_ingest_commit(first, NULL, err));
    dgm_ingest_close(first);
    char *path = dgmi_path_join(*state, "index/gen-000001/postlist.glass");
    assert_int_equal(truncate(path, 0), 0);
    free(path);
    dgm_ingest *in = open_writer(*state, &accept_only);
    give(in, "a", "1", "alpha"); /* the log tells */
    give(in, "b", "1", "beta");
    expect(in, 1, 0, 1, 0);
    dgm_ingest_close(in);
    index_all(*state);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    assert_int_equal(differences(*state), 0);
}

static void an_index_ahead_of_the_log_does_not_swallow_items(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"alpha\"}\n{\"id\":\"b\",\"body\":\"beta\"}\n");
    char *path = dgmi_path_join(*state, "archive/000001.ndjson");
    assert_int_equal(truncate(path, 0), 0);
    free(path);
    dgm_ingest *in = open_writer(*state, &accept_only);
    OK(dgm_ingest_bytes(in, "x.ndjson", "{\"id\":\"a\",\"body\":\"alpha\"}\n", 26, err));
    expect(in, 1, 0, 0, 0); /* unchanged by the index, which is to be thrown away */
    dgm_ingest_close(in);
    index_all(*state);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
    assert_int_equal(differences(*state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(what_one_writer_took_the_others_know_at_once),
        DESK_TEST(decisions_hold_while_the_index_follows),
        DESK_TEST(each_item_is_reported_with_what_became_of_it_and_where),
        DESK_TEST(a_reader_can_wait_for_what_was_taken),
        DESK_TEST(a_killed_item_stays_dead_until_a_newer_version_comes),
        DESK_TEST(an_item_dated_ahead_can_be_killed_again_and_again),
        DESK_TEST(a_clock_that_jumps_changes_no_order),
        DESK_TEST(an_unknown_item_cannot_be_killed),
        DESK_TEST(items_are_taken_while_the_index_is_damaged),
        DESK_TEST(an_index_ahead_of_the_log_does_not_swallow_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
