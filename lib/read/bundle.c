/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of archives, one after the other, each read like a file. Depends on libarchive,
 * bundle.h. Nothing is extracted: names are only words for messages. Archives are read as
 * a stream, so that none needs more memory than its largest window. */
#include "bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "fail.h"
#include "file.h"
#include "utf8.h"

enum {
    PULL = 128 * 1024,
    MEMBER_COST = 512, /* that a member counts, be it empty */
    RATIO_MAX = 500,   /* as of a packed file */
    RATIO_FREE = 64 << 20,
    REASON_SIZE = 240
};

typedef struct bundle {
    const dgmi_source *source;
    const dgmi_sink *sink;
    dgmi_nest *nest;
    dgmi_buf *head;
    size_t head_given;
    dgmi_unpack *in;
    char *chunk;
    struct archive *archive;
    const char *broken;   /* of the bytes that come in */
    dgm_status failed;    /* the descriptor's, kept for the caller */
    dgm_error why_failed; /* of that */
    char reason[REASON_SIZE];
    size_t members;
} bundle;

bool dgmi_is_bundle(const char *p, size_t n)
{
    static const struct {
        size_t at, n;
        const char *magic;
    } marks[] = {
        { 0, 4, "PK\x03\x04" },
        { 0, 4, "PK\x05\x06" },
        { 0, 6,
          "\xFD"
          "7zXZ\0" },
        { 4, 6, "1AY&SY" }, /* bzip2: pi, after "BZh9" */
        { 0, 3, "\x1F\x8B\x08" },
        { 0, 4, "\x28\xB5\x2F\xFD" },
        { 257, 5, "ustar" },
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (n >= marks[i].at + marks[i].n &&
            memcmp(p + marks[i].at, marks[i].magic, marks[i].n) == 0)
            return marks[i].at != 4 || memcmp(p, "BZh", 3) == 0;
    }
    return false;
}

/* ---- Bytes in ---- */

static la_ssize_t pull_packed(struct archive *a, void *user, const void **bytes)
{
    bundle *b = user;
    size_t got = 0;
    if (b->head_given < b->head->n) {
        *bytes = b->head->p + b->head_given;
        got = b->head->n - b->head_given;
        b->head_given = b->head->n;
        return (la_ssize_t)got;
    }
    *bytes = b->chunk;
    if (b->broken == NULL)
        b->failed =
            dgmi_unpack_read(b->in, b->chunk, PULL, &got, &b->broken, &b->why_failed);
    if (b->failed == DGM_OK && (got > 0 || b->broken == NULL))
        return (la_ssize_t)got;
    archive_set_error(a, EIO, "%s", b->broken != NULL ? b->broken : b->why_failed.text);
    return -1;
}

static dgm_status open_archive(bundle *b, dgm_error *err)
{
    struct archive *a = b->archive = archive_read_new();
    b->chunk = malloc(PULL);
    if (a == NULL || b->chunk == NULL)
        return dgmi_fail_memory(err);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip_streamable(a);
    archive_read_support_format_raw(a);
    return DGM_OK;
}

/* ---- Names and reasons ---- */

/* One line of what libarchive says. */
static const char *say(bundle *b, const char *what)
{
    const char *text = archive_error_string(b->archive);
    snprintf(b->reason, sizeof b->reason, "%s%s%.180s", what, text != NULL ? ": " : "",
             text != NULL ? text : "");
    for (char *p = b->reason; *p != '\0'; p++) {
        if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7F)
            *p = '?';
    }
    return b->reason;
}

/* "feeds.zip:a/b.xml"; what is packed without a name keeps that of what it lies in. */
static void name_member(const bundle *b, struct archive_entry *entry,
                        char name[DGMI_WHERE_SIZE])
{
    dgmi_buf clean;
    const char *own = archive_entry_pathname_utf8(entry);
    if (own == NULL)
        own = archive_entry_pathname(entry);
    if (archive_format(b->archive) == ARCHIVE_FORMAT_RAW) {
        snprintf(name, DGMI_WHERE_SIZE, "%.1100s", b->source->name);
        return;
    }
    dgmi_buf_init(&clean, 1 << 16);
    if (own != NULL)
        dgmi_utf8_clean(&clean, own, strlen(own));
    for (size_t i = 0; i < clean.n; i++) {
        if (clean.p[i] == '\n' || clean.p[i] == '\t')
            clean.p[i] = ' ';
    }
    clean.n = dgmi_utf8_cut(clean.p, clean.n, 500);
    if (clean.n > 0 && !clean.failed)
        snprintf(name, DGMI_WHERE_SIZE, "%.600s:%.*s", b->source->name, (int)clean.n,
                 clean.p);
    else
        snprintf(name, DGMI_WHERE_SIZE, "%.600s:member %zu", b->source->name, b->members);
    dgmi_buf_clear(&clean);
}

