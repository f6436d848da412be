/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How items write the words that have a stem, and whether they are names. Depends on
 * lib/index, lib/text. */
#ifndef DGMI_SPELT_H
#define DGMI_SPELT_H

#include "search.h"

enum { DGMI_SPELT_FORMS = 6, DGMI_SPELT_BYTES = 48 };

/* A stem to be looked for, and what was seen. */
typedef struct dgmi_spelt {
    dgmi_str stem;
    struct {
        char text[DGMI_SPELT_BYTES];   /* as it stands there */
        char folded[DGMI_SPELT_BYTES]; /* as it is indexed */
        uint32_t times;                /* items that have it, those in plain prose more */
        dgmx_docid seen;               /* the last one of them */
        bool capital;
    } forms[DGMI_SPELT_FORMS];
    uint32_t n_forms;
    uint32_t names, words; /* seen with a capital inside a sentence, and without one */
    bool alone;            /* seen other than as a part of a compound */
} dgmi_spelt;

/* A stem and an item that has it. */
typedef struct dgmi_example {
    dgmx_docid id;
    dgmi_spelt *word;
} dgmi_example;

/* Reads each item once, whatever the order of the list, which it sorts. */
dgm_status dgmi_spelt_read(const dgmi_search *s, dgmi_example *list, size_t n);

/* Written with a capital where nothing but being a name calls for one. */
bool dgmi_spelt_is_name(const dgmi_spelt *word);
/* The form that is seen most often, and of how it is written that with a capital of a
 * name and that without one of a word, if there is one; NULL if it was
 * seen in compounds alone. *folded:
 * the form as it is indexed. */
const char *dgmi_spelt_form(const dgmi_spelt *word, const char **folded);

#endif
