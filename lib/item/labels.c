/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interviews whose turns open with a label: "Question:", "A:", "MS. KELLER:". Depends on
 * turns.h. */
#include "turns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_BYTES = 60, LABEL_WORDS = 6, SPEAKERS_MAX = 64 };

typedef enum label_kind { NO_LABEL, ASKS, REPLIES, NAMED } label_kind;

typedef struct label {
    label_kind kind;
    dgmi_str name;  /* of NAMED */
    size_t skip;    /* bytes that say no more than the role does */
    size_t speaker; /* index into speakers, of NAMED */
} label;

typedef struct speaker {
    dgmi_str name;
    size_t turns, asking;
} speaker;

typedef struct labels {
    label *at; /* one a paragraph */
    size_t n;
    speaker speakers[SPEAKERS_MAX];
    size_t n_speakers;
    size_t asks, replies, named;
} labels;

static bool in_list(dgmi_str word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (dgmi_str_eq_nocase(word, *list))
            return true;
    }
    return false;
}

/* "MS. KELLER", "Anna van der Berg": capitals, and small words only inside. */
static bool is_name(dgmi_str s)
{
    static const char *const particles[] = { "of", "de", "da",  "van", "von", "der",
                                             "al", "el", "bin", "the", NULL };
    dgmi_str word;
    size_t words = 0;
    while (dgmi_str_split(&s, ' ', &word)) {
        unsigned char c = word.n > 0 ? (unsigned char)word.p[0] : ' ';
        if (!isupper(c) && c < 0x80 && !(words > 0 && in_list(word, particles)))
            return false;
        if (memchr(word.p, '?', word.n) != NULL || memchr(word.p, ',', word.n) != NULL)
            return false;
        words++;
    }
    return words > 0 && words <= LABEL_WORDS;
}

