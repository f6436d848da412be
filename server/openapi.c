/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OpenAPI 3.1 document, made from the table of routes and the library's table of
 * parameters. Depends on routes.h and lib/wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "params.h"
#include "wire.h"

#define DOCUMENT_BYTES (1u << 20)

/* Shapes of answers, as JSON Schema. Members that may be missing are not under
 * "required". */
static const char schemas[] =
    "\"Problem\":{\"type\":\"object\",\"description\":\"An error, as RFC 9457 has it.\","
    "\"required\":[\"type\",\"title\",\"status\",\"detail\"],\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"offset\":{\"type\":\"integer\",\"description\":\"Byte in the query text.\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"name\",\"reason\"],\"properties\":{\"name\":{\"type\":\"string\"},"
    "\"reason\":{\"type\":\"string\"}}}}}},"

    "\"Writer\":{\"enum\":[\"running\",\"restarting\",\"off\"],"
    "\"description\":\"The process that brings items into the index.\"},"

    "\"Result\":{\"type\":\"object\",\"description\":\"What became of an item.\","
    "\"required\":[\"id\",\"status\",\"outcome\"],\"properties\":{"
    "\"line\":{\"type\":\"integer\"},\"id\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"status\":{\"type\":\"integer\"},\"outcome\":{\"enum\":[\"added\",\"replaced\","
    "\"older\",\"unchanged\",\"canceled\",\"missing\",\"rejected\",\"failed\"]},"
    "\"reason\":{\"type\":\"string\"},\"searchable\":{\"type\":\"boolean\"}}},"
    "\"Results\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
    "Result\"}},"

    "\"Erasure\":{\"type\":\"object\",\"description\":\"What would be withdrawn.\","
    "\"required\":[\"matches\",\"revision\",\"parsed\",\"confirm\",\"sample\","
    "\"warnings\"],\"properties\":{\"matches\":{\"type\":\"integer\"},"
    "\"revision\":{\"type\":\"string\"},\"parsed\":{\"type\":\"string\"},"
    "\"confirm\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"sample\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"title\":{\"$ref\":\"#/components/schemas/Text\"}}}},"
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}},"

    "\"Health\":{\"type\":\"object\",\"required\":[\"status\",\"writer\"],"
    "\"properties\":{\"status\":{\"const\":\"alive\"},"
    "\"writer\":{\"$ref\":\"#/components/schemas/Writer\"},"
    "\"writer_reason\":{\"type\":\"string\"}}},"

    "\"Ready\":{\"type\":\"object\",\"required\":[\"status\",\"revision\",\"writer\"],"
    "\"properties\":{"
    "\"status\":{\"const\":\"ready\"},\"revision\":{\"type\":\"string\"},"
    "\"writer\":{\"$ref\":\"#/components/schemas/Writer\"},"
    "\"writer_reason\":{\"type\":\"string\"}}},"

    "\"Text\":{\"type\":[\"string\",\"null\"]},"
    "\"Time\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"

    "\"Part\":{\"type\":\"object\",\"description\":\"One addend of a score.\","
    "\"required\":[\"what\",\"weight\",\"idf\",\"impact\"],\"properties\":{"
    "\"what\":{\"type\":\"string\"},\"weight\":{\"type\":\"number\"},"
    "\"idf\":{\"type\":\"number\"},\"impact\":{\"type\":\"integer\"}}},"

    "\"Hit\":{\"type\":\"object\",\"required\":[\"id\",\"score\",\"title\",\"snippet\","
    "\"published\",\"region\",\"country\",\"source\",\"language\",\"translated\",\"url\","
    "\"topics\",\"turn\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"score\":{\"type\":\"number\"},"
    "\"title\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"title_html\":{\"type\":\"string\"},"
    "\"snippet\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"published\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"region\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"country\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"source\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"language\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"translated\":{\"type\":\"boolean\"},"
    "\"url\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"topics\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"variants\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
    "\"description\":\"Spellings of the query's names that the item has.\"},"
    "\"synonyms\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
    "\"description\":\"Synonyms of the query's words that the item has.\"},"
    "\"turn\":{\"type\":[\"object\",\"null\"],\"required\":[\"role\",\"speaker\"],"
    "\"properties\":{\"role\":{\"enum\":[\"question\",\"answer\",\"quotation\"]},"
    "\"speaker\":{\"$ref\":\"#/components/schemas/Text\"}}},"
    "\"expanded\":{\"const\":true,\"description\":\"A relaxed hit that has only words "
    "of the best hits, with expand=1.\"},"
    "\"relaxed\":{\"const\":true,\"description\":\"Found by match=most, to fill a page "
    "that "
    "match=all left short.\"},"
    "\"story\":{\"type\":\"object\",\"description\":\"The items that are near copies "
    "of this one, and it.\",\"required\":[\"id\",\"items\",\"first_seen\",\"copies\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"items\":{\"type\":\"integer\"},"
    "\"first_seen\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"copies\":{\"type\":\"array\",\"description\":\"The earliest others.\","
    "\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
    "\"title\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"source\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"provider\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"published\":{\"$ref\":\"#/components/schemas/Time\"}}}}}},"
    "\"explain\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
    "Part\"}}}},"

    "\"Member\":{\"type\":\"object\",\"required\":[\"id\",\"title\",\"published\","
    "\"first_seen\",\"change\",\"words\",\"passages\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},"
    "\"title\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"source\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"provider\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"region\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"language\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"url\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"published\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"first_seen\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"change\":{\"enum\":[\"same\",\"cut\",\"added\",\"edited\",null],"
    "\"description\":\"Against the first member; null for that one.\"},"
    "\"words\":{\"type\":\"object\",\"required\":[\"cut\",\"added\"],\"properties\":{"
    "\"cut\":{\"type\":\"integer\"},\"added\":{\"type\":\"integer\"}}},"
    "\"passages\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"kind\",\"text\"],\"properties\":{"
    "\"kind\":{\"enum\":[\"cut\",\"added\"]},\"text\":{\"type\":\"string\"}}}},"
    "\"more_passages\":{\"const\":true}}},"

    "\"Story\":{\"type\":\"object\",\"required\":[\"id\",\"items\",\"first_seen\","
    "\"members\"],\"properties\":{\"id\":{\"type\":\"string\"},"
    "\"items\":{\"type\":\"integer\"},"
    "\"first_seen\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"members\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
    "Member\"}}}},"

    "\"Page\":{\"type\":\"object\",\"required\":[\"query\",\"took_ms\",\"revision\","
    "\"total\","
    "\"hits\",\"facets\",\"histogram\",\"next\",\"warnings\"],\"properties\":{"
    "\"query\":{\"type\":\"object\",\"required\":[\"text\",\"parsed\",\"suggestion\"],"
    "\"properties\":{\"text\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"parsed\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"suggestion\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"synonyms\":{\"type\":\"array\",\"description\":\"Rules by which more was "
    "searched for than the words of the query.\",\"items\":{\"type\":\"object\","
    "\"required\":[\"words\",\"synonym\",\"from\",\"line\"],\"properties\":{"
    "\"words\":{\"type\":\"string\"},\"synonym\":{\"type\":\"string\"},"
    "\"from\":{\"enum\":[\"built-in\",\"archive\"]},"
    "\"line\":{\"type\":\"integer\"}}}},"
    "\"related\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}},"
    "\"cite\":{\"type\":\"object\",\"required\":[\"query\",\"parsed\",\"permalink\","
    "\"place\",\"generation\",\"revision\",\"made\",\"total\",\"first\",\"hits\"],"
    "\"properties\":{\"permalink\":{\"type\":\"string\"},"
    "\"place\":{\"type\":\"string\"},"
    "\"made\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"hits\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"id\",\"place\",\"record\",\"sha256\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"place\":{\"type\":\"string\"},"
    "\"record\":{\"type\":\"string\"},"
    "\"sha256\":{\"$ref\":\"#/components/schemas/Text\"}}}}}},"
    "\"took_ms\":{\"type\":\"number\"},\"revision\":{\"type\":\"string\"},"
    "\"total\":{\"type\":\"object\",\"required\":[\"value\",\"relation\"],\"properties\":"
    "{"
    "\"value\":{\"type\":\"integer\"},\"relation\":{\"enum\":[\"eq\",\"gte\"]},"
    "\"items\":{\"type\":\"integer\"},\"stories\":{\"type\":\"integer\"}}},"
    "\"partial\":{\"const\":true,\"description\":\"The time limit passed: the best "
    "hits of what was looked at, and no next page.\"},"
    "\"grouped\":{\"const\":\"story\",\"description\":\"With group=story: every count is "
    "of stories.\"},"
    "\"hits\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Hit\"}},"
    "\"facets\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\","
    "\"items\":{"
    "\"type\":\"object\",\"required\":[\"value\",\"count\"],\"properties\":{"
    "\"value\":{\"type\":\"string\"},\"count\":{\"type\":\"integer\"}}}}},"
    "\"histogram\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"object\","
    "\"required\":[\"from\",\"count\"],\"properties\":{"
    "\"from\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"count\":{\"type\":\"integer\"}}}},"
    "\"next\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"completeness\":{\"$ref\":\"#/components/schemas/Completeness\"},"
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}},"

    "\"Item\":{\"type\":\"object\",\"description\":\"Members that are not known are left "
    "out; "
    "members of the source that have no name here are kept.\",\"required\":[\"id\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"body\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"turns\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"role\":{\"enum\":[\"question\",\"answer\"]},"
    "\"speaker\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"from\":{\"type\":\"integer\"},\"to\":{\"type\":\"integer\"}}}},"
    "\"boilerplate\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"kind\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},"
    "\"before\":{\"type\":\"integer\"}}}},"
    "\"provenance\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"field\":{\"type\":\"string\"},\"value\":{\"type\":\"string\"},"
    "\"rule\":{\"type\":\"string\"},\"where\":{\"type\":\"string\"},"
    "\"from\":{\"type\":\"integer\"},\"to\":{\"type\":\"integer\"},"
    "\"text\":{\"type\":\"string\"}}}},"
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"published\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"updated\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"region\":{\"type\":\"string\"},\"country\":{\"type\":\"string\"},"
    "\"source\":{\"type\":\"string\"},\"provider\":{\"type\":\"string\"},"
    "\"language\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},"
    "\"topics\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"embargo\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"successor\":{\"type\":\"string\"},"
    "\"ancestors\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"original_id\":{\"type\":\"string\"}}},"
    "\"Suggestions\":{\"type\":\"object\",\"required\":[\"q\",\"revision\","
    "\"suggestions\"],\"properties\":{\"q\":{\"type\":\"string\"},"
    "\"revision\":{\"type\":\"string\"},\"suggestions\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"kind\",\"text\",\"query\","
    "\"count\"],\"properties\":{\"kind\":{\"enum\":[\"pair\",\"word\","
    "\"region\",\"source\",\"topic\",\"speaker\"]},\"text\":{\"type\":"
    "\"string\"},\"query\":{\"type\":\"string\"},"
    "\"count\":{\"type\":\"integer\"}}}}}},"
    "\"History\":{\"type\":\"object\",\"required\":[\"id\",\"cut\",\"versions\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"cut\":{\"type\":\"boolean\"},"
    "\"versions\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"version\",\"current\",\"status\",\"place\",\"sha256\"],"
    "\"properties\":{\"version\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"current\":{\"type\":\"boolean\"},"
    "\"status\":{\"enum\":[\"usable\",\"withheld\",\"canceled\"]},"
    "\"silent\":{\"type\":\"boolean\"},\"killed\":{\"type\":\"boolean\"},"
    "\"published\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"updated\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"fetched\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"place\":{\"type\":\"string\"},"
    "\"sha256\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"title\":{\"type\":\"string\"},"
    "\"changed\":{\"type\":\"object\",\"properties\":{"
    "\"fields\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"words_added\":{\"type\":\"integer\"},\"words_removed\":{\"type\":\"integer\"},"
    "\"coarse\":{\"type\":\"boolean\"}}},"
    "\"diff_left_out\":{\"type\":\"boolean\"},"
    "\"diff\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"same\":{\"type\":\"string\"},\"removed\":{\"type\":\"string\"},"
    "\"added\":{\"type\":\"string\"}}}}}}}}}";

