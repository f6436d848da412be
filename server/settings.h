/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the server: one table for command line, file, help and manual. Depends on
 * lib/base and libinih. */
#ifndef DGMS_SETTINGS_H
#define DGMS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "dragoman.h"

typedef struct dgms_settings {
    char *data;                /* data directory */
    char *listen;              /* ADDR:PORT */
    char *access_log;          /* "off", "stderr" or a file */
    unsigned long threads;     /* that search */
    unsigned long deadline_ms; /* of one search */
    unsigned long queue;       /* requests that wait for a thread */
    unsigned long queue_ms;    /* longest wait of one */
    unsigned long connections, per_ip;
    unsigned long timeout;     /* seconds of silence on a connection */
    unsigned long request_age; /* seconds for a whole head, and for a whole reply */
    unsigned long url_bytes, header_bytes;
    unsigned long cache_bytes;            /* of replies that are kept; 0: none */
    unsigned long posting_bytes;          /* of lists that each of the threads keeps */
    unsigned long gzip_min;               /* bytes of a reply worth packing */
    unsigned long item_bytes, bulk_bytes; /* longest bodies */
    char *push_token;                     /* NULL: pushing is off */
    char *writer;                         /* "on", "off", or "only": no server */
    char *write_key;                      /* "NAME KEY" lines; NULL: none */
    char *write_keys;                     /* file of such lines; NULL: none */
    unsigned long accept_queue;           /* requests that wait for the archive */
    unsigned long wait_ms;                /* longest wait for an item to be searchable */
} dgms_settings;

/* What the command line asks for besides settings. */
typedef enum dgms_errand { DGMS_SERVE, DGMS_HELP, DGMS_MAN, DGMS_VERSION } dgms_errand;

/* Standards, then the file of --config, then the command line: the later wins.
 * Owner: the caller clears *out, after a failure too. Errors: ARG names the option, or
 * the file and line; IO, NOTFOUND for the file; NOMEM. Threads: before any is started. */
dgm_status dgms_settings_read(int argc, char **argv, dgms_settings *out,
                              dgms_errand *errand, dgm_error *err);
void dgms_settings_clear(dgms_settings *settings);

/* Can a file of such a mode keep a secret: others may neither read nor write it? */
struct stat;
bool dgms_is_private(const struct stat *info);

/* --help, and the manual page (roff) that doc/dragomand.8 is. */
void dgms_settings_help(dgmi_buf *out);
void dgms_settings_man(dgmi_buf *out);

#endif
