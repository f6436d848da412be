"""`dragoman show`, `stats`, `verify`, `reindex` and `schema`; damaged indexes and what mends them."""
import json
import shutil

import pytest

from desk import ROOT, Desk, item, run

INTERVIEW = """Post sponsored by somebody

MIL OSI Translation. Region: Russian Federation –

The head of the commission, Ivan Testov, answered questions on the budget.

What will change next year?

– The commission will publish its figures earlier.

They will be complete by March.

– And who will check them?

– The chamber will do that.

EDITOR’S NOTE: This article is a translation. Apologies should the grammar not be perfect.

MIL OSI Russia News
"""


@pytest.fixture
def filled(desk):
    desk.take(*(item(f"a{i}", f"Number {i} speaks of water and grain.", region="Norway",
                     published=f"2021-06-{i + 1:02}T00:00:00Z") for i in range(20)))
    return desk


def live(desk):
    """The folder of the live generation."""
    return max((desk.path / "index").glob("gen-*"))


def test_show_prints_the_item_for_reading(desk, tmp_path):
    (tmp_path / "2021-06-16-budget.txt").write_text(INTERVIEW)
    assert desk.index(tmp_path / "2021-06-16-budget.txt").code == 0
    name = desk.ids("commission")[0]
    done = desk.run("show", name)
    assert done.code == 0 and done.err == ""
    assert "published    2021-06-16T00:00:00Z" in done.out and "region       Russian Federation" in done.out
    assert "[question] What will change next year?" in done.out
    assert "[first sentence]" in done.out.splitlines()[0]
    assert "Set aside:" in done.out and "EDITOR" in done.out.split("Set aside:")[1]
    assert "EDITOR" not in done.out.split("Set aside:")[0]


def test_show_json_is_the_item_whole(desk, tmp_path):
    (tmp_path / "2021-06-16-budget.txt").write_text(INTERVIEW)
    desk.index(tmp_path / "2021-06-16-budget.txt")
    shown = desk.show(desk.ids("commission")[0])
    assert [t["role"] for t in shown["turns"]] == ["question", "answer", "question", "answer"]
    spans = [(t["from"], t["to"]) for t in shown["turns"]]
    assert all(a < b for a, b in spans) and all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
    assert spans[1][1] - spans[1][0] == 2 and spans[-1][1] == len(shown["body"])
    assert shown["translated"] is True and shown["title_derived"] is True
    assert {"sponsor", "translation"} <= {b["kind"] for b in shown["boilerplate"]}
    assert not any("EDITOR" in p or "sponsored" in p for p in shown["body"])


def test_an_unknown_item_exits_1(filled):
    done = filled.run("show", "nobody")
    assert done.code == 1 and done.out == "" and "nobody: no such item" in done.err


@pytest.mark.parametrize("name", ["", "x" * 5000, "наш ключ", "a\tb", "%s%n", "../../x"], ids=lambda n: ascii(n[:20]))
def test_odd_ids_are_only_unknown(filled, name):
    assert filled.run("show", "--", name).code == 1


def test_stats_count_what_is_there(filled):
    stats = filled.stats()
    assert stats["items"] == 20 and stats["canceled"] == 0 and stats["pending"] == 0
    assert stats["newest"] == "2021-06-20T00:00:00Z" and stats["oldest"] == "2021-06-01T00:00:00Z"
    assert stats["newest_id"] == "a19" and stats["generation"] >= 1
    assert stats["archive_bytes"] == len(filled.archive()) and stats["index_bytes"] > 0
    text = filled.run("stats").out
    assert "items           20" in text and stats["revision"] in text


def test_verify_agrees_after_all_kinds_of_changes(filled):
    filled.take(item("a3", "Changed.", updated="2021-07-01T00:00:00Z"), item("b"))
    filled.take({"id": "a4", "title": "x", "status": "canceled", "updated": "2021-07-01T00:00:00Z"})
    done = filled.run("verify")
    assert done.code == 0 and done.out == "archive and index agree\n"
    assert filled.run("verify", "--json").json == {"differences": [], "count": 0}


def test_verify_tells_what_is_not_indexed_yet(filled):
    segment = filled.path / "archive/000001.ndjson"
    last = segment.read_bytes().splitlines(keepends=True)[-1]
    with segment.open("ab") as file:
        file.write(last.replace(b'"a19"', b'"late"'))
    done = filled.run("verify", "--json")
    assert done.code == 1 and done.json["count"] == 1, done
    assert f"{len(last) + 1} bytes" in done.json["differences"][0]["what"]
    plain = filled.run("verify")
    assert plain.code == 1 and plain.out.startswith(f"{len(last) + 1} bytes") and "reindex" in plain.out
    assert filled.run("reindex").code == 0 and filled.agrees()
    assert filled.show("late")["id"] == "late"


def test_verify_names_an_item_that_the_log_lacks(filled):
    segment = filled.path / "archive/000001.ndjson"
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:-1]))
    done = filled.run("verify")
    assert done.code in (1, 3) and done.out + done.err, done
    assert filled.run("reindex").code == 0 and filled.agrees()
    assert filled.stats()["items"] == 19


