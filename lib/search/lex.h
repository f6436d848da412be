/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query's lexemes: what is an operator, a quote, a field. Depends on lib/base and
 * schema.h. */
#ifndef DGMI_LEX_H
#define DGMI_LEX_H

#include <stdbool.h>

#include "notes.h"
#include "operators.h"
#include "str.h"

typedef enum dgmi_lex_kind {
    DGMI_LEX_END,
    DGMI_LEX_RUN,    /* characters up to white space, a parenthesis or a quote */
    DGMI_LEX_QUOTED, /* text inside quotes */
    DGMI_LEX_OPEN,
    DGMI_LEX_CLOSE,
    DGMI_LEX_AND,
    DGMI_LEX_OR,
    DGMI_LEX_NOT,  /* also the minus before a clause */
    DGMI_LEX_NEAR, /* NEAR, ADJ, SENT, PARA: `op` and `distance` */
    DGMI_LEX_FIELD /* "name:"; the next lexeme is its value */
} dgmi_lex_kind;

typedef struct dgmi_lexeme {
    dgmi_lex_kind kind;
    uint32_t from, to;       /* bytes of the query */
    dgmi_str text;           /* RUN: all of it; QUOTED: inside the quotes */
    const char *field;       /* FIELD: its name, static */
    bool unclosed;           /* QUOTED: the query ended first */
    const dgmi_operator *op; /* NEAR */
    unsigned distance;
    double boost; /* RUN, QUOTED, CLOSE: the number of "^2" behind it; 0: none */
} dgmi_lexeme;

typedef struct dgmi_lexer {
    dgmi_str text;
    size_t at;
    bool operators; /* AND, OR, NOT are operators */
    bool literal;   /* nothing is: all is runs */
    bool value;     /* a field's value is next: no operator, no minus */
    dgmi_notes *notes;
} dgmi_lexer;

/* text: valid UTF-8 without controls. Decides about capitals (query.h). */
void dgmi_lexer_init(dgmi_lexer *lexer, dgmi_str text, bool literal, dgmi_notes *notes);
void dgmi_lexer_next(dgmi_lexer *lexer, dgmi_lexeme *out);

/* Whether the text has small letters; caseless scripts have none. */
bool dgmi_has_small_letter(dgmi_str text);

#endif
