/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stored record of an item: a binary layout that is read without parsing, compressed
 * with zstd (its output cannot be shrunk again, so glass does not spend zlib on it).
 * Depends on lib/base, dragoman.h, zstd. */
#ifndef DGMI_RECORD_H
#define DGMI_RECORD_H

#include "buf.h"
#include "dragoman.h"

/* What the index knows of an item beside the item. */
typedef struct dgmi_stored {
    uint64_t first_seen; /* archive position of the first record of this id
                            (segment<<40|offset) */
    uint64_t at;         /* that of the winning version */
    const uint64_t
        *digests;           /* of versions seen, oldest first, at most DGMI_DIGESTS_MAX */
    const uint64_t *places; /* of as many versions in the archive */
    uint32_t n_digests;
    /* Not in the record but in terms and slots: */
    const struct dgmi_kin *kin; /* its story */
    bool held;                  /* under an embargo that is not over */
    bool superseded;            /* another item evolved from it */
} dgmi_stored;
#define DGMI_DIGESTS_MAX 64

/* A record laid open: everything points into the codec's buffer and is valid until its
 * next use. `item` is complete but for `paragraphs` (NULL): the text is one run,
 * paragraphs parted by "\n\n". */
typedef struct dgmi_record {
    dgm_item item;
    const char *text; /* ended by NUL */
    size_t text_n;
    const uint32_t *starts; /* of item.n_paragraphs paragraphs in text */
    dgmi_stored stored;
} dgmi_record;

/* zstd contexts and a buffer; one thread at a time. */
typedef struct dgmi_codec dgmi_codec;
dgmi_codec *dgmi_codec_new(void);
void dgmi_codec_free(dgmi_codec *c);

dgm_status dgmi_record_encode(dgmi_codec *c, const dgm_item *item,
                              const dgmi_stored *stored, dgmi_buf *out, dgm_error *err);
/* CORRUPT for anything that encode did not write: every offset is checked. */
dgm_status dgmi_record_decode(dgmi_codec *c, const char *p, size_t n, dgmi_record *out,
                              dgm_error *err);
/* A copy that stands alone, with paragraphs. */
dgm_status dgmi_record_item(const dgmi_record *record, dgm_item **out, dgm_error *err);

#endif
