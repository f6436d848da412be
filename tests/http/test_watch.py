# SPDX-License-Identifier: GPL-2.0-or-later
"""Watchlists over HTTP: feeds, and webhooks whose receivers misbehave."""

import datetime
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import threading
import time
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dragomand import Server, index, program, until
from test_writer import writer_of

ATOM = "{http://www.w3.org/2005/Atom}"
KEY = "a key of the tests"
WORDS = "grain harbour treaty border railway energy vaccine satellite tariff fishing".split()


def item(number, text, **more):
    return {"id": number, "title": f"Report <{number}> & more", "body": text, "published": "2024-03-05T10:00:00Z",
            "region": "Peru", "source": "Ministry of Ports", "url": f"https://ports.example/{number}?a=1&b=2", **more}


class Receiver:
    """Takes what is posted; `plan` says how the next posts are answered, 200 when it is used up."""

    def __init__(self):
        self.posts, self.plan, self.lock, self.release = [], [], threading.Lock(), threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.take(self)

            def do_GET(self):
                receiver.posts.append(("GET", self.path))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def take(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            step = self.plan.pop(0) if self.plan else 200
            self.posts.append((dict(handler.headers), body, step))
        if step == "hang":
            self.release.wait(60)
            return
        if step == "drop":
            handler.connection.close()
            return
        status, headers = step if isinstance(step, tuple) else (step, {})
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def bodies(self, good=True):
        with self.lock:
            return [json.loads(body) for _, body, step in self.posts if not good or step == 200]

    def told(self):
        """(kind, item) of what was taken, each alert once."""
        seen = {a["id"]: (a["kind"], a["item"]) for body in self.bodies() for a in body["alerts"]}
        return list(seen.values())

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.close()


class Desk:
    def __init__(self, data):
        self.data = data
        index(data, [item("old", "An old harbour.")])

    def run(self, *args, code=0, env=None):
        done = subprocess.run([program("DRAGOMAN", "dragoman"), "watchlist", *args, "--data", str(self.data)],
                              capture_output=True, text=True, timeout=120, env={**os.environ, **(env or {})})
        assert code is None or done.returncode == code, done
        return done

    def status(self, name="w"):
        return json.loads(self.run("status", name, "--json", code=None).stdout)["watchlists"][0]

    def hook(self, receiver, *args):
        self.run("add", "w", "harbour", "--webhook", receiver.url, "--allow-private", "yes", *args)

    def forget_waiting(self):
        """As if the time that it waits after a failure were over."""
        state = self.data / "watch/state/w.state"
        lines = [line for line in state.read_text().splitlines() if not line.startswith("next-try ")]
        state.write_text("\n".join(lines) + "\n")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "data")


@pytest.fixture
def served(desk, tmp_path):
    server = Server(desk.data, tmp_path / "stderr", "--writer", "off")
    yield server
    server.stop()


# ---- Feeds


def feed(served, ending, **params):
    reply = served.get(f"/v1/watch/w.{ending}", params=params)
    assert reply.status_code == 200, reply.text
    return reply


