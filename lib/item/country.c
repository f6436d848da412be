/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Country names as feeds write them, to ISO 3166-1 alpha-2 codes. Depends on lib/base.
 * Labels are compared without case, spaces, accents or punctuation. */
#include "item.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct country {
    const char code[3];
    const char *labels; /* parted by '|'; the first is the usual one */
} country;

static const country countries[] = {
    { "AD", "Andorra|Principality of Andorra" },
    { "AE", "United Arab Emirates|UAE|Emirates|U.A.E." },
    { "AF",
      "Afghanistan|Islamic Republic of Afghanistan|Islamic Emirate of Afghanistan" },
    { "AG", "Antigua and Barbuda|Antigua & Barbuda" },
    { "AI", "Anguilla" },
    { "AL", "Albania|Republic of Albania" },
    { "AM", "Armenia|Republic of Armenia" },
    { "AO", "Angola|Republic of Angola" },
    { "AQ", "Antarctica" },
    { "AR", "Argentina|Argentine Republic|Republic of Argentina" },
    { "AS", "American Samoa" },
    { "AT", "Austria|Republic of Austria" },
    { "AU", "Australia|Commonwealth of Australia|AUS" },
    { "AW", "Aruba" },
    { "AZ", "Azerbaijan|Republic of Azerbaijan|Azerbaidzhan" },
    { "BA", "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia|Bosnia-Herzegovina|BiH" },
    { "BB", "Barbados" },
    { "BD", "Bangladesh|People's Republic of Bangladesh" },
    { "BE", "Belgium|Kingdom of Belgium" },
    { "BF", "Burkina Faso|Burkina" },
    { "BG", "Bulgaria|Republic of Bulgaria" },
    { "BH", "Bahrain|Kingdom of Bahrain" },
    { "BI", "Burundi|Republic of Burundi" },
    { "BJ", "Benin|Republic of Benin" },
    { "BM", "Bermuda" },
    { "BN", "Brunei|Brunei Darussalam" },
    { "BO", "Bolivia|Plurinational State of Bolivia|Bolivia (Plurinational State of)" },
    { "BR", "Brazil|Federative Republic of Brazil|Brasil" },
    { "BS", "Bahamas|Commonwealth of the Bahamas" },
    { "BT", "Bhutan|Kingdom of Bhutan" },
    { "BW", "Botswana|Republic of Botswana" },
    { "BY", "Belarus|Republic of Belarus|Byelorussia|Belorussia" },
    { "BZ", "Belize" },
    { "CA", "Canada" },
    { "CD", "Democratic Republic of the Congo|DR Congo|DRC|Congo-Kinshasa|Zaire|"
            "Congo (Democratic Republic of the)|Congo, Democratic Republic of the" },
    { "CF", "Central African Republic|CAR" },
    { "CG", "Congo|Republic of the Congo|Congo-Brazzaville" },
    { "CH", "Switzerland|Swiss Confederation" },
    { "CI", "Ivory Coast|Cote d'Ivoire|C\xC3\xB4te d'Ivoire|Republic of Cote d'Ivoire" },
    { "CK", "Cook Islands" },
    { "CL", "Chile|Republic of Chile" },
    { "CM", "Cameroon|Republic of Cameroon" },
    { "CN", "China|People's Republic of China|PRC|P.R. China|Mainland China|"
            "People's Republic of China in Russian" },
    { "CO", "Colombia|Republic of Colombia" },
    { "CR", "Costa Rica|Republic of Costa Rica" },
    { "CU", "Cuba|Republic of Cuba" },
    { "CV", "Cape Verde|Cabo Verde" },
    { "CW", "Curacao|Cura\xC3\xA7"
            "ao" },
    { "CY", "Cyprus|Republic of Cyprus" },
    { "CZ", "Czech Republic|Czechia" },
    { "DE", "Germany|Federal Republic of Germany|FRG|West Germany" },
    { "DJ", "Djibouti|Republic of Djibouti" },
    { "DK", "Denmark|Kingdom of Denmark" },
    { "DM", "Dominica|Commonwealth of Dominica" },
    { "DO", "Dominican Republic" },
    { "DZ", "Algeria|People's Democratic Republic of Algeria" },
    { "EC", "Ecuador|Republic of Ecuador" },
    { "EE", "Estonia|Republic of Estonia" },
    { "EG", "Egypt|Arab Republic of Egypt" },
    { "EH", "Western Sahara" },
    { "ER", "Eritrea|State of Eritrea" },
    { "ES", "Spain|Kingdom of Spain" },
    { "ET", "Ethiopia|Federal Democratic Republic of Ethiopia" },
    { "FI", "Finland|Republic of Finland" },
    { "FJ", "Fiji|Republic of Fiji" },
    { "FK", "Falkland Islands|Falklands" },
    { "FM", "Micronesia|Federated States of Micronesia" },
    { "FO", "Faroe Islands|Faeroe Islands" },
    { "FR", "France|French Republic" },
    { "GA", "Gabon|Gabonese Republic" },
    { "GB", "United Kingdom|UK|U.K.|Great "
            "Britain|Britain|England|Scotland|Wales|Northern Ireland|"
            "United Kingdom of Great Britain and Northern Ireland" },
    { "GD", "Grenada" },
    { "GE", "Georgia|Republic of Georgia" },
    { "GF", "French Guiana" },
    { "GG", "Guernsey" },
    { "GH", "Ghana|Republic of Ghana" },
    { "GI", "Gibraltar" },
    { "GL", "Greenland" },
    { "GM", "Gambia|Republic of the Gambia" },
    { "GN", "Guinea|Republic of Guinea" },
    { "GP", "Guadeloupe" },
    { "GQ", "Equatorial Guinea|Republic of Equatorial Guinea" },
    { "GR", "Greece|Hellenic Republic" },
    { "GT", "Guatemala|Republic of Guatemala" },
    { "GU", "Guam" },
    { "GW", "Guinea-Bissau|Republic of Guinea-Bissau" },
    { "GY", "Guyana|Co-operative Republic of Guyana" },
    { "HK", "Hong Kong|Hong Kong SAR|Hongkong|Hong Kong (China)" },
    { "HN", "Honduras|Republic of Honduras" },
    { "HR", "Croatia|Republic of Croatia" },
    { "HT", "Haiti|Republic of Haiti" },
    { "HU", "Hungary|Republic of Hungary" },
    { "ID", "Indonesia|Republic of Indonesia" },
    { "IE", "Ireland|Republic of Ireland|Eire" },
    { "IL", "Israel|State of Israel" },
    { "IM", "Isle of Man" },
    { "IN", "India|Republic of India" },
    { "IQ", "Iraq|Republic of Iraq" },
    { "IR", "Iran|Islamic Republic of Iran|Iran (Islamic Republic of)" },
    { "IS", "Iceland|Republic of Iceland" },
    { "IT", "Italy|Italian Republic" },
    { "JE", "Jersey" },
    { "JM", "Jamaica" },
    { "JO", "Jordan|Hashemite Kingdom of Jordan" },
    { "JP", "Japan" },
    { "KE", "Kenya|Republic of Kenya" },
    { "KG", "Kyrgyzstan|Kyrgyz Republic|Kirghizia|Kirgizia" },
    { "KH", "Cambodia|Kingdom of Cambodia|Kampuchea" },
    { "KI", "Kiribati|Republic of Kiribati" },
    { "KM", "Comoros|Union of the Comoros" },
    { "KN", "Saint Kitts and Nevis|St. Kitts and Nevis|St Kitts & Nevis" },
    { "KP", "North Korea|DPRK|Democratic People's Republic of Korea|"
            "Korea (Democratic People's Republic of)" },
    { "KR", "South Korea|Republic of Korea|ROK|Korea|Korea (Republic of)" },
    { "KW", "Kuwait|State of Kuwait" },
    { "KY", "Cayman Islands" },
    { "KZ", "Kazakhstan|Republic of Kazakhstan|Kazakstan" },
    { "LA", "Laos|Lao People's Democratic Republic|Lao PDR" },
    { "LB", "Lebanon|Lebanese Republic" },
    { "LC", "Saint Lucia|St. Lucia" },
    { "LI", "Liechtenstein|Principality of Liechtenstein" },
    { "LK", "Sri Lanka|Democratic Socialist Republic of Sri Lanka|Ceylon" },
    { "LR", "Liberia|Republic of Liberia" },
    { "LS", "Lesotho|Kingdom of Lesotho" },
    { "LT", "Lithuania|Republic of Lithuania" },
    { "LU", "Luxembourg|Grand Duchy of Luxembourg|Luxemburg" },
    { "LV", "Latvia|Republic of Latvia" },
    { "LY", "Libya|State of Libya|Libyan Arab Jamahiriya" },
    { "MA", "Morocco|Kingdom of Morocco" },
    { "MC", "Monaco|Principality of Monaco" },
    { "MD", "Moldova|Republic of Moldova|Moldavia|Moldova (Republic of)" },
    { "ME", "Montenegro" },
    { "MG", "Madagascar|Republic of Madagascar" },
    { "MH", "Marshall Islands|Republic of the Marshall Islands" },
    { "MK", "North Macedonia|Republic of North Macedonia|Macedonia|FYROM|"
            "The former Yugoslav Republic of Macedonia" },
    { "ML", "Mali|Republic of Mali" },
    { "MM", "Myanmar|Burma|Republic of the Union of Myanmar" },
    { "MN", "Mongolia" },
    { "MO", "Macau|Macao|Macao SAR|Macau SAR" },
    { "MQ", "Martinique" },
    { "MR", "Mauritania|Islamic Republic of Mauritania" },
    { "MS", "Montserrat" },
    { "MT", "Malta|Republic of Malta" },
    { "MU", "Mauritius|Republic of Mauritius" },
    { "MV", "Maldives|Republic of Maldives" },
    { "MW", "Malawi|Republic of Malawi" },
    { "MX", "Mexico|United Mexican States|M\xC3\xA9xico" },
    { "MY", "Malaysia" },
    { "MZ", "Mozambique|Republic of Mozambique" },
    { "NA", "Namibia|Republic of Namibia" },
    { "NC", "New Caledonia" },
    { "NE", "Niger|Republic of the Niger|Republic of Niger" },
    { "NG", "Nigeria|Federal Republic of Nigeria" },
    { "NI", "Nicaragua|Republic of Nicaragua" },
    { "NL", "Netherlands|Kingdom of the Netherlands|Holland" },
    { "NO", "Norway|Kingdom of Norway" },
    { "NP", "Nepal|Federal Democratic Republic of Nepal" },
    { "NR", "Nauru|Republic of Nauru" },
    { "NU", "Niue" },
    { "NZ", "New Zealand|Aotearoa|Aotearoa New Zealand" },
    { "OM", "Oman|Sultanate of Oman" },
    { "PA", "Panama|Republic of Panama" },
    { "PE", "Peru|Republic of Peru" },
    { "PF", "French Polynesia" },
    { "PG", "Papua New Guinea|PNG" },
    { "PH", "Philippines|Republic of the Philippines" },
    { "PK", "Pakistan|Islamic Republic of Pakistan" },
    { "PL", "Poland|Republic of Poland" },
    { "PR", "Puerto Rico" },
    { "PS", "Palestine|State of Palestine|Palestinian Territories|Palestinian Territory|"
            "Occupied Palestinian Territory" },
    { "PT", "Portugal|Portuguese Republic" },
    { "PW", "Palau|Republic of Palau" },
    { "PY", "Paraguay|Republic of Paraguay" },
    { "QA", "Qatar|State of Qatar" },
    { "RE", "Reunion" },
    { "RO", "Romania|Rumania" },
    { "RS", "Serbia|Republic of Serbia" },
    { "RU", "Russian Federation|Russia|RF" },
    { "RW", "Rwanda|Republic of Rwanda" },
    { "SA", "Saudi Arabia|Kingdom of Saudi Arabia|KSA" },
    { "SB", "Solomon Islands" },
    { "SC", "Seychelles|Republic of Seychelles" },
    { "SD", "Sudan|Republic of the Sudan" },
    { "SE", "Sweden|Kingdom of Sweden" },
    { "SG", "Singapore|Republic of Singapore" },
    { "SI", "Slovenia|Republic of Slovenia" },
    { "SK", "Slovakia|Slovak Republic" },
    { "SL", "Sierra Leone|Republic of Sierra Leone" },
    { "SM", "San Marino|Republic of San Marino" },
    { "SN", "Senegal|Republic of Senegal" },
    { "SO", "Somalia|Federal Republic of Somalia" },
    { "SR", "Suriname|Surinam|Republic of Suriname" },
    { "SS", "South Sudan|Republic of South Sudan" },
    { "ST", "Sao Tome and Principe|S\xC3\xA3o Tom\xC3\xA9 and Pr\xC3\xADncipe" },
    { "SV", "El Salvador|Republic of El Salvador" },
    { "SY", "Syria|Syrian Arab Republic" },
    { "SZ", "Eswatini|Swaziland|Kingdom of Eswatini" },
    { "TC", "Turks and Caicos Islands" },
    { "TD", "Chad|Republic of Chad" },
    { "TG", "Togo|Togolese Republic" },
    { "TH", "Thailand|Kingdom of Thailand" },
    { "TJ", "Tajikistan|Republic of Tajikistan|Tadjikistan" },
    { "TK", "Tokelau" },
    { "TL", "Timor-Leste|East Timor|Democratic Republic of Timor-Leste" },
    { "TM", "Turkmenistan" },
    { "TN", "Tunisia|Republic of Tunisia" },
    { "TO", "Tonga|Kingdom of Tonga" },
    { "TR", "Turkey|T\xC3\xBCrkiye|Turkiye|Republic of Turkey|Republic of Turkiye" },
    { "TT", "Trinidad and Tobago|Trinidad & Tobago" },
    { "TV", "Tuvalu" },
    { "TW", "Taiwan|Chinese Taipei|Taiwan (China)|Taiwan, Province of China" },
    { "TZ", "Tanzania|United Republic of Tanzania" },
    { "UA", "Ukraine" },
    { "UG", "Uganda|Republic of Uganda" },
    { "US", "United States|USA|United States of America|U.S.|U.S.A.|America|US" },
    { "UY", "Uruguay|Oriental Republic of Uruguay" },
    { "UZ", "Uzbekistan|Republic of Uzbekistan" },
    { "VA", "Vatican City|Holy See|Vatican|Vatican City State" },
    { "VC", "Saint Vincent and the Grenadines|St. Vincent and the Grenadines" },
    { "VE",
      "Venezuela|Bolivarian Republic of Venezuela|Venezuela (Bolivarian Republic of)" },
    { "VG", "British Virgin Islands" },
    { "VI", "United States Virgin Islands|US Virgin Islands" },
    { "VN",
      "Vietnam|Viet Nam|Socialist Republic of Vietnam|Socialist Republic of Viet Nam" },
    { "VU", "Vanuatu|Republic of Vanuatu" },
    { "WS", "Samoa|Independent State of Samoa|Western Samoa" },
    { "XK", "Kosovo|Republic of Kosovo" },
    { "YE", "Yemen|Republic of Yemen" },
    { "ZA", "South Africa|Republic of South Africa|RSA" },
    { "ZM", "Zambia|Republic of Zambia" },
    { "ZW", "Zimbabwe|Republic of Zimbabwe" },
};

