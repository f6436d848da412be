/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making the log durable, for many at once: whoever calls fsync does it for all lines
 * that are whole by then and says in the lock file how far it reached; those who waited
 * meanwhile mostly find their own lines covered. Uses lib/base. */
#include <sys/stat.h>
#include <unistd.h>

#include "archive_state.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

/* Stands in the lock file behind the names of the holders and is read and written under
 * the sync lock. The inode tells a log that was copied back from elsewhere. */
typedef struct mark {
    uint64_t magic, inode;
    uint64_t segment, offset; /* all before is durable */
} mark;

#define MAGIC UINT64_C(0x31636e7973676d64)

dgm_status dgmi_archive_fail_broken(dgm_error *err)
{
    return dgmi_fail(err, DGM_E_IO,
                     "the log takes no more items: writing to the disk failed, "
                     "so open it anew");
}

dgm_status dgmi_archive_flush(dgmi_archive *a, dgm_error *err)
{
    if (a->broken)
        return dgmi_archive_fail_broken(err);
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

/* A mark further on than the file is long is none: the log was put back from a copy. */
static bool is_covered(const dgmi_archive *a, const struct stat *file)
{
    mark m;
    if (pread(a->lock.fd, &m, sizeof m, DGMI_LOCK_NAMES) != sizeof m)
        return false;
    return m.magic == MAGIC && m.inode == file->st_ino && m.segment == a->segment &&
           m.offset >= a->size && m.offset <= (uint64_t)file->st_size;
}

/* On a full disk there is no mark, and everybody calls fsync for himself. */
static void leave_mark(const dgmi_archive *a, const struct stat *file, uint64_t whole)
{
    mark m = { MAGIC, file->st_ino, a->segment, whole };
    if (pwrite(a->lock.fd, &m, sizeof m, DGMI_LOCK_NAMES) != sizeof m)
        dgmi_say(&a->log, "debug", "%s: no place for the mark", a->lock.path);
}

/* Whole lines never go away again, so what is whole before the fsync is durable after it.
 */
static dgm_status flush_for_all(dgmi_archive *a, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    struct stat file;
    uint64_t whole = 0;
    if (fstat(a->fd, &file) != 0)
        return dgmi_segment_fail(a->folder, a->segment, err);
    if (is_covered(a, &file)) {
        a->unsynced = a->folder_unsynced = false;
        return DGM_OK;
    }
    dgm_status status = dgmi_segment_whole(
        a->fd, (uint64_t)file.st_size, dgmi_segment_name(a->segment, name), &whole, err);
    if (status == DGM_OK)
        status = dgmi_archive_flush(a, err);
    if (status == DGM_OK)
        leave_mark(a, &file, whole);
    return status;
}

dgm_status dgmi_archive_sync(dgmi_archive *a, dgm_error *err)
{
    if (a->broken)
        return dgmi_archive_fail_broken(err);
    if (!a->unsynced && !a->folder_unsynced)
        return DGM_OK;
    /* A disk may take its time over an fsync, so there is no limit to this wait; but who
     * holds the append lock must not wait for those who wait for it. */
    dgm_status status =
        a->held ? DGM_E_LOCKED
                : dgmi_lock_take(&a->lock, DGMI_LOCK_SYNC, DGMI_LOCK_FOREVER, NULL);
    if (status != DGM_OK)
        return dgmi_archive_flush(a, err);
    status = flush_for_all(a, err);
    dgmi_lock_release(&a->lock, DGMI_LOCK_SYNC);
    return status;
}
