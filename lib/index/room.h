/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the disk has room for a build: asked before, and again while it grows, so that
 * it ends with a clear error and not with a full disk. Depends on lib/base. */
#ifndef DGMI_ROOM_H
#define DGMI_ROOM_H

#include "dragoman.h"

/* What a build of so many bytes of archive takes of disk at its peak: parts and the
 * merged database, as estimated. */
uint64_t dgmi_room_estimate(uint64_t archive_bytes);

/* IO, naming both sizes, if fewer than `need` bytes and a reserve are free where `folder`
 * lies. Where the system cannot tell, there is room. */
dgm_status dgmi_room_check(const char *folder, uint64_t need, dgm_error *err);

#endif
