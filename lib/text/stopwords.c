/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words so common that they tell nothing of what a text is about; folded, as tokens are.
 * Depends on stem.h. */
#include "stem.h"

#include <string.h>

/* Articles, prepositions, pronouns and auxiliaries only: a word that can be a topic is
 * not here. */
static const char *const english[] = {
    "a",     "about", "all",   "also", "am",    "an",   "and",   "any",   "are",  "as",
    "at",    "be",    "been",  "but",  "by",    "can",  "could", "did",   "do",   "does",
    "for",   "from",  "had",   "has",  "have",  "he",   "her",   "his",   "how",  "i",
    "if",    "in",    "into",  "is",   "it",    "its",  "my",    "of",    "on",   "or",
    "our",   "she",   "so",    "such", "than",  "that", "the",   "their", "them", "then",
    "there", "these", "they",  "this", "those", "to",   "was",   "we",    "were", "what",
    "when",  "where", "which", "who",  "will",  "with", "would", "you",   "your", NULL
};
static const char *const russian[] = {
    "а",   "бы",  "был", "была", "были", "было", "в",   "во",  "вы",  "для", "до",
    "его", "ее",  "же",  "за",   "и",    "из",   "или", "их",  "к",   "как", "ко",
    "мы",  "на",  "не",  "но",   "о",    "об",   "он",  "она", "они", "от",  "по",
    "под", "при", "с",   "со",   "так",  "то",   "у",   "что", "это", "я",   NULL
};
static const char *const french[] = {
    "a",  "au",   "aux", "avec", "ce",  "ces", "dans", "de",   "des", "du",   "elle",
    "en", "est",  "et",  "il",   "ils", "je",  "la",   "le",   "les", "leur", "mais",
    "ne", "nous", "on",  "ou",   "par", "pas", "pour", "qu",   "que", "qui",  "sa",
    "se", "ses",  "son", "sont", "sur", "un",  "une",  "vous", NULL
};
static const char *const german[] = {
    "als",  "am",   "an",   "auch", "auf", "aus",  "bei",   "das",   "dass",  "dem",
    "den",  "der",  "des",  "die",  "ein", "eine", "einem", "einen", "einer", "er",
    "es",   "fur",  "hat",  "ich",  "im",  "in",   "ist",   "mit",   "nach",  "nicht",
    "sich", "sie",  "sind", "uber", "um",  "und",  "von",   "war",   "was",   "wie",
    "wir",  "wird", "zu",   "zum",  "zur", NULL
};
static const char *const spanish[] = {
    "a",   "al",  "como", "con", "de", "del", "el",  "en",  "era", "es",  "esta", "este",
    "ha",  "han", "la",   "las", "le", "lo",  "los", "mas", "no",  "o",   "para", "pero",
    "por", "que", "se",   "ser", "si", "sin", "su",  "sus", "un",  "una", "y",    NULL
};

static const char *const *list_of(const char *language, dgmi_str word)
{
    static const struct {
        const char *tag;
        const char *const *words;
    } lists[] = { { "en", english },
                  { "ru", russian },
                  { "fr", french },
                  { "de", german },
                  { "es", spanish } };
    char tag[9];
    dgmi_language_tag(language, tag);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(tag, lists[i].tag) == 0)
            return lists[i].words;
    }
    if (tag[0] != '\0') /* a language without a list: better no words than another's */
        return NULL;
    return word.n > 0 && (unsigned char)word.p[0] >= 0x80 ? russian : english;
}

bool dgmi_is_stopword(const char *language, dgmi_str word)
{
    const char *const *list = list_of(language, word);
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        if (dgmi_str_eq(word, list[i]))
            return true;
    }
    return false;
}
