/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling formats from their first bytes. Depends on reader.h. */
#include "reader.h"

#include <ctype.h>
#include <string.h>

enum { PROSE_BYTES = 80 }; /* of a paragraph that is more than a heading */

static dgmi_str skip_to(dgmi_str s, const char *end)
{
    size_t n = strlen(end);
    const char *at = s.n > 0 ? memmem(s.p, s.n, end, n) : NULL;
    return at != NULL ? dgmi_str_skip(s, (size_t)(at - s.p) + n) : dgmi_str_skip(s, s.n);
}

/* The local name of the first element of an XML document; empty if there is none in
 * sight. */
static dgmi_str root_name(const char *p, size_t n)
{
    dgmi_str s = { p, n }, none = { "", 0 };
    for (;;) {
        s = dgmi_str_trim(s);
        if (dgmi_str_starts(s, "<?"))
            s = skip_to(s, "?>");
        else if (dgmi_str_starts(s, "<!--"))
            s = skip_to(s, "-->");
        else if (dgmi_str_starts(s, "<!"))
            s = skip_to(s,
                        memchr(s.p, '[', s.n) != NULL && memmem(s.p, s.n, "]>", 2) != NULL
                            ? "]>"
                            : ">");
        else
            break;
    }
    if (s.n < 2 || s.p[0] != '<')
        return none;
    size_t from = 1, to = 1;
    while (to < s.n &&
           (isalnum((unsigned char)s.p[to]) || strchr("_-.:", s.p[to]) != NULL) &&
           s.p[to] != '\0') {
        to++;
        if (s.p[to - 1] == ':')
            from = to;
    }
    return (dgmi_str){ s.p + from, to - from };
}

/* A channel alone is CDF, which came before RSS and is read as such. */
int dgmi_sniff_rss(const char *p, size_t n)
{
    dgmi_str root = root_name(p, n);
    if (dgmi_str_eq_nocase(root, "channel"))
        return 80;
    return dgmi_str_eq_nocase(root, "rss") ? 95 : 0;
}

/* RDF says much else: a list of terms or of people holds no items. */
int dgmi_sniff_rdf(const char *p, size_t n)
{
    static const char *const marks[] = { "purl.org/rss/", "netscape.com/rdf/", "<channel",
                                         "<item" };
    if (!dgmi_str_eq_nocase(root_name(p, n), "rdf"))
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (memmem(p, n, marks[i], strlen(marks[i])) != NULL)
            return 95;
    }
    return 0;
}

int dgmi_sniff_atom(const char *p, size_t n)
{
    dgmi_str root = root_name(p, n);
    if (dgmi_str_eq_nocase(root, "feed"))
        return 95;
    return dgmi_str_eq_nocase(root, "entry") ? 80 : 0;
}

int dgmi_sniff_newsml(const char *p, size_t n)
{
    static const char *const roots[] = { "newsMessage",  "newsItem",    "packageItem",
                                         "planningItem", "conceptItem", "knowledgeItem",
                                         "catalogItem",  "contentSet" };
    dgmi_str root = root_name(p, n);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (dgmi_str_eq_nocase(root, roots[i]))
            return 95;
    }
    return 0;
}

int dgmi_sniff_newsml1(const char *p, size_t n)
{
    return dgmi_str_eq_nocase(root_name(p, n), "NewsML") ? 95 : 0;
}

int dgmi_sniff_nitf(const char *p, size_t n)
{
    return dgmi_str_eq_nocase(root_name(p, n), "nitf") ? 95 : 0;
}

int dgmi_sniff_html(const char *p, size_t n)
{
    static const char *const roots[] = { "html", "head", "body" };
    dgmi_str root = root_name(p, n);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (dgmi_str_eq_nocase(root, roots[i]))
            return 85;
    }
    return dgmi_str_starts_nocase(dgmi_str_trim((dgmi_str){ p, n }), "<!doctype html")
               ? 60
               : 0;
}

