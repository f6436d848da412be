/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far two words are from one another. Depends on lib/base. */
#include "distance.h"

#include <string.h>

#include "utf8.h"

enum { LETTERS = 64 };

/* The characters of a word; more than LETTERS of them are said by LETTERS + 1. */
static unsigned spell(dgmi_str s, uint32_t out[LETTERS])
{
    unsigned n = 0;
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end; n++) {
        uint32_t c;
        p += dgmi_utf8_get(p, end, &c);
        if (n == LETTERS)
            return LETTERS + 1;
        out[n] = c;
    }
    return n;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the table of distances; two and one are the rows before it. */
static unsigned fill_row(const uint32_t *a, unsigned i, const uint32_t *b, unsigned n,
                         unsigned rows[3][LETTERS + 1])
{
    unsigned *row = rows[i % 3], *one = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];
    unsigned best = row[0] = i;
    for (unsigned k = 1; k <= n; k++) {
        bool same = a[i - 1] == b[k - 1];
        row[k] = least(one[k - 1] + !same, least(one[k], row[k - 1]) + 1);
        if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
            row[k] = least(row[k], two[k - 2] + 1);
        best = least(best, row[k]);
    }
    return best;
}

bool dgmi_is_near_word(dgmi_str a, dgmi_str b, unsigned most)
{
    uint32_t x[LETTERS], y[LETTERS];
    unsigned rows[3][LETTERS + 1];
    unsigned n = spell(a, x), m = spell(b, y);
    if (n > LETTERS || m > LETTERS || (n > m ? n - m : m - n) > most)
        return false;
    for (unsigned k = 0; k <= m; k++)
        rows[0][k] = k;
    for (unsigned i = 1; i <= n; i++) {
        /* A swap reaches back over two rows, so one row beyond is not yet hopeless. */
        if (fill_row(x, i, y, m, rows) > most + 1)
            return false;
    }
    return rows[n % 3][m] <= most;
}

dgmi_letters dgmi_letters_of(dgmi_str word)
{
    enum { KINDS = 32 };
    uint32_t characters[LETTERS];
    dgmi_letters made = { .n = spell(word, characters) };
    for (unsigned i = 0; i < made.n && i < LETTERS; i++) {
        uint64_t kind = (uint64_t)1 << characters[i] % KINDS;
        made.kinds |= made.kinds & kind ? kind << KINDS : kind;
    }
    return made;
}

/* Upon a mismatch the last star takes one character more. */
bool dgmi_fits_pattern(dgmi_str word, const char *pattern)
{
    const char *p = word.p, *end = word.p + word.n;
    const char *pattern_end = pattern + strlen(pattern);
    const char *star = NULL, *star_at = NULL;
    while (p < end) {
        uint32_t c = 0, want = 0;
        unsigned n = dgmi_utf8_get(p, end, &c);
        unsigned m =
            pattern < pattern_end ? dgmi_utf8_get(pattern, pattern_end, &want) : 0;
        if (m > 0 && want == '*') {
            star = ++pattern;
            star_at = p;
        } else if (m > 0 && (want == '?' || want == c)) {
            pattern += m;
            p += n;
        } else if (star) {
            star_at += dgmi_utf8_get(star_at, end, &c);
            p = star_at;
            pattern = star;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
