"""corpus/topics: every file is whole, and its query finds its own examples."""
import re

import pytest

from desk import ROOT

FILES = sorted((ROOT / "corpus/topics").glob("*.topic"))
NAMES = {"label", "code", "about", "query", "match", "not"}
MEDIA_TOPICS = {
    line.split("\t")[0][1:]
    for line in (ROOT / "lib/item/topics.tsv").read_text("utf-8").splitlines()
    if line.startswith("m")
}


def values(path):
    """The values of each name, with the lines they begin on."""
    found, last = {}, None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            last[1] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        assert colon and name in NAMES, f"{path}:{number}: {line}"
        last = [number, value.strip()]
        found.setdefault(name, []).append(last)
    return found


def example_ids(path, topic, name):
    return {f"{path.stem}:{number}" for number, _ in topic.get(name, [])}


def test_there_are_topics():
    assert len(FILES) >= 25


@pytest.mark.parametrize("path", FILES, ids=[f.stem for f in FILES])
def test_file_names_what_a_topic_needs(path):
    topic = values(path)
    assert re.fullmatch(r"[a-z0-9-]+", path.stem)
    for name in ("label", "about", "query"):
        assert len(topic[name]) == 1 and topic[name][0][1], name
    assert len(topic["match"]) >= 3 and len(topic["not"]) >= 3
    for _, code in topic.get("code", []):
        assert code.removeprefix("medtop:") in MEDIA_TOPICS


def test_labels_differ():
    labels = [values(path)["label"][0][1] for path in FILES]
    assert len(set(labels)) == len(labels)


def test_queries_match_their_examples_and_not_the_others(desk):
    """One archive with the examples of all: what one topic's query finds among its own."""
    topics = {path: values(path) for path in FILES}
    items = [
        {"id": f"{path.stem}:{number}", "body": text, "language": "en", "published": "2024-02-02"}
        for path, topic in topics.items()
        for name in ("match", "not")
        for number, text in topic[name]
    ]
    desk.take(*items)
    wrong = []
    for path, topic in topics.items():
        found = desk.run("search", "--json", "--exact", "1", "--synonyms", "0", "--limit", "100",
                         "--", topic["query"][0][1])
        assert found.code == 0, f"{path.name}: {found}"
        assert found.json["warnings"] == [], path.name
        assert found.json["total"]["value"] <= 100, path.name  # all are on the page
        hits = {h["id"] for h in found.json["hits"] if not h.get("relaxed")}
        wrong += [f"{i}: has to match" for i in example_ids(path, topic, "match") - hits]
        wrong += [f"{i}: must not match" for i in example_ids(path, topic, "not") & hits]
    assert wrong == []
