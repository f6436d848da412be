/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: request targets, and the header lists that the guard judges. Depends on
 * server/target.h, server/guard.h, server/gzip.h, server/reply.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gzip.h"
#include "guard.h"
#include "reply.h"
#include "target.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise of the code under test is broken: end where the fuzzer sees it. */
static void must(int holds)
{
    if (!holds)
        __builtin_trap();
}

static void try_target(dgmi_str raw)
{
    dgms_target t;
    dgm_error err = DGM_ERROR_INIT;

    if (dgms_target_parse(raw, &t, &err) == DGM_OK) {
        must(t.n_segments <= DGMS_SEGMENTS_MAX && t.n_pairs <= DGMS_PARAMS_MAX);
        for (size_t i = 0; i < t.n_segments; i++)
            must(dgmi_utf8_valid(t.segments[i], strlen(t.segments[i])));
        for (size_t i = 0; i < t.n_pairs; i++) {
            must(dgmi_utf8_valid(t.pairs[i].name, strlen(t.pairs[i].name)));
            must(dgmi_utf8_valid(t.pairs[i].value, strlen(t.pairs[i].value)));
        }
    } else {
        must(err.code == DGM_E_ARG && *err.text);
    }
    dgms_target_clear(&t);
}

/* Lines "name:value" as a head. */
static void try_head(dgmi_str text)
{
    dgms_header headers[DGMS_HEADERS_MAX + 1];
    dgmi_str line;
    size_t n = 0;

    while (n <= DGMS_HEADERS_MAX && dgmi_str_split(&text, '\n', &line)) {
        dgmi_str name = { line.p, 0 };
        dgmi_str_split(&line, ':', &name);
        headers[n++] = (dgms_header){ name, line };
    }
    dgms_head head = { true, headers, n, 8192 };
    dgms_verdict verdict = dgms_guard_head(&head);
    must(verdict.status == 0 || (verdict.status == 400 && verdict.reason) ||
         (verdict.status == 431 && verdict.reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    try_target((dgmi_str){ (const char *)data, size });
    try_head((dgmi_str){ (const char *)data, size });
    dgms_gzip_wanted(text);
    dgms_etag_matches(text, "W/\"1-1-0\"");
    free(text);
    return 0;
}
