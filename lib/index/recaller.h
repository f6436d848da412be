/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes documents of former versions, for all moments of a reader. Depends on
 * lib/xapian, analyse.h, log.h and former.h. */
#ifndef DGMI_RECALLER_H
#define DGMI_RECALLER_H

#include "log.h"
#include "former.h"

typedef struct dgmi_recaller dgmi_recaller;

/* Sweeps scratch folders, once for all moments. Errors: IO, NOMEM; ARG of a file beside
 * the index. */
dgm_status dgmi_recaller_new(const char *data_dir, const dgmi_log *log,
                             dgmi_recaller **out, dgm_error *err);
void dgmi_recaller_free(dgmi_recaller *r);

/* Reads what changed in files beside the index: before documents are made. */
dgm_status dgmi_recaller_refresh(dgmi_recaller *r, dgm_error *err);

dgmi_codec *dgmi_recaller_codec(dgmi_recaller *r);

/* The document of a standing version, and what came of it into *c: NULL if there is none
 * to be put. Errors: NOMEM and those of the files. */
dgm_status dgmi_recaller_make(dgmi_recaller *r, const dgmi_index *index, dgmi_changed *c,
                              const dgmi_former *s, dgmx_doc **out, dgm_error *err);

#endif
