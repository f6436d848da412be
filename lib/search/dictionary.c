/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader holds of the dictionary: loading, following commits, looking. Depends on
 * lib/index, lib/text. */
#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "clock.h"
#include "fail.h"
#include "initial.h"
#include "lines.h"
#include "schema.h"
#include "utf8.h"

enum { LOOK_AT_CLOCK = 1024 };

struct dgmi_dictionary {
    /* Sorted by their heads, none of which begins another. */
    dgmi_initial list[DGMI_DICTIONARY_INITIALS];
    size_t n;
    size_t most; /* bytes */
    uint64_t uses, loads, words;
    uint64_t generation, commit; /* that it is good for */
    int64_t settled;
    dgmi_position position;
    dgmi_buf term;
};

dgmi_dictionary *dgmi_dictionary_new(void)
{
    dgmi_dictionary *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->most = DGMI_DICTIONARY_BYTES;
    dgmi_buf_init(&d->term, 0);
    return d;
}

static void forget(dgmi_dictionary *d)
{
    for (size_t i = 0; i < d->n; i++)
        dgmi_initial_clear(&d->list[i]);
    d->n = 0;
}

void dgmi_dictionary_free(dgmi_dictionary *d)
{
    if (!d)
        return;
    forget(d);
    dgmi_buf_clear(&d->term);
    free(d);
}

size_t dgmi_dictionary_bytes(const dgmi_dictionary *d)
{
    size_t bytes = sizeof *d;
    for (size_t i = 0; i < d->n; i++)
        bytes += dgmi_initial_bytes(&d->list[i]);
    return bytes;
}

uint64_t dgmi_dictionary_loads(const dgmi_dictionary *d)
{
    return d->loads;
}

uint64_t dgmi_dictionary_words(const dgmi_dictionary *d)
{
    return d->words;
}

void dgmi_dictionary_set_bytes(dgmi_dictionary *d, size_t bytes)
{
    forget(d);
    d->most = bytes;
}

static bool is_past(uint64_t deadline_us)
{
    return deadline_us > 0 && dgmi_now_us() > deadline_us;
}

static dgm_status fail_late(dgm_error *err)
{
    return dgmi_fail(err, DGM_E_TIMEOUT, "there was no time to look at all words");
}

/* ---- First letters ---- */

/* 0 if the term begins with the head; else on which side of it the term lies. */
static int compare(const dgmi_initial *x, dgmi_str term)
{
    size_t n = x->head_n < term.n ? x->head_n : term.n;
    int order = memcmp(term.p, x->head, n);
    return order != 0 ? order : term.n < x->head_n ? -1 : 0;
}

/* Where the head that the term begins with is, or would be. */
static bool find(const dgmi_dictionary *d, dgmi_str term, size_t *at)
{
    size_t low = 0, high = d->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(&d->list[middle], term);
        if (order == 0) {
            *at = middle;
            return true;
        }
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return false;
}

static void drop(dgmi_dictionary *d, size_t at)
{
    dgmi_initial_clear(&d->list[at]);
    d->n--;
    memmove(d->list + at, d->list + at + 1, (d->n - at) * sizeof *d->list);
}

/* Drops those that were not asked for longest until there is room for so many bytes
 * beside the rest. False if there cannot be. */
static bool make_room(dgmi_dictionary *d, size_t bytes)
{
    while (d->n > 0 && (d->n >= DGMI_DICTIONARY_INITIALS ||
                        dgmi_dictionary_bytes(d) + bytes > d->most)) {
        size_t oldest = 0;
        for (size_t i = 1; i < d->n; i++)
            oldest = d->list[i].used < d->list[oldest].used ? i : oldest;
        drop(d, oldest);
    }
    return d->n < DGMI_DICTIONARY_INITIALS && dgmi_dictionary_bytes(d) + bytes <= d->most;
}

/* ---- Following the index ---- */

typedef struct news {
    dgmi_dictionary *d;
    dgmx_db *db;
    uint64_t deadline_us;
} news;

static bool take_term(dgmi_dictionary *d, dgmi_str term)
{
    size_t at;
    if (!find(d, term, &at) || d->list[at].unfit)
        return true;
    return dgmi_initial_add(&d->list[at], dgmi_str_skip(term, d->list[at].prefix_n));
}

