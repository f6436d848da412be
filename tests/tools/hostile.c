/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs searches one after another and tells of each what it took: hostile DATA < LINES,
 * a line being a name, a tab and parameters as in a URL. Prints a line for each:
 * milliseconds, those of the processor, kilobytes of memory beyond what was in use,
 * status, hits, total, whether that is exact, whether the page is partial, warnings, and
 * the name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "dragoman.h"
#include "fail.h"

enum { LINE_BYTES = 1 << 20 };

static long read_status(const char *name)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "re");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtol(line + strlen(name), NULL, 10);
    }
    if (f)
        fclose(f);
    return kb;
}

/* The peak counts from here on. */
static void reset_peak(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "we");
    if (f) {
        fputs("5", f);
        fclose(f);
    }
}

/* Undoes %XX in place. A NUL would end the text; a server refuses it before. */
static void unescape(char *s)
{
    char *to = s;
    for (; *s; s++) {
        unsigned byte;
        if (*s == '%' && sscanf(s + 1, "%2x", &byte) == 1) {
            *to++ = (char)byte;
            s += 2;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}

static double processor_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static dgm_status set_pairs(dgm_request *request, char *pairs, dgm_error *err)
{
    char *save = NULL;
    dgm_status status = DGM_OK;
    for (char *pair = strtok_r(pairs, "&", &save); pair && status == DGM_OK;
         pair = strtok_r(NULL, "&", &save)) {
        char *value = strchr(pair, '=');
        if (!value)
            return dgmi_fail(err, DGM_E_ARG, "a pair has no =");
        *value++ = '\0';
        unescape(value);
        status = dgm_request_set(request, pair, value, err);
    }
    return status;
}

static void run(dgm *desk, unsigned deadline, const char *name, char *pairs)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    reset_peak();
    long before = read_status("VmRSS:");
    uint64_t began = dgmi_now_us();
    double before_ms = processor_ms();
    dgm_request *request = dgm_request_new();
    dgm_status status = request ? set_pairs(request, pairs, &err) : DGM_E_NOMEM;
    if (request && deadline > 0)
        dgm_request_set_deadline(request, deadline);
    if (status == DGM_OK)
        status = dgm_search(desk, request, &page, &err);
    double ms = (double)(dgmi_now_us() - began) / 1000;
    double busy = processor_ms() - before_ms;
    long peak = read_status("VmHWM:");
    printf("%.1f\t%.1f\t%ld\t%s\t%zu\t%llu\t%s\t%s\t%zu\t%s\n", ms, busy,
           peak > before ? peak - before : 0, dgm_status_text(status),
           page ? page->n_hits : 0, page ? (unsigned long long)page->total : 0ull,
           page && page->total_exact ? "eq" : "gte",
           page && page->partial ? "partial" : "whole", page ? page->n_warnings : 0,
           name);
    dgm_page_free(page);
    dgm_request_free(request);
}

int main(int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    char *line = malloc(LINE_BYTES);
    if (argc < 2 || !line || dgm_open(argv[1], NULL, &desk, &err) != DGM_OK) {
        fprintf(stderr, "hostile: %s\n", argc < 2 ? "DATA [MS]" : err.text);
        free(line);
        return 2;
    }
    unsigned deadline = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    while (fgets(line, LINE_BYTES, stdin)) {
        char *pairs = strchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        if (!pairs)
            continue;
        *pairs++ = '\0';
        run(desk, deadline, line, pairs);
    }
    dgm_close(desk);
    free(line);
    return 0;
}
