/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict reading of request targets: what is not well-formed is refused, never guessed
 * at, because two readings of one address are how filters get passed by. Depends on
 * lib/base. */
#include "target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "utf8.h"

/* Where decoded text goes; it is never longer than what it came from. */
typedef struct sink {
    char *at;
    const char *raw; /* start of the target, for naming places */
    bool plus;       /* '+' is a space here */
} sink;

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that "%XY" at p stands for, or -1. */
static int unescape(const char *p, const char *end)
{
    if (end - p < 3)
        return -1;
    int high = hex_of(p[1]), low = hex_of(p[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Decodes one part into the sink, ended by NUL; *out points at it. */
static dgm_status decode(sink *to, dgmi_str part, const char **out, dgm_error *err)
{
    const char *end = part.p + part.n;
    char *start = to->at;

    for (const char *p = part.p; p < end; p++) {
        int c = (unsigned char)*p;
        if (c == '%') {
            c = unescape(p, end);
            if (c <= 0)
                return dgmi_fail(err, DGM_E_ARG, "byte %zu of the target: %s",
                                 (size_t)(p - to->raw),
                                 c ? "% without two hex digits" : "%00 is not text");
            p += 2;
        } else if (c == '+' && to->plus) {
            c = ' ';
        }
        *to->at++ = (char)c;
    }
    size_t n = (size_t)(to->at - start);
    *to->at++ = 0;
    *out = start;
    if (!dgmi_utf8_valid(start, n))
        return dgmi_fail(err, DGM_E_ARG, "byte %zu of the target: this part is not UTF-8",
                         (size_t)(part.p - to->raw));
    return DGM_OK;
}

static dgm_status read_path(sink *to, dgmi_str path, dgms_target *out, dgm_error *err)
{
    path = dgmi_str_skip(path, 1); /* the first '/' */
    while (path.n || (out->n_segments && path.p[-1] == '/')) {
        const char *slash = memchr(path.p, '/', path.n);
        dgmi_str part = { path.p, slash ? (size_t)(slash - path.p) : path.n };
        if (out->n_segments == DGMS_SEGMENTS_MAX)
            return dgmi_fail(err, DGM_E_ARG, "the path has over %d parts",
                             DGMS_SEGMENTS_MAX);
        dgm_status status = decode(to, part, &out->segments[out->n_segments++], err);
        if (status != DGM_OK || !slash)
            return status;
        path = dgmi_str_skip(path, part.n + 1);
    }
    return DGM_OK;
}

/* Remembers which parameter is at fault, as printable text. */
static void note_bad(dgms_target *out, dgmi_str raw_name)
{
    size_t n = raw_name.n < sizeof out->bad ? raw_name.n : sizeof out->bad - 1;
    for (size_t i = 0; i < n; i++)
        out->bad[i] = raw_name.p[i] > 0x20 && raw_name.p[i] < 0x7F ? raw_name.p[i] : '?';
    out->bad[n] = 0;
}

static dgm_status read_pair(sink *to, dgmi_str part, dgms_target *out, dgm_error *err)
{
    const char *equals = memchr(part.p, '=', part.n);
    dgmi_str name = { part.p, equals ? (size_t)(equals - part.p) : part.n };
    dgms_pair *pair = &out->pairs[out->n_pairs];
    dgm_status status;

    pair->value = "";
    status = decode(to, name, &pair->name, err);
    if (status == DGM_OK && equals)
        status = decode(to, dgmi_str_skip(part, name.n + 1), &pair->value, err);
    if (status != DGM_OK)
        note_bad(out, name);
    else
        out->n_pairs++;
    return status;
}

static dgm_status read_query(sink *to, dgmi_str query, dgms_target *out, dgm_error *err)
{
    dgmi_str part;

    to->plus = true;
    out->pairs = calloc(DGMS_PARAMS_MAX, sizeof *out->pairs);
    if (!out->pairs)
        return dgmi_fail_memory(err);
    while (dgmi_str_split(&query, '&', &part)) {
        if (!part.n)
            continue;
        if (out->n_pairs == DGMS_PARAMS_MAX)
            return dgmi_fail(err, DGM_E_ARG, "over %d parameters", DGMS_PARAMS_MAX);
        dgm_status status = read_pair(to, part, out, err);
        if (status != DGM_OK)
            return status;
    }
    return DGM_OK;
}

/* Bytes that no target may hold: the parser in front of us lets some of them through. */
static dgm_status check_bytes(dgmi_str raw, dgm_error *err)
{
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.p[i];
        if (c <= 0x20 || c == 0x7F)
            return dgmi_fail(err, DGM_E_ARG,
                             "byte %zu of the target: a raw space or control "
                             "character",
                             i);
        if (c == '#')
            return dgmi_fail(err, DGM_E_ARG, "byte %zu of the target: a fragment", i);
    }
    return DGM_OK;
}

/* The part of an absolute target from its path on; others as they are. */
static dgmi_str skip_authority(dgmi_str raw)
{
    size_t scheme = dgmi_str_starts_nocase(raw, "http://")    ? 7
                    : dgmi_str_starts_nocase(raw, "https://") ? 8
                                                              : 0;
    if (!scheme)
        return raw;
    size_t n = scheme;
    while (n < raw.n && raw.p[n] != '/' && raw.p[n] != '?')
        n++;
    return dgmi_str_skip(raw, n);
}

dgm_status dgms_target_parse(dgmi_str raw, dgms_target *out, dgm_error *err)
{
    memset(out, 0, sizeof *out);
    dgm_status status = check_bytes(raw, err);
    if (status != DGM_OK)
        return status;
    dgmi_str rest = skip_authority(raw);
    bool absolute = rest.p != raw.p;
    if (!absolute && (!rest.n || rest.p[0] != '/'))
        return dgmi_fail(err, DGM_E_ARG, "the target does not start with /");
    const char *mark = rest.n ? memchr(rest.p, '?', rest.n) : NULL;
    dgmi_str path = { rest.p, mark ? (size_t)(mark - rest.p) : rest.n };

    /* Each part costs one NUL more than its text, and each but the first had a separator.
     */
    out->memory = malloc(raw.n + 4);
    if (!out->memory)
        return dgmi_fail_memory(err);
    sink to = { out->memory, raw.p, false };
    status = read_path(&to, path, out, err);
    if (status == DGM_OK && mark)
        status = read_query(&to, dgmi_str_skip(rest, path.n + 1), out, err);
    return status;
}

void dgms_target_clear(dgms_target *target)
{
    free(target->memory);
    free(target->pairs);
    memset(target, 0, sizeof *target);
}
