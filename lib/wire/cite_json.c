/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Citations as JSON: written into pages, and read back to be checked. Depends on jansson,
 * json_out.h, item_read.h. */
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "item_read.h"
#include "json_out.h"

enum { HITS_MAX = 100000, HEX = 64 };

/* ---- Writing ---- */

static void put_cited(dgmi_buf *out, const dgm_hit *hit)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", hit->id);
    dgmi_json_put_text(out, "place", hit->cited->place);
    dgmi_json_put_text(out, "record", hit->cited->record);
    dgmi_json_put_text(out, "sha256", hit->cited->sha256);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_put_citation(dgmi_buf *out, const dgm_page *page)
{
    const dgm_citation *c = page->citation;
    dgmi_buf link;
    dgmi_buf_init(&link, 0);
    dgmi_buf_puts(&link, "/v1/search?");
    dgmi_buf_puts(&link, c->request);
    dgmi_json_key(out, "cite");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "query", page->query_text);
    dgmi_json_put_text(out, "parsed", page->query_parsed);
    dgmi_json_put_text(out, "permalink", link.failed ? NULL : link.p);
    dgmi_json_put_text(out, "place", c->place);
    dgmi_json_put_number(out, "generation", c->generation);
    dgmi_json_put_text(out, "revision", page->revision);
    dgmi_json_put_time(out, "made", c->made);
    dgmi_json_put_number(out, "total", page->total);
    dgmi_json_put_number(out, "first", c->first);
    dgmi_json_key(out, "hits");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_hits; i++) {
        dgmi_buf_puts(out, i > 0 ? "," : "");
        put_cited(out, &page->hits[i]);
    }
    dgmi_buf_puts(out, "]}");
    out->failed = out->failed || link.failed;
    dgmi_buf_clear(&link);
}

/* ---- Reading ---- */

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is_digest(const char *text)
{
    return text && strlen(text) == HEX && strspn(text, "0123456789abcdef") == HEX;
}

static dgm_status read_hit(const json_t *hit, size_t i, dgmi_cited_item *out,
                           dgm_error *err)
{
    *out = (dgmi_cited_item){ text_of(hit, "id"),
                              { .place = text_of(hit, "place"),
                                .record = text_of(hit, "record"),
                                .sha256 = text_of(hit, "sha256") } };
    const char *what = !out->id || !*out->id           ? "id"
                       : !out->cited.place             ? "place"
                       : !is_digest(out->cited.record) ? "record"
                                                       : NULL;
    if (what)
        return dgmi_fail(err, DGM_E_ARG, "hits[%zu] of the citation has no \"%s\"", i,
                         what);
    return DGM_OK;
}

static dgm_status read_hits(const json_t *cite, dgmi_citation *out, dgm_error *err)
{
    const json_t *hits = json_object_get(cite, "hits");
    dgm_status status = DGM_OK;
    if (!json_is_array(hits) || !text_of(cite, "place"))
        return dgmi_fail(
            err, DGM_E_ARG,
            "not a citation: the member cite of a reply, or the whole reply, "
            "is wanted");
    if (json_array_size(hits) > HITS_MAX)
        return dgmi_fail(err, DGM_E_ARG, "a citation of more than %d items", HITS_MAX);
    out->permalink = text_of(cite, "permalink");
    out->items = calloc(json_array_size(hits) + 1, sizeof *out->items);
    if (!out->items)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < json_array_size(hits) && status == DGM_OK; i++)
        status = read_hit(json_array_get(hits, i), i, &out->items[out->n++], err);
    return status;
}

dgm_status dgmi_json_read_citation(dgmi_str text, dgmi_citation *out, dgm_error *err)
{
    json_t *root = NULL;
    memset(out, 0, sizeof *out);
    dgm_status status = dgmi_json_load(text, JSON_REJECT_DUPLICATES, &root, err);
    if (status != DGM_OK)
        return status;
    out->owner = root;
    const json_t *cite = json_object_get(root, "cite");
    status = read_hits(cite ? cite : root, out, err);
    if (status != DGM_OK)
        dgmi_citation_clear(out);
    return status;
}

void dgmi_citation_clear(dgmi_citation *citation)
{
    json_decref(citation->owner);
    free(citation->items);
    memset(citation, 0, sizeof *citation);
}
