/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing archive and index, item by item, in both directions.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "dgmx.h"
#include "fail.h"
#include "hash.h"
#include "item.h"
#include "kinlive.h"
#include "reader.h"
#include "schema.h"
#include "stories.h"
#include "survey.h"

enum { SURVEY_MEMORY = 128 << 20, CHUNK = 100000, CHUNK_BYTES = 4 << 20 };

typedef struct check {
    dgmi_index *index;
    dgmi_survey *survey;
    dgmi_stories *stories;
    dgmi_learned *learned;
    dgmi_codec *codec;
    dgmi_map *ids; /* terms of ids that the archive has */
    dgmi_buf term;
    dgm_differ_fn differ;
    void *user;
    uint64_t differences;
} check;

static void differ(check *c, const char *id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void differ(check *c, const char *id, const char *format, ...)
{
    char what[240];
    va_list args;
    c->differences++;
    if (!c->differ)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    c->differ(c->user, id, what);
}

/* ---- From the archive to the index ---- */

/* The expected record of an item: what the archive's order says of it. */
static void check_stored(check *c, const dgm_item *item, const dgmi_stored *stored,
                         const dgmi_record *found)
{
    const dgmi_stored *f = &found->stored;
    if (strcmp(item->id, found->item.id) != 0)
        differ(c, item->id, "its record is that of %s", found->item.id);
    else if (f->at != stored->at || f->first_seen != stored->first_seen)
        differ(c, item->id, "its record names another place in the archive");
    else if (f->n_digests != stored->n_digests ||
             memcmp(f->digests, stored->digests, f->n_digests * sizeof *f->digests) != 0)
        differ(c, item->id, "its record lists other versions");
    else if (memcmp(f->places, stored->places, f->n_digests * sizeof *f->places) != 0)
        differ(c, item->id, "its record names other places of its versions");
}

/* Whether a search finds the item, and as what. */
static dgm_status check_flags(check *c, dgmx_doc *doc, const dgm_item *item,
                              const dgmi_stored *stored, dgm_error *err)
{
    bool findable = item->status == DGM_USABLE && !stored->held;
    const struct {
        const char *term, *what;
        bool wanted;
    } flags[] = {
        { DGMI_TERM_USABLE, "found", findable },
        { DGMI_TERM_HELD, "held", stored->held },
        { DGMI_TERM_CHANGED, "marked as changed", stored->at != stored->first_seen },
        { DGMI_TERM_OLD, "hidden by a rewrite", findable && stored->superseded },
    };
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i < sizeof flags / sizeof *flags; i++) {
        bool has = false;
        const char *term = flags[i].term;
        status = dgmx_doc_has_term(doc, term, strlen(term), &has, err);
        if (status == DGM_OK && has != flags[i].wanted)
            differ(c, item->id, has ? "it is %s, and should not be" : "it is not %s",
                   flags[i].what);
    }
    return status;
}

/* What is set aside follows from the archive and the rules. */
static dgm_status check_asides(check *c, const dgm_item *item, uint64_t at,
                               const dgmi_record *found, dgm_error *err)
{
    dgmi_arena *arena = NULL;
    const dgm_item *shown = item;
    dgm_status status = dgmi_learned_apply(c->learned, item, at, &arena, &shown, err);
    bool same = status == DGM_OK && shown->n_asides == found->item.n_asides &&
                shown->n_paragraphs == found->item.n_paragraphs;
    for (size_t i = 0; same && i < shown->n_asides; i++)
        same = strcmp(shown->asides[i].text, found->item.asides[i].text) == 0 &&
               shown->asides[i].before == found->item.asides[i].before;
    if (status == DGM_OK && !same)
        differ(c, item->id, "other lines are set aside than the rules say");
    dgmi_arena_free(arena);
    return status;
}

