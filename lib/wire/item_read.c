/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON objects to items: the archive's own lines and anybody's NDJSON. Depends on
 * jansson, lib/item. */
#include "item_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "date.h"
#include "fail.h"
#include "item.h"

typedef dgmi_reading reading;

/* Members that the writer writes itself: what is not understood of one keeps its value
 * under another name, lest a line holds a name twice. */
static const char *const reserved[] = {
    "dgm",
    "id",
    "version",
    "title",
    "title_derived",
    "published",
    "updated",
    "fetched",
    "embargo",
    "successor",
    "ancestors",
    "original_id",
    "region",
    "country",
    "source",
    "provider",
    "agency",
    "author",
    "language",
    "translated",
    "original_language",
    "url",
    "topics",
    "names",
    "links",
    "status",
    "body",
    "turns",
    "boilerplate",
    "provenance",
    "warnings",
    "sha256",
};

static const struct {
    const char *name;
    dgmi_field field;
} text_members[] = {
    { "id", DGMI_ID },
    { "version", DGMI_VERSION },
    { "title", DGMI_TITLE },
    { "region", DGMI_REGION },
    { "country", DGMI_COUNTRY },
    { "source", DGMI_SOURCE },
    { "provider", DGMI_PROVIDER },
    { "agency", DGMI_AGENCY },
    { "language", DGMI_LANGUAGE },
    { "original_language", DGMI_ORIGINAL_LANGUAGE },
    { "url", DGMI_URL },
    { "sha256", DGMI_SHA256 },
};