/* ---- Parameters
 * --------------------------------------------------------------------------- */

/* "a|b" as ["a","b"]. */
static void put_choices(dgmi_buf *out, const char *values)
{
    dgmi_str rest = dgmi_str_of(values), value;
    const char *before = "";

    dgmi_buf_puts(out, "\"enum\":[");
    while (dgmi_str_split(&rest, '|', &value)) {
        dgmi_buf_puts(out, before);
        dgmi_json_nstring(out, value.p, value.n);
        before = ",";
    }
    dgmi_buf_putc(out, ']');
}

/* What one value must be, without braces. */
static void put_value_schema(dgmi_buf *out, const dgm_param *p)
{
    char *end = NULL;
    switch (p->kind) {
    case DGM_PARAM_CHOICE:
    case DGM_PARAM_LIST:
        dgmi_buf_puts(out, "\"type\":\"string\",");
        put_choices(out, p->values);
        break;
    case DGM_PARAM_NUMBER: /* values is "low-high" */
        dgmi_buf_printf(out, "\"type\":\"integer\",\"minimum\":%ld",
                        strtol(p->values, &end, 10));
        dgmi_buf_printf(out, ",\"maximum\":%ld", strtol(end + 1, NULL, 10));
        break;
    case DGM_PARAM_REAL:
        dgmi_buf_printf(out, "\"type\":\"number\",\"minimum\":%.*s,\"maximum\":%s",
                        (int)strcspn(p->values, "-"), p->values,
                        strchr(p->values, '-') + 1);
        break;
    case DGM_PARAM_DATE:
        dgmi_buf_puts(out, "\"type\":\"string\",\"examples\":[\"2021\",\"2021-06\","
                           "\"2021-06-16\"]");
        break;
    case DGM_PARAM_TEXT:
    case DGM_PARAM_CURSOR:
        dgmi_buf_puts(out, "\"type\":\"string\"");
        break;
    }
    if (!p->standard)
        return;
    dgmi_buf_puts(out, ",\"default\":");
    if (p->kind == DGM_PARAM_NUMBER || p->kind == DGM_PARAM_REAL)
        dgmi_buf_puts(out, p->standard);
    else
        dgmi_json_string(out, p->standard);
}

