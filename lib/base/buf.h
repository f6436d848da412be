/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing buffer with a hard limit and a latched failure: append freely, ask once. */
#ifndef DGMI_BUF_H
#define DGMI_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

typedef struct dgmi_buf {
    char *p; /* always ended by a NUL that n does not count, once anything was put */
    size_t n, capacity, max;
    bool failed; /* memory or the limit ran out; nothing was put since */
} dgmi_buf;

void dgmi_buf_init(dgmi_buf *b, size_t max); /* max: bytes at most, 0: no limit */
void dgmi_buf_clear(dgmi_buf *b);            /* frees; the buffer can be used again */
void dgmi_buf_reset(dgmi_buf *b); /* empties, keeps the memory, forgets a failure */
void dgmi_buf_put(dgmi_buf *b, const void *bytes, size_t n);
void dgmi_buf_puts(dgmi_buf *b, const char *s); /* NULL puts nothing */
void dgmi_buf_putc(dgmi_buf *b, char c);
void dgmi_buf_printf(dgmi_buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void dgmi_buf_put_char32(dgmi_buf *b, uint32_t c); /* as UTF-8 */
void dgmi_buf_put_varint(dgmi_buf *b, uint64_t v); /* LEB128 */
void dgmi_buf_put_u64be(dgmi_buf *b, uint64_t v);
/* Makes room for n more bytes and returns where they go (then add to b->n), NULL when
 * failed. */
char *dgmi_buf_room(dgmi_buf *b, size_t n);
/* Hands over the bytes (the caller frees; "" if nothing was put) or NULL when failed. */
char *dgmi_buf_take(dgmi_buf *b);
dgmi_str dgmi_buf_str(const dgmi_buf *b);

/* Reads a LEB128 number at *p, not past end; moves *p; false if it is cut or over 64
 * bits. */
bool dgmi_get_varint(const char **p, const char *end, uint64_t *v);

#endif
