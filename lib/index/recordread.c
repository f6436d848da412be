/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Laying a stored record open in place. Depends on recordlayout.h, zstd. */
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "recordlayout.h"

/* A cursor that latches its first fault. */
typedef struct cursor {
    const char *p, *end;
    bool bad;
} cursor;

static uint64_t get_number(cursor *in)
{
    uint64_t v = 0;
    if (!in->bad && !dgmi_get_varint(&in->p, in->end, &v))
        in->bad = true;
    return in->bad ? 0 : v;
}

static int64_t get_time(cursor *in)
{
    uint64_t bits = get_number(in);
    return (int64_t)(bits >> 1 ^ (bits & 1 ? UINT64_MAX : 0));
}

static unsigned get_byte(cursor *in)
{
    if (in->bad || in->p == in->end) {
        in->bad = true;
        return 0;
    }
    return (unsigned char)*in->p++;
}

static uint64_t get_u64(cursor *in)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | get_byte(in);
    return v;
}

static const char *get_string(cursor *in)
{
    uint64_t n = get_number(in); /* with its NUL */
    if (in->bad || n == 0)
        return NULL;
    if (n > (uint64_t)(in->end - in->p) || in->p[n - 1] != '\0') {
        in->bad = true;
        return NULL;
    }
    const char *s = in->p;
    in->p += n;
    return s;
}

/* A count of things that take at least `least` bytes each, so that a forged one cannot
 * ask for more memory than a small multiple of what is there. */
static size_t get_count(cursor *in, size_t least)
{
    uint64_t n = get_number(in);
    if (n > (uint64_t)(in->end - in->p) / least)
        in->bad = true;
    return in->bad ? 0 : (size_t)n;
}

static uint32_t get_index(cursor *in, size_t most)
{
    uint64_t n = get_number(in);
    if (n > most)
        in->bad = true;
    return in->bad ? 0 : (uint32_t)n;
}

/* One block for all arrays of the record, widest elements first. */
static char *arrays_for(dgmi_codec *c, const dgm_item *item, size_t digests)
{
    size_t need = (item->n_topics + item->n_names + item->n_warnings) * sizeof(char *) +
                  item->n_evidence * sizeof(dgm_evidence) +
                  item->n_turns * sizeof(dgm_turn) + item->n_asides * sizeof(dgm_aside) +
                  2 * digests * sizeof(uint64_t) + item->n_paragraphs * sizeof(uint32_t) +
                  1;
    bool spare = c->arrays_size > DGMI_RECORD_SMALL && need < DGMI_RECORD_SMALL;
    if (need <= c->arrays_size && !spare)
        return c->arrays;
    free(c->arrays);
    c->arrays = malloc(need);
    c->arrays_size = c->arrays ? need : 0;
    return c->arrays;
}

/* DGMI_RECORD_LAYOUT, flags and counts. */
static void get_counts(cursor *in, dgmi_record *out)
{
    dgm_item *item = &out->item;
    unsigned layout = get_byte(in), flags = get_byte(in);
    if (layout != DGMI_RECORD_LAYOUT || flags >> DGMI_STATUS_SHIFT > DGM_CANCELED)
        in->bad = true;
    item->title_derived = flags & DGMI_FLAG_DERIVED;
    item->translated = flags & DGMI_FLAG_TRANSLATED;
    item->status = (dgm_item_status)(flags >> DGMI_STATUS_SHIFT);
    item->n_topics = get_count(in, 1);
    item->n_names = get_count(in, 1);
    item->n_turns = get_count(in, 4);
    item->n_asides = get_count(in, 3);
    item->n_evidence = get_count(in, 7);
    item->n_warnings = get_count(in, 1);
    item->n_paragraphs = get_count(in, 1);
    out->stored.n_digests = (uint32_t)get_count(in, 9);
    if (out->stored.n_digests > DGMI_DIGESTS_MAX)
        in->bad = true;
}

static const char **get_list(cursor *in, char **room, size_t n)
{
    const char **list = (const char **)(void *)*room;
    *room += n * sizeof *list;
    for (size_t i = 0; i < n; i++) {
        list[i] = get_string(in);
        if (!list[i])
            in->bad = true;
    }
    return list;
}

static const dgm_turn *get_turns(cursor *in, char **room, const dgm_item *item)
{
    dgm_turn *turns = (dgm_turn *)(void *)*room;
    *room += item->n_turns * sizeof *turns;
    for (size_t i = 0; i < item->n_turns; i++) {
        unsigned role = get_byte(in);
        turns[i].role = role == DGM_ANSWER ? DGM_ANSWER : DGM_QUESTION;
        turns[i].speaker = get_string(in);
        turns[i].from = get_index(in, item->n_paragraphs);
        turns[i].to = get_index(in, item->n_paragraphs);
        if (role > DGM_ANSWER || turns[i].from > turns[i].to)
            in->bad = true;
    }
    return turns;
}

