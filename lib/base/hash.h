/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Digests: SHA-256 (nettle) for identity, XXH3 (xxhash) for tables and change marks; a
 * string map. */
#ifndef DGMI_HASH_H
#define DGMI_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define DGMI_SHA256_HEX 65
void dgmi_sha256_hex(const void *bytes, size_t n, char out[DGMI_SHA256_HEX]);
uint64_t dgmi_hash64(const void *bytes, size_t n);

/* A map from strings (copied) to 64-bit values. */
typedef struct dgmi_map dgmi_map;
dgmi_map *dgmi_map_new(void);
void dgmi_map_free(dgmi_map *m);
/* The value's place, made (as 0) if `make`; NULL if it is not there or memory ran out.
 * Valid until the next call with make. */
uint64_t *dgmi_map_at(dgmi_map *m, dgmi_str key, bool make);
size_t dgmi_map_count(const dgmi_map *m);
/* Walks all entries in no order: start with *cursor = 0. */
bool dgmi_map_next(const dgmi_map *m, size_t *cursor, dgmi_str *key, uint64_t *value);

#endif
