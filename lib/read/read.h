/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a format to items. Depends on lib/base, lib/item, lib/wire, libxml2, uchardet,
 * zlib, zstd, libarchive. */
#ifndef DGMI_READ_H
#define DGMI_READ_H

#include "buf.h"
#include "dragoman.h"
#include "item.h"

#define DGMI_DOCUMENT_MAX                                                                \
    (64u << 20) /* bytes of a document that must be held whole (all but NDJSON) */
#define DGMI_LINE_MAX (32u << 20) /* bytes of an NDJSON line */

/* Where items and rejections go. `where` is "name", "name:12" (line) or "name:item 3". */
typedef struct dgmi_sink {
    void *user;
    /* Takes over a prepared item. Anything but OK stops the reading and is passed up. */
    dgm_status (*item)(void *user, dgm_item *item, const char *where, dgm_error *err);
    /* bytes (may be NULL when too large to hold: then the source itself is to be kept).
     */
    dgm_status (*reject)(void *user, const char *where, const char *reason,
                         const void *bytes, size_t n, dgm_error *err);
    /* Bytes read so far of this source, after decompression; may be NULL. */
    void (*progress)(void *user, uint64_t bytes);
} dgmi_sink;

typedef struct dgmi_source {
    const char
        *name; /* for messages; its base name may date an item ("2021-06-21-...") */
    const char *format;       /* a name of the table, NULL or "auto" */
    const dgm_origin *origin; /* what its bringer knows of it beside, or NULL */
    struct dgmi_nest *nest;   /* lib/read's own: what it lies in, or NULL */
} dgmi_source;

/* One row a format; formats.c holds the only table. `sniff` scores 0..100 how sure it is
 * of the first bytes (UTF-8 or not, up to 4 KB, white space and BOM skipped). `read` gets
 * the whole document; of a format that `streams`, stream.c feeds the line machine in
 * ndjson.c instead, as the bytes come. */
typedef struct dgmi_format {
    const char *name;
    const char *help; /* one line, for --help and the manual */
    int (*sniff)(const char *p, size_t n);
    dgm_status (*read)(const dgmi_source *source, const char *p, size_t n,
                       const dgmi_sink *sink, dgm_error *err);
    bool streams;
} dgmi_format;

const dgmi_format *dgmi_format_at(size_t i);                  /* NULL past the end */
const dgmi_format *dgmi_format_find(const char *name);        /* NULL if none */
const dgmi_format *dgmi_format_told(const char *p, size_t n); /* from its content */

/* Reads a descriptor to its end: packed bytes and archives are unpacked on the way (told
 * by magic, with the caps above and those of bundle.h), the format is told from the
 * content. A document that no format knows is rejected. Errors: only the sink's, NOMEM,
 * and IO when reading itself fails. */
dgm_status dgmi_read_fd(int fd, const dgmi_source *source, const dgmi_sink *sink,
                        dgm_error *err);
dgm_status dgmi_read_bytes(const void *p, size_t n, const dgmi_source *source,
                           const dgmi_sink *sink, dgm_error *err);

/* Any bytes to clean UTF-8: BOM, then valid UTF-8, then `declared` (may be NULL) or the
 * XML declaration, then uchardet, then windows-1252 (ecosystem.md 3.3). *charset (may be
 * NULL) names what was used; static. */
dgm_status dgmi_to_utf8(dgmi_buf *out, const char *p, size_t n, const char *declared,
                        const char **charset, dgm_error *err);

/* ---- What fetching wants to know of a feed (opml.c, facts.c) */

typedef struct dgmi_pair {
    const char *name, *value;
} dgmi_pair;

/* Calls visit for each outline of an OPML list that names a feed (xmlUrl), with all of
 * its attributes. ARG if it is no OPML; else what the visitor says. */
typedef dgm_status (*dgmi_outline_visit)(void *user, const dgmi_pair *attributes,
                                         size_t n, dgm_error *err);
dgm_status dgmi_opml_read(const char *p, size_t n, dgmi_outline_visit visit, void *user,
                          dgm_error *err);

/* What a feed says to those who poll it. */
typedef struct dgmi_feed_facts {
    unsigned long ttl; /* minutes that it asks to leave it alone, a year at most, or 0 */
    char hub[2048],
        self[2048]; /* where WebSub is to be asked for, and under which name */
} dgmi_feed_facts;
void dgmi_feed_look(const char *p, size_t n, dgmi_feed_facts *out);

/* An HTML body to paragraphs of an item: block elements part, script and style go,
 * entities are decoded, list items and headings are paragraphs, <br><br> parts. */
void dgmi_html_paragraphs(dgmi_item *item, dgmi_str html);
/* HTML (also doubly escaped) to one line of plain text: for titles. */
void dgmi_html_text(dgmi_buf *out, dgmi_str html);

#endif
