/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of CSV (RFC 4180). Depends on lib/base. */
#include "csv.h"

#include <string.h>

/* A spreadsheet takes a cell that begins like this for a formula, and runs it; some
 * pass over blanks first. The full-width forms of the signs are read as the plain ones.
 */
static bool is_formula(const char *text)
{
    static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                        "\xef\xbc\xa0" };
    if (*text == '\t' || *text == '\r' || *text == '\n')
        return true;
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], 3) == 0)
            return true;
    return *text && strchr("=+-@", *text);
}

/* The inside of a quoted cell. */
static void put_quoted(dgmi_buf *out, const char *text)
{
    for (const char *quote; text && (quote = strchr(text, '"')); text = quote + 1) {
        dgmi_buf_put(out, text, (size_t)(quote - text));
        dgmi_buf_puts(out, "\"\"");
    }
    dgmi_buf_puts(out, text);
}

void dgmi_csv_put(dgmi_buf *out, const char *const *parts, size_t n, const char *between)
{
    bool formula = n > 0 && parts[0] && is_formula(parts[0]);
    bool plain = n == 1 && parts[0] && !formula && !strpbrk(parts[0], "\",\r\n");
    if (n == 0 || !parts[0])
        return;
    if (plain) {
        dgmi_buf_puts(out, parts[0]);
        return;
    }
    dgmi_buf_puts(out, formula ? "\"'" : "\"");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            dgmi_buf_puts(out, between);
        put_quoted(out, parts[i]);
    }
    dgmi_buf_putc(out, '"');
}
