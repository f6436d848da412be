# SPDX-License-Identifier: GPL-2.0-or-later
"""The page against a server that holds the sample corpus: what a desk does with it all day."""

import json
import urllib.request

import pytest

WORD = "security"


def ask(page, path):
    with urllib.request.urlopen(page.server + path, timeout=20) as reply:
        return json.load(reply)


@pytest.fixture
def interview(page):
    """Id of an item that has turns and lines set aside, and the words that find it."""
    for words in ("interview", WORD, "cyber", "sanctions"):
        for hit in ask(page, f"v1/search?q={words}&limit=100")["hits"]:
            item = ask(page, "v1/items/" + urllib.request.quote(hit["id"], safe=""))
            if item.get("turns") and item.get("boilerplate"):
                return item, words
    return pytest.fail("the corpus has no interview with set-aside lines")


def open_item(page, item_id, words):
    page.open(q=words, item=item_id)
    page.until(lambda: page.shown("#item .text"), "the item is shown")


def test_first_page_explains_itself_and_has_focus_in_the_box(page):
    page.open()
    page.until(lambda: page.focus() == "q", "the box has the focus")
    assert "What was said" in page.text("#home h1")
    assert len(page.all("#examples a")) >= 4
    assert "OR" in page.text(".grammar")
    page.until(lambda: page.all("#newest li"), "the newest items are listed")
    page.shot("home")
    assert page.complaints() == []


def test_results_follow_the_typing_and_words_are_marked(page):
    page.open()
    page.one("#q").send_keys("secur")
    page.until(lambda: page.params().get("q") == ["secur"], "the address has the first pause")
    page.one("#q").send_keys("ity")
    page.until(lambda: page.params().get("q") == [WORD], "the address has the word")
    page.until(lambda: page.all("#hits .hit mark"), "hits have marks")
    page.settled()
    marks = [text.lower() for text in page.texts("#hits .snippet mark")]
    assert marks and all(mark.startswith("secur") for mark in marks)
    assert page.total() == ask(page, f"v1/search?q={WORD}")["total"]["value"]
    assert page.focus() == "q"
    page.shot("results")
    assert page.complaints() == []


def test_typing_leaves_one_step_of_history_not_one_for_each_pause(page):
    page.open()
    for piece, whole in (("cy", "cy"), ("ber", "cyber")):
        page.one("#q").send_keys(piece)
        page.until(lambda: page.params().get("q") == [whole], f"the address has {whole}")
    page.driver.back()
    page.until(lambda: page.shown("#home h1"), "one step back is the first page")
    assert page.one("#q").get_attribute("value") == ""


def test_facet_filters_narrow_and_chips_take_them_away(page):
    page.search(WORD)
    whole = page.total()
    box = page.all(".facet input[name=region]")[0]
    region = box.get_attribute("value")
    count = int(page.run("return arguments[0].closest('label').querySelector('.n')"
                         ".firstChild.data.replace(/,/g, '')", box))
    box.click()
    page.until(lambda: page.total() == count, "the total equals the count of the facet")
    page.settled()
    assert page.params()["region"] == [region]
    assert set(page.texts("#hits .region")) == {region}
    assert len(page.all(".facet input[name=region]")) > 1, "other regions can still be chosen"
    page.shot("filtered")

    page.run("document.querySelectorAll('.facet input[name=region]:not(:checked)')[0].click()")
    page.until(lambda: len(page.params().get("region", [])) == 2, "two regions are chosen")
    page.until(lambda: page.total() > count, "a second region widens the result")
    for _ in range(2):
        page.click("#chips button")
        page.settled()
    page.until(lambda: page.total() == whole, "without chips all is back")
    assert "region" not in page.params()
    assert page.complaints() == []


def test_a_bar_of_the_timeline_sets_the_dates_and_widening_clears_them(page):
    page.search(WORD)
    whole = page.total()
    bar = next(b for b in page.all(".tick") if b.get_attribute("data-count") != "0")
    count = int(bar.get_attribute("data-count"))
    dates = [bar.get_attribute("data-from"), bar.get_attribute("data-to")]
    assert str(count) in bar.get_attribute("aria-label")
    bar.click()
    page.until(lambda: page.total() == count, "the total equals the bar's count")
    page.settled()
    assert [page.params()["from"][0], page.params()["to"][0]] == dates
    assert page.one("#from").get_attribute("value") == dates[0]
    page.shot("timeline")
    while "from" in page.params():
        page.click(".widen")
        page.settled()
    page.until(lambda: page.total() == whole, "all dates are back")


