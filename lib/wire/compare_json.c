/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison as JSON. Depends on json_out.h. */
#include <inttypes.h>

#include "json_out.h"

static void put_lag(dgmi_buf *out, int64_t lag)
{
    dgmi_json_key(out, "lag_s");
    if (lag == DGM_NO_TIME)
        dgmi_buf_puts(out, "null");
    else
        dgmi_buf_printf(out, "%" PRId64, lag);
}

static void put_query(dgmi_buf *out, const char *text, const char *parsed)
{
    dgmi_json_key(out, "query");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "text", text);
    dgmi_json_put_text(out, "parsed", parsed);
    dgmi_buf_putc(out, '}');
}

static void put_voices(dgmi_buf *out, const dgm_side *side)
{
    dgmi_json_key(out, "voices");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < side->n_voices; i++) {
        const dgm_voice *v = &side->voices[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "value", v->value);
        dgmi_json_put_number(out, "items", v->items);
        dgmi_json_put_number(out, "of", v->of);
        dgmi_json_put_share(out, v->items, v->of);
        dgmi_json_put_number(out, "stories", v->stories);
        dgmi_json_put_said(out, "first", &v->first);
        dgmi_json_put_time(out, "last", v->last);
        put_lag(out, v->lag);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
    dgmi_json_put_number(out, "values", side->values);
    dgmi_json_put_number(out, "without", side->without);
}

static void put_silent(dgmi_buf *out, const dgm_side *side)
{
    dgmi_json_key(out, "silent");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < side->n_silent; i++) {
        const dgm_silent *s = &side->silent[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "value", s->value);
        dgmi_json_put_number(out, "of", s->of);
        dgmi_json_put_time(out, "last", s->last);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
    dgmi_json_put_number(out, "silent_values", side->silent_values);
}

static void put_words(dgmi_buf *out, const char *name, const dgm_word *words, size_t n)
{
    dgmi_json_key(out, name);
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "word", words[i].word);
        dgmi_json_put_number(out, "a", words[i].a);
        dgmi_json_put_number(out, "b", words[i].b);
        dgmi_json_key(out, "score");
        dgmi_buf_printf(out, "%.2f", words[i].score);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_side(dgmi_buf *out, const char *name, const dgm_comparison *c,
                     const dgm_side *side)
{
    dgmi_json_key(out, name);
    dgmi_buf_putc(out, '{');
    put_query(out, side->query_text, side->query_parsed);
    dgmi_json_key(out, "total");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_counts(out, &side->all);
    dgmi_buf_putc(out, '}');
    dgmi_json_put_points(out, side->all.points, c->n_points);
    put_voices(out, side);
    put_silent(out, side);
    put_words(out, "words", side->words, side->n_words);
    put_words(out, "names", side->names, side->n_names);
    dgmi_json_put_number(out, "looked_at", side->looked_at);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_comparison(dgmi_buf *out, const dgm_comparison *c)
{
    dgmi_buf_putc(out, '{');
    put_query(out, c->query_text, c->query_parsed);
    dgmi_json_put_real(out, "took_ms", c->took_ms);
    dgmi_json_put_text(out, "revision", c->revision);
    dgmi_json_put_text(out, "interval", c->interval);
    dgmi_json_put_shift(out, c->shift);
    dgmi_json_put_text(out, "by", c->by);
    dgmi_json_put_number(out, "both", c->both);
    put_lag(out, c->lag);
    dgmi_json_put_bool(out, "words_exact", c->words_exact);
    put_side(out, "a", c, &c->a);
    put_side(out, "b", c, &c->b);
    dgmi_json_put_texts(out, "warnings", c->warnings, c->n_warnings);
    dgmi_buf_putc(out, '}');
}
