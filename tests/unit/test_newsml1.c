/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of newsml1.c: NewsML 1.0 to 1.2 to items. Depends on lib/read. */
#include "collect.h"

#define ITEM(status, component)                                                          \
    "<NewsML><NewsEnvelope><DateAndTime>20210616T110000Z</DateAndTime></NewsEnvelope>"   \
    "<NewsItem><Identification><NewsIdentifier><ProviderId>pier.example</ProviderId>"    \
    "<DateId>20210616</DateId><NewsItemId>a1</NewsItemId><RevisionId>2</RevisionId>"     \
    "<PublicIdentifier>urn:newsml:pier.example:20210616:a1:2</PublicIdentifier>"         \
    "</NewsIdentifier></Identification><NewsManagement>"                                 \
    "<FirstCreated>20210616T090000Z</FirstCreated>"                                      \
    "<ThisRevisionCreated>20210616T103000+0000</ThisRevisionCreated>"                    \
    "<Status FormalName=\"" status                                                       \
    "\"/><Urgency FormalName=\"4\"/></NewsManagement>" component "</NewsItem></NewsML>"

static const char story[] = ITEM(
    "Usable",
    "<NewsComponent><NewsLines><HeadLine>Fees stay</HeadLine><ByLine>By Kari "
    "Lund</ByLine>"
    "<SlugLine>fees</SlugLine></NewsLines><AdministrativeMetadata><Provider>"
    "<Party FormalName=\"Pier Press\"/></Provider><Source><Party FormalName=\"Harbour "
    "office\"/></Source></AdministrativeMetadata><DescriptiveMetadata><Language "
    "FormalName=\"en\"/><SubjectCode><Subject FormalName=\"04000000\"/></SubjectCode>"
    "<SubjectCode><Subject FormalName=\"11000000\"/><SubjectMatter "
    "FormalName=\"11003000\"/></SubjectCode></DescriptiveMetadata>"
    "<NewsComponent EquivalentsList=\"yes\"><ContentItem><MediaType FormalName=\"Text\"/>"
    "<DataContent><nitf><body><body.head><hedline><hl1>Other</hl1></hedline></body.head>"
    "<body.content><p>One.</p><p>Two.</p></body.content></body></nitf></DataContent>"
    "</ContentItem><ContentItem><MediaType FormalName=\"Text\"/><DataContent>One. Two."
    "</DataContent></ContentItem></NewsComponent>"
    "<NewsComponent><ContentItem Href=\"a.jpg\"><MediaType FormalName=\"Photo\"/>"
    "</ContentItem></NewsComponent>"
    "<NewsComponent><ContentItem><DataContent>&lt;p&gt;Three.&lt;/p&gt;</DataContent>"
    "</ContentItem></NewsComponent></NewsComponent>");

static void a_news_item_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.xml", NULL, story);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "urn:newsml:pier.example:20210616:a1");
    assert_string_equal(item->version, "2");
    assert_string_equal(item->title, "Fees stay");
    assert_string_equal(item->author, "Kari Lund");
    assert_string_equal(item->source, "Harbour office");
    assert_string_equal(item->provider, "Pier Press");
    assert_string_equal(item->language, "en");
    assert_true(item->published == 1623834000);
    assert_true(item->updated == 1623839400);
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "economy, business and finance");
    assert_string_equal(item->topics[1], "election");
    assert_int_equal(item->n_paragraphs, 3);
    assert_string_equal(item->paragraphs[0], "One.");
    assert_string_equal(item->paragraphs[1], "Two.");
    assert_string_equal(item->paragraphs[2], "Three.");
    assert_non_null(strstr(item->extra, "\"slugline\":\"fees\""));
    collect_clear(&c);
}

static void the_status_is_understood(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.xml", NULL, ITEM("Canceled", ""));
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->status, DGM_CANCELED);
    collect_clear(&c);
    collect_text(&c, "a.xml", NULL,
                 ITEM("Embargoed", "<NewsComponent><NewsLines>"
                                   "<HeadLine>a</HeadLine></NewsLines>"
                                   "</NewsComponent>"));
    assert_int_equal(c.items[0]->status, DGM_WITHHELD);
    collect_clear(&c);
    collect_text(
        &c, "a.xml", NULL,
        ITEM("Embargoed\"/><StatusWillChange><FutureStatus FormalName=\"Usable\"/>"
             "<DateAndTime>20210617T000000Z</DateAndTime></StatusWillChange>"
             "<Status FormalName=\"-",
             "<NewsComponent><NewsLines><HeadLine>a</HeadLine></NewsLines>"
             "</NewsComponent>"));
    assert_int_equal(c.items[0]->status, DGM_USABLE);
    collect_clear(&c);
}

static void nothing_inside_is_rejected_by_name(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.xml", NULL, "<NewsML><Catalog/></NewsML>");
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "no item is in it");
    collect_clear(&c);
    collect_text(&c, "a.xml", NULL, ITEM("Usable", ""));
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "neither a title nor a body");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_news_item_is_read),
        cmocka_unit_test(the_status_is_understood),
        cmocka_unit_test(nothing_inside_is_rejected_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
