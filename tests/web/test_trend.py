# SPDX-License-Identifier: GPL-2.0-or-later
"""The share over time above the results, the note on silent sources, and the page that compares."""


def test_the_share_over_time_opens_above_the_results(page):
    page.fake({"when": "nothing", "body": {}})
    page.search("grain")
    assert not any("v1/trends" in path for path in page.run("return window.fetched"))
    page.click("#trend summary")
    page.until(lambda: page.all("#trend svg path"), "a line")
    assert "of" in page.text("#trend-body p") and "%" in page.text("#trend-body p")
    label = page.run("return document.querySelector('#trend svg').getAttribute('aria-label')")
    assert label.startswith("Share of all items by") and page.all("#trend table tbody tr")
    page.shot("trend")
    assert page.complaints() == []


def test_the_way_to_compare_takes_the_search_along(page):
    page.search("grain", region="Russian Federation")
    page.click("#trend summary")
    page.until(lambda: page.all(".compare-link"), "a link")
    link = page.run("return document.querySelector('.compare-link').getAttribute('href')")
    assert link == "compare.html?a.q=grain&a.region=Russian+Federation"


def test_two_sides_are_shown_beside_one_another(page):
    page.driver.get(page.server + "compare.html?a.q=grain&b.q=water")
    page.until(lambda: page.all(".column"), "two sides")
    assert len(page.all(".column")) == 2 and len(page.all("#answer svg path")) == 2
    assert page.run("return document.getElementById('b.q').value") == "water"
    page.shot("compare")
    page.run("document.getElementById('b.q').value = 'energy'")
    page.click("#sides button[type=submit]")
    page.until(lambda: "energy" in page.text("#answer"), "the other question")
    assert page.complaints() == []


def test_silent_sources_are_named(page):
    page.fake({"when": "v1/search", "body": {
        "query": {"text": "x", "parsed": "x", "suggestion": None}, "took_ms": 1, "revision": "1-1",
        "total": {"value": 0, "relation": "eq"}, "hits": [], "facets": {}, "histogram": [], "next": None, "warnings": [],
        "completeness": {"silent": [{"source": "Ministry <b>", "last": "2021-07-16T09:00:00Z", "per_day": 40,
                                     "missed_days": 2}], "more": 2}}})
    page.open(q="x")
    page.until(lambda: page.all(".silent li"), "a note")
    text = page.text(".silent")
    assert "Ministry <b> – nothing since Friday" in text and "usually 40 a day" in text and "2 more" in text
