/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How words of the index, which are folded, are written. Depends on lib/index, lib/text.
 */
#include "spelling.h"

#include <string.h>

#include "tokens.h"

static bool is_ascii(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    }
    return true;
}

/* The first place in a text that folds to word. */
static bool find_word(const char *text, size_t n, const char *word, dgmi_str *out)
{
    dgmi_tokens walk;
    dgmi_token token;
    dgmi_tokens_init(&walk, text, n, 1);
    while (dgmi_tokens_next(&walk, &token)) {
        *out = (dgmi_str){ text + token.from, token.to - token.from };
        if (dgmi_str_eq((dgmi_str){ token.text, token.n }, word))
            return true;
    }
    return false;
}

static bool read_record(dgm *desk, dgmx_doc *doc, dgmi_record *record)
{
    dgmx_bytes data;
    return dgmx_doc_data(doc, &data, NULL) == DGM_OK &&
           dgmi_record_decode(desk->codec, data.p, data.n, record, NULL) == DGM_OK;
}

const char *dgmi_spelling(dgm *desk, dgmx_docid id, const char *word, dgmi_arena *arena)
{
    dgmx_doc *doc = NULL;
    dgmi_record record;
    dgmi_str written;
    const char *made = NULL;
    if (!is_ascii(dgmi_str_of(word)) ||
        dgmx_doc_get(desk->index->db, id, &doc, NULL) != DGM_OK)
        return word;
    if (read_record(desk, doc, &record)) {
        const char *title = record.item.title ? record.item.title : "";
        bool found = find_word(title, strlen(title), word, &written) ||
                     find_word(record.text, record.text_n, word, &written);
        if (found && !is_ascii(written))
            made = dgmi_arena_str(arena, written);
    }
    dgmx_doc_free(doc);
    return made ? made : word;
}
