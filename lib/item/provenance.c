/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an item comes from: region, country, source, agency, provider, language.
 * Depends on build.h and lib/base. */
#include "build.h"

#include <ctype.h>
#include <string.h>

static const char provider_name[] = "MIL OSI";

/* Labels of MIL-OSI titles that are regions although no country has that name. */
static const char *const wide_regions[] = {
    "Europe",      "European Union", "Asia",   "Asia Pacific", "Asia-Pacific", "Africa",
    "Middle East", "Latin America",  "Global", "Pacific",      "Oceania",      "Americas",
};

static void set_text(dgmi_item *item, dgmi_field field, const char *text)
{
    dgmi_item_set(item, field, dgmi_str_of(text));
}

/* The republisher, and the words that give it away. */
static void mark_milosi(dgmi_item *item, const char *rule, dgmi_str line)
{
    if (item->fields[DGMI_PROVIDER] != NULL)
        return;
    set_text(item, DGMI_PROVIDER, provider_name);
    const char *text = dgmi_arena_str(item->arena, line);
    dgmi_proof proof = { .field = "provider",
                         .rule = rule,
                         .value = provider_name,
                         .text = text,
                         .place = DGMI_AT_ASIDE,
                         .index = item->n_asides > 0 ? item->n_asides - 1 : 0 };
    if (text == NULL)
        item->no_memory = true;
    else
        dgmi_prove(item, &proof);
}

/* Sets a field to a slice of the aside that was added last. */
static void set_found(dgmi_item *item, dgmi_field field, const char *rule, dgmi_str line,
                      dgmi_str value)
{
    dgmi_span span = { line, value, DGMI_AT_ASIDE,
                       item->n_asides > 0 ? item->n_asides - 1 : 0 };
    dgmi_item_set(item, field, value);
    dgmi_prove_span(item, dgmi_field_name(field), rule, &span);
}

static void mark_machine(dgmi_item *item, const char *rule, dgmi_str line)
{
    const char *text = dgmi_arena_str(item->arena, line);
    dgmi_proof proof = { .field = "translator",
                         .rule = rule,
                         .value = "machine",
                         .text = text,
                         .place = DGMI_AT_ASIDE,
                         .index = item->n_asides > 0 ? item->n_asides - 1 : 0 };
    item->translated = true;
    if (text == NULL)
        item->no_memory = true;
    else
        dgmi_prove(item, &proof);
}

static bool is_wide_region(dgmi_str label)
{
    for (size_t i = 0; i < sizeof wide_regions / sizeof *wide_regions; i++) {
        if (dgmi_str_eq_nocase(label, wide_regions[i]))
            return true;
    }
    return false;
}

/* The region that the label of a title names; weaker than one that the text names. */
static void use_label(dgmi_item *item, dgmi_str line, dgmi_str label)
{
    char name[96];
    if (dgmi_str_eq_nocase(label, "translation"))
        item->translated = true;
    if (label.n == 0 || label.n >= sizeof name || item->fields[DGMI_REGION] != NULL)
        return;
    memcpy(name, label.p, label.n);
    name[label.n] = '\0';
    if (is_wide_region(label) || dgmi_country_code(name) != NULL)
        set_found(item, DGMI_REGION, "title-label", line, label);
}

void dgmi_prepare_title(dgmi_item *item)
{
    const char *title = item->fields[DGMI_TITLE];
    dgmi_str label;
    size_t prefix = title != NULL ? dgmi_title_prefix(dgmi_str_of(title), &label) : 0;
    if (prefix == 0)
        return;
    dgmi_item_add_aside(item, "headline", dgmi_str_of(title), 0);
    use_label(item, dgmi_str_of(title), label);
    mark_milosi(item, "title-label", (dgmi_str){ title, prefix });
    set_text(item, DGMI_TITLE, title + prefix);
}

static void take_headline(dgmi_item *item, dgmi_str line, dgmi_str value)
{
    dgmi_str label;
    size_t prefix = dgmi_title_prefix(value, &label);
    if (prefix > 0) {
        use_label(item, line, label);
        mark_milosi(item, "title-label", (dgmi_str){ value.p, prefix });
    }
    if (item->fields[DGMI_TITLE] == NULL)
        dgmi_item_set(item, DGMI_TITLE, dgmi_str_skip(value, prefix));
}

