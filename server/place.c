/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader and packer of one thread. Depends on server.h. */
#include "server.h"

#include <stdio.h>
#include <string.h>

#include "fail.h"

/* What the library has to say goes to standard error, warnings and worse. */
static void print_message(void *user, const char *level, const char *text)
{
    (void)user;
    if (!strcmp(level, "warning") || !strcmp(level, "error"))
        fprintf(stderr, "dragomand: %s: %s\n", level, text);
}

bool dgms_place_init(dgms_place *place, const dgms_server *server, dgm_error *err)
{
    *place = (dgms_place){ .server = server, .gzip = dgms_gzip_new() };
    if (!place->gzip)
        dgmi_fail_memory(err);
    return place->gzip && dgms_place_desk(place, err);
}

/* The reader's posting lists, as they are now. */
static void count_postings(dgms_place *place)
{
    size_t now = dgm_posting_bytes(place->desk);
    dgms_metrics_postings(place->server->metrics, place->postings, now);
    place->postings = now;
}

static void close_desk(dgms_place *place)
{
    dgm_close(place->desk);
    place->desk = NULL;
    count_postings(place);
}

void dgms_place_clear(dgms_place *place)
{
    if (place->server)
        close_desk(place);
    dgms_gzip_free(place->gzip);
    memset(place, 0, sizeof *place);
}

dgm *dgms_place_desk(dgms_place *place, dgm_error *err)
{
    dgm_options options = { print_message, NULL };
    if (place->desk)
        return place->desk;
    dgm_open(place->server->settings->data, &options, &place->desk, err);
    dgm_set_posting_bytes(place->desk, place->server->settings->posting_bytes);
    return place->desk;
}

/* Any thread may be asked next, so all are to make it ready. */
static void note_errand(dgms_place *place)
{
    uint64_t moment;
    if (place->errands && dgm_moment_is_behind(place->desk, &moment) &&
        dgms_errands_add(place->errands, &place->diary, moment))
        place->wakes = true;
}

void dgms_place_judge(dgms_place *place, dgm_status status)
{
    if (status == DGM_E_CORRUPT || status == DGM_E_IO || status == DGM_E_INTERNAL)
        close_desk(place);
    else
        count_postings(place);
    note_errand(place);
}
