# SPDX-License-Identifier: GPL-2.0-or-later
"""What the box proposes while one types, and that it is no worse without."""

import pytest


def keys():
    return pytest.importorskip("selenium.webdriver.common.keys").Keys


def typed(page, text):
    page.open()
    page.until(lambda: page.focus() == "q", "the box has the focus")
    page.press(text)


def options(page):
    return page.texts("#suggestions [role=option] .said")


def test_words_of_the_archive_are_proposed_and_taken_by_keys(page):
    k = keys()
    typed(page, "secur")
    page.until(lambda: options(page), "there are suggestions")
    assert page.one("#q").get_attribute("aria-expanded") == "true"
    assert options(page)[0] == "security"
    page.shot("suggestions")
    page.press(k.ARROW_DOWN)
    assert page.one("#q").get_attribute("aria-activedescendant") == "suggestion-0"
    assert page.text("#suggestions [aria-selected=true] .said") == "security"
    assert page.focus() == "q"
    page.press(k.ENTER)
    page.until(lambda: page.params().get("q") == ["security"], "the word is searched for")
    page.settled()
    assert page.ids()
    assert not page.shown("#suggestions")
    assert page.one("#q").get_attribute("aria-expanded") == "false"
    assert page.complaints() == []


def test_a_region_is_proposed_with_the_query_that_finds_it(page):
    typed(page, "kazakh")
    page.until(lambda: "Region" in page.texts("#suggestions .field"), "a region is proposed")
    page.shot("suggestions-region")
    page.run("[...document.querySelectorAll('#suggestions li')]"
             ".find((li) => li.textContent.includes('Region')).click()")
    page.until(lambda: page.params().get("q") == ['region:"Kazakhstan"'], "it is searched for")
    page.settled()
    assert page.ids()


def test_escape_hides_the_suggestions_and_keeps_the_text(page):
    k = keys()
    typed(page, "secur")
    page.until(lambda: options(page), "there are suggestions")
    page.press(k.ESCAPE)
    assert not page.shown("#suggestions")
    assert page.one("#q").get_attribute("value") == "secur"
    assert page.focus() == "q"


def test_arrows_walk_round_through_the_box(page):
    k = keys()
    typed(page, "secur")
    page.until(lambda: options(page), "there are suggestions")
    page.press(k.ARROW_UP)
    last = len(options(page)) - 1
    assert page.one("#q").get_attribute("aria-activedescendant") == f"suggestion-{last}"
    page.press(k.ARROW_DOWN)
    assert page.one("#q").get_attribute("aria-activedescendant") is None


def test_the_box_works_while_nothing_is_proposed(page):
    k = keys()
    page.fake({"when": "v1/suggest", "status": 503, "body": {}})
    typed(page, "security")
    page.press(k.ENTER)
    page.until(lambda: page.params().get("q") == ["security"], "the word is searched for")
    page.settled()
    assert page.ids() and not page.shown("#suggestions")
    assert not page.shown("#notice .notice")


def test_a_better_spelling_is_a_link(page):
    page.search("sekurity")
    page.until(lambda: page.all(".suggestion a"), "a spelling is suggested")
    assert page.text(".suggestion a") == "security"
    page.shot("did-you-mean")
    page.click(".suggestion a")
    page.until(lambda: page.params().get("q") == ["security"], "it is searched for")


def test_browsers_are_told_of_the_search_engine(page):
    page.open()
    assert page.run("return document.querySelector('link[rel=search]').type") \
        == "application/opensearchdescription+xml"
