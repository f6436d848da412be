/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading back what changed. First the index is asked what did, so that it may move on
 * while the archive is read. The version of then is chosen as the index would have chosen
 * it, by the rule of versions among the records that there were, and its document is made
 * as the index makes them. Depends on lib/archive, lib/xapian and lib/index below it. */
#include "recall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "arena.h"
#include "fail.h"
#include "file.h"
#include "item.h"
#include "kinlive.h"
#include "lines.h"
#include "schema.h"
#include "work.h"

enum { BATCH = 200 }; /* documents of a commit: more at once take longer (HACKING.md) */

typedef struct changed_item {
    dgmx_docid id;
    uint64_t first_seen;
    uint64_t *places; /* of the versions that the index knows of; in the arena */
    uint32_t n_places;
    bool cut; /* there may have been more */
    bool findable, held;
    dgmi_kin kin;
} changed_item;

typedef struct recall {
    const dgmi_index *index;
    uint64_t place;
    dgmi_recalled *out;
    dgmi_arena *arena;
    changed_item *list;
    size_t n, capacity;
    uint64_t now, then; /* bytes of their present texts, and of their records of then */
    dgmi_analyser *analyser;
    dgmi_learned *learned;
    dgmi_tagger *tagger;
    dgmi_codec *codec;
    dgmx_writer *writer;
    unsigned pending;
    dgmi_buf buf;
} recall;

void dgmi_recall_clear(dgmi_recalled *r)
{
    for (size_t i = 0; i < r->n_suspects; i++)
        free(r->suspects[i]);
    free(r->suspects);
    free(r->ids);
    dgmx_db_close(r->db);
    dgmx_writer_close(r->memory);
    *r = (dgmi_recalled){ .db = NULL };
}

/* ---- What changed ---- */

typedef dgm_status (*see_fn)(void *user, dgmx_docid id, uint64_t first_seen,
                             dgm_error *err);

/* A slot's values beside a list of ids that ascend. */
typedef struct column {
    dgmx_values *values;
    dgmx_docid at;
    dgmx_bytes value;
    bool over;
} column;

static dgm_status read_column(column *c, dgmx_docid id, uint64_t *out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    *out = 0;
    if (!c->over && c->at < id) {
        status = dgmx_values_skip_to(c->values, id, err);
        if (status == DGM_OK)
            status = dgmx_values_next(c->values, &c->at, &c->value, err);
    }
    c->over = c->over || status == DGM_E_NOTFOUND;
    if (!c->over && status == DGM_OK && c->at == id)
        (void)dgmi_schema_u64_read(c->value.p, c->value.n, out);
    return c->over ? DGM_OK : status;
}

/* Items that were there before `place` and whose present record lies at or behind
 * `since`. */
