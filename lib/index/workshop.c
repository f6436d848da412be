/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts and manifest of a bulk build. Depends on lib/base, lib/archive, schema.h,
 * generation.h. */
#include "workshop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "generation.h"
#include "schema.h"
#include "stem.h"

enum { FORMAT = 1, NAME_SIZE = 96, BOOT_SIZE = 64, MANIFEST_MAX = 1024 };
/* A rest of the archive up to this part of it may be brought in after a resumed build. */
#define REST_SHARE 5

struct dgmi_workshop {
    char *folder, *manifest;
    dgmi_names names; /* at the start, sorted */
    bool *found;
};

/* ---- The manifest ---- */

/* Names this run of the system; "" where that cannot be told. */
static void read_boot(char out[BOOT_SIZE])
{
    dgmi_buf text;
    dgmi_buf_init(&text, BOOT_SIZE);
    out[0] = '\0';
    if (dgmi_file_read("/proc/sys/kernel/random/boot_id", &text, NULL) == DGM_OK)
        snprintf(out, BOOT_SIZE, "%.*s", (int)strcspn(text.p, "\n"), text.p);
    dgmi_buf_clear(&text);
}

static void put_manifest(dgmi_buf *out, const dgmi_plan *plan, const char *boot)
{
    dgmi_buf_printf(out,
                    "dragoman workshop %d\nschema %d\nstems %s\nchunks %" PRIu32
                    " %" PRIu64 "\nboot %s\nend %" PRIu32 " %" PRIu64
                    "\naverage %a\nasof %" PRId64 "\n",
                    FORMAT, DGMI_SCHEMA_VERSION, dgmi_stem_version(), plan->chunk_records,
                    plan->chunk_bytes, boot, plan->to.segment, plan->to.offset,
                    plan->average_length, plan->as_of);
}

/* The plan in a manifest. What it says besides is compared by writing it again. */
static bool parse_plan(const char *text, dgmi_plan *plan)
{
    const char *end = strstr(text, "\nend "), *average = strstr(text, "\naverage "),
               *as_of = strstr(text, "\nasof ");
    if (!end || !average || !as_of ||
        sscanf(end, "\nend %" SCNu32 " %" SCNu64, &plan->to.segment, &plan->to.offset) !=
            2)
        return false;
    plan->average_length = strtod(average + strlen("\naverage "), NULL);
    plan->as_of = strtoll(as_of + strlen("\nasof "), NULL, 10);
    return plan->average_length > 0;
}

/* Whether the rest of the archive is small beside what the plan covers. */
static bool is_near(const char *data_dir, dgmi_position planned, dgmi_position to)
{
    dgmi_position start = { 0, 0 };
    if (dgmi_position_compare(planned, to) > 0)
        return false;
    uint64_t all = dgmi_archive_size(data_dir, start);
    return dgmi_archive_size(data_dir, planned) <= all / REST_SHARE;
}

static bool read_plan(const dgmi_workshop *w, const char *data_dir, dgmi_position least,
                      dgmi_plan *plan)
{
    char boot[BOOT_SIZE];
    dgmi_plan read = *plan;
    dgmi_buf text, own;
    dgmi_buf_init(&text, MANIFEST_MAX);
    dgmi_buf_init(&own, MANIFEST_MAX);
    read_boot(boot);
    bool good = boot[0] && dgmi_file_read(w->manifest, &text, NULL) == DGM_OK &&
                text.n > 0 && parse_plan(text.p, &read);
    if (good) {
        put_manifest(&own, &read, boot);
        good = !own.failed && own.n == text.n && memcmp(own.p, text.p, own.n) == 0 &&
               dgmi_position_compare(read.to, least) >= 0 &&
               is_near(data_dir, read.to, plan->to);
    }
    if (good)
        *plan = read;
    dgmi_buf_clear(&text);
    dgmi_buf_clear(&own);
    return good;
}

dgm_status dgmi_workshop_begin(dgmi_workshop *w, const dgmi_plan *plan, dgm_error *err)
{
    char boot[BOOT_SIZE];
    dgmi_buf text;
    dgmi_buf_init(&text, MANIFEST_MAX);
    read_boot(boot);
    put_manifest(&text, plan, boot);
    dgm_status status = text.failed ? dgmi_fail_memory(err)
                                    : dgmi_file_replace(w->manifest, text.p, text.n, err);
    dgmi_buf_clear(&text);
    return status;
}

