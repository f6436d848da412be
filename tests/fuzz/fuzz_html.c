/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as the HTML of a body and of a title. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dgmi_str html = { (const char *)data, size };
    dgmi_item *item = dgmi_item_new();
    dgm_item *done = NULL;
    dgmi_buf title;
    if (item == NULL)
        return 0;
    dgmi_buf_init(&title, 1 << 24);
    dgmi_html_text(&title, html);
    fuzz_require(title.failed || dgmi_utf8_valid(title.p != NULL ? title.p : "", title.n),
                 "a title is UTF-8");
    dgmi_item_set(item, DGMI_TITLE, dgmi_buf_str(&title));
    dgmi_html_paragraphs(item, html);
    if (dgmi_item_prepare(item, data, size, NULL) != DGM_OK) {
        dgmi_item_free(item);
    } else if (dgmi_item_finish(item, &done, NULL) == DGM_OK) {
        fuzz_check_item(done);
        dgm_item_free(done);
    }
    dgmi_buf_clear(&title);
    return 0;
}
