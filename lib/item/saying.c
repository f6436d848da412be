/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is said to speak: a verb of saying and a name next to it. Depends on build.h. */
#include "saying.h"

#include <ctype.h>
#include <string.h>

#include "build.h"

enum { WORDS = 48, TITLES_BETWEEN = 6, ASIDE = 14, LABEL_WORDS = 8, NAME_WORDS = 3 };

static const char *const verbs[] = {
    "said",         "says",       "told",       "stated",     "states",    "noted",
    "notes",        "added",      "adds",       "stressed",   "stresses",  "emphasized",
    "emphasised",   "emphasizes", "emphasises", "explained",  "explains",  "declared",
    "declares",     "announced",  "remarked",   "commented",  "recalled",  "warned",
    "warns",        "replied",    "answered",   "wrote",      "writes",    "underlined",
    "underscored",  "concluded",  "argued",     "argues",     "insisted",  "continued",
    "tweeted",      "confirmed",  "claimed",    "claims",     "observed",  "highlighted",
    "reiterated",   "confessed",  "joked",      "promised",   "pledged",   "vowed",
    "acknowledged", "admitted",   "asked",      "called",     "described", "dubbed",
    "believes",     "urged",      "testified",  "proclaimed", "quipped",   "lamented",
    "clarified",    "indicated",  "specified",  "summed",     NULL,
};
static const char *const pronouns[] = { "he", "she", "they", "i", "we", "it", NULL };
/* What may stand between a name and its verb. */
static const char *const between[] = { "also",       "has",     "had",      "have",
                                       "later",      "then",    "further",  "furthermore",
                                       "once",       "again",   "famously", "recently",
                                       "previously", "once",    "and",      "repeatedly",
                                       "himself",    "herself", NULL };
static const char *const particles[] = { "de",  "da",  "van", "von", "der", "al", "el",
                                         "bin", "ibn", "di",  "del", "le",  NULL };
/* Capitalised at the beginning of a sentence, and nobody's name. */
static const char *const nobody[] = {
    "Officials",   "Analysts", "Experts", "Critics",  "Authorities", "Residents",
    "Witnesses",   "People",   "Others",  "Many",     "Some",        "One",
    "Reporters",   "Police",   "Sources", "Everyone", "Someone",     "Which",
    "Who",         "What",     "There",   "Here",     "It",          "Another",
    "Both",        "Each",     "He",      "She",      "They",        "We",
    "I",           "You",      "It",      "Also",     "Then",        "Critics",
    "Journalists", "Members",  "Several", "Asked",    "Speaking",    "Addressing",
    NULL,
};

typedef struct word {
    dgmi_str text;
    bool stop;  /* punctuation behind it */
    bool name;  /* could be part of a name */
    bool owner; /* ends in 's */
    bool quote; /* a quotation lies before it */
} word;

typedef struct sentence {
    word words[WORDS];
    size_t n;
} sentence;

static bool in_list(dgmi_str text, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (dgmi_str_eq(text, *list))
            return true;
    }
    return false;
}

/* Takes marks off both ends; a single letter keeps its dot. */
static word make_word(dgmi_str text)
{
    word w = { .stop = false };
    while (text.n > 0 && strchr("([*_", text.p[0]))
        text = dgmi_str_skip(text, 1);
    while (text.n > 1 && strchr(",;:)]!?*_", text.p[text.n - 1])) {
        w.stop = true;
        text.n--;
    }
    if (text.n > 4 && text.p[text.n - 1] == '.') {
        w.stop = true;
        text.n--;
    }
    w.owner = dgmi_str_ends(text, "'s") || dgmi_str_ends(text, "\xE2\x80\x99s");
    w.name = dgmi_is_name_word(text) && (text.n > 2 || (unsigned char)text.p[0] < 0x80);
    w.text = text;
    return w;
}

/* The words of text, the last WORDS of them. */
static void read_sentence(sentence *s, dgmi_str text)
{
    dgmi_str one;
    s->n = 0;
    while (dgmi_str_split(&text, ' ', &one)) {
        word w = make_word(one);
        if (w.text.n == 0 || dgmi_dash_at(w.text.p, w.text.p + w.text.n) == w.text.n) {
            if (s->n > 0)
                s->words[s->n - 1].stop = true; /* a dash parts */
            continue;
        }
        if (s->n == WORDS)
            memmove(s->words, s->words + 1, --s->n * sizeof *s->words);
        s->words[s->n++] = w;
    }
}

static bool is_verb(const sentence *s, size_t i)
{
    return in_list(s->words[i].text, verbs);
}

