/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of what could not be taken. Depends on lib/base, lib/wire and nettle. */
#include "rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "file.h"
#include "hash.h"
#include "wire.h"

enum { BLOCK = 1 << 16, EXT_MAX = 8, NAME_MAX_ = 40, HEX = 16 };

struct dgmi_rejects {
    char *folder, *list; /* DATA/rejects and rejects.ndjson in it */
    char *kept;          /* path given out last */
    bool made, unsynced;
};

dgmi_rejects *dgmi_rejects_new(const char *data_dir)
{
    dgmi_rejects *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->folder = dgmi_path_join(data_dir, "rejects");
    r->list = r->folder ? dgmi_path_join(r->folder, "rejects.ndjson") : NULL;
    if (!r->list) {
        dgmi_rejects_free(r);
        return NULL;
    }
    return r;
}

void dgmi_rejects_free(dgmi_rejects *r)
{
    if (!r)
        return;
    free(r->folder);
    free(r->list);
    free(r->kept);
    free(r);
}

/* The bytes of a line or item are unpacked already, so ".zst" and ".gz" would lie about
 * them. */
static dgmi_str base_name(const char *where, bool unpacked)
{
    dgmi_str name = dgmi_str_of(dgmi_path_base(where));
    const char *colon = memrchr(name.p, ':', name.n);
    if (colon)
        name.n = (size_t)(colon - name.p);
    if (unpacked && dgmi_str_ends(name, ".zst"))
        name.n -= 4;
    else if (unpacked && dgmi_str_ends(name, ".gz"))
        name.n -= 3;
    return name;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The extension of what `where` names, so that the copy is read as the original was. */
static void extension(const char *where, bool unpacked, char out[EXT_MAX + 1])
{
    dgmi_str name = base_name(where, unpacked);
    const char *dot = name.n > 0 ? memrchr(name.p, '.', name.n) : NULL;
    size_t n = dot ? name.n - (size_t)(dot + 1 - name.p) : 0;
    bool plain = n > 0 && n <= EXT_MAX;
    for (size_t i = 0; plain && i < n; i++)
        plain = is_plain(dot[1 + i]);
    snprintf(out, EXT_MAX + 1, "%.*s", plain ? (int)n : 3, plain ? dot + 1 : "raw");
}

static dgm_status make_folder(dgmi_rejects *r, dgm_error *err)
{
    dgm_status status = r->made ? DGM_OK : dgmi_make_dirs(r->folder, err);
    r->made = status == DGM_OK;
    return status;
}

/* ---- The two ways of keeping: bytes at hand, or the source read anew ---- */

static dgm_status write_new(const char *path, const void *bytes, size_t n, dgm_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return dgmi_fail_errno(err, path);
    dgm_status status = dgmi_write_all(fd, bytes, n, path, err);
    if (close(fd) != 0 && status == DGM_OK)
        status = dgmi_fail_errno(err, path);
    return status;
}

/* Copies all of a source from its start, wherever its reading stands, and digests it on
 * the way. */
static dgm_status copy_source(int from, int to, const char *path,
                              char hex[DGMI_SHA256_HEX], dgm_error *err)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx state;
    dgm_status status = DGM_OK;
    char *block = malloc(BLOCK);
    if (!block)
        return dgmi_fail_memory(err);
    sha256_init(&state);
    for (off_t at = 0; status == DGM_OK;) {
        ssize_t got = pread(from, block, BLOCK, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        at += got;
        sha256_update(&state, (size_t)got, (const uint8_t *)block);
        status = dgmi_write_all(to, block, (size_t)got, path, err);
    }
    sha256_digest(&state, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
    free(block);
    return status;
}

static dgm_status store(dgmi_rejects *r, const dgmi_reject *reject, const char *temporary,
                        char hex[DGMI_SHA256_HEX], dgm_error *err)
{
    if (reject->bytes) {
        dgmi_sha256_hex(reject->bytes, reject->n, hex);
        return DGM_OK;
    }
    int to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (to < 0)
        return dgmi_fail_errno(err, temporary);
    dgm_status status = copy_source(reject->fd, to, temporary, hex, err);
    if (close(to) != 0 && status == DGM_OK)
        status = dgmi_fail_errno(err, temporary);
    r->unsynced = true;
    return status;
}

/* Puts the bytes to r->kept by way of the temporary file, so that a name in the folder
 * always stands for whole contents. */
static dgm_status put(dgmi_rejects *r, const dgmi_reject *reject, const char *temporary,
                      bool *fresh, dgm_error *err)
{
    char hex[DGMI_SHA256_HEX], ext[EXT_MAX + 1], name[NAME_MAX_];
    dgm_status status = store(r, reject, temporary, hex, err);
    if (status != DGM_OK)
        return status;
    extension(reject->where, reject->bytes != NULL, ext);
    snprintf(name, sizeof name, "%.*s.%s", HEX, hex, ext);
    r->kept = dgmi_path_join(r->folder, name);
    if (!r->kept)
        return dgmi_fail_memory(err);
    *fresh = access(r->kept, F_OK) != 0;
    if (!*fresh)
        return DGM_OK;
    if (reject->bytes)
        status = write_new(temporary, reject->bytes, reject->n, err);
    if (status == DGM_OK && rename(temporary, r->kept) != 0)
        status = dgmi_fail_errno(err, r->kept);
    r->unsynced = true;
    return status;
}

static bool can_read_anew(int fd)
{
    char byte;
    return fd >= 0 && lseek(fd, 0, SEEK_CUR) >= 0 && pread(fd, &byte, 1, 0) >= 0;
}

static dgm_status put_away(dgmi_rejects *r, const dgmi_reject *reject, bool *fresh,
                           dgm_error *err)
{
    free(r->kept);
    r->kept = NULL;
    *fresh = true;
    if (!reject->bytes && !can_read_anew(reject->fd))
        return DGM_OK;
    char name[32]; /* a thread's number is its own on the whole machine */
    snprintf(name, sizeof name, ".incoming-%ld", (long)gettid());
    char *temporary = dgmi_path_join(r->folder, name);
    dgm_status status =
        temporary ? put(r, reject, temporary, fresh, err) : dgmi_fail_memory(err);
    if (temporary)
        unlink(temporary);
    free(temporary);
    return status;
}

/* ---- The list ---- */

static void put_line(dgmi_buf *out, const dgmi_rejects *r, const dgmi_reject *reject)
{
    dgmi_buf_puts(out, "{\"where\":");
    dgmi_json_string(out, reject->where);
    dgmi_buf_puts(out, ",\"reason\":");
    dgmi_json_string(out, reject->reason);
    dgmi_buf_puts(out, ",\"kept\":");
    dgmi_json_string(out, r->kept ? dgmi_path_base(r->kept) : NULL);
    dgmi_buf_puts(out, ",\"time\":");
    dgmi_json_time(out, dgmi_wall_time());
    dgmi_buf_puts(out, "}\n");
}

/* A disk that was full once may have left half a line. */
static bool ends_in_a_line(int fd)
{
    char last;
    off_t size = lseek(fd, 0, SEEK_END);
    return size <= 0 || pread(fd, &last, 1, size - 1) != 1 || last == '\n';
}

/* One write a line: several processes append at once. */
static dgm_status list(dgmi_rejects *r, const dgmi_reject *reject, dgm_error *err)
{
    dgmi_buf line;
    int fd = open(r->list, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    dgmi_buf_init(&line, 0);
    if (fd >= 0 && !ends_in_a_line(fd))
        dgmi_buf_putc(&line, '\n');
    put_line(&line, r, reject);
    dgm_status status = DGM_OK;
    if (fd < 0)
        status = dgmi_fail_errno(err, r->list);
    else if (line.failed)
        status = dgmi_fail_memory(err);
    else
        status = dgmi_write_all(fd, line.p, line.n, r->list, err);
    if (fd >= 0 && close(fd) != 0 && status == DGM_OK)
        status = dgmi_fail_errno(err, r->list);
    dgmi_buf_clear(&line);
    r->unsynced = true;
    return status;
}

dgm_status dgmi_rejects_keep(dgmi_rejects *r, const dgmi_reject *reject,
                             const char **kept, dgm_error *err)
{
    bool fresh = true;
    *kept = NULL;
    dgm_status status = make_folder(r, err);
    if (status == DGM_OK)
        status = put_away(r, reject, &fresh, err);
    if (status == DGM_OK && fresh)
        status = list(r, reject, err);
    if (status == DGM_OK)
        *kept = r->kept;
    return status;
}

/* There may be thousands of small files: one call for the file system is cheaper than two
 * each. */
dgm_status dgmi_rejects_sync(dgmi_rejects *r, dgm_error *err)
{
    if (!r->unsynced)
        return DGM_OK;
    int fd = open(r->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dgm_status status = DGM_OK;
    if (fd < 0 || syncfs(fd) != 0)
        status = dgmi_fail_errno(err, r->folder);
    if (fd >= 0)
        close(fd);
    r->unsynced = status != DGM_OK;
    return status;
}
