/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of an item that are not content, as one table. Depends on build.h and lib/base.
 * What the lines look like was seen in real items of 2015, 2021, 2025 and 2026. */
#include "build.h"

#include <string.h>

/* How much of a line a pattern takes. */
typedef enum extent {
    WHOLE,    /* nothing but closing punctuation may follow */
    LINE,     /* the line, if it is no longer than a note is */
    SHORT,    /* a line of few words */
    PHRASE,   /* the pattern alone: what follows is another line */
    SPONSOR,  /* a sponsor's name may follow, or the next mark */
    REGION,   /* up to the dash that ends the region's label */
    NAMES,    /* a name, often twice and with dashes behind */
    REMAINDER /* what follows is the value */
} extent;

enum { NOTE_MAX = 1000, SHORT_MAX = 60, SHORT_WORDS = 6, NAME_MAX = 200, LABEL_MAX = 80 };

typedef struct rule {
    const char *pattern;
    const char *kind;
    dgmi_mark mark;
    unsigned zones;
    extent extent;
} rule;

static const rule rules[] = {
    { "post sponsored by", "sponsor", DGMI_MARK_MILOSI, DGMI_HEAD | DGMI_TAIL, SPONSOR },
    { "mil-osi translation. region:", "translation", DGMI_MARK_REGION, DGMI_ANYWHERE,
      REGION },
    { "translation. region:", "translation", DGMI_MARK_REGION, DGMI_ANYWHERE, REGION },
    { "mil-osi translation", "translation", DGMI_MARK_TRANSLATION, DGMI_HEAD, SHORT },
    { "mil-osi", "source", DGMI_MARK_MILOSI, DGMI_HEAD, SHORT },
    { "mil-osi", "signoff", DGMI_MARK_MILOSI, DGMI_TAIL, SHORT },
    { "source:", "source", DGMI_MARK_SOURCE, DGMI_HEAD | DGMI_TAIL, NAMES },
    { "headline:", "headline", DGMI_MARK_HEADLINE, DGMI_HEAD, REMAINDER },
    { "an important disclaimer is at the bottom of this article.", "disclaimer",
      DGMI_MARK_MILOSI, DGMI_ANYWHERE, PHRASE },
    { "please note: this information is raw content", "disclaimer", DGMI_MARK_MILOSI,
      DGMI_ANYWHERE, LINE },
    { "editor's note: this article is a translation", "note", DGMI_MARK_TRANSLATION,
      DGMI_ANYWHERE, LINE },
    { "this article is a translation. apologies", "note", DGMI_MARK_TRANSLATION,
      DGMI_ANYWHERE, LINE },
    { "editor's note:", "note", DGMI_MARK_NONE, DGMI_HEAD | DGMI_TAIL, LINE },
    { "issued by ", "signoff", DGMI_MARK_ISSUED, DGMI_TAIL, NAMES },
    { "]]>", "other", DGMI_MARK_NONE, DGMI_ANYWHERE, WHOLE },
};

size_t dgmi_dash_at(const char *p, const char *end)
{
    if (p >= end)
        return 0;
    if (*p == '-')
        return 1;
    if (end - p < 3 || (unsigned char)p[0] != 0xE2)
        return 0;
    unsigned char b = (unsigned char)p[1], c = (unsigned char)p[2];
    return (b == 0x80 && c >= 0x90 && c <= 0x95) || (b == 0x88 && c == 0x92) ? 3 : 0;
}

static size_t apostrophe_at(const char *p, const char *end)
{
    if (*p == '\'' || *p == '`')
        return 1;
    if (end - p >= 3 && memcmp(p, "\xE2\x80", 2) == 0 &&
        ((unsigned char)p[2] == 0x99 || (unsigned char)p[2] == 0x98))
        return 3;
    return end - p >= 2 && memcmp(p, "\xCA\xBC", 2) == 0 ? 2 : 0;
}

static size_t gap_at(const char *p, const char *end, bool dashes)
{
    const char *at = p;
    while (at < end) {
        size_t n = dgmi_space_at(at, end);
        if (n == 0 && dashes)
            n = dgmi_dash_at(at, end);
        if (n == 0)
            break;
        at += n;
    }
    return (size_t)(at - p);
}

