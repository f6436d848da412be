/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding marks in a text, quickly. Depends on lib/text; used by snippet.c alone. */
#ifndef DGMI_SNIPPET_SCAN_H
#define DGMI_SNIPPET_SCAN_H

#include "snippet.h"

#define DGMI_GROUPS_MAX                                                                  \
    256 /* words and phrases of one query that are marked; more are left out */
#define DGMI_MEMBERS_MAX 60 /* words of a phrase; a longer one is left out */

/* A mark with what the scan needs to know of it. */
typedef struct dgmi_compiled {
    dgmi_str word, stem; /* stem.p NULL: the surface alone */
    bool prefix;
    uint16_t group;
    double weight;
} dgmi_compiled;

/* A word, or the words of a phrase in order: members first..first+n-1 of the compiled
 * marks. */
typedef struct dgmi_group {
    uint32_t first, n;
    double weight; /* of all its members */
} dgmi_group;

/* Letters are compared by codes of five bits: case and all that folding changes fall
 * together. */
enum {
    DGMI_CODE_BREAK = 0,
    DGMI_CODE_Y = 9, /* as i, because stems put i for y */
    DGMI_CODE_DIGIT = 27,
    DGMI_CODE_HIGH = 28,  /* the first byte of a character past ASCII */
    DGMI_CODE_JOIN = 29,  /* apostrophe, hyphen, comma: may stand inside a word */
    DGMI_CODE_DOT = 30,   /* the same, but spaces may follow it, between initials */
    DGMI_CODE_INNER = 31, /* a further byte of a character */
    DGMI_CODES = 32,
    DGMI_BEGINNINGS = DGMI_CODES * DGMI_CODES * DGMI_CODES
};

struct dgmi_marks {
    dgmi_compiled *marks;
    dgmi_group *groups;
    size_t n, n_groups;
    char *strings;
    uint8_t code[256];                         /* of each byte */
    uint64_t beginnings[DGMI_BEGINNINGS / 64]; /* by three codes: may be a mark */
    uint64_t letters;    /* by code: a mark begins with this ASCII letter */
    uint64_t others[16]; /* by a hash: a mark begins with this other character */
    uint64_t pairs[16];  /* or with these two, by one hash of both */
    bool all_pairs;      /* there is one that has no second, or where it may change */
};

/* The bit of `others` for a character (then second is 0) or of `pairs` for two; the
 * factors are primes near 2^32 / golden ratio. */
static inline unsigned dgmi_other_bit(uint32_t c, uint32_t second)
{
    return (c * 2654435761u + second * 2246822519u) >> 22;
}

typedef struct dgmi_found {
    size_t from, to; /* bytes of the text */
    uint16_t group;
} dgmi_found;

typedef struct dgmi_scan {
    const char *p;
    size_t n;
    const dgmi_marks *marks;
    dgmi_stems *stems;
    const char *language;
    /* Called for each find, with `from` never falling. False: enough. */
    bool (*found)(void *user, const dgmi_found *f);
    void *user;
    /* what follows is the scan's own */
    bool every_word; /* stems need not begin as their words do */
    bool stop;
    size_t inside_to; /* the end of the last letter past ASCII */
} dgmi_scan;

/* Finds all marks that begin in from..to-1 of the text. */
void dgmi_scan_run(dgmi_scan *s, size_t from, size_t to);

#endif
