# SPDX-License-Identifier: GPL-2.0-or-later
"""The server under ThreadSanitizer: eight clients search while items are committed beside them, or come over HTTP, and
watchlists are looked after, read and delivered.

Run by `make tsan`, which builds with -fsanitize=thread. Any report of the sanitizer fails it.
"""

import json
import pathlib
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from dragomand import Server, index, program, read_reply, request, until  # noqa: E402
from test_watch import Receiver  # noqa: E402

ROUNDS = 25
CLIENTS = 8
PATHS = [
    "/v1/search?q=statement&facets=region,year,topic&histogram=month",
    "/v1/search?q=%22joint+statement%22&limit=50",
    "/v1/search?q=statement+-border&sort=newest",
    "/v1/search?q=agree*&match=any&explain=1",
    "/v1/search?q=(((",
    "/v1/search?limit=0",
    "/v1/items/item-0-3",
    "/v1/items/nothing",
    "/readyz",
    "/metrics",
    "/main.js",
    "/openapi.json",
]


def make_items(round_):
    return [{"id": f"item-{round_}-{i}", "title": f"Joint statement {i} of round {round_}",
             "body": [f"The ministers agreed on the border in round {round_}.", "A joint statement followed."],
             "published": f"2021-{1 + i % 12:02}-{1 + round_ % 28:02}", "region": f"Region {i % 5}",
             "topics": [f"topic {i % 3}"]} for i in range(20)]


class Client(threading.Thread):
    def __init__(self, server, number, stop):
        super().__init__()
        self.server, self.number, self.stop = server, number, stop
        self.statuses, self.faults, self.totals = {}, [], []

    def ask(self, s, path):
        s.sendall(request(path, "Accept-Encoding: gzip" if self.number % 2 else "X: y"))
        reply, _ = read_reply(s)
        self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        if reply.status not in (200, 400, 404):
            self.faults.append((path, reply.status, reply.body[:300]))
        if path == PATHS[0] and reply.status == 200 and "content-encoding" not in reply.headers:
            self.totals.append(json.loads(reply.body)["total"]["value"])

    def run(self):
        turn = self.number
        try:
            while not self.stop.is_set():
                with self.server.connect() as s:
                    for _ in range(len(PATHS)):
                        self.ask(s, PATHS[turn % len(PATHS)])
                        turn += 1
        except Exception as fault:  # a thread's failure must reach the test
            self.faults.append(repr(fault))


def test_searching_while_items_are_committed_races_nowhere(tmp_path):
    data = tmp_path / "data"
    index(data, make_items(0))
    server = Server(data, tmp_path / "stderr", "--threads", "4", "--deadline-ms", "2000",
                    "--access-log", str(tmp_path / "access.log"))
    stop = threading.Event()
    clients = [Client(server, number, stop) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for round_ in range(1, ROUNDS):
            index(data, make_items(round_))
        everything = 20 * ROUNDS
        until(lambda: server.search(q="statement")["total"]["value"] == everything, seconds=60)
    finally:
        stop.set()
        for client in clients:
            client.join(timeout=60)
    assert not any(client.is_alive() for client in clients)
    server.stop()
    assert "ThreadSanitizer" not in server.said(), server.said()[:20000]
    for client in clients:
        assert not client.faults, client.faults[:3]
        assert client.totals == sorted(client.totals), "an older revision came after a newer one"
    assert sum(client.statuses.get(200, 0) for client in clients) > 200


KEY = "a-key-for-the-sanitizer"
WRITERS = 4
PUSHES = 15


class Pusher(threading.Thread):
    """Posts items, bulks and deletions, one connection each time some of them wait to be found."""

    def __init__(self, server, number):
        super().__init__()
        self.server, self.number, self.faults = server, number, []

    def ask(self, s, path, body=b"", kind="application/json", method="POST", wanted=(200, 201, 202, 207)):
        s.sendall(request(path, f"X-API-Key: {KEY}", f"Content-Type: {kind}", f"Content-Length: {len(body)}",
                          method=method) + body)
        reply, _ = read_reply(s)
        if reply.status not in wanted:
            self.faults.append((path, reply.status, reply.body[:300]))

    def run(self):
        try:
            with self.server.connect() as s:
                for i in range(PUSHES):
                    name = f"pushed-{self.number}-{i}"
                    one = json.dumps({"id": name, "title": "A joint statement", "body": "Agreed."}).encode()
                    self.ask(s, "/v1/items?wait=searchable" if i % 3 == 0 else "/v1/items", one)
                    bulk = b"".join(b'{"id": "%d-%d-%d", "title": "Joint statement"}\n' % (self.number, i, j) for j in range(20))
                    self.ask(s, "/v1/items", bulk + b"no JSON\n", "application/x-ndjson")
                    if i % 4 == 3:
                        self.ask(s, "/v1/items/" + name, method="DELETE")
                        self.ask(s, "/v1/items/delete?q=agreed")
                    self.ask(s, "/v1/items", b"{", wanted=(400,))
        except Exception as fault:
            self.faults.append(repr(fault))


def test_moments_that_idle_threads_read_back_race_nowhere(tmp_path):
    data = tmp_path / "data"
    first = [{"id": f"item-{i}", "updated": "2021-01-01", "title": f"Statement {i}",
              "body": " ".join(f"grain{(i * 31 + k) % 997}" for k in range(300))} for i in range(120)]
    index(data, first)
    place = f"1:{(data / 'archive/000001.ndjson').stat().st_size}"
    server = Server(data, tmp_path / "stderr", "--threads", "4", "--deadline-ms", "20")
    asked = {"q": "title:statement", "as_of": place, "limit": 1}
    try:
        for round_ in range(2, 8):
            index(data, [item | {"updated": f"2021-01-0{round_}", "title": "Other"} for item in first[round_ % 3::3]])
            assert server.get("/v1/search", params=asked).status_code in (200, 504)
            until(lambda: server.metric("dragoman_moments_behind") == 0, seconds=60)
        until(lambda: server.search(**asked)["total"] == {"value": 120, "relation": "eq"}, seconds=60)
    finally:
        server.stop()
    assert "ThreadSanitizer" not in server.said(), server.said()[:20000]


def test_writing_over_http_races_nowhere(tmp_path):
    data = tmp_path / "data"
    index(data, make_items(0))
    server = Server(data, tmp_path / "stderr", "--threads", "4", "--deadline-ms", "2000", "--wait-ms", "60000",
                    "--write-key", f"tsan {KEY}", "--access-log", str(tmp_path / "access.log"))
    stop = threading.Event()
    clients = [Client(server, number, stop) for number in range(4)]
    pushers = [Pusher(server, number) for number in range(WRITERS)]
    for thread in clients + pushers:
        thread.start()
    for pusher in pushers:
        pusher.join(timeout=300)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: server.metric('dragoman_pushed_items_total{result="added"}') == WRITERS * PUSHES * 21)
    stop.set()
    for client in clients:
        client.join(timeout=60)
    assert not any(thread.is_alive() for thread in clients + pushers)
    server.stop()
    assert "ThreadSanitizer" not in server.said(), server.said()[:20000]
    for thread in clients + pushers:
        assert not thread.faults, thread.faults[:3]


