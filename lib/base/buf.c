/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing buffer with a hard limit and a latched failure. Depends on str and utf8. */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

void dgmi_buf_init(dgmi_buf *b, size_t max)
{
    *b = (dgmi_buf){ .max = max };
}

void dgmi_buf_clear(dgmi_buf *b)
{
    free(b->p);
    dgmi_buf_init(b, b->max);
}

void dgmi_buf_reset(dgmi_buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

/* Grows the memory to hold `total` bytes and the NUL behind them. */
static bool grow(dgmi_buf *b, size_t total)
{
    size_t most = b->max ? b->max : SIZE_MAX - 1;
    size_t wanted = b->capacity < 64 ? 64 : b->capacity;
    while (wanted < total + 1)
        wanted = wanted > SIZE_MAX / 2 ? total + 1 : wanted * 2;
    if (wanted > most && most > total)
        wanted = most + 1;
    char *p = realloc(b->p, wanted);
    if (!p)
        return false;
    b->p = p;
    b->capacity = wanted;
    return true;
}

char *dgmi_buf_room(dgmi_buf *b, size_t n)
{
    if (b->failed)
        return NULL;
    size_t most = b->max ? b->max : SIZE_MAX - 1;
    bool good = b->n <= most && n <= most - b->n;
    if (good && (!b->p || b->n + n >= b->capacity))
        good = grow(b, b->n + n);
    if (!good) {
        b->failed = true;
        return NULL;
    }
    b->p[b->n + n] = '\0';
    return b->p + b->n;
}

void dgmi_buf_put(dgmi_buf *b, const void *bytes, size_t n)
{
    char *to = dgmi_buf_room(b, n);
    if (!to || n == 0)
        return;
    memcpy(to, bytes, n);
    b->n += n;
}

void dgmi_buf_puts(dgmi_buf *b, const char *s)
{
    if (s)
        dgmi_buf_put(b, s, strlen(s));
}

void dgmi_buf_putc(dgmi_buf *b, char c)
{
    dgmi_buf_put(b, &c, 1);
}

void dgmi_buf_printf(dgmi_buf *b, const char *format, ...)
{
    va_list args, again;
    char small[256];
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
    } else if ((size_t)n < sizeof small) {
        dgmi_buf_put(b, small, (size_t)n);
    } else {
        char *to = dgmi_buf_room(b, (size_t)n);
        if (to && vsnprintf(to, (size_t)n + 1, format, again) == n)
            b->n += (size_t)n;
        else
            b->failed = true;
    }
    va_end(again);
}

void dgmi_buf_put_char32(dgmi_buf *b, uint32_t c)
{
    char bytes[4];
    dgmi_buf_put(b, bytes, dgmi_utf8_put(c, bytes));
}

void dgmi_buf_put_varint(dgmi_buf *b, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    while (v >= 0x80) {
        bytes[n++] = (char)(unsigned char)(v | 0x80);
        v >>= 7;
    }
    bytes[n++] = (char)v;
    dgmi_buf_put(b, bytes, n);
}

void dgmi_buf_put_u64be(dgmi_buf *b, uint64_t v)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(unsigned char)(v >> (56 - 8 * i));
    dgmi_buf_put(b, bytes, sizeof bytes);
}

char *dgmi_buf_take(dgmi_buf *b)
{
    if (b->failed || (!b->p && !dgmi_buf_room(b, 0))) {
        dgmi_buf_clear(b);
        return NULL;
    }
    char *p = b->p;
    p[b->n] = '\0';
    dgmi_buf_init(b, b->max);
    return p;
}

dgmi_str dgmi_buf_str(const dgmi_buf *b)
{
    return (dgmi_str){ b->p ? b->p : "", b->n };
}

bool dgmi_get_varint(const char **p, const char *end, uint64_t *v)
{
    uint64_t value = 0;
    const char *at = *p;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        uint64_t byte = (unsigned char)*at++;
        if (shift == 63 && byte > 1)
            return false;
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) {
            *p = at;
            *v = value;
            return true;
        }
    }
    return false;
}