static size_t skip_spaces(dgmi_str s, size_t at)
{
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* Headings of a transcript, which look like names of speakers. */
static bool is_heading(dgmi_str name)
{
    static const char *const headings[] = {
        "subject",       "subjects",   "topic",   "topics",    "title",   "date",
        "time",          "location",   "venue",   "place",     "contact", "contacts",
        "media contact", "phone",      "email",   "e-mail",    "note",    "notes",
        "source",        "transcript", "program", "programme", NULL
    };
    return in_list(name, headings);
}

static label read_label(dgmi_str s)
{
    static const char *const asking[] = { "question",      "q",          "interviewer",
                                          "correspondent", "journalist", "reporter",
                                          "moderator",     "host",       "presenter",
                                          "anchor",        NULL };
    static const char *const replying[] = { "answer", "a", NULL };
    label none = { NO_LABEL, { "", 0 }, 0, 0 };
    size_t limit = s.n < LABEL_BYTES ? s.n : LABEL_BYTES;
    const char *colon = limit > 0 ? memchr(s.p, ':', limit) : NULL;
    if (s.n > 3 && s.p[0] == 'Q' && s.p[1] == ' ' &&
        (isupper((unsigned char)s.p[2]) || (unsigned char)s.p[2] >= 0x80 ||
         s.p[2] == '('))
        return (label){ ASKS, { "", 0 }, 2, 0 };
    if (colon == NULL)
        return none;
    size_t n = (size_t)(colon - s.p), after = skip_spaces(s, n + 1);
    dgmi_str name = dgmi_str_trim((dgmi_str){ s.p, n });
    if (in_list(name, asking))
        return (label){ ASKS, name, after, 0 };
    if (in_list(name, replying))
        return (label){ REPLIES, name, after, 0 };
    bool apart = after == s.n || after > n + 1; /* "12:30" and "https:" are no labels */
    return apart && is_name(name) && !is_heading(name) ? (label){ NAMED, name, 0, 0 }
                                                       : none;
}

static size_t speaker_of(labels *l, dgmi_str name)
{
    for (size_t i = 0; i < l->n_speakers; i++) {
        const speaker *s = &l->speakers[i];
        if (s->name.n == name.n && memcmp(s->name.p, name.p, name.n) == 0)
            return i;
    }
    if (l->n_speakers == SPEAKERS_MAX)
        return SPEAKERS_MAX;
    l->speakers[l->n_speakers] = (speaker){ name, 0, 0 };
    return l->n_speakers++;
}

/* Whether the turn that opens at i ends by asking: a speech only has questions in its
 * middle. */
static bool turn_asks(const labels *l, const dgmi_view *v, size_t i)
{
    while (i + 1 < l->n && l->at[i + 1].kind == NO_LABEL)
        i++;
    return v[i].asks;
}

static void read_labels(const dgmi_item *item, const dgmi_view *v, labels *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->at[i] = read_label((dgmi_str){ item->paras[i].text, item->paras[i].n });
    for (size_t i = 0; i < l->n; i++) {
        label *at = &l->at[i];
        if (at->kind == NAMED) {
            at->speaker = speaker_of(l, at->name);
            if (at->speaker == SPEAKERS_MAX) {
                at->kind = NO_LABEL;
                continue;
            }
            speaker *s = &l->speakers[at->speaker];
            s->turns++;
            s->asking += turn_asks(l, v, i);
        }
        l->asks += at->kind == ASKS;
        l->replies += at->kind == REPLIES;
        l->named += at->kind == NAMED;
    }
}

static bool is_asker(const speaker *s)
{
    return s->asking * 2 >= s->turns;
}

static dgmi_start start_of(const labels *l, const label *at)
{
    if (at->kind == ASKS)
        return DGMI_STARTS_QUESTION;
    if (at->kind == REPLIES)
        return DGMI_STARTS_ANSWER;
    if (at->kind == NO_LABEL || l->replies > 0)
        return DGMI_STARTS_NOTHING;
    const speaker *s = &l->speakers[at->speaker];
    if (l->asks > 0) /* the questions are labelled: whoever has a name answers */
        return DGMI_STARTS_ANSWER;
    if (s->turns < 2)
        return DGMI_STARTS_NOTHING;
    return is_asker(s) ? DGMI_STARTS_QUESTION : DGMI_STARTS_ANSWER;
}

/* Sets the marks and counts how often a question is followed by an answer. */
static size_t set_marks(const labels *l, dgmi_view *v)
{
    size_t pairs = 0;
    dgmi_start last = DGMI_STARTS_NOTHING;
    for (size_t i = 0; i < l->n; i++) {
        dgmi_start start = start_of(l, &l->at[i]);
        v[i].start = start;
        if (start == DGMI_STARTS_NOTHING)
            continue;
        pairs += last == DGMI_STARTS_QUESTION && start == DGMI_STARTS_ANSWER;
        last = start;
        if (l->at[i].kind == NAMED)
            v[i].speaker = l->at[i].name;
        v[i].skip = l->at[i].skip;
    }
    return pairs;
}

/* Only the answers have a name before them; each follows a paragraph that asks. */
static size_t mark_named_answers(const labels *l, dgmi_view *v)
{
    size_t pairs = 0;
    for (size_t i = 1; i < l->n; i++) {
        if (l->at[i].kind != NAMED || l->at[i - 1].kind != NO_LABEL || !v[i - 1].asks)
            continue;
        v[i - 1].start = DGMI_STARTS_QUESTION;
        v[i].start = DGMI_STARTS_ANSWER;
        v[i].speaker = l->at[i].name;
        v[i].skip = l->at[i].skip;
        pairs++;
    }
    return pairs * 2 > l->named ? pairs : 0;
}

static void clear_marks(const labels *l, dgmi_view *v)
{
    for (size_t i = 0; i < l->n; i++) {
        v[i].start = DGMI_STARTS_NOTHING;
        v[i].speaker = (dgmi_str){ "", 0 };
        v[i].skip = v[i].dash ? v[i].skip : 0;
    }
}

static bool find_marks(const labels *l, dgmi_view *v)
{
    bool plain = l->asks > 0 && (l->replies > 0 || l->named > 0);
    if ((plain || l->named >= 4) &&
        set_marks(l, v) >= (plain && l->replies > 0 ? 1u : 2u))
        return true;
    clear_marks(l, v);
    if (l->asks + l->replies == 0 && mark_named_answers(l, v) >= 2)
        return true;
    clear_marks(l, v);
    return false;
}

bool dgmi_find_labelled(const dgmi_item *item, dgmi_view *v)
{
    labels *l = calloc(1, sizeof *l);
    bool found = false;
    if (l != NULL)
        l->at = calloc(item->n_paras, sizeof *l->at);
    if (l != NULL && l->at != NULL) {
        l->n = item->n_paras;
        read_labels(item, v, l);
        found = find_marks(l, v);
    }
    if (l != NULL)
        free(l->at);
    free(l);
    return found;
}
