/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All hits of a request, one after another. Depends on lib/index.
 *
 * Ids are found a window at a time, since finding costs what lies before the window, too;
 * items are read one by one. What is kept between two of them is a place in the order and
 * not a place in a database, so that a scan outlives commits and generations and may go
 * on with another reader. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "moment.h"
#include "record.h"
#include "search.h"

enum { WINDOW = 2000 };

struct dgm_scan {
    dgm_request *request;
    uint64_t left;    /* hits that may still be given */
    dgm_page *page;   /* of ids; NULL: to be found */
    uint32_t at;      /* the next of them */
    dgmi_ranked last; /* that was given, or passed over */
    bool begun;       /* there is a last one */
    dgmi_buf cursor;
};

dgm_status dgm_scan_open(dgm_request *request, uint64_t most, dgm_scan **out,
                         dgm_error *err)
{
    dgm_scan *scan = out ? calloc(1, sizeof *scan) : NULL;
    if (out)
        *out = NULL;
    if (!request || !scan) {
        free(scan);
        dgm_request_free(request);
        return request && out ? dgmi_fail_memory(err)
                              : dgmi_fail(err, DGM_E_ARG,
                                          "a request and a place for the scan are "
                                          "needed");
    }
    request->scan = true;
    request->facets = 0;
    request->histogram = -1;
    request->explain = false;
    request->related = false;
    request->cite = false;
    request->highlight = DGMI_HIGHLIGHT_NONE;
    request->window = most > 0 && most < WINDOW ? (unsigned)most : WINDOW;
    scan->request = request;
    scan->left = most > 0 ? most : UINT64_MAX;
    dgmi_buf_init(&scan->cursor, 0);
    *out = scan;
    return DGM_OK;
}

void dgm_scan_close(dgm_scan *scan)
{
    if (!scan)
        return;
    dgm_page_free(scan->page);
    dgm_request_free(scan->request);
    dgmi_buf_clear(&scan->cursor);
    free(scan);
}

/* ---- Places ---- */

const char *dgm_scan_cursor(dgm_scan *scan)
{
    if (!scan->begun)
        return NULL;
    if (!scan->page)
        return scan->request->cursor;
    const dgmi_found *found = dgmi_page_found(scan->page);
    dgmi_cursor behind =
        dgmi_cursor_behind(&found->cursor, &scan->last, found->cursor.shown + scan->at);
    dgmi_buf_reset(&scan->cursor);
    dgmi_cursor_write(&scan->cursor, &behind);
    return scan->cursor.failed ? NULL : scan->cursor.p;
}

bool dgm_scan_is_last(const dgm_scan *scan)
{
    return scan->left == 0 || (scan->page && !scan->page->next &&
                               scan->at == dgmi_page_found(scan->page)->n);
}

/* The window is done with: the next one begins behind its last hit. */
static dgm_status leave_window(dgm_scan *scan, dgm_error *err)
{
    if (scan->begun) {
        const char *cursor = dgm_scan_cursor(scan);
        char *copy = cursor ? dgmi_str_dup(dgmi_str_of(cursor)) : NULL;
        if (!copy)
            return dgmi_fail_memory(err);
        free(scan->request->cursor);
        scan->request->cursor = copy;
    }
    dgm_page_free(scan->page);
    scan->page = NULL;
    scan->at = 0;
    return DGM_OK;
}

/* Sees to it that there is a hit of the window at hand which is of this desk's
 * generation. NOTFOUND: there are no more. */
static dgm_status find_next(dgm_scan *scan, dgm *desk, dgm_error *err)
{
    for (;;) {
        const dgmi_found *found = scan->page ? dgmi_page_found(scan->page) : NULL;
        dgm_status status = DGM_OK;
        if (found && scan->at == found->n && !scan->page->next)
            return DGM_E_NOTFOUND;
        if (found &&
            (scan->at == found->n || found->generation != desk->index->generation))
            status = leave_window(scan, err);
        else if (found)
            return DGM_OK;
        if (status == DGM_OK)
            status = dgm_search(desk, scan->request, &scan->page, err);
        if (status != DGM_OK)
            return status;
        if (!desk->index->db)
            return DGM_E_NOTFOUND;
    }
}