WATCHES = 6
WATCH_ROUNDS = 12
WATCH_PATHS = ["/v1/watch", "/metrics", "/v1/watch/w0.json?limit=3", "/v1/watch/w1.atom", "/v1/watch/w2.rss", PATHS[0],
               "/v1/watch/none.json"]


class Reader(Client):
    """Reads feeds, the list and the numbers."""

    def ask(self, s, path):
        super().ask(s, WATCH_PATHS[self.statuses.get("asked", 0) % len(WATCH_PATHS)])
        self.statuses["asked"] = self.statuses.get("asked", 0) + 1


def watchlist(data, *args, codes=(0,)):
    done = subprocess.run([program("DRAGOMAN", "dragoman"), "watchlist", *args, "--data", str(data)],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode in codes and "ThreadSanitizer" not in done.stderr, done


def make_watches(data, receiver):
    for n in range(WATCHES):
        watchlist(data, "add", f"w{n}", "statement" if n % 2 else "round", "--webhook", receiver.url,
                  "--allow-private", "yes", "--timeout", "2")


def change_watches(data, receiver, round_):
    """As a desk does while the writer looks and delivers."""
    name = f"w{round_ % WATCHES}"
    if round_ % 4 == 0:
        watchlist(data, "mute", name, "2099-01-01")
        watchlist(data, "mute", name, "off")
    elif round_ % 4 == 1:
        watchlist(data, "unpark", name)
    elif round_ % 4 == 2:
        watchlist(data, "add", name, "statement", "--replace", "--webhook", receiver.url, "--allow-private", "yes")
    else:
        watchlist(data, "run", codes=(0, 1))  # takes turns with the writer; a post may fail
    (data / "watch/faulty.watch").write_text("nonsense\n" if round_ % 2 else "q = statement\n")


def test_watchlists_race_nowhere(tmp_path):
    """Looking, delivering to receivers that misbehave, feeds, numbers and changes, all at a time; then a stop in the midst."""
    data, receiver, other = tmp_path / "data", Receiver(), Receiver()
    index(data, make_items(0))
    make_watches(data, receiver)
    watchlist(data, "add", "last", "round", "--webhook", other.url, "--allow-private", "yes")
    server = Server(data, tmp_path / "stderr", "--threads", "4", "--deadline-ms", "2000")
    stop = threading.Event()
    readers = [Reader(server, number, stop) for number in range(CLIENTS)]
    for reader in readers:
        reader.start()
    try:
        for round_ in range(1, WATCH_ROUNDS):
            receiver.plan = [500, "drop", 200, 410, "hang", (429, {"Retry-After": "1"})][:round_ % 7]
            index(data, make_items(round_))
            change_watches(data, receiver, round_)
        everything = {f"item-{round_}-{i}" for round_ in range(1, WATCH_ROUNDS) for i in range(20)}
        until(lambda: {item for _, item in other.told()} == everything, seconds=120)
    finally:
        stop.set()
        for reader in readers:
            reader.join(timeout=60)
    assert not any(reader.is_alive() for reader in readers)
    receiver.plan = ["hang"] * WATCHES
    index(data, make_items(WATCH_ROUNDS))
    server.stop()
    receiver.close()
    other.close()
    assert "ThreadSanitizer" not in server.said(), server.said()[:20000]
    for reader in readers:
        assert not reader.faults, reader.faults[:3]
        assert reader.statuses.get(200, 0) > 10


def test_stopping_under_load_races_nowhere(tmp_path):
    data = tmp_path / "data"
    index(data, make_items(0))
    server = Server(data, tmp_path / "stderr", "--threads", "4")
    connections = [server.connect() for _ in range(40)]
    for s in connections:
        s.sendall(request(PATHS[0]))
        assert read_reply(s)[0].status == 200
    for s in connections:
        s.sendall(request(PATHS[0]))
    server.stop()
    for s in connections:
        reply, _ = read_reply(s)
        assert reply.status in (200, 503)
        s.close()
    assert "ThreadSanitizer" not in server.said(), server.said()[:20000]
