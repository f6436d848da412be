# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers that a healthy server seldom gives, put before the page in its place."""

HIT = {"id": "a", "score": 1, "title": "A title", "snippet": "some <mark>words</mark>",
       "published": "2021-06-16T00:00:00Z", "region": "Egypt", "country": "EG", "source": "A body",
       "language": "en", "translated": True, "url": None, "topics": [], "turn": None}


def reply(*hits, **more):
    return {"query": {"text": "x", "parsed": "x", "suggestion": None}, "took_ms": 0.5,
            "revision": "1-1", "total": {"value": len(hits), "relation": "eq"}, "hits": list(hits),
            "facets": {}, "histogram": [], "next": None, "warnings": [], **more}


def hit(**changes):
    return {**HIT, **changes}


def problem(status, title, detail, **more):
    return {"when": "v1/search", "status": status, "type": "application/problem+json",
            "headers": more.pop("headers", {}),
            "body": {"type": "about:blank", "title": title, "status": status, "detail": detail,
                     **more}}


def test_a_refused_query_points_at_the_character_behind_wide_ones(page):
    query = "Киев (grain"
    page.fake(problem(400, "The query cannot be read", "This parenthesis is never closed",
                      offset=len("Киев ".encode())))
    page.search(query)
    notice = page.one("#notice .notice")
    assert "The query cannot be read" in notice.text
    assert "never closed" in notice.text
    assert page.text("#notice .here") == "("
    assert "character 6" in page.text("#notice .pointer")
    page.shot("error-pointer")


def test_a_busy_server_is_asked_again_after_the_time_that_it_named(page):
    page.fake(problem(503, "Busy", "All workers are taken", headers={"Retry-After": "1"}))
    page.search("x")
    assert "Trying again in" in page.one("#notice .notice").text
    asked = page.run("return fetched.length")
    page.until(lambda: page.run("return fetched.length") > asked, "it is asked again", 5)


def test_without_a_network_the_last_list_stays_and_says_so(page):
    page.fake({"when": "q=gone", "down": True}, {"when": "q=here", "body": reply(hit())})
    page.search("here")
    page.one("#q").clear()
    page.one("#q").send_keys("gone")
    page.until(lambda: page.all("#notice .notice"), "the error is shown")
    assert "cannot be reached" in page.one("#notice .notice").text
    assert page.ids() == ["a"]
    assert "last search that worked" in page.text("#status")
    page.shot("offline")


def test_an_answer_that_is_no_json_is_an_error_not_a_blank_page(page):
    page.fake({"when": "v1/search", "status": 502, "body": "<html>", "type": "text/html"})
    page.search("x")
    assert "502" in page.one("#notice .notice").text


def test_marks_of_a_title_need_none_in_its_snippet(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(title="Grain & <b> ships", title_html="<mark>Grain</mark> &amp; &lt;b&gt; ships", snippet="none here"))})
    page.search("x")
    assert page.text("#hits .open") == "Grain & <b> ships"
    assert page.texts("#hits .open mark") == ["Grain"] and not page.all("#hits b")


def test_the_rest_of_an_earlier_moment_is_asked_for(page):
    part = reply(hit(title="First part")) | {"partial": True, "warnings": ["1 of 2 items were not read back yet"]}
    page.fake({"when": "v1/search", "body": part, "once": True}, {"when": "v1/search", "body": reply(hit(title="All"))})
    page.search("x", as_of="1:99")
    page.until(lambda: page.text("#hits .open") == "All", "the rest came by itself")


def test_only_marks_survive_in_a_snippet(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(snippet='a <b>b</b> <mark>c</mark> &lt;i&gt; &amp;lt; <img src=x onerror="hurt=1">'
                    '<mark onclick="hurt=1">d</mark>',
            title="<script>hurt=1</script>", region="<b>R</b>", source="<u>S</u>"))})
    page.search("x")
    assert page.texts("#hits mark") == ["c"]
    assert "a <b>b</b> c <i> &lt; <img src=x" in page.text("#hits .snippet")
    assert page.text("#hits .open") == "<script>hurt=1</script>"
    assert not page.all("#hits img, #hits script, #hits b, #hits u")
    assert page.run("return window.hurt") is None


def test_a_link_that_would_run_script_is_not_made(page):
    item = {**HIT, "body": ["One."], "turns": [], "boilerplate": [], "url": "javascript:hurt=1",
            "status": "usable", "derived_title": False}
    page.fake({"when": "v1/items/", "body": item}, {"when": "v1/search", "body": reply(hit())})
    page.open(q="x", item="a")
    page.until(lambda: page.shown("#item .text"), "the item is shown")
    assert not page.all("#item .original")
    assert not page.all('a[href^="javascript:"]')


