/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of IPTC's formats and of web pages share: notes for an item's extra,
 * bodies out of a tree. Depends on feed.h. */
#ifndef DGMI_PRESS_H
#define DGMI_PRESS_H

#include "feed.h"

#define DGMI_VALUE_MAX (1u << 20) /* bytes of one attribute or name */

/* How a body is read out of a tree. */
typedef struct dgmi_tree_options {
    bool wire; /* blank lines inside a text part paragraphs, as agencies write them */
    bool (*skip)(const xmlNode *node); /* elements to leave out; may be NULL */
} dgmi_tree_options;

/* ---- press.c */

#define DGMI_NOTE_NAME 40 /* bytes of a note's name */

/* The name, or "name_2" and so on where it stands among the notes: JSON has each once.
 * NULL once there are twenty. */
const char *dgmi_note_name(const dgmi_buf *notes, const char *name,
                           char own[DGMI_NOTE_NAME]);
/* Adds "name":"value" to the entry's notes: white space runs become one space, and a
 * blank value adds nothing. Names are not those of an item's own members. */
void dgmi_note(dgmi_entry *entry, const char *name, dgmi_str value);

/* A note that is an array: opened by its first value, closed by dgmi_notes_end. */
typedef struct dgmi_notes {
    dgmi_entry *entry;
    const char *name;
    bool open;
} dgmi_notes;

/* One member of an object: a name and what it says; blank ones are left out. */
typedef struct dgmi_member {
    const char *name;
    dgmi_str value;
} dgmi_member;

void dgmi_notes_add(dgmi_notes *notes, dgmi_str value); /* text */
void dgmi_notes_add_object(dgmi_notes *notes, const dgmi_member *members, size_t n);
void dgmi_notes_end(dgmi_notes *notes);

/* The first child of that name, or NULL; node may be NULL. */
const xmlNode *dgmi_xml_child(const xmlNode *node, const char *name);
/* The next sibling of that name after node, or NULL. */
const xmlNode *dgmi_xml_next(const xmlNode *node, const char *name);
/* An attribute as text without space at its ends, in buf, which is emptied first. Empty
 * if there is none; node may be NULL. */
dgmi_str dgmi_xml_value(const xmlNode *node, const char *name, dgmi_buf *buf);
/* The text of an element, in the same manner. */
dgmi_str dgmi_xml_content(const xmlNode *node, dgmi_buf *buf);

/* Sets the part to this text unless it has one. */
void dgmi_entry_set_text(dgmi_entry *entry, dgmi_part part, dgmi_str text);
/* Sets a date, and replaces one that is none ("YYYYMMDD") by one that is. */
void dgmi_entry_set_date(dgmi_entry *entry, dgmi_part part, dgmi_str date);
/* Sets the body to what stands below node, if that holds any text. */
void dgmi_entry_set_tree(dgmi_entry *entry, const xmlNode *node,
                         const dgmi_tree_options *options);
/* Keeps a summary that says something that the body does not. */
void dgmi_entry_note_summary(dgmi_entry *entry, const xmlNode *summary);
/* Sets the author from a byline: "By Anna Keller<byttl>Harbour desk</byttl>" is Anna
 * Keller, Harbour desk. */
void dgmi_entry_set_byline(dgmi_entry *entry, const xmlNode *byline);

/* ---- body.c */

/* The elements and text below node as plain HTML for dgmi_html_paragraphs: XHTML in any
 * namespace, NITF, HTML. */
void dgmi_tree_html(const xmlNode *node, const dgmi_tree_options *options, dgmi_buf *out);

/* ---- nitf.c: a document that another format carries. */

/* Title, author and body, of those the entry has none yet. */
void dgmi_nitf_content(const xmlNode *nitf, dgmi_entry *entry);

#endif
