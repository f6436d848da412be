/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of lib/read share with each other and with nobody else. Depends on
 * read.h. */
#ifndef DGMI_READER_H
#define DGMI_READER_H

#include <libxml/tree.h>

#include "read.h"

#define DGMI_WHERE_SIZE 1200
#define DGMI_HEAD_MAX 4096 /* bytes that formats are told by */

/* ---- formats.c */

/* An item on its way out. */
typedef struct dgmi_delivery {
    const dgmi_source *source;
    const dgmi_sink *sink;
    const char *where;
    dgmi_str raw;  /* what its digest is made of */
    dgmi_str kept; /* what goes into the rejects if it is refused; .p may be NULL */
    const char *late_source; /* its issuing body, if nothing better is found; or NULL */
    bool prepared;           /* it comes out of an archive and is complete */
} dgmi_delivery;

/* Completes the item (it is used up) and gives it to the sink; one that is refused is
 * rejected. Errors: those of the sink, and NOMEM. */
dgm_status dgmi_deliver(const dgmi_delivery *d, dgmi_item *item, dgm_error *err);

/* Rejects; err receives only what the sink says. */
dgm_status dgmi_reject(const dgmi_source *source, const dgmi_sink *sink,
                       const char *where, const char *reason, dgmi_str bytes,
                       dgm_error *err);

bool dgmi_is_auto(
    const dgmi_source *source); /* the format is to be told from the content */

/* ---- sniff.c: `sniff` of each format, on text that dgmi_sniff has made plain. */

int dgmi_sniff_milosi(const char *p, size_t n);
int dgmi_sniff_rss(const char *p, size_t n);
int dgmi_sniff_rdf(const char *p, size_t n);
int dgmi_sniff_atom(const char *p, size_t n);
int dgmi_sniff_newsml(const char *p, size_t n);
int dgmi_sniff_nitf(const char *p, size_t n);
int dgmi_sniff_html(const char *p, size_t n);
int dgmi_sniff_ndjson(const char *p, size_t n);
int dgmi_sniff_jsonfeed(const char *p,
                        size_t n); /* this and the next two: sniff_json.c */
int dgmi_sniff_ninjs(const char *p, size_t n);
int dgmi_sniff_wordpress(const char *p, size_t n);
int dgmi_sniff_newsml1(const char *p, size_t n);
int dgmi_sniff_mail(const char *p, size_t n); /* this and the next: sniff_mail.c */
int dgmi_sniff_iptc7901(const char *p, size_t n);
int dgmi_sniff_anpa(const char *p, size_t n);

/* The format that is surest of these first bytes, or NULL. */
const dgmi_format *dgmi_sniff(const char *p, size_t n);
/* UTF-16 or UTF-32, by its mark or by its zero bytes. */
bool dgmi_is_wide(const char *p, size_t n);
/* Whether text (UTF-8, whole) is worth an item when nobody said what it is. */
bool dgmi_is_prose(const char *p, size_t n);

/* ---- The `read` of each format. */

