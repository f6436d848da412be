/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where sentences end, by marks, what stands before them and what follows. Depends on
 * chars.h and utf8.h. */
#include "sentence.h"

#include <string.h>

#include "chars.h"
#include "str.h"
#include "utf8.h"

/* Words that take a dot without ending anything, in small letters. */
static const char *const abbreviations[] = {
    "mr",   "mrs",  "ms",   "dr",   "prof", "rev", "hon",    "gen",  "lt",   "col",
    "maj",  "capt", "cmdr", "adm",  "sgt",  "cpl", "pvt",    "gov",  "sen",  "rep",
    "pres", "amb",  "st",   "mt",   "ft",   "no",  "nos",    "art",  "arts", "vol",
    "fig",  "sec",  "para", "pp",   "vs",   "cf",  "approx", "dept", "univ", "jan",
    "feb",  "mar",  "apr",  "jun",  "jul",  "aug", "sept",   "sep",  "oct",  "nov",
    "dec",  "mmes", "mme",  "mlle", "al",   "г",   "гг",     "ул",   "им",   "руб",
    "млн",  "млрд", "тыс",  "см",   "ср",   NULL
};

/* Words that begin sentences far more often than names: after them an acronym's dot was
 * the last. */
static const char *const openers[] = { "the",     "he",   "she", "it",   "in",   "this",
                                       "that",    "they", "we",  "but",  "and",  "at",
                                       "on",      "as",   "an",  "for",  "our",  "these",
                                       "there",   "its",  "if",  "when", "with", "you",
                                       "however", "what", NULL };

static bool is_in(const char *const *list, const char *p, size_t n)
{
    dgmi_str word = { p, n };
    for (; *list != NULL; list++) {
        if (dgmi_str_eq_nocase(word, *list))
            return true;
    }
    return false;
}

static bool is_space(const char *p, size_t n, size_t at)
{
    return dgmi_glyph_at(p, n, at).class == DGMI_C_SPACE;
}

/* Past quotes and brackets that close at `at`. */
static size_t skip_closing(const char *p, size_t n, size_t at)
{
    for (;;) {
        dgmi_glyph g = dgmi_glyph_at(p, n, at);
        bool closes = g.c == '"' || g.c == '\'' || g.c == ')' || g.c == ']' ||
                      g.c == 0x2019 || g.c == 0x201D || g.c == 0x00BB || g.c == 0x300D ||
                      g.c == 0x300F || g.c == 0xFF09 || g.c == 0x201C;
        if (!closes)
            return at;
        at += g.len;
    }
}

/* Past further marks: "?!", "...". */
static size_t skip_marks(const char *p, size_t n, size_t at)
{
    while (at < n && (p[at] == '.' || p[at] == '!' || p[at] == '?'))
        at++;
    return at;
}

/* The first letter or digit of what follows white space at `at`, past opening quotes. */
static dgmi_glyph next_letter(const char *p, size_t n, size_t *at)
{
    dgmi_glyph g = dgmi_glyph_at(p, n, *at);
    for (unsigned i = 0; i < 16 && g.len > 0 && !dgmi_is_alnum(g.class); i++) {
        if (g.class == DGMI_C_IDEO)
            break;
        *at += g.len;
        g = dgmi_glyph_at(p, n, *at);
    }
    return g;
}

/* Where the word that ends before `dot` begins; 32 bytes back at most. */
static size_t word_before(const char *p, size_t from, size_t dot)
{
    size_t at = dot;
    while (at > from && dot - at < 32) {
        unsigned class = dgmi_byte_class[(unsigned char)p[at - 1]];
        if (!dgmi_is_alnum(class) && class != DGMI_C_HIGH)
            break;
        at--;
    }
    return at;
}

static size_t ascii_word_end(const char *p, size_t n, size_t at)
{
    while (at < n && dgmi_is_alnum(dgmi_byte_class[(unsigned char)p[at]]))
        at++;
    return at;
}

/* Whether the dot at `dot` belongs to the word before it, with `next` at the following
 * one. */
