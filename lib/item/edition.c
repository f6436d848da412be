/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language edition that an item was taken from, what it was translated out of, and
 * whether a person or a machine translated it. Depends on build.h, lib/text. */
#include "build.h"

#include <ctype.h>
#include <string.h>

#include "detect.h"

enum { NOTE_MAX = 160, NOTES_LOOKED_AT = 2 };

static void prove_edition(dgmi_item *item, const char *code, const char *rule,
                          const dgmi_span *span, size_t base)
{
    size_t n;
    const char *text = dgmi_item_clean(item, span->slice, &n);
    dgmi_proof proof = { .rule = rule,
                         .value = code,
                         .text = text,
                         .place = span->place,
                         .of = "source",
                         .index = span->index,
                         .from = base + (size_t)(span->slice.p - span->line.p) };
    if (text == NULL)
        return;
    proof.field = "edition";
    dgmi_prove(item, &proof);
    if (!item->translated || item->fields[DGMI_ORIGINAL_LANGUAGE] != NULL)
        return;
    proof.field = "original_language";
    dgmi_item_set(item, DGMI_ORIGINAL_LANGUAGE, dgmi_str_of(code));
    dgmi_prove(item, &proof);
}

/* "People's Republic of China in Russian": the Russian edition of a site. text is the
 * name that proof is about. */
static bool read_edition(dgmi_item *item, dgmi_str text, const dgmi_proof *proof)
{
    size_t at = text.n;
    while (at > 0 && text.p[at - 1] != ' ')
        at--;
    if (at < 5 || memcmp(text.p + at - 4, " in ", 4) != 0)
        return false;
    dgmi_span span = { text, dgmi_str_skip(text, at), proof->place, proof->index };
    const char *code = dgmi_language_named(span.slice);
    if (code != NULL)
        prove_edition(item, code, "source-edition", &span, proof->from);
    return code != NULL;
}

/* Any source line may name the edition, also one that another line overruled. */
static bool edition_of_source(dgmi_item *item)
{
    for (size_t i = item->n_proofs; i > 0; i--) {
        const dgmi_proof p = item->proofs[i - 1];
        if (strcmp(p.field, "source") == 0 && read_edition(item, dgmi_str_of(p.text), &p))
            return true;
    }
    return false;
}

static const char *language_part(dgmi_str part)
{
    static const char *const codes[] = { "en", "ru", "fr", "es", "ar", "zh",
                                         "de", "pt", "uk", "tr", "fa", "pl" };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (dgmi_str_eq_nocase(part, codes[i]))
            return codes[i];
    }
    return part.n > 3 ? dgmi_language_named(part) : NULL;
}

/* "https://en.example.gov/news": the first label of the host or the first folder, of the
 * issuer's own site alone: a republisher's address says nothing of the issuer. */
static void edition_of_address(dgmi_item *item)
{
    dgmi_str url = dgmi_str_of(item->fields[DGMI_URL]), part;
    const char *slashes = url.n > 0 ? memmem(url.p, url.n, "://", 3) : NULL;
    if (slashes == NULL || item->fields[DGMI_PROVIDER] != NULL)
        return;
    dgmi_str rest = dgmi_str_skip(url, (size_t)(slashes - url.p) + 3);
    dgmi_str host = { rest.p, strcspn(rest.p, "/:?#") };
    dgmi_str first = { host.p, strcspn(host.p, ".") };
    dgmi_str path = dgmi_str_skip(rest, host.n);
    const char *code = first.n < host.n ? language_part(first) : NULL;
    part = first;
    if (code == NULL && path.n > 1 && path.p[0] == '/') {
        part = (dgmi_str){ path.p + 1, strcspn(path.p + 1, "/?#") };
        code = language_part(part);
    }
    dgmi_span span = { url, part, DGMI_AT_URL, 0 };
    if (code != NULL)
        prove_edition(item, code, "address-edition", &span, 0);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode_slug(dgmi_buf *out, dgmi_str slug)
{
    for (size_t i = 0; i < slug.n; i++) {
        int high = i + 2 < slug.n && slug.p[i] == '%' ? hex_digit(slug.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(slug.p[i + 2]) : -1;
        if (low >= 0) {
            dgmi_buf_putc(out, (char)(high << 4 | low));
            i += 2;
        } else {
            dgmi_buf_putc(out, slug.p[i] == '-' || slug.p[i] == '_' ? ' ' : slug.p[i]);
        }
    }
}

/* The address of a translated item often is still the headline in the original language,
 * percent-encoded. */
static void original_of_address(dgmi_item *item)
{
    dgmi_str url = dgmi_str_of(item->fields[DGMI_URL]);
    dgmi_buf words;
    dgmi_detected found = { "", 0 };
    size_t n, end = url.n;
    if (!item->translated || item->fields[DGMI_ORIGINAL_LANGUAGE] != NULL || url.n == 0)
        return;
    end -= url.p[end - 1] == '/';
    size_t from = end;
    while (from > 0 && url.p[from - 1] != '/')
        from--;
    dgmi_buf_init(&words, 8192);
    decode_slug(&words, (dgmi_str){ url.p + from, end - from });
    const char *text =
        words.failed ? NULL : dgmi_item_clean(item, dgmi_buf_str(&words), &n);
    if (text != NULL && dgmi_count_letters(text, n).script > DGMI_SCRIPT_LATIN &&
        dgmi_detect_language(text, n, &found, NULL) != DGM_OK)
        item->no_memory = true;
    dgmi_buf_clear(&words);
    if (found.language[0] == '\0')
        return;
    dgmi_proof proof = { .field = "original_language",
                         .rule = "address-text",
                         .value = found.language,
                         .text = url.p + from,
                         .place = DGMI_AT_URL,
                         .from = from };
    dgmi_item_set(item, DGMI_ORIGINAL_LANGUAGE, dgmi_str_of(found.language));
    dgmi_prove(item, &proof);
}

/* Remarks on how a text was translated, as they stand near its beginning or its end. */
static const struct {
    const char *pattern, *value;
} remarks[] = {
    { "unofficial translation", "human" },
    { "[unofficial translation", "human" },
    { "(unofficial translation", "human" },
    { "machine translation", "machine" },
    { "this is a machine translation", "machine" },
    { "this article was machine translated", "machine" },
    { "automatically translated", "machine" },
    { "translated automatically", "machine" },
    { "this text was translated automatically", "machine" },
};

static void look_for_remark(dgmi_item *item, size_t i)
{
    dgmi_str line = { item->paras[i].text, item->paras[i].n };
    for (size_t k = 0; line.n <= NOTE_MAX && k < sizeof remarks / sizeof *remarks; k++) {
        size_t n = dgmi_match_prefix(line, remarks[k].pattern);
        if (n == 0)
            continue;
        const char *text = dgmi_arena_str(item->arena, (dgmi_str){ line.p, n });
        dgmi_proof proof = { .field = "translator",
                             .rule = "translation-remark",
                             .value = remarks[k].value,
                             .text = text,
                             .place = DGMI_AT_BODY,
                             .index = i };
        if (text == NULL)
            item->no_memory = true;
        else
            dgmi_prove(item, &proof);
        item->translated = true;
        return;
    }
}

void dgmi_prepare_edition(dgmi_item *item)
{
    for (size_t i = 0; i < item->n_paras; i++) {
        if (i < NOTES_LOOKED_AT || i + NOTES_LOOKED_AT >= item->n_paras)
            look_for_remark(item, i);
    }
    if (!edition_of_source(item))
        edition_of_address(item);
    original_of_address(item);
}
