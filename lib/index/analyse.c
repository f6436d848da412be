/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Analysis: words, stems, keys and values of one item, gathered first and handed over in
 * one call. Depends on lib/base, lib/text, lib/xapian, vocabulary.h, schema.h, impact.h
 * and record.h. */
#include "analyse.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "fold.h"
#include "impact.h"
#include "item.h"
#include "kin.h"
#include "schema.h"
#include "spoken.h"
#include "stem.h"
#include "tagging.h"
#include "tokens.h"
#include "units.h"
#include "utf8.h"
#include "vocabulary.h"

enum { VALUE_MAX = 240 }; /* bytes of a label in a value slot */

struct dgmi_analyser {
    dgmi_stems *stems;
    dgmi_codec *codec;
    dgmi_vocabulary *words; /* surface forms, with positions */
    dgmi_vocabulary *bases; /* their stems */
    dgmi_units units;
    dgmi_spoken *spoken;
    dgmi_terms terms;
    const dgmi_learned *learned;
    dgmi_tagger *tagger;
    dgmi_buf key, term, record;
    uint32_t length; /* words of the item at hand */
    uint64_t digest; /* of it as the archive has it, nothing set aside */
    bool cut;
};

dgm_status dgmi_analyser_new(dgmi_analyser **out, dgm_error *err)
{
    *out = NULL;
    dgmi_analyser *a = calloc(1, sizeof *a);
    if (!a)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_stems_new(&a->stems, err);
    a->codec = dgmi_codec_new();
    a->words = dgmi_vocabulary_new();
    a->bases = dgmi_vocabulary_new();
    a->spoken = dgmi_spoken_new();
    if (status == DGM_OK && (!a->codec || !a->words || !a->bases || !a->spoken))
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        *out = a;
    else
        dgmi_analyser_free(a);
    return status;
}

void dgmi_analyser_free(dgmi_analyser *a)
{
    if (!a)
        return;
    dgmi_stems_free(a->stems);
    dgmi_codec_free(a->codec);
    dgmi_vocabulary_free(a->words);
    dgmi_vocabulary_free(a->bases);
    dgmi_units_clear(&a->units);
    dgmi_spoken_free(a->spoken);
    dgmi_terms_clear(&a->terms);
    dgmi_buf_clear(&a->key);
    dgmi_buf_clear(&a->term);
    dgmi_buf_clear(&a->record);
    free(a);
}

void dgmi_analyser_set_tagger(dgmi_analyser *a, dgmi_tagger *tagger)
{
    a->tagger = tagger;
}

void dgmi_analyser_set_learned(dgmi_analyser *a, const dgmi_learned *learned)
{
    a->learned = learned;
}

void dgmi_id_term(dgmi_buf *out, const char *id)
{
    dgmi_schema_term(out, "Q", id, strlen(id));
}

/* ---- Words ---- */

/* Adds the words of one run of text, the first at `position`. Returns the position after
 * the last; *count receives how many positions there were. */
static uint32_t add_run(dgmi_analyser *a, const char *text, uint32_t position, bool title,
                        uint32_t *count)
{
    dgmi_tokens tokens;
    dgmi_token token;
    dgmi_tokens_init(&tokens, text, strlen(text), position);
    dgmi_units_begin(&a->units, text, strlen(text));
    while (dgmi_tokens_next(&tokens, &token)) {
        if (dgmi_vocabulary_occurrences(a->words) >= DGMI_WORDS_MAX ||
            dgmi_vocabulary_count(a->words) >= DGMI_DISTINCT_MAX) {
            a->cut = true;
            break;
        }
        dgmi_vocabulary_add(a->words, token.text, token.n, token.position, title);
        dgmi_units_see(&a->units, &token);
        if (!title)
            dgmi_spoken_see(a->spoken, &token);
        *count += token.kind != DGMI_WHOLE;
    }
    return tokens.position;
}

/* Where the body begins after a title that ends at this position. */
static uint32_t behind_title(uint32_t end)
{
    return end + DGMI_PARAGRAPH_GAP > DGMI_BODY_POSITION ? end + DGMI_PARAGRAPH_GAP
                                                         : DGMI_BODY_POSITION;
}

uint32_t dgmi_body_position(const char *title)
{
    dgmi_tokens tokens;
    dgmi_token token;
    dgmi_tokens_init(&tokens, title ? title : "", title ? strlen(title) : 0, 1);
    while (dgmi_tokens_next(&tokens, &token))
        ;
    return behind_title(tokens.position);
}

