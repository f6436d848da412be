/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scan for marks: three bytes at a time through a bitmap, and only what passes is
 * made a token, and only what is not a mark as it stands is stemmed. Depends on lib/text.
 */
#include "snippet_scan.h"

#include <string.h>

#include "chars.h"
#include "fold.h"
#include "tokens.h"
#include "utf8.h"

/* A token with its stem, which is asked for once and only if need be. */
typedef struct candidate {
    const dgmi_token *token;
    dgmi_str stem;
    char stem_bytes[2 * DGMI_TOKEN_MAX];
} candidate;

static dgmi_str stem_of(dgmi_scan *s, candidate *c)
{
    if (c->stem.p != NULL)
        return c->stem;
    dgmi_str word = { c->token->text, c->token->n };
    dgmi_str stem = s->stems != NULL ? dgmi_stem(s->stems, s->language, word) : word;
    c->stem.n = stem.n < sizeof c->stem_bytes ? stem.n : sizeof c->stem_bytes;
    c->stem.p = memcpy(c->stem_bytes, stem.p, c->stem.n);
    return c->stem;
}

static bool matches(dgmi_scan *s, const dgmi_compiled *mark, candidate *c)
{
    const dgmi_token *token = c->token;
    dgmi_str word = mark->word;
    if ((mark->prefix ? token->n >= word.n : token->n == word.n) &&
        memcmp(token->text, word.p, word.n) == 0)
        return true;
    bool plain = (unsigned char)token->text[0] < 0x80 && !s->every_word;
    if (mark->stem.p == NULL || (plain && token->text[0] != mark->stem.p[0]))
        return false;
    dgmi_str stem = stem_of(s, c);
    return stem.n == mark->stem.n && memcmp(stem.p, mark->stem.p, stem.n) == 0;
}

/* ---- Phrases ---- */

/* How far a phrase has come: bit q of reached[k] says that its first k words end before
 * position q, counted from the first word. Positions and not a single path, because a
 * compound can be read as its whole or by its parts. */
typedef struct progress {
    uint64_t reached[DGMI_MEMBERS_MAX + 1];
    uint32_t start;
} progress;

/* Takes in one token; true when it ends the phrase. */
static bool advance(dgmi_scan *s, const dgmi_group *group, progress *at,
                    const dgmi_token *token)
{
    candidate c = { .token = token };
    uint32_t offset = token->position - at->start;
    for (uint32_t k = group->n; k-- > 0;) {
        if (!(at->reached[k] >> offset & 1) ||
            !matches(s, &s->marks->marks[group->first + k], &c))
            continue;
        uint32_t next = offset + token->width;
        at->reached[k + 1] |= next < 64 ? 1ull << next : 0;
        if (k + 1 == group->n)
            return true;
    }
    return false;
}

static bool is_alive(const progress *at, const dgmi_group *group, uint32_t offset)
{
    for (uint32_t k = 0; k < group->n; k++) {
        if (at->reached[k] >> offset != 0)
            return true;
    }
    return false;
}

/* The end of the phrase whose first word is the token that a walk from `began` gives at
 * first->from; 0 if the rest does not follow. */
static size_t phrase_end(dgmi_scan *s, const dgmi_group *group, size_t began,
                         const dgmi_token *first)
{
    dgmi_tokens t;
    dgmi_token token;
    progress at;
    dgmi_tokens_init(&t, s->p, s->n, 0);
    t.at = began;
    do {
        if (!dgmi_tokens_next(&t, &token))
            return 0;
    } while (token.from != first->from || token.kind != first->kind);
    memset(at.reached, 0, (group->n + 1) * sizeof at.reached[0]);
    at.reached[0] = 1;
    at.start = token.position;
    do {
        uint32_t offset = token.position - at.start;
        if (offset >= 64 || !is_alive(&at, group, offset))
            return 0;
        if (advance(s, group, &at, &token))
            return token.to;
    } while (dgmi_tokens_next(&t, &token));
    return 0;
}

/* ---- Words ---- */