/* Brackets inside brackets, strings aside; stops counting at the limit. */
static bool too_deep(const char *p, size_t n)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if ((c == '{' || c == '[') && ++depth > DGMI_JSON_DEPTH) {
            return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

bool dgmi_json_text(const json_t *value, char *digits, dgmi_str *text)
{
    if (json_is_string(value)) {
        *text = (dgmi_str){ json_string_value(value), json_string_length(value) };
        return true;
    }
    if (json_is_integer(value))
        snprintf(digits, DGMI_NUMBER_SIZE, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(digits, DGMI_NUMBER_SIZE, "%.15g", json_real_value(value));
    else if (json_is_null(value))
        digits[0] = '\0';
    else
        return false;
    *text = dgmi_str_of(digits);
    return true;
}

bool dgmi_read_text(reading *r, const char *name, dgmi_field field)
{
    char digits[DGMI_NUMBER_SIZE];
    dgmi_str text;
    json_t *value = json_object_get(r->root, name);
    if (value == NULL || !dgmi_json_text(value, digits, &text))
        return false;
    bool filled = dgmi_str_trim(text).n > 0;
    dgmi_item_set(r->item, field, text);
    dgmi_item_set_origin(r->item, field, name);
    json_object_del(r->root, name);
    return filled;
}

static void read_texts(reading *r)
{
    for (size_t i = 0; i < sizeof text_members / sizeof *text_members; i++)
        dgmi_read_text(r, text_members[i].name, text_members[i].field);
}

/* A number as a date: a year, or seconds or milliseconds since 1970. */
static bool date_of_number(int64_t v, int64_t now, int64_t *time)
{
    char year[DGMI_NUMBER_SIZE];
    if (v >= 1 && v <= 9999) {
        snprintf(year, sizeof year, "%04d", (int)v);
        return dgmi_item_date(dgmi_str_of(year), now, time);
    }
    *time = v >= INT64_C(100000000000) ? v / 1000 : v;
    return *time >= 100000000 && *time <= now + 48 * 3600;
}

bool dgmi_read_date(reading *r, const char *name, int64_t *time)
{
    json_t *value = json_object_get(r->root, name);
    bool known = false;
    if (json_is_integer(value))
        known = date_of_number(json_integer_value(value), r->now, time);
    else if (json_is_string(value))
        known = dgmi_item_date(dgmi_str_of(json_string_value(value)), r->now, time);
    bool empty =
        json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
    if (known || empty)
        json_object_del(r->root, name);
    return known;
}

bool dgmi_read_embargo(reading *r, const char *name)
{
    int64_t now = r->now, until;
    r->now = INT64_MAX / 2; /* an embargo may lie ahead */
    bool known = dgmi_read_date(r, name, &until);
    r->now = now;
    if (known)
        dgmi_item_set_embargo(r->item, until);
    return known;
}

static void read_dates(reading *r)
{
    int64_t time;
    if (dgmi_read_date(r, "published", &time) ||
        (!r->prepared && dgmi_read_date(r, "date", &time)))
        dgmi_item_set_published(r->item, time);
    if (dgmi_read_date(r, "updated", &time))
        dgmi_item_set_updated(r->item, time);
    if (dgmi_read_date(r, "fetched", &time))
        dgmi_item_set_fetched(r->item, time);
    dgmi_read_embargo(r, "embargo");
}

/* The name in "name", {"name": ..} or {"code": ..}. */
static bool label_of(const json_t *value, char *digits, dgmi_str *text)
{
    if (json_is_object(value)) {
        const json_t *name = json_object_get(value, "name");
        value = json_is_string(name) ? name : json_object_get(value, "code");
    }
    return value != NULL && dgmi_json_text(value, digits, text);
}

void dgmi_read_labels(reading *r, const char *name, void (*add)(dgmi_item *, dgmi_str))
{
    char digits[DGMI_NUMBER_SIZE];
    dgmi_str text;
    json_t *value = json_object_get(r->root, name);
    bool all = value != NULL;
    if (!json_is_array(value) && value != NULL) {
        all = label_of(value, digits, &text);
        if (all)
            add(r->item, text);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (label_of(json_array_get(value, i), digits, &text))
            add(r->item, text);
        else
            all = false;
    }
    if (all)
        json_object_del(r->root, name);
}

void dgmi_read_author(reading *r, const char *name)
{
    char digits[DGMI_NUMBER_SIZE];
    dgmi_str text;
    dgmi_buf names;
    dgmi_buf_init(&names, 1 << 16);
    json_t *value = json_object_get(r->root, name);
    bool all = value != NULL;
    size_t n = json_is_array(value) ? json_array_size(value) : value != NULL;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_array(value) ? json_array_get(value, i) : value;
        bool known = label_of(one, digits, &text);
        all = all && known;
        if (!known || text.n == 0)
            continue;
        if (names.n > 0)
            dgmi_buf_puts(&names, ", ");
        dgmi_buf_put(&names, text.p, text.n);
    }
    if (names.n > 0)
        dgmi_item_set(r->item, DGMI_AUTHOR, dgmi_buf_str(&names));
    if (all && !names.failed)
        json_object_del(r->root, name);
    dgmi_buf_clear(&names);
}

static void read_link(reading *r, json_t *links, const char *name, dgmi_field field)
{
    const json_t *value = json_object_get(links, name);
    if (!json_is_string(value))
        return;
    dgmi_item_set(r->item, field, dgmi_str_of(json_string_value(value)));
    json_object_del(links, name);
}

static void read_links(reading *r)
{
    json_t *links = json_object_get(r->root, "links");
    if (!json_is_object(links))
        return;
    read_link(r, links, "evolved_from", DGMI_EVOLVED_FROM);
    read_link(r, links, "translation_of", DGMI_TRANSLATION_OF);
    if (json_object_size(links) == 0)
        json_object_del(r->root, "links");
}

bool dgmi_read_status(reading *r, const char *name, dgm_item_status *out)
{
    static const struct {
        const char *name;
        dgm_item_status status;
    } names[] = {
        { "usable", DGM_USABLE },        { "withheld", DGM_WITHHELD },
        { "canceled", DGM_CANCELED },    { "cancelled", DGM_CANCELED },
        { "unpublished", DGM_CANCELED },
    };
    const json_t *value = json_object_get(r->root, name);
    dgmi_str given = dgmi_str_trim(dgmi_str_of(json_string_value(value)));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!dgmi_str_eq_nocase(given, names[i].name))
            continue;
        *out = names[i].status;
        json_object_del(r->root, name);
        return true;
    }
    return false;
}

static void read_flags(reading *r)
{
    const json_t *translated = json_object_get(r->root, "translated");
    if (json_is_boolean(translated)) {
        dgmi_item_set_translated(r->item, json_is_true(translated));
        json_object_del(r->root, "translated");
    }
    if (r->prepared && json_is_true(json_object_get(r->root, "title_derived"))) {
        dgmi_item_set_title_derived(r->item, true);
        json_object_del(r->root, "title_derived");
    }
    dgm_item_status status = DGM_USABLE;
    if (dgmi_read_status(r, "status", &status))
        dgmi_item_set_status(r->item, status);
}

