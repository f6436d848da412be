# SPDX-License-Identifier: GPL-2.0-or-later
"""Words that stand for others: what is found by them, where rules come from, what trying a file tells."""
import pytest

from desk import Desk, item, run

ITEMS = [
    item("deal", "The grain deal was extended on Monday.", title="Extension"),
    item("initiative", "The grain initiative was extended on Tuesday.", title="Signing"),
    item("apart", "An initiative of farmers: more grain.", title="Farmers"),
    item("gas", "The volume of natural gas grew.", title="Volume"),
    item("blue", "The volume of blue fuel grew.", title="Pipes"),
    item("outage", "Several power outages were reported in the city.", title="City"),
    item("blackout", "Blackouts were reported in the village.", title="Village"),
    item("zebra", "The committee praised the zebra crossing.", title="Zebra"),
    item("crossing", "The committee praised the pedestrian walkway.", title="Walkway"),
]


class Wide(Desk):
    """Searches with synonyms."""

    def search(self, query, *args):
        return super().search(query, *(args if any("synonyms" in a for a in args) else ("--synonyms=1", *args)))


@pytest.fixture
def desk(tmp_path):
    made = Wide(tmp_path / "data")
    made.take(*ITEMS)
    return made


def strict(reply):
    return [h["id"] for h in reply["hits"] if not h.get("relaxed")]


def told(reply):
    return [(s["words"], s["synonym"], s["from"]) for s in reply["query"].get("synonyms", [])]


FOUND = [
    ("grain deal", ["deal", "initiative"]),
    ("grain initiative", ["initiative", "deal", "apart"]),
    ("grain deals extended", ["deal", "initiative"]),
    ("natural gas", ["gas", "blue"]),
    ("blue fuel", ["blue"]),  # one way only
    ("power outages", ["outage", "blackout"]),
    ("blackout", ["blackout"]),  # a synonym of several words is found as the table has it
    ('"grain deal"', ["deal"]),
    ("exact:grain exact:deal", ["deal"]),
    ("title:grain deal", []),
    ("extended -(grain deal)", ["initiative"]),  # what is excluded is excluded as it stands
]


@pytest.mark.parametrize("query,ids", FOUND, ids=[q for q, _ in FOUND])
def test_words_are_found_by_their_synonyms(desk, query, ids):
    assert sorted(strict(desk.search(query))) == sorted(ids)


def test_they_are_searched_on_request_alone(desk):
    assert sorted(strict(desk.search("grain deal", "--synonyms=0"))) == ["deal"]
    reply = Desk(desk.path).search("grain deal")
    assert strict(reply) == ["deal"] and told(reply) == []


def test_the_words_of_the_query_come_first(desk):
    for query, first in [("grain deal", "deal"), ("grain initiative", "initiative"), ("power outage", "outage")]:
        assert strict(desk.search(query))[0] == first


def test_a_synonym_adds_nothing_to_the_words_that_it_stands_for(tmp_path):
    desk = Wide(tmp_path / "data")
    desk.take(item("both", "The grain deal, or grain initiative, was extended by them on a day in May.", title="One"),
              item("exact", "The grain deal, the grain deal, was extended by them on a day in May.", title="Two"),
              item("only", "The grain initiative, grain initiative, was extended by them on a day in May.", title="Three"))
    reply = desk.search("grain deal", "--explain=1")
    assert [h["id"] for h in reply["hits"]] == ["exact", "both", "only"]
    for hit in reply["hits"]:
        assert sum(part["weight"] for part in hit["explain"]) == pytest.approx(hit["score"])


def test_each_hit_says_by_which_synonym(desk):
    reply = desk.search("grain deal")
    assert ("grain deal", "grain initiative", "built-in") in told(reply)
    by = {h["id"]: h.get("synonyms") for h in reply["hits"]}
    assert by["initiative"] == ["grain initiative"] and by["deal"] is None
    assert desk.search("power outage")["hits"][1]["synonyms"] == ["blackout"]
    assert "synonyms" not in desk.search("zebra")["query"]


@pytest.mark.parametrize("option", ["--synonyms=0", "--exact=1"])
def test_a_parameter_turns_synonyms_off(desk, option):
    reply = desk.search("grain deal", option)
    assert strict(reply) == ["deal"] and told(reply) == []