static void compare(dgmi_scan *s, const dgmi_token *token, size_t began)
{
    candidate c = { .token = token };
    const dgmi_marks *m = s->marks;
    for (size_t g = 0; g < m->n_groups && !s->stop; g++) {
        const dgmi_group *group = &m->groups[g];
        if (!matches(s, &m->marks[group->first], &c))
            continue;
        size_t to = group->n == 1 ? token->to : phrase_end(s, group, began, token);
        if (to > 0) {
            dgmi_found f = { token->from, to, (uint16_t)g };
            s->stop = !s->found(s->user, &f);
        }
    }
}

/* Whether what stands before `at` may belong to a token that goes on here. */
static bool may_be_inside(const dgmi_scan *s, size_t at)
{
    if (at == 0)
        return false;
    unsigned before = s->marks->code[(unsigned char)s->p[at - 1]];
    if (before >= DGMI_CODE_HIGH)
        return true;
    return at >= 2 && s->p[at - 2] == '.' && /* initials: "N. P." */
           ((at + 1 < s->n && s->p[at + 1] == '.') ||
            (at + 2 < s->n && s->p[at + 2] == '.'));
}

/* Compares all tokens of the word or compound at `at`. Returns where to read on. */
static size_t examine(dgmi_scan *s, size_t at, bool ideograph)
{
    dgmi_tokens t;
    dgmi_token token;
    dgmi_tokens_init(&t, s->p, s->n, 0);
    t.at = at;
    if (!ideograph && may_be_inside(s, at))
        t.at = dgmi_tokens_restart(s->p, s->n, at);
    size_t began = t.at;
    while (!s->stop && dgmi_tokens_next(&t, &token)) {
        if (token.from >= at)
            compare(s, &token, began);
        if (token.to > at && !dgmi_tokens_pending(&t))
            break;
    }
    return t.at > at ? t.at : at + 1;
}

/* The folded form of a character where that needs no decomposing, else 0. */
static uint32_t fold_quickly(uint32_t c)
{
    if (c >= 0x0410 && c < 0x0450)
        return c < 0x0430 ? c + 0x20 : c;
    bool same = (c >= 0x0E01 && c <= 0x0E30) || (c >= 0x3041 && c <= 0x3094) ||
                (c >= 0x30A1 && c <= 0x30FE) || (c >= 0x4E00 && c <= 0x9FFF) ||
                (c >= 0xAC00 && c <= 0xD7A3);
    return same ? c : 0;
}

/* Whether a mark stands at `at` that may make another letter of the one before it: those
 * of U+0300-036F and the voicing marks of Kana. */
static bool changes_letter(const dgmi_scan *s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s->p + at;
    if (at + 1 < s->n && (p[0] == 0xCC || p[0] == 0xCD))
        return true;
    return at + 2 < s->n && p[0] == 0xE3 && p[1] == 0x82 &&
           (p[2] == 0x99 || p[2] == 0x9A);
}

/* Whether a mark that begins with `first` may go on with what stands at `at`. Only asked
 * where both letters are Russian, the one script past ASCII whose texts are long here and
 * whose words are not told apart by their first letter. */
static bool may_go_on(const dgmi_scan *s, size_t at, uint32_t first)
{
    const unsigned char *p = (const unsigned char *)s->p + at;
    if (s->marks->all_pairs || first < 0x0430 || first >= 0x0450 || at + 4 > s->n ||
        (p[0] != 0xD0 && p[0] != 0xD1) || changes_letter(s, at + 2))
        return true;
    uint32_t second = fold_quickly((p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu));
    unsigned bit = dgmi_other_bit(first, second);
    return second == 0 || (s->marks->pairs[bit / 64] >> (bit % 64) & 1);
}

