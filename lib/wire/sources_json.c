/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sources and their silence as JSON. Depends on json_out.h. */
#include "json_out.h"

void dgmi_json_put_silences(dgmi_buf *out, const dgm_page *page)
{
    if (page->n_silences == 0)
        return;
    dgmi_json_key(out, "completeness");
    dgmi_buf_puts(out, "{");
    dgmi_json_key(out, "silent");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_silences; i++) {
        const dgm_silence *s = &page->silences[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "source", s->source);
        dgmi_json_put_time(out, "last", s->last);
        dgmi_json_put_number(out, "per_day", s->per_day);
        dgmi_json_put_number(out, "missed_days", s->missed);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
    dgmi_json_put_number(out, "more", page->more_silences);
    dgmi_buf_putc(out, '}');
}

/* ["mon","tue"] */
static void put_weekdays(dgmi_buf *out, unsigned weekdays)
{
    static const char *const names[] = {
        "mon", "tue", "wed", "thu", "fri", "sat", "sun"
    };
    const char *list[7];
    size_t n = 0;
    for (unsigned i = 0; i < 7; i++) {
        if (weekdays >> i & 1)
            list[n++] = names[i];
    }
    dgmi_json_put_texts(out, "weekdays", list, n);
}

static void put_source(dgmi_buf *out, const dgm_source *s)
{
    bool known = s->state != DGM_SOURCE_NEW && s->state != DGM_SOURCE_ENDED;
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "source", s->name);
    dgmi_json_put_text(out, "state", dgm_source_state_text(s->state));
    dgmi_json_put_number(out, "items", s->items);
    dgmi_json_put_time(out, "first", s->first);
    dgmi_json_put_time(out, "last", s->last);
    dgmi_json_key(out, "habit");
    if (known) {
        dgmi_buf_putc(out, '{');
        dgmi_json_put_number(out, "per_day", s->per_day);
        put_weekdays(out, s->weekdays);
        dgmi_json_put_number(out, "gap_days", s->gap);
        dgmi_json_put_number(out, "missed_days", s->missed);
        dgmi_buf_putc(out, '}');
    } else {
        dgmi_buf_puts(out, "null");
    }
    dgmi_buf_putc(out, '}');
}

void dgmi_json_sources(dgmi_buf *out, const dgm_sources *sources)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "revision", sources->revision);
    dgmi_json_put_time(out, "clock", sources->clock);
    dgmi_json_key(out, "sources");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < sources->n; i++) {
        dgmi_buf_puts(out, i > 0 ? "," : "");
        put_source(out, &sources->list[i]);
    }
    dgmi_buf_puts(out, "]}");
}
