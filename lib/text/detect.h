/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which language and which script a text is in. Depends on lib/xapian's guard and cld2.
 */
#ifndef DGMI_DETECT_H
#define DGMI_DETECT_H

#include "dragoman.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Letters that a text must have before a language is told from it: of Russian headlines
 * of so many one in a hundred is taken for another Slavic language, of two thirds as many
 * one in twenty. A Chinese, Japanese or Korean letter counts as four. */
#define DGMI_DETECT_LETTERS 60

typedef enum dgmi_script {
    DGMI_SCRIPT_NONE, /* no letters, or of no script in this list */
    DGMI_SCRIPT_LATIN,
    DGMI_SCRIPT_CYRILLIC,
    DGMI_SCRIPT_ARABIC,
    DGMI_SCRIPT_GREEK,
    DGMI_SCRIPT_HEBREW,
    DGMI_SCRIPT_INDIC, /* Devanagari and its sisters */
    DGMI_SCRIPT_THAI,
    DGMI_SCRIPT_EAST_ASIAN, /* Han, Kana, Hangul */
    DGMI_SCRIPTS
} dgmi_script;

typedef struct dgmi_letters {
    size_t all;
    dgmi_script script; /* the one most letters are in */
    size_t in_script;
} dgmi_letters;

/* Counts the letters of clean UTF-8. */
dgmi_letters dgmi_count_letters(const char *p, size_t n);

/* The script that a language is written in, by its tag; NONE if that is not known or if
 * it has several. */
dgmi_script dgmi_script_of_language(const char *language);

const char *dgmi_script_name(dgmi_script script);

typedef struct dgmi_detected {
    char language[9]; /* lower-case primary tag; "" if there is too little evidence */
    unsigned percent; /* of the text that is in it */
} dgmi_detected;

/* Tells the language of clean UTF-8 text. Threads: any number at once. Errors: NOMEM. */
dgm_status dgmi_detect_language(const char *p, size_t n, dgmi_detected *out,
                                dgm_error *err);

#ifdef __cplusplus
}
#endif
#endif
