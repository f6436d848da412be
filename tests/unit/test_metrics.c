/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/metrics.c: counting and the text format. Depends on server/metrics.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"

static char *print(dgms_metrics *m, const char *revision)
{
    dgms_gauges gauges = { .connections = 3,
                           .queued = 2,
                           .threads = 4,
                           .revision = revision,
                           .http_library = "0.9",
                           .writer_up = true,
                           .writer_restarts = 5,
                           .accepting = 5,
                           .writable = true };
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgms_metrics_print(m, &gauges, &out);
    return dgmi_buf_take(&out);
}

/* The text must hold this line, whole. */
static void check_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    const char *at = strstr(text, line);
    while (at && ((at != text && at[-1] != '\n') || at[n] != '\n'))
        at = strstr(at + 1, line);
    if (!at)
        print_error("missing: %s\n", line);
    assert_non_null(at);
}

static void requests_fall_into_buckets_that_add_up(void **state)
{
    (void)state;
    dgms_metrics *m = dgms_metrics_new();
    dgms_metrics_request(m, "/v1/search", 200,
                         0.0005); /* a bound belongs to its bucket */
    dgms_metrics_request(m, "/v1/search", 200, 0.003);
    dgms_metrics_request(m, "/v1/search", 200, 100);
    dgms_metrics_request(m, "/v1/search", 400, 0.25);
    char *text = print(m, "1-1");
#define NAME "dragoman_http_request_duration_seconds"
#define LABELS "route=\"/v1/search\",code=\"200\""
    check_line(text, NAME "_bucket{" LABELS ",le=\"0.0005\"} 1");
    check_line(text, NAME "_bucket{" LABELS ",le=\"0.002\"} 1");
    check_line(text, NAME "_bucket{" LABELS ",le=\"0.005\"} 2");
    check_line(text, NAME "_bucket{" LABELS ",le=\"2.5\"} 2");
    check_line(text, NAME "_bucket{" LABELS ",le=\"+Inf\"} 3");
    check_line(text, NAME "_sum{" LABELS "} 100.0035");
    check_line(text, NAME "_count{" LABELS "} 3");
    check_line(text, NAME "_count{route=\"/v1/search\",code=\"400\"} 1");
    check_line(text, "# TYPE " NAME " histogram");
    free(text);
    dgms_metrics_free(m);
}

static void searches_are_counted_by_their_end(void **state)
{
    (void)state;
    dgms_metrics *m = dgms_metrics_new();
    dgms_metrics_search(m, DGM_OK, 0.001);
    dgms_metrics_search(m, DGM_E_TIMEOUT, 0.25);
    dgms_metrics_search(m, DGM_E_TIMEOUT, 0.25);
    char *text = print(m, "1-1");
    check_line(text, "dragoman_searches_total{result=\"ok\"} 1");
    check_line(text, "dragoman_searches_total{result=\"timeout\"} 2");
    check_line(text, "dragoman_searches_total{result=\"query\"} 0");
    check_line(text, "dragoman_search_duration_seconds_count 3");
    free(text);
    dgms_metrics_free(m);
}

static void counters_and_gauges_are_there(void **state)
{
    (void)state;
    dgms_metrics *m = dgms_metrics_new();
    dgms_metrics_count(m, DGMS_CUT, 2);
    dgms_metrics_count(m, DGMS_CUT, 1);
    char *text = print(m, "a\"b\\c\nd");
    check_line(text, "dragoman_connections_cut_total 3");
    check_line(text, "dragoman_queue_full_total 0");
    check_line(text, "dragoman_writer_up 1");
    check_line(text, "dragoman_writer_restarts_total 5");
    check_line(text, "dragoman_http_connections 3");
    check_line(text, "dragoman_queue_depth 2");
    check_line(text, "dragoman_search_threads 4");
    check_line(text, "dragoman_index_ready 1");
    check_line(text, "dragoman_index_info{revision=\"a\\\"b\\\\c\\nd\"} 1");
    check_line(text, "dragoman_build_info{version=\"" DGM_VERSION
                     "\",libmicrohttpd=\"0.9\"} 1");
    assert_non_null(strstr(text, "\nprocess_resident_memory_bytes "));
    free(text);
    text = print(m, NULL);
    check_line(text, "dragoman_index_ready 0");
    free(text);
    dgms_metrics_free(m);
}

static void too_many_series_are_left_out_and_harm_nothing(void **state)
{
    (void)state;
    dgms_metrics *m = dgms_metrics_new();
    for (int code = 0; code < 1000; code++)
        dgms_metrics_request(m, "/", code, 0.1);
    char *text = print(m, NULL);
    assert_non_null(strstr(text, "code=\"0\""));
    assert_null(strstr(text, "code=\"999\""));
    free(text);
    dgms_metrics_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_fall_into_buckets_that_add_up),
        cmocka_unit_test(searches_are_counted_by_their_end),
        cmocka_unit_test(counters_and_gauges_are_there),
        cmocka_unit_test(too_many_series_are_left_out_and_harm_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
