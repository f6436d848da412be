/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may write: signatures of pushed bodies. Depends on server.h and lib/base. */
#ifndef DGMS_KEYS_H
#define DGMS_KEYS_H

#include "server.h"

typedef struct dgms_keys dgms_keys;

/* Owner: the caller frees *out. Errors: NOMEM. Threads: any, all functions. */
dgm_status dgms_keys_new(const dgms_settings *settings, dgms_keys **out, dgm_error *err);
void dgms_keys_free(dgms_keys *keys);

/* Looks at the head of a call by its route's door. False with the reply made: writing is
 * off (403), or there is no signature. */
bool dgms_keys_admit(dgms_keys *keys, dgms_call *call);

/* Is the body signed by the push token? False with the reply made. */
bool dgms_keys_signed(dgms_keys *keys, dgms_call *call);

#endif
