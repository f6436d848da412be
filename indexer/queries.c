/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman search --batch`: one query a line, and for each its count and its best hit.
 * A query that fails is an answer of its own; the others go on. Depends on lib/wire. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "indexer.h"
#include "utf8.h"
#include "wire.h"

typedef struct batch {
    const dgmi_command *command;
    dgm *desk;
    dgm_request *request;
    bool json;
    size_t line, failed;
    dgmi_buf out;
} batch;

/* The bytes of a line as text that a reply may hold. */
static void put_query(batch *b, const char *query)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_utf8_clean(&text, query, strlen(query));
    if (text.failed)
        b->out.failed = true;
    else
        dgmi_json_nstring(&b->out, text.n > 0 ? text.p : "", text.n);
    dgmi_buf_clear(&text);
}

static void put_failure(batch *b, const char *query, const dgm_error *err)
{
    b->failed++;
    if (!b->json) {
        dgmi_buf_printf(&b->out, "error\t%s\t%s", query, err->text);
        if (err->offset >= 0)
            dgmi_buf_printf(&b->out, " (at byte %d)", (int)err->offset);
        dgmi_buf_putc(&b->out, '\n');
        return;
    }
    dgmi_buf_printf(&b->out, "{\"line\":%zu,\"query\":{\"text\":", b->line);
    put_query(b, query);
    dgmi_buf_puts(&b->out, "},\"error\":{\"detail\":");
    dgmi_json_string(&b->out, err->text);
    if (err->offset >= 0)
        dgmi_buf_printf(&b->out, ",\"offset\":%d", (int)err->offset);
    dgmi_buf_puts(&b->out, "}}\n");
}

/* The page as the server would send it, with the line's number before its members. */
static void put_json(batch *b, const dgm_page *page)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_json_page(&text, page);
    dgmi_buf_printf(&b->out, "{\"line\":%zu,", b->line);
    if (text.failed)
        b->out.failed = true;
    else
        dgmi_buf_put(&b->out, text.p + 1, text.n - 1);
    dgmi_buf_putc(&b->out, '\n');
    dgmi_buf_clear(&text);
}

static void put_text(batch *b, const char *query, const dgm_page *page)
{
    const dgm_hit *hit = page->n_hits > 0 ? &page->hits[0] : NULL;
    dgmi_buf_printf(&b->out, "%s%" PRIu64 "\t%s\t%s\t%s%s\n",
                    page->total_exact ? "" : ">=", page->total, query, hit ? hit->id : "",
                    hit && hit->title ? hit->title : "",
                    hit && hit->relaxed ? "\tfewer words matched" : "");
    for (size_t i = 0; i < page->n_warnings; i++)
        fprintf(stderr, "dragoman search: line %zu: %s\n", b->line, page->warnings[i]);
}

static bool is_of_query(dgm_status status)
{
    return status == DGM_E_QUERY || status == DGM_E_ARG || status == DGM_E_TIMEOUT;
}

static dgm_status take_line(batch *b, const char *query, dgm_error *err)
{
    dgm_page *page = NULL;
    dgm_error own = DGM_ERROR_INIT;
    b->line++;
    if (!*query)
        return DGM_OK;
    dgm_status status = dgm_request_set(b->request, "q", query, &own);
    if (status == DGM_OK)
        status = dgm_search(b->desk, b->request, &page, &own);
    if (is_of_query(status))
        put_failure(b, query, &own);
    else if (status != DGM_OK)
        return dgmi_fail(err, status, "line %zu: %.180s", b->line, own.text);
    else if (b->json)
        put_json(b, page);
    else
        put_text(b, query, page);
    dgm_page_free(page);
    bool written = !b->out.failed && fwrite(b->out.p, 1, b->out.n, stdout) == b->out.n;
    dgmi_buf_reset(&b->out);
    return written ? DGM_OK : dgmi_fail(err, DGM_E_IO, "writing the output failed");
}

static dgm_status take_lines(batch *b, FILE *in, dgm_error *err)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    dgm_status status = DGM_OK;
    while (status == DGM_OK && (n = getline(&line, &room, in)) >= 0) {
        while (n > 0 && strchr("\r\n", line[n - 1]))
            line[--n] = '\0';
        status = take_line(b, line, err);
    }
    if (status == DGM_OK && ferror(in))
        status = dgmi_fail(err, DGM_E_IO, "reading the queries: %s", strerror(errno));
    free(line);
    return status;
}

int search_batch(const dgmi_command *command, dgm *desk, dgm_request *request,
                 const char *path, bool json)
{
    batch b = { .command = command, .desk = desk, .request = request, .json = json };
    dgm_error err = DGM_ERROR_INIT;
    bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "r");
    dgmi_buf_init(&b.out, 0);
    dgm_status status =
        in ? dgm_request_set(request, "limit", "1", &err)
           : dgmi_fail(&err, DGM_E_ARG, "%.150s: %s", path, strerror(errno));
    if (status == DGM_OK)
        status = take_lines(&b, in, &err);
    if (status == DGM_OK && fflush(stdout) != 0)
        status = dgmi_fail(&err, DGM_E_IO, "writing the output: %s", strerror(errno));
    if (in && !standard)
        fclose(in);
    dgmi_buf_clear(&b.out);
    if (status != DGM_OK)
        return status == DGM_E_ARG ? report_usage(command, &err)
                                   : report(command, status, &err);
    return b.failed > 0 ? EXIT_REJECTED : EXIT_DONE;
}
