/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys, their terms, and the choice among candidates. Depends on lib/base, lib/item. */
#include "kin.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "schema.h"

enum { KEY_DIGITS = 11 };

static const char digits[] =
    "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

static const char kind_letters[] = "xeb"; /* exact, evolved from, band */

static uint64_t hash_id(const char *id)
{
    uint64_t hash = id ? dgmi_hash64(id, strlen(id)) : 0;
    return id && hash == 0 ? 1 : hash;
}

void dgmi_trace_make(const dgm_item *item, uint64_t place, dgmi_trace *out)
{
    out->place = place;
    out->id = hash_id(item->id);
    out->ancestor = hash_id(item->evolved_from);
    dgmi_sketch_make(item, &out->sketch);
}

dgm_status dgmi_trace_item(const dgmi_learned *learned, const dgm_item *item,
                           uint64_t place, dgmi_trace *out, dgm_error *err)
{
    dgmi_arena *arena = NULL;
    const dgm_item *shown = item;
    dgm_status status = dgmi_learned_apply(learned, item, place, &arena, &shown, err);
    if (status == DGM_OK)
        dgmi_trace_make(shown, place, out);
    dgmi_arena_free(arena);
    return status;
}

dgm_status dgmi_sketch_item(const dgmi_learned *learned, const dgm_item *item,
                            uint64_t place, dgmi_sketch *out, dgm_error *err)
{
    dgmi_trace trace;
    dgm_status status = dgmi_trace_item(learned, item, place, &trace, err);
    if (status == DGM_OK)
        *out = trace.sketch;
    return status;
}

void dgmi_kin_keys(const dgmi_trace *trace, dgmi_kin *out)
{
    const dgmi_sketch *s = &trace->sketch;
    memset(out->keys, 0, sizeof out->keys);
    out->owned = 0;
    out->keys[DGMI_KIN_EXACT] = s->exact;
    out->owned |= s->exact ? 1u << DGMI_KIN_EXACT : 0;
    out->keys[DGMI_KIN_ANCESTOR] = trace->ancestor;
    out->owned |= trace->ancestor ? 1u << DGMI_KIN_ANCESTOR : 0;
    for (unsigned i = 0; i < s->n_bands; i++) {
        out->keys[DGMI_KIN_BAND + i] = s->bands[i];
        out->owned |= 1u << (DGMI_KIN_BAND + i);
    }
}

/* ---- Terms ---- */

void dgmi_story_hex(uint64_t story, char out[DGMI_STORY_HEX])
{
    for (int i = DGMI_STORY_HEX - 2; i >= 0; i--, story >>= 4)
        out[i] = "0123456789abcdef"[story & 15];
    out[DGMI_STORY_HEX - 1] = '\0';
}

bool dgmi_story_read_hex(const char *text, uint64_t *story)
{
    uint64_t v = 0;
    if (strlen(text) != DGMI_STORY_HEX - 1)
        return false;
    for (; *text; text++) {
        const char *at = strchr("0123456789abcdef", *text);
        if (!at)
            return false;
        v = v << 4 | (uint64_t)(at - "0123456789abcdef");
    }
    *story = v;
    return true;
}

void dgmi_kin_story_term(dgmi_buf *out, uint64_t story)
{
    char hex[DGMI_STORY_HEX];
    dgmi_story_hex(story, hex);
    dgmi_buf_puts(out, DGMI_PREFIX_STORY);
    dgmi_buf_puts(out, hex);
}

void dgmi_kin_key_term(dgmi_buf *out, int which, uint64_t key)
{
    dgmi_buf_puts(out, DGMI_PREFIX_KIN);
    dgmi_buf_putc(out, kind_letters[which < DGMI_KIN_BAND ? which : DGMI_KIN_BAND]);
    for (int i = KEY_DIGITS - 1; i >= 0; i--)
        dgmi_buf_putc(out, digits[key >> 6 * i & 63]);
}

