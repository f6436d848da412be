"""`dragoman search`: the reply object, parameters, operators, paging, plain output."""
import html
import re

import pytest

from desk import Desk, item

ITEMS = [
    item("cyber", "A cyber-attack hit three hospitals in Oslo.\n\nDoctors wrote on paper.",
         title="Attack on hospitals", region="Norway", country="NO", topics=["health", "cyber"],
         source="Ministry of Health", published="2021-06-16"),
    item("treaty", "The delegations signed a treaty on cyber security and data exchange.",
         title="Treaty signed", region="Russian Federation", country="RU", topics=["cyber"],
         source="Ministry of Foreign Affairs", published="2021-07-02"),
    item("fish", "Catches of cod fell; the fishing quota for cod is cut by a fifth.",
         title="Quota cut", region="Norway", country="NO", topics=["fisheries"], published="2021-07-20"),
    item("dam", "Talks on the dam were held <b>behind closed doors</b> & ended without a paper.",
         title='The "great" dam', region="Egypt", country="EG", topics=["water"], published="2022-01-05"),
    item("nodate", "A note on cod without any date.", title="Undated", published=None),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("search") / "data")
    made.take(*({k: v for k, v in i.items() if v is not None} for i in ITEMS))
    return made


def test_the_reply_has_the_shape_of_the_contract(desk):
    reply = desk.search("cyber", "--facets", "region,year", "--histogram", "month")
    assert set(reply) == {"query", "took_ms", "revision", "total", "hits", "facets", "histogram", "next", "warnings"}
    assert set(reply["query"]) == {"text", "parsed", "suggestion"}
    assert reply["query"]["text"] == "cyber" and reply["total"] == {"value": 2, "relation": "eq"}
    hit = reply["hits"][0]
    assert {"id", "score", "title", "snippet", "published", "region", "country", "source", "language",
            "translated", "url", "topics"} <= set(hit)
    assert reply["facets"]["region"] == [{"value": "Norway", "count": 1},
                                         {"value": "Russian Federation", "count": 1}]
    assert reply["histogram"][0] == {"from": "2021-06-01T00:00:00Z", "count": 1}
    assert re.fullmatch(r"\d+-\d+", reply["revision"])
    assert reply["next"] is None and reply["warnings"] == [] and reply["took_ms"] >= 0


FOUND = [
    ("cod", {"fish", "nodate"}),
    ("quotas", {"fish"}),
    ("cyberattack", {"cyber"}),
    ("cyber attack", {"cyber"}),
    ('"cyber security"', {"treaty"}),
    ('"security cyber"', set()),
    ("cyber -hospitals", {"treaty"}),
    ("cyber NOT treaty", {"cyber"}),
    ("dam OR cod", {"dam", "fish", "nodate"}),
    ("(dam OR cod) AND talks", {"dam"}),
    ("hosp*", {"cyber"}),
    ("title:quota", {"fish"}),
    ("region:norway cod", {"fish"}),
    ('region:"Russian Federation"', {"treaty"}),
    ("country:no", {"cyber", "fish"}),
    ("topic:cyber", {"cyber", "treaty"}),
    ("source:health", {"cyber"}),
    ("source:foreign", {"treaty"}),
    ('source:"affairs foreign"', {"treaty"}),
    ("region:(norway OR egypt)", {"cyber", "fish", "dam"}),
    ("-region:norway", {"treaty", "dam", "nodate"}),
    ("region:russia", {"treaty"}),
    ("country:Egypt", {"dam"}),
    ("REGION:NORWAY cod", {"fish"}),
    ("translated:yes", set()),
    ("translated:no cod", {"fish", "nodate"}),
    ("grain export OR cod quota", {"fish"}),
    ("cod -(quota OR dam)", {"nodate"}),
    ('cod -"fishing quota"', {"nodate"}),
    ("“fishing quota”", {"fish"}),
    ("ﬁshing", {"fish"}),
    ("CYBER-ATTACK", {"cyber"}),
    ("id:dam", {"dam"}),
    ("date:2021-07", {"treaty", "fish"}),
    ("date:2021-06-16..2021-07-02", {"cyber", "treaty"}),
    ("date:2021-07-20..", {"fish", "dam"}),
    ("date:..2021-06-16", {"cyber"}),
    ("before:2021-07-02", {"cyber"}),
    ("after:2021-07-20", {"dam"}),
    ("year:2022", {"dam"}),
    ("-norway region:norway", {"cyber", "fish"}),
    ("", {"cyber", "treaty", "fish", "dam", "nodate"}),
]


