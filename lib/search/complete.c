/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing what somebody types: words and pairs of words. Depends on lib/index,
 * lib/text, lib/xapian. */
#include "complete.h"

#include <string.h>

#include "clock.h"
#include "fail.h"
#include "schema.h"
#include "spelling.h"
#include "tokens.h"
#include "utf8.h"
#include "wordlang.h"

enum { ANSWER_MAX = 4 << 20, LOOK_AT_CLOCK = 512, GENERAL_LETTERS = 3 };

typedef struct answer {
    dgm_proposals proposals; /* what the caller holds */
    dgmi_arena *arena;
} answer;

void dgm_proposals_free(dgm_proposals *proposals)
{
    if (proposals)
        dgmi_arena_free(((answer *)(void *)proposals)->arena);
}

bool dgmi_complete_late(const dgmi_completer *c)
{
    return dgmi_now_us() > c->deadline_us;
}

/* More items first; of as many what came first, that is the more frequent word or the
 * value that is first in the alphabet. */
static bool is_before(const dgm_proposal *a, const dgm_proposal *b)
{
    return a->count > b->count;
}

void dgmi_complete_offer(dgmi_completer *c, size_t begin, size_t most,
                         const dgm_proposal *proposal)
{
    size_t last = begin + most - 1;
    if (c->n > last && !is_before(proposal, &c->list[last]))
        return;
    size_t at = c->n > last ? last : c->n++;
    for (; at > begin && is_before(proposal, &c->list[at - 1]); at--)
        c->list[at] = c->list[at - 1];
    c->list[at] = *proposal;
}

/* ---- Words ---- */

typedef struct typed {
    dgmi_str head;                   /* q before the word that is being typed */
    char word[DGMI_TOKEN_MAX + 1];   /* that word, folded */
    char before[DGMI_TOKEN_MAX + 1]; /* the one before it, or "" */
    bool capital;
} typed;

typedef struct candidate {
    const char *text;
    uint32_t frequency;
} candidate;

typedef struct candidates {
    candidate list[DGMI_COMPLETE_PAIRS]; /* most frequent first */
    size_t n;
} candidates;

static void keep(char out[DGMI_TOKEN_MAX + 1], const dgmi_token *token)
{
    memcpy(out, token->text, token->n);
    out[token->n] = '\0';
}

/* Only blanks between two words make them a pair. */
static bool is_blank(dgmi_str s)
{
    return s.n > 0 && dgmi_str_trim(s).n == 0;
}

/* The word at the very end of q. False if there is none to complete. */
static bool read_typed(dgmi_str q, typed *out)
{
    dgmi_tokens walk;
    dgmi_token token;
    uint32_t end = 0;
    memset(out, 0, sizeof *out);
    dgmi_tokens_init(&walk, q.p, q.n, 1);
    while (dgmi_tokens_next(&walk, &token)) {
        if (token.kind == DGMI_WHOLE || token.n == 0)
            continue;
        bool pair = is_blank((dgmi_str){ q.p + end, token.from - end });
        if (pair)
            memcpy(out->before, out->word, sizeof out->word);
        else
            out->before[0] = '\0';
        keep(out->word, &token);
        out->head = (dgmi_str){ q.p, token.from };
        out->capital = token.capital;
        end = token.to;
    }
    return end == q.n && out->word[0];
}

static bool put_candidate(dgmi_completer *c, candidates *found, dgmi_str word,
                          uint32_t frequency)
{
    size_t last = DGMI_COMPLETE_PAIRS - 1;
    if ((found->n > last && frequency <= found->list[last].frequency) ||
        dgmi_is_stopword(dgmi_script_language(word), word))
        return true;
    candidate new = { dgmi_arena_str(c->arena, word), frequency };
    size_t at = found->n > last ? last : found->n++;
    for (; at > 0 && new.frequency > found->list[at - 1].frequency; at--)
        found->list[at] = found->list[at - 1];
    found->list[at] = new;
    return new.text != NULL;
}

/* Some sources cut their titles, in the middle of a word too: what is left of one is no
 * word to propose. */
static void drop_cut(candidates *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->n; i++) {
        const candidate *one = &found->list[i];
        bool cut = false;
        for (size_t k = 0; k < kept && !cut; k++)
            cut = found->list[k].frequency / DGMI_CUT_SHORT > one->frequency &&
                  strncmp(found->list[k].text, one->text, strlen(one->text)) == 0;
        if (!cut)
            found->list[kept++] = *one;
    }
    found->n = kept;
}