def test_relaxed_hits_stand_below_a_divider(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(id="a"), hit(id="b", relaxed=True), hit(id="c", relaxed=True),
        total={"value": 1, "relation": "eq"})})
    page.search("x y")
    order = page.run("return [...document.querySelectorAll('#hits > li')]"
                     ".map((n) => n.dataset.id ?? n.textContent)")
    assert order == ["a", "Fewer words matched", "b", "c"]
    assert page.text("#status strong") == "1 item"
    page.shot("relaxed")


def test_a_bound_total_a_suggestion_and_warnings_are_said(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(), total={"value": 1000, "relation": "gte"}, warnings=["‘*’ was left out"],
        query={"text": "secruity", "parsed": "", "suggestion": "security"})})
    page.search("secruity")
    assert page.text("#status strong") == "1,000+ items"
    assert "left out" in page.text("#hints .warnings")
    assert page.text("#hints .suggestion") == "Did you mean security?"
    page.click("#hints .suggestion a")
    page.until(lambda: page.params()["q"] == ["security"], "the better spelling is searched")


def test_a_turn_names_its_role_and_speaker(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(turn={"role": "answer", "speaker": "A. Speaker"}))})
    page.search("x")
    assert page.texts("#hits .turn-line > *") == ["Answer", "A. Speaker"]


def test_arabic_reads_from_the_right_and_names_its_language(page):
    page.fake({"when": "v1/search", "body": reply(
        hit(title="بيان حول الأمن", snippet="أكدت <mark>الوزارة</mark> ذلك", language="ar",
            translated=False))})
    page.search("x")
    head = page.one("#hits h2")
    assert head.get_attribute("lang") == "ar"
    assert page.run("return getComputedStyle(arguments[0]).direction", head) == "rtl"
    assert "Arabic" in page.text("#hits .badges")
    page.shot("arabic")


def test_nothing_found_offers_ways_out(page):
    page.fake({"when": "v1/search", "body": reply()})
    page.search('"zebra crossing" now', region="Egypt")
    assert page.text("#status strong") == "Nothing found"
    ways = page.texts("#hints .nothing a")
    assert ways == ["Search without the filters", "Match any of the words",
                    "Search the words without the quotes"]
    page.shot("nothing")


def test_a_search_that_is_overtaken_never_shows(page):
    page.fake({"when": "q=late", "body": reply(hit(id="late"))})
    page.open()
    page.run("""
      const quick = window.fetch;
      window.aborted = 0;
      window.fetch = (path, options) => {
        if (!String(path).includes("q=late")) return quick(path, options);
        return new Promise((resolve, reject) => {
          options.signal.addEventListener("abort", () => {
            window.aborted += 1;
            reject(new DOMException("", "AbortError"));
          });
        });
      };""")
    page.one("#q").send_keys("late")
    page.until(lambda: page.params().get("q") == ["late"], "the first search runs")
    page.one("#q").clear()
    page.one("#q").send_keys("security")
    page.until(lambda: page.all("#hits .hit"), "the second search shows")
    assert page.run("return window.aborted") >= 1
    assert "late" not in page.ids()
    assert not page.all("#notice .notice")


def test_dates_are_the_servers_days_not_the_readers(page):
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/Lima"})
    try:
        page.fake({"when": "v1/search", "body": reply(
            hit(), histogram=[{"from": "2021-06-01T00:00:00Z", "count": 1}])})
        page.search("x")
        assert page.text("#hits time") == "16 Jun 2021"
        assert page.text(".tick") == ""
        assert page.one(".tick").get_attribute("data-from") == "2021-06-01"
        assert page.one(".tick").get_attribute("data-to") == "2021-06-30"
    finally:
        page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_a_list_is_cited_with_two_addresses_that_answer_as_then(page):
    cite = {"query": "x", "parsed": "x", "permalink": "/v1/search?as_of=1%3A4711&q=x", "place": "1:4711",
            "generation": 1, "revision": "1-1", "made": "2026-11-24T08:00:00Z", "total": 1, "first": 0, "hits": []}
    page.fake({"when": "cite=1", "body": reply(hit(), cite=cite)}, {"when": "v1/search", "body": reply(hit())})
    page.search("x", region="Egypt")
    page.run("window.copied = null; navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.click("#cite")
    page.until(lambda: page.text("#cite-said") == "Copied", "it says that it copied")
    line, check = page.run("return window.copied").split("\n")
    assert "“x”: 1 found" in line and "1:4711" in line and "24 November 2026" in line
    assert line.endswith("/?q=x&as_of=1%3A4711&region=Egypt")
    assert check.startswith("To check: http") and check.endswith("/v1/search?as_of=1%3A4711&q=x&cite=1")


def test_an_address_with_a_moment_asks_as_of_it_and_a_chip_leaves_it(page):
    page.fake({"when": "v1/search", "body": reply(hit())})
    page.search("x", as_of="1:4711")
    assert "as_of=1%3A4711" in page.run("return fetched[0]")
    assert "1:4711" in page.text("#chips")
    page.click("#chips button")
    page.until(lambda: "as_of" not in page.run("return location.search"), "the address is of the present")
