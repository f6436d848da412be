/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchlists and their alerts as JSON. Depends on json_out.h. */
#include "json_out.h"

/* What those who may read the archive may know: neither addresses nor paths of ours. */
static void put_open(dgmi_buf *out, const dgm_watch *w)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "name", w->name);
    dgmi_json_put_text(out, "label", w->label);
    dgmi_json_put_text(out, "query", w->query);
    dgmi_json_put_text(out, "search", w->search);
    dgmi_json_put_bool(out, "webhook", w->webhook != NULL);
    dgmi_json_put_time(out, "created", w->created);
    dgmi_json_put_time(out, "looked", w->looked);
    dgmi_json_put_number(out, "alerts", w->alerts);
    dgmi_json_put_text(out, "place", w->place);
    dgmi_json_put_number(out, "waiting", w->waiting);
    dgmi_json_put_number(out, "failures", w->failures);
    dgmi_json_put_bool(out, "parked", w->parked != NULL);
    dgmi_buf_putc(out, '}');
}

static void put_watch(dgmi_buf *out, const dgm_watch *w)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "name", w->name);
    dgmi_json_put_text(out, "label", w->label);
    dgmi_json_put_text(out, "query", w->query);
    dgmi_json_put_text(out, "search", w->search);
    dgmi_json_put_text(out, "webhook", w->webhook);
    dgmi_json_put_text(out, "secret", w->secret);
    dgmi_json_put_number(out, "digest", w->digest);
    dgmi_json_put_time(out, "mute_until", w->mute_until);
    dgmi_json_put_number(out, "timeout", w->timeout);
    dgmi_json_put_text(out, "fault", w->fault);
    dgmi_json_put_time(out, "created", w->created);
    dgmi_json_put_time(out, "looked", w->looked);
    dgmi_json_put_text(out, "revision", w->revision);
    dgmi_json_put_number(out, "alerts", w->alerts);
    dgmi_json_put_text(out, "place", w->place);
    dgmi_json_put_number(out, "waiting", w->waiting);
    dgmi_json_put_number(out, "deliveries", w->deliveries);
    dgmi_json_put_time(out, "delivered", w->delivered);
    dgmi_json_put_number(out, "failures", w->failures);
    dgmi_json_put_time(out, "next_try", w->next_try);
    dgmi_json_put_text(out, "trouble", w->trouble);
    dgmi_json_put_text(out, "parked", w->parked);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_watches(dgmi_buf *out, const dgm_watches *watches, bool open)
{
    dgmi_buf_puts(out, "{\"watchlists\":[");
    for (size_t i = 0; i < watches->n; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        if (open)
            put_open(out, &watches->list[i]);
        else
            put_watch(out, &watches->list[i]);
    }
    dgmi_buf_puts(out, "]}");
}

static void put_matched(dgmi_buf *out, const dgm_alerts *alerts, const dgm_alert *alert)
{
    dgmi_json_key(out, "matched");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < alert->hit.n_parts; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        dgmi_json_string(out, alert->hit.parts[i].what);
    }
    if (alert->matches && alert->hit.n_parts == 0) /* by conditions alone */
        dgmi_json_string(out, alerts->query);
    dgmi_buf_putc(out, ']');
}

void dgmi_json_put_alert(dgmi_buf *out, const dgm_alerts *alerts, const dgm_alert *alert)
{
    dgm_hit hit = alert->hit;
    hit.parts = NULL; /* "matched" has their names */
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", alert->id);
    dgmi_json_put_text(out, "kind", dgm_alert_kind_text(alert->kind));
    dgmi_json_put_text(out, "watch", alerts->watch);
    dgmi_json_put_text(out, "place", alert->place);
    dgmi_json_put_time(out, "found", alert->found);
    dgmi_json_put_text(out, "item", alert->hit.id);
    if (alert->replaces)
        dgmi_json_put_text(out, "replaces", alert->replaces);
    dgmi_json_put_bool(out, "matches", alert->matches);
    put_matched(out, alerts, alert);
    dgmi_json_key(out, "hit");
    if (alert->kind == DGM_ALERT_WITHDRAWN)
        dgmi_buf_puts(out, "null");
    else
        dgmi_json_put_hit(out, &hit);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_put_alerts_head(dgmi_buf *out, const dgm_alerts *alerts)
{
    dgmi_json_put_text(out, "watch", alerts->watch);
    dgmi_json_put_text(out, "label", alerts->label);
    dgmi_json_put_text(out, "query", alerts->query);
    dgmi_json_put_text(out, "search", alerts->search);
    dgmi_json_put_text(out, "next", alerts->next);
    dgmi_json_put_bool(out, "more", alerts->more);
    dgmi_json_put_bool(out, "gap", alerts->gap);
}

static void put_all(dgmi_buf *out, const dgm_alerts *alerts)
{
    dgmi_json_put_alerts_head(out, alerts);
    dgmi_json_put_text(out, "revision", alerts->revision);
    dgmi_json_key(out, "alerts");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < alerts->n; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        dgmi_json_put_alert(out, alerts, &alerts->list[i]);
    }
    dgmi_buf_putc(out, ']');
}

void dgmi_json_alerts(dgmi_buf *out, const dgm_alerts *alerts)
{
    dgmi_buf_putc(out, '{');
    put_all(out, alerts);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_delivery(dgmi_buf *out, const dgm_alerts *alerts, int64_t sent, bool test)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_time(out, "sent", sent);
    if (test)
        dgmi_json_put_bool(out, "test", true);
    put_all(out, alerts);
    dgmi_buf_putc(out, '}');
}
