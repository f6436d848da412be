/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchlists: saved queries that tell of new items (doc/watchlists.md).
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_WATCH_H
#define DRAGOMAN_WATCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* A watchlist is a file DATA/watch/NAME.watch of lines "name = value". What it told is
 * kept under DATA/watch/state. Items are matched by dgm_search itself, so an alert and a
 * search by the same parameters find the same. All functions: threads any, and any number
 * of processes; those that write take turns by DATA/watch/state/lock. */

#define DGM_WATCH_NAME_MAX 64 /* bytes: a-z, 0-9, '-' and '_' */

typedef struct dgm_watch {
    const char *name;
    const char *label;         /* its name if the file gives none */
    const char *query;         /* q, "" if there is none */
    const char *search;        /* all parameters, as dgm_request_text gives them */
    const char *webhook;       /* where alerts are posted to, or NULL */
    const char *secret;        /* where its key is, "env:NAME" or "file:PATH"; or NULL */
    const char *allow_private; /* addresses; "no" if the file gives none */
    uint64_t digest;           /* seconds between two deliveries at least */
    int64_t mute_until;        /* DGM_NO_TIME: not muted */
    unsigned timeout;          /* seconds that a delivery may take */
    const char *fault; /* why the file cannot be read, with its line; what stands above
                          but the name is NULL then */
    /* State */
    int64_t created;      /* when it was first looked for; DGM_NO_TIME: not yet */
    int64_t looked;       /* last, with this revision */
    const char *revision; /* or NULL */
    uint64_t alerts;      /* since it was created */
    uint64_t waiting;     /* of them, not delivered yet */
    const char *place;    /* of the last alert, for `since`; or NULL */
    int64_t delivered;    /* last; DGM_NO_TIME: never */
    uint64_t deliveries;
    unsigned failures;   /* since then, one after another */
    int64_t next_try;    /* not before that, after a failure */
    const char *trouble; /* what failed last, in looking or in delivering; or NULL */
    const char *parked;  /* why nothing is looked for or delivered any more; or NULL */
} dgm_watch;

typedef struct dgm_watches {
    const dgm_watch *list; /* by name */
    size_t n;
} dgm_watches;

/* All watchlists, or the one of this name (else NULL), with their state. A file that
 * cannot be read is no error: see `fault`, and of the state `parked`. Owner: the caller
 * frees *out. Errors: NOTFOUND if there is none of that name; IO of the folder, NOMEM. */
DGM_API dgm_status dgm_watches_read(const char *data_dir, const char *name,
                                    dgm_watches **out, dgm_error *err);
DGM_API void dgm_watches_free(dgm_watches *watches);

/* What a watchlist finds at this moment: the newest stories of its search, with the parts
 * that matched. limit: 1 to 100. Owner: the caller frees *out. Errors: NOTFOUND; ARG if
 * the file is damaged; else as dgm_search. */
DGM_API dgm_status dgm_watch_try(dgm *desk, const char *name, unsigned limit,
                                 dgm_page **out, dgm_error *err);

/* Whether a search parameter may stand in a watchlist. */
DGM_API bool dgm_watch_takes(const char *param);

/* Makes, or with `replace` changes, a watchlist out of the text of its file, and begins
 * to look: what is there already is listed in its feed, the newest 20 stories of it, and
 * not delivered. Changing one makes it work again if it was parked, and keeps its alerts.
 * Errors: ARG, naming the line; QUERY; LOCKED after 30 s; IO, NOMEM. */
DGM_API dgm_status dgm_watch_write(dgm *desk, const char *name, const char *text,
                                   bool replace, dgm_error *err);

/* Forgets the watchlist and all it told. Errors: NOTFOUND, LOCKED, IO. */
DGM_API dgm_status dgm_watch_remove(const char *data_dir, const char *name,
                                    dgm_error *err);

/* Sets the line `mute` of the file; DGM_NO_TIME takes it away. Errors: NOTFOUND, IO. */
DGM_API dgm_status dgm_watch_mute(const char *data_dir, const char *name, int64_t until,
                                  dgm_error *err);

/* Deliveries begin again with what waits. Errors: NOTFOUND, LOCKED, IO. */
DGM_API dgm_status dgm_watch_unpark(const char *data_dir, const char *name,
                                    dgm_error *err);

/* ---- Looking ---- */

typedef struct dgm_watch_counts {
    uint64_t watches; /* that were looked after */
    uint64_t alerts;  /* made */
    uint64_t faulty;  /* that cannot be looked after; dgm_watch says why */
} dgm_watch_counts;

