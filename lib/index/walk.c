/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files below a folder, in name order, for ingest.c. Depends on lib/base. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "ingest.h"

enum { DEPTH_MAX = 64 };

/* The folders that lead to where we are: meeting one of them again is a loop of links. */
typedef struct trail {
    const struct trail *up;
    dev_t dev;
    ino_t ino;
    unsigned depth;
} trail;

static dgm_status take_path(dgm_ingest *in, const char *path, const trail *up,
                            dgm_error *err);

static bool is_same(const char *path, const struct stat *info)
{
    struct stat own;
    return path && stat(path, &own) == 0 && own.st_dev == info->st_dev &&
           own.st_ino == info->st_ino;
}

static bool is_own_data(const dgm_ingest *in, const struct stat *info)
{
    return is_same(in->work.data_dir, info);
}

/* The list of what was rejected grows with each rejection: read as a feed it would never
 * end. */
static bool is_own_list(const dgm_ingest *in, const struct stat *info)
{
    char *list = dgmi_path_join(in->work.data_dir, "rejects/rejects.ndjson");
    bool own = is_same(list, info);
    free(list);
    return own;
}

static bool is_loop(const trail *t, const struct stat *info)
{
    for (; t; t = t->up) {
        if (t->dev == info->st_dev && t->ino == info->st_ino)
            return true;
    }
    return false;
}

static dgm_status take_names(dgm_ingest *in, const char *path, const dgmi_names *names,
                             const trail *here, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i < names->n; i++) {
        if (names->names[i][0] == '.')
            continue;
        char *below = dgmi_path_join(path, names->names[i]);
        status = below ? take_path(in, below, here, err) : dgmi_fail_memory(err);
        free(below);
    }
    return status;
}

static dgm_status take_folder(dgm_ingest *in, const char *path, const struct stat *info,
                              const trail *up, dgm_error *err)
{
    trail here = { up, info->st_dev, info->st_ino, up ? up->depth + 1 : 1 };
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_names names;
    if (is_own_data(in, info) || is_loop(up, info)) {
        dgmi_say(&in->work.log, "info", "%s: passed over", path);
        return DGM_OK;
    }
    if (here.depth > DEPTH_MAX)
        return dgmi_ingest_refuse(in, path, "folders inside folders without end", err);
    dgm_status status = dgmi_dir_list(path, &names, &fault);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return dgmi_ingest_refuse(in, path, fault.text, err);
    status = take_names(in, path, &names, &here, err);
    dgmi_names_free(&names);
    return status;
}

static dgm_status take_file(dgm_ingest *in, const char *path, dgm_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return dgmi_ingest_refuse(in, path, strerror(errno), err);
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = dgm_ingest_fd(in, fd, path, &fault);
    close(fd);
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

/* A pipe or device inside a folder would wait for ever; named by itself it is meant. */
static dgm_status take_path(dgm_ingest *in, const char *path, const trail *up,
                            dgm_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return dgmi_ingest_refuse(in, path, strerror(errno), err);
    if (S_ISDIR(info.st_mode))
        return take_folder(in, path, &info, up, err);
    if (up && !S_ISREG(info.st_mode))
        return dgmi_ingest_refuse(in, path, "not a file", err);
    if (up && is_own_list(in, &info))
        return DGM_OK;
    return take_file(in, path, err);
}

dgm_status dgm_ingest_path(dgm_ingest *in, const char *path, dgm_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return dgmi_fail_errno(err, path);
    return take_path(in, path, NULL, err);
}
