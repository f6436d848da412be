/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of words: acronyms, numbers, apostrophes. Depends on chars.h and fold.h. */
#include "compound.h"

#include <string.h>

#include "fold.h"

/* The text being read, to keep parameters few. */
typedef struct source {
    const char *p;
    size_t n;
} source;

static dgmi_glyph look(source s, size_t at)
{
    return dgmi_glyph_at(s.p, s.n, at);
}

static bool is_digit(source s, size_t at)
{
    return at < s.n && dgmi_byte_class[(unsigned char)s.p[at]] == DGMI_C_DIGIT;
}

static bool is_byte(source s, size_t at, char c)
{
    return at < s.n && s.p[at] == c;
}

static size_t skip_marks(source s, size_t at)
{
    for (;;) {
        dgmi_glyph g = look(s, at);
        if (g.class != DGMI_C_MARK && g.class != DGMI_C_IGNORED)
            return at;
        at += g.len;
    }
}

/* ---- Acronyms and initials ---- */

/* A letter and what must follow it in an acronym. */
typedef struct unit {
    bool is, capital, dotted;
    size_t next;
} unit;

static unit unit_at(source s, size_t at)
{
    unit u = { false, false, false, at };
    dgmi_glyph g = look(s, at);
    if (g.class != DGMI_C_LETTER && g.class != DGMI_C_UPPER)
        return u;
    u.capital = g.class == DGMI_C_UPPER;
    u.next = skip_marks(s, at + g.len);
    u.dotted = is_byte(s, u.next, '.');
    u.is = u.dotted || !dgmi_is_alnum(look(s, u.next).class);
    u.next += u.dotted;
    return u;
}

/* Past one or two spaces, or `at` if there are none; a line end parts initials. */
static size_t skip_spaces(source s, size_t at)
{
    for (unsigned i = 0; i < 2; i++) {
        dgmi_glyph g = look(s, at);
        if (g.class != DGMI_C_SPACE || g.c == '\n' || g.c == 0x2028 || g.c == 0x2029)
            break;
        at += g.len;
    }
    return at;
}

/* Whether initials parted by spaces go on at `at`: only capitals with dots do. */
static bool has_loose_unit(source s, size_t at)
{
    unit u = unit_at(s, at);
    return u.is && u.capital && u.dotted;
}

/* The end of the acronym at `at`, or `at` if there is none. "N. P." is one, but initials
 * written close and initials written with spaces are not mixed: "the U.S. I. Ivanov". */
static size_t acronym_end(source s, size_t begin)
{
    size_t at = begin, end = begin, units = 0;
    bool tight = false, loose = false;
    for (unit u = unit_at(s, at); u.is && !(tight && loose); u = unit_at(s, at)) {
        if (!u.dotted && (units == 0 || loose))
            break;
        end = u.next;
        units++;
        at = skip_spaces(s, end);
        bool spaced = at > end;
        if (!u.dotted || (spaced && (tight || !u.capital || !has_loose_unit(s, at))))
            break;
        tight = tight || !spaced;
        loose = loose || spaced;
    }
    return units >= 2 ? end : begin;
}

/* ---- Numbers ---- */

static size_t skip_digits(source s, size_t at)
{
    while (is_digit(s, at))
        at++;
    return at;
}

/* Whether three digits, no more, follow the comma at `at`. */
static bool has_thousands(source s, size_t at)
{
    return is_byte(s, at, ',') && is_digit(s, at + 1) && is_digit(s, at + 2) &&
           is_digit(s, at + 3) && !is_digit(s, at + 4);
}

/* The end of the number at `at`. A chain of dots is a date or a section, not a decimal.
 */
static size_t number_end(source s, size_t at, bool *decimal)
{
    size_t end = skip_digits(s, at);
    if (end - at <= 3) {
        while (has_thousands(s, end))
            end += 4;
    }
    *decimal = false;
    bool chained = at >= 2 && s.p[at - 1] == '.' && is_digit(s, at - 2);
    if (!chained && is_byte(s, end, '.') && is_digit(s, end + 1)) {
        size_t fraction = skip_digits(s, end + 1);
        *decimal = !(is_byte(s, fraction, '.') && is_digit(s, fraction + 1));
        end = *decimal ? fraction : end;
    }
    return end;
}

/* ---- Apostrophes ---- */

/* Past "'s" at `at`, or `at` if that is not what stands there. */
static size_t skip_possessive(source s, size_t at)
{
    dgmi_glyph mark = look(s, at);
    if (mark.class != DGMI_C_APOSTROPHE)
        return at;
    size_t letter = at + mark.len;
    if (!is_byte(s, letter, 's') && !is_byte(s, letter, 'S'))
        return at;
    return dgmi_is_alnum(look(s, skip_marks(s, letter + 1)).class) ? at : letter + 1;
}

static bool begins_with_vowel(source s, size_t at)
{
    char folded[4];
    dgmi_glyph g = look(s, at);
    size_t n = dgmi_fold_word(s.p + at, g.len, false, folded, sizeof folded);
    return n > 0 && memchr("aeiouhy", folded[0], 7) != NULL;
}

/* French and Italian articles and the like, that lose their vowel before another. */
static bool is_elided(source s, size_t from, size_t to)
{
    static const char *const elided[] = { "l",   "d",   "j",    "m",    "t",    "s",
                                          "n",   "c",   "qu",   "un",   "all",  "dal",
                                          "del", "nel", "dall", "dell", "nell", "sull" };
    char word[5] = "";
    if (to - from > 4)
        return false;
    for (size_t i = from; i < to; i++)
        word[i - from] = (char)(s.p[i] | 0x20);
    for (size_t i = 0; i < sizeof elided / sizeof elided[0]; i++) {
        if (strcmp(word, elided[i]) == 0)
            return true;
    }
    return false;
}

/* Deals with the apostrophe at part->next, with the word so far before it. False: the
 * word ends. */
static bool pass_apostrophe(source s, dgmi_part *part)
{
    size_t past = skip_possessive(s, part->next);
    if (past > part->next) {
        part->next = past;
        return false;
    }
    size_t after = part->next + look(s, part->next).len;
    if (!dgmi_is_alnum(look(s, after).class))
        return false;
    if (is_elided(s, part->from, part->to) && begins_with_vowel(s, after))
        part->from = after;
    part->next = after;
    return true;
}

dgmi_part dgmi_part_at(const char *p, size_t n, size_t at)
{
    source s = { p, n };
    dgmi_part part = { at, at, at, false, false };
    part.to = part.next = acronym_end(s, at);
    if (part.to > at) {
        part.next = skip_possessive(s, part.to);
        return part;
    }
    if (is_digit(s, at))
        part.to = part.next = number_end(s, at, &part.decimal);
    part.number = part.to > at;
    for (;;) {
        dgmi_glyph g = look(s, part.next);
        if (g.class == DGMI_C_APOSTROPHE) {
            if (!pass_apostrophe(s, &part))
                return part;
            continue;
        }
        if (!dgmi_is_alnum(g.class) && g.class != DGMI_C_MARK &&
            g.class != DGMI_C_IGNORED)
            return part;
        part.next += g.len;
        part.number = part.number && g.class != DGMI_C_LETTER && g.class != DGMI_C_UPPER;
        /* A joiner goes with its letter; other ignored signs only if the word goes on. */
        if (g.class != DGMI_C_IGNORED || g.c == 0x200C || g.c == 0x200D)
            part.to = part.next;
    }
}
