/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one writer of the log: whole lines or nothing. Uses lib/base. Reading:
 * archive_reader.c */
#include "archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "segment.h"

enum { KEPT_ROOM = 1 << 20 }; /* a line buffer larger than this is given back */

struct dgmi_archive {
    char *folder;
    dgmi_log log;
    int lock, fd;
    uint32_t segment;
    uint64_t size; /* of the segment: whole lines only */
    uint64_t segment_max;
    bool unsynced;        /* lines were appended since the last fsync */
    bool folder_unsynced; /* a segment was made since the last fsync of the folder */
    bool broken;          /* what the disk holds is not known any more */
    dgmi_buf line;        /* record and line end leave in one write */
};

int dgmi_position_compare(dgmi_position a, dgmi_position b)
{
    if (a.segment != b.segment)
        return a.segment < b.segment ? -1 : 1;
    return (a.offset > b.offset) - (a.offset < b.offset);
}

/* Opens a file for a torn line under a name that is not taken yet, so that no crash
 * overwrites what an earlier one left. */
static int open_torn(const dgmi_archive *a, uint64_t offset, char **path)
{
    for (unsigned i = 1; i < 1000; i++) {
        char more[16] = "";
        if (i > 1)
            snprintf(more, sizeof more, "-%u", i);
        if (asprintf(path, "%s/%06u.torn-%llu%s", a->folder, (unsigned)a->segment,
                     (unsigned long long)offset, more) < 0) {
            *path = NULL;
            errno = ENOMEM;
            return -1;
        }
        int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
        free(*path);
        *path = NULL;
    }
    return -1;
}

static dgm_status copy_tail(const dgmi_archive *a, uint64_t from, int to,
                            const char *path, dgm_error *err)
{
    char chunk[8192];
    for (;;) {
        ptrdiff_t got = dgmi_pread_all(a->fd, chunk, sizeof chunk, from);
        if (got < 0)
            return dgmi_segment_fail(a->folder, a->segment, err);
        if (got == 0)
            break;
        dgm_status status = dgmi_write_all(to, chunk, (size_t)got, path, err);
        if (status != DGM_OK)
            return status;
        from += (uint64_t)got;
    }
    return fsync(to) == 0 ? DGM_OK : dgmi_fail_errno(err, path);
}

/* Moves what stands behind the last whole line out of the segment: copied and durable
 * first, cut after, so that a crash in between loses nothing. */
