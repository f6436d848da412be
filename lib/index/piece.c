/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chunk of the archive to a small database, flushed once: many small inverters fit the
 * processor's caches where one large one does not. Depends on lib/archive, lib/xapian and
 * lib/index below it. */
#include "piece.h"

#include <malloc.h>
#include <stdlib.h>

#include "analyse.h"
#include "dgmx.h"
#include "fail.h"
#include "item.h"
#include "work.h"

struct dgmi_piece_tools {
    dgmi_analyser *analyser;
    dgmi_tagger *tagger;
};

#define NONE UINT64_MAX
enum { HEAVY_LINE = 1 << 20 }; /* the memory of an item is a multiple of its line */

typedef struct piece {
    const dgmi_piece_options *options;
    dgmi_analyser *analyser;
    dgmx_writer *writer;
    uint64_t at;      /* the record at hand, packed */
    uint64_t counted; /* records before this place were told to advance() */
    uint64_t told;    /* and rejections to reject() */
    bool heavy;       /* options->heavy is held */
    bool single;      /* commit after each record, to find the one that fails */
    uint64_t skip;    /* that one */
    dgm_error reason;
} piece;

dgm_status dgmi_piece_tools_new(const char *data_dir, dgmi_piece_tools **out,
                                dgm_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_analyser_new(&(*out)->analyser, err);
    if (status == DGM_OK)
        status = dgmi_tagger_new(data_dir, NULL, &(*out)->tagger, err);
    if (status == DGM_OK) {
        dgmi_analyser_set_tagger((*out)->analyser, (*out)->tagger);
        return DGM_OK;
    }
    dgmi_piece_tools_free(*out);
    *out = NULL;
    return status;
}

void dgmi_piece_tools_free(dgmi_piece_tools *tools)
{
    if (!tools)
        return;
    dgmi_analyser_free(tools->analyser);
    dgmi_tagger_free(tools->tagger);
    free(tools);
}

static dgm_status reject(piece *p, const dgmi_line *line, const char *reason,
                         dgm_error *err)
{
    if (line->at < p->told)
        return DGM_OK;
    p->told = line->after;
    return p->options->reject(p->options->user, line, reason, err);
}

static dgm_status add(piece *p, const dgm_item *item, const dgmi_verdict *verdict,
                      dgm_error *err)
{
    dgmx_doc *doc = NULL;
    bool cut = false;
    uint64_t digest = verdict ? 0 : dgmi_item_digest(item);
    dgmi_kin kin;
    dgmi_stored stored = { .first_seen = p->at,
                           .at = p->at,
                           .digests = &digest,
                           .places = &p->at,
                           .n_digests = 1 };
    if (verdict)
        stored = verdict->stored;
    stored.kin = &kin;
    dgmi_survey_standing(p->options->survey, item, &stored);
    dgm_status status =
        dgmi_stories_find(p->options->stories, stored.first_seen, &kin, err);
    if (status == DGM_OK)
        status = dgmi_analyse(p->analyser, item, &stored, p->options->average_length,
                              &doc, &cut, err);
    if (status == DGM_OK)
        status = dgmx_writer_add(p->writer, doc, NULL, err);
    if (status == DGM_OK && cut && p->at >= p->counted)
        p->options->cut(p->options->user, item->id);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status take(piece *p, const dgmi_line *line, dgm_error *err)
{
    dgm_item *item = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    const dgmi_verdict *verdict = dgmi_survey_verdict(p->options->survey, line->at);
    if (verdict && !verdict->wins)
        return DGM_OK;
    if (line->at == p->skip)
        return reject(p, line, p->reason.text, err);
    dgm_status status = dgmi_line_item(line->p, line->n, &item, &fault);
    if (status == DGM_OK)
        status = add(p, item, verdict, err);
    else if (dgmi_is_items_fault(status))
        status = reject(p, line, fault.text, err);
    else
        dgmi_fail(err, status, "%s", fault.text);
    dgm_item_free(item);
    return status;
}

static dgm_status take_line(void *user, const dgmi_line *line, dgm_error *err)
{
    piece *p = user;
    p->at = line->at;
    if (line->n > HEAVY_LINE && !p->heavy) {
        pthread_mutex_lock(p->options->heavy);
        p->heavy = true;
    }
    dgm_status status = take(p, line, err);
    if (status == DGM_OK && p->single)
        status = dgmx_writer_commit(p->writer, err);
    if (status == DGM_OK && p->single)
        status = dgmx_writer_begin(p->writer, err);
    if (status == DGM_OK && line->at >= p->counted) {
        p->counted = line->after;
        p->options->advance(p->options->user);
    }
    return status;
}

static dgm_status run(piece *p, dgm_error *err)
{
    const dgmi_piece_options *o = p->options;
    unsigned flags = DGMX_CREATE | DGMX_OVERWRITE | DGMX_NO_SYNC;
    dgm_status status = dgmx_writer_open(o->path, flags, &p->writer, err);
    if (status == DGM_OK)
        status = dgmx_writer_begin(p->writer, err);
    if (status == DGM_OK)
        status =
            dgmi_lines_walk(o->data_dir, o->chunk->from, o->chunk->to, take_line, p, err);
    if (status == DGM_OK)
        status = dgmx_writer_commit(p->writer, err);
    return status;
}

static dgm_status count(piece *p, uint32_t *documents, dgm_error *err)
{
    dgmx_db *view = NULL;
    dgm_status status = dgmx_writer_db(p->writer, &view, err);
    if (status == DGM_OK)
        status = dgmx_db_doc_count(view, documents, err);
    dgmx_db_close(view);
    return status;
}

/* Each thread's heap keeps what a large item took, so the memory of several would add up
 * although they are worked on one after the other. */
static void let_go(piece *p)
{
    if (!p->heavy)
        return;
    malloc_trim(0);
    pthread_mutex_unlock(p->options->heavy);
    p->heavy = false;
}

/* A writer that failed has lost its batch: all is begun again, first with a commit after
 * each record to learn which one it is, then without that one. */
dgm_status dgmi_piece_build(dgmi_piece_tools *tools, const dgmi_piece_options *options,
                            uint32_t *documents, dgm_error *err)
{
    piece p = { .options = options, .analyser = tools->analyser, .skip = NONE };
    dgmi_analyser_set_learned(tools->analyser, options->learned);
    for (;;) {
        dgm_error fault = DGM_ERROR_INIT;
        dgm_status status = run(&p, &fault);
        if (status == DGM_OK)
            status = count(&p, documents, &fault);
        dgmx_writer_close(p.writer);
        p.writer = NULL;
        let_go(&p);
        if (status == DGM_OK)
            return DGM_OK;
        if (!dgmi_is_items_fault(status) || (p.single && p.skip == p.at))
            return dgmi_fail(err, status, "%s", fault.text);
        if (p.single) {
            p.skip = p.at;
            p.reason = fault;
        }
        p.single = true;
    }
}
