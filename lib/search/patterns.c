/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaves that stand for several words: wor*, w?rd, word~. Depends on lib/text. */
#include <string.h>

#include "fail.h"
#include "fold.h"
#include "leaves.h"
#include "utf8.h"
#include "words.h"

enum { HEAD_LETTERS = 2, FAR_LETTERS = 8 };

/* A run without the punctuation after it: "(see polic*)." still ends in a star. */
static dgmi_str strip_punctuation(dgmi_str run)
{
    while (run.n > 0 && strchr(".,;:!?'", run.p[run.n - 1]))
        run.n--;
    return run;
}

static bool is_wild(char c)
{
    return c == '*' || c == '?';
}

static size_t count_letters(const char *text)
{
    size_t n = dgmi_utf8_count(text, strlen(text));
    for (const char *c = text; *c; c++)
        n -= is_wild(*c);
    return n;
}

/* The letters before the first wildcard. */
static size_t count_head(const char *text)
{
    return dgmi_utf8_count(text, strcspn(text, "*?"));
}

/* The run folded between its wildcards, several stars as one. NULL without memory. */
static char *fold_pattern(dgmi_parser *p, dgmi_str run)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t at = 0; at < run.n;) {
        size_t end = at;
        while (end < run.n && !is_wild(run.p[end]))
            end++;
        char word[DGMI_QUERY_BYTES];
        size_t n = dgmi_fold_word(run.p + at, end - at, false, word, sizeof word);
        dgmi_buf_put(&out, word, n);
        for (; end < run.n && is_wild(run.p[end]); end++) {
            if (run.p[end] == '?' || out.n == 0 || out.p[out.n - 1] != '*')
                dgmi_buf_putc(&out, run.p[end]);
        }
        at = end;
    }
    char *copy = out.failed ? NULL : dgmi_arena_str(p->arena, dgmi_buf_str(&out));
    dgmi_buf_clear(&out);
    if (!copy)
        p->status = dgmi_fail_memory(p->err);
    return copy;
}

/* Why a pattern cannot be searched for, or NULL. */
static const char *fault_of(const dgmi_parser *p, const char *text)
{
    if (count_letters(text) < DGMI_WILDCARD_LETTERS)
        return "has fewer than 3 letters";
    if (count_head(text) < HEAD_LETTERS)
        return "begins with fewer than 2 letters before a * or ?";
    if (p->wildcards >= DGMI_WILDCARDS)
        return "is one of more than 4 words with * or ?";
    return NULL;
}

static dgmi_node *new_leaf(dgmi_parser *p, dgmi_node_kind kind, const dgmi_lexeme *run,
                           const char *text)
{
    dgmi_node *node = dgmi_arena_alloc(p->arena, sizeof *node);
    if (!node) {
        p->status = dgmi_fail_memory(p->err);
        return NULL;
    }
    *node = (dgmi_node){ .kind = kind,
                         .from = run->from,
                         .to = run->to,
                         .text = text,
                         .field = dgmi_leaf_field(p),
                         .times = 1 };
    return node;
}

static bool is_one_word(dgmi_parser *p, dgmi_str run)
{
    dgmi_words words;
    dgmi_words_init(&words, p->arena, run, 0);
    dgmi_node *node = words.failed || words.n != 1 ? NULL : dgmi_words_next(&words);
    return node && node->kind == DGMI_NODE_WORD;
}

/* Without its wildcards the run has to be one word, so that it is one in the index. */
static bool is_plain(dgmi_parser *p, dgmi_str run)
{
    dgmi_buf bare;
    dgmi_buf_init(&bare, 0);
    for (size_t i = 0; i < run.n; i++) {
        if (!is_wild(run.p[i]))
            dgmi_buf_putc(&bare, run.p[i]);
    }
    bool plain = bare.n == 0 || is_one_word(p, dgmi_buf_str(&bare));
    dgmi_buf_clear(&bare);
    return plain;
}

static bool add_pattern(dgmi_parser *p, const dgmi_lexeme *run, dgmi_str body,
                        dgmi_bag *to)
{
    char *text = is_plain(p, body) ? fold_pattern(p, body) : NULL;
    if (!text) {
        dgmi_warn(p->notes, "* and ? are known only in a plain word; ignored in \"%.*s\"",
                  DGMI_SHOWN(body));
        return false;
    }
    size_t n = strlen(text);
    if (strcmp(text, "*") == 0) {
        dgmi_warn(p->notes, "* alone was ignored");
        return true;
    }
    const char *fault = fault_of(p, text);
    if (fault) {
        dgmi_warn(p->notes, "\"%s\" %s; taken as a word", text, fault);
        return false;
    }
    bool prefix = text[n - 1] == '*' && strcspn(text, "*?") == n - 1;
    if (prefix)
        text[n - 1] = '\0';
    dgmi_node *node =
        new_leaf(p, prefix ? DGMI_NODE_PREFIX : DGMI_NODE_PATTERN, run, text);
    p->wildcards++;
    if (node)
        dgmi_add_leaf(p, node, to);
    return true;
}

/* "word~", "word~1", "word~2": the bytes of the word, or 0. */
static size_t fuzzy_word(dgmi_str run, unsigned *distance)
{
    size_t n = run.n;
    *distance = 0;
    if (n > 2 && (run.p[n - 1] == '1' || run.p[n - 1] == '2') && run.p[n - 2] == '~') {
        *distance = (unsigned)(run.p[n - 1] - '0');
        return n - 2;
    }
    return n > 1 && run.p[n - 1] == '~' ? n - 1 : 0;
}

/* A digit changed is another fact, and of a short word everything is a neighbour. */
unsigned dgmi_blur_of(const char *word)
{
    size_t letters = dgmi_utf8_count(word, strlen(word));
    if (letters < DGMI_FUZZY_LETTERS || strpbrk(word, "0123456789"))
        return 0;
    return letters >= FAR_LETTERS ? 2 : 1;
}

static bool add_fuzzy(dgmi_parser *p, const dgmi_lexeme *run, dgmi_str word,
                      unsigned distance, dgmi_bag *to)
{
    char *text = is_one_word(p, word) ? fold_pattern(p, word) : NULL;
    if (!text || dgmi_blur_of(text) == 0) {
        dgmi_warn(p->notes,
                  "~ is known only after a plain word of %d letters or more, without "
                  "digits; ignored",
                  DGMI_FUZZY_LETTERS);
        return false;
    }
    if (p->wildcards >= DGMI_WILDCARDS) {
        dgmi_warn(p->notes,
                  "more than %d words with *, ? or ~; \"%s\" was taken as it is",
                  DGMI_WILDCARDS, text);
        return false;
    }
    dgmi_node *node = new_leaf(p, DGMI_NODE_FUZZY, run, text);
    if (!node)
        return true;
    node->distance = distance > 0 ? distance : dgmi_blur_of(text);
    p->wildcards++;
    dgmi_add_leaf(p, node, to);
    return true;
}

bool dgmi_leaf_of_pattern(dgmi_parser *p, const dgmi_lexeme *run, dgmi_bag *to)
{
    unsigned distance;
    dgmi_str body = strip_punctuation(run->text);
    size_t n = fuzzy_word(body, &distance);
    if (n > 0)
        return add_fuzzy(p, run, (dgmi_str){ body.p, n }, distance, to);
    for (size_t i = 0; i < body.n; i++) {
        if (is_wild(body.p[i]))
            return add_pattern(p, run, body, to);
    }
    return false;
}
