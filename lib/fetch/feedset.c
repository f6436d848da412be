/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what a list of feeds can say, and its values. Depends on feedset.h,
 * lib/base, lib/read (names of formats). */
#include "feedset.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "date.h"
#include "fail.h"
#include "read.h"

enum { DAY = 86400, MEGABYTE = 1 << 20, VALUE_MAX = 4000 };

static const dgmi_set_row table[DGMI_SETS] = {
    [DGMI_SET_URL] = { "url", DGMI_FEED_ONLY, DGMI_KIND_URL, NULL, 0, 0,
                       "Where the feed is. The only setting that a feed must have." },
    [DGMI_SET_NAME] = { "name", DGMI_FEED_ONLY, DGMI_KIND_TEXT, NULL, 0, 0,
                        "How messages and reports call it. Standard: the name of its "
                        "section." },
    [DGMI_SET_SOURCE] = { "source", DGMI_FEED_ONLY, DGMI_KIND_TEXT, NULL, 0, 0,
                          "The issuing body of items that name none." },
    [DGMI_SET_REGION] = { "region", DGMI_FEED_ONLY, DGMI_KIND_TEXT, NULL, 0, 0,
                          "The region of items that name none: Russian Federation." },
    [DGMI_SET_COUNTRY] = { "country", DGMI_FEED_ONLY, DGMI_KIND_COUNTRY, NULL, 0, 0,
                           "Their country, as a code of two letters or a name. Standard: "
                           "that of the region." },
    [DGMI_SET_LANGUAGE] = { "language", DGMI_FEED_ONLY, DGMI_KIND_LANGUAGE, NULL, 0, 0,
                            "The language of items that declare none: en, ru, pt-BR." },
    [DGMI_SET_AUTHORIZATION] = { "authorization", DGMI_FEED_ONLY, DGMI_KIND_TEXT, NULL, 0,
                                 0,
                                 "The value of an Authorization header: Bearer abc. Sent "
                                 "to the host of url alone, and never shown." },
    [DGMI_SET_HEADER] = { "header", DGMI_FEED_ONLY, DGMI_KIND_HEADER, NULL, 0, 0,
                          "One more header, as Name: value. Sent to the host of url "
                          "alone, and never shown." },
    [DGMI_SET_BACKFILL] = { "backfill", DGMI_FEED_ONLY, DGMI_KIND_BACKFILL, "no", 0, 0,
                            "Take a WordPress site's older posts as well: those from a "
                            "date on (2021-01-01), or all." },
    [DGMI_SET_BACKFILL_URL] = { "backfill-url", DGMI_FEED_ONLY, DGMI_KIND_URL, NULL, 0, 0,
                                "Where the posts are asked for. Standard: what the site "
                                "names, else /wp-json/wp/v2/posts on the host of url." },
    [DGMI_SET_FORMAT] = { "format", DGMI_ANYWHERE_SET, DGMI_KIND_FORMAT, "auto", 0, 0,
                          "As in dragoman index --format. With auto, a web page or plain "
                          "text is no feed, and an error." },
    [DGMI_SET_INTERVAL] = { "interval", DGMI_ANYWHERE_SET, DGMI_KIND_SPAN, "15m", 1,
                            30 * DAY,
                            "How often watch asks, at most: a feed's ttl, max-age, "
                            "Expires and Retry-After may make it rarer." },
    [DGMI_SET_MAX_INTERVAL] = { "max-interval", DGMI_ANYWHERE_SET, DGMI_KIND_SPAN, "1d",
                                1, 30 * DAY,
                                "What those wishes, and waiting after failures, may "
                                "make of it." },
    [DGMI_SET_WEBSUB] = { "websub", DGMI_ANYWHERE_SET, DGMI_KIND_YESNO, "yes", 0, 0,
                          "Subscribe where a feed names a hub, if websub-callback is "
                          "set." },
    [DGMI_SET_BACKFILL_MAX] = { "backfill-max", DGMI_ANYWHERE_SET, DGMI_KIND_NUMBER,
                                "100000", 1, 10000000,
                                "Posts that one back-fill takes at most." },
    [DGMI_SET_BACKFILL_EVERY] = { "backfill-every", DGMI_ANYWHERE_SET, DGMI_KIND_SPAN,
                                  "1d", 1, 365 * DAY,
                                  "How often a site that was filled is asked for posts "
                                  "modified since." },
    [DGMI_SET_ALLOW_PRIVATE] = { "allow-private", DGMI_ANYWHERE_SET, DGMI_KIND_ADDRESSES,
                                 "no", 0, 0,
                                 "Connect to private, loopback and link-local addresses, "
                                 "too: yes, or only to these: 10.1.0.0/16 fd00::/8." },
    [DGMI_SET_CA_FILE] = { "ca-file", DGMI_ANYWHERE_SET, DGMI_KIND_TEXT, NULL, 0, 0,
                           "Certificates (PEM) that are trusted instead of the "
                           "system's." },
    [DGMI_SET_MAX_BYTES] = { "max-bytes", DGMI_ANYWHERE_SET, DGMI_KIND_BYTES, "10M", 1024,
                             64 * MEGABYTE,
                             "Bytes of a reply at most, after unpacking." },
    [DGMI_SET_CONNECT_TIMEOUT] = { "connect-timeout", DGMI_ANYWHERE_SET, DGMI_KIND_SPAN,
                                   "10s", 1, 600,
                                   "How long connecting may take, TLS included." },
    [DGMI_SET_TIMEOUT] = { "timeout", DGMI_ANYWHERE_SET, DGMI_KIND_SPAN, "60s", 1, 3600,
                           "How long a reply may take as a whole, however it drips." },
    [DGMI_SET_REDIRECTS] = { "redirects", DGMI_ANYWHERE_SET, DGMI_KIND_NUMBER, "5", 0, 20,
                             "Redirects that are followed, one after the other." },
    [DGMI_SET_CONTACT] = { "contact", DGMI_COMMON_ONLY, DGMI_KIND_TEXT, NULL, 0, 0,
                           "Where a publisher reaches you: an address of mail or web. It "
                           "stands in the User-Agent." },
    [DGMI_SET_GAP] = { "gap", DGMI_COMMON_ONLY, DGMI_KIND_SPAN, "2s", 0, 3600,
                       "The least time between two requests to one host; there is never "
                       "more than one at a time." },
    [DGMI_SET_PARALLEL] = { "parallel", DGMI_COMMON_ONLY, DGMI_KIND_NUMBER, "16", 1, 256,
                            "Hosts that are asked at a time. Times max-bytes it is what "
                            "replies may take of memory." },
    [DGMI_SET_WEBSUB_CALLBACK] = { "websub-callback", DGMI_COMMON_ONLY, DGMI_KIND_URL,
                                   NULL, 0, 0,
                                   "The address under which the world reaches your "
                                   "dragomand: https://desk.example.org/." },
    [DGMI_SET_WEBSUB_INTERVAL] = { "websub-interval", DGMI_COMMON_ONLY, DGMI_KIND_SPAN,
                                   "6h", 1, 30 * DAY,
                                   "How often a feed is asked that a hub delivers." },
    [DGMI_SET_OPML] = { "opml", DGMI_COMMON_ONLY, DGMI_KIND_TEXT, NULL, 0, 0,
                        "An OPML file whose feeds are taken as well, beside this list." },
};