static const dgm_aside *get_asides(cursor *in, char **room, const dgm_item *item)
{
    dgm_aside *asides = (dgm_aside *)(void *)*room;
    *room += item->n_asides * sizeof *asides;
    for (size_t i = 0; i < item->n_asides; i++) {
        asides[i].kind = get_string(in);
        asides[i].text = get_string(in);
        asides[i].before = get_index(in, item->n_paragraphs);
        if (!asides[i].kind || !asides[i].text)
            in->bad = true;
    }
    return asides;
}

/* A string that has to be there. */
static const char *get_text_of(cursor *in)
{
    const char *s = get_string(in);
    if (!s)
        in->bad = true;
    return s;
}

static const dgm_evidence *get_evidence(cursor *in, char **room, const dgm_item *item)
{
    dgm_evidence *list = (dgm_evidence *)(void *)*room;
    *room += item->n_evidence * sizeof *list;
    for (size_t i = 0; i < item->n_evidence; i++) {
        list[i].field = get_text_of(in);
        list[i].value = get_text_of(in);
        list[i].text = get_text_of(in);
        list[i].rule = get_text_of(in);
        list[i].where = get_text_of(in);
        list[i].from = get_index(in, UINT32_MAX);
        list[i].to = get_index(in, UINT32_MAX);
    }
    return list;
}

/* Paragraph lengths become starts; the text must end exactly where the record does. */
static void get_text(cursor *in, char *room, dgmi_record *out)
{
    uint32_t *starts = (uint32_t *)(void *)room;
    uint64_t at = 0;
    for (size_t i = 0; i < out->item.n_paragraphs; i++) {
        at += i > 0 ? 2 : 0;
        starts[i] = (uint32_t)at;
        at += get_index(in, (size_t)(in->end - in->p));
        if (at > DGMI_RECORD_MOST)
            in->bad = true;
        if (in->bad)
            return;
    }
    if (in->bad || (uint64_t)(in->end - in->p) != at + 1 || in->p[at] != '\0') {
        in->bad = true;
        return;
    }
    out->starts = starts;
    out->text = in->p;
    out->text_n = (size_t)at;
}

/* Fills out from the layout in c->raw. NOMEM or CORRUPT without a text. */
static dgm_status lay_open(dgmi_codec *c, dgmi_record *out)
{
    cursor in = { c->raw.p, c->raw.p + c->raw.n, false };
    get_counts(&in, out);
    if (in.bad)
        return DGM_E_CORRUPT;
    char *room = arrays_for(c, &out->item, out->stored.n_digests);
    if (!room)
        return DGM_E_NOMEM;
    out->item.published = get_time(&in);
    out->item.updated = get_time(&in);
    out->item.fetched = get_time(&in);
    out->item.embargo = get_time(&in);
    out->stored.first_seen = get_number(&in);
    out->stored.at = get_number(&in);
    uint64_t *digests = (uint64_t *)(void *)room;
    room += out->stored.n_digests * sizeof *digests;
    for (uint32_t i = 0; i < out->stored.n_digests; i++)
        digests[i] = get_u64(&in);
    uint64_t *places = (uint64_t *)(void *)room;
    room += out->stored.n_digests * sizeof *places;
    for (uint32_t i = 0; i < out->stored.n_digests; i++)
        places[i] = get_number(&in);
    out->stored.digests = digests;
    out->stored.places = places;
    for (size_t i = 0; i < DGMI_RECORD_STRINGS; i++)
        *dgmi_record_string(&out->item, i) = get_string(&in);
    out->item.topics = get_list(&in, &room, out->item.n_topics);
    out->item.names = get_list(&in, &room, out->item.n_names);
    out->item.turns = get_turns(&in, &room, &out->item);
    out->item.asides = get_asides(&in, &room, &out->item);
    out->item.evidence = get_evidence(&in, &room, &out->item);
    out->item.warnings = get_list(&in, &room, out->item.n_warnings);
    get_text(&in, room, out);
    return in.bad || !out->item.id ? DGM_E_CORRUPT : DGM_OK;
}

static dgm_status unpack(dgmi_codec *c, const char *p, size_t n)
{
    dgmi_codec_empty(c);
    unsigned long long size = ZSTD_getFrameContentSize(p, n);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > DGMI_RECORD_MOST)
        return DGM_E_CORRUPT;
    char *to = dgmi_buf_room(&c->raw, (size_t)size);
    if (!to)
        return DGM_E_NOMEM;
    size_t got = ZSTD_decompressDCtx(c->unpack, to, (size_t)size, p, n);
    if (ZSTD_isError(got) || got != size)
        return DGM_E_CORRUPT;
    c->raw.n = got;
    return DGM_OK;
}

dgm_status dgmi_record_decode(dgmi_codec *c, const char *p, size_t n, dgmi_record *out,
                              dgm_error *err)
{
    memset(out, 0, sizeof *out);
    dgm_status status = unpack(c, p, n);
    if (status == DGM_OK)
        status = lay_open(c, out);
    if (status == DGM_OK)
        return DGM_OK;
    memset(out, 0, sizeof *out);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    return dgmi_fail(err, status, "a stored record is damaged: run `dragoman reindex`");
}
