/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging request heads. Depends on lib/base. */
#include "guard.h"

#include <string.h>

/* What is counted over all headers. */
typedef struct tally {
    size_t bytes, lengths, codings, hosts;
    bool body, chunked;
    uint64_t length;
    const char *fault;
} tally;

static bool is_letter_or_digit(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!is_letter_or_digit(c) && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

static bool is_value(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

/* Digits alone, and not so many that a size could overflow. */
static bool is_length(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 18;
}

static uint64_t number_of(dgmi_str digits)
{
    uint64_t n = 0;
    for (size_t i = 0; i < digits.n; i++)
        n = n * 10 + (uint64_t)(digits.p[i] - '0');
    return n;
}

/* host[:port] of a URL: no path, no user, no space. Empty is allowed by the RFC. */
static bool is_host(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!is_letter_or_digit(c) && c < 0x80 &&
            (!c || !strchr("-._~%!$&'()*+,;=:[]", c)))
            return false;
    }
    return true;
}

static void count_header(const dgms_header *h, tally *t)
{
    t->bytes += h->name.n + h->value.n + 4; /* ": " and the line end */
    if (!is_name(h->name)) {
        t->fault = "a header name holds a character that names may not have";
    } else if (!is_value(h->value)) {
        t->fault = "a header value holds a control character";
    } else if (dgmi_str_eq_nocase(h->name, "content-length")) {
        t->lengths++;
        if (!is_length(h->value))
            t->fault = "Content-Length is not a number";
        else
            t->length = number_of(h->value);
        t->body = t->body || t->length > 0;
    } else if (dgmi_str_eq_nocase(h->name, "transfer-encoding")) {
        t->codings++;
        t->body = true;
        t->chunked = dgmi_str_eq_nocase(h->value, "chunked");
    } else if (dgmi_str_eq_nocase(h->name, "host")) {
        t->hosts++;
        if (!is_host(h->value))
            t->fault = "Host is not a host name";
    }
}

static dgms_verdict refusal(int status, const char *reason)
{
    return (dgms_verdict){ .status = status, .reason = reason, .body = true };
}

dgms_verdict dgms_guard_head(const dgms_head *head)
{
    tally t = { 0 };

    for (size_t i = 0; i < head->n_headers && !t.fault; i++)
        count_header(&head->headers[i], &t);
    if (t.fault)
        return refusal(400, t.fault);
    if (t.lengths > 1)
        return refusal(400, "more than one Content-Length");
    if (t.codings && t.lengths)
        return refusal(400, "both Content-Length and Transfer-Encoding");
    if (t.codings && !head->http11)
        return refusal(400, "Transfer-Encoding in a request of HTTP/1.0");
    if (t.codings > 1)
        return refusal(400, "more than one Transfer-Encoding");
    if (t.hosts > 1)
        return refusal(400, "more than one Host");
    if (!t.hosts && head->http11)
        return refusal(400, "no Host");
    if (t.bytes > head->bytes_max)
        return refusal(431, "the header fields are too long");
    if (head->n_headers > DGMS_HEADERS_MAX)
        return refusal(431, "too many header fields");
    return (dgms_verdict){ .body = t.body,
                           .chunked = t.chunked,
                           .framed = t.lengths || t.codings,
                           .length = t.length };
}
