/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the server share: the server itself, a request in hand, and the place
 * it is worked on. Depends on dragoman.h and lib/base. */
#ifndef DGMS_SERVER_H
#define DGMS_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "accesslog.h"
#include "dragoman.h"
#include "errands.h"
#include "gzip.h"
#include "metrics.h"
#include "reply.h"
#include "settings.h"
#include "spool.h"
#include "target.h"

struct dgms_workers;
struct dgms_conns;
struct dgms_pages;
struct dgms_route;
struct dgms_keys;
struct dgms_writer;
struct dgms_acceptor;
struct dgms_waiting;
struct dgms_kept;
struct dgms_watches;

#define DGMS_NAME_SIZE 65 /* of a key */

/* Of a thread that uses the library. Xapian recurses by query depth: 1 MB is enough for
 * the depth that the query parser allows. */
#define DGMS_STACK (2u << 20)

/* Made by main before any thread starts, and not changed after that; what the pointers
 * lead to has its own locks. */
typedef struct dgms_server {
    const dgms_settings *settings;
    dgms_metrics *metrics;
    dgms_accesslog *log; /* NULL: off */
    struct dgms_workers *workers;
    struct dgms_conns *conns;
    struct dgms_pages *pages;       /* the search page, ready to be sent */
    const char *openapi;            /* the document, as text */
    dgms_spools *spools;            /* for bodies */
    struct dgms_keys *keys;         /* of those who may write */
    struct dgms_acceptor *acceptor; /* who takes items into the archive */
    struct dgms_waiting *waiting;   /* those whose items are to be found first */
    struct dgms_writer *writer;     /* NULL: off */
    struct dgms_kept *kept;         /* replies of searches */
    struct dgms_watches *watches;   /* numbers of watchlists */
} dgms_server;

/* What a thread that answers requests owns: a reader and a packer. */
typedef struct dgms_place {
    const dgms_server *server;
    dgm *desk; /* NULL: to be opened */
    dgms_gzip *gzip;
    size_t postings;       /* bytes of them that the metrics count */
    dgms_errands *errands; /* of threads that are idle; NULL: this one has none */
    dgms_diary diary;      /* what it has done of them */
    bool wakes;            /* it has one for the others, too */
} dgms_place;

/* Opens the packer, and the reader if it can be. False without memory. */
bool dgms_place_init(dgms_place *place, const dgms_server *server, dgm_error *err);
void dgms_place_clear(dgms_place *place);
/* The reader, opened if need be; NULL with err set. Owner: the place. Errors: as
 * dgm_open. */
dgm *dgms_place_desk(dgms_place *place, dgm_error *err);
/* To be told how each use of the reader ended: what it keeps in memory is counted, an
 * earlier moment that it is behind with becomes an errand, and after a failure of the
 * index it is given up, so that the next request begins with a new one. */
void dgms_place_judge(dgms_place *place, dgm_status status);

/* One request, as handlers see it. Text is borrowed from the connection. */
typedef struct dgms_call dgms_call;
struct dgms_call {
    const char *method;
    char *raw; /* target as it came, cut at the limit; owned */
    dgms_target target;
    const struct dgms_route *route; /* NULL: no such path */
    const char *value;              /* what the {part} of the route's path is */
    const char *if_none_match;      /* or NULL */
    const char *accept_encoding;    /* or NULL */
    char id[17];
    char by[DGMS_NAME_SIZE]; /* name of the key that it came with, "": none */
    uint64_t started_us;
    dgms_spool body; /* whole when the handler runs; as it was sent */
    dgms_reply reply;
    /* Of a header, or NULL; any case. Threads: whoever has the call in hand. */
    const char *(*look_up)(void *connection, const char *name);
    void *connection;
    /* Ends a call whose handler handed it to another thread: its reply is made. */
    void (*done)(dgms_call *call);
};

/* ---- call.c: what happens to a request between its head and its reply ---- */

/* Finds the route of call->raw. False, with the reply made, if the method, the target or
 * a parameter is refused or there is no such path. */
bool dgms_call_route(dgms_call *call);
const char *dgms_call_header(const dgms_call *call, const char *name);
/* Appends the address that the client called us by, "http://host:port", for documents
 * that need whole ones. False: it did not say. */
bool dgms_call_base(const dgms_call *call, dgmi_buf *out);
/* Runs the handler and packs its reply if that is wanted. False: another thread has the
 * call now, and it must not be touched. */
bool dgms_call_run(dgms_call *call, dgms_place *place);
/* Counts and logs an answered request. */
void dgms_call_record(const dgms_call *call, const dgms_server *server,
                      const char *remote);
void dgms_call_clear(dgms_call *call);

#endif
