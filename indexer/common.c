/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: errors to exit codes, the data directory, output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "indexer.h"

static int exit_code(dgm_status status)
{
    switch (status) {
    case DGM_OK:
        return EXIT_DONE;
    case DGM_E_ARG:
    case DGM_E_QUERY:
        return EXIT_USAGE;
    case DGM_E_TIMEOUT:
        return EXIT_REJECTED;
    case DGM_E_NOMEM:
    case DGM_E_NOTFOUND:
    case DGM_E_LOCKED:
    case DGM_E_STALE:
    case DGM_E_CORRUPT:
    case DGM_E_IO:
    case DGM_E_INTERNAL:
        return EXIT_DATA;
    }
    return EXIT_DATA;
}

int report(const dgmi_command *command, dgm_status status, const dgm_error *err)
{
    fprintf(stderr, "dragoman %s: %s\n", command->name,
            err->text[0] ? err->text : dgm_status_text(status));
    return exit_code(status);
}

int report_usage(const dgmi_command *command, const dgm_error *err)
{
    fprintf(stderr, "dragoman %s: %s\n\"dragoman %s --help\" tells what is understood.\n",
            command->name, err->text, command->name);
    return EXIT_USAGE;
}

dgm_status take_data_run(void *user, const char *name, const char *value, dgm_error *err)
{
    data_run *r = user;
    (void)err;
    if (!strcmp(name, "data"))
        r->data = value;
    else
        r->json = true;
    return DGM_OK;
}

dgm_status take_operands(dgm_request *request, int argc, char **argv, dgm_error *err)
{
    dgmi_buf q;
    dgmi_buf_init(&q, 1 << 20);
    for (int i = 0; i < argc; i++) {
        if (i)
            dgmi_buf_putc(&q, ' ');
        dgmi_buf_puts(&q, argv[i]);
    }
    dgm_status status = dgm_request_set(request, "q", q.p && !q.failed ? q.p : "", err);
    dgmi_buf_clear(&q);
    return status;
}

dgm_status take_writer_option(dgm_ingest_options *options, const char *name,
                              const char *value, dgm_error *err)
{
    unsigned long number = 0;
    dgm_status status = DGM_OK;
    if (!strcmp(name, "format")) {
        options->format = value;
    } else if (!strcmp(name, "jobs")) {
        status = dgmi_option_number(name, value, 256, &number, err);
        options->jobs = (unsigned)number;
    } else if (!strcmp(name, "memory")) {
        status = dgmi_option_number(name, value, 1 << 20, &number, err);
        options->memory = (size_t)number << 20;
    }
    return status;
}

void add_choosing_options(dgmi_option *options, size_t *n, size_t most,
                          char (*help)[PARAM_HELP])
{
    const dgm_param *p = NULL;
    for (size_t i = 0; (p = dgm_param_at(i)) && *n < most; i++) {
        if (!strcmp(p->name, "q") || !dgm_param_chooses(p->name))
            continue;
        options[*n] = param_option(p, help[*n]);
        ++*n;
    }
}

bool has_param(const dgm_param *(*at)(size_t i), const char *name)
{
    for (size_t i = 0; at(i); i++) {
        if (!strcmp(at(i)->name, name))
            return true;
    }
    return false;
}

const char *data_dir(const char *option)
{
    const char *set = option ? option : getenv("DRAGOMAN_DATA");
    return set && *set ? set : "dragoman-data";
}

int print_buf(const dgmi_command *command, dgmi_buf *out)
{
    int code = EXIT_DONE;
    if (out->failed) {
        fprintf(stderr, "dragoman %s: the output is too large for memory\n",
                command->name);
        code = EXIT_DATA;
    } else if ((out->n && fwrite(out->p, 1, out->n, stdout) != out->n) ||
               fflush(stdout)) {
        fprintf(stderr, "dragoman %s: writing the output: %s\n", command->name,
                strerror(errno));
        code = EXIT_DATA;
    }
    dgmi_buf_clear(out);
    return code;
}

void log_to_stderr(void *user, const char *level, const char *text)
{
    const dgmi_command *command = user;
    bool loud = !strcmp(level, "warning") || !strcmp(level, "error");
    if (loud || getenv("DRAGOMAN_DEBUG"))
        fprintf(stderr, "dragoman %s: %s: %s\n", command->name, level, text);
}
