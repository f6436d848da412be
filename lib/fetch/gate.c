/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Politeness towards hosts. Depends on gate.h. */
#include "gate.h"

#include "str.h"

enum { HOSTS_MAX = 100000 };

/* Redirects can lead to any number of hosts: when there are very many, and none is in
 * use, all are forgotten. */
static void forget_hosts(dgmi_fetcher *f)
{
    if (f->n_hosts < HOSTS_MAX || f->active > 0)
        return;
    dgmi_map_free(f->host_places);
    f->host_places = NULL;
    f->n_hosts = 0;
    for (size_t i = 0; i < f->list.n; i++)
        for (int k = 0; k < DGMI_JOBS; k++)
            f->members[i].jobs[k].placed = false;
}

static size_t place_of(dgmi_fetcher *f, const char *url)
{
    char name[300];
    forget_hosts(f);
    if (!f->host_places)
        f->host_places = dgmi_map_new();
    if (!f->host_places || !dgmi_url_host(url, name, sizeof name))
        return SIZE_MAX;
    uint64_t *place = dgmi_map_at(f->host_places, dgmi_str_of(name), true);
    if (!place || (*place == 0 && !dgmi_grow(&f->hosts, &f->cap_hosts, f->n_hosts + 1,
                                             sizeof *f->hosts)))
        return SIZE_MAX;
    if (*place == 0) {
        f->hosts[f->n_hosts++] = (dgmi_host){ .busy = false };
        *place = f->n_hosts;
    }
    return *place - 1;
}

bool dgmi_gate_take(dgmi_fetcher *f, dgmi_job *job, uint64_t now_us, uint64_t *free_us)
{
    if (!job->placed) { /* once for each url: many jobs may wait for one host */
        job->host = place_of(f, job->url);
        job->placed = job->host != SIZE_MAX;
    }
    if (!job->placed)
        return false;
    dgmi_host *h = &f->hosts[job->host];
    *free_us = h->busy ? UINT64_MAX : h->free_us;
    if (h->busy || h->free_us > now_us)
        return false;
    h->busy = true;
    return true;
}

void dgmi_gate_free(dgmi_fetcher *f, const dgmi_job *job, uint64_t now_us)
{
    f->hosts[job->host].busy = false;
    f->hosts[job->host].free_us =
        now_us + (uint64_t)f->list.common.number[DGMI_SET_GAP] * 1000000;
}
