/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which version of an item stood at a moment, as the archive has it. Depends on
 * lib/archive, lib/item, changed.h. */
#ifndef DGMI_FORMER_H
#define DGMI_FORMER_H

#include "archive.h"
#include "changed.h"

typedef struct dgmi_former {
    dgm_item *item; /* NULL: not known; owned */
    uint64_t at;
    size_t bytes;  /* of its record */
    bool killed;   /* a kill that came since took it */
    bool too_long; /* some record is longer than all that is read back may be */
    uint32_t next; /* version to be looked at */
    bool ended;    /* there is none */
} dgmi_former;
void dgmi_former_clear(dgmi_former *s);

/* Goes on with a KNOWN item until all its versions were looked at, or the time has come,
 * yet by one at least; *reader is opened when it is NULL. The version is chosen as the
 * index would have chosen it among the records that were there before `place`. What
 * cannot be read is not known. Errors: NOMEM. */
dgm_status dgmi_former_go(dgmi_former *s, const dgmi_changed *c, uint64_t place,
                          const char *data_dir, dgmi_archive_reader **reader,
                          uint64_t until_us, dgm_error *err);

#endif
