/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of turns.c, labels.c and speaker.c: every turn of interviews in each form, and
 * none where there is no interview. Depends on lib/item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "item.h"

#define D "\xE2\x80\x93 " /* en dash and space */
#define E "\xE2\x80\x94 " /* em dash and space */
#define P "\n\n"
#define BLOCK "\n\n\n"

static dgm_item *prepare(const char *title, const char *body)
{
    dgm_item *item = NULL;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_item *b = dgmi_item_new();
    assert_non_null(b);
    dgmi_item_set(b, DGMI_TITLE, dgmi_str_of(title));
    dgmi_item_add_text(b, dgmi_str_of(body));
    if (dgmi_item_prepare(b, body, strlen(body), &err) != DGM_OK ||
        dgmi_item_finish(b, &item, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return item;
}

/* One turn as it ought to be: the first paragraph begins with `opens`. */
typedef struct turn {
    dgm_role role;
    const char *speaker;
    uint32_t paragraphs;
    const char *opens;
} turn;

static void assert_turns(const dgm_item *item, const turn *wanted, size_t n)
{
    assert_int_equal(item->n_turns, n);
    for (size_t i = 0; i < n; i++) {
        const dgm_turn *is = &item->turns[i];
        const char *first = item->paragraphs[is->from];
        assert_int_equal(is->role, wanted[i].role);
        assert_int_equal(is->to - is->from, wanted[i].paragraphs);
        if (strncmp(first, wanted[i].opens, strlen(wanted[i].opens)) != 0)
            fail_msg("turn %zu opens with \"%s\"", i, first);
        if (wanted[i].speaker == NULL)
            assert_null(is->speaker);
        else if (is->speaker == NULL)
            fail_msg("turn %zu has no speaker", i);
        else
            assert_string_equal(is->speaker, wanted[i].speaker);
        if (i > 0)
            assert_int_equal(is->from, item->turns[i - 1].to);
    }
    if (n > 0)
        assert_int_equal(item->turns[n - 1].to, item->n_paragraphs);
}

static void assert_no_turns(const char *body)
{
    dgm_item *item = prepare("A title", body);
    if (item->n_turns != 0)
        fail_msg("%zu turns in: %s", item->n_turns, body);
    dgm_item_free(item);
}

/* The seed's form: the first question has no dash, nor has the second (which does not
 * even end in its question mark), the third and the fourth have one, the last is inside
 * the block of an answer. */
static const char seed_form[] =
    "Post sponsored by" P "MIL OSI Translation. Region: Russian Federation \xE2\x80\x93" P
    "Pavel Igorevich, which rivers worry the Water Office most?" P D
    "The small ones, because nobody measures them." P
    "Levels have fallen for three years. What will happen in a dry summer?" P
    "We have therefore ordered forty gauges." BLOCK
    "Are the neighbours ready to share their figures? After all, they have refused for "
    "years." P D "They are ready now." P
    "An agreement \xE2\x80\x93 the first of its kind \xE2\x80\x93 was signed in May." P
    "As for the canals." BLOCK D "You mentioned gauges. Who will read them?" P D
    "Pupils of the river schools will." P "They have done so since March." BLOCK D
    "And who pays?" P D "The office does." BLOCK
    "Pavel Igorevich, the plan for the delta was approved yesterday. What changes?" P D
    "Three things change." P "The banks are planted." P D
    "How will the work be shared?" P D "Between the office and the towns." P
    "The towns plant, the office counts." P
    "EDITOR\xE2\x80\x99S NOTE: This article is a translation. Apologies should the "
    "grammar and / or "
    "sentence structure not be perfect." P "MIL OSI Russia News";

static void the_seed_form_gives_every_turn(void **state)
{
    (void)state;
    static const char *const name = "Pavel Igorevich";
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "Pavel Igorevich, which rivers" },
        { DGM_ANSWER, name, 3, "The small ones" },
        { DGM_QUESTION, NULL, 1, "Are the neighbours ready" },
        { DGM_ANSWER, name, 3, "They are ready now." },
        { DGM_QUESTION, NULL, 1, "You mentioned gauges." },
        { DGM_ANSWER, name, 2, "Pupils of the river" },
        { DGM_QUESTION, NULL, 1, "And who pays?" },
        { DGM_ANSWER, name, 1, "The office does." },
        { DGM_QUESTION, NULL, 1, "Pavel Igorevich, the plan" },
        { DGM_ANSWER, name, 2, "Three things change." },
        { DGM_QUESTION, NULL, 1, "How will the work" },
        { DGM_ANSWER, name, 2, "Between the office" },
    };
    dgm_item *item = prepare(NULL, seed_form);
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    assert_string_equal(item->title,
                        "Pavel Igorevich, which rivers worry the Water Office most?");
    assert_int_equal(item->n_asides, 4);
    dgm_item_free(item);
}

