/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what the readers make of files, a line of JSON for each item and each rejection:
 * {"where":..,"item":{..}} or {"where":..,"reason":..}. For tests that compare many
 * documents. Depends on lib/read, lib/wire. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read.h"
#include "wire.h"

static void begin(dgmi_buf *line, const char *where)
{
    dgmi_buf_init(line, (size_t)1 << 28);
    dgmi_buf_puts(line, "{\"where\":");
    dgmi_json_string(line, where);
}

static dgm_status end(dgmi_buf *line)
{
    dgmi_buf_puts(line, "}\n");
    fwrite(line->p, 1, line->n, stdout);
    dgmi_buf_clear(line);
    return DGM_OK;
}

static dgm_status take(void *user, dgm_item *item, const char *where, dgm_error *err)
{
    dgmi_buf line;
    (void)user;
    (void)err;
    begin(&line, where);
    dgmi_buf_puts(&line, ",\"item\":");
    dgmi_json_item(&line, item);
    dgm_item_free(item);
    return end(&line);
}

static dgm_status reject(void *user, const char *where, const char *reason,
                         const void *bytes, size_t n, dgm_error *err)
{
    dgmi_buf line;
    (void)user;
    (void)bytes;
    (void)n;
    (void)err;
    begin(&line, where);
    dgmi_buf_puts(&line, ",\"reason\":");
    dgmi_json_string(&line, reason);
    return end(&line);
}

int main(int argc, char **argv)
{
    dgmi_sink sink = { NULL, take, reject, NULL };
    dgm_error err = DGM_ERROR_INIT;
    for (int i = 1; i < argc; i++) {
        dgmi_source source = { .name = argv[i] };
        int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            perror(argv[i]);
            return 1;
        }
        dgm_status status = dgmi_read_fd(fd, &source, &sink, &err);
        close(fd);
        if (status != DGM_OK) {
            fprintf(stderr, "%s: %s\n", argv[i], err.text);
            return 1;
        }
    }
    return 0;
}
