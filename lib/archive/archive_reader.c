/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers of the log, beside its writer. Depends on lib/base. Writing: archive.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

enum { FIRST_WINDOW = 256 << 10 };
static const size_t largest_window = (size_t)DGMI_RECORD_MAX + 1;

/* The window holds bytes of one segment from `base` on. A line is only given out once it
 * lies whole in the window by one fill: the writer may cut a half-written line back and
 * write another in its place, and pieces of the two must never meet. */
struct dgmi_archive_reader {
    char *folder;
    int fd;           /* -1: the segment is not open yet */
    dgmi_position at; /* the next record */
    char *window;
    size_t capacity, n;
    uint64_t base;
};

static dgm_status fail_corrupt(const dgmi_archive_reader *r, const char *what,
                               dgm_error *err)
{
    char name[DGMI_SEGMENT_NAME];
    return dgmi_fail(err, DGM_E_CORRUPT, "%s/%s, byte %llu: %s", r->folder,
                     dgmi_segment_name(r->at.segment, name),
                     (unsigned long long)r->at.offset, what);
}

static dgm_status fail_read(const dgmi_archive_reader *r, dgm_error *err)
{
    return dgmi_segment_fail(r->folder, r->at.segment, err);
}

/* Goes to a place. Nothing is read yet. */
static void move_to(dgmi_archive_reader *r, uint32_t segment, uint64_t offset)
{
    if (r->fd >= 0 && segment != r->at.segment) {
        close(r->fd);
        r->fd = -1;
    }
    r->at = (dgmi_position){ segment, offset };
    r->base = offset;
    r->n = 0;
}

/* Opens the segment if it is there: *there tells. The first one may not be made yet; any
 * later one is only moved to once it is known to be there. */
static dgm_status open_segment(dgmi_archive_reader *r, bool *there, dgm_error *err)
{
    uint32_t last;
    *there = r->fd >= 0;
    if (*there)
        return DGM_OK;
    r->fd = dgmi_segment_open(r->folder, r->at.segment, O_RDONLY);
    *there = r->fd >= 0;
    if (*there)
        return DGM_OK;
    if (errno != ENOENT)
        return fail_read(r, err);
    dgm_status status = dgmi_segment_last(r->folder, &last, err);
    if (status == DGM_OK && (r->at.segment > 1 || r->at.offset > 0))
        status = fail_corrupt(r, "this segment is missing", err);
    return status;
}

/* Is the place one where a record can begin? */
static dgm_status check_start(dgmi_archive_reader *r, dgm_error *err)
{
    bool there;
    char before;
    dgm_status status = open_segment(r, &there, err);
    if (status != DGM_OK || !there || r->at.offset == 0)
        return status;
    ptrdiff_t got = dgmi_pread_all(r->fd, &before, 1, r->at.offset - 1);
    if (got < 0)
        return fail_read(r, err);
    if (got == 0)
        return fail_corrupt(r, "this place is past the end", err);
    return before == '\n' ? DGM_OK : fail_corrupt(r, "no record begins here", err);
}

dgm_status dgmi_archive_reader_open(const char *data_dir, dgmi_position from,
                                    dgmi_archive_reader **out, dgm_error *err)
{
    *out = NULL;
    dgmi_archive_reader *r = calloc(1, sizeof *r);
    if (!r)
        return dgmi_fail_memory(err);
    r->fd = -1;
    r->capacity = FIRST_WINDOW;
    r->window = malloc(r->capacity);
    r->folder = dgmi_path_join(data_dir, "archive");
    dgm_status status = DGM_OK;
    if (!r->window || !r->folder) {
        status = dgmi_fail_memory(err);
    } else {
        move_to(r, from.segment == 0 ? 1 : from.segment, from.offset);
        status = check_start(r, err);
    }
    if (status == DGM_OK)
        *out = r;
    else
        dgmi_archive_reader_close(r);
    return status;
}

/* Whether the window holds the place and the line end before it. */
static bool is_at_hand(const dgmi_archive_reader *r, dgmi_position to)
{
    return r->fd >= 0 && to.segment == r->at.segment && to.offset > r->base &&
           to.offset - r->base < r->n && r->window[to.offset - r->base - 1] == '\n';
}

dgm_status dgmi_archive_reader_move(dgmi_archive_reader *r, dgmi_position to,
                                    dgm_error *err)
{
    if (is_at_hand(r, to)) {
        r->at = to;
        return DGM_OK;
    }
    move_to(r, to.segment == 0 ? 1 : to.segment, to.offset);
    return check_start(r, err);
}

void dgmi_archive_reader_close(dgmi_archive_reader *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    free(r->window);
    free(r->folder);
    free(r);
}

/* Fills the window from the next record on; a window that one line filled is doubled
 * before. */
static dgm_status fill(dgmi_archive_reader *r, dgm_error *err)
{
    if (r->n == r->capacity && r->base == r->at.offset) {
        size_t capacity =
            r->capacity * 2 < largest_window ? r->capacity * 2 : largest_window;
        if (capacity == r->capacity)
            return fail_corrupt(r, "a line is longer than a record can be", err);
        char *window = realloc(r->window, capacity);
        if (!window)
            return dgmi_fail_memory(err);
        r->window = window;
        r->capacity = capacity;
    }
    ptrdiff_t got = dgmi_pread_all(r->fd, r->window, r->capacity, r->at.offset);
    if (got < 0)
        return fail_read(r, err);
    r->base = r->at.offset;
    r->n = (size_t)got;
    return DGM_OK;
}

