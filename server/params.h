/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the parameters of a call to a request of the library. Depends on routes.h. */
#ifndef DGMS_PARAMS_H
#define DGMS_PARAMS_H

#include "routes.h"

/* Row of a search parameter, or NULL. */
const dgm_param *dgms_param_find(const char *name);

/* Does this search parameter say which items, not how to show them? */
bool dgms_param_chooses(const char *name);

/* Sets one parameter of the target, the i-th. False with the reply made: it is not known,
 * given twice, or its value is refused. */
bool dgms_param_set(dgms_call *call, size_t i, dgm_request *request);

/* Makes the reply a 400: parameter "name" WHY. Returns false. */
bool dgms_param_refuse(dgms_call *call, const char *name, const char *why);

/* The ETag of a reply to this text: it depends on the index's revision and on the tables
 * beside it. */
void dgms_tag_search(dgms_place *place, dgms_call *call, const char *revision,
                     const char *text);

/* True with the reply made if the client has the answer to this text already, in this
 * revision: then there is nothing to search. A failure may close the place's desk. */
bool dgms_is_known(dgms_place *place, dgms_call *call, const char *text);

/* The parameter that a failure of a search points at: the query text, or what the message
 * begins with; else NULL. */
const char *dgms_param_at_fault(const dgm_error *err);

#endif
