/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids and versions that stand in the archive and are not indexed yet, in some 50 bytes
 * each. Depends on lib/base. */
#ifndef DGMI_PENDING_H
#define DGMI_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dgmi_pending dgmi_pending;

dgmi_pending *dgmi_pending_new(void);
void dgmi_pending_free(dgmi_pending *p);
void dgmi_pending_reset(dgmi_pending *p); /* forgets all and gives the memory back */
/* Forgets what was noted before the last call; what came since is kept to the next. */
void dgmi_pending_age(dgmi_pending *p);
size_t dgmi_pending_bytes(const dgmi_pending *p);

/* The digest of a record that nobody has looked into yet. */
#define DGMI_UNREAD 0

/* The winner of an id by the id's hash: its place in the archive and its digest. False if
 * there is none. */
bool dgmi_pending_winner(const dgmi_pending *p, uint64_t hash, uint64_t *at,
                         uint64_t *digest);
/* False without memory. The digest of another winner before counts as seen. */
bool dgmi_pending_set_winner(dgmi_pending *p, uint64_t hash, uint64_t at,
                             uint64_t digest);

/* Versions that did not win. Digests cover the id, so these are not looked up by it. */
bool dgmi_pending_seen(const dgmi_pending *p, uint64_t digest);
bool dgmi_pending_add_seen(dgmi_pending *p, uint64_t digest); /* false without memory */

#endif
