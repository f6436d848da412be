/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of paths, and what is made from it. Depends on server.h. */
#ifndef DGMS_ROUTES_H
#define DGMS_ROUTES_H

#include <stddef.h>

#include "server.h"

/* HEAD goes where GET goes; OPTIONS is answered from the table. */
typedef enum dgms_method { DGMS_GET, DGMS_POST, DGMS_DELETE } dgms_method;

/* Which parameters a path takes. */
typedef enum dgms_takes {
    DGMS_NONE,
    DGMS_SEARCH,  /* those of dgm_param_at */
    DGMS_EXPORT,  /* those of them that dgmi_export_takes, and dgmi_export_param_at */
    DGMS_WAIT,    /* wait=searchable */
    DGMS_ERASE,   /* those of DGMS_SEARCH that say which items, and confirm */
    DGMS_DIFF,    /* dgms_diff_param alone */
    DGMS_TYPED,   /* those of dgms_typed_param */
    DGMS_TRENDS,  /* those that dgm_param_chooses, dgm_trends_param_at, and format */
    DGMS_COMPARE, /* those that dgm_param_chooses, with a., with b., and without; and
                     dgm_compare_param_at */
    DGMS_WATCH,   /* those of dgms_watch_param */
    DGMS_ANY      /* whatever comes: they are for the page's script */
} dgms_takes;

/* Who may come in. */
typedef enum dgms_door {
    DGMS_OPEN,
    DGMS_KEY,   /* the holder of a write key */
    DGMS_PUSH,  /* anybody, if a push token is set */
    DGMS_SIGNED /* the holder of the push token, by a signature over the body */
} dgms_door;

/* What body a request has. */
typedef enum dgms_payload {
    DGMS_NO_PAYLOAD,
    DGMS_DOCUMENT, /* of --item-bytes at most */
    DGMS_ITEMS,    /* the same, or of --bulk-bytes if it is NDJSON */
    DGMS_MEDIA     /* of --bulk-bytes at most */
} dgms_payload;

/* Members left out of a row are 0: GET, answered at once, open, without body or
 * parameters. */
typedef struct dgms_route {
    /* "/v1/items/{id}": at most one part is a variable, which may have an ending, as in
     * "{name}.atom"; the handler then gets it with that. */
    const char *path;
    dgms_method method;
    const char *id; /* its name in OpenAPI */
    bool searches;  /* runs on a worker, for it reads the index or a body; others are
                       answered at once, on the thread of the sockets */
    dgms_takes takes;
    dgms_door door;
    int unsigned_status; /* of DGMS_SIGNED: what a wrong signature is answered with */
    dgms_payload payload;
    const char *body_types; /* of the body, parted by spaces; NULL: any */
    const char *body_help;  /* what it is, for OpenAPI; NULL: there is none */
    int good;               /* status of a good answer; 0: 200 */
    const char *type;       /* of its content; NULL: none */
    const char *schema;     /* of it in OpenAPI, or NULL */
    const char *more_good;  /* other statuses with the same content, or NULL */
    int list;               /* status of an answer that is a list of results; 0: none */
    const char *codes;      /* other statuses, parted by spaces */
    void (*run)(dgms_place *place, dgms_call *call);
    /* Instead of `run` where the answer may be made elsewhere: false means that the call
     * was handed to another thread, which ends it by call->done. */
    bool (*start)(dgms_place *place, dgms_call *call);
    const char *summary;
    const char *value_help; /* of the variable, or NULL */
} dgms_route;

/* NULL past the end. Owner: static. Threads: any. */
const dgms_route *dgms_route_at(size_t i);
const char *dgms_method_name(dgms_method method); /* "GET" */

/* Of DGMS_DIFF. */
extern const dgm_param dgms_diff_param;
/* Of DGMS_TRENDS, after those that dgm_param_chooses; NULL past the end. */
const dgm_param *dgms_trends_param(size_t i);
/* Of DGMS_WATCH; NULL past the end. */
const dgm_param *dgms_watch_param(size_t i);
/* Of DGMS_TYPED; NULL past the end. */
const dgm_param *dgms_typed_param(size_t i);

/* What a path and a method lead to. */
typedef struct dgms_match {
    const dgms_route *route; /* NULL: none takes this method */
    const char *value;       /* the variable part, borrowed from the target, or NULL */
    bool known;              /* there is something under this path */
    char allow[DGMS_ALLOW_SIZE]; /* the methods that it takes, as in Allow */
} dgms_match;

/* Finds the first route of this path and method. Only a path that no other row knows can
 * be a file of the page. Threads: any. */
void dgms_route_find(const dgms_target *target, const char *method, dgms_match *out);

/* False, with the reply made, if a parameter is there that the route does not take. Those
 * of DGMS_SEARCH are checked by the search itself. */
bool dgms_route_check(const dgms_route *route, dgms_call *call);

/* ---- Handlers: each fills call->reply ---- */
void dgms_run_search(dgms_place *place, dgms_call *call);  /* api_search.c */
void dgms_run_suggest(dgms_place *place, dgms_call *call); /* api_suggest.c */
void dgms_run_completions(dgms_place *place, dgms_call *call);
void dgms_run_trends(dgms_place *place, dgms_call *call);  /* api_trends.c */
void dgms_run_sources(dgms_place *place, dgms_call *call); /* api_sources.c */
void dgms_run_compare(dgms_place *place, dgms_call *call); /* api_compare.c */
void dgms_run_opensearch(dgms_place *place, dgms_call *call);
void dgms_run_export(dgms_place *place, dgms_call *call); /* api_export.c */
void dgms_run_item(dgms_place *place, dgms_call *call);   /* api_items.c */
void dgms_run_versions(dgms_place *place, dgms_call *call);
void dgms_run_story(dgms_place *place, dgms_call *call);   /* api_stories.c */
void dgms_run_watches(dgms_place *place, dgms_call *call); /* api_watch.c */
void dgms_run_watch(dgms_place *place, dgms_call *call);
void dgms_run_health(dgms_place *place, dgms_call *call); /* api_ops.c */
void dgms_run_ready(dgms_place *place, dgms_call *call);
void dgms_run_metrics(dgms_place *place, dgms_call *call);
void dgms_run_openapi(dgms_place *place, dgms_call *call);
void dgms_run_websub(dgms_place *place, dgms_call *call); /* api_websub.c */
bool dgms_start_websub(dgms_place *place, dgms_call *call);
void dgms_run_page(dgms_place *place, dgms_call *call);        /* pages.c */
void dgms_run_media_known(dgms_place *place, dgms_call *call); /* api_push.c */
void dgms_run_media(dgms_place *place, dgms_call *call);
bool dgms_start_push(dgms_place *place, dgms_call *call);
bool dgms_start_items(dgms_place *place, dgms_call *call); /* api_write.c */
bool dgms_start_delete(dgms_place *place, dgms_call *call);
bool dgms_start_erase(dgms_place *place, dgms_call *call); /* api_erase.c */

/* Schemas of counts over time, with a comma before each (openapi_trends.c). */
extern const char dgms_openapi_trends[];

/* Schemas of watchlists, alike (openapi_watch.c). */
extern const char dgms_openapi_watch[];

/* The OpenAPI document (openapi.c). Owner: the caller frees it. NULL without memory. */
char *dgms_openapi_text(void);

#endif
