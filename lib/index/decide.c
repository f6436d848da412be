/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deciding about one item. The rule of versions is in item.h. Depends on lib/item,
 * lib/xapian and lib/index below it. */
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
#include "work.h"

struct dgmi_decider {
    char *data_dir;
    dgmi_pending *pending; /* of the records from `from` to `known` */
    dgmi_codec *codec;
    dgmi_buf term, id;
    dgmi_position from, aged, known; /* aged: what is before it can go first */
    /* of the item decided last */
    dgm_outcome decision;
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
    dgmi_buf_clear(&d->id);
    free(d);
}

/* An older version stays older, whoever else has a say. */
static void compare(dgmi_decider *d, const dgm_item *item, const dgm_item *winner)
{
    if (dgmi_item_compare_versions(item, winner) < 0)
        d->decision = DGM_OLDER;
    else if (d->decision == DGM_ADDED)
        d->decision = DGM_REPLACED;
}

/* Reads the record that a note stands for, and completes the note. */
static dgm_status look_into(dgmi_decider *d, uint64_t at, uint64_t *digest,
                            dgm_item **out, dgm_error *err)
{
    dgm_status status = dgmi_lines_item_at(d->data_dir, at, out, err);
    if (status != DGM_OK || *digest != DGMI_UNREAD)
        return status;
    *digest = dgmi_item_digest(*out);
    return dgmi_pending_set_winner(d->pending, d->hash, at, *digest)
               ? DGM_OK
               : dgmi_fail_memory(err);
}

/* By what stands in the archive behind the index. Two ids may share a hash, so the id
 * itself is compared, and another hash is tried for the second one. */
