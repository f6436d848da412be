/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman eval --explain-losses`: where a ranking loses, and by which words. Depends on
 * dragoman.h, lib/base and lib/wire. */
#include <stdlib.h>
#include <string.h>

#include "eval.h"
#include "utf8.h"
#include "wire.h"

enum { SHOWN_ABOVE = 3, SHOWN_WANTED = 5, SHOWN_PARTS = 8, TITLE_MAX = 70 };

static int by_gain(const void *a, const void *b)
{
    const topic *x = *(const topic *const *)a, *y = *(const topic *const *)b;
    if (x->ndcg10 != y->ndcg10)
        return x->ndcg10 < y->ndcg10 ? -1 : 1;
    return x < y ? -1 : x > y;
}

size_t losses_find(const topic *topics, size_t n, size_t most, const topic **out)
{
    const topic **all = calloc(n + 1, sizeof *all);
    size_t count = 0;
    if (!all)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (topics[i].ndcg10 >= 0 && topics[i].ndcg10 < 1)
            all[count++] = &topics[i];
    }
    qsort(all, count, sizeof(topic *), by_gain);
    for (size_t i = 0; i < count && i < most; i++)
        out[i] = all[i];
    free(all);
    return count < most ? count : most;
}

/* ---- As text ---- */

static void put_parts(dgmi_buf *out, const dgm_hit *hit)
{
    for (size_t i = 0; i < hit->n_parts && i < SHOWN_PARTS; i++)
        dgmi_buf_printf(out, "%s %s %.2f", i > 0 ? "," : "", hit->parts[i].what,
                        hit->parts[i].weight);
    dgmi_buf_puts(out, hit->n_parts > SHOWN_PARTS ? ", ...\n" : "\n");
}

static void put_hit(dgmi_buf *out, const char *label, size_t rank, const dgm_hit *hit)
{
    size_t n = dgmi_utf8_cut(hit->title, strlen(hit->title), TITLE_MAX);
    dgmi_buf_printf(out, "  %s %zu: %s  %.*s\n   ", label, rank, hit->id, (int)n,
                    hit->title);
    put_parts(out, hit);
}

static double grade_of(const topic *t, const char *id)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->judgements[i].item, id) == 0)
            return t->judgements[i].grade;
    }
    return 0;
}

static size_t rank_of(const dgm_page *page, const char *id)
{
    for (size_t i = 0; i < page->n_hits; i++) {
        if (strcmp(page->hits[i].id, id) == 0)
            return i + 1;
    }
    return 0;
}

static void put_wanted(dgmi_buf *out, const topic *t, const dgm_page *page)
{
    size_t shown = 0;
    for (size_t i = 0; i < t->n && shown < SHOWN_WANTED; i++) {
        const judgement *j = &t->judgements[i];
        size_t rank = j->grade > 0 ? rank_of(page, j->item) : 1;
        if (j->grade <= 0 || (rank >= 1 && rank <= 10))
            continue;
        shown++;
        if (rank > 0)
            put_hit(out, "wanted, at", rank, &page->hits[rank - 1]);
        else
            dgmi_buf_printf(out, "  wanted, not among the first %zu: %s\n", page->n_hits,
                            j->item);
    }
}

void losses_put_text(dgmi_buf *out, const topic *t, const dgm_page *page)
{
    size_t shown = 0;
    dgmi_buf_printf(out, "\nquery %s: nDCG@10 %.4f: %s\n", t->id, t->ndcg10, t->text);
    put_wanted(out, t, page);
    for (size_t i = 0; i < page->n_hits && i < 10 && shown < SHOWN_ABOVE; i++) {
        if (grade_of(t, page->hits[i].id) > 0)
            continue;
        put_hit(out, "instead, at", i + 1, &page->hits[i]);
        shown++;
    }
}

/* ---- As JSON ---- */

void losses_put_json(dgmi_buf *out, const topic *t, const dgm_page *page)
{
    bool begun = false;
    dgmi_buf_puts(out, "{\"query\": ");
    dgmi_json_string(out, t->id);
    dgmi_buf_printf(out, ", \"ndcg@10\": %.4f, \"wanted\": [", t->ndcg10);
    for (size_t i = 0; i < t->n; i++) {
        if (t->judgements[i].grade <= 0)
            continue;
        size_t rank = rank_of(page, t->judgements[i].item);
        dgmi_buf_puts(out, begun ? ", {\"id\": " : "{\"id\": ");
        dgmi_json_string(out, t->judgements[i].item);
        dgmi_buf_printf(out, rank > 0 ? ", \"rank\": %zu}" : ", \"rank\": null}", rank);
        begun = true;
    }
    dgmi_buf_puts(out, "]}");
}
