/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of whoever indexes, and the wish for it. Depends on lib/base. */
#include "turn.h"

#include <stdlib.h>

#include "fail.h"
#include "file.h"

enum { TURN = 0, WISH = 1 };

dgm_status dgmi_turn_open(const char *data_dir, dgmi_turn *out, dgm_error *err)
{
    *out = (dgmi_turn)DGMI_TURN_CLOSED;
    char *folder = dgmi_path_join(data_dir, "index");
    char *path = folder ? dgmi_path_join(folder, "lock") : NULL;
    dgm_status status = path ? dgmi_make_dirs(folder, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_lock_open(path, &out->lock, err);
    free(path);
    free(folder);
    return status;
}

void dgmi_turn_close(dgmi_turn *turn)
{
    dgmi_turn_end(turn);
    dgmi_lock_close(&turn->lock);
}

dgm_status dgmi_turn_try(dgmi_turn *turn, dgm_error *err)
{
    dgm_status status = dgmi_lock_take(&turn->lock, TURN, 0, err);
    turn->held = status == DGM_OK;
    return status;
}

void dgmi_turn_end(dgmi_turn *turn)
{
    if (turn->held)
        dgmi_lock_release(&turn->lock, TURN);
    turn->held = false;
}

bool dgmi_turn_ask(dgmi_turn *turn)
{
    return dgmi_lock_take(&turn->lock, WISH, 0, NULL) == DGM_OK;
}

void dgmi_turn_stop_asking(dgmi_turn *turn)
{
    dgmi_lock_release(&turn->lock, WISH);
}

bool dgmi_turn_is_asked_for(const dgmi_turn *turn)
{
    return dgmi_lock_is_taken(&turn->lock, WISH);
}
