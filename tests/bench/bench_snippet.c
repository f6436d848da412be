/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times dgmi_snippet: bench_snippet [FILE] prints one JSON object. Hits are pieces of 12
 * KB of FILE, or of text made from a fixed seed; a query is words taken from one hit, and
 * its marks are looked for in ten. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "file.h"
#include "sentence.h"
#include "snippet.h"
#include "tokens.h"
#include "utf8.h"

#define HIT_BYTES ((size_t)12 << 10)
#define HITS 500
#define PAGE 10
#define ROUNDS 5
#define WORDS_MAX 5

typedef struct corpus {
    dgmi_buf text;
    dgmi_str hits[HITS];
    size_t n;
    uint32_t seed;
} corpus;

static uint32_t draw(corpus *c, uint32_t below)
{
    c->seed ^= c->seed << 13;
    c->seed ^= c->seed >> 17;
    c->seed ^= c->seed << 5;
    return c->seed % below;
}

/* A word by its rank: short for the frequent ones, with endings that stemming takes off.
 */
static void put_word(dgmi_buf *out, uint32_t rank)
{
    static const char *const endings[] = { "", "s", "ing", "ed", "ation", "", "ly", "" };
    uint32_t syllables = rank < 40 ? 1 : rank < 600 ? 2 : 3;
    for (uint32_t rest = rank * 2654435761u >> 8; syllables > 0;
         syllables--, rest /= 90) {
        dgmi_buf_putc(out, "bcdfghjklmnprstvwz"[rest % 90 / 5]);
        dgmi_buf_putc(out, "aeiou"[rest % 5]);
    }
    if (rank >= 40)
        dgmi_buf_puts(out, endings[rank / 16 % 8]);
}

/* Prose with Zipf's frequencies, sentences, paragraphs and now and then a curly quote. */
static void make_text(corpus *c)
{
    while (c->text.n < HIT_BYTES * HITS) {
        uint32_t words = 6 + draw(c, 24);
        for (uint32_t i = 0; i < words; i++) {
            uint32_t scale = 1u << draw(c, 14);
            size_t at = c->text.n + (i > 0);
            if (i > 0)
                dgmi_buf_putc(&c->text, ' ');
            put_word(&c->text, scale - 1 + draw(c, scale));
            if (i == 0)
                c->text.p[at] = (char)(c->text.p[at] - 0x20);
            if (draw(c, 12) == 0)
                dgmi_buf_puts(&c->text, draw(c, 8) == 0 ? "’s" : ",");
        }
        dgmi_buf_puts(&c->text, draw(c, 4) == 0 ? ".\n\n" : ". ");
    }
}

static void cut_into_hits(corpus *c)
{
    dgmi_str rest = dgmi_buf_str(&c->text);
    while (c->n < HITS && rest.n >= HIT_BYTES) {
        size_t n = dgmi_utf8_cut(rest.p, rest.n, HIT_BYTES);
        c->hits[c->n++] = (dgmi_str){ rest.p, n };
        rest = dgmi_str_skip(rest, n);
    }
}

typedef struct query {
    char text[WORDS_MAX][2][DGMI_TOKEN_MAX * 2]; /* word and stem */
    dgmi_mark marks[WORDS_MAX];
    size_t n;
} query;

/* Takes the word at a random place of a hit, and for phrases the next ones. */
static void choose_words(corpus *c, query *q, dgmi_str hit, dgmi_stems *stems,
                         bool phrase)
{
    dgmi_tokens t;
    dgmi_token token;
    for (size_t i = 0; i < q->n; i++) {
        if (i == 0 || !phrase) {
            dgmi_tokens_init(&t, hit.p, hit.n, 0);
            t.at = dgmi_tokens_restart(hit.p, hit.n, draw(c, (uint32_t)hit.n - 200));
        }
        do {
            if (!dgmi_tokens_next(&t, &token))
                return;
        } while (!phrase && (token.n < 4 ||
                             dgmi_is_stopword("en", (dgmi_str){ token.text, token.n })));
        dgmi_str stem = dgmi_stem(stems, "en", (dgmi_str){ token.text, token.n });
        memcpy(q->text[i][0], token.text, token.n);
        memcpy(q->text[i][1], stem.p, stem.n);
        q->marks[i] =
            (dgmi_mark){ .word = q->text[i][0], .n = token.n, .weight = 1 + draw(c, 8) };
        q->marks[i].phrase = phrase ? 0 : -1;
        q->marks[i].stem = phrase ? NULL : q->text[i][1];
        q->marks[i].stem_n = phrase ? 0 : (uint32_t)stem.n;
    }
}

/* Microseconds for one page of hits, the compiling of the marks included. */
static double time_page(const corpus *c, size_t first, const query *q, dgmi_stems *stems)
{
    static const dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 280, "en", NULL };
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    uint64_t began = dgmi_now_us();
    dgmi_marks *marks = dgmi_marks_new(q->marks, q->n);
    for (size_t i = 0; i < PAGE; i++) {
        dgmi_str hit = c->hits[(first + i) % c->n];
        size_t at;
        dgmi_buf_reset(&out);
        dgmi_snippet(&out, hit.p, hit.n, marks, stems, &options, &at);
    }
    dgmi_marks_free(marks);
    double took = (double)(dgmi_now_us() - began);
    dgmi_buf_clear(&out);
    return took;
}

static void run_set(corpus *c, const char *name, size_t words, bool phrase,
                    const char *end)
{
    dgmi_stems *stems = NULL;
    double sum = 0, worst = 0;
    size_t queries = c->n;
    if (dgmi_stems_new(&stems, NULL) != DGM_OK)
        return;
    for (size_t i = 0; i < queries; i++) {
        query q = { .n = words };
        double best = 0;
        choose_words(c, &q, c->hits[i], stems, phrase);
        for (int round = 0; round < ROUNDS; round++) {
            double took = time_page(c, i, &q, stems);
            best = round == 0 || took < best ? took : best;
        }
        sum += best;
        worst = best > worst ? best : worst;
    }
    printf("\"%s\": {\"queries\": %zu, \"mean_us_per_hit\": %.1f, "
           "\"worst_page_us_per_hit\": %.1f}%s",
           name, queries, sum / (double)(queries * PAGE), worst / PAGE, end);
    dgmi_stems_free(stems);
}

int main(int argc, char **argv)
{
    static corpus c = { .seed = 20210616 };
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_init(&c.text, (size_t)1 << 30);
    if (argc > 1 && dgmi_file_read(argv[1], &c.text, &err) != DGM_OK) {
        fprintf(stderr, "bench_snippet: %s\n", err.text);
        return 2;
    }
    if (argc <= 1)
        make_text(&c);
    cut_into_hits(&c);
    if (c.n == 0) {
        fprintf(stderr, "bench_snippet: less than one hit of 12 KB\n");
        return 2;
    }
    printf("{\"corpus\": \"%s\", \"hits\": %zu, \"hit_bytes\": %zu, \"hits_per_query\": "
           "%d, ",
           argc > 1 ? "file" : "made, fixed seed", c.n, HIT_BYTES, PAGE);
    run_set(&c, "one word", 1, false, ", ");
    run_set(&c, "three words", 3, false, ", ");
    run_set(&c, "five words", 5, false, ", ");
    run_set(&c, "phrase of two", 2, true, "}\n");
    dgmi_buf_clear(&c.text);
    return 0;
}
