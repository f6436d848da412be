/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other ways in which names of a query are written. Depends on lib/index, lib/text.
 *
 * A word, or words side by side, that the table of names has stands for the variants of
 * its name that the index has; a role for its holders, each in items of their time. For
 * what the table lacks, spellings by rule are tried (romanise.h). Phrases, words under
 * exact: and what is excluded stay as they are. */
#ifndef DGMI_VARIANTS_H
#define DGMI_VARIANTS_H

#include "clause.h"
#include "desk.h"
#include "query.h"
#include "wordruns.h"

#define DGMI_VARIANTS_MAX 16 /* of one name, besides the query's own spelling */
#define DGMI_NAMED_MAX 16    /* names in one query */

typedef struct dgmi_variant {
    const char *label;
    const char *const *words; /* folded, in order */
    unsigned n_words;
    int64_t from, before;       /* only in items published so; DGM_NO_TIME: open */
    bool asked;                 /* it is the query's own */
    const dgm_synonym *synonym; /* the rule it is by; NULL: a name's spelling */
    dgmi_clause *has; /* items with it, however spelled else; NULL: not asked for */
} dgmi_variant;

/* Words of the query that are a name, with its spellings: the query's own first. */
typedef struct dgmi_named {
    const dgmi_node *nodes[DGMI_NAME_WORDS];
    unsigned n_nodes;
    dgmi_variant spellings[DGMI_VARIANTS_MAX + 1];
    unsigned n;
} dgmi_named;

typedef struct dgmi_naming {
    dgmi_named *list; /* in the arena */
    size_t n;
} dgmi_naming;

/* The place behind the last of `out` for what these words of a run are, with `asked` as
 * its first spelling; counted by the caller once it is to stay, at most DGMI_NAMED_MAX.
 * NULL without memory. */
dgmi_named *dgmi_named_new(dgmi_naming *out, dgmi_arena *arena,
                           const dgmi_run_word *words, unsigned n,
                           const dgmi_variant *asked);

/* Finds the names of a query that the index has in another spelling. Errors: those of the
 * index, NOMEM. */
dgm_status dgmi_variants_find(dgm *desk, const dgmi_node *root, dgmi_arena *arena,
                              dgmi_naming *out, dgm_error *err);

/* The same for expressions that the table of synonyms has (synonyms.h): the longest that
 * begins at a word, and of it all synonyms that the index has. *mark receives a number
 * for the rules that hold for the query, whatever the index has; 0: none does. */
dgm_status dgmi_synonyms_match(dgm *desk, const dgmi_node *root, dgmi_arena *arena,
                               dgmi_naming *out, uint64_t *mark, dgm_error *err);

/* The spellings by rule that the index has of a folded word, and has as a name: written
 * with a capital. Remembered for the revision, so *out lasts until the next call.
 * Errors: those of the index. */
dgm_status dgmi_guess_spellings(dgm *desk, const char *word, const dgmi_guess **out,
                                dgm_error *err);
/* Whether a word that the query has in small letters ends as only names do. */
bool dgmi_ends_as_name(const char *word);

#endif
