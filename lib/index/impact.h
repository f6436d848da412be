/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ranking's numbers: what is stored at index time and what a query adds. Depends on
 * nothing. */
#ifndef DGMI_IMPACT_H
#define DGMI_IMPACT_H

#include <stdint.h>

/* BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) in two halves.
 * At index time, per term and item:  tf' = tf / (1 - b + b * len / avglen),
 *                                    impact = round(255 * tf' / (tf' + k1)), at least 1.
 * At query time, per term:           idf = ln(1 + (N - df + 0.5) / (df + 0.5)).
 * score = sum of idf * (k1 + 1) * impact / 255. tf counts a word of the title
 * DGMI_TITLE_WEIGHT times. */
#define DGMI_K1 1.2
#define DGMI_B 0.75
#define DGMI_TITLE_WEIGHT 2.0
#define DGMI_IMPACT_MAX 255

/* At query time a word that the query says n times counts (k3 + 1) * n / (k3 + n) times
 * (Robertson and others: Okapi at TREC-3, 1994); one that it only excepts counts so much:
 */
#define DGMI_K3 8.0
#define DGMI_ASIDE_SHARE 0.25

uint32_t dgmi_impact(double tf, double length, double average_length); /* 1..255 */
double dgmi_idf(double documents, double frequency);
/* What a term's stored impact is to be multiplied with. */
double dgmi_weight(double idf);

#endif
