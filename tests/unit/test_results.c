/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/results.c. Depends on server/results.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results.h"

typedef struct fixture {
    dgms_spools spools;
    dgms_metrics *metrics;
    dgms_results r;
    dgms_reply reply;
} fixture;

static void begin(fixture *f, bool lines)
{
    memset(f, 0, sizeof *f);
    dgms_spools_init(&f->spools, ".");
    f->metrics = dgms_metrics_new();
    assert_non_null(f->metrics);
    dgms_results_init(&f->r, &f->spools, lines);
}

static void end(fixture *f)
{
    dgms_results_clear(&f->r);
    dgms_reply_clear(&f->reply);
    dgms_metrics_free(f->metrics);
}

static void add_two(fixture *f)
{
    dgms_results_add(&f->r, &(dgms_result){ 1, DGMS_ADDED, 201, "a\"b", NULL });
    dgms_results_add(&f->r, &(dgms_result){ 3, DGMS_REJECTED, 400, NULL, "no\nJSON" });
}

static void check(fixture *f, int status, const char *text)
{
    assert_int_equal(f->reply.status, status);
    assert_int_equal(f->reply.n, strlen(text));
    assert_memory_equal(f->reply.body, text, f->reply.n);
}

#define FIRST "{\"line\":1,\"id\":\"a\\\"b\",\"status\":201,\"outcome\":\"added\"}"
#define SECOND                                                                           \
    "{\"line\":3,\"id\":null,\"status\":400,\"outcome\":\"rejected\",\"reason\":"        \
    "\"no\\nJSON\"}"

static void results_are_an_array_or_lines(void **state)
{
    (void)state;
    static const char *const texts[] = { "[" FIRST ",\n" SECOND "]\n",
                                         FIRST "\n" SECOND "\n" };
    for (int lines = 0; lines < 2; lines++) {
        fixture f;
        begin(&f, lines);
        add_two(&f);
        dgms_results_settle(&f.r, 0, NULL, f.metrics);
        dgms_results_reply(&f.r, 207, &f.reply);
        check(&f, 207, texts[lines]);
        end(&f);
        begin(&f, lines);
        dgms_results_reply(&f.r, 207, &f.reply);
        check(&f, 207, lines ? "" : "[]\n");
        end(&f);
    }
}

static void what_did_not_become_durable_was_not_taken(void **state)
{
    (void)state;
    fixture f;
    begin(&f, true);
    add_two(&f);
    dgms_results_settle(&f.r, 507, "no room", f.metrics);
    dgms_results_reply(&f.r, 207, &f.reply);
    check(&f, 207,
          "{\"line\":1,\"id\":\"a\\\"b\",\"status\":507,\"outcome\":\"failed\","
          "\"reason\":\"no room\"}\n" SECOND "\n");
    end(&f);
}

static void a_single_result_is_an_object_or_a_problem(void **state)
{
    (void)state;
    fixture f;
    dgms_result one = { 0, DGMS_ADDED, 201, "a", NULL };
    static const struct {
        int searchable, status;
        const char *text;
    } table[] = {
        { -1, 201, "{\"id\":\"a\",\"status\":201,\"outcome\":\"added\"}\n" },
        { 0, 202,
          "{\"id\":\"a\",\"status\":201,\"outcome\":\"added\",\"searchable\":false}\n" },
        { 1, 201,
          "{\"id\":\"a\",\"status\":201,\"outcome\":\"added\",\"searchable\":true}\n" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        begin(&f, false);
        dgms_results_add(&f.r, &one);
        dgms_results_settle(&f.r, 0, NULL, f.metrics);
        dgms_results_reply_one(&f.r, table[i].searchable, &f.reply);
        check(&f, table[i].status, table[i].text);
        end(&f);
    }
    begin(&f, false);
    dgms_results_add(&f.r, &(dgms_result){ 0, DGMS_REJECTED, 400, NULL, "why" });
    dgms_results_settle(&f.r, 0, NULL, f.metrics);
    dgms_results_reply_one(&f.r, -1, &f.reply);
    assert_int_equal(f.reply.status, 400);
    assert_string_equal(f.reply.type, DGMS_PROBLEM);
    assert_non_null(strstr(f.reply.body, "why"));
    end(&f);
}

static void many_results_are_sent_from_a_file(void **state)
{
    (void)state;
    fixture f;
    char tail[4] = { 0 };
    begin(&f, false);
    for (uint64_t i = 1; i <= 10000; i++) {
        dgms_results_add(&f.r, &(dgms_result){ i, DGMS_ADDED, 201, "an id", NULL });
        if (i % 100 == 0)
            dgms_results_settle(&f.r, 0, NULL, f.metrics);
    }
    dgms_results_reply(&f.r, 207, &f.reply);
    assert_true(f.reply.filed);
    assert_int_equal(lseek(f.reply.file, 0, SEEK_END), f.reply.n);
    assert_int_equal(pread(f.reply.file, tail, 3, (off_t)f.reply.n - 3), 3);
    assert_string_equal(tail, "}]\n");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_an_array_or_lines),
        cmocka_unit_test(what_did_not_become_durable_was_not_taken),
        cmocka_unit_test(a_single_result_is_an_object_or_a_problem),
        cmocka_unit_test(many_results_are_sent_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
