/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking files that wait: read, one commit for several, and only then moved, so that a
 * kill at any moment takes none of them away. Depends on waiting.h. */
#ifndef DGM_BATCH_H
#define DGM_BATCH_H

#include <signal.h>

#include "waiting.h"

typedef struct batch_options {
    const char *done, *rejects; /* names of the folders below the watched one */
    bool json, quiet;
    const volatile sig_atomic_t *stop; /* set: no further file is begun */
} batch_options;

/* Takes what is due, for a while. The caller comes again when waiting_due() says. */
void batch_run(waiting_list *files, intake *in, const batch_options *options);

#endif
