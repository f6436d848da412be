/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling versions of an item apart: a digest of what can be seen, and which is newer.
 * Depends on lib/base. */
#include "item.h"

#include <string.h>

#include "hash.h"

/* Each part is hashed with what came before it, so that text moved from one part to the
 * next gives another digest. */
static uint64_t mix(uint64_t seed, const void *bytes, size_t n)
{
    uint64_t pair[3] = { seed, n, dgmi_hash64(bytes, n) };
    return dgmi_hash64(pair, sizeof pair);
}

static uint64_t mix_text(uint64_t seed, const char *text)
{
    return text == NULL ? mix(seed, "none", 4) ^ 1 : mix(seed, text, strlen(text));
}

static uint64_t mix_number(uint64_t seed, int64_t number)
{
    return mix(seed, &number, sizeof number);
}

static uint64_t mix_texts(uint64_t seed, const char *const *texts, size_t n)
{
    seed = mix_number(seed, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        seed = mix_text(seed, texts[i]);
    return seed;
}

static uint64_t mix_fields(uint64_t h, const dgm_item *item)
{
    const char *const fields[] = {
        item->id,           item->version,        item->title,
        item->region,       item->country,        item->source,
        item->provider,     item->agency,         item->author,
        item->url,          item->language,       item->original_language,
        item->evolved_from, item->translation_of, item->extra,
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        h = mix_text(h, fields[i]);
    h = mix_number(h, item->published);
    h = mix_number(h, item->updated);
    if (item->embargo != DGM_NO_TIME)
        h = mix_number(h, item->embargo);
    return mix_number(h, item->title_derived | item->translated << 1 |
                             (int)item->status << 2);
}

uint64_t dgmi_item_digest(const dgm_item *item)
{
    uint64_t h = mix_fields(0, item);
    h = mix_texts(h, item->paragraphs, item->n_paragraphs);
    h = mix_texts(h, item->topics, item->n_topics);
    h = mix_texts(h, item->names, item->n_names);
    h = mix_number(h, (int64_t)item->n_turns);
    for (size_t i = 0; i < item->n_turns; i++) {
        const dgm_turn *turn = &item->turns[i];
        h = mix_text(h, turn->speaker);
        h = mix_number(h, (int64_t)turn->role);
        h = mix_number(h, (int64_t)turn->from << 32 | turn->to);
    }
    h = mix_number(h, (int64_t)item->n_asides);
    for (size_t i = 0; i < item->n_asides; i++) {
        h = mix_text(h, item->asides[i].kind);
        h = mix_text(h, item->asides[i].text);
        h = mix_number(h, item->asides[i].before);
    }
    return h;
}

static bool all_digits(const char *s)
{
    return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

static int sign(int v)
{
    return (v > 0) - (v < 0);
}

static int compare_marks(const char *a, const char *b)
{
    bool number = all_digits(a), other = all_digits(b);
    if (number != other)
        return number ? -1 : 1;
    if (!number)
        return sign(strcmp(a, b));
    a += strspn(a, "0");
    b += strspn(b, "0");
    size_t na = strlen(a), nb = strlen(b);
    return na != nb ? (na > nb) - (na < nb) : sign(strcmp(a, b));
}

/* 0 unless both times are known. */
static int compare_times(int64_t a, int64_t b)
{
    return a == DGM_NO_TIME || b == DGM_NO_TIME ? 0 : (a > b) - (a < b);
}

static bool is_kill(const dgm_item *item)
{
    return item->status == DGM_CANCELED;
}

int64_t dgmi_item_time(const dgm_item *item)
{
    return item->updated != DGM_NO_TIME || is_kill(item) ? item->updated
                                                         : item->published;
}

static bool is_timeless_kill(const dgm_item *item)
{
    return is_kill(item) && item->updated == DGM_NO_TIME;
}

int dgmi_item_compare_versions(const dgm_item *a, const dgm_item *b)
{
    int64_t ta = dgmi_item_time(a), tb = dgmi_item_time(b);
    int kill = is_kill(a) - is_kill(b);
    int order = compare_times(ta, tb);
    if (order != 0)
        return order;
    if (a->version && b->version) {
        order = compare_marks(a->version, b->version);
        if (order != 0)
            return order;
        if (is_timeless_kill(a) || is_timeless_kill(b))
            return kill;
    }
    order = compare_times(is_timeless_kill(a) ? a->fetched : ta,
                          is_timeless_kill(b) ? b->fetched : tb);
    return order != 0 ? order : kill;
}

bool dgmi_item_is_held(const dgm_item *item, int64_t now)
{
    return item->status == DGM_USABLE && item->embargo != DGM_NO_TIME &&
           item->embargo > now;
}
