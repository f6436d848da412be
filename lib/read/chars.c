/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Character references and the outside of tags, of XML and HTML. Depends on libxml2's
 * table of names and lib/base.
 */
#include "reader.h"

#include <ctype.h>
#include <string.h>

#include <libxml/HTMLparser.h>

enum { NAME_MAX_BYTES = 32, DIGITS_MAX = 10 };

/* What windows-1252 has where Unicode has controls: pages number their quotes and dashes
 * so. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static uint32_t allowed(uint32_t c)
{
    if (c >= 0x80 && c <= 0x9F)
        return windows_1252[c - 0x80];
    bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    bool none = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) || c > 0x10FFFF;
    return control || surrogate || none ? 0 : c;
}

static size_t number_ref(dgmi_str s, uint32_t *c)
{
    bool hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
    size_t i = hex ? 3 : 2, from = i;
    uint64_t v = 0;
    while (i < s.n && i - from < DIGITS_MAX && isxdigit((unsigned char)s.p[i])) {
        unsigned char d = (unsigned char)s.p[i];
        if (!hex && !isdigit(d))
            break;
        unsigned digit = (unsigned)(isdigit(d) ? d - '0' : tolower(d) - 'a' + 10);
        v = v * (hex ? 16 : 10) + digit;
        i++;
    }
    if (i == from || i >= s.n || s.p[i] != ';')
        return 0;
    *c = allowed(v > 0x10FFFF ? 0x110000 : (uint32_t)v);
    return i + 1;
}

static size_t name_ref(dgmi_str s, uint32_t *c)
{
    char name[NAME_MAX_BYTES];
    size_t n = 0;
    while (n + 1 < s.n && n + 1 < sizeof name && isalnum((unsigned char)s.p[n + 1])) {
        name[n] = s.p[n + 1];
        n++;
    }
    if (n == 0 || n + 1 >= s.n || s.p[n + 1] != ';')
        return 0;
    name[n] = '\0';
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
    if (entity == NULL && strcmp(name, "apos") != 0)
        return 0;
    *c = entity != NULL ? entity->value : '\'';
    return n + 2;
}

size_t dgmi_char_ref(dgmi_str s, uint32_t *c)
{
    if (s.n < 3 || s.p[0] != '&')
        return 0;
    return s.p[1] == '#' ? number_ref(s, c) : name_ref(s, c);
}

void dgmi_decode_refs(dgmi_buf *out, dgmi_str s)
{
    while (s.n > 0) {
        const char *amp = memchr(s.p, '&', s.n);
        size_t plain = amp != NULL ? (size_t)(amp - s.p) : s.n;
        dgmi_buf_put(out, s.p, plain);
        s = dgmi_str_skip(s, plain);
        if (s.n == 0)
            return;
        uint32_t c = 0;
        size_t used = dgmi_char_ref(s, &c);
        if (used == 0)
            dgmi_buf_putc(out, '&');
        else if (c != 0)
            dgmi_buf_put_char32(out, c);
        s = dgmi_str_skip(s, used > 0 ? used : 1);
    }
}

dgmi_tag_shape dgmi_tag_look(dgmi_str s, size_t most)
{
    dgmi_tag_shape shape = { .length = s.n < most ? s.n : most };
    char quote = 0, before = 0; /* the last byte that was no space */
    for (size_t i = 1; i < shape.length; i++) {
        char c = s.p[i];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '>') {
            shape.length = i + 1;
            shape.closed = true;
        } else if (before == '=' && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            /* HTML parts attributes by spaces and slashes; XML, when sloppy, by nothing.
             */
            shape.attributes += isspace((unsigned char)c) || c == '/' || c == '=';
        }
        if (!isspace((unsigned char)c))
            before = c;
    }
    return shape;
}
