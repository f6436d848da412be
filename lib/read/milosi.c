/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MIL OSI text, and any other plain text: one item a file. Depends on reader.h. The marks
 * are lib/item's business, because they stand in feeds and in JSON just as well. */
#include "reader.h"

#include "fail.h"

dgm_status dgmi_read_milosi(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err)
{
    dgmi_buf text;
    dgmi_str bytes = { p, n };
    dgm_error why = DGM_ERROR_INIT;
    dgmi_buf_init(&text, (size_t)2 * DGMI_DOCUMENT_MAX);
    if (dgmi_to_utf8(&text, p, n, NULL, NULL, &why) != DGM_OK) {
        dgmi_buf_clear(&text);
        return dgmi_reject(source, sink, NULL, why.text, bytes, err);
    }
    dgm_status status = DGM_OK;
    if (dgmi_is_auto(source) && !dgmi_is_prose(text.p, text.n)) {
        status = dgmi_reject(source, sink, NULL, "no format knows it", bytes, err);
    } else {
        dgmi_item *item = dgmi_item_new();
        dgmi_delivery d = { source, sink, source->name, bytes, bytes, NULL, false };
        if (item != NULL)
            dgmi_item_add_text(item, dgmi_buf_str(&text));
        status = item != NULL ? dgmi_deliver(&d, item, err) : dgmi_fail_memory(err);
    }
    dgmi_buf_clear(&text);
    return status;
}
