# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories on the command line, over the sample items and what was planted among them."""
import json
import pathlib

import pytest

from desk import run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    made = tmp_path_factory.mktemp("stories") / "data"
    folders = [str(ROOT / "corpus" / name) for name in ("milosi", "rss", "ndjson")]
    assert run("index", "--data", made, *folders).code == 0
    return made


def all_hits(data, *options):
    hits, cursor = [], []
    while True:
        page = json.loads(run("search", "--data", data, "--json", "--limit", "100", *options, *cursor, "").out)
        hits += page["hits"]
        if not page["next"]:
            return hits, page
        cursor = ["--cursor", page["next"]]


def planted():
    rows = [line.split("\t") for line in (ROOT / "corpus/planted.tsv").read_text("utf-8").splitlines()]
    return {frozenset(row[1:3]) for row in rows if row[0] == "near-copy"}


def test_the_stories_of_the_sample_items_are_the_planted_near_copies(data):
    stories = {}
    for hit in all_hits(data)[0]:
        stories.setdefault(hit["story"]["id"], set()).add(hit["id"])
    assert {frozenset(ids) for ids in stories.values() if len(ids) > 1} == planted()


def test_a_grouped_search_shows_each_story_once(data):
    hits, page = all_hits(data, "--group", "story", "--sort", "oldest")
    assert page["total"] == {"value": 144, "relation": "eq", "items": 160, "stories": 144}
    assert len({hit["story"]["id"] for hit in hits}) == len(hits) == 144


def test_an_index_that_grew_file_by_file_has_the_same_stories(data, tmp_path):
    grown = tmp_path / "grown"
    for folder in ("ndjson", "rss", "milosi"):
        for file in sorted((ROOT / "corpus" / folder).iterdir()):
            assert run("index", "--data", grown, "--quiet", file).code == 0
    assert run("verify", "--data", grown).code == 0
    stories = {}
    for hit in all_hits(grown)[0]:
        stories.setdefault(hit["story"]["id"], set()).add(hit["id"])
    assert {frozenset(ids) for ids in stories.values() if len(ids) > 1} == planted()


def test_show_prints_a_story_and_its_json_is_that_of_the_server(data):
    hit = next(h for h in all_hits(data)[0] if h["id"] == "b-istanbul-grain-deal")
    done = run("show", "--data", data, "--story", hit["story"]["id"])
    assert done.code == 0 and done.err == ""
    assert done.out.startswith(f"story {hit['story']['id']}: 2 items\n")
    assert done.out.index("urn:meridian:2022-0722") < done.out.index("b-istanbul-grain-deal")
    assert "words cut" in done.out
    story = json.loads(run("show", "--data", data, "--json", "--story", hit["story"]["id"]).out)
    assert [m["id"] for m in story["members"]] == ["urn:meridian:2022-0722", "b-istanbul-grain-deal"]


@pytest.mark.parametrize("arguments, code", [(["--story", "0123456789abcdef"], 1), (["--story", "x"], 2),
                                             (["--story", "0123456789abcdef", "one-more"], 2)])
def test_show_says_what_is_wrong_with_a_story(data, arguments, code):
    done = run("show", "--data", data, *arguments)
    assert done.code == code and done.out == "" and done.err.startswith("dragoman show: ")
