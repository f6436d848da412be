/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tokenizer: a quick way for plain ASCII words, a thorough one for all else. Depends
 * on chars.h, compound.h and fold.h. */
#include "tokens.h"

#include "chars.h"
#include "compound.h"
#include "fold.h"
#include "utf8.h"

/* gcc 12's analyzer takes a struct that a function returns for one not set. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-use-of-uninitialized-value"
#endif

void dgmi_tokens_init(dgmi_tokens *t, const char *p, size_t n, uint32_t position)
{
    t->p = p;
    t->n = n;
    t->at = 0;
    t->position = position;
    t->queued = t->given = 0;
    t->folded_n = 0;
}

static bool give(dgmi_tokens *t, dgmi_token *token)
{
    unsigned i = t->given++;
    token->text = t->folded + t->queue[i].begin;
    token->n = t->queue[i].n;
    token->from = t->queue[i].from;
    token->to = t->queue[i].to;
    token->position = t->queue[i].position;
    token->width = t->queue[i].width;
    token->kind = t->queue[i].kind;
    token->capital = t->queue[i].capital;
    return true;
}

/* Folds one part behind those folded before and queues it. A part that folds to nothing
 * is none. */
static bool add_part(dgmi_tokens *t, const dgmi_part *part, dgmi_token_kind kind)
{
    char *out = t->folded + t->folded_n;
    size_t n = 0, i = part->from;
    for (; i < part->to && n < DGMI_TOKEN_MAX; i++) {
        unsigned char byte = (unsigned char)t->p[i];
        if (byte >= 0x80)
            break;
        if (dgmi_is_alnum(dgmi_byte_class[byte]))
            out[n++] = (char)(byte | 0x20);
        else if (byte == '.' && part->decimal)
            out[n++] = '.';
    }
    if (i < part->to && n < DGMI_TOKEN_MAX)
        n = dgmi_fold_word(t->p + part->from, part->to - part->from, part->decimal, out,
                           DGMI_TOKEN_MAX);
    if (n == 0)
        return false;
    unsigned at = t->queued++;
    t->queue[at].begin = t->folded_n;
    t->queue[at].n = (uint32_t)n;
    t->queue[at].from = (uint32_t)part->from;
    t->queue[at].to = (uint32_t)part->to;
    t->queue[at].position = t->position++;
    t->queue[at].width = 1;
    t->queue[at].kind = kind;
    t->queue[at].capital = dgmi_glyph_at(t->p, t->n, part->from).class == DGMI_C_UPPER;
    t->folded_n += (uint32_t)n;
    return true;
}

/* The parts lie folded one behind the other, so that the whole is there already: slot 0
 * names it. */
static void add_whole(dgmi_tokens *t)
{
    unsigned last = t->queued - 1;
    t->given = 0;
    t->queue[0] = t->queue[1];
    t->queue[0].to = t->queue[last].to;
    t->queue[0].width = last;
    t->queue[0].kind = DGMI_WHOLE;
    t->queue[0].n = (uint32_t)dgmi_utf8_cut(t->folded, t->folded_n, DGMI_TOKEN_MAX);
}

/* Where the next part of the compound begins, if a hyphen stands at `at`; else 0. */
static size_t next_part(const dgmi_tokens *t, size_t at)
{
    dgmi_glyph hyphen = dgmi_glyph_at(t->p, t->n, at);
    if (hyphen.class != DGMI_C_HYPHEN)
        return 0;
    at += hyphen.len;
    return dgmi_is_alnum(dgmi_glyph_at(t->p, t->n, at).class) ? at : 0;
}

static bool read_compound(dgmi_tokens *t)
{
    bool numbers = true;
    size_t begin = t->at;
    do {
        dgmi_part part = dgmi_part_at(t->p, t->n, begin);
        if (add_part(t, &part, DGMI_PART))
            numbers = numbers && part.number;
        t->at = part.next;
        begin = next_part(t, part.next);
    } while (begin != 0 && t->queued <= DGMI_PARTS_MAX);
    if (t->queued > 2 && !numbers) {
        add_whole(t);
        return true;
    }
    for (unsigned i = 1; i < t->queued; i++)
        t->queue[i].kind = DGMI_WORD;
    return t->queued > 1;
}

/* One character with its marks. */
static bool read_ideograph(dgmi_tokens *t, uint32_t len)
{
    dgmi_part part = { t->at, t->at + len, 0, false, false };
    for (;;) {
        dgmi_glyph g = dgmi_glyph_at(t->p, t->n, part.to);
        if (g.class != DGMI_C_MARK)
            break;
        part.to += g.len;
    }
    t->at = part.to;
    return add_part(t, &part, DGMI_IDEO);
}

/* Reads on at t->at the thorough way. False: nothing was found, but t->at moved on. */
static bool read_slowly(dgmi_tokens *t)
{
    dgmi_glyph g = dgmi_glyph_at(t->p, t->n, t->at);
    t->folded_n = 0;
    t->given = t->queued = 1;
    if (g.class == DGMI_C_IDEO)
        return read_ideograph(t, g.len);
    if (dgmi_is_alnum(g.class))
        return read_compound(t);
    t->at += g.len;
    return false;
}

/* Whether the ASCII word that ends at `at` is done with: nothing joins it to what
 * follows. */