size_t dgmi_match_prefix(dgmi_str text, const char *pattern)
{
    const char *p = text.p, *end = text.p + text.n;
    for (; *pattern != '\0'; pattern++) {
        if (p >= end)
            return 0;
        size_t n;
        if (*pattern == ' ' || *pattern == '-')
            n = gap_at(p, end, *pattern == '-');
        else if (*pattern == '\'')
            n = apostrophe_at(p, end);
        else
            n = (*p >= 'A' && *p <= 'Z' ? *p + 32 : *p) == *pattern;
        if (n == 0)
            return 0;
        p += n;
    }
    return (size_t)(p - text.p);
}

static size_t count_words(dgmi_str s)
{
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        bool space = s.p[i] == ' ';
        words += !space && !inside;
        inside = !space;
    }
    return words;
}

/* Leading and trailing dashes, spaces and full stops go. */
static dgmi_str trim_dashes(dgmi_str s)
{
    size_t gap = gap_at(s.p, s.p + s.n, true);
    s = dgmi_str_skip(s, gap);
    for (;;) {
        size_t n = s.n;
        s = dgmi_str_trim(s);
        if (s.n > 0 && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == ':'))
            s.n--;
        else if (s.n >= 3 && dgmi_dash_at(s.p + s.n - 3, s.p + s.n) == 3)
            s.n -= 3;
        if (s.n == n)
            return s;
    }
}

/* Where the first dash begins that parts (a hyphen inside a name does not), or n. *after:
 * past it. */
static size_t find_dash(dgmi_str s, size_t *after)
{
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end; p++) {
        size_t dash = dgmi_dash_at(p, end);
        bool long_dash = dash == 3 && memcmp(p, "\xE2\x80\x90", 3) != 0;
        bool before = p == s.p || p[-1] == ' ';
        bool behind = p + dash == end || p[dash] == ' ';
        if (dash > 0 && ((before && behind) || (long_dash && (before || behind)))) {
            *after = (size_t)(p - s.p) + dash;
            return (size_t)(p - s.p);
        }
    }
    *after = s.n;
    return s.n;
}

static size_t take_region(dgmi_str rest, dgmi_str *value)
{
    size_t after, dash = find_dash(rest, &after);
    if (dash > LABEL_MAX)
        return 0;
    *value = trim_dashes((dgmi_str){ rest.p, dash });
    return after;
}

/* The name of "Name - Name -", "Name - Press Release/Statement:" or "Name". What follows
 * a name that stands twice is another line. */
static size_t take_names(dgmi_str rest, dgmi_str *value)
{
    size_t after, dash = find_dash(rest, &after);
    dgmi_str first = trim_dashes((dgmi_str){ rest.p, dash });
    dgmi_str tail = dgmi_str_skip(rest, after);
    size_t after2, dash2 = find_dash(tail, &after2);
    dgmi_str second = trim_dashes((dgmi_str){ tail.p, dash2 });
    bool twice =
        first.n > 0 && first.n == second.n && memcmp(first.p, second.p, first.n) == 0;
    if (twice && first.n <= NAME_MAX) {
        *value = first;
        return after + after2;
    }
    if (rest.n > NAME_MAX)
        return 0;
    bool statement = dgmi_match_prefix(second, "press release") > 0;
    *value = statement || second.n == 0 ? first : trim_dashes(rest);
    return rest.n;
}

static bool is_short(dgmi_str line)
{
    if (line.n > SHORT_MAX || count_words(line) > SHORT_WORDS || line.n == 0)
        return false;
    char last = line.p[line.n - 1];
    return last != '.' && last != '?' && last != '!' && last != ':' && last != ',';
}

static size_t take_sponsor(dgmi_str line, size_t used)
{
    dgmi_str rest = dgmi_str_trim(dgmi_str_skip(line, used));
    return line.n <= 120 && dgmi_match_prefix(rest, "mil-osi ") == 0 ? line.n : used;
}

/* Bytes of the line that the rule takes once its pattern covered `used` of them; 0: none.
 */
