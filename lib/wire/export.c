/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items as NDJSON and CSV (RFC 4180). Depends on json_out.h. */
#include "export.h"

#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "date.h"
#include "fail.h"
#include "json_out.h"

typedef enum kind { TEXT, TIME, TRUTH, STATUS, TOPICS, NAMES, BODY, CURSOR } kind;

typedef struct field {
    const char *name;
    kind kind;
    size_t at; /* of a text or time in dgm_item */
} field;

#define FIELD_VALUES                                                                     \
    "id|version|title|published|updated|fetched|region|country|source|provider|agency|"  \
    "author|language|translated|original_language|url|topics|names|evolved_from|status|" \
    "body|sha256|cursor"

/* In the order of FIELD_VALUES. */
static const field fields[] = {
    { "id", TEXT, offsetof(dgm_item, id) },
    { "version", TEXT, offsetof(dgm_item, version) },
    { "title", TEXT, offsetof(dgm_item, title) },
    { "published", TIME, offsetof(dgm_item, published) },
    { "updated", TIME, offsetof(dgm_item, updated) },
    { "fetched", TIME, offsetof(dgm_item, fetched) },
    { "region", TEXT, offsetof(dgm_item, region) },
    { "country", TEXT, offsetof(dgm_item, country) },
    { "source", TEXT, offsetof(dgm_item, source) },
    { "provider", TEXT, offsetof(dgm_item, provider) },
    { "agency", TEXT, offsetof(dgm_item, agency) },
    { "author", TEXT, offsetof(dgm_item, author) },
    { "language", TEXT, offsetof(dgm_item, language) },
    { "translated", TRUTH, 0 },
    { "original_language", TEXT, offsetof(dgm_item, original_language) },
    { "url", TEXT, offsetof(dgm_item, url) },
    { "topics", TOPICS, 0 },
    { "names", NAMES, 0 },
    { "evolved_from", TEXT, offsetof(dgm_item, evolved_from) },
    { "status", STATUS, 0 },
    { "body", BODY, 0 },
    { "sha256", TEXT, offsetof(dgm_item, sha256) },
    { "cursor", CURSOR, 0 },
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };
_Static_assert(N_FIELDS <= DGMI_EXPORT_FIELDS, "room for every field once");

static const dgm_param params[] = {
    { "format", DGM_PARAM_CHOICE, false, "ndjson|csv", "ndjson",
      "Form of the export: an item as JSON a line, or a table." },
    { "fields", DGM_PARAM_LIST, false, FIELD_VALUES, NULL,
      "The fields to be exported, in this order; standard: whole items. With cursor, "
      "every "
      "hundredth item and the last one say where an export goes on that was cut off." },
};
enum { N_PARAMS = sizeof params / sizeof params[0] };

const dgm_param *dgmi_export_param_at(size_t i)
{
    return i < N_PARAMS ? &params[i] : NULL;
}

bool dgmi_export_takes(const char *name)
{
    static const char *const looks[] = { "limit",   "facets",  "histogram", "highlight",
                                         "explain", "related", "cite" };
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (strcmp(looks[i], name) == 0)
            return false;
    return true;
}

/* ---- Setting ---- */

static int find_field(dgmi_str name)
{
    for (int i = 0; i < N_FIELDS; i++)
        if (dgmi_str_eq(name, fields[i].name))
            return i;
    return -1;
}

static dgm_status set_fields(dgmi_export *e, dgmi_str value, dgm_error *err)
{
    dgmi_str one;
    e->n_fields = 0;
    while (dgmi_str_split(&value, ',', &one)) {
        one = dgmi_str_trim(one);
        int at = find_field(one);
        if (at < 0)
            return dgmi_fail(err, DGM_E_ARG, "fields: \"%.*s\" is no field of an item",
                             one.n < 60 ? (int)one.n : 60, one.p);
        if (memchr(e->fields, at, e->n_fields))
            return dgmi_fail(err, DGM_E_ARG, "fields: %s is named twice",
                             fields[at].name);
        e->fields[e->n_fields++] = (unsigned char)at;
    }
    return e->n_fields > 0 ? DGM_OK : dgmi_fail(err, DGM_E_ARG, "fields: none is named");
}

dgm_status dgmi_export_set(dgmi_export *e, const char *name, const char *value,
                           dgm_error *err)
{
    if (strcmp(name, "fields") == 0)
        return set_fields(e, dgmi_str_of(value), err);
    if (strcmp(name, "format") != 0)
        return dgmi_fail(err, DGM_E_ARG, "%.60s: no such parameter", name);
    if (strcmp(value, "csv") == 0)
        e->form = DGMI_EXPORT_CSV;
    else if (strcmp(value, "ndjson") == 0)
        e->form = DGMI_EXPORT_NDJSON;
    else
        return dgmi_fail(err, DGM_E_ARG, "format: \"%.60s\" is not one of ndjson, csv",
                         value);
    return DGM_OK;
}

