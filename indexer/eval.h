/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measuring a ranking against judgements. Depends on dragoman.h and lib/base. */
#ifndef DGM_EVAL_H
#define DGM_EVAL_H

#include "buf.h"
#include "dragoman.h"
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
    double ndcg10; /* of its ranking; -1: it has no relevant item */
} topic;

typedef struct figures {
    double ndcg10, map, recall100, mrr;
    size_t queries; /* that have at least one relevant item: what the means are over */
} figures;

/* Adds one query's ranking (item ids, best first) to sums, and notes its nDCG@10 in it;
 * does nothing if it has no relevant item. nDCG@10: gain = grade, discount log2(rank +
 * 1), ideal order from all judgements (Jarvelin, Kekalainen 2002). MAP: mean over
 * relevant items of precision at their rank. Recall@100. MRR: 1 / rank of the first
 * relevant. */
void eval_add(figures *sums, topic *t, const char *const *ranking, size_t n);
void eval_mean(figures *sums);

/* ---- losses.c: what a ranking loses by. */

/* The queries that lose most, worst first: *out (room for `most`) receives them, borrowed
 * from topics. Returns how many; those without a loss are not among them. */
size_t losses_find(const topic *topics, size_t n, size_t most, const topic **out);
/* Appends what is wanted and stands below the first ten, and what stands there instead,
 * with the parts of their scores. page: the query's ranking, explained. */
void losses_put_text(dgmi_buf *out, const topic *t, const dgm_page *page);
void losses_put_json(dgmi_buf *out, const topic *t, const dgm_page *page);

#endif
