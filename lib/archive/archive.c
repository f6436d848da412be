/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writers of the log, one at a time: whole lines or nothing. Uses lib/base. Reading:
 * archive_reader.c; fsync: durable.c; leftovers of a crash: torn.c */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_state.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

enum { KEPT_ROOM = 1 << 20 }; /* a line buffer larger than this is given back */

int dgmi_position_compare(dgmi_position a, dgmi_position b)
{
    if (a.segment != b.segment)
        return a.segment < b.segment ? -1 : 1;
    return (a.offset > b.offset) - (a.offset < b.offset);
}

/* ---- The lock, and what others did before it was ours ---- */

static dgm_status take_fd(dgmi_archive *a, int fd, uint32_t segment)
{
    if (a->fd >= 0)
        close(a->fd);
    a->fd = fd;
    a->segment = segment;
    a->size = 0;
    /* Whoever made it, or wrote into it, may have ended without a sync: ours is for
     * their lines too, since decisions rest on them. */
    a->unsynced = a->folder_unsynced = true;
    return DGM_OK;
}

static dgm_status follow_segments(dgmi_archive *a, dgm_error *err)
{
    while (a->segment < UINT32_MAX) {
        int fd = dgmi_segment_open(a->folder, a->segment + 1, O_RDWR | O_APPEND);
        if (fd < 0)
            return errno == ENOENT ? DGM_OK
                                   : dgmi_segment_fail(a->folder, a->segment + 1, err);
        take_fd(a, fd, a->segment + 1);
    }
    return DGM_OK;
}

/* Learns where the log ends. Under the lock nobody writes, so what follows the last whole
 * line was left by a crash. */
static dgm_status find_end(dgmi_archive *a, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    struct stat info;
    uint64_t whole = 0;
    if (fstat(a->fd, &info) != 0)
        return dgmi_segment_fail(a->folder, a->segment, err);
    uint64_t size = (uint64_t)info.st_size;
    dgmi_segment_name(a->segment, name);
    if (info.st_nlink == 0 || size < a->size)
        return dgmi_fail(err, DGM_E_CORRUPT, "%s/%s was removed or cut by another hand",
                         a->folder, name);
    if (size == a->size)
        return DGM_OK;
    a->unsynced = true;
    dgm_status status = dgmi_segment_whole(a->fd, size, name, &whole, err);
    if (status == DGM_OK && whole < size)
        status = dgmi_archive_set_aside(a, whole, size, err);
    if (status == DGM_OK)
        a->size = whole;
    return status;
}

dgm_status dgmi_archive_lock(dgmi_archive *a, dgm_error *err)
{
    dgm_status status = dgmi_lock_take(&a->lock, DGMI_LOCK_APPEND, a->patience, err);
    if (status != DGM_OK)
        return status;
    a->held = true;
    status = follow_segments(a, err);
    if (status == DGM_OK)
        status = find_end(a, err);
    if (status != DGM_OK)
        dgmi_archive_unlock(a);
    return status;
}

void dgmi_archive_unlock(dgmi_archive *a)
{
    if (a->held)
        dgmi_lock_release(&a->lock, DGMI_LOCK_APPEND);
    a->held = false;
}

/* ---- Opening and closing ---- */

static dgm_status open_last(dgmi_archive *a, dgm_error *err)
{
    uint32_t last = 0;
    dgm_status status = dgmi_segment_last(a->folder, &last, err);
    if (status != DGM_OK)
        return status;
    last = last > 0 ? last : 1;
    int fd = dgmi_segment_open(a->folder, last, O_RDWR | O_CREAT | O_APPEND);
    if (fd < 0)
        return dgmi_segment_fail(a->folder, last, err);
    return take_fd(a, fd, last);
}

static dgm_status open_files(dgmi_archive *a, const char *data_dir, dgm_error *err)
{
    dgm_status status = dgmi_make_dirs(a->folder, err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(data_dir, err);
    if (status != DGM_OK)
        return status;
    char *path = dgmi_path_join(a->folder, "lock");
    status = path ? dgmi_lock_open(path, &a->lock, err) : dgmi_fail_memory(err);
    free(path);
    if (status == DGM_OK)
        status = open_last(a, err);
    if (status == DGM_OK)
        status = dgmi_archive_lock(a, err);
    dgmi_archive_unlock(a);
    return status;
}

dgm_status dgmi_archive_open(const char *data_dir, const dgmi_log *log,
                             dgmi_archive **out, dgm_error *err)
{
    *out = NULL;
    dgmi_archive *a = calloc(1, sizeof *a);
    if (!a)
        return dgmi_fail_memory(err);
    a->lock = (dgmi_lock)DGMI_LOCK_CLOSED;
    a->fd = -1;
    a->patience = DGMI_ARCHIVE_PATIENCE;
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
    dgmi_archive_unlock(a);
    dgmi_lock_close(&a->lock);
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

void dgmi_archive_set_patience(dgmi_archive *a, unsigned ms)
{
    a->patience = ms;
}

/* ---- Appending ---- */

/* Closes a full segment, durable, and begins the next. */
static dgm_status roll_over(dgmi_archive *a, dgm_error *err)
{
    dgm_status status = dgmi_archive_flush(a, err);
    if (status != DGM_OK)
        return status;
    if (a->segment == UINT32_MAX)
        return dgmi_fail(err, DGM_E_IO, "%s: no segment number is left", a->folder);
    int flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND;
    int fd = dgmi_segment_open(a->folder, a->segment + 1, flags);
    if (fd < 0)
        return dgmi_segment_fail(a->folder, a->segment + 1, err);
    return take_fd(a, fd, a->segment + 1);
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

static dgm_status check_line(const dgmi_archive *a, const char *line, size_t n,
                             dgm_error *err)
{
    if (a->broken)
        return dgmi_archive_fail_broken(err);
    if (n == 0 || memchr(line, '\n', n))
        return dgmi_fail(err, DGM_E_ARG, "a record of the log is one line and not empty");
    if (n > DGMI_RECORD_MAX)
        return dgmi_fail(err, DGM_E_ARG,
                         "a record of %zu bytes is larger than the limit of %u", n,
                         DGMI_RECORD_MAX);
    return DGM_OK;
}

static dgm_status append_locked(dgmi_archive *a, const char *line, size_t n,
                                dgmi_position *at, dgm_error *err)
{
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

dgm_status dgmi_archive_append(dgmi_archive *a, const char *line, size_t n,
                               dgmi_position *at, dgm_error *err)
{
    dgm_status status = check_line(a, line, n, err);
    if (status != DGM_OK || a->held)
        return status == DGM_OK ? append_locked(a, line, n, at, err) : status;
    status = dgmi_archive_lock(a, err);
    if (status == DGM_OK)
        status = append_locked(a, line, n, at, err);
    dgmi_archive_unlock(a);
    return status;
}
