/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions in the archive. Depends on lib/archive, lib/item, lines.h. */
#include "former.h"

#include "clock.h"
#include "fail.h"
#include "item.h"
#include "lines.h"
#include "recall.h"

void dgmi_former_clear(dgmi_former *s)
{
    dgm_item_free(s->item);
    *s = (dgmi_former){ .item = NULL };
}

static dgm_status move_to(dgmi_archive_reader **reader, const char *data_dir,
                          uint64_t place, dgm_error *err)
{
    dgmi_position at = dgmi_position_unpack(place);
    return *reader ? dgmi_archive_reader_move(*reader, at, err)
                   : dgmi_archive_reader_open(data_dir, at, reader, err);
}

/* *out stays NULL if there is no such record. */
static dgm_status load(dgmi_former *s, uint64_t place, const char *data_dir,
                       dgmi_archive_reader **reader, dgm_item **out, size_t *bytes,
                       dgm_error *err)
{
    dgmi_position at, after;
    const char *line = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    *out = NULL;
    dgm_status status = move_to(reader, data_dir, place, &fault);
    if (status == DGM_OK)
        status = dgmi_archive_next(*reader, &line, bytes, &at, &after, &fault);
    s->too_long = status == DGM_OK && *bytes > DGMI_RECALL_BYTES;
    if (status == DGM_OK && !s->too_long)
        status = dgmi_line_item(line, *bytes, out, &fault);
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
}

/* Places ascend, so what came since follows. */
static void weigh(dgmi_former *s, uint64_t place, dgm_item *item, uint64_t at,
                  size_t bytes)
{
    bool newer = !s->item || dgmi_item_compare_versions(item, s->item) >= 0;
    if (at < place && newer) {
        dgm_item_free(s->item);
        s->item = item;
        s->at = at;
        s->bytes = bytes;
        return;
    }
    s->killed =
        s->killed || (at >= place && newer && s->item && item->status == DGM_CANCELED);
    dgm_item_free(item);
}

/* Of records that came since only kills matter, and one that can be found is none. */
static bool matters(const dgmi_changed *c, uint64_t place, uint64_t at)
{
    return at < place || at != c->at || !c->findable;
}

static void lose(dgmi_former *s)
{
    dgm_item_free(s->item);
    s->item = NULL;
    s->ended = true;
}

dgm_status dgmi_former_go(dgmi_former *s, const dgmi_changed *c, uint64_t place,
                          const char *data_dir, dgmi_archive_reader **reader,
                          uint64_t until_us, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (c->cut)
        lose(s);
    while (!s->ended && status == DGM_OK && s->next < c->n_places) {
        dgm_item *item = NULL;
        size_t bytes = 0;
        uint64_t at = c->places[s->next++];
        if (!matters(c, place, at))
            continue;
        status = load(s, at, data_dir, reader, &item, &bytes, err);
        if (item)
            weigh(s, place, item, at, bytes);
        else
            lose(s);
        if (dgmi_now_us() > until_us)
            break;
    }
    s->ended = s->ended || s->next >= c->n_places;
    return status;
}