@pytest.mark.parametrize("query, wanted", FOUND, ids=[q or "nothing" for q, _ in FOUND])
def test_queries_find_what_they_ask_for(desk, query, wanted):
    reply = desk.search(query)
    strict = {h["id"] for h in reply["hits"] if not h.get("relaxed")}
    assert strict == wanted and reply["total"] == {"value": len(wanted), "relation": "eq"}


def test_match_decides_how_many_words_have_to_occur(desk):
    assert set(desk.ids("cod dam", "--match", "any")) == {"fish", "nodate", "dam"}
    every = desk.search("cod dam")
    assert every["total"]["value"] == 0
    assert all(h["relaxed"] for h in every["hits"])


def test_filters_join_with_or_within_and_with_and_across(desk):
    assert set(desk.ids("", "--region", "Norway", "--region", "egypt")) == {"cyber", "fish", "dam"}
    assert desk.ids("", "--region", "Norway", "--region", "Egypt", "--topic", "health") == ["cyber"]
    assert desk.ids("", "--region", "Nor") == []  # a filter is the whole value


def test_dates_are_inclusive(desk):
    assert set(desk.ids("", "--from", "2021-06-16", "--to", "2021-07-02")) == {"cyber", "treaty"}
    assert set(desk.ids("", "--from", "2021-07", "--to", "2021")) == {"treaty", "fish"}
    assert desk.ids("", "--to", "2020") == []


def test_sorting_by_date_puts_the_undated_last(desk):
    assert desk.ids("", "--sort", "newest") == ["dam", "fish", "treaty", "cyber", "nodate"]
    assert desk.ids("", "--sort", "oldest")[:4] == ["cyber", "treaty", "fish", "dam"]


def test_pages_neither_repeat_nor_skip(desk):
    for sort in ("relevance", "newest", "oldest"):
        seen, cursor, rounds = [], None, 0
        while rounds < 10:
            rounds += 1
            more = ["--cursor", cursor] if cursor else []
            page = desk.search("", "--limit", "2", "--sort", sort, *more)
            seen += [h["id"] for h in page["hits"]]
            cursor = page["next"]
            if not cursor:
                break
        assert sorted(seen) == ["cyber", "dam", "fish", "nodate", "treaty"], sort


