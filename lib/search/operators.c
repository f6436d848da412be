/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of operators that stand between clauses of a query. Depends on lib/base.
 */
#include "operators.h"

#include <string.h>

static const dgmi_operator table[] = {
    { "AND", DGMI_OP_AND, 0 },    { "OR", DGMI_OP_OR, 0 },    { "NOT", DGMI_OP_NOT, 0 },
    { "NEAR", DGMI_OP_NEAR, 10 }, { "ADJ", DGMI_OP_ADJ, 10 }, { "SENT", DGMI_OP_SENT, 0 },
    { "PARA", DGMI_OP_PARA, 0 },
};
enum { COUNT = sizeof table / sizeof table[0] };

const dgmi_operator *dgmi_operator_at(size_t i)
{
    return i < COUNT ? &table[i] : NULL;
}

const dgmi_operator *dgmi_operator_of(dgmi_operator_kind kind)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (table[i].kind == kind)
            return &table[i];
    }
    return NULL;
}

/* "/5" to 5; 0 if it is anything else. */
static unsigned distance_of(dgmi_str s)
{
    unsigned distance = 0;
    if (s.n < 2 || s.p[0] != '/')
        return 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        distance = distance * 10 + (unsigned)(s.p[i] - '0');
        if (distance > DGMI_NEAR_MOST)
            distance = DGMI_NEAR_MOST + 1;
    }
    return distance;
}

const dgmi_operator *dgmi_operator_find(dgmi_str run, unsigned *distance)
{
    for (size_t i = 0; i < COUNT; i++) {
        size_t n = strlen(table[i].name);
        if (!dgmi_str_starts(run, table[i].name))
            continue;
        *distance = run.n == n ? table[i].standard : distance_of(dgmi_str_skip(run, n));
        if (run.n == n || (table[i].standard > 0 && *distance > 0))
            return &table[i];
    }
    return NULL;
}
