# SPDX-License-Identifier: GPL-2.0-or-later
"""Writing over HTTP: keys, single items, bulk, withdrawing, and an archive that cannot be written."""

import fcntl
import gzip
import hashlib
import hmac
import json
import os
import resource
import signal
import subprocess
import threading

import pytest
import requests

from dragomand import Server, program, read_reply, request, until
from test_contract import check_problem

KEY = "a key for the desk 1234".replace(" ", "-")
OTHER = "another-key-of-the-test"
TOKEN = "something random"
JSON = "application/json"
NDJSON = "application/x-ndjson"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    data = tmp_path_factory.mktemp("written") / "data"
    data.mkdir()
    one = Server(data, data.parent / "stderr", "--write-key", f"desk {KEY}", "--write-key", f"wire {OTHER}",
                 "--push-token", TOKEN, "--item-bytes", "1000000", "--bulk-bytes", "20000000",
                 "--wait-ms", "50000")
    one.data = data
    yield one
    one.stop()


def post(server, path, body, kind=JSON, key=KEY, **headers):
    headers = {"Content-Type": kind, **({"Authorization": "Bearer " + key} if key else {}), **headers}
    return requests.post(server.url + path, data=body, headers=headers, timeout=60)


def put(server, item, query="", **more):
    return post(server, "/v1/items" + query, json.dumps(item), **more)


def delete(server, id_, query="", key=KEY):
    return requests.delete(server.url + "/v1/items/" + id_ + query, headers={"X-API-Key": key}, timeout=60)


def item(id_, title="Harbour news", **more):
    return {"id": id_, "title": title, "body": f"What {id_} has to say.", "published": "2024-05-06", **more}


def lines(*items):
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in items)


def records(data):
    """{id: how many records} of the archive."""
    found = {}
    for path in sorted((data / "archive").glob("*.ndjson")):
        for line in path.read_bytes().splitlines():
            one = json.loads(line)["id"]
            found[one] = found.get(one, 0) + 1
    return found


# ---- Keys ----

def test_writing_is_off_without_a_key(server):
    for reply in (put(server, item("x")), delete(server, "item-001"), post(server, "/v1/items/delete?q=treaty", "")):
        detail = check_problem(reply, 403)["detail"]
        assert "write-key" in detail and "dragomand(8)" in detail
    assert server.get("/v1/items/item-001").status_code == 200


def test_a_key_is_needed_and_may_come_in_three_ways(desk):
    body = json.dumps(item("keyed"))
    for headers in ({"Authorization": "Bearer " + KEY}, {"Authorization": KEY}, {"X-API-Key": OTHER},
                    {"Authorization": "bearer " + OTHER}, {"Authorization": "Token " + KEY}):
        reply = post(desk, "/v1/items", body, key=None, **headers)
        assert reply.status_code in (200, 201), headers
    for headers in ({}, {"Authorization": "Bearer " + KEY[:-1]}, {"Authorization": "Bearer " + KEY + "x"},
                    {"Authorization": "Bearer "}, {"X-API-Key": "desk"}, {"Authorization": "Basic " + KEY}):
        reply = post(desk, "/v1/items", body, key=None, **headers)
        check_problem(reply, 401)
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_keys_are_read_from_a_file_and_again_on_sighup(start, tmp_path):
    data, keys, log = tmp_path / "data", tmp_path / "keys", tmp_path / "access.log"
    data.mkdir()
    keys.write_text(f"# of the desk\ndesk  {KEY}\n\n")
    keys.chmod(0o600)
    server = start(data, "--write-keys", str(keys), "--access-log", str(log))
    assert put(server, item("a")).status_code == 201
    assert put(server, item("b"), key=OTHER).status_code == 401
    keys.write_text(f"wire {OTHER}\n")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: put(server, item("b"), key=OTHER).status_code != 401)
    assert put(server, item("a")).status_code == 401
    keys.write_text("wire short\n")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "less than 16" in server.said())
    assert put(server, item("b"), key=OTHER).status_code == 200  # the old ones stay
    server.stop()
    text = log.read_text()
    assert '"by":"desk"' in text and '"by":"wire"' in text
    assert KEY not in text + server.said() and OTHER not in text + server.said()


