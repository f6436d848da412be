/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON, all of it: items in and out, result pages out. Depends on lib/base, jansson,
 * dragoman.h and, for reading items only, lib/item. */
#ifndef DGMI_WIRE_H
#define DGMI_WIRE_H

#include "buf.h"
#include "dragoman.h"
#include "str.h"

struct dgmi_item;

#define DGMI_JSON_DEPTH 32 /* brackets inside brackets that input may have */

/* Writers append to a buffer that latches failure; text must be valid UTF-8 (items are).
 */
void dgmi_json_string(dgmi_buf *out, const char *s); /* "..." or null */
void dgmi_json_nstring(dgmi_buf *out, const char *p, size_t n);
void dgmi_json_time(dgmi_buf *out, int64_t time); /* "2021-06-16T00:00:00Z" or null */
void dgmi_json_real(dgmi_buf *out,
                    double v); /* shortest form that reads back, never NaN */

/* One item on one line, without a line end. Members unknown are left out but `extra`'s
 * are put back at top level. This is the archive's form and that of GET /v1/items/{id}:
 * body is an array of paragraphs, turns
 * [{"role","speaker","from","to"}], boilerplate [{"kind","text","before"}]. */
void dgmi_json_item(dgmi_buf *out, const dgm_item *item);

/* "usable", "question": as they stand in JSON, CSV and output. Owner: static. */
const char *dgmi_status_name(dgm_item_status status);
const char *dgmi_role_name(dgm_role role);

/* The versions of an item, newest first. */
void dgmi_json_history(dgmi_buf *out, const dgm_history *history);

/* A page of results in the contract's form. */
void dgmi_json_page(dgmi_buf *out, const dgm_page *page);

/* A story with its members, and the name of a change; NULL for none. */
void dgmi_json_story(dgmi_buf *out, const dgm_story *story);
const char *dgmi_change_name(dgm_change change);

/* Proposals: {"q","revision","suggestions":[{"kind","text","query","count"}]}, and in the
 * suggestions form of OpenSearch: ["q",["text"]]. */
void dgmi_json_proposals(dgmi_buf *out, const dgm_proposals *proposals);
void dgmi_json_completions(dgmi_buf *out, const dgm_proposals *proposals);

/* Counts over time, as JSON, and as CSV: a row for each interval of all, then of each
 * value. */
void dgmi_json_trends(dgmi_buf *out, const dgm_trends *trends);
void dgmi_csv_trends(dgmi_buf *out, const dgm_trends *trends);

/* Watchlists with their state as {"watchlists":[..]} (open: what anybody may know),
 * alerts as an object (`dragoman watchlist`), and the body that is posted to a webhook.
 */
void dgmi_json_watches(dgmi_buf *out, const dgm_watches *watches, bool open);
void dgmi_json_alerts(dgmi_buf *out, const dgm_alerts *alerts);
void dgmi_json_delivery(dgmi_buf *out, const dgm_alerts *alerts, int64_t sent, bool test);

/* Alerts as feeds: JSON Feed 1.1, Atom, RSS 2.0. base: address of this server without a
 * slash at its end, or "" where it is not known. */
void dgmi_jsonfeed_alerts(dgmi_buf *out, const dgm_alerts *alerts, const char *base);
void dgmi_atom_alerts(dgmi_buf *out, const dgm_alerts *alerts, const char *base);
void dgmi_rss_alerts(dgmi_buf *out, const dgm_alerts *alerts, const char *base);

/* Sources with their habits. */
void dgmi_json_sources(dgmi_buf *out, const dgm_sources *sources);

/* Two sets of items against each other. */
void dgmi_json_comparison(dgmi_buf *out, const dgm_comparison *comparison);

/* {"type":"about:blank","title":..,"status":..,"detail":..} plus
 * "errors":[{"name","reason"}] if name and "offset" if >= 0. */
void dgmi_json_problem(dgmi_buf *out, int status, const char *title, const char *detail,
                       const char *name, int32_t offset);

/* A citation read back: items point into what `owner` holds. */
typedef struct dgmi_cited_item {
    const char *id;
    dgm_cited cited;
} dgmi_cited_item;
typedef struct dgmi_citation {
    dgmi_cited_item *items;
    size_t n;
    const char *permalink; /* or NULL */
    void *owner;
} dgmi_citation;
/* Reads the member cite of a reply, or a whole reply that has it. Owner: the caller
 * clears *out. Errors: ARG (no citation, or an item of it lacks something); NOMEM. */
dgm_status dgmi_json_read_citation(dgmi_str text, dgmi_citation *out, dgm_error *err);
void dgmi_citation_clear(dgmi_citation *citation);

/* Statistics, for `stats --json`. */
void dgmi_json_stats(dgmi_buf *out, const dgm_stats *stats);

/* Reads one JSON object as an item: the archive's own lines (*prepared true: they hold
 * "dgm":1), or anybody's NDJSON (members of architecture section 6; body may be text, or
 * an array of paragraphs; HTML, also in body_html or content_html, is the reader's
 * business: it waits as dgmi_item_markup). Unknown members go to extra; what a known one
 * holds that cannot be understood goes there as
 * "<name>_given". Depth and size are bounded before jansson sees the text.
 * Errors: ARG with line-free reason ("not a JSON object"). */
dgm_status dgmi_json_read_item(const char *p, size_t n, struct dgmi_item **out,
                               bool *prepared, dgm_error *err);

/* An item out of a document that may hold several, or one that is refused. */
typedef struct dgmi_parcel {
    struct dgmi_item *item;  /* the visitor's from now on; NULL: refused */
    const char *reason;      /* why, if refused */
    const char *late_source; /* its issuing body, if nothing better is found; or NULL */
    dgmi_str raw;            /* its JSON */
} dgmi_parcel;

/* Anything but OK ends the reading and is passed up. */
typedef dgm_status (*dgmi_parcel_visit)(void *user, const dgmi_parcel *parcel,
                                        dgm_error *err);

/* Documents of one JSON object (UTF-8) to their items, in order. What cannot be read,
 * the document itself or one of its items, is a refused parcel. HTML bodies wait as
 * dgmi_item_markup, members unknown go to extra.
 * Errors: the visitor's, NOMEM. */
dgm_status dgmi_jsonfeed_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                              dgm_error *err);
/* A post of WordPress' REST interface. The texts that are HTML stay so: id, title, url,
 * topics may hold character references. */
dgm_status dgmi_wordpress_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                               dgm_error *err);
/* ninjs 1.x, 2.x, 3.x and Superdesk's dialect, also wrapped in the reply of an API that
 * serves them (members `item`, `items`, `_items`, `data`). */
dgm_status dgmi_ninjs_read(dgmi_str text, dgmi_parcel_visit visit, void *user,
                           dgm_error *err);

/* What is to be known of a pushed ninjs object before it is read. Errors: ARG (no JSON
 * object), NOMEM. */
typedef struct dgmi_peeked {
    bool has_id, has_type;
    bool is_text;
    bool has_words; /* or ends what was said before */
} dgmi_peeked;
dgm_status dgmi_ninjs_peek(dgmi_str text, dgmi_peeked *out, dgm_error *err);

/* ---- ld_read.c */

/* Calls visit for each member of the first article in this JSON-LD: text as it is, of a
 * person, a body or several the (first) name. Does nothing if there is none, or no JSON.
 */
typedef void (*dgmi_ld_visit)(void *user, const char *name, dgmi_str value);
void dgmi_ld_article(dgmi_str json, dgmi_ld_visit visit, void *user);

#endif
