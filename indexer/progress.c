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

void progress_begin(progress *p, bool quiet, uint64_t total_bytes)
{
    *p = (progress){ .quiet = quiet, .known_total = total_bytes };
    p->terminal = isatty(STDERR_FILENO);
    p->began_us = p->phase_us = dgmi_now_us();
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

static void draw(progress *p, const dgm_counts *c, uint64_t done, double share,
                 double seconds)
{
    char bar[BAR_WIDTH + 1] = "", left[32] = "";
    double rate = seconds > 0 ? (double)done / seconds : 0;
    if (share > 0.001)
        put_time(left, sizeof left, (uint64_t)(seconds * (1 - share) / share + 0.5));
    if (p->terminal && share > 0) {
        put_bar(bar, share);
        fprintf(stderr, "\r\033[K%-8s [%s] %3.0f%% %" PRIu64 " items, %.0f/s%s%s",
                phase_name(p->phase), bar, share * 100, done, rate,
                left[0] ? ", left " : "", left);
    } else {
        fprintf(stderr, "%s%s: %" PRIu64 " items, %.0f/s%s%s%s",
                p->terminal ? "\r\033[K" : "", phase_name(p->phase), done, rate,
                left[0] ? ", left " : "", left, p->terminal ? "" : "\n");
    }
    if (c->rejected && p->terminal)
        fprintf(stderr, ", %" PRIu64 " rejected", c->rejected);
    p->drawn = p->terminal;
    fflush(stderr);
}

/* How much of the phase is done, 0 if there is no telling. */
static double share_of(const progress *p, const dgm_counts *c)
{
    double share = 0;
    if (p->phase == DGM_READING && p->known_total)
        share = (double)c->bytes / (double)p->known_total;
    else if (p->phase == DGM_INDEXING && c->to_index)
        share = (double)c->indexed / (double)c->to_index;
    return share > 1 ? 1 : share;
}

void progress_show(progress *p, dgm_phase phase, const dgm_counts *counts)
{
    uint64_t now = dgmi_now_us();
    if (p->quiet)
        return;
    if (phase != p->phase) {
        p->phase = phase;
        p->phase_us = now;
    }
    if (now - p->printed_us < (p->terminal ? TERMINAL_US : PLAIN_US) || phase == DGM_DONE)
        return;
    if (!p->terminal && now - p->began_us < PLAIN_US)
        return; /* a short run off a terminal says nothing but its result */
    p->printed_us = now;
    uint64_t done = phase == DGM_READING ? counts->items : counts->indexed;
    draw(p, counts, done, share_of(p, counts), (double)(now - p->phase_us) / 1e6);
}
