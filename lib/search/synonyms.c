/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of synonyms in memory: lines to rules, rules to directions, found by the
 * stems of their words. Depends on lib/text. */
#include "synonyms.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "hash.h"
#include "nametable.h"
#include "tokens.h"
#include "wordlang.h"

/* What the map of keys tells: the place of a key's first direction, counted from 1, and
 * whether longer keys begin so. */
enum { LONGER = 1, PLACE_SHIFT = 1, COLUMNS = 4 };

struct dgmi_synonyms {
    dgmi_arena *arena;
    dgmi_map *keys;
    dgmi_synonym **list;
    size_t n, capacity;
    bool own; /* what is read now is a file's, not built in */
};

/* ---- Words ---- */

void dgmi_synonym_key(dgmi_buf *key, dgmi_stems *stems, const char *word)
{
    dgmi_str folded = dgmi_str_of(word);
    dgmi_str stem = dgmi_stem(stems, dgmi_script_language(folded), folded);
    if (key->n > 0)
        dgmi_buf_putc(key, ' ');
    dgmi_buf_put(key, stem.p, stem.n);
}

typedef struct side {
    const char *text, *key;
    const char *words[DGMI_SYNONYM_WORDS];
    unsigned n;
} side;

static bool add_word(dgmi_synonyms *t, dgmi_stems *stems, side *s, dgmi_str text,
                     dgmi_buf *key)
{
    char *word = dgmi_arena_str(t->arena, text);
    if (!word || s->n == DGMI_SYNONYM_WORDS)
        return false;
    if (!dgmi_name_skips(word))
        dgmi_synonym_key(key, stems, word);
    s->words[s->n++] = word;
    return true;
}

/* One side of a rule; false if it has no words or too many. */
static bool read_side(dgmi_synonyms *t, dgmi_stems *stems, dgmi_str text, side *s)
{
    dgmi_tokens walk;
    dgmi_token token;
    dgmi_buf key;
    bool fits = true;
    *s = (side){ .text = dgmi_arena_str(t->arena, text) };
    dgmi_buf_init(&key, 0);
    dgmi_tokens_init(&walk, text.p, text.n, 1);
    while (fits && dgmi_tokens_next(&walk, &token)) {
        if (token.kind != DGMI_WHOLE)
            fits = add_word(t, stems, s, (dgmi_str){ token.text, token.n }, &key);
    }
    if (!key.failed && key.n > 0)
        s->key = dgmi_arena_str(t->arena, dgmi_buf_str(&key));
    dgmi_buf_clear(&key);
    return fits && s->text && s->key;
}

/* ---- Directions ---- */

static dgmi_synonym *place(const dgmi_synonyms *t, uint64_t at)
{
    return t->list && at > 0 && at <= t->n ? t->list[at - 1] : NULL;
}

/* Every beginning of the key's words is known to be one. */
static bool note_beginnings(dgmi_synonyms *t, const char *key)
{
    for (const char *blank = strchr(key, ' '); blank; blank = strchr(blank + 1, ' ')) {
        uint64_t *at =
            dgmi_map_at(t->keys, (dgmi_str){ key, (size_t)(blank - key) }, true);
        if (!at)
            return false;
        *at |= LONGER;
    }
    return true;
}

static bool add_direction(dgmi_synonyms *t, const dgm_synonym *rule, const side *from,
                          const side *to)
{
    dgmi_synonym *s = dgmi_arena_alloc(t->arena, sizeof *s);
    uint64_t *at = dgmi_map_at(t->keys, dgmi_str_of(from->key), true);
    if (!s || !at || !dgmi_grow(&t->list, &t->capacity, t->n + 1, sizeof(dgmi_synonym *)))
        return false;
    *s = (dgmi_synonym){ .rule = rule,
                         .from = from->text,
                         .to = to->text,
                         .key = from->key,
                         .n_words = to->n };
    memcpy(s->words, to->words, sizeof s->words);
    t->list[t->n++] = s;
    dgmi_synonym *last = place(t, *at >> PLACE_SHIFT);
    while (last && last->next)
        last = (dgmi_synonym *)last->next;
    if (last)
        last->next = s;
    else
        *at |= (uint64_t)t->n << PLACE_SHIFT;
    return note_beginnings(t, from->key);
}

/* Takes the directions out that lead from one side to the other. */
static void take_out(dgmi_synonyms *t, const side *from, const side *to)
{
    const uint64_t *at = dgmi_map_at(t->keys, dgmi_str_of(from->key), false);
    for (dgmi_synonym *s = at ? place(t, *at >> PLACE_SHIFT) : NULL; s;
         s = (dgmi_synonym *)s->next) {
        bool same = s->n_words == to->n;
        for (unsigned w = 0; same && w < to->n; w++)
            same = strcmp(s->words[w], to->words[w]) == 0;
        s->gone = s->gone || same;
    }
}

