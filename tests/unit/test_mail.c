/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of mail.c, mailparts.c and sniff_mail.c: messages, what they carry, mailboxes.
 * Depends on lib/read. */
#include "collect.h"

#define HEAD                                                                             \
    "From: =?utf-8?B?SGFyYm91ciBvZmZpY2U=?= <press@pier.example>\r\n"                    \
    "To: desk@news.example\r\nSubject: Fees =?iso-8859-1?Q?for_sm=E5b=E5ter?=\r\n"       \
    " stay\r\nDate: Wed, 16 Jun 2021 12:30:00 +0200\r\n"                                 \
    "Message-ID: <a1@pier.example>\r\nMIME-Version: 1.0\r\n"

static const char plain[] =
    HEAD "Content-Type: text/plain; charset=windows-1251\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
         "=CF=EE=F0=F2 =EE=F2=EA=F0=FB=F2.\r\n\r\nOne =\r\nline.\r\n";

static const char alternative[] = HEAD
    "Content-Language: nb\r\nKeywords: ships, piers\r\n"
    "Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\nignored\r\n--x\r\n"
    "Content-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\n"
    "Content-Type: text/plain\r\n\r\nOne. Two.\r\n--y\r\n"
    "Content-Type: multipart/related; boundary=z\r\n\r\n--z\r\n"
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+T25lLjwvcD48cD5Ud28uPC9wPg==\r\n--z\r\n"
    "Content-Type: image/png; name=\"logo.png\"\r\nContent-Transfer-Encoding: base64\r\n"
    "\r\niVBORw0KGgo=\r\n--z--\r\n--y--\r\n--x\r\n"
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; "
    "filename*=UTF-8''r%C3%A5d.pdf\r\n\r\n%PDF-1.4\r\n--x--\r\n";

static const char carrier[] =
    HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
         "Content-Type: application/xml; name=story.xml\r\n"
         "Content-Disposition: attachment; filename=story.xml\r\n\r\n"
         "<nitf><head><title>A second pier</title></head><body><body.content><p>One.</p>"
         "</body.content></body></nitf>\r\n--x\r\n"
         "Content-Type: message/rfc822\r\n\r\n"
         "From: b@pier.example\r\nSubject: Swans\r\nMessage-ID: <b@pier.example>\r\n"
         "\r\nSwans came.\r\n--x--\r\n";

static void a_message_is_an_item(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.eml", NULL, plain);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.wheres[0], "a.eml");
    assert_string_equal(c.items[0]->id, "a1@pier.example");
    assert_string_equal(c.items[0]->title, "Fees for småbåter stay");
    assert_string_equal(c.items[0]->source, "Harbour office");
    assert_true(c.items[0]->published == 1623839400);
    assert_int_equal(c.items[0]->n_paragraphs, 2);
    assert_string_equal(c.items[0]->paragraphs[0], "Порт открыт.");
    assert_string_equal(c.items[0]->paragraphs[1], "One line.");
    collect_clear(&c);
}

static void of_alternatives_the_one_with_paragraphs_is_taken(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.eml", NULL, alternative);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Two.");
    assert_string_equal(item->language, "nb");
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[1], "piers");
    assert_non_null(
        strstr(item->extra, "{\"name\":\"logo.png\",\"type\":\"image/png\"}"));
    assert_non_null(strstr(item->extra, "råd.pdf"));
    collect_clear(&c);
}

static void documents_that_a_message_carries_are_the_items(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.eml", NULL, carrier);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 2);
    assert_string_equal(c.wheres[0], "a.eml:story.xml:item 1");
    assert_string_equal(c.items[0]->title, "A second pier");
    assert_string_equal(c.wheres[1], "a.eml:part 2");
    assert_string_equal(c.items[1]->id, "b@pier.example");
    assert_string_equal(c.items[1]->paragraphs[0], "Swans came.");
    collect_clear(&c);
}

static void an_encoded_word_with_raw_bytes_is_utf_8(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.eml", NULL,
                 "From: a@b.example\nMessage-ID: <1@b>\n"
                 "Subject: =?windows-1252?Q?Kari’s_pier?=\n\nShips.\n");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "Kari’s pier");
    collect_clear(&c);
}

static void a_mailbox_gives_each_message(void **state)
{
    (void)state;
    static const char box[] =
        "From a@b.example Wed Jun 16 10:30:00 2021\n"
        "From: a@b.example\nSubject: One\nMessage-ID: <1@b>\n\n"
        "Ships.\n>From here on.\n\n"
        "From a@b.example Wed Jun 16 10:31:00 2021\n"
        "From: a@b.example\nSubject: Two\nDate: rubbish\n\nSwans.\n";
    collected c;
    collect_text(&c, "box", NULL, box);
    assert_int_equal(c.n, 2);
    assert_string_equal(c.wheres[0], "box:item 1");
    assert_string_equal(c.items[0]->title, "One");
    assert_string_equal(c.wheres[1], "box:item 2");
    assert_string_equal(c.items[1]->title, "Two");
    assert_true(c.items[1]->published == DGM_NO_TIME);
    assert_non_null(strstr(c.items[1]->id, "sha256-"));
    collect_clear(&c);
}

static void a_release_with_a_head_of_its_own_is_no_mail(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.txt", NULL,
                 "From: the harbour office\nDate: 16 June 2021\n\nMIL OSI Translation. "
                 "Region: Norway –\n\nShips may moor at the second pier again.\n");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->region, "Norway");
    collect_clear(&c);
}

/* Parts inside parts, and messages inside messages. */
static void what_lies_too_deep_is_rejected(void **state)
{
    (void)state;
    char deep[20000] = HEAD;
    size_t n = strlen(deep);
    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(
            deep + n, sizeof deep - n,
            "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    collected c;
    collect_text(&c, "a.eml", NULL, deep);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "more than 20 deep"));
    collect_clear(&c);
    n = (size_t)snprintf(deep, sizeof deep, "%s", HEAD);
    for (int i = 0; i < 20; i++)
        n += (size_t)snprintf(deep + n, sizeof deep - n,
                              "Content-Type: message/rfc822\r\n\r\nSubject: s%d\r\n", i);
    snprintf(deep + n, sizeof deep - n, "\r\nText.\r\n");
    collect_text(&c, "a.eml", NULL, deep);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "more than 4 deep"));
    collect_clear(&c);
}

static void broken_messages_end_in_items_or_rejections(void **state)
{
    (void)state;
    const char *const all[] = { plain, alternative, carrier };
    for (size_t i = 0; i < 3; i++) {
        for (size_t n = 1; n < strlen(all[i]); n += 3) {
            collected c;
            collect_bytes(&c, "a.eml", "mail", all[i], n);
            assert_true(c.n + c.n_rejects > 0);
            collect_clear(&c);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_an_item),
        cmocka_unit_test(of_alternatives_the_one_with_paragraphs_is_taken),
        cmocka_unit_test(documents_that_a_message_carries_are_the_items),
        cmocka_unit_test(an_encoded_word_with_raw_bytes_is_utf_8),
        cmocka_unit_test(a_mailbox_gives_each_message),
        cmocka_unit_test(a_release_with_a_head_of_its_own_is_no_mail),
        cmocka_unit_test(what_lies_too_deep_is_rejected),
        cmocka_unit_test(broken_messages_end_in_items_or_rejections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
