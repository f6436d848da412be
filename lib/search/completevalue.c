/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing what somebody types: values of fields. Depends on lib/index, lib/text,
 * lib/xapian. */
#include <string.h>

#include "complete.h"
#include "fail.h"
#include "fold.h"
#include "schema.h"

enum { OF_A_FIELD = 4, LOOK_AT_CLOCK = 256 };

static const char *const fields[] = { "region", "source", "topic", "speaker" };
enum { FIELDS = sizeof fields / sizeof fields[0] };

/* Whether a value, folded, begins as key does, or one of its words does. */
static bool fits(dgmi_str value, dgmi_str key)
{
    for (size_t i = 0; i + key.n <= value.n; i++) {
        bool begins = i == 0 || value.p[i - 1] == ' ';
        if (begins && memcmp(value.p + i, key.p, key.n) == 0)
            return true;
    }
    return false;
}

static dgm_status walk(dgmi_completer *c, const dgmi_schema_field *field, dgmi_str key,
                       size_t begin)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t items;
    dgmi_buf_reset(&c->term);
    dgmi_schema_exact(&c->term, field->prefix, "", 0);
    size_t skip = c->term.n;
    dgm_status status =
        dgmx_terms_all(c->desk->index->db, c->term.p, skip, &terms, c->err);
    for (size_t i = 0; status == DGM_OK && i < DGMI_COMPLETE_VALUES; i++) {
        if (i % LOOK_AT_CLOCK == LOOK_AT_CLOCK - 1 && dgmi_complete_late(c))
            break;
        status = dgmx_terms_next(terms, &term, NULL, &items, c->err);
        if (status != DGM_OK || !fits((dgmi_str){ term.p + skip, term.n - skip }, key))
            continue;
        dgm_proposal p = { .kind = field->name, .count = items };
        p.text = dgmi_arena_str(c->arena, (dgmi_str){ term.p + skip, term.n - skip });
        if (!p.text)
            status = dgmi_fail_memory(c->err);
        else
            dgmi_complete_offer(c, begin, OF_A_FIELD, &p);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* The value as a label: an item that has it keeps that in one of the field's slots. */
static const char *label_in(dgmi_completer *c, const dgmi_schema_field *field,
                            dgmx_doc *doc, const char *key)
{
    dgmx_bytes value;
    for (unsigned i = 0; i < field->slots; i++) {
        uint32_t slot = (uint32_t)field->slot + i;
        if (dgmx_doc_value(doc, slot, &value, NULL) != DGM_OK || value.n == 0)
            return NULL;
        dgmi_buf folded;
        dgmi_buf_init(&folded, 0);
        dgmi_fold_key(&folded, value.p, value.n);
        bool same = dgmi_str_eq(dgmi_buf_str(&folded), key);
        dgmi_buf_clear(&folded);
        if (same)
            return dgmi_arena_str(c->arena, (dgmi_str){ value.p, value.n });
    }
    return NULL;
}

static dgm_status find_label(dgmi_completer *c, const dgmi_schema_field *field,
                             dgm_proposal *p)
{
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    const char *label = NULL;
    dgmi_buf_reset(&c->term);
    dgmi_schema_exact(&c->term, field->prefix, p->text, strlen(p->text));
    dgm_status status =
        dgmx_db_find(c->desk->index->db, c->term.p, c->term.n, &id, c->err);
    if (status == DGM_OK)
        status = dgmx_doc_get(c->desk->index->db, id, &doc, c->err);
    if (status == DGM_OK)
        label = label_in(c, field, doc, p->text);
    dgmx_doc_free(doc);
    if (status != DGM_OK)
        return status;
    if (label && !strchr(label, '"'))
        p->text = label;
    p->query = dgmi_arena_printf(c->arena, "%s:\"%s\"", field->name, p->text);
    return p->query ? DGM_OK : dgmi_fail_memory(c->err);
}

/* Words leave the values at least half of the places. */
static void make_room(dgmi_completer *c, size_t words, size_t values)
{
    size_t room = c->limit - c->limit / 2;
    size_t kept = values < c->limit / 2 ? c->limit - values : room;
    if (words > kept) {
        memmove(c->list + kept, c->list + words, values * sizeof *c->list);
        c->n -= words - kept;
    }
    if (c->n > c->limit)
        c->n = c->limit;
}

dgm_status dgmi_complete_values(dgmi_completer *c)
{
    dgmi_buf key;
    dgm_status status = DGM_OK;
    size_t words = c->n;
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, c->q.p, c->q.n);
    dgmi_str wanted = dgmi_buf_str(&key);
    for (size_t f = 0; f < FIELDS && wanted.n > 1 && status == DGM_OK; f++) {
        const dgmi_schema_field *field = dgmi_schema_find(dgmi_str_of(fields[f]));
        size_t begin = c->n;
        status = walk(c, field, wanted, begin);
        for (size_t i = begin; i < c->n && status == DGM_OK; i++)
            status = find_label(c, field, &c->list[i]);
    }
    dgmi_buf_clear(&key);
    make_room(c, words, c->n - words);
    return status;
}
