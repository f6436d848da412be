/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list in order of arrival, and a tree to find a file in it. Depends on lib/base. */
#include "waiting.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

static int compare(const void *a, const void *b)
{
    const waiting *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->root, y->root);
}

void waiting_init(waiting_list *l)
{
    *l = (waiting_list){ .last = &l->first };
}

static void free_one(waiting_list *l, waiting *w)
{
    tdelete(w, &l->tree, compare);
    intake_result_clear(&w->result);
    free(w->root);
    free(w->name);
    free(w);
}

void waiting_clear(waiting_list *l)
{
    for (waiting *w = l->first, *next; w; w = next) {
        next = w->next;
        free_one(l, w);
    }
    waiting_init(l);
}

static waiting *append(waiting_list *l, const waiting *key)
{
    waiting *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->root = dgmi_str_dup(dgmi_str_of(key->root));
    w->name = dgmi_str_dup(dgmi_str_of(key->name));
    intake_result_init(&w->result);
    if (!w->root || !w->name || !tsearch(w, &l->tree, compare)) {
        free(w->root);
        free(w->name);
        free(w);
        return NULL;
    }
    *l->last = w;
    l->last = &w->next;
    l->n++;
    return w;
}

waiting *waiting_add(waiting_list *l, const char *root, const char *name)
{
    waiting key = { .root = (char *)root, .name = (char *)name };
    waiting *const *found = tfind(&key, &l->tree, compare);
    return found ? *found : append(l, &key);
}

void waiting_sweep(waiting_list *l)
{
    waiting **at = &l->first;
    while (*at) {
        waiting *w = *at;
        if (w->state != WAITING_GONE) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        free_one(l, w);
        l->n--;
    }
    l->last = at;
}

uint64_t waiting_due(const waiting_list *l)
{
    uint64_t due = LOOP_NEVER;
    for (const waiting *w = l->first; w; w = w->next)
        due = w->due_us < due ? w->due_us : due;
    return due;
}
