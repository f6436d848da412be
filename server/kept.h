/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies that are kept to be sent again: those of searches, under keys that hold all
 * that decides about their bytes. One for all threads. Depends on reply.h, target.h and
 * metrics.h.
 *
 * Those used longest ago go first when the budget is reached. While one thread makes a
 * reply, others that want the same wait for it instead of making it, too. */
#ifndef DGMS_KEPT_H
#define DGMS_KEPT_H

#include "buf.h"
#include "metrics.h"
#include "reply.h"
#include "target.h"

#define DGMS_KEPT_SHARE 8 /* a reply longer than this part of the budget is not kept */

typedef struct dgms_kept dgms_kept;
typedef struct dgms_claim dgms_claim; /* the duty to make a reply */

/* budget: bytes of all, keys and bookkeeping included; 0: nothing is kept. NULL without
 * memory. */
dgms_kept *dgms_kept_new(size_t budget, dgms_metrics *metrics);
/* Threads: the last one; nothing is claimed any more. */
void dgms_kept_free(dgms_kept *kept);

/* Appends the key of a search to out: the state of the archive, the form that the client
 * takes, and the parameters of the target as they came, in the order of their names;
 * none is left out, whatever it means. part: what the path stands for, or NULL. */
void dgms_kept_key(dgmi_buf *out, const char *state, bool packed,
                   const dgms_target *target, const char *part);

/* True with *reply made, if it is kept; a thread that makes it is waited for. Else
 * *claim is NULL, or names what is to be given to dgms_kept_settle, whatever happens.
 * Threads: any. */
bool dgms_kept_find(dgms_kept *kept, dgmi_str key, dgms_reply *reply, dgms_claim **claim);
/* Keeps a copy of the reply, or (NULL) nothing, and lets those go who wait for it.
 * claim: or NULL. Threads: any. */
void dgms_kept_settle(dgms_kept *kept, dgms_claim *claim, const dgms_reply *reply);

/* What is kept now. Threads: any. */
size_t dgms_kept_bytes(dgms_kept *kept);

#endif
