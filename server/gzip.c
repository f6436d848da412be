/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gzip of replies. Depends on zlib and lib/base. */
#include "gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "str.h"

/* Level 4: 190 us for 10 KB of text with a stream that is used again; level 6 is twice
 * that for 3 % less. */
#define LEVEL 4
#define GZIP_WINDOW (15 + 16)

struct dgms_gzip {
    z_stream stream;
};

dgms_gzip *dgms_gzip_new(void)
{
    dgms_gzip *gzip = calloc(1, sizeof *gzip);
    if (!gzip)
        return NULL;
    if (deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

void dgms_gzip_free(dgms_gzip *gzip)
{
    if (!gzip)
        return;
    deflateEnd(&gzip->stream);
    free(gzip);
}

bool dgms_gzip_pack(dgms_gzip *gzip, const void *bytes, size_t n, dgmi_buf *out)
{
    z_stream *z = &gzip->stream;
    if (n > UINT_MAX / 2 || deflateReset(z) != Z_OK)
        return false;
    size_t most = deflateBound(z, n);
    char *room = dgmi_buf_room(out, most);
    if (!room)
        return false;
    z->next_in = (Bytef *)bytes; /* zlib's prototype lacks a const; it only reads */
    z->avail_in = (uInt)n;
    z->next_out = (Bytef *)room;
    z->avail_out = (uInt)most;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        return false;
    out->n += most - z->avail_out;
    return true;
}

/* ---- Accept-Encoding (RFC 9110, 12.5.3)
 * --------------------------------------------------- */

/* The weight in ";q=0.25" in thousandths; 1000 if there is none, 0 if it is malformed. */
static int weight_of(dgmi_str parameters)
{
    dgmi_str part;
    while (dgmi_str_split(&parameters, ';', &part)) {
        part = dgmi_str_trim(part);
        if (!dgmi_str_starts_nocase(part, "q="))
            continue;
        part = dgmi_str_skip(part, 2);
        if (!part.n || (part.p[0] != '0' && part.p[0] != '1') || part.n > 5 ||
            (part.n > 1 && part.p[1] != '.'))
            return 0;
        int weight = (part.p[0] - '0') * 1000, unit = 100;
        for (size_t i = 2; i < part.n; i++, unit /= 10) {
            if (part.p[i] < '0' || part.p[i] > '9')
                return 0;
            weight += (part.p[i] - '0') * unit;
        }
        return weight > 1000 ? 1000 : weight;
    }
    return 1000;
}

bool dgms_gzip_wanted(const char *accept_encoding)
{
    int gzip = -1, identity = -1, any = -1;
    dgmi_str rest = dgmi_str_of(accept_encoding), part;

    while (dgmi_str_split(&rest, ',', &part)) {
        dgmi_str coding;
        if (!dgmi_str_split(&part, ';', &coding))
            continue;
        coding = dgmi_str_trim(coding);
        int weight = weight_of(part);
        if (dgmi_str_eq_nocase(coding, "gzip") || dgmi_str_eq_nocase(coding, "x-gzip"))
            gzip = weight;
        else if (dgmi_str_eq_nocase(coding, "identity"))
            identity = weight;
        else if (dgmi_str_eq(coding, "*"))
            any = weight;
    }
    if (gzip < 0)
        gzip = any;
    return gzip > 0 && gzip >= identity;
}
