/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as one JSON object, an item of the archive or of anybody. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dgmi_item *item = NULL;
    dgm_item *done = NULL;
    bool prepared = false;
    const char *p = size > 0 ? (const char *)data : "";
    if (dgmi_json_read_item(p, size, &item, &prepared, NULL) != DGM_OK)
        return 0;
    if (!prepared && dgmi_item_prepare(item, p, size, NULL) != DGM_OK) {
        dgmi_item_free(item);
        return 0;
    }
    if (dgmi_item_finish(item, &done, NULL) == DGM_OK)
        fuzz_check_item(done);
    dgm_item_free(done);
    return 0;
}
