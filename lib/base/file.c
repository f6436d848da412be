/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files: whole reads with a limit, durable writes. Depends on fail and buf. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "hash.h"

char *dgmi_path_join(const char *a, const char *b)
{
    size_t n = strlen(a);
    while (*b == '/')
        b++;
    const char *between = n == 0 || a[n - 1] == '/' ? "" : "/";
    char *path = NULL;
    return asprintf(&path, "%s%s%s", a, between, b) < 0 ? NULL : path;
}

const char *dgmi_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Reads once from fd into out. *got is 0 at the end. The byte past the limit is read
 * apart, so that a file of exactly the limit's size is still taken. */
static dgm_status read_some(int fd, const char *path, dgmi_buf *out, size_t *got,
                            dgm_error *err)
{
    char past;
    char *to = &past;
    size_t left = out->max ? out->max - out->n : SIZE_MAX;
    size_t want = out->capacity > out->n + 1 ? out->capacity - out->n - 1 : 64u << 10;
    if (want > left)
        want = left;
    if (want > 0 && !(to = dgmi_buf_room(out, want)))
        return dgmi_fail_memory(err);
    ssize_t n;
    do
        n = read(fd, to, want > 0 ? want : 1);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return dgmi_fail_errno(err, path);
    if (n > 0 && want == 0)
        return dgmi_fail(err, DGM_E_ARG, "%s: larger than the limit of %zu bytes", path,
                         out->max);
    *got = (size_t)n;
    out->n += (size_t)n;
    if (out->p)
        out->p[out->n] = '\0';
    return DGM_OK;
}

static dgm_status read_all(int fd, const char *path, const struct stat *info,
                           dgmi_buf *out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t got = 1;
    if (info->st_size > 0) {
        /* Room for all at once, one byte more to see the end; a size that lies does no
         * harm. */
        size_t left = out->max ? out->max - out->n : SIZE_MAX / 2;
        size_t hint = (uint64_t)info->st_size + 1 < left ? (size_t)info->st_size + 1 : 0;
        if (hint > 0 && hint <= (1u << 30) && !dgmi_buf_room(out, hint))
            status = dgmi_fail_memory(err);
    }
    while (status == DGM_OK && got > 0)
        status = read_some(fd, path, out, &got, err);
    return status;
}

/* flags: beside those of reading. */
static dgm_status open_and_read(const char *path, int flags, bool any, dgmi_buf *out,
                                dgm_error *err)
{
    struct stat info;
    dgm_status status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0 || fstat(fd, &info) != 0)
        status = dgmi_fail_errno(err, path);
    else if (!any && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        status = dgmi_fail(err, DGM_E_ARG, "%s: a pipe or a device, not a file", path);
    else
        status = read_all(fd, path, &info, out, err);
    if (fd >= 0)
        close(fd);
    return status;
}

dgm_status dgmi_file_read(const char *path, dgmi_buf *out, dgm_error *err)
{
    return open_and_read(path, O_NONBLOCK, false, out, err);
}

dgm_status dgmi_stream_read(const char *path, dgmi_buf *out, dgm_error *err)
{
    return open_and_read(path, 0, true, out, err);
}

dgm_status dgmi_write_all(int fd, const void *bytes, size_t n, const char *what,
                          dgm_error *err)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return dgmi_fail_errno(err, what);
        p += done;
        n -= (size_t)done;
    }
    return DGM_OK;
}

/* The folder that path lies in, as a new string. */
static char *parent_of(const char *path)
{
    const char *base = dgmi_path_base(path);
    if (base == path)
        return strdup(".");
    size_t n = (size_t)(base - path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return strndup(path, n);
}

static dgm_status write_new(const char *path, const void *bytes, size_t n, dgm_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return dgmi_fail_errno(err, path);
    dgm_status status = dgmi_write_all(fd, bytes, n, path, err);
    if (status == DGM_OK && fsync(fd) != 0)
        status = dgmi_fail_errno(err, path);
    if (close(fd) != 0 && status == DGM_OK)
        status = dgmi_fail_errno(err, path);
    return status;
}

dgm_status dgmi_file_replace(const char *path, const void *bytes, size_t n,
                             dgm_error *err)
{
    dgm_status status;
    char *folder = parent_of(path), *fresh = NULL;
    /* A thread's number is its own on the whole machine, so two writers never share a
     * file. */
    if (!folder || asprintf(&fresh, "%s.%ld.new", path, (long)gettid()) < 0) {
        fresh = NULL;
        status = dgmi_fail_memory(err);
        goto out;
    }
    status = write_new(fresh, bytes, n, err);
    if (status == DGM_OK && rename(fresh, path) != 0)
        status = dgmi_fail_errno(err, path);
    if (status != DGM_OK) {
        unlink(fresh);
        goto out;
    }
    status = dgmi_sync_dir(folder, err);
out:
    free(folder);
    free(fresh);
    return status;
}

static uint64_t mark_file(uint64_t mark, const char *folder, const char *name)
{
    struct stat info;
    char *path = dgmi_path_join(folder, name);
    if (path && stat(path, &info) == 0) {
        uint64_t parts[] = { mark,
                             dgmi_hash64(name, strlen(name)),
                             (uint64_t)info.st_size,
                             (uint64_t)info.st_ino,
                             (uint64_t)info.st_mtim.tv_sec,
                             (uint64_t)info.st_mtim.tv_nsec };
        mark = dgmi_hash64(parts, sizeof parts);
    }
    free(path);
    return mark;
}

uint64_t dgmi_dir_mark(const char *path, const char *ending)
{
    dgmi_names files = { 0 };
    uint64_t mark = 1;
    if (!dgmi_is_dir(path) || dgmi_dir_list(path, &files, NULL) != DGM_OK)
        return 0;
    for (size_t i = 0; i < files.n; i++)
        if (!ending || dgmi_str_ends(dgmi_str_of(files.names[i]), ending))
            mark = mark_file(mark, path, files.names[i]);
    dgmi_names_free(&files);
    return mark;
}
