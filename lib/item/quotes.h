/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotations in running text whose speaker the text names. Found anew whenever they are
 * needed, so they are no part of an item. Depends on lib/base, lib/text. */
#ifndef DGMI_QUOTES_H
#define DGMI_QUOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

#define DGMI_QUOTES_MAX 32 /* of one paragraph; further ones are left out */

typedef struct dgmi_quote {
    size_t from, to;  /* bytes of the paragraph, without the marks */
    dgmi_str speaker; /* as the text writes the name; lies in it */
} dgmi_quote;

/* Who spoke last, for "he added" in the next paragraph. Zeroed: nobody. */
typedef struct dgmi_quoter {
    dgmi_str last;
} dgmi_quoter;

/* The attributed quotations of one paragraph, of at least three words each, in order.
 * Attribution is by an English verb of saying next to a name ("...", said Anna Keller;
 * Keller told reporters: "..."), by the name and a colon, or by going on where such a
 * quotation ended. Whatever is less clear is left out. Paragraphs of an item are to be
 * given in order, and must live as long as `quoter` does. Returns how many. */
size_t dgmi_quotes_find(dgmi_quoter *quoter, dgmi_str paragraph,
                        dgmi_quote out[DGMI_QUOTES_MAX]);

/* A folded name without the titles that it begins with, unless it has nothing else. */
dgmi_str dgmi_untitled(dgmi_str key);

#endif
