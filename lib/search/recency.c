/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What age leaves of a score. Depends on lib/base. */
#include "recency.h"

#include <math.h>

#include "dragoman.h"

enum {
    DIGITS = 52,       /* of a rounded score, so that differences fit a double */
    MOST_HALVINGS = 32 /* whatever is older is as old as that: relevance still counts */
};

double dgmi_recency_factor(const dgmi_recency *r, int64_t published)
{
    double halvings = MOST_HALVINGS;
    if (published != DGM_NO_TIME)
        halvings = ((double)r->now - (double)published) / r->half_life;
    halvings = fmin(fmax(halvings, 0), MOST_HALVINGS);
    return (1 - r->share) + r->share * exp2(-halvings);
}

double dgmi_recency_score(double score, double factor)
{
    int exponent;
    if (factor >= 1 || score <= 0)
        return score;
    (void)frexp(score, &exponent);
    double step = ldexp(1, exponent - DIGITS);
    return floor(score * factor / step) * step;
}

int64_t dgmi_recency_since(const dgmi_recency *r, double factor)
{
    double fresh = (factor * (1 - 1e-9) - (1 - r->share)) / r->share;
    if (!(fresh > ldexp(1, -MOST_HALVINGS)))
        return INT64_MIN;
    double age = fresh < 1 ? -log2(fresh) * r->half_life : 0;
    double since = floor((double)r->now - age * (1 + 1e-9)) - 1;
    return since > -9e18 ? (int64_t)since : INT64_MIN;
}
