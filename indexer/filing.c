/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moving files that were taken. Depends on lib/base. */
#include "filing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "fail.h"
#include "file.h"

enum { TRIES_MAX = 1000, NAME_MOST = 200, SUFFIX_MOST = 40 };

bool is_same_file(const struct stat *now, const struct stat *was)
{
    return now->st_dev == was->st_dev && now->st_ino == was->st_ino &&
           now->st_size == was->st_size && now->st_mtim.tv_sec == was->st_mtim.tv_sec &&
           now->st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

/* "wire.xml" and "20261126T210326Z" give "wire.20261126T210326Z.xml"; a long name loses
 * some of its middle. */
static char *suffixed(const char *folder, const char *name, const char *suffix)
{
    const char *dot = strrchr(name, '.');
    size_t ending = dot && dot != name ? strlen(dot) : 0;
    if (ending > SUFFIX_MOST)
        ending = 0;
    size_t stem = strlen(name) - ending;
    if (stem > NAME_MOST)
        stem = NAME_MOST;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_buf_printf(&out, "%s/%.*s.%s%s", folder, (int)stem, name, suffix,
                    ending ? dot : "");
    return dgmi_buf_take(&out);
}

static char *name_for(const char *folder, const char *name, unsigned attempt)
{
    char stamp[32], suffix[SUFFIX_MOST];
    time_t now = time(NULL);
    struct tm tm;
    if (attempt == 0)
        return dgmi_path_join(folder, name);
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
    if (attempt == 1)
        return suffixed(folder, name, stamp);
    snprintf(suffix, sizeof suffix, "%s-%u", stamp, attempt);
    return suffixed(folder, name, suffix);
}

/* Never onto a file that is there. File systems that cannot promise that are asked
 * first. */
static int rename_free(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    struct stat st;
    if (lstat(to, &st) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

static dgm_status write_reason(const char *path, const char *reason, dgm_error *err)
{
    dgmi_buf name;
    dgmi_buf_init(&name, 0);
    dgmi_buf_printf(&name, "%s.reason.txt", path);
    dgm_status status = name.failed
                            ? dgmi_fail_memory(err)
                            : dgmi_file_replace(name.p, reason, strlen(reason), err);
    dgmi_buf_clear(&name);
    return status;
}

static bool is_taken(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* One try under one name; OK but not done if the name is not free. */
static dgm_status move_once(const char *from, const char *to, const char *reason,
                            bool *done, dgm_error *err)
{
    *done = false;
    if (is_taken(to))
        return DGM_OK;
    dgm_status status = reason ? write_reason(to, reason, err) : DGM_OK;
    if (status != DGM_OK)
        return status;
    *done = rename_free(from, to) == 0;
    return *done || errno == EEXIST ? DGM_OK : dgmi_fail_errno(err, from);
}

/* Back to where it came from, beside whatever came there meanwhile. */
static dgm_status put_back(const char *moved, const char *from, dgm_error *err)
{
    if (rename_free(moved, from) == 0)
        return dgmi_fail(err, DGM_E_STALE, "%s: changed while it was taken", from);
    char *folder =
        dgmi_str_dup((dgmi_str){ from, (size_t)(dgmi_path_base(from) - from) });
    char *other = folder ? name_for(folder, dgmi_path_base(from), 1) : NULL;
    dgm_status status = DGM_E_STALE;
    if (!other)
        status = dgmi_fail_memory(err);
    else if (rename_free(moved, other) != 0)
        status = dgmi_fail_errno(err, moved);
    else
        dgmi_fail(err, status, "%s: changed while it was taken", from);
    free(folder);
    free(other);
    return status;
}

/* The look came before the move, and a writer may have put another file there between
 * them. */
static dgm_status check_moved(const char *from, const char *to, const struct stat *was,
                              dgm_error *err)
{
    struct stat now;
    if (lstat(to, &now) != 0)
        return dgmi_fail_errno(err, to);
    return is_same_file(&now, was) ? DGM_OK : put_back(to, from, err);
}

dgm_status file_away(const char *from, const char *to, const struct stat *was,
                     const char *reason, char **moved, dgm_error *err)
{
    struct stat now;
    bool done = false;
    char *path = NULL;
    *moved = NULL;
    if (lstat(from, &now) != 0)
        return dgmi_fail_errno(err, from);
    if (!is_same_file(&now, was))
        return dgmi_fail(err, DGM_E_STALE, "%s: changed while it was taken", from);
    dgm_status status = dgmi_make_dirs(to, err);
    for (unsigned i = 0; status == DGM_OK && !done && i < TRIES_MAX; i++) {
        free(path);
        path = name_for(to, dgmi_path_base(from), i);
        status = path ? move_once(from, path, reason, &done, err) : dgmi_fail_memory(err);
    }
    if (status == DGM_OK && !done)
        status = dgmi_fail(err, DGM_E_IO, "%s: no free name in %s", from, to);
    if (status == DGM_OK)
        status = check_moved(from, path, was, err);
    if (status == DGM_OK)
        *moved = path;
    else
        free(path);
    return status;
}
