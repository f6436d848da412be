/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a pushed object is, before it is read. Depends on jansson, item_read.h. */
#include <string.h>

#include "fail.h"
#include "item_read.h"

static bool has_text(const json_t *object, const char *const *names)
{
    for (; *names != NULL; names++) {
        dgmi_str text = dgmi_str_of(json_string_value(json_object_get(object, *names)));
        if (dgmi_str_trim(text).n > 0)
            return true;
    }
    return false;
}

dgm_status dgmi_ninjs_peek(dgmi_str text, dgmi_peeked *out, dgm_error *err)
{
    static const char *const ids[] = { "guid", "uri", "_id", NULL };
    static const char *const words[] = { "headline",         "title",
                                         "body_html",        "body_text",
                                         "body_xhtml",       "description_html",
                                         "description_text", NULL };
    json_t *root = NULL;
    memset(out, 0, sizeof *out);
    dgm_status status = dgmi_json_load(text, JSON_REJECT_DUPLICATES, &root, err);
    if (status != DGM_OK)
        return status;
    const char *type = json_string_value(json_object_get(root, "type"));
    const char *state = json_string_value(json_object_get(root, "pubstatus"));
    out->has_id = has_text(root, ids);
    out->has_type = type != NULL && *type != '\0';
    out->is_text = out->has_type && strcmp(type, "text") == 0;
    out->has_words =
        has_text(root, words) || (state != NULL && strcmp(state, "usable") != 0);
    json_decref(root);
    return DGM_OK;
}
