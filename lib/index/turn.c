/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of whoever indexes, and the wish for it. Depends on lib/base. */
#include "turn.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"

enum { TURN = 0, WISH = 1 };

static dgm_status open_lock(const char *folder, dgmi_lock *out, dgm_error *err)
{
    char *path = dgmi_path_join(folder, "lock");
    dgm_status status = path ? dgmi_make_dirs(folder, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_lock_open(path, out, err);
    free(path);
    return status;
}

dgm_status dgmi_turn_open(const char *data_dir, dgmi_turn *out, dgm_error *err)
{
    *out = (dgmi_turn)DGMI_TURN_CLOSED;
    char *folder = dgmi_path_join(data_dir, "index");
    dgm_status status =
        folder ? open_lock(folder, &out->lock, err) : dgmi_fail_memory(err);
    free(folder);
    return status;
}

void dgmi_turn_close(dgmi_turn *turn)
{
    dgmi_turn_end(turn);
    dgmi_lock_close(&turn->lock);
}

/* The lock of the folder that is there now, in the place of one that was moved away. */
static dgm_status follow_folder(dgmi_turn *turn, dgm_error *err)
{
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    const char *path = turn->lock.path;
    char *folder = strndup(path, (size_t)(dgmi_path_base(path) - path - 1));
    dgm_status status = folder ? open_lock(folder, &lock, err) : dgmi_fail_memory(err);
    if (status == DGM_OK) {
        dgmi_lock_close(&turn->lock);
        turn->lock = lock;
        turn->asking = false;
    }
    free(folder);
    return status;
}

/* Looked at again with the lock in hand: the folder may go between the two. */
dgm_status dgmi_turn_try(dgmi_turn *turn, dgm_error *err)
{
    dgm_status status = DGM_OK;
    do {
        dgmi_turn_end(turn);
        if (!dgmi_lock_stands(&turn->lock))
            status = follow_folder(turn, err);
        if (status == DGM_OK)
            status = dgmi_lock_take(&turn->lock, TURN, 0, err);
        turn->held = status == DGM_OK;
    } while (turn->held && !dgmi_lock_stands(&turn->lock));
    return status;
}

bool dgmi_turn_stands(const dgmi_turn *turn)
{
    return turn->held && dgmi_lock_stands(&turn->lock);
}

void dgmi_turn_end(dgmi_turn *turn)
{
    if (turn->held)
        dgmi_lock_release(&turn->lock, TURN);
    turn->held = false;
}

void dgmi_turn_ask(dgmi_turn *turn)
{
    if (!turn->asking)
        turn->asking = dgmi_lock_take(&turn->lock, WISH, 0, NULL) == DGM_OK;
}

void dgmi_turn_stop_asking(dgmi_turn *turn)
{
    if (turn->asking)
        dgmi_lock_release(&turn->lock, WISH);
    turn->asking = false;
}

bool dgmi_turn_is_asked_for(const dgmi_turn *turn)
{
    return dgmi_lock_is_taken(&turn->lock, WISH);
}
