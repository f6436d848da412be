/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions of a first page that its later pages repeat. Depends on lib/base. */
#include "pins.h"

#include <string.h>

#include "hash.h"

static uint32_t key_of(dgmi_pin_kind kind, dgmi_str text)
{
    uint64_t hash = dgmi_hash64(text.p, text.n) * 31 + (uint64_t)kind;
    return (uint32_t)(hash ^ hash >> 32);
}

/* The place of key in the sorted list, or where it would be. */
static uint32_t place_of(const dgmi_pins *pins, uint32_t key)
{
    uint32_t low = 0, high = pins->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pins->list[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool make_room(dgmi_pins *pins, dgmi_arena *arena)
{
    if (pins->n < pins->capacity)
        return true;
    if (pins->n >= DGMI_PINS_MAX)
        return false;
    uint32_t capacity = pins->capacity ? pins->capacity * 2 : 32;
    dgmi_pin *list = dgmi_arena_array(arena, capacity, sizeof *list);
    if (!list)
        return false;
    if (pins->n > 0)
        memcpy(list, pins->list, pins->n * sizeof *list);
    pins->list = list;
    pins->capacity = capacity;
    return true;
}

bool dgmi_pin_decide(dgmi_pins *pins, dgmi_arena *arena, dgmi_pin_kind kind,
                     dgmi_str text, uint32_t value, uint32_t *decided)
{
    uint32_t key = key_of(kind, text), at = place_of(pins, key);
    bool known = at < pins->n && pins->list[at].key == key;
    *decided = known ? pins->list[at].value : pins->fixed ? 0 : value;
    if (known || pins->fixed || value == 0)
        return true;
    if (!make_room(pins, arena))
        return false;
    memmove(pins->list + at + 1, pins->list + at, (pins->n - at) * sizeof *pins->list);
    pins->list[at] = (dgmi_pin){ key, value };
    pins->n++;
    return true;
}
