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
    double density; /* sum over the items of words for each byte of the line */
} sample;

/* A line that is no item says nothing of length; whoever indexes it will report it. */
static dgm_status sample_line(void *user, const dgmi_line *line, dgm_error *err)
{
    sample *s = user;
    dgm_item *item;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return DGM_OK;
    if (item->status == DGM_USABLE) {
        uint64_t words = dgmi_count_words(item);
        s->words += words;
        s->density += (double)words / (double)line->n;
        s->items++;
    }
    dgm_item_free(item);
    return DGM_OK;
}

static dgm_status sample_share(dgmi_archive_reader *reader, double share, sample *s,
                               dgm_error *err)
{
    dgmi_line line;
    dgmi_position at, after;
    dgm_status status = dgmi_archive_seek_share(reader, share, err);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line.p, &line.n, &at, &after, err);
    if (status == DGM_OK)
        status = sample_line(s, &line, err);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* A share of the log's bytes meets long records more often than short ones, so the mean
 * of the sample would be far too long where both occur. Words for each byte do not suffer
 * from that (Horvitz and Thompson, 1952): their mean over the sample times the bytes of
 * the log estimates all its words. */
static double average_of(const sample *s, uint64_t bytes, uint64_t records, bool whole)
{
    double average = 0;
    if (s->items && whole)
        average = (double)s->words / (double)s->items;
    else if (s->items)
        average = s->density / (double)s->items * (double)bytes / (double)records;
    return average > 0 ? average : 1;
}

dgm_status dgmi_lines_average(const char *data_dir, uint64_t records, double *average,
                              dgm_error *err)
{
    sample s = { 0 };
    dgmi_position start = { 0, 0 }, end = { UINT32_MAX, 0 };
    dgm_status status = DGM_OK;
    dgmi_archive_reader *reader = NULL;
    if (records <= SAMPLES) {
        status = dgmi_lines_walk(data_dir, start, end, sample_line, &s, err);
    } else {
        status = dgmi_archive_reader_open(data_dir, start, &reader, err);
        for (int i = 0; status == DGM_OK && i < SAMPLES; i++)
            status = sample_share(reader, (double)i / SAMPLES, &s, err);
    }
    dgmi_archive_reader_close(reader);
    *average =
        average_of(&s, dgmi_archive_size(data_dir, start), records, records <= SAMPLES);
    return status;
}
