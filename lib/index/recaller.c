/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents of former versions, made as the index makes them. Depends on lib/xapian,
 * analyse.h, learned.h, tagger.h, record.h, schema.h, scratch.h and work.h. */
#include "recaller.h"

#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "item.h"
#include "schema.h"
#include "scratch.h"
#include "work.h"

struct dgmi_recaller {
    char *data_dir;
    dgmi_log log;
    dgmi_analyser *analyser;
    dgmi_learned *learned;
    dgmi_tagger *tagger;
    dgmi_codec *codec;
    dgmi_buf buf;
};

void dgmi_recaller_free(dgmi_recaller *r)
{
    if (!r)
        return;
    dgmi_analyser_free(r->analyser);
    dgmi_learned_free(r->learned);
    dgmi_tagger_free(r->tagger);
    dgmi_codec_free(r->codec);
    dgmi_buf_clear(&r->buf);
    free(r->data_dir);
    free(r);
}

dgm_status dgmi_recaller_new(const char *data_dir, const dgmi_log *log,
                             dgmi_recaller **out, dgm_error *err)
{
    *out = NULL;
    dgmi_recaller *r = calloc(1, sizeof *r);
    if (!r)
        return dgmi_fail_memory(err);
    dgmi_scratch_sweep(data_dir);
    r->log = *log;
    r->data_dir = dgmi_str_dup(dgmi_str_of(data_dir));
    r->codec = dgmi_codec_new();
    dgmi_buf_init(&r->buf, 0);
    dgm_status status = r->data_dir && r->codec ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_analyser_new(&r->analyser, err);
    if (status == DGM_OK)
        status = dgmi_tagger_new(data_dir, log, &r->tagger, err);
    if (status == DGM_OK)
        *out = r;
    else
        dgmi_recaller_free(r);
    return status;
}

dgm_status dgmi_recaller_refresh(dgmi_recaller *r, dgm_error *err)
{
    dgmi_learned *learned = NULL;
    dgm_status status = dgmi_learned_load(r->data_dir, &learned, err);
    if (status == DGM_OK) {
        dgmi_learned_free(r->learned);
        r->learned = learned;
        status = dgmi_tagger_refresh(&r->tagger, r->data_dir, &r->log, err);
    }
    dgmi_analyser_set_learned(r->analyser, r->learned);
    dgmi_analyser_set_tagger(r->analyser, r->tagger);
    return status;
}

dgmi_codec *dgmi_recaller_codec(dgmi_recaller *r)
{
    return r->codec;
}

/* ---- Documents ---- */

static bool note_names(dgmi_changed *c, const dgm_item *item)
{
    c->names[0] = dgmi_str_dup(dgmi_str_of(item->id));
    c->names[1] =
        item->evolved_from ? dgmi_str_dup(dgmi_str_of(item->evolved_from)) : NULL;
    return c->names[0] && (c->names[1] || !item->evolved_from);
}

/* Of several databases Xapian 1.4.22 drops a phrase that is a condition among others in
 * one that has no positions at all, and finds what has the other ones. So there always is
 * a position: that of the id, which no phrase asks for. */
static dgm_status complete(dgmi_recaller *r, dgmi_changed *c, const dgm_item *item,
                           dgmx_doc *doc, dgm_error *err)
{
    dgmi_buf_reset(&r->buf);
    dgmi_id_term(&r->buf, item->id);
    if (r->buf.failed || !note_names(c, item))
        return dgmi_fail_memory(err);
    dgm_status status = dgmx_doc_add_posting(doc, r->buf.p, r->buf.n, 1, 0, err);
    c->has_doc = status == DGM_OK;
    return status;
}

static dgm_status make_shown(dgmi_recaller *r, const dgmi_index *index, dgmi_changed *c,
                             const dgmi_former *s, dgmx_doc **out, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    const dgmi_stored stored = { .first_seen = c->first_seen,
                                 .at = s->at,
                                 .kin = &c->kin };
    dgm_status status = dgmi_analyse(r->analyser, s->item, &stored, index->average_length,
                                     out, NULL, &fault);
    if (status == DGM_OK)
        status = complete(r, c, s->item, *out, &fault);
    c->outcome = status == DGM_OK ? DGMI_OUTCOME_SHOWN : DGMI_OUTCOME_LOST;
    if (status == DGM_OK || dgmi_is_items_fault(status)) /* the index would have rejected
                                                            it, too */
        return DGM_OK;
    return dgmi_fail(err, status, "%s", fault.text);
}

static dgm_status fill_bare(dgmi_recaller *r, const dgm_item *bare,
                            const dgmi_stored *stored, dgmx_doc *doc, dgm_error *err)
{
    char place[8];
    dgmi_buf_reset(&r->buf);
    dgmi_schema_term(&r->buf, DGMI_PREFIX_EVOLVED, bare->evolved_from,
                     strlen(bare->evolved_from));
    dgm_status status = r->buf.failed
                            ? dgmi_fail_memory(err)
                            : dgmx_doc_add_term(doc, r->buf.p, r->buf.n, 0, err);
    dgmi_schema_u64(stored->at, place);
    if (status == DGM_OK)
        status = dgmx_doc_set_value(doc, DGMI_SLOT_CHANGED, place, sizeof place, err);
    dgmi_buf_reset(&r->buf);
    if (status == DGM_OK)
        status = dgmi_record_encode(r->codec, bare, stored, &r->buf, err);
    return status == DGM_OK ? dgmx_doc_set_data(doc, r->buf.p, r->buf.n, err) : status;
}

/* What it hid then stays hidden. */
static dgm_status make_withheld(dgmi_recaller *r, dgmi_changed *c, const dgmi_former *s,
                                dgmx_doc **out, dgm_error *err)
{
    const dgm_item *item = s->item;
    const dgm_item bare = { .id = item->id,
                            .evolved_from = item->evolved_from,
                            .published = item->published,
                            .updated = item->updated,
                            .fetched = item->fetched,
                            .embargo = DGM_NO_TIME };
    const dgmi_stored stored = { .first_seen = c->first_seen, .at = s->at };
    c->outcome = DGMI_OUTCOME_WITHHELD;
    if (!item->evolved_from)
        return DGM_OK;
    dgm_status status = dgmx_doc_new(out, err);
    if (status == DGM_OK)
        status = fill_bare(r, &bare, &stored, *out, err);
    return status == DGM_OK ? complete(r, c, item, *out, err) : status;
}

dgm_status dgmi_recaller_make(dgmi_recaller *r, const dgmi_index *index, dgmi_changed *c,
                              const dgmi_former *s, dgmx_doc **out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    *out = NULL;
    c->was_held = s->item && dgmi_item_is_held(s->item, index->as_of);
    if (!s->item)
        c->outcome = DGMI_OUTCOME_LOST;
    else if (s->item->status == DGM_USABLE && !c->was_held)
        status = c->findable && !s->killed ? make_shown(r, index, c, s, out, err)
                                           : make_withheld(r, c, s, out, err);
    if (!c->has_doc) {
        dgmx_doc_free(*out);
        *out = NULL;
    }
    return status;
}