static void put_param(dgmi_buf *out, const dgm_param *p)
{
    bool list = p->repeatable || p->kind == DGM_PARAM_LIST;

    dgmi_buf_puts(out, "{\"in\":\"query\",\"name\":");
    dgmi_json_string(out, p->name);
    dgmi_buf_puts(out, ",\"description\":");
    dgmi_json_string(out, p->help);
    if (list)
        dgmi_buf_printf(out, ",\"style\":\"form\",\"explode\":%s",
                        p->repeatable ? "true" : "false");
    dgmi_buf_puts(out,
                  list ? ",\"schema\":{\"type\":\"array\",\"items\":{" : ",\"schema\":{");
    put_value_schema(out, p);
    dgmi_buf_puts(out, list ? "}}}" : "}}");
}

/* The name in "{name}" of a path, empty if there is none. */
static dgmi_str variable_of(const char *path)
{
    const char *open = strchr(path, '{');
    return open ? (dgmi_str){ open + 1, strcspn(open + 1, "}") } : (dgmi_str){ path, 0 };
}

#define WAIT_PARAM                                                                       \
    "{\"in\":\"query\",\"name\":\"wait\",\"description\":\"Answer once the items can "   \
    "be "                                                                                \
    "found; with 202 if that takes too long.\",\"schema\":{\"enum\":[\"searchable\"]}}"
