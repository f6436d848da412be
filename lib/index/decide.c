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
    dgmi_index *index;               /* of the call at hand */
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

/* What stands in the archive behind the index of one id: the record that won so far, or
 * the only one, of which nobody has asked yet whether it won. */
typedef struct tail {
    dgm_item *item; /* NULL: none */
    uint64_t at;
    bool unread;
} tail;

/* Two ids may share a hash, so the id itself is compared, and another hash is tried for
 * the second one. A record whose digest is `same` is not read: *met tells of it. */
static dgm_status find_tail(dgmi_decider *d, const char *id, uint64_t same, tail *out,
                            bool *met, dgm_error *err)
{
    uint64_t digest;
    dgm_status status = DGM_OK;
    *out = (tail){ .item = NULL };
    *met = false;
    d->hash = dgmi_hash64(id, strlen(id));
    while (status == DGM_OK && !*met && !out->item &&
           dgmi_pending_winner(d->pending, d->hash, &out->at, &digest)) {
        out->unread = digest == DGMI_UNREAD;
        *met = !out->unread && digest == same;
        if (*met)
            break;
        status = dgmi_lines_item_at(d->data_dir, out->at, &out->item, err);
        if (status == DGM_OK && strcmp(out->item->id, id) != 0) {
            dgm_item_free(out->item);
            out->item = NULL;
            d->hash = d->hash * 0x9e3779b97f4a7c15u + 1;
        }
    }
    return status;
}

/* Whether the winner is that of the tail, not that of the index. A record that nobody has
 * asked about may have lost, and the index may have taken it in since. */
static bool tail_wins(const tail *t, const dgmi_index *index, const dgm_item *indexed)
{
    if (!t->item || !indexed || !t->unread)
        return t->item != NULL;
    return dgmi_position_pack(index->position) <= t->at &&
           dgmi_item_compare_versions(t->item, indexed) >= 0;
}

static void compare(dgmi_decider *d, const dgm_item *item, const dgm_item *winner)
{
    if (winner)
        d->decision =
            dgmi_item_compare_versions(item, winner) < 0 ? DGM_OLDER : DGM_REPLACED;
}

static bool has_digest(const dgmi_stored *stored, uint64_t digest)
{
    for (uint32_t i = 0; i < stored->n_digests; i++) {
        if (stored->digests[i] == digest)
            return true;
    }
    return false;
}

static dgm_status by_document(dgmi_decider *d, const dgmi_index *index, dgmx_doc *doc,
                              const dgm_item *item, const tail *t, dgm_error *err)
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
        compare(d, item, tail_wins(t, index, &known.item) ? t->item : &known.item);
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

static dgm_status by_both(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                          const tail *t, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgm_status status = find_document(d, index, item->id, &doc, err);
    if (status == DGM_OK)
        status = by_document(d, index, doc, item, t, err);
    else if (status == DGM_E_NOTFOUND)
        compare(d, item, t->item);
    dgmx_doc_free(doc);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* In the order of the archive: the item meets the winner so far, and that one alone. */
dgm_status dgmi_decide(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                       dgm_outcome *out, dgm_error *err)
{
    tail t;
    bool same = false;
    d->decision = DGM_ADDED;
    d->digest = dgmi_item_digest(item);
    dgm_status status = find_tail(d, item->id, d->digest, &t, &same, err);
    if (status == DGM_OK && t.item && t.unread && /* its version was never noted */
        !dgmi_pending_add_seen(d->pending, dgmi_item_digest(t.item)))
        status = dgmi_fail_memory(err);
    same = same || (status == DGM_OK && dgmi_pending_seen(d->pending, d->digest));
    if (same)
        d->decision = DGM_UNCHANGED;
    else if (status == DGM_OK)
        status = by_both(d, index, item, &t, err);
    dgm_item_free(t.item);
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

/* A record of an id that was noted already. */
static dgm_status note_again(dgmi_decider *d, const dgmi_line *line, dgm_error *err)
{
    dgm_item *item = NULL;
    dgm_outcome unused;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, err);
    if (status == DGM_OK)
        status = dgmi_decide(d, d->index, item, &unused, err);
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

dgm_status dgmi_decider_follow(dgmi_decider *d, dgmi_index *index, dgmi_position end,
                               dgm_error *err)
{
    d->index = index;
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

dgm_status dgmi_decider_winner(dgmi_decider *d, dgmi_index *index, const char *id,
                               dgm_item **out, dgm_error *err)
{
    dgm_item *indexed = NULL;
    tail t;
    bool unused;
    *out = NULL;
    dgm_status status = find_tail(d, id, DGMI_UNREAD, &t, &unused, err);
    if (status == DGM_OK)
        status = winner_by_index(d, index, id, &indexed, err);
    if (status == DGM_E_NOTFOUND && t.item)
        status = DGM_OK;
    if (status == DGM_OK && tail_wins(&t, index, indexed)) {
        *out = t.item;
        t.item = NULL;
    } else if (status == DGM_OK) {
        *out = indexed;
        indexed = NULL;
    }
    dgm_item_free(indexed);
    dgm_item_free(t.item);
    return status;
}

size_t dgmi_decider_bytes(const dgmi_decider *d)
{
    return dgmi_pending_bytes(d->pending);
}
