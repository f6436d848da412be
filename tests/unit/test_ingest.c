/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/ingest.c: deciding about items, idempotence, limits, and a writer
 * that is killed at any moment. Called with "write DATA FROM", the program is that
 * writer. */
#include <signal.h>
#include <sys/wait.h>

#include "desk.h"

#define ITEM(id, v, body)                                                                \
    "{\"id\":\"" id "\",\"version\":\"" v "\",\"title\":\"T " id "\",\"body\":\"" body   \
    "\"}\n"

static uint64_t bytes_of(const char *data, const char *name)
{
    char *path = dgmi_path_join(data, name);
    uint64_t n = dgmi_tree_size(path);
    free(path);
    return n;
}

static void expect_counts(dgm_counts c, uint64_t added, uint64_t replaced,
                          uint64_t unchanged, uint64_t older)
{
    assert_int_equal(c.added, added);
    assert_int_equal(c.replaced, replaced);
    assert_int_equal(c.unchanged, unchanged);
    assert_int_equal(c.older, older);
    assert_int_equal(c.items, added + replaced + unchanged + older);
}

static void the_same_input_again_changes_not_a_byte(void **state)
{
    static const char input[] = ITEM("a", "1", "alpha") ITEM("b", "1", "beta");
    expect_counts(feed(*state, input), 2, 0, 0, 0);
    uint64_t archive = bytes_of(*state, "archive"), index = bytes_of(*state, "index");
    dgmi_index *before = open_index(*state);
    expect_counts(feed(*state, input), 0, 0, 2, 0);
    assert_int_equal(bytes_of(*state, "archive"), archive);
    assert_int_equal(bytes_of(*state, "index"), index);
    dgmi_index *after = open_index(*state);
    assert_string_equal(before->revision, after->revision);
    dgmi_index_close(before);
    dgmi_index_close(after);
    assert_int_equal(differences(*state), 0);
}

static void a_repeat_inside_one_input_is_seen_before_anything_is_indexed(void **state)
{
    expect_counts(feed(*state, ITEM("a", "2", "now") ITEM("a", "2", "now")
                                   ITEM("a", "1", "then") ITEM("a", "3", "next")
                                       ITEM("a", "2", "now") ITEM("a", "1", "then")),
                  1, 1, 3, 1);
    assert_int_equal(find(*state, "next"), 1);
    assert_int_equal(find(*state, "now"), 0);
    assert_int_equal(differences(*state), 0);
}

static void newer_replaces_and_older_does_not_across_runs(void **state)
{
    expect_counts(feed(*state, ITEM("a", "2", "second")), 1, 0, 0, 0);
    expect_counts(feed(*state, ITEM("a", "1", "first")), 0, 0, 0, 1);
    assert_int_equal(find(*state, "second"), 1);
    expect_counts(feed(*state, ITEM("a", "1", "first")), 0, 0, 1, 0);
    expect_counts(feed(*state, ITEM("a", "3", "third")), 0, 1, 0, 0);
    expect_counts(feed(*state, ITEM("a", "2", "second")), 0, 0, 1, 0);
    assert_int_equal(find(*state, "third"), 1);
    assert_int_equal(find(*state, "second"), 0);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
    assert_int_equal(differences(*state), 0);
}

static void times_decide_before_version_marks(void **state)
{
    feed(*state, "{\"id\":\"a\",\"version\":\"9\",\"updated\":\"2021-06-01T10:00:00Z\","
                 "\"body\":\"early\"}\n");
    expect_counts(
        feed(*state,
             "{\"id\":\"a\",\"version\":\"1\",\"updated\":\"2021-06-02T10:00:00Z\","
             "\"body\":\"late\"}\n"),
        0, 1, 0, 0);
    assert_int_equal(find(*state, "late"), 1);
}