static dgm_status take_document(news *s, dgmx_docid id, dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    dgm_status status = dgmx_terms_of(s->db, id, &terms, err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, NULL, err);
        if (status == DGM_OK && !take_term(s->d, (dgmi_str){ term.p, term.n }))
            status = dgmi_fail_memory(err);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* A record that is no item, or whose item was rejected, changed nothing. */
static dgm_status take_record(void *user, const dgmi_line *line, dgm_error *err)
{
    news *s = user;
    dgmi_buf id;
    dgmx_docid at = 0;
    dgm_error fault = DGM_ERROR_INIT;
    if (is_past(s->deadline_us))
        return fail_late(err);
    dgmi_buf_init(&id, 0);
    dgmi_buf_reset(&s->d->term);
    dgm_status status = dgmi_line_id(line->p, line->n, &id, &fault);
    if (status == DGM_OK)
        dgmi_id_term(&s->d->term, id.n > 0 ? id.p : "");
    if (status == DGM_OK && s->d->term.failed)
        status = dgmi_fail_memory(&fault);
    if (status == DGM_OK)
        status = dgmx_db_find(s->db, s->d->term.p, s->d->term.n, &at, &fault);
    dgmi_buf_clear(&id);
    if (status == DGM_OK)
        status = take_document(s, at, &fault);
    if (status == DGM_OK || status == DGM_E_NOTFOUND || status == DGM_E_ARG) {
        s->d->position = dgmi_position_unpack(line->after);
        return DGM_OK;
    }
    return dgmi_fail(err, status, "%s", fault.text);
}

static bool can_follow(const dgmi_dictionary *d, const dgmi_index *index)
{
    return d->generation == index->generation && d->commit < index->commit &&
           d->settled >= 0 && d->settled == index->settled &&
           d->position.segment == index->position.segment &&
           d->position.offset <= index->position.offset &&
           index->position.offset - d->position.offset <= DGMI_DICTIONARY_BEHIND;
}

/* Adds the words of what came since. */
static dgm_status read_news(dgmi_dictionary *d, const dgmi_index *index,
                            uint64_t deadline_us, dgm_error *err)
{
    news s = { .d = d, .db = index->db, .deadline_us = deadline_us };
    if (d->n == 0 || dgmi_position_compare(d->position, index->position) == 0)
        return DGM_OK;
    for (size_t i = 0; i < d->n; i++)
        d->list[i].changed = true;
    dgm_status status = dgmi_lines_walk(index->data_dir, d->position, index->position,
                                        take_record, &s, err);
    if (status == DGM_OK && dgmi_position_compare(d->position, index->position) < 0)
        status = dgmi_fail(err, DGM_E_CORRUPT, "the archive ends before the index");
    make_room(d, 0);
    return status;
}

/* Brings what is held to the revision of the index. Out of time, it is where it came to.
 * An archive that cannot be read is the writer's trouble. */
static dgm_status follow(dgmi_dictionary *d, const dgmi_index *index,
                         uint64_t deadline_us, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    if (d->generation == index->generation && d->commit == index->commit)
        return DGM_OK;
    dgm_status status =
        can_follow(d, index) ? read_news(d, index, deadline_us, &fault) : DGM_E_NOTFOUND;
    if (status == DGM_E_TIMEOUT || status == DGM_E_STALE)
        return dgmi_fail(err, status, "%s", fault.text);
    if (status != DGM_OK)
        forget(d);
    d->generation = index->generation;
    d->commit = index->commit;
    d->settled = index->settled;
    d->position = index->position;
    return DGM_OK;
}

/* ---- Loading ---- */

/* Reads all words with the head of x; none, and unfit, if they are too many to be held.
 */
static dgm_status read_words(dgmi_dictionary *d, dgmx_db *db, uint64_t deadline_us,
                             dgmi_initial *x, dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    dgm_status status = dgmx_terms_all(db, x->head, x->head_n, &terms, err);
    for (size_t i = 0; status == DGM_OK && !x->unfit; i++) {
        status = dgmx_terms_next(terms, &term, NULL, NULL, err);
        dgmi_str word = { term.p + x->prefix_n, term.n - x->prefix_n };
        if (status == DGM_OK && !dgmi_initial_append(x, word))
            status = dgmi_fail_memory(err);
        if (status == DGM_OK && i % LOOK_AT_CLOCK == 0) {
            x->unfit = !make_room(d, dgmi_initial_bytes(x));
            status = is_past(deadline_us) ? fail_late(err) : DGM_OK;
        }
    }
    dgmx_terms_free(terms);
    d->words += x->n;
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgmi_initial *put(dgmi_dictionary *d, const dgmi_initial *made)
{
    size_t at;
    find(d, (dgmi_str){ made->head, made->head_n }, &at);
    memmove(d->list + at + 1, d->list + at, (d->n - at) * sizeof *d->list);
    d->list[at] = *made;
    d->n++;
    return &d->list[at];
}

/* Loads the words that begin as d->term does. */
static dgm_status load(dgmi_dictionary *d, const dgmi_index *index, const dgmi_near *near,
                       dgmi_initial **out, dgm_error *err)
{
    dgmi_initial made = { .head_n = d->term.n, .prefix_n = strlen(near->prefix) };
    memcpy(made.head, d->term.p, d->term.n);
    dgm_status status = read_words(d, index->db, near->deadline_us, &made, err);
    dgmi_initial_trim(&made);
    made.unfit = made.unfit || !make_room(d, dgmi_initial_bytes(&made));
    if (status != DGM_OK || made.unfit)
        dgmi_initial_clear(&made);
    if (status != DGM_OK)
        return status;
    d->loads++;
    if (d->n < DGMI_DICTIONARY_INITIALS)
        *out = put(d, &made);
    return DGM_OK;
}

/* What is held of the words that begin with the head's first letter, loaded if need be;
 * *out stays NULL if nothing is. */
static dgm_status hold(dgmi_dictionary *d, const dgmi_index *index, const dgmi_near *near,
                       dgmi_initial **out, dgm_error *err)
{
    const char *end = near->head + strlen(near->head);
    uint32_t letter;
    size_t at;
    dgm_status status = follow(d, index, near->deadline_us, err);
    if (status != DGM_OK || near->head == end)
        return status;
    dgmi_buf_reset(&d->term);
    dgmi_schema_term(&d->term, near->prefix, near->head,
                     dgmi_utf8_get(near->head, end, &letter));
    if (d->term.failed)
        return dgmi_fail_memory(err);
    if (d->term.n > sizeof d->list[0].head)
        return DGM_OK;
    if (find(d, dgmi_buf_str(&d->term), &at))
        *out = &d->list[at];
    else
        status = load(d, index, near, out, err);
    if (*out)
        (*out)->used = ++d->uses;
    return status;
}

/* ---- Looking ---- */

/* Among the words from..to of what is held. */
static dgm_status look(const dgmi_initial *x, size_t from, size_t to, dgmi_buf *term,
                       dgmx_db *db, const dgmi_near *near, dgm_error *err)
{
    dgmi_str wanted = dgmi_str_of(near->word);
    dgmi_letters letters = dgmi_letters_of(wanted);
    for (size_t i = from; i < to; i++) {
        dgmi_letters others = { x->words[i].letters, x->words[i].n };
        uint32_t frequency = 0;
        if (!dgmi_may_be_near(letters, others, near->distance))
            continue;
        dgmi_str word = dgmi_initial_word(x, i);
        if (!dgmi_is_near_word(wanted, word, near->distance))
            continue;
        dgmi_buf_reset(term);
        dgmi_buf_put(term, x->head, x->prefix_n);
        dgmi_buf_put(term, word.p, word.n);
        dgm_status status =
            term->failed ? dgmi_fail_memory(err)
                         : dgmx_db_term_freq(db, term->p, term->n, &frequency, err);
        if (status != DGM_OK)
            return status;
        if (frequency > 0 && !near->see(near->user, word, frequency))
            return dgmi_fail_memory(err);
    }
    return DGM_OK;
}

/* Over the terms of the index. */
static dgm_status walk(dgmx_db *db, const dgmi_near *near, size_t *looked, dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    dgmi_buf head;
    uint32_t frequency;
    dgmi_str wanted = dgmi_str_of(near->word);
    size_t skip = strlen(near->prefix);
    dgmi_buf_init(&head, 0);
    dgmi_schema_term(&head, near->prefix, near->head, strlen(near->head));
    dgm_status status = head.failed ? dgmi_fail_memory(err)
                                    : dgmx_terms_all(db, head.p, head.n, &terms, err);
    for (*looked = 0; status == DGM_OK && *looked < near->walk; ++*looked) {
        status = dgmx_terms_next(terms, &term, NULL, &frequency, err);
        if (status != DGM_OK)
            break;
        dgmi_str word = { term.p + skip, term.n - skip };
        if (dgmi_is_near_word(wanted, word, near->distance) &&
            !near->see(near->user, word, frequency))
            status = dgmi_fail_memory(err);
        else if (*looked % LOOK_AT_CLOCK == 0 && is_past(near->deadline_us))
            status = fail_late(err);
    }
    dgmx_terms_free(terms);
    dgmi_buf_clear(&head);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* Which words are the first ones of many is known only of those that the index had when
 * they were loaded: some may have gone since. */
dgm_status dgmi_dictionary_near(dgmi_dictionary *d, const dgmi_index *index,
                                const dgmi_near *near, bool *all, dgm_error *err)
{
    dgmi_initial *held = NULL;
    size_t from = 0, to = 0, looked = 0;
    dgm_status status = DGM_OK;
    if (is_past(near->deadline_us))
        return fail_late(err);
    if (d)
        status = hold(d, index, near, &held, err);
    if (status != DGM_OK)
        return status;
    if (held)
        dgmi_initial_range(held, dgmi_str_of(near->head), &from, &to);
    looked = to - from < near->walk ? to - from : near->walk;
    if (held && !held->unfit && (looked < near->walk || !held->changed))
        status = look(held, from, from + looked, &d->term, index->db, near, err);
    else
        status = walk(index->db, near, &looked, err);
    *all = looked < near->walk;
    return status;
}
