/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Warnings where the region of an item and the rest of it name different countries. A
 * feed labels by its own region, so a "Region: Russian Federation" may hold what another
 * state's agency wrote. Depends on build.h and lib/base. */
#include "build.h"

#include <stdio.h>
#include <string.h>

enum { SPEAKERS_MAX = 4, DATELINE_MAX = 80 };

/* Agencies with the state they belong to; "" for those that work from several. */
static const struct {
    const char *name, *country;
} agencies[] = {
    { "AFP", "FR" },     { "Anadolu", "TR" },     { "ANSA", "IT" },
    { "AP", "US" },      { "BelTA", "BY" },       { "BTA", "BG" },
    { "dpa", "DE" },     { "EFE", "ES" },         { "Interfax", "RU" },
    { "IRNA", "IR" },    { "Kazinform", "KZ" },   { "Kyodo", "JP" },
    { "MTI", "HU" },     { "PAP", "PL" },         { "PTI", "IN" },
    { "Reuters", "" },   { "RIA Novosti", "RU" }, { "Sputnik", "RU" },
    { "TASS", "RU" },    { "ITAR-TASS", "RU" },   { "Ukrinform", "UA" },
    { "UPI", "US" },     { "Xinhua", "CN" },      { "Yonhap", "KR" },
    { "Azertac", "AZ" }, { "Trend", "AZ" },       { "KCNA", "KP" },
    { "Bernama", "MY" },
};

/* Capitals as datelines have them. */
static const struct {
    const char *name, *country;
} capitals[] = {
    { "Ankara", "TR" },       { "Astana", "KZ" },    { "Athens", "GR" },
    { "Baghdad", "IQ" },      { "Baku", "AZ" },      { "Beijing", "CN" },
    { "Belgrade", "RS" },     { "Berlin", "DE" },    { "Bishkek", "KG" },
    { "Brasilia", "BR" },     { "Bucharest", "RO" }, { "Budapest", "HU" },
    { "Buenos Aires", "AR" }, { "Cairo", "EG" },     { "Canberra", "AU" },
    { "Chisinau", "MD" },     { "Damascus", "SY" },  { "Dushanbe", "TJ" },
    { "Hanoi", "VN" },        { "Havana", "CU" },    { "Helsinki", "FI" },
    { "Islamabad", "PK" },    { "Jakarta", "ID" },   { "Kabul", "AF" },
    { "Kiev", "UA" },         { "Kyiv", "UA" },      { "London", "GB" },
    { "Madrid", "ES" },       { "Minsk", "BY" },     { "Moscow", "RU" },
    { "New Delhi", "IN" },    { "Oslo", "NO" },      { "Ottawa", "CA" },
    { "Paris", "FR" },        { "Prague", "CZ" },    { "Pyongyang", "KP" },
    { "Riga", "LV" },         { "Riyadh", "SA" },    { "Rome", "IT" },
    { "Seoul", "KR" },        { "Sofia", "BG" },     { "Stockholm", "SE" },
    { "Tallinn", "EE" },      { "Tashkent", "UZ" },  { "Tbilisi", "GE" },
    { "Tehran", "IR" },       { "Tokyo", "JP" },     { "Ulaanbaatar", "MN" },
    { "Vilnius", "LT" },      { "Warsaw", "PL" },    { "Washington", "US" },
    { "Wellington", "NZ" },   { "Yerevan", "AM" },   { "Zagreb", "HR" },
};

const char *dgmi_agency_country(dgmi_str name)
{
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        if (dgmi_str_eq_nocase(name, agencies[i].name))
            return agencies[i].country;
    }
    return NULL;
}

/* One contradiction: what names another country than the region does. */
static void warn(dgmi_item *item, const char *what, dgmi_str name, const char *country)
{
    char other[64];
    const char *region = item->fields[DGMI_REGION], *code = dgmi_country_code(region);
    if (country == NULL || country[0] == '\0' || code == NULL ||
        strcmp(country, code) == 0)
        return;
    char *text = dgmi_arena_printf(item->arena,
                                   "the region is %.80s (%s), but %s %.*s is of %s (%s)",
                                   region, code, what, (int)(name.n < 100 ? name.n : 100),
                                   name.p, dgmi_country_name(country, other), country);
    if (text == NULL)
        item->no_memory = true;
    else
        dgmi_item_add_warning(item, text);
}

void dgmi_check_source(dgmi_item *item)
{
    dgmi_str source = dgmi_str_of(item->fields[DGMI_SOURCE]), name;
    if (source.n == 0 || item->fields[DGMI_REGION] == NULL)
        return;
    const char *country = dgmi_agency_country(source);
    if (country == NULL && source.n > 3) /* "Co" is no country here */
        country = dgmi_country_code(source.p);
    if (country == NULL)
        country = dgmi_country_in(source, &name);
    warn(item, "the source", source, country);
}

/* "Kabul, October 20. ...": the place that the first paragraph opens with. */
static void check_dateline(dgmi_item *item)
{
    if (item->n_paras == 0)
        return;
    dgmi_str text = { item->paras[0].text, item->paras[0].n };
    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++) {
        size_t n = strlen(capitals[i].name);
        dgmi_str rest = dgmi_str_skip(text, n);
        if (!dgmi_str_starts_nocase(text, capitals[i].name) || rest.n < 2 ||
            (rest.p[0] != ',' && rest.p[0] != '.' && rest.p[0] != ' ') ||
            text.n < DATELINE_MAX)
            continue;
        /* a place is a dateline if a day, an agency or a dash follows */
        dgmi_str head = { rest.p, rest.n < 30 ? rest.n : 30 };
        bool day = rest.p[0] == ',' && strpbrk(head.p, "0123456789") != NULL &&
                   strpbrk(head.p, "0123456789") < head.p + head.n;
        size_t dash = rest.p[0] == ' ' ? dgmi_dash_at(rest.p + 1, rest.p + rest.n) : 0;
        if (day || dash > 0)
            warn(item, "the dateline", (dgmi_str){ text.p, n }, capitals[i].country);
        return;
    }
}

/* "President of Ukraine": the state that a speaker speaks for. A name alone ("Jordan")
 * does not make one. */
static void check_speakers(dgmi_item *item)
{
    const char *seen[SPEAKERS_MAX];
    size_t n_seen = 0;
    for (size_t i = 0; i < item->n_turns && n_seen < SPEAKERS_MAX; i++) {
        dgmi_str speaker = dgmi_str_of(item->turns[i].speaker), name;
        bool known = speaker.n == 0;
        for (size_t k = 0; k < n_seen && !known; k++)
            known = strcmp(seen[k], speaker.p) == 0;
        if (known)
            continue;
        seen[n_seen++] = speaker.p;
        const char *of = memmem(speaker.p, speaker.n, " of ", 4);
        if (of == NULL)
            continue;
        const char *country =
            dgmi_country_in(dgmi_str_skip(speaker, (size_t)(of - speaker.p) + 4), &name);
        warn(item, "the speaker", speaker, country);
    }
}

void dgmi_prepare_warnings(dgmi_item *item)
{
    const char *agency = item->fields[DGMI_AGENCY];
    if (item->fields[DGMI_REGION] == NULL || dgmi_item_failed(item))
        return;
    dgmi_check_source(item);
    if (agency != NULL)
        warn(item, "the agency", dgmi_str_of(agency),
             dgmi_agency_country(dgmi_str_of(agency)));
    check_dateline(item);
    check_speakers(item);
}
