/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generations of the index: folders DATA/index/gen-000001 and so on, and the file
 * `current` that names the live one. Depends on lib/base, lib/xapian and lib/archive. */
#include "generation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "schema.h"
#include "stem.h"

/* Reads "gen-000003" with nothing behind it; 0 if it is none. */
static uint64_t number_of(const char *name)
{
    char *end = NULL;
    if (strncmp(name, "gen-", 4) != 0 || name[4] < '0' || name[4] > '9')
        return 0;
    uint64_t number = strtoull(name + 4, &end, 10);
    return *end == '\0' && number < UINT64_MAX ? number : 0;
}

char *dgmi_generation_path(const char *data_dir, uint64_t number)
{
    char name[48];
    snprintf(name, sizeof name, "index/gen-%06" PRIu64, number);
    return dgmi_path_join(data_dir, name);
}

char *dgmi_generation_workshop(const char *data_dir)
{
    return dgmi_path_join(data_dir, "index/build-tmp");
}

dgm_status dgmi_generation_current(const char *data_dir, uint64_t *number, dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgmi_buf text;
    dgmi_buf_init(&text, 64);
    *number = 0;
    char *path = dgmi_path_join(data_dir, "index/current");
    dgm_status status =
        path ? dgmi_file_read(path, &text, &inner) : dgmi_fail_memory(&inner);
    if (status == DGM_OK) {
        if (text.n > 0 && text.p[text.n - 1] == '\n')
            text.p[--text.n] = '\0';
        *number = text.n > 0 && strlen(text.p) == text.n ? number_of(text.p) : 0;
        if (*number == 0)
            status =
                dgmi_fail(&inner, DGM_E_CORRUPT, "%s does not name a generation", path);
    } else if (status == DGM_E_NOTFOUND) {
        status = DGM_OK;
    }
    if (status != DGM_OK)
        dgmi_fail(err, status, "%s", inner.text);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

dgm_status dgmi_generation_swap(const char *data_dir, uint64_t number, dgm_error *err)
{
    char line[48];
    int n = snprintf(line, sizeof line, "gen-%06" PRIu64 "\n", number);
    char *path = dgmi_path_join(data_dir, "index/current");
    dgm_status status =
        path ? dgmi_file_replace(path, line, (size_t)n, err) : dgmi_fail_memory(err);
    free(path);
    return status;
}

static dgm_status list_index(const char *data_dir, char **folder, dgmi_names *names,
                             dgm_error *err)
{
    *names = (dgmi_names){ NULL, 0 };
    *folder = dgmi_path_join(data_dir, "index");
    if (!*folder)
        return dgmi_fail_memory(err);
    return dgmi_is_dir(*folder) ? dgmi_dir_list(*folder, names, err) : DGM_OK;
}

dgm_status dgmi_generation_last(const char *data_dir, uint64_t *number, dgm_error *err)
{
    char *folder = NULL;
    dgmi_names names;
    *number = 0;
    dgm_status status = list_index(data_dir, &folder, &names, err);
    for (size_t i = 0; i < names.n; i++) {
        uint64_t one = number_of(names.names[i]);
        *number = one > *number ? one : *number;
    }
    dgmi_names_free(&names);
    free(folder);
    return status;
}

static dgm_status remove_below(const char *folder, const char *name, dgm_error *err)
{
    char *path = dgmi_path_join(folder, name);
    dgm_status status = path ? dgmi_remove_tree(path, err) : dgmi_fail_memory(err);
    free(path);
    return status;
}

/* The greatest generation below the live one: kept, so that a build can be taken back. */
static uint64_t previous_of(const dgmi_names *names, uint64_t live)
{
    uint64_t previous = 0;
    for (size_t i = 0; i < names->n; i++) {
        uint64_t one = number_of(names->names[i]);
        if (one < live && one > previous)
            previous = one;
    }
    return previous;
}

dgm_status dgmi_generation_clean(const char *data_dir, dgm_error *err)
{
    char *folder = NULL;
    dgmi_names names;
    uint64_t live = 0;
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = list_index(data_dir, &folder, &names, err);
    dgm_status current = dgmi_generation_current(data_dir, &live, &fault);
    bool known =
        current == DGM_OK; /* else any of them may be the live one: a build mends that */
    if (status == DGM_OK && !known && current != DGM_E_CORRUPT)
        status = dgmi_fail(err, current, "%s", fault.text);
    uint64_t previous = previous_of(&names, live);
    for (size_t i = 0; status == DGM_OK && i < names.n; i++) {
        uint64_t one = number_of(names.names[i]);
        bool generation = known && one != 0 && one != live && one != previous;
        if (generation)
            status = remove_below(folder, names.names[i], err);
    }
    dgmi_names_free(&names);
    free(folder);
    return status;
}

void dgmi_generation_drop_workshop(const char *data_dir)
{
    char *folder = dgmi_generation_workshop(data_dir);
    if (folder)
        dgmi_remove_tree(folder, NULL);
    free(folder);
}

/* ---- What a generation says of itself ---- */

/* Copies the metadata under key into out, which ends in NUL. CORRUPT if it is missing or
 * long. */
static dgm_status get_text(dgmx_db *db, const char *key, char *out, size_t size,
                           dgm_error *err)
{
    dgmx_bytes value;
    dgm_status status = dgmx_db_get_metadata(db, key, &value, err);
    if (status != DGM_OK)
        return status;
    if (value.n == 0 || value.n >= size)
        return dgmi_fail(err, DGM_E_CORRUPT, "the index lacks %s: run `dragoman reindex`",
                         key);
    memcpy(out, value.p, value.n);
    out[value.n] = '\0';
    return DGM_OK;
}

/* Indexes of former releases do not tell it. */
static dgm_status read_settled(dgmx_db *db, int64_t *out, dgm_error *err)
{
    char text[32] = "-1";
    dgmx_bytes value;
    dgm_status status = dgmx_db_get_metadata(db, "dgm.settled", &value, err);
    if (status == DGM_OK && value.n > 0 && value.n < sizeof text) {
        memcpy(text, value.p, value.n);
        text[value.n] = '\0';
    }
    *out = strtoll(text, NULL, 10);
    return status;
}

dgm_status dgmi_meta_read(dgmx_db *db, dgmi_meta *out, dgm_error *err)
{
    char schema[16], position[48], length[48], as_of[32];
    dgm_status status = get_text(db, "dgm.schema", schema, sizeof schema, err);
    if (status != DGM_OK)
        return status;
    if (strtol(schema, NULL, 10) != DGMI_SCHEMA_VERSION)
        return dgmi_fail(
            err, DGM_E_CORRUPT,
            "the index has schema version %s, not %d: run `dragoman reindex`", schema,
            DGMI_SCHEMA_VERSION);
    status = get_text(db, "dgm.position", position, sizeof position, err);
    if (status == DGM_OK)
        status = get_text(db, "dgm.avglen", length, sizeof length, err);
    if (status == DGM_OK)
        status = get_text(db, "dgm.stemmer", out->stemmer, sizeof out->stemmer, err);
    if (status == DGM_OK)
        status = get_text(db, "dgm.asof", as_of, sizeof as_of, err);
    if (status != DGM_OK)
        return status;
    if (sscanf(position, "%" SCNu32 ":%" SCNu64, &out->position.segment,
               &out->position.offset) != 2)
        return dgmi_fail(err, DGM_E_CORRUPT, "the index has no readable position: %s",
                         position);
    long long thousandths =
        strtoll(length, NULL, 10); /* an integer, so that no locale matters */
    out->average_length = (double)thousandths / 1000;
    out->as_of = strtoll(as_of, NULL, 10);
    return read_settled(db, &out->settled, err);
}

static dgm_status put_number(dgmx_writer *w, const char *key, long long value,
                             dgm_error *err)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", value);
    return dgmx_writer_set_metadata(w, key, text, (size_t)n, err);
}

