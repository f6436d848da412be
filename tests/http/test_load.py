# SPDX-License-Identifier: GPL-2.0-or-later
"""Many clients, slow clients, clients that go away, and stopping in the middle of it."""

import concurrent.futures
import json
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time
from urllib.parse import quote

from conftest import BIG_ID, BIG_PARAGRAPHS
from dragomand import program, read_all, read_reply, request, until

BIG = "/v1/items/" + quote(BIG_ID, safe="")


def test_a_head_that_dribbles_in_is_cut(start, archive):
    server = start(archive, "--request-age", "1", "--timeout", "30")
    with server.connect() as s:
        s.settimeout(0.1)
        s.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        began = time.monotonic()
        cut = False
        while not cut and time.monotonic() - began < 20:
            try:
                cut = s.recv(100) == b""
            except TimeoutError:
                try:
                    s.sendall(b"a")  # never silent for long
                except ConnectionError:
                    cut = True
            except ConnectionError:
                cut = True
        assert cut and time.monotonic() - began < 10
    assert until(lambda: server.metric("dragoman_connections_cut_total")) == 1


def test_a_silent_connection_is_closed(start, archive):
    server = start(archive, "--timeout", "1")
    with server.connect() as s:
        assert s.recv(100) == b""


def test_an_active_connection_outlives_the_request_age(start, archive):
    server = start(archive, "--request-age", "1")
    end = time.monotonic() + 3
    with server.connect() as s:
        while time.monotonic() < end:
            s.sendall(request("/v1/search?q=treaty"))
            assert read_reply(s)[0].status == 200


def test_one_address_has_so_many_connections(start, archive):
    server = start(archive, "--per-ip", "3")
    held = [server.connect() for _ in range(3)]
    for s in held:
        s.sendall(request("/healthz"))
        assert read_reply(s)[0].status == 200
    with server.connect() as s:
        assert read_all(s) == b""
    for s in held:
        s.close()


def ask_all(connections, path):
    """The same request on all connections at once; their replies."""
    for s in connections:
        s.sendall(request(path))
    return [read_reply(s)[0] for s in connections]


def test_too_many_at_once_are_told_to_come_back(start, archive):
    server = start(archive, "--threads", "1", "--queue", "1")
    connections = [server.connect() for _ in range(80)]
    refused, answered = [], []
    for _ in range(50):
        for reply in ask_all(connections, "/v1/search?q=ministers&limit=100&facets=region,topic"):
            assert reply.status in (200, 503)
            (answered if reply.status == 200 else refused).append(reply)
        if refused:
            break
    assert refused and answered
    for reply in refused:
        assert int(reply.headers["retry-after"]) >= 1
        assert reply.json()["status"] == 503
    assert server.metric("dragoman_queue_full_total") == len(refused)
    assert server.get("/healthz").status_code == 200
    for s in connections:
        s.close()


def test_clients_that_go_away_leave_nothing_behind(start, archive):
    server = start(archive, "--threads", "1")
    for i in range(300):
        s = server.connect()
        s.sendall(request("/v1/search?q=ministers&limit=100"))
        if i % 2:  # with a reset, else in order
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    until(lambda: server.metric("dragoman_http_connections ") == 1)
    assert server.metric("dragoman_queue_depth ") == 0
    assert server.search(q="treaty")["total"]["value"] == 30


def hammer(server, worker):
    """Fifteen connections, twenty rounds of three pipelined requests on each; some are thrown away."""
    count = 0
    connections = [server.connect() for _ in range(15)]
    for round_ in range(20):
        for i, s in enumerate(connections):
            s.sendall(request(f"/v1/search?q=ministers+{worker}&limit=2") + request("/healthz") +
                      request(f"/v1/items/item-{(round_ * 15 + i) % 120:03}"))
        for i, s in enumerate(connections):
            if (round_ * 15 + i) % 50 == 49:
                s.close()
                connections[i] = server.connect()
                continue
            rest = b""
            for key in ("hits", "status", "id"):
                reply, rest = read_reply(s, rest)
                assert reply.status == 200 and key in reply.json()
                count += 1
    for s in connections:
        s.close()
    return count