#define CONFIRM_PARAM                                                                    \
    "{\"in\":\"query\",\"name\":\"confirm\",\"description\":\"What the first step "      \
    "answered; "                                                                         \
    "without it nothing is withdrawn.\",\"schema\":{\"type\":\"string\"}}"

static bool takes_param(dgms_takes takes, const char *name)
{
    return takes == DGMS_SEARCH || (takes == DGMS_ERASE && dgms_param_chooses(name)) ||
           (takes == DGMS_EXPORT && dgmi_export_takes(name)) ||
           ((takes == DGMS_TRENDS || takes == DGMS_COMPARE) && dgm_param_chooses(name));
}

/* Of a comparison: what each side takes of the search's, and how to compare. */
static void put_sides(dgmi_buf *out, const char *before)
{
    const dgm_param *p = NULL;
    for (int side = 'a'; side <= 'b'; side++) {
        for (size_t i = 0; (p = dgm_param_at(i)); i++) {
            char name[64];
            dgm_param own = *p;
            if (!dgm_param_chooses(p->name))
                continue;
            snprintf(name, sizeof name, "%c.%.60s", side, p->name);
            own.name = name;
            dgmi_buf_puts(out, before);
            put_param(out, &own);
            before = ",";
        }
    }
    for (size_t i = 0; (p = dgm_compare_param_at(i)); i++) {
        dgmi_buf_puts(out, before);
        put_param(out, p);
    }
}

