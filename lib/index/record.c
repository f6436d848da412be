/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a stored record: one flat layout, front to back, compressed. Depends on
 * recordlayout.h, zstd. */
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "recordlayout.h"

enum { LEVEL = 3 };

/* Where each string of an item is, in the order of the layout. */
static const size_t strings[] = { offsetof(dgm_item, id),
                                  offsetof(dgm_item, version),
                                  offsetof(dgm_item, title),
                                  offsetof(dgm_item, region),
                                  offsetof(dgm_item, country),
                                  offsetof(dgm_item, source),
                                  offsetof(dgm_item, provider),
                                  offsetof(dgm_item, agency),
                                  offsetof(dgm_item, author),
                                  offsetof(dgm_item, language),
                                  offsetof(dgm_item, original_language),
                                  offsetof(dgm_item, url),
                                  offsetof(dgm_item, evolved_from),
                                  offsetof(dgm_item, translation_of),
                                  offsetof(dgm_item, extra),
                                  offsetof(dgm_item, sha256) };
_Static_assert(sizeof strings / sizeof strings[0] == DGMI_RECORD_STRINGS,
               "as many strings as the header says");

const char **dgmi_record_string(dgm_item *item, size_t i)
{
    return (const char **)(void *)((char *)item + strings[i]);
}

const char *dgmi_record_string_in(const dgm_item *item, size_t i)
{
    return *(const char *const *)(const void *)((const char *)item + strings[i]);
}

dgmi_codec *dgmi_codec_new(void)
{
    dgmi_codec *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    dgmi_buf_init(&c->raw, DGMI_RECORD_MOST);
    c->unpack = ZSTD_createDCtx();
    c->pack = ZSTD_createCCtx();
    if (!c->unpack || !c->pack ||
        ZSTD_isError(ZSTD_CCtx_setParameter(c->pack, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(c->pack, ZSTD_c_checksumFlag, 1))) {
        dgmi_codec_free(c);
        return NULL;
    }
    return c;
}

void dgmi_codec_free(dgmi_codec *c)
{
    if (!c)
        return;
    ZSTD_freeCCtx(c->pack);
    ZSTD_freeDCtx(c->unpack);
    dgmi_buf_clear(&c->raw);
    free(c->arrays);
    free(c);
}

void dgmi_codec_empty(dgmi_codec *c)
{
    if (c->raw.capacity > DGMI_RECORD_SMALL)
        dgmi_buf_clear(&c->raw);
    else
        dgmi_buf_reset(&c->raw);
}

static void put_string(dgmi_buf *out, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    dgmi_buf_put_varint(out, s ? n + 1 : 0);
    if (s)
        dgmi_buf_put(out, s, n + 1);
}

static void put_time(dgmi_buf *out, int64_t time)
{
    uint64_t bits = (uint64_t)time;
    dgmi_buf_put_varint(out, bits << 1 ^ (time < 0 ? UINT64_MAX : 0));
}

static void put_head(dgmi_buf *out, const dgm_item *item, const dgmi_stored *stored)
{
    unsigned flags = (item->title_derived ? DGMI_FLAG_DERIVED : 0u) |
                     (item->translated ? DGMI_FLAG_TRANSLATED : 0u) |
                     (unsigned)item->status << DGMI_STATUS_SHIFT;
    dgmi_buf_putc(out, DGMI_RECORD_LAYOUT);
    dgmi_buf_putc(out, (char)flags);
    dgmi_buf_put_varint(out, item->n_topics);
    dgmi_buf_put_varint(out, item->n_names);
    dgmi_buf_put_varint(out, item->n_turns);
    dgmi_buf_put_varint(out, item->n_asides);
    dgmi_buf_put_varint(out, item->n_evidence);
    dgmi_buf_put_varint(out, item->n_warnings);
    dgmi_buf_put_varint(out, item->n_paragraphs);
    dgmi_buf_put_varint(out, stored->n_digests);
    put_time(out, item->published);
    put_time(out, item->updated);
    put_time(out, item->fetched);
    put_time(out, item->embargo);
    dgmi_buf_put_varint(out, stored->first_seen);
    dgmi_buf_put_varint(out, stored->at);
    for (uint32_t i = 0; i < stored->n_digests; i++)
        dgmi_buf_put_u64be(out, stored->digests[i]);
    for (uint32_t i = 0; i < stored->n_digests; i++)
        dgmi_buf_put_varint(out, stored->places[i]);
}

static void put_lists(dgmi_buf *out, const dgm_item *item)
{
    for (size_t i = 0; i < item->n_topics; i++)
        put_string(out, item->topics[i]);
    for (size_t i = 0; i < item->n_names; i++)
        put_string(out, item->names[i]);
    for (size_t i = 0; i < item->n_turns; i++) {
        dgmi_buf_putc(out, (char)item->turns[i].role);
        put_string(out, item->turns[i].speaker);
        dgmi_buf_put_varint(out, item->turns[i].from);
        dgmi_buf_put_varint(out, item->turns[i].to);
    }
    for (size_t i = 0; i < item->n_asides; i++) {
        put_string(out, item->asides[i].kind);
        put_string(out, item->asides[i].text);
        dgmi_buf_put_varint(out, item->asides[i].before);
    }
}

static void put_evidence(dgmi_buf *out, const dgm_item *item)
{
    for (size_t i = 0; i < item->n_evidence; i++) {
        const dgm_evidence *e = &item->evidence[i];
        put_string(out, e->field);
        put_string(out, e->value);
        put_string(out, e->text);
        put_string(out, e->rule);
        put_string(out, e->where);
        dgmi_buf_put_varint(out, e->from);
        dgmi_buf_put_varint(out, e->to);
    }
    for (size_t i = 0; i < item->n_warnings; i++)
        put_string(out, item->warnings[i]);
}

static void put_text(dgmi_buf *out, const dgm_item *item)
{
    for (size_t i = 0; i < item->n_paragraphs; i++)
        dgmi_buf_put_varint(out, strlen(item->paragraphs[i]));
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        dgmi_buf_puts(out, i > 0 ? "\n\n" : "");
        dgmi_buf_puts(out, item->paragraphs[i]);
    }
    dgmi_buf_putc(out, '\0');
}

dgm_status dgmi_record_encode(dgmi_codec *c, const dgm_item *item,
                              const dgmi_stored *stored, dgmi_buf *out, dgm_error *err)
{
    if (stored->n_digests > DGMI_DIGESTS_MAX || item->n_paragraphs > UINT32_MAX)
        return dgmi_fail(err, DGM_E_ARG,
                         "item %s: more versions or paragraphs than a record holds",
                         item->id);
    dgmi_codec_empty(c);
    put_head(&c->raw, item, stored);
    for (size_t i = 0; i < DGMI_RECORD_STRINGS; i++)
        put_string(&c->raw, dgmi_record_string_in(item, i));
    put_lists(&c->raw, item);
    put_evidence(&c->raw, item);
    put_text(&c->raw, item);
    if (c->raw.failed)
        return dgmi_fail_memory(err);
    size_t most = ZSTD_compressBound(c->raw.n);
    char *to = dgmi_buf_room(out, most);
    if (!to)
        return dgmi_fail_memory(err);
    size_t n = ZSTD_compress2(c->pack, to, most, c->raw.p, c->raw.n);
    if (ZSTD_isError(n))
        return dgmi_fail(err, DGM_E_INTERNAL, "item %s: %s", item->id,
                         ZSTD_getErrorName(n));
    out->n += n;
    return DGM_OK;
}
