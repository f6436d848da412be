/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a watchlist told. Depends on journal.h, lib/base. A line is: number, kind, id,
 * time, place, story, item, what it replaces; parted by tabs, with tabs, line ends and
 * percent signs of ids written as %09 and so on. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "watchfile.h"

#define JOURNAL_BYTES ((size_t)512 << 20)
enum { FIELDS = 8 };

static const char letters[] = "ncw"; /* of kinds */

static dgmi_str key_of(const uint64_t *story)
{
    return (dgmi_str){ (const char *)story, sizeof *story };
}

/* ---- In memory ---- */

static dgm_status remember(dgmi_journal *j, const dgmi_entry *entry, dgm_error *err)
{
    if (!dgmi_grow(&j->list, &j->capacity, j->n + 1, sizeof *j->list))
        return dgmi_fail_memory(err);
    uint64_t *item = dgmi_map_at(j->items, dgmi_str_of(entry->item), true);
    if (!item)
        return dgmi_fail_memory(err);
    if (*item > 0)
        j->list[*item - 1].last = false;
    *item = j->n + 1;
    if (entry->story != 0) {
        uint64_t *story = dgmi_map_at(j->stories, key_of(&entry->story), true);
        if (!story)
            return dgmi_fail_memory(err);
        *story = j->n + 1;
    }
    j->list[j->n] = *entry;
    j->list[j->n++].last = true;
    j->last = entry->number;
    return DGM_OK;
}

dgm_status dgmi_journal_add(dgmi_journal *j, const dgmi_entry *entry, dgm_error *err)
{
    dgmi_entry copy = *entry;
    copy.number = j->last + 1;
    copy.item = dgmi_arena_dup(j->arena, entry->item);
    copy.replaces = dgmi_arena_dup(j->arena, entry->replaces);
    if (!copy.item || (entry->replaces && !copy.replaces))
        return dgmi_fail_memory(err);
    return remember(j, &copy, err);
}

const dgmi_entry *dgmi_journal_live(const dgmi_journal *j, const char *item)
{
    const uint64_t *at = dgmi_map_at(j->items, dgmi_str_of(item), false);
    const dgmi_entry *entry = at && *at > 0 ? &j->list[*at - 1] : NULL;
    return entry && entry->kind != DGM_ALERT_WITHDRAWN ? entry : NULL;
}

bool dgmi_journal_has_story(const dgmi_journal *j, uint64_t story)
{
    const uint64_t *at = dgmi_map_at(j->stories, key_of(&story), false);
    return at && *at > 0 && dgmi_journal_live(j, j->list[*at - 1].item) != NULL;
}

/* ---- Lines ---- */

static void put_id(dgmi_buf *out, const char *id)
{
    for (; id && *id; id++) {
        if (*id == '\t' || *id == '\n' || *id == '\r' || *id == '%')
            dgmi_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*id);
        else
            dgmi_buf_putc(out, *id);
    }
}

