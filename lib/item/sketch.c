/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sketches of texts and the rule by which two are copies. Depends on lib/base, lib/text
 * and build.h. The figures behind the bounds are in doc/stories.md. */
#include "sketch.h"

#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "hash.h"
#include "tokens.h"

enum {
    SHORT_WORDS = 24,     /* a body of fewer is looked at with its headline */
    SHORT_LEAST = 4,      /* different words that such an item must have */
    SHORT_MARKED = 6,     /* and so many to be known with a mark of the outlet */
    MARK_MOST = 2,        /* words of it */
    NEAR = 3 * 24 * 3600, /* seconds: what is published further apart must agree more */
    NEAR_SHORT = 2 * 24 * 3600 /* so for headlines, which come again */
};
#define RATIO_LEAST 0.15 /* the shorter text of the longer one */

/* The least shares that make a copy, chosen on one half of Reuters-21578. Reports that
 * come again and again have the words of the last one, and other numbers and names. */
typedef struct bounds {
    double containment, numbers, names;
    double both; /* containment and names together */
} bounds;
static const bounds near_bounds = { 0.5, 0.75, 0.6, 1.35 };
static const bounds table_bounds = { 0.5, 0.9, 0.6, 1.35 }; /* near, of mostly numbers */
static const bounds far_bounds = { 0.75, 0.9, 0.8, 1.55 };

/* ---- The smallest of many hashes ---- */

enum { POOL = 4 * DGMI_SKETCH_HASHES };

typedef struct pool {
    uint64_t hashes[POOL];
    uint64_t bound; /* what is not below it is not wanted */
    uint32_t n, keep;
    uint32_t seen;
    bool cut; /* some distinct ones were left out */
} pool;

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts, drops what is there twice and what is beyond those to keep. */
static void settle(pool *p)
{
    uint32_t kept = 0;
    qsort(p->hashes, p->n, sizeof *p->hashes, compare_hashes);
    for (uint32_t i = 0; i < p->n; i++) {
        if (kept == 0 || p->hashes[kept - 1] != p->hashes[i])
            p->hashes[kept++] = p->hashes[i];
    }
    p->cut = p->cut || kept > p->keep;
    p->n = kept < p->keep ? kept : p->keep;
    if (p->n == p->keep)
        p->bound = p->hashes[p->n - 1];
}

static void offer(pool *p, uint64_t hash)
{
    p->seen++;
    if (hash >= p->bound) {
        p->cut = p->cut || hash > p->bound;
        return;
    }
    p->hashes[p->n++] = hash;
    if (p->n == POOL)
        settle(p);
}

/* ---- Words ---- */

typedef struct scan {
    uint64_t run[DGMI_RUN]; /* hashes of the last words */
    uint64_t exact;
    uint32_t words;
    unsigned length;     /* words of a run */
    uint64_t number;     /* a number under way, all its parts: 6-1/4, 16.06.2021; or 0 */
    uint32_t number_end; /* where it ends in the text */
    pool runs, numbers, names;
} scan;

