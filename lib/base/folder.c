/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders: making, listing, measuring, removing; the other half of file.h. Depends on
 * fail. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"

enum { DEEPEST = 100 }; /* one descriptor is open for each level */

bool dgmi_is_dir(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool make_dir(const char *path)
{
    return mkdir(path, 0777) == 0 || (errno == EEXIST && dgmi_is_dir(path));
}

dgm_status dgmi_make_dirs(const char *path, dgm_error *err)
{
    if (dgmi_is_dir(path))
        return DGM_OK;
    char *copy = strdup(path);
    if (!copy)
        return dgmi_fail_memory(err);
    dgm_status status = DGM_OK;
    for (char *p = copy; *p && status == DGM_OK; p++) {
        if (*p != '/' || p == copy || p[-1] == '/')
            continue;
        *p = '\0';
        if (!make_dir(copy))
            status = dgmi_fail_errno(err, copy);
        *p = '/';
    }
    if (status == DGM_OK && !make_dir(copy))
        status = dgmi_fail_errno(err, copy);
    free(copy);
    return status;
}

dgm_status dgmi_sync_dir(const char *path, dgm_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return dgmi_fail_errno(err, path);
    dgm_status status = DGM_OK;
    /* Some file systems know no fsync of folders and answer EINVAL: nothing more can be
     * done. */
    if (fsync(fd) != 0 && errno != EINVAL)
        status = dgmi_fail_errno(err, path);
    close(fd);
    return status;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Opens the folder `name` in the folder `at` without following a link. */
static DIR *open_below(int at, const char *name)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir && fd >= 0)
        close(fd);
    return dir;
}

static bool remove_below(int at, const char *name, int depth)
{
    if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    if (depth >= DEEPEST) {
        errno = ELOOP;
        return false;
    }
    DIR *dir = open_below(at, name);
    if (!dir)
        return false;
    bool good = true;
    for (struct dirent *e; good && (e = readdir(dir));)
        good = is_dot(e->d_name) || remove_below(dirfd(dir), e->d_name, depth + 1);
    int number = errno;
    closedir(dir);
    errno = number;
    return good && (unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

dgm_status dgmi_remove_tree(const char *path, dgm_error *err)
{
    if (remove_below(AT_FDCWD, path, 0))
        return DGM_OK;
    return dgmi_fail_errno(err, path);
}

static uint64_t size_below(int at, const char *name, int depth)
{
    struct stat info;
    if (fstatat(at, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    if (S_ISREG(info.st_mode))
        return (uint64_t)info.st_size;
    DIR *dir = S_ISDIR(info.st_mode) && depth < DEEPEST ? open_below(at, name) : NULL;
    if (!dir)
        return 0;
    uint64_t sum = 0;
    for (struct dirent *e; (e = readdir(dir));)
        sum += is_dot(e->d_name) ? 0 : size_below(dirfd(dir), e->d_name, depth + 1);
    closedir(dir);
    return sum;
}

uint64_t dgmi_tree_size(const char *path)
{
    return size_below(AT_FDCWD, path, 0);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

dgm_status dgmi_dir_list(const char *path, dgmi_names *out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t capacity = 0;
    *out = (dgmi_names){ NULL, 0 };
    DIR *dir = opendir(path);
    if (!dir)
        return dgmi_fail_errno(err, path);
    struct dirent *e;
    while (errno = 0, (e = readdir(dir))) {
        if (is_dot(e->d_name))
            continue;
        char *name = strdup(e->d_name);
        if (!name || !dgmi_grow(&out->names, &capacity, out->n + 1, sizeof *out->names)) {
            free(name);
            status = dgmi_fail_memory(err);
            goto out;
        }
        out->names[out->n++] = name;
    }
    if (errno != 0)
        status = dgmi_fail_errno(err, path);
    else if (out->n > 1)
        qsort(out->names, out->n, sizeof *out->names, compare_names);
out:
    closedir(dir);
    if (status != DGM_OK)
        dgmi_names_free(out);
    return status;
}

void dgmi_names_free(dgmi_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->names[i]);
    free(names->names);
    *names = (dgmi_names){ NULL, 0 };
}
