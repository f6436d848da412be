# SPDX-License-Identifier: GPL-2.0-or-later
"""`dragoman topics`: files of policy topics, tried, taken up and brought to old items."""

import json
import pathlib

import pytest

from desk import Desk, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
ITEMS = [{"id": f"w{i}", "title": f"Wheat {i}", "body": "Wheat left the harbour.", "source": "Ministry of Trade",
          "published": f"2024-05-{i + 1:02}"} for i in range(6)]
ITEMS += [{"id": "old", "title": "Wheat of old", "body": "Wheat was dear.", "source": "Office", "published": "2019-01-01"},
          {"id": "other", "title": "Cars", "body": "Nothing of grain.", "source": "Office", "published": "2024-05-09"}]


def write(folder, name, text):
    path = folder / f"{name}.topic"
    path.write_text(text)
    return path


@pytest.fixture
def data(tmp_path):
    Desk(tmp_path / "data").take(*ITEMS)
    return tmp_path / "data"


@pytest.fixture
def grain(tmp_path):
    return write(tmp_path, "grain", "# a comment\nlabel: Grain trade\ncode: medtop:20000371\nquery: wheat OR\n"
                                    "    barley\nmatch: Barley was sold.\nnot: Cars were sold.\n")


def test_the_topics_that_come_with_us_meet_their_own_examples():
    done = run("topics", "test", ROOT / "corpus/topics")
    assert done.code == 0, done.out + done.err
    assert "0 not met" in done.out and not done.err


def test_an_example_that_is_not_met_is_named_with_its_line(tmp_path):
    path = write(tmp_path, "bad", "label: Bad\nquery: wheat\nmatch: Oats were sold.\nnot: Wheat was sold.\n")
    done = run("topics", "test", path)
    assert done.code == 1
    assert f"{path}:3: does not match: Oats were sold." in done.out
    assert f"{path}:4: matches: Wheat was sold." in done.out
    rows = [json.loads(line) for line in run("topics", "test", "--json", path).out.splitlines()]
    assert [(row["line"], row["wanted"]) for row in rows] == [(3, True), (4, False)]


@pytest.mark.parametrize("text, line, what", [
    ("query: wheat\n", 1, "no label"),
    ("label: A\n", 1, "no query"),
    ("label: A\nquery: (wheat OR\n", 2, ""),
    ("label: A\nlabel: B\nquery: wheat\n", 2, "twice"),
    ("label: A\nquery: wheat\ncode: 12\n", 3, "medtop"),
    ("label: A\nquery: wheat\nwants: barley\n", 3, "name"),
    ("  label: A\n", 1, "go on"),
    ("label:\nquery: wheat\n", 1, "no value"),
    ("label: A\0B\nquery: wheat\n", 1, "NUL"),
])
def test_a_file_that_is_no_topic_is_told_with_its_line(tmp_path, text, line, what):
    path = write(tmp_path, "bad", text)
    done = run("topics", "test", path)
    assert done.code == 1 and f"{path}:{line}: " in done.err and what in done.err


def test_any_bytes_are_no_topic(tmp_path):
    path = tmp_path / "bytes.topic"
    path.write_bytes(bytes(range(256)) * 40)
    done = run("topics", "test", path)
    assert done.code == 1 and str(path) in done.err


def test_files_that_cannot_be_read_leave_the_others_as_they_are(data):
    folder = data / "topics"
    folder.mkdir()
    write(folder, "grain", "label: Grain trade\nquery: wheat\n")
    write(folder, "large", "label: Large\nquery: wheat\n" + "#" * (1 << 16))
    (folder / "folder.topic").mkdir()
    done = Desk(data).index("-", stdin=b'{"id": "new", "body": "Wheat was sold."}\n')
    assert done.code == 0 and "large.topic: larger than" in done.err and "folder.topic: Is a directory" in done.err
    assert Desk(data).show("new")["topics"] == ["Grain trade"]


def test_a_backtest_tells_what_a_topic_would_have_caught(data, grain):
    done = run("topics", "backtest", "--data", data, "--days", "30", grain)
    assert done.code == 0, done.err
    assert "6 items" in done.out and "from 1 sources" in done.out and "6 would be more" in done.out
    told = json.loads(run("topics", "backtest", "--data", data, "--json", "--days", "10000", grain).out)
    assert (told["items"], told["sources"], told["gained"], told["tagged"]) == (7, 2, 7, 0)
    assert run("search", "--data", data, "--topic", "Grain trade", "--json", "wheat").json["total"]["value"] == 0


def test_a_topic_that_was_added_names_new_items_and_with_apply_the_old_ones(data, grain):
    done = run("topics", "add", "--data", data, grain)
    assert done.code == 0 and "topics apply" in done.out
    Desk(data).take({"id": "new", "title": "Barley", "body": "Barley came in.", "published": "2024-06-01"})

    def tagged():
        page = run("search", "--data", data, "--json", "--facets", "topic", "--limit", "50", 'topic:"grain trade"').json
        return {hit["id"] for hit in page["hits"]}, page["facets"]["topic"]

    assert tagged() == ({"new"}, [{"value": "Grain trade", "count": 1}])
    done = run("topics", "apply", "--data", data)
    assert done.code == 0 and "7 more" in done.out
    assert tagged() == ({f"w{i}" for i in range(6)} | {"old", "new"}, [{"value": "Grain trade", "count": 8}])
    assert "Every item has the topics" in run("topics", "apply", "--data", data).out
    Desk(data).take({"id": "theirs", "title": "Rye", "body": "Rye was dear.", "topics": ["Grain trade"]})
    told = run("topics", "apply", "--data", data).out
    assert "1 have it and do not match" in told and "Every item has the topics" in told
    assert tagged()[1] == [{"value": "Grain trade", "count": 9}]
    listed = json.loads(run("topics", "list", "--data", data, "--json").out)
    assert (listed["name"], listed["items"], listed["code"]) == ("grain", 9, "medtop:20000371")
    item = run("show", "--data", data, "--json", "new").json
    assert item["topics"] == ["Grain trade"]
    assert [e for e in item["provenance"] if e["field"] == "topic"][0]["rule"] == "topic-file"


def test_a_topic_whose_examples_are_not_met_is_not_added(data, tmp_path):
    path = write(tmp_path, "bad", "label: Bad\nquery: wheat\nmatch: Oats were sold.\n")
    done = run("topics", "add", "--data", data, path)
    assert done.code == 1 and "not added" in done.out
    assert run("topics", "list", "--data", data).out == ""


def test_a_removed_topic_is_gone_from_items_after_apply(data, grain):
    assert run("topics", "add", "--data", data, grain).code == 0
    assert run("topics", "apply", "--data", data).code == 0
    assert run("topics", "remove", "--data", data, "grain").code == 0
    assert run("topics", "remove", "--data", data, "grain").code == 3
    assert run("topics", "apply", "--data", data, "--force").code == 0
    assert run("search", "--data", data, "--json", 'topic:"grain trade"').json["total"]["value"] == 0
