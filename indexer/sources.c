/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman sources`: who publishes how often, and who is silent. Depends on lib/wire. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

typedef struct run {
    const char *data;
    bool json;
    int64_t now;
} run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!dgmi_date_parse(dgmi_str_of(value), &r->now)) {
        snprintf(err->text, sizeof err->text, "--now: \"%.60s\" is no date", value);
        return err->code = DGM_E_ARG;
    }
    return DGM_OK;
}

static void put_weekdays(dgmi_buf *out, unsigned weekdays)
{
    static const char letters[] = "MTWTFSS";
    for (unsigned i = 0; i < 7; i++)
        dgmi_buf_putc(out, weekdays >> i & 1 ? letters[i] : '-');
}

static void put_source(dgmi_buf *out, const dgm_source *s)
{
    char last[DGMI_DATE_SIZE];
    bool known = s->state != DGM_SOURCE_NEW && s->state != DGM_SOURCE_ENDED;
    dgmi_buf_printf(out, "%-8s %-10.10s %9" PRIu64 "  ", dgm_source_state_text(s->state),
                    dgmi_date_format(s->last, last), s->items);
    if (known) {
        dgmi_buf_printf(out, "%5u a day ", s->per_day);
        put_weekdays(out, s->weekdays);
    } else {
        dgmi_buf_puts(out, "                   ");
    }
    dgmi_buf_printf(out, "  %s", s->name);
    if (known && s->missed > 0)
        dgmi_buf_printf(out, ", %u day%s without (up to %u now and then)", s->missed,
                        s->missed == 1 ? "" : "s", s->gap);
    dgmi_buf_putc(out, '\n');
}

static int print_sources(const dgmi_command *command, const run *r,
                         const dgm_sources *sources)
{
    char date[DGMI_DATE_SIZE];
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    if (r->json) {
        dgmi_json_sources(&out, sources);
        dgmi_buf_putc(&out, '\n');
        return print_buf(command, &out);
    }
    dgmi_buf_printf(&out, "as of %s: state, last item, items, habit, source\n",
                    dgmi_date_format(sources->clock, date));
    for (size_t i = 0; i < sources->n; i++)
        put_source(&out, &sources->list[i]);
    return print_buf(command, &out);
}

int run_sources(const dgmi_command *command, int argc, char **argv)
{
    run r = { .now = DGM_NO_TIME };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    dgm_sources *sources = NULL;
    dgm_options options = { log_to_stderr, (void *)command };
    dgm_status status = dgmi_options_read(command, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK && first < argc) {
        snprintf(err.text, sizeof err.text, "%.60s: no operand is taken", argv[first]);
        status = err.code = DGM_E_ARG;
    }
    if (status != DGM_OK)
        return report_usage(command, &err);
    status = dgm_open(data_dir(r.data), &options, &desk, &err);
    if (status == DGM_OK)
        status = dgm_sources_read(desk, r.now, &sources, &err);
    int code = status == DGM_OK ? print_sources(command, &r, sources)
                                : report(command, status, &err);
    dgm_sources_free(sources);
    dgm_close(desk);
    return code;
}