bool dgmi_kin_read_term(const char *term, size_t n, dgmi_kin *kin)
{
    size_t prefix = strlen(DGMI_PREFIX_KIN);
    uint64_t key = 0;
    if (n != prefix + 1 + KEY_DIGITS || memcmp(term, DGMI_PREFIX_KIN, prefix) != 0)
        return false;
    const char *kind = strchr(kind_letters, term[prefix]);
    int which = kind ? (int)(kind - kind_letters) : DGMI_KIN_KEYS;
    while (which >= DGMI_KIN_BAND && which < DGMI_KIN_KEYS && kin->owned & 1u << which)
        which++;
    for (size_t i = prefix + 1; i < n; i++) {
        const char *at = strchr(digits, term[i]);
        if (!at)
            return false;
        key = key << 6 | (uint64_t)(at - digits);
    }
    if (which >= DGMI_KIN_KEYS)
        return false;
    kin->keys[which] = key;
    kin->owned |= 1u << which;
    return true;
}

/* Bands that are owned, in order; what was read back from terms has no gaps. */
static unsigned owned_bands(const dgmi_kin *kin, uint64_t out[DGMI_SKETCH_BANDS])
{
    unsigned n = 0;
    for (int i = DGMI_KIN_BAND; i < DGMI_KIN_KEYS; i++) {
        if (kin->owned & 1u << i)
            out[n++] = kin->keys[i];
    }
    return n;
}

static uint64_t owned_key(const dgmi_kin *kin, int which)
{
    return kin->owned & 1u << which ? kin->keys[which] : 0;
}

bool dgmi_kin_equal(const dgmi_kin *a, const dgmi_kin *b)
{
    uint64_t x[DGMI_SKETCH_BANDS], y[DGMI_SKETCH_BANDS];
    unsigned n = owned_bands(a, x);
    return a->story == b->story && n == owned_bands(b, y) &&
           memcmp(x, y, n * sizeof *x) == 0 &&
           owned_key(a, DGMI_KIN_EXACT) == owned_key(b, DGMI_KIN_EXACT) &&
           owned_key(a, DGMI_KIN_ANCESTOR) == owned_key(b, DGMI_KIN_ANCESTOR);
}

/* ---- Choosing ---- */

void dgmi_rivals_add(dgmi_rivals *r, uint32_t number, uint64_t place, bool link)
{
    uint32_t i = 0;
    while (i < r->n && r->list[i].number != number)
        i++;
    if (i == sizeof r->list / sizeof *r->list)
        return;
    if (i == r->n)
        r->list[r->n++] = (dgmi_rival){ .place = place, .number = number };
    r->list[i].shared++;
    r->list[i].link = r->list[i].link || link;
}

static int compare_rivals(const void *a, const void *b)
{
    const dgmi_rival *x = a, *y = b;
    if (x->link != y->link)
        return x->link ? -1 : 1;
    if (!x->link && x->shared != y->shared)
        return x->shared > y->shared ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static bool is_better(double match, const dgmi_rival *rival, double best,
                      const dgmi_rival *chosen)
{
    return match > best || (chosen && match == best && rival->place < chosen->place);
}

dgm_status dgmi_kin_choose(const dgmi_sketch *sketch, dgmi_rivals *rivals,
                           dgmi_kin_load load, void *user, const dgmi_rival **chosen,
                           dgm_error *err)
{
    double best = 0;
    *chosen = NULL;
    if (rivals->n == 0)
        return DGM_OK;
    qsort(rivals->list, rivals->n, sizeof *rivals->list, compare_rivals);
    if (rivals->list[0].link) {
        *chosen = &rivals->list[0];
        return DGM_OK;
    }
    for (uint32_t i = 0; i < rivals->n && i < DGMI_KIN_TRIED; i++) {
        dgmi_sketch other;
        dgm_status status = load(user, &rivals->list[i], &other, err);
        if (status != DGM_OK)
            return status;
        double match = dgmi_sketch_match(&other, sketch);
        if (match > 0 && is_better(match, &rivals->list[i], best, *chosen)) {
            best = match;
            *chosen = &rivals->list[i];
        }
    }
    return DGM_OK;
}
