/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bounds of a search as a table. The numbers stand where they are kept to. Depends on
 * lib/search alone. */
#include "complete.h"
#include "correct.h"
#include "count.h"
#include "cursor.h"
#include "dictionary.h"
#include "expand.h"
#include "feedback.h"
#include "query.h"
#include "recall.h"
#include "recency.h"
#include "refine.h"
#include "related.h"
#include "request.h"
#include "search.h"
#include "synonyms.h"
#include "variants.h"

static const dgm_limit table[] = {
    { "query-bytes", DGMI_QUERY_BYTES, "bytes of a query; a longer one is refused" },
    { "query-words", DGMI_QUERY_LEAVES,
      "different words of a query; more are left out, or refused if operators join "
      "them" },
    { "query-depth", DGMI_QUERY_DEPTH,
      "parentheses in one another; deeper ones are refused" },
    { "phrase-words", DGMI_PHRASE_WORDS, "words of a phrase; more are left out" },
    { "near-operands", DGMI_NEAR_OPERANDS,
      "words that one chain of NEAR, ADJ, SENT or PARA compares; more are left out" },
    { "near-distance", DGMI_NEAR_MOST,
      "words between two of NEAR or ADJ; a larger distance is cut to it" },
    { "patterns", DGMI_WILDCARDS,
      "words with * or ? and words with ~ of a query, of each; "
      "more are searched as plain words" },
    { "pattern-letters", DGMI_WILDCARD_LETTERS,
      "letters that stand before a final *, at least" },
    { "pattern-words", DGMI_WILDCARD_TERMS,
      "words that a pattern stands for, the most frequent ones" },
    { "pattern-walk", DGMI_EXPANSION_WALK,
      "words of the index that are looked at for a pattern" },
    { "fuzzy-walk", DGMI_FUZZY_WALK, "the same for a word with ~" },
    { "names", DGMI_NAMED_MAX, "names of a query that are searched in other spellings" },
    { "name-spellings", DGMI_VARIANTS_MAX, "other spellings of a name" },
    { "synonym-expressions", DGMI_NAMED_MAX,
      "expressions of a query that are searched by synonyms" },
    { "synonyms", DGMI_VARIANTS_MAX, "synonyms of an expression" },
    { "synonym-rules", DGMI_SYNONYM_RULES, "rules of an archive's own file" },
    { "expand-words", DGMI_CURSOR_STEMS, "words of the best hits that expand=1 adds" },
    { "related-words", DGMI_RELATED_WORDS, "words that related=1 names" },
    { "refined-hits", DGMI_HEAD_HITS, "first hits that are ordered by forms and places" },
    { "recency-hits", DGMI_RECENCY_HITS,
      "hits by score alone that recency puts in order by age while times are not in "
      "memory; "
      "a warning tells if more could count" },
    { "filter-values", DGMI_FILTER_VALUES, "values of one filter; more are refused" },
    { "value-bytes", DGMI_VALUE_BYTES,
      "bytes of a filter's value; a longer one is refused" },
    { "cursor-bytes", DGMI_CURSOR_TEXT, "bytes of a cursor; a longer one is refused" },
    { "page-hits", DGMI_LIMIT_MOST, "hits of a page; a larger limit is refused" },
    { "facet-values", DGMI_FACET_VALUES,
      "values of a facet in a reply, the most frequent ones; all are counted" },
    { "suggestion-ms", DGMI_CORRECT_MS,
      "milliseconds for a better spelling, else there is none" },
    { "deadline-ms", DGMI_DEADLINE_MS,
      "milliseconds of a search if nothing else is set; hits that are found by then come "
      "as a partial page" },
    { "deadline-most-ms", DGMI_DEADLINE_MOST_MS, "the longest that can be set" },
    { "as-of-items", DGMI_RECALL_ITEMS,
      "items that changed since a moment and are read back as they were; of more all are "
      "left out" },
    { "as-of-megabytes", DGMI_RECALL_BYTES >> 20,
      "text of these items, as it is now or was then; the same" },
    { "search-megabytes", DGMI_SCRATCH_BYTES >> 20,
      "memory of a search beside its page; more is refused" },
    { "posting-megabytes", DGMI_PLISTS_BYTES >> 20,
      "posting lists that a reader keeps in memory; a query may add half of that" },
    { "dictionary-megabytes", DGMI_DICTIONARY_BYTES >> 20,
      "memory for words of the index that a reader holds between searches; of more those "
      "asked for last" },
};

const dgm_limit *dgm_limit_at(size_t i)
{
    return i < sizeof table / sizeof table[0] ? &table[i] : NULL;
}