static uint64_t stir(uint64_t h)
{
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

/* In English, what most items are in. */
static bool is_spelled_number(const dgmi_token *token)
{
    static const char words[] = " one two three four five six seven eight nine ten "
                                "eleven twelve twenty thirty forty fifty sixty seventy "
                                "eighty ninety ";
    char word[12] = " ";
    if (token->n < 3 || token->n > 7 || !strchr("otfsen", token->text[0]))
        return false;
    memcpy(word + 1, token->text, token->n);
    word[token->n + 1] = ' ';
    return strstr(words, word) != NULL;
}

static void end_number(scan *s)
{
    if (s->number)
        offer(&s->numbers, s->number);
    s->number = 0;
}

/* Tokens that a reader takes for one number are one here. */
static void add_mark(scan *s, const dgmi_token *token, uint64_t hash)
{
    bool digit = token->text[0] >= '0' && token->text[0] <= '9';
    if (!digit || token->from > s->number_end + 1)
        end_number(s);
    if (digit) {
        s->number = stir(s->number + hash) | 1;
        s->number_end = token->to;
    } else if (token->capital) {
        offer(&s->names, hash);
    } else if (is_spelled_number(token)) {
        offer(&s->numbers, hash);
    }
}

static void add_word(scan *s, const dgmi_token *token)
{
    uint64_t hash = dgmi_hash64(token->text, token->n), sum = 0;
    memmove(s->run, s->run + 1, sizeof s->run - sizeof *s->run);
    s->run[DGMI_RUN - 1] = hash;
    s->exact = stir(s->exact ^ hash) + 1;
    s->words++;
    add_mark(s, token, hash);
    if (s->words < s->length)
        return;
    for (unsigned i = DGMI_RUN - s->length; i < DGMI_RUN; i++)
        sum = stir(sum + s->run[i]);
    offer(&s->runs, sum);
}

static void add_text(scan *s, const char *text, size_t n)
{
    dgmi_tokens tokens;
    dgmi_token token;
    dgmi_tokens_init(&tokens, text, n, 1);
    while (s->words < DGMI_SKETCH_WORDS && dgmi_tokens_next(&tokens, &token)) {
        if (token.kind != DGMI_WHOLE)
            add_word(s, &token);
    }
    end_number(s);
}

static void add_body(scan *s, const dgm_item *item)
{
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        dgmi_str text = dgmi_str_of(item->paragraphs[i]), agency;
        if (i == 0)
            text = dgmi_str_skip(text, dgmi_dateline(text, &agency));
        add_text(s, text.p, text.n);
    }
}

static void empty(pool *p, uint32_t keep)
{
    p->n = p->seen = 0;
    p->keep = keep;
    p->bound = UINT64_MAX;
    p->cut = false;
}

static void begin(scan *s, unsigned length)
{
    s->exact = s->number = 0;
    s->words = s->number_end = 0;
    s->length = length;
    memset(s->run, 0, sizeof s->run);
    empty(&s->runs, DGMI_SKETCH_HASHES);
    empty(&s->numbers, DGMI_SKETCH_MARKS);
    empty(&s->names, DGMI_SKETCH_MARKS);
}

/* The exact hash is that of headline and body; where the title is a sentence of the body
 * it is not there twice. */
static uint64_t exact_of(const scan *body, const dgm_item *item)
{
    scan title;
    begin(&title, DGMI_RUN);
    if (item->title && !item->title_derived)
        add_text(&title, item->title, strlen(item->title));
    if (title.words + body->words == 0)
        return 0;
    return stir(title.exact ^ stir(body->exact + 1)) | 1;
}

static uint16_t put_hashes(pool *p, uint32_t *out)
{
    settle(p);
    for (uint32_t i = 0; i < p->n; i++)
        out[i] = (uint32_t)(p->hashes[i] >> 32);
    return (uint16_t)p->n;
}

static void put_out(scan *s, dgmi_sketch *out)
{
    out->words = s->words;
    out->n_hashes = put_hashes(&s->runs, out->hashes);
    out->n_numbers = put_hashes(&s->numbers, out->numbers);
    out->n_names = put_hashes(&s->names, out->names);
    out->runs = s->runs.cut ? s->runs.seen : s->runs.n;
    out->n_bands = out->n_hashes < DGMI_SKETCH_BANDS ? out->n_hashes : DGMI_SKETCH_BANDS;
    memcpy(out->bands, s->runs.hashes, out->n_bands * sizeof *out->bands);
}

void dgmi_sketch_make(const dgm_item *item, dgmi_sketch *out)
{
    scan s;
    memset(out, 0, sizeof *out);
    out->published = item->published;
    begin(&s, DGMI_RUN);
    add_body(&s, item);
    out->exact = exact_of(&s, item);
    out->is_short = s.words < SHORT_WORDS;
    if (out->is_short) { /* single words, the headline's too */
        begin(&s, 1);
        if (item->title && !item->title_derived)
            add_text(&s, item->title, strlen(item->title));
        add_body(&s, item);
    }
    put_out(&s, out);
}

/* ---- Comparing ---- */

