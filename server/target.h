/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The target of a request, "/v1/search?q=a+b", taken apart and decoded. Depends on
 * lib/base. */
#ifndef DGMS_TARGET_H
#define DGMS_TARGET_H

#include <stddef.h>

#include "dragoman.h"
#include "str.h"

#define DGMS_SEGMENTS_MAX 16
#define DGMS_PARAMS_MAX 256

/* Decoded text: valid UTF-8 without NUL. */
typedef struct dgms_pair {
    const char *name, *value;
} dgms_pair;

typedef struct dgms_target {
    char *memory;                            /* holds all the text below */
    const char *segments[DGMS_SEGMENTS_MAX]; /* "/" has none, "/v1/search" two */
    size_t n_segments;
    dgms_pair *pairs;
    size_t n_pairs;
    char bad[64]; /* after a failure: the parameter at fault, or "" if it is the path */
} dgms_target;

/* Takes apart a raw target in origin form ("/path?query") or absolute form
 * ("http://host/path"), as it stood in the request line. The path is split at "/" before
 * it is decoded, so a segment may hold an encoded slash; "+" is a space in the query
 * alone. An empty value and a missing one are the same. Owner: the caller clears *out,
 * after a failure too. Errors: ARG (a bad escape, %00, invalid UTF-8, a fragment, a
 * control character, too many parts), NOMEM. Threads: any. */
dgm_status dgms_target_parse(dgmi_str raw, dgms_target *out, dgm_error *err);
void dgms_target_clear(dgms_target *target);

#endif
