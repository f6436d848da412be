/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words with one first letter, held in memory in the order of their bytes. Depends on
 * lib/base, lib/text. */
#ifndef DGMI_INITIAL_H
#define DGMI_INITIAL_H

#include "distance.h"

typedef struct dgmi_held_word {
    uint64_t letters; /* what the distance of words is guessed from (distance.h) */
    uint32_t at;      /* into the text */
    uint8_t n;        /* letters */
    uint8_t bytes;
} dgmi_held_word;

typedef struct dgmi_initial {
    char head[12]; /* of their terms: the prefix of a family and the letter */
    size_t head_n;
    size_t prefix_n; /* of the head */
    char *text;
    size_t text_n, text_capacity;
    dgmi_held_word *words;
    size_t n, capacity;
    uint64_t used; /* when it was asked last */
    bool unfit;    /* it has more words than are held: none are */
    bool changed;  /* words came or went since it was loaded */
} dgmi_initial;

/* Appends a word that comes behind all others, without its prefix. False without memory.
 */
bool dgmi_initial_append(dgmi_initial *initial, dgmi_str word);

/* Puts a word in its place, unless it is there. False without memory. */
bool dgmi_initial_add(dgmi_initial *initial, dgmi_str word);

/* The words that begin so: those from *from up to *to. */
void dgmi_initial_range(const dgmi_initial *initial, dgmi_str head, size_t *from,
                        size_t *to);

dgmi_str dgmi_initial_word(const dgmi_initial *initial, size_t i);
size_t dgmi_initial_bytes(const dgmi_initial *initial);
void dgmi_initial_trim(dgmi_initial *initial);  /* gives back what is not in use */
void dgmi_initial_clear(dgmi_initial *initial); /* empties and frees; keeps the head */

#endif