static size_t apply_extent(const rule *r, dgmi_str line, size_t used, dgmi_str *value)
{
    dgmi_str rest = dgmi_str_skip(line, used);
    size_t more = 0;
    switch (r->extent) {
    case WHOLE:
        return trim_dashes(rest).n == 0 ? line.n : 0;
    case LINE:
        return line.n <= NOTE_MAX ? line.n : 0;
    case SHORT:
        return is_short(line) &&
                       (rest.n == 0 || gap_at(rest.p, rest.p + rest.n, true) > 0)
                   ? line.n
                   : 0;
    case PHRASE:
        return used;
    case SPONSOR:
        return take_sponsor(line, used);
    case REGION:
        more = take_region(rest, value);
        break;
    case NAMES:
        more = take_names(rest, value);
        break;
    case REMAINDER:
        *value = dgmi_str_trim(rest);
        more = rest.n;
        break;
    }
    return more > 0 ? used + more : 0;
}

/* "ENDS", "- 0 -", "###": the ways in which an agency says that a text is over. */
static bool is_end_mark(dgmi_str line)
{
    if (line.n == 0 || line.n > 20)
        return false;
    if (dgmi_str_eq(line, "###") || dgmi_str_eq(line, "# # #"))
        return true;
    dgmi_str inner = trim_dashes(line);
    if (inner.n >= 2 && inner.p[0] == '[')
        inner = (dgmi_str){ inner.p + 1, inner.n - 2 };
    bool dashed = line.n - inner.n >= 2;
    return dgmi_str_eq(inner, "ENDS") ||
           (dashed && (dgmi_str_eq(inner, "0") || dgmi_str_eq(inner, "30")));
}

/* WordPress' own line at the end of a feed's text. */
static bool is_wordpress_tail(dgmi_str line)
{
    static const char mark[] = " appeared first on ";
    return line.n <= NOTE_MAX && dgmi_match_prefix(line, "the post ") > 0 &&
           memmem(line.p, line.n, mark, sizeof mark - 1) != NULL;
}

size_t dgmi_title_prefix(dgmi_str title, dgmi_str *region)
{
    size_t used = dgmi_match_prefix(title, "mil-osi");
    const char *colon = used > 0 ? memchr(title.p, ':', title.n) : NULL;
    if (colon == NULL || colon - title.p > LABEL_MAX || (size_t)(colon - title.p) < used)
        return 0;
    dgmi_str label =
        trim_dashes((dgmi_str){ title.p + used, (size_t)(colon - title.p) - used });
    dgmi_str rest = dgmi_str_trim(dgmi_str_skip(title, (size_t)(colon - title.p) + 1));
    if (rest.n == 0 || count_words(label) > SHORT_WORDS ||
        memchr(label.p, '.', label.n) != NULL || dgmi_str_eq_nocase(label, "source"))
        return 0;
    *region = label;
    return (size_t)(rest.p - title.p);
}

static dgmi_found found_line(const char *kind, dgmi_mark mark, dgmi_str value,
                             size_t used)
{
    return (dgmi_found){ kind, mark, value, used };
}

dgmi_found dgmi_boilerplate(dgmi_str line, dgmi_zone zone)
{
    dgmi_str value = { "", 0 };
    if (line.n == 0)
        return found_line(NULL, DGMI_MARK_NONE, value, 0);
    size_t prefix = (zone & DGMI_HEAD) != 0 ? dgmi_title_prefix(line, &value) : 0;
    if (prefix > 0 && line.n <= NOTE_MAX)
        return found_line("headline", DGMI_MARK_HEADLINE, line, line.n);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const rule *r = &rules[i];
        size_t used = (r->zones & zone) != 0 ? dgmi_match_prefix(line, r->pattern) : 0;
        if (used > 0)
            used = apply_extent(r, line, used, &value);
        if (used > 0)
            return found_line(r->kind, r->mark, value, used);
    }
    if ((zone & DGMI_TAIL) != 0 && is_end_mark(line))
        return found_line("signoff", DGMI_MARK_NONE, value, line.n);
    if ((zone & DGMI_TAIL) != 0 && is_wordpress_tail(line))
        return found_line("other", DGMI_MARK_NONE, value, line.n);
    return found_line(NULL, DGMI_MARK_NONE, value, 0);
}

size_t dgmi_closing_mark(dgmi_str text)
{
    if (text.n > 3 && dgmi_str_ends(text, "]]>"))
        return 3;
    size_t gap = text.n;
    while (gap > 0 && text.n - gap < 12 && text.p[gap - 1] != ' ')
        gap--;
    dgmi_str last = dgmi_str_skip(text, gap);
    return gap > 0 && last.n > 0 && is_end_mark(last) && !dgmi_str_eq(last, "ENDS")
               ? last.n
               : 0;
}
