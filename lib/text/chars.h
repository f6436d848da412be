/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of characters: what the tokenizer, sentences and snippets tell apart. Depends
 * on utf8proc. */
#ifndef DGMI_CHARS_H
#define DGMI_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first three make words (see dgmi_is_alnum); their order matters. */
typedef enum dgmi_class {
    DGMI_C_LETTER, /* without case or small, in scripts that put spaces between words */
    DGMI_C_UPPER,  /* a capital letter */
    DGMI_C_DIGIT,
    DGMI_C_MARK,    /* goes on the character before it */
    DGMI_C_IGNORED, /* soft hyphen, joiners, direction marks: not there for a search */
    DGMI_C_IDEO,    /* a letter of a script written without spaces */
    DGMI_C_APOSTROPHE,
    DGMI_C_HYPHEN,
    DGMI_C_DOT,
    DGMI_C_COMMA,
    DGMI_C_SPACE,
    DGMI_C_BREAK, /* all else: separates */
    DGMI_C_HIGH   /* in dgmi_byte_class alone: a byte of a character past ASCII */
} dgmi_class;

/* By byte, for loops over ASCII text. */
extern const uint8_t dgmi_byte_class[256];

/* By character. Never DGMI_C_HIGH. */
dgmi_class dgmi_class_of(uint32_t c);

/* A character with its place: class BREAK and length 0 at the end of the text. */
typedef struct dgmi_glyph {
    uint32_t c;
    uint32_t len;
    dgmi_class class;
} dgmi_glyph;
dgmi_glyph dgmi_glyph_at(const char *p, size_t n, size_t at);

/* Whether a class stands for a letter or digit of a script with spaces. */
static inline bool dgmi_is_alnum(unsigned class)
{
    return class <= DGMI_C_DIGIT;
}

/* The nearest place <= at where the text can be parted without tearing a character from
 * its marks. Looks back over 64 characters at most. */
size_t dgmi_cluster_cut(const char *p, size_t n, size_t at);

#endif