/* ---- What is left ---- */

/* Moves a member that was not understood to "<name>_given" (or a longer free name). */
static bool rename_member(json_t *root, const char *name)
{
    char free_name[64];
    json_t *value = json_object_get(root, name);
    if (value == NULL)
        return true;
    snprintf(free_name, sizeof free_name, "%s_given", name);
    for (int i = 2; json_object_get(root, free_name) != NULL && i < 100; i++)
        snprintf(free_name, sizeof free_name, "%s_given_%d", name, i);
    return json_object_set(root, free_name, value) == 0 &&
           json_object_del(root, name) == 0;
}

dgm_status dgmi_keep_rest(reading *r, dgm_error *err)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (!rename_member(r->root, reserved[i]))
            return dgmi_fail_memory(err);
    }
    if (json_object_size(r->root) == 0)
        return DGM_OK;
    char *text = json_dumps(r->root, JSON_COMPACT);
    if (text == NULL)
        return dgmi_fail_memory(err);
    dgmi_item_set(r->item, DGMI_EXTRA, dgmi_str_of(text));
    free(text);
    return DGM_OK;
}

static dgm_status read_members(reading *r, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (r->prepared)
        json_object_del(r->root, "dgm");
    read_texts(r);
    read_dates(r);
    dgmi_read_labels(r, "topics", dgmi_item_add_topic);
    dgmi_read_labels(r, "names", dgmi_item_add_name);
    dgmi_read_author(r, "author");
    read_links(r);
    read_flags(r);
    if (r->prepared)
        status = dgmi_read_structure(r, err);
    else
        dgmi_read_body(r);
    return status == DGM_OK ? dgmi_keep_rest(r, err) : status;
}

/* jansson quotes the input in its messages: only plain characters of it are passed on. */
static dgm_status fail_syntax(const json_error_t *e, dgm_error *err)
{
    char text[JSON_ERROR_TEXT_LENGTH];
    snprintf(text, sizeof text, "%s", e->text);
    for (char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7F)
            *p = '?';
    }
    return dgmi_fail(err, DGM_E_ARG, "not JSON: %.100s (byte %d)", text, e->position);
}

dgm_status dgmi_json_load(dgmi_str text, size_t flags, json_t **root, dgm_error *err)
{
    json_error_t e;
    *root = NULL;
    if (text.n > DGMI_OBJECT_MAX)
        return dgmi_fail(err, DGM_E_ARG, "larger than 64 MB");
    if (too_deep(text.p, text.n))
        return dgmi_fail(err, DGM_E_ARG, "nested deeper than %d", DGMI_JSON_DEPTH);
    *root = json_loadb(text.p, text.n, flags | JSON_ALLOW_NUL, &e);
    if (*root == NULL && json_error_code(&e) == json_error_out_of_memory)
        return dgmi_fail_memory(err);
    if (*root == NULL)
        return fail_syntax(&e, err);
    if (json_is_object(*root))
        return DGM_OK;
    json_decref(*root);
    *root = NULL;
    return dgmi_fail(err, DGM_E_ARG, "not a JSON object");
}

dgm_status dgmi_json_read_item(const char *p, size_t n, dgmi_item **out, bool *prepared,
                               dgm_error *err)
{
    reading r = { .now = dgmi_wall_time() };
    *out = NULL;
    *prepared = false;
    dgm_status status =
        dgmi_json_load((dgmi_str){ p, n }, JSON_REJECT_DUPLICATES, &r.root, err);
    if (status != DGM_OK)
        return status;
    r.prepared = json_integer_value(json_object_get(r.root, "dgm")) == 1;
    if (r.prepared)
        r.now = INT64_MAX / 2; /* its dates were judged when it came in */
    r.item = dgmi_item_new();
    status = r.item != NULL ? read_members(&r, err) : dgmi_fail_memory(err);
    if (status == DGM_OK) {
        *out = r.item;
        *prepared = r.prepared;
    } else {
        dgmi_item_free(r.item);
    }
    json_decref(r.root);
    return status;
}