/* The most frequent words that begin so, in titles or anywhere. */
static dgm_status find_words(dgmi_completer *c, const char *prefix, const char *word,
                             candidates *found)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t frequency;
    size_t skip = strlen(prefix);
    found->n = 0;
    dgmi_buf_reset(&c->term);
    dgmi_buf_printf(&c->term, "%s%s", prefix, word);
    dgm_status status =
        dgmx_terms_all(c->desk->index->db, c->term.p, c->term.n, &terms, c->err);
    for (size_t i = 0; status == DGM_OK && i < DGMI_COMPLETE_WALK; i++) {
        status = dgmx_terms_next(terms, &term, NULL, &frequency, c->err);
        if (status == DGM_OK &&
            !put_candidate(c, found, dgmi_str_skip((dgmi_str){ term.p, term.n }, skip),
                           frequency))
            status = dgmi_fail_memory(c->err);
        if (i % LOOK_AT_CLOCK == LOOK_AT_CLOCK - 1 && dgmi_now_us() > c->walk_us)
            break;
    }
    dgmx_terms_free(terms);
    drop_cut(found);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* How many items have one word right behind another in their titles, up to
 * DGMI_PAIR_ITEMS, and the first of them. TIMEOUT where that takes long. */
static dgm_status count_pair(dgmi_completer *c, const char *a, const char *b,
                             uint32_t *count, dgmx_docid *first)
{
    const char *words[2] = { a, b };
    dgmx_query *terms[2] = { NULL, NULL }, *phrase = NULL, *guarded = NULL;
    dgmx_enquire *enquire = NULL;
    dgmx_mset *found = NULL;
    dgmx_hit hit = { .id = 0 };
    const dgmx_weight none = { .kind = DGMX_WEIGHT_BOOL };
    dgm_status status = DGM_OK;
    for (int i = 0; i < 2 && status == DGM_OK; i++) {
        dgmi_buf_reset(&c->term);
        dgmi_schema_term(&c->term, DGMI_PREFIX_TITLE, words[i], strlen(words[i]));
        status = dgmx_query_term(c->term.p, c->term.n, &terms[i], c->err);
    }
    if (status == DGM_OK)
        status = dgmx_query_combine(DGMX_PHRASE, terms, 2, 0, &phrase, c->err);
    if (status == DGM_OK)
        status =
            dgmx_query_deadline(phrase, dgmi_now_us() + DGMI_PAIR_US, &guarded, c->err);
    if (status == DGM_OK)
        status = dgmx_enquire_new(c->desk->index->db, &enquire, c->err);
    if (status == DGM_OK)
        status = dgmx_enquire_set_query(enquire, guarded, c->err);
    if (status == DGM_OK)
        status = dgmx_enquire_set_weight(enquire, &none, c->err);
    if (status == DGM_OK)
        status = dgmx_enquire_match(enquire, 0, DGMI_PAIR_ITEMS, 0, &found, c->err);
    if (status == DGM_OK && dgmx_mset_size(found) > 0)
        status = dgmx_mset_hit(found, 0, &hit, c->err);
    *count = status == DGM_OK ? (uint32_t)dgmx_mset_size(found) : 0;
    *first = hit.id;
    dgmx_mset_free(found);
    dgmx_enquire_free(enquire);
    dgmx_query_free(guarded);
    dgmx_query_free(phrase);
    dgmx_query_free(terms[0]);
    dgmx_query_free(terms[1]);
    return status;
}

/* The word in place of what was typed of it, everything before it kept. */
static dgm_status propose(dgmi_completer *c, const typed *t, const char *kind,
                          const char *word, uint64_t count)
{
    bool raise = t->capital && *word >= 'a' && *word <= 'z';
    char first[2] = { raise ? (char)(*word - 'a' + 'A') : '\0', '\0' };
    dgm_proposal p = { .kind = kind, .count = count };
    p.text = dgmi_arena_printf(c->arena, "%.*s%s%s", (int)t->head.n, t->head.p, first,
                               word + raise);
    p.query = p.text;
    if (!p.text)
        return dgmi_fail_memory(c->err);
    dgmi_complete_offer(c, 0, c->limit, &p);
    return DGM_OK;
}

static const char *spelt(dgmi_completer *c, const char *prefix, const char *word)
{
    dgmx_docid id;
    dgmi_buf_reset(&c->term);
    dgmi_schema_term(&c->term, prefix, word, strlen(word));
    if (c->desk->lore.n_languages < 2 ||
        dgmx_db_find(c->desk->index->db, c->term.p, c->term.n, &id, NULL) != DGM_OK)
        return word;
    return dgmi_spelling(c->desk, id, word, c->arena);
}

/* Words that stand behind the one before in titles. Two frequent words that never do so
 * would take long: such a pair is given up. */
