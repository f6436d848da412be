/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzz targets of readers share: items are checked and sent through JSON.
 * Depends on lib/read. */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "utf8.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with a message: the fuzzer takes that for a find. */
static inline void fuzz_require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static inline void fuzz_check_turns(const dgm_item *item)
{
    for (size_t i = 0; i < item->n_turns; i++) {
        const dgm_turn *turn = &item->turns[i];
        fuzz_require(turn->from < turn->to && turn->to <= item->n_paragraphs,
                     "turns lie inside");
    }
    for (size_t i = 0; i < item->n_asides; i++)
        fuzz_require(item->asides[i].before <= item->n_paragraphs, "asides lie inside");
}

static inline void fuzz_check_item(const dgm_item *item)
{
    dgmi_buf json;
    dgmi_item *again = NULL;
    dgm_item *done = NULL;
    bool prepared = false;
    dgmi_buf_init(&json, (size_t)1 << 28);
    dgmi_json_item(&json, item);
    fuzz_check_turns(item);
    fuzz_require(item->id != NULL && item->id[0] != '\0', "an item has an id");
    fuzz_require(!json.failed && dgmi_utf8_valid(json.p, json.n), "JSON is UTF-8");
    fuzz_require(dgmi_json_read_item(json.p, json.n, &again, &prepared, NULL) == DGM_OK &&
                     prepared,
                 "what was written can be read");
    fuzz_require(dgmi_item_finish(again, &done, NULL) == DGM_OK,
                 "what was read is an item");
    fuzz_require(dgmi_item_digest(done) == dgmi_item_digest(item), "and it is the same");
    dgm_item_free(done);
    dgmi_buf_clear(&json);
}

static inline dgm_status fuzz_take(void *user, dgm_item *item, const char *where,
                                   dgm_error *err)
{
    (void)user;
    (void)where;
    (void)err;
    fuzz_check_item(item);
    dgm_item_free(item);
    return DGM_OK;
}

static inline dgm_status fuzz_reject(void *user, const char *where, const char *reason,
                                     const void *bytes, size_t n, dgm_error *err)
{
    (void)user;
    (void)where;
    (void)bytes;
    (void)n;
    (void)err;
    fuzz_require(reason[0] != '\0' && strchr(reason, '\n') == NULL,
                 "a reason is one line");
    return DGM_OK;
}

/* Reads the bytes once as the format and once as whatever they look like. */
static inline int fuzz_reader(const char *format, const uint8_t *data, size_t size)
{
    dgmi_sink sink = { NULL, fuzz_take, fuzz_reject, NULL };
    dgmi_source named = { .name = "2021-06-21-fuzz", .format = format },
                unnamed = { .name = "fuzz" };
    fuzz_require(dgmi_read_bytes(data, size, &named, &sink, NULL) == DGM_OK,
                 "bytes are read");
    fuzz_require(dgmi_read_bytes(data, size, &unnamed, &sink, NULL) == DGM_OK,
                 "bytes are read");
    return 0;
}

#endif
