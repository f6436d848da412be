/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSub, our side: what we subscribed to, the hub's questions, and what it delivers. The
 * fetcher writes DATA/feeds/websub/TOKEN, whoever answers the hub writes TOKEN.lease, so
 * that the two never write one file. Depends on lib/base, nettle. */
#ifndef DGMI_WEBSUB_H
#define DGMI_WEBSUB_H

#include <stdbool.h>
#include <stdint.h>

#include "dragoman.h"

#define DGMI_TOKEN_SIZE 33 /* 32 hex digits */

typedef enum dgmi_sub_text {
    DGMI_SUB_URL, /* of the feed, as listed */
    DGMI_SUB_HUB,
    DGMI_SUB_TOPIC,
    DGMI_SUB_SECRET,
    DGMI_SUB_NAME, /* this and the rest: as in dgm_origin */
    DGMI_SUB_FORMAT,
    DGMI_SUB_SOURCE,
    DGMI_SUB_REGION,
    DGMI_SUB_COUNTRY,
    DGMI_SUB_LANGUAGE,
    DGMI_SUB_TEXTS
} dgmi_sub_text;

typedef struct dgmi_subscription {
    char token[DGMI_TOKEN_SIZE];
    char *text[DGMI_SUB_TEXTS]; /* NULL: not known */
    int64_t until;              /* when the lease ends; 0: the hub has not asked yet */
    int64_t leased;             /* when it was given */
    int64_t denied;             /* when the hub said no, or 0 */
} dgmi_subscription;

void dgmi_subscription_clear(dgmi_subscription *subscription);

/* Fills token and secret with fresh random digits. IO if the system has none. */
dgm_status dgmi_websub_secrets(dgmi_subscription *subscription, dgm_error *err);
dgm_status dgmi_websub_write(const char *data_dir, const dgmi_subscription *subscription,
                             dgm_error *err);
/* NOTFOUND if there is none of that token, whatever bytes the token is. */
dgm_status dgmi_websub_read(const char *data_dir, const char *token,
                            dgmi_subscription *out, dgm_error *err);
dgm_status dgmi_websub_remove(const char *data_dir, const char *token, dgm_error *err);

/* The hub asks whether we want this (hub.mode, hub.topic, hub.lease_seconds; NULL: not
 * given). OK: yes, answer 200 with its hub.challenge as the body; the lease is noted.
 * NOTFOUND: no, answer 404. */
dgm_status dgmi_websub_verify(const char *data_dir, const char *token, const char *mode,
                              const char *topic, const char *lease, int64_t now,
                              dgm_error *err);

/* Whether the X-Hub-Signature header ("sha256=<hex>"; sha1, sha384, sha512 too) is that
 * of these bytes, raw as they came. Takes the same time wherever it differs. A delivery
 * that it does not fit is answered 2xx and thrown away. */
bool dgmi_websub_signed(const dgmi_subscription *subscription, const char *signature,
                        const void *body, size_t n);

/* Where items of a delivery come from; borrowed from the subscription. */
dgm_origin dgmi_websub_origin(const dgmi_subscription *subscription);

#endif
