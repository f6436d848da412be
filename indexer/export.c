/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman search --export`: every hit to standard output. Depends on lib/wire. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "indexer.h"

enum { PIECE = 1 << 16, CURSOR_EVERY = 100 };

static bool write_out(dgmi_buf *out)
{
    bool done = !out->failed && fwrite(out->p ? out->p : "", 1, out->n, stdout) == out->n;
    dgmi_buf_reset(out);
    return done;
}

static dgm_status put_all(dgm_scan *scan, dgm *desk, const dgmi_export *form,
                          dgmi_buf *out, dgm_error *err)
{
    dgm_item *item = NULL;
    dgm_status status = DGM_OK;
    for (uint64_t n = 1; (status = dgm_scan_next(scan, desk, &item, err)) == DGM_OK;
         n++) {
        bool mark = n % CURSOR_EVERY == 0 || dgm_scan_is_last(scan);
        dgmi_export_put(
            form, item,
            mark && dgmi_export_has_cursor(form) ? dgm_scan_cursor(scan) : NULL, out);
        dgm_item_free(item);
        if ((out->n >= PIECE || out->failed) && !write_out(out))
            return DGM_E_IO;
    }
    return status == DGM_E_NOTFOUND && !write_out(out) ? DGM_E_IO : status;
}

int export_hits(const dgmi_command *command, dgm *desk, dgm_request *request,
                const dgmi_export *form, bool resumed)
{
    dgm_scan *scan = NULL;
    dgmi_buf out;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_init(&out, 0);
    if (!resumed)
        dgmi_export_begin(form, &out);
    dgm_status status = dgm_scan_open(request, 0, &scan, &err);
    if (status == DGM_OK)
        status = put_all(scan, desk, form, &out, &err);
    if ((status == DGM_E_NOTFOUND || status == DGM_E_IO) && !err.text[0] &&
        (fflush(stdout) || status == DGM_E_IO))
        status = DGM_E_IO;
    if (status == DGM_E_IO && !err.text[0])
        snprintf(err.text, sizeof err.text, "writing the output: %s", strerror(errno));
    if (status != DGM_E_NOTFOUND && scan && write_out(&out) && dgm_scan_cursor(scan))
        fprintf(stderr, "dragoman %s: what is missing begins at: --cursor %s\n",
                command->name, dgm_scan_cursor(scan));
    dgm_scan_close(scan);
    dgmi_buf_clear(&out);
    return status == DGM_E_NOTFOUND ? EXIT_DONE : report(command, status, &err);
}