static void a_canceled_item_cannot_be_found_and_can_come_back(void **state)
{
    feed(*state, ITEM("a", "1", "alpha"));
    feed(*state,
         "{\"id\":\"a\",\"version\":\"2\",\"status\":\"canceled\",\"title\":\"T\"}\n");
    assert_int_equal(find(*state, "alpha"), 0);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 0);
    assert_int_equal(find(*state, "Qa"), 1);
    feed(*state, ITEM("a", "3", "alpha"));
    assert_int_equal(find(*state, "alpha"), 1);
    assert_int_equal(differences(*state), 0);
}

static void what_was_appended_and_not_committed_is_indexed_at_the_next_open(void **state)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(*state, NULL, &in, err));
    OK(dgm_ingest_bytes(in, "x.ndjson", ITEM("a", "1", "alpha"),
                        strlen(ITEM("a", "1", "alpha")), err));
    dgm_ingest_close(in);
    assert_int_equal(find(*state, "alpha"), 0);
    assert_int_equal(differences(*state), 1);
    OK(dgm_ingest_open(*state, NULL, &in, err));
    dgm_ingest_close(in);
    assert_int_equal(find(*state, "alpha"), 1);
    assert_int_equal(differences(*state), 0);
}

static void several_writers_are_open_at_once(void **state)
{
    dgm_ingest *in[2];
    dgm_counts counts[2];
    for (int i = 0; i < 2; i++)
        OK(dgm_ingest_open(*state, NULL, &in[i], err));
    OK(dgm_ingest_bytes(in[0], "x.ndjson", ITEM("a", "1", "alpha"),
                        strlen(ITEM("a", "1", "alpha")), err));
    OK(dgm_ingest_bytes(in[1], "x.ndjson", ITEM("b", "1", "beta"),
                        strlen(ITEM("b", "1", "beta")), err));
    OK(dgm_reindex(*state, NULL, NULL, err));
    for (int i = 0; i < 2; i++) {
        OK(dgm_ingest_commit(in[i], &counts[i], err));
        expect_counts(counts[i], 1, 0, 0, 0);
        dgm_ingest_close(in[i]);
    }
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    assert_int_equal(differences(*state), 0);
}

static void wrong_arguments_are_refused_by_name(void **state)
{
    dgm_ingest *in = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_ingest_options o = { .format = "morse" };
    assert_int_equal(dgm_ingest_open(*state, &o, &in, &fault), DGM_E_ARG);
    assert_non_null(strstr(fault.text, "morse"));
    assert_int_equal(dgm_ingest_open("", NULL, &in, NULL), DGM_E_ARG);
    assert_int_equal(dgm_reindex("no/such/folder", NULL, NULL, NULL), DGM_E_NOTFOUND);
    assert_non_null(dgm_format_at(0));
    dgm_ingest_close(NULL);
}

typedef struct told {
    int rejects, progress;
    dgm_phase last;
    uint64_t indexed, to_index;
    char kept[300];
} told;

static void note_reject(void *user, const char *where, const char *reason,
                        const char *kept)
{
    told *t = user;
    assert_non_null(where);
    assert_non_null(reason);
    t->rejects++;
    snprintf(t->kept, sizeof t->kept, "%s", kept ? kept : "");
}

/* When a phase comes: their numbers tell only when they were thought of. */
static int turn_of(dgm_phase phase)
{
    static const int turns[] = { [DGM_READING] = 0,
                                 [DGM_SURVEYING] = 1,
                                 [DGM_INDEXING] = 2,
                                 [DGM_MERGING] = 3,
                                 [DGM_DONE] = 4 };
    return turns[phase];
}

static void note_progress(void *user, dgm_phase phase, const dgm_counts *counts)
{
    told *t = user;
    assert_true(turn_of(phase) >= turn_of(t->last) || t->last == DGM_DONE);
    t->progress++;
    t->last = phase;
    t->indexed = counts->indexed;
    t->to_index = counts->to_index;
}

