/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a watchlist stands. Depends on note.h, lib/base. */
#include "note.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "utf8.h"
#include "watchfile.h"

#define HEADER "dragoman-watch 1"
enum { NOTE_BYTES = 8192 };

typedef struct row {
    const char *name;
    size_t offset, size; /* size 0: a number */
} row;

#define NUMBER(name, member)                                                             \
    {                                                                                    \
        name, offsetof(dgmi_note, member), 0                                             \
    }
#define TEXT(name, member)                                                               \
    {                                                                                    \
        name, offsetof(dgmi_note, member), sizeof((dgmi_note *)0)->member                \
    }

/* Every number has 64 bits; those that count from nothing are never below 0. */
static const row rows[] = {
    NUMBER("created", created),     NUMBER("as-of", as_of),
    NUMBER("place", place),         NUMBER("looked", looked),
    NUMBER("last", last),           NUMBER("sent", sent),
    NUMBER("delivered", delivered), NUMBER("deliveries", deliveries),
    NUMBER("failures", failures),   NUMBER("next-try", next_try),
    NUMBER("parked-at", parked_at), TEXT("revision", revision),
    TEXT("fault", fault),           TEXT("trouble", trouble),
    TEXT("parked", parked),
};
enum { ROWS = sizeof rows / sizeof rows[0] };

void dgmi_note_say(char out[DGMI_NOTE_LINE], const char *text)
{
    size_t n = dgmi_utf8_cut(text, strlen(text), DGMI_NOTE_LINE - 1);
    memcpy(out, text, n);
    out[n] = '\0';
    for (char *c = out; *c; c++)
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;
}

static bool take_line(dgmi_note *note, dgmi_str line)
{
    char number[24];
    const char *blank = memchr(line.p, ' ', line.n);
    dgmi_str name = { line.p, blank ? (size_t)(blank - line.p) : line.n };
    dgmi_str value = dgmi_str_skip(line, name.n + 1);
    for (size_t i = 0; blank && i < ROWS; i++) {
        char *place = (char *)note + rows[i].offset, *end;
        if (!dgmi_str_eq(name, rows[i].name))
            continue;
        if (value.n == 0 || value.n >= (rows[i].size ? rows[i].size : sizeof number) ||
            memchr(value.p, '\0', value.n)) /* as a disk may leave after its power went */
            return false;
        if (rows[i].size) {
            memcpy(place, value.p, value.n);
            place[value.n] = '\0';
            return true;
        }
        memcpy(number, value.p, value.n);
        number[value.n] = '\0';
        errno = 0;
        int64_t n = strtoll(number, &end, 10);
        memcpy(place, &n, sizeof n);
        return !*end && !errno;
    }
    return false;
}

static dgm_status parse(const char *path, dgmi_str text, dgmi_note *out, dgm_error *err)
{
    dgmi_str line;
    for (unsigned n = 1; dgmi_str_split(&text, '\n', &line); n++)
        if (n == 1 ? !dgmi_str_eq(line, HEADER) : !take_line(out, line))
            return dgmi_fail(err, DGM_E_CORRUPT,
                             "%.150s:%u: damaged; \"dragoman watchlist remove\" and add "
                             "it anew",
                             path, n);
    return DGM_OK;
}

dgm_status dgmi_note_read(const char *data_dir, const char *name, dgmi_note *out,
                          dgm_error *err)
{
    char *path = NULL;
    dgmi_buf text;
    *out = (dgmi_note){ .created = 0 };
    dgmi_buf_init(&text, NOTE_BYTES);
    dgm_status status =
        dgmi_watch_state_read(data_dir, name, ".state", &text, &path, err);
    if (status == DGM_OK && text.n > 0)
        status = parse(path, dgmi_buf_str(&text), out, err);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

dgm_status dgmi_note_write(const char *data_dir, const char *name, const dgmi_note *note,
                           dgm_error *err)
{
    dgmi_buf text;
    dgmi_buf_init(&text, NOTE_BYTES);
    dgmi_buf_puts(&text, HEADER "\n");
    for (size_t i = 0; i < ROWS; i++) {
        const char *place = (const char *)note + rows[i].offset;
        int64_t n = 0;
        if (rows[i].size == 0)
            memcpy(&n, place, sizeof n);
        if (rows[i].size > 0 && *place)
            dgmi_buf_printf(&text, "%s %s\n", rows[i].name, place);
        else if (n != 0)
            dgmi_buf_printf(&text, "%s %" PRId64 "\n", rows[i].name, n);
    }
    char *path = dgmi_watch_path(data_dir, "watch/state", name, ".state");
    dgm_status status = path && !text.failed
                            ? dgmi_file_replace(path, text.p, text.n, err)
                            : dgmi_fail_memory(err);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}
