/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ninjs (news in JSON, IPTC) 1.x, 2.x, 3.x and Superdesk's dialect to items: which member
 * is what. Depends on ninjs_text.c, parcel.h. */
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "ninjs.h"
#include "topics.h"

enum { WRAPS_MAX = 4 }; /* replies inside replies */

/* ---- Who, when, what about ---- */

/* The first of these members that is a date. */
static bool read_first_date(dgmi_reading *r, const char *const *names, int64_t *time)
{
    for (; *names != NULL; names++) {
        if (dgmi_read_date(r, *names, time))
            return true;
    }
    return false;
}

/* The version's time is the update's; the item was published when it first was. */
static void read_dates(dgmi_reading *r)
{
    static const char *const versions[] = { "versioncreated", "versionCreated", NULL };
    static const char *const firsts[] = { "firstpublished", "firstPublished",
                                          "firstcreated", "firstCreated", NULL };
    static const char *const contents[] = { "contentcreated", "contentCreated", NULL };
    int64_t version, first;
    bool dated = read_first_date(r, versions, &version);
    if (dated)
        dgmi_item_set_updated(r->item, version);
    if (read_first_date(r, firsts, &first))
        dgmi_item_set_published(r->item, first);
    else if (dated)
        dgmi_item_set_published(r->item, version);
    else if (read_first_date(r, contents, &first))
        dgmi_item_set_published(r->item, first);
}

static void read_embargo(dgmi_reading *r)
{
    static const char *const names[] = { "embargoed", "embargoeduntil", "embargoedUntil",
                                         "embargoedAt" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        dgmi_read_embargo(r, names[i]);
}

static dgm_item_status read_status(dgmi_reading *r)
{
    static const char *const names[] = { "pubstatus", "pubStatus" };
    dgm_item_status status = DGM_USABLE;
    for (size_t i = 0; i < 2; i++) {
        if (dgmi_read_status(r, names[i], &status))
            break;
    }
    read_embargo(r);
    dgmi_item_set_status(r->item, status);
    return status;
}

static bool holds(dgmi_str s, const char *what)
{
    return s.n > 0 && memmem(s.p, s.n, what, strlen(what)) != NULL;
}

/* A label without a name: what its code stands for, if that is known. */
static void add_code(dgmi_reading *r, const json_t *label)
{
    static const char *const members[] = { "qcode", "uri", "code" };
    dgmi_str scheme = dgmi_str_of(dgmi_json_member(label, "scheme"));
    char full[64];
    dgmi_topic topic;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *code = dgmi_json_member(label, members[i]);
        if (code == NULL)
            continue;
        if (dgmi_topic_find(dgmi_str_of(code), &topic)) {
            dgmi_item_add_topic(r->item, dgmi_str_of(code));
            return;
        }
        bool media = strncmp(code, "20", 2) == 0 || holds(scheme, "mediatopic") ||
                     holds(scheme, "medtop");
        snprintf(full, sizeof full, "%s%.20s", media ? "medtop:" : "subj:", code);
        if (dgmi_topic_find(dgmi_str_of(full), &topic)) {
            dgmi_item_add_topic(r->item, dgmi_str_of(full));
            return;
        }
    }
}

/* A label's name. The code beside it stays in `extra`: the member is not taken out. */
static void add_topics(dgmi_reading *r, const char *member)
{
    const json_t *labels = json_object_get(r->root, member);
    size_t n = json_is_array(labels) ? json_array_size(labels) : labels != NULL;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_array(labels) ? json_array_get(labels, i) : labels;
        const json_t *name = json_is_object(one) ? json_object_get(one, "name") : one;
        if (json_is_string(name))
            dgmi_item_add_topic(r->item, dgmi_str_of(json_string_value(name)));
        else
            add_code(r, one);
    }
}

/* The first name in a member that is text, an object or an array of these. */
static const char *name_in(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_is_object(value) ? dgmi_json_member(value, "name")
                                 : json_string_value(value);
}

/* `source` is who issued it; who is named as origin or holds the rights may be. */
static void read_source(dgmi_reading *r)
{
    static const char *const others[] = { "infosource",      "infosources",
                                          "infoSources",     "copyrightholder",
                                          "copyrightHolder", NULL };
    dgmi_read_text(r, "source", DGMI_SOURCE);
    dgmi_read_text(r, "provider", DGMI_PROVIDER);
    for (size_t i = 0; others[i] != NULL && r->late_source == NULL; i++)
        r->late_source = name_in(json_object_get(r->root, others[i]));
}

