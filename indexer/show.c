/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman show`: one whole item, as text or JSON. */
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "indexer.h"
#include "wire.h"

static void put_line(dgmi_buf *out, const char *label, const char *value)
{
    if (value)
        dgmi_buf_printf(out, "%-12s %s\n", label, value);
}

static void put_time(dgmi_buf *out, const char *label, int64_t time)
{
    char date[DGMI_DATE_SIZE];
    if (time != DGM_NO_TIME)
        put_line(out, label, dgmi_date_format(time, date));
}

static void put_head(dgmi_buf *out, const dgm_item *item)
{
    dgmi_buf_printf(out, "%s%s\n\n", item->title ? item->title : "(no title)",
                    item->title_derived ? " [first sentence]" : "");
    put_line(out, "id", item->id);
    put_line(out, "status",
             item->status == DGM_USABLE ? NULL : dgmi_status_name(item->status));
    put_time(out, "published", item->published);
    put_time(out, "updated", item->updated);
    put_line(out, "region", item->region);
    put_line(out, "country", item->country);
    put_line(out, "source", item->source);
    put_line(out, "agency", item->agency);
    put_line(out, "provider", item->provider);
    put_line(out, "author", item->author);
    put_line(out, "language", item->language);
    put_line(out, "translated", item->translated ? "yes" : NULL);
    put_line(out, "url", item->url);
    for (size_t i = 0; i < item->n_topics; i++)
        put_line(out, "topic", item->topics[i]);
}

/* "Q" or "A" and the speaker in front of the first paragraph of a turn. */
static void put_turn(dgmi_buf *out, const dgm_item *item, size_t paragraph)
{
    for (size_t i = 0; i < item->n_turns; i++) {
        const dgm_turn *t = &item->turns[i];
        if (t->from != paragraph)
            continue;
        dgmi_buf_printf(out, "[%s%s%s] ", dgmi_role_name(t->role), t->speaker ? ", " : "",
                        t->speaker ? t->speaker : "");
    }
}

static void put_provenance(dgmi_buf *out, const dgm_item *item)
{
    if (item->n_evidence)
        dgmi_buf_puts(out, "\nProvenance:\n");
    for (size_t i = 0; i < item->n_evidence; i++) {
        const dgm_evidence *e = &item->evidence[i];
        dgmi_buf_printf(out, "  %-17s %s: %s, %s: \"%s\"\n", e->field, e->value, e->rule,
                        e->where, e->text);
    }
}

static void put_item(dgmi_buf *out, const dgm_item *item)
{
    put_head(out, item);
    for (size_t i = 0; i < item->n_warnings; i++)
        put_line(out, "warning", item->warnings[i]);
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        dgmi_buf_putc(out, '\n');
        put_turn(out, item, i);
        dgmi_buf_printf(out, "%s\n", item->paragraphs[i]);
    }
    if (item->n_asides)
        dgmi_buf_puts(out, "\nSet aside:\n");
    for (size_t i = 0; i < item->n_asides; i++)
        dgmi_buf_printf(out, "  [%s] %s\n", item->asides[i].kind, item->asides[i].text);
    put_provenance(out, item);
}

static int print_item(const dgmi_command *command, const data_run *r,
                      const dgm_item *item)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    if (r->json) {
        dgmi_json_item(&out, item);
        dgmi_buf_putc(&out, '\n');
    } else {
        put_item(&out, item);
    }
    return print_buf(command, &out);
}

/* ---- What is to be shown ---- */

typedef struct show_run {
    data_run data;
    bool versions, diff;
    const char *story;
} show_run;

static dgm_status take_show(void *user, const char *name, const char *value,
                            dgm_error *err)
{
    show_run *r = user;
    if (strcmp(name, "versions") == 0)
        r->versions = true;
    else if (strcmp(name, "diff") == 0)
        r->diff = true;
    else if (strcmp(name, "story") == 0)
        r->story = value;
    else
        return take_data_run(&r->data, name, value, err);
    return DGM_OK;
}

static int show(const dgmi_command *command, const show_run *r, dgm *desk, const char *id)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_item *item = NULL;
    dgm_history *history = NULL;
    int code = EXIT_DONE;
    dgm_status status = r->versions ? dgm_versions(desk, id, r->diff, &history, &err)
                                    : dgm_get(desk, id, &item, &err);
    if (status == DGM_E_NOTFOUND) { /* a missing item is no fault of the data directory */
        fprintf(stderr, "dragoman show: %s: no such item\n", id);
        code = EXIT_REJECTED;
    } else if (status != DGM_OK) {
        code = report(command, status, &err);
    } else if (history) {
        code = print_history(command, history, r->data.json);
    } else if (item) {
        code = print_item(command, &r->data, item);
    }
    dgm_item_free(item);
    dgm_history_free(history);
    return code;
}

int run_show(const dgmi_command *command, int argc, char **argv)
{
    show_run r = { 0 };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;

    dgm_status status =
        dgmi_options_read(command, argc, argv, take_show, &r, &first, &err);
    if (status == DGM_OK && first + (r.story ? 0 : 1) != argc)
        status = dgmi_fail(&err, DGM_E_ARG, "wants the id of one item or story");
    if (status == DGM_OK && r.story && r.versions)
        status = dgmi_fail(&err, DGM_E_ARG, "--story does not go with --versions");
    if (status == DGM_OK && r.diff && !r.versions)
        status = dgmi_fail(&err, DGM_E_ARG, "--diff goes with --versions");
    if (status != DGM_OK)
        return report_usage(command, &err);
    if (r.story)
        return show_story(command, r.data.data, r.data.json, r.story);
    dgm_options options = { log_to_stderr, (void *)command };
    status = dgm_open(data_dir(r.data.data), &options, &desk, &err);
    int code = status == DGM_OK ? show(command, &r, desk, argv[first])
                                : report(command, status, &err);
    dgm_close(desk);
    return code;
}
