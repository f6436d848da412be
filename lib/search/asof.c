/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments of an archive: reading their names, and finding their places in the log.
 * Depends on lib/index, lib/archive. */
#include "asof.h"

#include <string.h>

#include "clock.h"
#include "fail.h"
#include "lines.h"

enum { HALVINGS = 60, NEAR_BYTES = 1 << 16, OFFSET_BITS = 40 };

/* ---- Names ---- */

/* Digits up to `end` (0: all) as a number below 2^40; the rest stays in *s. */
static bool take_number(dgmi_str *s, char end, uint64_t *out)
{
    size_t i = 0;
    uint64_t v = 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9' && i < 13; i++)
        v = v * 10 + (uint64_t)(s->p[i] - '0');
    if (i == 0 || v >= 1ull << OFFSET_BITS ||
        (end ? i >= s->n || s->p[i] != end : i < s->n))
        return false;
    i += end != 0;
    *s = (dgmi_str){ s->p + i, s->n - i };
    *out = v;
    return true;
}

static bool read_place(dgmi_str text, dgmi_asof *out)
{
    uint64_t segment;
    int64_t after;
    const char *comma = memchr(text.p, ',', text.n);
    out->kind = DGMI_ASOF_PLACE;
    if (comma) {
        size_t n = (size_t)(comma - text.p);
        if (!dgmi_date_span((dgmi_str){ comma + 1, text.n - n - 1 }, &out->now, &after))
            return false;
        text.n = n;
    }
    if (!take_number(&text, ':', &segment) || !take_number(&text, 0, &out->at.offset))
        return false;
    out->at.segment = (uint32_t)segment;
    return segment >= 1 && segment < 1u << 24;
}

bool dgmi_asof_read(dgmi_str text, dgmi_asof *out)
{
    *out = (dgmi_asof){ .kind = DGMI_ASOF_TIME, .now = DGM_NO_TIME };
    if (text.n == 0)
        return false;
    if (dgmi_date_span(text, &out->from, &out->before))
        return true;
    if (memchr(text.p, ':', text.n))
        return read_place(text, out);
    out->kind = DGMI_ASOF_REVISION;
    return take_number(&text, '-', &out->generation) &&
           take_number(&text, 0, &out->commit);
}

void dgmi_asof_print_place(dgmi_buf *out, uint64_t place)
{
    dgmi_position at = dgmi_position_unpack(place);
    dgmi_buf_printf(out, "%u:%llu", at.segment, (unsigned long long)at.offset);
}

void dgmi_asof_print(dgmi_buf *out, const dgmi_asof *asof)
{
    char date[DGMI_DATE_SIZE];
    switch (asof->kind) {
    case DGMI_ASOF_NONE:
        return;
    case DGMI_ASOF_PLACE:
        dgmi_asof_print_place(out, dgmi_position_pack(asof->at));
        if (asof->now != DGM_NO_TIME)
            dgmi_buf_printf(out, ",%s", dgmi_date_format(asof->now, date));
        return;
    case DGMI_ASOF_TIME: /* its last second names the same moment */
        dgmi_buf_puts(out, dgmi_date_format(asof->before - 1, date));
        return;
    case DGMI_ASOF_REVISION:
        dgmi_buf_printf(out, "%llu-%llu", (unsigned long long)asof->generation,
                        (unsigned long long)asof->commit);
        return;
    }
}

/* ---- Places ---- */

static dgm_status fail_beyond(const dgmi_index *index, const dgmi_asof *asof,
                              dgm_error *err)
{
    return dgmi_fail(err, DGM_E_ARG,
                     "as_of: %u:%llu lies beyond the end of this archive, %u:%llu",
                     asof->at.segment, (unsigned long long)asof->at.offset,
                     index->position.segment, (unsigned long long)index->position.offset);
}

static dgm_status resolve_place(const dgmi_index *index, const dgmi_asof *asof,
                                dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgm_error inner = DGM_ERROR_INIT;
    if (!dgmi_index_has(index, asof->at))
        return fail_beyond(index, asof, err);
    dgm_status status =
        dgmi_archive_reader_open(index->data_dir, asof->at, &reader, &inner);
    dgmi_archive_reader_close(reader);
    if (status == DGM_E_CORRUPT)
        return dgmi_fail(err, DGM_E_ARG,
                         "as_of: no record of this archive begins at %u:%llu",
                         asof->at.segment, (unsigned long long)asof->at.offset);
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}

