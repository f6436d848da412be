/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query's lexemes: what is an operator, a quote, a field. Depends on lib/base and
 * schema.h. */
#include "lex.h"

#include <string.h>

#include "query.h"
#include "schema.h"
#include "speech.h"
#include "utf8.h"

enum {
    ACRONYM_LETTERS = 5
}; /* a longer word in capitals makes a headline of the query */

static uint32_t char_at(const dgmi_lexer *l, size_t at, unsigned *length)
{
    uint32_t c = 0;
    *length = 0;
    if (at < l->text.n)
        *length = dgmi_utf8_get(l->text.p + at, l->text.p + l->text.n, &c);
    return c;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* The double quotes of all hands: any of them opens, any of them closes, because pasted
 * text mixes them. */
static bool is_quote(uint32_t c)
{
    return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB ||
           c == 0xFF02;
}

static bool ends_run(uint32_t c)
{
    return is_space(c) || is_quote(c) || c == '(' || c == ')';
}

bool dgmi_has_small_letter(dgmi_str text)
{
    const char *end = text.p + text.n;
    for (const char *p = text.p; p < end;) {
        uint32_t c;
        p += dgmi_utf8_get(p, end, &c);
        if ((c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) ||
            (c >= 0x3B1 && c <= 0x3CE) || (c >= 0x430 && c <= 0x45F))
            return true;
    }
    return false;
}

static size_t run_end(const dgmi_lexer *l, size_t at)
{
    unsigned length;
    uint32_t c;
    while ((c = char_at(l, at, &length)), length > 0 && !ends_run(c))
        at += length;
    return at;
}

static dgmi_lex_kind operator_of(dgmi_str run, dgmi_lexeme *out)
{
    out->op = dgmi_operator_find(run, &out->distance);
    if (!out->op)
        return DGMI_LEX_RUN;
    switch (out->op->kind) {
    case DGMI_OP_AND:
        return DGMI_LEX_AND;
    case DGMI_OP_OR:
        return DGMI_LEX_OR;
    case DGMI_OP_NOT:
        return DGMI_LEX_NOT;
    case DGMI_OP_NEAR:
    case DGMI_OP_ADJ:
    case DGMI_OP_SENT:
    case DGMI_OP_PARA:
        return DGMI_LEX_NEAR;
    }
    return DGMI_LEX_RUN;
}

static bool is_operator(dgmi_str run)
{
    unsigned distance;
    return dgmi_operator_find(run, &distance) != NULL;
}

static bool is_capital(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
           (c >= 0x391 && c <= 0x3A9) || (c >= 0x400 && c <= 0x42F);
}

static unsigned count_capitals(dgmi_str run)
{
    const char *end = run.p + run.n;
    unsigned count = 0;
    for (const char *p = run.p; p < end;) {
        uint32_t c;
        p += dgmi_utf8_get(p, end, &c);
        count += is_capital(c);
    }
    return count;
}

/* A pasted headline: no small letter, an operator among its words, and a word too long
 * for the acronyms that people join by operators. */
static bool is_headline(const dgmi_lexer *l)
{
    bool found = false, longer = false;
    if (dgmi_has_small_letter(l->text))
        return false;
    for (size_t at = 0; at < l->text.n;) {
        size_t end = run_end(l, at);
        dgmi_str run = { l->text.p + at, end - at };
        if (is_operator(run))
            found = true;
        else if (count_capitals(run) > ACRONYM_LETTERS)
            longer = true;
        unsigned length;
        char_at(l, end, &length);
        at = end + (length > 0 ? length : 1);
    }
    return found && longer;
}

void dgmi_lexer_init(dgmi_lexer *lexer, dgmi_str text, bool literal, dgmi_notes *notes)
{
    *lexer = (dgmi_lexer){ .text = text, .literal = literal, .notes = notes };
    lexer->operators = !literal;
    if (!literal && is_headline(lexer)) {
        lexer->operators = false;
        dgmi_warn(notes,
                  "AND, OR and the like are taken as words, because all is in capitals");
    }
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static const char *field_named(dgmi_str name)
{
    char small[24];
    if (name.n == 0 || name.n >= sizeof small)
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        small[i] =
            (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
    dgmi_str key = { small, name.n };
    if (dgmi_str_eq(key, DGMI_FIELD_BEFORE))
        return DGMI_FIELD_BEFORE;
    if (dgmi_str_eq(key, DGMI_FIELD_AFTER))
        return DGMI_FIELD_AFTER;
    if (dgmi_str_eq(key, DGMI_FIELD_EXACT))
        return DGMI_FIELD_EXACT;
    const char *speech = dgmi_speech_field(key);
    if (speech)
        return speech;
    const dgmi_schema_field *field = dgmi_schema_find(key);
    return field ? field->name : NULL;
}

/* "name:" at the lexer's place with something to follow it: the name's field, or NULL.
 * What looks like a field but is none is worth a remark; an address or a time of day is
 * not. */
static const char *field_at(const dgmi_lexer *l, size_t end)
{
    const char *p = l->text.p + l->at;
    size_t left = l->text.n - l->at, n = 0;
    while (n < left && is_name_char(p[n]))
        n++;
    if (n == 0 || n >= left || p[n] != ':' || l->at + n >= end)
        return NULL;
    dgmi_str name = { p, n }, rest = { p + n + 1, left - n - 1 };
    unsigned length;
    uint32_t next = char_at(l, l->at + n + 1, &length);
    const char *field = field_named(name);
    bool empty = length == 0 || is_space(next) || next == ')';
    if (empty && field && dgmi_has_small_letter(name))
        dgmi_warn(l->notes, "\"%s:\" has no value right after it; taken as a word",
                  field);
    if (empty || dgmi_str_starts(rest, "//"))
        return NULL;
    if (!field && n > 1)
        dgmi_warn(l->notes, "there is no field \"%.*s\"; taken as words",
                  DGMI_SHOWN(name));
    return field;
}

/* A minus excludes if it begins a clause and touches what follows it. */
static bool is_minus(const dgmi_lexer *l)
{
    unsigned length;
    if (l->text.p[l->at] != '-')
        return false;
    if (l->at > 0 && l->text.p[l->at - 1] != '(') {
        size_t before = l->at - 1;
        while (before > 0 && ((unsigned char)l->text.p[before] & 0xC0) == 0x80)
            before--;
        if (!is_space(char_at(l, before, &length)))
            return false;
    }
    uint32_t next = char_at(l, l->at + 1, &length);
    return length > 0 && next != '-' && next != ')' && !is_space(next);
}

/* The number of "^2" that text ends with, or 0; *n receives the bytes before it. A plain
 * caret is punctuation. */
static double boost_of(dgmi_str text, size_t *n)
{
    const char *caret = text.n > 0 ? memrchr(text.p, '^', text.n) : NULL;
    double value = 0, unit = 1;
    bool dot = false;
    *n = text.n;
    if (!caret || caret + 1 == text.p + text.n || text.p + text.n - caret > 7)
        return 0;
    for (const char *c = caret + 1; c < text.p + text.n; c++) {
        if (*c == '.' && !dot) {
            dot = true;
        } else if (*c >= '0' && *c <= '9') {
            value = value * 10 + (*c - '0');
            unit *= dot ? 10 : 1;
        } else {
            return 0;
        }
    }
    *n = (size_t)(caret - text.p);
    return value / unit;
}

static double bounded_boost(const dgmi_lexer *l, double boost)
{
    double cut = boost < DGMI_BOOST_LEAST  ? DGMI_BOOST_LEAST
                 : boost > DGMI_BOOST_MOST ? DGMI_BOOST_MOST
                                           : boost;
    if (boost != cut)
        dgmi_warn(l->notes, "^%g is outside %g to %g; taken as ^%g", boost,
                  DGMI_BOOST_LEAST, DGMI_BOOST_MOST, cut);
    return cut;
}

/* "^2" right behind a quote or a parenthesis. */
static void take_boost(dgmi_lexer *l, dgmi_lexeme *out)
{
    size_t n, end = run_end(l, l->at);
    dgmi_str run = { l->text.p + l->at, end - l->at };
    if (run.n < 2 || run.p[0] != '^')
        return;
    double boost = boost_of(run, &n);
    if (n > 0 || boost == 0)
        return;
    out->boost = bounded_boost(l, boost);
    l->at = end;
}

static void take_quoted(dgmi_lexer *l, dgmi_lexeme *out, unsigned open)
{
    size_t begin = l->at + open, at = begin;
    unsigned length;
    uint32_t c;
    while ((c = char_at(l, at, &length)), length > 0 && !is_quote(c))
        at += length;
    out->kind = DGMI_LEX_QUOTED;
    out->text = (dgmi_str){ l->text.p + begin, at - begin };
    out->unclosed = length == 0;
    l->at = at + length;
    take_boost(l, out);
}

static void take_run(dgmi_lexer *l, dgmi_lexeme *out, bool value)
{
    size_t end = run_end(l, l->at);
    dgmi_str run = { l->text.p + l->at, end - l->at };
    const char *field = l->literal || value ? NULL : field_at(l, end);
    if (field) {
        out->kind = DGMI_LEX_FIELD;
        out->field = field;
        l->at += strlen(field) + 1;
        l->value = true;
        return;
    }
    out->kind = l->operators && !value ? operator_of(run, out) : DGMI_LEX_RUN;
    if (out->kind == DGMI_LEX_NEAR && out->distance > DGMI_NEAR_MOST) {
        dgmi_warn(l->notes, "%s reaches over %d words at most; cut to that",
                  out->op->name, DGMI_NEAR_MOST);
        out->distance = DGMI_NEAR_MOST;
    }
    out->text = run;
    l->at = end;
    if (out->kind != DGMI_LEX_RUN)
        return;
    double boost = boost_of(run, &run.n);
    if (boost > 0 && run.n > 0) {
        out->boost = bounded_boost(l, boost);
        out->text = run;
    }
}

static void take_literal(dgmi_lexer *l, dgmi_lexeme *out)
{
    out->kind = l->at < l->text.n ? DGMI_LEX_RUN : DGMI_LEX_END;
    out->text = dgmi_str_skip(l->text, l->at);
    l->at = l->text.n;
}

static void take(dgmi_lexer *l, dgmi_lexeme *out, bool value)
{
    unsigned length;
    uint32_t c = char_at(l, l->at, &length);
    if (length == 0) {
        out->kind = DGMI_LEX_END;
    } else if (c == '(' || c == ')') {
        out->kind = c == '(' ? DGMI_LEX_OPEN : DGMI_LEX_CLOSE;
        l->at++;
        if (c == ')')
            take_boost(l, out);
    } else if (is_quote(c)) {
        take_quoted(l, out, length);
    } else if (!value && is_minus(l)) {
        out->kind = DGMI_LEX_NOT;
        l->at++;
    } else {
        take_run(l, out, value);
    }
}

void dgmi_lexer_next(dgmi_lexer *l, dgmi_lexeme *out)
{
    unsigned length;
    uint32_t c;
    bool value = l->value;
    *out = (dgmi_lexeme){ 0 };
    l->value = false;
    while ((c = char_at(l, l->at, &length)), length > 0 && is_space(c))
        l->at += length;
    out->from = (uint32_t)l->at;
    if (l->literal)
        take_literal(l, out);
    else
        take(l, out, value);
    out->to = (uint32_t)l->at;
}
