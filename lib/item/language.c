/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of an item: as declared, unless its script says otherwise; else told from
 * the text, if there is enough of it. Depends on build.h, lib/text. */
#include "build.h"

#include <stdio.h>
#include <string.h>

#include "detect.h"
#include "fail.h"
#include "utf8.h"

enum {
    SAMPLE_MAX = 2000,  /* bytes looked at: more text tells no more */
    CONTRADICTS = 40,   /* letters from which a script can contradict a declaration */
    CONTRADICTS_PER = 8 /* tenths of them in the other script */
};

static void add_sample(dgmi_buf *sample, dgmi_str text)
{
    size_t room = sample->n < SAMPLE_MAX ? SAMPLE_MAX - sample->n : 0;
    dgmi_buf_put(sample, text.p, dgmi_utf8_cut(text.p, text.n, room));
    dgmi_buf_putc(sample, '\n');
}

/* Title and beginning of the body. What was set aside is no part of it: boilerplate is
 * often in another language than the item. */
static void take_sample(const dgmi_item *item, dgmi_buf *sample)
{
    if (item->fields[DGMI_TITLE] != NULL)
        add_sample(sample, dgmi_str_of(item->fields[DGMI_TITLE]));
    for (size_t i = 0; i < item->n_paras && sample->n < SAMPLE_MAX; i++)
        add_sample(sample, (dgmi_str){ item->paras[i].text, item->paras[i].n });
}

static void set_language(dgmi_item *item, const char *language, const char *rule,
                         const dgmi_buf *sample)
{
    char text[81];
    size_t n = dgmi_utf8_cut(sample->p, sample->n, sizeof text - 1);
    memcpy(text, sample->p, n);
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    dgmi_proof proof = { .field = "language",
                         .rule = rule,
                         .value = language,
                         .text = text,
                         .place = DGMI_AT_TEXT };
    dgmi_item_set(item, DGMI_LANGUAGE, dgmi_str_of(language));
    dgmi_prove(item, &proof);
}

static void detect(dgmi_item *item, const dgmi_buf *sample)
{
    dgmi_detected found;
    if (dgmi_detect_language(sample->p, sample->n, &found, NULL) != DGM_OK)
        item->no_memory = true;
    else if (found.language[0] != '\0')
        set_language(item, found.language, "detected", sample);
    else if (item->translated)
        set_language(item, "en", "translated", sample);
}

/* A declaration stands, whatever the detector thinks of the words: only letters of
 * another script, which that language is never written in, overrule it. */
static void doubt(dgmi_item *item, const dgmi_buf *sample)
{
    char warning[200];
    const char *declared = item->fields[DGMI_LANGUAGE];
    dgmi_script expected = dgmi_script_of_language(declared);
    dgmi_letters letters = dgmi_count_letters(sample->p, sample->n);
    dgmi_detected found;
    if (expected == DGMI_SCRIPT_NONE || letters.script == expected ||
        letters.all < CONTRADICTS ||
        letters.in_script * 10 < letters.all * CONTRADICTS_PER)
        return;
    snprintf(warning, sizeof warning,
             "declared as language %.20s, but the text is in %s script", declared,
             dgmi_script_name(letters.script));
    dgmi_item_add_warning(item, warning);
    if (dgmi_detect_language(sample->p, sample->n, &found, NULL) != DGM_OK)
        item->no_memory = true;
    else if (found.language[0] != '\0' &&
             dgmi_script_of_language(found.language) != expected)
        set_language(item, found.language, "script", sample);
}

void dgmi_prepare_language(dgmi_item *item)
{
    dgmi_buf sample;
    dgmi_buf_init(&sample, SAMPLE_MAX + 64);
    take_sample(item, &sample);
    if (sample.n == 0)
        dgmi_buf_putc(&sample, '\n');
    if (sample.failed)
        item->no_memory = true;
    else if (!dgmi_item_failed(item) && item->fields[DGMI_LANGUAGE] != NULL)
        doubt(item, &sample);
    else if (!dgmi_item_failed(item))
        detect(item, &sample);
    dgmi_buf_clear(&sample);
}