const dgmi_set_row *dgmi_set_row_of(dgmi_set set)
{
    return &table[set];
}

dgmi_set dgmi_set_find(const char *name)
{
    for (int i = 0; i < DGMI_SETS; i++) {
        if (!strcmp(table[i].name, name))
            return (dgmi_set)i;
    }
    return DGMI_SETS;
}

void dgmi_values_clear(dgmi_values *values)
{
    for (int i = 0; i < DGMI_SETS; i++)
        free(values->text[i]);
    *values = (dgmi_values){ .text = { NULL } };
}

/* ---- Values ---- */

/* A number with a letter behind it that multiplies. False if it is none. */
static bool read_scaled(const char *value, const char *letters,
                        const unsigned long *factors, unsigned long *out)
{
    char *end = NULL;
    if (!isdigit((unsigned char)value[0]) || strlen(value) > 12)
        return false;
    unsigned long n = strtoul(value, &end, 10), factor = 1;
    if (*end) {
        const char *letter = strchr(letters, *end);
        if (!letter || end[1])
            return false;
        factor = factors[letter - letters];
    }
    *out = n * factor; /* twelve digits times a day fit */
    return true;
}

static dgm_status read_number(const dgmi_set_row *row, const char *value,
                              unsigned long *out, dgm_error *err)
{
    static const unsigned long spans[] = { 1, 60, 3600, DAY };
    static const unsigned long bytes[] = { 1024, MEGABYTE };
    const char *unit = "a number";
    bool good;
    if (row->kind == DGMI_KIND_SPAN) {
        unit = "a time such as 30s, 15m, 2h or 1d";
        good = read_scaled(value, "smhd", spans, out);
    } else if (row->kind == DGMI_KIND_BYTES) {
        unit = "a size such as 500k or 10M";
        good = read_scaled(value, "kM", bytes, out);
    } else {
        good = read_scaled(value, "", NULL, out);
    }
    if (!good)
        return dgmi_fail(err, DGM_E_ARG, "%s: wants %s, not \"%.60s\"", row->name, unit,
                         value);
    if (*out < row->low || *out > row->high)
        return dgmi_fail(err, DGM_E_ARG, "%s: %.60s is out of bounds (%lu to %lu%s)",
                         row->name, value, row->low, row->high,
                         row->kind == DGMI_KIND_SPAN ? " seconds" : "");
    return DGM_OK;
}

static dgm_status refuse(const dgmi_set_row *row, const char *wanted, const char *value,
                         dgm_error *err)
{
    return dgmi_fail(err, DGM_E_ARG, "%s: wants %s, not \"%.80s\"", row->name, wanted,
                     value);
}

static bool is_web_address(const char *value)
{
    dgmi_str s = dgmi_str_of(value);
    size_t scheme = dgmi_str_starts_nocase(s, "https://")  ? 8
                    : dgmi_str_starts_nocase(s, "http://") ? 7
                                                           : 0;
    if (!scheme || s.n == scheme || s.n >= 2000)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
            return false;
    }
    return strchr("/?#", value[scheme]) == NULL;
}