int dgmi_sniff_ndjson(const char *p, size_t n)
{
    dgmi_str s = dgmi_str_trim((dgmi_str){ p, n });
    if (s.n < 2 || (s.p[0] != '{' && s.p[0] != '['))
        return 0;
    dgmi_str rest = dgmi_str_trim(dgmi_str_skip(s, 1));
    if (s.p[0] == '{')
        return rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '}') ? 95 : 0;
    return rest.n > 0 && (rest.p[0] == '{' || rest.p[0] == ']') ? 90 : 0;
}

static bool has_marks(const char *p, size_t n)
{
    static const char *const marks[] = { "MIL OSI", "MIL-OSI", "Translation. Region:",
                                         "Please note: This information is raw content" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (n > 0 && memmem(p, n, marks[i], strlen(marks[i])) != NULL)
            return true;
    }
    return false;
}

/* No zero byte and hardly a control character. */
static bool is_text(const char *p, size_t n)
{
    size_t controls = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c == 0)
            return false;
        controls +=
            c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B;
    }
    return controls * 100 <= n;
}

int dgmi_sniff_milosi(const char *p, size_t n)
{
    dgmi_str s = dgmi_str_trim((dgmi_str){ p, n });
    if (s.n == 0 || !is_text(p, n))
        return 0;
    if (has_marks(p, n))
        return s.p[0] == '<' ? 0 : 92;
    return s.p[0] == '<' || s.p[0] == '{' ? 0 : 10;
}

bool dgmi_is_wide(const char *p, size_t n)
{
    if (n < 4)
        return false;
    if (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0 ||
        memcmp(p, "\0\0\xFE\xFF", 4) == 0)
        return true;
    int zeros = (p[0] == 0) | (p[1] == 0) << 1 | (p[2] == 0) << 2 | (p[3] == 0) << 3;
    return zeros == 0xA || zeros == 0x5 || zeros == 0xE || zeros == 0x7;
}

/* The bytes without the zeros of wide text: enough to see the ASCII that formats are told
 * by. */
static size_t narrow(const char *p, size_t n, char out[DGMI_HEAD_MAX])
{
    size_t k = 0;
    for (size_t i = 0; i < n && k < DGMI_HEAD_MAX; i++) {
        if (p[i] != 0 && (unsigned char)p[i] < 0xFE)
            out[k++] = p[i];
    }
    return k;
}

const dgmi_format *dgmi_sniff(const char *p, size_t n)
{
    char narrowed[DGMI_HEAD_MAX];
    const dgmi_format *best = NULL, *format;
    int surest = 0;
    if (n > DGMI_HEAD_MAX)
        n = DGMI_HEAD_MAX;
    if (dgmi_is_wide(p, n)) {
        n = narrow(p, n, narrowed);
        p = narrowed;
    } else if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        n -= 3;
    }
    for (size_t i = 0; (format = dgmi_format_at(i)) != NULL; i++) {
        int sure = format->sniff(p, n);
        if (sure > surest) {
            surest = sure;
            best = format;
        }
    }
    return best;
}

/* Mostly letters and spaces, and long enough: a paragraph of prose, not of code or
 * figures. */
static bool is_prose_paragraph(const char *p, size_t n)
{
    size_t letters = 0;
    for (size_t i = 0; i < n; i++)
        letters +=
            isalpha((unsigned char)p[i]) || p[i] == ' ' || (unsigned char)p[i] >= 0x80;
    return n >= PROSE_BYTES && letters * 100 >= n * 85;
}

bool dgmi_is_prose(const char *p, size_t n)
{
    if (n == 0 || !is_text(p, n))
        return false;
    if (has_marks(p, n))
        return true;
    size_t paragraphs = 0, from = 0;
    for (size_t i = 0; i <= n && paragraphs < 2; i++) {
        bool ends = i == n || (p[i] == '\n' && i + 1 < n && p[i + 1] == '\n');
        if (!ends)
            continue;
        paragraphs += is_prose_paragraph(p + from, i - from);
        from = i + 1;
    }
    return paragraphs >= 2;
}
