"""A disk that is full at any step takes nothing that was acknowledged, and all is well once there is room again.

The disk is a small tmpfs, which only root may mount: skipped for others. DRAGOMAN_ROUNDS says at how many sizes each
thing is tried (4)."""
import os
import random
import re
import shutil
import subprocess

import pytest

from desk import Desk, item, ndjson

ROUNDS = int(os.environ.get("DRAGOMAN_ROUNDS", "4"))
KB = 1024
ROOMY = 64 * KB * KB
WORDS = "water grain treaty council energy border school harbour railway budget orchard glacier".split()


def items(begin, end):
    dice = random.Random(7)
    return [item(f"n{i}", " ".join(dice.choice(WORDS) + str(dice.randrange(3000)) for _ in range(60)),
                 published=f"20{10 + i % 12}-0{1 + i % 9}-1{i % 9}") for i in range(begin, end)]


class Disk:
    def __init__(self, path):
        self.path = path

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size // KB * KB}", self.path], check=True)

    def leave(self, room):
        """So many bytes more than are taken."""
        self.resize(shutil.disk_usage(self.path).used + room)


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / "disk"
    path.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "tmpfs", path],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) if shutil.which("mount") else None
    if not done or done.returncode:
        pytest.skip("no tmpfs can be mounted here")
    yield Disk(path)
    subprocess.run(["umount", path], check=True)


def sizes(least, most):
    """From too little for anything to enough for all, each step by the same factor."""
    return [int(least * (most / least) ** (i / max(1, ROUNDS - 1))) for i in range(ROUNDS)]


def fresh(disk, name):
    for old in disk.path.iterdir():
        shutil.rmtree(old)
    return Desk(disk.path / name)


def step_of(said):
    """Whether the log was full or what is made out of it."""
    return "append" if ".ndjson: " in said else "index"


def check_refused(done, steps):
    """A full disk is said by name, and never takes the program down."""
    if done.code == 0:
        steps.append("none")
        return
    assert done.code in (1, 3), done
    assert "No space left on device" in done.err or re.search(r"takes some \d+ MB more, \d+ MB are free", done.err), done
    print(done.err.strip().splitlines()[-1][:200])
    steps.append(step_of(done.err))


def test_loading_an_archive(disk):
    steps = []
    feed = ndjson(*items(0, 600))
    for size in sizes(100 * KB, 30000 * KB):
        desk = fresh(disk, "load")
        disk.resize(size)
        check_refused(desk.index("-", stdin=feed), steps)
        kept = desk.archive().count(b"\n") if (desk.path / "archive/000001.ndjson").exists() else 0
        disk.resize(ROOMY)
        done = desk.index("--json", "-", stdin=feed)
        assert done.code == 0 and done.json["unchanged"] == kept and done.json["added"] == 600 - kept, done
        assert desk.stats()["items"] == 600 and desk.agrees()
    print("full at:", steps)
    assert "append" in steps and steps[-1] == "none" and "index" in steps


def test_adding_to_an_index(disk):
    steps = []
    for room in sizes(8 * KB, 12000 * KB):
        desk = fresh(disk, "add")
        disk.resize(ROOMY)
        assert desk.index("-", stdin=ndjson(*items(0, 520))).code == 0
        disk.leave(room)
        check_refused(desk.index("-", stdin=ndjson(*items(520, 600))), steps)
        assert desk.search("")["total"]["value"] in (520, 600)
        disk.resize(ROOMY)
        assert desk.index("-", stdin=ndjson(*items(520, 600))).code == 0
        assert desk.stats()["items"] == 600 and desk.agrees()
    print("full at:", steps)
    assert "index" in steps and steps[-1] == "none"


def test_building_anew(disk):
    steps = []
    for room in sizes(8 * KB, 40000 * KB):
        desk = fresh(disk, "anew")
        disk.resize(ROOMY)
        assert desk.index("-", stdin=ndjson(*items(0, 600))).code == 0
        disk.leave(room)
        check_refused(desk.run("reindex"), steps)
        assert desk.search("")["total"]["value"] == 600 and desk.agrees()
        disk.resize(ROOMY)
        assert desk.run("reindex").code == 0 and desk.agrees()
    print("full at:", steps)
    assert "index" in steps and steps[-1] == "none"
