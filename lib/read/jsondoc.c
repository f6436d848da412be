/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON documents that hold items: JSON Feed, ninjs, WordPress. Depends on reader.h,
 * lib/wire. The document may hold several objects, in an array or one after the other. */
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "reader.h"
#include "wire.h"

typedef dgm_status (*read_object)(dgmi_str text, dgmi_parcel_visit visit, void *user,
                                  dgm_error *err);

typedef struct run {
    const dgmi_source *source;
    const dgmi_sink *sink;
    read_object read;
    const dgmi_field *html; /* fields that may hold HTML, up to DGMI_FIELDS; or NULL */
    size_t number;          /* of the item */
} run;

static void clean_field(dgmi_item *item, dgmi_field field)
{
    const char *text = dgmi_item_get(item, field);
    dgmi_str s = dgmi_str_of(text);
    if (text == NULL || (!dgmi_has_tags(s) && strchr(text, '&') == NULL))
        return;
    dgmi_buf line;
    dgmi_buf_init(&line, DGMI_ITEM_MAX);
    dgmi_html_text(&line, s);
    if (!line.failed)
        dgmi_item_set(item, field, dgmi_buf_str(&line));
    dgmi_buf_clear(&line);
}

static dgm_status take_parcel(void *user, const dgmi_parcel *parcel, dgm_error *err)
{
    run *r = user;
    char where[DGMI_WHERE_SIZE];
    snprintf(where, sizeof where, "%.1100s:item %zu", r->source->name, ++r->number);
    if (parcel->item == NULL)
        return dgmi_reject(r->source, r->sink, where, parcel->reason, parcel->raw, err);
    for (const dgmi_field *f = r->html; f != NULL && *f != DGMI_FIELDS; f++)
        clean_field(parcel->item, *f);
    dgmi_delivery d = { r->source,           r->sink, where, parcel->raw, parcel->raw,
                        parcel->late_source, false };
    return dgmi_deliver(&d, parcel->item, err);
}

static dgm_status take_object(void *user, dgmi_str text, dgm_error *err)
{
    run *r = user;
    return r->read(text, take_parcel, r, err);
}

static dgm_status read_document(run *r, const char *p, size_t n, dgm_error *err)
{
    dgmi_buf utf8;
    dgmi_lines *objects = dgmi_objects_new(r->source, r->sink, take_object, r);
    dgm_status status = objects != NULL ? DGM_OK : dgmi_fail_memory(err);
    dgmi_buf_init(&utf8, (size_t)2 * DGMI_DOCUMENT_MAX);
    if (status == DGM_OK && dgmi_is_wide(p, n)) {
        status = dgmi_to_utf8(&utf8, p, n, NULL, NULL, err);
        p = utf8.p;
        n = utf8.n;
    } else if (dgmi_str_starts((dgmi_str){ p, n }, "\xEF\xBB\xBF")) {
        p += 3;
        n -= 3;
    }
    if (status == DGM_OK)
        status = dgmi_lines_feed(objects, p, n, err);
    if (status == DGM_OK)
        status = dgmi_lines_end(objects, err);
    dgmi_lines_free(objects);
    dgmi_buf_clear(&utf8);
    return status;
}

dgm_status dgmi_read_jsonfeed(const dgmi_source *source, const char *p, size_t n,
                              const dgmi_sink *sink, dgm_error *err)
{
    run r = { .source = source, .sink = sink, .read = dgmi_jsonfeed_read };
    return read_document(&r, p, n, err);
}

dgm_status dgmi_read_ninjs(const dgmi_source *source, const char *p, size_t n,
                           const dgmi_sink *sink, dgm_error *err)
{
    static const dgmi_field html[] = { DGMI_TITLE, DGMI_FIELDS };
    run r = { source, sink, dgmi_ninjs_read, html, 0 };
    return read_document(&r, p, n, err);
}

dgm_status dgmi_read_wordpress(const dgmi_source *source, const char *p, size_t n,
                               const dgmi_sink *sink, dgm_error *err)
{
    static const dgmi_field html[] = { DGMI_TITLE, DGMI_ID, DGMI_URL, DGMI_AUTHOR,
                                       DGMI_FIELDS };
    run r = { source, sink, dgmi_wordpress_read, html, 0 };
    return read_document(&r, p, n, err);
}
