/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From query tree and filters to clauses. Depends on lib/index, lib/text, lib/xapian.
 *
 * How words match
 *   a word       by its stem, in each language that the archive holds items in
 *   a compound   "cyber-attack": joined ("cyberattack"), or its parts one after another
 *   a phrase     its words as they stand, one after another; scored by their stems
 *   a prefix     the DGMI_WILDCARD_TERMS most frequent words that begin so; a pattern
 *                alike; of a fuzzy word those near it, which count half
 *   a name       also by its other spellings, which count less (variants.h)
 *   an expression with synonyms  also by those, which count less (synonyms.h)
 *   NEAR         each word by all its forms, a phrase as it stands; their places compared
 *   said: by:    its words in one utterance, as NEAR takes them; its speaker by the words
 *                of the name, by the surname where the label has no more, by initials
 *   a field      a condition, whatever `match` says
 * What `match` asks of words side by side (stopwords are left out if another word is
 * there) all          each of them most         of n words n-1 (n <= 4), else 60 %; of
 * more than 8 words 5 of the 8 rarest any          one of them; a compound's parts and a
 * run of ideographs' characters then count alone */
#ifndef DGMI_PLAN_H
#define DGMI_PLAN_H

#include "clause.h"
#include "dictionary.h"
#include "lore.h"
#include "notes.h"
#include "pins.h"
#include "query.h"
#include "request.h"
#include "snippet.h"
#include "variants.h"

#define DGMI_QUORUM_WORDS 8

/* Weights are whole multiples of this, so that sums of weight times impact are exact
 * whatever their order: a score is then the same bits on every page, however Xapian
 * arranges the tree. */
#define DGMI_WEIGHT_STEP (1.0 / (1 << 28))
/* The nearest number of steps; at least 1 for a weight above 0. */
uint32_t dgmi_weight_steps(double weight);

/* What a name in another spelling counts: an item with the query's own comes first. */
#define DGMI_VARIANT_SHARE 0.3
#define DGMI_SYNONYM_SHARE 0.3 /* and a synonym; by measurement, doc/ranking.md */

struct dgmi_expansion;

typedef struct dgmi_marklist {
    dgmi_mark *list; /* in the arena */
    size_t n, capacity;
    int32_t phrases;
} dgmi_marklist;

/* Utterances that the query asks for: where hits show what was said. */
#define DGMI_UTTERANCES 8
typedef struct dgmi_utterance {
    const dgmx_within *within;
    uint8_t speech[3]; /* dgmi_speech of each kind of its regions */
} dgmi_utterance;
typedef struct dgmi_utterances {
    dgmi_utterance list[DGMI_UTTERANCES];
    size_t n;
} dgmi_utterances;

typedef struct dgmi_planner {
    const dgmi_index *index;
    const dgmi_lore *lore;
    dgmi_stems *stems;
    dgmi_arena *arena;
    dgmi_notes *notes;
    dgmi_pins *pins;
    dgmi_dictionary *dictionary; /* NULL: words near others are looked for in the index */
    uint64_t deadline_us;        /* for that; 0: none */
    dgmi_naming *naming;         /* names in other spellings; NULL: none are looked for */
    dgmi_naming *synonyms; /* expressions with synonyms; NULL: none are looked for */
    dgmi_marklist *marks;  /* NULL: nothing is to be marked now */
    dgmi_utterances *utterances; /* those to be shown; with `marks` alone */
    dgmi_buf term;               /* for building terms */
    bool relaxable;    /* words were joined by `all` that `most` would join otherwise */
    dgm_status status; /* the first failure; clauses are NULL from then on */
    dgm_error *err;
} dgmi_planner;

typedef struct dgmi_plan {
    dgmi_clause *strict;     /* what the request asks for, filters included */
    dgmi_clause *relaxed;    /* what fills a short page: more by match=most; NULL if that
                                finds no more */
    dgmi_clause *unexpanded; /* of an expanded plan: what `relaxed` was before; or NULL */
    dgmi_clause *filters;    /* NULL: none */
    dgmi_marklist marks;
    dgmi_utterances utterances;
} dgmi_plan;

