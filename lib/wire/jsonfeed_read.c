/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Feed 1.0 and 1.1 to items (ecosystem: jsonfeed.org/version/1.1). Depends on
 * parcel.h. */
#include "parcel.h"

#include <string.h>

#include "fail.h"

/* HTML before text, and the summary where neither is given. */
static void read_content(dgmi_reading *r)
{
    static const char *const names[] = { "content_html", "content_text", "summary" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *value = json_object_get(r->root, names[i]);
        dgmi_str text = { json_string_value(value), json_string_length(value) };
        if (dgmi_str_trim(text).n == 0)
            continue;
        if (i == 0)
            dgmi_item_set_markup(r->item, text);
        else
            dgmi_item_add_text(r->item, text);
        json_object_del(r->root, names[i]);
        return;
    }
}

/* The item's own authors, else the feed's; 1.0 has one `author`. */
static void read_authors(dgmi_reading *r, const json_t *feed)
{
    static const char *const names[] = { "authors", "author" };
    for (size_t i = 0; i < 2; i++) {
        if (dgmi_item_get(r->item, DGMI_AUTHOR) == NULL)
            dgmi_read_author(r, names[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        json_t *given = json_object_get(feed, names[i]);
        if (given == NULL || dgmi_item_get(r->item, DGMI_AUTHOR) != NULL)
            continue;
        dgmi_reading of_feed = { .root = json_pack("{s:O}", names[i], given),
                                 .item = r->item };
        dgmi_read_author(&of_feed, names[i]);
        json_decref(of_feed.root);
    }
}

static dgm_status fill(dgmi_reading *r, const void *with, dgm_error *err)
{
    const json_t *feed = with;
    int64_t time;
    (void)err;
    dgmi_read_text(r, "id", DGMI_ID);
    dgmi_read_text(r, "title", DGMI_TITLE);
    if (!dgmi_read_text(r, "url", DGMI_URL))
        dgmi_read_text(r, "external_url", DGMI_URL);
    read_content(r);
    if (dgmi_read_date(r, "date_published", &time))
        dgmi_item_set_published(r->item, time);
    if (dgmi_read_date(r, "date_modified", &time))
        dgmi_item_set_updated(r->item, time);
    dgmi_read_labels(r, "tags", dgmi_item_add_topic);
    read_authors(r, feed);
    if (!dgmi_read_text(r, "language", DGMI_LANGUAGE)) {
        dgmi_item_set(r->item, DGMI_LANGUAGE,
                      dgmi_str_of(dgmi_json_member(feed, "language")));
        dgmi_item_set_origin(r->item, DGMI_LANGUAGE, "language of the feed");
    }
    r->late_source = dgmi_json_member(feed, "title");
    return DGM_OK;
}

dgm_status dgmi_jsonfeed_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                              dgm_error *err)
{
    dgmi_parcels all = { visit, user, text };
    json_t *feed = NULL;
    dgm_status status = dgmi_parcels_load(&all, &feed, err);
    if (feed == NULL)
        return status;
    json_t *items = json_object_get(feed, "items");
    if (!json_is_array(items))
        status = dgmi_parcels_refuse(&all, "items: not an array", err);
    for (size_t i = 0; status == DGM_OK && i < json_array_size(items); i++)
        status =
            dgmi_parcels_give(&all, json_array_get(items, i), false, fill, feed, err);
    json_decref(feed);
    return status;
}
