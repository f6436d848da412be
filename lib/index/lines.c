/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the archive as items. Depends on lib/archive, lib/item, lib/wire and
 * analyse.h. */
#include "lines.h"

#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "item.h"
#include "wire.h"

enum { OFFSET_BITS = 40, SAMPLES = 2000 };

uint64_t dgmi_position_pack(dgmi_position at)
{
    return (uint64_t)at.segment << OFFSET_BITS | at.offset;
}

dgmi_position dgmi_position_unpack(uint64_t packed)
{
    dgmi_position at = { (uint32_t)(packed >> OFFSET_BITS),
                         packed & (((uint64_t)1 << OFFSET_BITS) - 1) };
    return at;
}

/* Our own lines begin so; an id with an escape in it is left to the parser. */
static bool scan_id(const char *line, size_t n, dgmi_str *id)
{
    static const char head[] = "{\"dgm\":1,\"id\":\"";
    size_t skip = sizeof head - 1;
    if (n < skip || memcmp(line, head, skip) != 0)
        return false;
    const char *start = line + skip;
    const char *end = memchr(start, '"', n - skip);
    if (!end || memchr(start, '\\', (size_t)(end - start)))
        return false;
    *id = (dgmi_str){ start, (size_t)(end - start) };
    return true;
}

dgm_status dgmi_line_item(const char *line, size_t n, dgm_item **out, dgm_error *err)
{
    dgmi_item *item = NULL;
    bool prepared = false;
    *out = NULL;
    dgm_status status = dgmi_json_read_item(line, n, &item, &prepared, err);
    if (status == DGM_OK && !prepared) /* written by another hand */
        status = dgmi_item_prepare(item, line, n, err);
    if (status != DGM_OK) {
        dgmi_item_free(item);
        return status;
    }
    return dgmi_item_finish(item, out, err);
}

dgm_status dgmi_line_id(const char *line, size_t n, dgmi_buf *out, dgm_error *err)
{
    dgmi_str id;
    if (scan_id(line, n, &id)) {
        dgmi_buf_put(out, id.p, id.n);
    } else {
        dgm_item *item;
        dgm_status status = dgmi_line_item(line, n, &item, err);
        if (status != DGM_OK)
            return status;
        dgmi_buf_puts(out, item->id);
        dgm_item_free(item);
    }
    return out->failed ? dgmi_fail_memory(err) : DGM_OK;
}

dgm_status dgmi_lines_item_at(const char *data_dir, uint64_t place, dgm_item **out,
                              dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_line line;
    dgmi_position at, after;
    *out = NULL;
    dgm_status status =
        dgmi_archive_reader_open(data_dir, dgmi_position_unpack(place), &reader, err);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line.p, &line.n, &at, &after, err);
    if (status == DGM_OK)
        status = dgmi_line_item(line.p, line.n, out, err);
    dgmi_archive_reader_close(reader);
    return status == DGM_E_NOTFOUND
               ? dgmi_fail(err, DGM_E_CORRUPT, "the archive shrank while it was read")
               : status;
}

dgm_status dgmi_lines_walk(const char *data_dir, dgmi_position from, dgmi_position to,
                           dgmi_line_fn see, void *user, dgm_error *err)
{
    dgmi_archive_reader *reader;
    dgmi_position at, after;
    dgmi_line line;
    dgm_status status = dgmi_archive_reader_open(data_dir, from, &reader, err);
    if (status != DGM_OK)
        return status;
    for (;;) {
        status = dgmi_archive_next(reader, &line.p, &line.n, &at, &after, err);
        if (status != DGM_OK || dgmi_position_compare(at, to) >= 0)
            break;
        line.at = dgmi_position_pack(at);
        line.after = dgmi_position_pack(after);
        status = see(user, &line, err);
        if (status != DGM_OK)
            break;
    }
    dgmi_archive_reader_close(reader);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* ---- Average length ---- */

typedef struct sample {
    uint64_t words, items;
    uint64_t seen, step; /* every step-th line is looked into */
} sample;

/* A line that is no item says nothing of length; whoever indexes it will report it. */
static dgm_status sample_line(void *user, const dgmi_line *line, dgm_error *err)
{
    sample *s = user;
    dgm_item *item;
    if (s->seen++ % s->step != 0)
        return DGM_OK;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return DGM_OK;
    if (item->status == DGM_USABLE) {
        s->words += dgmi_count_words(item);
        s->items++;
    }
    dgm_item_free(item);
    return DGM_OK;
}

/* Every so-many-th record, because a sample by places in the log would meet long records
 * too often: walking the lines costs little, only parsing them does. */
dgm_status dgmi_lines_average(const char *data_dir, uint64_t records, double *average,
                              dgm_error *err)
{
    sample s = { .step = records / SAMPLES + 1 };
    dgmi_position start = { 0, 0 }, end = { UINT32_MAX, 0 };
    dgm_status status = dgmi_lines_walk(data_dir, start, end, sample_line, &s, err);
    *average = s.words > 0 ? (double)s.words / (double)s.items : 1;
    return status;
}
