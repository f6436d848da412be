/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: what a server sends beside items: header lines ("H" first), lists in OPML
 * and what feeds say of themselves (anything else). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "head.h"
#include "read.h"
#include "schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void read_head(dgmi_str text)
{
    dgmi_head head;
    dgmi_str line;
    dgmi_head_clear(&head);
    while (dgmi_str_split(&text, '\n', &line))
        dgmi_head_take(&head, line, 1623838800);
    dgmi_wishes w = { .interval = 900,
                      .max_age = head.max_age,
                      .expires = head.expires,
                      .retry_after = head.retry_after,
                      .longest = 86400 };
    int64_t wait = dgmi_wait_next(&w);
    demand(wait >= 900 && wait <= 86400);
    demand(strlen(head.hub) < sizeof head.hub && strlen(head.etag) < sizeof head.etag);
}

static dgm_status visit(void *user, const dgmi_pair *attributes, size_t n, dgm_error *err)
{
    bool named = false;
    (void)user, (void)err;
    for (size_t i = 0; i < n; i++)
        named = named || strlen(attributes[i].value) > 0;
    demand(named);
    return DGM_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dgmi_feed_facts facts;
    dgmi_str text = { size > 0 ? (const char *)data : "", size };
    if (size > 0 && data[0] == 'H') {
        read_head(dgmi_str_skip(text, 1));
        return 0;
    }
    dgmi_opml_read(text.p, text.n, visit, NULL, NULL);
    dgmi_feed_look(text.p, text.n, &facts);
    demand(strlen(facts.hub) < sizeof facts.hub && facts.ttl <= 525600);
    return 0;
}
