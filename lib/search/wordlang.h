/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guessing the language of a lone word of a query by its script. Depends on lib/base. */
#ifndef DGMI_WORDLANG_H
#define DGMI_WORDLANG_H

#include "str.h"

/* "ru" for a folded word that begins in Cyrillic, else "en". */
const char *dgmi_script_language(dgmi_str word);

#endif
