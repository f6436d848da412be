/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who speaks in an interview: names in a question's address and in its lead. Depends on
 * build.h. */
#include "build.h"
#include "quotes.h"

#include <ctype.h>
#include <string.h>

typedef struct words {
    dgmi_str rest;
} words;

/* The next run of bytes without a space. */
static bool next_word(words *w, dgmi_str *word)
{
    while (w->rest.n > 0 && w->rest.p[0] == ' ')
        w->rest = dgmi_str_skip(w->rest, 1);
    return dgmi_str_split(&w->rest, ' ', word) && word->n > 0;
}

static bool in_list(dgmi_str word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (dgmi_str_eq_nocase(word, *list))
            return true;
    }
    return false;
}

bool dgmi_is_name_word(dgmi_str word)
{
    if (word.n == 0 || (unsigned char)word.p[0] == 0xE2)
        return false;
    if (!isupper((unsigned char)word.p[0]) && (unsigned char)word.p[0] < 0x80)
        return false;
    for (size_t i = 1; i < word.n; i++) {
        char c = word.p[i];
        if (!isalpha((unsigned char)c) && (unsigned char)c < 0x80 &&
            strchr("'-.", c) == NULL)
            return false;
    }
    return true;
}

/* Offices and the like: capitalised in official prose, yet no names. */
static const char *const offices[] = {
    "Minister",     "Secretary",      "President", "Chairman",     "Director",
    "Governor",     "Ambassador",     "Deputy",    "General",      "Chancellor",
    "Premier",      "Prime",          "Speaker",   "Commissioner", "Head",
    "Chief",        "Chair",          "Mayor",     "Madam",        "Excellency",
    "Council",      "Federation",     "Union",     "Government",   "Republic",
    "Committee",    "Nations",        "States",    "Ministry",     "Gazeta",
    "Times",        "News",           "Agency",    "Post",         "Channel",
    "Today",        "Newspaper",      "Journal",   "Radio",        "Television",
    "Herald",       "Tribune",        "Kingdom",   "Affairs",      "Officer",
    "Spokesperson", "Representative", NULL,
};

/* First words of a sentence that are capitalised for that reason alone. */
static const char *const openers[] = {
    "Last",     "Next",     "This",    "That",     "In",        "On",        "At",
    "After",    "Before",   "Since",   "For",      "By",        "With",      "From",
    "During",   "Today",    "Now",     "Yes",      "No",        "Well",      "So",
    "And",      "Like",     "Another", "But",      "Dear",      "As",        "If",
    "When",     "While",    "The",     "Monday",   "Tuesday",   "Wednesday", "Thursday",
    "Friday",   "Saturday", "Sunday",  "January",  "February",  "March",     "April",
    "May",      "June",     "July",    "August",   "September", "October",   "November",
    "December", "United",   "Western", "European", "Russian",   "American",  "South",
    "North",    "East",     "West",    "New",      "Again",     "Good",      "According",
    "Despite",  NULL,
};

bool dgmi_is_patronymic(dgmi_str word)
{
    static const char *const ends[] = { "vich", "vna",  "ichna", "yich",
                                        "nich", "mich", "lich" };
    for (size_t i = 0; word.n >= 5 && i < sizeof ends / sizeof *ends; i++) {
        if (dgmi_str_ends(word, ends[i]))
            return true;
    }
    return false;
}

static const char *const courtesies[] = { "Mr.", "Mrs.", "Ms.", "Dr.", "Mr",
                                          "Mrs", "Ms",   "Dr",  NULL };

/* Before names alone, so they are no offices. */
static const char *const forenames[] = {
    "Sen",           "Rep",           "Gov",         "Gen",       "Lt",
    "Col",           "Prof",          "Hon",         "Sen.",      "Rep.",
    "Gov.",          "Gen.",          "Lt.",         "Col.",      "Prof.",
    "Hon.",          "Senator",       "Congressman", "Sir",       "Justice",
    "Congresswoman", "Administrator", "Judge",       "Professor", "Acting",
    "Vice",          "The",           "First",       "Lady",      "Foreign",
    "Defence",       "Defense",       NULL,
};

bool dgmi_is_title(dgmi_str word)
{
    return in_list(word, offices) || in_list(word, courtesies) ||
           in_list(word, forenames);
}