/* Goes on in the log, for all watchlists, from where each stands to what the index holds,
 * and keeps the alerts. Killed at any time it goes on from there, and makes the same
 * alerts. What is wrong with one watchlist keeps no other back. Where one stands is
 * written with its alerts; if there were none, the reader remembers it, and it is written
 * half a minute later at the next call. counts may be NULL. Errors: LOCKED after
 * `wait_ms`; STALE, CORRUPT, IO, NOMEM. */
DGM_API dgm_status dgm_watch_look(dgm *desk, unsigned wait_ms, dgm_watch_counts *counts,
                                  dgm_error *err);

/* Writes what the reader remembers so. Called before a program ends, it spares the next
 * one a look at the same items. Errors: LOCKED after `wait_ms`; IO, NOMEM. */
DGM_API dgm_status dgm_watch_keep(dgm *desk, unsigned wait_ms, dgm_error *err);

/* ---- Alerts ---- */

typedef enum dgm_alert_kind {
    DGM_ALERT_NEW = 0,
    DGM_ALERT_CORRECTED = 1, /* a new version of, or in the place of, what was told */
    DGM_ALERT_WITHDRAWN = 2
} dgm_alert_kind;
DGM_API const char *dgm_alert_kind_text(dgm_alert_kind kind); /* "new"; static */

/* Texts are those of the item as it is now. */
typedef struct dgm_alert {
    const char *id; /* 16 hexadecimal digits: one event has one, however often told */
    dgm_alert_kind kind;
    const char *place;    /* behind it the next one begins: for `since` */
    int64_t found;        /* when */
    const char *replaces; /* id of the item that this one evolved from; or NULL */
    bool matches;         /* a corrected item may no longer do */
    dgm_hit hit;          /* of what was withdrawn its id alone; its score is 0 */
} dgm_alert;

typedef struct dgm_alerts {
    const char *watch, *label, *query, *search, *revision;
    int64_t created, updated; /* the latter: of the newest alert, else as created */
    const dgm_alert *list;
    size_t n;
    const char *next; /* `since` of the next call; NULL: there never was an alert */
    bool more;        /* there are more behind it now */
    bool gap;         /* older ones than these were asked for and are no longer kept */
} dgm_alerts;

/* Without `since` the newest alerts, newest first, the last one alone of each item. With
 * it those behind that place, in order; an item that was withdrawn meanwhile is only told
 * as that. html: form of the snippets, else text. limit: 1 to 100. Owner: the caller
 * frees *out. Errors: NOTFOUND; ARG (`since`, or the file is damaged); else as
 * dgm_search. */
DGM_API dgm_status dgm_watch_alerts(dgm *desk, const char *name, const char *since,
                                    unsigned limit, bool html, dgm_alerts **out,
                                    dgm_error *err);
DGM_API void dgm_alerts_free(dgm_alerts *alerts);

/* ---- Delivering: the library decides and keeps the books, its user posts ---- */

typedef struct dgm_delivery {
    const char *watch, *url, *allow_private;
    unsigned timeout;      /* seconds */
    const char *body;      /* JSON, with the time of sending; doc/watchlists.md */
    const char *signature; /* "sha256=<hex>" over the body, or NULL without a key */
    uint64_t number;       /* of the last alert in it */
    size_t alerts;
} dgm_delivery;

typedef struct dgm_deliveries {
    const dgm_delivery *list;
    size_t n;
} dgm_deliveries;

/* What is to be delivered now. Owner: the caller frees *out. Errors: as dgm_watch_alerts,
 * of the archive; what is wrong with one watchlist is its `trouble`. */
DGM_API dgm_status dgm_watch_due(dgm *desk, dgm_deliveries **out, dgm_error *err);

/* A delivery that nobody waits for, of the newest alerts (none of a new watchlist), whose
 * body says that it is a test: what becomes of it is not noted. Owner, errors: as above,
 * and ARG if there is no webhook or no key. */
DGM_API dgm_status dgm_watch_sample(dgm *desk, const char *name, dgm_deliveries **out,
                                    dgm_error *err);
DGM_API void dgm_deliveries_free(dgm_deliveries *deliveries);

typedef struct dgm_posted {
    int status;          /* of the reply, 0: there was none */
    int64_t retry_after; /* seconds, as the reply wants; 0: not said */
    const char *why;     /* what went wrong, in words; NULL: nothing */
} dgm_posted;

/* Notes what became of a delivery: a status of 2xx is good; 410, or the twelfth failure
 * in a row, parks the webhook; after another failure it waits, longer each time. *parked
 * (may be NULL) tells whether it did so now. Errors: LOCKED, IO. */
DGM_API dgm_status dgm_watch_settle(const char *data_dir, const dgm_delivery *delivery,
                                    const dgm_posted *posted, bool *parked,
                                    dgm_error *err);

#ifdef __cplusplus
}
#endif

#endif
