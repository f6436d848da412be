/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order in which an item is cleaned and completed. Depends on build.h and lib/base.
 */
#include "build.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "hash.h"
#include "utf8.h"

enum { FIRST_LINE_MAX = 400 }; /* bytes of a first line that can be a headline */

static dgmi_str str_of(const dgmi_para *para)
{
    return (dgmi_str){ para->text, para->n };
}

/* A part of a paragraph as a paragraph of its own. */
static void push_part(dgmi_item *item, dgmi_str part, bool block)
{
    size_t n;
    const char *text = dgmi_item_clean(item, part, &n);
    if (text != NULL)
        dgmi_item_push(item, text, n, block);
}

/* Cuts one paragraph where boilerplate that begins or ends it stops, so that afterwards a
 * paragraph is boilerplate or is none. */
static void split_paragraph(dgmi_item *item, const dgmi_para *para, bool near_end)
{
    dgmi_str rest = str_of(para);
    bool block = para->block;
    for (;;) {
        dgmi_found found = dgmi_boilerplate(rest, DGMI_ANYWHERE);
        if (found.kind == NULL || found.used >= rest.n)
            break;
        push_part(item, (dgmi_str){ rest.p, found.used }, block);
        rest = dgmi_str_trim(dgmi_str_skip(rest, found.used));
        block = false;
    }
    size_t closing = near_end ? dgmi_closing_mark(rest) : 0;
    if (closing > 0) {
        push_part(item, (dgmi_str){ rest.p, rest.n - closing }, block);
        push_part(item, dgmi_str_skip(rest, rest.n - closing), false);
    } else if (rest.n == para->n) {
        dgmi_item_push(item, para->text, para->n, block);
    } else {
        push_part(item, rest, block);
    }
}

static void split_paragraphs(dgmi_item *item)
{
    dgmi_para *old = item->paras;
    size_t n = item->n_paras;
    item->paras = NULL;
    item->n_paras = item->cap_paras = 0;
    for (size_t i = 0; i < n; i++)
        split_paragraph(item, &old[i], i + 4 > n);
    free(old);
}

static bool is_title(const dgmi_item *item, dgmi_str text)
{
    const char *title = item->fields[DGMI_TITLE];
    return title != NULL && dgmi_str_eq_nocase(text, title);
}

/* An item without a title whose first line stands above the marks: that line is the
 * headline. */
static bool takes_first_line(dgmi_item *item)
{
    if (item->fields[DGMI_TITLE] != NULL || item->n_paras < 2)
        return false;
    const dgmi_para *first = &item->paras[0];
    dgmi_found second = dgmi_boilerplate(str_of(&item->paras[1]), DGMI_HEAD);
    if (first->n > FIRST_LINE_MAX || second.kind == NULL ||
        second.mark == DGMI_MARK_NONE ||
        dgmi_boilerplate(str_of(first), DGMI_HEAD).kind != NULL)
        return false;
    dgmi_item_set(item, DGMI_TITLE, str_of(first));
    return true;
}

/* The boilerplate a paragraph of the head is, the repeated title included. */
static dgmi_found look_at_head(const dgmi_item *item, dgmi_str text)
{
    dgmi_found found = dgmi_boilerplate(text, DGMI_HEAD);
    if (found.kind == NULL && is_title(item, text))
        found = (dgmi_found){ "headline", DGMI_MARK_NONE, text, text.n };
    return found;
}

/* Where the content begins and ends. A head that is the whole item leaves no tail. */
static void find_zones(const dgmi_item *item, size_t from, size_t *head, size_t *tail)
{
    *head = from;
    while (*head < item->n_paras &&
           look_at_head(item, str_of(&item->paras[*head])).kind != NULL)
        (*head)++;
    *tail = item->n_paras;
    while (*tail > *head &&
           dgmi_boilerplate(str_of(&item->paras[*tail - 1]), DGMI_TAIL).kind != NULL)
        (*tail)--;
}

