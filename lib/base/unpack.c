/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a file, gzip and zstd unpacked on the way, with caps. Depends on zlib, zstd,
 * unpack.h. */
#include "unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "fail.h"

enum {
    IN_SIZE = 128 * 1024,
    WINDOW_LOG = 27, /* zstd: 128 MB of window at most */
    RATIO_MAX = 500, /* a bomb, past the free amount; text packs 3 to 50 times */
    RATIO_FREE = 64 << 20
};

typedef enum packing { PLAIN, GZIP, ZSTD } packing;

struct dgmi_unpack {
    dgmi_input input;  /* of memory, what is left of it */
    const char *broke; /* why the input cannot be read further, or NULL */
    char *in;
    size_t at, n; /* of in: what is not used yet */
    bool in_ended, out_ended;
    bool begun, mid_frame; /* the packed data are not at an end */
    packing packing;
    z_stream z;
    ZSTD_DStream *zstd;
    uint64_t taken, given; /* bytes in and out */
};

/* -1 with errno, or with u->broke. */
static ssize_t take_input(dgmi_unpack *u, char *out, size_t room)
{
    dgmi_input *from = &u->input;
    if (from->pull != NULL)
        return from->pull(from->user, out, room, &u->broke);
    if (from->fd >= 0)
        return read(from->fd, out, room);
    size_t n = from->n < room ? from->n : room;
    if (n > 0)
        memcpy(out, from->bytes, n);
    from->bytes = (const char *)from->bytes + n;
    from->n -= n;
    return (ssize_t)n;
}

/* Refills the input; at its end in_ended is set. */
static dgm_status refill(dgmi_unpack *u, dgm_error *err)
{
    if (u->at > 0)
        memmove(u->in, u->in + u->at, u->n);
    u->at = 0;
    while (!u->in_ended && u->n < IN_SIZE) {
        size_t room = IN_SIZE - u->n;
        ssize_t got = take_input(u, u->in + u->n, room);
        if (got < 0 && u->broke == NULL && errno == EINTR)
            continue;
        if (got < 0 && u->broke == NULL)
            return dgmi_fail_errno(err, u->input.name);
        u->in_ended = got <= 0;
        u->n += got > 0 ? (size_t)got : 0;
        u->taken += got > 0 ? (size_t)got : 0;
        if (u->n >= 4 && (u->input.fd >= 0 || u->input.pull != NULL))
            break; /* what a pipe has now is enough */
    }
    return DGM_OK;
}

static dgm_status start(dgmi_unpack *u, dgm_error *err)
{
    dgm_status status = refill(u, err);
    if (status != DGM_OK)
        return status;
    if (u->n >= 2 && memcmp(u->in, "\x1F\x8B", 2) == 0) {
        u->packing = GZIP;
        if (inflateInit2(&u->z, 15 + 16) != Z_OK) {
            u->packing = PLAIN;
            return dgmi_fail_memory(err);
        }
    } else if (u->n >= 4 && memcmp(u->in, "\x28\xB5\x2F\xFD", 4) == 0) {
        u->packing = ZSTD;
        u->zstd = ZSTD_createDStream();
        if (u->zstd == NULL)
            return dgmi_fail_memory(err);
        ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    }
    return DGM_OK;
}

dgm_status dgmi_unpack_open(const dgmi_input *input, dgmi_unpack **out, dgm_error *err)
{
    *out = NULL;
    dgmi_unpack *u = calloc(1, sizeof *u);
    if (u == NULL)
        return dgmi_fail_memory(err);
    u->input = *input;
    if (u->input.bytes == NULL)
        u->input.bytes = "";
    u->in = malloc(IN_SIZE);
    dgm_status status = u->in != NULL ? start(u, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        *out = u;
    else
        dgmi_unpack_close(u);
    return status;
}

void dgmi_unpack_close(dgmi_unpack *u)
{
    if (u == NULL)
        return;
    if (u->packing == GZIP)
        inflateEnd(&u->z);
    ZSTD_freeDStream(u->zstd);
    free(u->in);
    free(u);
}

static void use(dgmi_unpack *u, size_t n)
{
    u->at += n;
    u->n -= n;
}

static const char *step_plain(dgmi_unpack *u, char *out, size_t room, size_t *got)
{
    *got = u->n < room ? u->n : room;
    memcpy(out, u->in + u->at, *got);
    use(u, *got);
    return NULL;
}

/* One member after the other; what follows the last without being one is padding. */
static const char *step_gzip(dgmi_unpack *u, char *out, size_t room, size_t *got)
{
    if (u->begun && !u->mid_frame) {
        if (u->n < 2 || memcmp(u->in + u->at, "\x1F\x8B", 2) != 0) {
            u->out_ended = true;
            return NULL;
        }
        inflateReset(&u->z);
    }
    u->begun = true;
    u->z.next_in = (Bytef *)u->in + u->at;
    u->z.avail_in = (uInt)u->n;
    u->z.next_out = (Bytef *)out;
    u->z.avail_out = (uInt)room;
    int result = inflate(&u->z, Z_NO_FLUSH);
    use(u, u->n - u->z.avail_in);
    *got = room - u->z.avail_out;
    u->mid_frame = result != Z_STREAM_END;
    if (result == Z_MEM_ERROR)
        return "memory ran out";
    bool fine = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
    return fine ? NULL : "the gzip data are damaged";
}

static const char *step_zstd(dgmi_unpack *u, char *out, size_t room, size_t *got)
{
    if (u->n == 0 && !u->mid_frame)
        return NULL; /* asked now, it would say what it needs for a next frame */
    ZSTD_inBuffer in = { u->in + u->at, u->n, 0 };
    ZSTD_outBuffer to = { out, room, 0 };
    size_t result = ZSTD_decompressStream(u->zstd, &to, &in);
    use(u, in.pos);
    *got = to.pos;
    if (ZSTD_isError(result))
        return "the zstd data are damaged";
    u->mid_frame = result != 0;
    return NULL;
}

static const char *step(dgmi_unpack *u, char *out, size_t room, size_t *got)
{
    switch (u->packing) {
    case PLAIN:
        return step_plain(u, out, room, got);
    case GZIP:
        return step_gzip(u, out, room, got);
    case ZSTD:
        return step_zstd(u, out, room, got);
    }
    return NULL;
}

dgm_status dgmi_unpack_read(dgmi_unpack *u, char *out, size_t room, size_t *got,
                            const char **broken, dgm_error *err)
{
    *got = 0;
    *broken = NULL;
    while (*got == 0 && !u->out_ended && *broken == NULL) {
        if (u->n < 2 && !u->in_ended) {
            dgm_status status = refill(u, err);
            if (status != DGM_OK)
                return status;
        }
        bool empty = u->n == 0 && u->in_ended;
        *broken = step(u, out, room, got);
        if (*broken == NULL && *got == 0 && empty) {
            u->out_ended = true;
            if (u->broke != NULL)
                *broken = u->broke;
            else if (u->mid_frame)
                *broken = "the packed data break off";
        }
    }
    u->given += *got;
    if (u->packing != PLAIN && u->given > RATIO_FREE && u->given / RATIO_MAX > u->taken)
        *broken = "it unpacks to more than 500 times its size";
    return DGM_OK;
}

uint64_t dgmi_unpack_taken(const dgmi_unpack *u)
{
    return u->taken;
}
