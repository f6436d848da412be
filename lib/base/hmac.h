/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keyed digests (nettle), and comparing secrets so that the time taken tells nothing. */
#ifndef DGMI_HMAC_H
#define DGMI_HMAC_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

typedef struct dgmi_hmac dgmi_hmac;
typedef enum dgmi_hmac_kind { DGMI_HMAC_SHA1, DGMI_HMAC_SHA256 } dgmi_hmac_kind;

#define DGMI_HMAC_HEX 65 /* the longest digest in hex, with its NUL */

/* A digest under way. NULL without memory. Threads: one at a time. */
dgmi_hmac *dgmi_hmac_new(dgmi_hmac_kind kind, dgmi_str key);
void dgmi_hmac_add(dgmi_hmac *h, const void *bytes, size_t n);
/* The digest of what was added, in lower-case hex; the next one begins with the same key.
 */
void dgmi_hmac_hex(dgmi_hmac *h, char out[DGMI_HMAC_HEX]);
void dgmi_hmac_free(dgmi_hmac *h); /* wipes the key */

/* Are both the same? Takes a time that depends on the length of b alone. */
bool dgmi_secret_equal(dgmi_str a, dgmi_str b);

#endif