def test_the_bar_of_a_chosen_day_is_pressed_and_clicked_again_widens_to_its_month(page):
    page.search(WORD)
    day = ask(page, f"v1/search?q={WORD}&sort=newest&limit=1")["hits"][0]["published"][:10]
    page.search(WORD, **{"from": day, "to": day})
    page.until(lambda: page.all('.tick[aria-pressed="true"]'), "the day is pressed")
    assert len(page.all(".tick")) >= 28, "the days around it are shown"
    page.click('.tick[aria-pressed="true"]')
    page.until(lambda: page.params()["from"][0] == day[:8] + "01", "the month is chosen")
    assert page.params()["to"][0] > day[:8] + "27"


def test_sort_by_newest_orders_by_date_and_is_in_the_address(page):
    page.search(WORD)
    page.run("document.querySelector('#sort input[value=newest]').click()")
    page.until(lambda: page.params().get("sort") == ["newest"], "the address has the sort")
    page.settled()
    dates = page.run("return [...document.querySelectorAll('#hits .hit time')]"
                     ".map((n) => n.dateTime)")
    page.until(lambda: dates == sorted(dates, reverse=True), "newest come first", 1)


def test_more_hits_are_appended_without_repeating(page):
    reply = ask(page, f"v1/search?q={WORD}&limit=20")
    if not reply["next"]:
        pytest.skip("the corpus has too few items for a second page")
    page.search(WORD)
    first = page.ids()
    page.click("#more")
    page.until(lambda: len(page.ids()) > len(first), "more hits are shown")
    assert page.ids()[:len(first)] == first
    assert len(set(page.ids())) == len(page.ids())
    assert page.focus() == page.ids()[len(first)]


def test_back_and_forward_walk_through_searches_filters_and_items(page):
    page.search("cyber")
    page.run("document.querySelector('.facet input[name=region]').click()")
    page.until(lambda: "region" in page.params(), "a region is chosen")
    page.settled()
    narrowed = page.ids()
    page.click("#hits .open")
    page.until(lambda: page.shown("#item .text"), "the item is shown")
    opened = page.params()["item"][0]
    assert opened == narrowed[0]
    page.driver.back()
    page.until(lambda: page.shown("#hits"), "the list is back")
    assert page.ids() == narrowed
    assert page.focus() == opened
    page.driver.back()
    page.until(lambda: "region" not in page.params(), "the filter is gone")
    page.settled()
    assert not page.shown("#chips button")
    page.driver.forward()
    page.until(lambda: page.shown("#chips button"), "the filter is back")
    page.driver.forward()
    page.until(lambda: page.shown("#item .text"), "the item is back")
    assert page.params()["item"][0] == opened


def test_the_versions_of_an_item_unfold(page, interview):
    item, words = interview
    open_item(page, item["id"], words)
    assert not page.shown("#item .superseded")
    page.click("#item .history summary")
    page.until(lambda: "Only one version" in page.run(
        "return document.querySelector('#item .history').textContent"), "the versions are fetched")


def test_an_address_opens_the_same_view_elsewhere(page):
    page.search(WORD, match="any", sort="oldest", **{"from": "1990-01-01"})
    assert page.one("#q").get_attribute("value") == WORD
    assert page.one("#match").get_attribute("value") == "any"
    assert page.one("#from").get_attribute("value") == "1990-01-01"
    assert page.run("return document.querySelector('#sort input:checked').value") == "oldest"
    assert page.ids()


def test_an_interview_reads_as_questions_and_answers_with_its_notes_folded(page, interview):
    item, words = interview
    open_item(page, item["id"], words)
    roles = page.run("return [...document.querySelectorAll('#item .turn')]"
                     ".map((n) => n.classList[1])")
    assert roles == [turn["role"] for turn in item["turns"]]
    assert {"question", "answer"} <= set(roles)
    spoken = page.run("return [...document.querySelectorAll('#item .turn')].map((n) =>"
                      "n.querySelectorAll('p:not(.who)').length)")
    assert spoken == [turn["to"] - turn["from"] for turn in item["turns"]]
    assert not page.shown("#item .aside .span")
    page.shot("item")
    page.click("#item .aside summary")
    page.until(lambda: page.shown("#item .aside .span"), "the set-aside lines unfold")
    assert item["boilerplate"][0]["text"].strip() in page.text("#item .aside")
    page.until(lambda: page.focus() != "BODY", "focus is somewhere")
    assert page.complaints() == []


