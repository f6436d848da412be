/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of paths, and what is made from it. Depends on server.h. */
#ifndef DGMS_ROUTES_H
#define DGMS_ROUTES_H

#include <stddef.h>

#include "server.h"

/* Which parameters a path takes. */
typedef enum dgms_takes {
    DGMS_NONE,
    DGMS_SEARCH, /* those of dgm_param_at */
    DGMS_ANY     /* whatever comes: they are for the page's script */
} dgms_takes;

typedef struct dgms_route {
    const char *path; /* "/v1/items/{id}": at most one part is a variable */
    const char *id;   /* its name in OpenAPI */
    bool searches;    /* runs on a worker, for it reads the index; others are answered at
                         once */
    dgms_takes takes;
    const char *type;   /* of a good answer's content */
    const char *schema; /* of it in OpenAPI, or NULL */
    const char *codes;  /* other statuses, parted by spaces */
    void (*run)(dgms_place *place, dgms_call *call);
    const char *summary;
    const char *value_help; /* of the variable, or NULL */
} dgms_route;

/* All answer GET and HEAD. NULL past the end. Owner: static. Threads: any. */
#define DGMS_METHODS "GET, HEAD"
const dgms_route *dgms_route_at(size_t i);

/* The route of a path, the first that fits, or NULL. *value receives the variable part,
 * borrowed from target, or NULL. */
const dgms_route *dgms_route_find(const dgms_target *target, const char **value);

/* False, with the reply made, if a parameter is there that the route does not take. Those
 * of DGMS_SEARCH are checked by the search itself. */
bool dgms_route_check(const dgms_route *route, dgms_call *call);

/* ---- Handlers: each fills call->reply ---- */
void dgms_run_search(dgms_place *place, dgms_call *call); /* api_search.c */
void dgms_run_item(dgms_place *place, dgms_call *call);   /* api_items.c */
void dgms_run_health(dgms_place *place, dgms_call *call); /* api_ops.c */
void dgms_run_ready(dgms_place *place, dgms_call *call);
void dgms_run_metrics(dgms_place *place, dgms_call *call);
void dgms_run_openapi(dgms_place *place, dgms_call *call);
void dgms_run_page(dgms_place *place, dgms_call *call); /* pages.c */

/* The OpenAPI document (openapi.c). Owner: the caller frees it. NULL without memory. */
char *dgms_openapi_text(void);

#endif
