/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts both texts into units (words and marks, or whole paragraphs), lets myers.c find
 * the shortest edit between them, and gathers it into runs. Depends on lib/base, chars.h
 * and myers.h. */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "chars.h"
#include "fail.h"
#include "hash.h"
#include "myers.h"

enum { LONE_WORDS = 2 }; /* so few equal words between changes can be chance */

/* Bytes from..to, of which the first `core` count when units are compared. */
typedef struct unit {
    uint32_t from, to;
    uint32_t core;
    uint32_t words;
} unit;

typedef struct side {
    const char *p;
    size_t n;
    unit *units;
    size_t n_units, capacity;
    uint64_t *marks;
    bool *changed;
} side;

/* ---- Units ---- */

static bool is_line_end(dgmi_glyph g)
{
    return g.c == '\n' || g.c == 0x2028 || g.c == 0x2029;
}

static bool is_space(dgmi_glyph g)
{
    return g.class == DGMI_C_SPACE || is_line_end(g) || g.c == '\t' || g.c == '\r';
}

/* A character that belongs to the word before it. */
static bool goes_on(const side *s, dgmi_glyph g, size_t at, bool digit)
{
    if (dgmi_is_alnum(g.class) || g.class == DGMI_C_MARK || g.class == DGMI_C_IGNORED)
        return true;
    dgmi_class next = dgmi_glyph_at(s->p, s->n, at + g.len).class;
    if (g.class == DGMI_C_APOSTROPHE)
        return dgmi_is_alnum(next);
    return (g.class == DGMI_C_DOT || g.class == DGMI_C_COMMA) && digit &&
           next == DGMI_C_DIGIT;
}

/* The end of the word that begins at `from`. */
static size_t word_end(const side *s, size_t from)
{
    bool digit = false;
    size_t at = from;
    for (dgmi_glyph g; at < s->n; at += g.len) {
        g = dgmi_glyph_at(s->p, s->n, at);
        if (at > from && !goes_on(s, g, at, digit))
            break;
        digit = g.class == DGMI_C_DIGIT;
    }
    return at;
}

/* A mark, or a letter of a script without spaces, with the accents on it. */
static size_t glyph_end(const side *s, size_t at)
{
    at += dgmi_glyph_at(s->p, s->n, at).len;
    for (dgmi_glyph g; at < s->n; at += g.len) {
        g = dgmi_glyph_at(s->p, s->n, at);
        if (g.class != DGMI_C_MARK && g.class != DGMI_C_IGNORED)
            break;
    }
    return at;
}

/* Past white space; *broken tells whether it has a line end. */
static size_t space_end(const side *s, size_t at, bool *broken)
{
    *broken = false;
    for (dgmi_glyph g; at < s->n; at += g.len) {
        g = dgmi_glyph_at(s->p, s->n, at);
        if (!is_space(g))
            break;
        *broken |= is_line_end(g);
    }
    return at;
}

static bool push(side *s, size_t from, size_t core_end, size_t to, uint32_t words)
{
    if (!dgmi_grow(&s->units, &s->capacity, s->n_units + 1, sizeof *s->units))
        return false;
    s->units[s->n_units++] =
        (unit){ (uint32_t)from, (uint32_t)to, (uint32_t)(core_end - from), words };
    return true;
}

/* White space goes with the word before it, but a paragraph's end stands for itself. */
static bool cut_words(side *s)
{
    bool broken = false, ok = true;
    size_t at = space_end(s, 0, &broken);
    if (at > 0)
        ok = push(s, 0, 0, at, 0);
    while (ok && at < s->n && s->n_units <= DGMI_DIFF_WORDS_MAX) {
        dgmi_class class = dgmi_glyph_at(s->p, s->n, at).class;
        bool word = dgmi_is_alnum(class);
        size_t end = word ? word_end(s, at) : glyph_end(s, at);
        size_t next = space_end(s, end, &broken);
        ok = push(s, at, end, broken ? end : next, word || class == DGMI_C_IDEO);
        if (ok && broken)
            ok = push(s, end, end + 1, next, 0);
        at = next;
    }
    return ok;
}

static uint32_t count_words(const side *s, size_t from, size_t to)
{
    uint32_t words = 0;
    while (from < to) {
        dgmi_class class = dgmi_glyph_at(s->p, s->n, from).class;
        bool word = dgmi_is_alnum(class);
        words += word || class == DGMI_C_IDEO;
        from = word ? word_end(s, from) : glyph_end(s, from);
    }
    return words;
}

