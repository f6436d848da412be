/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query language as one table: `dragoman syntax`, the page's help and the manual are
 * held against it by tests. Depends on dragoman.h. */
#include "dragoman.h"

static const dgm_syntax table[] = {
    { "word",
      "Items with the word in any form; of several words side by side, all of them.",
      "cyber security" },
    { "\"words\"", "These words as they stand, one after another.",
      "\"critical infrastructure\"" },
    { "-word, NOT word", "Leaves out items with the word, phrase, group or value.",
      "sanctions -oil" },
    { "a AND b", "Both sides.", "grain AND export" },
    { "a OR b", "One side at least.", "(grain OR wheat) export" },
    { "( )", "Groups.", "(grain OR wheat) (Odesa OR Izmail)" },
    { "a NEAR/n b", "At most n words from one another; 10 if no number is given.",
      "hospital NEAR/5 ransomware" },
    { "a ADJ/n b", "The same, in this order.", "minister ADJ/4 resigned" },
    { "a SENT b", "In one sentence.", "drone SENT refinery" },
    { "a PARA b", "In one paragraph.", "drone PARA refinery" },
    { "beg*", "Words that begin so.", "desalin*" },
    { "w?r*d", "? is one character, * any number of them; two letters come first.",
      "organi?ation*" },
    { "word~",
      "The word, and words within one change of a letter, or two of a long word.",
      "zelenskiy~" },
    { "exact:word",
      "The word as it is spelled; else a name is also found in its other spellings.",
      "exact:Kiev" },
    { "word^n", "Counts n times in the ranking.", "sanctions^3 (oil OR gas)" },
    { "field:value", "Items with that value.", "region:Kazakhstan" },
    { "said:words",
      "Words of one utterance: a turn of an interview, or a quotation whose speaker is "
      "named.",
      "said:\"information security\" sanctions" },
    { "question:words, answer:words",
      "The same in a question, or an answer, of an interview.",
      "question:prices answer:(gas OR oil)" },
    { "by:name", "Who says it; alone: items in which that person speaks.",
      "said:threats by:\"Oleg Khramov\"" },
    { "title:words", "In the headline.", "title:ceasefire" },
    { "date:from..to", "Published in that time; a year, a month or a day.",
      "date:2021-06..2021-09" },
    { "before:date, after:date", "Published before, or after, that time.",
      "after:2024 before:2025-02" },
    { "translated:yes", "Translations alone, or originals alone.", "translated:no" },
};

const dgm_syntax *dgm_syntax_at(size_t i)
{
    return i < sizeof table / sizeof table[0] ? &table[i] : NULL;
}