/* Of the `most` smallest hashes of both lists together: how many are in both. */
static uint32_t count_shared(const uint32_t *a, uint32_t n_a, const uint32_t *b,
                             uint32_t n_b, uint32_t most, uint32_t *looked)
{
    uint32_t i = 0, k = 0, shared = 0, seen = 0;
    while (seen < most && (i < n_a || k < n_b)) {
        bool both = i < n_a && k < n_b && a[i] == b[k];
        bool first = k == n_b || (i < n_a && a[i] <= b[k]);
        i += first;
        k += both || !first;
        shared += both;
        seen++;
    }
    *looked = seen;
    return shared;
}

static double at_most_one(double share)
{
    return share < 1 ? share : 1;
}

/* The share of the shorter list's marks that the longer one has. Where that is a sample,
 * those past its end cannot be looked up in it. */
static double share_marks(const uint32_t *a, uint32_t n_a, const uint32_t *b,
                          uint32_t n_b)
{
    uint32_t looked;
    if (n_a > n_b)
        return share_marks(b, n_b, a, n_a);
    if (n_b == DGMI_SKETCH_MARKS) {
        while (n_a > 0 && a[n_a - 1] > b[n_b - 1])
            n_a--;
    }
    uint32_t shared = count_shared(a, n_a, b, n_b, UINT32_MAX, &looked);
    return n_a > 0 ? (double)shared / n_a : 1;
}

void dgmi_sketch_compare(const dgmi_sketch *a, const dgmi_sketch *b, dgmi_overlap *out)
{
    uint32_t looked, least = a->runs < b->runs ? a->runs : b->runs;
    bool whole = a->n_hashes == a->runs && b->n_hashes == b->runs;
    uint32_t most = whole ? UINT32_MAX : DGMI_SKETCH_HASHES;
    uint32_t shared =
        count_shared(a->hashes, a->n_hashes, b->hashes, b->n_hashes, most, &looked);
    double j = looked > 0 ? (double)shared / looked : 0;
    out->resemblance = j;
    out->shared = j * ((double)a->runs + b->runs) / (1 + j);
    out->containment = least > 0 ? at_most_one(out->shared / least) : 0;
    out->numbers = share_marks(a->numbers, a->n_numbers, b->numbers, b->n_numbers);
    out->names = share_marks(a->names, a->n_names, b->names, b->n_names);
}

static bool are_near(const dgmi_sketch *a, const dgmi_sketch *b, int64_t span)
{
    if (a->published == DGM_NO_TIME || b->published == DGM_NO_TIME)
        return true;
    int64_t apart = a->published - b->published;
    return apart <= span && apart >= -span;
}

/* The words of one are among those of the other, but for a mark of the outlet; numbers
 * are equal; a headline that comes again another week is another item. */
static double match_short(const dgmi_sketch *a, const dgmi_sketch *b)
{
    dgmi_overlap o;
    uint32_t fewer = a->runs < b->runs ? a->runs : b->runs;
    uint32_t more = a->runs < b->runs ? b->runs : a->runs;
    if (fewer < SHORT_LEAST || a->n_numbers != b->n_numbers ||
        !are_near(a, b, NEAR_SHORT))
        return 0;
    if (more - fewer > (fewer >= SHORT_MARKED ? MARK_MOST : 0))
        return 0;
    dgmi_sketch_compare(a, b, &o);
    return o.numbers < 1 || o.containment < 1 ? 0 : o.containment + o.resemblance;
}

/* Prices, rates, results: a fifth of the words, or more, are different numbers. */
static bool is_table(const dgmi_sketch *s)
{
    return s->n_numbers * 5u >= s->words;
}

double dgmi_sketch_match(const dgmi_sketch *a, const dgmi_sketch *b)
{
    dgmi_overlap o;
    if (a->is_short != b->is_short || a->runs == 0 || b->runs == 0)
        return 0;
    if (a->is_short)
        return match_short(a, b);
    if (a->runs < RATIO_LEAST * b->runs || b->runs < RATIO_LEAST * a->runs)
        return 0;
    const bounds *least = !are_near(a, b, NEAR)        ? &far_bounds
                          : is_table(a) || is_table(b) ? &table_bounds
                                                       : &near_bounds;
    dgmi_sketch_compare(a, b, &o);
    bool copy = o.containment >= least->containment && o.numbers >= least->numbers &&
                o.names >= least->names && o.containment + o.names >= least->both;
    return copy ? o.containment + o.resemblance : 0;
}
