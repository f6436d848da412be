/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stored record: one flat layout, written front to back and laid open in place.
 * Depends on lib/base, lib/item (for copies that stand alone) and zstd. */
#include "record.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "arena.h"
#include "fail.h"
#include "item.h"

/* Layout before compression; numbers are LEB128, strings are length + 1 (0: NULL), bytes,
 * NUL: LAYOUT, flags, eight counts, four times (zigzag), first_seen, at, digests (8
 * bytes each), as many places, the strings of `strings` below, topics, names, turns,
 * asides, evidence, warnings, paragraph lengths, the text with "\n\n" between paragraphs,
 * NUL. */
enum {
    LAYOUT = 2,
    LEVEL = 3,
    SMALL = 1 << 20, /* a buffer larger than this is given back once it is not needed */
    RAW_MAX = 128 << 20
};

enum { FLAG_DERIVED = 1, FLAG_TRANSLATED = 2, STATUS_SHIFT = 2 };

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
enum { N_STRINGS = sizeof strings / sizeof strings[0] };

static const char **string_of(dgm_item *item, size_t i)
{
    return (const char **)(void *)((char *)item + strings[i]);
}

static const char *string_in(const dgm_item *item, size_t i)
{
    return *(const char *const *)(const void *)((const char *)item + strings[i]);
}

struct dgmi_codec {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
    dgmi_buf raw; /* the layout, to be compressed or laid open */
    char *arrays; /* of the record laid open */
    size_t arrays_size;
};

dgmi_codec *dgmi_codec_new(void)
{
    dgmi_codec *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    dgmi_buf_init(&c->raw, RAW_MAX);
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

/* One huge item must not pin its memory for good. */
static void empty_raw(dgmi_codec *c)
{
    if (c->raw.capacity > SMALL)
        dgmi_buf_clear(&c->raw);
    else
        dgmi_buf_reset(&c->raw);
}

/* ---- Writing ---- */

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
    unsigned flags = (item->title_derived ? FLAG_DERIVED : 0u) |
                     (item->translated ? FLAG_TRANSLATED : 0u) |
                     (unsigned)item->status << STATUS_SHIFT;
    dgmi_buf_putc(out, LAYOUT);
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
    empty_raw(c);
    put_head(&c->raw, item, stored);
    for (size_t i = 0; i < N_STRINGS; i++)
        put_string(&c->raw, string_in(item, i));
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

/* ---- Reading: a cursor that latches its first fault ---- */

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
    bool spare = c->arrays_size > SMALL && need < SMALL;
    if (need <= c->arrays_size && !spare)
        return c->arrays;
    free(c->arrays);
    c->arrays = malloc(need);
    c->arrays_size = c->arrays ? need : 0;
    return c->arrays;
}

/* LAYOUT, flags and counts. */
static void get_counts(cursor *in, dgmi_record *out)
{
    dgm_item *item = &out->item;
    unsigned layout = get_byte(in), flags = get_byte(in);
    if (layout != LAYOUT || flags >> STATUS_SHIFT > DGM_CANCELED)
        in->bad = true;
    item->title_derived = flags & FLAG_DERIVED;
    item->translated = flags & FLAG_TRANSLATED;
    item->status = (dgm_item_status)(flags >> STATUS_SHIFT);
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
        if (at > RAW_MAX)
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
    for (size_t i = 0; i < N_STRINGS; i++)
        *string_of(&out->item, i) = get_string(&in);
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
    empty_raw(c);
    unsigned long long size = ZSTD_getFrameContentSize(p, n);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > RAW_MAX)
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

/* ---- A copy that stands alone ---- */

static const char *const *copy_list(dgmi_arena *arena, const char *const *list, size_t n)
{
    const char **copy = dgmi_arena_array(arena, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        copy[i] = dgmi_arena_dup(arena, list[i]);
        if (!copy[i])
            return NULL;
    }
    return copy;
}

static const char *const *copy_paragraphs(dgmi_arena *arena, const dgmi_record *from)
{
    size_t n = from->item.n_paragraphs;
    const char **copy = dgmi_arena_array(arena, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        size_t end = i + 1 < n ? from->starts[i + 1] - 2 : from->text_n;
        dgmi_str text = { from->text + from->starts[i], end - from->starts[i] };
        copy[i] = dgmi_arena_str(arena, text);
        if (!copy[i])
            return NULL;
    }
    return copy;
}

static const dgm_turn *copy_turns(dgmi_arena *arena, const dgm_item *from)
{
    dgm_turn *copy = dgmi_arena_array(arena, from->n_turns, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_turns; i++) {
        copy[i] = from->turns[i];
        copy[i].speaker = dgmi_arena_dup(arena, from->turns[i].speaker);
        if (from->turns[i].speaker && !copy[i].speaker)
            return NULL;
    }
    return copy;
}

static const dgm_aside *copy_asides(dgmi_arena *arena, const dgm_item *from)
{
    dgm_aside *copy = dgmi_arena_array(arena, from->n_asides, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_asides; i++) {
        copy[i].before = from->asides[i].before;
        copy[i].kind = dgmi_arena_dup(arena, from->asides[i].kind);
        copy[i].text = dgmi_arena_dup(arena, from->asides[i].text);
        if (!copy[i].kind || !copy[i].text)
            return NULL;
    }
    return copy;
}

static const dgm_evidence *copy_evidence(dgmi_arena *arena, const dgm_item *from)
{
    dgm_evidence *copy = dgmi_arena_array(arena, from->n_evidence, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_evidence; i++) {
        const dgm_evidence *e = &from->evidence[i];
        copy[i] = (dgm_evidence){ dgmi_arena_dup(arena, e->field),
                                  dgmi_arena_dup(arena, e->value),
                                  dgmi_arena_dup(arena, e->text),
                                  dgmi_arena_dup(arena, e->rule),
                                  dgmi_arena_dup(arena, e->where),
                                  e->from,
                                  e->to };
        if (!copy[i].field || !copy[i].value || !copy[i].text || !copy[i].rule ||
            !copy[i].where)
            return NULL;
    }
    return copy;
}

static bool copy_all(dgmi_arena *arena, const dgmi_record *record, dgm_item *to)
{
    const dgm_item *from = &record->item;
    *to = *from;
    for (size_t i = 0; i < N_STRINGS; i++) {
        *string_of(to, i) = dgmi_arena_dup(arena, string_in(from, i));
        if (string_in(from, i) && !string_in(to, i))
            return false;
    }
    to->topics = copy_list(arena, from->topics, from->n_topics);
    to->names = copy_list(arena, from->names, from->n_names);
    to->paragraphs = copy_paragraphs(arena, record);
    to->turns = copy_turns(arena, from);
    to->asides = copy_asides(arena, from);
    to->evidence = copy_evidence(arena, from);
    to->warnings = copy_list(arena, from->warnings, from->n_warnings);
    return to->topics && to->names && to->paragraphs && to->turns && to->asides &&
           to->evidence && to->warnings;
}

dgm_status dgmi_record_item(const dgmi_record *record, dgm_item **out, dgm_error *err)
{
    *out = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_item *item = arena ? dgmi_item_in_arena(arena) : NULL;
    if (!item || !copy_all(arena, record, item)) {
        dgmi_arena_free(arena);
        return dgmi_fail_memory(err);
    }
    *out = item;
    return DGM_OK;
}