def refused_to_start(*words):
    done = subprocess.run([program("DRAGOMAND", "dragomand"), "--listen", "127.0.0.1:0", *map(str, words)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 2 and done.stdout == b"", done
    return done.stderr.decode()


def test_a_file_of_secrets_that_others_can_read_is_refused(tmp_path):
    keys, config = tmp_path / "keys", tmp_path / "config.ini"
    for mode in (0o604, 0o602, 0o620, 0o644):
        keys.write_text(f"desk {KEY}\n")
        keys.chmod(mode)
        assert "chmod 600" in refused_to_start("--data", tmp_path, "--write-keys", keys)
        config.write_text(f"push-token = {TOKEN}\n")
        config.chmod(mode)
        assert "chmod 600" in refused_to_start("--data", tmp_path, "--config", config)
    keys.chmod(0o640)
    keys.write_text(f"desk {KEY}\nnothing-but-a-name\n")
    said = refused_to_start("--data", tmp_path, "--write-keys", keys)
    assert "line 2" in said and KEY not in said


# ---- One item ----

def test_an_item_is_added_replaced_and_left_unchanged(desk):
    reply = put(desk, item("one"), "?wait=searchable")
    assert (reply.status_code, reply.json()) == (201, {"id": "one", "status": 201, "outcome": "added", "searchable": True})
    assert desk.search(q='"What one has to say"')["hits"][0]["id"] == "one"
    reply = put(desk, item("one"))
    assert (reply.status_code, reply.json()) == (200, {"id": "one", "status": 200, "outcome": "unchanged"})
    reply = put(desk, item("one", "Harbour news, corrected", updated="2024-05-07"), "?wait=searchable")
    assert (reply.status_code, reply.json()["outcome"]) == (200, "replaced")
    assert desk.get("/v1/items/one").json()["title"] == "Harbour news, corrected"
    reply = put(desk, item("one", "Harbour news, from before", updated="2024-05-05"))
    assert (reply.status_code, reply.json()["outcome"]) == (200, "older")


def test_who_waits_too_long_is_told_so(start, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    server = start(data, "--write-key", f"desk {KEY}", "--writer", "off", "--wait-ms", "100")
    reply = put(server, item("late"), "?wait=searchable")
    assert (reply.status_code, reply.json()) == (202, {"id": "late", "status": 201, "outcome": "added", "searchable": False})
    assert post(server, "/v1/items?wait=searchable", lines(item("later")), NDJSON).status_code == 202
    assert records(data) == {"late": 1, "later": 1}


def test_what_is_in_the_reply_is_in_the_archive(desk):
    for i in range(20):
        assert put(desk, item(f"durable-{i}")).status_code == 201
        assert records(desk.data)[f"durable-{i}"] == 1


@pytest.mark.parametrize("body, kind", [
    ('{"id": "x", "title": ', JSON), ("words", JSON), ("{broken", JSON), ("{}", JSON), ('"text"', JSON), ("[1]", JSON),
    ("[" * 100 + "]" * 100, JSON), ("[]", JSON), ('{"a":' * 5000 + "1" + "}" * 5000, JSON),
    ('{"id": "x", "title": "\\ud800"}', JSON), (b"\xff\xfe\x00", JSON), ("<rss><channel>", "application/rss+xml"),
])
def test_what_cannot_be_read_is_400_with_a_reason(desk, body, kind):
    check_problem(post(desk, "/v1/items", body, kind), 400)


def test_rejected_bytes_are_kept(desk):
    post(desk, "/v1/items", '{"id": "kept for later", ', JSON)
    listed = (desk.data / "rejects" / "rejects.ndjson").read_text().splitlines()
    kept = [json.loads(line)["kept"] for line in listed]
    assert any((desk.data / "rejects" / name).read_bytes() == b'{"id": "kept for later",' for name in kept)


@pytest.mark.parametrize("path, body, kind, status", [
    ("/v1/items", b"", JSON, 400),
    ("/v1/items?wait=later", b"{}", JSON, 400),
    ("/v1/items?colour=red", b"{}", JSON, 400),
    ("/v1/items", b"{}", "application/x-www-form-urlencoded", 415),
    ("/v1/items", b"{}", "", 415),
    ("/v1/items", b" " * 1000001, JSON, 413),
])
def test_requests_that_are_wrong(desk, path, body, kind, status):
    check_problem(post(desk, path, body, kind), status, "wait" if "wait" in path else "colour" if "colour" in path else None)


def test_other_formats_are_taken_by_their_type(desk):
    feed = """<rss version="2.0"><channel><title>T</title>
      <item><guid>feed-1</guid><title>First</title><description>One.</description></item>
      <item><guid>feed-2</guid><title>Second</title><description>Two.</description></item></channel></rss>"""
    for kind in ("application/rss+xml", "text/xml; charset=utf-8", "application/octet-stream"):
        reply = post(desk, "/v1/items", feed, kind)
        assert reply.status_code == 207
        assert [one["id"] for one in reply.json()] == ["feed-1", "feed-2"]
    reply = post(desk, "/v1/items", "Words of a ministry\n\nThey said so.", "text/plain")
    assert reply.status_code == 201 and reply.json()["id"].startswith("sha256-")
    ninjs = {"uri": "urn:ninjs:1", "type": "text", "headline": "Head", "body_text": "Text.", "versioncreated": "2024-01-01T00:00:00Z"}
    assert post(desk, "/v1/items", json.dumps(ninjs)).json()["id"] == "urn:ninjs:1"


# ---- Packed ----

def test_packed_bodies_are_unpacked(desk, tmp_path):
    body = json.dumps(item("packed")).encode()
    plain = tmp_path / "plain"
    plain.write_bytes(json.dumps(item("packed-2")).encode())
    zstd = subprocess.run(["zstd", "-q", "-c", str(plain)], stdout=subprocess.PIPE, check=True).stdout
    assert post(desk, "/v1/items", gzip.compress(body), **{"Content-Encoding": "gzip"}).json()["id"] == "packed"
    assert post(desk, "/v1/items", zstd, **{"Content-Encoding": "zstd"}).json()["id"] == "packed-2"
    halves = gzip.compress(body[:9]) + gzip.compress(body[9:])
    assert post(desk, "/v1/items", halves, **{"Content-Encoding": "x-gzip"}).json()["outcome"] == "unchanged"
    check_problem(post(desk, "/v1/items", body, **{"Content-Encoding": "gzip"}), 400)
    check_problem(post(desk, "/v1/items", gzip.compress(body)[:-9], **{"Content-Encoding": "gzip"}), 400)
    check_problem(post(desk, "/v1/items", body, **{"Content-Encoding": "br"}), 415)


def test_a_bomb_is_413_and_costs_little(desk):
    bomb = gzip.compress(b" " * 50000000)
    check_problem(post(desk, "/v1/items", bomb, **{"Content-Encoding": "gzip"}), 413)
    got = post(desk, "/v1/items", bomb, NDJSON, **{"Content-Encoding": "gzip"}).json()
    assert got[-1]["status"] == 413 and len(got) == 1
    assert desk.metric("process_resident_memory_bytes") < 400e6


# ---- Bulk ----

def test_each_line_of_a_bulk_has_its_status(desk):
    body = lines(item("bulk-1"), "", "not json", item("bulk-2"), '{"id": "cut"', item("bulk-1"), "{}", "[]",
                 item("bulk-1", "Newer", updated="2025-01-01")) + json.dumps(item("bulk-3"))
    reply = post(desk, "/v1/items", body, NDJSON)
    assert reply.status_code == 207 and reply.headers["Content-Type"] == JSON
    got = reply.json()
    assert [(one["line"], one["status"], one["outcome"]) for one in got] == [
        (1, 201, "added"), (3, 400, "rejected"), (4, 201, "added"), (5, 400, "rejected"), (6, 200, "unchanged"),
        (7, 400, "rejected"), (8, 400, "rejected"), (9, 200, "replaced"), (10, 201, "added")]
    assert [one["id"] for one in got if one["id"]] == ["bulk-1", "bulk-2", "bulk-1", "bulk-1", "bulk-3"]
    assert all(one["reason"] for one in got if one["status"] == 400)


def test_results_come_as_lines_when_asked(desk):
    reply = post(desk, "/v1/items", lines(item("as-lines"), "no"), NDJSON, Accept=NDJSON)
    assert reply.status_code == 207 and reply.headers["Content-Type"] == NDJSON
    got = [json.loads(line) for line in reply.text.splitlines()]
    assert [one["status"] for one in got] == [201, 400]


def test_a_long_bulk_is_answered_in_order_from_a_file(desk):
    n = 5000
    reply = post(desk, "/v1/items?wait=searchable", lines(*(item(f"long-{i}", "x" * 300) for i in range(n))), NDJSON)
    assert reply.status_code in (207, 202)
    got = reply.json()
    assert [one["line"] for one in got] == list(range(1, n + 1))
    assert [one["id"] for one in got] == [f"long-{i}" for i in range(n)]
    assert len(reply.content) > 256 << 10


def test_a_line_that_is_too_long_costs_only_itself(desk):
    body = lines(item("before-long"), '{"title": "' + "x" * 1000000 + '"}', item("after-long"))
    got = post(desk, "/v1/items", body, NDJSON).json()
    assert [one["status"] for one in got] == [201, 413, 201]


def test_an_empty_bulk_has_no_results(desk):
    assert post(desk, "/v1/items", "\n\n", NDJSON).json() == []
    assert post(desk, "/v1/items", "\n\n", NDJSON, Accept=NDJSON).text == ""


# ---- Many at a time ----

def test_what_many_send_at_once_is_there_once(desk):
    outcomes, faults = [], []

    def send(offset):
        try:
            with requests.Session() as session:
                for i in range(40):
                    reply = session.post(desk.url + "/v1/items", data=json.dumps(item(f"many-{(i + offset) % 40}")),
                                         headers={"X-API-Key": KEY, "Content-Type": JSON}, timeout=60)
                    outcomes.append(reply.json()["outcome"])
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=send, args=(5 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert outcomes.count("added") == 40 and outcomes.count("unchanged") == 280
    there = records(desk.data)
    assert all(there[f"many-{i}"] == 1 for i in range(40))
    assert desk.metric("dragoman_fsync_duration_seconds_count") > 0


def test_a_kill_loses_nothing_that_was_answered(start, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    server = start(data, "--write-key", f"desk {KEY}")
    taken, stop = [], threading.Event()

    def send(n):
        i = 0
        try:
            while not stop.is_set():
                if put(server, item(f"kill-{n}-{i}")).status_code == 201:
                    taken.append(f"kill-{n}-{i}")
                i += 1
        except requests.RequestException:
            pass

    threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(taken) > 30)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    stop.set()
    for thread in threads:
        thread.join()
    server.stop = server.process.stdout.close  # it has ended already
    again = start(data, "--write-key", f"desk {KEY}")
    assert put(again, item("after"), "?wait=searchable").status_code == 201
    there = records(data)
    assert all(there[one] == 1 for one in taken)
    assert all(again.get("/v1/items/" + one).status_code == 200 for one in taken)


# ---- Withdrawing ----

def test_an_item_is_withdrawn(desk):
    put(desk, item("to-go", "Going soon"), "?wait=searchable")
    assert desk.search(q='"Going soon"')["total"]["value"] == 1
    reply = delete(desk, "to-go", "?wait=searchable")
    assert (reply.status_code, reply.json()) == (200, {"id": "to-go", "status": 200, "outcome": "canceled", "searchable": True})
    check_problem(desk.get("/v1/items/to-go"), 410, "id")
    assert desk.search(q='"Going soon"')["total"]["value"] == 0
    reply = delete(desk, "to-go")
    assert (reply.status_code, reply.json()["outcome"]) == (200, "unchanged")
    assert put(desk, item("to-go", "Going soon")).json()["outcome"] in ("older", "unchanged")
    check_problem(delete(desk, "never-there"), 404)


def test_a_search_is_withdrawn_in_two_steps(desk):
    post(desk, "/v1/items?wait=searchable", lines(*(item(f"erase-{i}", "Zeppelin moored", region="Peru" if i % 2 else "Chile")
                                                    for i in range(12))), NDJSON)
    path = "/v1/items/delete?q=zeppelin&region=Peru"
    first = post(desk, path, "").json()
    assert set(first) == {"matches", "revision", "parsed", "confirm", "sample", "warnings"}
    assert first["matches"] == 6 and first["warnings"] == [] and len(first["sample"]) == 6
    assert desk.search(q="zeppelin")["total"]["value"] == 12  # nothing has happened yet
    check_problem(post(desk, path + "&confirm=" + "0" * 64, ""), 409, "confirm")
    check_problem(post(desk, "/v1/items/delete?q=zeppelin&confirm=" + first["confirm"], ""), 409, "confirm")
    put(desk, item("erase-99", "Zeppelin moored", region="Peru"), "?wait=searchable")
    check_problem(post(desk, path + "&confirm=" + first["confirm"], ""), 409, "confirm")  # there is one more now
    again = post(desk, path, "").json()
    assert again["matches"] == 7
    put(desk, item("something-else"), "?wait=searchable")  # changes nothing about what is found
    done = post(desk, path + "&confirm=" + again["confirm"], "")
    assert done.status_code == 207
    assert sorted(one["id"] for one in done.json()) == sorted(["erase-99"] + [f"erase-{i}" for i in range(1, 12, 2)])
    assert {one["outcome"] for one in done.json()} == {"canceled"}
    until(lambda: desk.search(q="zeppelin")["total"]["value"] == 6)
    check_problem(post(desk, path + "&confirm=" + again["confirm"], ""), 409, "confirm")
    none = post(desk, path, "").json()
    assert (none["matches"], none["confirm"]) == (0, None)


@pytest.mark.parametrize("query, name", [("", "q"), ("?q=", "q"), ("?match=any", "q"), ("?q=a&limit=1", "limit"),
                                         ("?q=a&sort=newest", "sort"), ("?q=a&cursor=x", "cursor"), ("?q=a&x=1", "x"),
                                         ("?q=a&q=b", "q"), ("?q=a&confirm=1&confirm=1", "confirm"),
                                         ("?q=date:2021-02-31", "q")])
def test_what_is_to_be_withdrawn_must_be_said(desk, query, name):
    check_problem(post(desk, "/v1/items/delete" + query, ""), 400, name)


def test_items_that_lack_a_word_are_not_withdrawn(desk):
    post(desk, "/v1/items?wait=searchable", lines(item("strict-1", "Marble quarry"), item("strict-2", "Marble statue")), NDJSON)
    page = desk.search(q="marble quarry")
    assert [hit["id"] for hit in page["hits"]] == ["strict-1", "strict-2"] and page["hits"][1]["relaxed"]
    assert post(desk, "/v1/items/delete?q=marble+quarry", "").json()["matches"] == 1


# ---- Superdesk ----

def sign(body):
    return {"x-superdesk-signature": "sha1=" + hmac.new(TOKEN.encode(), body, hashlib.sha1).hexdigest()}


def push(server, body, path="/push", **headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(server.url + path, data=body, headers={"Content-Type": JSON, **sign(body), **headers}, timeout=60)


STORY = {"guid": "urn:newsml:desk:1", "type": "text", "version": "1", "headline": "Tariffs on grain fall",
         "body_html": "<p>The ministers agreed.</p>", "versioncreated": "2024-05-06T10:00:00+0000", "pubstatus": "usable"}


def test_the_vector_of_superdesk_is_taken(desk):
    body = b'{"guid": "foo", "type": "text"}'
    signature = {"x-superdesk-signature": "sha1=e33358b1e75b6dd07371ca2ad631b2ba1484d0ee"}
    for path, status, answer in (("/push", 200, {}), ("/api/v2/content/push", 201, {"status": "OK"})):
        reply = requests.post(desk.url + path, data=body, headers={"Content-Type": JSON, **signature}, timeout=60)
        assert (reply.status_code, reply.json()) == (status, answer)


def test_a_story_is_pushed_corrected_and_killed(desk):
    assert push(desk, STORY).status_code == 200
    assert push(desk, STORY).status_code == 200  # sent again
    until(lambda: desk.get("/v1/items/urn:newsml:desk:1").status_code == 200)
    newer = {**STORY, "version": "2", "headline": "Tariffs on grain rise", "versioncreated": "2024-05-06T11:00:00+0000"}
    assert push(desk, newer, "/api/v2/content/push").status_code == 201
    until(lambda: desk.get("/v1/items/urn:newsml:desk:1").json()["title"] == "Tariffs on grain rise")
    kill = {**newer, "version": "3", "pubstatus": "canceled", "versioncreated": "2024-05-06T12:00:00+0000"}
    assert push(desk, kill).status_code == 200
    until(lambda: desk.get("/v1/items/urn:newsml:desk:1").status_code == 410)
    assert push(desk, STORY).status_code == 200  # late
    assert records(desk.data)["urn:newsml:desk:1"] == 3


def test_a_bad_signature_is_refused_before_anything_is_read(desk):
    before = records(desk.data)
    for path, status in (("/push", 403), ("/api/v2/content/push", 401)):
        for body in (json.dumps({**STORY, "guid": "forged"}).encode(), b"not json"):
            for signature in ({"x-superdesk-signature": "sha1=" + "0" * 40}, {}, {"x-superdesk-signature": "junk"}):
                reply = requests.post(desk.url + path, data=body, headers={"Content-Type": JSON, **signature}, timeout=60)
                check_problem(reply, status)
    assert records(desk.data) == before


def test_what_is_not_text_is_skipped(desk):
    before = desk.metric('dragoman_pushed_items_total{result="skipped"}')
    for kind in ("picture", "video", "audio", "graphic", "composite", "event", "planning"):
        assert push(desk, {**STORY, "guid": kind, "type": kind}).status_code == 200
    assert desk.metric('dragoman_pushed_items_total{result="skipped"}') == before + 7
    assert "picture" not in records(desk.data)


@pytest.mark.parametrize("body", [b"not json", b"[]", b"{}", b'{"guid": "a"}', b'{"type": "text"}', b'{"guid": "a", "type": "text"',
                                  b'{"a":' * 2000 + b"1" + b"}" * 2000, b""])
def test_a_push_that_is_malformed_is_400(desk, body):
    check_problem(push(desk, body), 400)


# ---- An archive that cannot be written ----

@pytest.fixture
def own_desk(own_archive, start):
    server = start(own_archive, "--write-key", f"desk {KEY}", "--push-token", TOKEN, "--accept-queue", "2")
    assert put(server, item("first")).status_code == 201
    return server


def test_a_full_disk_is_507_and_passes(own_desk, own_archive):
    """The limit of a process on the size of its files stands for the disk's."""
    size = max(path.stat().st_size for path in (own_archive / "archive").glob("*.ndjson"))
    limits = resource.prlimit(own_desk.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(own_desk.process.pid, resource.RLIMIT_FSIZE, (size + 10, limits[1]))
    for _ in range(2):
        reply = put(own_desk, item("no-room"))
        check_problem(reply, 507)
        assert reply.headers["Retry-After"]
    got = post(own_desk, "/v1/items", lines(item("no-room"), item("no-room-2")), NDJSON).json()
    assert got[-1]["status"] == 507 and all(one["status"] >= 500 for one in got)
    assert own_desk.search(q="treaty")["total"]["value"] == 30
    assert own_desk.metric("dragoman_archive_writable") == 0
    resource.prlimit(own_desk.process.pid, resource.RLIMIT_FSIZE, limits)
    assert put(own_desk, item("no-room")).status_code == 201
    assert own_desk.metric("dragoman_archive_writable") == 1
    assert records(own_archive)["no-room"] == 1 and "no-room-2" not in records(own_archive)


def test_a_busy_archive_is_503_and_never_429(own_desk, own_archive):
    replies = []

    def send(n):
        replies.append(push(own_desk, {**STORY, "guid": f"busy-{n}"}))

    lock = os.open(own_archive / "archive" / "lock", os.O_RDWR)
    fcntl.lockf(lock, fcntl.LOCK_EX)
    try:
        threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        until(lambda: len(replies) >= 4)  # two wait, the others are refused
        assert own_desk.search(q="treaty")["total"]["value"] == 30
    finally:
        os.close(lock)
    for thread in threads:
        thread.join()
    refused = [reply for reply in replies if reply.status_code != 200]
    assert len(refused) >= 4 and {reply.status_code for reply in refused} == {503}
    assert all(reply.headers["Retry-After"] for reply in refused)
    assert own_desk.metric("dragoman_accept_queue_full_total") >= 4
    for n in range(6):
        assert push(own_desk, {**STORY, "guid": f"busy-{n}"}).status_code == 200
    assert all(records(own_archive)[f"busy-{n}"] == 1 for n in range(6))


def test_stopping_answers_those_who_wait(start, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    server = start(data, "--write-key", f"desk {KEY}")
    body = lines(*(item(f"stop-{i}", "x" * 2000) for i in range(20000))).encode()
    with server.connect() as s:
        s.sendall(request("/v1/items", f"X-API-Key: {KEY}", f"Content-Type: {NDJSON}", f"Content-Length: {len(body)}",
                          method="POST") + body)
        until(lambda: server.metric("dragoman_accept_queue_depth") == 1)
        server.process.send_signal(signal.SIGTERM)
        reply, _ = read_reply(s)
    server.stop()
    assert reply.status == 207
    got = reply.json()
    taken = [one["id"] for one in got if one["status"] == 201]
    assert len(taken) == 20000 or (got[-1]["status"] == 503 and "stopping" in got[-1]["reason"])
    assert records(data) == {one: 1 for one in taken}
