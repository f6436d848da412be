/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and folders: whole reads with a limit, durable writes, sorted listings. */
#ifndef DGMI_FILE_H
#define DGMI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "dragoman.h"

/* Joins with one '/'. The caller frees; NULL without memory. */
char *dgmi_path_join(const char *a, const char *b);
const char *dgmi_path_base(const char *path); /* what follows the last '/' */

/* Appends the whole file to out. Never waits: a pipe or a device, which somebody may have
 * put into a folder, is ARG, as is a file that is larger than out's limit. */
dgm_status dgmi_file_read(const char *path, dgmi_buf *out, dgm_error *err);
/* The same of what a user names, to its end, be it a pipe. */
dgm_status dgmi_stream_read(const char *path, dgmi_buf *out, dgm_error *err);

/* Writes all bytes to fd, through EINTR and short writes. */
dgm_status dgmi_write_all(int fd, const void *bytes, size_t n, const char *what,
                          dgm_error *err);

/* Replaces path with these bytes so that after a crash it is the old or the new file:
 * temporary file beside it, fsync, rename, fsync of the folder. */
dgm_status dgmi_file_replace(const char *path, const void *bytes, size_t n,
                             dgm_error *err);

dgm_status dgmi_make_dirs(const char *path, dgm_error *err); /* as mkdir -p */
dgm_status dgmi_sync_dir(const char *path, dgm_error *err);
uint64_t dgmi_tree_size(const char *path); /* bytes of all files below, 0 if none */
/* Removes a file, or a folder and all in it. Missing is fine; never follows links. */
dgm_status dgmi_remove_tree(const char *path, dgm_error *err);
bool dgmi_is_dir(const char *path);

/* Names in a folder in byte order, without "." and "..". The caller frees with
 * dgmi_names_free. */
typedef struct dgmi_names {
    char **names;
    size_t n;
} dgmi_names;
dgm_status dgmi_dir_list(const char *path, dgmi_names *out, dgm_error *err);
void dgmi_names_free(dgmi_names *names);

/* A number of all that can be seen of a folder's files without reading them: another one
 * after any change. Of those whose names end so (NULL: of all). 0: there is no folder. */
uint64_t dgmi_dir_mark(const char *path, const char *ending);

#endif