/* Whether a mark of the query may begin with the character g at `at`. */
static bool may_begin(const dgmi_scan *s, size_t at, dgmi_glyph g)
{
    bool arabic = g.c >= 0x0600 && g.c < 0x0700; /* its stemmer takes the article off */
    if (s->every_word || arabic || changes_letter(s, at + g.len))
        return true;
    uint32_t c = fold_quickly(g.c);
    if (c == 0) {
        char folded[16];
        size_t n = dgmi_fold_word(s->p + at, g.len, false, folded, sizeof folded);
        if (n == 0)
            return true;
        dgmi_utf8_get(folded, folded + n, &c);
    }
    if (c < 0x80)
        return s->marks->letters >> s->marks->code[c] & 1;
    unsigned bit = dgmi_other_bit(c, 0);
    return s->marks->others[bit / 64] >> (bit % 64) & 1 && may_go_on(s, at + g.len, c);
}

/* Past the Russian letters at `at`. */
static size_t skip_russian(const dgmi_scan *s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s->p;
    while (at + 1 < s->n && (p[at] == 0xD0 || p[at] == 0xD1))
        at += 2;
    return at;
}

/* Deals with a character past ASCII. Returns where to read on. */
static size_t pass_high(dgmi_scan *s, size_t at)
{
    uint32_t c;
    unsigned len = dgmi_utf8_get(s->p + at, s->p + s->n, &c);
    if (c >= 0x2000 && c < 0x2070) /* quotes and dashes, the most of them in English */
        return at + len;
    dgmi_glyph g = { c, len, dgmi_class_of(c) };
    if (g.class == DGMI_C_IDEO)
        return may_begin(s, at, g) ? examine(s, at, true) : at + len;
    if (!dgmi_is_alnum(g.class) && g.class != DGMI_C_MARK)
        return at + len;
    bool inside = at > 0 && (s->inside_to == at ||
                             dgmi_is_alnum(dgmi_byte_class[(unsigned char)s->p[at - 1]]));
    if (!inside && may_begin(s, at, g))
        return examine(s, at, false);
    s->inside_to = skip_russian(s, at + len);
    return s->inside_to;
}

/* 1 if a mark may begin with three codes, else 0. */
static inline uint64_t may_begin_with(const uint64_t *beginnings, unsigned a, unsigned b,
                                      unsigned c)
{
    unsigned bit = (a * DGMI_CODES + b) * DGMI_CODES + c;
    return beginnings[bit / 64] >> (bit % 64) & 1;
}

/* Where the next three bytes stand that may begin a mark, at `at` or later. Four places
 * are tried before asking, because a branch a byte would take most of the time. */
static size_t next_candidate(const dgmi_scan *s, size_t at, size_t to)
{
    const unsigned char *p = (const unsigned char *)s->p;
    const uint8_t *code = s->marks->code;
    const uint64_t *beginnings = s->marks->beginnings;
    if (s->n < 2)
        return at;
    size_t end = to > s->n - 2 ? s->n - 2 : to;
    for (; at + 4 <= end; at += 4) {
        unsigned a = code[p[at]], b = code[p[at + 1]], c = code[p[at + 2]];
        unsigned d = code[p[at + 3]], e = code[p[at + 4]], f = code[p[at + 5]];
        if (may_begin_with(beginnings, a, b, c) | may_begin_with(beginnings, b, c, d) |
            may_begin_with(beginnings, c, d, e) | may_begin_with(beginnings, d, e, f))
            break;
    }
    while (at < end &&
           !may_begin_with(beginnings, code[p[at]], code[p[at + 1]], code[p[at + 2]]))
        at++;
    return at; /* the last two bytes are always looked at */
}

void dgmi_scan_run(dgmi_scan *s, size_t from, size_t to)
{
    size_t at = from;
    s->every_word = dgmi_stem_cuts_front(s->language);
    s->stop = false;
    s->inside_to = SIZE_MAX;
    while (at < to && !s->stop) {
        if (!s->every_word)
            at = next_candidate(s, at, to);
        if (at >= to)
            break;
        unsigned char byte = (unsigned char)s->p[at];
        if (byte >= 0xC0) {
            at = pass_high(s, at);
            continue;
        }
        bool inside =
            at > 0 && (dgmi_is_alnum(dgmi_byte_class[(unsigned char)s->p[at - 1]]) ||
                       s->inside_to == at);
        if (!inside && dgmi_is_alnum(dgmi_byte_class[byte]))
            at = examine(s, at, false);
        else
            at++;
    }
}