void dgmi_apply_found(dgmi_item *item, const dgmi_found *found, dgmi_str line)
{
    switch (found->mark) {
    case DGMI_MARK_NONE:
        return;
    case DGMI_MARK_REGION:
        mark_machine(item, "translation-line", line);
        if (!item->given_region && found->value.n > 0)
            set_found(item, DGMI_REGION, "translation-line", line, found->value);
        break;
    case DGMI_MARK_TRANSLATION:
        mark_machine(item, "translation-note", line);
        break;
    case DGMI_MARK_MILOSI:
        break;
    case DGMI_MARK_SOURCE: /* a second line names the real origin, so the last one wins */
        if (!item->given_source && found->value.n > 0)
            set_found(item, DGMI_SOURCE, "source-line", line, found->value);
        return;
    case DGMI_MARK_ISSUED:
        if (item->fields[DGMI_SOURCE] == NULL)
            set_found(item, DGMI_SOURCE, "issued-line", line, found->value);
        return;
    case DGMI_MARK_HEADLINE:
        take_headline(item, line, found->value);
        return;
    }
    mark_milosi(item, "provider-line", line);
}

/* ---- Agency ---- */

static bool is_upper(char c)
{
    return (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* "Moscow, December 19" or "NEW YORK": capitals and numbers only, as a place and a day
 * are. */
static bool is_place_and_day(dgmi_str s)
{
    size_t words = 0;
    bool start = true;
    if (s.n < 2 || s.n > 80 || !is_upper(s.p[0]))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (start && !is_upper(c) && !isdigit((unsigned char)c) && c != ' ')
            return false;
        words += start && c != ' ';
        start = c == ' ';
        if (!isalnum((unsigned char)c) && (unsigned char)c < 0x80 &&
            strchr(" ,.-'", c) == NULL)
            return false;
    }
    return words <= 8;
}

static bool believe_agency(dgmi_str place, dgmi_str name, char bracket)
{
    if (name.n < 2 || name.n > 30 || !is_place_and_day(place))
        return false;
    if (dgmi_agency_country(name) != NULL)
        return true;
    for (size_t i = 0; i < place.n; i++) {
        if (isdigit((unsigned char)place.p[i]))
            return is_upper(name.p[0]) && !isdigit((unsigned char)name.p[0]);
    }
    return bracket == '/' && is_upper(name.p[0]);
}

size_t dgmi_dateline(dgmi_str text, dgmi_str *agency)
{
    size_t limit = text.n < 120 ? text.n : 120, open = 0;
    while (open < limit && text.p[open] != '/' && text.p[open] != '(')
        open++;
    if (open == limit || open == 0)
        return 0;
    char close = text.p[open] == '/' ? '/' : ')';
    const char *stop = memchr(text.p + open + 1, close, text.n - open - 1);
    if (stop == NULL)
        return 0;
    dgmi_str name = { text.p + open + 1, (size_t)(stop - text.p) - open - 1 };
    if (!believe_agency(dgmi_str_trim((dgmi_str){ text.p, open }), name, text.p[open]))
        return 0;
    const char *p = stop + 1, *end = text.p + text.n;
    bool stopped = p < end && *p == '.';
    p += stopped;
    while (p < end && *p == ' ')
        p++;
    size_t dash = dgmi_dash_at(p, end);
    if (dash == 0 && !(stopped && close == '/'))
        return 0;
    p += dash;
    while (p < end && *p == ' ')
        p++;
    *agency = name;
    return (size_t)(p - text.p);
}

void dgmi_prepare_agency(dgmi_item *item)
{
    dgmi_str name;
    if (item->fields[DGMI_AGENCY] != NULL)
        return;
    for (size_t i = 0; i < item->n_paras && i < 2; i++) {
        dgmi_str text = { item->paras[i].text, item->paras[i].n };
        if (dgmi_dateline(text, &name) > 0) {
            dgmi_span span = { text, name, DGMI_AT_BODY, i };
            dgmi_item_set(item, DGMI_AGENCY, name);
            dgmi_prove_span(item, "agency", "dateline", &span);
            return;
        }
    }
}

/* ---- Country, language, address ---- */

static void settle_country(dgmi_item *item)
{
    const char *given = item->fields[DGMI_COUNTRY], *code = NULL;
    if (given != NULL) {
        code = dgmi_country_code(given);
        if (code == NULL || strlen(given) > 2) {
            if (item->fields[DGMI_REGION] == NULL)
                item->fields[DGMI_REGION] = given;
        }
    }
    if (code == NULL && item->fields[DGMI_REGION] != NULL)
        code = dgmi_country_code(item->fields[DGMI_REGION]);
    item->fields[DGMI_COUNTRY] = NULL;
    if (code == NULL)
        return;
    set_text(item, DGMI_COUNTRY, code);
    dgmi_proof proof = { .field = "country",
                         .rule = "region-name",
                         .value = code,
                         .text = item->fields[DGMI_REGION],
                         .place = DGMI_AT_FIELD,
                         .of = "region" };
    if (given == NULL)
        dgmi_prove(item, &proof);
}

const char *dgmi_language_named(dgmi_str name)
{
    static const struct {
        const char *name, *code;
    } table[] = {
        { "arabic", "ar" },     { "chinese", "zh" },   { "english", "en" },
        { "french", "fr" },     { "german", "de" },    { "italian", "it" },
        { "japanese", "ja" },   { "korean", "ko" },    { "polish", "pl" },
        { "portuguese", "pt" }, { "russian", "ru" },   { "spanish", "es" },
        { "turkish", "tr" },    { "ukrainian", "uk" }, { "persian", "fa" },
        { "hindi", "hi" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (dgmi_str_eq_nocase(name, table[i].name))
            return table[i].code;
    }
    return NULL;
}

/* "en-US", "EN_us" and "English" all become "en"; what is no language becomes nothing. */
static void settle_language(dgmi_item *item, dgmi_field field)
{
    const char *given = item->fields[field];
    char tag[9];
    if (given == NULL)
        return;
    const char *code = dgmi_language_named(dgmi_str_of(given));
    size_t n = 0;
    while (code == NULL && n < 4 && isalpha((unsigned char)given[n])) {
        tag[n] = (char)tolower((unsigned char)given[n]);
        n++;
    }
    tag[n] = '\0';
    if (code == NULL && n >= 2 && n <= 3 &&
        (given[n] == '\0' || strchr("-_", given[n]) != NULL))
        code = tag;
    set_text(item, field, code != NULL ? code : "");
}

/* An address is followed by a click: only what a browser may open stays. */
static void settle_url(dgmi_item *item)
{
    const char *url = item->fields[DGMI_URL];
    if (url == NULL)
        return;
    dgmi_str s = dgmi_str_of(url);
    size_t scheme = 0;
    while (isalnum((unsigned char)url[scheme]) ||
           (scheme > 0 && strchr("+-.", url[scheme]) && url[scheme] != '\0'))
        scheme++;
    if (url[scheme] != ':' || dgmi_str_starts_nocase(s, "http://") ||
        dgmi_str_starts_nocase(s, "https://"))
        return;
    item->fields[DGMI_URL] = NULL;
}

void dgmi_prepare_provenance(dgmi_item *item)
{
    settle_country(item);
    settle_url(item);
    settle_language(item, DGMI_LANGUAGE);
    settle_language(item, DGMI_ORIGINAL_LANGUAGE);
}

bool dgmi_is_milosi(dgmi_str s)
{
    return dgmi_str_starts_nocase(s, "MIL OSI") || dgmi_str_starts_nocase(s, "MIL-OSI") ||
           dgmi_str_starts_nocase(s, "MIL NZ OSI");
}

/* Codes by which the desks of MIL OSI sites file, not what an item is about. */
static bool is_housekeeping(dgmi_str s)
{
    static const char *const codes[] = { "AM-NC", "AM-C", "CTF",          "DJF",
                                         "KB",    "24-7", "Uncategorized" };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (dgmi_str_eq_nocase(s, codes[i]))
            return true;
    }
    return dgmi_str_starts(s, "24/7");
}

void dgmi_item_add_category(dgmi_item *item, dgmi_str label)
{
    label = dgmi_str_trim(label);
    if (dgmi_is_milosi(label)) {
        dgmi_item_set(item, DGMI_PROVIDER, dgmi_str_of(provider_name));
        dgmi_item_set_origin(item, DGMI_PROVIDER, "category");
    } else if (label.n > 0 && !is_housekeeping(label))
        dgmi_item_add_topic(item, label);
}
