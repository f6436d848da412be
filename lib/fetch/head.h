/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of a reply: what fetching needs of it. Depends on lib/base. */
#ifndef DGMI_HEAD_H
#define DGMI_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

#define DGMI_ADDRESS_MAX 2048 /* bytes of a URL, its end included */

typedef struct dgmi_head {
    char etag[1024], modified[128]; /* as they came: they are echoed byte for byte */
    char type[128];                 /* Content-Type without its parameters, lower case */
    char charset[64];
    char hub[DGMI_ADDRESS_MAX], self[DGMI_ADDRESS_MAX]; /* Link: rel=hub, rel=self */
    char api[DGMI_ADDRESS_MAX];   /* Link: rel="https://api.w.org/": WordPress' root */
    int64_t retry_after, max_age; /* seconds from now; 0: not said */
    int64_t expires;              /* the same, made of Expires and Date */
    int64_t date;                 /* by the server's clock, or DGM_NO_TIME */
    unsigned long pages, total;   /* X-WP-TotalPages, X-WP-Total */
    bool counted;                 /* those were given */
    bool challenge;               /* a guard in front of the site wants a browser */
    bool no_max_age;              /* Cache-Control: no-cache, no-store or max-age=0 */
} dgmi_head;

void dgmi_head_clear(dgmi_head *head);
/* Takes one header line ("Name: value", with or without its line end). `now` is our
 * clock: what is said as a date becomes seconds from now. A value that is too long for
 * its place, or damaged, counts as not given. */
void dgmi_head_take(dgmi_head *head, dgmi_str line, int64_t now);

#endif
