/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of lib/index share: a data folder, items out of lines, looks into the
 * index. Included once by each test program. */
#ifndef DGM_TEST_DESK_H
#define DGM_TEST_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse.h"
#include "archive.h"
#include "fail.h"
#include "file.h"
#include "generation.h"
#include "lines.h"
#include "record.h"
#include "schema.h"

#define UNUSED_FN __attribute__((unused))

static UNUSED_FN int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-desk-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static UNUSED_FN int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Fails with the message when a call did not end in OK. */
#define OK(call)                                                                         \
    do {                                                                                 \
        dgm_error ok_err = DGM_ERROR_INIT;                                               \
        dgm_error *err = &ok_err;                                                        \
        if ((call) != DGM_OK)                                                            \
            fail_msg("%s", ok_err.text);                                                 \
    } while (0)

/* ---- Items and the archive ---- */

static UNUSED_FN dgm_item *item_of(const char *line)
{
    dgm_item *item = NULL;
    OK(dgmi_line_item(line, strlen(line), &item, err));
    return item;
}

/* Appends lines, NULL past the last, to the archive as they are. */
static UNUSED_FN void append_lines(const char *data, const char *const *lines)
{
    dgmi_archive *a = NULL;
    dgmi_position at;
    OK(dgmi_archive_open(data, NULL, &a, err));
    for (; *lines; lines++)
        OK(dgmi_archive_append(a, *lines, strlen(*lines), &at, err));
    OK(dgmi_archive_sync(a, err));
    dgmi_archive_close(a);
}

static UNUSED_FN dgmi_position archive_end(const char *data)
{
    dgmi_archive *a = NULL;
    OK(dgmi_archive_open(data, NULL, &a, err));
    dgmi_position end = dgmi_archive_end(a);
    dgmi_archive_close(a);
    return end;
}

/* ---- The writer as a user sees it ---- */

static UNUSED_FN dgm_counts feed(const char *data, const char *ndjson)
{
    dgm_ingest *in = NULL;
    dgm_counts counts;
    OK(dgm_ingest_open(data, NULL, &in, err));
    OK(dgm_ingest_bytes(in, "test.ndjson", ndjson, strlen(ndjson), err));
    OK(dgm_ingest_commit(in, &counts, err));
    dgm_ingest_close(in);
    return counts;
}

static UNUSED_FN uint64_t differences(const char *data)
{
    uint64_t n = 99;
    OK(dgm_verify(data, NULL, NULL, &n, err));
    return n;
}

/* ---- Looking into the index ---- */

static UNUSED_FN dgmi_index *open_index(const char *data)
{
    dgmi_index *index = NULL;
    OK(dgmi_index_open(data, &index, err));
    return index;
}

static UNUSED_FN uint32_t frequency(dgmi_index *index, const char *term)
{
    uint32_t n = 0;
    if (index->db)
        OK(dgmx_db_term_freq(index->db, term, strlen(term), &n, err));
    return n;
}

static UNUSED_FN uint32_t find(const char *data, const char *term)
{
    dgmi_index *index = open_index(data);
    uint32_t n = frequency(index, term);
    dgmi_index_close(index);
    return n;
}

/* The document of an id as text: its terms with their wdf and positions, its values, its
 * record's places and digests. NULL if there is none. The caller frees. */
static UNUSED_FN char *dump(dgmi_index *index, const char *id)
{
    dgmi_buf out, term;
    dgmx_docid docid;
    dgmx_terms *terms = NULL;
    dgmx_doc *doc = NULL;
    dgmx_bytes bytes;
    uint32_t wdf;
    dgmi_record record;
    dgmi_buf_init(&out, 0);
    dgmi_buf_init(&term, 0);
    dgmi_id_term(&term, id);
    dgm_status status = dgmx_db_find(index->db, term.p, term.n, &docid, NULL);
    dgmi_buf_clear(&term);
    if (status != DGM_OK)
        return NULL;
    OK(dgmx_terms_of(index->db, docid, &terms, err));
    while (dgmx_terms_next(terms, &bytes, &wdf, NULL, NULL) == DGM_OK) {
        uint32_t *positions = NULL;
        size_t n = 0;
        dgmi_buf_printf(&out, "%.*s %u", (int)bytes.n, bytes.p, wdf);
        OK(dgmx_positions(index->db, docid, bytes.p, bytes.n, &positions, &n, err));
        for (size_t i = 0; i < n; i++)
            dgmi_buf_printf(&out, " @%u", positions[i]);
        dgmi_buf_putc(&out, '\n');
        free(positions);
    }
    dgmx_terms_free(terms);
    OK(dgmx_doc_get(index->db, docid, &doc, err));
    for (uint32_t slot = 0; slot < DGMI_SLOT_SPEAKER + DGMI_SPEAKER_SLOTS; slot++) {
        OK(dgmx_doc_value(doc, slot, &bytes, err));
        for (size_t i = 0; i < bytes.n; i++)
            dgmi_buf_printf(&out, "%s%02x", i ? "" : "\nvalue ",
                            (unsigned char)bytes.p[i]);
    }
    dgmi_codec *codec = dgmi_codec_new();
    OK(dgmx_doc_data(doc, &bytes, err));
    OK(dgmi_record_decode(codec, bytes.p, bytes.n, &record, err));
    dgmi_buf_printf(&out, "\nat %llx first %llx", (unsigned long long)record.stored.at,
                    (unsigned long long)record.stored.first_seen);
    for (uint32_t i = 0; i < record.stored.n_digests; i++)
        dgmi_buf_printf(&out, " %llx", (unsigned long long)record.stored.digests[i]);
    dgmi_buf_printf(&out, "\ntitle %s\ntext %s\n",
                    record.item.title ? record.item.title : "-", record.text);
    dgmi_codec_free(codec);
    dgmx_doc_free(doc);
    return dgmi_buf_take(&out);
}

#endif