/* ---- Names ---- */

static bool is_initial(dgmi_str text)
{
    return text.n == 2 && text.p[1] == '.';
}

static bool is_in_list_nocase(dgmi_str text, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (dgmi_str_eq_nocase(text, *list))
            return true;
    }
    return false;
}

static bool is_pronoun(dgmi_str text)
{
    return is_in_list_nocase(text, pronouns);
}

/* Before places. "According to" comes before people. */
static bool is_preposition(const sentence *s, size_t i)
{
    static const char *const before[] = { "in", "on",   "at",   "for", "from",
                                          "to", "with", "into", NULL };
    bool according = i > 0 && dgmi_str_eq_nocase(s->words[i - 1].text, "according");
    return !according && is_in_list_nocase(s->words[i].text, before);
}

/* "in Geneva said", "the Kremlin said": a place, or a body. */
static bool is_place(const sentence *s, size_t first, size_t last)
{
    if (is_preposition(s, first))
        return true;
    if (first == 0 || s->words[first - 1].stop)
        return false;
    return is_preposition(s, first - 1) ||
           (first == last && dgmi_str_eq(s->words[first - 1].text, "the"));
}

/* The words first..last are capitalised: the person's name at their end. */
static dgmi_saying name_of_run(const sentence *s, size_t first, size_t last)
{
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    if (is_pronoun(s->words[last].text))
        return (dgmi_saying){ .kind = DGMI_SAID_BY_PRONOUN };
    if (is_place(s, first, last))
        return none;
    if (first > 0 && dgmi_str_eq(s->words[first - 1].text, "of"))
        first++; /* "President of Russia Vladimir Putin" */
    while (first <= last && (dgmi_is_title(s->words[first].text) ||
                             (first < last && dgmi_opens_sentence(s->words[first].text))))
        first++;
    if (first > last || dgmi_is_title(s->words[last].text) || s->words[last].owner)
        return none;
    size_t n = last - first + 1;
    if (n == 1 && (dgmi_opens_sentence(s->words[last].text) ||
                   in_list(s->words[last].text, nobody)))
        return none;
    bool three = n >= NAME_WORDS && (is_initial(s->words[last - 1].text) ||
                                     dgmi_is_patronymic(s->words[last - 1].text) ||
                                     in_list(s->words[last - 1].text, particles));
    if (n > 2)
        first = last - (three ? 2 : 1);
    dgmi_str from = s->words[first].text, to = s->words[last].text;
    return (dgmi_saying){ DGMI_SAID_BY_NAME, { from.p, (size_t)(to.p + to.n - from.p) } };
}

/* The name whose last word is `last`. */
static dgmi_saying name_ending(const sentence *s, size_t last)
{
    size_t first = last;
    if (!s->words[last].name)
        return (dgmi_saying){ .kind = DGMI_SAID_NOWHERE };
    while (first > 0 && !s->words[first - 1].stop &&
           (s->words[first - 1].name ||
            (first > 1 && in_list(s->words[first - 1].text, particles))))
        first--;
    while (!s->words[first].name)
        first++;
    return name_of_run(s, first, last);
}

static dgmi_saying name_beginning(const sentence *s, size_t first)
{
    size_t last = first;
    while (!s->words[last].stop && last + 1 < s->n &&
           (s->words[last + 1].name || (last + 2 < s->n && s->words[last + 2].name &&
                                        in_list(s->words[last + 1].text, particles))))
        last++;
    return name_of_run(s, first, last);
}

/* "Anna Keller, the minister of trade, said": the word before the comma before this
 * one's.
 */
static bool over_aside(const sentence *s, size_t at, size_t *name)
{
    for (size_t i = at; i-- > 0 && at - i <= ASIDE;) {
        if (s->words[i].stop) {
            *name = i;
            return s->words[i].name;
        }
    }
    return false;
}

/* "the minister for trade, Anna Keller, said": two or three such words between commas. */
static bool is_aside_name(const sentence *s, size_t last)
{
    size_t first = last;
    while (first > 0 && !s->words[first - 1].stop)
        first--;
    for (size_t i = first; i <= last; i++) {
        if (!s->words[i].name || dgmi_is_title(s->words[last].text))
            return false;
    }
    return first > 0 && last > first && last - first < NAME_WORDS;
}

