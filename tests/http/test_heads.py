# SPDX-License-Identifier: GPL-2.0-or-later
"""Heads of requests that are wrong, ambiguous or too long, over raw sockets."""

import re

import pytest

from dragomand import read_reply, request

START = b"GET /healthz HTTP/1.1\r\nHost: desk\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: desk\r\n\r\n"


def statuses(reply):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d+)", reply)]


@pytest.mark.parametrize("head, detail", [
    (START + b"Content-Length: 0\r\nContent-Length: 38\r\n\r\n" + SMUGGLED, b"more than one Content-Length"),
    (START + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde" + SMUGGLED, b"more than one Content-Length"),
    (START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, b"both"),
    (START + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED, b"both"),
    (START + b"Content-Length : 5\r\n\r\nabcde" + SMUGGLED, b"header name"),
    (START + b"Content-Length\t: 5\r\n\r\nabcde" + SMUGGLED, b"header name"),
    (START + b"X: y\r\n Content-Length: 38\r\n\r\n" + SMUGGLED, b"header name"),
    (START + b"Host: other\r\n\r\n" + SMUGGLED, b"more than one Host"),
    (b"GET /healthz HTTP/1.1\r\n\r\n" + SMUGGLED, b"no Host"),
    (b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n" + SMUGGLED, b"Host is not"),
    (b"GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, b"HTTP/1.0"),
])
def test_an_ambiguous_head_gets_one_400_and_the_end(server, head, detail):
    reply = server.send(head)
    assert statuses(reply) == [400]
    assert detail in reply and b"Connection: close" in reply
    assert b"application/problem+json" in reply


@pytest.mark.parametrize("head", [
    START + b"Content-Length: 5\r\n\r\nabcde" + SMUGGLED,
    START + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n" + SMUGGLED,
    START + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    START + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    START + b"X: y\nContent-Length: 38\r\n\r\n" + SMUGGLED,
])
def test_a_body_is_refused_and_nothing_after_it_is_read(server, head):
    reply = server.send(head)
    assert statuses(reply) == [413]
    assert b"Connection: close" in reply


def test_a_body_of_nothing_is_none(server):
    with server.connect() as s:
        s.sendall(START + b"Content-Length: 0\r\n\r\n" + request("/readyz"))
        first, rest = read_reply(s)
        second, _ = read_reply(s, rest)
    assert (first.status, second.status) == (200, 200)


@pytest.mark.parametrize("head", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /healthz\r\n\r\n",
    b"GET /healthz HTTP/9.9\r\nHost: desk\r\n\r\n",
    b"GET /healthz http/1.1\r\nHost: desk\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: desk\r\nno colon\r\n\r\n",
    b"GET /" + b"a" * 300000 + b" HTTP/1.1\r\nHost: desk\r\n\r\n",
    START + b"X: " + b"a" * 300000 + b"\r\n\r\n",
    START + b"a:b\r\n" * 20000 + b"\r\n",
    START + b"Content-Length: 5, 5\r\n\r\nabcde",
    START + b"Cookie: " + b"a=b;" * 4000 + b"\r\n\r\n",
])
def test_what_is_no_request_is_ended_and_does_no_harm(server, head):
    try:
        reply = server.send(head)
    except BrokenPipeError:  # cut before all of it was sent
        reply = b""
    assert all(400 <= status <= 505 for status in statuses(reply))
    assert server.get("/healthz").status_code == 200


def test_targets_and_headers_have_limits(server):
    def status(data):
        with server.connect() as s:
            s.sendall(data)
            reply, _ = read_reply(s)
        assert reply.headers["content-type"] == "application/problem+json"
        return reply.status

    assert status(request("/" + "a" * 16383)) == 404
    assert status(request("/" + "a" * 16384)) == 414
    assert status(request("/v1/search?q=" + "a" * 16384)) == 414
    assert status(request("/nothing", "X: " + "a" * 16300)) == 404
    assert status(request("/nothing", "X: " + "a" * 16384)) == 431
    assert status(request("/nothing", *["X: y"] * 99)) == 404
    assert status(request("/nothing", *["X: y"] * 100)) == 431


@pytest.mark.parametrize("n", [257, 1000, 4000, 8000])
def test_thousands_of_parameters_are_refused_with_an_answer(server, n):
    with server.connect() as s:
        s.sendall(request("/v1/search?" + "a&" * n))
        reply, _ = read_reply(s)
        assert reply.status == 400 and "parameters" in reply.json()["detail"]
        s.sendall(request("/healthz"))
        assert read_reply(s)[0].status == 200


@pytest.mark.parametrize("target, status", [
    ("*", 400), ("healthz", 400), ("/health z", 400), ("/healthz#x", 400), ("/healthz%", 400),
    ("/healthz%00", 400), ("/healthz%ff", 400), ("/%68ealthz", 200), ("http://desk/healthz", 200),
    ("/healthz?", 200), ("/healthz?x", 400), ("/healthz%2f", 404), ("/" + "a/" * 20, 400),
])
def test_targets_are_read_strictly(server, target, status):
    with server.connect() as s:
        s.sendall(request(target))
        assert read_reply(s)[0].status == status


def test_pipelined_requests_are_answered_in_order(server):
    with server.connect() as s:
        s.sendall(b"".join(request(f"/v1/search?q=part+{i}&limit=1") + request("/healthz") for i in range(20)))
        rest = b""
        for i in range(20):
            reply, rest = read_reply(s, rest)
            assert reply.json()["query"]["text"] == f"part {i}"
            reply, rest = read_reply(s, rest)
            assert reply.json() == {"status": "alive", "writer": "running"}


def test_http_1_0_is_answered_and_closed(server):
    reply = server.send(b"GET /v1/search?q=treaty&limit=1 HTTP/1.0\r\n\r\n")
    assert statuses(reply) == [200]
    assert b'"hits":[{' in reply


def test_each_request_has_an_id_of_its_own(server):
    ids = {server.get("/healthz").headers["X-Request-Id"] for _ in range(10)}
    assert len(ids) == 10 and all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ids)