static bool cut_paragraphs(side *s)
{
    bool ok = true, broken = false;
    s->n_units = 0;
    for (size_t at = 0; ok && at < s->n;) {
        const char *line = memchr(s->p + at, '\n', s->n - at);
        size_t end = line ? (size_t)(line - s->p) : s->n;
        size_t next = space_end(s, end, &broken);
        ok = push(s, at, end, next, count_words(s, at, end));
        at = next;
    }
    return ok;
}

static bool prepare(side *s)
{
    free(s->marks);
    free(s->changed);
    s->marks = calloc(s->n_units + 1, sizeof *s->marks);
    s->changed = calloc(s->n_units + 1, sizeof *s->changed);
    if (!s->marks || !s->changed)
        return false;
    for (size_t i = 0; i < s->n_units; i++)
        s->marks[i] = dgmi_hash64(s->p + s->units[i].from, s->units[i].core);
    return true;
}

/* ---- Comparing ---- */

static dgmi_edit compare(side *a, side *b, uint64_t *work)
{
    if (!prepare(a) || !prepare(b))
        return DGMI_EDIT_NO_MEMORY;
    dgmi_sequence x = { a->marks, a->changed, (uint32_t)a->n_units };
    dgmi_sequence y = { b->marks, b->changed, (uint32_t)b->n_units };
    return dgmi_shortest_edit(&x, &y, work);
}

static void change_all(side *s)
{
    for (size_t i = 0; i < s->n_units; i++)
        s->changed[i] = true;
}

static bool same_core(const side *a, size_t i, const side *b, size_t k)
{
    const unit *x = &a->units[i], *y = &b->units[k];
    return x->core == y->core && memcmp(a->p + x->from, b->p + y->from, x->core) == 0;
}

/* Whatever is not marked as changed stands in both, in the same order. Hashes that agree
 * by accident are found here. */
static void check_equal(side *a, side *b)
{
    size_t i = 0, k = 0;
    while (i < a->n_units && k < b->n_units) {
        if (a->changed[i]) {
            i++;
        } else if (b->changed[k]) {
            k++;
        } else {
            bool same = same_core(a, i, b, k);
            a->changed[i++] = !same;
            b->changed[k++] = !same;
        }
    }
}

/* Words first; paragraphs where there are too many of them or too few in common. False
 * without memory. */
static bool find_changes(side *a, side *b, bool *coarse)
{
    uint64_t work = DGMI_DIFF_WORK_MAX;
    if (!cut_words(a) || !cut_words(b))
        return false;
    *coarse = a->n_units > DGMI_DIFF_WORDS_MAX || b->n_units > DGMI_DIFF_WORDS_MAX;
    dgmi_edit edit = *coarse ? DGMI_EDIT_TOO_FAR : compare(a, b, &work);
    if (edit == DGMI_EDIT_TOO_FAR) {
        *coarse = true;
        work = DGMI_DIFF_WORK_MAX;
        if (!cut_paragraphs(a) || !cut_paragraphs(b))
            return false;
        edit = compare(a, b, &work);
    }
    if (edit == DGMI_EDIT_NO_MEMORY)
        return false;
    if (edit == DGMI_EDIT_TOO_FAR) {
        change_all(a);
        change_all(b);
    }
    check_equal(a, b);
    return true;
}

/* ---- Lone words: "the" that two different sentences happen to share ---- */

/* One change, or the equal units between two: units i0..i1 of a, k0..k1 of b. */
typedef struct stretch {
    size_t i0, i1, k0, k1;
    uint32_t words; /* of the longer side */
} stretch;

static uint32_t words_of(const side *s, size_t from, size_t to)
{
    uint32_t words = 0;
    for (size_t i = from; i < to; i++)
        words += s->units[i].words;
    return words;
}

static stretch next_stretch(const side *a, const side *b, size_t i, size_t k, bool change)
{
    stretch s = { i, i, k, k, 0 };
    if (change) {
        while (s.i1 < a->n_units && a->changed[s.i1])
            s.i1++;
        while (s.k1 < b->n_units && b->changed[s.k1])
            s.k1++;
    } else {
        while (s.i1 < a->n_units && s.k1 < b->n_units && !a->changed[s.i1] &&
               !b->changed[s.k1]) {
            s.i1++;
            s.k1++;
        }
    }
    uint32_t old = words_of(a, i, s.i1), new = words_of(b, k, s.k1);
    s.words = old > new ? old : new;
    return s;
}