dgm_status dgmi_read_milosi(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_rss(const dgmi_source *source, const char *p, size_t n,
                         const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_rdf(const dgmi_source *source, const char *p, size_t n,
                         const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_atom(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_newsml(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_nitf(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_html(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_ndjson(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_jsonfeed(const dgmi_source *source, const char *p, size_t n,
                              const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_newsml1(const dgmi_source *source, const char *p, size_t n,
                             const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_iptc7901(const dgmi_source *source, const char *p, size_t n,
                              const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_anpa(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_mail(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_wordpress(const dgmi_source *source, const char *p, size_t n,
                               const dgmi_sink *sink, dgm_error *err);
dgm_status dgmi_read_ninjs(const dgmi_source *source, const char *p, size_t n,
                           const dgmi_sink *sink, dgm_error *err);

/* ---- ndjson.c: lines as they come. */

typedef struct dgmi_lines dgmi_lines;
dgmi_lines *dgmi_lines_new(const dgmi_source *source,
                           const dgmi_sink *sink); /* NULL: no memory */
/* The same for objects of another kind, each given whole (clean UTF-8) to `take`, however
 * the lines run. The document's mark, if any, is not to be fed. */
typedef dgm_status (*dgmi_take)(void *user, dgmi_str object, dgm_error *err);
dgmi_lines *dgmi_objects_new(const dgmi_source *source, const dgmi_sink *sink,
                             dgmi_take take, void *user);
dgm_status dgmi_lines_feed(dgmi_lines *l, const char *p, size_t n, dgm_error *err);
dgm_status dgmi_lines_end(dgmi_lines *l,
                          dgm_error *err); /* what stands there is the last line */
void dgmi_lines_free(dgmi_lines *l);

/* ---- chars.c: character references. */

/* The reference ("&amp;", "&#8211;", "&#x2013;") that s begins with: its bytes, or 0 if
 * it is none. *c is the character, 0 if it stands for nothing that text may hold. */
size_t dgmi_char_ref(dgmi_str s, uint32_t *c);
/* Appends s with its references decoded. */
void dgmi_decode_refs(dgmi_buf *out, dgmi_str s);

/* A tag as it is written. libxml2 compares each attribute of a tag with each other one,
 * so that a tag of many takes it a long time. */
typedef struct dgmi_tag_shape {
    size_t length;     /* up to and with ">", or all of s */
    bool closed;       /* ">" was found */
    size_t attributes; /* at most so many */
} dgmi_tag_shape;

/* The shape of the tag whose "<" opens s; gives up after `most` bytes. */
dgmi_tag_shape dgmi_tag_look(dgmi_str s, size_t most);

/* ---- xml.c */

/* A parsed document. `broken` says what is missing of it, or is NULL. */
typedef struct dgmi_xml {
    xmlDoc *doc;
    const char *broken; /* static */
    dgmi_buf text;      /* what the parser read: clean UTF-8 */
} dgmi_xml;

/* Parses a feed of any charset. ARG with the reason if it is refused or cannot be read at
 * all. Entities are never expanded, nothing outside the document is read. */
dgm_status dgmi_xml_parse(const char *p, size_t n, dgmi_xml *out, dgm_error *err);
void dgmi_xml_clear(dgmi_xml *xml);

bool dgmi_xml_is(const xmlNode *node, const char *name); /* by local name, without case */
/* The text of an element; the markup inside, if it holds elements. Appends to out. */
void dgmi_xml_inner(const xmlNode *node, dgmi_buf *out);
void dgmi_xml_text(const xmlNode *node, dgmi_buf *out); /* the text alone */
/* An attribute, appended to out; false if it is not there. */
bool dgmi_xml_attribute(const xmlNode *node, const char *name, dgmi_buf *out);

/* ---- html.c */

bool dgmi_has_tags(dgmi_str s);
/* HTML (clean UTF-8) to a tree that is not deep; the caller frees it. ARG with the reason
 * if libxml2 is not the one to read this. */
dgm_status dgmi_html_tree(dgmi_str html, xmlDoc **out, dgm_error *err);
/* HTML to text with line ends: paragraphs parted by blank lines. */
void dgmi_html_to_text(dgmi_buf *out, dgmi_str html);
/* The same for what libxml2 would take too long for: tags are cut out one by one.
 * (strip.c) */
void dgmi_html_strip(dgmi_buf *out, dgmi_str html);

typedef enum dgmi_tag {
    DGMI_INLINE,
    DGMI_BLOCK,
    DGMI_BREAK,
    DGMI_RULE,
    DGMI_CELL,
    DGMI_HIDDEN
} dgmi_tag;
dgmi_tag dgmi_tag_kind(dgmi_str name);
void dgmi_html_part(dgmi_buf *out);  /* ends a paragraph, if one is open */
void dgmi_html_space(dgmi_buf *out); /* a space, unless a line has just begun */

#endif
