/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times pages far from the front: bench_paging DATA PAGES QUERY NAME=VALUE... follows
 * cursors to that page and prints one JSON object: the first page against the last ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dragoman.h"

enum { ROUNDS = 9 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static dgm_status set_all(dgm_request *request, const char *query, char **more, int n,
                          dgm_error *err)
{
    dgm_status status = dgm_request_set(request, "q", query, err);
    dgm_request_set_deadline(request, 2000);
    for (int i = 0; i < n && status == DGM_OK; i++) {
        char name[64] = "";
        const char *equals = strchr(more[i], '=');
        if (equals && equals - more[i] < (long)sizeof name)
            memcpy(name, more[i], (size_t)(equals - more[i]));
        status = dgm_request_set(request, name, equals ? equals + 1 : "", err);
    }
    return status;
}

/* One page, which the caller frees; *us is what it took. */
static dgm_page *ask(dgm *desk, char **argv, int argc, const char *cursor, double *us)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    dgm_request *request = dgm_request_new();
    dgm_status status = set_all(request, argv[3], argv + 4, argc - 4, &err);
    if (status == DGM_OK && cursor)
        status = dgm_request_set(request, "cursor", cursor, &err);
    uint64_t began = dgmi_now_us();
    if (status == DGM_OK)
        status = dgm_search(desk, request, &page, &err);
    *us = (double)(dgmi_now_us() - began);
    if (status != DGM_OK)
        fprintf(stderr, "bench_paging: %s\n", err.text);
    dgm_request_free(request);
    return page;
}

/* The median of some askings for one page. */
static double median(dgm *desk, char **argv, int argc, const char *cursor)
{
    double times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        dgm_page_free(ask(desk, argv, argc, cursor, &times[i]));
    qsort(times, ROUNDS, sizeof *times, by_value);
    return times[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    double us, walked = 0, most = 0;
    char *cursor = NULL;
    int pages = argc > 3 ? atoi(argv[2]) : 0, at = 1;
    if (pages < 2 || dgm_open(argv[1], NULL, &desk, &err) != DGM_OK) {
        fprintf(stderr, "bench_paging: %s\n",
                pages < 2 ? "DATA PAGES QUERY NAME=VALUE..." : err.text);
        return 2;
    }
    for (; at < pages; at++) {
        dgm_page *page = ask(desk, argv, argc, cursor, &us);
        free(cursor);
        cursor = page && page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        walked += us;
        most = us > most ? us : most;
        if (!cursor)
            break;
    }
    double first = median(desk, argv, argc, NULL);
    double last = cursor ? median(desk, argv, argc, cursor) : 0;
    printf("{\"pages\": %d, \"first_us\": %.0f, \"last_us\": %.0f, \"ratio\": %.2f, "
           "\"mean_of_the_walk_us\": %.0f, \"most_us\": %.0f}\n",
           at, first, last, last / first, walked / at, most);
    free(cursor);
    dgm_close(desk);
    return 0;
}