/* Who stands before the verb. */
static dgmi_saying subject_before(const sentence *s, size_t verb)
{
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    size_t at = verb;
    while (at > 0 && !s->words[at - 1].stop && in_list(s->words[at - 1].text, between))
        at--;
    if (at == 0)
        return none;
    const word *w = &s->words[at - 1];
    if (!w->stop && is_pronoun(w->text))
        return (dgmi_saying){ .kind = DGMI_SAID_BY_PRONOUN };
    size_t name = at - 1;
    if (w->stop && !is_aside_name(s, at - 1) && !over_aside(s, at - 1, &name))
        return none;
    return name_ending(s, name);
}

/* Who stands behind it: "said Anna Keller", "said the ministry spokesman Petrov". */
static dgmi_saying subject_behind(const sentence *s, size_t verb)
{
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    for (size_t i = verb + 1; i < s->n && i - verb <= TITLES_BETWEEN; i++) {
        if (s->words[i - 1].stop)
            return none;
        if (i == verb + 1 && in_list(s->words[i].text, pronouns))
            return (dgmi_saying){ .kind = DGMI_SAID_BY_PRONOUN };
        if (!s->words[i].name)
            continue;
        dgmi_saying found = name_beginning(s, i);
        if (found.kind != DGMI_SAID_NOWHERE)
            return found;
        while (i + 1 < s->n && s->words[i + 1].name && !s->words[i].stop)
            i++; /* a title alone: the name may come after "of" something */
    }
    return none;
}

/* ---- Beside a quotation ---- */

dgmi_saying dgmi_saying_behind(dgmi_str text, bool ended)
{
    sentence s;
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    while (text.n > 0 && strchr(", ", text.p[0]))
        text = dgmi_str_skip(text, 1);
    read_sentence(&s, text);
    if (s.n == 0)
        return none;
    if (is_verb(&s, 0))
        return subject_behind(&s, 0);
    if (ended)
        return none;
    for (size_t i = 1; i < s.n; i++) {
        bool begins = s.words[0].name || in_list(s.words[0].text, pronouns) ||
                      dgmi_str_eq(s.words[0].text, "the");
        if (!begins)
            return none;
        if (is_verb(&s, i))
            return subject_before(&s, i);
        if (i > ASIDE)
            return none;
    }
    return none;
}

dgmi_saying dgmi_saying_ahead(dgmi_str text)
{
    sentence s;
    dgmi_saying found = { .kind = DGMI_SAID_NOWHERE };
    read_sentence(&s, text);
    for (size_t i = s.n; i-- > 0 && found.kind == DGMI_SAID_NOWHERE;) {
        if (!is_verb(&s, i))
            continue;
        found = subject_before(&s, i);
        if (found.kind == DGMI_SAID_NOWHERE)
            found = subject_behind(&s, i);
        if (found.kind == DGMI_SAID_NOWHERE)
            return found; /* somebody else says it */
    }
    for (size_t i = 1; i + 1 < s.n && found.kind == DGMI_SAID_NOWHERE; i++) {
        bool according = dgmi_str_eq(s.words[i].text, "to") &&
                         dgmi_str_eq_nocase(s.words[i - 1].text, "according");
        if (according && s.words[i + 1].name)
            found = name_beginning(&s, i + 1);
    }
    return found;
}

/* Past what opens an entry of a list. */
static dgmi_str skip_bullet(dgmi_str text)
{
    text = dgmi_str_trim(text);
    size_t dash = text.n > 0 ? dgmi_dash_at(text.p, text.p + text.n) : 0;
    return dgmi_str_trim(dgmi_str_skip(text, dash));
}

dgmi_saying dgmi_saying_label(dgmi_str text)
{
    dgmi_saying none = { .kind = DGMI_SAID_NOWHERE };
    dgmi_str label = skip_bullet(text), rest, one;
    size_t words = 0;
    if (label.n < 2 || label.p[label.n - 1] != ':')
        return none;
    label.n--;
    const char *bracket = memchr(label.p, '(', label.n);
    if (bracket)
        label = dgmi_str_trim((dgmi_str){ label.p, (size_t)(bracket - label.p) });
    for (rest = label; dgmi_str_split(&rest, ' ', &one); words++) {
        bool small = one.n == 0 || islower((unsigned char)one.p[0]);
        if ((small &&
             (words == 0 || (!dgmi_str_eq(one, "of") && !in_list(one, particles)))) ||
            one.p[one.n - 1] == ',' || words == LABEL_WORDS)
            return none;
    }
    bool named = words > 0 && isupper((unsigned char)label.p[0]) &&
                 (words > 1 || (!dgmi_opens_sentence(label) && !in_list(label, nobody)));
    return named ? (dgmi_saying){ DGMI_SAID_BY_NAME, label } : none;
}
