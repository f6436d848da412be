/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cursors: a checked binary layout in base64url. Depends on lib/base, pins.h.
 *
 * The check sum keeps out what was cut, mixed up or made up. It is no secret: whoever
 * forges a cursor that passes gets an odd page, never more than a search may cost. */
#include "cursor.h"

#include <math.h>
#include <string.h>

#include "fail.h"
#include "hash.h"

enum {
    RELAXED = 1,
    INEXACT = 2,
    IN_HEAD = 4,
    HAS_NOW = 8,
    HAS_PLACE = 16,
    HAS_STEMS = 32
}; /* flags */
enum { VERSION = 5, CHECK = 8, BYTES_MAX = 8192, STEM_BYTES = 255 };

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void put_text(dgmi_buf *out, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        uint32_t three = (uint32_t)p[i] << 16;
        three |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
        three |= i + 2 < n ? p[i + 2] : 0;
        for (size_t k = 0; k < 4 && i + k <= n; k++)
            dgmi_buf_putc(out, digits[three >> (18 - 6 * k) & 63]);
    }
}

static int digit_of(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* False for a foreign character or bits that no writer leaves. */
static bool get_bytes(const char *text, dgmi_buf *out)
{
    uint32_t bits = 0;
    unsigned count = 0;
    for (; *text; text++) {
        int digit = digit_of(*text);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            dgmi_buf_putc(out, (char)(bits >> count & 0xff));
        }
    }
    return !out->failed && count < 6 && (bits & ((1u << count) - 1)) == 0;
}

static void put_score(dgmi_buf *out, double score)
{
    uint64_t bits;
    memcpy(&bits, &score, sizeof bits);
    dgmi_buf_put_u64be(out, bits);
}

static void put_pins(dgmi_buf *out, const dgmi_pins *pins)
{
    uint32_t last = 0;
    dgmi_buf_put_varint(out, pins->n);
    for (uint32_t i = 0; i < pins->n; i++) { /* sorted, so differences are small */
        dgmi_buf_put_varint(out, pins->list[i].key - last);
        dgmi_buf_put_varint(out, pins->list[i].value);
        last = pins->list[i].key;
    }
}

static void put_stems(dgmi_buf *out, const dgmi_cursor *c)
{
    dgmi_buf_put_varint(out, c->n_stems);
    for (uint32_t i = 0; i < c->n_stems; i++) {
        size_t n = strlen(c->stems[i]);
        dgmi_buf_put_varint(out, n);
        dgmi_buf_put(out, c->stems[i], n);
    }
}

void dgmi_cursor_write(dgmi_buf *out, const dgmi_cursor *c)
{
    dgmi_buf bytes;
    dgmi_buf_init(&bytes, 0);
    dgmi_buf_putc(&bytes, VERSION);
    dgmi_buf_putc(&bytes,
                  (char)((c->relaxed ? RELAXED : 0) | (c->inexact ? INEXACT : 0) |
                         (c->in_head ? IN_HEAD : 0) |
                         (c->now != DGM_NO_TIME ? HAS_NOW : 0) |
                         (c->place ? HAS_PLACE : 0) | (c->n_stems > 0 ? HAS_STEMS : 0)));
    dgmi_buf_put_u64be(&bytes, c->request);
    dgmi_buf_put_varint(&bytes, c->generation);
    dgmi_buf_put_varint(&bytes, c->commit);
    dgmi_buf_put_varint(&bytes, c->watermark);
    dgmi_buf_put_varint(&bytes, c->last_id);
    dgmi_buf_put_varint(&bytes, c->total);
    dgmi_buf_put_varint(&bytes, c->items);
    dgmi_buf_put_varint(&bytes, c->shown);
    put_score(&bytes, c->last.score);
    dgmi_buf_put_varint(&bytes, c->last.id);
    dgmi_buf_put(&bytes, c->last.order, DGMI_ORDER_SIZE);
    if (c->in_head) {
        put_score(&bytes, c->head.score);
        dgmi_buf_put_varint(&bytes, c->head.id);
    }
    if (c->now != DGM_NO_TIME)
        dgmi_buf_put_u64be(&bytes, (uint64_t)c->now);
    if (c->place)
        dgmi_buf_put_varint(&bytes, c->place);
    if (c->n_stems > 0)
        put_stems(&bytes, c);
    put_pins(&bytes, &c->pins);
    dgmi_buf_put_u64be(&bytes, dgmi_hash64(bytes.p, bytes.n));
    if (bytes.failed)
        out->failed = true;
    else
        put_text(out, (const unsigned char *)bytes.p, bytes.n);
    dgmi_buf_clear(&bytes);
}

/* ---- Reading: a slice that shrinks, and a flag that stays down ---- */

typedef struct input {
    const char *p, *end;
    bool ok;
} input;

