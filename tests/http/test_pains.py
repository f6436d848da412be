# SPDX-License-Identifier: GPL-2.0-or-later
"""What users of other search servers suffer, each as a test of ours: one archive, asked over HTTP and, where the
two could differ, on the command line. The numbers are those of doc/pains.md."""

import json
import random
import subprocess

import pytest

from dragomand import Server, index, program

ITEMS = [
    {"id": "y2000", "title": "Budget of the year 2000", "body": "The ministry closed the accounts of 2000."},
    {"id": "y2001", "title": "Budget of the year 2001", "body": "The ministry closed the accounts of 2001."},
    {"id": "exact", "title": "Solutions for ports", "body": "The ministry reports solutions in the ports of the north."},
    {"id": "upper", "title": "SOLAR panels", "body": "Solar panels were put up on the roofs of schools."},
    {"id": "kyiv", "title": "Talks in Kyiv", "body": "The delegations met in Kyiv on Monday.", "region": "Ukraine"},
    {"id": "kiev", "title": "Talks in Kiev go on", "body": "In Kiev, the second day of the talks began.",
     "region": "Ukraine"},
    {"id": "curly", "title": "The minister’s “red line”", "body": "She spoke of a “red line” and of co-operation."},
    {"id": "accent", "title": "Café culture in Málaga", "body": "A café in Málaga was named after the envoy."},
    {"id": "zh", "title": "部长访问北京", "body": "部长在北京讨论网络安全问题。", "language": "zh"},
    {"id": "ja", "title": "大臣が東京で会談", "body": "大臣は東京でサイバー安全保障について会談した。", "language": "ja"},
    {"id": "speech", "title": "Interview with the minister", "region": "Germany",
     "body": ["What will you do about the harvest?", "We shall buy grain early, and store it."],
     "topics": ["agriculture"], "author": "Press office", "source": "Ministry of Agriculture"},
]
STORY = ("The coast guard said on Friday that it had towed the damaged freighter into the harbour of the northern "
         "port after two days of heavy weather, that all fourteen sailors were well, and that an inquiry into the "
         "failure of the engine would begin as soon as the ship had been unloaded and inspected by the surveyors.")
COPIES = [{"id": f"copy-{i}", "title": title, "body": STORY, "source": f"Agency {i}", "published": f"2021-05-0{i + 1}"}
          for i, title in enumerate(["Freighter towed into port", "UPDATE: Freighter towed into port",
                                     "Freighter towed into port (photos)"])]


