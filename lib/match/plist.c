/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading postings into memory. Depends on lib/base, lib/xapian. */
#include "plist.h"

#include <stdlib.h>

#include "clock.h"
#include "fail.h"

enum { BATCH = 4096 };

/* The same list while it is filled. */
typedef struct filling {
    dgmi_plist *list;
    uint32_t *begin;
    uint16_t *offset;
    uint8_t *impact;
    uint32_t n, most, windows;
    uint32_t window; /* the next whose beginning is not known */
} filling;

uint32_t dgmi_plist_windows(dgmx_docid last_id)
{
    return last_id / DGMI_WINDOW + 1;
}

size_t dgmi_plist_bytes(uint32_t windows, uint32_t n)
{
    return sizeof(dgmi_plist) + ((size_t)windows + 1) * sizeof(uint32_t) +
           (size_t)n * (sizeof(uint16_t) + sizeof(uint8_t));
}

static bool start(filling *f)
{
    f->list = malloc(dgmi_plist_bytes(f->windows, f->most));
    if (!f->list)
        return false;
    f->begin = (uint32_t *)(void *)(f->list + 1);
    f->offset = (uint16_t *)(void *)(f->begin + f->windows + 1);
    f->impact = (uint8_t *)(void *)(f->offset + f->most);
    *f->list = (dgmi_plist){
        .windows = f->windows, .begin = f->begin, .offset = f->offset, .impact = f->impact
    };
    return true;
}

static void add(filling *f, dgmx_docid id, uint32_t wdf)
{
    for (; f->window <= id / DGMI_WINDOW; f->window++)
        f->begin[f->window] = f->n;
    f->offset[f->n] = (uint16_t)(id % DGMI_WINDOW);
    f->impact[f->n++] = wdf < UINT8_MAX ? (uint8_t)wdf : UINT8_MAX;
}

static void finish(filling *f)
{
    for (; f->window <= f->windows; f->window++)
        f->begin[f->window] = f->n;
    f->list->n = f->n;
}

/* False if the postings are not those that were promised. */
static bool add_batch(filling *f, const dgmx_docid *ids, const uint32_t *wdfs, size_t n)
{
    if (n > f->most - f->n || (n > 0 && ids[n - 1] / DGMI_WINDOW >= f->windows))
        return false;
    for (size_t i = 0; i < n; i++)
        add(f, ids[i], wdfs[i]);
    return true;
}

static dgm_status fill(filling *f, dgmx_postings *postings, uint64_t until_us,
                       dgm_error *err)
{
    dgmx_docid ids[BATCH];
    uint32_t wdfs[BATCH];
    size_t n = BATCH;
    while (n == BATCH) {
        if (dgmi_now_us() > until_us)
            return dgmi_fail(err, DGM_E_TIMEOUT, "the time limit of the search passed");
        dgm_status status = dgmx_postings_read(postings, ids, wdfs, BATCH, &n, err);
        if (status != DGM_OK)
            return status;
        if (!add_batch(f, ids, wdfs, n))
            break;
    }
    if (n == BATCH || f->n != f->most)
        return dgmi_fail(err, DGM_E_CORRUPT,
                         "a term has other postings than its frequency says; run: "
                         "dragoman reindex");
    finish(f);
    return DGM_OK;
}

dgm_status dgmi_plist_read(dgmx_db *db, dgmi_str term, uint32_t n, uint32_t windows,
                           uint64_t until_us, dgmi_plist **out, dgm_error *err)
{
    filling f = { .most = n, .windows = windows };
    dgmx_postings *postings = NULL;
    *out = NULL;
    if (!start(&f))
        return dgmi_fail_memory(err);
    dgm_status status = dgmx_postings_of(db, term.p, term.n, &postings, err);
    if (status == DGM_OK)
        status = fill(&f, postings, until_us, err);
    dgmx_postings_free(postings);
    if (status == DGM_OK)
        *out = f.list;
    else
        free(f.list);
    return status;
}

dgmi_plist *dgmi_plist_of_ids(const dgmx_docid *ids, uint32_t n, uint32_t windows)
{
    filling f = { .most = n, .windows = windows };
    if (!start(&f))
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        add(&f, ids[i], 1);
    finish(&f);
    return f.list;
}
