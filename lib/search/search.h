/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One search under way, for search.c and the parts that fill its page. Depends on
 * lib/index, lib/text. */
#ifndef DGMI_SEARCH_H
#define DGMI_SEARCH_H

#include "count.h"
#include "desk.h"
#include "match.h"
#include "plan.h"
#include "refine.h"
#include "variants.h"

#define DGMI_SCRATCH_BYTES (64 << 20) /* memory of one attempt beside its page */

typedef struct dgmi_search {
    dgm *desk;
    const dgm_request *request;
    const dgmi_query *query;
    dgmi_arena *arena;   /* of the page: what the caller keeps */
    dgmi_arena *scratch; /* of this attempt */
    dgmi_notes notes;
    dgmi_naming naming;
    dgmi_naming synonyms;
    uint64_t synonyms_mark; /* of the rules that hold for the query; 0: none */
    dgmi_plan plan;
    dgmi_refinement refinement;
    dgmi_cursor cursor; /* of the request, or begun for the next one */
    dgmi_recency recency;
    bool resumed;         /* the request has a cursor */
    bool unexplained;     /* there was no time to explain a hit */
    bool partial;         /* the time limit ended the search for hits */
    bool unready;         /* the moment of as_of is not read back yet */
    bool whole;           /* nothing less will do: TIMEOUT, if it is not */
    uint64_t ready_by_us; /* the moment of as_of is to be; 0: by the deadline */
    dgmi_matcher matcher;
    dgmi_matches matches; /* of the plan's strict clause, if that was matched in memory */
    dgmi_ranked
        *found; /* in order of the page; one more than it holds, if there is one */
    uint32_t n_found, size;
    dgm_error *err;
} dgmi_search;

/* What plans its query. */
static inline dgmi_planner dgmi_search_planner(dgmi_search *s)
{
    return (dgmi_planner){ .index = s->desk->index,
                           .lore = &s->desk->lore,
                           .stems = s->desk->stems,
                           .arena = s->scratch,
                           .notes = &s->notes,
                           .pins = &s->cursor.pins,
                           .dictionary = s->desk->dictionary,
                           .deadline_us = s->matcher.deadline_us,
                           .naming = &s->naming,
                           .synonyms = &s->synonyms,
                           .err = s->err };
}

/* What a page of a scan (request->scan) has instead of hits; lives as long as the page.
 */
typedef struct dgmi_found {
    const dgmi_ranked *list; /* in the order of the page */
    uint32_t n;
    uint64_t generation; /* that their ids are of */
    dgmi_cursor cursor;  /* of the page: those after its hits follow from it */
} dgmi_found;
/* Notes that time ran out for a part of the page. */
void dgmi_page_cut(dgm_page *page);

const dgmi_found *dgmi_page_found(const dgm_page *page);

/* The cursor of a page that begins behind `last`, which is the shown-th hit of its phase,
 * counted from the first page on; its order by time is known. */
dgmi_cursor dgmi_cursor_behind(const dgmi_cursor *of, const dgmi_ranked *last,
                               uint32_t shown);

/* Whether a part of what it finds would not do: of a scan, or of what is cited. */
bool dgmi_search_is_whole(const dgmi_search *s);

/* Makes the plan, and the matcher that runs it: what comes before anything is found. Set
 * are desk, request, query, arena, scratch, notes.arena and err, and the index is open.
 */
dgm_status dgmi_search_prepare(dgmi_search *s, uint64_t deadline_us);

/* The question as text, the revision and the warnings into the page. */
dgm_status dgmi_search_describe(dgmi_search *s, dgm_page *page);

/* The hits of the page into the arena: records read, snippets cut, scores explained. */
dgm_status dgmi_hits_fill(dgmi_search *s, dgm_page *page);

/* Which spellings of the query's names the hit has, and which synonyms of its
 * expressions, into the arena. */
dgm_status dgmi_hit_spellings(const dgmi_search *s, dgmx_docid id, dgm_hit *hit);

/* Whether an item matches; id as in dgm_hit. Errors: those of a match. */
dgm_status dgmi_is_match(const dgmi_search *s, dgmi_clause *clause, const char *id,
                         bool *match);

/* The synonyms that the query was searched with, into the arena. */
dgm_status dgmi_tell_synonyms(const dgmi_search *s, dgm_page *page);

/* The parts of one hit's score into the arena. Their weights sum to the score exactly. */
dgm_status dgmi_explain(const dgmi_search *s, const dgmi_ranked *found, const char *id,
                        dgm_hit *hit);

#endif
