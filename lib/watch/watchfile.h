/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of a watchlist: lines "name = value", '#' begins a comment. Depends on
 * lib/base, lib/search. */
#ifndef DGMI_WATCHFILE_H
#define DGMI_WATCHFILE_H

#include "arena.h"
#include "buf.h"
#include "request.h"

#define DGMI_WATCH_BYTES (64u << 10) /* of a file */
#define DGMI_WATCHES 1000            /* of an archive */
#define DGMI_WATCH_TIMEOUT 10        /* seconds, if the file gives none */
#define DGMI_WATCH_TIMEOUT_MOST 60
#define DGMI_DIGEST_MOST (30 * 86400)

typedef struct dgmi_watchfile {
    char *name, *label, *webhook, *secret, *allow_private; /* label on: NULL: not given */
    uint64_t digest;
    unsigned timeout;
    int64_t mute;
    dgm_request *request;
} dgmi_watchfile;

bool dgmi_watch_is_name(const char *name);

/* DATA/watch/NAME.watch, DATA/watch/state/NAME.alerts and so on; dir "watch" or
 * "watch/state". The caller frees; NULL without memory. */
char *dgmi_watch_path(const char *data_dir, const char *dir, const char *name,
                      const char *end);

/* The text of a file of state, and how it is called in messages; none is empty. Owner:
 * the caller frees *path, also after a failure. */
dgm_status dgmi_watch_state_read(const char *data_dir, const char *name, const char *end,
                                 dgmi_buf *text, char **path, dgm_error *err);

/* Reads the text of a file that is called `path` in messages. ARG with "PATH:LINE: what";
 * the query is parsed as well. Owner: cleared with dgmi_watchfile_clear, also after a
 * failure. */
dgm_status dgmi_watchfile_parse(const char *name, const char *path, dgmi_str text,
                                dgmi_watchfile *out, dgm_error *err);
/* The same from the disk. NOTFOUND if there is none. */
dgm_status dgmi_watchfile_read(const char *data_dir, const char *name,
                               dgmi_watchfile *out, dgm_error *err);
void dgmi_watchfile_clear(dgmi_watchfile *watch);

/* Appends a file's text with this time in its line `mute`; DGM_NO_TIME: without one. */
void dgmi_watch_put_mute(dgmi_str text, int64_t until, dgmi_buf *out);

/* "90", "15m", "2h" or "7d" to seconds. */
bool dgmi_watch_seconds(dgmi_str text, uint64_t *out);

#endif
