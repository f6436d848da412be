/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may write: keys, and signatures of pushed bodies. Depends on server.h and lib/base.
 */
#ifndef DGMS_KEYS_H
#define DGMS_KEYS_H

#include "server.h"

#define DGMS_KEY_LEAST 16

typedef struct dgms_keys dgms_keys;

/* Reads the keys of the settings and of their file. Owner: the caller frees *out.
 * Errors: ARG (a line that is no key, or a file that is not private), IO, NOTFOUND,
 * NOMEM. Threads: any, all functions. */
dgm_status dgms_keys_new(const dgms_settings *settings, dgms_keys **out, dgm_error *err);
void dgms_keys_free(dgms_keys *keys);

/* Reads them anew; after a failure those known so far stay. */
dgm_status dgms_keys_reload(dgms_keys *keys, dgm_error *err);

/* Looks at the head of a call by its route's door. False with the reply made: writing is
 * off (403), there is no key (401), or no signature. */
bool dgms_keys_admit(dgms_keys *keys, dgms_call *call);

/* A digest (SHA-256) with a key that this process made up. NULL without memory. */
struct dgmi_hmac;
struct dgmi_hmac *dgms_keys_hmac(dgms_keys *keys);

/* Is the body signed by the push token? False with the reply made. */
bool dgms_keys_signed(dgms_keys *keys, dgms_call *call);

#endif