static bool has_break(const side *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (s->units[i].core > 0 && s->p[s->units[i].from] == '\n')
            return true;
    }
    return false;
}

/* A few equal units between two larger changes only break up what is to be read. */
static void join_changes(side *a, side *b)
{
    stretch before = next_stretch(a, b, 0, 0, true);
    while (before.i1 < a->n_units || before.k1 < b->n_units) {
        stretch equal = next_stretch(a, b, before.i1, before.k1, false);
        stretch after = next_stretch(a, b, equal.i1, equal.k1, true);
        uint32_t least = before.words < after.words ? before.words : after.words;
        bool lone = equal.words <= LONE_WORDS && least > 2 * equal.words &&
                    !has_break(a, equal.i0, equal.i1);
        if (lone) {
            for (size_t i = equal.i0; i < equal.i1; i++)
                a->changed[i] = true;
            for (size_t k = equal.k0; k < equal.k1; k++)
                b->changed[k] = true;
            after.words += before.words + equal.words;
        }
        before = after;
    }
}

/* ---- Runs ---- */

typedef struct gatherer {
    dgmi_diff *diff;
    size_t capacity;
} gatherer;

static uint32_t edge(const side *s, size_t i)
{
    return i < s->n_units ? s->units[i].from : (uint32_t)s->n;
}

static bool add_run(gatherer *g, dgmi_diff_kind kind, const side *a, const side *b,
                    const stretch *s)
{
    bool in_old = kind != DGMI_ADDED, in_new = kind != DGMI_REMOVED;
    dgmi_diff *d = g->diff;
    if ((!in_old || s->i0 == s->i1) && (!in_new || s->k0 == s->k1))
        return true;
    if (!dgmi_grow(&d->runs, &g->capacity, d->n_runs + 1, sizeof *d->runs))
        return false;
    dgmi_diff_run *run = &d->runs[d->n_runs++];
    run->kind = kind;
    run->words = in_old ? words_of(a, s->i0, s->i1) : words_of(b, s->k0, s->k1);
    run->old_from = edge(a, kind == DGMI_ADDED ? s->i1 : s->i0);
    run->old_to = edge(a, s->i1);
    run->new_from = edge(b, s->k0);
    run->new_to = edge(b, kind == DGMI_REMOVED ? s->k0 : s->k1);
    uint32_t *total = kind == DGMI_SAME      ? &d->same
                      : kind == DGMI_REMOVED ? &d->removed
                                             : &d->added;
    *total += run->words;
    return true;
}

static bool gather(dgmi_diff *diff, const side *a, const side *b)
{
    gatherer g = { .diff = diff };
    bool ok = true;
    size_t i = 0, k = 0;
    while (ok && (i < a->n_units || k < b->n_units)) {
        stretch equal = next_stretch(a, b, i, k, false);
        stretch change = next_stretch(a, b, equal.i1, equal.k1, true);
        ok = add_run(&g, DGMI_SAME, a, b, &equal) &&
             add_run(&g, DGMI_REMOVED, a, b, &change) &&
             add_run(&g, DGMI_ADDED, a, b, &change);
        i = change.i1;
        k = change.k1;
    }
    return ok;
}

static void clear(side *s)
{
    free(s->units);
    free(s->marks);
    free(s->changed);
}

dgm_status dgmi_diff_texts(dgmi_str before, dgmi_str after, dgmi_diff **out,
                           dgm_error *err)
{
    side a = { .p = before.p, .n = before.n }, b = { .p = after.p, .n = after.n };
    *out = NULL;
    dgmi_diff *diff = calloc(1, sizeof *diff);
    bool ok = diff && find_changes(&a, &b, &diff->coarse);
    if (ok) {
        join_changes(&a, &b);
        ok = gather(diff, &a, &b);
    }
    clear(&a);
    clear(&b);
    if (!ok) {
        dgmi_diff_free(diff);
        return dgmi_fail_memory(err);
    }
    *out = diff;
    return DGM_OK;
}

void dgmi_diff_free(dgmi_diff *diff)
{
    if (!diff)
        return;
    free(diff->runs);
    free(diff);
}
