/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Segments of the log as files: their names, their gaps, their line ends. Depends on
 * lib/base. */
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"

char *dgmi_segment_name(uint32_t segment, char *out)
{
    snprintf(out, DGMI_SEGMENT_NAME, "%06u.ndjson", (unsigned)segment);
    return out;
}

int dgmi_segment_open(const char *folder, uint32_t segment, int flags)
{
    char name[DGMI_SEGMENT_NAME];
    char *path = dgmi_path_join(folder, dgmi_segment_name(segment, name));
    if (!path) {
        errno = ENOMEM;
        return -1;
    }
    int fd = open(path, flags | O_CLOEXEC, 0666);
    int number = errno;
    free(path);
    errno = number;
    return fd;
}

/* The number that a name stands for, 0 if it is not exactly as dgmi_segment_name writes
 * it. */
static uint32_t number_of(const char *name)
{
    char again[DGMI_SEGMENT_NAME];
    char *end;
    errno = 0;
    unsigned long number = strtoul(name, &end, 10);
    if (errno != 0 || number > UINT32_MAX || strcmp(end, ".ndjson") != 0)
        return 0;
    return strcmp(dgmi_segment_name((uint32_t)number, again), name) == 0
               ? (uint32_t)number
               : 0;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Numbers are compared as numbers: past a million the names no longer sort as text. */
static dgm_status check_gaps(uint32_t *numbers, size_t n, const char *folder,
                             dgm_error *err)
{
    if (n > 1)
        qsort(numbers, n, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < n; i++) {
        char name[DGMI_SEGMENT_NAME];
        if (numbers[i] != i + 1)
            return dgmi_fail(err, DGM_E_CORRUPT, "%s/%s is missing", folder,
                             dgmi_segment_name((uint32_t)i + 1, name));
    }
    return DGM_OK;
}

dgm_status dgmi_segment_last(const char *folder, uint32_t *last, dgm_error *err)
{
    dgmi_names names = { NULL, 0 };
    dgm_error reason = DGM_ERROR_INIT;
    *last = 0;
    dgm_status status = dgmi_dir_list(folder, &names, &reason);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", reason.text);
    uint32_t *numbers = calloc(names.n + 1, sizeof *numbers);
    if (!numbers) {
        dgmi_names_free(&names);
        return dgmi_fail_memory(err);
    }
    size_t n = 0;
    for (size_t i = 0; i < names.n; i++) {
        uint32_t number = number_of(names.names[i]);
        if (number > 0)
            numbers[n++] = number;
    }
    status = check_gaps(numbers, n, folder, err);
    if (status == DGM_OK)
        *last = (uint32_t)n;
    free(numbers);
    dgmi_names_free(&names);
    return status;
}

uint64_t dgmi_segment_size(const char *folder, uint32_t segment)
{
    char name[DGMI_SEGMENT_NAME];
    struct stat info;
    char *path = dgmi_path_join(folder, dgmi_segment_name(segment, name));
    uint64_t size = path && stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
    free(path);
    return size;
}

dgm_status dgmi_segment_fail(const char *folder, uint32_t segment, dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME], room[128];
    int number = errno;
    return dgmi_fail(err, number == ENOMEM ? DGM_E_NOMEM : DGM_E_IO, "%s/%s: %s", folder,
                     dgmi_segment_name(segment, name),
                     strerror_r(number, room, sizeof room));
}

ptrdiff_t dgmi_pread_all(int fd, void *bytes, size_t n, uint64_t offset)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(fd, (char *)bytes + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ptrdiff_t)done;
}

dgm_status dgmi_segment_whole(int fd, uint64_t size, const char *name, uint64_t *end,
                              dgm_error *err)
{
    char chunk[8192];
    uint64_t at = size;
    while (at > 0) {
        size_t n = at < sizeof chunk ? (size_t)at : sizeof chunk;
        ptrdiff_t got = dgmi_pread_all(fd, chunk, n, at - n);
        if (got < 0)
            return dgmi_fail_errno(err, name);
        const char *feed = memrchr(chunk, '\n', (size_t)got);
        if (feed) {
            *end = at - n + (uint64_t)(feed - chunk) + 1;
            return DGM_OK;
        }
        at -= n;
    }
    *end = 0;
    return DGM_OK;
}