/* A derived title is a sentence of the body: it can be searched as a title, yet adds
 * nothing to the frequencies and the length, where it would count twice. */
static void add_text(dgmi_analyser *a, const dgm_item *item)
{
    uint32_t in_title = 0, position = DGMI_BODY_POSITION;
    if (item->title)
        position = behind_title(add_run(a, item->title, 1, true, &in_title));
    a->length = item->title_derived ? 0 : in_title;
    dgmi_spoken_begin(a->spoken, item);
    for (size_t i = 0; i < item->n_paragraphs && !a->cut; i++) {
        dgmi_spoken_paragraph(a->spoken, i, item->paragraphs[i],
                              strlen(item->paragraphs[i]));
        position = add_run(a, item->paragraphs[i], position, false, &a->length) +
                   DGMI_PARAGRAPH_GAP;
    }
}

uint32_t dgmi_count_words(const dgm_item *item)
{
    dgmi_tokens tokens;
    dgmi_token token;
    uint32_t count = 0;
    bool title = item->title && !item->title_derived;
    for (size_t i = title ? 0 : 1; i <= item->n_paragraphs && count < DGMI_WORDS_MAX;
         i++) {
        const char *text = i == 0 ? item->title : item->paragraphs[i - 1];
        dgmi_tokens_init(&tokens, text, strlen(text), 1);
        while (count < DGMI_WORDS_MAX && dgmi_tokens_next(&tokens, &token))
            count += token.kind != DGMI_WHOLE;
    }
    return count;
}

/* Stems are taken once per distinct word, not once per occurrence. */
static void gather_stems(dgmi_analyser *a, const dgm_item *item)
{
    dgmi_word word;
    for (size_t i = 0; dgmi_vocabulary_at(a->words, i, &word); i++) {
        dgmi_str stem =
            dgmi_stem(a->stems, item->language, (dgmi_str){ word.text, word.n });
        dgmi_vocabulary_count_in(a->bases, stem.p, stem.n, word.in_title, word.in_body);
    }
}

static void put_words(dgmi_analyser *a)
{
    dgmi_word word;
    for (size_t i = 0; dgmi_vocabulary_at(a->words, i, &word); i++) {
        dgmi_term_spec spec = { .text = { word.text, word.n },
                                .positions = word.positions,
                                .n_positions = word.n_positions };
        dgmi_terms_put(&a->terms, "", &spec);
        if (word.in_title == 0)
            continue;
        spec.n_positions = word.n_title_positions; /* they come first: the title does */
        dgmi_terms_put(&a->terms, DGMI_PREFIX_TITLE, &spec);
    }
}

static void put_stems(dgmi_analyser *a, const dgm_item *item, double average_length)
{
    dgmi_word word;
    double title_weight = item->title_derived ? 0 : DGMI_TITLE_WEIGHT;
    for (size_t i = 0; dgmi_vocabulary_at(a->bases, i, &word); i++) {
        double tf = word.in_body + title_weight * word.in_title;
        dgmi_term_spec spec = { .text = { word.text, word.n } };
        spec.wdf = dgmi_impact(tf > 0 ? tf : 1, a->length, average_length);
        dgmi_terms_put(&a->terms, DGMI_PREFIX_STEM, &spec);
        if (word.in_title == 0)
            continue;
        spec.wdf = dgmi_impact(word.in_title, 1, 1); /* titles are all about as long */
        dgmi_terms_put(&a->terms, DGMI_PREFIX_TITLE_STEM, &spec);
    }
}

/* ---- Keys ---- */

static void put_plain(dgmi_analyser *a, const char *text, size_t n)
{
    dgmi_term_spec spec = { .text = { text, n } };
    dgmi_terms_put(&a->terms, "", &spec);
}

static void put_prefixed(dgmi_analyser *a, const char *prefix, dgmi_str text)
{
    dgmi_buf_reset(&a->term);
    dgmi_schema_term(&a->term, prefix, text.p, text.n);
    put_plain(a, a->term.p, a->term.n);
}

/* The terms of a value: whole, exact and, for a KEY of several words, each word. Values
 * that fold to nothing have none. */
