/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Posts of WordPress' REST interface (/wp-json/wp/v2/posts and pages of other types) to
 * items. Depends on parcel.h. Its `rendered` texts are HTML: lib/read makes them plain.
 */
#include "parcel.h"

#include <string.h>

#include "fail.h"

/* {"rendered": ".."}, or the text itself where an interface was bent to give that. */
static dgmi_str rendered(const json_t *post, const char *name)
{
    const json_t *value = json_object_get(post, name);
    if (json_is_object(value))
        value = json_object_get(value, "rendered");
    return (dgmi_str){ json_string_value(value), json_string_length(value) };
}

/* The guid is that of the site's feed, so that an item that came by both is one. */
static void read_identity(dgmi_reading *r)
{
    dgmi_read_text(r, "link", DGMI_URL);
    dgmi_item_set(r->item, DGMI_ID, rendered(r->root, "guid"));
    dgmi_item_set(r->item, DGMI_TITLE, rendered(r->root, "title"));
    dgmi_read_text(r, "lang", DGMI_LANGUAGE);
}

/* The dates with _gmt are in UTC and have no zone; a draft's is all zeros. */
static void read_dates(dgmi_reading *r)
{
    static const char *const published[] = { "date_gmt", "date" };
    static const char *const updated[] = { "modified_gmt", "modified" };
    int64_t time;
    bool scheduled = dgmi_item_published(r->item) != DGM_NO_TIME;
    if ((dgmi_read_date(r, published[0], &time) ||
         dgmi_read_date(r, published[1], &time)) &&
        !scheduled)
        dgmi_item_set_published(r->item, time);
    if (dgmi_read_date(r, updated[0], &time) || dgmi_read_date(r, updated[1], &time))
        dgmi_item_set_updated(r->item, time);
}

/* A post that is to come out later has the date of that. */
static bool read_schedule(dgmi_reading *r)
{
    int64_t now = r->now, time;
    r->now = INT64_MAX / 2;
    bool known = dgmi_read_date(r, "date_gmt", &time) || dgmi_read_date(r, "date", &time);
    r->now = now;
    if (known) {
        dgmi_item_set_embargo(r->item, time);
        dgmi_item_set_published(r->item, time);
    }
    return known;
}

static void read_status_of(dgmi_reading *r)
{
    static const char *const hidden[] = { "draft", "pending", "private", "future",
                                          "auto-draft" };
    dgmi_str status = dgmi_str_of(dgmi_json_member(r->root, "status"));
    if (dgmi_str_eq(status, "future") && read_schedule(r))
        return;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        if (dgmi_str_eq(status, hidden[i]))
            dgmi_item_set_status(r->item, DGM_WITHHELD);
    }
    if (dgmi_str_eq(status, "trash"))
        dgmi_item_set_status(r->item, DGM_CANCELED);
}

static void read_content(dgmi_reading *r)
{
    dgmi_str text = rendered(r->root, "content");
    if (dgmi_str_trim(text).n == 0) /* protected, or not asked for */
        text = rendered(r->root, "excerpt");
    if (dgmi_str_trim(text).n > 0)
        dgmi_item_set_markup(r->item, text);
}

/* ?_embed=1 brings the names of what else are numbers. */
static void read_embedded(dgmi_reading *r)
{
    const json_t *more = json_object_get(r->root, "_embedded");
    const json_t *lists = json_object_get(more, "wp:term");
    for (size_t i = 0; i < json_array_size(lists); i++) {
        const json_t *terms = json_array_get(lists, i);
        for (size_t k = 0; k < json_array_size(terms); k++) {
            const char *name = dgmi_json_member(json_array_get(terms, k), "name");
            dgmi_item_add_category(r->item, dgmi_str_of(name));
        }
    }
    const json_t *author = json_array_get(json_object_get(more, "author"), 0);
    dgmi_item_set(r->item, DGMI_AUTHOR, dgmi_str_of(dgmi_json_member(author, "name")));
}

/* What search engines are told of the page names the site and the author. */
static void read_hints(dgmi_reading *r)
{
    const json_t *hints = json_object_get(r->root, "yoast_head_json");
    json_t *site = json_object_get(hints, "og_site_name");
    if (json_is_string(site) && json_object_set(r->root, "site", site) == 0)
        r->late_source = json_string_value(site);
    if (dgmi_item_get(r->item, DGMI_AUTHOR) == NULL)
        dgmi_item_set(r->item, DGMI_AUTHOR,
                      dgmi_str_of(dgmi_json_member(hints, "author")));
}

/* Addresses of other documents, and the page's head over again. Numbers that only the
 * site understands keep a name that is not one of an item's own. */
static void drop_ballast(json_t *post)
{
    static const char *const names[] = {
        "guid",      "title",      "content", "excerpt", "_links",
        "_embedded", "yoast_head", "status",  "author",  "yoast_head_json",
        "date",      "modified",   "id"
    };
    json_t *id = json_object_get(post, "id"), *author = json_object_get(post, "author");
    if (json_is_integer(id))
        json_object_set(post, "post", id);
    if (json_is_integer(author))
        json_object_set(post, "author_number", author);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_object_del(post, names[i]);
}

static dgm_status fill(dgmi_reading *r, const void *with, dgm_error *err)
{
    (void)with;
    if (json_object_get(r->root, "code") != NULL &&
        json_object_get(r->root, "title") == NULL)
        return dgmi_fail(err, DGM_E_ARG, "an error message of WordPress, not a post");
    read_identity(r);
    read_status_of(r);
    read_dates(r);
    read_content(r);
    read_embedded(r);
    read_hints(r);
    drop_ballast(r->root);
    return DGM_OK;
}

dgm_status dgmi_wordpress_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                               dgm_error *err)
{
    dgmi_parcels all = { visit, user, text };
    json_t *root = NULL;
    dgm_status status = dgmi_parcels_load(&all, &root, err);
    if (root != NULL)
        status = dgmi_parcels_give(&all, root, true, fill, NULL, err);
    json_decref(root);
    return status;
}