static dgm_status by_pending(dgmi_decider *d, const dgm_item *item, dgm_error *err)
{
    uint64_t at, digest;
    bool met = false;
    dgm_status status = DGM_OK;
    d->hash = dgmi_hash64(item->id, strlen(item->id));
    while (!met && status == DGM_OK &&
           dgmi_pending_winner(d->pending, d->hash, &at, &digest)) {
        dgm_item *winner = NULL;
        if (digest != d->digest)
            status = look_into(d, at, &digest, &winner, err);
        met = status == DGM_OK && (!winner || strcmp(winner->id, item->id) == 0);
        if (met && digest == d->digest)
            d->decision = DGM_UNCHANGED;
        else if (met)
            compare(d, item, winner);
        else
            d->hash = d->hash * 0x9e3779b97f4a7c15u + 1;
        dgm_item_free(winner);
    }
    if (status == DGM_OK && dgmi_pending_seen(d->pending, d->digest))
        d->decision = DGM_UNCHANGED;
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
                              dgm_error *err)
{
    dgmx_bytes bytes;
    uint64_t winner;
    dgmi_record known;
    dgm_status status = dgmx_doc_value(doc, DGMI_SLOT_DIGEST, &bytes, err);
    if (status != DGM_OK)
        return status;
    if (dgmi_schema_u64_read(bytes.p, bytes.n, &winner) && winner == d->digest) {
        d->decision = DGM_UNCHANGED;
        return DGM_OK;
    }
    status = dgmx_doc_data(doc, &bytes, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(d->codec, bytes.p, bytes.n, &known, err);
    if (status != DGM_OK)
        return status;
    if (has_digest(&known.stored, d->digest))
        d->decision = DGM_UNCHANGED;
    else
        compare(d, item, &known.item);
    return DGM_OK;
}

/* NOTFOUND and nothing in err if the index has no such item. */
static dgm_status find_document(dgmi_decider *d, dgmi_index *index, const char *id,
                                dgmx_doc **out, dgm_error *err)
{
    dgmx_docid number;
    dgm_error missing = DGM_ERROR_INIT;
    dgmi_buf_reset(&d->term);
    dgmi_id_term(&d->term, id);
    if (d->term.failed)
        return dgmi_fail_memory(err);
    if (!index || !index->db)
        return DGM_E_NOTFOUND;
    dgm_status status = dgmx_db_find(index->db, d->term.p, d->term.n, &number, &missing);
    if (status == DGM_E_NOTFOUND)
        return status;
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", missing.text);
    return dgmx_doc_get(index->db, number, out, err);
}

static dgm_status by_index(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                           dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgm_status status = find_document(d, index, item->id, &doc, err);
    if (status == DGM_OK)
        status = by_document(d, doc, item, err);
    dgmx_doc_free(doc);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

dgm_status dgmi_decide(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                       dgm_outcome *out, dgm_error *err)
{
    d->decision = DGM_ADDED;
    d->digest = dgmi_item_digest(item);
    dgm_status status = by_pending(d, item, err);
    if (status == DGM_OK && d->decision != DGM_UNCHANGED)
        status = by_index(d, index, item, err);
    *out = d->decision;
    return status;
}

static dgm_status note(dgmi_decider *d, uint64_t at, dgm_error *err)
{
    bool ok = true;
    switch (d->decision) {
    case DGM_ADDED:
    case DGM_REPLACED:
        ok = dgmi_pending_set_winner(d->pending, d->hash, at, d->digest);
        break;
    case DGM_OLDER:
        ok = dgmi_pending_add_seen(d->pending, d->digest);
        break;
    case DGM_UNCHANGED:
        break;
    }
    return ok ? DGM_OK : dgmi_fail_memory(err);
}

dgm_status dgmi_decider_note(dgmi_decider *d, dgmi_position at, dgmi_position after,
                             dgm_error *err)
{
    d->known = after;
    return note(d, dgmi_position_pack(at), err);
}

/* ---- What others appended ---- */

/* A record of an id that was noted already: which of the two is newer? */
static dgm_status note_again(dgmi_decider *d, const dgmi_line *line, dgm_error *err)
{
    dgm_item *item = NULL;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, err);
    if (status != DGM_OK)
        return status;
    d->decision = DGM_ADDED;
    d->digest = dgmi_item_digest(item);
    status = by_pending(d, item, err);
    if (status == DGM_OK)
        status = note(d, line->at, err);
    dgm_item_free(item);
    return status;
}

/* Most records are noted unread: their id is scanned, and their text looked into when
 * another record of that id comes. A line that is no item has no say. */
static dgm_status note_line(void *user, const dgmi_line *line, dgm_error *err)
{
    dgmi_decider *d = user;
    uint64_t at, digest;
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_buf_reset(&d->id);
    dgm_status status = dgmi_line_id(line->p, line->n, &d->id, &fault);
    if (status == DGM_OK) {
        uint64_t hash = dgmi_hash64(d->id.p, d->id.n);
        if (dgmi_pending_winner(d->pending, hash, &at, &digest))
            status = note_again(d, line, &fault);
        else if (!dgmi_pending_set_winner(d->pending, hash, line->at, DGMI_UNREAD))
            status = dgmi_fail_memory(&fault);
    }
    if (status != DGM_OK && !dgmi_is_items_fault(status))
        return dgmi_fail(err, status, "%s", fault.text);
    d->known = dgmi_position_unpack(line->after);
    return DGM_OK;
}

static void forget(dgmi_decider *d, dgmi_position indexed)
{
    bool ahead = dgmi_position_compare(indexed, d->known) >= 0;
    if (ahead || dgmi_position_compare(indexed, d->from) < 0) {
        dgmi_pending_reset(d->pending);
        d->from = d->aged = d->known = indexed;
    } else if (dgmi_position_compare(indexed, d->aged) >= 0 &&
               dgmi_position_compare(d->aged, d->known) < 0) {
        dgmi_pending_age(d->pending);
        d->from = d->aged;
        d->aged = d->known;
    }
}

dgm_status dgmi_decider_follow(dgmi_decider *d, const dgmi_index *index,
                               dgmi_position end, dgm_error *err)
{
    forget(d, index ? index->position : (dgmi_position){ 0, 0 });
    if (dgmi_position_compare(d->known, end) >= 0)
        return DGM_OK;
    dgm_status status = dgmi_lines_walk(d->data_dir, d->known, end, note_line, d, err);
    if (status == DGM_OK)
        d->known = end;
    return status;
}

/* ---- The winner itself ---- */

static dgm_status winner_by_index(dgmi_decider *d, dgmi_index *index, const char *id,
                                  dgm_item **out, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes bytes;
    dgmi_record known;
    dgm_status status = find_document(d, index, id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &bytes, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(d->codec, bytes.p, bytes.n, &known, err);
    if (status == DGM_OK)
        status = dgmi_record_item(&known, out, err);
    dgmx_doc_free(doc);
    return status;
}

/* *out stays NULL if no record behind the index has this id. */
static dgm_status winner_by_pending(dgmi_decider *d, const char *id, dgm_item **out,
                                    dgm_error *err)
{
    uint64_t at, digest;
    dgm_status status = DGM_OK;
    d->hash = dgmi_hash64(id, strlen(id));
    while (status == DGM_OK && !*out &&
           dgmi_pending_winner(d->pending, d->hash, &at, &digest)) {
        status = look_into(d, at, &digest, out, err);
        if (status == DGM_OK && strcmp((*out)->id, id) != 0) {
            dgm_item_free(*out);
            *out = NULL;
            d->hash = d->hash * 0x9e3779b97f4a7c15u + 1;
        }
    }
    return status;
}

dgm_status dgmi_decider_winner(dgmi_decider *d, dgmi_index *index, const char *id,
                               dgm_item **out, dgm_error *err)
{
    dgm_item *indexed = NULL, *pending = NULL;
    *out = NULL;
    dgm_status status = winner_by_pending(d, id, &pending, err);
    if (status == DGM_OK)
        status = winner_by_index(d, index, id, &indexed, err);
    bool found = status == DGM_OK || (status == DGM_E_NOTFOUND && pending);
    if (found) {
        bool later =
            !indexed || (pending && dgmi_item_compare_versions(pending, indexed) >= 0);
        *out = later ? pending : indexed;
        if (later)
            pending = NULL;
        else
            indexed = NULL;
    }
    dgm_item_free(indexed);
    dgm_item_free(pending);
    return found ? DGM_OK : status;
}

size_t dgmi_decider_bytes(const dgmi_decider *d)
{
    return dgmi_pending_bytes(d->pending);
}
