/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nDCG, MAP, recall and MRR of one ranking. Depends on eval.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"

static double grade_of(const topic *t, const char *item)
{
    for (size_t i = 0; i < t->n; i++)
        if (!strcmp(t->judgements[i].item, item))
            return t->judgements[i].grade;
    return 0;
}

static int by_grade_descending(const void *a, const void *b)
{
    double x = ((const judgement *)a)->grade, y = ((const judgement *)b)->grade;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The best that any ranking could gain in its first ten; sorts the judgements. */
static double ideal_gain(const topic *t, size_t *relevant)
{
    double gain = 0;
    *relevant = 0;
    if (t->n)
        qsort(t->judgements, t->n, sizeof *t->judgements, by_grade_descending);
    for (size_t i = 0; i < t->n && t->judgements[i].grade > 0; i++) {
        if (i < 10)
            gain += t->judgements[i].grade / log2((double)i + 2);
        ++*relevant;
    }
    return gain;
}

void eval_add(figures *sums, topic *t, const char *const *ranking, size_t n)
{
    size_t relevant = 0, found = 0, found100 = 0;
    double gain = 0, precision = 0, first = 0;
    double ideal = ideal_gain(t, &relevant);
    t->ndcg10 = -1;
    if (!relevant)
        return;
    for (size_t i = 0; i < n; i++) {
        double grade = grade_of(t, ranking[i]);
        if (grade <= 0)
            continue;
        found++;
        precision += (double)found / (double)(i + 1);
        found100 += i < 100;
        if (i < 10)
            gain += grade / log2((double)i + 2);
        if (found == 1)
            first = 1 / (double)(i + 1);
    }
    t->ndcg10 = gain / ideal;
    sums->ndcg10 += t->ndcg10;
    sums->map += precision / (double)relevant;
    sums->recall100 += (double)found100 / (double)relevant;
    sums->mrr += first;
    sums->queries++;
}

void eval_mean(figures *sums)
{
    double n = sums->queries ? (double)sums->queries : 1;
    sums->ndcg10 /= n;
    sums->map /= n;
    sums->recall100 /= n;
    sums->mrr /= n;
}
