/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Citing results by what the archive holds, and checking such citations. Depends on
 * lib/index, lib/archive. */
#include "cite.h"

#include <string.h>

#include "clock.h"
#include "fail.h"
#include "hash.h"
#include "lines.h"

static const char *const state_names[] = { "same", "changed", "gone", "other",
                                           "missing" };

const char *dgm_cite_state_name(dgm_cite_state state)
{
    return state_names[state];
}

/* The digest of the record that begins at a place; of one of `id` alone, if that is
 * given. NOTFOUND if there is none. */
static dgm_status digest_at(const char *data_dir, uint64_t place, const char *id,
                            char hex[DGMI_SHA256_HEX], dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_position at, after;
    dgm_error inner = DGM_ERROR_INIT;
    dgmi_buf own;
    const char *line;
    size_t n;
    dgmi_buf_init(&own, 0);
    dgm_status status =
        dgmi_archive_reader_open(data_dir, dgmi_position_unpack(place), &reader, &inner);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line, &n, &at, &after, &inner);
    if (status == DGM_OK && dgmi_position_pack(at) != place)
        status = DGM_E_NOTFOUND;
    if (status == DGM_OK && id) {
        status = dgmi_line_id(line, n, &own, &inner);
        if (status == DGM_OK && !dgmi_str_eq(dgmi_buf_str(&own), id))
            status = DGM_E_NOTFOUND;
    }
    if (status == DGM_OK)
        dgmi_sha256_hex(line, n, hex);
    dgmi_archive_reader_close(reader);
    dgmi_buf_clear(&own);
    if (status == DGM_OK || status == DGM_E_NOTFOUND)
        return status;
    return dgmi_fail(err, status, "%s", inner.text);
}

/* ---- Citing ---- */

static const char *place_text(dgmi_arena *arena, uint64_t place)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_asof_print_place(&text, place);
    const char *copy = text.failed ? NULL : dgmi_arena_str(arena, dgmi_buf_str(&text));
    dgmi_buf_clear(&text);
    return copy;
}

dgm_status dgmi_cite_hit(const dgmi_search *s, const dgmi_record *record, dgm_hit *hit)
{
    char hex[DGMI_SHA256_HEX];
    uint64_t at = record->stored.at;
    dgm_cited *cited = dgmi_arena_alloc(s->arena, sizeof *cited);
    if (!cited)
        return dgmi_fail_memory(s->err);
    cited->sha256 = dgmi_arena_dup(s->arena, record->item.sha256);
    cited->place = place_text(s->arena, at);
    if (!cited->place || (record->item.sha256 && !cited->sha256))
        return dgmi_fail_memory(s->err);
    dgm_status status = digest_at(s->desk->index->data_dir, at, NULL, hex, s->err);
    if (status == DGM_E_NOTFOUND)
        return dgmi_fail(s->err, DGM_E_CORRUPT,
                         "the archive lacks the record of \"%.120s\"", hit->id);
    cited->record = status == DGM_OK ? dgmi_arena_dup(s->arena, hex) : NULL;
    if (status == DGM_OK && !cited->record)
        return dgmi_fail_memory(s->err);
    hit->cited = cited;
    return status;
}

dgm_status dgmi_cite_page(const dgmi_search *s, dgm_page *page)
{
    dgm_request again = *s->request;
    const dgmi_position front = { 1, 0 };
    uint64_t place = s->cursor.place ? s->cursor.place : s->cursor.watermark;
    dgm_citation *citation = dgmi_arena_alloc(s->arena, sizeof *citation);
    if (!citation)
        return dgmi_fail_memory(s->err);
    if (place == 0) /* nothing was ever indexed */
        place = dgmi_position_pack(front);
    again.as_of = (dgmi_asof){ .kind = DGMI_ASOF_PLACE,
                               .at = dgmi_position_unpack(place),
                               .now = s->cursor.now };
    again.cursor = NULL;
    again.explain = again.cite = false;
    dgmi_buf_init(&again.text, 0);
    const char *text = dgm_request_text(&again);
    *citation = (dgm_citation){ .request = text ? dgmi_arena_dup(s->arena, text) : NULL,
                                .place = place_text(s->arena, place),
                                .generation = s->desk->index->generation,
                                .made = dgmi_wall_time(),
                                .first = s->resumed ? s->cursor.shown : 0 };
    dgmi_buf_clear(&again.text);
    page->citation = citation;
    return citation->request && citation->place ? DGM_OK : dgmi_fail_memory(s->err);
}

/* ---- Checking ---- */

/* Whether the archive has the very record. A place that no record of it begins at is no
 * error: it may be another archive. */
static dgm_status has_record(const dgm *desk, const char *id, const dgm_cited *cited,
                             uint64_t place, bool *has, dgm_error *err)
{
    char hex[DGMI_SHA256_HEX];
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = digest_at(desk->index->data_dir, place, id, hex, &inner);
    *has = status == DGM_OK && strcmp(hex, cited->record) == 0;
    if (status == DGM_OK || status == DGM_E_NOTFOUND || status == DGM_E_CORRUPT ||
        status == DGM_E_ARG)
        return DGM_OK;
    return dgmi_fail(err, status, "%s", inner.text);
}

static dgm_cite_state judge(const dgm_item *item, uint64_t at, uint64_t place, bool has,
                            const dgm_cited *cited)
{
    if (item->status != DGM_USABLE)
        return has ? DGM_CITE_GONE : DGM_CITE_OTHER;
    if (has)
        return at == place ? DGM_CITE_SAME : DGM_CITE_CHANGED;
    bool alike =
        cited->sha256 && item->sha256 && strcmp(cited->sha256, item->sha256) == 0;
    return alike ? DGM_CITE_SAME : DGM_CITE_OTHER;
}

static dgm_status check_once(dgm *desk, const char *id, const dgm_cited *cited,
                             uint64_t place, dgm_cite_state *state, dgm_error *err)
{
    dgmi_record record;
    bool has = false;
    dgm_status status = has_record(desk, id, cited, place, &has, err);
    if (status != DGM_OK)
        return status;
    status = dgmi_desk_record(desk, id, &record, err);
    if (status == DGM_OK)
        *state = judge(&record.item, record.stored.at, place, has, cited);
    if (status == DGM_E_NOTFOUND) {
        *state = DGM_CITE_MISSING;
        dgmi_error_clear(err);
        return DGM_OK;
    }
    return status;
}

dgm_status dgm_cite_check(dgm *desk, const char *id, const dgm_cited *cited,
                          dgm_cite_state *state, dgm_error *err)
{
    dgmi_asof place;
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    if (!desk || !id || !cited || !state || !cited->place || !cited->record)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, an id, its place and digest and a place for the "
                         "state are needed");
    if (!dgmi_asof_read(dgmi_str_of(cited->place), &place) ||
        place.kind != DGMI_ASOF_PLACE)
        return dgmi_fail(err, DGM_E_ARG, "place: \"%.60s\" is no place such as 1:4711",
                         cited->place);
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = check_once(desk, id, cited, dgmi_position_pack(place.at), state, &inner);
    }
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}
