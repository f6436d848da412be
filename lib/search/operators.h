/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of operators that stand between clauses of a query. Depends on lib/base.
 */
#ifndef DGMI_OPERATORS_H
#define DGMI_OPERATORS_H

#include <stdbool.h>

#include "str.h"

typedef enum dgmi_operator_kind {
    DGMI_OP_AND,
    DGMI_OP_OR,
    DGMI_OP_NOT,
    DGMI_OP_NEAR, /* within so many words, in any order */
    DGMI_OP_ADJ,  /* within so many words, in this order */
    DGMI_OP_SENT, /* in one sentence */
    DGMI_OP_PARA  /* in one paragraph */
} dgmi_operator_kind;

#define DGMI_NEAR_MOST 50 /* words; less than the gap between paragraphs (schema.h) */

typedef struct dgmi_operator {
    const char *name;
    dgmi_operator_kind kind;
    unsigned standard; /* distance when none is given; 0: it takes none */
} dgmi_operator;

const dgmi_operator *dgmi_operator_at(size_t i); /* NULL past the end */
const dgmi_operator *dgmi_operator_of(dgmi_operator_kind kind);

/* The operator that a run of characters is ("AND", "NEAR", "NEAR/5"), or NULL. *distance
 * receives its distance, 0 if it takes none; of one too large, more than DGMI_NEAR_MOST.
 */
const dgmi_operator *dgmi_operator_find(dgmi_str run, unsigned *distance);

#endif