static void a_bad_line_is_kept_reported_and_costs_no_other(void **state)
{
    static const char bad[] = "{\"id\":\"broken\",";
    char input[300];
    told t = { .last = DGM_READING };
    dgm_ingest_options o = { .reject = note_reject, .user = &t };
    dgm_ingest *in = NULL;
    dgm_counts counts;
    snprintf(input, sizeof input, "%s%s\n%s", ITEM("a", "1", "alpha"), bad,
             ITEM("b", "1", "beta"));
    for (int i = 0; i < 2; i++) {
        OK(dgm_ingest_open(*state, &o, &in, err));
        OK(dgm_ingest_bytes(in, "x.ndjson", input, strlen(input), err));
        OK(dgm_ingest_commit(in, &counts, err));
        dgm_ingest_close(in);
        assert_int_equal(counts.rejected, 1);
        assert_int_equal(t.rejects, i + 1);
    }
    dgmi_buf kept;
    dgmi_buf_init(&kept, 0);
    OK(dgmi_file_read(t.kept, &kept, err));
    assert_memory_equal(kept.p, bad, strlen(bad));
    dgmi_buf_clear(&kept);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    char *list = dgmi_path_join(*state, "rejects/rejects.ndjson");
    OK(dgmi_file_read(list, &kept, err));
    assert_ptr_equal(strchr(kept.p, '\n'), kept.p + kept.n - 1); /* listed once */
    dgmi_buf_clear(&kept);
    free(list);
}

static void put_items(dgmi_buf *out, int from, int to)
{
    for (int i = from; i < to; i++)
        dgmi_buf_printf(
            out,
            "{\"id\":\"n%d\",\"title\":\"Title %d\",\"body\":\"Text of item %d, w%d\"}\n",
            i, i, i, i);
}

static void progress_goes_through_the_phases_and_counts_all(void **state)
{
    told t = { .last = DGM_READING };
    dgm_ingest_options o = { .progress = note_progress, .user = &t, .jobs = 2 };
    dgm_ingest *in = NULL;
    dgm_counts counts;
    dgmi_buf input;
    dgmi_buf_init(&input, 0);
    put_items(&input, 0, 1500);
    OK(dgm_ingest_open(*state, &o, &in, err));
    OK(dgm_ingest_bytes(in, "x.ndjson", input.p, input.n, err));
    OK(dgm_ingest_commit(in, &counts, err));
    dgm_ingest_close(in);
    assert_int_equal(t.last, DGM_DONE);
    assert_true(t.progress >= 3);
    assert_int_equal(t.indexed, 1500);
    assert_int_equal(t.to_index, 1500);
    assert_int_equal(counts.bytes, input.n);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1500);
    dgmi_buf_clear(&input);
}

static void reindex_builds_the_same_items_anew(void **state)
{
    dgm_counts counts;
    feed(*state, ITEM("a", "2", "alpha") ITEM("a", "1", "old") ITEM("b", "1", "beta"));
    OK(dgm_reindex(*state, NULL, &counts, err));
    assert_int_equal(counts.indexed, 3);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->generation, 2);
    assert_int_equal(index->documents, 2);
    dgmi_index_close(index);
    assert_int_equal(differences(*state), 0);
    expect_counts(feed(*state, ITEM("a", "1", "old")), 0, 0, 1, 0);
}

static void an_id_of_any_length_and_kind_is_one_item(void **state)
{
    dgmi_buf input;
    dgmi_buf_init(&input, 0);
    for (int i = 0; i < 2; i++) {
        dgmi_buf_puts(&input, "{\"id\":\"");
        for (int k = 0; k < 400; k++)
            dgmi_buf_puts(&input, "long/");
        dgmi_buf_printf(&input, "%d\",\"body\":\"text\"}\n", i);
    }
    dgmi_buf_puts(&input, "{\"id\":\"Q:x\\\"\\\\ \\u00e9\",\"body\":\"text\"}\n");
    expect_counts(feed(*state, input.p), 3, 0, 0, 0);
    expect_counts(feed(*state, input.p), 0, 0, 3, 0);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 3);
    assert_int_equal(differences(*state), 0);
    dgmi_buf_clear(&input);
}

