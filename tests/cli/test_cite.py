# SPDX-License-Identifier: GPL-2.0-or-later
"""`dragoman search --cite` and `dragoman cite`: a page that can be asked for again, and what became of its items."""
import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from desk import Desk, environment, item, run

ITEMS = [
    item("stays", "A copper mine opens.", published="2021-01-01"),
    item("edited", "Copper prices fall.", published="2021-01-02"),
    item("gone", "Copper is stolen.", published="2021-01-03"),
]
LATER = [
    item("edited", "Copper prices rise again.", published="2021-01-02", updated="2021-02-02"),
    {"id": "gone", "status": "canceled", "updated": "2021-02-02"},
    item("new", "More copper.", published="2021-02-03"),
]


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "data")
    made.take(*ITEMS)
    return made


def saved(desk, tmp_path, *options):
    reply = desk.search("copper", "--cite", "1", *options)
    path = tmp_path / "citation.json"
    path.write_text(json.dumps(reply), "utf-8")
    return reply["cite"], path


def permalink(cite):
    return [f"--{name}={value}" for name, value in parse_qsl(urlsplit(cite["permalink"]).query) if name != "q"]


def states(done):
    return dict(reversed(line.split()) for line in done.out.splitlines()[:-1])


def test_a_citation_names_the_query_the_place_and_each_version(desk, tmp_path):
    cite, _ = saved(desk, tmp_path)
    log = (desk.path / "archive/000001.ndjson").read_bytes()
    assert cite["query"] == "copper" and cite["parsed"] == "copper" and cite["total"] == 3 and cite["first"] == 0
    assert cite["place"] == f"1:{len(log)}" and cite["revision"].startswith(f"{cite['generation']}-")
    assert {hit["id"] for hit in cite["hits"]} == {"stays", "edited", "gone"}
    for hit in cite["hits"]:
        begin = int(hit["place"].split(":")[1])
        line = log[begin:log.index(b"\n", begin)]
        assert json.loads(line)["id"] == hit["id"] and json.loads(line)["sha256"] == hit["sha256"]
        assert hashlib.sha256(line).hexdigest() == hit["record"]


def test_copies_of_a_story_are_cited_each_by_its_own(tmp_path):
    text = "The senate of Kale agreed on Monday after long talks that the copper mine is to be opened anew with money of " \
           "the bridge fund, the chairman told reporters in the evening, and that work begins in spring."
    desk = Desk(tmp_path / "data")
    desk.take(*(item(f"copy{i}", text, published=f"2021-01-0{i + 1}") for i in range(3)))
    hits = desk.search("copper", "--cite", "1")["cite"]["hits"]
    lines = [json.loads(line) for line in (desk.path / "archive/000001.ndjson").read_text("utf-8").splitlines()]
    assert {(h["id"], h["sha256"]) for h in hits} == {(l["id"], l["sha256"]) for l in lines}
    assert len({h["sha256"] for h in hits}) == 3


def test_a_reply_that_is_not_to_be_cited_has_no_citation(desk):
    assert "cite" not in desk.search("copper")


def test_an_archive_without_items_is_cited_as_such(tmp_path):
    (tmp_path / "data").mkdir()
    desk = Desk(tmp_path / "data")
    cite = desk.search("copper", "--cite", "1")["cite"]
    assert cite["hits"] == [] and cite["place"] == "1:0" and "as_of=1%3A0&" in cite["permalink"]
    desk.take(*ITEMS)
    assert desk.search("copper", *permalink(cite))["total"]["value"] == 0


def test_plain_output_has_the_records_and_the_permalink(desk):
    cite = desk.search("copper", "--cite", "1")["cite"]
    shown = desk.run("search", "--cite", "1", "copper").out
    assert f"\ncite: {cite['permalink']}\n" in shown
    for hit in cite["hits"]:
        assert f"record {hit['place']}, SHA-256 {hit['record']}\n" in shown


def test_the_permalink_answers_as_then(desk, tmp_path):
    cite, _ = saved(desk, tmp_path)
    desk.take(item("new", "More copper.", published="2021-02-03"))
    assert desk.search("copper")["total"]["value"] == 4
    again = desk.search("copper", *permalink(cite))
    assert again["total"]["value"] == 3 and again["warnings"] == []
    assert {hit["id"] for hit in again["hits"]} == {hit["id"] for hit in cite["hits"]}


def test_the_permalink_of_an_aged_search_scores_alike(desk, tmp_path):
    reply = desk.search("copper", "--cite", "1", "--recency", "0.7", "--half_life", "20")
    again = desk.search("copper", *permalink(reply["cite"]))
    assert [(h["id"], h["score"]) for h in again["hits"]] == [(h["id"], h["score"]) for h in reply["hits"]]


def test_the_permalink_shows_corrected_items_as_they_were_and_withdrawn_ones_no_more(desk, tmp_path):
    cite, _ = saved(desk, tmp_path)
    desk.take(*LATER)
    again = desk.search("copper", *permalink(cite), "--cite", "1", "--facets", "year", "--highlight", "text")
    assert again["total"]["value"] == 2 and [v["count"] for v in again["facets"]["year"]] == [2]
    was = {hit["id"]: hit for hit in cite["hits"]}
    assert {hit["id"] for hit in again["hits"]} == {"stays", "edited"}
    assert all(hit == was[hit["id"]] for hit in again["cite"]["hits"])
    assert "prices fall" in next(hit["snippet"] for hit in again["hits"] if hit["id"] == "edited")
    (warning,) = again["warnings"]
    assert warning.startswith("1 items of the whole archive were withdrawn") and "gone" not in warning
    assert desk.ids("rise", *permalink(cite)) == [] and desk.ids("rise") == ["edited"]


