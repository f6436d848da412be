/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder with room for what is kept of watchlists: for tests of their state. */
#ifndef DGM_TEST_WATCH_FOLDER_H
#define DGM_TEST_WATCH_FOLDER_H

#include <stdlib.h>

#include "file.h"

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-watch-XXXXXX");
    *state = folder;
    if (!folder || !mkdtemp(folder))
        return -1;
    char *inner = dgmi_path_join(folder, "watch/state");
    dgm_status status = dgmi_make_dirs(inner, NULL);
    free(inner);
    return status == DGM_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

#endif
