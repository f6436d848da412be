/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For tests of topics: their files, and which items a search finds. */
#ifndef TEST_TAGGING_TOPICS_H
#define TEST_TAGGING_TOPICS_H

#include "searching.h"

#include "topicfile.h"

static UNUSED_FN void write_topic(const char *data, const char *name, const char *text)
{
    char file[64];
    char *folder = dgmi_path_join(data, DGMI_TOPICS_FOLDER);
    snprintf(file, sizeof file, "%s.topic", name);
    char *path = dgmi_path_join(folder, file);
    OK(dgmi_make_dirs(folder, err));
    OK(dgmi_file_replace(path, text, strlen(text), err));
    free(folder);
    free(path);
}

/* The ids of all items, in alphabetical order, that a search by one parameter finds. */
static UNUSED_FN char *all_ids(dgm *desk, const char *name, const char *value)
{
    dgmi_buf out;
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    dgm_request *r = request_of(PAIRS("exact", "1", "synonyms", "0"));
    OK(dgm_request_set(r, name, value, err));
    OK(dgm_scan_open(r, 0, &scan, err));
    dgmi_buf_init(&out, 0);
    while (dgm_scan_next(scan, desk, &item, NULL) == DGM_OK) {
        dgmi_buf_printf(&out, "%s ", item->id);
        dgm_item_free(item);
    }
    dgm_scan_close(scan);
    dgmi_buf_puts(&out, "");
    char *text = dgmi_buf_take(&out), *list = sorted(text);
    free(text);
    return list;
}

#endif