static dgm_status put_counts(dgmx_writer *w, dgm_error *err)
{
    dgmx_db *view = NULL;
    uint32_t all = 0, usable = 0;
    dgm_status status = dgmx_writer_db(w, &view, err);
    if (status == DGM_OK)
        status = dgmx_db_doc_count(view, &all, err);
    if (status == DGM_OK)
        status = dgmx_db_term_freq(view, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &usable, err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.documents", usable, err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.canceled", (long long)all - usable, err);
    dgmx_db_close(view);
    return status;
}

dgm_status dgmi_meta_write(dgmx_writer *w, const dgmi_meta *meta, dgm_error *err)
{
    char at[48];
    const char *stemmer = dgmi_stem_version();
    int n = snprintf(at, sizeof at, "%" PRIu32 ":%" PRIu64, meta->position.segment,
                     meta->position.offset);
    dgm_status status = dgmx_writer_set_metadata(w, "dgm.position", at, (size_t)n, err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.schema", DGMI_SCHEMA_VERSION, err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.avglen",
                            (long long)(meta->average_length * 1000 + 0.5), err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.asof", meta->as_of, err);
    if (status == DGM_OK)
        status = put_number(w, "dgm.settled", meta->settled, err);
    if (status == DGM_OK)
        status =
            dgmx_writer_set_metadata(w, "dgm.stemmer", stemmer, strlen(stemmer), err);
    return status == DGM_OK ? put_counts(w, err) : status;
}
