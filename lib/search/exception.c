/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions in plain words, told by the English words that announce them. Depends on
 * lib/base. */
#include "exception.h"

#include <string.h>

#include "utf8.h"

/* Longer ones first: the first that fits is taken. A blank stands for any white space, an
 * apostrophe for any kind of it or none. */
static const char *const cues[] = {
    "do not mention", "don't mention", "not mentioning", "do not include",
    "don't include",  "not including", "do not discuss", "don't discuss",
    "not discussing", "except for",    "apart from",     "aside from",
    "other than",     "but not",       "excluding",      "excludes",
    "exclude",        "except",        "without",        "omitting",
    "ignoring",
};
static const char *const openers[] = { "and", "but", "or", "how", "what", "which" };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static bool is_letter(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(dgmi_str text, size_t at)
{
    while (at < text.n && is_blank(text.p[at]))
        at++;
    return at;
}

/* Bytes of the apostrophe at a place: 0 if there is none. */
static size_t apostrophe_at(dgmi_str text, size_t at)
{
    dgmi_str rest = dgmi_str_skip(text, at);
    if (rest.n > 0 && *rest.p == '\'')
        return 1;
    return dgmi_str_starts(rest, "\xE2\x80\x99") ? 3 : 0;
}

/* Where a phrase that begins at a place ends; 0 if it is not there as whole words. */
static size_t match_words(dgmi_str text, size_t at, const char *phrase)
{
    if (at > 0 && is_letter(text.p[at - 1]))
        return 0;
    for (; *phrase; phrase++) {
        size_t blanks = skip_blanks(text, at);
        if (*phrase == '\'') {
            at += apostrophe_at(text, at);
        } else if (*phrase == ' ') {
            if (blanks == at)
                return 0;
            at = blanks;
        } else if (at >= text.n || (text.p[at] | 0x20) != *phrase) {
            return 0;
        } else {
            at++;
        }
    }
    return at < text.n && is_letter(text.p[at]) ? 0 : at;
}

static size_t cue_at(dgmi_str text, size_t at)
{
    for (size_t i = 0; i < COUNT(cues); i++) {
        size_t end = match_words(text, at, cues[i]);
        if (end > 0)
            return end;
    }
    return 0;
}

static bool opens_clause(dgmi_str text, size_t at)
{
    at = skip_blanks(text, at);
    for (size_t i = 0; i < COUNT(openers); i++) {
        if (match_words(text, at, openers[i]) > 0)
            return true;
    }
    return false;
}

static bool ends_at(dgmi_str text, size_t at)
{
    char c = text.p[at];
    if (c == '.')
        return at + 1 == text.n || is_blank(text.p[at + 1]);
    if (c == ',')
        return opens_clause(text, at + 1);
    return c == '?' || c == '!' || c == ';' || c == ')' || c == '\n';
}

bool dgmi_exception_find(dgmi_str text, size_t at, dgmi_exception *out)
{
    size_t end = 0;
    while (at < text.n && (end = cue_at(text, at)) == 0)
        at++;
    if (at >= text.n)
        return false;
    *out = (dgmi_exception){ .cue = at, .from = end, .to = end };
    while (out->to < text.n && !ends_at(text, out->to))
        out->to++;
    return true;
}
