/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman show --story`: the members of a story, as text or JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

static void put_date(dgmi_buf *out, const char *label, int64_t time)
{
    char date[DGMI_DATE_SIZE];
    if (time != DGM_NO_TIME)
        dgmi_buf_printf(out, "   %-12s %s\n", label, dgmi_date_format(time, date));
}

static void put_change(dgmi_buf *out, const dgm_member *m)
{
    const char *name = dgmi_change_name(m->change);
    if (!name)
        return;
    dgmi_buf_printf(out, "   %s: %" PRIu64 " words cut, %" PRIu64 " added\n", name,
                    m->words_cut, m->words_added);
    for (size_t i = 0; i < m->n_passages; i++)
        dgmi_buf_printf(out, "     %c %s\n", m->passages[i].added ? '+' : '-',
                        m->passages[i].text);
    if (m->more_passages)
        dgmi_buf_puts(out, "     and more\n");
}

static void put_member(dgmi_buf *out, const dgm_member *m, size_t number)
{
    dgmi_buf_printf(out, "\n%zu. %s\n   %-12s %s\n", number,
                    m->title ? m->title : "(no title)", "id", m->id);
    if (m->source)
        dgmi_buf_printf(out, "   %-12s %s\n", "source", m->source);
    if (m->provider)
        dgmi_buf_printf(out, "   %-12s %s\n", "provider", m->provider);
    put_date(out, "published", m->published);
    put_date(out, "first seen", m->first_seen);
    put_change(out, m);
}

static void put_story(dgmi_buf *out, const dgm_story *story)
{
    dgmi_buf_printf(out, "story %s: %" PRIu64 " item%s\n", story->id, story->items,
                    story->items == 1 ? "" : "s");
    for (size_t i = 0; i < story->n_members; i++)
        put_member(out, &story->members[i], i + 1);
    if (story->n_members < story->items)
        dgmi_buf_printf(out, "\nand %" PRIu64 " more\n", story->items - story->n_members);
}

int show_story(const dgmi_command *command, const char *data, bool json, const char *id)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    dgm_story *story = NULL;
    dgmi_buf out;
    int code;
    dgm_options options = { log_to_stderr, (void *)command };
    dgm_status status = dgm_open(data_dir(data), &options, &desk, &err);
    if (status == DGM_OK)
        status = dgm_story_get(desk, id, &story, &err);
    dgmi_buf_init(&out, 64u << 20);
    if (story && json) {
        dgmi_json_story(&out, story);
        dgmi_buf_putc(&out, '\n');
    } else if (story) {
        put_story(&out, story);
    }
    if (status == DGM_OK) {
        code = print_buf(command, &out);
    } else if (desk && status == DGM_E_NOTFOUND) { /* no fault of the data directory */
        fprintf(stderr, "dragoman show: %s\n", err.text);
        code = EXIT_REJECTED;
    } else {
        code = report(command, status, &err);
    }
    dgmi_buf_clear(&out);
    dgm_story_free(story);
    dgm_close(desk);
    return code;
}
