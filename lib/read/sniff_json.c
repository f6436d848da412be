/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling kinds of JSON from the names of their members. Depends on reader.h. The head
 * may end anywhere, so it is only scanned, not parsed. */
#include "reader.h"

#include <string.h>

enum { LEVELS = 12 };

typedef struct scan {
    dgmi_str rest;
    size_t depth;
    bool open[LEVELS];  /* objects at this depth may be items, or hold them */
    bool wraps[LEVELS]; /* so may what comes next at this depth */
} scan;

typedef struct member {
    dgmi_str name;
    dgmi_str value; /* what follows, to the end of the head */
    size_t depth;
} member;

static bool is_any(dgmi_str s, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (dgmi_str_eq(s, *names))
            return true;
    }
    return false;
}

/* What is inside the quotes at s; s goes past them. */
static dgmi_str take_string(dgmi_str *s)
{
    size_t i = 1;
    while (i < s->n && s->p[i] != '"')
        i += s->p[i] == '\\' ? 2 : 1;
    size_t end = i < s->n ? i : s->n;
    dgmi_str inside = { s->p + 1, end - 1 };
    *s = dgmi_str_skip(*s, end < s->n ? end + 1 : s->n);
    return inside;
}

static void enter(scan *s, bool array)
{
    size_t d = s->depth++;
    bool opens = d == 0 || (d < LEVELS && s->open[d] && s->wraps[d]);
    if (s->depth < LEVELS) {
        s->open[s->depth] = opens;
        s->wraps[s->depth] = array;
    }
}

/* The next member of an object that may be an item or hold one. */
static bool next_member(scan *s, member *m)
{
    static const char *const wrappers[] = { "item", "items", "_items", "data", NULL };
    while (s->rest.n > 0) {
        char c = s->rest.p[0];
        if (c == '"') {
            dgmi_str name = take_string(&s->rest);
            dgmi_str after = dgmi_str_trim(s->rest);
            if (after.n == 0 || after.p[0] != ':' || s->depth == 0 ||
                s->depth >= LEVELS || !s->open[s->depth])
                continue;
            s->wraps[s->depth] = is_any(name, wrappers);
            *m = (member){ name, dgmi_str_trim(dgmi_str_skip(after, 1)), s->depth };
            return true;
        }
        if (c == '{' || c == '[')
            enter(s, c == '[');
        else if ((c == '}' || c == ']') && s->depth > 0)
            s->depth--;
        s->rest = dgmi_str_skip(s->rest, 1);
    }
    return false;
}

static bool starts_json(dgmi_str s)
{
    return s.n > 0 && (s.p[0] == '{' || s.p[0] == '[');
}

static bool names_jsonfeed(dgmi_str value)
{
    if (value.n == 0 || value.p[0] != '"')
        return false;
    dgmi_str text = take_string(&value);
    return dgmi_str_starts_nocase(text, "http") &&
           memmem(text.p, text.n, "jsonfeed.org/version", 20) != NULL;
}

int dgmi_sniff_jsonfeed(const char *p, size_t n)
{
    static const char *const marks[] = { "feed_url", "home_page_url", "next_url", NULL };
    scan s = { .rest = dgmi_str_trim((dgmi_str){ p, n }) };
    member m;
    bool items = false, marked = false;
    if (!starts_json(s.rest) || s.rest.p[0] != '{')
        return 0;
    while (next_member(&s, &m)) {
        if (m.depth != 1)
            continue;
        if (dgmi_str_eq(m.name, "version") && names_jsonfeed(m.value))
            return 99;
        items = items || dgmi_str_eq(m.name, "items");
        marked = marked || is_any(m.name, marks);
    }
    return items && marked ? 98 : 0;
}

/* Members that ninjs has and that a plain NDJSON line hardly has. */
static bool is_ninjs_mark(dgmi_str name)
{
    static const char *const marks[] = {
        "type",
        "versioncreated",
        "versionCreated",
        "firstcreated",
        "firstCreated",
        "contentcreated",
        "contentCreated",
        "pubstatus",
        "pubStatus",
        "headline",
        "headlines",
        "bodies",
        "descriptions",
        "byline",
        "by",
        "slugline",
        "urgency",
        "subject",
        "subjects",
        "associations",
        "renditions",
        "representationtype",
        "representationType",
        "usageterms",
        "usageTerms",
        "copyrightholder",
        "copyrightHolder",
        "copyrightnotice",
        "copyrightNotice",
        "embargoed",
        "evolvedfrom",
        "evolvedFrom",
        "located",
        "ednote",
        "edNote",
        "altids",
        "altIds",
        "$standard",
        "standard",
        "profile",
        NULL,
    };
    return is_any(name, marks) || dgmi_str_starts(name, "body_") ||
           dgmi_str_starts(name, "description_") || dgmi_str_starts(name, "headline_");
}

int dgmi_sniff_ninjs(const char *p, size_t n)
{
    static const char *const ids[] = { "uri", "guid", NULL };
    static const char *const plain[] = {
        "id", "body", "text", "date", "published", NULL
    };
    scan s = { .rest = dgmi_str_trim((dgmi_str){ p, n }) };
    member m;
    int marked = 0, named = 0, others = 0;
    if (!starts_json(s.rest))
        return 0;
    while (next_member(&s, &m)) {
        if (dgmi_str_eq(m.name, "dgm")) /* a line of an archive, whatever its `extra` */
            return 0;
        named += is_any(m.name, ids) && m.value.n > 0 && m.value.p[0] == '"';
        others += is_any(m.name, plain);
        marked += is_ninjs_mark(m.name);
    }
    if (named > 0)
        return marked > 0 || others == 0 ? 97 : 0;
    return marked > 2 && others == 0 ? 96 : 0; /* its name comes after the head */
}

/* A text as WordPress gives it: {"rendered": ".."}. */
static bool is_rendered(dgmi_str value)
{
    if (value.n == 0 || value.p[0] != '{')
        return false;
    dgmi_str inside = dgmi_str_trim(dgmi_str_skip(value, 1));
    return dgmi_str_starts(inside, "\"rendered\"");
}

int dgmi_sniff_wordpress(const char *p, size_t n)
{
    static const char *const texts[] = { "guid", "title", "content", "excerpt", NULL };
    scan s = { .rest = dgmi_str_trim((dgmi_str){ p, n }) };
    member m;
    if (!starts_json(s.rest))
        return 0;
    while (next_member(&s, &m)) {
        if (dgmi_str_eq(m.name, "dgm"))
            return 0;
        if (is_any(m.name, texts) && is_rendered(m.value))
            return 99;
    }
    return 0;
}
