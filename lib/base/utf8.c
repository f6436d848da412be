/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, byte by byte. Depends on buf. */
#include "utf8.h"

#include <string.h>

static bool is_tail(const char *p)
{
    return ((unsigned char)*p & 0xC0) == 0x80;
}

/* The length that a first byte announces; 0 if it cannot be one. C0, C1 (overlong) and F5
 * and up (past U+10FFFF) never begin a character. */
static unsigned announced(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

unsigned dgmi_utf8_get(const char *p, const char *end, uint32_t *c)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    static const unsigned char lead_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    unsigned char lead = (unsigned char)*p;
    unsigned n = announced(lead);
    if (n == 1) {
        *c = lead;
        return 1;
    }
    *c = DGMI_REPLACEMENT;
    if (n == 0 || (size_t)(end - p) < n)
        return 1;
    uint32_t value = lead & lead_bits[n];
    for (unsigned i = 1; i < n; i++) {
        if (!is_tail(p + i))
            return 1;
        value = value << 6 | ((unsigned char)p[i] & 0x3F);
    }
    if (value < least[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *c = value;
    return n;
}

unsigned dgmi_utf8_put(uint32_t c, char out[4])
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = DGMI_REPLACEMENT;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    unsigned n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (unsigned i = n - 1; i > 0; i--) {
        out[i] = (char)(unsigned char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(unsigned char)(marks[n] | c);
    return n;
}

/* Length of the plain ASCII without control characters that begins at p. */
static size_t plain_run(const char *p, const char *end)
{
    const char *at = p;
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80)
        at++;
    return (size_t)(at - p);
}

bool dgmi_utf8_valid(const char *p, size_t n)
{
    const char *end = p ? p + n : p;
    while (p < end) {
        uint32_t c;
        unsigned length = dgmi_utf8_get(p, end, &c);
        /* Length 1 above ASCII is how an invalid byte is told from a real U+FFFD. */
        if (length == 1 && (unsigned char)*p >= 0x80)
            return false;
        p += length;
    }
    return true;
}

static bool is_noncharacter(uint32_t c)
{
    return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

/* Handles the character at p, which is not plain ASCII; returns its length. */
static size_t clean_one(dgmi_buf *out, const char *p, const char *end, size_t *changed)
{
    uint32_t c;
    unsigned length = dgmi_utf8_get(p, end, &c);
    if (c == '\r') {
        dgmi_buf_putc(out, '\n');
        return p + 1 < end && p[1] == '\n' ? 2 : 1;
    }
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xFEFF || is_noncharacter(c)) {
        ++*changed;
        return length;
    }
    if (length == 1 && c == DGMI_REPLACEMENT) {
        ++*changed;
        dgmi_buf_put_char32(out, c);
        return 1;
    }
    dgmi_buf_put(out, p, length);
    return length;
}

size_t dgmi_utf8_clean(dgmi_buf *out, const char *p, size_t n)
{
    const char *end = p ? p + n : p;
    size_t changed = 0;
    while (p < end && !out->failed) {
        size_t run = plain_run(p, end);
        if (run > 0)
            dgmi_buf_put(out, p, run);
        else
            run = clean_one(out, p, end, &changed);
        p += run;
    }
    return changed;
}

size_t dgmi_utf8_count(const char *p, size_t n)
{
    const char *end = p ? p + n : p;
    size_t count = 0;
    while (p < end) {
        uint32_t c;
        p += dgmi_utf8_get(p, end, &c);
        count++;
    }
    return count;
}

size_t dgmi_utf8_cut(const char *p, size_t n, size_t max)
{
    if (max >= n)
        return n;
    size_t start = max;
    while (start > 0 && max - start < 3 && is_tail(p + start))
        start--;
    uint32_t c;
    unsigned length = dgmi_utf8_get(p + start, p + n, &c);
    return start + length > max ? start : max;
}