/* The same without the blocks, as it comes out of HTML. */
static void the_seed_form_survives_lost_blocks(void **state)
{
    (void)state;
    char text[sizeof seed_form];
    size_t n = 0;
    for (const char *p = seed_form; *p != '\0'; p++) {
        if (strncmp(p, BLOCK, 3) != 0)
            text[n++] = *p;
    }
    text[n] = '\0';
    dgm_item *item = prepare(NULL, text);
    assert_int_equal(item->n_turns, 12);
    assert_int_equal(item->turns[2].role, DGM_QUESTION);
    assert_int_equal(item->turns[2].to - item->turns[2].from, 1);
    dgm_item_free(item);
}

static void a_question_of_two_paragraphs_begins_with_its_block(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What is built?" },
        { DGM_ANSWER, NULL, 1, "A bridge." },
        { DGM_QUESTION, NULL, 2, "Your office spoke of a tunnel." },
        { DGM_ANSWER, NULL, 2, "No, a bridge." },
        { DGM_QUESTION, NULL, 1, "Tell us about the money." },
        { DGM_ANSWER, NULL, 1, "There is enough." },
    };
    dgm_item *item = prepare(
        "A title",
        "We met in the harbour." P "What is built?" P E "A bridge." BLOCK
        "Your office spoke of a tunnel." P "Was that a mistake?" P E "No, a bridge." P
        "It is long." BLOCK E "Tell us about the money." P E "There is enough.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    assert_string_equal(item->paragraphs[0], "We met in the harbour.");
    dgm_item_free(item);
}

static void dashes_may_open_questions_alone(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What is built?" },
        { DGM_ANSWER, NULL, 2, "A bridge." },
        { DGM_QUESTION, NULL, 1, "And when?" },
        { DGM_ANSWER, NULL, 1, "In spring." },
    };
    dgm_item *item = prepare("A title", D "What is built?" P "A bridge." P
                                          "It is long." P D "And when?" P "In spring.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    dgm_item_free(item);
}

static void blocks_may_part_questions_without_dashes(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What is built?" },
        { DGM_ANSWER, NULL, 2, "A bridge." },
        { DGM_QUESTION, NULL, 1, "And when?" },
        { DGM_ANSWER, NULL, 1, "In spring." },
    };
    dgm_item *item = prepare("A title", "What is built?" P "A bridge." P
                                        "It is long." BLOCK "And when?" P "In spring.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    dgm_item_free(item);
}

static void a_line_set_aside_passes_its_block_on(void **state)
{
    (void)state;
    dgm_item *item =
        prepare("A title", "What is built?" P "A bridge." BLOCK
                           "An important disclaimer is at the bottom of this article." P
                           "And when?" P "In spring.");
    assert_int_equal(item->n_turns, 4);
    assert_int_equal(item->n_asides, 1);
    dgm_item_free(item);
}

static void plain_labels_are_taken_off(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What is built" },
        { DGM_ANSWER, NULL, 2, "A bridge." },
    };
    static const char *const bodies[] = {
        "Question: What is built" P "Answer: A bridge." P "It is long.",
        "We met." P "Q: What is built" P "A: A bridge." P "It is long.",
        "QUESTION: What is built\nANSWER: A bridge." P "It is long.",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        dgm_item *item = prepare("A title", bodies[i]);
        assert_turns(item, wanted, 2);
        dgm_item_free(item);
    }
}

