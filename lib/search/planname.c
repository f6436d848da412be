/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in their other spellings, as clauses. A spelling is planned as if the query had
 * it, but counts less. Depends on lib/index, lib/text. */
#include <string.h>

#include "plan.h"
#include "schema.h"

static bool is_of(const dgmi_named *named, const dgmi_node *node)
{
    for (unsigned i = 0; i < named->n_nodes; i++) {
        if (named->nodes[i] == node)
            return true;
    }
    return false;
}

/* The idf of the word that is asked for. */
static double idf_of(const dgmi_clause *clause)
{
    double most = clause->idf;
    for (uint32_t i = 0; i < clause->n; i++) {
        double idf = idf_of(clause->children[i]);
        most = idf > most ? idf : most;
    }
    return most;
}

/* Whether both words are one in the index anyhow. */
static bool has_same_stems(dgmi_planner *p, const char *a, const char *b)
{
    char stem[DGMI_QUERY_BYTES];
    for (unsigned i = 0; i < p->lore->n_languages; i++) {
        const char *language = p->lore->languages[i];
        dgmi_str mine = dgmi_stem(p->stems, language, dgmi_str_of(a));
        size_t n = mine.n < sizeof stem ? mine.n : sizeof stem;
        memcpy(stem, mine.p, n); /* the stemmer's text lasts until its next one */
        dgmi_str other = dgmi_stem(p->stems, language, dgmi_str_of(b));
        if (other.n != n || memcmp(other.p, stem, n) != 0)
            return false;
    }
    return p->lore->n_languages > 0;
}

static const char *joined(dgmi_planner *p, const dgmi_variant *s)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    for (unsigned i = 0; i < s->n_words; i++)
        dgmi_buf_printf(&text, "%s%s", i > 0 ? " " : "", s->words[i]);
    const char *copy = text.failed ? NULL : dgmi_arena_str(p->arena, dgmi_buf_str(&text));
    dgmi_buf_clear(&text);
    return copy;
}

/* The spelling as a word or phrase of the query, in place of node. */
static dgmi_node *node_of(dgmi_planner *p, const dgmi_node *node, const dgmi_variant *s,
                          double idf)
{
    dgmi_node *made = dgmi_arena_alloc(p->arena, sizeof *made);
    const char *text = joined(p, s);
    if (!made || !text)
        return NULL;
    double share = (s->synonym ? DGMI_SYNONYM_SHARE : DGMI_VARIANT_SHARE) / s->n_words;
    *made = (dgmi_node){ .kind = s->n_words > 1 ? DGMI_NODE_PHRASE : DGMI_NODE_WORD,
                         .text = text,
                         .words = s->words,
                         .n_words = s->n_words > 1 ? s->n_words : 0,
                         .field = node->field,
                         .times = node->times,
                         .boost = share * (node->boost > 0 ? node->boost : 1),
                         .exact = true,
                         .idf_most = idf };
    return made;
}

static bool has_dates(const dgmi_variant *s)
{
    return s->from != DGM_NO_TIME || s->before != DGM_NO_TIME;
}

static dgmi_clause *limit_to_dates(dgmi_planner *p, const dgmi_variant *s,
                                   dgmi_clause *clause)
{
    if (!has_dates(s))
        return clause;
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, clause,
                            dgmi_plan_dates(p, s->from, s->before));
}

static dgmi_clause *spelled(dgmi_planner *p, const dgmi_node *node, const dgmi_variant *s,
                            double idf)
{
    dgmi_node *made = node_of(p, node, s, idf);
    if (!made) {
        dgmi_plan_fail(p);
        return NULL;
    }
    return limit_to_dates(p, s, dgmi_plan_word(p, made, false));
}

/* Adds what stands for node by one of the two tables to `all`, after its n clauses. */
static size_t add_spelled(dgmi_planner *p, const dgmi_naming *naming,
                          const dgmi_node *node, double idf, dgmi_clause **all, size_t n)
{
    for (size_t i = 0; naming && i < naming->n; i++) {
        const dgmi_named *named = &naming->list[i];
        for (unsigned k = 1; k < named->n && is_of(named, node); k++) {
            const dgmi_variant *s = &named->spellings[k];
            bool same = s->n_words == 1 && named->n_nodes == 1 && !node->whole &&
                        has_same_stems(p, node->text, s->words[0]);
            if (!same)
                all[n++] = spelled(p, node, s, idf);
        }
    }
    return n;
}

/* A synonym stands in for a word that is not there: it adds nothing to the word itself.
 */
dgmi_clause *dgmi_plan_variants(dgmi_planner *p, const dgmi_node *node, dgmi_clause *own)
{
    dgmi_clause *all[2 * DGMI_NAMED_MAX * DGMI_VARIANTS_MAX + 1] = { own };
    if (node->exact || !own)
        return own;
    double idf = idf_of(own);
    size_t n = add_spelled(p, p->naming, node, idf, all, 1);
    if (n > 1)
        own = all[0] = dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, all, n);
    n = add_spelled(p, p->synonyms, node, idf, all, 1);
    return n > 1 ? dgmi_clause_join(p->arena, DGMI_CLAUSE_MAX, all, n) : own;
}

/* The items that have a spelling word for word. */
static dgmi_clause *having(dgmi_planner *p, const char *prefix, const dgmi_variant *s)
{
    dgmi_clause *terms[DGMI_QUERY_LEAVES];
    unsigned n = 0;
    for (; n < s->n_words && n < DGMI_QUERY_LEAVES; n++) {
        dgmi_buf_reset(&p->term);
        dgmi_schema_term(&p->term, prefix, s->words[n], strlen(s->words[n]));
        terms[n] = dgmi_plan_term(p, dgmi_buf_str(&p->term));
    }
    return limit_to_dates(p, s, dgmi_clause_join(p->arena, DGMI_CLAUSE_PHRASE, terms, n));
}

void dgmi_plan_spellings(dgmi_planner *p)
{
    for (size_t i = 0; i < p->naming->n; i++) {
        dgmi_named *named = &p->naming->list[i];
        const char *prefix = named->nodes[0]->field ? DGMI_PREFIX_TITLE : "";
        for (unsigned k = 0; k < named->n; k++) {
            named->spellings[k].has = having(p, prefix, &named->spellings[k]);
            if (!named->spellings[k].has)
                dgmi_plan_fail(p);
        }
    }
}