static void put_value(dgmi_analyser *a, const char *field, const char *value)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(field));
    if (!value || !f)
        return;
    dgmi_buf_reset(&a->key);
    dgmi_fold_key(&a->key, value, strlen(value));
    if (a->key.n == 0)
        return;
    dgmi_str rest = dgmi_buf_str(&a->key), word;
    put_prefixed(a, f->prefix, rest);
    dgmi_buf_reset(&a->term);
    dgmi_schema_exact(&a->term, f->prefix, rest.p, rest.n);
    put_plain(a, a->term.p, a->term.n);
    if (f->kind != DGMI_FIELD_KEY || !memchr(rest.p, ' ', rest.n))
        return;
    while (dgmi_str_split(&rest, ' ', &word)) {
        if (word.n > 0)
            put_prefixed(a, f->prefix, word);
    }
}

static void put_dates(dgmi_analyser *a, int64_t time)
{
    char year[12], month[12], day[12];
    dgmi_schema_dates(time, year, month, day);
    put_plain(a, year, strlen(year));
    put_plain(a, month, strlen(month));
    put_plain(a, day, strlen(day));
}

static bool has_date(int64_t time)
{
    char text[DGMI_DATE_SIZE];
    return dgmi_date_format(time, text)[0] != '\0';
}

/* What tells a search whether the item may be found, and what it evolved from. */
static void put_flags(dgmi_analyser *a, const dgm_item *item, const dgmi_stored *stored)
{
    put_plain(a, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE));
    if (stored->superseded)
        put_plain(a, DGMI_TERM_OLD, strlen(DGMI_TERM_OLD));
    if (item->evolved_from)
        put_prefixed(a, DGMI_PREFIX_EVOLVED, dgmi_str_of(item->evolved_from));
}

static void put_keys(dgmi_analyser *a, const dgm_item *item)
{
    put_value(a, "region", item->region);
    put_value(a, "country", item->country);
    put_value(a, "source", item->source);
    put_value(a, "provider", item->provider);
    put_value(a, "agency", item->agency);
    put_value(a, "author", item->author);
    put_value(a, "language", item->language);
    put_value(a, "translated", item->translated ? "yes" : "no");
    for (size_t i = 0; i < item->n_topics; i++)
        put_value(a, "topic", item->topics[i]);
    for (size_t i = 0; i < item->n_names; i++)
        put_value(a, "name", item->names[i]);
    for (size_t i = 0; i < item->n_turns; i++)
        put_value(a, "speaker", item->turns[i].speaker);
    if (has_date(item->published))
        put_dates(a, item->published);
}

/* Whatever becomes of the item: later ones must find the same story in any index. */
static void put_kin(dgmi_analyser *a, const dgmi_kin *kin)
{
    if (!kin || !kin->story)
        return;
    dgmi_buf_reset(&a->term);
    dgmi_kin_story_term(&a->term, kin->story);
    put_plain(a, a->term.p, a->term.n);
    for (int i = 0; i < DGMI_KIN_KEYS; i++) {
        if (!(kin->owned & 1u << i))
            continue;
        dgmi_buf_reset(&a->term);
        dgmi_kin_key_term(&a->term, i, kin->keys[i]);
        put_plain(a, a->term.p, a->term.n);
    }
}

/* ---- Values: a small list of calls that stops at the first failure ---- */

typedef struct values {
    dgmx_doc *doc;
    dgm_error *err;
    dgm_status status;
} values;

static void set_value(values *v, uint32_t slot, const char *p, size_t n)
{
    if (v->status == DGM_OK)
        v->status = dgmx_doc_set_value(v->doc, slot, p, n, v->err);
}

static void set_label(values *v, uint32_t slot, const char *label)
{
    if (label)
        set_value(v, slot, label, dgmi_utf8_cut(label, strlen(label), VALUE_MAX));
}

static void set_time(values *v, uint32_t slot, int64_t time)
{
    char bytes[6];
    if (!has_date(time))
        return;
    dgmi_schema_time(time, bytes);
    set_value(v, slot, bytes, sizeof bytes);
}

static void set_dates(values *v, int64_t time)
{
    char text[DGMI_DATE_SIZE]; /* "2021-06-16T..." */
    if (!has_date(time))
        return;
    dgmi_date_format(time, text);
    set_value(v, DGMI_SLOT_YEAR, text, 4);
    set_value(v, DGMI_SLOT_MONTH, text, 7);
    set_value(v, DGMI_SLOT_DAY, text, 10);
}