/* ---- Times ---- */

typedef struct search {
    dgmi_archive_reader *reader;
    int64_t before;
    uint64_t end; /* of what the index has */
    dgm_error *err;
} search;

/* Whether the next record, which begins at *at, was read in time. One at or behind the
 * end was not. */
static dgm_status look(search *s, uint64_t *at, uint64_t *after, bool *in_time)
{
    dgmi_position here, next;
    const char *line;
    size_t n;
    dgm_item *item = NULL;
    *at = s->end;
    *in_time = false;
    dgm_status status = dgmi_archive_next(s->reader, &line, &n, &here, &next, s->err);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK || dgmi_position_pack(here) >= s->end)
        return status;
    status = dgmi_line_item(line, n, &item, s->err);
    *at = dgmi_position_pack(here);
    *after = dgmi_position_pack(next);
    *in_time = status == DGM_OK && item->fetched < s->before;
    dgm_item_free(item);
    return status;
}

/* By halves until both ends are near each other; *low receives a place with nothing too
 * late before it. */
static dgm_status narrow(search *s, uint64_t *low)
{
    double from = 0, to = 1;
    uint64_t high = s->end;
    *low = 0;
    for (int i = 0; i < HALVINGS && high - *low > NEAR_BYTES; i++) {
        uint64_t at = 0, after = 0;
        bool in_time;
        double middle = from + (to - from) / 2;
        dgm_status status = dgmi_archive_seek_share(s->reader, middle, s->err);
        if (status == DGM_OK)
            status = look(s, &at, &after, &in_time);
        if (status != DGM_OK)
            return status;
        if (in_time) {
            from = middle;
            *low = after;
        } else {
            to = middle;
            high = at;
        }
    }
    return DGM_OK;
}

static dgm_status walk_on(search *s, uint64_t low, uint64_t *place)
{
    uint64_t after = 0;
    bool in_time = true;
    dgm_status status = DGM_OK;
    *place = low;
    while (status == DGM_OK && in_time)
        status = look(s, place, &after, &in_time);
    return status;
}

static dgm_status resolve_time(const dgmi_index *index, const dgmi_asof *asof,
                               uint64_t *place, dgm_error *err)
{
    search s = { .before = asof->before,
                 .end = dgmi_position_pack(index->position),
                 .err = err };
    dgmi_position start = { 0, 0 };
    uint64_t low = 0;
    dgm_status status = dgmi_archive_reader_open(index->data_dir, start, &s.reader, err);
    if (status == DGM_OK)
        status = narrow(&s, &low);
    dgmi_archive_reader_close(s.reader);
    s.reader = NULL;
    if (status == DGM_OK)
        status = dgmi_archive_reader_open(index->data_dir, dgmi_position_unpack(low),
                                          &s.reader, err);
    if (status == DGM_OK)
        status = walk_on(&s, low, place);
    dgmi_archive_reader_close(s.reader);
    return status;
}

/* ---- Both ---- */

dgm_status dgmi_asof_resolve(const dgmi_index *index, const dgmi_asof *asof,
                             uint64_t *place, int64_t *now, dgm_error *err)
{
    char date[DGMI_DATE_SIZE];
    *place = dgmi_position_pack(index->position);
    *now = DGM_NO_TIME;
    switch (asof->kind) {
    case DGMI_ASOF_NONE:
        return DGM_OK;
    case DGMI_ASOF_PLACE:
        *place = dgmi_position_pack(asof->at);
        *now = asof->now;
        return resolve_place(index, asof, err);
    case DGMI_ASOF_REVISION:
        if (asof->generation == index->generation && asof->commit == index->commit)
            return DGM_OK;
        return dgmi_fail(err, DGM_E_ARG,
                         "as_of: only the live revision %s is known by its number; "
                         "give a date, or the place that cite=1 tells",
                         index->revision);
    case DGMI_ASOF_TIME:
        if (asof->from > dgmi_wall_time())
            return dgmi_fail(err, DGM_E_ARG, "as_of: %s lies in the future",
                             dgmi_date_format(asof->from, date));
        *now = asof->before - 1 < dgmi_wall_time() ? asof->before - 1 : dgmi_wall_time();
        return resolve_time(index, asof, place, err);
    }
    return DGM_OK;
}
