"""A bulk build that was killed goes on where it stood, and only with what still fits."""
import json
import random
import re
import resource
import shutil

import pytest

from desk import Desk, environment, item, ndjson
from test_crash import kill_when, start

PIECES = 10  # of 400 records each


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    dice = random.Random(7)
    desk = Desk(tmp_path_factory.mktemp("made") / "data")
    words = "water grain treaty council energy border school harbour railway budget".split()
    feed = ndjson(*(item(f"n{i}", " ".join(dice.choice(words) + str(dice.randrange(300)) for _ in range(12)))
                    for i in range(PIECES * 400)))
    assert desk.index("-", stdin=feed).code == 0
    return desk


@pytest.fixture
def full(made, tmp_path):
    return Desk(shutil.copytree(made.path, tmp_path / "data"))


def parts(desk):
    folder = desk.path / "index/build-tmp"
    return [p.name for p in folder.glob("part-*")] if folder.exists() else []


def kill_after(desk, n, *args, **options):
    """Kills a build once it has finished n parts; how many there are then."""
    alive = kill_when(start(desk, "reindex", *args, **options), lambda: len(parts(desk)) >= n)
    return len(parts(desk)) if alive else 0


def found(done):
    """What a build says of the pieces that it found: (of them, of all)."""
    told = re.search(r"(\d+) of (\d+) pieces are there from a build before", done.err)
    return (int(told.group(1)), int(told.group(2))) if told else (0, 0)


def rebuild(desk, **options):
    done = desk.run("reindex", env=environment(DRAGOMAN_DEBUG="1"), **options)
    assert done.code == 0, done
    assert desk.agrees() and not (desk.path / "index/build-tmp").exists()
    return found(done)


def test_killed_at_random_moments_it_skips_what_it_had_made(full):
    dice, skipped = random.Random(5), 0
    was = full.search("harbour*", "--limit", "100")
    for _ in range(4):
        there = kill_after(full, dice.randrange(1, PIECES))
        now, of = rebuild(full)
        assert now >= there and (there == 0 or of == PIECES)
        skipped += now
    assert skipped >= 4, skipped
    now = full.search("harbour*", "--limit", "100")
    assert [h["id"] for h in now["hits"]] == [h["id"] for h in was["hits"]]


def test_killed_again_and_again_it_gets_there(full):
    there = [kill_after(full, n) for n in (2, 4, 6, 8)]
    assert there == sorted(there) and there[-1] >= 8
    assert rebuild(full)[0] >= 8


def test_killed_while_merging_it_makes_no_piece_again(full):
    last = max(int(p.name[4:]) for p in (full.path / "index").glob("gen-*"))
    merging = full.path / f"index/gen-{last + 1:06}"
    if not kill_when(start(full, "reindex"), merging.exists):
        pytest.skip("the merge was too quick")
    there = len(parts(full))
    assert rebuild(full) == ((there, PIECES) if there else (0, 0))


def few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))  # merges of eight


def test_a_merge_of_several_rounds_is_taken_up_too(full):
    def merged():
        return any(re.match(r"part-\d+-0008-", name) for name in parts(full))
    if not kill_when(start(full, "reindex", preexec_fn=few_files), merged):
        pytest.skip("the merge was too quick")
    done = start(full, "reindex", preexec_fn=few_files)
    assert done.wait() == 0 and full.agrees()


@pytest.mark.parametrize("line, other", [("schema", "schema 999"), ("stems", "stems 0.0.1"), ("chunks", "chunks 1 2"),
                                         ("boot", "boot another"), ("end", "end 7 1"), ("average", "average nan"),
                                         ("dragoman", "dragoman workshop 999")])
def test_parts_made_for_something_else_are_thrown_away(full, line, other):
    assert kill_after(full, 3)
    manifest = full.path / "index/build-tmp/manifest"
    manifest.write_text(re.sub(rf"^{line} .*$", other, manifest.read_text(), flags=re.M))
    assert rebuild(full) == (0, 0)


def test_parts_without_a_manifest_are_thrown_away(full):
    assert kill_after(full, 3)
    (full.path / "index/build-tmp/manifest").unlink()
    assert rebuild(full) == (0, 0)


def test_a_part_that_is_not_whole_has_no_name_that_is_found(full):
    there = kill_after(full, 3)
    assert there
    folder = full.path / "index/build-tmp"
    whole = sorted(folder.glob("part-*"))
    whole[0].rename(folder / whole[0].name.replace("part-", "bench-"))
    whole[1].rename(folder / (whole[1].name + "x"))
    assert rebuild(full)[0] == there - 2


def test_an_archive_with_other_bytes_does_not_take_the_old_parts(full):
    there = kill_after(full, PIECES - 2)
    assert there
    log = full.path / "archive/000001.ndjson"
    text = log.read_bytes()
    at = text.index(b"harbour")
    log.write_bytes(text[:at] + b"herbour" + text[at + 7:])
    assert rebuild(full)[0] == there - 1
    assert full.search("herbour*")["total"]["value"] >= 1


def test_what_came_in_meanwhile_is_there_too(full):
    assert kill_after(full, 5)
    log = sorted((full.path / "archive").glob("*.ndjson"))[-1]
    line = json.loads(log.read_bytes().splitlines()[0])
    with log.open("ab") as out:  # as another process does that only accepts
        for n in range(40):
            out.write(json.dumps(line | {"id": f"late-{n}"}).encode() + b"\n")
    now, _ = rebuild(full)
    assert now >= 5 and full.run("show", "late-39").code == 0


def test_a_build_that_would_end_before_the_live_generation_is_not_taken_up(full):
    assert kill_after(full, 5)
    kept = full.path / "kept"
    (full.path / "index/build-tmp").rename(kept)
    assert full.take(item("live"))["added"] == 1
    kept.rename(full.path / "index/build-tmp")
    assert rebuild(full) == (0, 0) and full.run("show", "live").code == 0


def test_a_piece_with_a_rejection_is_made_again_so_that_it_is_told(full):
    log = full.path / "archive/000001.ndjson"
    text = log.read_bytes()
    log.write_bytes(b"no item\n" + text)
    kill_when(start(full, "reindex"), lambda: len(parts(full)) >= 5)
    done = full.run("reindex", "--json")
    assert done.code == 1 and done.json["rejected"] == 1


def test_a_workshop_that_no_build_needs_any_more_goes_away(full):
    assert kill_after(full, 3)
    assert full.take(item("one more"))["added"] == 1
    assert not (full.path / "index/build-tmp").exists()
