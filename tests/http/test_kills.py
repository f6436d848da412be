# SPDX-License-Identifier: GPL-2.0-or-later
"""Writer, server, command line and those who accept are killed at random moments: what was acknowledged stays.

DRAGOMAN_ROUNDS says how often (8); 500 take some minutes.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import threading

import dragomand
from dragomand import Server, program, until
from test_writer import agrees, children

ROUNDS = int(os.environ.get("DRAGOMAN_ROUNDS", "8"))
IDS = 400
LOOK_EVERY = 10  # rounds between two looks at all items


def tool(name):
    build = os.environ.get("B", str(dragomand.ROOT / "build"))
    return str(pathlib.Path(build) / "tests/tools" / name)


class Desk:
    """An archive, its server, and what must be in it."""

    def __init__(self, data, log):
        self.data, self.log = data, log
        self.dice = random.Random(11)
        self.version = 0
        self.sent, self.kept = {}, {}  # id: all versions given to anyone; the newest one acknowledged
        self.acknowledged = 0
        self.killed = {}
        self.server = Server(data, log)

    def items(self, n):
        """Lines of new versions: of known ids and of new ones."""
        lines = []
        for _ in range(n):
            self.version += 1
            name = f"n{self.dice.randrange(IDS)}"
            self.sent.setdefault(name, set()).add(self.version)
            text = " ".join(f"w{self.dice.randrange(5000)}" for _ in range(self.dice.randrange(20, 200)))
            lines.append((name, self.version, json.dumps(
                {"id": name, "version": str(self.version), "title": f"v{self.version}", "body": text,
                 "published": "2024-01-01"})))
        return lines

    def acknowledge(self, lines):
        for name, version, _ in lines:
            self.kept[name] = max(version, self.kept.get(name, 0))
        self.acknowledged += len(lines)

    def kill(self, what, process):
        """True if it was alive."""
        alive = process.poll() is None
        process.kill()
        self.killed[what] = self.killed.get(what, 0) + alive
        return alive

    def kill_writer(self):
        for pid in children(self.server.process.pid):
            os.kill(pid, signal.SIGKILL)
            self.killed["writer"] = self.killed.get("writer", 0) + 1

    def kill_server(self):
        self.kill("server", self.server.process)
        self.server.process.wait()
        self.server.process.stdout.close()
        self.server = Server(self.data, self.log)

    def strike(self, victim, taker, line):
        threading.Event().wait(self.dice.random() ** 2 * 0.12)
        if victim == "writer":
            self.kill_writer()
        elif victim == "server":
            self.kill_server()
        else:
            self.kill(victim, taker if victim == "taker" else line)

    def round(self):
        slow, quick = self.items(self.dice.randrange(5, 60)), self.items(self.dice.randrange(5, 60))
        taker = subprocess.Popen([tool("take"), str(self.data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = subprocess.Popen([program("DRAGOMAN", "dragoman"), "index", "--quiet", "--data", str(self.data),
                                 "--format", "ndjson", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        said = []
        fed = [threading.Thread(target=lambda: said.append(feed(taker, slow))),
               threading.Thread(target=lambda: feed(line, quick))]
        for one in fed:
            one.start()
        self.strike(self.dice.choice(["writer", "server", "taker", "command line"]), taker, line)
        for one in fed:
            one.join()
        taker.wait(timeout=120)
        if line.wait(timeout=120) == 0:
            self.acknowledge(quick)
        self.acknowledge(slow[:said[0].count(b"\n")])

    def look(self):
        """Every acknowledged item is there once, in its newest version or one that came later."""
        last = self.items(1)
        done = subprocess.run([program("DRAGOMAN", "dragoman"), "index", "--quiet", "--data", str(self.data), "-"],
                              input=last[0][2].encode(), timeout=300)  # waits for the writer, or writes itself
        assert done.returncode == 0
        self.acknowledge(last)
        found, cursor = {}, None
        while True:
            page = self.server.search(q="", limit=100, sort="newest", **({"cursor": cursor} if cursor else {}))
            for hit in page["hits"]:
                assert hit["id"] not in found, hit
                found[hit["id"]] = int(hit["title"][1:])
            cursor = page["next"]
            if not cursor:
                break
        for name, version in self.kept.items():
            assert name in found, f"{name} is lost: v{version} was acknowledged"
            assert found[name] >= version and found[name] in self.sent[name], (name, version, found[name])
        assert set(found) <= set(self.sent)


def feed(process, lines):
    try:
        process.stdin.write("".join(line + "\n" for _, _, line in lines).encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process.stdout.read() if process.stdout else b""


def test_what_was_acknowledged_survives_kills_at_random_moments(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    desk = Desk(data, tmp_path / "log")
    try:
        for number in range(1, ROUNDS + 1):
            desk.round()
            if number % LOOK_EVERY == 0 or number == ROUNDS:
                desk.look()
                agrees(data)
        assert until(lambda: desk.server.metric("dragoman_writer_up") == 1, 60)
    finally:
        desk.server.process.kill()
        desk.server.process.wait()
        desk.server.process.stdout.close()
    print(f"{ROUNDS} rounds, {desk.acknowledged} items acknowledged, killed alive: {desk.killed}")
    assert desk.acknowledged > 0 and sum(desk.killed.values()) > ROUNDS / 4
