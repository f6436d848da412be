/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of a watchlist. Depends on watchfile.h, lib/base, lib/search. */
#include "watchfile.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "file.h"
#include "query.h"
#include "utf8.h"

enum { TEXT_MOST = 2000 };

bool dgmi_watch_is_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= DGM_WATCH_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

bool dgm_watch_takes(const char *param)
{
    return dgm_param_chooses(param) && strcmp(param, "as_of") != 0;
}

char *dgmi_watch_path(const char *data_dir, const char *dir, const char *name,
                      const char *end)
{
    dgmi_buf path;
    dgmi_buf_init(&path, 0);
    dgmi_buf_printf(&path, "%s/%s/%s%s", data_dir, dir, name, end);
    char *made = dgmi_buf_take(&path);
    dgmi_buf_clear(&path);
    return made;
}

bool dgmi_watch_seconds(dgmi_str text, uint64_t *out)
{
    static const char units[] = "smhd";
    static const uint64_t seconds[] = { 1, 60, 3600, 86400 };
    uint64_t n = 0, unit = 1;
    size_t i = 0;
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && i < 9; i++)
        n = n * 10 + (uint64_t)(text.p[i] - '0');
    if (i == 0)
        return false;
    if (i + 1 == text.n && memchr(units, text.p[i], sizeof units - 1))
        unit = seconds[strchr(units, text.p[i++]) - units];
    *out = n * unit;
    return i == text.n && *out <= DGMI_DIGEST_MOST;
}

/* ---- One line ---- */

static dgm_status keep(char **place, const char *value, dgm_error *err)
{
    if (*place)
        return dgmi_fail(err, DGM_E_ARG, "given more than once");
    *place = strdup(value);
    return *place ? DGM_OK : dgmi_fail_memory(err);
}

static dgm_status set_webhook(dgmi_watchfile *w, const char *value, dgm_error *err)
{
    dgmi_str url = dgmi_str_of(value);
    bool http =
        dgmi_str_starts_nocase(url, "http://") || dgmi_str_starts_nocase(url, "https://");
    if (!http || strpbrk(value, " \t\"<>") || !value[strcspn(value, "/") + 2])
        return dgmi_fail(err, DGM_E_ARG, "not an http or https address");
    return keep(&w->webhook, value, err);
}

static dgm_status set_secret(dgmi_watchfile *w, const char *value, dgm_error *err)
{
    bool named = (!strncmp(value, "env:", 4) && value[4]) ||
                 (!strncmp(value, "file:", 5) && value[5]);
    return named ? keep(&w->secret, value, err)
                 : dgmi_fail(err, DGM_E_ARG,
                             "neither env:NAME nor file:PATH; the key itself does not "
                             "belong here");
}

static dgm_status set_timeout(dgmi_watchfile *w, const char *value, dgm_error *err)
{
    uint64_t seconds = 0;
    if (!dgmi_watch_seconds(dgmi_str_of(value), &seconds) || seconds < 1 ||
        seconds > DGMI_WATCH_TIMEOUT_MOST)
        return dgmi_fail(err, DGM_E_ARG, "not a time of 1 to %d seconds",
                         DGMI_WATCH_TIMEOUT_MOST);
    w->timeout = (unsigned)seconds;
    return DGM_OK;
}

static dgm_status set_line(dgmi_watchfile *w, const char *name, const char *value,
                           dgm_error *err)
{
    if (!strcmp(name, "label"))
        return keep(&w->label, value, err);
    if (!strcmp(name, "webhook"))
        return set_webhook(w, value, err);
    if (!strcmp(name, "secret"))
        return set_secret(w, value, err);
    if (!strcmp(name, "allow-private"))
        return keep(&w->allow_private, value, err);
    if (!strcmp(name, "digest"))
        return dgmi_watch_seconds(dgmi_str_of(value), &w->digest)
                   ? DGM_OK
                   : dgmi_fail(
                         err, DGM_E_ARG,
                         "not a time such as 90, 15m, 2h or 7d, of 30 days at most");
    if (!strcmp(name, "timeout"))
        return set_timeout(w, value, err);
    if (!strcmp(name, "mute"))
        return dgmi_date_parse(dgmi_str_of(value), &w->mute)
                   ? DGM_OK
                   : dgmi_fail(err, DGM_E_ARG, "not a date such as 2026-12-01T08:00:00Z");
    if (!dgm_watch_takes(name))
        return dgmi_fail(err, DGM_E_ARG, "no setting of a watchlist");
    return dgm_request_set(w->request, name, value, err);
}

/* The message of a failure begins with the place; one of a parameter names it already. */
static dgm_status fail_line(const char *path, unsigned line, const char *name,
                            const dgm_error *why, dgm_error *err)
{
    size_t n = strlen(name);
    bool named = !strncmp(why->text, name, n) && why->text[n] == ':';
    return dgmi_fail(err, DGM_E_ARG, "%.100s:%u: %.40s%s%s", path, line,
                     named ? "" : name, named ? "" : ": ", why->text);
}

