/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts by character and by language. Depends on lib/base. */
#include <string.h>

#include "detect.h"
#include "utf8.h"

/* Runs of letters, ascending; what lies between them is none of the scripts told apart.
 */
static const struct {
    uint32_t first, last;
    dgmi_script script;
} ranges[] = {
    { 'A', 'Z', DGMI_SCRIPT_LATIN },
    { 'a', 'z', DGMI_SCRIPT_LATIN },
    { 0xC0, 0x24F, DGMI_SCRIPT_LATIN },
    { 0x370, 0x3FF, DGMI_SCRIPT_GREEK },
    { 0x400, 0x52F, DGMI_SCRIPT_CYRILLIC },
    { 0x5D0, 0x5F2, DGMI_SCRIPT_HEBREW },
    { 0x620, 0x6FF, DGMI_SCRIPT_ARABIC },
    { 0x750, 0x77F, DGMI_SCRIPT_ARABIC },
    { 0x900, 0xDFF, DGMI_SCRIPT_INDIC },
    { 0xE01, 0xE3A, DGMI_SCRIPT_THAI },
    { 0x1100, 0x11FF, DGMI_SCRIPT_EAST_ASIAN },
    { 0x1E00, 0x1EFF, DGMI_SCRIPT_LATIN },
    { 0x1F00, 0x1FFF, DGMI_SCRIPT_GREEK },
    { 0x3041, 0x30FF, DGMI_SCRIPT_EAST_ASIAN },
    { 0x3400, 0x9FFF, DGMI_SCRIPT_EAST_ASIAN },
    { 0xAC00, 0xD7A3, DGMI_SCRIPT_EAST_ASIAN },
    { 0x20000, 0x3FFFF, DGMI_SCRIPT_EAST_ASIAN },
};

/* Languages that are written in one script alone. Serbian, Kazakh, Uzbek, Azerbaijani and
 * their like have two and are left out. */
static const struct {
    const char *tags; /* parted by spaces */
    dgmi_script script;
} writing[] = {
    { "en fr de es it pt nl sv da nb nn no fi et lv lt pl cs sk sl hr hu ro sq tr vi id "
      "ms "
      "ca eu gl ga is mt cy sw af tl",
      DGMI_SCRIPT_LATIN },
    { "ru uk be bg mk ky mn tg ba cv", DGMI_SCRIPT_CYRILLIC },
    { "ar fa ur ps ckb", DGMI_SCRIPT_ARABIC },
    { "el", DGMI_SCRIPT_GREEK },
    { "he yi", DGMI_SCRIPT_HEBREW },
    { "hi mr ne bn ta te kn ml gu pa si or", DGMI_SCRIPT_INDIC },
    { "th", DGMI_SCRIPT_THAI },
    { "zh ja ko", DGMI_SCRIPT_EAST_ASIAN },
};

static dgmi_script script_of(uint32_t c)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i].first; i++) {
        if (c <= ranges[i].last && c != 0xD7 && c != 0xF7)
            return ranges[i].script;
    }
    return DGMI_SCRIPT_NONE;
}

dgmi_letters dgmi_count_letters(const char *p, size_t n)
{
    size_t counts[DGMI_SCRIPTS] = { 0 };
    dgmi_letters out = { 0, DGMI_SCRIPT_NONE, 0 };
    const char *end = p + n;
    for (uint32_t c; p < end;) {
        p += dgmi_utf8_get(p, end, &c);
        counts[script_of(c)]++;
    }
    for (size_t i = DGMI_SCRIPT_NONE + 1; i < DGMI_SCRIPTS; i++) {
        out.all += counts[i];
        if (counts[i] > out.in_script) {
            out.in_script = counts[i];
            out.script = (dgmi_script)i;
        }
    }
    return out;
}

dgmi_script dgmi_script_of_language(const char *language)
{
    size_t n = language != NULL ? strcspn(language, "-_") : 0;
    for (size_t i = 0; n > 0 && i < sizeof writing / sizeof *writing; i++) {
        dgmi_str rest = dgmi_str_of(writing[i].tags), tag;
        while (dgmi_str_split(&rest, ' ', &tag)) {
            if (tag.n == n && memcmp(tag.p, language, n) == 0)
                return writing[i].script;
        }
    }
    return DGMI_SCRIPT_NONE;
}

const char *dgmi_script_name(dgmi_script script)
{
    static const char *const names[DGMI_SCRIPTS] = {
        "no known", "Latin",     "Cyrillic", "Arabic",       "Greek",
        "Hebrew",   "an Indian", "Thai",     "an East Asian"
    };
    return names[script];
}
