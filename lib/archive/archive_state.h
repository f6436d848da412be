/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of one writer of the log, shared by archive.c, durable.c and torn.c and
 * nobody else. Uses lib/base. */
#ifndef DGMI_ARCHIVE_STATE_H
#define DGMI_ARCHIVE_STATE_H

#include "archive.h"
#include "lock.h"

/* The locks in DATA/archive/lock. */
enum { DGMI_LOCK_APPEND = 0, DGMI_LOCK_SYNC = 1 };

struct dgmi_archive {
    char *folder;
    dgmi_log log;
    dgmi_lock lock;
    bool held;         /* the append lock is ours */
    unsigned patience; /* milliseconds to wait for it */
    int fd;
    uint32_t segment;
    uint64_t size; /* of the segment: whole lines only; true while the lock is held */
    uint64_t segment_max;
    bool unsynced;        /* lines may have come since the last fsync */
    bool folder_unsynced; /* a segment may have come since the last fsync of the folder */
    bool broken;          /* what the disk holds is not known any more */
    dgmi_buf line;        /* record and line end leave in one write */
};

/* Moves what stands between the last whole line and the end of the segment out of it. */
dgm_status dgmi_archive_set_aside(dgmi_archive *a, uint64_t whole, uint64_t size,
                                  dgm_error *err);

/* Makes durable what this segment holds, and its name, whoever wrote it: without the lock
 * that spares others the same. */
dgm_status dgmi_archive_flush(dgmi_archive *a, dgm_error *err);

/* What a broken handle answers. */
dgm_status dgmi_archive_fail_broken(dgm_error *err);

#endif
