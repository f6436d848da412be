/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as a query. What parses must print, and what was printed must
 * print as itself. That is asked of the second printing: the first may hold folded
 * characters that are cut into words in another way than the ones they come from (a Greek
 * numeral sign before a digit is one). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The printed form of text, or NULL if it is refused. The caller frees. */
static char *print(const char *text, bool literal)
{
    dgmi_query *q = NULL;
    char *printed = NULL;
    if (dgmi_query_parse(text, literal, &q, NULL) == DGM_OK)
        printed = strdup(q->parsed);
    dgmi_query_free(q);
    return printed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool literal = size > 0 && data[0] == 1;
    char *text = calloc(1, size + 1);
    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    char *first = print(text, literal);
    char *second = first ? print(first, false) : NULL;
    char *third = second ? print(second, false) : NULL;
    if (third && strcmp(second, third) != 0)
        __builtin_trap();
    free(first);
    free(second);
    free(third);
    free(text);
    return 0;
}
