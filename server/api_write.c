/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POST /v1/items and DELETE /v1/items/{id}. Depends on routes.h and deposit.h. */
#include <stdio.h>

#include "deposit.h"
#include "routes.h"

bool dgms_start_items(dgms_place *place, dgms_call *call)
{
    dgms_deposit *deposit = dgms_deposit_new(place->server, call);
    return deposit ? dgms_deposit_submit(deposit) : true;
}

bool dgms_start_delete(dgms_place *place, dgms_call *call)
{
    dgms_deposit *withdrawal = dgms_withdrawal_new(place->server, call);
    if (!withdrawal)
        return true;
    dgms_withdrawal_add(withdrawal, call->value);
    return dgms_deposit_submit(withdrawal);
}
