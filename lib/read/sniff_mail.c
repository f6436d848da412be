/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling e-mail and the wire formats of telex days from their first bytes. Depends on
 * reader.h. */
#include "reader.h"

#include <ctype.h>
#include <string.h>

/* The name of a header field that the line begins with, or nothing. */
static dgmi_str field_name(dgmi_str line)
{
    size_t n = 0;
    while (n < line.n && (isalnum((unsigned char)line.p[n]) || line.p[n] == '-'))
        n++;
    return n > 0 && n < line.n && line.p[n] == ':' ? (dgmi_str){ line.p, n }
                                                   : (dgmi_str){ line.p, 0 };
}

static bool is_one_of(dgmi_str name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (dgmi_str_eq_nocase(name, *names))
            return true;
    }
    return false;
}

/* Fields that machines write and at least one that people do; "From:" and "Date:" also
 * head releases that are no e-mail. */
int dgmi_sniff_mail(const char *p, size_t n)
{
    static const char *const machines[] = { "Message-ID",
                                            "MIME-Version",
                                            "Received",
                                            "Return-Path",
                                            "Delivered-To",
                                            "DKIM-Signature",
                                            "Content-Type",
                                            "X-Received",
                                            "Received-SPF",
                                            "Authentication-Results",
                                            "Content-Transfer-Encoding",
                                            NULL };
    static const char *const people[] = { "From",   "To",       "Subject", "Date",
                                          "Sender", "Reply-To", "Cc",      NULL };
    dgmi_str rest = dgmi_str_trim((dgmi_str){ p, n }), line;
    int written = 0, typed = 0;
    bool box = dgmi_str_starts(rest, "From ");
    for (int i = 0; dgmi_str_split(&rest, '\n', &line); i++) {
        bool folded = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
        dgmi_str name = field_name(line);
        if ((i == 0 && box) || (i > 0 && folded))
            continue;
        if (dgmi_str_trim(line).n == 0 || (name.n == 0 && rest.n > 0))
            break;
        written += is_one_of(name, machines);
        typed += is_one_of(name, people);
    }
    return written > 0 && (typed > 0 || written > 2) ? 96 : box && typed > 1 ? 95 : 0;
}

/* Past what lines of old sent to wake the other side, the story's SOH. */
static dgmi_str find_story(const char *p, size_t n, bool *woken)
{
    dgmi_str s = { p, n };
    *woken = false;
    while (s.n > 0 && strchr("\x16\x7F \r\n\x80", s.p[0]) != NULL) {
        *woken = *woken || s.p[0] == 0x16;
        s = dgmi_str_skip(s, 1);
    }
    bool story = s.n > 1 && s.p[0] == 1 && isalnum((unsigned char)s.p[1]) &&
                 memchr(s.p, 2, s.n < 400 ? s.n : 400) != NULL;
    return story ? s : (dgmi_str){ s.p, 0 };
}

/* Both begin a story with SOH and its text with STX; ANPA wakes the line with SYN. */
int dgmi_sniff_anpa(const char *p, size_t n)
{
    bool woken;
    return find_story(p, n, &woken).n > 0 && woken ? 98 : 0;
}

int dgmi_sniff_iptc7901(const char *p, size_t n)
{
    bool woken;
    return find_story(p, n, &woken).n > 0 && !woken ? 97 : 0;
}
