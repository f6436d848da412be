/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which items of an archive are superseded, found from all of its rewrites at once: what
 * lineage.h finds in an index. Depends on lib/base. */
#ifndef DGMI_REWRITES_H
#define DGMI_REWRITES_H

#include <stdbool.h>
#include <stddef.h>

/* 24 bytes a rewrite; ids are known by their hashes. */
typedef struct dgmi_rewrites dgmi_rewrites;
dgmi_rewrites *dgmi_rewrites_new(void);
void dgmi_rewrites_free(dgmi_rewrites *r);

/* The item `id`, which can be found, evolved from the item `from`. Each id once. False
 * without memory. */
bool dgmi_rewrites_add(dgmi_rewrites *r, const char *id, const char *from);

/* All were added. */
bool dgmi_rewrites_settle(dgmi_rewrites *r);

/* After that, from any number of threads. */
bool dgmi_rewrites_supersede(const dgmi_rewrites *r, const char *id);

#endif
