/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stemming: which stemmer a word gets, and a table of words met before, because asking
 * Snowball through the C++ border costs about ten times a look-up. Depends on lib/xapian
 * and lib/base/hash.h. */
#include "stem.h"

#include <stdlib.h>
#include <string.h>

#include "dgmx.h"
#include "fail.h"
#include "hash.h"

#define WORD_MAX_BYTES 64
#define SLOTS 32768u      /* a power of two */
#define SLOTS_FULL 24576u /* three quarters */
#define POOL_SIZE 524288u /* bytes of words and stems */

typedef enum script { LATIN, CYRILLIC, ARABIC, OTHER } script;

/* The languages that Xapian 1.4 stems, by tag, with the script that the stemmer is for.
 */
static const struct {
    char tag[3];
    char script;
    bool cuts_front;
} languages[] = {
    { "en", LATIN, false }, { "ru", CYRILLIC, false }, { "ar", ARABIC, true },
    { "ca", LATIN, false }, { "da", LATIN, false },    { "de", LATIN, false },
    { "es", LATIN, false }, { "eu", LATIN, false },    { "fi", LATIN, false },
    { "fr", LATIN, false }, { "ga", LATIN, true },     { "hu", LATIN, false },
    { "hy", OTHER, false }, { "id", LATIN, true },     { "it", LATIN, false },
    { "lt", LATIN, false }, { "nb", LATIN, false },    { "ne", OTHER, false },
    { "nl", LATIN, false }, { "nn", LATIN, false },    { "no", LATIN, false },
    { "pt", LATIN, false }, { "ro", LATIN, false },    { "sv", LATIN, false },
    { "ta", OTHER, true },  { "tr", LATIN, false },
};
#define LANGUAGES (sizeof languages / sizeof languages[0])
#define ENGLISH 0u
#define RUSSIAN 1u
#define ARAB 2u

typedef struct slot {
    uint32_t hash; /* 0: empty */
    uint32_t at;   /* of the word in the pool, its stem behind it */
    uint8_t language, word_n, stem_n;
} slot;

struct dgmi_stems {
    dgmx_stem *stemmers[LANGUAGES]; /* made when first needed */
    bool missing[LANGUAGES];        /* this build of Xapian does not have it */
    slot *slots;
    char *pool;
    uint32_t used, pool_n;
};

dgm_status dgmi_stems_new(dgmi_stems **out, dgm_error *err)
{
    *out = NULL;
    dgmi_stems *s = calloc(1, sizeof *s);
    if (s == NULL)
        return dgmi_fail_memory(err);
    s->slots = calloc(SLOTS, sizeof *s->slots);
    s->pool = malloc(POOL_SIZE);
    if (s->slots == NULL || s->pool == NULL) {
        dgmi_stems_free(s);
        return dgmi_fail_memory(err);
    }
    *out = s;
    return DGM_OK;
}

void dgmi_stems_free(dgmi_stems *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < LANGUAGES; i++)
        dgmx_stem_free(s->stemmers[i]);
    free(s->slots);
    free(s->pool);
    free(s);
}

char *dgmi_language_tag(const char *language, char out[9])
{
    size_t n = 0;
    out[0] = '\0';
    for (; language != NULL && language[n] != '\0'; n++) {
        char c = (char)(language[n] | 0x20);
        if (language[n] == '-' || language[n] == '_')
            break;
        if (n >= 8 || c < 'a' || c > 'z' || language[n] < 'A') {
            out[0] = '\0';
            return out;
        }
        out[n] = c;
        out[n + 1] = '\0';
    }
    if (n < 2)
        out[0] = '\0';
    return out;
}

/* The index of a language in the table; LANGUAGES if it is not there. */
static size_t find_language(const char *language)
{
    char tag[9];
    dgmi_language_tag(language, tag);
    size_t i = 0;
    while (i < LANGUAGES && strcmp(tag, languages[i].tag) != 0)
        i++;
    return i;
}

bool dgmi_stem_cuts_front(const char *language)
{
    size_t i = find_language(language);
    return i < LANGUAGES && languages[i].cuts_front;
}

/* By the first letter's leading byte: U+0400-04FF, U+0600-06FF, and Latin below U+0250.
 */
