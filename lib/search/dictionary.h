/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the index that are near a word, out of what a reader holds of its
 * dictionary. Depends on lib/index, lib/text.
 *
 * Words with the same first letter are read from the index when they are first needed,
 * and stay: to look for near ones among them takes some hundredth of what walking over
 * their terms does. What is held is a superset of the words that the revision at hand
 * has: each that is near has its frequency looked up there, and one with none is passed
 * over.
 *
 * Why no word is missing at a later revision: documents change in two ways. A record of
 * the archive that the writer came to gives its item a new document or another one under
 * the same number. And where the clock alone lets items go or holds them, the index
 * counts that (dgmi_meta.settled). So at each revision, before anything is looked up, the
 * words of all documents are added whose records lie between the places that the former
 * revision and this one reached in the archive; and all is forgotten, to be loaded anew,
 * if the clock had a hand in it, in another generation, or if there are too many records.
 */
#ifndef DGMI_DICTIONARY_H
#define DGMI_DICTIONARY_H

#include "generation.h" /* and so the reader.h beside it, not that of lib/read */
#include "str.h"

#define DGMI_DICTIONARY_BYTES (16 << 20) /* that a reader holds, at most */
#define DGMI_DICTIONARY_INITIALS 256     /* first letters, those of titles apart */
#define DGMI_DICTIONARY_BEHIND (1 << 20) /* bytes of records whose words are added */

typedef struct dgmi_dictionary dgmi_dictionary;

/* NULL without memory. */
dgmi_dictionary *dgmi_dictionary_new(void);
void dgmi_dictionary_free(dgmi_dictionary *d);

/* What is looked for: words within `distance` (up to 2) of `word` among the first `walk`
 * of those that begin with `head`, which is a letter or more. */
typedef struct dgmi_near {
    const char *prefix; /* of the terms: DGMI_PREFIX_TITLE, or "" */
    const char *head;
    const char *word;
    unsigned distance;
    size_t walk;
    uint64_t deadline_us; /* 0: none */
    /* Is handed each in the order of their bytes; false ends it all without memory. */
    bool (*see)(void *user, dgmi_str word, uint32_t frequency);
    void *user;
} dgmi_near;

/* Looks for them at the revision of index; *all tells whether there were fewer than
 * `walk` words with that head. d NULL: in the index itself, and nothing is held. Errors:
 * TIMEOUT past the deadline; NOMEM; those of reading. */
dgm_status dgmi_dictionary_near(dgmi_dictionary *d, const dgmi_index *index,
                                const dgmi_near *near, bool *all, dgm_error *err);

/* Bytes held, first letters and words read from the index so far: for tests. */
size_t dgmi_dictionary_bytes(const dgmi_dictionary *d);
uint64_t dgmi_dictionary_loads(const dgmi_dictionary *d);
uint64_t dgmi_dictionary_words(const dgmi_dictionary *d);
/* Another bound than DGMI_DICTIONARY_BYTES: for tests. */
void dgmi_dictionary_set_bytes(dgmi_dictionary *d, size_t bytes);

#endif
