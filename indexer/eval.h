/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measuring a ranking against judgements. Depends on lib/base alone. */
#ifndef DGM_EVAL_H
#define DGM_EVAL_H

#include "hash.h"

typedef struct judgement {
    char *item;
    double grade;
} judgement;

/* The judgements of one query. */
typedef struct topic {
    char *id, *text;
    judgement *judgements;
    size_t n, capacity;
} topic;

typedef struct figures {
    double ndcg10, map, recall100, mrr;
    size_t queries; /* that have at least one relevant item: what the means are over */
} figures;

/* Adds one query's ranking (item ids, best first) to sums; does nothing if it has no
 * relevant item. nDCG@10: gain = grade, discount log2(rank + 1), ideal order from all
 * judgements (Jarvelin, Kekalainen 2002). MAP: mean over relevant items of precision at
 * their rank. Recall@100. MRR: 1 / rank of the first relevant. */
void eval_add(figures *sums, const topic *t, const char *const *ranking, size_t n);
void eval_mean(figures *sums);

#endif
