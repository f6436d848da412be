# SPDX-License-Identifier: GPL-2.0-or-later
"""The page without a mouse, and for ears: keys, focus, names and roles."""

import pytest

WORD = "security"


def keys():
    return pytest.importorskip("selenium.webdriver.common.keys").Keys


def test_the_whole_way_from_the_box_to_an_item_and_back_by_keys(page):
    k = keys()
    page.open()
    page.until(lambda: page.focus() == "q", "the box has the focus")
    page.press(WORD, k.ENTER)
    page.until(lambda: len(page.ids()) >= 3, "hits are shown")
    page.settled()
    ids = page.ids()
    page.press(k.ARROW_DOWN)
    assert page.focus() == ids[0]
    page.press("j")
    assert page.focus() == ids[1]
    page.press(k.ARROW_DOWN)
    assert page.focus() == ids[2]
    page.press("k")
    assert page.focus() == ids[1]
    page.shot("keyboard")
    page.press(k.ENTER)
    page.until(lambda: page.shown("#item .text"), "the item is shown")
    assert page.params()["item"] == [ids[1]]
    page.press("j")
    page.until(lambda: page.params()["item"] == [ids[2]], "j reads the next item")
    page.press(k.ESCAPE)
    page.until(lambda: page.shown("#hits"), "Escape goes back")
    page.until(lambda: page.focus() == ids[2], "the focus is on the item just read")
    page.press(k.ESCAPE)
    assert page.focus() == "q"
    assert page.complaints() == []


def test_slash_goes_to_the_box_but_is_typed_inside_it(page):
    page.search(WORD)
    page.press("j")
    page.press("/")
    page.until(lambda: page.focus() == "q", "the box has the focus")
    assert page.one("#q").get_attribute("value") == WORD
    page.press("a/b?")
    assert page.one("#q").get_attribute("value") == "a/b?"
    assert not page.shown("#help")


def test_question_mark_shows_the_keys_and_escape_hides_them(page):
    k = keys()
    page.search(WORD)
    page.press("j", "?")
    page.until(lambda: page.shown("#help"), "the keys are shown")
    page.shot("help")
    page.press(k.ESCAPE)
    page.until(lambda: not page.shown("#help"), "the keys are hidden")
    assert page.shown("#hits"), "Escape closed only the dialog"


def test_arrows_move_along_the_bars_with_one_stop_for_tab(page):
    k = keys()
    page.search(WORD)
    stops = page.run("return [...document.querySelectorAll('.tick')].map((b) => b.tabIndex)")
    assert stops.count(0) == 1 and set(stops) <= {0, -1}
    if len(stops) < 2:
        pytest.skip("the corpus lies in one month")
    page.run("document.querySelector('.tick[tabindex=\"0\"]').focus()")
    page.press(k.HOME)
    page.press(k.ARROW_RIGHT)
    place = "return [...document.querySelectorAll('.tick')].indexOf(document.activeElement)"
    assert page.run(place) == 1
    page.press(k.END)
    assert page.run(place) == len(stops) - 1


def test_the_first_tab_stop_skips_to_the_results(page):
    k = keys()
    page.search(WORD)
    page.press(k.TAB)
    assert page.run("return document.activeElement.className") == "skip"
    page.press(k.ENTER)
    assert page.focus() == "main"


def test_a_filter_keeps_the_focus_when_its_list_is_drawn_again(page):
    k = keys()
    page.search(WORD)
    page.run("document.querySelector('.facet input[name=region]').focus()")
    value = page.run("return document.activeElement.value")
    page.press(k.SPACE)
    page.until(lambda: page.params().get("region") == [value], "the filter is set")
    page.settled()
    assert page.run("return document.activeElement.value") == value


def test_landmarks_names_and_the_polite_line_are_there(page):
    page.search(WORD)
    assert page.one("#status").get_attribute("aria-live") == "polite"
    for landmark in ("header", "main", "aside[aria-label]", "footer", "form[role=search]"):
        assert len(page.all(landmark)) == 1, landmark
    nameless = page.run("""
        const named = (n) => n.ariaLabel || n.textContent.trim() || n.labels?.length;
        return [...document.querySelectorAll('a, button, input, select')]
          .filter((n) => !named(n)).map((n) => n.outerHTML)""")
    assert nameless == []
    ids = page.run("return [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))


def test_the_focus_can_be_seen(page):
    k = keys()
    page.search(WORD)
    page.press(k.TAB, k.TAB, k.TAB, k.TAB)
    style = page.run("const s = getComputedStyle(document.activeElement);"
                     "return [s.outlineStyle, parseFloat(s.outlineWidth)]")
    assert style[0] == "solid" and style[1] >= 2
