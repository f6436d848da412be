/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks compiled for the scan: grouped into words and phrases, with bitmaps of how they
 * begin. Depends on snippet_scan.h. */
#include "snippet_scan.h"

#include <stdlib.h>
#include <string.h>

#include "chars.h"
#include "utf8.h"

static uint8_t code_of(unsigned byte)
{
    if (byte == 'y' || byte == 'Y')
        return DGMI_CODE_Y;
    switch ((dgmi_class)dgmi_byte_class[byte]) {
    case DGMI_C_LETTER:
    case DGMI_C_UPPER:
        return (uint8_t)((byte | 0x20) - 'a' + 1);
    case DGMI_C_DIGIT:
        return DGMI_CODE_DIGIT;
    case DGMI_C_HIGH:
        return byte < 0xC0 ? DGMI_CODE_INNER : DGMI_CODE_HIGH;
    case DGMI_C_DOT:
        return DGMI_CODE_DOT;
    case DGMI_C_APOSTROPHE:
    case DGMI_C_HYPHEN:
    case DGMI_C_COMMA:
        return DGMI_CODE_JOIN;
    case DGMI_C_MARK:
    case DGMI_C_IGNORED:
    case DGMI_C_IDEO:
    case DGMI_C_SPACE:
    case DGMI_C_BREAK:
        break;
    }
    return DGMI_CODE_BREAK;
}

static void set_third(dgmi_marks *m, unsigned a, unsigned b, unsigned c)
{
    unsigned bit = (a * DGMI_CODES + b) * DGMI_CODES + c;
    m->beginnings[bit / 64] |= 1ull << (bit % 64);
}

/* Everything that begins with a, then b. */
static void set_second(dgmi_marks *m, unsigned a, unsigned b)
{
    for (unsigned c = 0; c < DGMI_CODES; c++)
        set_third(m, a, b, c);
}

static bool is_letter_code(unsigned code)
{
    return code != DGMI_CODE_BREAK && code < DGMI_CODE_HIGH;
}

/* Signs inside a word, and accents, are for the tokenizer: whatever follows a with them
 * passes. But a sign before a space only ends a word, unless it is the dot of an initial.
 */
static void set_signs(dgmi_marks *m, unsigned a)
{
    set_second(m, a, DGMI_CODE_HIGH);
    set_second(m, a, DGMI_CODE_DOT);
    for (unsigned c = DGMI_CODE_BREAK + 1; c < DGMI_CODES; c++)
        set_third(m, a, DGMI_CODE_JOIN, c);
}

/* The same for a word that does not begin in ASCII. */
static void set_other(dgmi_marks *m, dgmi_str word, bool open)
{
    uint32_t first, second = 0;
    unsigned len = dgmi_utf8_get(word.p, word.p + word.n, &first);
    unsigned bit = dgmi_other_bit(first, 0);
    m->others[bit / 64] |= 1ull << (bit % 64);
    if (len == word.n || open) {
        m->all_pairs = true;
        return;
    }
    dgmi_utf8_get(word.p + len, word.p + word.n, &second);
    bit = dgmi_other_bit(first, second);
    m->pairs[bit / 64] |= 1ull << (bit % 64);
}

/* Lets through all texts that a word may begin as. Longer words may follow an open one:
 * prefixes, and stems so short that the letters after them may be anything. */
static void set_beginning(dgmi_marks *m, dgmi_str word, bool open)
{
    if ((unsigned char)word.p[0] >= 0x80) {
        set_other(m, word, open);
        return;
    }
    unsigned a = m->code[(unsigned char)word.p[0]];
    m->letters |= 1ull << a;
    set_signs(m, a);
    for (unsigned b = 0; b < DGMI_CODES && word.n == 1; b++) {
        if (!is_letter_code(b) || open)
            set_second(m, a, b);
    }
    if (word.n == 1)
        return;
    unsigned b = m->code[(unsigned char)word.p[1]];
    for (unsigned c = 0; c < DGMI_CODES; c++) {
        bool sign = c >= DGMI_CODE_HIGH;
        if (sign || (word.n == 2 && (open || c == DGMI_CODE_BREAK)))
            set_third(m, a, b, c);
    }
    if (word.n > 2)
        set_third(m, a, b, m->code[(unsigned char)word.p[2]]);
}

