/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shortest edit script between two sequences of numbers: Myers' O(ND) in linear
 * space. Depends on lib/base. */
#ifndef DGMI_MYERS_H
#define DGMI_MYERS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dgmi_sequence {
    const uint64_t *marks; /* equal numbers stand for equal elements */
    bool *changed; /* one per element, false at first; true: not in the other sequence */
    uint32_t n;
} dgmi_sequence;

typedef enum dgmi_edit {
    DGMI_EDIT_FOUND,
    DGMI_EDIT_TOO_FAR, /* the work was used up: what is marked so far says nothing */
    DGMI_EDIT_NO_MEMORY
} dgmi_edit;

/* Marks what has to go from a, and to come in from b. *work is the number of steps that
 * may be taken; what is left of it is given back. Memory: 8 bytes an element. */
dgmi_edit dgmi_shortest_edit(dgmi_sequence *a, dgmi_sequence *b, uint64_t *work);

#endif