static dgm_status set_aside(dgmi_archive *a, uint64_t whole, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    char *path = NULL;
    dgm_status status;
    int to = open_torn(a, whole, &path);
    if (to < 0) {
        status = dgmi_fail_errno(err, path ? path : a->folder);
        goto out;
    }
    status = copy_tail(a, whole, to, path, err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(a->folder, err);
    if (status != DGM_OK) {
        unlink(path);
        goto out;
    }
    if (ftruncate(a->fd, (off_t)whole) != 0 || fsync(a->fd) != 0) {
        status = dgmi_segment_fail(a->folder, a->segment, err);
        goto out;
    }
    dgmi_say(&a->log, "warning",
             "%s: the last line was never finished; its %llu bytes are now in %s",
             dgmi_segment_name(a->segment, name), (unsigned long long)(a->size - whole),
             path);
    a->size = whole;
out:
    if (to >= 0)
        close(to);
    free(path);
    return status;
}

static dgm_status open_last(dgmi_archive *a, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    struct stat info;
    uint64_t whole = 0;
    dgm_status status = dgmi_segment_last(a->folder, &a->segment, err);
    if (status != DGM_OK)
        return status;
    if (a->segment == 0)
        a->segment = 1;
    /* A writer before this one may have ended without a sync: the first sync is for its
     * lines too. */
    a->unsynced = a->folder_unsynced = true;
    a->fd = dgmi_segment_open(a->folder, a->segment, O_RDWR | O_CREAT | O_APPEND);
    if (a->fd < 0 || fstat(a->fd, &info) != 0)
        return dgmi_segment_fail(a->folder, a->segment, err);
    a->size = (uint64_t)info.st_size;
    status = dgmi_segment_whole(a->fd, a->size, dgmi_segment_name(a->segment, name),
                                &whole, err);
    if (status == DGM_OK && whole < a->size)
        status = set_aside(a, whole, err);
    return status;
}

static dgm_status open_files(dgmi_archive *a, const char *data_dir, dgm_error *err)
{
    char *lock = NULL;
    dgm_status status = dgmi_make_dirs(a->folder, err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(data_dir, err);
    if (status != DGM_OK)
        return status;
    lock = dgmi_path_join(a->folder, "lock");
    status = lock ? dgmi_lock_file(lock, &a->lock, err) : dgmi_fail_memory(err);
    free(lock);
    return status == DGM_OK ? open_last(a, err) : status;
}

dgm_status dgmi_archive_open(const char *data_dir, const dgmi_log *log,
                             dgmi_archive **out, dgm_error *err)
{
    *out = NULL;
    dgmi_archive *a = calloc(1, sizeof *a);
    if (!a)
        return dgmi_fail_memory(err);
    a->lock = a->fd = -1;
    a->segment_max = DGMI_SEGMENT_MAX;
    if (log)
        a->log = *log;
    dgmi_buf_init(&a->line, (size_t)DGMI_RECORD_MAX + 1);
    a->folder = dgmi_path_join(data_dir, "archive");
    dgm_status status = a->folder ? open_files(a, data_dir, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        *out = a;
    else
        dgmi_archive_close(a);
    return status;
}

void dgmi_archive_close(dgmi_archive *a)
{
    if (!a)
        return;
    if (a->fd >= 0)
        close(a->fd);
    if (a->lock >= 0)
        close(a->lock);
    dgmi_buf_clear(&a->line);
    free(a->folder);
    free(a);
}

void dgmi_archive_set_segment_max(dgmi_archive *a, uint64_t bytes)
{
    a->segment_max = bytes;
}

dgmi_position dgmi_archive_end(const dgmi_archive *a)
{
    return (dgmi_position){ a->segment, a->size };
}

static dgm_status fail_broken(dgm_error *err)
{
    return dgmi_fail(err, DGM_E_IO,
                     "the log takes no more items: writing to the disk failed, "
                     "so open it anew");
}

dgm_status dgmi_archive_sync(dgmi_archive *a, dgm_error *err)
{
    if (a->broken)
        return fail_broken(err);
    /* After a failed fsync the kernel may have dropped the pages and call the next one a
     * success: asking again would be a lie. */
    if (a->unsynced && fsync(a->fd) != 0) {
        a->broken = true;
        return dgmi_segment_fail(a->folder, a->segment, err);
    }
    a->unsynced = false;
    dgm_status status = a->folder_unsynced ? dgmi_sync_dir(a->folder, err) : DGM_OK;
    a->folder_unsynced = false;
    a->broken = status != DGM_OK;
    return status;
}

/* Closes a full segment, durable, and begins the next. */
static dgm_status roll_over(dgmi_archive *a, dgm_error *err)
{
    dgm_status status = dgmi_archive_sync(a, err);
    if (status != DGM_OK)
        return status;
    if (a->segment == UINT32_MAX)
        return dgmi_fail(err, DGM_E_IO, "%s: no segment number is left", a->folder);
    int flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND;
    int fd = dgmi_segment_open(a->folder, a->segment + 1, flags);
    if (fd < 0)
        return dgmi_segment_fail(a->folder, a->segment + 1, err);
    close(a->fd);
    a->fd = fd;
    a->segment++;
    a->size = 0;
    a->folder_unsynced = true;
    return DGM_OK;
}

static dgm_status write_line(dgmi_archive *a, const char *line, size_t n, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    dgmi_buf_reset(&a->line);
    dgmi_buf_put(&a->line, line, n);
    dgmi_buf_putc(&a->line, '\n');
    if (a->line.failed)
        return dgmi_fail_memory(err);
    a->unsynced = true;
    dgm_status status = dgmi_write_all(a->fd, a->line.p, a->line.n,
                                       dgmi_segment_name(a->segment, name), err);
    /* Half a line must not stay: the next append would complete it to a wrong one. */
    if (status != DGM_OK && ftruncate(a->fd, (off_t)a->size) != 0)
        a->broken = true;
    if (a->line.capacity > KEPT_ROOM)
        dgmi_buf_clear(&a->line);
    return status;
}

dgm_status dgmi_archive_append(dgmi_archive *a, const char *line, size_t n,
                               dgmi_position *at, dgm_error *err)
{
    if (a->broken)
        return fail_broken(err);
    if (n == 0 || memchr(line, '\n', n))
        return dgmi_fail(err, DGM_E_ARG, "a record of the log is one line and not empty");
    if (n > DGMI_RECORD_MAX)
        return dgmi_fail(err, DGM_E_ARG,
                         "a record of %zu bytes is larger than the limit of %u", n,
                         DGMI_RECORD_MAX);
    dgm_status status =
        a->size > 0 && a->size >= a->segment_max ? roll_over(a, err) : DGM_OK;
    if (status == DGM_OK)
        status = write_line(a, line, n, err);
    if (status != DGM_OK)
        return status;
    *at = (dgmi_position){ a->segment, a->size };
    a->size += n + 1;
    return DGM_OK;
}
