/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finishing, checking and syncing a new generation. Depends on lib/archive, lib/xapian,
 * generation.h and lines.h. */
#include "seal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyse.h"
#include "dgmx.h"
#include "fail.h"
#include "file.h"
#include "lines.h"

enum { SAMPLES = 100 };

static dgm_status finish_database(const dgmi_seal *s, dgm_error *err)
{
    dgmx_writer *writer = NULL;
    dgmi_meta meta = { .position = s->to,
                       .average_length = s->average_length,
                       .as_of = s->as_of };
    dgm_status status = dgmx_writer_open(s->target, DGMX_CREATE, &writer, err);
    if (status == DGM_OK)
        status = dgmx_writer_begin(writer, err);
    if (status == DGM_OK)
        status = dgmi_meta_write(writer, &meta, err);
    if (status == DGM_OK)
        status = dgmx_writer_commit(writer, err);
    dgmx_writer_close(writer);
    return status;
}

static dgm_status sync_file(const char *folder, const char *name, dgm_error *err)
{
    char *path = dgmi_path_join(folder, name);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    dgm_status status = DGM_OK;
    if (!path)
        status = dgmi_fail_memory(err);
    else if (fd < 0 || fsync(fd) != 0)
        status = dgmi_fail_errno(err, path);
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

/* All files of the generation, its folder, and the folder that names it. */
static dgm_status sync_target(const dgmi_seal *s, dgm_error *err)
{
    dgmi_names names;
    char *index = dgmi_path_join(s->data_dir, "index");
    dgm_status status = dgmi_dir_list(s->target, &names, err);
    for (size_t i = 0; status == DGM_OK && i < names.n; i++)
        status = sync_file(s->target, names.names[i], err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(s->target, err);
    if (status == DGM_OK)
        status = index ? dgmi_sync_dir(index, err) : dgmi_fail_memory(err);
    dgmi_names_free(&names);
    free(index);
    return status;
}

/* Whether the record at a share of the archive can be found by its id. What came in since
 * the build began is not looked for. */
static dgm_status check_share(const dgmi_seal *s, dgmx_db *db,
                              dgmi_archive_reader *reader, double share,
                              uint64_t *missing, dgm_error *err)
{
    dgmi_line line;
    dgmi_position at = { 0, 0 }, after;
    dgmx_docid found;
    dgmi_buf id, term;
    dgmi_buf_init(&id, 0);
    dgmi_buf_init(&term, 0);
    dgm_status status = dgmi_archive_seek_share(reader, share, err);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line.p, &line.n, &at, &after, err);
    if (status == DGM_OK && dgmi_position_compare(at, s->to) < 0 &&
        dgmi_line_id(line.p, line.n, &id, NULL) == DGM_OK) {
        dgmi_id_term(&term, id.p);
        if (dgmx_db_find(db, term.p, term.n, &found, NULL) != DGM_OK)
            *missing += 1;
    }
    dgmi_buf_clear(&id);
    dgmi_buf_clear(&term);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status check_samples(const dgmi_seal *s, dgmx_db *db, dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_position start = { 0, 0 };
    uint64_t missing = 0;
    dgm_status status = dgmi_archive_reader_open(s->data_dir, start, &reader, err);
    for (int i = 0; status == DGM_OK && i < SAMPLES; i++)
        status = check_share(s, db, reader, (double)i / SAMPLES, &missing, err);
    dgmi_archive_reader_close(reader);
    if (status == DGM_OK && missing > s->rejected * SAMPLES)
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "the new generation lacks %llu of %d items looked for",
                           (unsigned long long)missing, SAMPLES);
    return status;
}

static dgm_status check_target(const dgmi_seal *s, dgm_error *err)
{
    dgmx_db *db = NULL;
    uint32_t documents = 0;
    uint64_t expected = s->documents;
    dgm_status status = dgmx_db_open(s->target, &db, err);
    if (status == DGM_OK)
        status = dgmx_db_doc_count(db, &documents, err);
    if (status == DGM_OK && documents != expected)
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "the new generation has %lu documents, not %llu",
                           (unsigned long)documents, (unsigned long long)expected);
    if (status == DGM_OK)
        status = check_samples(s, db, err);
    dgmx_db_close(db);
    return status;
}

dgm_status dgmi_seal_generation(const dgmi_seal *seal, dgm_error *err)
{
    dgm_status status = finish_database(seal, err);
    if (status == DGM_OK)
        status = check_target(seal, err);
    return status == DGM_OK ? sync_target(seal, err) : status;
}
