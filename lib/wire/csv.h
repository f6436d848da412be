/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of CSV (RFC 4180). Depends on lib/base. */
#ifndef DGMI_CSV_H
#define DGMI_CSV_H

#include "buf.h"

/* One cell of parts with `between` them. An apostrophe before it makes a formula text. */
void dgmi_csv_put(dgmi_buf *out, const char *const *parts, size_t n, const char *between);

#endif