dgmi_str dgmi_untitled(dgmi_str key)
{
    dgmi_str rest = key, word;
    while (dgmi_str_split(&rest, ' ', &word) && dgmi_is_title(word)) {
        if (rest.n == 0)
            return key;
        key = rest;
    }
    return key;
}

bool dgmi_opens_sentence(dgmi_str word)
{
    return in_list(word, openers);
}

static bool speaks_to_somebody(dgmi_str text)
{
    return memmem(text.p, text.n, " you ", 5) != NULL ||
           memmem(text.p, text.n, " your ", 6) != NULL ||
           memmem(text.p, text.n, " you?", 5) != NULL;
}

static dgmi_str span(dgmi_str first, dgmi_str last)
{
    return (dgmi_str){ first.p, (size_t)(last.p + last.n - first.p) };
}

static bool take_comma(dgmi_str *word)
{
    if (word->n == 0 || word->p[word->n - 1] != ',')
        return false;
    word->n--;
    return true;
}

dgmi_str dgmi_vocative(dgmi_str question)
{
    dgmi_str none = { "", 0 }, first = none, second = none, third = none;
    words w = { question };
    if (!next_word(&w, &first) || !dgmi_is_name_word(first) || !next_word(&w, &second))
        return none;
    bool ended = take_comma(&second);
    if (!ended && next_word(&w, &third) && take_comma(&third) &&
        dgmi_is_name_word(second) && dgmi_is_name_word(third) &&
        dgmi_is_patronymic(second))
        return span(first, third);
    if (!ended || !dgmi_is_name_word(second) || in_list(second, offices))
        return none;
    if (in_list(first, courtesies) || dgmi_is_patronymic(second))
        return span(first, second);
    bool plain =
        !in_list(first, openers) && !in_list(first, offices) && !in_list(second, openers);
    return plain && speaks_to_somebody(question) ? span(first, second) : none;
}

/* The last words of a run of capitalised ones: "Russian Federation Oleg Khramov" -> the
 * last two, or three with a patronymic between. */
typedef struct run {
    dgmi_str last[3];
    size_t n;
} run;

static void run_add(run *r, dgmi_str word)
{
    r->last[0] = r->last[1];
    r->last[1] = r->last[2];
    r->last[2] = word;
    r->n++;
}

static dgmi_str run_name(const run *r)
{
    if (r->n < 2 || in_list(r->last[1], offices) || in_list(r->last[2], offices))
        return (dgmi_str){ "", 0 };
    bool three =
        r->n >= 3 && dgmi_is_patronymic(r->last[1]) && !in_list(r->last[0], offices);
    return span(r->last[three ? 0 : 1], r->last[2]);
}

/* Takes closing punctuation off a word; true if there was any. */
static bool take_stop(dgmi_str *word)
{
    if (word->n < 3 || strchr(".,;:)?!", word->p[word->n - 1]) == NULL)
        return false;
    word->n--;
    return true;
}

static dgmi_str name_in(dgmi_str text)
{
    words w = { text };
    run r = { .n = 0 };
    dgmi_str word, name = { "", 0 };
    for (int count = 0; count < 30 && next_word(&w, &word); count++) {
        bool stop = take_stop(&word);
        bool named = dgmi_is_name_word(word);
        if (named)
            run_add(&r, word);
        if (stop || (!named && !dgmi_str_eq(word, "of") && !dgmi_str_eq(word, "the"))) {
            name = run_name(&r);
            if (name.n > 0 || (stop && r.n > 0))
                return name;
        }
        if (!named)
            r.n = 0;
    }
    return run_name(&r);
}

dgmi_str dgmi_interviewed(dgmi_str lead)
{
    static const char *const openings[] = { "nterview of ", "nterview with ",
                                            "nterview by ", "nterview given by " };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t n = strlen(openings[i]);
        const char *at = memmem(lead.p, lead.n, openings[i], n);
        if (at == NULL)
            continue;
        dgmi_str name = name_in(dgmi_str_skip(lead, (size_t)(at - lead.p) + n));
        if (name.n > 0)
            return name;
    }
    return (dgmi_str){ "", 0 };
}

bool dgmi_same_first_name(dgmi_str a, dgmi_str b)
{
    words wa = { a }, wb = { b };
    dgmi_str first, second;
    return next_word(&wa, &first) && next_word(&wb, &second) && first.n == second.n &&
           memcmp(first.p, second.p, first.n) == 0;
}