static dgm_status take_line(dgmi_watchfile *w, const char *path, unsigned number,
                            dgmi_str line, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    char name[41], value[TEXT_MOST + 1] = "";
    const char *equals = memchr(line.p, '=', line.n);
    size_t at = equals ? (size_t)(equals - line.p) : 0;
    dgmi_str key = dgmi_str_trim((dgmi_str){ line.p, at });
    dgmi_str text = equals ? dgmi_str_trim(dgmi_str_skip(line, at + 1)) : line;
    if (!equals || key.n == 0 || key.n >= sizeof name)
        return dgmi_fail(err, DGM_E_ARG, "%.100s:%u: not \"name = value\"", path, number);
    memcpy(name, key.p, key.n);
    name[key.n] = '\0';
    bool is_query = !strcmp(name, "q");
    if (text.n == 0 && !is_query)
        dgmi_fail(&why, DGM_E_ARG, "the value is empty");
    else if (text.n > TEXT_MOST)
        dgmi_fail(&why, DGM_E_ARG, "longer than %d bytes", TEXT_MOST);
    else if (!dgmi_utf8_valid(text.p, text.n) || memchr(text.p, '\0', text.n))
        dgmi_fail(&why, DGM_E_ARG, "not valid UTF-8");
    else if (is_query && w->request->q)
        dgmi_fail(&why, DGM_E_ARG, "given more than once");
    if (why.code != DGM_OK)
        return fail_line(path, number, name, &why, err);
    memcpy(value, text.p, text.n);
    value[text.n] = '\0';
    dgm_status status = set_line(w, name, value, &why);
    return status == DGM_OK        ? status
           : status == DGM_E_NOMEM ? dgmi_fail_memory(err)
                                   : fail_line(path, number, name, &why, err);
}

/* ---- The whole ---- */

static dgm_status check_query(const dgmi_watchfile *w, const char *path, unsigned line,
                              dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgmi_query *query = NULL;
    dgm_status status =
        dgmi_query_parse(w->request->q, w->request->literal, &query, &why);
    dgmi_query_free(query);
    return status == DGM_OK        ? status
           : status == DGM_E_NOMEM ? dgmi_fail_memory(err)
                                   : fail_line(path, line, "q", &why, err);
}

dgm_status dgmi_watchfile_parse(const char *name, const char *path, dgmi_str text,
                                dgmi_watchfile *out, dgm_error *err)
{
    dgmi_str line;
    dgm_status status = DGM_OK;
    unsigned query = 0;
    *out = (dgmi_watchfile){ .name = strdup(name),
                             .mute = DGM_NO_TIME,
                             .timeout = DGMI_WATCH_TIMEOUT,
                             .request = dgm_request_new() };
    if (!out->name || !out->request)
        return dgmi_fail_memory(err);
    for (unsigned n = 1; status == DGM_OK && dgmi_str_split(&text, '\n', &line); n++) {
        line = dgmi_str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            status = take_line(out, path, n, line, err);
        if (out->request->q && query == 0)
            query = n;
    }
    if (status == DGM_OK)
        status = check_query(out, path, query, err);
    if (status == DGM_OK && out->secret && !out->webhook)
        status = dgmi_fail(err, DGM_E_ARG, "%.150s: a secret without a webhook", path);
    return status;
}

static bool is_mute_line(dgmi_str line)
{
    const char *equals = memchr(line.p, '=', line.n);
    dgmi_str name = { line.p, equals ? (size_t)(equals - line.p) : 0 };
    return dgmi_str_eq(dgmi_str_trim(name), "mute");
}

void dgmi_watch_put_mute(dgmi_str text, int64_t until, dgmi_buf *out)
{
    char time[DGMI_DATE_SIZE];
    dgmi_str line;
    while (dgmi_str_split(&text, '\n', &line)) {
        if (is_mute_line(line))
            continue;
        dgmi_buf_put(out, line.p, line.n);
        dgmi_buf_putc(out, '\n');
    }
    if (until != DGM_NO_TIME)
        dgmi_buf_printf(out, "mute = %s\n", dgmi_date_format(until, time));
}

dgm_status dgmi_watch_state_read(const char *data_dir, const char *name, const char *end,
                                 dgmi_buf *text, char **path, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    *path = dgmi_watch_path(data_dir, "watch/state", name, end);
    if (!*path)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_file_read(*path, text, &why);
    if (status == DGM_OK || status == DGM_E_NOTFOUND)
        return DGM_OK;
    return dgmi_fail(err, status, "%s", why.text);
}

dgm_status dgmi_watchfile_read(const char *data_dir, const char *name,
                               dgmi_watchfile *out, dgm_error *err)
{
    dgmi_buf text;
    *out = (dgmi_watchfile){ .mute = DGM_NO_TIME };
    if (!dgmi_watch_is_name(name))
        return dgmi_fail(err, DGM_E_NOTFOUND, "there is no watchlist \"%.80s\"", name);
    char *path = dgmi_watch_path(data_dir, "watch", name, ".watch");
    if (!path)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&text, DGMI_WATCH_BYTES);
    dgm_error why = DGM_ERROR_INIT;
    dgm_status status = dgmi_file_read(path, &text, &why);
    if (status == DGM_OK)
        status = dgmi_watchfile_parse(name, path, dgmi_buf_str(&text), out, err);
    else if (status == DGM_E_NOTFOUND)
        dgmi_fail(err, status, "there is no watchlist \"%.80s\"", name);
    else
        dgmi_fail(err, status, "%s", why.text);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

void dgmi_watchfile_clear(dgmi_watchfile *w)
{
    free(w->name);
    free(w->label);
    free(w->webhook);
    free(w->secret);
    free(w->allow_private);
    dgm_request_free(w->request);
    *w = (dgmi_watchfile){ .mute = DGM_NO_TIME };
}
