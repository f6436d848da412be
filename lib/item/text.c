/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain text to paragraphs and blocks. Depends on build.h and lib/base. */
#include "build.h"

#include <string.h>

#include "utf8.h"

enum {
    LONG_LINE =
        200 /* mean bytes from which lines without blank ones between are paragraphs */
};

/* The lines between two blank ones. */
typedef struct chunk {
    const char *from, *to;
    size_t lines, bytes; /* of those that are not boilerplate */
} chunk;

static bool next_line(const char **at, const char *end, dgmi_str *line)
{
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (stop == NULL)
        stop = end;
    *line = (dgmi_str){ *at, (size_t)(stop - *at) };
    *at = stop < end ? stop + 1 : end;
    return true;
}

static bool is_blank(dgmi_str line)
{
    const char *end = line.p + line.n;
    for (const char *p = line.p; p < end;) {
        size_t space = dgmi_space_at(p, end);
        if (space == 0)
            return false;
        p += space;
    }
    return true;
}

static dgmi_str trim_wide(dgmi_str line)
{
    const char *end = line.p + line.n;
    while (line.n > 0) {
        size_t space = dgmi_space_at(line.p, end);
        if (space == 0)
            break;
        line = dgmi_str_skip(line, space);
    }
    return dgmi_str_trim(line);
}

static bool is_boilerplate(dgmi_str line)
{
    dgmi_found found = dgmi_boilerplate(line, DGMI_ANYWHERE);
    return found.kind != NULL;
}

static bool ends_sentence(dgmi_str line)
{
    static const char *const ends[] = {
        ".", "!", "?", ";", ":", "\"", "\xE2\x80\x9D", "\xC2\xBB", "\xE2\x80\xA6"
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (dgmi_str_ends(line, ends[i]))
            return true;
    }
    return false;
}

/* A line that opens a turn of an interview although no blank line stands before it. A
 * dash alone is not enough: hard-wrapped text may break before one. */
static bool opens_turn(dgmi_str line, dgmi_str before)
{
    static const char *const labels[] = { "question:", "answer:", "q:", "a:" };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (dgmi_str_starts_nocase(line, labels[i]))
            return true;
    }
    size_t dash = line.n > 0 ? dgmi_dash_at(line.p, line.p + line.n) : 0;
    return dash > 1 && dash < line.n &&
           dgmi_space_at(line.p + dash, line.p + line.n) > 0 && ends_sentence(before);
}

static void flush(dgmi_item *item, dgmi_buf *joined)
{
    if (joined->n > 0)
        dgmi_item_add_paragraph(item, dgmi_buf_str(joined));
    dgmi_buf_reset(joined);
}

static void measure(chunk *c)
{
    dgmi_str line;
    for (const char *at = c->from; next_line(&at, c->to, &line);) {
        line = trim_wide(line);
        if (is_boilerplate(line))
            continue;
        c->lines++;
        c->bytes += line.n;
    }
}

static void add_chunk(dgmi_item *item, chunk *c, dgmi_buf *joined)
{
    measure(c);
    bool each = c->lines > 1 && c->bytes / c->lines >= LONG_LINE;
    dgmi_str line, before = { "", 0 };
    for (const char *at = c->from; next_line(&at, c->to, &line); before = line) {
        line = trim_wide(line);
        bool alone = each || is_boilerplate(line);
        if (alone || opens_turn(line, before))
            flush(item, joined);
        if (joined->n > 0)
            dgmi_buf_putc(joined, ' ');
        dgmi_buf_put(joined, line.p, line.n);
        if (joined->failed)
            item->no_memory = true;
        if (alone)
            flush(item, joined);
    }
    flush(item, joined);
}

static void split_chunks(dgmi_item *item, const char *at, const char *end,
                         dgmi_buf *joined)
{
    dgmi_str line;
    size_t blanks = 2; /* the text itself opens a block */
    chunk c = { NULL, NULL, 0, 0 };
    while (!dgmi_item_failed(item) && next_line(&at, end, &line)) {
        bool blank = is_blank(line);
        if (blank && c.from != NULL) {
            add_chunk(item, &c, joined);
            c = (chunk){ NULL, NULL, 0, 0 };
            blanks = 0;
        }
        if (blank) {
            blanks++;
            continue;
        }
        if (c.from == NULL) {
            c.from = line.p;
            item->next_block = blanks > 1;
        }
        c.to = line.p + line.n;
    }
    if (c.from != NULL)
        add_chunk(item, &c, joined);
}

void dgmi_item_add_text(dgmi_item *item, dgmi_str text)
{
    if (dgmi_item_failed(item))
        return;
    dgmi_buf clean, joined;
    dgmi_buf_init(&clean, DGMI_ITEM_MAX);
    dgmi_buf_init(&joined, DGMI_ITEM_MAX);
    dgmi_utf8_clean(&clean, text.p, text.n);
    if (clean.failed)
        item->refused = "larger than an item may be (48 MB)";
    else if (clean.n > 0)
        split_chunks(item, clean.p, clean.p + clean.n, &joined);
    dgmi_buf_clear(&clean);
    dgmi_buf_clear(&joined);
}