/* The next byte that counts, in lower case; 0 at the end. Curly quotes and dashes
 * (U+20xx) count as little as straight ones; other bytes beyond ASCII count as they are.
 */
static int next_letter(dgmi_str *s)
{
    while (s->n > 0) {
        unsigned char c = (unsigned char)s->p[0];
        bool mark = s->n >= 3 && memcmp(s->p, "\xE2\x80", 2) == 0;
        *s = dgmi_str_skip(*s, mark ? 3 : 1);
        if (mark)
            continue;
        if (c >= 0x80 || isalnum(c))
            return tolower(c);
    }
    return 0;
}

static bool same_label(dgmi_str a, dgmi_str b)
{
    int ca, cb;
    do {
        ca = next_letter(&a);
        cb = next_letter(&b);
    } while (ca == cb && ca != 0);
    return ca == cb;
}

static bool has_label(const country *c, dgmi_str label)
{
    dgmi_str rest = dgmi_str_of(c->labels), one;
    while (dgmi_str_split(&rest, '|', &one)) {
        if (same_label(label, one))
            return true;
    }
    return false;
}

const char *dgmi_country_code(const char *label)
{
    if (label == NULL)
        return NULL;
    dgmi_str s = dgmi_str_trim(dgmi_str_of(label));
    if (s.n < 2 || s.n > 80)
        return NULL;
    if (dgmi_str_starts_nocase(s, "the "))
        s = dgmi_str_skip(s, 4);
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
        const country *c = &countries[i];
        if ((s.n == 2 && dgmi_str_eq_nocase(s, c->code)) || has_label(c, s))
            return c->code;
    }
    return NULL;
}

