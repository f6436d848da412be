/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search page's files, packed once at the start. Depends on assets.h and gzip.h. */
#ifndef DGMS_PAGES_H
#define DGMS_PAGES_H

#include "dragoman.h"

typedef struct dgms_pages dgms_pages;

/* Owner: the caller frees *out. Errors: NOMEM. */
dgm_status dgms_pages_new(dgms_pages **out, dgm_error *err);
void dgms_pages_free(dgms_pages *pages);

#endif