static void names_are_labels_and_stay(void **state)
{
    (void)state;
    const turn briefing[] = {
        { DGM_ANSWER, "MS. KELLER", 1, "MS. KELLER: Good afternoon." },
        { DGM_QUESTION, NULL, 1, "Thank you. What of the bridge?" },
        { DGM_ANSWER, "MS. KELLER", 2, "MS. KELLER: It stands." },
        { DGM_QUESTION, NULL, 1, "And the tunnel?" },
        { DGM_ANSWER, "MR. OKAFOR", 1, "MR. OKAFOR: It does not." },
    };
    dgm_item *item =
        prepare("A title", "MS. KELLER: Good afternoon." P
                           "Q Thank you. What of the bridge?" P "MS. KELLER: It stands." P
                           "Firmly." P "Q And the tunnel?" P "MR. OKAFOR: It does not.");
    assert_turns(item, briefing, sizeof briefing / sizeof *briefing);
    dgm_item_free(item);

    const turn talk[] = {
        { DGM_QUESTION, "Lars Holm", 1, "Lars Holm: What of the bridge?" },
        { DGM_ANSWER, "Anna Keller", 1, "Anna Keller: It stands." },
        { DGM_QUESTION, "Lars Holm", 1, "Lars Holm: And the tunnel?" },
        { DGM_ANSWER, "Anna Keller", 2, "Anna Keller: It does not." },
    };
    item = prepare("A title", "Lars Holm: What of the bridge?" P
                              "Anna Keller: It stands." P "Lars Holm: And the tunnel?" P
                              "Anna Keller: It does not." P "Will it ever? Perhaps.");
    assert_turns(item, talk, sizeof talk / sizeof *talk);
    dgm_item_free(item);
}

/* Two questions and answers of an interview whose first question and lead are given. */
static void assert_speaker(const char *title, const char *lead, const char *first,
                           const char *wanted)
{
    char text[1000];
    snprintf(text, sizeof text, "%s%s%s" P D "A bridge." P D "And when?" P D "In spring.",
             lead, lead[0] != '\0' ? P : "", first);
    dgm_item *item = prepare(title, text);
    assert_int_equal(item->n_turns, 4);
    assert_int_equal(item->turns[1].role, DGM_ANSWER);
    for (int i = 1; i < 4; i += 2) {
        if (wanted == NULL)
            assert_null(item->turns[i].speaker);
        else if (item->turns[i].speaker == NULL)
            fail_msg("no speaker: %s / %s", lead, first);
        else
            assert_string_equal(item->turns[i].speaker, wanted);
    }
    assert_null(item->turns[0].speaker);
    dgm_item_free(item);
}

static void answers_alone_may_have_a_name(void **state)
{
    (void)state;
    static const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "Must every owner renovate?" },
        { DGM_ANSWER, "Tomasz Wilg", 2, "Tomasz Wilg: No." },
        { DGM_QUESTION, NULL, 1, "Who pays?" },
        { DGM_ANSWER, "Tomasz Wilg", 1, "Tomasz Wilg: Three funds." },
    };
    dgm_item *item = prepare("Heat pumps", "He answered before the vote." P
                                           "Must every owner renovate?" P
                                           "Tomasz Wilg: No." P "Nobody will be fined." P
                                           "Who pays?" P "Tomasz Wilg: Three funds.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    dgm_item_free(item);
    item = prepare("Notes",
                   "Why now?" P "Note: one thing." P "Next: another." P "Last: a third.");
    assert_turns(item, NULL, 0);
    dgm_item_free(item);
}

