/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of watched folders that wait to be taken: each once, in the order in which
 * they were noticed. Depends on intake.h. */
#ifndef DGM_WAITING_H
#define DGM_WAITING_H

#include <sys/stat.h>

#include "intake.h"

typedef enum waiting_state {
    WAITING_READY, /* to be taken */
    WAITING_TAKEN, /* but not committed yet */
    WAITING_STUCK, /* committed, could not be moved: only that is tried again */
    WAITING_GONE   /* to be forgotten */
} waiting_state;

typedef struct waiting {
    struct waiting *next;
    char *root; /* the watched folder */
    char *name; /* below it */
    waiting_state state;
    bool settled;    /* the system told that writing it has ended */
    bool seen;       /* `was` holds what it looked like at `seen_us` */
    uint64_t due_us; /* not before */
    uint64_t seen_us;
    unsigned tries;
    bool told; /* that it cannot be moved */
    struct stat was;
    intake_result result;
} waiting;

typedef struct waiting_list {
    waiting *first, **last;
    size_t n;
    void *tree; /* of tsearch(3), by root and name */
} waiting_list;

void waiting_init(waiting_list *l);
void waiting_clear(waiting_list *l);

/* The entry of this file, made if there is none. NULL without memory. */
waiting *waiting_add(waiting_list *l, const char *root, const char *name);

/* Frees all that are GONE. */
void waiting_sweep(waiting_list *l);

/* When the next one is due, LOOP_NEVER if none waits. */
uint64_t waiting_due(const waiting_list *l);

#endif