static void set_beginnings(dgmi_marks *m)
{
    for (unsigned byte = 0; byte < 256; byte++)
        m->code[byte] = code_of(byte);
    for (unsigned b = 0; b < DGMI_CODES; b++)
        set_second(m, DGMI_CODE_HIGH, b); /* looked at more closely by the scan */
    for (size_t g = 0; g < m->n_groups; g++) {
        const dgmi_compiled *mark = &m->marks[m->groups[g].first];
        set_beginning(m, mark->word, mark->prefix);
        if (mark->stem.p != NULL) {
            /* A stem of three letters may stand for words whose third is another; in
             * bytes, of letters that take two, six. */
            dgmi_str stem = { mark->stem.p, mark->stem.n == 3 ? 2 : mark->stem.n };
            bool wide = (unsigned char)stem.p[0] >= 0x80;
            set_beginning(m, stem, stem.n <= (wide ? 6 : 2));
        }
    }
}

static bool is_usable(const dgmi_mark *mark)
{
    return mark->word != NULL && mark->n > 0;
}

/* Appends a mark as a member of the last group. */
static void add_member(dgmi_marks *m, char **strings, const dgmi_mark *mark)
{
    dgmi_compiled *to = &m->marks[m->n++];
    dgmi_group *group = &m->groups[m->n_groups - 1];
    to->word = (dgmi_str){ memcpy(*strings, mark->word, mark->n), mark->n };
    *strings += mark->n;
    to->stem = (dgmi_str){ NULL, 0 };
    if (mark->stem != NULL && mark->stem_n > 0) {
        to->stem = (dgmi_str){ memcpy(*strings, mark->stem, mark->stem_n), mark->stem_n };
        *strings += mark->stem_n;
    }
    to->prefix = mark->prefix;
    to->group = (uint16_t)(m->n_groups - 1);
    to->weight =
        mark->weight > 0 ? mark->weight : 0.01; /* what counts nothing is still marked */
    group->weight += to->weight;
    group->n++;
}

/* Makes the group of marks[i], which is a word or the first of its phrase. */
static void add_group(dgmi_marks *m, char **strings, const dgmi_mark *marks, size_t n,
                      size_t i)
{
    int32_t phrase = marks[i].phrase;
    size_t members = 0;
    for (size_t k = i; phrase >= 0 && k < n; k++)
        members += marks[k].phrase == phrase && is_usable(&marks[k]);
    if (members > DGMI_MEMBERS_MAX)
        return;
    m->groups[m->n_groups++] = (dgmi_group){ (uint32_t)m->n, 0, 0 };
    for (size_t k = i; k < n && (k == i || phrase >= 0); k++) {
        if ((k == i || marks[k].phrase == phrase) && is_usable(&marks[k]))
            add_member(m, strings, &marks[k]);
    }
}

static bool begins_group(const dgmi_mark *marks, size_t i)
{
    if (!is_usable(&marks[i]))
        return false;
    for (size_t k = 0; marks[i].phrase >= 0 && k < i; k++) {
        if (marks[k].phrase == marks[i].phrase && is_usable(&marks[k]))
            return false;
    }
    return true;
}

dgmi_marks *dgmi_marks_new(const dgmi_mark *marks, size_t n)
{
    dgmi_marks *m = calloc(1, sizeof *m);
    size_t bytes = 1;
    for (size_t i = 0; i < n; i++)
        bytes += (size_t)marks[i].n + marks[i].stem_n;
    if (m == NULL)
        return NULL;
    m->marks = calloc(n + 1, sizeof *m->marks);
    m->groups = calloc(n + 1, sizeof *m->groups);
    m->strings = malloc(bytes);
    if (m->marks == NULL || m->groups == NULL || m->strings == NULL) {
        dgmi_marks_free(m);
        return NULL;
    }
    char *strings = m->strings;
    for (size_t i = 0; i < n && m->n_groups < DGMI_GROUPS_MAX; i++) {
        if (begins_group(marks, i))
            add_group(m, &strings, marks, n, i);
    }
    set_beginnings(m);
    return m;
}

void dgmi_marks_free(dgmi_marks *m)
{
    if (m == NULL)
        return;
    free(m->marks);
    free(m->groups);
    free(m->strings);
    free(m);
}