def bulk():
    """Items for counting: months, regions and words that are drawn, always the same."""
    draw = random.Random(7)
    words = "energy harvest border talks summit trade port rail water school".split()
    return [{"id": f"bulk-{i}", "title": f"Report {i} on {draw.choice(words)}",
             "body": " ".join(draw.choice(words) for _ in range(40)) + ".",
             "published": f"20{draw.randint(18, 23)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
             "region": draw.choice(["Norway", "Chile", "Kenya", "Japan"]), "topics": [draw.choice(["a", "b", "c"])]}
            for i in range(300)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pains")
    index(folder / "data", ITEMS + COPIES + bulk())
    server = Server(folder / "data", folder / "log")
    server.data = folder / "data"
    yield server
    server.stop()


def ids(page):
    return [hit["id"] for hit in page["hits"]]


def by_command(desk, query, *options):
    done = subprocess.run([program("DRAGOMAN", "dragoman"), "search", "--data", str(desk.data), "--json", *options,
                           "--", query], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_1_a_year_never_finds_another_year(desk):
    page = desk.search(q="budget 2001")
    assert [hit["id"] for hit in page["hits"] if not hit.get("relaxed")] == ["y2001"]
    assert desk.search(q="2002 accounts")["total"]["value"] == 0
    page = desk.search(q="accounts 2001~")
    assert ids(page)[0] == "y2001" and page["total"]["value"] == 1 and page["warnings"]


def test_1_words_are_blurred_only_when_nothing_else_is_found_and_it_is_said(desk):
    page = desk.search(q="delegatoins")
    assert ids(page) == ["kyiv"] and all(hit["relaxed"] for hit in page["hits"])
    assert page["total"] == {"value": 0, "relation": "eq"} and page["query"]["parsed"] == "delegatoins"
    assert any("delegations" in warning for warning in page["warnings"])
    for query in ['"delegatoins"', "exact:delegatoins", "2011", "budgt2001"]:
        assert ids(desk.search(q=query)) == []
    found = desk.search(q="delegations")
    assert found["warnings"] == [] and found["total"]["value"] == 1


def test_1_pages_of_blurred_words_go_on(desk):
    first = desk.search(q="reporrt", limit=5)
    second = desk.search(q="reporrt", limit=5, cursor=first["next"])
    assert len(set(ids(first) + ids(second))) == 10
    assert ids(first) + ids(second) == ids(desk.search(q="reporrt", limit=10))


def test_2_operators_nest_and_the_parsed_form_is_told(desk):
    page = desk.search(q="(Kyiv OR Kiev) AND NOT second")
    assert ids(page) == ["kyiv"] and page["query"]["parsed"]
    assert ids(desk.search(q=page["query"]["parsed"])) == ["kyiv"]


def test_3_every_word_counts_however_many_there_are(desk):
    many = " ".join(["solutions", "ports", "north", "ministry", "reports"] * 6)
    assert ids(desk.search(q=many + " freighter", match="all"))[:1] != ["exact"] or \
        desk.search(q=many + " freighter")["total"]["value"] == 0
    assert desk.search(q=many)["total"]["value"] == 1


def test_3_what_a_bound_cuts_is_said(desk):
    page = desk.search(q="t* OR b* OR a* OR s* OR r*")
    assert page["total"]["value"] > 0
    reply = desk.get("/v1/search", params={"q": " OR ".join(f"w{i}" for i in range(5000))})
    assert reply.status_code == 414 and "too long" in reply.text


def test_4_quotes_mean_the_written_form(desk):
    assert "exact" in ids(desk.search(q="solution"))
    assert ids(desk.search(q='"solutions"')) == ["exact"]
    assert desk.search(q='"solution"')["total"]["value"] == 0
    assert desk.search(q='"ministry report"')["total"]["value"] == 0


@pytest.mark.parametrize("straight, curly", [('"red line"', "“red line”"), ("minister's", "minister’s"),
                                             ("co-operation", "co‐operation")])
def test_5_curly_signs_are_straight_ones_on_each_way_in(desk, straight, curly):
    wanted = ids(desk.search(q=straight))
    assert wanted == ids(desk.search(q=curly)) == ids(by_command(desk, curly)) and "curly" in wanted


def test_5_lower_case_or_is_told_or_taken(desk):
    page = desk.search(q="kyiv or solar")
    assert page["warnings"] or set(ids(page)) >= {"kyiv", "upper"}


@pytest.mark.parametrize("pasted", ["O'Brien AND (Malaga", "envoy: \"Malaga", "-Malaga", "region:Malaga ("])
def test_6_what_is_pasted_is_words(desk, pasted):
    page = desk.search(q=pasted, literal="1", match="any")
    assert "accent" in ids(page) and page["warnings"] == []
    assert page == {**by_command(desk, pasted, "--literal", "1", "--match", "any"), "took_ms": page["took_ms"]}


def test_7_marks_cover_the_phrase_and_nothing_else(desk):
    page = desk.search(q='"red line"')
    snippet = page["hits"][0]["snippet"]
    assert snippet.count("<mark>") == snippet.count("</mark>") == 1 and "<mark>red line</mark>" in snippet
    accents = desk.search(q="malaga")["hits"][0]["snippet"]
    assert "<mark>Málaga</mark>" in accents and "café" in accents


def test_8_a_filter_never_raises_a_count(desk):
    fields = "region,topic,year"
    every = desk.search(q="energy OR trade", facets=fields)
    for region in [row["value"] for row in every["facets"]["region"]]:
        some = desk.search(q="energy OR trade", facets=fields, region=region)
        assert some["total"]["value"] <= every["total"]["value"]
        for field in ("topic", "year"):
            whole = {row["value"]: row["count"] for row in every["facets"][field]}
            assert all(row["count"] <= whole[row["value"]] for row in some["facets"][field])
    counts = [row["count"] for row in every["facets"]["year"]]
    assert sum(counts) == every["total"]["value"] and every["total"]["relation"] == "eq"


def test_9_totals_facets_and_pages_of_groups_count_groups(desk):
    page = desk.search(q="freighter", group="story", facets="source")
    assert page["total"]["value"] == page["total"]["stories"] == 1 and page["total"]["items"] == 3
    assert len(page["hits"]) == 1 and page["next"] is None
    assert {copy["id"] for copy in page["hits"][0]["story"]["copies"]} | {page["hits"][0]["id"]} == \
        {"copy-0", "copy-1", "copy-2"}


def test_10_pages_reach_the_last_hit_and_an_export_holds_them_all(desk):
    seen, cursor = [], None
    while True:
        page = desk.search(q="report", limit=7, **({"cursor": cursor} if cursor else {}))
        seen += ids(page)
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == page["total"]["value"] >= 300
    lines = desk.get("/v1/export", params={"q": "report"}).text.splitlines()
    assert {json.loads(line)["id"] for line in lines if "id" in json.loads(line)} == set(seen)


def test_12_time_buckets_sum_to_the_total(desk):
    page = desk.search(q="harvest", histogram="month", **{"from": "2018-01-01", "to": "2023-12-31"})
    assert sum(b["count"] for b in page["histogram"]) == page["total"]["value"]


def test_14_a_language_does_not_hide_another(desk):
    assert "zh" in ids(desk.search(q="北京")) and "ja" in ids(desk.search(q="東京"))
    assert "ja" in ids(desk.search(q="会談"))


def test_15_one_name_in_two_spellings_has_as_many_hits(desk):
    new, old = desk.search(q="Kyiv"), desk.search(q="Kiev")
    assert set(ids(new)) == set(ids(old)) == {"kyiv", "kiev"}
    assert ids(new)[0] == "kyiv" and ids(old)[0] == "kiev"
    assert ids(desk.search(q="Kyiv", exact="1")) == ["kyiv"]


@pytest.mark.parametrize("query", ["harvest early", 'title:interview', "topic:agriculture",
                                   'source:"Ministry of Agriculture"', 'author:"press office"', "region:Germany"])
def test_16_every_text_of_an_item_is_reachable(desk, query):
    assert "speech" in ids(desk.search(q=query))


def test_17_copies_are_grouped_and_none_is_deleted(desk):
    assert set(ids(desk.search(q="freighter", group="none"))) == {"copy-0", "copy-1", "copy-2"}
    assert ids(desk.search(q="freighter", group="story")) != []


def test_29_every_hit_has_a_score_and_its_parts_sum_to_it(desk):
    page = desk.search(q="energy trade", explain="1")
    scores = [hit["score"] for hit in page["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in page["hits"]:
        assert sum(part["weight"] for part in hit["explain"]) == pytest.approx(hit["score"], rel=1e-9)