static dgm_status complete_pairs(dgmi_completer *c, const typed *t,
                                 const candidates *words)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < words->n && status == DGM_OK && !dgmi_complete_late(c); i++) {
        uint32_t count = 0;
        dgmx_docid id = 0;
        status = count_pair(c, t->before, words->list[i].text, &count, &id);
        if (status == DGM_OK && count > 0)
            status =
                propose(c, t, "pair",
                        dgmi_spelling(c->desk, id, words->list[i].text, c->arena), count);
        if (status == DGM_E_TIMEOUT) {
            dgmi_error_clear(c->err);
            status = DGM_OK;
        }
    }
    return status;
}

/* The words of titles; if they are few, of all texts, which are more to look at. Behind
 * another word only what titles have there, or, if they have nothing, what is frequent.
 */
static dgm_status complete_words(dgmi_completer *c, const typed *t)
{
    candidates words = { .n = 0 };
    const char *prefix = DGMI_PREFIX_TITLE;
    dgm_status status = find_words(c, prefix, t->word, &words);
    if (status == DGM_OK && t->before[0])
        status = complete_pairs(c, t, &words);
    if (status != DGM_OK || c->n > 0)
        return status;
    if (words.n < c->limit && !dgmi_complete_late(c) &&
        dgmi_utf8_count(t->word, strlen(t->word)) >= GENERAL_LETTERS) {
        prefix = "";
        status = find_words(c, prefix, t->word, &words);
    }
    for (size_t i = 0; i < words.n && i < c->limit && status == DGM_OK; i++) {
        const char *word = words.list[i].text;
        uint32_t count = 0;
        status =
            dgmx_db_term_freq(c->desk->index->db, word, strlen(word), &count, c->err);
        if (status == DGM_OK)
            status = propose(c, t, "word", spelt(c, prefix, word), count);
    }
    return status;
}

/* ---- The whole ---- */

static dgm_status complete(dgmi_completer *c)
{
    typed t;
    dgmi_index *index = c->desk->index;
    dgm_status status = dgmi_lore_learn(&c->desk->lore, index, c->err);
    if (status == DGM_OK && index->db && read_typed(c->q, &t))
        status = complete_words(c, &t);
    if (status == DGM_OK && index->db)
        status = dgmi_complete_values(c);
    return status;
}

static dgm_status attempt(dgm *desk, const char *q, unsigned limit, uint64_t began_us,
                          dgm_proposals **out, dgm_error *err)
{
    dgmi_arena *arena = dgmi_arena_new(ANSWER_MAX);
    answer *made = arena ? dgmi_arena_alloc(arena, sizeof *made) : NULL;
    dgmi_completer c = { .desk = desk,
                         .limit = limit,
                         .deadline_us = began_us + DGMI_COMPLETE_MS * 1000,
                         .walk_us = began_us + DGMI_COMPLETE_WALK_MS * 1000,
                         .arena = arena,
                         .err = err };
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_buf_init(&c.term, 0);
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (status != DGM_OK)
        goto out;
    dgmi_utf8_clean(&text, q, strlen(q));
    c.q = text.failed || !made ? c.q : dgmi_buf_str(&text);
    c.list =
        made ? dgmi_arena_array(arena, DGMI_COMPLETE_MOST + 16, sizeof *c.list) : NULL;
    const char *kept = c.list ? dgmi_arena_str(arena, c.q) : NULL;
    const char *revision = dgmi_arena_dup(arena, desk->index->revision);
    status = made && kept && revision ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK && c.q.n <= DGMI_COMPLETE_BYTES)
        status = complete(&c);
    if (status != DGM_OK || !made)
        goto out;
    made->arena = arena;
    made->proposals = (dgm_proposals){ kept, revision, c.list, c.n };
    *out = &made->proposals;
    arena = NULL;
out:
    dgmi_buf_clear(&c.term);
    dgmi_buf_clear(&text);
    dgmi_arena_free(arena);
    return status;
}

dgm_status dgm_suggest(dgm *desk, const char *q, unsigned limit, dgm_proposals **out,
                       dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    uint64_t began = dgmi_now_us();
    if (out)
        *out = NULL;
    if (!desk || !q || !out)
        return dgmi_fail(err, DGM_E_ARG, "a reader, a text and a place are needed");
    if (limit < 1 || limit > DGMI_COMPLETE_MOST)
        return dgmi_fail(err, DGM_E_ARG, "limit: not a number from 1 to %d",
                         DGMI_COMPLETE_MOST);
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = attempt(desk, q, limit, began, out, &inner);
    }
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}
