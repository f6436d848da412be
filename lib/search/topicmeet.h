/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an item has what a topic needs: asked of its terms, where nearly all topics are
 * decided, so that few have to be searched for. Depends on topickeys.h. */
#ifndef DGMI_TOPICMEET_H
#define DGMI_TOPICMEET_H

#include "topickeys.h"

typedef enum dgmi_verdict {
    DGMI_MISSED, /* it does not match */
    DGMI_MET,    /* it matches */
    DGMI_UNSURE  /* a search has to tell */
} dgmi_verdict;

/* The item at hand. */
typedef struct dgmi_meeting {
    bool (*has)(const void *user, uint32_t id); /* a term or beginning */
    const void *user;
    const dgmx_term *terms; /* all, sorted by their bytes, with their places */
    size_t n;
    dgmi_forms *forms; /* those that the needs were made with */
    bool forms_read;   /* set when they are first asked for */
    dgm_status status; /* the first failure: what comes behind it is no verdict */
    dgm_error *err;
} dgmi_meeting;

dgmi_verdict dgmi_need_judge(const dgmi_need *need, dgmi_meeting *m);

#endif
