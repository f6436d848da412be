/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live path. Any exception out of Xapian's writer may have thrown the whole batch
 * away, so a batch that fails is begun again from what the index itself says, half of it
 * and half of that again, and only the record that fails alone is rejected. Depends on
 * lib/archive, lib/xapian and lib/index below it. */
#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse.h"
#include "clock.h"
#include "dgmx.h"
#include "fail.h"
#include "file.h"
#include "generation.h"
#include "held.h"
#include "item.h"
#include "kinlive.h"
#include "lines.h"
#include "marks.h"

enum { BATCH_SHARE = 16 }; /* a batch takes at most this part of the memory as text */

typedef struct live {
    dgmi_work *work;
    const dgmi_live_options *options;
    char *path;
    dgmx_writer *writer;
    dgmx_db *view; /* of the writer: what is pending included */
    dgmi_analyser *analyser;
    dgmi_learned *learned;
    dgmi_codec *codec;
    dgmi_buf term, record;
    dgmi_marks marks;
    int64_t as_of; /* the time of this run: embargoes that are over by then are lifted */
    dgmi_meta
        meta; /* as committed last; its time follows once all embargoes were seen to */
    uint64_t reached;       /* packed place after the last record of the batch */
    uint64_t at;            /* the record at hand, packed */
    unsigned pending;       /* documents in the batch */
    unsigned lines;         /* records in the batch */
    uint64_t bytes;         /* of their lines */
    unsigned suspects;      /* so many of the next records hold one that spoilt a batch */
    uint64_t skip;          /* the record that failed alone, and why */
    bool settling, careful; /* embargoes are seen to; each by itself after a failure */
    dgm_error reason;
    uint64_t told; /* rejections before this place were reported already */
    bool swapped;
    bool in_commit; /* a failure now is one of the batch, not of the record at hand */
} live;

#define NONE UINT64_MAX

/* ---- Batches ---- */

static void close_writer(live *l)
{
    dgmx_db_close(l->view);
    dgmx_writer_close(l->writer);
    l->view = NULL;
    l->writer = NULL;
}

static dgm_status open_writer(live *l, dgm_error *err)
{
    bool make = l->options->fresh && !l->swapped;
    unsigned flags = make ? DGMX_CREATE | DGMX_OVERWRITE : 0;
    dgmi_meta meta = { .position = l->options->from,
                       .average_length = l->options->average_length,
                       .as_of = l->as_of };
    dgm_status status = make ? dgmi_make_dirs(l->path, err) : DGM_OK;
    if (status == DGM_OK)
        status = dgmx_writer_open(l->path, flags, &l->writer, err);
    if (status == DGM_OK)
        status = dgmx_writer_db(l->writer, &l->view, err);
    if (status == DGM_OK && !make)
        status = dgmi_meta_read(l->view, &meta, err);
    if (status == DGM_OK)
        status = dgmx_writer_begin(l->writer, err);
    if (status == DGM_OK) {
        l->meta = meta;
        l->meta.settled += meta.settled < 0; /* from now on it is counted */
        l->marks.writer = l->writer;
        l->marks.lineage.db = l->view;
        l->reached = dgmi_position_pack(meta.position);
        l->pending = l->lines = 0;
        l->bytes = 0;
        l->in_commit = false;
    }
    return status;
}

