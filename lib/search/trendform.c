/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parameters of trends and of comparisons. Depends on series.h, lib/base. */
#include <stdio.h>
#include <string.h>

#include "series.h"
#include "fail.h"
#include "utf8.h"

enum { P_INTERVAL, P_BY, P_SERIES, P_TZ, N_PARAMS, P_WORDS = N_PARAMS };

const char *const dgmi_interval_names[DGMI_INTERVALS] = { "auto", "hour",  "day",
                                                          "week", "month", "year" };
const char *const dgmi_by_names[DGMI_BYS] = { NULL,       "source",  "region", "country",
                                              "language", "speaker", "topic" };

static const dgm_param table[] = {
    [P_INTERVAL] = { "interval", DGM_PARAM_CHOICE, false, "auto|hour|day|week|month|year",
                     "auto",
                     "Length of the intervals; weeks begin on Monday. With auto the "
                     "period decides." },
    [P_BY] = { "by", DGM_PARAM_CHOICE, false,
               "none|source|region|country|language|speaker|topic", "none",
               "By the values of which field the counts are parted." },
    [P_SERIES] = { "series", DGM_PARAM_NUMBER, false, "1-50", "10",
                   "Values at most, those with most matches." },
    [P_TZ] = { "tz", DGM_PARAM_TEXT, false, NULL, "Z",
               "How far the clock of the intervals is ahead of UTC: +03:00, -05:00 or Z. "
               "A fixed offset, no summer time; from and to stay days of UTC." },
};

/* Of a comparison: `series` are voices there, and there is always a `by`. */
static const dgm_param own[] = {
    [P_INTERVAL] = { "interval", DGM_PARAM_CHOICE, false, "auto|hour|day|week|month|year",
                     "auto",
                     "Length of the intervals; weeks begin on Monday. With auto the "
                     "period decides." },
    [P_BY] = { "by", DGM_PARAM_CHOICE, false,
               "source|region|country|language|speaker|topic", "source",
               "Whose voices are told: the values of which field." },
    [P_SERIES] = { "series", DGM_PARAM_NUMBER, false, "1-50", "10",
                   "Voices of a side at most, the first to speak, and as many silent "
                   "ones." },
    [P_TZ] = { "tz", DGM_PARAM_TEXT, false, NULL, "Z",
               "How far the clock of the intervals is ahead of UTC: +03:00, -05:00 or "
               "Z." },
    [P_WORDS] = { "words", DGM_PARAM_NUMBER, false, "1-100", "20",
                  "Words of a side at most, and as many names." },
};
enum { N_OWN = sizeof own / sizeof own[0] };

const dgm_param *dgm_trends_param_at(size_t i)
{
    return i < N_PARAMS ? &table[i] : NULL;
}

bool dgm_param_chooses(const char *name)
{
    static const char *const looks[] = {
        "sort",    "limit",   "cursor", "facets",  "histogram", "group", "highlight",
        "explain", "related", "expand", "recency", "half_life", "cite",
    };
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        if (strcmp(looks[i], name) == 0)
            return false;
    }
    for (size_t i = 0; dgm_param_at(i); i++) {
        if (strcmp(dgm_param_at(i)->name, name) == 0)
            return true;
    }
    return false;
}

static dgm_status fail_value(const dgm_param *p, const char *value, const char *is,
                             dgm_error *err)
{
    return dgmi_fail(err, DGM_E_ARG, "%s: \"%.*s\" is not %s", p->name,
                     (int)dgmi_utf8_cut(value, strlen(value), 60), value, is);
}

static dgm_status set_choice(const dgm_param *p, const char *value, int *out,
                             dgm_error *err)
{
    char list[120];
    dgmi_str rest = dgmi_str_of(p->values), one;
    for (int i = 0; dgmi_str_split(&rest, '|', &one); i++) {
        if (dgmi_str_eq(one, value)) {
            *out = i;
            return DGM_OK;
        }
    }
    snprintf(list, sizeof list, "one of %s", p->values);
    return fail_value(p, value, list, err);
}

static dgm_status set_number(const dgm_param *p, const char *value, unsigned most,
                             unsigned *out, dgm_error *err)
{
    char is[40];
    unsigned n = 0;
    for (const char *c = value; *c && n <= most; c++)
        n = *c >= '0' && *c <= '9' ? n * 10 + (unsigned)(*c - '0') : most + 1;
    snprintf(is, sizeof is, "a number from 1 to %u", most);
    if (n < 1 || n > most)
        return fail_value(p, value, is, err);
    *out = n;
    return DGM_OK;
}

static bool read_two(const char *p, int below, int *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    return *out < below;
}

/* "+03:00", "+0300", "+03" and the same with "-"; "Z" and "UTC" are 0. A '+' that a URL
 * turned into a blank is one. */
static dgm_status set_shift(const char *value, int *out, dgm_error *err)
{
    int hours = 0, minutes = 0;
    size_t n = strlen(value);
    const char *rest = n >= 3 ? value + 3 + (value[3] == ':') : "x";
    bool zero = strcmp(value, "Z") == 0 || strcmp(value, "UTC") == 0;
    bool ok = zero || (n >= 3 && strchr("+- ", value[0]) != NULL &&
                       read_two(value + 1, 15, &hours) &&
                       (!*rest || (strlen(rest) == 2 && read_two(rest, 60, &minutes))) &&
                       value[n - 1] != ':');
    if (!ok)
        return fail_value(&table[P_TZ], value, "an offset such as +03:00, or Z", err);
    *out = (value[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return DGM_OK;
}

dgm_status dgm_trends_set(dgm_trends_form *form, const char *name, const char *value,
                          dgm_error *err)
{
    if (!form || !name || !value)
        return dgmi_fail(err, DGM_E_ARG, "a form, a name and a value are needed");
    if (strcmp(name, table[P_INTERVAL].name) == 0)
        return set_choice(&table[P_INTERVAL], value, &form->interval, err);
    if (strcmp(name, table[P_BY].name) == 0)
        return set_choice(&table[P_BY], value, &form->by, err);
    if (strcmp(name, table[P_SERIES].name) == 0)
        return set_number(&table[P_SERIES], value, DGMI_SERIES_MOST, &form->series, err);
    if (strcmp(name, table[P_TZ].name) == 0)
        return set_shift(value, &form->shift, err);
    return dgmi_fail(err, DGM_E_ARG, "%.60s: no such parameter", name);
}

const dgm_param *dgm_compare_param_at(size_t i)
{
    return i < N_OWN ? &own[i] : NULL;
}

dgm_status dgm_compare_set(dgm_compare_form *form, const char *name, const char *value,
                           dgm_error *err)
{
    int by = 0;
    if (!form || !name || !value)
        return dgmi_fail(err, DGM_E_ARG, "a form, a name and a value are needed");
    if (strcmp(name, own[P_WORDS].name) == 0)
        return set_number(&own[P_WORDS], value, DGMI_WORDS_MOST, &form->words, err);
    if (strcmp(name, own[P_BY].name) != 0)
        return dgm_trends_set(&form->trends, name, value, err);
    dgm_status status = set_choice(&own[P_BY], value, &by, err);
    if (status == DGM_OK)
        form->trends.by = by + 1;
    return status;
}
