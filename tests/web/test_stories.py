# SPDX-License-Identifier: GPL-2.0-or-later
"""Items or stories, and the copies of a hit."""


def test_the_switch_shows_each_story_once_and_says_so(page):
    page.search("grain")
    before = page.ids()
    page.click("#group input[value=story]")
    page.until(lambda: "stories in" in page.text("#status"), "a count of stories")
    assert page.params().get("group") == ["story"] or page.params().get("group") == "story"
    assert set(page.ids()) < set(before)


def test_the_copies_of_a_hit_open_below_it_with_what_was_cut(page):
    page.search("grain", group="story")
    page.click(".copies summary")
    page.until(lambda: page.all(".copies li a"), "the members of the story")
    assert "first" in page.text(".copies ol")
    assert page.all(".copies del") and page.all(".copies ins")
    page.shot("copies")
    assert page.complaints() == []
