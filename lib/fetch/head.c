/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of a reply, line by line. Depends on head.h, lib/base. */
#include "head.h"

#include <ctype.h>
#include <string.h>

#include "date.h"
#include "dragoman.h"

#define FOREVER ((int64_t)10 * 365 * 86400)

void dgmi_head_clear(dgmi_head *head)
{
    *head = (dgmi_head){ .date = DGM_NO_TIME };
}

static void keep(dgmi_str value, char *out, size_t size)
{
    out[0] = '\0';
    if (value.n >= size)
        return;
    for (size_t i = 0; i < value.n; i++) {
        if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
            return;
    }
    memcpy(out, value.p, value.n);
    out[value.n] = '\0';
}

/* Digits to a number that cannot run over; false if it is none. */
static bool take_number(dgmi_str s, int64_t *out)
{
    int64_t n = 0;
    size_t i = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        n = n < FOREVER ? n * 10 + (s.p[i] - '0') : FOREVER;
    if (i == 0 || i < s.n)
        return false;
    *out = n < FOREVER ? n : FOREVER;
    return true;
}

static void take_retry_after(dgmi_head *head, dgmi_str value, int64_t now)
{
    int64_t at;
    if (take_number(value, &head->retry_after))
        return;
    if (dgmi_date_parse(value, &at) && at > now)
        head->retry_after = at - now < FOREVER ? at - now : FOREVER;
}

static void take_cache_control(dgmi_head *head, dgmi_str rest)
{
    dgmi_str part;
    while (dgmi_str_split(&rest, ',', &part)) {
        part = dgmi_str_trim(part);
        if (dgmi_str_starts_nocase(part, "no-cache") ||
            dgmi_str_starts_nocase(part, "no-store"))
            head->no_max_age = true;
        else if (dgmi_str_starts_nocase(part, "max-age="))
            head->no_max_age =
                !take_number(dgmi_str_skip(part, 8), &head->max_age) || head->no_max_age;
    }
}