/* ---- Opening ---- */

static dgm_status list(dgmi_workshop *w, dgm_error *err)
{
    dgm_status status = dgmi_dir_list(w->folder, &w->names, err);
    if (status != DGM_OK)
        return status;
    w->found = calloc(w->names.n + 1, sizeof *w->found);
    return w->found ? DGM_OK : dgmi_fail_memory(err);
}

dgm_status dgmi_workshop_open(const char *data_dir, dgmi_position least, dgmi_plan *plan,
                              bool *resumed, dgmi_workshop **out, dgm_error *err)
{
    dgmi_workshop *w = calloc(1, sizeof *w);
    *out = NULL;
    *resumed = false;
    if (!w)
        return dgmi_fail_memory(err);
    w->folder = dgmi_generation_workshop(data_dir);
    w->manifest = w->folder ? dgmi_path_join(w->folder, "manifest") : NULL;
    dgm_status status = w->manifest ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        *resumed = read_plan(w, data_dir, least, plan);
    if (status == DGM_OK && !*resumed)
        status = dgmi_remove_tree(w->folder, err);
    if (status == DGM_OK)
        status = dgmi_make_dirs(w->folder, err);
    if (status == DGM_OK)
        status = list(w, err);
    if (status == DGM_OK)
        *out = w;
    else
        dgmi_workshop_close(w);
    return status;
}

void dgmi_workshop_close(dgmi_workshop *w)
{
    if (!w)
        return;
    dgmi_names_free(&w->names);
    free(w->found);
    free(w->manifest);
    free(w->folder);
    free(w);
}

const char *dgmi_workshop_folder(const dgmi_workshop *w)
{
    return w->folder;
}

/* ---- Parts: "part-000012-001-<digest>-<documents>" ---- */

static int put_stem(char out[NAME_SIZE], const char *kind, const dgmi_part *part)
{
    return snprintf(out, NAME_SIZE, "%s-%08zu-%04zu-%016" PRIx64 "-", kind, part->first,
                    part->n, part->digest);
}

char *dgmi_workshop_bench(const dgmi_workshop *w, const dgmi_part *part)
{
    char name[NAME_SIZE];
    put_stem(name, "bench", part);
    return dgmi_path_join(w->folder, name);
}

dgm_status dgmi_workshop_finish(const dgmi_workshop *w, const char *bench,
                                dgmi_part *part, dgm_error *err)
{
    char name[NAME_SIZE];
    int n = put_stem(name, part->spoilt ? "spoilt" : "part", part);
    snprintf(name + n, sizeof name - (size_t)n, "%" PRIu32, part->documents);
    char *path = dgmi_path_join(w->folder, name);
    if (!path)
        return dgmi_fail_memory(err);
    if (rename(bench, path) != 0) {
        dgm_status status = dgmi_fail_errno(err, bench);
        free(path);
        return status;
    }
    part->path = path;
    return DGM_OK;
}

/* The first name that is not below this one. */
static size_t lower_bound(const dgmi_names *names, const char *name)
{
    size_t low = 0, high = names->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dgmi_workshop_find(dgmi_workshop *w, dgmi_part *part)
{
    char stem[NAME_SIZE], *end = NULL;
    int n = put_stem(stem, "part", part);
    size_t at = lower_bound(&w->names, stem);
    if (at >= w->names.n || strncmp(w->names.names[at], stem, (size_t)n) != 0)
        return false;
    unsigned long documents = strtoul(w->names.names[at] + n, &end, 10);
    if (*end || end == w->names.names[at] + n || documents > UINT32_MAX)
        return false;
    part->path = dgmi_path_join(w->folder, w->names.names[at]);
    part->documents = (uint32_t)documents;
    w->found[at] = part->path != NULL;
    return part->path != NULL;
}

dgm_status dgmi_workshop_sweep(dgmi_workshop *w, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i < w->names.n; i++) {
        if (w->found[i] || strcmp(w->names.names[i], "manifest") == 0)
            continue;
        char *path = dgmi_path_join(w->folder, w->names.names[i]);
        status = path ? dgmi_remove_tree(path, err) : dgmi_fail_memory(err);
        free(path);
    }
    return status;
}
