/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The versions of an item as JSON. Depends on json_out.h. */
#include "json_out.h"

#include <inttypes.h>
#include <stdio.h>

enum { OFFSET_BITS = 40 }; /* of a place in the archive */

static void put_known_time(dgmi_buf *out, const char *name, int64_t value)
{
    if (value != DGM_NO_TIME)
        dgmi_json_put_time(out, name, value);
}

static void put_flag(dgmi_buf *out, const char *name, bool value)
{
    if (value)
        dgmi_json_put_bool(out, name, true);
}

static void put_diff(dgmi_buf *out, const dgm_item_version *v)
{
    static const char *const kinds[] = { "same", "removed", "added" };
    put_flag(out, "diff_left_out", v->diff_left_out);
    if (!v->diff)
        return;
    dgmi_json_key(out, "diff");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < v->n_diff; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, kinds[v->diff[i].kind], v->diff[i].text);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

/* Nothing was compared where there is nothing before it, or it may not be told. */
static void put_changes(dgmi_buf *out, const dgm_item_version *v)
{
    if (!v->fields)
        return;
    dgmi_json_key(out, "changed");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_texts(out, "fields", v->fields, v->n_fields);
    dgmi_json_put_number(out, "words_added", v->words_added);
    dgmi_json_put_number(out, "words_removed", v->words_removed);
    put_flag(out, "coarse", v->coarse);
    dgmi_buf_putc(out, '}');
    put_diff(out, v);
}

static void put_version(dgmi_buf *out, const dgm_item_version *v)
{
    char place[48];
    uint64_t offset = v->place & (((uint64_t)1 << OFFSET_BITS) - 1);
    snprintf(place, sizeof place, "%" PRIu64 ":%" PRIu64, v->place >> OFFSET_BITS,
             offset);
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "version", v->version);
    dgmi_json_put_bool(out, "current", v->current);
    dgmi_json_put_text(out, "status", dgmi_status_name(v->status));
    put_flag(out, "silent", v->silent);
    put_flag(out, "killed", v->killed);
    put_known_time(out, "published", v->published);
    put_known_time(out, "updated", v->updated);
    put_known_time(out, "fetched", v->fetched);
    dgmi_json_put_text(out, "place", place);
    dgmi_json_put_text(out, "sha256", v->sha256);
    if (v->title)
        dgmi_json_put_text(out, "title", v->title);
    put_changes(out, v);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_history(dgmi_buf *out, const dgm_history *history)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", history->id);
    dgmi_json_put_bool(out, "cut", history->cut);
    dgmi_json_key(out, "versions");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < history->n_versions; i++) {
        dgmi_buf_puts(out, i > 0 ? "," : "");
        put_version(out, &history->versions[i]);
    }
    dgmi_buf_puts(out, "]}");
}
