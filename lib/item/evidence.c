/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evidence: where the value of each field was found, and by which rule. Depends on
 * build.h and lib/base. */
#include "build.h"

#include <string.h>

#include "utf8.h"

enum { TEXT_MAX = 200, EVIDENCE_MAX = 1000 };

/* The fields that have evidence, in the order in which an item lists it. The last two are
 * evidence alone: the item has no member for them. */
static const struct {
    const char *name;
    dgmi_field field;
} tracked[] = {
    { "region", DGMI_REGION },
    { "country", DGMI_COUNTRY },
    { "source", DGMI_SOURCE },
    { "agency", DGMI_AGENCY },
    { "provider", DGMI_PROVIDER },
    { "language", DGMI_LANGUAGE },
    { "original_language", DGMI_ORIGINAL_LANGUAGE },
    { "edition", DGMI_FIELDS },
    { "translator", DGMI_FIELDS },
};
enum { N_TRACKED = sizeof tracked / sizeof *tracked };

const char *dgmi_field_name(dgmi_field field)
{
    for (size_t i = 0; i < N_TRACKED; i++) {
        if (tracked[i].field == field)
            return tracked[i].name;
    }
    return "";
}

void dgmi_item_set_origin(dgmi_item *item, dgmi_field field, const char *member)
{
    if (field < DGMI_FIELDS)
        item->origins[field] = member;
}

static const char *keep(dgmi_item *item, const char *text)
{
    const char *copy = dgmi_arena_dup(item->arena, text);
    if (copy == NULL && text != NULL)
        item->no_memory = true;
    return copy;
}

void dgmi_item_add_evidence(dgmi_item *item, const dgm_evidence *e)
{
    if (dgmi_item_failed(item))
        return;
    if (item->n_evidence == EVIDENCE_MAX) {
        item->refused = "more than 1000 pieces of evidence";
        return;
    }
    if (!dgmi_grow(&item->evidence, &item->cap_evidence, item->n_evidence + 1,
                   sizeof *item->evidence)) {
        item->no_memory = true;
        return;
    }
    item->evidence[item->n_evidence++] = (dgm_evidence){ keep(item, e->field),
                                                         keep(item, e->value),
                                                         keep(item, e->text),
                                                         keep(item, e->rule),
                                                         keep(item, e->where),
                                                         e->from,
                                                         e->to };
}

void dgmi_item_add_warning(dgmi_item *item, const char *text)
{
    if (dgmi_item_failed(item))
        return;
    if (item->n_warnings == EVIDENCE_MAX) {
        item->refused = "more than 1000 warnings";
        return;
    }
    const char *copy = keep(item, text);
    if (copy == NULL || !dgmi_grow(&item->warnings, &item->cap_warnings,
                                   item->n_warnings + 1, sizeof *item->warnings))
        item->no_memory = true;
    else
        item->warnings[item->n_warnings++] = copy;
}

void dgmi_prove(dgmi_item *item, const dgmi_proof *proof)
{
    if (dgmi_item_failed(item))
        return;
    if (!dgmi_grow(&item->proofs, &item->cap_proofs, item->n_proofs + 1,
                   sizeof *item->proofs)) {
        item->no_memory = true;
        return;
    }
    dgmi_proof *p = &item->proofs[item->n_proofs++];
    *p = *proof;
    p->value = keep(item, proof->value);
    dgmi_str text = dgmi_str_of(proof->text);
    text.n = dgmi_utf8_cut(text.p, text.n, TEXT_MAX);
    p->text = dgmi_arena_str(item->arena, text);
    if (p->text == NULL)
        item->no_memory = true;
}

void dgmi_prove_span(dgmi_item *item, const char *field, const char *rule,
                     const dgmi_span *span)
{
    size_t n;
    const char *text = dgmi_item_clean(item, span->slice, &n);
    if (text == NULL || n == 0)
        return;
    dgmi_proof proof = { .field = field,
                         .rule = rule,
                         .value = text,
                         .text = text,
                         .place = span->place,
                         .index = span->index,
                         .from = (size_t)(span->slice.p - span->line.p) };
    dgmi_prove(item, &proof);
}

/* What the reader filled in is proved by where it was read; its value may still be
 * brought into another form ("English": "en"), so the proof does not hold one. */