const char *dgmi_country_name(const char *code, char out[64])
{
    size_t i = 0, n = sizeof countries / sizeof *countries;
    while (i < n && strcmp(countries[i].code, code) != 0)
        i++;
    dgmi_str label = dgmi_str_of(i < n ? countries[i].labels : code);
    label.n = strcspn(label.p, "|");
    snprintf(out, 64, "%.*s", (int)label.n, label.p);
    return out;
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Where a name stands in text as a whole word, in the case it is written in; or NULL. */
static const char *find_word(dgmi_str text, dgmi_str name)
{
    const char *end = text.p + text.n;
    for (const char *p = text.p; (size_t)(end - p) >= name.n; p++) {
        p = memmem(p, (size_t)(end - p), name.p, name.n);
        if (p == NULL)
            return NULL;
        bool before = p == text.p || !is_word_byte(p[-1]);
        bool behind = p + name.n == end || !is_word_byte(p[name.n]);
        if (before && p - text.p >= 4 && memcmp(p - 4, "New ", 4) == 0)
            before = false; /* New Mexico; New South Wales */
        if (p - text.p >= 6 && memcmp(p - 6, "South Wales", 11) == 0)
            before = false;
        if (before && behind)
            return p;
    }
    return NULL;
}

/* Shorter labels are acronyms and mean other things, too. */
enum { NAME_LEAST = 4 };

const char *dgmi_country_in(dgmi_str text, dgmi_str *name)
{
    const char *code = NULL;
    *name = (dgmi_str){ "", 0 };
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
        dgmi_str rest = dgmi_str_of(countries[i].labels), label;
        while (dgmi_str_split(&rest, '|', &label)) {
            const char *at = label.n >= NAME_LEAST && label.n > name->n
                                 ? find_word(text, label)
                                 : NULL;
            if (at == NULL)
                continue;
            code = countries[i].code;
            *name = (dgmi_str){ at, label.n };
        }
    }
    return code;
}