static dgm_status check_document(check *c, dgmx_doc *doc, const dgm_item *item,
                                 const dgmi_stored *stored, dgm_error *err)
{
    dgmx_bytes bytes;
    uint64_t digest = 0;
    dgmi_record record;
    dgm_status status = check_flags(c, doc, item, stored, err);
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, DGMI_SLOT_DIGEST, &bytes, err);
    if (status != DGM_OK)
        return status;
    if (!dgmi_schema_u64_read(bytes.p, bytes.n, &digest) ||
        digest != dgmi_item_digest(item))
        differ(c, item->id, "the index has another version");
    status = dgmx_doc_data(doc, &bytes, err);
    if (status != DGM_OK)
        return status;
    status = dgmi_record_decode(c->codec, bytes.p, bytes.n, &record, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        differ(c, item->id, "its stored record is damaged");
    else
        check_stored(c, item, stored, &record);
    return status == DGM_OK ? check_asides(c, item, stored->at, &record, err) : DGM_OK;
}

/* The live path settled the story from what the index held then; the whole archive must
 * say the same. */
static dgm_status check_story(check *c, dgmx_docid id, const dgm_item *item,
                              uint64_t first_seen, dgm_error *err)
{
    dgmi_kin found, expected;
    dgm_status status = dgmi_stories_find(c->stories, first_seen, &expected, err);
    if (status == DGM_OK)
        status = dgmi_kin_recall(c->index->db, id, &found, err);
    if (status != DGM_OK)
        return status;
    if (found.story != expected.story)
        differ(c, item->id, "the index has it in another story");
    else if (!dgmi_kin_equal(&found, &expected))
        differ(c, item->id, "the index has other keys to its story");
    return DGM_OK;
}

static dgm_status look_up(check *c, const dgm_item *item, const dgmi_stored *stored,
                          dgm_error *err)
{
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    dgm_error missing = DGM_ERROR_INIT;
    dgm_status status = dgmx_db_find(c->index->db, c->term.p, c->term.n, &id, &missing);
    if (status == DGM_E_NOTFOUND) {
        differ(c, item->id, "missing in the index");
        return DGM_OK;
    }
    if (status == DGM_OK)
        status = dgmx_doc_get(c->index->db, id, &doc, &missing);
    if (status == DGM_OK)
        status = check_document(c, doc, item, stored, &missing);
    if (status == DGM_OK)
        status = check_story(c, id, item, stored->first_seen, &missing);
    dgmx_doc_free(doc);
    if (status == DGM_E_CORRUPT) {
        differ(c, item->id, "%s", missing.text);
        return DGM_OK;
    }
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", missing.text);
}

static dgm_status check_item(check *c, const dgm_item *item, const dgmi_line *line,
                             dgm_error *err)
{
    const dgmi_verdict *verdict = dgmi_survey_verdict(c->survey, line->at);
    if (verdict && !verdict->wins)
        return DGM_OK;
    uint64_t digest = dgmi_item_digest(item);
    dgmi_stored stored = { .first_seen = line->at,
                           .at = line->at,
                           .digests = &digest,
                           .places = &line->at,
                           .n_digests = 1 };
    if (verdict)
        stored = verdict->stored;
    dgmi_survey_standing(c->survey, item, &stored);
    dgmi_buf_reset(&c->term);
    dgmi_id_term(&c->term, item->id);
    if (c->term.failed || !dgmi_map_at(c->ids, dgmi_buf_str(&c->term), true))
        return dgmi_fail_memory(err);
    return look_up(c, item, &stored, err);
}

static dgm_status check_line(void *user, const dgmi_line *line, dgm_error *err)
{
    check *c = user;
    dgm_item *item = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, &fault);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK) {
        dgmi_position at = dgmi_position_unpack(line->at);
        differ(c, "", "archive segment %lu, byte %llu: %s", (unsigned long)at.segment,
               (unsigned long long)at.offset, fault.text);
        return DGM_OK;
    }
    status = check_item(c, item, line, err);
    dgm_item_free(item);
    return status;
}

/* ---- From the index to the archive ---- */

