# SPDX-License-Identifier: GPL-2.0-or-later
"""Words to add, synonyms, and items like one of the list."""


def test_a_related_word_is_added_by_a_click(page):
    page.open(q="grain")
    page.settled()
    words = page.texts(".related a")
    assert 1 <= len(words) <= 10 and "grain" not in words
    page.shot("related")
    page.run("document.querySelector('.related a').click()")
    page.until(lambda: page.params().get("q") == [f"grain {words[0]}"], "the word is searched for, too")
    page.settled()
    assert page.ids() and page.complaints() == []


def test_synonyms_are_searched_when_asked_told_once_and_on_the_hits_that_have_them(page):
    page.open(q="grain deal")
    page.settled()
    assert page.texts(".stand-ins") == []
    page.run("document.getElementById('synonyms').click()")
    page.until(lambda: page.params().get("synonyms") == ["1"], "the address asks for synonyms")
    page.settled()
    assert "grain initiative" in page.text(".stand-ins")
    assert "grain initiative" in page.texts(".hit .badge")
    page.shot("synonyms")


def test_similar_items_are_a_list_of_their_own(page):
    page.open(q="grain corridor")
    page.settled()
    first = page.ids()[0]
    title = page.texts(".hit h2")[0]
    page.run("document.querySelector('.hit a.similar').click()")
    page.until(lambda: page.params().get("similar") == [first], "it asks for items like the first")
    page.settled()
    assert page.ids() and first not in page.ids()
    page.until(lambda: page.text(".like a") == title, "the title of the item is shown")
    page.shot("similar")
    page.run("history.back()")
    page.until(lambda: page.params().get("q") == ["grain corridor"], "back leads to the search")
    page.settled()
    assert page.ids()[0] == first and page.complaints() == []
