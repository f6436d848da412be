/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deciding about one item. The rule of versions is that of survey.c and writer.c: an item
 * wins if it is not older than the winner so far. Depends on lib/item, lib/xapian and
 * lib/index below it. */
#include "decide.h"

#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "hash.h"
#include "item.h"
#include "lines.h"
#include "pending.h"
#include "record.h"
#include "schema.h"

struct dgmi_decider {
    char *data_dir;
    dgmi_pending *pending;
    dgmi_codec *codec;
    dgmi_buf term;
    /* of the item decided last */
    dgmi_decision decision;
    uint64_t hash, digest;
};

dgm_status dgmi_decider_new(const char *data_dir, dgmi_decider **out, dgm_error *err)
{
    *out = NULL;
    dgmi_decider *d = calloc(1, sizeof *d);
    if (!d)
        return dgmi_fail_memory(err);
    d->data_dir = dgmi_str_dup(dgmi_str_of(data_dir));
    d->pending = dgmi_pending_new();
    d->codec = dgmi_codec_new();
    if (!d->data_dir || !d->pending || !d->codec) {
        dgmi_decider_free(d);
        return dgmi_fail_memory(err);
    }
    *out = d;
    return DGM_OK;
}

void dgmi_decider_free(dgmi_decider *d)
{
    if (!d)
        return;
    free(d->data_dir);
    dgmi_pending_free(d->pending);
    dgmi_codec_free(d->codec);
    dgmi_buf_clear(&d->term);
    free(d);
}

static dgmi_decision compare(const dgm_item *item, const dgm_item *winner)
{
    return dgmi_item_compare_versions(item, winner) < 0 ? DGMI_OLDER : DGMI_REPLACES;
}

/* By what was taken in this run. Two ids may share a hash, so the id itself is compared,
 * and another hash is tried for the second one. */
static dgm_status by_pending(dgmi_decider *d, const dgm_item *item, bool *decided,
                             dgm_error *err)
{
    uint64_t at, digest;
    dgm_status status = DGM_OK;
    *decided = false;
    d->hash = dgmi_hash64(item->id, strlen(item->id));
    while (!*decided && dgmi_pending_winner(d->pending, d->hash, &at, &digest)) {
        dgm_item *winner = NULL;
        if (digest == d->digest) {
            d->decision = DGMI_UNCHANGED;
            *decided = true;
            break;
        }
        status = dgmi_lines_item_at(d->data_dir, at, &winner, err);
        if (status != DGM_OK || !winner)
            break;
        *decided = strcmp(winner->id, item->id) == 0;
        if (*decided)
            d->decision = compare(item, winner);
        else
            d->hash = d->hash * 0x9e3779b97f4a7c15u + 1;
        dgm_item_free(winner);
    }
    return status;
}

static bool has_digest(const dgmi_stored *stored, uint64_t digest)
{
    for (uint32_t i = 0; i < stored->n_digests; i++) {
        if (stored->digests[i] == digest)
            return true;
    }
    return false;
}

static dgm_status by_document(dgmi_decider *d, dgmx_doc *doc, const dgm_item *item,
                              bool decided, dgm_error *err)
{
    dgmx_bytes bytes;
    uint64_t winner;
    dgmi_record known;
    dgm_status status = dgmx_doc_value(doc, DGMI_SLOT_DIGEST, &bytes, err);
    if (status != DGM_OK)
        return status;
    if (dgmi_schema_u64_read(bytes.p, bytes.n, &winner) && winner == d->digest) {
        d->decision = DGMI_UNCHANGED;
        return DGM_OK;
    }
    status = dgmx_doc_data(doc, &bytes, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(d->codec, bytes.p, bytes.n, &known, err);
    if (status != DGM_OK)
        return status;
    if (has_digest(&known.stored, d->digest))
        d->decision = DGMI_UNCHANGED;
    else if (!decided)
        d->decision = compare(item, &known.item);
    return DGM_OK;
}

/* By the index: its digests always, its winner unless this run has a newer one. */
static dgm_status by_index(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                           bool decided, dgm_error *err)
{
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    dgm_error missing = DGM_ERROR_INIT;
    dgmi_buf_reset(&d->term);
    dgmi_id_term(&d->term, item->id);
    if (d->term.failed)
        return dgmi_fail_memory(err);
    dgm_status status = dgmx_db_find(index->db, d->term.p, d->term.n, &id, &missing);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", missing.text);
    status = dgmx_doc_get(index->db, id, &doc, err);
    if (status == DGM_OK)
        status = by_document(d, doc, item, decided, err);
    dgmx_doc_free(doc);
    return status;
}

dgm_status dgmi_decide(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                       dgmi_decision *out, dgm_error *err)
{
    bool decided = false;
    d->decision = DGMI_NEW;
    d->digest = dgmi_item_digest(item);
    dgm_status status = by_pending(d, item, &decided, err);
    if (status == DGM_OK && dgmi_pending_seen(d->pending, d->digest))
        d->decision = DGMI_UNCHANGED;
    if (status == DGM_OK && d->decision != DGMI_UNCHANGED && index->db)
        status = by_index(d, index, item, decided, err);
    *out = d->decision;
    return status;
}

dgm_status dgmi_decider_note(dgmi_decider *d, uint64_t at, dgm_error *err)
{
    bool ok = true;
    switch (d->decision) {
    case DGMI_NEW:
    case DGMI_REPLACES:
        ok = dgmi_pending_set_winner(d->pending, d->hash, at, d->digest);
        break;
    case DGMI_OLDER:
        ok = dgmi_pending_add_seen(d->pending, d->digest);
        break;
    case DGMI_UNCHANGED:
        break;
    }
    return ok ? DGM_OK : dgmi_fail_memory(err);
}

void dgmi_decider_reset(dgmi_decider *d)
{
    dgmi_pending_reset(d->pending);
}

size_t dgmi_decider_bytes(const dgmi_decider *d)
{
    return dgmi_pending_bytes(d->pending);
}