static void take_type(dgmi_head *head, dgmi_str value)
{
    dgmi_str part;
    head->charset[0] = head->type[0] = '\0';
    if (!dgmi_str_split(&value, ';', &part))
        return;
    keep(dgmi_str_trim(part), head->type, sizeof head->type);
    for (char *p = head->type; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    while (dgmi_str_split(&value, ';', &part)) {
        part = dgmi_str_trim(part);
        if (!dgmi_str_starts_nocase(part, "charset="))
            continue;
        part = dgmi_str_skip(part, 8);
        if (part.n > 1 && (part.p[0] == '"' || part.p[0] == '\''))
            part = (dgmi_str){ part.p + 1, part.n - 2 };
        keep(part, head->charset, sizeof head->charset);
    }
}

/* ---- Link: <address>; rel="hub self", ... ---- */

static bool has_word(dgmi_str words, const char *word)
{
    dgmi_str part;
    while (dgmi_str_split(&words, ' ', &part)) {
        if (dgmi_str_eq_nocase(part, word))
            return true;
    }
    return false;
}

static void keep_link(dgmi_head *head, dgmi_str address, dgmi_str rel)
{
    if (!head->hub[0] && has_word(rel, "hub"))
        keep(address, head->hub, sizeof head->hub);
    if (!head->self[0] && has_word(rel, "self"))
        keep(address, head->self, sizeof head->self);
    if (!head->api[0] && has_word(rel, "https://api.w.org/"))
        keep(address, head->api, sizeof head->api);
}

/* A parameter's value at s, quoted or not; moves s behind it. */
static dgmi_str take_value(dgmi_str *s)
{
    dgmi_str value = { s->p, 0 };
    bool quoted = s->n > 0 && s->p[0] == '"';
    if (quoted)
        *s = dgmi_str_skip(*s, 1);
    value.p = s->p;
    while (value.n < s->n &&
           (quoted ? s->p[value.n] != '"' : strchr(";, \t", s->p[value.n]) == NULL))
        value.n++;
    *s = dgmi_str_skip(*s, value.n + (quoted && value.n < s->n ? 1 : 0));
    return value;
}

/* The parameters behind an address, up to the comma that ends them. */
static dgmi_str take_rel(dgmi_str *s)
{
    dgmi_str rel = { NULL, 0 };
    while (s->n > 0 && s->p[0] != ',') {
        size_t name = 0;
        while (name < s->n && strchr("=;,", s->p[name]) == NULL)
            name++;
        dgmi_str word = dgmi_str_trim((dgmi_str){ s->p, name });
        *s = dgmi_str_skip(*s, name);
        if (s->n > 0 && s->p[0] == '=') {
            *s = dgmi_str_skip(*s, 1);
            dgmi_str value = take_value(s);
            if (rel.p == NULL && dgmi_str_eq_nocase(word, "rel"))
                rel = value;
        } else if (s->n > 0 && s->p[0] == ';') {
            *s = dgmi_str_skip(*s, 1);
        }
    }
    return rel;
}

static void take_link(dgmi_head *head, dgmi_str s)
{
    while (s.n > 0) {
        const char *open = memchr(s.p, '<', s.n);
        if (open == NULL)
            return;
        s = dgmi_str_skip(s, (size_t)(open - s.p) + 1);
        const char *close = memchr(s.p, '>', s.n);
        if (close == NULL)
            return;
        dgmi_str address = { s.p, (size_t)(close - s.p) };
        s = dgmi_str_skip(s, address.n + 1);
        dgmi_str rel = take_rel(&s);
        keep_link(head, dgmi_str_trim(address), rel);
    }
}

/* ---- All lines ---- */

/* Dates count by the server's own clock where it tells it. */
static void take_expires(dgmi_head *head, dgmi_str value, int64_t now)
{
    int64_t at, from = head->date != DGM_NO_TIME ? head->date : now;
    if (dgmi_date_parse(value, &at) && at > from)
        head->expires = at - from < FOREVER ? at - from : FOREVER;
}

static void take_count(dgmi_head *head, dgmi_str value, unsigned long *out)
{
    int64_t n;
    if (take_number(value, &n)) {
        *out = (unsigned long)n;
        head->counted = true;
    }
}

static void take_known(dgmi_head *head, dgmi_str name, dgmi_str value, int64_t now)
{
    if (dgmi_str_eq_nocase(name, "etag"))
        keep(value, head->etag, sizeof head->etag);
    else if (dgmi_str_eq_nocase(name, "last-modified"))
        keep(value, head->modified, sizeof head->modified);
    else if (dgmi_str_eq_nocase(name, "content-type"))
        take_type(head, value);
    else if (dgmi_str_eq_nocase(name, "retry-after"))
        take_retry_after(head, value, now);
    else if (dgmi_str_eq_nocase(name, "cache-control"))
        take_cache_control(head, value);
    else if (dgmi_str_eq_nocase(name, "expires"))
        take_expires(head, value, now);
    else if (dgmi_str_eq_nocase(name, "link"))
        take_link(head, value);
    else if (dgmi_str_eq_nocase(name, "x-wp-totalpages"))
        take_count(head, value, &head->pages);
    else if (dgmi_str_eq_nocase(name, "x-wp-total"))
        take_count(head, value, &head->total);
    else if (dgmi_str_eq_nocase(name, "cf-mitigated"))
        head->challenge = dgmi_str_eq_nocase(value, "challenge");
    else if (dgmi_str_eq_nocase(name, "date") && !dgmi_date_parse(value, &head->date))
        head->date = DGM_NO_TIME;
}

void dgmi_head_take(dgmi_head *head, dgmi_str line, int64_t now)
{
    const char *colon = line.n > 0 ? memchr(line.p, ':', line.n) : NULL;
    if (colon == NULL)
        return;
    dgmi_str name = { line.p, (size_t)(colon - line.p) };
    take_known(head, name, dgmi_str_trim(dgmi_str_skip(line, name.n + 1)), now);
}
