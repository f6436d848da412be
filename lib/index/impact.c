/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BM25 in two halves: the impact that is stored, and the weight that a query gives it.
 * Depends on nothing. */
#include "impact.h"

#include <math.h>

uint32_t dgmi_impact(double tf, double length, double average_length)
{
    double norm = 1;
    if (!(tf > 0)) /* also what is no number */
        return 1;
    if (average_length > 0)
        norm = 1 - DGMI_B + DGMI_B * length / average_length;
    double scaled = tf / norm;
    double impact = round(255 * scaled / (scaled + DGMI_K1));
    return impact < 1 ? 1 : (uint32_t)impact;
}

double dgmi_idf(double documents, double frequency)
{
    if (frequency > documents) /* counts of two moments can disagree by a little */
        frequency = documents;
    return log1p((documents - frequency + 0.5) / (frequency + 0.5));
}

double dgmi_weight(double idf)
{
    return idf * (DGMI_K1 + 1) / 255;
}
