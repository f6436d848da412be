/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trends as JSON and as CSV. Depends on json_out.h and csv.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "date.h"
#include "json_out.h"

void dgmi_json_put_share(dgmi_buf *out, uint64_t items, uint64_t of)
{
    dgmi_json_key(out, "share");
    if (of == 0)
        dgmi_buf_puts(out, "null");
    else
        dgmi_buf_printf(out, "%.6g", (double)items / (double)of);
}

void dgmi_json_put_said(dgmi_buf *out, const char *name, const dgm_said *said)
{
    dgmi_json_key(out, name);
    if (said->id == NULL) {
        dgmi_buf_puts(out, "null");
        return;
    }
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", said->id);
    dgmi_json_put_text(out, "title", said->title);
    dgmi_json_put_text(out, "source", said->source);
    dgmi_json_put_time(out, "published", said->published);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_put_points(dgmi_buf *out, const dgm_trend *points, size_t n)
{
    dgmi_json_key(out, "intervals");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_time(out, "from", points[i].from);
        dgmi_json_put_number(out, "items", points[i].items);
        dgmi_json_put_number(out, "of", points[i].of);
        dgmi_json_put_share(out, points[i].items, points[i].of);
        dgmi_json_put_number(out, "stories", points[i].stories);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

void dgmi_json_put_counts(dgmi_buf *out, const dgm_series *s)
{
    dgmi_json_put_number(out, "items", s->items);
    dgmi_json_put_number(out, "of", s->of);
    dgmi_json_put_share(out, s->items, s->of);
    dgmi_json_put_number(out, "stories", s->stories);
    dgmi_json_put_number(out, "undated", s->undated);
    dgmi_json_put_number(out, "undated_of", s->undated_of);
    dgmi_json_put_said(out, "first", &s->first);
    dgmi_json_put_said(out, "last", &s->last);
}

void dgmi_json_put_shift(dgmi_buf *out, int minutes)
{
    char text[16];
    unsigned n = (unsigned)abs(minutes) % 6000;
    snprintf(text, sizeof text, "%c%02u:%02u", minutes < 0 ? '-' : '+', n / 60, n % 60);
    dgmi_json_put_text(out, "tz", minutes == 0 ? "Z" : text);
}

static void put_series(dgmi_buf *out, const dgm_trends *t)
{
    dgmi_json_key(out, "series");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < t->n_series; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "value", t->series[i].value);
        dgmi_json_put_counts(out, &t->series[i]);
        dgmi_json_put_points(out, t->series[i].points, t->n_points);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
    dgmi_json_put_number(out, "values", t->values);
    dgmi_json_put_number(out, "without", t->without);
}

void dgmi_json_trends(dgmi_buf *out, const dgm_trends *t)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_key(out, "query");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "text", t->query_text);
    dgmi_json_put_text(out, "parsed", t->query_parsed);
    dgmi_buf_putc(out, '}');
    dgmi_json_put_real(out, "took_ms", t->took_ms);
    dgmi_json_put_text(out, "revision", t->revision);
    dgmi_json_put_text(out, "interval", t->interval);
    dgmi_json_put_shift(out, t->shift);
    dgmi_json_put_text(out, "by", t->by);
    dgmi_json_key(out, "total");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_counts(out, &t->all);
    dgmi_buf_putc(out, '}');
    dgmi_json_put_points(out, t->all.points, t->n_points);
    if (t->by)
        put_series(out, t);
    dgmi_json_put_texts(out, "warnings", t->warnings, t->n_warnings);
    dgmi_buf_putc(out, '}');
}

/* ---- CSV ---- */

static void put_row(dgmi_buf *out, const dgm_series *s, const dgm_trend *p)
{
    char date[DGMI_DATE_SIZE];
    dgmi_buf_printf(out, "%s,", dgmi_date_format(p->from, date));
    if (s->value)
        dgmi_csv_put(out, &s->value, 1, "");
    dgmi_buf_printf(out, ",%" PRIu64 ",%" PRIu64 ",", p->items, p->of);
    if (p->of > 0)
        dgmi_buf_printf(out, "%.6g", (double)p->items / (double)p->of);
    dgmi_buf_printf(out, ",%" PRIu64 "\r\n", p->stories);
}

void dgmi_csv_trends(dgmi_buf *out, const dgm_trends *t)
{
    dgmi_buf_puts(out, "from,value,items,of,share,stories\r\n");
    for (size_t k = 0; k < t->n_points; k++)
        put_row(out, &t->all, &t->all.points[k]);
    for (size_t i = 0; i < t->n_series; i++) {
        for (size_t k = 0; k < t->n_points; k++)
            put_row(out, &t->series[i], &t->series[i].points[k]);
    }
}
