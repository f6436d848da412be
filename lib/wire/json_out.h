/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, for the writers of lib/wire alone. Depends on wire.h. */
#ifndef DGMI_JSON_OUT_H
#define DGMI_JSON_OUT_H

#include "wire.h"

/* "name": with a comma before it unless it opens its object. Names need no escape. */
void dgmi_json_key(dgmi_buf *out, const char *name);
void dgmi_json_put_text(dgmi_buf *out, const char *name, const char *value);
void dgmi_json_put_number(dgmi_buf *out, const char *name, uint64_t value);
void dgmi_json_put_bool(dgmi_buf *out, const char *name, bool value);
void dgmi_json_put_real(dgmi_buf *out, const char *name, double value);
void dgmi_json_put_time(dgmi_buf *out, const char *name, int64_t value);
void dgmi_json_put_texts(dgmi_buf *out, const char *name, const char *const *values,
                         size_t n);

/* The member "cite" of a page that has a citation (cite_json.c). */
void dgmi_json_put_citation(dgmi_buf *out, const dgm_page *page);
/* A hit as pages have it (page_json.c). */
void dgmi_json_put_hit(dgmi_buf *out, const dgm_hit *hit);

/* ---- watch_json.c ---- */

/* An alert as an object, and the members of an object that tell of all. */
void dgmi_json_put_alert(dgmi_buf *out, const dgm_alerts *alerts, const dgm_alert *alert);
void dgmi_json_put_alerts_head(dgmi_buf *out, const dgm_alerts *alerts);

/* "completeness", of a page that has silent sources (sources_json.c). */
void dgmi_json_put_silences(dgmi_buf *out, const dgm_page *page);

/* ---- trends_json.c ---- */

/* "share": items of so many, null of none. */
void dgmi_json_put_share(dgmi_buf *out, uint64_t items, uint64_t of);
void dgmi_json_put_said(dgmi_buf *out, const char *name, const dgm_said *said);
/* All of a series but its value and its intervals. */
void dgmi_json_put_counts(dgmi_buf *out, const dgm_series *series);
/* "tz": "Z" or "+03:00". */
void dgmi_json_put_shift(dgmi_buf *out, int minutes);
void dgmi_json_put_points(dgmi_buf *out, const dgm_trend *points, size_t n);

#endif
