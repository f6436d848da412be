/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spools. Depends on lib/base. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"

#define ALL_IN_MEMORY (64u << 20)
#define BLOCK (64u << 10)

void dgms_spools_init(dgms_spools *spools, const char *folder)
{
    spools->folder = folder;
    spools->memory_max = ALL_IN_MEMORY;
    atomic_init(&spools->in_memory, 0);
}

void dgms_spool_init(dgms_spool *spool, dgms_spools *shared, uint64_t max)
{
    *spool = (dgms_spool){ .shared = shared, .max = max, .fd = -1 };
    dgmi_buf_init(&spool->memory, DGMS_SPOOL_MEMORY);
}

static void drop_memory(dgms_spool *spool)
{
    dgmi_buf_clear(&spool->memory);
    if (spool->reserved)
        atomic_fetch_sub(&spool->shared->in_memory, spool->reserved);
    spool->reserved = 0;
}

void dgms_spool_clear(dgms_spool *spool)
{
    if (!spool->shared)
        return;
    drop_memory(spool);
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
    spool->n = 0;
}

/* A file that no name leads to: it is gone with its descriptor, however we end. */
static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char *path = dgmi_path_join(folder, ".spool-XXXXXX");
    if (!path)
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    free(path);
    return fd;
}

static dgm_status open_file(dgms_spool *spool, dgm_error *err)
{
    const char *other = getenv("TMPDIR");
    spool->fd = open_nameless(spool->shared->folder);
    if (spool->fd < 0)
        spool->fd = open_nameless(other && *other ? other : "/tmp");
    if (spool->fd < 0)
        return dgmi_fail_errno(err, "a file for the body");
    dgm_status status =
        dgmi_write_all(spool->fd, spool->memory.p, spool->memory.n, "the body", err);
    drop_memory(spool);
    return status;
}

/* Sets bytes aside in the memory that all spools share. False: there are none left. */
static bool reserve(dgms_spool *spool, size_t n)
{
    if (spool->n + n > DGMS_SPOOL_MEMORY)
        return false;
    if (atomic_fetch_add(&spool->shared->in_memory, n) + n <= spool->shared->memory_max) {
        spool->reserved += n;
        return true;
    }
    atomic_fetch_sub(&spool->shared->in_memory, n);
    return false;
}

dgm_status dgms_spool_put(dgms_spool *spool, const void *bytes, size_t n, dgm_error *err)
{
    dgm_status status = DGM_OK;

    if (n > spool->max - spool->n)
        return dgmi_fail(err, DGM_E_ARG, "longer than %llu bytes",
                         (unsigned long long)spool->max);
    if (spool->fd < 0 && reserve(spool, n)) {
        dgmi_buf_put(&spool->memory, bytes, n);
        if (spool->memory.failed)
            return dgmi_fail_memory(err);
    } else {
        if (spool->fd < 0)
            status = open_file(spool, err);
        if (status == DGM_OK)
            status = dgmi_write_all(spool->fd, bytes, n, "the body", err);
    }
    if (status == DGM_OK)
        spool->n += n;
    return status;
}

dgm_status dgms_spool_read(const dgms_spool *spool, uint64_t at, void *out, size_t n,
                           size_t *got, dgm_error *err)
{
    size_t left = at < spool->n && spool->n - at < n ? (size_t)(spool->n - at) : n;

    *got = 0;
    if (at >= spool->n)
        return DGM_OK;
    if (spool->fd < 0) {
        memcpy(out, spool->memory.p + at, left);
        *got = left;
        return DGM_OK;
    }
    for (;;) {
        ssize_t read = pread(spool->fd, out, left, (off_t)at);
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return dgmi_fail_errno(err, "the body");
        if (read == 0)
            return dgmi_fail(err, DGM_E_IO, "the body: its file was cut");
        *got = (size_t)read;
        return DGM_OK;
    }
}

dgm_status dgms_spool_get(const dgms_spool *spool, dgmi_buf *out, dgm_error *err)
{
    dgm_status status = DGM_OK;

    for (uint64_t at = 0; at < spool->n && status == DGM_OK;) {
        size_t wanted = spool->n - at < BLOCK ? (size_t)(spool->n - at) : BLOCK, got = 0;
        char *room = dgmi_buf_room(out, wanted);
        if (!room)
            return dgmi_fail_memory(err);
        status = dgms_spool_read(spool, at, room, wanted, &got, err);
        out->n += got;
        at += got;
    }
    return status;
}

int dgms_spool_take_file(dgms_spool *spool, dgm_error *err)
{
    if (spool->fd < 0 && open_file(spool, err) != DGM_OK)
        return -1;
    int fd = spool->fd;
    spool->fd = -1;
    spool->n = 0;
    return fd;
}