static void read_author(dgmi_reading *r)
{
    if (!dgmi_read_text(r, "byline", DGMI_AUTHOR) &&
        !dgmi_read_text(r, "by", DGMI_AUTHOR))
        dgmi_read_author(r, "authors");
}

/* ---- Links ---- */

static void read_links(dgmi_reading *r)
{
    static const char *const names[] = { "evolvedfrom", "evolvedFrom", "rewrite_of" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (dgmi_read_text(r, names[i], DGMI_EVOLVED_FROM))
            break;
    }
    const json_t *more = json_object_get(r->root, "extra");
    dgmi_item_set(r->item, DGMI_TRANSLATION_OF,
                  dgmi_str_of(dgmi_json_member(more, "translation_of")));
}

/* Superdesk has `guid` instead of `uri` (of old `_id`); where both stand, the guid is
 * another's. */
static bool read_id(dgmi_reading *r)
{
    const char *uri = dgmi_json_member(r->root, "uri");
    if (dgmi_str_starts_nocase(dgmi_str_of(uri), "http"))
        dgmi_item_set(r->item, DGMI_URL, dgmi_str_of(uri));
    return dgmi_read_text(r, "uri", DGMI_ID) || dgmi_read_text(r, "guid", DGMI_ID) ||
           dgmi_read_text(r, "_id", DGMI_ID);
}

/* Text, or something around a text. */
static bool is_prose(const dgmi_reading *r)
{
    dgmi_str type = dgmi_str_of(dgmi_json_member(r->root, "type"));
    return type.n == 0 || dgmi_str_eq(type, "text") || dgmi_str_eq(type, "composite");
}

static dgm_status check_type(const dgmi_reading *r, dgmi_ninjs_text text, dgm_error *err)
{
    const char *type = dgmi_json_member(r->root, "type");
    bool described =
        text == DGMI_NINJS_BODY ||
        (text == DGMI_NINJS_DESCRIPTION && dgmi_item_get(r->item, DGMI_TITLE) != NULL);
    if (described || type == NULL || strcmp(type, "text") == 0)
        return DGM_OK;
    return dgmi_fail(err, DGM_E_ARG, "%s",
                     "its type is not text, and it has neither a body nor a headline "
                     "with a description");
}

static dgm_status fill(dgmi_reading *r, const void *with, dgm_error *err)
{
    (void)with;
    if (!read_id(r))
        return dgmi_fail(err, DGM_E_ARG, "neither uri nor guid");
    dgmi_read_text(r, "version", DGMI_VERSION);
    dgmi_read_text(r, "language", DGMI_LANGUAGE);
    read_dates(r);
    read_source(r);
    read_author(r);
    read_links(r);
    add_topics(r, "subject");
    add_topics(r, "subjects");
    add_topics(r, "service");
    dgmi_ninjs_read_title(r);
    dgmi_ninjs_text text = dgmi_ninjs_read_body(r, is_prose(r));
    if (read_status(r) == DGM_CANCELED)
        return DGM_OK; /* it may end one that was taken */
    return check_type(r, text, err);
}

/* ---- Where items lie in a document ---- */

static bool is_item(const json_t *value)
{
    return json_object_get(value, "uri") != NULL ||
           json_object_get(value, "guid") != NULL;
}

/* What a reply of an API holds its items in, or NULL. */
static json_t *wrapped(const json_t *value)
{
    static const char *const names[] = { "item", "items", "_items", "data" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *inner = json_object_get(value, names[i]);
        if (json_is_object(inner) || json_is_array(inner))
            return inner;
    }
    return NULL;
}

static dgm_status give(const dgmi_parcels *all, json_t *value, int level, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (json_is_array(value)) {
        for (size_t i = 0; status == DGM_OK && i < json_array_size(value); i++)
            status = give(all, json_array_get(value, i), level + 1, err);
        return status;
    }
    json_t *inner = is_item(value) || level > 2 * WRAPS_MAX ? NULL : wrapped(value);
    if (inner != NULL)
        return give(all, inner, level + 1, err);
    return dgmi_parcels_give(all, value, level == 0, fill, NULL, err);
}

dgm_status dgmi_ninjs_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                           dgm_error *err)
{
    dgmi_parcels all = { visit, user, text };
    json_t *root = NULL;
    dgm_status status = dgmi_parcels_load(&all, &root, err);
    if (root != NULL)
        status = give(&all, root, 0, err);
    json_decref(root);
    return status;
}