void dgmi_prepare_asides(dgmi_item *item)
{
    split_paragraphs(item);
    if (dgmi_item_failed(item) || item->n_paras == 0)
        return;
    size_t head, tail, kept = 0, first = takes_first_line(item) ? 1 : 0;
    bool carried = first == 1 && item->paras[0].block;
    find_zones(item, first, &head, &tail);
    for (size_t i = first; i < item->n_paras; i++) {
        dgmi_para para = item->paras[i];
        dgmi_found found = i < head    ? look_at_head(item, str_of(&para))
                           : i >= tail ? dgmi_boilerplate(str_of(&para), DGMI_TAIL)
                                       : dgmi_boilerplate(str_of(&para), DGMI_MIDDLE);
        para.block = para.block || carried;
        carried = false;
        if (found.kind == NULL) {
            item->paras[kept++] = para;
            continue;
        }
        dgmi_item_add_aside(item, found.kind, str_of(&para), (uint32_t)kept);
        dgmi_apply_found(item, &found, str_of(&para));
        carried = para.block;
    }
    item->n_paras = kept;
}

/* A title of megabytes would be shown, and weighted, everywhere. */
static void cut_title(dgmi_item *item)
{
    const char *title = item->fields[DGMI_TITLE];
    if (title == NULL)
        return;
    size_t n = strlen(title), at = 0;
    for (size_t count = 0; at < n && count < DGMI_TITLE_MAX; count++) {
        do
            at++;
        while (at < n && ((unsigned char)title[at] & 0xC0) == 0x80);
    }
    if (at == n)
        return;
    dgmi_item_add_aside(item, "other", (dgmi_str){ title + at, n - at }, 0);
    dgmi_item_set(item, DGMI_TITLE, (dgmi_str){ title, at });
}

static void set_digest_id(dgmi_item *item, const char *hex)
{
    char id[7 + 16 + 1] = "sha256-";
    memcpy(id + 7, hex, 16);
    dgmi_item_set(item, DGMI_ID, dgmi_str_of(id));
}

static void identify(dgmi_item *item, const void *raw, size_t n)
{
    char hex[DGMI_SHA256_HEX];
    dgmi_sha256_hex(raw, n, hex);
    dgmi_item_set(item, DGMI_SHA256, dgmi_str_of(hex));
    if (item->fields[DGMI_ID] == NULL)
        item->fields[DGMI_ID] = item->fields[DGMI_URL];
    const char *id = item->fields[DGMI_ID];
    if (id == NULL) {
        set_digest_id(item, hex);
    } else if (strlen(id) > DGMI_ID_MAX) {
        dgmi_sha256_hex(id, strlen(id), hex);
        set_digest_id(item, hex);
    }
}

static dgm_status check(const dgmi_item *item, dgm_error *err)
{
    if (item->refused != NULL)
        return dgmi_fail(err, DGM_E_ARG, "%s", item->refused);
    if (item->no_memory)
        return dgmi_fail_memory(err);
    if (item->status == DGM_CANCELED)
        return DGM_OK; /* a withdrawal often has nothing but the id */
    if (item->fields[DGMI_TITLE] == NULL && item->n_paras == 0)
        return dgmi_fail(err, DGM_E_ARG, "neither a title nor a body");
    return DGM_OK;
}

dgm_status dgmi_item_prepare(dgmi_item *item, const void *raw, size_t n, dgm_error *err)
{
    item->given_source = item->fields[DGMI_SOURCE] != NULL;
    item->given_region = item->fields[DGMI_REGION] != NULL;
    dgmi_prepare_given(item);
    dgmi_prepare_title(item);
    dgmi_prepare_asides(item);
    dgmi_prepare_agency(item);
    dgmi_prepare_provenance(item);
    dgmi_prepare_edition(item);
    dgmi_prepare_language(item);
    dgmi_prepare_turns(item);
    dgmi_prepare_headline(item);
    cut_title(item);
    dgmi_prepare_evidence(item);
    dgmi_prepare_warnings(item);
    identify(item, raw, n);
    if (item->fetched == DGM_NO_TIME)
        item->fetched = dgmi_wall_time();
    return check(item, err);
}
