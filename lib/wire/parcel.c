/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items out of JSON documents, one after the other. Depends on parcel.h. */
#include "parcel.h"

#include <stdlib.h>

#include "clock.h"
#include "fail.h"

const char *dgmi_json_member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

dgm_status dgmi_parcels_refuse(const dgmi_parcels *all, const char *reason,
                               dgm_error *err)
{
    dgmi_parcel parcel = { .reason = reason, .raw = all->text };
    return all->visit(all->user, &parcel, err);
}

dgm_status dgmi_parcels_load(const dgmi_parcels *all, json_t **root, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    /* A name that stands twice is bad manners, not bad JSON: the last one holds. */
    dgm_status status = dgmi_json_load(all->text, 0, root, &why);
    if (status == DGM_E_ARG)
        return dgmi_parcels_refuse(all, why.text, err);
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", why.text);
}

static dgm_status fill_item(dgmi_reading *r, dgmi_parcel_fill fill, const void *with,
                            dgm_error *err)
{
    if (!json_is_object(r->root))
        return dgmi_fail(err, DGM_E_ARG, "not a JSON object");
    dgm_status status = fill(r, with, err);
    return status == DGM_OK ? dgmi_keep_rest(r, err) : status;
}

dgm_status dgmi_parcels_give(const dgmi_parcels *all, json_t *value, bool whole,
                             dgmi_parcel_fill fill, const void *with, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgmi_reading r = { .root = value, .now = dgmi_wall_time() };
    char *dump = whole ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    dgmi_parcel parcel = { .raw = whole ? all->text : dgmi_str_of(dump) };
    r.item = dgmi_item_new();
    if (r.item == NULL || (!whole && dump == NULL)) {
        dgmi_item_free(r.item);
        free(dump);
        return dgmi_fail_memory(err);
    }
    dgm_status status = fill_item(&r, fill, with, &why);
    if (status == DGM_OK)
        parcel.item = r.item;
    else
        dgmi_item_free(r.item);
    parcel.reason = why.text;
    parcel.late_source = r.late_source;
    if (status == DGM_OK || status == DGM_E_ARG)
        status = all->visit(all->user, &parcel, err);
    else
        dgmi_fail(err, status, "%s", why.text);
    free(dump);
    return status;
}
