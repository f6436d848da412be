/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Room on the disk. Depends on lib/base. */
#include "room.h"

#include <sys/statvfs.h>

#include "fail.h"

/* An estimate: the index of 36,000 items took 2.2 times what the archive has, and its
 * parts lie beside it until the end. It is low on purpose: a wrong refusal would be worse
 * than a late one, and what the parts really take is looked at again while they are made.
 */
enum { FOLD = 3 };
#define MB ((uint64_t)1 << 20)
#define RESERVE (16 * MB) /* for the archive to grow on, and the commit that ends it */

uint64_t dgmi_room_estimate(uint64_t archive_bytes)
{
    return archive_bytes * FOLD;
}

dgm_status dgmi_room_check(const char *folder, uint64_t need, dgm_error *err)
{
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0)
        return DGM_OK;
    uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (free_bytes >= need + RESERVE)
        return DGM_OK;
    return dgmi_fail(
        err, DGM_E_IO,
        "%.150s: building the index takes some %llu MB more, %llu MB are free", folder,
        (unsigned long long)((need + RESERVE) / MB),
        (unsigned long long)(free_bytes / MB));
}
