/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchlists and alerts as text for people. */
#include <inttypes.h>
#include <string.h>

#include "date.h"
#include "indexer.h"

static void put_time(dgmi_buf *out, const char *what, int64_t time)
{
    char text[DGMI_DATE_SIZE];
    if (time != DGM_NO_TIME)
        dgmi_buf_printf(out, "  %-11s %s\n", what, dgmi_date_format(time, text));
}

static void put_line(dgmi_buf *out, const char *what, const char *text)
{
    if (text && *text)
        dgmi_buf_printf(out, "  %-11s %s\n", what, text);
}

static void put_state(dgmi_buf *out, const dgm_watch *w)
{
    put_time(out, "since", w->created);
    put_time(out, "looked", w->looked);
    dgmi_buf_printf(out, "  %-11s %" PRIu64 "\n", "alerts", w->alerts);
    put_line(out, "place", w->place);
    put_line(out, "webhook", w->webhook);
    if (w->webhook) {
        put_line(out, "signed with", w->secret ? w->secret : "nothing");
        if (w->digest)
            dgmi_buf_printf(out, "  %-11s %" PRIu64 " s\n", "digest", w->digest);
        put_time(out, "muted until", w->mute_until);
        dgmi_buf_printf(out, "  %-11s %" PRIu64 "\n", "deliveries", w->deliveries);
        put_time(out, "last", w->delivered);
        dgmi_buf_printf(out, "  %-11s %" PRIu64 "\n", "waiting", w->waiting);
    }
    if (w->failures)
        dgmi_buf_printf(out, "  %-11s %u\n", "failures", w->failures);
    put_time(out, "next try", w->parked ? DGM_NO_TIME : w->next_try);
    put_line(out, "trouble", w->trouble);
    put_line(out, "PARKED", w->parked);
}

void put_watches(dgmi_buf *out, const dgm_watches *watches, bool state)
{
    for (size_t i = 0; i < watches->n; i++) {
        const dgm_watch *w = &watches->list[i];
        dgmi_buf_printf(out, "%-20s %6" PRIu64 "  %s%s\n", w->name, w->alerts,
                        w->parked ? "PARKED  " : "", w->fault ? w->fault : w->search);
        if (state)
            put_state(out, w);
    }
}

static void put_hit(dgmi_buf *out, const dgm_hit *hit)
{
    char date[DGMI_DATE_SIZE];
    dgmi_date_format(hit->published, date);
    dgmi_buf_printf(out, "%.10s  %s\n", date, hit->title);
    dgmi_buf_printf(out, "    %s%s%s  %s\n", hit->region ? hit->region : "",
                    hit->region && hit->source ? ", " : "",
                    hit->source ? hit->source : "", hit->url ? hit->url : hit->id);
    if (hit->snippet && *hit->snippet)
        dgmi_buf_printf(out, "    %s\n", hit->snippet);
    for (size_t i = 0; i < hit->n_parts; i++)
        dgmi_buf_printf(out, "%s%s%s", i > 0 ? ", " : "    matched: ", hit->parts[i].what,
                        i + 1 == hit->n_parts ? "\n" : "");
}

void put_alerts(dgmi_buf *out, const dgm_alerts *alerts)
{
    char found[DGMI_DATE_SIZE];
    for (size_t i = 0; i < alerts->n; i++) {
        const dgm_alert *a = &alerts->list[i];
        dgmi_buf_printf(out, "%s  %s  %s  ", alerts->watch,
                        dgmi_date_format(a->found, found), dgm_alert_kind_text(a->kind));
        if (a->kind == DGM_ALERT_WITHDRAWN)
            dgmi_buf_printf(out, "%s\n", a->hit.id);
        else
            put_hit(out, &a->hit);
    }
}

void put_try(dgmi_buf *out, const dgm_page *page)
{
    dgmi_buf_printf(out, "%s%" PRIu64 " stor%s, %" PRIu64 " item%s\n",
                    page->total_exact ? "" : "at least ", page->stories,
                    page->stories == 1 ? "y" : "ies", page->items,
                    page->items == 1 ? "" : "s");
    for (size_t i = 0; i < page->n_hits; i++)
        if (!page->hits[i].relaxed)
            put_hit(out, &page->hits[i]);
}