def test_opening_an_item_moves_the_focus_and_names_the_window(page, interview):
    item, words = interview
    open_item(page, item["id"], words)
    assert page.focus() == "item-title"
    assert page.driver.title.startswith(item["title"][:40])


def test_a_shared_item_knows_its_neighbours_once_the_list_is_there(page):
    page.search(WORD)
    second = page.ids()[1]
    open_item(page, second, WORD)
    page.until(lambda: page.texts("#item .pager button") == ["Back to results", "Previous", "Next"],
               "the neighbours are offered")
    page.click("#item .pager .back")
    page.until(lambda: page.shown("#hits .hit"), "the list is shown")
    assert "item" not in page.params()


def test_an_unknown_item_says_so_and_leads_back(page):
    page.open(q=WORD, item="no-such-item")
    page.until(lambda: page.all("#notice .notice"), "the error is shown")
    page.shot("item-unknown")
    page.click("#item .back")
    page.until(lambda: page.shown("#hits .hit"), "the list is shown")
    assert not page.all("#notice .notice")


def test_a_date_that_does_not_exist_shows_the_servers_words(page):
    page.search(WORD, **{"from": "2021-02-31"})
    notice = page.one("#notice .notice")
    assert notice.get_attribute("role") == "alert"
    assert "from" in notice.text and "2021-02-31" in notice.text
    page.shot("error")


@pytest.mark.parametrize("query", [
    "<img src=x onerror=window.hurt=1>",
    "<script>window.hurt=1</script> security",
    "\"><svg onload=window.hurt=1> security",
    "<mark onclick=window.hurt=1>security</mark>",
])
def test_markup_in_a_query_is_inert(page, query):
    page.search(query)
    assert page.run("return window.hurt") is None
    assert not page.all("main img, main script, main svg")
    assert page.one("#q").get_attribute("value") == query
    assert not page.run("return [...document.querySelectorAll('mark')].some((m) => m.attributes.length"
                        " && !m.classList.contains('here'))")


def test_nothing_leaves_the_origin_and_the_policy_allows_nothing_else(page, interview):
    item, words = interview
    page.search(WORD)
    open_item(page, item["id"], words)
    origins = page.run("return [...new Set(performance.getEntriesByType('resource')"
                       ".map((e) => new URL(e.name).origin))]")
    assert origins == [page.server.rstrip("/")]
    with urllib.request.urlopen(page.server, timeout=20) as reply:
        assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
    assert page.complaints() == []


@pytest.mark.parametrize("width", [320, 375])
def test_a_phone_shows_everything_without_scrolling_sideways(page, interview, width):
    item, words = interview
    page.size(width, 812, mobile=True)
    for name, params in (("home", {}), ("results", {"q": WORD}),
                         ("item", {"q": words, "item": item["id"]})):
        page.open(**params)
        page.until(lambda: page.shown("#home h1, #hits .hit, #item .text"), f"{name} is shown")
        page.shot(f"phone-{width}-{name}")
        assert page.run("return document.documentElement.scrollWidth") <= width, name


def test_filters_are_folded_on_a_phone_and_open_on_a_tap(page):
    page.size(375, 812, mobile=True)
    page.search(WORD)
    assert not page.shown(".facet input")
    page.click("#filters > summary")
    page.until(lambda: page.shown(".facet input"), "filters unfold")
    page.shot("phone-filters")


def contrast(page, selector):
    """WCAG contrast of a text against the page's ground."""
    def luminance(colour):
        parts = [int(n) / 255 for n in colour[colour.index("(") + 1:-1].split(",")[:3]]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    ink = page.run("return getComputedStyle(document.querySelector(arguments[0])).color", selector)
    ground = page.run("return getComputedStyle(document.body).backgroundColor")
    light, dim = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dim + 0.05), luminance(ground)


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_contrast_by_day_and_by_night(page, dark):
    page.dark(dark)
    page.search(WORD)
    for selector in (".open", ".snippet", ".dateline .region", ".took", ".badges", ".facet .n",
                     "#help-open", ".foot"):
        ratio, ground = contrast(page, selector)
        assert ratio >= 4.5, f"{selector}: {ratio:.2f}"
        assert (ground < 0.05) == dark
    page.shot("dark" if dark else "light")
