/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of quotations in running text and of who is named beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "buf.h"
#include "quotes.h"

/* "speaker: quotation", one a line, of paragraphs parted by line ends. */
static void describe(const char *text, dgmi_buf *out)
{
    dgmi_quoter quoter = { .last = { NULL, 0 } };
    dgmi_quote quotes[DGMI_QUOTES_MAX];
    dgmi_str rest = dgmi_str_of(text), paragraph;
    while (dgmi_str_split(&rest, '\n', &paragraph)) {
        size_t n = dgmi_quotes_find(&quoter, paragraph, quotes);
        for (size_t i = 0; i < n; i++)
            dgmi_buf_printf(out, "%.*s: %.*s\n", (int)quotes[i].speaker.n,
                            quotes[i].speaker.p, (int)(quotes[i].to - quotes[i].from),
                            paragraph.p + quotes[i].from);
    }
}

typedef struct pair {
    const char *text, *found;
} pair;

static void check(const pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        describe(pairs[i].text, &out);
        assert_string_equal(out.p ? out.p : "", pairs[i].found);
        dgmi_buf_clear(&out);
    }
}
#define CHECK(pairs) check(pairs, sizeof(pairs) / sizeof *(pairs))

static void quotes_have_the_speaker_that_is_named_behind_them(void **state)
{
    (void)state;
    static const pair pairs[] = {
        { "“The grain is stored,” said Anna Keller.",
          "Anna Keller: The grain is stored,\n" },
        { "\"The grain is stored\", Keller said on Monday.",
          "Keller: The grain is stored\n" },
        { "«The grain is stored», noted Minister Anna Keller.",
          "Anna Keller: The grain is stored\n" },
        { "“The grain is stored,” said the director of the port Lidia Berg-Moss.",
          "Lidia Berg-Moss: The grain is stored,\n" },
        { "“The grain is stored,” the minister for trade, Anna Keller, said.",
          "Anna Keller: The grain is stored,\n" },
        { "“The grain is stored,” Anna Keller, a lawyer, told reporters.",
          "Anna Keller: The grain is stored,\n" },
        { "“The grain is stored,” said Donald J. Trump.",
          "Donald J. Trump: The grain is stored,\n" },
        { "“The grain is stored,” said Mohammed bin Salman.",
          "Mohammed bin Salman: The grain is stored,\n" },
    };
    CHECK(pairs);
}

static void quotes_have_the_speaker_that_is_named_before_them(void **state)
{
    (void)state;
    static const pair pairs[] = {
        { "Anna Keller said: “The grain is stored.”",
          "Anna Keller: The grain is stored.\n" },
        { "As Mrs. Keller once wrote, “the grain is stored.”",
          "Keller: the grain is stored.\n" },
        { "Keller called this “a step too late”.", "Keller: a step too late\n" },
        { "According to Anna Keller, “the grain is stored.”",
          "Anna Keller: the grain is stored.\n" },
        { "– Anna Keller (minister): “The grain is stored.”",
          "Anna Keller: The grain is stored.\n" },
        { "Department of Trade: “The grain is stored.”",
          "Department of Trade: The grain is stored.\n" },
    };
    CHECK(pairs);
}

static void quotes_go_on_with_who_spoke_before(void **state)
{
    (void)state;
    static const pair pairs[] = {
        { "“The grain is stored,” said Anna Keller. “Nobody will go without bread.”",
          "Anna Keller: The grain is stored,\n"
          "Anna Keller: Nobody will go without bread.\n" },
        { "Keller stressed that bread is safe. “Nobody will go without it.”",
          "Keller: Nobody will go without it.\n" },
        { "“The grain is stored,” said Anna Keller.\n“Ships are under way,” she added.",
          "Anna Keller: The grain is stored,\nAnna Keller: Ships are under way,\n" },
        { "“The grain is stored,” said Anna Keller.\nIt rained.\n“Ships are under way,” "
          "she "
          "added.",
          "Anna Keller: The grain is stored,\n" },
    };
    CHECK(pairs);
}

static void quotes_without_a_clear_speaker_are_left_out(void **state)
{
    (void)state;
    static const pair pairs[] = {
        { "The law is called the “Grain and Bread Act”.", "" },
        { "Anna Keller signed the “Grain and Bread Act” on Monday.", "" },
        { "“The grain is stored,” officials said.", "" },
        { "“The grain is stored,” the minister said.", "" },
        { "“The grain is stored,” he said.", "" },
        { "And I said, “The grain is stored.”", "" },
        { "In Geneva said a sign “The grain is stored.”", "" },
        { "Keller's deputy said: “The grain is stored.”", "" },
        { "“The grain is stored.” Anna Keller said nothing else.", "" },
        { "Anna Keller said: “No.”", "" },
        { "Anna Keller said: “The grain is stored", "" },
        { "<img src=\"a b c d\" alt=\"x y z\"> said Keller", "" },
        { "", "" },
        { "“", "" },
        { "\xFF“a b c\xFF” said", "" },
    };
    CHECK(pairs);
}

static void titles_do_not_belong_to_names(void **state)
{
    (void)state;
    static const struct {
        const char *key, *rest;
    } pairs[] = { { "mr kirby", "kirby" },
                  { "vice president kamala harris", "kamala harris" },
                  { "the president", "the president" },
                  { "keller", "keller" },
                  { "", "" } };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        dgmi_str rest = dgmi_untitled(dgmi_str_of(pairs[i].key));
        assert_true(dgmi_str_eq(rest, pairs[i].rest) ||
                    (strcmp(pairs[i].key, "the president") == 0 &&
                     dgmi_str_eq(rest, "president")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_have_the_speaker_that_is_named_behind_them),
        cmocka_unit_test(quotes_have_the_speaker_that_is_named_before_them),
        cmocka_unit_test(quotes_go_on_with_who_spoke_before),
        cmocka_unit_test(quotes_without_a_clear_speaker_are_left_out),
        cmocka_unit_test(titles_do_not_belong_to_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