def test_reindex_changes_nothing_that_can_be_seen(filled):
    before = [filled.search(q, "--limit", "100", "--facets", "region") for q in ("water", "", "number")]
    archive, old = filled.archive(), filled.stats()["generation"]
    done = filled.run("reindex", "--json")
    assert done.code == 0 and done.json["indexed"] == 20 and done.json["rejected"] == 0, done
    after = [filled.search(q, "--limit", "100", "--facets", "region") for q in ("water", "", "number")]
    for a, b in zip(before, after):
        assert [h["id"] for h in a["hits"]] == [h["id"] for h in b["hits"]] and a["facets"] == b["facets"]
    assert filled.archive() == archive and filled.stats()["generation"] > old and filled.agrees()


def test_reindex_says_what_it_did(filled):
    assert filled.run("reindex").out == "20 items indexed anew\n"


def test_old_generations_do_not_pile_up(filled):
    for _ in range(4):
        assert filled.run("reindex").code == 0
    assert len(list((filled.path / "index").glob("gen-*"))) <= 2


@pytest.mark.parametrize("jobs, memory", [(1, 64), (2, 64), (4, 256)])
def test_the_build_does_not_depend_on_its_settings(filled, jobs, memory):
    filled.run("reindex", "--jobs", jobs, "--memory", memory)
    reply = filled.search("water", "--limit", "100")
    assert reply["total"]["value"] == 20 and filled.agrees()


def overwrite(path, where, n=4096):
    with path.open("r+b") as file:
        file.seek(where)
        file.write(b"\xff" * n)


def cut(path, to):
    with path.open("r+b") as file:
        file.truncate(to)


DAMAGE = {
    "the index folder is gone": lambda d: shutil.rmtree(d.path / "index"),
    "the live generation is gone": lambda d: shutil.rmtree(live(d)),
    "current is empty": lambda d: (d.path / "index/current").write_bytes(b""),
    "current is nonsense": lambda d: (d.path / "index/current").write_bytes(b"\xff\x00 gen"),
    "current names another": lambda d: (d.path / "index/current").write_bytes(b"gen-000099\n"),
    "the version file is cut": lambda d: cut(live(d) / "iamglass", 10),
    "the postings are gone": lambda d: (live(d) / "postlist.glass").unlink(),
    "the postings are overwritten": lambda d: overwrite(live(d) / "postlist.glass", 0, 65536),
    "the records are overwritten": lambda d: overwrite(live(d) / "docdata.glass", 0, 65536),
    "the records are empty": lambda d: cut(live(d) / "docdata.glass", 0),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_told_and_mended_by_reindex(filled, damage):
    archive = filled.archive()
    DAMAGE[damage](filled)
    done = filled.run("verify")
    assert done.code in (1, 3) and (done.out + done.err).strip(), done
    for command in (["search", "water"], ["stats"], ["show", "a1"]):
        run_on = filled.run(*command)
        assert run_on.code in (0, 1, 3), run_on
    mended = filled.run("reindex")
    assert mended.code == 0, mended
    assert filled.agrees() and filled.stats()["items"] == 20 and filled.archive() == archive
    assert filled.search("water")["total"]["value"] == 20


def test_a_torn_last_line_is_set_aside_with_a_message(filled):
    segment = filled.path / "archive/000001.ndjson"
    whole = segment.read_bytes()
    with segment.open("ab") as file:
        file.write(b'{"dgm": 1, "id": "torn", "ti')
    done = filled.index("--json", "-", stdin=b'{"id": "next", "title": "Next"}\n')
    assert done.code == 0 and done.json["added"] == 1 and "torn" in done.err, done
    assert segment.read_bytes().startswith(whole)
    (kept,) = (filled.path / "archive").glob("*.torn-*")
    assert kept.read_bytes() == b'{"dgm": 1, "id": "torn", "ti' and filled.agrees()


def test_the_log_alone_is_enough(filled, tmp_path):
    other = Desk(tmp_path / "other")
    shutil.copytree(filled.path / "archive", other.path / "archive")
    assert other.run("reindex").code == 0
    assert other.ids("water", "--limit", "100") == filled.ids("water", "--limit", "100") and other.agrees()


def test_a_line_of_the_log_feeds_another_archive(filled, tmp_path):
    other = Desk(tmp_path / "other")
    assert other.index("-", stdin=filled.archive()).code == 0
    assert other.show("a7") == filled.show("a7") and other.archive() == filled.archive()


def test_the_schema_page_is_what_the_program_prints():
    done = run("schema")
    assert done.code == 0 and done.out == (ROOT / "doc/schema.md").read_text("utf-8")


def test_every_line_of_the_log_is_an_item(filled):
    assert [json.loads(line)["id"] for line in filled.archive().splitlines()] == [f"a{i}" for i in range(20)]


def test_show_lists_versions_with_what_changed(desk):
    desk.take(item("a", "The talks are on Monday.", title="Talks"))
    desk.take(item("a", "The talks are on Tuesday.", title="Talks"))
    shown = desk.run("show", "--versions", "--diff", "a")
    assert shown.code == 0
    assert "silent edit" in shown.out
    assert "The talks are on [-Monday-]{+Tuesday+}." in shown.out
    listed = desk.run("show", "--versions", "--json", "a").json
    assert [one["current"] for one in listed["versions"]] == [True, False]
    assert desk.run("show", "--diff", "a").code == 2
    assert desk.run("show", "--versions", "nosuch").code == 1