/* ---- Items ---- */

/* *out stays NULL for an item that was withdrawn since it was found. */
static dgm_status read_doc(const dgm_scan *scan, dgm *desk, dgmx_doc *doc,
                           dgmi_ranked *hit, dgm_item **out, dgm_error *err)
{
    dgmx_bytes bytes;
    dgmi_record record;
    bool usable = false;
    dgm_status status =
        dgmx_doc_has_term(doc, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE), &usable, err);
    if (status == DGM_OK &&
        (scan->request->sort != DGMI_BY_RELEVANCE || hit->key.score == 0)) {
        status = dgmx_doc_value(doc, DGMI_SLOT_ORDER, &bytes, err);
        if (status == DGM_OK && bytes.n == DGMI_ORDER_SIZE)
            memcpy(hit->key.order, bytes.p, DGMI_ORDER_SIZE);
    }
    if (status == DGM_OK && usable)
        status = dgmx_doc_data(doc, &bytes, err);
    if (status == DGM_OK && usable)
        status = dgmi_record_decode(desk->codec, bytes.p, bytes.n, &record, err);
    return status == DGM_OK && usable ? dgmi_record_item(&record, out, err) : status;
}

/* As of an earlier moment: where the item stands now that the index may have moved on. */
static dgm_status find_doc(const dgm_scan *scan, dgm *desk, dgmi_ranked *hit,
                           dgmx_doc **out, dgm_error *err)
{
    uint64_t place = dgmi_page_found(scan->page)->cursor.place;
    unsigned ms = scan->request->deadline_ms;
    uint64_t until = dgmi_now_us() + (ms > 0 ? ms : DGMI_DEADLINE_MS) * 1000ull;
    dgm_status status = DGM_OK;
    if (place > 0)
        status = dgmi_moment_enter_whole(desk, place, until, &desk, err);
    if (status == DGM_OK && place > 0)
        status = dgmi_moment_doc(desk->index, dgmi_moment_item(desk->index, hit->key.id),
                                 &hit->key.id, err);
    return status == DGM_OK ? dgmx_doc_known(desk->index->db, hit->key.id, out, err)
                            : status;
}

static dgm_status read_next(dgm_scan *scan, dgm *desk, dgm_item **out, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmi_ranked hit = dgmi_page_found(scan->page)->list[scan->at];
    dgm_status status = find_doc(scan, desk, &hit, &doc, err);
    bool gone = status == DGM_E_NOTFOUND;
    if (status == DGM_OK)
        status = read_doc(scan, desk, doc, &hit, out, err);
    dgmx_doc_free(doc);
    if (gone)
        dgmi_error_clear(err);
    else if (status != DGM_OK)
        return status;
    if (!gone) {
        scan->last = hit;
        scan->begun = true;
    }
    scan->at++;
    scan->left -= *out != NULL;
    return DGM_OK;
}

dgm_status dgm_scan_next(dgm_scan *scan, dgm *desk, dgm_item **out, dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    int tries = 0;
    if (!scan || !desk || !out)
        return dgmi_fail(err, DGM_E_ARG, "a scan, a reader and a place are needed");
    *out = NULL;
    while (scan->left > 0 && !*out) {
        dgmi_error_clear(&inner);
        status = dgmi_index_refresh(desk->index, NULL, &inner);
        if (status == DGM_OK)
            status = find_next(scan, desk, &inner);
        if (status == DGM_OK)
            status = read_next(scan, desk, out, &inner);
        if (status != DGM_OK && (status != DGM_E_STALE || ++tries == DGMI_STALE_TRIES))
            break;
    }
    if (status == DGM_E_NOTFOUND || (status == DGM_OK && !*out))
        return DGM_E_NOTFOUND;
    if (status != DGM_OK && inner.offset >= 0)
        return dgmi_fail_at(err, status, (size_t)inner.offset, "%s", inner.text);
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}
