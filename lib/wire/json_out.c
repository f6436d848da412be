/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest pieces of JSON that are written. Depends on lib/base. */
#include "json_out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"

/* The two-character escape of a byte, or 0. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\n':
        return 'n';
    case '\t':
        return 't';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

void dgmi_json_nstring(dgmi_buf *out, const char *p, size_t n)
{
    size_t from = 0;
    dgmi_buf_putc(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        dgmi_buf_put(out, p + from, i - from);
        from = i + 1;
        char escape = short_escape(c);
        if (escape != 0)
            dgmi_buf_put(out, (char[2]){ '\\', escape }, 2);
        else
            dgmi_buf_printf(out, "\\u%04x", c);
    }
    if (n > from)
        dgmi_buf_put(out, p + from, n - from);
    dgmi_buf_putc(out, '"');
}

void dgmi_json_string(dgmi_buf *out, const char *s)
{
    if (s == NULL)
        dgmi_buf_puts(out, "null");
    else
        dgmi_json_nstring(out, s, strlen(s));
}

void dgmi_json_time(dgmi_buf *out, int64_t time)
{
    char text[DGMI_DATE_SIZE];
    if (time == DGM_NO_TIME)
        dgmi_buf_puts(out, "null");
    else
        dgmi_json_string(out, dgmi_date_format(time, text));
}

void dgmi_json_real(dgmi_buf *out, double v)
{
    char text[40];
    if (!isfinite(v)) {
        dgmi_buf_puts(out, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    for (char *p = text; *p != '\0';
         p++) { /* a program that embeds us may have set a locale */
        if (*p == ',')
            *p = '.';
    }
    dgmi_buf_puts(out, text);
}

void dgmi_json_key(dgmi_buf *out, const char *name)
{
    char last = out->n > 0 ? out->p[out->n - 1] : '{';
    if (last != '{' && last != '[')
        dgmi_buf_putc(out, ',');
    dgmi_buf_putc(out, '"');
    dgmi_buf_puts(out, name);
    dgmi_buf_puts(out, "\":");
}

void dgmi_json_put_text(dgmi_buf *out, const char *name, const char *value)
{
    dgmi_json_key(out, name);
    dgmi_json_string(out, value);
}

void dgmi_json_put_number(dgmi_buf *out, const char *name, uint64_t value)
{
    dgmi_json_key(out, name);
    dgmi_buf_printf(out, "%llu", (unsigned long long)value);
}

void dgmi_json_put_bool(dgmi_buf *out, const char *name, bool value)
{
    dgmi_json_key(out, name);
    dgmi_buf_puts(out, value ? "true" : "false");
}

void dgmi_json_put_real(dgmi_buf *out, const char *name, double value)
{
    dgmi_json_key(out, name);
    dgmi_json_real(out, value);
}

void dgmi_json_put_time(dgmi_buf *out, const char *name, int64_t value)
{
    dgmi_json_key(out, name);
    dgmi_json_time(out, value);
}

void dgmi_json_put_texts(dgmi_buf *out, const char *name, const char *const *values,
                         size_t n)
{
    dgmi_json_key(out, name);
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        dgmi_json_string(out, values[i]);
    }
    dgmi_buf_putc(out, ']');
}
