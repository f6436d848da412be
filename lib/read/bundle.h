/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives (tar, zip) and what is packed with xz or bzip2, or more than once. Depends on
 * reader.h, unpack.h. */
#ifndef DGMI_BUNDLE_H
#define DGMI_BUNDLE_H

#include "reader.h"
#include "unpack.h"

#define DGMI_NEST_MAX 4 /* archives inside archives, packings included */
#define DGMI_BUNDLE_MAX                                                                  \
    ((uint64_t)16 << 30) /* bytes that all members of a source may have, unpacked */

/* What all members of one source share. */
typedef struct dgmi_nest {
    unsigned depth;
    uint64_t seen;                /* bytes of documents so far, for the progress */
    uint64_t given;               /* bytes of members so far, at all depths */
    const dgmi_unpack *outermost; /* reads the source itself */
    bool spent;                   /* more than is allowed: all reading ends */
} dgmi_nest;

/* Whether these first bytes are those of an archive, or are packed. */
bool dgmi_is_bundle(const char *p, size_t n);

/* Reads each member as a source of its own: "feeds.zip:a/b.xml". head holds what was read
 * of the archive already and is emptied; the rest comes from `in`. A member that is
 * broken is rejected, and so is an archive that cannot be read further; links are not
 * followed and nothing is ever written. */
dgm_status dgmi_read_bundle(const dgmi_source *source, const dgmi_sink *sink,
                            dgmi_nest *nest, dgmi_buf *head, dgmi_unpack *in,
                            dgm_error *err);

/* Reads an input to its end (stream.c). */
dgm_status dgmi_read_input(const dgmi_input *input, const dgmi_source *source,
                           const dgmi_sink *sink, dgmi_nest *nest, dgm_error *err);

#endif
