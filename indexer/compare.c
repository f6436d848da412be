/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman compare`: two sets of items against each other. Depends on lib/wire. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

#define OPTIONS_MAX 120
#define NAME_MAX_BYTES 40
#define DEADLINE_MS 2000

typedef struct run {
    const char *data;
    bool json;
    dgm_request *a, *b, *common;
    dgm_compare_form form;
} run;

/* ---- Options: --region for both sides, --a-region and --b-region for one ---- */

static dgmi_option side_option(const dgm_param *p, int side, char name[NAME_MAX_BYTES],
                               char help[PARAM_HELP])
{
    snprintf(name, NAME_MAX_BYTES, "%c-%s", side, p->name);
    snprintf(help, PARAM_HELP, "Of side %c: as %s%s.", side == 'a' ? 'A' : 'B',
             strcmp(p->name, "q") ? "--" : "", strcmp(p->name, "q") ? p->name : "QUERY");
    return (dgmi_option){ name, 0, "VALUE", help };
}

const dgmi_option *compare_options(void)
{
    static dgmi_option options[OPTIONS_MAX + 1];
    static char help[OPTIONS_MAX][PARAM_HELP], names[OPTIONS_MAX][NAME_MAX_BYTES];
    const dgm_param *p = NULL;
    size_t n = 0;
    if (options[0].name)
        return options;
    options[n++] = (dgmi_option)DATA_OPTION;
    options[n++] = (dgmi_option){ "json", 0, NULL,
                                  "Print the object that GET /v1/compare answers with." };
    for (size_t i = 0; (p = dgm_compare_param_at(i)) && n < OPTIONS_MAX; i++, n++)
        options[n] = param_option(p, help[n]);
    for (int side = 'a'; side <= 'b'; side++) {
        for (size_t i = 0; (p = dgm_param_at(i)) && n < OPTIONS_MAX; i++) {
            if (!dgm_param_chooses(p->name))
                continue;
            options[n] = side_option(p, side, names[n], help[n]);
            n++;
        }
    }
    add_choosing_options(options, &n, OPTIONS_MAX, help);
    return options;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (has_param(dgm_compare_param_at, name))
        return dgm_compare_set(&r->form, name, value, err);
    else if (name[1] == '-')
        return dgm_request_set(name[0] == 'a' ? r->a : r->b, name + 2, value, err);
    else
        return dgm_request_set(r->common, name, value, err);
    return DGM_OK;
}

/* ---- For people ---- */

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "3 days 4 h" of seconds. */
static void put_span(dgmi_buf *out, int64_t seconds)
{
    int64_t n = seconds < 0 ? -seconds : seconds;
    if (n >= 2 * 86400)
        dgmi_buf_printf(out, "%" PRId64 " days", n / 86400);
    else if (n >= 2 * 3600)
        dgmi_buf_printf(out, "%" PRId64 " h", n / 3600);
    else
        dgmi_buf_printf(out, "%" PRId64 " min", n / 60);
}

static void put_words(dgmi_buf *out, const char *label, const dgm_word *words, size_t n,
                      bool of_b)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t own = of_b ? words[i].b : words[i].a;
        uint64_t other = of_b ? words[i].a : words[i].b;
        dgmi_buf_printf(out, "%s%s %" PRIu64 ":%" PRIu64, i > 0 ? ", " : label,
                        words[i].word, own, other);
    }
    if (n > 0)
        dgmi_buf_putc(out, '\n');
}

static void put_voices(dgmi_buf *out, const dgm_comparison *c, const dgm_side *side)
{
    char date[DGMI_DATE_SIZE], last[DGMI_DATE_SIZE];
    if (side->n_voices > 0)
        dgmi_buf_printf(out, "  first to speak, by %s (%" PRIu64 "):\n", c->by,
                        side->values);
    for (size_t i = 0; i < side->n_voices; i++) {
        const dgm_voice *v = &side->voices[i];
        dgmi_buf_printf(out, "    %-10.10s to %-10.10s  %6" PRIu64 " of %6" PRIu64 "  %s",
                        dgmi_date_format(v->first.published, date),
                        dgmi_date_format(v->last, last), v->items, v->of, v->value);
        if (i > 0 && v->lag != DGM_NO_TIME && v->lag > 0) {
            dgmi_buf_puts(out, ", ");
            put_span(out, v->lag);
            dgmi_buf_puts(out, " later");
        }
        dgmi_buf_putc(out, '\n');
    }
    if (side->silent_values > 0)
        dgmi_buf_printf(
            out, "  silent on it, with other items (%" PRIu64 "):", side->silent_values);
    for (size_t i = 0; i < side->n_silent; i++)
        dgmi_buf_printf(out, "%s %s %" PRIu64, i > 0 ? "," : "", side->silent[i].value,
                        side->silent[i].of);
    dgmi_buf_puts(out, side->silent_values > side->n_silent ? ", ...\n"
                       : side->silent_values > 0            ? "\n"
                                                            : "");
}

static void put_side(dgmi_buf *out, const dgm_comparison *c, const dgm_side *side)
{
    bool of_b = side == &c->b;
    dgmi_buf_printf(out, "\n%c  %s\n", of_b ? 'B' : 'A', side->query_parsed);
    dgmi_buf_printf(out, "  %" PRIu64 " item%s of %" PRIu64 ", %" PRIu64 " stories\n",
                    side->all.items, plural(side->all.items), side->all.of,
                    side->all.stories);
    put_words(out, "  words: ", side->words, side->n_words, of_b);
    put_words(out, "  names: ", side->names, side->n_names, of_b);
    put_voices(out, c, side);
}

static void put_comparison(dgmi_buf *out, const dgm_comparison *c)
{
    dgmi_buf_printf(out, "%s%s%" PRIu64 " item%s on both sides, %.1f ms\n",
                    c->query_parsed, *c->query_parsed ? ": " : "", c->both,
                    plural(c->both), c->took_ms);
    if (c->lag != DGM_NO_TIME && c->lag != 0) {
        dgmi_buf_printf(out, "%c spoke first, ", c->lag > 0 ? 'A' : 'B');
        put_span(out, c->lag);
        dgmi_buf_puts(out, " before the other\n");
    }
    dgmi_buf_printf(out,
                    "words over-used, with the items that have them here and there%s\n",
                    c->words_exact ? "" : " (of those looked at)");
    put_side(out, c, &c->a);
    put_side(out, c, &c->b);
}

static int print_comparison(const dgmi_command *command, const run *r,
                            const dgm_comparison *c)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    for (size_t i = 0; i < c->n_warnings && !r->json; i++)
        fprintf(stderr, "dragoman compare: %s\n", c->warnings[i]);
    if (r->json) {
        dgmi_json_comparison(&out, c);
        dgmi_buf_putc(&out, '\n');
    } else {
        put_comparison(&out, c);
    }
    return print_buf(command, &out);
}

/* ---- The command ---- */

/* Comparing tells what is wrong with any of them. */
static void prepare(dgm *desk, const run *r)
{
    (void)dgm_prepare(desk, r->common, NULL);
    (void)dgm_prepare(desk, r->a, NULL);
    (void)dgm_prepare(desk, r->b, NULL);
}

static int compare(const dgmi_command *command, run *r, int argc, char **argv)
{
    dgmi_command with_options = *command;
    dgm_options options = { log_to_stderr, (void *)command };
    dgm_error err = DGM_ERROR_INIT;
    dgm_comparison *c = NULL;
    dgm *desk = NULL;
    int first = 0;
    with_options.options = compare_options();
    dgm_request_set_deadline(r->common, DEADLINE_MS);
    dgm_status status =
        dgmi_options_read(&with_options, argc, argv, take, r, &first, &err);
    if (status == DGM_OK)
        status = take_operands(r->common, argc - first, argv + first, &err);
    if (status != DGM_OK)
        return report_usage(command, &err);
    status = dgm_open(data_dir(r->data), &options, &desk, &err);
    if (status == DGM_OK)
        prepare(desk, r);
    if (status == DGM_OK)
        status = dgm_compare(desk, r->common, r->a, r->b, &r->form, &c, &err);
    int code = status == DGM_OK ? print_comparison(command, r, c)
                                : report(command, status, &err);
    dgm_comparison_free(c);
    dgm_close(desk);
    return code;
}

int run_compare(const dgmi_command *command, int argc, char **argv)
{
    run r = { .a = dgm_request_new(),
              .b = dgm_request_new(),
              .common = dgm_request_new() };
    dgm_error err = DGM_ERROR_INIT;
    int code = r.a && r.b && r.common ? compare(command, &r, argc, argv)
                                      : report(command, DGM_E_NOMEM, &err);
    dgm_request_free(r.a);
    dgm_request_free(r.b);
    dgm_request_free(r.common);
    return code;
}