static dgm_status check_terms(check *c, dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t freq = 0;
    dgm_status status = dgmx_terms_all(c->index->db, "Q", 1, &terms, err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, &freq, err);
        if (status != DGM_OK)
            break;
        char id[DGMX_TERM_MAX + 1];
        snprintf(id, sizeof id, "%.*s", (int)term.n - 1, term.p + 1);
        if (!dgmi_map_at(c->ids, (dgmi_str){ term.p, term.n }, false))
            differ(c, id, "in the index, not in the archive");
        else if (freq != 1)
            differ(c, id, "%lu documents of the index have this id", (unsigned long)freq);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* Looks at the live database as a whole; *sound tells whether it may be opened and read:
 * Xapian trusts what it reads, and damage in a block can take the process down. */
static dgm_status check_structure(check *c, const char *data_dir, uint64_t generation,
                                  bool *sound, dgm_error *err)
{
    uint64_t faults = 0;
    dgm_error fault = DGM_ERROR_INIT;
    char *path = dgmi_generation_path(data_dir, generation);
    dgm_status status = path ? dgmx_check(path, &faults, &fault) : dgmi_fail_memory(err);
    free(path);
    *sound = status == DGM_OK && faults == 0;
    if (status == DGM_OK && faults > 0)
        differ(c, "",
               "generation %llu is damaged: the check of its database finds %llu faults",
               (unsigned long long)generation, (unsigned long long)faults);
    else if (status == DGM_E_CORRUPT || status == DGM_E_NOTFOUND)
        differ(c, "", "generation %llu is damaged: %s", (unsigned long long)generation,
               fault.text);
    else if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", fault.text);
    return DGM_OK;
}

static dgm_status check_pending(check *c, const char *data_dir, dgm_error *err)
{
    uint64_t bytes = dgmi_archive_size(data_dir, c->index->position);
    (void)err;
    if (bytes > 0)
        differ(c, "", "%llu bytes of the archive are not indexed yet",
               (unsigned long long)bytes);
    return DGM_OK;
}

static dgm_status compare(check *c, const char *data_dir, dgm_error *err)
{
    dgmi_position start = { 0, 0 };
    dgmi_survey_options o = { .data_dir = data_dir,
                              .to = c->index->position,
                              .chunk_records = CHUNK,
                              .chunk_bytes = CHUNK_BYTES,
                              .memory = SURVEY_MEMORY,
                              .as_of = c->index->as_of };
    dgm_status status = check_pending(c, data_dir, err);
    if (status != DGM_OK || !c->index->db)
        return status;
    status = dgmi_learned_load(data_dir, &c->learned, err);
    if (status == DGM_OK)
        status = dgmi_survey_new(&o, &c->survey, err);
    dgmi_stories_options s = { .data_dir = data_dir,
                               .survey = c->survey,
                               .learned = c->learned,
                               .memory = SURVEY_MEMORY,
                               .jobs = 1 };
    if (status == DGM_OK)
        status = dgmi_stories_new(&s, &c->stories, err);
    if (status == DGM_OK)
        status = dgmi_lines_walk(data_dir, start, o.to, check_line, c, err);
    return status == DGM_OK ? check_terms(c, err) : status;
}

/* An index that does not open is one difference; what the archive says cannot be
 * compared. */
static dgm_status open_index(check *c, const char *data_dir, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    uint64_t generation = 0;
    bool sound = true;
    dgm_status status = dgmi_generation_current(data_dir, &generation, &fault);
    if (status == DGM_OK && generation > 0)
        status = check_structure(c, data_dir, generation, &sound, &fault);
    if (status == DGM_OK && sound)
        status = dgmi_index_open(data_dir, &c->index, &fault);
    if (status == DGM_E_CORRUPT) {
        differ(c, "", "%s", fault.text);
        return DGM_OK;
    }
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

dgm_status dgm_verify(const char *data_dir, dgm_differ_fn differ_fn, void *user,
                      uint64_t *differences, dgm_error *err)
{
    check c = { .differ = differ_fn, .user = user };
    *differences = 0;
    c.codec = dgmi_codec_new();
    c.ids = dgmi_map_new();
    dgm_status status = c.codec && c.ids ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = open_index(&c, data_dir, err);
    if (status == DGM_OK && c.index)
        status = compare(&c, data_dir, err);
    *differences = c.differences;
    dgmi_index_close(c.index);
    dgmi_stories_free(c.stories);
    dgmi_survey_free(c.survey);
    dgmi_learned_free(c.learned);
    dgmi_codec_free(c.codec);
    dgmi_map_free(c.ids);
    dgmi_buf_clear(&c.term);
    return status;
}
