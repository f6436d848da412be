/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses may be connected to. Depends on address.h, lib/base. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "str.h"

enum { PART_MAX = 80 };

/* An address as 16 bytes; IPv4 as mapped ("::ffff:a.b.c.d"), so that one table does. */
typedef struct place {
    unsigned char bytes[16];
} place;

typedef struct prefix {
    place at;
    unsigned bits; /* of the 16 bytes */
} prefix;

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static place of_v4(const void *four)
{
    place p;
    memcpy(p.bytes, mapped, sizeof mapped);
    memcpy(p.bytes + 12, four, 4);
    return p;
}

static bool lies_in(const place *p, const prefix *in)
{
    unsigned whole = in->bits / 8, rest = in->bits % 8;
    if (memcmp(p->bytes, in->at.bytes, whole) != 0)
        return false;
    unsigned mask = rest ? 0xffu << (8 - rest) & 0xffu : 0;
    return ((p->bytes[whole % 16] ^ in->at.bytes[whole % 16]) & mask) == 0;
}

/* "10.0.0.0/8", "fd00::/8", or an address alone. */
static bool read_prefix(dgmi_str s, prefix *out)
{
    char text[PART_MAX];
    struct in6_addr six;
    struct in_addr four;
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash++ = '\0';
    unsigned most = 128;
    if (inet_pton(AF_INET, text, &four) == 1) {
        out->at = of_v4(&four);
        most = 32;
    } else if (inet_pton(AF_INET6, text, &six) == 1) {
        memcpy(out->at.bytes, &six, 16);
    } else {
        return false;
    }
    char *end = NULL;
    unsigned long bits = slash != NULL ? strtoul(slash, &end, 10) : most;
    if (slash != NULL && (*slash < '0' || *slash > '9' || *end != '\0' || bits > most))
        return false;
    out->bits = (unsigned)bits + (most == 32 ? 96 : 0);
    return true;
}

/* What is not the public internet (IANA's registries of special addresses). */
static const char *const special[] = {
    "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/3",    "::/128",        "::1/128",
    "64:ff9b:1::/48", "100::/64",       "2001::/32",     "2001:2::/48",
    "2001:db8::/32",  "3fff::/20",      "5f00::/16",     "fc00::/7",
    "fe80::/10",      "fec0::/10",      "ff00::/8",
};

static bool is_special(const place *p)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        prefix in;
        if (read_prefix(dgmi_str_of(special[i]), &in) && lies_in(p, &in))
            return true;
    }
    return false;
}

/* The IPv4 address that an IPv6 one carries, if it is of a kind that does. */
static bool carried(const place *p, place *out)
{
    static const struct {
        const char *prefix;
        unsigned at; /* its first byte */
    } kinds[] = { { "64:ff9b::/96", 12 }, { "2002::/16", 2 }, { "::/96", 12 } };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        prefix in;
        if (read_prefix(dgmi_str_of(kinds[i].prefix), &in) && lies_in(p, &in)) {
            *out = of_v4(p->bytes + kinds[i].at);
            return true;
        }
    }
    return false;
}

static bool place_of(const struct sockaddr *address, place *out)
{
    if (address->sa_family == AF_INET) {
        *out = of_v4(&((const struct sockaddr_in *)(const void *)address)->sin_addr);
        return true;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
           16);
    return true;
}

bool dgmi_address_public(const struct sockaddr *address)
{
    place p, inner;
    if (!place_of(address, &p) || is_special(&p))
        return false;
    return !carried(&p, &inner) || !is_special(&inner);
}

/* ---- What a setting allows ---- */

static bool next_part(dgmi_str *rest, dgmi_str *part)
{
    while (rest->n > 0 && strchr(" \t,", rest->p[0]) != NULL)
        *rest = dgmi_str_skip(*rest, 1);
    part->p = rest->p;
    part->n = 0;
    while (part->n < rest->n && strchr(" \t,", rest->p[part->n]) == NULL)
        part->n++;
    *rest = dgmi_str_skip(*rest, part->n);
    return part->n > 0;
}

bool dgmi_address_allowed(const struct sockaddr *address, const char *allowed)
{
    dgmi_str rest = dgmi_str_of(allowed), part;
    place p;
    if (dgmi_address_public(address))
        return true;
    if (!place_of(address, &p))
        return false;
    if (dgmi_str_eq_nocase(rest, "yes"))
        return true;
    while (next_part(&rest, &part)) {
        prefix in;
        if (read_prefix(part, &in) && lies_in(&p, &in))
            return true;
    }
    return false;
}

dgm_status dgmi_allowed_check(const char *allowed, dgm_error *err)
{
    dgmi_str rest = dgmi_str_of(allowed), part;
    if (dgmi_str_eq_nocase(rest, "yes") || dgmi_str_eq_nocase(rest, "no"))
        return DGM_OK;
    while (next_part(&rest, &part)) {
        prefix in;
        if (!read_prefix(part, &in))
            return dgmi_fail(err, DGM_E_ARG,
                             "wants yes, no, or addresses such as 10.1.0.0/16, not "
                             "\"%.*s\"",
                             (int)(part.n < 60 ? part.n : 60), part.p);
    }
    return DGM_OK;
}

char *dgmi_address_text(const struct sockaddr *address, char *out, size_t size)
{
    const void *bytes =
        address->sa_family == AF_INET
            ? (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr
            : (const void *)&((const struct sockaddr_in6 *)(const void *)address)
                  ->sin6_addr;
    bool known = address->sa_family == AF_INET || address->sa_family == AF_INET6;
    if (!known || inet_ntop(address->sa_family, bytes, out, (socklen_t)size) == NULL)
        snprintf(out, size, "an unknown kind of address");
    return out;
}
