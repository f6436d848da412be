/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text is known by among near copies: a hash of its words, the smallest hashes of
 * its word runs, its numbers. Depends on lib/base, lib/text and dragoman.h.
 *
 * Words are the tokens of the index, folded. The body's runs of DGMI_RUN words are a set;
 * the smallest hashes of a set are a fair sample of it, so two samples tell how much the
 * sets share (bottom-k sketches: Broder 1997; Cohen and Kaplan 2007), and by the sizes
 * also how much of the smaller one lies in the larger. Headlines, datelines and asides
 * are not in it: each outlet has its own. */
#ifndef DGMI_SKETCH_H
#define DGMI_SKETCH_H

#include "dragoman.h"

enum {
    DGMI_RUN = 4,             /* words of one run */
    DGMI_SKETCH_HASHES = 96,  /* smallest hashes kept */
    DGMI_SKETCH_BANDS = 8,    /* of them, by which candidates are looked up */
    DGMI_SKETCH_MARKS = 32,   /* smallest hashes of its numbers, and of its names */
    DGMI_SKETCH_WORDS = 50000 /* what follows is not looked at */
};

/* Of fixed size and without pointers or holes, so that files of them can be written. */
typedef struct dgmi_sketch {
    uint64_t exact; /* of all words in order, headline included; 0: there are none */
    uint64_t bands[DGMI_SKETCH_BANDS]; /* ascending */
    int64_t published;
    uint32_t hashes[DGMI_SKETCH_HASHES]; /* upper halves, ascending */
    uint32_t numbers[DGMI_SKETCH_MARKS]; /* ascending */
    uint32_t names[DGMI_SKETCH_MARKS];   /* words with a capital, ascending */
    uint32_t words;                      /* of the body, or of a short item */
    uint32_t runs;                       /* different ones; estimated when many */
    uint16_t n_bands, n_hashes, n_numbers, n_names;
    uint32_t is_short; /* so few words that only equal or nearly equal ones are a copy */
} dgmi_sketch;

void dgmi_sketch_make(const dgm_item *item, dgmi_sketch *out);

/* How two texts overlap. */
typedef struct dgmi_overlap {
    double resemblance; /* shared runs of all runs */
    double containment; /* shared runs of those of the shorter text */
    double numbers;     /* shared numbers of the text with fewer; 1: it has none */
    double names;       /* so of its words with a capital */
    double shared;      /* runs, about */
} dgmi_overlap;
void dgmi_sketch_compare(const dgmi_sketch *a, const dgmi_sketch *b, dgmi_overlap *out);

/* How good a copy b is of a: 0 if it is none, up to 2. Symmetric. */
double dgmi_sketch_match(const dgmi_sketch *a, const dgmi_sketch *b);

#endif