static script script_of(dgmi_str word)
{
    unsigned char c = (unsigned char)word.p[0];
    if (c < 0x80 || (c >= 0xC3 && c <= 0xC9))
        return LATIN;
    if (c >= 0xD0 && c <= 0xD3)
        return CYRILLIC;
    return c >= 0xD8 && c <= 0xDB ? ARABIC : OTHER;
}

/* The stemmer for a word in a language; LANGUAGES if there is none. */
static size_t choose(size_t language, script s)
{
    if (language < LANGUAGES && languages[language].script == (char)s)
        return language;
    switch (s) {
    case LATIN:
        return ENGLISH;
    case CYRILLIC:
        return RUSSIAN;
    case ARABIC:
        return ARAB;
    case OTHER:
        break;
    }
    return LANGUAGES;
}

static bool has_digit(dgmi_str word)
{
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] >= '0' && word.p[i] <= '9')
            return true;
    }
    return false;
}

static dgmx_stem *stemmer(dgmi_stems *s, size_t language)
{
    if (s->stemmers[language] == NULL && !s->missing[language]) {
        dgm_error ignored = DGM_ERROR_INIT;
        if (dgmx_stem_new(languages[language].tag, &s->stemmers[language], &ignored) !=
            DGM_OK)
            s->missing[language] = true;
    }
    return s->stemmers[language];
}

static uint32_t hash_of(size_t language, dgmi_str word)
{
    uint32_t hash = (uint32_t)(dgmi_hash64(word.p, word.n) >> 32) + (uint32_t)language;
    return hash == 0 ? 1 : hash;
}

/* The slot where the word is, or where it would go. */
static slot *find_slot(dgmi_stems *s, size_t language, dgmi_str word, uint32_t hash)
{
    for (uint32_t i = hash;; i++) {
        slot *at = &s->slots[i & (SLOTS - 1)];
        if (at->hash == 0 ||
            (at->hash == hash && at->language == language && at->word_n == word.n &&
             memcmp(s->pool + at->at, word.p, word.n) == 0))
            return at;
    }
}

/* Keeps word and stem, which lie outside the pool. Returns the kept stem. */
static dgmi_str keep(dgmi_stems *s, size_t language, dgmi_str word, dgmi_str stem)
{
    uint32_t hash = hash_of(language, word);
    if (s->used >= SLOTS_FULL || s->pool_n + word.n + stem.n > POOL_SIZE) {
        memset(s->slots, 0, SLOTS * sizeof *s->slots);
        s->used = s->pool_n = 0;
    }
    slot *at = find_slot(s, language, word, hash);
    at->hash = hash;
    at->at = s->pool_n;
    at->language = (uint8_t)language;
    at->word_n = (uint8_t)word.n;
    at->stem_n = (uint8_t)stem.n;
    memcpy(s->pool + at->at, word.p, word.n);
    memcpy(s->pool + at->at + word.n, stem.p, stem.n);
    s->pool_n += (uint32_t)(word.n + stem.n);
    s->used++;
    return (dgmi_str){ s->pool + at->at + word.n, stem.n };
}

dgmi_str dgmi_stem(dgmi_stems *s, const char *language, dgmi_str word)
{
    if (word.n < 2 || word.n > WORD_MAX_BYTES || has_digit(word))
        return word;
    size_t which = choose(find_language(language), script_of(word));
    if (which >= LANGUAGES)
        return word;
    slot *at = find_slot(s, which, word, hash_of(which, word));
    if (at->hash != 0)
        return (dgmi_str){ s->pool + at->at + at->word_n, at->stem_n };
    dgmx_stem *with = stemmer(s, which);
    dgmx_bytes stem = { NULL, 0 };
    dgm_error ignored = DGM_ERROR_INIT;
    if (with == NULL || dgmx_stem_word(with, word.p, word.n, &stem, &ignored) != DGM_OK ||
        stem.n == 0 || stem.n > 2 * WORD_MAX_BYTES)
        return word;
    return keep(s, which, word, (dgmi_str){ stem.p, stem.n });
}

const char *dgmi_stem_version(void)
{
    return dgmx_xapian_version();
}
