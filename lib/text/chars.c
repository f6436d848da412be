/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of characters, by tables for ASCII and by Unicode categories for the rest.
 * Depends on utf8proc. */
#include "chars.h"

#include <utf8proc.h>

#include "utf8.h"

enum {
    L = DGMI_C_LETTER,
    U = DGMI_C_UPPER,
    D = DGMI_C_DIGIT,
    A = DGMI_C_APOSTROPHE,
    H = DGMI_C_HYPHEN,
    P = DGMI_C_DOT,
    C = DGMI_C_COMMA,
    S = DGMI_C_SPACE,
    B = DGMI_C_BREAK,
    X = DGMI_C_HIGH
};

const uint8_t dgmi_byte_class[256] = {
    B, B, B, B, B, B, B, B, B, S, S, S, S, S, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, B, B, S, B, B, B, B, B, B, A, B, B, B, B, C, H, P, B, D, D, D, D, D, D, D, D, D, D,
    B, B, B, B, B, B, B, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
    U, U, U, U, B, B, B, B, B, A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, B, B, B, B, B, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
};

/* Scripts that put no spaces between words (blocks of the Unicode standard), so that a
 * word can only be found as a run of characters. Hangul has spaces and is not here. */
static const struct {
    uint32_t from, to;
} spaceless[] = {
    { 0x0E00, 0x0EFF },                       /* Thai, Lao */
    { 0x1000, 0x109F },                       /* Myanmar */
    { 0x1780, 0x17FF },                       /* Khmer */
    { 0x1950, 0x19DF },                       /* Tai Le, New Tai Lue */
    { 0x1A20, 0x1AAF },                       /* Tai Tham */
    { 0x3005, 0x3007 },                       /* iteration mark, number zero */
    { 0x3021, 0x302F },                       /* Hangzhou numerals */
    { 0x3031, 0x30FF },                       /* Kana */
    { 0x3100, 0x312F },                       /* Bopomofo */
    { 0x31A0, 0x31BF },                       /* Bopomofo extended */
    { 0x31F0, 0x31FF },                       /* Katakana extensions */
    { 0x3400, 0x4DBF },                       /* Han */
    { 0x4E00, 0x9FFF },   { 0xA000, 0xA4CF }, /* Yi */
    { 0xA9E0, 0xA9FF },                       /* Myanmar extended */
    { 0xAA60, 0xAADF },                       /* Myanmar extended, Tai Viet */
    { 0xF900, 0xFAFF },                       /* Han, compatibility */
    { 0xFF66, 0xFF9D },                       /* Kana, half width */
    { 0x1AFF0, 0x1B16F },                     /* Kana supplement */
    { 0x20000, 0x3FFFF },                     /* Han */
};

static bool is_spaceless(uint32_t c)
{
    if (c < 0x0E00)
        return false;
    for (size_t i = 0; i < sizeof spaceless / sizeof spaceless[0]; i++) {
        if (c <= spaceless[i].to)
            return c >= spaceless[i].from;
    }
    return false;
}

static dgmi_class class_of_letter(uint32_t c, utf8proc_category_t category)
{
    if (is_spaceless(c))
        return DGMI_C_IDEO;
    if (c == 0xFF9E ||
        c == 0xFF9F) /* half-width voicing marks are letters by category alone */
        return DGMI_C_MARK;
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT)
        return DGMI_C_UPPER;
    return DGMI_C_LETTER;
}

/* By general category. Superscripts are foot notes and fractions are not digits that
 * could be joined; subscripts belong to their word, as in a formula. */
static dgmi_class class_by_category(uint32_t c)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)c);
    utf8proc_category_t category = (utf8proc_category_t)property->category;
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) {
        if (property->ignorable) /* Hangul fillers */
            return DGMI_C_IGNORED;
        return class_of_letter(c, category);
    }
    if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME)
        return DGMI_C_MARK;
    if (category == UTF8PROC_CATEGORY_ND || (c >= 0x2080 && c <= 0x2089))
        return DGMI_C_DIGIT;
    if (category == UTF8PROC_CATEGORY_NL)
        return class_of_letter(c, category);
    if (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP)
        return DGMI_C_SPACE;
    return property->ignorable ? DGMI_C_IGNORED : DGMI_C_BREAK;
}

/* Signs whose use in words their category does not tell. */
static dgmi_class class_of_sign(uint32_t c, bool *found)
{
    *found = true;
    switch (c) {
    case 0x00B4:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x05F3:
    case 0x05F4:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
    case 0xFF07:
        return DGMI_C_APOSTROPHE;
    case 0x2010:
    case 0x2011:
    case 0xFE63:
    case 0xFF0D:
        return DGMI_C_HYPHEN;
    case 0x0E33: /* Thai and Lao am: a vowel with a ring, written behind its letter */
    case 0x0EB3:
        return DGMI_C_MARK;
    case 0x200B: /* zero width space is for breaking lines between words */
        return DGMI_C_SPACE;
    default:
        *found = false;
        return DGMI_C_BREAK;
    }
}

dgmi_class dgmi_class_of(uint32_t c)
{
    if (c < 0x80)
        return (dgmi_class)dgmi_byte_class[c];
    if (c >= 0x0400 && c < 0x0482) /* Cyrillic: at hand, for speed */
        return c < 0x0430 || (c >= 0x0460 && c % 2 == 0) ? DGMI_C_UPPER : DGMI_C_LETTER;
    if (c >= 0x4E00 && c <= 0x9FFF)
        return DGMI_C_IDEO;
    bool found;
    dgmi_class class = class_of_sign(c, &found);
    return found ? class : class_by_category(c);
}

dgmi_glyph dgmi_glyph_at(const char *p, size_t n, size_t at)
{
    dgmi_glyph g = { 0, 0, DGMI_C_BREAK };
    if (at >= n)
        return g;
    unsigned char byte = (unsigned char)p[at];
    if (byte < 0x80) {
        g.c = byte;
        g.len = 1;
        g.class = (dgmi_class)dgmi_byte_class[byte];
        return g;
    }
    g.len = dgmi_utf8_get(p + at, p + n, &g.c);
    g.class = dgmi_class_of(g.c);
    return g;
}

static size_t step_back(const char *p, size_t at)
{
    size_t i = at;
    while (i > 0 && at - i < 4) {
        i--;
        if (((unsigned char)p[i] & 0xC0) != 0x80)
            break;
    }
    return i;
}

size_t dgmi_cluster_cut(const char *p, size_t n, size_t at)
{
    if (at >= n)
        return n;
    at = dgmi_utf8_cut(p, n, at);
    size_t first = at;
    for (unsigned i = 0; i < 64 && at > 0; i++) {
        uint32_t before, after;
        size_t previous = step_back(p, at);
        dgmi_utf8_get(p + previous, p + n, &before);
        dgmi_utf8_get(p + at, p + n, &after);
        if (utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)after))
            return at;
        at = previous;
    }
    return at > 0 ? first : 0; /* no honest text has so many marks in a row */
}