/* The first commit of a new generation makes it the live one. */
static dgm_status swap_in(live *l, dgm_error *err)
{
    char *index = dgmi_path_join(l->work->data_dir, "index");
    dgm_status status = index ? dgmi_sync_dir(l->path, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(index, err);
    if (status == DGM_OK)
        status = dgmi_generation_swap(l->work->data_dir, l->options->generation, err);
    l->swapped = status == DGM_OK;
    free(index);
    return status;
}

static dgm_status commit(live *l, dgm_error *err)
{
    l->meta.position = dgmi_position_unpack(l->reached);
    l->in_commit = true;
    dgm_status status = dgmi_meta_write(l->writer, &l->meta, err);
    if (status == DGM_OK)
        status = dgmx_writer_commit(l->writer, err);
    if (status == DGM_OK && l->options->fresh && !l->swapped)
        status = swap_in(l, err);
    if (status == DGM_OK)
        status = dgmx_writer_begin(l->writer, err);
    if (status == DGM_OK) {
        l->suspects -= l->suspects < l->pending ? l->suspects : l->pending;
        l->pending = l->lines = 0;
        l->bytes = 0;
        l->in_commit = false;
    }
    return status;
}

static bool is_full(const live *l)
{
    return l->pending >= DGMI_LIVE_BATCH ||
           l->bytes >= l->work->options.memory / BATCH_SHARE ||
           (l->suspects > 0 && l->pending >= (l->suspects + 1) / 2) ||
           (l->settling && l->careful);
}

/* ---- One record ---- */

/* Readers that hold words of the index trust that this is called for what the archive has
 * a record of, or meta.settled counts (lib/search/dictionary.h). */
static dgm_status put_document(live *l, const dgm_item *item, const dgmi_stored *stored,
                               dgm_error *err)
{
    dgmx_doc *doc = NULL;
    bool cut = false;
    dgm_status status =
        dgmi_analyse(l->analyser, item, stored, l->meta.average_length, &doc, &cut, err);
    if (status == DGM_OK)
        status =
            dgmx_writer_replace_term(l->writer, l->term.p, l->term.n, doc, NULL, err);
    if (status == DGM_OK && cut)
        dgmi_say(&l->work->log, "warning",
                 "%s: too many words, only its beginning can be searched", item->id);
    dgmx_doc_free(doc);
    return status;
}

/* Puts the version that wins now in the place of `known`, the one that won before or
 * NULL. l->term is its id's. */
static dgm_status put_winner(live *l, const dgm_item *item, dgmi_stored *stored,
                             const dgm_item *known, dgm_error *err)
{
    stored->held = dgmi_item_is_held(item, l->as_of);
    dgm_status status = dgmi_marks_before(&l->marks, known, err);
    if (status == DGM_OK)
        status = put_document(l, item, stored, err);
    return status == DGM_OK ? dgmi_marks_after(&l->marks, item, err) : status;
}

/* An older version changes nothing but the list of digests seen. */
static dgm_status note_older(live *l, dgmx_docid id, dgmx_doc *doc,
                             const dgmi_record *known, const dgmi_stored *stored,
                             dgm_error *err)
{
    dgm_item *winner = NULL;
    dgm_status status = dgmi_record_item(known, &winner, err);
    dgmi_buf_reset(&l->record);
    if (status == DGM_OK)
        status = dgmi_record_encode(l->codec, winner, stored, &l->record, err);
    if (status == DGM_OK)
        status = dgmx_doc_set_data(doc, l->record.p, l->record.n, err);
    if (status == DGM_OK)
        status = dgmx_writer_replace(l->writer, id, doc, err);
    dgm_item_free(winner);
    return status;
}

/* The versions seen so far and this one; the oldest go when there are too many. */
typedef struct versions {
    uint64_t digests[DGMI_DIGESTS_MAX], places[DGMI_DIGESTS_MAX];
} versions;

static dgmi_stored extend(versions *v, const dgmi_stored *known, uint64_t digest,
                          uint64_t place)
{
    uint32_t skip = known->n_digests == DGMI_DIGESTS_MAX;
    uint32_t n = known->n_digests - skip;
    for (uint32_t i = 0; i < n; i++) {
        v->digests[i] = known->digests[i + skip];
        v->places[i] = known->places[i + skip];
    }
    v->digests[n] = digest;
    v->places[n] = place;
    return (dgmi_stored){ .first_seen = known->first_seen,
                          .at = known->at,
                          .digests = v->digests,
                          .places = v->places,
                          .n_digests = n + 1 };
}

/* A document of the index with all that is known of it: valid until the codec's next use.
 */
typedef struct known_item {
    dgmx_doc *doc;
    dgmi_record record;
    dgmi_kin kin;
} known_item;

static dgm_status open_known(live *l, dgmx_docid id, known_item *out, dgm_error *err)
{
    dgmx_bytes data;
    dgm_status status = dgmi_kin_recall(l->view, id, &out->kin, err);
    if (status == DGM_OK)
        status = dgmx_doc_get(l->view, id, &out->doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(out->doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(l->codec, data.p, data.n, &out->record, err);
    out->record.stored.kin = &out->kin;
    return status;
}

static dgm_status meet_known(live *l, dgmx_docid id, const dgm_item *item, dgm_error *err)
{
    known_item known = { .doc = NULL };
    const dgm_item *winner = &known.record.item;
    versions v;
    dgm_status status = open_known(l, id, &known, err);
    if (status != DGM_OK)
        goto out;
    dgmi_stored stored = extend(&v, &known.record.stored, dgmi_item_digest(item), l->at);
    stored.kin = &known.kin;
    if (dgmi_item_compare_versions(item, winner) < 0) {
        status = note_older(l, id, known.doc, &known.record, &stored, err);
    } else {
        stored.at = l->at;
        status = put_winner(l, item, &stored, winner, err);
    }
out:
    dgmx_doc_free(known.doc);
    return status;
}

static dgm_status apply_item(live *l, const dgm_item *item, dgm_error *err)
{
    dgmx_docid id = 0;
    dgm_error missing = DGM_ERROR_INIT;
    dgmi_buf_reset(&l->term);
    dgmi_id_term(&l->term, item->id);
    if (l->term.failed)
        return dgmi_fail_memory(err);
    dgm_status status = dgmx_db_find(l->view, l->term.p, l->term.n, &id, &missing);
    if (status == DGM_OK)
        return meet_known(l, id, item, err);
    if (status != DGM_E_NOTFOUND)
        return dgmi_fail(err, status, "%s", missing.text);
    uint64_t digest = dgmi_item_digest(item);
    dgmi_kin_view view = { l->work->data_dir, l->view, l->learned };
    dgmi_kin kin;
    dgmi_stored stored = { .first_seen = l->at,
                           .at = l->at,
                           .digests = &digest,
                           .places = &l->at,
                           .n_digests = 1,
                           .kin = &kin };
    status = dgmi_kin_settle(&view, item, l->at, &kin, err);
    return status == DGM_OK ? put_winner(l, item, &stored, NULL, err) : status;
}

/* A line read again after a failed batch is not reported again. */
static dgm_status reject(live *l, const dgmi_line *line, const char *reason,
                         dgm_error *err)
{
    if (line->at < l->told)
        return DGM_OK;
    l->told = line->after;
    return dgmi_work_reject_record(l->work, line->at, reason, line->p, line->n, err);
}

static dgm_status apply_line(void *user, const dgmi_line *line, dgm_error *err)
{
    live *l = user;
    dgm_item *item = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    l->at = line->at;
    if (line->at == l->skip) {
        status = reject(l, line, l->reason.text, err);
    } else {
        status = dgmi_line_item(line->p, line->n, &item, &fault);
        if (status == DGM_OK)
            status = apply_item(l, item, err);
        else if (dgmi_is_items_fault(status))
            status = reject(l, line, fault.text, err);
        else
            dgmi_fail(err, status, "%s", fault.text);
    }
    dgm_item_free(item);
    if (status != DGM_OK)
        return status;
    l->reached = line->after;
    l->pending++;
    l->lines++;
    l->bytes += line->n;
    l->work->counts.indexed++;
    dgmi_work_progress(l->work, DGM_INDEXING);
    return is_full(l) ? commit(l, err) : DGM_OK;
}

/* ---- Embargoes ---- */

/* Writes an item anew, from its own record, as the time of this run says. */
static dgm_status settle_one(live *l, dgmx_docid id, dgm_error *err)
{
    known_item known = { .doc = NULL };
    dgm_item *item = NULL;
    dgm_status status = open_known(l, id, &known, err);
    if (status != DGM_OK)
        goto out;
    l->at = known.record.stored.at;
    l->pending++;
    l->bytes += known.record.text_n;
    if (l->at == l->skip)
        goto out; /* it failed alone, and stays as it is */
    status = dgmi_record_item(&known.record, &item, err);
    if (status != DGM_OK)
        goto out;
    dgmi_buf_reset(&l->term);
    dgmi_id_term(&l->term, item->id);
    status = l->term.failed ? dgmi_fail_memory(err)
                            : put_winner(l, item, &known.record.stored, item, err);
out:
    dgm_item_free(item);
    dgmx_doc_free(known.doc);
    return status;
}

static dgm_status settle_embargoes(live *l, dgm_error *err)
{
    dgmx_docid *due = NULL;
    size_t n = 0;
    l->settling = true;
    dgm_status status =
        dgmi_held_changes(l->view, l->meta.as_of, l->as_of, &due, &n, err);
    for (size_t i = 0; status == DGM_OK && i < n; i++) {
        status = settle_one(l, due[i], err);
        l->meta.settled++; /* each, so that no two commits of them tell the same */
        if (status == DGM_OK && is_full(l))
            status = commit(l, err);
    }
    free(due);
    if (status != DGM_OK)
        return status;
    l->meta.as_of = l->as_of;
    l->settling = l->careful = false;
    return status;
}

/* ---- The whole ---- */

static dgm_status run(live *l, dgm_error *err)
{
    dgm_status status = settle_embargoes(l, err);
    if (status == DGM_OK)
        status = dgmi_lines_walk(l->work->data_dir, l->meta.position, l->options->to,
                                 apply_line, l, err);
    return status == DGM_OK && (l->pending > 0 || !l->swapped) ? commit(l, err) : status;
}

/* After a failure: what the index says it has counts, not what was sent to it. One of the
 * records of the batch is at fault, whichever was at hand when it came to light. */
static dgm_status begin_again(live *l, const dgm_error *fault, dgm_error *err)
{
    unsigned size = l->pending + !l->in_commit;
    bool alone = l->settling ? l->careful || !l->in_commit : size <= 1;
    l->work->counts.indexed -= l->lines;
    dgmi_say(&l->work->log, "warning", "a batch of %u failed and is begun again: %s",
             size, fault->text);
    close_writer(l);
    l->careful = l->settling;
    l->suspects = alone || l->settling ? 0 : size;
    if (alone) {
        l->skip = l->at;
        l->reason = *fault;
    }
    return open_writer(l, err);
}

static dgm_status apply(live *l, dgm_error *err)
{
    dgm_status status = open_writer(l, err);
    while (status == DGM_OK) {
        dgm_error fault = DGM_ERROR_INIT;
        dgm_status run_status = run(l, &fault);
        if (run_status == DGM_OK)
            break;
        if (!dgmi_is_items_fault(run_status) || l->skip == l->at)
            return dgmi_fail(err, run_status, "%s", fault.text);
        status = begin_again(l, &fault, err);
    }
    return status;
}

/* The rules as they are now that it is settled which records come next: whoever changes
 * them later does so from the archive's end on. The lock keeps a change that is under way
 * from being missed. */
static dgm_status load_learned(live *l, dgm_error *err)
{
    int fd = -1;
    dgm_status status = dgmi_learned_lock(l->work->data_dir, &fd, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(l->work->data_dir, &l->learned, err);
    if (fd >= 0)
        close(fd);
    dgmi_analyser_set_learned(l->analyser, l->learned);
    return status;
}

dgm_status dgmi_live_apply(dgmi_work *work, const dgmi_live_options *options,
                           dgm_error *err)
{
    live l = { .work = work,
               .options = options,
               .as_of = dgmi_wall_time(),
               .skip = NONE,
               .swapped = !options->fresh };
    dgm_status status = dgmi_analyser_new(&l.analyser, err);
    if (status == DGM_OK)
        status = load_learned(&l, err);
    if (status == DGM_OK)
        status = dgmi_tagger_refresh(&work->tagger, work->data_dir, &work->log, err);
    if (l.analyser)
        dgmi_analyser_set_tagger(l.analyser, work->tagger);
    l.codec = dgmi_codec_new();
    l.marks.lineage.codec = dgmi_codec_new();
    l.path = dgmi_generation_path(work->data_dir, options->generation);
    if (status == DGM_OK && (!l.codec || !l.path || !l.marks.lineage.codec))
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = apply(&l, err);
    close_writer(&l);
    dgmi_analyser_free(l.analyser);
    dgmi_learned_free(l.learned);
    dgmi_codec_free(l.codec);
    dgmi_codec_free(l.marks.lineage.codec);
    dgmi_marks_clear(&l.marks);
    dgmi_buf_clear(&l.term);
    dgmi_buf_clear(&l.record);
    free(l.path);
    return status;
}