void dgmi_prepare_given(dgmi_item *item)
{
    for (size_t i = 0; i < N_TRACKED; i++) {
        dgmi_field field = tracked[i].field;
        if (field == DGMI_FIELDS || item->fields[field] == NULL)
            continue;
        dgmi_proof proof = { .field = tracked[i].name,
                             .rule = "given",
                             .text = item->fields[field],
                             .place = DGMI_AT_MEMBER,
                             .of = item->origins[field] };
        dgmi_prove(item, &proof);
    }
}

/* The proof of a field: the last one with its final value, else what the reader gave. */
static const dgmi_proof *choose(const dgmi_item *item, size_t i)
{
    const char *final =
        tracked[i].field < DGMI_FIELDS ? item->fields[tracked[i].field] : NULL;
    const dgmi_proof *given = NULL;
    if (tracked[i].field < DGMI_FIELDS && final == NULL)
        return NULL;
    for (size_t k = item->n_proofs; k > 0; k--) {
        const dgmi_proof *p = &item->proofs[k - 1];
        if (strcmp(p->field, tracked[i].name) != 0)
            continue;
        if (p->value == NULL)
            given = p;
        else if (final == NULL || strcmp(p->value, final) == 0)
            return p;
    }
    return given;
}

static const char *place_name(dgmi_item *item, const dgmi_proof *p)
{
    switch (p->place) {
    case DGMI_AT_MEMBER:
        return p->of == NULL ? "metadata"
                             : dgmi_arena_printf(item->arena, "member %s", p->of);
    case DGMI_AT_FIELD:
        return dgmi_arena_printf(item->arena, "field %s", p->of);
    case DGMI_AT_TITLE:
        return "title";
    case DGMI_AT_BODY:
        return dgmi_arena_printf(item->arena, "body[%zu]", p->index);
    case DGMI_AT_ASIDE:
        return dgmi_arena_printf(item->arena, "boilerplate[%zu]", p->index);
    case DGMI_AT_URL:
        return "url";
    case DGMI_AT_TEXT:
        return "title and body";
    }
    return "";
}

/* Labels of turns were taken off paragraphs since the proof was noted. */
static size_t place_in_body(const dgmi_item *item, const dgmi_proof *p)
{
    if (p->place != DGMI_AT_BODY || p->index >= item->n_paras)
        return p->from;
    const dgmi_para *para = &item->paras[p->index];
    const char *at = memmem(para->text, para->n, p->text, strlen(p->text));
    bool still =
        p->from < para->n && strncmp(para->text + p->from, p->text, strlen(p->text)) == 0;
    return still || at == NULL ? p->from : (size_t)(at - para->text);
}

void dgmi_prepare_evidence(dgmi_item *item)
{
    for (size_t i = 0; i < N_TRACKED && !dgmi_item_failed(item); i++) {
        const dgmi_proof *p = choose(item, i);
        if (p == NULL)
            continue;
        const char *where = place_name(item, p);
        if (where == NULL) {
            item->no_memory = true;
            return;
        }
        size_t from = place_in_body(item, p);
        const char *value = p->value != NULL ? p->value : item->fields[tracked[i].field];
        dgm_evidence e = { .field = tracked[i].name,
                           .value = value,
                           .text = p->text,
                           .rule = p->rule,
                           .where = where,
                           .from = (uint32_t)from,
                           .to = (uint32_t)(from + strlen(p->text)) };
        dgmi_item_add_evidence(item, &e);
    }
}

void dgmi_item_set_late(dgmi_item *item, dgmi_field field, const char *value,
                        const char *rule)
{
    if (value == NULL || item->fields[field] != NULL)
        return;
    dgmi_item_set(item, field, dgmi_str_of(value));
    if (item->fields[field] == NULL)
        return;
    const char *set = item->fields[field];
    dgm_evidence e = { .field = dgmi_field_name(field),
                       .value = set,
                       .text = set,
                       .rule = rule,
                       .where = strcmp(rule, "declared") == 0
                                    ? "feed list"
                                    : "member title of the feed",
                       .to = (uint32_t)strlen(set) };
    dgmi_item_add_evidence(item, &e);
    if (field == DGMI_REGION)
        dgmi_prepare_warnings(item);
    else if (field == DGMI_SOURCE)
        dgmi_check_source(item);
}