static void put_line(dgmi_buf *out, const dgmi_entry *e)
{
    dgmi_buf_printf(out,
                    "%" PRIu64 "\t%c\t%016" PRIx64 "\t%" PRId64 "\t%" PRIu64
                    "\t%016" PRIx64 "\t",
                    e->number, letters[e->kind], e->id, e->found, e->place, e->story);
    put_id(out, e->item);
    dgmi_buf_putc(out, '\t');
    put_id(out, e->replaces);
    dgmi_buf_putc(out, '\n');
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A copy without escapes; NULL without memory. */
static const char *take_id(dgmi_arena *arena, dgmi_str text)
{
    char *copy = dgmi_arena_str(arena, text), *to = copy;
    for (const char *from = copy; from && *from; from++) {
        int high = *from == '%' ? digit_of(from[1]) : -1;
        int low = high >= 0 ? digit_of(from[2]) : -1;
        bool escape = low >= 0 && (high | low) != 0; /* no id has a NUL */
        *to++ = escape ? (char)(high << 4 | low) : *from;
        from += escape ? 2 : 0;
    }
    if (to)
        *to = '\0';
    return copy;
}

static bool take_number(dgmi_str text, int base, uint64_t *out)
{
    char copy[24], *end;
    if (text.n == 0 || text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    errno = 0;
    *out = strtoull(copy, &end, base);
    return !*end && !errno;
}

static bool take_line(dgmi_journal *j, dgmi_str line, dgmi_entry *e)
{
    dgmi_str field[FIELDS];
    uint64_t found;
    size_t n = 0;
    dgmi_str rest = line;
    while (n < FIELDS && dgmi_str_split(&rest, '\t', &field[n]))
        n++;
    if (n == FIELDS - 1) /* an empty last one */
        field[n++] = (dgmi_str){ "", 0 };
    if (n != FIELDS || field[1].n != 1 || field[6].n == 0 ||
        memchr(line.p, '\0', line.n)) /* as a disk may leave after its power went */
        return false;
    const char *kind = memchr(letters, field[1].p[0], sizeof letters - 1);
    bool whole = kind && take_number(field[0], 10, &e->number) &&
                 take_number(field[2], 16, &e->id) && take_number(field[3], 10, &found) &&
                 take_number(field[4], 10, &e->place) &&
                 take_number(field[5], 16, &e->story) && e->number > j->last;
    if (!whole)
        return false;
    e->kind = (dgm_alert_kind)(kind - letters);
    e->found = (int64_t)found;
    e->item = take_id(j->arena, field[6]);
    e->replaces = field[7].n > 0 ? take_id(j->arena, field[7]) : NULL;
    return true;
}

static dgm_status parse(const char *path, dgmi_str text, dgmi_journal *j, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (unsigned n = 1; status == DGM_OK && text.n > 0; n++) {
        const char *end = memchr(text.p, '\n', text.n);
        dgmi_entry entry;
        if (!end)
            break; /* cut off by a kill: it will be made again */
        dgmi_str line = { text.p, (size_t)(end - text.p) };
        if (!take_line(j, line, &entry))
            return dgmi_fail(err, DGM_E_CORRUPT, "%.150s:%u: damaged", path, n);
        status = entry.item ? remember(j, &entry, err) : dgmi_fail_memory(err);
        text = dgmi_str_skip(text, line.n + 1);
        j->whole += line.n + 1;
    }
    j->written = j->n;
    return status;
}

dgm_status dgmi_journal_read(const char *data_dir, const char *name, dgmi_journal *out,
                             dgm_error *err)
{
    char *path = NULL;
    dgmi_buf text;
    *out = (dgmi_journal){ .items = dgmi_map_new(),
                           .stories = dgmi_map_new(),
                           .arena = dgmi_arena_new(0) };
    if (!out->items || !out->stories || !out->arena)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&text, JOURNAL_BYTES);
    dgm_status status =
        dgmi_watch_state_read(data_dir, name, ".alerts", &text, &path, err);
    if (status == DGM_OK && text.n > 0)
        status = parse(path, dgmi_buf_str(&text), out, err);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

void dgmi_journal_clear(dgmi_journal *j)
{
    free(j->list);
    dgmi_map_free(j->items);
    dgmi_map_free(j->stories);
    dgmi_arena_free(j->arena);
    *j = (dgmi_journal){ .list = NULL };
}

/* ---- Writing ---- */

/* Behind the whole lines, over what a kill may have left there. */
static dgm_status append(const char *path, const dgmi_journal *j, const dgmi_buf *lines,
                         dgm_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return dgmi_fail_errno(err, path);
    dgm_status status = DGM_OK;
    if (ftruncate(fd, (off_t)j->whole) != 0 || lseek(fd, 0, SEEK_END) < 0)
        status = dgmi_fail_errno(err, path);
    if (status == DGM_OK)
        status = dgmi_write_all(fd, lines->p, lines->n, path, err);
    if (status == DGM_OK && fsync(fd) != 0)
        status = dgmi_fail_errno(err, path);
    close(fd);
    return status;
}

dgm_status dgmi_journal_write(const char *data_dir, const char *name, dgmi_journal *j,
                              dgm_error *err)
{
    dgmi_buf lines;
    bool anew = j->whole == 0 || j->n > 2 * DGMI_JOURNAL_KEPT;
    size_t from = j->n > 2 * DGMI_JOURNAL_KEPT ? j->n - DGMI_JOURNAL_KEPT
                  : anew                       ? 0
                                               : j->written;
    if (j->written == j->n)
        return DGM_OK;
    char *path = dgmi_watch_path(data_dir, "watch/state", name, ".alerts");
    if (!path)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&lines, JOURNAL_BYTES);
    for (size_t i = from; i < j->n; i++)
        put_line(&lines, &j->list[i]);
    dgm_status status = lines.p && !lines.failed ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = anew ? dgmi_file_replace(path, lines.p, lines.n, err)
                      : append(path, j, &lines, err);
    if (status == DGM_OK) {
        j->whole = anew ? lines.n : j->whole + lines.n;
        j->written = j->n;
    }
    dgmi_buf_clear(&lines);
    free(path);
    return status;
}
