/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman watchlist`: saved queries that tell of new items. Depends on lib/fetch. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "date.h"
#include "fail.h"
#include "file.h"
#include "hook.h"
#include "indexer.h"
#include "wire.h"

enum { OPTIONS_MAX = 48, OUTPUT = 64 << 20, LIMIT = 50, WAIT_MS = 30000, NAP_MS = 500 };

typedef struct run {
    const dgmi_command *command;
    const char *data, *since;
    bool json, replace, loop, send;
    unsigned long limit;
    dgmi_buf file; /* of a watchlist to be added */
    dgm *desk;
    int code;
} run;

/* ---- Options ---- */

static const dgmi_option own[] = {
    DATA_OPTION,
    { "json", 0, NULL, "Print JSON." },
    { "label", 0, "TEXT", "add: what people call it; the title of its feed." },
    { "webhook", 0, "URL", "add: where alerts are posted to." },
    { "secret", 0, "REF",
      "add: where the key is that deliveries are signed with: env:NAME, a variable of "
      "whoever delivers, or file:PATH." },
    { "allow-private", 0, "LIST",
      "add: private addresses that the webhook may be at: no, yes, or prefixes such as "
      "10.1.0.0/16. Standard: no." },
    { "digest", 0, "TIME",
      "add: deliver at most once in this time, such as 15m, 2h or 1d, all that came "
      "since." },
    { "mute", 0, "DATE", "add: deliver nothing before this time." },
    { "timeout", 0, "TIME",
      "add: seconds that a delivery may take, 1 to 60. Standard: 10." },
    { "replace", 0, NULL, "add: change the watchlist of this name." },
    { "since", 0, "PLACE", "show: the alerts behind this place, in order." },
    { "limit", 0, "N", "show, test: so many at most. Standard: 50." },
    { "send", 0, NULL, "test: post a test to the webhook." },
    { "loop", 0, NULL, "run: stay, and look again as items come in." },
};
enum { OWN = sizeof own / sizeof own[0] };

const dgmi_option *watchlist_options(void)
{
    static dgmi_option options[OPTIONS_MAX + 1];
    static char help[OPTIONS_MAX][PARAM_HELP];
    const dgm_param *p = NULL;
    size_t n = OWN;
    if (options[0].name)
        return options;
    memcpy(options, own, sizeof own);
    for (size_t i = 0; (p = dgm_param_at(i)) && n < OPTIONS_MAX; i++) {
        if (!strcmp(p->name, "q") || !dgm_watch_takes(p->name))
            continue;
        options[n] = param_option(p, help[n]);
        n++;
    }
    return options;
}

/* A line of the file: values have no line ends. */
static dgm_status put_setting(run *r, const char *name, const char *value, dgm_error *err)
{
    if (strpbrk(value, "\r\n"))
        return dgmi_fail(err, DGM_E_ARG, "%s: the value has a line end", name);
    dgmi_buf_printf(&r->file, "%s = %s\n", name, value);
    return DGM_OK;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!strcmp(name, "replace"))
        r->replace = true;
    else if (!strcmp(name, "loop"))
        r->loop = true;
    else if (!strcmp(name, "send"))
        r->send = true;
    else if (!strcmp(name, "since"))
        r->since = value;
    else if (!strcmp(name, "limit"))
        return dgmi_option_number(name, value, 100, &r->limit, err);
    else
        return put_setting(r, name, value, err);
    return DGM_OK;
}

/* ---- Printing ---- */

static dgm_status print_watches(run *r, const char *name, bool state, dgm_error *err)
{
    dgm_watches *watches = NULL;
    dgmi_buf out;
    dgmi_buf_init(&out, OUTPUT);
    dgm_status status = dgm_watches_read(data_dir(r->data), name, &watches, err);
    if (status != DGM_OK)
        return status;
    if (r->json)
        dgmi_json_watches(&out, watches, false);
    else
        put_watches(&out, watches, state);
    if (r->json)
        dgmi_buf_putc(&out, '\n');
    for (size_t i = 0; state && i < watches->n; i++)
        if (watches->list[i].parked)
            r->code = EXIT_REJECTED;
    dgm_watches_free(watches);
    int code = print_buf(r->command, &out);
    r->code = code ? code : r->code;
    return DGM_OK;
}

static dgm_status print_alerts(run *r, const char *name, const char *since, bool *more,
                               char place[64], dgm_error *err)
{
    dgm_alerts *alerts = NULL;
    dgmi_buf out;
    dgm_status status =
        dgm_watch_alerts(r->desk, name, since, (unsigned)r->limit, false, &alerts, err);
    if (status != DGM_OK)
        return status;
    *more = alerts->more;
    snprintf(place, 64, "%s", alerts->next ? alerts->next : "");
    dgmi_buf_init(&out, OUTPUT);
    if (r->json)
        dgmi_json_alerts(&out, alerts);
    else
        put_alerts(&out, alerts);
    if (r->json)
        dgmi_buf_putc(&out, '\n');
    dgm_alerts_free(alerts);
    int code = print_buf(r->command, &out);
    r->code = code ? code : r->code;
    return DGM_OK;
}

/* ---- Actions ---- */

static dgm_status add(run *r, int argc, char **argv, dgm_error *err)
{
    dgmi_buf q;
    dgmi_buf_init(&q, 1 << 20);
    for (int i = 1; i < argc; i++)
        dgmi_buf_printf(&q, "%s%s", i > 1 ? " " : "", argv[i]);
    dgm_status status = argc > 1 ? put_setting(r, "q", q.p ? q.p : "", err) : DGM_OK;
    if (status == DGM_OK && (q.failed || r->file.failed))
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgm_watch_write(r->desk, argv[0], r->file.p ? r->file.p : "", r->replace,
                                 err);
    dgmi_buf_clear(&q);
    return status == DGM_OK ? print_watches(r, argv[0], false, err) : status;
}

static dgm_status send_test(run *r, const char *name, dgm_error *err)
{
    dgm_deliveries *deliveries = NULL;
    dgm_posted posted;
    char why[240];
    dgm_status status = dgm_watch_sample(r->desk, name, &deliveries, err);
    if (status != DGM_OK)
        return status;
    dgmi_hook_post(&deliveries->list[0], &posted, why);
    dgm_deliveries_free(deliveries);
    fprintf(stderr, "dragoman watchlist: the webhook %s%s\n",
            posted.why ? "failed: " : "took it", posted.why ? posted.why : "");
    r->code = posted.why ? EXIT_REJECTED : r->code;
    return DGM_OK;
}

static dgm_status test(run *r, const char *name, dgm_error *err)
{
    dgm_page *page = NULL;
    dgmi_buf out;
    dgm_status status = dgm_watch_try(r->desk, name, (unsigned)r->limit, &page, err);
    if (status != DGM_OK)
        return status;
    dgmi_buf_init(&out, OUTPUT);
    for (size_t i = 0; i < page->n_warnings && !r->json; i++)
        fprintf(stderr, "dragoman watchlist: %s\n", page->warnings[i]);
    if (r->json)
        dgmi_json_page(&out, page);
    else
        put_try(&out, page);
    if (r->json)
        dgmi_buf_putc(&out, '\n');
    dgm_page_free(page);
    int code = print_buf(r->command, &out);
    r->code = code ? code : r->code;
    return r->send ? send_test(r, name, err) : DGM_OK;
}

static dgm_status show(run *r, const char *name, dgm_error *err)
{
    bool more;
    char place[64];
    dgm_status status = print_alerts(r, name, r->since, &more, place, err);
    if (status == DGM_OK && more && !r->json)
        fprintf(stderr, "dragoman watchlist: more with --since %s\n", place);
    return status;
}

static dgm_status mute(run *r, const char *name, const char *until, dgm_error *err)
{
    int64_t time = DGM_NO_TIME;
    if (strcmp(until, "off") != 0 && !dgmi_date_parse(dgmi_str_of(until), &time))
        return dgmi_fail(err, DGM_E_ARG,
                         "\"%.60s\" is neither off nor a date such as "
                         "2026-12-01T08:00:00Z",
                         until);
    return dgm_watch_mute(data_dir(r->data), name, time, err);
}

/* ---- run ---- */

static volatile sig_atomic_t ending;

static void end(int number)
{
    (void)number;
    ending = 1;
}

/* Alerts that came behind what was known before. */
static dgm_status print_new(run *r, const dgm_watches *before, dgm_error *err)
{
    dgm_watches *after = NULL;
    dgm_status status = dgm_watches_read(data_dir(r->data), NULL, &after, err);
    for (size_t i = 0; status == DGM_OK && i < after->n; i++) {
        const dgm_watch *w = &after->list[i];
        char place[64] = "";
        bool more = w->alerts > 0 && !w->fault;
        for (size_t k = 0; k < before->n; k++) {
            const dgm_watch *old = &before->list[k];
            if (strcmp(old->name, w->name) != 0 || old->created != w->created)
                continue;
            more = more && w->alerts > old->alerts;
            snprintf(place, sizeof place, "%s", old->place ? old->place : "");
        }
        while (status == DGM_OK && more)
            status = print_alerts(r, w->name, *place ? place : NULL, &more, place, err);
    }
    dgm_watches_free(after);
    return status;
}

static void tell_parked(run *r, const dgm_watch_counts *counts)
{
    if (counts->faulty > 0 && !r->loop)
        fprintf(stderr,
                "dragoman watchlist: %" PRIu64 " cannot be looked after: \"dragoman "
                "watchlist status\" says why\n",
                counts->faulty);
    if (counts->faulty > 0)
        r->code = EXIT_REJECTED;
}

/* Until there is nothing more to deliver, or what there is has to wait. */
static dgm_status deliver(run *r, dgm_error *err)
{
    dgmi_hook_counts counts = { .delivered = 1 };
    dgm_status status = DGM_OK;
    while (status == DGM_OK && counts.delivered > 0 && !ending) {
        status = dgmi_hook_round(r->desk, data_dir(r->data), log_to_stderr, NULL,
                                 (void *)r->command, &counts, err);
        if (counts.failed > 0)
            r->code = EXIT_REJECTED;
    }
    return status;
}

static dgm_status run_once(run *r, dgm_error *err)
{
    dgm_watches *before = NULL;
    dgm_watch_counts counts = { .watches = 0 };
    dgm_status status = dgm_watches_read(data_dir(r->data), NULL, &before, err);
    if (status == DGM_OK)
        status = dgm_watch_look(r->desk, WAIT_MS, &counts, err);
    if (status == DGM_OK && counts.alerts > 0)
        status = print_new(r, before, err);
    tell_parked(r, &counts);
    dgm_watches_free(before);
    return status == DGM_OK ? deliver(r, err) : status;
}

static dgm_status run_all(run *r, dgm_error *err)
{
    const struct timespec nap = { 0, NAP_MS * 1000000L };
    struct sigaction stop = { .sa_handler = end };
    if (!r->loop) {
        dgm_status status = run_once(r, err);
        return status == DGM_OK ? dgm_watch_keep(r->desk, WAIT_MS, err) : status;
    }
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    while (!ending) {
        dgm_error why = DGM_ERROR_INIT;
        dgm_status status = run_once(r, &why);
        if (status == DGM_E_NOMEM || status == DGM_E_CORRUPT)
            return dgmi_fail(err, status, "%s", why.text);
        if (status != DGM_OK)
            report(r->command, status, &why);
        nanosleep(&nap, NULL);
    }
    r->code = EXIT_DONE;
    return dgm_watch_keep(r->desk, WAIT_MS, err);
}

/* ---- Choosing ---- */

typedef struct action {
    const char *name;
    int least, most; /* words behind it */
    bool desk;
} action;

static const action actions[] = {
    { "add", 1, 10000, true }, { "list", 0, 0, false },   { "status", 0, 1, false },
    { "show", 1, 1, true },    { "test", 1, 1, true },    { "run", 0, 0, true },
    { "mute", 2, 2, false },   { "unpark", 1, 1, false }, { "remove", 1, 1, false },
};

static const action *find_action(const char *name)
{
    for (size_t i = 0; name && i < sizeof actions / sizeof actions[0]; i++)
        if (!strcmp(actions[i].name, name))
            return &actions[i];
    return NULL;
}

static dgm_status act(run *r, const action *a, int argc, char **argv, dgm_error *err)
{
    if (!strcmp(a->name, "add"))
        return add(r, argc, argv, err);
    if (!strcmp(a->name, "list"))
        return print_watches(r, NULL, false, err);
    if (!strcmp(a->name, "status"))
        return print_watches(r, argc > 0 ? argv[0] : NULL, true, err);
    if (!strcmp(a->name, "show"))
        return show(r, argv[0], err);
    if (!strcmp(a->name, "test"))
        return test(r, argv[0], err);
    if (!strcmp(a->name, "run"))
        return run_all(r, err);
    if (!strcmp(a->name, "mute"))
        return mute(r, argv[0], argv[1], err);
    if (!strcmp(a->name, "unpark"))
        return dgm_watch_unpark(data_dir(r->data), argv[0], err);
    return dgm_watch_remove(data_dir(r->data), argv[0], err);
}

static dgm_status begin(run *r, const action *a, dgm_error *err)
{
    dgm_options options = { log_to_stderr, (void *)r->command };
    dgm_status status = DGM_OK;
    if (!strcmp(a->name, "add"))
        status = dgmi_make_dirs(data_dir(r->data), err);
    else if (!dgmi_is_dir(data_dir(r->data)))
        status = dgmi_fail(err, DGM_E_NOTFOUND, "%s: no such data directory",
                           data_dir(r->data));
    return status == DGM_OK && a->desk
               ? dgm_open(data_dir(r->data), &options, &r->desk, err)
               : status;
}

int run_watchlist(const dgmi_command *command, int argc, char **argv)
{
    dgmi_command with_options = *command;
    run r = { .command = command, .limit = LIMIT };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    with_options.options = watchlist_options();
    dgmi_buf_init(&r.file, 1 << 16);
    dgm_status status =
        dgmi_options_read(&with_options, argc, argv, take, &r, &first, &err);
    const action *a = first < argc ? find_action(argv[first]) : NULL;
    int words = argc - first - 1;
    if (status == DGM_OK && !a)
        status = dgmi_fail(&err, DGM_E_ARG, "%.60s is no action of watchlist",
                           first < argc ? argv[first] : "nothing");
    if (status == DGM_OK && a && (words < a->least || words > a->most))
        status = dgmi_fail(&err, DGM_E_ARG, "%s takes %s", a->name,
                           a->most == 0    ? "no name"
                           : a->most == 2  ? "a name and a date or off"
                           : a->least == 0 ? "one name or none"
                                           : "one name");
    if (status == DGM_OK && a && r.file.n > 0 && strcmp(a->name, "add") != 0)
        status = dgmi_fail(&err, DGM_E_ARG, "%s takes no settings", a->name);
    if (status != DGM_OK || !a) {
        dgmi_buf_clear(&r.file);
        return report_usage(command, &err);
    }
    status = begin(&r, a, &err);
    if (status == DGM_OK)
        status = act(&r, a, words, argv + first + 1, &err);
    dgm_close(r.desk);
    dgmi_buf_clear(&r.file);
    return status == DGM_OK ? r.code : report(command, status, &err);
}