static inline bool ends_plainly(const dgmi_tokens *t, size_t at, size_t letters)
{
    if (at >= t->n)
        return true;
    unsigned class = dgmi_byte_class[(unsigned char)t->p[at]];
    if (class >= DGMI_C_SPACE)
        return class != DGMI_C_HIGH;
    if (letters == 1 && class == DGMI_C_DOT)
        return false;
    if (at + 1 >= t->n)
        return true;
    class = dgmi_byte_class[(unsigned char)t->p[at + 1]];
    return !dgmi_is_alnum(class) && class != DGMI_C_HIGH;
}

/* Fills in the one token of a plain word, folded already, and moves on behind it. */
static void take_word(dgmi_tokens *t, dgmi_token *token, size_t to, size_t n)
{
    token->text = t->folded;
    token->n = (uint32_t)n;
    token->from = (uint32_t)t->at;
    token->to = (uint32_t)to;
    token->position = t->position++;
    token->width = 1;
    token->kind = DGMI_WORD;
    t->at = to;
}

/* A word of ASCII letters and digits with nothing special about it: nearly all of
 * English. */
static bool read_quickly(dgmi_tokens *t, dgmi_token *token)
{
    const unsigned char *p = (const unsigned char *)t->p;
    size_t from = t->at, i = from, n = t->n;
    char *out = t->folded;
    size_t end = n - from > DGMI_TOKEN_MAX ? from + DGMI_TOKEN_MAX : n;
    for (; i < end && dgmi_is_alnum(dgmi_byte_class[p[i]]); i++)
        *out++ = (char)(p[i] | 0x20); /* makes letters small and leaves digits */
    size_t kept = i - from;
    while (i < n && dgmi_is_alnum(dgmi_byte_class[p[i]]))
        i++;
    if (!ends_plainly(t, i, i - from))
        return false;
    token->capital = dgmi_byte_class[p[from]] == DGMI_C_UPPER;
    take_word(t, token, i, kept);
    return true;
}

/* Folds a Russian letter of the two bytes *lead and next. Returns the second byte of the
 * folded one, the first is in *lead; 0 for other letters, which go the thorough way. */
static inline unsigned fold_russian(unsigned *lead, unsigned next)
{
    unsigned c = (*lead & 0x1F) << 6 | (next & 0x3F);
    if (c >= 0x0410 && c < 0x0430)
        c += 0x20;
    else if (c == 0x0401 || c == 0x0451)
        c = 0x0435;
    else if (c < 0x0430 || c >= 0x0450)
        return 0;
    *lead = 0xC0 | c >> 6;
    return 0x80 | (c & 0x3F);
}

/* The same for a word of Russian letters. */
static bool read_russian(dgmi_tokens *t, dgmi_token *token)
{
    const unsigned char *p = (const unsigned char *)t->p;
    size_t i = t->at, kept = 0;
    for (; i + 1 < t->n && (p[i] == 0xD0 || p[i] == 0xD1); i += 2) {
        unsigned lead = p[i], next = fold_russian(&lead, p[i + 1]);
        if (next == 0)
            return false;
        if (kept < DGMI_TOKEN_MAX) {
            t->folded[kept++] = (char)lead;
            t->folded[kept++] = (char)next;
        }
    }
    size_t letters = (i - t->at) / 2;
    if (letters == 0 || (i < t->n && dgmi_is_alnum(dgmi_byte_class[p[i]])) ||
        !ends_plainly(t, i, letters))
        return false;
    /* U+0410-042F and io: the lead byte D0 with a next one below B0 */
    token->capital = p[t->at] == 0xD0 && p[t->at + 1] < 0xB0;
    take_word(t, token, i, kept);
    return true;
}

bool dgmi_tokens_next(dgmi_tokens *t, dgmi_token *token)
{
    if (t->given < t->queued)
        return give(t, token);
    while (t->at < t->n) {
        unsigned char byte = (unsigned char)t->p[t->at];
        unsigned class = dgmi_byte_class[byte];
        if (dgmi_is_alnum(class)) {
            if (read_quickly(t, token))
                return true;
        } else if (class != DGMI_C_HIGH) {
            t->at++;
            continue;
        } else if ((byte == 0xD0 || byte == 0xD1) && read_russian(t, token)) {
            return true;
        }
        if (read_slowly(t))
            return give(t, token);
    }
    return false;
}

/* Whether the white space that ends before `at` may lie inside initials: "N. P." */
static bool follows_initial(const char *p, size_t at)
{
    for (unsigned i = 0; i < 8 && at > 0; i++, at--) {
        if (p[at - 1] != ' ' &&
            (unsigned char)p[at - 1] < 0x80) /* past spaces of any width */
            return p[at - 1] == '.';
    }
    return false;
}

size_t dgmi_tokens_restart(const char *p, size_t n, size_t at)
{
    size_t low = at > 512 ? at - 512 : 0;
    for (size_t i = at; i > low; i--) {
        unsigned class = dgmi_byte_class[(unsigned char)p[i - 1]];
        if (class == DGMI_C_SPACE && (p[i - 1] == '\n' || !follows_initial(p, i - 1)))
            return i;
    }
    return low == 0 ? 0 : dgmi_utf8_cut(p, n, at);
}