static uint64_t get_u64(input *in)
{
    uint64_t v = 0;
    if (in->end - in->p < 8) {
        in->ok = false;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        v = v << 8 | (unsigned char)*in->p++;
    return v;
}

static uint64_t get_number(input *in, uint64_t most)
{
    uint64_t v = 0;
    if (!in->ok || !dgmi_get_varint(&in->p, in->end, &v) || v > most)
        in->ok = false;
    return in->ok ? v : 0;
}

static void get_rank(input *in, dgmi_key *key)
{
    uint64_t bits = get_u64(in);
    memcpy(&key->score, &bits, sizeof bits);
    key->id = (uint32_t)get_number(in, UINT32_MAX);
    in->ok = in->ok && isfinite(key->score);
}

static void get_key(input *in, dgmi_key *key)
{
    get_rank(in, key);
    if (!in->ok || in->end - in->p < DGMI_ORDER_SIZE) {
        in->ok = false;
        return;
    }
    memcpy(key->order, in->p, DGMI_ORDER_SIZE);
    in->p += DGMI_ORDER_SIZE;
}

static void get_pins(input *in, dgmi_arena *arena, dgmi_pins *pins)
{
    uint32_t n = (uint32_t)get_number(in, DGMI_PINS_MAX);
    uint64_t key = 0;
    pins->fixed = true;
    pins->list = dgmi_arena_array(arena, n + 1, sizeof *pins->list);
    pins->capacity = n + 1;
    for (uint32_t i = 0; in->ok && pins->list && i < n; i++) {
        key += get_number(in, UINT32_MAX);
        in->ok = in->ok && key <= UINT32_MAX;
        pins->list[pins->n++] =
            (dgmi_pin){ (uint32_t)key, (uint32_t)get_number(in, UINT32_MAX) };
    }
    in->ok = in->ok && pins->list;
}

static void get_stems(input *in, dgmi_arena *arena, dgmi_cursor *out)
{
    uint64_t count = get_number(in, DGMI_CURSOR_STEMS);
    while (in->ok && out->n_stems < count) {
        uint64_t n = get_number(in, STEM_BYTES);
        in->ok = in->ok && n > 0 && n <= (uint64_t)(in->end - in->p);
        const char *stem =
            in->ok ? dgmi_arena_str(arena, (dgmi_str){ in->p, (size_t)n }) : NULL;
        in->ok = stem != NULL;
        in->p += in->ok ? n : 0;
        out->stems[out->n_stems] = stem;
        out->n_stems += in->ok;
    }
}

static bool get_cursor(input *in, dgmi_arena *arena, dgmi_cursor *out)
{
    if (in->end - in->p < 2 || *in->p++ != VERSION)
        return false;
    unsigned flags = (unsigned char)*in->p++;
    out->relaxed = (flags & RELAXED) != 0;
    out->inexact = (flags & INEXACT) != 0;
    out->request = get_u64(in);
    out->generation = get_number(in, UINT64_MAX);
    out->commit = get_number(in, UINT64_MAX);
    out->watermark = get_number(in, UINT64_MAX);
    out->last_id = (uint32_t)get_number(in, UINT32_MAX);
    out->total = get_number(in, UINT32_MAX);
    out->items = get_number(in, UINT32_MAX);
    out->shown = (uint32_t)get_number(in, UINT32_MAX / 4);
    get_key(in, &out->last);
    out->in_head = (flags & IN_HEAD) != 0;
    if (out->in_head)
        get_rank(in, &out->head);
    out->now = flags & HAS_NOW ? (int64_t)get_u64(in) : DGM_NO_TIME;
    out->place = flags & HAS_PLACE ? get_number(in, UINT64_MAX) : 0;
    if (flags & HAS_STEMS)
        get_stems(in, arena, out);
    get_pins(in, arena, &out->pins);
    return in->ok && in->p == in->end;
}

static bool is_sound(const dgmi_buf *bytes)
{
    if (bytes->n <= CHECK)
        return false;
    input check = { bytes->p + bytes->n - CHECK, bytes->p + bytes->n, true };
    return get_u64(&check) == dgmi_hash64(bytes->p, bytes->n - CHECK);
}

dgm_status dgmi_cursor_read(const char *text, uint64_t request, dgmi_arena *arena,
                            dgmi_cursor *out, dgm_error *err)
{
    dgmi_buf bytes;
    memset(out, 0, sizeof *out);
    dgmi_buf_init(&bytes, BYTES_MAX);
    bool ok = get_bytes(text, &bytes) && is_sound(&bytes);
    if (ok) {
        input in = { bytes.p, bytes.p + bytes.n - CHECK, true };
        ok = get_cursor(&in, arena, out);
    }
    dgmi_buf_clear(&bytes);
    if (!ok)
        return dgmi_fail(err, DGM_E_ARG, "cursor: not one that was given out here");
    if (out->request != request)
        return dgmi_fail(err, DGM_E_ARG,
                         "cursor: it belongs to another request, or to one before "
                         "the synonyms of its words changed");
    return DGM_OK;
}