static void put_params(dgmi_buf *out, const dgms_route *route)
{
    dgmi_str variable = variable_of(route->path);
    const char *before = "";
    const dgm_param *p = NULL;

    dgmi_buf_puts(out, ",\"parameters\":[");
    if (variable.n) {
        dgmi_buf_puts(out, "{\"in\":\"path\",\"required\":true,\"name\":");
        dgmi_json_nstring(out, variable.p, variable.n);
        dgmi_buf_puts(out, ",\"description\":");
        dgmi_json_string(out, route->value_help);
        dgmi_buf_puts(out, ",\"schema\":{\"type\":\"string\"}}");
        before = ",";
    }
    if (route->takes == DGMS_DIFF) {
        dgmi_buf_puts(out, before);
        put_param(out, &dgms_diff_param);
    }
    for (size_t i = 0; route->takes == DGMS_TYPED && (p = dgms_typed_param(i)); i++) {
        dgmi_buf_puts(out, i > 0 ? "," : before);
        put_param(out, p);
    }
    for (size_t i = 0; route->takes == DGMS_WATCH && (p = dgms_watch_param(i)); i++) {
        dgmi_buf_puts(out, before);
        put_param(out, p);
        before = ",";
    }
    for (size_t i = 0; (p = dgm_param_at(i)); i++) {
        if (!takes_param(route->takes, p->name))
            continue;
        dgmi_buf_puts(out, before);
        put_param(out, p);
        before = ",";
    }
    for (size_t i = 0; route->takes == DGMS_EXPORT && (p = dgmi_export_param_at(i));
         i++) {
        dgmi_buf_puts(out, before);
        put_param(out, p);
        before = ",";
    }
    for (size_t i = 0; route->takes == DGMS_TRENDS && (p = dgms_trends_param(i)); i++) {
        dgmi_buf_puts(out, before);
        put_param(out, p);
    }
    if (route->takes == DGMS_COMPARE)
        put_sides(out, before);
    if (route->takes == DGMS_WAIT || route->takes == DGMS_ERASE) {
        dgmi_buf_puts(out, before);
        dgmi_buf_puts(out, route->takes == DGMS_WAIT ? WAIT_PARAM : CONFIRM_PARAM);
    }
    dgmi_buf_putc(out, ']');
}

/* ---- Routes
 * ------------------------------------------------------------------------------- */

/* One status with its content: the route's, or a list of results. */
static void put_answer(dgmi_buf *out, const dgms_route *route, int status, bool list)
{
    const char *schema = list ? "Results" : route->schema;
    dgmi_buf_printf(out, "\"%d\":{\"description\":", status);
    dgmi_json_string(out, dgms_status_title(status));
    if (route->type) {
        dgmi_buf_puts(out, ",\"content\":{");
        dgmi_json_string(out, route->type);
        dgmi_buf_puts(out, ":{");
        if (schema)
            dgmi_buf_printf(out, "\"schema\":{\"$ref\":\"#/components/schemas/%s\"}",
                            schema);
        dgmi_buf_puts(out, "}}");
    }
    dgmi_buf_putc(out, '}');
}

static void put_good_answer(dgmi_buf *out, const dgms_route *route)
{
    int status = route->good ? route->good : 200;
    dgmi_str rest = dgmi_str_of(route->more_good), code;

    put_answer(out, route, status, false);
    while (dgmi_str_split(&rest, ' ', &code)) {
        dgmi_buf_putc(out, ',');
        put_answer(out, route, atoi(code.p), false);
    }
    if (route->list) {
        dgmi_buf_putc(out, ',');
        put_answer(out, route, route->list, true);
    }
}
static void put_answers(dgmi_buf *out, const dgms_route *route)
{
    dgmi_str rest = dgmi_str_of(route->codes), code;

    dgmi_buf_puts(out, ",\"responses\":{");
    put_good_answer(out, route);
    while (dgmi_str_split(&rest, ' ', &code)) {
        int status = atoi(code.p);
        dgmi_buf_printf(out, ",\"%d\":{\"description\":", status);
        dgmi_json_string(out, dgms_status_title(status));
        if (status >= 400)
            dgmi_buf_puts(out, ",\"content\":{\"" DGMS_PROBLEM "\":{\"schema\":{"
                               "\"$ref\":\"#/components/schemas/Problem\"}}}");
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, '}');
}

