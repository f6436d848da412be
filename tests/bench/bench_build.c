/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the index of an archive anew and says what that took: bench_build bulk|plain
 * DATA. bulk is what `dragoman reindex` does. plain is the way that a program takes which
 * thinks of nothing: each item analysed and put into one database by its id, by one
 * writer that flushes when Xapian pleases, with one commit at the end. It does less than
 * bulk: no stories, no learning of lines, nothing told of superseded items, no check, no
 * fsync. Its database lies at DATA/plain and is removed at the end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "analyse.h"
#include "clock.h"
#include "dgmx.h"
#include "dragoman.h"
#include "file.h"
#include "item.h"
#include "lines.h"

typedef struct plain {
    dgmi_analyser *analyser;
    dgmi_learned *learned;
    dgmx_writer *writer;
    double average;
    uint64_t items;
    dgmi_buf term;
} plain;

static dgm_status put(plain *p, const dgm_item *item, uint64_t at, dgm_error *err)
{
    uint64_t digest = dgmi_item_digest(item);
    dgmi_stored stored = {
        .first_seen = at, .at = at, .digests = &digest, .places = &at, .n_digests = 1
    };
    dgmx_doc *doc = NULL;
    dgmx_docid id;
    dgm_status status =
        dgmi_analyse(p->analyser, item, &stored, p->average, &doc, NULL, err);
    dgmi_buf_reset(&p->term);
    dgmi_id_term(&p->term, item->id);
    if (status == DGM_OK)
        status = dgmx_writer_replace_term(p->writer, p->term.p, p->term.n, doc, &id, err);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status take_line(void *user, const dgmi_line *line, dgm_error *err)
{
    plain *p = user;
    dgm_item *item = NULL;
    if (dgmi_line_item(line->p, line->n, &item, NULL) != DGM_OK)
        return DGM_OK;
    dgm_status status = put(p, item, line->at, err);
    dgm_item_free(item);
    p->items++;
    return status;
}

static dgm_status prepare(plain *p, const char *data, const char *path, dgm_error *err)
{
    enum { ALL = 1 << 20 }; /* records to spread the samples of the average over */
    dgm_status status = dgmi_analyser_new(&p->analyser, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(data, &p->learned, err);
    if (status == DGM_OK)
        status = dgmi_lines_average(data, ALL, &p->average, err);
    if (status == DGM_OK)
        status = dgmx_writer_open(path, DGMX_CREATE | DGMX_OVERWRITE | DGMX_NO_SYNC,
                                  &p->writer, err);
    if (status == DGM_OK)
        dgmi_analyser_set_learned(p->analyser, p->learned);
    return status;
}

static dgm_status build_plain(const char *data, uint64_t *items, dgm_error *err)
{
    const dgmi_position start = { 0, 0 }, end = { UINT32_MAX, 0 };
    plain p = { .average = 1 };
    char path[4096];
    snprintf(path, sizeof path, "%s/plain", data);
    dgmi_buf_init(&p.term, 0);
    dgm_status status = prepare(&p, data, path, err);
    if (status == DGM_OK)
        status = dgmi_lines_walk(data, start, end, take_line, &p, err);
    if (status == DGM_OK)
        status = dgmx_writer_commit(p.writer, err);
    *items = p.items;
    dgmx_writer_close(p.writer);
    dgmi_learned_free(p.learned);
    dgmi_analyser_free(p.analyser);
    dgmi_buf_clear(&p.term);
    dgmi_remove_tree(path, NULL);
    return status;
}

static dgm_status build_bulk(const char *data, uint64_t *items, dgm_error *err)
{
    dgm_counts counts = { 0 };
    dgm_status status = dgm_reindex(data, NULL, &counts, err);
    *items = counts.indexed;
    return status;
}

/* Of this program alone: the peak that getrusage() tells of begins with its parent's. */
static unsigned long peak_kb(void)
{
    char line[256];
    unsigned long kb = 0;
    FILE *f = fopen("/proc/self/status", "re");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtoul(line + 6, NULL, 10);
    }
    if (f)
        fclose(f);
    return kb;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    uint64_t items = 0, began = dgmi_now_us();
    struct rusage used;
    if (argc != 3 || (strcmp(argv[1], "bulk") != 0 && strcmp(argv[1], "plain") != 0))
        return 2;
    dgm_status status = strcmp(argv[1], "bulk") == 0 ? build_bulk(argv[2], &items, &err)
                                                     : build_plain(argv[2], &items, &err);
    if (status != DGM_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    getrusage(RUSAGE_SELF, &used);
    printf("{\"items\": %" PRIu64 ", \"seconds\": %.2f, \"cpu_seconds\": %.2f, "
           "\"peak_mb\": %lu}\n",
           items, (double)(dgmi_now_us() - began) / 1e6,
           seconds(used.ru_utime) + seconds(used.ru_stime), peak_kb() / 1024);
    return 0;
}