bool dgmi_export_has_cursor(const dgmi_export *e)
{
    for (size_t i = 0; i < e->n_fields; i++)
        if (fields[e->fields[i]].kind == CURSOR)
            return true;
    return false;
}

const char *dgmi_export_type(const dgmi_export *e)
{
    switch (e->form) {
    case DGMI_EXPORT_NDJSON:
        return "application/x-ndjson";
    case DGMI_EXPORT_CSV:
        return "text/csv; charset=utf-8; header=present";
    }
    return "";
}

/* ---- Values ---- */

static const char *text_at(const dgm_item *item, const field *f)
{
    const char *text = NULL;
    memcpy(&text, (const char *)item + f->at, sizeof text);
    return text;
}

static int64_t time_at(const dgm_item *item, const field *f)
{
    int64_t time = DGM_NO_TIME;
    memcpy(&time, (const char *)item + f->at, sizeof time);
    return time;
}

/* ---- NDJSON ---- */

static void put_member(const field *f, const dgm_item *item, const char *cursor,
                       dgmi_buf *out)
{
    switch (f->kind) {
    case TEXT:
        dgmi_json_put_text(out, f->name, text_at(item, f));
        break;
    case TIME:
        dgmi_json_put_time(out, f->name, time_at(item, f));
        break;
    case TRUTH:
        dgmi_json_put_bool(out, f->name, item->translated);
        break;
    case STATUS:
        dgmi_json_put_text(out, f->name, dgmi_status_name(item->status));
        break;
    case TOPICS:
        dgmi_json_put_texts(out, f->name, item->topics, item->n_topics);
        break;
    case NAMES:
        dgmi_json_put_texts(out, f->name, item->names, item->n_names);
        break;
    case BODY:
        dgmi_json_put_texts(out, f->name, item->paragraphs, item->n_paragraphs);
        break;
    case CURSOR:
        dgmi_json_put_text(out, f->name, cursor);
        break;
    }
}

static void put_line(const dgmi_export *e, const dgm_item *item, const char *cursor,
                     dgmi_buf *out)
{
    if (e->n_fields == 0) {
        dgmi_json_item(out, item);
    } else {
        dgmi_buf_putc(out, '{');
        for (size_t i = 0; i < e->n_fields; i++)
            put_member(&fields[e->fields[i]], item, cursor, out);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, '\n');
}

/* ---- CSV ---- */

static void put_value(const field *f, const dgm_item *item, const char *cursor,
                      dgmi_buf *out)
{
    char date[DGMI_DATE_SIZE];
    const char *text = NULL;
    switch (f->kind) {
    case TEXT:
        text = text_at(item, f);
        break;
    case TIME:
        text = dgmi_date_format(time_at(item, f), date);
        break;
    case TRUTH:
        text = item->translated ? "true" : "false";
        break;
    case STATUS:
        text = dgmi_status_name(item->status);
        break;
    case CURSOR: /* written like this it could begin with a '-' */
        text = cursor;
        break;
    case TOPICS:
        dgmi_csv_put(out, item->topics, item->n_topics, "; ");
        return;
    case NAMES:
        dgmi_csv_put(out, item->names, item->n_names, "; ");
        return;
    case BODY:
        dgmi_csv_put(out, item->paragraphs, item->n_paragraphs, "\n\n");
        return;
    }
    dgmi_csv_put(out, &text, 1, "");
}

static size_t count_columns(const dgmi_export *e)
{
    return e->n_fields > 0 ? e->n_fields : N_FIELDS - 1; /* all but the cursor */
}

static const field *column(const dgmi_export *e, size_t i)
{
    return &fields[e->n_fields > 0 ? e->fields[i] : i];
}

void dgmi_export_begin(const dgmi_export *e, dgmi_buf *out)
{
    for (size_t i = 0; e->form == DGMI_EXPORT_CSV && i < count_columns(e); i++)
        dgmi_buf_printf(out, "%s%s", i > 0 ? "," : "", column(e, i)->name);
    if (e->form == DGMI_EXPORT_CSV)
        dgmi_buf_puts(out, "\r\n");
}

void dgmi_export_put(const dgmi_export *e, const dgm_item *item, const char *cursor,
                     dgmi_buf *out)
{
    if (e->form == DGMI_EXPORT_NDJSON) {
        put_line(e, item, cursor, out);
        return;
    }
    for (size_t i = 0; i < count_columns(e); i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        put_value(column(e, i), item, cursor, out);
    }
    dgmi_buf_puts(out, "\r\n");
}
