/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman feeds`: how each feed is doing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "fetching.h"
#include "file.h"
#include "state.h"
#include "utf8.h"
#include "wire.h"

enum { NAME_COLUMNS = 30, NAME_BYTES = 90 };

typedef struct run {
    const char *data, *feeds;
    bool json;
} run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    (void)err;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "feeds"))
        r->feeds = value;
    else
        r->json = true;
    return DGM_OK;
}

/* ---- JSON ---- */

static void put_text(dgmi_buf *out, const char *name, const char *value)
{
    dgmi_buf_printf(out, ", \"%s\": ", name);
    dgmi_json_string(out, value);
}

static void put_time(dgmi_buf *out, const char *name, int64_t time)
{
    dgmi_buf_printf(out, ", \"%s\": ", name);
    dgmi_json_time(out, time > 0 ? time : DGM_NO_TIME);
}

static void put_object(dgmi_buf *out, const dgmi_feed_state *s)
{
    const int64_t *n = s->number;
    dgmi_buf_puts(out, "{\"name\": ");
    dgmi_json_string(out, s->text[DGMI_NOTE_NAME]);
    put_text(out, "url", s->url);
    put_text(out, "moved_to", s->text[DGMI_NOTE_MOVED]);
    put_time(out, "last_poll", n[DGMI_NOTE_POLLED]);
    put_time(out, "last_success", n[DGMI_NOTE_SUCCESS]);
    put_time(out, "next_poll", n[DGMI_NOTE_GONE] ? 0 : n[DGMI_NOTE_NEXT]);
    put_time(out, "gone", n[DGMI_NOTE_GONE]);
    put_text(out, "error", s->text[DGMI_NOTE_ERROR]);
    dgmi_buf_printf(out,
                    ", \"failures\": %" PRId64 ", \"status\": %" PRId64
                    ", \"polls\": %" PRId64 ", \"not_modified\": %" PRId64,
                    n[DGMI_NOTE_FAILURES], n[DGMI_NOTE_STATUS], n[DGMI_NOTE_POLLS],
                    n[DGMI_NOTE_NOT_MODIFIED]);
    dgmi_buf_printf(out,
                    ", \"items\": {\"added\": %" PRId64 ", \"replaced\": %" PRId64
                    ", \"rejected\": %" PRId64 "}",
                    n[DGMI_NOTE_ADDED], n[DGMI_NOTE_REPLACED], n[DGMI_NOTE_REJECTED]);
    put_text(out, "hub", s->text[DGMI_NOTE_HUB]);
    dgmi_buf_printf(out, ", \"backfill\": {\"page\": %" PRId64 ", \"pages\": %" PRId64,
                    n[DGMI_NOTE_PAGE], n[DGMI_NOTE_PAGES]);
    put_time(out, "done", n[DGMI_NOTE_BACKFILLED]);
    put_text(out, "error", s->text[DGMI_NOTE_BACKFILL_ERROR]);
    dgmi_buf_puts(out, "}}");
}

/* ---- The table ---- */

static void put_row(dgmi_buf *out, const dgmi_feed_state *s)
{
    char success[DGMI_DATE_SIZE], next[DGMI_DATE_SIZE];
    const int64_t *n = s->number;
    const char *name = s->text[DGMI_NOTE_NAME] ? s->text[DGMI_NOTE_NAME] : s->url;
    const char *error = s->text[DGMI_NOTE_ERROR];
    if (!error)
        error = s->text[DGMI_NOTE_BACKFILL_ERROR];
    bool ever = n[DGMI_NOTE_SUCCESS] > 0, asked = n[DGMI_NOTE_POLLED] > 0;
    size_t width = dgmi_utf8_cut(name, strlen(name), NAME_BYTES);
    size_t letters = dgmi_utf8_count(name, width);
    dgmi_buf_put(out, name, width);
    dgmi_buf_printf(out, "%*s  %-20s  %-20s  %7" PRId64 "%s%s\n",
                    letters < NAME_COLUMNS ? (int)(NAME_COLUMNS - letters) : 0, "",
                    ever ? dgmi_date_format(n[DGMI_NOTE_SUCCESS], success) : "never",
                    n[DGMI_NOTE_GONE] ? "never (gone)"
                    : asked           ? dgmi_date_format(n[DGMI_NOTE_NEXT], next)
                                      : "now",
                    n[DGMI_NOTE_ADDED], error ? "  " : "", error ? error : "");
}

static void put_all(dgmi_buf *out, dgmi_feed_state *const *feeds, size_t n, bool json)
{
    if (json)
        dgmi_buf_puts(out, "{\"feeds\": [");
    else
        dgmi_buf_printf(out, "%-*s  %-20s  %-20s  %7s  %s\n", NAME_COLUMNS, "feed",
                        "last success", "next poll", "items", "last error");
    for (size_t i = 0; i < n; i++) {
        if (!json) {
            put_row(out, feeds[i]);
            continue;
        }
        dgmi_buf_puts(out, i > 0 ? ",\n " : "\n ");
        put_object(out, feeds[i]);
    }
    if (json)
        dgmi_buf_puts(out, "\n]}\n");
}

/* Those of the list, in its order, also if they were never asked; without a list, all
 * that are remembered. */
static dgm_status print_feeds(const dgmi_command *command, const run *r,
                              dgmi_states *states, const dgmi_feed_list *list, int *code,
                              dgm_error *err)
{
    dgmi_buf out;
    dgmi_feed_state **shown = list->n ? calloc(list->n, sizeof(void *)) : NULL;
    if (list->n && !shown)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < list->n; i++) {
        const dgmi_feed_entry *feed = &list->feeds[i];
        shown[i] = dgmi_states_at(states, dgmi_feed_text(feed, DGMI_SET_URL));
        if (!shown[i] || !dgmi_state_set(shown[i], DGMI_NOTE_NAME,
                                         dgmi_feed_text(feed, DGMI_SET_NAME))) {
            free(shown);
            return dgmi_fail_memory(err);
        }
    }
    dgmi_buf_init(&out, (size_t)256 << 20);
    put_all(&out, shown ? shown : states->feeds, shown ? list->n : states->n, r->json);
    *code = print_buf(command, &out);
    free(shown);
    return DGM_OK;
}

/* The list of the data directory need not be there. */
static dgm_status read_list(const run *r, dgmi_feed_list *list, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    char *path = feeds_path(r->feeds, r->data);
    if (!path)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_feed_list_read(path, list, &why);
    free(path);
    if (status == DGM_OK || (status == DGM_E_NOTFOUND && !r->feeds))
        return DGM_OK;
    return dgmi_fail(err, DGM_E_ARG, "%s", why.text);
}

int run_feeds(const dgmi_command *command, int argc, char **argv)
{
    run r = { .data = NULL };
    int first = 0, code = EXIT_DONE;
    dgmi_feed_list list = { .feeds = NULL };
    dgmi_states states = { .feeds = NULL };
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = dgmi_options_read(command, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK && first < argc)
        status = dgmi_fail(&err, DGM_E_ARG, "%s: feeds takes no such word", argv[first]);
    if (status != DGM_OK)
        return report_usage(command, &err);
    r.data = data_dir(r.data);
    if (!dgmi_is_dir(r.data))
        status = dgmi_fail(&err, DGM_E_NOTFOUND, "%s: no such data directory", r.data);
    if (status == DGM_OK)
        status = read_list(&r, &list, &err);
    if (status == DGM_OK)
        status = dgmi_states_read(r.data, &states, &err);
    if (status == DGM_OK)
        status = print_feeds(command, &r, &states, &list, &code, &err);
    dgmi_feed_list_clear(&list);
    dgmi_states_clear(&states);
    return status == DGM_OK ? code : report(command, status, &err);
}
