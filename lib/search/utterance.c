/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the places of an utterance to its text. The text is tokenized again, as it was
 * when it was indexed. Depends on lib/index, lib/item, lib/text, lib/xapian. */
#include "utterance.h"

#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "quotes.h"
#include "schema.h"
#include "spoken.h"
#include "tokens.h"

static dgmi_str paragraph_of(const dgmi_record *r, uint32_t i)
{
    const char *text = r->text + r->starts[i];
    size_t n = i + 1 < r->item.n_paragraphs ? r->starts[i + 1] - r->starts[i] - 2
                                            : r->text_n - r->starts[i];
    return (dgmi_str){ text, n };
}

/* The bytes of places from..to; the paragraph that they begin in. */
static bool find_bytes(const dgmi_record *r, uint32_t from, uint32_t to,
                       dgmi_said_span *out, uint32_t *paragraph)
{
    dgmi_tokens tokens;
    dgmi_token token;
    bool found = false;
    uint32_t position = dgmi_body_position(r->item.title);
    for (uint32_t i = 0; i < r->item.n_paragraphs && position <= to; i++) {
        dgmi_str text = paragraph_of(r, i);
        dgmi_tokens_init(&tokens, text.p, text.n, position);
        while (dgmi_tokens_next(&tokens, &token) && token.position <= to) {
            if (token.position < from)
                continue;
            if (!found) {
                out->from = r->starts[i] + token.from;
                *paragraph = i;
            }
            found = true;
            out->to = r->starts[i] + token.to;
        }
        position = tokens.position + DGMI_PARAGRAPH_GAP;
    }
    return found;
}

static void set_turn(const dgmi_record *r, uint32_t paragraph, dgm_turn *out)
{
    for (size_t i = 0; i < r->item.n_turns; i++) {
        const dgm_turn *turn = &r->item.turns[i];
        if (turn->from <= paragraph && paragraph < turn->to)
            *out = *turn;
    }
}

/* Who is quoted is found anew, from the first paragraph on: "he said" goes on with
 * whoever spoke before. */
static dgmi_str quoted_at(const dgmi_record *r, uint32_t paragraph, size_t at)
{
    dgmi_quoter quoter = { .last = { NULL, 0 } };
    dgmi_quote quotes[DGMI_QUOTES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i <= paragraph; i++)
        n = dgmi_quotes_find(&quoter, paragraph_of(r, i), quotes);
    at -= r->starts[paragraph];
    for (size_t i = 0; i < n; i++) {
        if (quotes[i].from <= at && at < quotes[i].to)
            return quotes[i].speaker;
    }
    return (dgmi_str){ NULL, 0 };
}

/* The text around the first and the last word, to the end of the sentence or its marks.
 */
static void widen(const dgmi_record *r, dgmi_said_span *span)
{
    while (span->to < r->text_n && strchr(".,;:!?", r->text[span->to]) &&
           r->text[span->to])
        span->to++;
}

dgm_status dgmi_utterance_find(const dgmi_index *index, dgmi_arena *arena,
                               const dgmi_utterances *asked, dgmx_docid id,
                               const dgmi_record *record, dgmi_said_span *out,
                               bool *found, dgm_error *err)
{
    dgmx_found_region region;
    dgm_status status = DGM_E_NOTFOUND;
    uint32_t paragraph = 0;
    *found = false;
    *out = (dgmi_said_span){ .from = 0 };
    for (size_t i = 0; i < asked->n && status == DGM_E_NOTFOUND; i++) {
        dgmi_error_clear(err);
        status = dgmx_within_find(index->db, asked->list[i].within, id, &region, err);
        if (status != DGM_OK ||
            !find_bytes(record, region.from, region.to, out, &paragraph))
            continue;
        dgmi_speech speech = asked->list[i].speech[region.kind];
        *found = true;
        set_turn(record, paragraph, &out->turn);
        dgmi_str name = dgmi_str_of(out->turn.speaker ? out->turn.speaker : "");
        if (speech == DGMI_SPEECH_QUOTATION) {
            out->turn = (dgm_turn){ .role = DGM_QUOTATION,
                                    .from = paragraph,
                                    .to = paragraph + 1 };
            name = quoted_at(record, paragraph, out->from);
        }
        out->turn.speaker = name.n > 0 ? dgmi_arena_str(arena, name) : NULL;
        if (name.n > 0 && !out->turn.speaker)
            status = dgmi_fail_memory(err);
        widen(record, out);
    }
    if (status == DGM_E_NOTFOUND) {
        dgmi_error_clear(err);
        return DGM_OK;
    }
    return status;
}
