/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accepting one item: decided about and appended while the archive's lock is held, so
 * that any number of processes can accept at once. Depends on lib/wire, lib/archive and
 * lib/index below it. */
#include <stdlib.h>
#include <string.h>

#include "bring.h"
#include "clock.h"
#include "fail.h"
#include "ingest.h"
#include "item.h"
#include "lines.h"
#include "wire.h"

enum {
    LINE_KEPT = 1 << 20,
    LOOK_US = 100000,    /* the index is followed so often at most */
    AVOID_US = 10000000, /* and a damaged one is tried again after so long */
    TRIES = 4
};

/* ---- The index as far as deciding needs it ---- */

static dgm_status look(dgm_ingest *in, dgm_error *err)
{
    uint64_t now = dgmi_now_us();
    if (now < in->avoid_us || now - in->looked_us < LOOK_US)
        return DGM_OK;
    in->looked_us = now;
    return dgmi_bring_look(&in->work, &in->index, err);
}

/* Deciding goes on by the archive alone: it is the truth, and the index disposable. */
static void avoid_index(dgm_ingest *in, const char *why)
{
    dgmi_say(&in->work.log, "warning", "deciding by the archive alone: %s", why);
    dgmi_index_close(in->index);
    in->index = NULL;
    in->avoid_us = dgmi_now_us() + AVOID_US;
}

/* What is asked of archive and index together: the outcome for an item, or the winner of
 * an id. */
typedef struct question {
    const dgm_item *item;
    dgm_outcome outcome;
    const char *id;
    dgm_item *winner;
} question;

static dgm_status ask_once(dgm_ingest *in, question *q, dgm_error *err)
{
    dgmi_position end = dgmi_archive_end(in->archive);
    if (in->index && dgmi_position_compare(in->index->position, end) > 0)
        return dgmi_fail(err, DGM_E_CORRUPT, "the index is ahead of the archive");
    dgm_status status = dgmi_decider_follow(in->decider, in->index, end, err);
    if (status == DGM_OK && q->item)
        status = dgmi_decide(in->decider, in->index, q->item, &q->outcome, err);
    else if (status == DGM_OK)
        status = dgmi_decider_winner(in->decider, in->index, q->id, &q->winner, err);
    return status;
}

/* The index may move on under us, or be damaged. */
static dgm_status ask(dgm_ingest *in, question *q, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = look(in, err);
    if (status != DGM_OK)
        return status;
    for (int i = 0; i < TRIES; i++) {
        dgmi_error_clear(&fault);
        status = ask_once(in, q, &fault);
        if (status == DGM_E_CORRUPT && in->index)
            avoid_index(in, fault.text);
        else if (status != DGM_E_STALE)
            break;
        else if (dgmi_bring_look(&in->work, &in->index, err) != DGM_OK)
            break;
    }
    return fault.code == DGM_OK ? status : dgmi_fail(err, status, "%s", fault.text);
}

/* ---- Appending ---- */

static void count(dgm_counts *c, dgm_outcome outcome)
{
    c->items++;
    switch (outcome) {
    case DGM_ADDED:
        c->added++;
        break;
    case DGM_REPLACED:
        c->replaced++;
        break;
    case DGM_OLDER:
        c->older++;
        break;
    case DGM_UNCHANGED:
        c->unchanged++;
        break;
    }
}

static dgm_status append(dgm_ingest *in, dgmi_position *at, dgm_error *err)
{
    dgm_status status = dgmi_archive_append(in->archive, in->line.p, in->line.n, at, err);
    return status == DGM_OK
               ? dgmi_decider_note(in->decider, *at, dgmi_archive_end(in->archive), err)
               : status;
}

/* The line is made before the lock is taken: others wait for that. */
static dgm_status make_line(dgm_ingest *in, const dgm_item *item, dgm_error *err)
{
    if (in->line.capacity > LINE_KEPT)
        dgmi_buf_clear(&in->line);
    dgmi_buf_reset(&in->line);
    dgmi_json_item(&in->line, item);
    return in->line.failed ? dgmi_fail_memory(err) : DGM_OK;
}

dgm_status dgmi_ingest_accept(dgm_ingest *in, const dgm_item *item, const char *where,
                              dgm_error *err)
{
    question q = { .item = item };
    dgmi_position at = { 0, 0 };
    dgm_status status = make_line(in, item, err);
    if (status == DGM_OK)
        status = dgmi_archive_lock(in->archive, err);
    if (status != DGM_OK)
        return status;
    status = ask(in, &q, err);
    if (status == DGM_OK && q.outcome != DGM_UNCHANGED)
        status = append(in, &at, err);
    dgmi_archive_unlock(in->archive);
    if (status != DGM_OK)
        return status;
    count(&in->work.counts, q.outcome);
    if (in->work.options.taken)
        in->work.options.taken(in->work.options.user, where, item->id, q.outcome,
                               dgmi_position_pack(at));
    dgmi_work_progress(&in->work, DGM_READING);
    return DGM_OK;
}

/* ---- Canceling ---- */

static int64_t time_of(const dgm_item *item)
{
    return item->updated != DGM_NO_TIME ? item->updated : item->published;
}

/* What remains of a canceled item: that it was there. It is newer than the version that
 * it cancels whatever the clocks say. */
static dgm_item tombstone_of(const dgm_item *winner)
{
    dgm_item t = { .id = winner->id,
                   .version = winner->version,
                   .status = DGM_CANCELED,
                   .published = winner->published,
                   .updated = dgmi_wall_time(),
                   .fetched = dgmi_wall_time(),
                   .url = winner->url,
                   .evolved_from = winner->evolved_from };
    int64_t before = time_of(winner);
    if (before != DGM_NO_TIME && before >= t.updated)
        t.updated = before + 1;
    return t;
}

static dgm_status append_tombstone(dgm_ingest *in, const dgm_item *winner,
                                   dgm_outcome *outcome, dgm_error *err)
{
    dgmi_position at;
    dgm_item tombstone = tombstone_of(winner);
    question q = { .item = &tombstone };
    *outcome = DGM_UNCHANGED;
    if (winner->status == DGM_CANCELED)
        return DGM_OK;
    dgm_status status = make_line(in, &tombstone, err);
    if (status == DGM_OK)
        status = ask(in, &q, err);
    if (status == DGM_OK)
        status = append(in, &at, err);
    *outcome = q.outcome;
    return status;
}

dgm_status dgm_ingest_cancel(dgm_ingest *in, const char *id, dgm_outcome *outcome,
                             dgm_error *err)
{
    dgm_outcome unused;
    if (!in || !id || !*id)
        return dgmi_fail(err, DGM_E_ARG, "a writer and an id are needed");
    question q = { .id = id };
    dgm_status status = dgmi_archive_lock(in->archive, err);
    if (status == DGM_OK)
        status = ask(in, &q, err);
    if (status == DGM_OK && q.winner)
        status = append_tombstone(in, q.winner, outcome ? outcome : &unused, err);
    dgmi_archive_unlock(in->archive);
    dgm_item_free(q.winner);
    if (status == DGM_E_NOTFOUND)
        return dgmi_fail(err, status, "there is no item \"%.120s\"", id);
    return status;
}