static dgm_status walk_changed(const dgmi_index *index, uint64_t place, uint64_t since,
                               see_fn see, void *user, dgm_error *err)
{
    dgmx_postings *postings = NULL;
    column first = { .at = 0 }, now = { .at = 0 };
    const char *term = DGMI_TERM_CHANGED;
    dgm_status status = dgmx_postings_of(index->db, term, strlen(term), &postings, err);
    if (status == DGM_OK)
        status = dgmx_values_of(index->db, DGMI_SLOT_FIRST_SEEN, &first.values, err);
    if (status == DGM_OK)
        status = dgmx_values_of(index->db, DGMI_SLOT_CHANGED, &now.values, err);
    while (status == DGM_OK) {
        dgmx_docid id = 0;
        uint64_t began = 0, changed = 0;
        status = dgmx_postings_next(postings, &id, NULL, err);
        if (status == DGM_OK)
            status = read_column(&first, id, &began, err);
        if (status == DGM_OK)
            status = read_column(&now, id, &changed, err);
        if (status == DGM_OK && began < place && changed >= since)
            status = see(user, id, began, err);
    }
    dgmx_values_free(first.values);
    dgmx_values_free(now.values);
    dgmx_postings_free(postings);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status note_stale(void *user, dgmx_docid id, uint64_t first_seen,
                             dgm_error *err)
{
    (void)id;
    (void)first_seen;
    (void)err;
    *(bool *)user = true;
    return DGM_E_NOTFOUND; /* one is enough */
}

dgm_status dgmi_recall_is_stale(const dgmi_index *index, uint64_t place, uint64_t since,
                                bool *stale, dgm_error *err)
{
    *stale = false;
    return walk_changed(index, place, since, note_stale, stale, err);
}

static dgm_status note_changed(void *user, dgmx_docid id, uint64_t first_seen,
                               dgm_error *err)
{
    recall *r = user;
    if (!dgmi_grow(&r->list, &r->capacity, r->n + 1, sizeof *r->list))
        return dgmi_fail_memory(err);
    r->list[r->n++] = (changed_item){ .id = id, .first_seen = first_seen };
    return r->n > DGMI_RECALL_ITEMS ? DGM_E_NOTFOUND : DGM_OK;
}

/* ---- What the index knows of it ---- */

static bool take_places(recall *r, changed_item *c, const dgmi_stored *stored)
{
    c->n_places = stored->n_digests;
    c->cut = stored->n_digests == DGMI_DIGESTS_MAX;
    c->places = dgmi_arena_array(r->arena, stored->n_digests + 1, sizeof *c->places);
    if (c->places && stored->n_digests > 0)
        memcpy(c->places, stored->places, stored->n_digests * sizeof *c->places);
    return c->places != NULL;
}

static dgm_status look_up(recall *r, changed_item *c, dgm_error *err)
{
    dgmx_db *db = r->index->db;
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_record record;
    dgm_status status = dgmi_kin_recall(db, c->id, &c->kin, err);
    if (status == DGM_OK)
        status = dgmx_doc_get(db, c->id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_has_term(doc, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &c->findable, err);
    if (status == DGM_OK)
        status =
            dgmx_doc_has_term(doc, DGMI_TERM_HELD, strlen(DGMI_TERM_HELD), &c->held, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(r->codec, data.p, data.n, &record, err);
    if (status == DGM_OK && !take_places(r, c, &record.stored))
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        r->now += record.text_n;
    dgmx_doc_free(doc);
    return status;
}

static dgm_status find_changed(recall *r, dgm_error *err)
{
    dgm_status status = walk_changed(r->index, r->place, r->place, note_changed, r, err);
    r->out->whole = r->n <= DGMI_RECALL_ITEMS;
    for (size_t i = 0; i < r->n && r->out->whole && status == DGM_OK; i++) {
        status = look_up(r, &r->list[i], err);
        r->out->whole = r->now <= DGMI_RECALL_BYTES;
    }
    return status;
}

/* ---- What the archive has ---- */

/* *out stays NULL if there is no such record. */
static dgm_status load(const recall *r, uint64_t place, dgm_item **out, size_t *bytes,
                       dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_position at, after;
    const char *line = NULL;
    size_t n = 0;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = dgmi_archive_reader_open(
        r->index->data_dir, dgmi_position_unpack(place), &reader, &fault);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line, &n, &at, &after, &fault);
    if (status == DGM_OK)
        status = dgmi_line_item(line, n, out, &fault);
    dgmi_archive_reader_close(reader);
    *bytes = n;
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
}

/* The version of then. */
typedef struct standing {
    dgm_item *item; /* NULL: not known */
    uint64_t at;
    size_t bytes;
    bool killed; /* a kill that came since took it */
} standing;

/* Places ascend, so what came since follows. */
static void weigh(const recall *r, standing *s, dgm_item *item, uint64_t at, size_t bytes)
{
    bool newer = !s->item || dgmi_item_compare_versions(item, s->item) >= 0;
    if (at < r->place && newer) {
        dgm_item_free(s->item);
        s->item = item;
        s->at = at;
        s->bytes = bytes;
        return;
    }
    s->killed =
        s->killed || (at >= r->place && newer && s->item && item->status == DGM_CANCELED);
    dgm_item_free(item);
}

static dgm_status find_standing(const recall *r, const changed_item *c, standing *s,
                                dgm_error *err)
{
    bool lost = c->cut;
    dgm_status status = DGM_OK;
    for (uint32_t i = 0; i < c->n_places && !lost && status == DGM_OK; i++) {
        dgm_item *item = NULL;
        size_t bytes = 0;
        status = load(r, c->places[i], &item, &bytes, err);
        lost = !item;
        if (item)
            weigh(r, s, item, c->places[i], bytes);
    }
    if (lost) {
        dgm_item_free(s->item);
        s->item = NULL;
    }
    return status;
}

/* ---- Documents ---- */

static bool suspect(dgmi_recalled *out, const char *id)
{
    if (!id)
        return true;
    char *copy = dgmi_str_dup(dgmi_str_of(id));
    if (!copy ||
        !dgmi_grow(&out->suspects, &out->capacity, out->n_suspects + 1, sizeof(char *))) {
        free(copy);
        return false;
    }
    out->suspects[out->n_suspects++] = copy;
    return true;
}

static bool note_id(dgmi_recalled *out, dgmx_docid id)
{
    if (!dgmi_grow(&out->ids, &out->ids_capacity, out->n_ids + 1, sizeof *out->ids))
        return false;
    out->ids[out->n_ids++] = id;
    return true;
}

/* Of several databases Xapian 1.4.22 drops a phrase that is a condition among others in
 * one that has no positions at all, and finds what has the other ones. So there always is
 * a position: that of the id, which no phrase asks for. */
static dgm_status put(recall *r, const changed_item *c, const dgm_item *item,
                      dgmx_doc *doc, dgm_error *err)
{
    dgmi_buf_reset(&r->buf);
    dgmi_id_term(&r->buf, item->id);
    dgm_status status = r->buf.failed
                            ? dgmi_fail_memory(err)
                            : dgmx_doc_add_posting(doc, r->buf.p, r->buf.n, 1, 0, err);
    if (status == DGM_OK)
        status = dgmx_writer_replace(r->writer, c->id, doc, err);
    if (status == DGM_OK && ++r->pending % BATCH == 0)
        status = dgmx_writer_commit(r->writer, err);
    bool noted = suspect(r->out, item->id) && suspect(r->out, item->evolved_from) &&
                 note_id(r->out, c->id);
    return status == DGM_OK && !noted ? dgmi_fail_memory(err) : status;
}

static dgm_status put_shown(recall *r, const changed_item *c, const standing *s,
                            dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    const dgmi_stored stored = { .first_seen = c->first_seen,
                                 .at = s->at,
                                 .kin = &c->kin };
    dgm_status status = dgmi_analyse(r->analyser, s->item, &stored,
                                     r->index->average_length, &doc, NULL, &fault);
    if (status == DGM_OK)
        status = put(r, c, s->item, doc, &fault);
    dgmx_doc_free(doc);
    if (status == DGM_OK)
        return DGM_OK;
    if (!dgmi_is_items_fault(status)) /* the index would have rejected it, too */
        return dgmi_fail(err, status, "%s", fault.text);
    r->out->lost++;
    return DGM_OK;
}

static dgm_status fill_bare(recall *r, const dgm_item *bare, const dgmi_stored *stored,
                            dgmx_doc *doc, dgm_error *err)
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
static dgm_status put_withheld(recall *r, const changed_item *c, const standing *s,
                               dgm_error *err)
{
    dgmx_doc *doc = NULL;
    const dgm_item *item = s->item;
    const dgm_item bare = { .id = item->id,
                            .evolved_from = item->evolved_from,
                            .published = item->published,
                            .updated = item->updated,
                            .fetched = item->fetched,
                            .embargo = DGM_NO_TIME };
    const dgmi_stored stored = { .first_seen = c->first_seen, .at = s->at };
    r->out->withheld++;
    if (!item->evolved_from)
        return DGM_OK;
    dgm_status status = dgmx_doc_new(&doc, err);
    if (status == DGM_OK)
        status = fill_bare(r, &bare, &stored, doc, err);
    if (status == DGM_OK)
        status = put(r, c, item, doc, err);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status recall_one(recall *r, const changed_item *c, dgm_error *err)
{
    standing s = { .item = NULL };
    dgm_status status = find_standing(r, c, &s, err);
    bool was_held = s.item && dgmi_item_is_held(s.item, r->index->as_of);
    r->out->held = r->out->held || c->held || was_held;
    r->then += s.bytes;
    if (status == DGM_OK && !s.item)
        r->out->lost++;
    else if (status == DGM_OK && s.item->status == DGM_USABLE && !was_held)
        status = c->findable && !s.killed ? put_shown(r, c, &s, err)
                                          : put_withheld(r, c, &s, err);
    dgm_item_free(s.item);
    return status;
}

/* ---- The database ---- */

static void give_up(recall *r, const char *fault)
{
    dgmi_recall_clear(r->out);
    snprintf(r->out->fault, sizeof r->out->fault, "%s", fault);
}

static char *made_in(const char *folder)
{
    char *path = dgmi_path_join(folder, "dragoman-then-XXXXXX");
    if (path && mkdtemp(path))
        return path;
    free(path);
    return NULL;
}

/* A folder that only we can read; NULL: there is no room for one. */
static char *make_folder(const dgmi_index *index)
{
    const char *system = getenv("TMPDIR");
    char *path = made_in(system && *system ? system : P_tmpdir);
    return path ? path : made_in(index->data_dir);
}

static dgm_status begin(recall *r, const dgmi_log *log, dgm_error *err)
{
    dgm_status status = dgmi_analyser_new(&r->analyser, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(r->index->data_dir, &r->learned, err);
    if (status == DGM_OK)
        status = dgmi_tagger_new(r->index->data_dir, log, &r->tagger, err);
    if (status != DGM_OK)
        return status;
    dgmi_analyser_set_learned(r->analyser, r->learned);
    dgmi_analyser_set_tagger(r->analyser, r->tagger);
    return DGM_OK;
}

static dgm_status fill(recall *r, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < r->n && status == DGM_OK && r->out->whole; i++) {
        status = recall_one(r, &r->list[i], err);
        if (r->then > DGMI_RECALL_BYTES)
            give_up(r, "");
    }
    return status == DGM_OK ? dgmx_writer_commit(r->writer, err) : status;
}

/* The files are open when their folder goes, so nothing is left of them however we
 * end. */
static dgm_status build(recall *r, const dgmi_log *log, dgm_error *err)
{
    char *folder = make_folder(r->index);
    dgm_error fault = DGM_ERROR_INIT;
    if (!folder) {
        give_up(r, "there is no folder for it");
        return DGM_OK;
    }
    dgm_status status = begin(r, log, err);
    dgm_status made = status;
    if (status == DGM_OK)
        made = dgmx_writer_open(folder, DGMX_CREATE | DGMX_NO_SYNC, &r->writer, &fault);
    if (status == DGM_OK && made == DGM_OK)
        made = fill(r, &fault);
    dgmx_writer_close(r->writer);
    r->writer = NULL;
    if (status == DGM_OK && made == DGM_OK && r->out->whole)
        made = dgmx_db_open(folder, &r->out->db, &fault);
    dgmi_remove_tree(folder, NULL);
    free(folder);
    if (status != DGM_OK || made == DGM_OK)
        return status;
    if (made != DGM_E_IO && made != DGM_E_LOCKED)
        return dgmi_fail(err, made, "%s", fault.text);
    give_up(r, fault.text);
    return DGM_OK;
}

static dgm_status make_empty(dgmi_recalled *out, dgm_error *err)
{
    dgm_status status = dgmx_writer_memory(&out->memory, err);
    return status == DGM_OK ? dgmx_writer_db(out->memory, &out->db, err) : status;
}

dgm_status dgmi_recall(const dgmi_index *index, uint64_t place, const dgmi_log *log,
                       dgmi_recalled *out, dgm_error *err)
{
    recall r = { .index = index, .place = place, .out = out };
    *out = (dgmi_recalled){ .whole = true };
    dgmi_buf_init(&r.buf, 0);
    r.codec = dgmi_codec_new();
    r.arena = dgmi_arena_new(0);
    dgm_status status =
        r.codec && r.arena ? find_changed(&r, err) : dgmi_fail_memory(err);
    if (status == DGM_OK && out->whole && r.n > 0)
        status = build(&r, log, err);
    if (status == DGM_OK && !out->db)
        status = make_empty(out, err);
    free(r.list);
    dgmi_arena_free(r.arena);
    dgmi_buf_clear(&r.buf);
    dgmi_analyser_free(r.analyser);
    dgmi_learned_free(r.learned);
    dgmi_tagger_free(r.tagger);
    dgmi_codec_free(r.codec);
    if (status != DGM_OK)
        dgmi_recall_clear(out);
    return status;
}
