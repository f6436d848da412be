/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The append-only log of accepted items: NDJSON segments DATA/archive/000001.ndjson and
 * so on. Depends on lib/base alone: a record is a line of bytes to it. */
#ifndef DGMI_ARCHIVE_H
#define DGMI_ARCHIVE_H

#include "buf.h"
#include "dragoman.h"
#include "log.h"

#define DGMI_RECORD_MAX (64u << 20)   /* bytes of one record at most */
#define DGMI_SEGMENT_MAX (256u << 20) /* at this size the next one begins */

/* A place in the log: the next byte to read. Ordered by segment, then offset. {0,0}: the
 * start. */
typedef struct dgmi_position {
    uint32_t segment;
    uint64_t offset;
} dgmi_position;

int dgmi_position_compare(dgmi_position a, dgmi_position b);

/* ---- Writing: any number of handles, threads and processes, one at a time. */

typedef struct dgmi_archive dgmi_archive;

#define DGMI_ARCHIVE_PATIENCE 10000 /* milliseconds to wait for another's append */

/* Opens, making folders if need be. Errors: as dgmi_archive_lock, CORRUPT. */
dgm_status dgmi_archive_open(const char *data_dir, const dgmi_log *log,
                             dgmi_archive **out, dgm_error *err);
void dgmi_archive_close(dgmi_archive *a);

/* Takes the lock DATA/archive/lock and learns where the log ends by now. A last line
 * without its line end, as a crash leaves it, is moved to
 * DATA/archive/<segment>.torn-<offset> with a warning and the segment cut to its last
 * whole line. It is held for moments only: decide, append, unlock. Errors: LOCKED, naming
 * the process that has held it all the time; IO; CORRUPT if the log was taken away. */
dgm_status dgmi_archive_lock(dgmi_archive *a, dgm_error *err);
void dgmi_archive_unlock(dgmi_archive *a);

/* Appends one record (not empty, no line feed inside, else ARG) and its line end; *at
 * receives where it begins. If writing fails half way the segment is cut back, so that
 * nothing half-done stays. Takes the lock for itself if it is not held. */
dgm_status dgmi_archive_append(dgmi_archive *a, const char *line, size_t n,
                               dgmi_position *at, dgm_error *err);

/* Makes durable all records up to dgmi_archive_end, also those of others (fsync of file,
 * and of the folder after a new segment); one fsync serves all who wait for one. Not to
 * be called with the lock held: appending goes on meanwhile. After a failed fsync the
 * handle refuses further appends: what the disk holds is then not known. */
dgm_status dgmi_archive_sync(dgmi_archive *a, dgm_error *err);

/* Where the log ended when the lock was held last. */
dgmi_position dgmi_archive_end(const dgmi_archive *a);

/* Makes segments end at another size than DGMI_SEGMENT_MAX: for tests. */
void dgmi_archive_set_segment_max(dgmi_archive *a, uint64_t bytes);
/* Another wait than DGMI_ARCHIVE_PATIENCE: for tests. */
void dgmi_archive_set_patience(dgmi_archive *a, unsigned ms);

/* ---- Reading: any number of processes, beside the writer. */

typedef struct dgmi_archive_reader dgmi_archive_reader;

/* Reads from `from` on. A data directory without a log reads as empty. A position inside
 * a line or past the end is CORRUPT. */
dgm_status dgmi_archive_reader_open(const char *data_dir, dgmi_position from,
                                    dgmi_archive_reader **out, dgm_error *err);
void dgmi_archive_reader_close(dgmi_archive_reader *r);

/* Goes on from another place, at which a record begins. What was read already is not read
 * again, so places that lie close to each other cost little. Errors: as above. */
dgm_status dgmi_archive_reader_move(dgmi_archive_reader *r, dgmi_position to,
                                    dgm_error *err);

/* The next whole record: *line is borrowed until the next call. *at is where it begins,
 * *after where the next one does. NOTFOUND at the end of the whole lines (err is left
 * alone then); a later call finds what was appended since. */
dgm_status dgmi_archive_next(dgmi_archive_reader *r, const char **line, size_t *n,
                             dgmi_position *at, dgmi_position *after, dgm_error *err);

/* Seeks to the first record that begins at or after a share (0..1) of the log's bytes:
 * for samples. */
dgm_status dgmi_archive_seek_share(dgmi_archive_reader *r, double share, dgm_error *err);

/* Bytes of all segments, and of those at or after a position. */
uint64_t dgmi_archive_size(const char *data_dir, dgmi_position from);

#endif
