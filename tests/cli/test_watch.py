"""`dragoman watch`: files that come into a folder are taken once, and put away."""
import json
import os
import pathlib
import random
import signal
import subprocess
import threading
import time

import pytest

from desk import DRAGOMAN, PATIENCE, SANITIZED, Desk, environment, item, ndjson, run

AS_ROOT = os.geteuid() == 0


def until(condition, patience=PATIENCE):
    """Waits for a condition, bounded; returns what it gave."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)  # bounded polling
    raise AssertionError("it did not come about")


class Watch:
    """A running `dragoman watch --json`; what it says is read by threads of its own."""

    def __init__(self, desk, *args, **options):
        self.child = subprocess.Popen([DRAGOMAN, "watch", "--data", str(desk.path), "--json", *map(str, args)],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                      env=environment(), **options)
        self.files, self.said = [], []
        self.readers = [threading.Thread(target=self._read, args=a, daemon=True)
                        for a in ((self.child.stdout, self.files, json.loads),
                                  (self.child.stderr, self.said, str))]
        for reader in self.readers:
            reader.start()
        until(lambda: self.said or self.child.poll() is not None)

    @staticmethod
    def _read(pipe, lines, parse):
        for line in pipe:
            lines.append(parse(line))

    def end(self, number=signal.SIGTERM):
        if self.child.poll() is None:
            self.child.send_signal(number)
        code = self.child.wait(timeout=PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        self.child.stdout.close()
        self.child.stderr.close()
        return code

    def took(self, n):
        return until(lambda: len(self.files) >= n and self.files)

    def heard(self, word):
        return until(lambda: [line for line in self.said if word in line])


@pytest.fixture
def watch(desk):
    started = []

    def start(*args, **options):
        started.append(Watch(desk, *args, **options))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGKILL)


@pytest.fixture
def wires(tmp_path):
    folder = tmp_path / "wires"
    folder.mkdir()
    return folder


def names(folder):
    return sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.exists() else []


def put(folder, name, content):
    """As a program does that never shows half a file: under another name, then renamed."""
    hidden = folder / f".{name}.x"
    hidden.write_bytes(content)
    hidden.rename(folder / name)


def test_a_file_moved_in_is_found_within_a_second_and_put_away(desk, watch, wires):
    watch(wires)
    put(wires, "first.ndjson", ndjson(item("a")))
    until(lambda: names(wires / "done") == ["first.ndjson"])  # and the index is made
    began = time.monotonic()
    put(wires, "second.ndjson", ndjson(item("b", "The harbour was closed.")))
    until(lambda: desk.ids("harbour") == ["b"])
    assert time.monotonic() - began < (10 if SANITIZED else 1)
    until(lambda: names(wires / "done") == ["first.ndjson", "second.ndjson"])
    assert names(wires) == [] and desk.agrees()


def test_a_file_is_not_moved_before_it_is_found(desk, watch, wires):
    watch(wires)
    for n in range(20):
        put(wires, f"{n}.ndjson", ndjson(item(f"n{n}")))
        until(lambda: (wires / f"done/{n}.ndjson").exists())
        assert desk.run("show", f"n{n}").code == 0


def test_what_lies_there_at_the_start_is_taken_first(desk, watch, wires):
    for n in range(50):
        (wires / f"{n:02}.ndjson").write_bytes(ndjson(item(f"n{n}")))
    took = watch(wires).took(50)
    assert [pathlib.Path(f["file"]).name for f in took] == [f"{n:02}.ndjson" for n in range(50)]
    assert desk.stats()["items"] == 50 and len(names(wires / "done")) == 50


def test_nothing_taken_goes_to_the_rejects_with_its_reasons(desk, watch, wires):
    put(wires, "bad.ndjson", b'{"id":"a"\n{"id":"b"\n')
    put(wires, "half.ndjson", ndjson(item("a")) + b"not an object\n")
    put(wires, "noise.bin", bytes(range(256)) * 10)
    took = {pathlib.Path(f["file"]).name: f for f in watch(wires).took(3)}
    assert names(wires / "done") == ["half.ndjson"]
    assert names(wires / "rejects") == ["bad.ndjson", "bad.ndjson.reason.txt", "noise.bin", "noise.bin.reason.txt"]
    reason = (wires / "rejects/bad.ndjson.reason.txt").read_text()
    assert "bad.ndjson:1: " in reason and "bad.ndjson:2: " in reason and reason.count("\n") == 2
    assert took["half.ndjson"]["items"] == 1 and took["half.ndjson"]["rejected"] == 1
    assert took["half.ndjson"]["moved"] == str(wires / "done/half.ndjson")
    assert took["bad.ndjson"]["items"] == 0 and took["bad.ndjson"]["rejected"] == 2
    assert len(desk.rejects()) >= 3  # with the list of reasons


def test_a_name_in_use_gets_a_suffix_and_loses_no_file(desk, watch, wires):
    running = watch(wires)
    for n in range(4):
        put(wires, "wire.ndjson", ndjson(item(f"n{n}")))
        running.took(n + 1)
    done = names(wires / "done")
    assert len(done) == 4 and "wire.ndjson" in done
    assert all(name.startswith("wire.") and name.endswith(".ndjson") for name in done)
    held = sorted(json.loads((wires / "done" / name).read_bytes())["id"] for name in done)
    assert held == ["n0", "n1", "n2", "n3"]


def test_hidden_and_temporary_names_wait_until_they_are_renamed(desk, watch, wires):
    left = [".x.ndjson", "x.ndjson.tmp", "x.ndjson.part", "x.ndjson~", "X.TMP"]
    for n, name in enumerate(left):
        (wires / name).write_bytes(ndjson(item(f"n{n}")))
    running = watch(wires)
    put(wires, "last.ndjson", ndjson(item("last")))
    running.took(1)
    assert names(wires) == sorted(left) and desk.stats()["items"] == 1
    (wires / "x.ndjson.part").rename(wires / "x.ndjson")
    running.took(2)
    assert desk.stats()["items"] == 2


@pytest.mark.parametrize("before", [True, False], ids=["open at the start", "opened while watching"])
def test_a_file_still_being_written_is_not_taken_half(desk, watch, wires, before):
    running = None if before else watch(wires)
    with (wires / "long.ndjson").open("wb") as out:
        out.write(ndjson(item("a"))[:-20])
        out.flush()
        running = running or watch(wires)
        put(wires, "other.ndjson", ndjson(item("other")))
        running.took(1)
        out.write(ndjson(item("a"))[-20:])
    running.took(2)
    assert names(wires / "done") == ["long.ndjson", "other.ndjson"]
    assert desk.stats()["items"] == 2 and desk.rejects() == []


def test_a_hard_link_put_in_is_taken(desk, watch, wires, tmp_path):
    running = watch(wires)
    (tmp_path / "outside").write_bytes(ndjson(item("a")))
    os.link(tmp_path / "outside", wires / "a.ndjson")
    running.took(1)
    assert desk.ids("") == ["a"]


def test_a_symbolic_link_is_refused_and_not_followed(desk, watch, wires, tmp_path):
    (tmp_path / "outside").write_bytes(ndjson(item("secret")))
    (wires / "a.ndjson").symlink_to(tmp_path / "outside")
    (wires / "gone.ndjson").symlink_to(tmp_path / "nothing")
    os.mkfifo(wires / "pipe")
    put(wires, "b.ndjson", ndjson(item("b")))
    running = watch(wires)
    running.took(3)
    assert desk.ids("") == ["b"] and (tmp_path / "outside").exists()
    assert (wires / "rejects/a.ndjson").is_symlink() and (wires / "pipe").is_fifo()
    assert "a link" in (wires / "rejects/a.ndjson.reason.txt").read_text()


def test_deep_takes_folders_below_and_keeps_their_names(desk, watch, wires):
    (wires / "old/er").mkdir(parents=True)
    (wires / "old/er/a.ndjson").write_bytes(ndjson(item("a")))
    running = watch(wires, "--deep")
    running.took(1)
    (wires / "new").mkdir()
    put(wires / "new", "b.ndjson", ndjson(item("b")))
    running.took(2)
    put(wires / "new", "c.ndjson", ndjson(item("c")))
    running.took(3)
    assert names(wires / "done/old/er") == ["a.ndjson"] and names(wires / "done/new") == ["b.ndjson", "c.ndjson"]


def test_without_deep_folders_below_are_left_alone(desk, watch, wires):
    (wires / "below").mkdir()
    (wires / "below/a.ndjson").write_bytes(ndjson(item("a")))
    running = watch(wires)
    put(wires, "b.ndjson", ndjson(item("b")))
    running.took(1)
    assert names(wires / "below") == ["a.ndjson"] and desk.ids("") == ["b"]


def test_the_folders_for_what_was_taken_can_be_named(desk, watch, wires):
    running = watch(wires, "--done", "taken", "--rejects", "refused", "--format", "ndjson")
    put(wires, "a.ndjson", ndjson(item("a")))
    put(wires, "b.xml", b"<rss/>\n")
    running.took(2)
    assert names(wires / "taken") == ["a.ndjson"]
    assert names(wires / "refused") == ["b.xml", "b.xml.reason.txt"]


def test_several_folders_are_watched_at_once(desk, watch, wires, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    running = watch(wires, other)
    put(wires, "a.ndjson", ndjson(item("a")))
    put(other, "a.ndjson", ndjson(item("b")))
    running.took(2)
    assert names(wires / "done") == names(other / "done") == ["a.ndjson"]


def test_a_folder_removed_and_made_again_is_watched_again(desk, watch, wires):
    running = watch(wires)
    wires.rmdir()
    running.heard("is gone")
    wires.mkdir()
    put(wires, "a.ndjson", ndjson(item("a")))
    running.took(1)
    assert running.heard("is there again")
    put(wires, "b.ndjson", ndjson(item("b")))  # and events come again
    running.took(2)
    moved = wires.parent / "moved"
    wires.rename(moved)
    wires.mkdir()
    put(wires, "c.ndjson", ndjson(item("c")))
    running.took(3)
    put(moved, "d.ndjson", ndjson(item("d")))  # no longer ours
    put(wires, "e.ndjson", ndjson(item("e")))
    running.took(4)
    assert names(moved) == ["d.ndjson"]


def test_files_wait_while_another_program_writes(desk, watch, wires):
    running = watch(wires)
    feeder = subprocess.Popen([DRAGOMAN, "index", "--data", str(desk.path), "--quiet", "-"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment())
    try:
        feeder.stdin.write(ndjson(item("x")))
        feeder.stdin.flush()
        until(lambda: (desk.path / "archive").exists())
        put(wires, "a.ndjson", ndjson(item("a")))
    finally:
        feeder.stdin.close()
        feeder.wait(timeout=PATIENCE)
    running.took(1)
    assert sorted(desk.ids("")) == ["a", "x"]
    put(wires, "b.ndjson", ndjson(item("b")))
    running.took(2)
    until(lambda: desk.index("-", stdin=ndjson(item("y"))).code == 0)  # an idle watch is in nobody's way


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_an_unreadable_file_is_named_and_the_next_one_taken(desk, watch, wires):
    put(wires, "a.ndjson", ndjson(item("a")))
    (wires / "a.ndjson").chmod(0)
    put(wires, "b.ndjson", ndjson(item("b")))
    running = watch(wires)
    running.took(2)
    assert names(wires / "rejects") == ["a.ndjson", "a.ndjson.reason.txt"] and desk.ids("") == ["b"]


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_file_that_cannot_be_moved_is_taken_once_and_named(desk, watch, wires):
    put(wires, "a.ndjson", ndjson(item("a")))
    wires.chmod(0o555)
    try:
        running = watch(wires, "--poll", "1")
        running.heard("done")
        assert desk.ids("") == ["a"]
    finally:
        wires.chmod(0o755)
    running.took(1)
    assert names(wires / "done") == ["a.ndjson"]


def test_done_that_is_a_file_stops_nothing(desk, watch, wires):
    (wires / "done").write_bytes(b"in the way")
    put(wires, "a.ndjson", ndjson(item("a")))
    put(wires, "bad.ndjson", b"not an object\n")
    running = watch(wires)
    running.heard("done")
    running.took(1)
    assert desk.ids("") == ["a"] and names(wires / "rejects") == ["bad.ndjson", "bad.ndjson.reason.txt"]


def test_a_file_replaced_while_it_is_taken_is_taken_again(desk, watch, wires):
    running = watch(wires)
    for n in range(60):
        put(wires, "wire.ndjson", ndjson(item(f"n{n}")))
    until(lambda: names(wires) == [] and desk.path.exists() and len(running.files) > 0)
    taken = sum(f["items"] for f in running.files)
    held = {json.loads(p.read_bytes())["id"] for p in (wires / "done").iterdir()}
    assert "n59" in held and len(held) == len(running.files)  # what lies in done was taken
    assert all(desk.run("show", one).code == 0 for one in held) and taken >= len(held)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 16 MB, where one may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], stderr=subprocess.DEVNULL,
                      check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_files_wait_while_the_disk_is_full(small_disk, wires):
    (small_disk / "ballast").write_bytes(bytes(15 << 20))
    desk, dice = Desk(small_disk / "data"), random.Random(3)
    running = Watch(desk, wires)
    try:
        for n in range(10):
            put(wires, f"{n}.ndjson", ndjson(*(item(f"n{n}-{k}", " ".join(f"w{dice.randrange(10**9)}" for _ in range(900)))
                                               for k in range(10))))
        running.heard("No space left")
        assert names(wires)
        (small_disk / "ballast").unlink()
        running.took(10)
        running.heard("taking items again")
    finally:
        running.end(signal.SIGKILL)
    assert desk.stats()["items"] == 100 and desk.agrees()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_it_ends_gracefully(desk, watch, wires, number):
    running = watch(wires)
    put(wires, "a.ndjson", ndjson(item("a")))
    running.took(1)
    assert running.end(number) == 0
    assert desk.agrees()


def size_of(folder):
    return sum(p.stat().st_size for p in folder.glob("*.ndjson"))


def test_killed_at_any_moment_each_item_is_there_once(desk, watch, wires):
    dice = random.Random(11)
    made, killed = [], 0
    for turn in range(16):
        for n in range(30):
            made.append(f"{turn:02}-{n:02}.ndjson")
            put(wires, made[-1], ndjson(*(item(f"n{turn}-{n}-{k}") for k in range(40))))
        size, put_away = size_of(desk.path / "archive"), len(names(wires / "done"))
        more, moved = dice.randrange(1, 250_000), dice.randrange(0, 25)
        running = watch(wires)
        if turn % 2:
            until(lambda: size_of(desk.path / "archive") >= size + more or not names(wires))
        else:
            until(lambda: len(names(wires / "done")) > put_away + moved)
        killed += bool(names(wires))
        running.end(signal.SIGKILL)
    running = watch(wires)
    until(lambda: names(wires) == [])
    assert running.end() == 0
    assert killed > 4  # else this has shown nothing
    ids = [json.loads(line)["id"] for line in desk.archive().splitlines()]
    assert len(ids) == len(set(ids)) == len(made) * 40
    assert names(wires / "done") == made
    assert desk.stats()["items"] == len(ids) and desk.agrees()


def test_more_files_than_the_system_can_tell_of_are_all_taken(desk, watch, wires):
    limit = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    running = watch(wires)
    running.child.send_signal(signal.SIGSTOP)
    n = min(limit, 20000) // 2 + 500  # an event for making, one for closing, one for the move
    for k in range(n):
        with (wires / f".{k}").open("wb") as out:
            out.write(b'{"id":"n%d","body":"x"}\n' % k)
        (wires / f".{k}").rename(wires / f"{k}.ndjson")
    running.child.send_signal(signal.SIGCONT)
    until(lambda: names(wires) == [])
    running.end()
    assert desk.stats()["items"] == n


@pytest.mark.parametrize("args, word", [((), "name a folder"), (("nowhere",), "no such folder"),
                                        (("--done", "a/b", "."), "below the watched one"),
                                        (("--format", "nonsense", "."), "no such format")])
def test_wrong_use_is_said_at_once(desk, tmp_path, args, word):
    done = run("watch", "--data", desk.path, *args, cwd=tmp_path)
    assert done.code == 2 and word in done.err


def test_the_data_directory_itself_is_not_watched(desk):
    desk.take(item("a"))
    done = run("watch", "--data", desk.path, desk.path)
    assert done.code == 2 and "is the data directory" in done.err
