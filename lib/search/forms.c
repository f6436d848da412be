/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forms of words. Stemming costs far more than looking up, and items have mostly the
 * words that others had: what a word's stems are is remembered. Depends on forms.h,
 * lib/base. */
#include "forms.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "utf8.h"

enum {
    HEAD_LEAST = 3,
    WAYS = 2,     /* of stemming: by the word's script, by the items' language */
    KNOWN = 50000 /* words whose stems are remembered, at most */
};
#define IS_KNOWN ((uint64_t)1 << 63)

/* A word of the item at hand, in the chain of each of its stems that are asked for. */
typedef struct occurring {
    uint32_t term;
    uint32_t stems[WAYS]; /* 0: not asked for */
    uint32_t next[WAYS];  /* place + 1 */
} occurring;

typedef struct asked {
    char *head;
    size_t head_n;
    uint32_t stems[WAYS]; /* numbers from 1 on */
} asked;

struct dgmi_forms {
    dgmi_stems *stems;
    const char *language;
    dgmi_map *wanted; /* '0' or '1', the way, before a stem: its number */
    dgmi_map *known;  /* a word: IS_KNOWN, and the numbers of its stems */
    asked *list;
    size_t n, capacity;
    uint32_t *chains; /* by a stem's number: place + 1 of the first link */
    size_t n_stems, chains_capacity;
    occurring *links;
    size_t n_links, links_capacity;
    const dgmx_term *terms;
    dgmi_buf key;
};

size_t dgmi_forms_head(dgmi_stems *stems, const char *language, const char *word)
{
    dgmi_str stem = dgmi_stem(stems, language, dgmi_str_of(word));
    size_t n = 0, most = strlen(word) < stem.n ? strlen(word) : stem.n;
    while (n < most && word[n] == stem.p[n])
        n++;
    n = n > HEAD_LEAST ? n - 1 : n;
    return dgmi_utf8_cut(word, most, n);
}

dgmi_forms *dgmi_forms_new(dgmi_stems *stems, const char *language)
{
    dgmi_forms *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->stems = stems;
    f->language = language;
    f->wanted = dgmi_map_new();
    f->known = dgmi_map_new();
    dgmi_buf_init(&f->key, 0);
    if (f->wanted && f->known)
        return f;
    dgmi_forms_free(f);
    return NULL;
}

void dgmi_forms_free(dgmi_forms *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n; i++)
        free(f->list[i].head);
    dgmi_map_free(f->wanted);
    dgmi_map_free(f->known);
    dgmi_buf_clear(&f->key);
    free(f->list);
    free(f->chains);
    free(f->links);
    free(f);
}

/* ---- Stems ---- */

/* The place of a stem's number; NULL: nobody asks for it, or there is no memory. */
static uint64_t *number_of(dgmi_forms *f, int way, dgmi_str word, bool make)
{
    if (way > 0 && !f->language)
        return NULL;
    dgmi_str stem = dgmi_stem(f->stems, way > 0 ? f->language : NULL, word);
    dgmi_buf_reset(&f->key);
    dgmi_buf_putc(&f->key, (char)('0' + way));
    dgmi_buf_put(&f->key, stem.p, stem.n);
    return f->key.failed ? NULL : dgmi_map_at(f->wanted, dgmi_buf_str(&f->key), make);
}

static bool want_stem(dgmi_forms *f, int way, const char *word, uint32_t *number)
{
    uint64_t *place = number_of(f, way, dgmi_str_of(word), true);
    if (!place)
        return way > 0 && !f->language;
    if (*place == 0) {
        *place = ++f->n_stems;
        if (!dgmi_grow(&f->chains, &f->chains_capacity, f->n_stems + 1,
                       sizeof *f->chains))
            return false;
    }
    *number = (uint32_t)*place;
    return true;
}

/* All words whose stems are known, if they are more. */
static bool forget(dgmi_forms *f, size_t most)
{
    if (f->known && dgmi_map_count(f->known) <= most)
        return true;
    dgmi_map_free(f->known);
    f->known = dgmi_map_new();
    return f->known != NULL;
}

bool dgmi_forms_want(dgmi_forms *f, const char *word, uint32_t *form)
{
    asked a = { .head_n = dgmi_forms_head(f->stems, f->language, word) };
    if (!dgmi_grow(&f->list, &f->capacity, f->n + 1, sizeof *f->list) ||
        !want_stem(f, 0, word, &a.stems[0]) || !want_stem(f, 1, word, &a.stems[1]))
        return false;
    a.head = dgmi_str_dup((dgmi_str){ word, a.head_n });
    if (!a.head)
        return false;
    f->list[f->n++] = a;
    *form = (uint32_t)f->n;
    return forget(f, 0); /* it may be that known words have this stem */
}

/* ---- The words of an item ---- */

static bool look_up(dgmi_forms *f, dgmi_str word, uint32_t stems[WAYS])
{
    uint64_t *known = dgmi_map_at(f->known, word, true);
    if (!known)
        return false;
    if (*known == 0) {
        *known = IS_KNOWN;
        for (int way = 0; way < WAYS; way++) {
            const uint64_t *number = number_of(f, way, word, false);
            *known |= number ? *number << 31 * way : 0;
        }
    }
    stems[0] = (uint32_t)*known & 0x7fffffff;
    stems[1] = (uint32_t)(*known >> 31) & 0x7fffffff;
    return true;
}

/* Prefixes of terms begin with a capital, and words have none. */
static bool is_word(const dgmx_term *term)
{
    return term->n_positions > 0 && (term->p[0] < 'A' || term->p[0] > 'Z');
}

static void chain(dgmi_forms *f, const occurring *made)
{
    f->links[f->n_links] = *made;
    for (int way = 0; way < WAYS; way++) {
        uint32_t stem = made->stems[way];
        if (stem == 0)
            continue;
        f->links[f->n_links].next[way] = f->chains[stem];
        f->chains[stem] = (uint32_t)f->n_links + 1;
    }
    f->n_links++;
}

bool dgmi_forms_read(dgmi_forms *f, const dgmx_term *terms, size_t n)
{
    f->terms = terms;
    f->n_links = 0;
    if (f->n_stems > 0)
        memset(f->chains, 0, (f->n_stems + 1) * sizeof *f->chains);
    if (!forget(f, KNOWN))
        return false;
    for (size_t i = 0; i < n; i++) {
        occurring made = { .term = (uint32_t)i };
        if (!is_word(&terms[i]))
            continue;
        if (!look_up(f, (dgmi_str){ terms[i].p, terms[i].n }, made.stems) ||
            !dgmi_grow(&f->links, &f->links_capacity, f->n_links + 1, sizeof *f->links))
            return false;
        if (made.stems[0] || made.stems[1])
            chain(f, &made);
    }
    return true;
}

size_t dgmi_forms_of(const dgmi_forms *f, uint32_t form, const dgmx_term **out,
                     size_t room)
{
    const asked *a = &f->list[form - 1];
    size_t n = 0;
    for (int way = 0; way < WAYS; way++) {
        for (uint32_t at = a->stems[way] ? f->chains[a->stems[way]] : 0; at;
             at = f->links[at - 1].next[way]) {
            const occurring *l = &f->links[at - 1];
            const dgmx_term *term = &f->terms[l->term];
            bool again = way > 0 && l->stems[0] == a->stems[0];
            if (again || term->n < a->head_n || memcmp(term->p, a->head, a->head_n) != 0)
                continue;
            if (n < room)
                out[n] = term;
            n++;
        }
    }
    return n;
}
