/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What writer and reader of the log share: segment names, line ends. Uses lib/base. */
#ifndef DGMI_SEGMENT_H
#define DGMI_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "dragoman.h"

#define DGMI_SEGMENT_NAME 24

/* "000001.ndjson" into out, which has DGMI_SEGMENT_NAME bytes. Returns out. */
char *dgmi_segment_name(uint32_t segment, char *out);

/* Opens a segment of the folder with the flags of open(2); -1 with errno set. */
int dgmi_segment_open(const char *folder, uint32_t segment, int flags);

/* The greatest segment number in the folder, 0 if there is none or no folder.
 * Errors: CORRUPT, naming the first missing one, if the numbers from 1 on have a gap; IO,
 * NOMEM. */
dgm_status dgmi_segment_last(const char *folder, uint32_t *last, dgm_error *err);

/* Size of a segment in bytes, 0 if it is not there. */
uint64_t dgmi_segment_size(const char *folder, uint32_t segment);

/* Where the last whole line before `size` ends: the byte behind its line feed, 0 if there
 * is none. Errors: IO. `name` is for messages. */
dgm_status dgmi_segment_whole(int fd, uint64_t size, const char *name, uint64_t *end,
                              dgm_error *err);

/* "folder/000001.ndjson: <text of errno>". NOMEM for ENOMEM, else IO: a file of the log
 * that has vanished is no unknown item, so never NOTFOUND. */
dgm_status dgmi_segment_fail(const char *folder, uint32_t segment, dgm_error *err);

/* pread(2) through EINTR, until n bytes are read or the file ends: -1 or how many. */
ptrdiff_t dgmi_pread_all(int fd, void *bytes, size_t n, uint64_t offset);

#endif
