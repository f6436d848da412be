/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a watchlist stands: DATA/watch/state/NAME.state, replaced whole so that a kill
 * leaves the old or the new one. Depends on lib/base. */
#ifndef DGMI_WATCH_NOTE_H
#define DGMI_WATCH_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "dragoman.h"

enum { DGMI_NOTE_LINE = 256 };

typedef struct dgmi_note {
    int64_t created; /* 0: not begun */
    int64_t as_of;   /* embargoes that ended until then are seen to */
    uint64_t place;  /* in the log, packed: all before it was looked at */
    int64_t looked;
    uint64_t last; /* number of the last alert */
    uint64_t sent; /* number of the last alert that was delivered */
    int64_t delivered;
    uint64_t deliveries, failures;
    int64_t next_try;
    int64_t parked_at;
    char revision[48];
    char fault[DGMI_NOTE_LINE];   /* of looking */
    char trouble[DGMI_NOTE_LINE]; /* of delivering */
    char parked[DGMI_NOTE_LINE];
    bool ahead; /* of the file, in place, as_of, looked and revision alone: ahead.h */
} dgmi_note;

/* None is no error: *out is then all zeros. CORRUPT, naming the line, if it is damaged.
 */
dgm_status dgmi_note_read(const char *data_dir, const char *name, dgmi_note *out,
                          dgm_error *err);
dgm_status dgmi_note_write(const char *data_dir, const char *name, const dgmi_note *note,
                           dgm_error *err);
/* Copies one line, cut to fit. */
void dgmi_note_say(char out[DGMI_NOTE_LINE], const char *text);

#endif
