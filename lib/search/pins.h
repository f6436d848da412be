/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions of a first page that its later pages repeat: weights of terms, words chosen
 * for a prefix. They go into the cursor, so that items that come in between change
 * nothing. Depends on lib/base. */
#ifndef DGMI_PINS_H
#define DGMI_PINS_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

#define DGMI_PINS_MAX 2048

typedef struct dgmi_pin {
    uint32_t key, value;
} dgmi_pin;

typedef struct dgmi_pins {
    dgmi_pin *list; /* sorted by key */
    uint32_t n, capacity;
    bool fixed; /* came with a cursor: nothing is added, what is not here was not there */
} dgmi_pins;

/* Names for decisions of different kinds, so that they do not meet. */
typedef enum dgmi_pin_kind {
    DGMI_PIN_WEIGHT = 1,
    DGMI_PIN_CHOICE = 2,
    DGMI_PIN_FORM = 3
} dgmi_pin_kind;

/* The value decided on for a text: value itself on a first page, what the cursor says on
 * later ones (0 if it says nothing). 0 is never stored. False without memory or past
 * DGMI_PINS_MAX. */
bool dgmi_pin_decide(dgmi_pins *pins, dgmi_arena *arena, dgmi_pin_kind kind,
                     dgmi_str text, uint32_t value, uint32_t *decided);

#endif
