/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page's files, compiled in: web.sh writes the table. Depends on nothing. */
#ifndef DGMS_ASSETS_H
#define DGMS_ASSETS_H

#include <stddef.h>

typedef struct dgms_asset {
    const char *name; /* "index.html"; NULL ends the table */
    const unsigned char *bytes;
    size_t n;
} dgms_asset;

extern const dgms_asset dgms_assets[];

#endif
