/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotations and who is named beside them. Depends on saying.h, lib/text. */
#include "quotes.h"

#include "saying.h"
#include "sentence.h"
#include "utf8.h"

enum { LEAST_WORDS = 3, LEAST_SENTENCE = 4 };

/* ---- Where quotations are ---- */

/* What closes a quotation that this mark opens, or 0. */
static uint32_t closer_of(uint32_t c)
{
    switch (c) {
    case '"':
        return '"';
    case 0x201C:
        return 0x201D;
    case 0x201E:
        return 0x201C;
    case 0xAB:
        return 0xBB;
    }
    return 0;
}

/* A straight mark opens behind a blank and before a letter. */
static bool may_open(dgmi_str text, size_t at, size_t length)
{
    char before = at > 0 ? text.p[at - 1] : ' ';
    bool inside = at + length < text.n && text.p[at + length] != ' ';
    bool apart = before == ' ' || before == '(' || before == '[' || before == '-' ||
                 (unsigned char)before >= 0x80;
    return inside && (text.p[at] != '"' || apart);
}

static size_t count_words(dgmi_str text)
{
    size_t words = 0;
    for (size_t i = 0; i < text.n; i++)
        words += text.p[i] != ' ' && (i == 0 || text.p[i - 1] == ' ');
    return words;
}

typedef struct span {
    size_t open, from, to, close; /* of the mark, inside it, behind the other mark */
} span;

/* The next quotation at `at` or later. */
static bool next_span(dgmi_str text, size_t at, span *out)
{
    const char *end = text.p + text.n;
    uint32_t c, closer = 0;
    for (size_t i = at; i < text.n;) {
        unsigned length = dgmi_utf8_get(text.p + i, end, &c);
        if (closer == 0 && closer_of(c) != 0 && may_open(text, i, length)) {
            *out = (span){ .open = i, .from = i + length };
            closer = closer_of(c);
        } else if (closer != 0 && (c == closer || (closer == 0x201C && c == 0x201D))) {
            out->to = i;
            out->close = i + length;
            return true;
        }
        i += length;
    }
    return false;
}

/* ---- Who is named ---- */

typedef struct place {
    dgmi_str text;
    span at;
    size_t sentence; /* where the sentence that the mark stands in begins */
    size_t before;   /* and the one before that */
} place;

static void find_sentence(place *p)
{
    size_t begin = 0, before = 0;
    for (;;) {
        size_t end = dgmi_sentence_end(p->text.p, p->text.n, begin);
        while (end < p->text.n && p->text.p[end] == ' ')
            end++;
        if (end > p->at.open || end <= begin)
            break;
        before = begin;
        begin = end;
    }
    p->sentence = begin;
    p->before = before;
}

static dgmi_str slice(dgmi_str text, size_t from, size_t to)
{
    return (dgmi_str){ text.p + from, to > from ? to - from : 0 };
}

static bool ends_with_stop(const place *p)
{
    return p->at.to > p->at.from && p->text.p[p->at.to - 1] == '.';
}

/* "...", said Anna Keller. "...," Keller said. */
static dgmi_saying behind(const place *p)
{
    dgmi_str rest = dgmi_str_skip(p->text, p->at.close);
    size_t end = dgmi_sentence_end(rest.p, rest.n, 0);
    return dgmi_saying_behind(slice(rest, 0, end), ends_with_stop(p));
}

/* Keller said: "..."; Anna Keller: "...". */
static dgmi_saying ahead(const place *p)
{
    dgmi_str lead = slice(p->text, p->sentence, p->at.open);
    dgmi_saying found = dgmi_saying_ahead(lead);
    return found.kind == DGMI_SAID_NOWHERE ? dgmi_saying_label(lead) : found;
}

/* A quotation that is a sentence of its own goes on with what the one before it said. */
static dgmi_saying continued(const place *p, const dgmi_quote *previous,
                             size_t previous_to)
{
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    bool whole = p->sentence == p->at.open && p->before < p->sentence &&
                 count_words(slice(p->text, p->at.from, p->at.to)) >= LEAST_SENTENCE;
    if (!whole)
        return none;
    if (previous_to > p->before)
        return previous ? (dgmi_saying){ DGMI_SAID_BY_NAME, previous->speaker } : none;
    return dgmi_saying_ahead(slice(p->text, p->before, p->sentence));
}

static dgmi_saying attribute(const place *p, const dgmi_quote *previous,
                             size_t previous_to)
{
    dgmi_saying found = behind(p);
    if (found.kind == DGMI_SAID_NOWHERE)
        found = ahead(p);
    if (found.kind == DGMI_SAID_NOWHERE)
        found = continued(p, previous, previous_to);
    return found;
}

size_t dgmi_quotes_find(dgmi_quoter *quoter, dgmi_str paragraph,
                        dgmi_quote out[DGMI_QUOTES_MAX])
{
    place p = { .text = paragraph };
    size_t n = 0, previous_to = 0;
    const dgmi_quote *previous = NULL; /* the last quotation, if it has a speaker */
    dgmi_str last = quoter->last;
    quoter->last = (dgmi_str){ NULL, 0 };
    for (size_t at = 0; n < DGMI_QUOTES_MAX && next_span(paragraph, at, &p.at);
         at = p.at.close) {
        find_sentence(&p);
        dgmi_saying found = { .kind = DGMI_SAID_NOWHERE };
        if (count_words(slice(paragraph, p.at.from, p.at.to)) >= LEAST_WORDS)
            found = attribute(&p, previous, previous_to);
        if (found.kind == DGMI_SAID_BY_PRONOUN)
            found.name = last;
        previous = NULL;
        previous_to = p.at.close;
        if (found.kind == DGMI_SAID_NOWHERE || found.name.n == 0)
            continue;
        out[n] = (dgmi_quote){ p.at.from, p.at.to, found.name };
        last = found.name;
        previous = &out[n++];
    }
    if (n > 0)
        quoter->last = last;
    return n;
}
