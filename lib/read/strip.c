/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML to text without a parser: one pass, no nesting. For documents made to be slow,
 * where libxml2 is given up. Depends on reader.h and lib/base. */
#include "reader.h"

#include <ctype.h>
#include <string.h>

static size_t tag_length(dgmi_str s)
{
    return dgmi_tag_look(s, s.n).length;
}

static dgmi_str tag_name(dgmi_str s)
{
    size_t from = s.n > 1 && s.p[1] == '/' ? 2 : 1, n = 0;
    while (from + n < s.n && isalnum((unsigned char)s.p[from + n]))
        n++;
    return (dgmi_str){ s.p + from, n };
}

/* Past the element that begins at s and whose text is not shown. */
static size_t hidden_length(dgmi_str s, dgmi_str name, size_t tag)
{
    for (size_t i = tag; i + 2 + name.n <= s.n; i++) {
        if (s.p[i] != '<' || s.p[i + 1] != '/')
            continue;
        dgmi_str end = tag_name(dgmi_str_skip(s, i));
        if (end.n == name.n && strncasecmp(end.p, name.p, name.n) == 0)
            return i + tag_length(dgmi_str_skip(s, i));
    }
    return tag;
}

static void put_text(dgmi_buf *out, dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint32_t c = 0;
        size_t used = s.p[i] == '&' ? dgmi_char_ref(dgmi_str_skip(s, i), &c) : 0;
        if (used > 0 && c > ' ' && c != 0xA0)
            dgmi_buf_put_char32(out, c);
        else if (used > 0 || (unsigned char)s.p[i] <= ' ')
            dgmi_html_space(out);
        else
            dgmi_buf_putc(out, s.p[i]);
        i += used > 0 ? used - 1 : 0;
    }
}

/* A search that found no end would find none again: each kind is given up after the
 * first. */
typedef struct searches {
    bool hidden, comment;
} searches;

static size_t take_tag(dgmi_buf *out, dgmi_str s, searches *go)
{
    size_t n = tag_length(s);
    dgmi_str name = tag_name(s);
    switch (dgmi_tag_kind(name)) {
    case DGMI_INLINE:
        break;
    case DGMI_BLOCK:
    case DGMI_RULE:
        dgmi_html_part(out);
        break;
    case DGMI_BREAK:
        dgmi_buf_putc(out, '\n');
        break;
    case DGMI_CELL:
        dgmi_html_space(out);
        break;
    case DGMI_HIDDEN:
        if (s.p[1] != '/' && go->hidden) {
            size_t whole = hidden_length(s, name, n);
            go->hidden = whole > n;
            return whole;
        }
        break;
    }
    return n;
}

static size_t take_markup(dgmi_buf *out, dgmi_str s, searches *go)
{
    if (go->comment && dgmi_str_starts(s, "<!--")) {
        const char *end = memmem(s.p, s.n, "-->", 3);
        go->comment = end != NULL;
        if (end != NULL)
            return (size_t)(end - s.p) + 3;
    }
    return take_tag(out, s, go);
}

void dgmi_html_strip(dgmi_buf *out, dgmi_str s)
{
    searches go = { true, true };
    while (s.n > 0 && !out->failed) {
        const char *open = memchr(s.p, '<', s.n);
        size_t plain = open != NULL ? (size_t)(open - s.p) : s.n;
        put_text(out, (dgmi_str){ s.p, plain });
        s = dgmi_str_skip(s, plain);
        if (s.n == 0)
            return;
        unsigned char c = s.n > 1 ? (unsigned char)s.p[1] : ' ';
        if (!isalpha(c) && c != '/' && c != '!' && c != '?') {
            dgmi_buf_putc(out, '<');
            s = dgmi_str_skip(s, 1);
            continue;
        }
        s = dgmi_str_skip(s, take_markup(out, s, &go));
    }
}