/* The next whole line in the window, false if none is there. */
static bool find_line(dgmi_archive_reader *r, const char **line, size_t *n)
{
    size_t skip = (size_t)(r->at.offset - r->base);
    const char *start = r->window + skip;
    const char *end = r->n > skip ? memchr(start, '\n', r->n - skip) : NULL;
    if (!end)
        return false;
    *line = start;
    *n = (size_t)(end - start);
    return true;
}

/* Reads until a whole line lies in the window; *found: no end of the file came before. */
static dgm_status seek_line(dgmi_archive_reader *r, const char **line, size_t *n,
                            bool *found, dgm_error *err)
{
    *found = find_line(r, line, n);
    while (!*found) {
        dgm_status status = fill(r, err);
        if (status != DGM_OK)
            return status;
        *found = find_line(r, line, n);
        if (!*found && r->n < r->capacity)
            return DGM_OK; /* half a line stays unread: the next call fills the window
                              anew */
    }
    return DGM_OK;
}

/* At the end of a segment's whole lines: goes on to the next one, if there is one. Its
 * being there means that this one is complete, but lines may have come since it was read
 * last. */
static dgm_status next_segment(dgmi_archive_reader *r, const char **line, size_t *n,
                               bool *found, dgm_error *err)
{
    uint32_t last = 0;
    char past;
    dgm_status status = dgmi_segment_last(r->folder, &last, err);
    if (status != DGM_OK)
        return status;
    if (last <= r->at.segment)
        return DGM_E_NOTFOUND;
    status = seek_line(r, line, n, found, err);
    if (status != DGM_OK || *found)
        return status;
    if (dgmi_pread_all(r->fd, &past, 1, r->at.offset) > 0)
        return fail_corrupt(r, "the last line of this segment has no end", err);
    move_to(r, r->at.segment + 1, 0);
    return DGM_OK;
}

dgm_status dgmi_archive_next(dgmi_archive_reader *r, const char **line, size_t *n,
                             dgmi_position *at, dgmi_position *after, dgm_error *err)
{
    bool found = false;
    while (!found) {
        dgm_status status = open_segment(r, &found, err);
        if (status == DGM_OK && !found)
            status = DGM_E_NOTFOUND;
        if (status == DGM_OK)
            status = seek_line(r, line, n, &found, err);
        if (status == DGM_OK && !found)
            status = next_segment(r, line, n, &found, err);
        if (status != DGM_OK)
            return status;
    }
    *at = r->at;
    r->at.offset += *n + 1;
    *after = r->at;
    return DGM_OK;
}

/* Goes to the first line that begins at or after an offset, which is above 0, of the
 * segment. */
static dgm_status seek_in_segment(dgmi_archive_reader *r, uint32_t segment,
                                  uint64_t offset, dgm_error *err)
{
    const char *line;
    size_t n;
    bool found;
    uint64_t whole;
    /* The byte before counts as a line of its own, so that a line beginning here is
     * found. */
    move_to(r, segment, offset - 1);
    dgm_status status = open_segment(r, &found, err);
    if (status == DGM_OK && found)
        status = seek_line(r, &line, &n, &found, err);
    if (status != DGM_OK)
        return status;
    if (found) {
        r->at.offset += n + 1;
        return DGM_OK;
    }
    char name[DGMI_SEGMENT_NAME];
    status =
        dgmi_segment_whole(r->fd, offset, dgmi_segment_name(segment, name), &whole, err);
    if (status == DGM_OK)
        move_to(r, segment, whole);
    return status;
}

dgm_status dgmi_archive_seek_share(dgmi_archive_reader *r, double share, dgm_error *err)
{
    uint32_t last = 0;
    uint64_t total = 0;
    dgm_status status = dgmi_segment_last(r->folder, &last, err);
    if (status != DGM_OK)
        return status;
    for (uint32_t i = 1; i <= last; i++)
        total += dgmi_segment_size(r->folder, i);
    /* Written so that what is no number counts as 0. */
    uint64_t target = !(share > 0) ? 0
                      : share >= 1 ? total
                                   : (uint64_t)((double)total * share);
    for (uint32_t i = 1; i <= last; i++) {
        uint64_t size = dgmi_segment_size(r->folder, i);
        if (target > 0 && (target < size || (i == last && size > 0)))
            return seek_in_segment(r, i, target < size ? target : size, err);
        if (target == 0) {
            move_to(r, i, 0);
            return DGM_OK;
        }
        target -= target < size ? target : size;
    }
    move_to(r, last > 0 ? last : 1, 0);
    return DGM_OK;
}

uint64_t dgmi_archive_size(const char *data_dir, dgmi_position from)
{
    char *folder = dgmi_path_join(data_dir, "archive");
    uint32_t last = 0;
    uint64_t sum = 0;
    if (folder && dgmi_segment_last(folder, &last, NULL) == DGM_OK) {
        for (uint32_t i = from.segment > 0 ? from.segment : 1; i <= last; i++) {
            uint64_t size = dgmi_segment_size(folder, i);
            uint64_t before = i == from.segment ? from.offset : 0;
            sum += size > before ? size - before : 0;
        }
    }
    free(folder);
    return sum;
}