/* Speakers in order of their first turn, each once, as many as there are slots. */
static void set_speakers(values *v, const dgm_item *item)
{
    const char *seen[DGMI_SPEAKER_SLOTS];
    uint32_t n = 0;
    for (size_t i = 0; i < item->n_turns && n < DGMI_SPEAKER_SLOTS; i++) {
        const char *speaker = item->turns[i].speaker;
        bool known = !speaker;
        for (uint32_t k = 0; k < n && !known; k++)
            known = strcmp(seen[k], speaker) == 0;
        if (known)
            continue;
        seen[n] = speaker;
        set_label(v, DGMI_SLOT_SPEAKER + n++, speaker);
    }
}

/* Topics that differ in writing alone count once, as they are one value of the facet. */
static void set_topics(values *v, const dgm_item *item)
{
    uint32_t n = 0;
    for (size_t i = 0; i < item->n_topics && n < DGMI_TOPIC_SLOTS; i++) {
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = dgmi_fold_same(item->topics[k], item->topics[i]);
        if (!known)
            set_label(v, DGMI_SLOT_TOPIC + n++, item->topics[i]);
    }
}

static void set_values(values *v, const dgm_item *item)
{
    set_time(v, DGMI_SLOT_PUBLISHED, item->published);
    set_time(v, DGMI_SLOT_UPDATED, item->updated);
    set_dates(v, item->published);
    set_label(v, DGMI_SLOT_REGION, item->region);
    set_label(v, DGMI_SLOT_COUNTRY, item->country);
    set_label(v, DGMI_SLOT_SOURCE, item->source);
    set_label(v, DGMI_SLOT_PROVIDER, item->provider);
    set_label(v, DGMI_SLOT_AGENCY, item->agency);
    set_label(v, DGMI_SLOT_LANGUAGE, item->language);
    set_topics(v, item);
    set_speakers(v, item);
}

/* What even a tombstone has: the digest tells a repeated delivery, the place keeps the
 * order. */
static void set_identity(values *v, const dgm_item *item, const dgmi_stored *stored,
                         uint64_t digest)
{
    char bytes[8];
    dgmi_schema_u64(digest, bytes);
    set_value(v, DGMI_SLOT_DIGEST, bytes, sizeof bytes);
    dgmi_schema_u64(stored->first_seen, bytes);
    set_value(v, DGMI_SLOT_FIRST_SEEN, bytes, sizeof bytes);
    dgmi_schema_u64(stored->at, bytes);
    set_value(v, DGMI_SLOT_CHANGED, bytes, sizeof bytes);
    char order[DGMI_ORDER_SIZE];
    dgmi_schema_order(has_date(item->published) ? item->published : DGM_NO_TIME,
                      stored->first_seen, order);
    set_value(v, DGMI_SLOT_ORDER, order, sizeof order);
    if (stored->kin && stored->kin->story) {
        dgmi_schema_u64(stored->kin->story, bytes);
        set_value(v, DGMI_SLOT_STORY, bytes, sizeof bytes);
    }
}

/* ---- The whole ---- */

/* Whether a search may find the item at all. */
static bool is_findable(const dgm_item *item, const dgmi_stored *stored)
{
    return item->status == DGM_USABLE && !stored->held;
}

static dgm_status gather(dgmi_analyser *a, const dgm_item *item,
                         const dgmi_stored *stored, double average_length, dgm_error *err)
{
    dgmi_vocabulary_reset(a->words);
    dgmi_vocabulary_reset(a->bases);
    dgmi_units_reset(&a->units);
    dgmi_terms_reset(&a->terms);
    a->cut = false;
    dgmi_buf_reset(&a->term);
    dgmi_id_term(&a->term, item->id);
    put_plain(a, a->term.p, a->term.n);
    put_kin(a, stored->kin);
    if (stored->at != stored->first_seen)
        put_plain(a, DGMI_TERM_CHANGED, strlen(DGMI_TERM_CHANGED));
    if (stored->held)
        put_plain(a, DGMI_TERM_HELD, strlen(DGMI_TERM_HELD));
    if (is_findable(item, stored)) {
        put_flags(a, item, stored);
        add_text(a, item);
        dgmi_vocabulary_group(a->words);
        gather_stems(a, item);
        put_words(a);
        dgmi_units_put(&a->units, &a->terms);
        dgmi_spoken_put(a->spoken, &a->terms);
        put_stems(a, item, average_length);
        put_keys(a, item);
    }
    if (a->key.failed || a->term.failed || a->units.failed ||
        dgmi_spoken_failed(a->spoken) || dgmi_vocabulary_failed(a->words) ||
        dgmi_vocabulary_failed(a->bases))
        return dgmi_fail_memory(err);
    return DGM_OK;
}