static bool is_language(const char *value)
{
    size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return n >= 2 && n <= 8 && (!value[n] || value[n] == '-' || value[n] == '_');
}

static bool is_header(const char *value)
{
    size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "0123456789-_");
    return n > 0 && value[n] == ':' && value[n + 1];
}

static bool is_start(const char *value)
{
    int64_t from, to;
    return !strcmp(value, "no") || !strcmp(value, "all") ||
           dgmi_date_span(dgmi_str_of(value), &from, &to);
}

static dgm_status check_value(const dgmi_set_row *row, const char *value,
                              unsigned long *number, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    switch (row->kind) {
    case DGMI_KIND_TEXT:
        return DGM_OK;
    case DGMI_KIND_URL:
        return is_web_address(value)
                   ? DGM_OK
                   : refuse(row, "an address with http:// or https://", value, err);
    case DGMI_KIND_COUNTRY:
        return dgmi_country_code(value) ? DGM_OK : refuse(row, "a country", value, err);
    case DGMI_KIND_LANGUAGE:
        return is_language(value) ? DGM_OK
                                  : refuse(row, "a code such as en or pt-BR", value, err);
    case DGMI_KIND_FORMAT:
        return !strcmp(value, "auto") || dgmi_format_find(value)
                   ? DGM_OK
                   : refuse(row, "auto or a name that dragoman index --formats lists",
                            value, err);
    case DGMI_KIND_HEADER:
        return is_header(value)
                   ? DGM_OK
                   : dgmi_fail(err, DGM_E_ARG, "%s: wants Name: value", row->name);
    case DGMI_KIND_BACKFILL:
        return is_start(value)
                   ? DGM_OK
                   : refuse(row, "no, all or a date such as 2021-01-01", value, err);
    case DGMI_KIND_ADDRESSES:
        return dgmi_allowed_check(value, &why) == DGM_OK
                   ? DGM_OK
                   : dgmi_fail(err, DGM_E_ARG, "%s: %s", row->name, why.text);
    case DGMI_KIND_YESNO:
        *number = !strcmp(value, "yes");
        return *number || !strcmp(value, "no") ? DGM_OK
                                               : refuse(row, "yes or no", value, err);
    case DGMI_KIND_SPAN:
    case DGMI_KIND_BYTES:
    case DGMI_KIND_NUMBER:
        return read_number(row, value, number, err);
    }
    return DGM_OK;
}

dgm_status dgmi_values_set(dgmi_values *values, dgmi_set set, const char *value,
                           dgm_error *err)
{
    const dgmi_set_row *row = &table[set];
    if (!*value)
        return dgmi_fail(err, DGM_E_ARG, "%s: wants a value", row->name);
    if (strlen(value) > VALUE_MAX)
        return dgmi_fail(err, DGM_E_ARG, "%s: longer than %d bytes", row->name,
                         VALUE_MAX);
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return dgmi_fail(err, DGM_E_ARG, "%s: holds a control character", row->name);
    }
    dgm_status status = check_value(row, value, &values->number[set], err);
    if (status != DGM_OK)
        return status;
    if (row->kind == DGMI_KIND_COUNTRY)
        value = dgmi_country_code(value);
    char *copy = strdup(value);
    if (!copy)
        return dgmi_fail_memory(err);
    free(values->text[set]);
    values->text[set] = copy;
    return DGM_OK;
}

dgm_status dgmi_values_complete(dgmi_values *values, const dgmi_values *common,
                                dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (int i = 0; i < DGMI_SETS && status == DGM_OK; i++) {
        const char *from = common ? common->text[i] : table[i].standard;
        bool inherits = !common || table[i].place == DGMI_ANYWHERE_SET;
        if (common && !inherits)
            from = table[i].standard;
        if (!values->text[i] && from)
            status = dgmi_values_set(values, (dgmi_set)i, from, err);
    }
    return status;
}

/* ---- Documentation ---- */

void dgmi_settings_print(dgmi_buf *out)
{
    static const char *const places[] = { "a feed", "a feed, `[fetch]`", "`[fetch]`" };
    dgmi_buf_puts(out,
                  "<!-- Made by \"dragoman fetch --settings\". -->\n"
                  "# Settings of a list of feeds\n\n"
                  "In an INI file, each section but `[fetch]` is a feed; what `[fetch]` "
                  "says holds for every feed that\nsays nothing else. In OPML the same "
                  "names may stand as attributes of an outline.\n"
                  "[fetching.md](fetching.md) has a whole example.\n\n"
                  "| setting | in | standard | what |\n|---|---|---|---|\n");
    for (int i = 0; i < DGMI_SETS; i++)
        dgmi_buf_printf(out, "| `%s` | %s | %s%s%s | %s |\n", table[i].name,
                        places[table[i].place], table[i].standard ? "`" : "",
                        table[i].standard ? table[i].standard : "",
                        table[i].standard ? "`" : "", table[i].help);
}