dgm_status dgmi_plan_make(dgmi_planner *p, const dgmi_query *query,
                          const dgm_request *request, dgmi_plan *out);

/* Lets terms add to the score of what the plan finds, and fills a short page with what
 * has most of them, too (feedback.h). Errors: those of the planner, NOMEM. */
dgm_status dgmi_plan_expanded(dgmi_planner *p, const dgmi_node *root,
                              const dgm_request *request, dgmi_clause *const *terms,
                              size_t n, dgmi_plan *out);

/* For the printed form: words of a group that do not take part. */
bool dgmi_plan_leaves_out(const dgmi_node *group, const dgmi_node *word);

/* ---- Shared by plan.c, words and fields; all NULL after a failure ---- */

/* WORD, compound, PHRASE, PREFIX. loose: parts may match alone. */
dgmi_clause *dgmi_plan_word(dgmi_planner *p, const dgmi_node *node, bool loose);
/* The same with the other spellings of the names that a WORD is part of (planname.c). */
dgmi_clause *dgmi_plan_variants(dgmi_planner *p, const dgmi_node *node, dgmi_clause *own);
/* Sets `has` of all spellings. */
void dgmi_plan_spellings(dgmi_planner *p);
/* The words of the index that a PREFIX, PATTERN or FUZZY stands for. */
bool dgmi_plan_expand(dgmi_planner *p, const dgmi_node *node, struct dgmi_expansion *out);
/* NEAR: which items have the operands' words, and where. A condition. */
dgmi_clause *dgmi_plan_near(dgmi_planner *p, const dgmi_node *node);
/* How its operands stand to one another; which they are is left open. */
dgmx_within dgmi_near_places(const dgmi_node *node);
/* Names the terms of a WORD, PHRASE, PREFIX, PATTERN, FUZZY or a choice of them in *out;
 * the clause is the items that have them. */
dgmi_clause *dgmi_plan_operand(dgmi_planner *p, const dgmi_node *node, dgmx_operand *out);
/* SAID: items with such an utterance; a condition, and scored by its words. */
dgmi_clause *dgmi_plan_said(dgmi_planner *p, const dgmi_node *node);
dgmi_clause *dgmi_plan_field(dgmi_planner *p, const dgmi_node *node);
/* A scored term; nothing if no item has it, or none had it on the first page. */
dgmi_clause *dgmi_plan_scored(dgmi_planner *p, const char *prefix, const char *text,
                              uint32_t frequency, double idf, double emphasis);
/* A word to be marked in snippets; stem NULL: in this form alone; phrase -1: none. */
void dgmi_plan_mark(dgmi_planner *p, const char *word, const char *stem, double idf,
                    int32_t phrase);
/* Items like the one with this id, without it and its story's copies. */
dgmi_clause *dgmi_plan_like(dgmi_planner *p, const char *id);
/* The filters and dates of a request as one condition; *out stays NULL if there are none.
 */
dgm_status dgmi_plan_filters(dgmi_planner *p, const dgm_request *request,
                             dgmi_clause **out);
/* The items of request->among that can be found (planamong.c). */
dgmi_clause *dgmi_plan_among(dgmi_planner *p, const dgmi_among *among);
/* Published from <= t < before; DGM_NO_TIME: open. Undated items are outside. */
dgmi_clause *dgmi_plan_dates(dgmi_planner *p, int64_t from, int64_t before);
/* A term with its present frequency. */
dgmi_clause *dgmi_plan_term(dgmi_planner *p, dgmi_str term);
uint32_t dgmi_plan_frequency(dgmi_planner *p, dgmi_str term);
void dgmi_plan_fail(dgmi_planner *p); /* memory ran out, unless something failed before */

#endif