/* ---- Topics ---- */

/* The document as it would be without topics, for them to be searched in. */
static dgm_status make_bare(const dgm_item *item, const dgmx_term *terms, size_t n,
                            dgmx_doc **out, dgm_error *err)
{
    values v = { NULL, err, DGM_OK };
    dgm_status status = dgmx_doc_new(out, err);
    if (status == DGM_OK)
        status = dgmx_doc_add_terms(*out, terms, n, err);
    v.doc = *out;
    if (status == DGM_OK)
        set_values(&v, item);
    return status == DGM_OK ? v.status : status;
}

/* Puts the topics whose queries the gathered terms match beside the item's own. */
static dgm_status tag(dgmi_analyser *a, dgmi_arena **arena, const dgm_item **item,
                      dgm_error *err)
{
    const dgmx_term *terms = NULL;
    dgmx_doc *bare = NULL;
    size_t n = 0, in_doubt = 0, n_tags = 0;
    dgm_status status = dgmi_terms_sort(&a->terms, &terms, &n, err);
    if (status == DGM_OK)
        status = dgmi_tagger_look(a->tagger, terms, n, (*item)->language, &in_doubt, err);
    if (status == DGM_OK && in_doubt > 0)
        status = make_bare(*item, terms, n, &bare, err);
    if (status == DGM_OK && in_doubt > 0)
        status = dgmi_tagger_search(a->tagger, bare, err);
    dgmx_doc_free(bare);
    if (status != DGM_OK)
        return status;
    const dgmi_topic_tag *const *tags = dgmi_tagger_tags(a->tagger, &n_tags);
    status = dgmi_tags_apply(*item, tags, n_tags, arena, item, err);
    for (size_t i = 0; i < n_tags && status == DGM_OK; i++)
        put_value(a, "topic", tags[i]->label);
    return status;
}

static dgm_status fill(dgmi_analyser *a, const dgm_item *item, const dgmi_stored *stored,
                       dgmx_doc *doc, dgm_error *err)
{
    const dgmx_term *terms = NULL;
    size_t n = 0;
    values v = { doc, err, DGM_OK };
    dgm_status status = dgmi_terms_sort(&a->terms, &terms, &n, err);
    if (status == DGM_OK)
        status = dgmx_doc_add_terms(doc, terms, n, err);
    if (status != DGM_OK)
        return status;
    set_identity(&v, item, stored, a->digest);
    if (item->status == DGM_USABLE)
        set_time(&v, DGMI_SLOT_UNTIL, item->embargo);
    if (is_findable(item, stored))
        set_values(&v, item);
    if (v.status != DGM_OK)
        return v.status;
    dgmi_buf_reset(&a->record);
    status = dgmi_record_encode(a->codec, item, stored, &a->record, err);
    if (status == DGM_OK)
        status = dgmx_doc_set_data(doc, a->record.p, a->record.n, err);
    return status;
}

dgm_status dgmi_analyse(dgmi_analyser *a, const dgm_item *item, const dgmi_stored *stored,
                        double average_length, dgmx_doc **out, bool *cut, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmi_arena *arena = NULL;
    const dgm_item *shown = item;
    *out = NULL;
    a->digest = dgmi_item_digest(item);
    dgm_status status =
        dgmi_learned_apply(a->learned, item, stored->at, &arena, &shown, err);
    if (status == DGM_OK)
        status = gather(a, shown, stored, average_length, err);
    if (status == DGM_OK && a->tagger && is_findable(shown, stored))
        status = tag(a, &arena, &shown, err);
    if (status == DGM_OK)
        status = dgmx_doc_new(&doc, err);
    if (status == DGM_OK)
        status = fill(a, shown, stored, doc, err);
    if (status == DGM_OK) {
        *out = doc;
        doc = NULL;
        if (cut)
            *cut = a->cut;
    }
    dgmx_doc_free(doc);
    dgmi_arena_free(arena);
    return status;
}
