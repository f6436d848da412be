/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes each line of standard input into an archive, and says "id outcome" once it is
 * durable: what tests hold against the archive after one of the processes was killed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dragoman.h"

typedef struct told {
    char id[200];
    dgm_outcome outcome;
} told;

static void note(void *user, const char *where, const char *id, dgm_outcome outcome,
                 uint64_t place)
{
    told *t = user;
    (void)where;
    (void)place;
    snprintf(t->id, sizeof t->id, "%s", id);
    t->outcome = outcome;
}

int main(int argc, char **argv)
{
    told t = { "", DGM_ADDED };
    dgm_error err = DGM_ERROR_INIT;
    dgm_ingest_options options = { .taken = note, .user = &t, .accept_only = true };
    dgm_ingest *in = NULL;
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    dgm_status status =
        argc == 2 ? dgm_ingest_open(argv[1], &options, &in, &err) : DGM_E_ARG;
    while (status == DGM_OK && (n = getline(&line, &room, stdin)) > 0) {
        status = dgm_ingest_bytes(in, "line.ndjson", line, (size_t)n, &err);
        if (status == DGM_OK)
            status = dgm_ingest_sync(in, NULL, &err);
        if (status == DGM_OK &&
            (printf("%s %d\n", t.id, (int)t.outcome) < 0 || fflush(stdout) != 0))
            break;
    }
    free(line);
    dgm_ingest_close(in);
    if (status != DGM_OK)
        fprintf(stderr, "take: %s\n", err.text);
    return status == DGM_OK ? 0 : 1;
}