static void put_body(dgmi_buf *out, const dgms_route *route)
{
    dgmi_str rest = dgmi_str_of(route->body_types ? route->body_types : "*/*"), type;
    const char *before = "";

    if (!route->body_help)
        return;
    dgmi_buf_puts(out, ",\"requestBody\":{\"required\":true,\"description\":");
    dgmi_json_string(out, route->body_help);
    dgmi_buf_puts(out, ",\"content\":{");
    while (dgmi_str_split(&rest, ' ', &type)) {
        dgmi_buf_puts(out, before);
        dgmi_json_nstring(out, type.p, type.n);
        dgmi_buf_puts(out, ":{}");
        before = ",";
    }
    dgmi_buf_puts(out, "}}");
}

static void put_door(dgmi_buf *out, const dgms_route *route)
{
    switch (route->door) {
    case DGMS_OPEN:
    case DGMS_PUSH:
        break;
    case DGMS_KEY:
        dgmi_buf_puts(out, ",\"security\":[{\"bearer\":[]},{\"key\":[]}]");
        break;
    case DGMS_SIGNED:
        dgmi_buf_puts(out, ",\"security\":[{\"signature\":[]}]");
        break;
    }
}

static void put_operation(dgmi_buf *out, const dgms_route *route)
{
    static const char *const names[] = {
        [DGMS_GET] = "get", [DGMS_POST] = "post", [DGMS_DELETE] = "delete"
    };
    dgmi_buf_printf(out, "\"%s\":{\"operationId\":", names[route->method]);
    dgmi_json_string(out, route->id);
    dgmi_buf_puts(out, ",\"summary\":");
    dgmi_json_string(out, route->summary);
    put_door(out, route);
    put_params(out, route);
    put_body(out, route);
    put_answers(out, route);
    dgmi_buf_putc(out, '}');
}

/* A path with the operations of all its rows, at the first of them. */
static void put_path(dgmi_buf *out, size_t first)
{
    const dgms_route *route = dgms_route_at(first), *other = NULL;

    for (size_t i = 0; i < first; i++)
        if (!strcmp(dgms_route_at(i)->path, route->path))
            return;
    if (first)
        dgmi_buf_putc(out, ',');
    dgmi_json_string(out, route->path);
    dgmi_buf_puts(out, ":{");
    put_operation(out, route);
    for (size_t i = first + 1; (other = dgms_route_at(i)); i++) {
        if (strcmp(other->path, route->path) != 0)
            continue;
        dgmi_buf_putc(out, ',');
        put_operation(out, other);
    }
    dgmi_buf_putc(out, '}');
}

static void put_limits(dgmi_buf *out)
{
    const dgm_limit *limit;
    for (size_t i = 0; (limit = dgm_limit_at(i)); i++)
        dgmi_buf_printf(out, "%s\"%s\":%lu", i > 0 ? "," : "", limit->name, limit->value);
}

#define SECURITY                                                                         \
    "\"signature\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":"                     \
    "\"x-superdesk-signature\",\"description\":\"sha1= and the HMAC-SHA1 of the body, "  \
    "in hex; the key is the push token.\"},"                                             \
    "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"key\":{\"type\":\"apiKey\"," \
    "\"in\":\"header\",\"name\":\"X-API-Key\"}"

char *dgms_openapi_text(void)
{
    dgmi_buf out;

    dgmi_buf_init(&out, DOCUMENT_BYTES);
    dgmi_buf_puts(
        &out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Dragoman\",\"version\":"
              "\"" DGM_VERSION "\",\"summary\":\"Search for translated official news\","
              "\"description\":\"HEAD is answered like GET, OPTIONS with the methods of "
              "the path; other methods get 405. Errors are "
              "application/problem+json.\",\"license\":{\"name\":"
              "\"GPL-2.0-or-later\",\"identifier\":\"GPL-2.0-or-later\"},\"x-limits\":{");
    put_limits(&out);
    dgmi_buf_puts(&out, "}},"
                        "\"servers\":[{\"url\":\"/\"}],\"paths\":{");
    for (size_t i = 0; dgms_route_at(i); i++)
        put_path(&out, i);
    dgmi_buf_puts(&out,
                  "},\"components\":{\"securitySchemes\":{" SECURITY "},\"schemas\":{");
    dgmi_buf_puts(&out, schemas);
    dgmi_buf_puts(&out, dgms_openapi_trends);
    dgmi_buf_puts(&out, dgms_openapi_watch);
    dgmi_buf_puts(&out, "}}}");
    char *text = dgmi_buf_take(&out);
    dgmi_buf_clear(&out);
    return text;
}
