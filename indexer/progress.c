/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a long run is. On a terminal one line that is drawn over; elsewhere a line each
 * 10 s. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define BAR_WIDTH 24
#define TERMINAL_US 100000u
#define PLAIN_US 10000000u
#define MARK_US 500000u

void progress_begin(progress *p, bool quiet, uint64_t total_bytes)
{
    *p = (progress){ .quiet = quiet, .known_total = total_bytes };
    p->terminal = isatty(STDERR_FILENO);
    p->began_us = dgmi_now_us();
}

void progress_clear(progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}

static const char *phase_name(dgm_phase phase)
{
    switch (phase) {
    case DGM_READING:
        return "reading";
    case DGM_INDEXING:
        return "indexing";
    case DGM_MERGING:
        return "merging";
    case DGM_SURVEYING:
        return "looking";
    case DGM_DONE:
        return "done";
    }
    return "";
}

/* "1:05" or "2:03:04". */
static void put_time(char *out, size_t size, uint64_t seconds)
{
    if (seconds >= 3600)
        snprintf(out, size, "%" PRIu64 ":%02u:%02u", seconds / 3600,
                 (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
    else
        snprintf(out, size, "%u:%02u", (unsigned)(seconds / 60),
                 (unsigned)(seconds % 60));
}

static void put_bar(char *out, double share)
{
    int full = (int)(share * BAR_WIDTH + 0.5);
    for (int i = 0; i < BAR_WIDTH; i++)
        out[i] = i < full ? '#' : '.';
    out[BAR_WIDTH] = '\0';
}

/* ---- Rates ---- */

static const progress_mark *oldest(const progress *p)
{
    if (p->n_marks == 0)
        return NULL;
    return &p->marks[p->n_marks > PROGRESS_MARKS ? p->n_marks % PROGRESS_MARKS : 0];
}

static void set_mark(progress *p, const progress_mark *now)
{
    const progress_mark *last =
        p->n_marks ? &p->marks[(p->n_marks - 1) % PROGRESS_MARKS] : NULL;
    if (!last || now->time_us - last->time_us >= MARK_US)
        p->marks[p->n_marks++ % PROGRESS_MARKS] = *now;
}

/* How much of the work is done, 0 if there is no telling. */
static double share_of(const progress *p, const dgm_counts *c)
{
    double share = 0;
    if (c->of)
        share = (double)c->done / (double)c->of;
    else if (p->phase == DGM_READING && p->known_total)
        share = (double)c->bytes / (double)p->known_total;
    else if (p->phase == DGM_INDEXING && c->to_index)
        share = (double)c->indexed / (double)c->to_index;
    return share > 1 ? 1 : share;
}

/* ---- Drawing ---- */

static void put_rest(const progress *p, const progress_mark *now, char left[32],
                     double *rate)
{
    const progress_mark *then = oldest(p);
    double seconds = then ? (double)(now->time_us - then->time_us) / 1e6 : 0;
    left[0] = '\0';
    *rate = 0;
    if (!then || seconds < 0.05)
        return;
    *rate = (double)(now->items - then->items) / seconds;
    double gained = now->share - then->share;
    if (gained > 0.0005)
        put_time(left, 32, (uint64_t)((1 - now->share) * seconds / gained + 0.5));
}

static void draw(progress *p, const dgm_counts *c, const progress_mark *now)
{
    char bar[BAR_WIDTH + 1] = "", left[32], speed[32] = "";
    double rate;
    put_rest(p, now, left, &rate);
    if (rate > 0)
        snprintf(speed, sizeof speed, ", %.0f/s", rate);
    put_bar(bar, now->share);
    if (p->terminal)
        fputs("\r\033[K", stderr);
    fprintf(stderr, p->terminal ? "%-8s" : "%s", phase_name(p->phase));
    if (p->terminal && now->share > 0)
        fprintf(stderr, " [%s]", bar);
    if (now->share > 0)
        fprintf(stderr, " %3.0f%%", now->share * 100);
    fprintf(stderr, " %" PRIu64 " items%s%s%s", now->items, speed,
            left[0] ? ", left " : "", left);
    if (c->rejected && p->terminal)
        fprintf(stderr, ", %" PRIu64 " rejected", c->rejected);
    if (!p->terminal)
        fputc('\n', stderr);
    p->drawn = p->terminal;
    fflush(stderr);
}

void progress_show(progress *p, dgm_phase phase, const dgm_counts *counts)
{
    uint64_t now = dgmi_now_us();
    bool building = counts->of > 0;
    if (p->quiet)
        return;
    if (building != p->building || (!building && phase != p->phase))
        p->n_marks = 0; /* what is measured is another thing now */
    p->phase = phase;
    p->building = building;
    progress_mark mark = { now, phase == DGM_READING ? counts->items : counts->indexed,
                           share_of(p, counts) };
    set_mark(p, &mark);
    if (now - p->printed_us < (p->terminal ? TERMINAL_US : PLAIN_US) || phase == DGM_DONE)
        return;
    if (!p->terminal && now - p->began_us < PLAIN_US)
        return; /* a short run off a terminal says nothing but its result */
    p->printed_us = now;
    draw(p, counts, &mark);
}
