/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines from one table. Depends on getopt_long, buf.h and fail.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define OPTIONS_MAX 120
#define HELP_COLUMN 26
#define HELP_WIDTH 90

/* The two forms that getopt_long wants; values from 256 on are places in the command's
 * table. */
typedef struct table {
    struct option longs[OPTIONS_MAX + 1];
    char letters[2 * OPTIONS_MAX + 3];
} table;

static void build_table(const dgmi_option *options, table *t)
{
    size_t letters = 0;
    memset(t, 0, sizeof *t);
    t->letters[letters++] =
        ':'; /* a missing value is told apart from an unknown option */
    for (int i = 0; options && options[i].name && i < OPTIONS_MAX; i++) {
        int takes = options[i].arg ? required_argument : no_argument;
        t->longs[i] = (struct option){ options[i].name, takes, NULL, 256 + i };
        if (!options[i].letter)
            continue;
        t->letters[letters++] = options[i].letter;
        if (takes)
            t->letters[letters++] = ':';
    }
}

static const dgmi_option *option_of(const dgmi_option *options, int got)
{
    if (got >= 256)
        return &options[got - 256];
    for (; options && options->name; options++)
        if (options->letter == got)
            return options;
    return NULL;
}

dgm_status dgmi_options_read(const dgmi_command *command, int argc, char **argv,
                             dgmi_option_fn take, void *user, int *first, dgm_error *err)
{
    table t;
    int got;

    build_table(command->options, &t);
    optind = 0; /* 0 makes glibc forget an earlier walk */
    opterr = 0;
    while ((got = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (got == ':')
            return dgmi_fail(err, DGM_E_ARG, "%s: needs a value", word);
        const dgmi_option *option = got == '?' ? NULL : option_of(command->options, got);
        if (!option)
            return dgmi_fail(err, DGM_E_ARG, "%s: no such option", word);
        dgm_status status = take(user, option->name, optarg, err);
        if (status != DGM_OK)
            return status;
    }
    *first = optind;
    return DGM_OK;
}

dgm_status dgmi_option_number(const char *name, const char *value, unsigned long max,
                              unsigned long *out, dgm_error *err)
{
    char *end = NULL;
    errno = 0;
    unsigned long v = strtoul(value, &end, 10);
    if (errno || end == value || *end || value[0] == '-' || v > max || v == 0)
        return dgmi_fail(err, DGM_E_ARG, "--%s: wants a number from 1 to %lu, not \"%s\"",
                         name, max, value);
    *out = v;
    return DGM_OK;
}

/* ---- Help
 * -------------------------------------------------------------------------------- */

/* Appends text wrapped at HELP_WIDTH, lines after the first indented by `indent`; `at` is
 * the column where it starts. */
static void put_wrapped(dgmi_buf *out, const char *text, size_t at, size_t indent)
{
    while (*text) {
        size_t word = strcspn(text, " \n");
        if (at > indent && at + 1 + word > HELP_WIDTH) {
            dgmi_buf_printf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            dgmi_buf_putc(out, ' ');
            at++;
        }
        dgmi_buf_put(out, text, word);
        at += word;
        text += word;
        if (text[0] == '\n' && text[1] == '\n') {
            dgmi_buf_printf(out, "\n\n%*s", (int)indent, "");
            at = indent;
        }
        text += strspn(text, " \n");
    }
    dgmi_buf_putc(out, '\n');
}

static void put_option_help(dgmi_buf *out, const dgmi_option *o)
{
    size_t before = out->n;
    if (o->letter)
        dgmi_buf_printf(out, "  -%c, --%s", o->letter, o->name);
    else
        dgmi_buf_printf(out, "      --%s", o->name);
    if (o->arg)
        dgmi_buf_printf(out, " %s", o->arg);
    size_t at = out->n - before;
    if (at + 2 > HELP_COLUMN) {
        dgmi_buf_putc(out, '\n');
        at = 0;
    }
    dgmi_buf_printf(out, "%*s", (int)(HELP_COLUMN - at), "");
    put_wrapped(out, o->help, HELP_COLUMN, HELP_COLUMN);
}

void dgmi_options_help(dgmi_buf *out, const char *program, const dgmi_command *command)
{
    dgmi_buf_printf(out, "Usage: %s%s%s [OPTION]...%s%s\n", program,
                    command->name[0] ? " " : "", command->name,
                    command->operands[0] ? " " : "", command->operands);
    put_wrapped(out, command->summary, 0, 0);
    dgmi_buf_putc(out, '\n');
    put_wrapped(out, command->text, 0, 0);
    dgmi_buf_puts(out, "\nOptions:\n");
    for (const dgmi_option *o = command->options; o && o->name; o++)
        put_option_help(out, o);
}

/* ---- Manual
 * ------------------------------------------------------------------------------ */

void dgmi_roff(dgmi_buf *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            dgmi_buf_puts(out, "\n.PP\n");
            text++;
            line_start = true;
            continue;
        }
        if (line_start && (*text == '.' || *text == '\''))
            dgmi_buf_puts(out, "\\&");
        line_start = *text == '\n';
        if (*text == '\\')
            dgmi_buf_puts(out, "\\e");
        else if (*text == '-')
            dgmi_buf_puts(out, "\\-");
        else
            dgmi_buf_putc(out, *text);
    }
    dgmi_buf_putc(out, '\n');
}

void dgmi_options_man(dgmi_buf *out, const char *program, const dgmi_command *command)
{
    dgmi_buf_printf(out, ".SS %s%s%s [OPTION]...%s%s\n", program,
                    command->name[0] ? " " : "", command->name,
                    command->operands[0] ? " " : "", command->operands);
    dgmi_roff(out, command->summary);
    dgmi_buf_puts(out, ".PP\n");
    dgmi_roff(out, command->text);
    for (const dgmi_option *o = command->options; o && o->name; o++) {
        dgmi_buf_puts(out, ".TP\n\\fB");
        if (o->letter)
            dgmi_buf_printf(out, "\\-%c\\fR, \\fB", o->letter);
        dgmi_buf_puts(out, "\\-\\-");
        for (const char *p = o->name; *p; p++)
            dgmi_buf_puts(out, *p == '-' ? "\\-" : (char[2]){ *p, 0 });
        dgmi_buf_printf(out, "\\fR%s%s\n", o->arg ? " " : "", o->arg ? o->arg : "");
        dgmi_roff(out, o->help);
    }
}
