/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a crash left behind the last whole line of the log. Uses lib/base. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive_state.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

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
dgm_status dgmi_archive_set_aside(dgmi_archive *a, uint64_t whole, uint64_t size,
                                  dgm_error *err)
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
             dgmi_segment_name(a->segment, name), (unsigned long long)(size - whole),
             path);
out:
    if (to >= 0)
        close(to);
    free(path);
    return status;
}