static dgm_status reject(const bundle *b, const char *where, const char *reason,
                         dgm_error *err)
{
    return dgmi_reject(b->source, b->sink, where, reason, (dgmi_str){ NULL, 0 }, err);
}

/* ---- Members ---- */

/* Counts what came out; true once it is too much. */
static bool spend(dgmi_nest *nest, uint64_t n)
{
    nest->given += n;
    nest->spent = nest->spent || nest->given > DGMI_BUNDLE_MAX ||
                  (nest->given > RATIO_FREE &&
                   nest->given / RATIO_MAX > dgmi_unpack_taken(nest->outermost));
    return nest->spent;
}

static ssize_t pull_member(void *user, char *out, size_t room, const char **broken)
{
    bundle *b = user;
    la_ssize_t got = archive_read_data(b->archive, out, room);
    *broken = NULL;
    if (got < 0) {
        *broken = say(b, "the archive's data are damaged");
        return -1;
    }
    return spend(b->nest, (uint64_t)got) ? 0 : (ssize_t)got;
}

/* Why this is nothing to be read, or NULL. A folder is no loss. */
static const char *unreadable(struct archive_entry *entry, bool *ignored)
{
    const char *name = archive_entry_pathname(entry);
    *ignored = archive_entry_filetype(entry) == AE_IFDIR ||
               (name != NULL && dgmi_path_base(name)[0] == '.') ||
               (name != NULL && dgmi_str_starts(dgmi_str_of(name), "__MACOSX/"));
    if (archive_entry_is_encrypted(entry))
        return "it is encrypted";
    if (archive_entry_hardlink(entry) != NULL ||
        archive_entry_filetype(entry) == AE_IFLNK)
        return "a link, and links in archives are not followed";
    if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0)
        return "neither a file nor a folder";
    return NULL;
}

static dgm_status read_member(bundle *b, struct archive_entry *entry, dgm_error *err)
{
    char name[DGMI_WHERE_SIZE];
    bool ignored;
    name_member(b, entry, name);
    const char *why = unreadable(entry, &ignored);
    if (ignored)
        return DGM_OK;
    if (why != NULL) /* its name is all that could be kept of it */
        return dgmi_reject(b->source, b->sink, name, why, dgmi_str_of(name), err);
    dgmi_source source = *b->source;
    source.name = name;
    dgmi_input input = { .fd = -1, .pull = pull_member, .user = b, .name = name };
    b->nest->depth++;
    dgm_status status = dgmi_read_input(&input, &source, b->sink, b->nest, err);
    b->nest->depth--;
    return status;
}

/* *more is false once there is nothing to go on with. */
static dgm_status next_member(bundle *b, bool *more, dgm_error *err)
{
    struct archive_entry *entry;
    int result = archive_read_next_header(b->archive, &entry);
    *more = result != ARCHIVE_EOF && result != ARCHIVE_FATAL;
    if (b->failed != DGM_OK)
        return dgmi_fail(err, b->failed, "%s", b->why_failed.text);
    if (result == ARCHIVE_EOF)
        return b->members > 0 ? DGM_OK : reject(b, NULL, "the archive is empty", err);
    if (result == ARCHIVE_FATAL)
        return reject(b, NULL, say(b, "the archive cannot be read further"), err);
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        spend(b->nest, MEMBER_COST);
        return result == ARCHIVE_RETRY
                   ? DGM_OK
                   : reject(b, NULL, say(b, "a member cannot be read"), err);
    }
    b->members++;
    return spend(b->nest, MEMBER_COST) ? DGM_OK : read_member(b, entry, err);
}

static dgm_status read_members(bundle *b, dgm_error *err)
{
    bool more = true;
    dgm_status status = DGM_OK;
    if (archive_read_open(b->archive, b, NULL, pull_packed, NULL) != ARCHIVE_OK) {
        if (b->failed != DGM_OK)
            return dgmi_fail(err, b->failed, "%s", b->why_failed.text);
        return reject(b, NULL, say(b, "the archive cannot be read"), err);
    }
    while (status == DGM_OK && more && !b->nest->spent)
        status = next_member(b, &more, err);
    if (status == DGM_OK && b->nest->spent && b->nest->depth == 0)
        status =
            reject(b, NULL, "it unpacks to more than 500 times its size, or 16 GB", err);
    return status;
}

dgm_status dgmi_read_bundle(const dgmi_source *source, const dgmi_sink *sink,
                            dgmi_nest *nest, dgmi_buf *head, dgmi_unpack *in,
                            dgm_error *err)
{
    bundle b = { .source = source, .sink = sink, .nest = nest, .head = head, .in = in };
    if (nest->depth >= DGMI_NEST_MAX)
        return reject(&b, NULL, "archives lie in each other more than 4 deep", err);
    dgm_status status = open_archive(&b, err);
    if (status == DGM_OK)
        status = read_members(&b, err);
    if (b.archive != NULL)
        archive_read_free(b.archive);
    free(b.chunk);
    dgmi_buf_clear(head);
    return status;
}
