/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories as JSON. Depends on json_out.h. */
#include "json_out.h"

const char *dgmi_change_name(dgm_change change)
{
    switch (change) {
    case DGM_CHANGE_NONE:
        return NULL;
    case DGM_CHANGE_SAME:
        return "same";
    case DGM_CHANGE_CUT:
        return "cut";
    case DGM_CHANGE_ADDED:
        return "added";
    case DGM_CHANGE_EDITED:
        return "edited";
    }
    return NULL;
}

static void put_passages(dgmi_buf *out, const dgm_member *m)
{
    dgmi_json_key(out, "passages");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < m->n_passages; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "kind", m->passages[i].added ? "added" : "cut");
        dgmi_json_put_text(out, "text", m->passages[i].text);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
    if (m->more_passages)
        dgmi_json_put_bool(out, "more_passages", true);
}

static void put_member(dgmi_buf *out, const dgm_member *m)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", m->id);
    dgmi_json_put_text(out, "title", m->title);
    dgmi_json_put_text(out, "source", m->source);
    dgmi_json_put_text(out, "provider", m->provider);
    dgmi_json_put_text(out, "region", m->region);
    dgmi_json_put_text(out, "language", m->language);
    dgmi_json_put_text(out, "url", m->url);
    dgmi_json_put_time(out, "published", m->published);
    dgmi_json_put_time(out, "first_seen", m->first_seen);
    dgmi_json_put_text(out, "change", dgmi_change_name(m->change));
    dgmi_json_key(out, "words");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_number(out, "cut", m->words_cut);
    dgmi_json_put_number(out, "added", m->words_added);
    dgmi_buf_putc(out, '}');
    put_passages(out, m);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_story(dgmi_buf *out, const dgm_story *story)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", story->id);
    dgmi_json_put_number(out, "items", story->items);
    dgmi_json_put_time(out, "first_seen", story->first_seen);
    dgmi_json_key(out, "members");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < story->n_members; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        put_member(out, &story->members[i]);
    }
    dgmi_buf_puts(out, "]}");
}
