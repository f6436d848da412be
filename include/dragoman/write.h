/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an archive: taking items in, withdrawing them, building the index.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_WRITE_H
#define DRAGOMAN_WRITE_H

#ifdef __cplusplus
extern "C" {
#endif

/* A writer of an archive. Items are first appended to the log and fsynced, then indexed.
 * Any number of writers, in any number of processes, take items at once; at any moment
 * one of them (or a process that follows the archive) indexes for all. */
typedef struct dgm_ingest dgm_ingest;

typedef struct dgm_counts {
    uint64_t files, items;                      /* read */
    uint64_t added, replaced, unchanged, older; /* sums to items */
    uint64_t rejected; /* files, lines or items that could not be taken */
    uint64_t indexed;  /* archive records brought into the index so far */
    uint64_t to_index; /* of so many in this run, 0 while not yet known */
    uint64_t bytes;    /* of input read, after decompression */
    uint64_t done,
        of; /* how far a bulk build is, all its phases together; 0 of 0: none */
} dgm_counts;

typedef enum dgm_phase {
    DGM_READING = 0,
    DGM_INDEXING = 1,
    DGM_MERGING = 2,
    DGM_DONE = 3,
    DGM_SURVEYING = 4 /* what a bulk build begins with */
} dgm_phase;

/* Progress, called at most some ten times a second in the calling thread. */
typedef void (*dgm_progress_fn)(void *user, dgm_phase phase, const dgm_counts *counts);

/* One rejection. `where` is "file:line" or "file:item 3", `kept` the path under rejects/.
 */
typedef void (*dgm_reject_fn)(void *user, const char *where, const char *reason,
                              const char *kept);

/* What became of an item that was taken. */
typedef enum dgm_outcome {
    DGM_ADDED = 0,
    DGM_REPLACED = 1,
    DGM_OLDER = 2,    /* kept in the archive; a newer version of it stays the one found */
    DGM_UNCHANGED = 3 /* it is there already, word for word */
} dgm_outcome;

/* One item taken. `place` is where its record begins in the archive (0 for UNCHANGED). */
typedef void (*dgm_taken_fn)(void *user, const char *where, const char *id,
                             dgm_outcome outcome, uint64_t place);

typedef struct dgm_ingest_options {
    const char *
        format; /* a name out of dgm_format_at(), NULL or "auto": told from the content */
    unsigned jobs; /* threads of a bulk build; 0: as many as processors */
    size_t memory; /* budget of the writer in bytes; 0: 256 MB */
    dgm_progress_fn progress;
    dgm_reject_fn reject;
    void *user; /* for progress, reject and taken */
    dgm_log_fn log;
    void *log_user;
    dgm_taken_fn taken;
    bool accept_only; /* items go to the log alone; whoever follows it indexes them */
} dgm_ingest_options;

/* Names of the formats that can be read, NULL past the end. Owner: static. */
DGM_API const char *dgm_format_at(size_t i);

/* Opens (making it if need be) the archive in data_dir for writing and brings the index
 * up to the log, unless another is about it. Errors: LOCKED (somebody holds the log and
 * does not let go), IO, CORRUPT, ARG, NOMEM. */
DGM_API dgm_status dgm_ingest_open(const char *data_dir,
                                   const dgm_ingest_options *options, dgm_ingest **out,
                                   dgm_error *err);

/* Reads a file or all files below a folder, in name order. What cannot be read is
 * rejected and reading goes on. Errors: only what stops everything: IO on the archive,
 * NOMEM; NOTFOUND if path does not exist. */
DGM_API dgm_status dgm_ingest_path(dgm_ingest *ingest, const char *path, dgm_error *err);

/* Reads an open descriptor to its end; `name` is for messages. The descriptor stays the
 * caller's. */
DGM_API dgm_status dgm_ingest_fd(dgm_ingest *ingest, int fd, const char *name,
                                 dgm_error *err);

/* Reads bytes in memory, for example one NDJSON line. */
DGM_API dgm_status dgm_ingest_bytes(dgm_ingest *ingest, const char *name,
                                    const void *bytes, size_t n, dgm_error *err);

/* What is known of bytes beside themselves. NULL: not known. Set the whole to zero before
 * filling it in: members are only ever added at the end. */
typedef struct dgm_origin {
    const char *name;    /* for messages: a feed's name, or its address */
    const char *format;  /* as in dgm_ingest_options */
    const char *charset; /* as their sender declared it; bytes that contradict it win */
    const char *url;     /* where relative links begin */
    /* Of those items that do not say themselves; language and country as codes. */
    const char *source, *region, *country, *language;
} dgm_origin;

/* Reads bytes that came from somewhere: those of a feed, for example. Errors: ARG for a
 * format that there is not; else as dgm_ingest_bytes. */
DGM_API dgm_status dgm_ingest_from(dgm_ingest *ingest, const dgm_origin *origin,
                                   const void *bytes, size_t n, dgm_error *err);

/* What follows is read as this format; NULL or "auto": told from the content. Errors: ARG
 * (no such format). */
DGM_API dgm_status dgm_ingest_set_format(dgm_ingest *ingest, const char *format,
                                         dgm_error *err);

/* Makes durable (fsync) what was taken so far, without indexing; all who ask for it at
 * the same time share one fsync. *end (may be NULL) receives the place after the last of
 * it, for dgm_wait. After a failure the writer takes nothing more: open another. */
DGM_API dgm_status dgm_ingest_sync(dgm_ingest *ingest, uint64_t *end, dgm_error *err);

/* Appends a tombstone for id: the item is canceled, its text can no more be found, and
 * versions that are not newer than this moment do not bring it back. *outcome (may be
 * NULL) is DGM_UNCHANGED if it is canceled already. Errors: NOTFOUND if there is no such
 * item. */
DGM_API dgm_status dgm_ingest_cancel(dgm_ingest *ingest, const char *id,
                                     dgm_outcome *outcome, dgm_error *err);

/* Makes durable and searchable all that was taken so far: indexes it, or waits until the
 * process that indexes has come so far. With accept_only it is dgm_ingest_sync. counts
 * may be NULL. */
DGM_API dgm_status dgm_ingest_commit(dgm_ingest *ingest, dgm_counts *counts,
                                     dgm_error *err);

/* Closes without a commit: what was taken is durable, and is indexed at the next open. */
DGM_API void dgm_ingest_close(dgm_ingest *ingest);

/* Keeps the index up to the archive, at most a second behind it, whoever appends, until
 * go_on(user) says false: it is asked at least ten times a second, in the calling thread,
 * and not while a batch is being written. If another indexes, waits for its turn. Errors:
 * as dgm_ingest_open; the index can be followed up again after any of them. */
DGM_API dgm_status dgm_follow(const char *data_dir, const dgm_ingest_options *options,
                              bool (*go_on)(void *user), void *user, dgm_error *err);

/* Waits until desk sees the archive up to `place` (of dgm_ingest_sync), at most so many
 * milliseconds. Errors: TIMEOUT, CORRUPT, IO. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_wait(dgm *desk, uint64_t place, unsigned ms, dgm_error *err);

/* Builds a new generation from the archive, verifies it and swaps it in; readers go on
 * undisturbed. If another indexes, it is asked to let go and waited for. Errors: as
 * dgm_ingest_open; CORRUPT if the new generation fails its check (the old one stays). */
DGM_API dgm_status dgm_reindex(const char *data_dir, const dgm_ingest_options *options,
                               dgm_counts *counts, dgm_error *err);

/* Receives each difference that dgm_verify finds. */
typedef void (*dgm_differ_fn)(void *user, const char *id, const char *what);

/* Compares archive and index, item by item. *differences receives the count (0: they
 * agree). Errors: what kept it from comparing. */
DGM_API dgm_status dgm_verify(const char *data_dir, dgm_differ_fn differ, void *user,
                              uint64_t *differences, dgm_error *err);

#ifdef __cplusplus
}
#endif

#endif