def long_items(version):
    """So much that reading it back takes longer than a search may."""
    for i in range(300):
        words = " ".join(f"copper{(i * 1009 + k * 31 + version) % 7919}" for k in range(600))
        yield item(f"long{i}", words, published="2021-01-01", updated=f"2021-02-0{version}", title=f"Version {version}")


def test_the_command_line_waits_until_all_is_read_back(desk, tmp_path):
    desk.take(*long_items(1))
    cite, _ = saved(desk, tmp_path)
    place = f"--as_of={cite['place']}"
    desk.take(*long_items(2))
    reply = desk.search("", place, "--facets=year", "--deadline-ms=400")
    assert reply["total"] == {"value": 303, "relation": "eq"} and "partial" not in reply and reply["warnings"] == []
    exported = desk.run("search", place, "--export=ndjson", "--deadline-ms=400", "title:version").out.splitlines()
    assert [json.loads(line)["title"] for line in exported] == ["Version 1"] * 300
    assert desk.run("trends", "--json", place, "title:version").code == 0
    sides = desk.run("compare", "--json", "--a-q=title:version", f"--a-as_of={cite['place']}", "--b-q=copper")
    assert sides.code == 0, sides


@pytest.mark.parametrize("base", ["there", "nowhere"])
def test_what_is_read_back_leaves_no_files(desk, tmp_path, base):
    cite, _ = saved(desk, tmp_path)
    desk.take(*LATER)
    (tmp_path / "there").mkdir()
    before = sorted(desk.path.rglob("*"))
    done = desk.run("search", "--json", *permalink(cite), "--", "copper", env=environment(TMPDIR=str(tmp_path / base)))
    assert done.json["total"]["value"] == 2
    assert sorted(desk.path.rglob("*")) == before and list((tmp_path / "there").iterdir()) == []


def test_later_pages_are_cited_with_what_lies_before_them(desk, tmp_path):
    first = desk.search("copper", "--cite", "1", "--limit", "2")
    second = desk.search("copper", "--cite", "1", "--limit", "2", "--cursor", first["next"])
    assert second["cite"]["first"] == 2 and len(second["cite"]["hits"]) == 1
    assert second["cite"]["permalink"] == first["cite"]["permalink"] and "cursor" not in second["cite"]["permalink"]


def test_items_that_stay_are_the_same(desk, tmp_path):
    _, path = saved(desk, tmp_path)
    desk.take(item("new", "More copper.", published="2021-02-03"))
    done = desk.run("cite", path)
    assert done.code == 0 and set(states(done).values()) == {"same"}
    assert done.out.splitlines()[-1] == "3 same, 0 changed, 0 gone, 0 other, 0 missing"
    assert desk.run("reindex").code == 0 and desk.run("cite", path).code == 0


def test_what_changed_and_what_was_withdrawn_is_told(desk, tmp_path):
    cite, path = saved(desk, tmp_path)
    desk.take(*LATER)
    done = desk.run("cite", path)
    assert done.code == 1 and states(done) == {"stays": "same", "edited": "changed", "gone": "gone"}
    path.write_text(json.dumps(cite), "utf-8")  # the member alone does, too
    done = desk.run("cite", "--json", path)
    assert done.code == 1 and done.json["changed"] == 1
    assert {i["id"]: i["state"] for i in done.json["items"]} == {"stays": "same", "edited": "changed", "gone": "gone"}


def test_another_archive_knows_items_by_the_bytes_they_came_in(desk, tmp_path):
    _, path = saved(desk, tmp_path)
    other = Desk(tmp_path / "other")
    other.take(item("first", "Another beginning.", published="2020-01-01"), ITEMS[0],
               item("edited", "Another text.", published="2021-01-02"))
    assert states(other.run("cite", path)) == {"stays": "same", "edited": "other", "gone": "missing"}


def test_a_citation_that_was_tampered_with_is_not_the_same(desk, tmp_path):
    cite, path = saved(desk, tmp_path)
    cite["hits"][0].update(record="0" * 64, sha256="0" * 64)
    path.write_text(json.dumps(cite), "utf-8")
    assert states(desk.run("cite", path))[cite["hits"][0]["id"]] == "other"


BAD = ["", "{", "[]", "{}", '{"hits": []}', '{"hits": {}, "place": "1:0"}', '{"hits": [1], "place": "1:0"}',
       '{"hits": [{"id": "a", "place": "1:0", "record": "abc"}], "place": "1:0"}', "[" * 5000]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_citation_is_refused(desk, text):
    done = run("cite", "--data", desk.path, "-", stdin=text.encode())
    assert done.code == 2 and done.err.startswith("dragoman cite: ") and done.out == ""


def test_a_hit_whose_place_is_none_is_refused(desk):
    cite = {"place": "1:0", "hits": [{"id": "stays", "place": "x", "record": "0" * 64}]}
    done = run("cite", "--data", desk.path, "-", stdin=json.dumps(cite).encode())
    assert done.code == 2 and "place" in done.err