static bool is_abbreviation(const char *p, size_t n, size_t from, size_t dot, size_t next)
{
    size_t begin = word_before(p, from, dot);
    size_t len = dot - begin;
    if (len == 0)
        return false;
    dgmi_glyph first = dgmi_glyph_at(p, n, begin);
    bool single =
        first.len == len && (first.class == DGMI_C_UPPER || first.class == DGMI_C_LETTER);
    if (single && (first.class == DGMI_C_UPPER || (begin > from && p[begin - 1] == '.')))
        return !is_in(openers, p + next, ascii_word_end(p, n, next) - next);
    if (first.class == DGMI_C_DIGIT) { /* the number of a list: nothing but it so far */
        size_t i = from;
        while (i < begin && dgmi_byte_class[(unsigned char)p[i]] >= DGMI_C_APOSTROPHE)
            i++;
        return i == begin && len <= 2;
    }
    return is_in(abbreviations, p + begin, len);
}

/* Whether the ASCII mark at `at`, with all its closing marks up to `end`, ends the
 * sentence. */
static bool ends_here(const char *p, size_t n, size_t from, size_t at, size_t end)
{
    if (end >= n)
        return true;
    if (!is_space(p, n, end))
        return false;
    size_t next = end;
    dgmi_glyph g = next_letter(p, n, &next);
    if (g.class == DGMI_C_LETTER && (g.c < 0x80 || (g.c >= 0x0400 && g.c < 0x0530)))
        return false; /* goes on in small letters */
    return p[at] != '.' || end != at + 1 || !is_abbreviation(p, n, from, at, next);
}

size_t dgmi_sentence_end(const char *p, size_t n, size_t from)
{
    for (size_t at = from; at < n;) {
        unsigned char byte = (unsigned char)p[at];
        if (byte == '\n' && at + 1 < n && p[at + 1] == '\n' && at > from)
            return at;
        if (byte == '.' || byte == '!' || byte == '?') {
            size_t end = skip_closing(p, n, skip_marks(p, n, at));
            if (ends_here(p, n, from, at, end))
                return end;
            at = end;
            continue;
        }
        dgmi_glyph g = { byte, 1, DGMI_C_BREAK };
        if (byte >= 0xC2)
            g.len = dgmi_utf8_get(p + at, p + n, &g.c);
        at += g.len;
        /* Full stops of Han, Arabic question mark, Urdu stop, danda; these need no space
         * behind. */
        if (g.c == 0x3002 || g.c == 0xFF01 || g.c == 0xFF1F || g.c == 0xFF61 ||
            g.c == 0x061F || g.c == 0x06D4 || g.c == 0x0964)
            return skip_closing(p, n, at);
        if (g.c == 0x2026 && is_space(p, n, at)) {
            size_t next = at;
            if (next_letter(p, n, &next).class == DGMI_C_UPPER)
                return at;
        }
    }
    return n;
}

/* Bytes of the first max characters. */
static size_t bytes_of(const char *p, size_t n, size_t max)
{
    size_t at = 0;
    for (; at < n && max > 0; max--) {
        uint32_t c;
        at += dgmi_utf8_get(p + at, p + n, &c);
    }
    return at < n ? at : n;
}

/* Back over white space, commas, dashes and the like that would stand oddly before an
 * ellipsis. */
static size_t trim_end(const char *p, size_t at)
{
    while (at > 0 && strchr(" \t\n,;:-.([", p[at - 1]) != NULL)
        at--;
    return at;
}

size_t dgmi_headline_cut(const char *p, size_t n, size_t max, bool *cut)
{
    size_t end = dgmi_sentence_end(p, n, 0);
    size_t limit = bytes_of(p, end, max);
    *cut = limit < end;
    if (!*cut)
        return end;
    size_t at = limit;
    while (at > 0 && !(dgmi_byte_class[(unsigned char)p[at]] == DGMI_C_SPACE))
        at--;
    if (at < limit / 2) /* one very long word, or a script without spaces */
        at = dgmi_cluster_cut(p, end, limit);
    size_t trimmed = trim_end(p, at);
    return trimmed > 0 ? trimmed : at;
}