def test_an_archive_adds_rules_and_takes_rules_away(desk):
    own = desk.path / "synonyms.tsv"
    own.write_text("zebra crossing\t=\tpedestrian walkway\tus\ngrain deal\t-\tgrain initiative\n")
    reply = desk.search("zebra crossing")
    assert strict(reply) == ["zebra", "crossing"] and told(reply) == [("zebra crossing", "pedestrian walkway", "archive")]
    assert strict(desk.search("grain deal")) == ["deal"]
    own.unlink()
    assert strict(desk.search("zebra crossing")) == ["zebra"]
    assert sorted(strict(desk.search("grain deal"))) == ["deal", "initiative"]


def test_a_cursor_ends_when_the_synonyms_of_its_words_change(desk):
    first = desk.search("grain deal", "--limit", "1")
    own = desk.path / "synonyms.tsv"
    own.write_text("zebra crossing\t=\tpedestrian walkway\n")
    again = desk.search("grain deal", "--limit", "1", "--cursor", first["next"])
    assert strict(again) == ["initiative"]
    own.write_text("grain deal\t=\tgrain pact\n")
    late = run("search", "--data", desk.path, "--synonyms=1", "--cursor", first["next"], "--limit", "1", "grain deal")
    assert late.code == 2 or late.code == 3
    assert "before the synonyms of its words changed" in late.err


BROKEN = [
    ("zebra crossing\n", "1: fewer than three columns"),
    ("# fine\nzebra\tis\twalkway\n", "2: the second column is neither"),
    ("a b c d e f g h i\t=\twalkway\n", "1: words are missing, or one side has more than 8"),
    ("\t=\twalkway\n", "1: words are missing"),
    ("zebra\t=\t!!\n", "1: words are missing"),
]


@pytest.mark.parametrize("text,what", BROKEN)
def test_a_file_with_a_fault_is_not_used_and_named(desk, tmp_path, text, what):
    own = desk.path / "synonyms.tsv"
    own.write_text(text + "zebra crossing\t=\tpedestrian walkway\n")
    found = run("search", "--data", desk.path, "--synonyms=1", "zebra crossing")
    assert f"synonyms.tsv:{what}" in found.err and "Walkway" not in found.out
    checked = run("synonyms", "check", "--data", desk.path)
    assert checked.code == 1 and what in checked.err
    other = tmp_path / "other.tsv"
    other.write_text(text)
    checked = run("synonyms", "check", other)
    assert checked.code == 1 and f"other.tsv:{what}" in checked.err


def test_the_built_in_rules_are_sound_and_listed(desk):
    checked = run("synonyms", "check", "--data", desk.path)
    assert checked.code == 0 and "none at fault" in checked.out
    listed = run("synonyms", "--data", desk.path).out.splitlines()
    assert len(listed) >= 60 and all(line.count("\t") == 4 for line in listed)
    (desk.path / "synonyms.tsv").write_text("zebra\t>\twalkway\twhy\n")
    assert "archive:1\tzebra\t>\twalkway\twhy" in run("synonyms", "list", "--data", desk.path).out


def test_trying_a_file_tells_what_changes_and_changes_nothing(desk, tmp_path):
    rules = tmp_path / "rules.tsv"
    rules.write_text("zebra crossing\t=\tpedestrian walkway\nzebra\t>\tquagga\n")
    tried = run("synonyms", "--data", desk.path, "--try", rules, "--json", "zebra crossing", "grain deal").json
    zebra, grain = tried["queries"]
    assert zebra == {"query": "zebra crossing", "before": 1, "after": 2, "new": ["crossing"], "gone": []}
    assert grain["before"] == grain["after"] == 2 and grain["new"] == []
    assert tried["rules"] == [{"line": 1, "words": "zebra crossing", "synonym": "pedestrian walkway",
                               "queries": 1, "top": 1, "items": 1}]
    assert tried["changed"] == 1
    queries = tmp_path / "queries.tsv"
    queries.write_text("q1\tzebra crossing\nq2\tgrain deal\n")
    text = run("synonyms", "--data", desk.path, "--try", rules, "--queries", queries).out
    assert "zebra crossing: 1 before, 2 after" in text and "1 of 2 queries change" in text
    assert strict(desk.search("zebra crossing")) == ["zebra"]


def test_a_file_that_cannot_be_tried_is_refused(desk, tmp_path):
    rules = tmp_path / "rules.tsv"
    rules.write_text("zebra\n")
    assert run("synonyms", "--data", desk.path, "--try", rules, "zebra").code != 0
    assert run("synonyms", "--data", desk.path, "--try", tmp_path / "none", "zebra").code != 0
    assert run("synonyms", "--data", desk.path, "--try", rules).code == 2
    assert run("synonyms", "--data", desk.path, "what").code == 2
