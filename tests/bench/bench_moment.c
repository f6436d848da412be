/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times searches as of an earlier moment: bench_moment DATA AS_OF QUERY MS [ROUNDS] asks
 * the same with this time limit until the page is whole, and prints of each search what
 * it took, and what its first warning is; each round with a reader of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "dragoman.h"

enum { SEARCHES_MOST = 1000 };

static double processor_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

/* False if it failed. */
static bool ask(dgm *desk, char **argv, bool *whole, double *busy_ms)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    dgm_request *request = dgm_request_new();
    dgm_status status = dgm_request_set(request, "as_of", argv[2], &err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "q", argv[3], &err);
    dgm_request_set_deadline(request, (unsigned)strtoul(argv[4], NULL, 10));
    double before = processor_ms();
    uint64_t begin = dgmi_now_us();
    if (status == DGM_OK)
        status = dgm_search(desk, request, &page, &err);
    double wall = (double)(dgmi_now_us() - begin) / 1000, busy = processor_ms() - before;
    *whole = page && !page->partial;
    *busy_ms += busy;
    printf("%8.1f ms %8.1f of the processor  %s %8llu  %s\n", wall, busy,
           *whole ? "whole  " : "partial", page ? (unsigned long long)page->total : 0ull,
           page ? page->n_warnings > 0 ? page->warnings[0] : "" : err.text);
    dgm_page_free(page);
    dgm_request_free(request);
    return status == DGM_OK || status == DGM_E_TIMEOUT;
}

static int run(char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    bool whole = false;
    double busy_ms = 0;
    int n = 0;
    if (dgm_open(argv[1], NULL, &desk, &err) != DGM_OK) {
        fprintf(stderr, "bench_moment: %s\n", err.text);
        return 1;
    }
    while (!whole && n < SEARCHES_MOST && ask(desk, argv, &whole, &busy_ms))
        n++;
    printf("%d searches, %.1f ms of the processor; once more:\n", n, busy_ms);
    ask(desk, argv, &whole, &busy_ms);
    dgm_close(desk);
    return whole ? 0 : 1;
}

int main(int argc, char **argv)
{
    int code = 0;
    if (argc < 5) {
        fputs("bench_moment DATA AS_OF QUERY MS [ROUNDS]\n", stderr);
        return 2;
    }
    for (int i = argc > 5 ? atoi(argv[5]) : 1; i > 0 && code == 0; i--)
        code = run(argv);
    return code;
}
