/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of synonyms: words that may stand for others in a query, each rule a line of
 * corpus/synonyms.tsv, whose head describes them, or of an archive's own file. Depends on
 * lib/text. */
#ifndef DGMI_SYNONYMS_H
#define DGMI_SYNONYMS_H

#include "dragoman.h"
#include "buf.h"
#include "stem.h"

#define DGMI_SYNONYM_WORDS 8          /* of either side of a rule */
#define DGMI_SYNONYMS_BYTES (1 << 20) /* of an archive's own file */
#define DGMI_SYNONYM_RULES 10000

/* One direction of a rule. */
typedef struct dgmi_synonym {
    const dgm_synonym *rule;
    const char *from, *to; /* as they are written */
    const char *key; /* of `from`: its stems, parted by a blank, no "of" and "the" */
    const char *words[DGMI_SYNONYM_WORDS]; /* of `to`, folded */
    unsigned n_words;
    bool gone;                       /* taken out by a later line */
    const struct dgmi_synonym *next; /* with the same key */
} dgmi_synonym;

typedef struct dgmi_synonyms dgmi_synonyms;

/* With the built-in rules. Owner: the caller frees. Errors: NOMEM, INTERNAL. */
dgm_status dgmi_synonyms_new(dgmi_stems *stems, dgmi_synonyms **out, dgm_error *err);
void dgmi_synonyms_free(dgmi_synonyms *table);

/* Adds the rules of a file's text. A line that is no rule is left out, counted in *faults
 * and told to `fault` (may be NULL). Errors: NOMEM. */
dgm_status dgmi_synonyms_add(dgmi_synonyms *table, dgmi_stems *stems, dgmi_str text,
                             dgm_fault_fn fault, void *user, unsigned *faults,
                             dgm_error *err);

/* The first synonym of these words, or NULL; walk on by `next`. Those that are gone are
 * among them. *longer: whether the words of another rule begin with these. */
const dgmi_synonym *dgmi_synonyms_find(const dgmi_synonyms *table, dgmi_str key,
                                       bool *longer);
/* Walks the rules, without those that are gone: *at from 0. NULL behind the last. */
const dgm_synonym *dgmi_synonyms_next(const dgmi_synonyms *table, size_t *at);

/* Appends a folded word to a key. */
void dgmi_synonym_key(dgmi_buf *key, dgmi_stems *stems, const char *word);

/* The built-in rules (made of corpus/synonyms.tsv). */
extern const unsigned char dgmi_synonyms_text[];
extern const unsigned long dgmi_synonyms_text_size;

#endif
