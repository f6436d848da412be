/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman show --versions`: the versions of an item, as text or JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

enum {
    PRINT_MAX = 256 << 20,
    OFFSET_BITS = 40, /* of a place in the archive */
    CONTEXT = 80      /* bytes of equal text that are shown around a change */
};

typedef struct marks {
    const char *open[3], *close[3]; /* by dgm_run_kind */
} marks;
static const marks plain = { { "", "[-", "{+" }, { "", "-]", "+}" } };
static const marks coloured = { { "", "\033[31;9m", "\033[32;1m" },
                                { "", "\033[0m", "\033[0m" } };

/* Control characters of the item must not reach the terminal. */
static void put_clean(dgmi_buf *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        dgmi_buf_putc(out, (c < 0x20 && c != '\n') || c == 0x7F ? ' ' : (char)c);
    }
}

static bool is_inside(const char *p)
{
    return ((unsigned char)*p & 0xC0) == 0x80;
}

/* Equal text: its end before a change, its beginning after one, and a mark for the rest.
 */
static void put_same(dgmi_buf *out, const char *text, bool first, bool last)
{
    size_t n = strlen(text), head = first ? 0 : CONTEXT, tail = last ? 0 : CONTEXT;
    if (n <= head + tail + CONTEXT) {
        put_clean(out, text, n);
        return;
    }
    while (head > 0 && is_inside(text + head))
        head--;
    tail = n - tail;
    while (tail < n && is_inside(text + tail))
        tail++;
    put_clean(out, text, head);
    dgmi_buf_puts(out, " [...] ");
    put_clean(out, text + tail, n - tail);
}

static void put_diff(dgmi_buf *out, const dgm_item_version *v, const marks *m)
{
    if (v->diff_left_out)
        dgmi_buf_puts(out, "    the texts are too long to be shown here\n");
    for (size_t i = 0; i < v->n_diff; i++) {
        const dgm_run *run = &v->diff[i];
        dgmi_buf_puts(out, m->open[run->kind]);
        if (run->kind == DGM_RUN_SAME)
            put_same(out, run->text, i == 0, i + 1 == v->n_diff);
        else
            put_clean(out, run->text, strlen(run->text));
        dgmi_buf_puts(out, m->close[run->kind]);
    }
    if (v->n_diff > 0)
        dgmi_buf_putc(out, '\n');
}

static void put_time(dgmi_buf *out, const char *what, int64_t time)
{
    char date[DGMI_DATE_SIZE];
    if (time != DGM_NO_TIME)
        dgmi_buf_printf(out, "  %s %s", what, dgmi_date_format(time, date));
}

static void put_changes(dgmi_buf *out, const dgm_item_version *v)
{
    if (!v->fields)
        return;
    dgmi_buf_printf(out, "    %" PRIu32 " words added, %" PRIu32 " removed%s",
                    v->words_added, v->words_removed, v->coarse ? ", by paragraphs" : "");
    for (size_t i = 0; i < v->n_fields; i++)
        dgmi_buf_printf(out, "%s%s", i > 0 ? ", " : "; other: ", v->fields[i]);
    dgmi_buf_putc(out, '\n');
}

static void put_version(dgmi_buf *out, const dgm_item_version *v, const marks *m)
{
    uint64_t offset = v->place & (((uint64_t)1 << OFFSET_BITS) - 1);
    dgmi_buf_puts(out, v->current ? "* version " : "  version ");
    put_clean(out, v->version ? v->version : "-", strlen(v->version ? v->version : "-"));
    put_time(out, "updated", v->updated);
    put_time(out, "fetched", v->fetched);
    dgmi_buf_printf(out, "  at %" PRIu64 ":%" PRIu64 "%s%s%s%s\n",
                    v->place >> OFFSET_BITS, offset,
                    v->status == DGM_CANCELED ? "  canceled" : "",
                    v->status == DGM_WITHHELD ? "  withheld" : "",
                    v->silent ? "  silent edit" : "", v->killed ? "  killed" : "");
    if (v->title) {
        dgmi_buf_puts(out, "    ");
        put_clean(out, v->title, strlen(v->title));
        dgmi_buf_putc(out, '\n');
    }
    if (v->sha256)
        dgmi_buf_printf(out, "    sha256 %s\n", v->sha256);
    put_changes(out, v);
    put_diff(out, v, m);
}

int print_history(const dgmi_command *command, const dgm_history *history, bool json)
{
    const marks *m = isatty(STDOUT_FILENO) ? &coloured : &plain;
    dgmi_buf out;
    dgmi_buf_init(&out, PRINT_MAX);
    if (json) {
        dgmi_json_history(&out, history);
        dgmi_buf_putc(&out, '\n');
        return print_buf(command, &out);
    }
    for (size_t i = 0; i < history->n_versions; i++) {
        dgmi_buf_puts(&out, i > 0 ? "\n" : "");
        put_version(&out, &history->versions[i], m);
    }
    if (history->cut)
        dgmi_buf_puts(&out,
                      "\nThere may be older ones: only the last are kept track of.\n");
    return print_buf(command, &out);
}
