/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout of a stored record, as its writer, its reader and its copier share it.
 * Depends on record.h, zstd. */
#ifndef DGMI_RECORD_LAYOUT_H
#define DGMI_RECORD_LAYOUT_H

#include <stddef.h>
#include <zstd.h>

#include "record.h"

/* Layout before compression; numbers are LEB128, strings are length + 1 (0: NULL), bytes,
 * NUL: LAYOUT, flags, eight counts, four times (zigzag), first_seen, at, digests (8
 * bytes each), as many places, the strings in the order of
 * dgmi_record_string, topics, names, turns,
 * asides, evidence, warnings, paragraph lengths, the text with "\n\n" between paragraphs,
 * NUL. */
enum {
    DGMI_RECORD_LAYOUT = 2,
    DGMI_RECORD_SMALL =
        1 << 20, /* a buffer larger than this is given back once it is not needed */
    DGMI_RECORD_MOST = 128 << 20
};

enum { DGMI_FLAG_DERIVED = 1, DGMI_FLAG_TRANSLATED = 2, DGMI_STATUS_SHIFT = 2 };

/* The string i of an item, in the order of the layout. Owner: the item. */
const char **dgmi_record_string(dgm_item *item, size_t i);
const char *dgmi_record_string_in(const dgm_item *item, size_t i);
#define DGMI_RECORD_STRINGS 16

struct dgmi_codec {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
    dgmi_buf raw; /* the layout, to be compressed or laid open */
    char *arrays; /* of the record laid open */
    size_t arrays_size;
};

/* Empties the buffer; one huge item must not pin its memory for good. */
void dgmi_codec_empty(dgmi_codec *c);

#endif