def test_a_hundred_and_fifty_connections_all_get_their_replies(start, archive):
    server = start(archive, "--queue", "1000", "--queue-ms", "60000", "--threads", "4")
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        counts = list(pool.map(lambda worker: hammer(server, worker), range(10)))
    assert counts == [3 * (300 - 6)] * 10
    until(lambda: server.metric("dragoman_http_connections ") == 1)


# ---- Stopping ----

def wait_for_end(server, seconds):
    began = time.monotonic()
    assert server.process.wait(timeout=20) == 0, server.said()
    assert time.monotonic() - began < seconds


def test_a_reply_under_way_is_finished_when_stopping(start, archive):
    server = start(archive)
    with server.connect(receive_buffer=4096) as s:
        s.sendall(request(BIG))
        first = s.recv(4096)
        assert first.startswith(b"HTTP/1.1 200")
        server.process.send_signal(signal.SIGTERM)
        # It does not take new connections any more: so it is stopping.
        def refused():
            try:
                server.connect().close()
                return False
            except ConnectionError:
                return True
        until(refused)
        reply, rest = read_reply(s, first)
        assert len(reply.json()["body"]) == BIG_PARAGRAPHS
        assert rest == b"" and s.recv(10) == b""
    wait_for_end(server, 5)


def test_requests_that_have_arrived_are_answered_when_stopping(start, archive):
    server = start(archive, "--threads", "1", "--queue", "1000", "--queue-ms", "60000")
    connections = [server.connect() for _ in range(100)]
    assert {reply.status for reply in ask_all(connections, "/v1/search?q=treaty")} == {200}
    for s in connections:
        s.sendall(request("/v1/search?q=ministers&limit=100&facets=region,topic"))
    server.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    statuses = []
    for s in connections:
        reply, rest = read_reply(s)
        assert reply, "closed without an answer"
        statuses.append(reply.status)
        json.loads(reply.body)
        assert rest == b"" and s.recv(10) == b""
        s.close()
    assert set(statuses) <= {200, 503} and 200 in statuses
    wait_for_end(server, 5 - (time.monotonic() - began))


def test_idle_and_half_said_connections_do_not_hold_up_the_end(start, archive):
    server = start(archive)
    idle, half, unread = server.connect(), server.connect(), server.connect(receive_buffer=4096)
    idle.sendall(request("/healthz"))
    assert read_reply(idle)[0].status == 200
    half.sendall(b"GET /v1/search?q=tre")
    unread.sendall(request(BIG))
    assert unread.recv(10)
    server.process.send_signal(signal.SIGINT)
    wait_for_end(server, 5)
    for s in (idle, half, unread):
        s.close()


# ---- The benchmark, whose figures are only good if it says what was answered


def bench(port, queries, *parameters):
    tool = pathlib.Path(program("DRAGOMAND", "dragomand")).parent / "tests/bench/bench_http"
    done = subprocess.run([tool, str(port), queries, "2", "0.3", *parameters], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    return json.loads(done.stdout), done.stderr


def test_the_benchmark_says_which_statuses_it_saw(start, archive, tmp_path):
    server = start(archive)
    queries = tmp_path / "queries"
    queries.write_text("treaty\nborder\n")
    told, said = bench(server.port, queries)
    assert told["failed"] == 0 and told["statuses"] == {} and told["requests"] > 0 and said == ""
    told, said = bench(server.port, queries, "limit=0")
    assert told["statuses"] == {"400": told["failed"]} and told["failed"] == told["requests"] > 0
    assert "/v1/search?q=treaty&limit=0 " in said and "HTTP/1.1 400" in said and '"limit"' in said


def test_the_benchmark_counts_connections_that_end_without_a_reply(tmp_path):
    queries = tmp_path / "queries"
    queries.write_text("treaty\n")

    def close_all(listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(100)
            client.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=close_all, args=(listener,), daemon=True).start()
        told, said = bench(listener.getsockname()[1], queries)
        listener.shutdown(socket.SHUT_RDWR)
    assert told["statuses"] == {"none": told["failed"]} and told["failed"] == told["requests"] > 0
    assert "no reply: closed" in said
