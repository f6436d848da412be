"""A writer that is killed at any moment loses nothing that it had taken, and the next run goes on."""
import json
import os
import random
import subprocess
import time

import pytest

from desk import DRAGOMAN, PATIENCE, environment, item, ndjson

ROUNDS = int(os.environ.get("DRAGOMAN_ROUNDS", "6"))
WORDS = "water grain treaty council energy border school harbour railway budget orchard glacier".split()


def items(n):
    dice = random.Random(7)
    return [item(f"n{i}", " ".join(dice.choice(WORDS) + str(dice.randrange(3000)) for _ in range(60)),
                 published=f"20{10 + i % 12}-0{1 + i % 9}-1{i % 9}") for i in range(n)]


def size_of(folder):
    """Bytes of all files below; files come and go meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            pass
    return total


def start(desk, *args, **options):
    return subprocess.Popen([DRAGOMAN, *args, "--data", str(desk.path), "--quiet"], env=environment(),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def kill_when(child, condition):
    """Kills as soon as the condition holds; tells whether the child was still at work."""
    until = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < until and not condition():
        time.sleep(0.001)  # bounded polling
    alive = child.poll() is None
    child.kill()
    child.wait(timeout=PATIENCE)
    return alive


def logged(desk):
    """Ids of the whole lines of the log."""
    return [json.loads(line)["id"] for line in desk.archive().split(b"\n")[:-1]]


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "feed.ndjson"
    path.write_bytes(ndjson(*items(3000)))
    return path


def complete(desk, feed, before):
    done = desk.index("--json", feed)
    assert done.code == 0, done
    assert done.json["unchanged"] == len(before) and done.json["added"] == 3000 - len(before)
    ids = logged(desk)
    assert len(ids) == 3000 and len(set(ids)) == 3000
    assert desk.stats()["items"] == 3000 and desk.agrees()


@pytest.mark.parametrize("grown", [1, 60_000, 400_000, 1_000_000, 1_600_000])
def test_killed_while_the_log_grows(desk, feed, grown):
    kill_when(start(desk, "index", str(feed)), lambda: size_of(desk.path / "archive") >= grown)
    before = logged(desk)
    assert len(before) == len(set(before))
    complete(desk, feed, before)


@pytest.mark.parametrize("grown", [1, 200_000, 1_000_000, 3_000_000])
def test_killed_while_the_index_grows(desk, feed, grown):
    kill_when(start(desk, "index", str(feed)), lambda: size_of(desk.path / "index") >= grown)
    complete(desk, feed, logged(desk))


def test_killed_many_times_in_a_row_it_still_gets_there(desk, feed):
    reached, killed = [], 0
    for _ in range(6):
        size = size_of(desk.path / "archive")
        killed += kill_when(start(desk, "index", str(feed)),
                            lambda: size_of(desk.path / "archive") > size + 150_000)
        ids = logged(desk)
        assert ids[: len(reached)] == reached and len(ids) == len(set(ids))  # nothing durable goes away
        reached = ids
    assert killed  # else this has shown nothing
    complete(desk, feed, reached)


@pytest.mark.parametrize("grown", [1, 200_000, 1_500_000])
def test_killed_while_reindexing_the_old_generation_serves_on(desk, feed, grown):
    assert desk.index(feed).code == 0
    before = size_of(desk.path / "index")
    was = desk.search("harbour*", "--limit", "100")
    kill_when(start(desk, "reindex"), lambda: size_of(desk.path / "index") >= before + grown)
    now = desk.search("harbour*", "--limit", "100")
    assert [h["id"] for h in now["hits"]] == [h["id"] for h in was["hits"]] and now["total"] == was["total"]
    assert desk.agrees()
    assert desk.run("reindex").code == 0 and desk.agrees()
    assert len(list((desk.path / "index").glob("gen-*"))) <= 2  # what was left half-built is cleared away


def test_readers_see_whole_revisions_while_a_writer_works(desk, feed):
    desk.take(item("first", "The harbour alone."))
    child = start(desk, "index", str(feed))
    seen = []
    try:
        until = time.monotonic() + PATIENCE
        while child.poll() is None and time.monotonic() < until:
            seen.append(desk.search("")["total"]["value"])
    finally:
        assert child.wait(timeout=PATIENCE) == 0
    assert seen == sorted(seen) and all(1 <= n <= 3001 for n in seen)
    assert desk.search("")["total"]["value"] == 3001


# ---- Damage of an index and of the log ----


@pytest.fixture
def filled(desk):
    assert desk.index("-", stdin=ndjson(*items(700))).code == 0
    return desk


def files_of_index(desk):
    generation = (desk.path / "index/current").read_text().strip()
    return sorted((desk.path / "index" / generation).iterdir())


def test_a_truncated_index_is_named_and_built_anew(filled):
    desk = filled
    for path in files_of_index(desk):
        whole = path.read_bytes()
        if len(whole) < 2:
            continue
        path.write_bytes(whole[: len(whole) // 2])
        told = desk.run("verify")
        assert told.code == 1 and "generation" in told.out + told.err, (path, told)
        path.write_bytes(whole)
    assert desk.agrees()
    path.write_bytes(b"")
    assert desk.run("reindex").code == 0 and desk.agrees()


def test_a_flipped_bit_is_never_worse_than_a_new_build(filled):
    desk, dice, found = filled, random.Random(5), 0
    before = desk.search("harbour*")["total"]
    for _ in range(ROUNDS):
        path = dice.choice([p for p in files_of_index(desk) if p.stat().st_size])
        whole = bytearray(path.read_bytes())
        whole[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        path.write_bytes(whole)
        told = desk.run("verify")  # neither crashes nor hangs
        assert told.code in (0, 1), told
        found += told.code
        assert desk.run("reindex").code == 0 and desk.agrees()
        assert desk.search("harbour*")["total"] == before
    print(f"{found} of {ROUNDS} flips of one bit named by verify")


def test_a_log_cut_within_a_record_goes_on_and_the_index_follows(filled):
    desk = filled
    log = desk.path / "archive/000001.ndjson"
    log.write_bytes(log.read_bytes()[:-40])
    done = desk.index("--json", "-", stdin=ndjson(*items(700)))
    assert done.code == 0 and done.json["added"] == 1 and done.json["unchanged"] == 699, done
    assert list((desk.path / "archive").glob("*.torn-*")) and desk.stats()["items"] == 700 and desk.agrees()