/* ---- Lines ---- */

/* What is wrong with a line; NULL: nothing. */
static const char *read_rule(dgmi_synonyms *t, dgmi_stems *stems, dgmi_str line,
                             unsigned number, dgm_status *status)
{
    dgmi_str column[COLUMNS] = { { "", 0 } };
    size_t n = 0;
    side a, b;
    while (n < COLUMNS && dgmi_str_split(&line, '\t', &column[n])) {
        column[n] = dgmi_str_trim(column[n]);
        n++;
    }
    bool both = dgmi_str_eq(column[1], "="), removes = dgmi_str_eq(column[1], "-");
    if (n < 3)
        return "fewer than three columns, which tabs part";
    if (!both && !removes && !dgmi_str_eq(column[1], ">"))
        return "the second column is neither =, > nor -";
    if (t->n >= DGMI_SYNONYM_RULES * 2)
        return "more rules than can be held";
    if (!read_side(t, stems, column[0], &a) || !read_side(t, stems, column[2], &b))
        return "words are missing, or one side has more than 8";
    take_out(t, &a, &b); /* a rule that is said again replaces what it was */
    take_out(t, &b, &a);
    if (removes)
        return NULL;
    dgm_synonym *rule = dgmi_arena_alloc(t->arena, sizeof *rule);
    char *source = dgmi_arena_str(t->arena, column[3]);
    if (rule)
        *rule = (dgm_synonym){ a.text, b.text, source, both, t->own, number };
    if (!rule || !source || !add_direction(t, rule, &a, &b) ||
        (both && !add_direction(t, rule, &b, &a)))
        *status = DGM_E_NOMEM;
    return NULL;
}

dgm_status dgmi_synonyms_add(dgmi_synonyms *t, dgmi_stems *stems, dgmi_str text,
                             dgm_fault_fn fault, void *user, unsigned *faults,
                             dgm_error *err)
{
    dgmi_str line;
    unsigned number = 0;
    dgm_status status = DGM_OK;
    *faults = 0;
    while (status == DGM_OK && dgmi_str_split(&text, '\n', &line)) {
        dgmi_str trimmed = dgmi_str_trim(line);
        number++;
        if (trimmed.n == 0 || trimmed.p[0] == '#')
            continue;
        const char *wrong = read_rule(t, stems, line, number, &status);
        if (wrong && fault)
            fault(user, number, wrong);
        *faults += wrong != NULL;
    }
    return status == DGM_OK ? status : dgmi_fail_memory(err);
}

/* ---- The whole ---- */

dgm_status dgmi_synonyms_new(dgmi_stems *stems, dgmi_synonyms **out, dgm_error *err)
{
    unsigned faults = 0;
    dgmi_str text = { (const char *)dgmi_synonyms_text, dgmi_synonyms_text_size };
    dgmi_synonyms *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t)
        return dgmi_fail_memory(err);
    t->arena = dgmi_arena_new(0);
    t->keys = dgmi_map_new();
    dgm_status status = t->arena && t->keys
                            ? dgmi_synonyms_add(t, stems, text, NULL, NULL, &faults, err)
                            : dgmi_fail_memory(err);
    if (status == DGM_OK && faults > 0)
        status = dgmi_fail(err, DGM_E_INTERNAL, "a built-in synonym cannot be read");
    t->own = true;
    if (status == DGM_OK)
        *out = t;
    else
        dgmi_synonyms_free(t);
    return status;
}

void dgmi_synonyms_free(dgmi_synonyms *t)
{
    if (!t)
        return;
    dgmi_map_free(t->keys);
    dgmi_arena_free(t->arena);
    free(t->list);
    free(t);
}

const dgmi_synonym *dgmi_synonyms_find(const dgmi_synonyms *t, dgmi_str key, bool *longer)
{
    const uint64_t *at = dgmi_map_at(t->keys, key, false);
    *longer = at && *at & LONGER;
    return at ? place(t, *at >> PLACE_SHIFT) : NULL;
}

const dgm_synonym *dgmi_synonyms_next(const dgmi_synonyms *t, size_t *at)
{
    while (*at < t->n) {
        const dgmi_synonym *s = t->list[(*at)++];
        bool second = s->rule->both && s->from != s->rule->from;
        if (!s->gone && !second)
            return s->rule;
    }
    return NULL;
}