static void the_speaker_comes_from_address_or_lead(void **state)
{
    (void)state;
    static const struct {
        const char *title, *lead, *first, *wanted;
    } cases[] = {
        { "T", "", "Pavel Igorevich, what is built?", "Pavel Igorevich" },
        { "T", "", "Pavel Igorevich Sorin, what is built?", "Pavel Igorevich Sorin" },
        { "T", "", "Vera Petrovna, what is built?", "Vera Petrovna" },
        { "T", "", "Mr. Keller, what is built?", "Mr. Keller" },
        { "T", "", "Mr. President, what is built?", NULL },
        { "T", "", "Anna Keller, what do you build?", "Anna Keller" },
        { "T", "", "Last Tuesday, what did you build?", NULL },
        { "T", "", "United Nations, will you build?", NULL },
        { "T", "", "Anna, what is built?", NULL },
        { "T",
          "Interview of the Deputy Head of the Water Office Pavel Sorin to the River "
          "Gazeta.",
          "Pavel Igorevich, what is built?", "Pavel Sorin" },
        { "T",
          "Interview of the Deputy Head of the Water Office of the Lake Federation Pavel "
          "Sorin to "
          "River Gazeta",
          "What is built?", "Pavel Sorin" },
        { "Interview with Anna Keller, Minister of Bridges", "", "What is built?",
          "Anna Keller" },
        { "Interview with Foreign Minister Pavel Igorevich Sorin", "", "What is built?",
          "Pavel Igorevich Sorin" },
        { "Interview with the River Gazeta", "", "What is built?", NULL },
        { "Interview with the Foreign Minister", "", "What is built?", NULL },
        { "Interview with Anna Keller", "", "Vera Petrovna, what is built?",
          "Vera Petrovna" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_speaker(cases[i].title, cases[i].lead, cases[i].first, cases[i].wanted);
}

static void several_people_answer_from_their_question_on(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What is built?" },
        { DGM_ANSWER, NULL, 1, "A bridge." },
        { DGM_QUESTION, NULL, 1, "Vera Petrovna, do" },
        { DGM_ANSWER, "Vera Petrovna", 1, "Yes." },
        { DGM_QUESTION, NULL, 1, "Is it long?" },
        { DGM_ANSWER, "Vera Petrovna", 1, "Very." },
        { DGM_QUESTION, NULL, 1, "Pavel Igorevich, do" },
        { DGM_ANSWER, "Pavel Igorevich", 1, "No." },
    };
    dgm_item *item = prepare("A title", "What is built?" P D "A bridge." P
                                        "Vera Petrovna, do you like it?" P D "Yes." P D
                                        "Is it long?" P D "Very." P
                                        "Pavel Igorevich, do you?" P D "No.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    dgm_item_free(item);
}

static void headings_of_a_transcript_are_no_speakers(void **state)
{
    (void)state;
    const turn wanted[] = {
        { DGM_QUESTION, NULL, 1, "What of the bridge?" },
        { DGM_ANSWER, "Anna Keller", 1, "Anna Keller: It stands." },
        { DGM_QUESTION, NULL, 1, "And the tunnel?" },
        { DGM_ANSWER, "Anna Keller", 1, "Anna Keller: It does not." },
    };
    dgm_item *item =
        prepare("A title", "TITLE: Radio interview" P "Subjects: The bridge" P
                           "Media Contact: The office" P
                           "Journalist: What of the bridge?" P "Anna Keller: It stands." P
                           "Journalist: And the tunnel?" P "Anna Keller: It does not.");
    assert_turns(item, wanted, sizeof wanted / sizeof *wanted);
    dgm_item_free(item);
}

static void other_texts_have_no_turns(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "One." P "Two." P "Three.",
        "The office decided:" P D "to build a bridge;" P D "to plant trees;" P D
        "to count swans.",
        "The office asked itself:" P D "What is a bridge?" P D "Who pays?" P D "When?",
        "What will the office do?" P D "build a bridge;" P D "plant trees." P
        "That is all.",
        "What is built?" P D "A bridge." P "That was the only question.",
        "Contact: Anna Keller" P "Phone: 12" P "Time: 12:30" P "Place: the harbour",
        "MS. KELLER: Good afternoon." P "It is late. Is it?" P "Good night.",
        "Anna Keller: Hello." P "Crowd: Hello!" P "Anna Keller: How are you?" P
        "I am well." P "Crowd: Well!" P "Anna Keller: Thank you.",
        "Why?" P "Because." P "Nobody knows." BLOCK "Trees." P "Swans." BLOCK "Ships." P
        "Piers.",
        "Question: is it late?",
        "Q",
        D,
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_no_turns(bodies[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_form_gives_every_turn),
        cmocka_unit_test(the_seed_form_survives_lost_blocks),
        cmocka_unit_test(a_question_of_two_paragraphs_begins_with_its_block),
        cmocka_unit_test(dashes_may_open_questions_alone),
        cmocka_unit_test(blocks_may_part_questions_without_dashes),
        cmocka_unit_test(a_line_set_aside_passes_its_block_on),
        cmocka_unit_test(plain_labels_are_taken_off),
        cmocka_unit_test(names_are_labels_and_stay),
        cmocka_unit_test(answers_alone_may_have_a_name),
        cmocka_unit_test(the_speaker_comes_from_address_or_lead),
        cmocka_unit_test(several_people_answer_from_their_question_on),
        cmocka_unit_test(headings_of_a_transcript_are_no_speakers),
        cmocka_unit_test(other_texts_have_no_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