def test_feeds_hold_what_was_told_in_each_format(desk, served):
    desk.run("add", "w", "harbour", "--label", "Ports & <more>")
    index(desk.data, [item("a", "The harbour & the <sea>."), item("b", "Nothing.")])
    desk.run("run")
    reply = feed(served, "json")
    assert reply.headers["Content-Type"] == "application/feed+json"
    told = reply.json()
    assert told["version"] == "https://jsonfeed.org/version/1.1" and told["title"] == "Ports & <more>"
    assert told["feed_url"] == f"{served.url}/v1/watch/w.json"
    assert [i["_dragoman"]["item"] for i in told["items"]] == ["a", "old"]
    first = told["items"][0]
    assert first["url"] == "https://ports.example/a?a=1&b=2" and first["title"] == "Report <a> & more"
    assert first["content_html"] == "The <mark>harbour</mark> &amp; the &lt;sea&gt;."
    assert first["date_published"] == "2024-03-05T10:00:00Z" and first["authors"] == [{"name": "Ministry of Ports"}]
    assert first["_dragoman"]["watch"] == "w" and "harbour" in first["_dragoman"]["matched"]
    assert first["_dragoman"]["hit"]["region"] == "Peru"

    reply = feed(served, "atom")
    assert reply.headers["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(reply.content)
    assert root.tag == ATOM + "feed" and root.findtext(ATOM + "title") == "Ports & <more>"
    for name in ("id", "updated"):
        assert root.findtext(ATOM + name)
    entries = root.findall(ATOM + "entry")
    assert [e.findtext(ATOM + "id") for e in entries] == [i["id"] for i in told["items"]]
    entry = entries[0]
    assert entry.findtext(ATOM + "title") == "Report <a> & more"
    assert entry.find(ATOM + "link").get("href") == first["url"]
    assert entry.findtext(ATOM + "summary") == first["content_html"]
    marks = {(c.get("scheme"), c.get("term")) for c in entry.findall(ATOM + "category")}
    assert {("urn:dragoman:region", "Peru"), ("urn:dragoman:watch", "w"), ("urn:dragoman:kind", "new"),
            ("urn:dragoman:matched", "harbour"), ("urn:dragoman:source", "Ministry of Ports")} <= marks

    reply = feed(served, "rss")
    assert reply.headers["Content-Type"].startswith("application/rss+xml")
    channel = ET.fromstring(reply.content).find("channel")
    assert channel.findtext("title") == "Ports & <more>" and channel.findtext("link").startswith(served.url)
    items = channel.findall("item")
    assert [i.findtext("guid") for i in items] == [i["id"] for i in told["items"]]
    assert parsedate_to_datetime(items[0].findtext("pubDate")).isoformat() == "2024-03-05T10:00:00+00:00"
    assert items[0].findtext("pubDate").startswith("Tue, ") and items[0].findtext("description") == first["content_html"]


def test_replies_have_the_members_that_openapi_says(desk, served):
    desk.run("add", "w", "harbour")
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run")
    schemas = served.get("/openapi.json").json()["components"]["schemas"]
    told = feed(served, "json").json()
    entry = told["items"][0]
    for value, schema in ((told, schemas["AlertFeed"]), (entry, schemas["AlertFeed"]["properties"]["items"]["items"]),
                          (told["_dragoman"], schemas["AlertFeed"]["properties"]["_dragoman"]),
                          (entry["_dragoman"], schemas["Alert"]), (entry["_dragoman"]["hit"], schemas["Hit"]),
                          (served.get("/v1/watch").json()["watchlists"][0], schemas["Watchlist"])):
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_our_own_readers_read_the_feeds(desk, served, tmp_path, ending):
    desk.run("add", "w", "harbour", "--label", "Ports")
    index(desk.data, [item("a", "The harbour & the <sea>.")])
    desk.run("run")
    path = tmp_path / f"feed.{ending}"
    path.write_bytes(feed(served, ending).content)
    again = tmp_path / "again"
    done = subprocess.run([program("DRAGOMAN", "dragoman"), "index", "--data", str(again), "--json", str(path)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done
    found = subprocess.run([program("DRAGOMAN", "dragoman"), "search", "--data", str(again), "--json", "sea"],
                           capture_output=True, text=True, timeout=120)
    hit = json.loads(found.stdout)["hits"][0]
    told = feed(served, "json").json()["items"][0]
    assert hit["id"] == told["id"] and hit["url"] == told["url"]
    assert hit["title"] == ("Report & more" if ending == "rss" else told["title"])  # markup there, to most readers
    assert hit["published"] == "2024-03-05T10:00:00Z"


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_an_unchanged_feed_is_a_304_and_head_is_like_get(desk, served, ending):
    desk.run("add", "w", "harbour")
    first = feed(served, ending)
    path = f"/v1/watch/w.{ending}"
    assert served.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    answer = served.send(f"HEAD {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"\r\n\r\n")
    index(desk.data, [item("b", "Nothing of it.")])
    desk.run("run")
    assert served.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run")
    assert served.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_places_lead_through_all_alerts(desk, served):
    desk.run("add", "w", "harbour")
    begin = feed(served, "json").json()["_dragoman"]["next"]
    index(desk.data, [item(f"i{n}", f"Harbour {n} {WORDS[n]}.") for n in range(7)])
    desk.run("run")
    place, found = begin, []
    while True:
        page = feed(served, "json", since=place, limit=3).json()
        found += [i["_dragoman"]["item"] for i in page["items"]]
        place = page["_dragoman"]["next"]
        if not page["_dragoman"]["more"]:
            break
        assert page["next_url"] == f"{served.url}/v1/watch/w.json?since={place}"
    assert found == [f"i{n}" for n in range(7)]
    assert feed(served, "json", since=place).json()["items"] == []
    assert feed(served, "json", since=place).json()["_dragoman"]["next"] == place


def test_what_was_withdrawn_is_told_without_its_text(desk, served):
    desk.run("add", "w", "harbour")
    index(desk.data, [item("a", "A secret harbour."), item("c", "A hidden harbour.")])
    desk.run("run")
    begin = feed(served, "json").json()["_dragoman"]["next"].split("-")[0] + "-0"
    index(desk.data, [{"id": "a", "status": "canceled", "title": "x", "body": "x", "updated": "2024-03-06"},
                      item("c", "A corrected harbour.", updated="2024-03-07")])
    for ending in ("atom", "rss", "json"):  # before anybody looked, too
        assert "secret" not in feed(served, ending).text and "hidden" not in feed(served, ending).text
    desk.run("run")
    for ending in ("atom", "rss", "json"):
        for params in ({}, {"since": begin}):
            text = feed(served, ending, **params).text
            assert "secret" not in text and "hidden" not in text and "Withdrawn: a" in text, ending
    kinds = [(i["_dragoman"]["kind"], i["_dragoman"]["item"]) for i in feed(served, "json").json()["items"]]
    assert kinds == [("corrected", "c"), ("withdrawn", "a"), ("new", "old")] or \
        kinds == [("withdrawn", "a"), ("corrected", "c"), ("new", "old")]


def test_the_list_tells_no_addresses_and_no_paths(desk, served, receiver):
    desk.hook(receiver, "--secret", "env:HOOK_KEY")
    (desk.data / "watch/bad.watch").write_text("nonsense\n")
    reply = served.get("/v1/watch")
    told = {w["name"]: w for w in reply.json()["watchlists"]}
    assert told["w"]["webhook"] is True and told["w"]["alerts"] == 1 and not told["w"]["parked"]
    assert told["bad"]["parked"] is True
    assert str(desk.data) not in reply.text and "HOOK_KEY" not in reply.text and "127.0.0.1" not in reply.text
    assert served.get("/v1/watch", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304
    bad = served.get("/v1/watch/bad.json")
    assert bad.status_code == 503 and str(desk.data) not in bad.text
    assert served.metric("dragoman_watchlists_parked") == 1 and served.metric("dragoman_watch_alerts") == 1


def test_metrics_follow_the_files_within_moments(desk, served):
    assert served.metric("dragoman_watchlists ") == 0
    desk.run("add", "w", "harbour")
    until(lambda: served.metric("dragoman_watchlists ") == 1 and served.metric("dragoman_watch_alerts ") == 1)
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run")
    until(lambda: served.metric("dragoman_watch_alerts ") == 2)
    assert served.metric("dragoman_watchlists_parked") == 0
    (desk.data / "watch/w.watch").write_text("nonsense\n")
    until(lambda: served.metric("dragoman_watchlists_parked") == 1)
    desk.run("remove", "w")
    until(lambda: served.metric("dragoman_watchlists ") == 0)


def test_a_pipe_among_the_watchlists_keeps_nobody_waiting(desk, served):
    desk.run("add", "w", "harbour")
    os.mkfifo(desk.data / "watch/slow.watch")
    until(lambda: served.metric("dragoman_watchlists ") == 2)
    assert served.metric("dragoman_watchlists_parked") == 1
    assert served.search(q="harbour")["hits"]
    slow, w = served.get("/v1/watch").json()["watchlists"]
    assert slow["name"] == "slow" and slow["parked"] and not w["parked"]


@pytest.mark.parametrize("path, code, name", [
    ("/v1/watch/none.json", 404, None), ("/v1/watch/w.xml", 404, None), ("/v1/watch/.json", 404, None),
    ("/v1/watch/..%2Fw.json", 404, None), ("/v1/watch/" + "w" * 300 + ".json", 404, None), ("/v1/watch/w", 404, None),
    ("/v1/watch/w.json?since=x", 400, "since"), ("/v1/watch/w.json?limit=0", 400, "limit"),
    ("/v1/watch/w.json?limit=101", 400, "limit"), ("/v1/watch/w.json?limit=2&limit=2", 400, "limit"),
    ("/v1/watch/w.atom?q=x", 400, "q"), ("/v1/watch?x=1", 400, "x")])
def test_what_cannot_be_is_told(desk, served, path, code, name):
    desk.run("add", "w", "harbour")
    reply = served.get(path)
    assert reply.status_code == code
    if name:
        assert reply.json()["errors"][0]["name"] == name


# ---- Webhooks


def test_posts_are_signed_over_the_body_that_holds_the_time(desk, receiver):
    desk.hook(receiver, "--secret", "env:HOOK_KEY")
    index(desk.data, [item("a", "A harbour.")])
    done = desk.run("run", env={"HOOK_KEY": KEY})
    assert KEY not in done.stdout + done.stderr
    headers, body, _ = receiver.posts[0]
    assert headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    assert headers["Content-Type"] == "application/json" and headers["X-Dragoman-Watch"] == "w"
    told = json.loads(body)
    assert told["sent"].endswith("Z") and told["watch"] == "w"
    alert = told["alerts"][0]
    assert [a["item"] for a in told["alerts"]] == ["a"] and alert["kind"] == "new" and "harbour" in alert["matched"]
    assert alert["hit"]["snippet"] == "A harbour." and alert["hit"]["region"] == "Peru"
    desk.run("run", env={"HOOK_KEY": KEY})
    assert len(receiver.posts) == 1
    assert KEY not in "".join(p.read_text() for p in (desk.data / "watch").rglob("*") if p.is_file())


def test_a_key_that_is_not_there_keeps_the_post_back(desk, receiver, tmp_path):
    desk.hook(receiver, "--secret", f"file:{tmp_path}/key")
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run")
    assert receiver.posts == [] and "secret" in desk.status()["trouble"]
    (tmp_path / "key").write_text(KEY + "\n")
    desk.forget_waiting()
    desk.run("run")
    headers, body, _ = receiver.posts[0]
    assert headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("answer, trouble", [
    (500, "500"), ("drop", "without a reply"), ((302, {"Location": "/elsewhere"}), "redirects"),
    ((429, {"Retry-After": "7200"}), "429"), ("hang", "no whole reply")])
def test_a_failure_is_tried_again_later_with_the_same_alerts(desk, receiver, answer, trouble):
    desk.hook(receiver, "--timeout", "1")
    index(desk.data, [item("a", "A harbour.")])
    receiver.plan = [answer]
    desk.run("run", code=1)
    status = desk.status()
    assert trouble in status["trouble"] and status["failures"] == 1 and status["waiting"] == 1
    waits = (parse(status["next_try"]) - parse(json.loads(receiver.posts[0][1])["sent"])).total_seconds()
    assert 7100 < waits < 7300 if isinstance(answer, tuple) and answer[0] == 429 else 3 <= waits <= 30
    desk.run("run")
    assert len(receiver.posts) == 1, "it waits"
    index(desk.data, [item("b", "Another harbour.")])
    desk.forget_waiting()
    desk.run("run")
    assert receiver.told() == [("new", "a"), ("new", "b")] and desk.status()["failures"] == 0
    assert ("GET", "/elsewhere") not in receiver.posts and all(p[0] != "GET" for p in receiver.posts)
    first, second = (json.loads(p[1])["alerts"][0]["id"] for p in receiver.posts[:2])
    assert first == second


def parse(stamp):
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def test_waiting_doubles_and_twelve_failures_park(desk, receiver):
    desk.hook(receiver)
    index(desk.data, [item("a", "A harbour.")])
    receiver.plan = [500] * 12
    waits = []
    for _ in range(12):
        desk.run("run", code=1)
        waits.append((parse(desk.status()["next_try"]) - parse(receiver.bodies(False)[-1]["sent"])).total_seconds())
        desk.forget_waiting()
    assert all(abs(w - min(5 * 2 ** n, 3600)) < 5 for n, w in enumerate(waits)), waits
    assert "12 deliveries failed" in desk.status()["parked"]
    desk.run("run")
    assert len(receiver.posts) == 12
    assert desk.run("status", code=1)
    desk.run("unpark", "w")
    desk.run("run")
    assert receiver.told() == [("new", "a")] and desk.status()["parked"] is None


def test_gone_parks_at_once_and_alerts_go_on_in_the_feed(desk, receiver, served):
    desk.hook(receiver)
    index(desk.data, [item("a", "A harbour.")])
    receiver.plan = [410]
    assert "unpark" in desk.run("run", code=1).stderr
    index(desk.data, [item("b", "Another harbour.")])
    desk.run("run")
    assert len(receiver.posts) == 1 and "410" in desk.status()["parked"]
    assert [i["_dragoman"]["item"] for i in feed(served, "json").json()["items"]] == ["b", "a", "old"]


def test_private_addresses_are_refused_unless_they_are_allowed(desk, receiver):
    desk.run("add", "w", "harbour", "--webhook", receiver.url)
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run", code=1)
    assert receiver.posts == [] and "private address 127.0.0.1" in desk.status()["trouble"]
    desk.run("add", "w", "harbour", "--replace", "--webhook", receiver.url, "--allow-private", "127.0.0.0/8")
    desk.run("run")
    assert receiver.told() == [("new", "a")]


def test_a_digest_gathers_and_a_mute_keeps_back(desk, receiver):
    desk.hook(receiver, "--digest", "1h")
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run")
    assert receiver.posts == [] and desk.status()["waiting"] == 1
    index(desk.data, [item("b", "Another harbour.")])
    desk.run("run")
    assert receiver.posts == []
    state = desk.data / "watch/state/w.state"
    state.write_text("\n".join("created 1" if line.startswith("created") else line
                               for line in state.read_text().splitlines()) + "\n")
    desk.run("mute", "w", "2099-01-01")
    desk.run("run")
    assert receiver.posts == []
    desk.run("mute", "w", "off")
    desk.run("run")
    assert [[a["item"] for a in body["alerts"]] for body in receiver.bodies()] == [["a", "b"]]
    index(desk.data, [item("c", "A third harbour.")])
    desk.run("run")
    assert len(receiver.posts) == 1


def test_many_alerts_come_in_several_posts(desk, receiver):
    desk.hook(receiver)
    index(desk.data, [item(f"i{n}", f"harbour {n} {WORDS[n % 10]} {n * 7}") for n in range(120)])
    desk.run("run")
    assert [len(body["alerts"]) for body in receiver.bodies()] == [50, 50, 20]
    assert receiver.told() == [("new", f"i{n}") for n in range(120)]


def test_corrections_and_withdrawals_are_posted(desk, receiver):
    desk.hook(receiver)
    index(desk.data, [item("a", "A secret harbour."), item("b", "A harbour.")])
    desk.run("run")
    index(desk.data, [item("a", "A corrected harbour.", updated="2024-03-06"),
                      {"id": "b", "status": "canceled", "title": "x", "body": "x", "updated": "2024-03-06"},
                      item("c", "A harbour of one minute.")])
    index(desk.data, [{"id": "c", "status": "canceled", "title": "x", "body": "x", "updated": "2024-03-06"}])
    desk.run("run")
    last = receiver.bodies()[-1]
    assert [(a["kind"], a["item"]) for a in last["alerts"]] == [("corrected", "a"), ("withdrawn", "b")]
    assert last["alerts"][0]["hit"]["snippet"] == "A corrected harbour." and last["alerts"][1]["hit"] is None


def test_a_test_is_posted_and_not_noted(desk, receiver):
    desk.hook(receiver)
    desk.run("test", "w", "--send")
    assert receiver.bodies()[0]["test"] is True and desk.status()["deliveries"] == 0
    receiver.plan = [500]
    assert "500" in desk.run("test", "w", "--send", code=1).stderr
    assert desk.status()["failures"] == 0


def test_a_slow_receiver_does_not_keep_others_back(desk, receiver):
    other = Receiver()
    desk.hook(receiver, "--timeout", "1")
    desk.run("add", "w2", "harbour", "--webhook", other.url, "--allow-private", "yes")
    receiver.plan = ["hang"]
    index(desk.data, [item("a", "A harbour.")])
    desk.run("run", code=1)
    assert other.told() == [("new", "a")]
    other.close()


def test_the_writer_beside_a_server_tells_by_itself(desk, receiver, tmp_path):
    desk.hook(receiver)
    server = Server(desk.data, tmp_path / "stderr")
    try:
        index(desk.data, [item("a", "A harbour.")])
        until(lambda: receiver.told() == [("new", "a")])
        until(lambda: [i["_dragoman"]["item"] for i in feed(server, "json").json()["items"]] == ["a", "old"])
        until(lambda: server.metric("dragoman_watch_deliveries") == 1)
        assert server.metric("dragoman_watch_alerts") == 2 and server.metric("dragoman_watch_alerts_waiting") == 0
        receiver.plan = ["hang"]
        index(desk.data, [item("b", "Another harbour.")])
        until(lambda: len(receiver.posts) == 2)
    finally:
        server.stop()  # in the middle of a post
    desk.run("run")
    assert receiver.told() == [("new", "a"), ("new", "b")]


def items_of(server, name):
    reply = server.get(f"/v1/watch/{name}.json", params={"limit": 100})
    assert reply.status_code == 200, reply.text
    return [i["_dragoman"]["item"] for i in reply.json()["items"]][::-1]


def test_commits_that_match_nothing_write_no_state(desk, tmp_path):
    """Where a watchlist stands is written with its alerts, else once in half a minute."""
    desk.run("add", "a-none", "zebra")
    desk.run("add", "b-all", "harbour")
    state = desk.data / "watch/state/a-none.state"
    server = Server(desk.data, tmp_path / "stderr")
    try:
        until(lambda: items_of(server, "b-all") == ["old"])
        began, written = time.monotonic(), [state.stat().st_ino]
        for n in range(12):
            index(desk.data, [item(f"i{n}", f"Harbour {n} {WORDS[n % 10]} {n * 7}.")])
            until(lambda: items_of(server, "b-all")[-1] == f"i{n}")  # looked for behind the other
            if state.stat().st_ino != written[-1]:
                written.append(state.stat().st_ino)
        assert len(written) - 1 <= (time.monotonic() - began) / 30
    finally:
        server.stop()
    assert state.stat().st_ino != written[-1], "who ends writes it"
    before = state.read_text()
    desk.run("run")
    assert state.read_text() == before, "and nothing is left to look at"


def test_kills_of_the_writer_lose_no_alert_and_tell_none_twice(desk, receiver, tmp_path):
    """Whatever of its place was not written yet: what it looks at again it knows."""
    desk.hook(receiver)
    dice = random.Random(11)
    server = Server(desk.data, tmp_path / "stderr")
    count = 0
    try:
        for _ in range(int(os.environ.get("DRAGOMAN_ROUNDS", "4"))):
            for _ in range(3):
                index(desk.data, [item(f"i{count}", f"harbour {count} {WORDS[count % 10]} {dice.random()}"),
                                  item(f"n{count}", f"nothing {count} of it {dice.random()}")])
                count += 1
            threading.Event().wait(dice.random() * 0.4)
            os.kill(writer_of(server), signal.SIGKILL)
        until(lambda: len(items_of(server, "w")) == count + 1, 60)
        until(lambda: len(receiver.told()) == count, 60)
        assert items_of(server, "w") == ["old"] + [f"i{n}" for n in range(count)]
    finally:
        server.stop()
    desk.run("run")
    assert receiver.told() == [("new", f"i{n}") for n in range(count)]
    assert desk.status()["alerts"] == count + 1


def test_kills_at_any_moment_lose_no_alert(desk, receiver):
    """At least once, each alert with one id, whenever whoever looks and delivers is killed."""
    desk.hook(receiver)
    dice = random.Random(5)
    count = 0
    for _ in range(int(os.environ.get("DRAGOMAN_ROUNDS", "12"))):
        index(desk.data, [item(f"i{count + n}", f"harbour {count + n} {WORDS[n]} {dice.random()}") for n in range(5)])
        count += 5
        child = subprocess.Popen([program("DRAGOMAN", "dragoman"), "watchlist", "run", "--data", str(desk.data)],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(timeout=dice.random() * 0.12)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    desk.forget_waiting()
    desk.run("run")
    assert receiver.told() == [("new", f"i{n}") for n in range(count)]
    ids = {}
    for body in receiver.bodies():
        for alert in body["alerts"]:
            assert ids.setdefault(alert["item"], alert["id"]) == alert["id"]
    assert len(set(ids.values())) == count
