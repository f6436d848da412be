"""`dragoman index`: what is taken, what changes nothing, what replaces, what is rejected."""
import gzip
import json
import subprocess

import pytest

from desk import DRAGOMAN, Desk, environment, item, ndjson

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Desk</title>
<item><title>Harbour opens</title><guid isPermaLink="false">g-1</guid>
<link>https://example.invalid/1</link><pubDate>Wed, 16 Jun 2021 09:00:00 +0000</pubDate>
<category>Norway</category><category>Shipping</category>
<content:encoded><![CDATA[<p>The harbour of Narvik opened a second quay.</p><p>Ships came at once.</p>]]></content:encoded>
</item></channel></rss>
"""

MILOSI = """Post sponsored by somebody

MIL OSI Translation. Region: Russian Federation –

The council spoke about fisheries in the Barents Sea on Wednesday.

EDITOR’S NOTE: This article is a translation. Apologies should the grammar not be perfect.

MIL OSI Russia News
"""


def test_counts_add_up_and_go_to_standard_output(desk):
    done = desk.index("--json", "-", stdin=ndjson(item("a"), item("b"), item("a")))
    assert done.code == 0 and done.err == "", done
    counts = done.json
    assert set(counts) == {"files", "items", "added", "replaced", "unchanged", "older", "rejected", "indexed"}
    assert (counts["items"], counts["added"], counts["unchanged"]) == (3, 2, 1)
    assert counts["items"] == counts["added"] + counts["replaced"] + counts["unchanged"] + counts["older"]


def test_plain_output_is_one_line(desk):
    done = desk.index("-", stdin=ndjson(item("a")))
    assert done.out == "1 items read: 1 added, 0 replaced, 0 unchanged, 0 older; 0 rejected\n"


def test_the_same_items_again_change_no_byte(desk):
    desk.take(item("a"), item("b"))
    before, revision = desk.archive(), desk.stats()["revision"]
    again = desk.take(item("a"), item("b"))
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 0, 2)
    assert desk.archive() == before
    assert desk.stats()["revision"] == revision
    assert desk.agrees()


def test_a_newer_version_replaces(desk):
    desk.take(item("a", "Ten villages were flooded.", updated="2021-06-16T10:00:00Z"))
    counts = desk.take(item("a", "Twelve hamlets were flooded.", updated="2021-06-17T10:00:00Z"))
    assert (counts["added"], counts["replaced"]) == (0, 1)
    assert desk.ids("hamlets") == ["a"] and desk.search("villages")["total"]["value"] == 0
    assert desk.stats()["items"] == 1 and desk.agrees()
    assert desk.archive().count(b"\n") == 2  # the log keeps both


def test_an_older_version_does_not_replace(desk):
    desk.take(item("a", "Twelve hamlets were flooded.", updated="2021-06-17T10:00:00Z"))
    counts = desk.take(item("a", "Ten villages were flooded.", updated="2021-06-16T10:00:00Z"))
    assert (counts["added"], counts["replaced"], counts["older"]) == (0, 0, 1)
    assert desk.ids("hamlets") == ["a"] and desk.search("villages")["total"]["value"] == 0
    again = desk.take(item("a", "Ten villages were flooded.", updated="2021-06-16T10:00:00Z"))
    assert again["replaced"] == 0 and desk.agrees()


def test_versions_given_in_any_order_end_alike(tmp_path):
    versions = [item("a", f"Version {word} of the text.", updated=f"2021-06-{16 + n}T10:00:00Z")
                for n, word in enumerate(("one", "two", "three"))]
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)):
        desk = Desk(tmp_path / "".join(map(str, order)))
        desk.take(*(versions[i] for i in order))
        assert desk.show("a")["body"] == ["Version three of the text."]
        desk.run("reindex")
        assert desk.show("a")["body"] == ["Version three of the text."] and desk.agrees()


def test_a_canceled_item_is_found_no_more(desk):
    desk.take(item("a", "A treaty on herring.", updated="2021-06-16T10:00:00Z"))
    desk.take({"id": "a", "title": "Report a", "status": "canceled", "updated": "2021-06-18T10:00:00Z"})
    assert desk.search("herring")["total"]["value"] == 0
    assert desk.show("a")["status"] == "canceled"
    desk.take(item("a", "A treaty on herring.", updated="2021-06-17T10:00:00Z"))
    assert desk.search("herring")["total"]["value"] == 0
    assert desk.stats()["canceled"] == 1 and desk.agrees()


def test_formats_are_told_from_their_content(desk, tmp_path):
    (tmp_path / "one.dat").write_text(RSS)
    (tmp_path / "two.dat").write_text(MILOSI)
    (tmp_path / "three.dat").write_bytes(ndjson(item("n-1", "Snow fell on Tromso.")))
    done = desk.index("--json", tmp_path / "one.dat", tmp_path / "two.dat", tmp_path / "three.dat")
    assert done.code == 0 and done.json["added"] == 3, done
    assert desk.ids("quay") == ["g-1"] and desk.ids("snow") == ["n-1"]
    found = desk.search("fisheries")["hits"][0]
    assert (found["region"], found["country"], found["translated"]) == ("Russian Federation", "RU", True)


def test_a_format_may_be_forced(desk):
    done = desk.index("--format", "rss", "-", stdin=ndjson(item("a")))
    assert done.code == 1 and "0 added" in done.out, done


def test_folders_are_read_in_the_order_of_their_names(desk, tmp_path):
    feeds = tmp_path / "feeds"
    (feeds / "b").mkdir(parents=True)
    for name, word in (("c.ndjson", "third"), ("a.ndjson", "first"), ("b/x.ndjson", "second")):
        (feeds / name).write_bytes(ndjson(item(word)))
    assert desk.index(feeds).code == 0
    order = [json.loads(line)["id"] for line in desk.archive().splitlines()]
    assert order == ["first", "second", "third"]


def test_a_feed_folder_with_a_loop_of_links_ends(desk, tmp_path):
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "a.ndjson").write_bytes(ndjson(item("a")))
    (feeds / "loop").symlink_to(feeds, target_is_directory=True)
    assert desk.index(feeds).code in (0, 1)
    assert desk.stats()["items"] == 1


def test_gzip_is_read_directly(desk, tmp_path):
    (tmp_path / "feed.ndjson.gz").write_bytes(gzip.compress(ndjson(item("a"))) + gzip.compress(ndjson(item("b"))))
    assert desk.index("--json", tmp_path / "feed.ndjson.gz").json["added"] == 2
    assert desk.index("--json", "-", stdin=gzip.compress(RSS.encode())).json["added"] == 1


def test_zstd_is_read_directly(desk, tmp_path):
    try:
        packed = subprocess.run(["zstd", "-q", "-c"], input=ndjson(item("a"), item("b")),
                                stdout=subprocess.PIPE, check=True).stdout
    except FileNotFoundError:
        pytest.skip("zstd is not installed")
    assert desk.index("--json", "-", stdin=packed).json["added"] == 2
    (tmp_path / "feed.zst").write_bytes(packed + packed)
    assert desk.index("--json", tmp_path / "feed.zst").json["unchanged"] == 4


def test_packed_input_that_breaks_off_keeps_what_came(desk):
    packed = gzip.compress(ndjson(*(item(f"a{i}", f"Number {i} " * 50) for i in range(2000))))
    done = desk.index("--json", "-", stdin=packed[: len(packed) // 2])
    assert done.code == 1 and done.json["added"] > 0 and done.json["rejected"] >= 1, done
    assert "stdin" in done.err and desk.agrees()


def test_several_paths_and_standard_input_together(desk, tmp_path):
    (tmp_path / "a.ndjson").write_bytes(ndjson(item("a")))
    done = desk.index("--json", tmp_path / "a.ndjson", "-", stdin=ndjson(item("b")))
    assert done.json["files"] == 2 and done.json["added"] == 2


def test_empty_input_is_no_fault(desk):
    done = desk.index("--json", "-", stdin=b"")
    assert done.code in (0, 1) and done.json["items"] == 0
    assert desk.stats()["items"] == 0 and desk.agrees()


def test_one_bad_line_costs_that_line_alone(desk):
    lines = ndjson(item("a")) + b'{"id": "broken", "title": \n' + ndjson(item("b"))
    done = desk.index("--json", "-", stdin=lines)
    assert done.code == 1 and done.json["added"] == 2 and done.json["rejected"] == 1, done
    assert "stdin:2" in done.err
    assert any(b'{"id": "broken", "title":' in p.read_bytes() for p in desk.rejects())
    assert desk.agrees()


def kept_as(done):
    """The paths that a run named after "kept as"."""
    return [line.split("; kept as ")[1] for line in done.err.splitlines() if "; kept as " in line]


def test_a_reject_is_kept_named_and_can_be_fed_again(desk, tmp_path):
    bad = b'{"id": "x", "title": "Cut", "published": "2021-02-31"\n'
    first = desk.index("-", stdin=bad)
    assert first.code == 1
    (kept,) = kept_as(first)
    kept = desk.path / kept if not kept.startswith("/") else type(desk.path)(kept)
    assert kept in desk.rejects() and bad.strip() in kept.read_bytes()
    again = desk.index(kept)
    assert again.code == 1 and "0 added" in again.out
    mended = tmp_path / "mended.ndjson"
    mended.write_bytes(kept.read_bytes().replace(b'"2021-02-31"', b'"2021-02-28"}'))
    assert desk.index("--json", mended).json["added"] == 1
    assert desk.show("x")["title"] == "Cut"


def test_the_reason_lies_with_what_was_rejected(desk):
    desk.index("-", stdin=b'{"id": "x", "title": 1\n')
    assert any(b"stdin:1" in p.read_bytes() for p in desk.rejects())


def test_a_reject_fed_twice_is_not_kept_twice(desk):
    for _ in range(3):
        desk.index("-", stdin=b"[1, 2, 3]\n")
    held = [p for p in desk.rejects() if b"[1, 2, 3]" in p.read_bytes()]
    assert len(held) == 1


def test_an_item_without_text_is_rejected(desk):
    done = desk.index("--json", "-", stdin=b'{"id": "empty", "region": "Norway"}\n')
    assert done.code == 1 and done.json["rejected"] == 1
    assert "title" in done.err or "body" in done.err


def test_members_of_the_contract_are_taken(desk):
    desk.take({"id": "full", "title": "A title", "text": "A text about sturgeon.", "date": "2021-06-16",
               "updated": "2021-06-17T08:30:00+03:00", "region": "Kazakhstan", "country": "KZ",
               "source": "Ministry of Ecology", "provider": "Wire", "language": "en",
               "url": "https://example.invalid/full", "topics": ["fish", "water"], "author": "A. Writer",
               "x_own": {"deep": [1, 2]}})
    shown = desk.show("full")
    assert shown["body"] == ["A text about sturgeon."]
    assert (shown["published"], shown["updated"]) == ("2021-06-16T00:00:00Z", "2021-06-17T05:30:00Z")
    for name, value in (("region", "Kazakhstan"), ("country", "KZ"), ("source", "Ministry of Ecology"),
                        ("provider", "Wire"), ("language", "en"), ("author", "A. Writer"),
                        ("url", "https://example.invalid/full"), ("topics", ["fish", "water"]),
                        ("x_own", {"deep": [1, 2]})):
        assert shown[name] == value


def test_several_writers_take_items_at_once(desk):
    desk.take(item("a"))
    slow = subprocess.Popen([DRAGOMAN, "index", "--data", desk.path, "--json", "-"], env=environment(),
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        slow.stdin.write(ndjson(item("b")) * 3)
        slow.stdin.flush()  # and it waits for more
        done = desk.index("--json", "-", stdin=ndjson(item("b"), item("c")))
        assert done.code == 0 and done.json["items"] == 2, done
        assert {h["id"] for h in desk.search("water")["hits"]} == {"a", "b", "c"}
        slow.stdin.write(ndjson(item("c"), item("d")))
    finally:
        slow.stdin.close()
        said = slow.stdout.read()
        slow.wait(timeout=60)
        slow.stdout.close()
        slow.stderr.close()
    assert slow.returncode == 0
    assert json.loads(said)["added"] + done.json["added"] == 3  # b, c and d, once each
    assert desk.stats()["items"] == 4 and desk.agrees()


def test_the_folder_of_rejects_can_be_fed_as_a_whole(desk):
    desk.index("-", stdin=b'{"id": "x", "title": \n[1, 2]\n')
    before = len(desk.rejects())
    for _ in range(2):
        done = desk.index("--json", desk.path / "rejects", timeout=60)
        assert done.code in (0, 1) and done.json["added"] == 0, done
    assert len(desk.rejects()) == before  # what was refused before is not kept once more
    assert sum(p.stat().st_size for p in desk.rejects()) < 10_000


def test_the_archive_itself_may_be_fed_to_it(desk):
    desk.take(item("a"), item("b"))
    before = desk.archive()
    done = desk.index("--json", desk.path / "archive", timeout=60)
    assert done.json["unchanged"] == 2 and desk.archive() == before
    assert desk.index("--json", desk.path, timeout=60).json["added"] == 0