def test_paging_survives_items_that_come_in_between(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.take(*(item(f"a{i:02}", "water " * (i + 1), published=f"2021-06-{i + 1:02}") for i in range(20)))
    for sort in ("newest", "relevance"):
        seen, cursor = [], None
        for page_number in range(20):
            more = ["--cursor", cursor] if cursor else []
            page = desk.search("water", "--limit", "3", "--sort", sort, *more)
            seen += [h["id"] for h in page["hits"] if h["id"].startswith("a")]
            cursor = page["next"]
            if not cursor:
                break
            desk.take(item(f"{sort}{page_number}", "water " * 7, published=f"2021-07-{page_number + 1:02}"))
        assert sorted(seen) == [f"a{i:02}" for i in range(20)], sort


def test_a_cursor_of_another_query_is_refused(desk):
    cursor = desk.search("cod", "--limit", "1")["next"]
    done = desk.run("search", "--cursor", cursor, "dam")
    assert done.code == 2 and "cursor" in done.err and done.out == "", done


@pytest.mark.parametrize("cursor", ["x", "AAAA", "0" * 8192, "0" * 9000, "../../etc/passwd", "ключ", "a b%00"], ids=lambda c: ascii(c[:20]))
def test_a_forged_cursor_is_refused(desk, cursor):
    done = desk.run("search", "--json", "--cursor", cursor, "cod")
    assert done.code == 2 and "cursor" in done.err and done.out == "", done


def test_snippets_are_escaped_and_only_mark_is_ours(desk):
    (hit,) = desk.search("doors")["hits"]
    assert "<mark>doors</mark>" in hit["snippet"]
    assert "<b>" not in hit["snippet"] and "&amp;" in hit["snippet"]
    (plain,) = desk.search("doors", "--highlight", "text")["hits"]
    assert "<mark>" not in plain["snippet"] and "closed doors" in plain["snippet"]
    assert html.unescape(re.sub(r"</?mark>", "", hit["snippet"])) == plain["snippet"]
    (none,) = desk.search("doors", "--highlight", "none")["hits"]
    assert none.get("snippet") is None


def test_a_phrase_is_marked_as_one_span(desk):
    (hit,) = desk.search('"cyber security"')["hits"]
    assert "<mark>cyber security</mark>" in hit["snippet"]


def test_the_parts_of_a_score_sum_to_it(desk):
    for hit in desk.search("cod quota", "--match", "any", "--explain", "1")["hits"]:
        parts = hit["explain"] if "explain" in hit else hit["parts"]
        assert abs(sum(p["weight"] for p in parts) - hit["score"]) < 1e-6 * max(1, hit["score"])


def test_facets_count_all_matches_exactly(desk):
    reply = desk.search("", "--facets", "region,country,topic,year,month,language", "--limit", "1")
    assert {f["value"]: f["count"] for f in reply["facets"]["year"]} == {"2021": 3, "2022": 1}
    assert {f["value"]: f["count"] for f in reply["facets"]["topic"]} == \
        {"cyber": 2, "health": 1, "fisheries": 1, "water": 1}
    assert reply["facets"]["region"][0] == {"value": "Norway", "count": 2}


def test_the_histogram_sums_to_the_dated_matches(desk):
    for unit in ("hour", "day", "week", "month", "year"):
        buckets = desk.search("", "--histogram", unit)["histogram"]
        assert sum(b["count"] for b in buckets) == 4, unit
        assert [b["from"] for b in buckets] == sorted(b["from"] for b in buckets)


def test_a_repaired_query_says_so(desk):
    reply = desk.search('cod "quota')
    assert reply["warnings"] and "fish" in [h["id"] for h in reply["hits"]]
    done = desk.run("search", "(cod")
    assert done.code == 0 and "parenthesis" in done.err and "parenthesis" not in done.out


def test_a_refused_query_points_at_the_place(desk):
    done = desk.run("search", "cod date:2021-02-31")
    assert done.code == 2 and "2021-02-31" in done.err, done
    shown, caret = done.err.splitlines()[1:3]
    assert shown[caret.index("^"):].startswith("2021-02-31")


def test_plain_output_has_a_block_for_each_hit(desk):
    done = desk.run("search", "cod", "quota")
    assert done.code == 0 and done.out.startswith("1 item for "), done
    assert "1. Quota cut" in done.out and "2021-07-20  Norway" in done.out
    assert "<mark>" not in done.out and "\033" not in done.out and "&amp;" not in done.out


def test_plain_output_tells_how_to_go_on(desk):
    done = desk.run("search", "--limit", "1", "cod")
    cursor = re.search(r"^more: --cursor (\S+)$", done.out, re.M).group(1)
    rest = desk.run("search", "--limit", "1", "--cursor", cursor, "cod")
    assert rest.code == 0 and rest.out != done.out


def test_words_given_apart_are_one_query(desk):
    apart = desk.run("search", "--json", "cyber", "security").json
    assert apart["query"]["text"] == "cyber security"


def test_an_empty_archive_answers(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.index("-", stdin=b"")
    reply = desk.search("anything", "--facets", "region", "--histogram", "year")
    assert reply["hits"] == [] and reply["total"] == {"value": 0, "relation": "eq"}


def test_a_cursor_survives_a_new_generation_and_another_page_size(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.take(*(item(f"a{i:02}", "water " * (i % 7 + 1), published=f"2021-06-{i + 1:02}") for i in range(20)))
    for sort in ("relevance", "newest", "oldest"):
        every = desk.ids("water", "--limit", "100", "--sort", sort)
        cursor = desk.search("water", "--limit", "7", "--sort", sort)["next"]
        assert desk.run("reindex").code == 0
        rest = desk.search("water", "--limit", "50", "--sort", sort, "--cursor", cursor, "--facets", "year")
        assert [h["id"] for h in rest["hits"]] == every[7:], sort
        assert rest["facets"]["year"] == [{"value": "2021", "count": 20}] and rest["next"] is None