/* ---- A writer that is killed ---- */

static void say(const char *what, int n)
{
    printf("%s %d\n", what, n);
    fflush(stdout);
}

static void say_progress(void *user, dgm_phase phase, const dgm_counts *counts)
{
    (void)user;
    (void)counts;
    say("phase", (int)phase);
}

/* Ingests without end: at first so many that a generation is built, then a few at a time.
 */
static int write_on(const char *data, int from)
{
    dgm_ingest *in = NULL;
    dgm_ingest_options o = { .progress = say_progress, .jobs = 2 };
    if (dgm_ingest_open(data, &o, &in, NULL) != DGM_OK)
        return 1;
    for (int n = from == 0 ? 600 : 7;; n = 7) {
        dgmi_buf input;
        dgmi_buf_init(&input, 0);
        put_items(&input, from, from + n);
        if (dgm_ingest_bytes(in, "x.ndjson", input.p, input.n, NULL) != DGM_OK ||
            dgm_ingest_commit(in, NULL, NULL) != DGM_OK)
            return 1;
        dgmi_buf_clear(&input);
        from += n;
        say("committed", from);
    }
}

static pid_t start_writer(const char *data, int from, FILE **out)
{
    int ends[2];
    char number[16];
    snprintf(number, sizeof number, "%d", from);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "test_ingest", "write", data, number, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *out = fdopen(ends[0], "r");
    return child;
}

/* Reads so many lines of what the writer says, kills it, and returns how many items it
 * had committed. */
static int kill_after(const char *data, int from, int lines)
{
    FILE *out = NULL;
    char line[64];
    int committed = from, status = 0;
    pid_t child = start_writer(data, from, &out);
    for (int i = 0; i < lines && fgets(line, sizeof line, out); i++)
        sscanf(line, "committed %d", &committed);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (fgets(line, sizeof line, out)) /* said before it died */
        sscanf(line, "committed %d", &committed);
    fclose(out);
    return committed;
}

static void expect_all(const char *data, int committed)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(data, NULL, &in, err));
    dgm_ingest_close(in);
    assert_int_equal(differences(data), 0);
    dgmi_index *index = open_index(data);
    for (int i = 0; i < committed; i++) {
        char term[16];
        snprintf(term, sizeof term, "Qn%d", i);
        if (frequency(index, term) != 1)
            fail_msg("item %d of %d that were committed is lost", i, committed);
    }
    dgmi_index_close(index);
}

static void a_writer_killed_at_any_moment_loses_nothing_that_was_committed(void **state)
{
    unsigned seed = 4711;
    int committed = 0;
    for (int round = 0; round < 20; round++) {
        seed = seed * 1103515245 + 12345;
        committed = kill_after(*state, committed, 1 + (int)(seed >> 16) % 12);
        expect_all(*state, committed);
    }
    assert_true(committed >= 600);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        return write_on(argv[2], atoi(argv[3]));
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_same_input_again_changes_not_a_byte),
        DESK_TEST(a_repeat_inside_one_input_is_seen_before_anything_is_indexed),
        DESK_TEST(newer_replaces_and_older_does_not_across_runs),
        DESK_TEST(times_decide_before_version_marks),
        DESK_TEST(a_canceled_item_cannot_be_found_and_can_come_back),
        DESK_TEST(what_was_appended_and_not_committed_is_indexed_at_the_next_open),
        DESK_TEST(several_writers_are_open_at_once),
        DESK_TEST(wrong_arguments_are_refused_by_name),
        DESK_TEST(a_bad_line_is_kept_reported_and_costs_no_other),
        DESK_TEST(progress_goes_through_the_phases_and_counts_all),
        DESK_TEST(reindex_builds_the_same_items_anew),
        DESK_TEST(an_id_of_any_length_and_kind_is_one_item),
        DESK_TEST(a_writer_killed_at_any_moment_loses_nothing_that_was_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
