# SPDX-License-Identifier: GPL-2.0-or-later
"""Bodies of requests: what is taken, what is refused, and that refusals are heard. Uses the one route that
takes a body and writes nothing."""

import hashlib
import hmac
import re

import pytest
import requests

from dragomand import read_all, read_reply, request, until

TOKEN = "a token of the test"
LIMIT = 100000


def sign(body, token=TOKEN):
    return "sha1=" + hmac.new(token.encode(), body, hashlib.sha1).hexdigest()


def head(*lines, path="/push_binary"):
    return request(path, *lines, method="POST")


def signed(body):
    return f"x-superdesk-signature: {sign(body)}"


@pytest.fixture(scope="module")
def pushed(archive, tmp_path_factory):
    from dragomand import Server
    one = Server(archive, tmp_path_factory.mktemp("bodies") / "stderr", "--push-token", TOKEN,
                 "--bulk-bytes", str(LIMIT), "--request-age", "2")
    yield one
    one.stop()


def test_a_body_is_taken_and_the_connection_goes_on(pushed):
    body = b"\x00\xff binary" * 5000
    with pushed.connect() as s:
        s.sendall(head(signed(body), f"Content-Length: {len(body)}") + body + request("/healthz"))
        first, rest = read_reply(s)
        second, _ = read_reply(s, rest)
    assert (first.status, first.json()) == (201, {"status": "OK"})
    assert second.status == 200


def test_chunks_are_taken_and_the_connection_is_closed(pushed):
    body = b"a" * 3000 + b"b" * 50000
    chunks = b"BB8\r\n" + body[:3000] + b"\r\nc350\r\n" + body[3000:] + b"\r\n0\r\n\r\n"
    reply = pushed.send(head(signed(body), "Transfer-Encoding: chunked") + chunks + request("/healthz"))
    assert re.findall(rb"HTTP/1\.1 (\d+)", reply) == [b"201"]
    assert b"Connection: close" in reply


def test_one_byte_at_a_time_is_taken(pushed):
    body = b"slowly but steadily"
    with pushed.connect() as s:
        s.sendall(head(signed(body), f"Content-Length: {len(body)}"))
        for i in range(len(body)):
            s.sendall(body[i:i + 1])
        assert read_reply(s)[0].status == 201


def test_a_client_that_waits_for_leave_gets_it(pushed):
    body = b"wanted"
    with pushed.connect() as s:
        s.sendall(head(signed(body), f"Content-Length: {len(body)}", "Expect: 100-continue"))
        assert s.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        s.sendall(body)
        assert read_reply(s)[0].status == 201


def test_a_client_that_waits_for_leave_is_refused_before_it_sends(pushed):
    reply = pushed.send(head(signed(b""), f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"))
    assert reply.startswith(b"HTTP/1.1 413 ") and b"Connection: close" in reply and b"100 Continue" not in reply


def test_a_body_up_to_the_limit_is_taken_and_one_byte_more_is_413(pushed):
    for size, status in ((LIMIT, 201), (LIMIT + 1, 413)):
        body = b"x" * size
        with pushed.connect() as s:
            s.sendall(head(signed(body), f"Content-Length: {size}") + body + request("/healthz"))
            reply, rest = read_reply(s)
            assert reply.status == status
            assert read_reply(s, rest)[0].status == 200  # it was read to its end


def test_chunks_over_the_limit_are_413_once_they_end(pushed):
    body = b"x" * (LIMIT + 1)
    chunks = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    reply = pushed.send(head(signed(body), "Transfer-Encoding: chunked") + chunks)
    assert reply.startswith(b"HTTP/1.1 413 ")


def test_endless_chunks_are_cut(pushed):
    with pushed.connect() as s:
        s.sendall(head(signed(b""), "Transfer-Encoding: chunked"))
        with pytest.raises(OSError):
            for _ in range(1000):
                s.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    assert pushed.get("/healthz").status_code == 200


@pytest.mark.parametrize("lines, status", [
    ([], 411),
    (["Transfer-Encoding: gzip"], 501),
    (["Transfer-Encoding: gzip, chunked"], 501),
    (["Content-Length: 3", "Content-Encoding: br"], 415),
    (["Content-Length: 3", "Content-Length: 3"], 400),
    (["Content-Length: 3", "Transfer-Encoding: chunked"], 400),
    (["Content-Length: 99999999999999999"], 413),
])
def test_heads_that_lead_nowhere(pushed, lines, status):
    with pushed.connect() as s:
        s.sendall(head(signed(b"abc"), *lines) + b"abc")
        reply, _ = read_reply(s)
    assert reply.status == status and reply.json()["status"] == status


def test_a_refusal_is_heard_after_megabytes(pushed):
    for path, status in (("/v1/nothing/here", 404), ("/readyz", 405), ("/push_binary", 413)):
        reply = requests.post(pushed.url + path, data=b"x" * (8 << 20), timeout=30,
                              headers={"x-superdesk-signature": "sha1=0"})
        assert reply.status_code == status, path


def test_a_body_that_ends_early_takes_nothing(pushed):
    before = pushed.metric("dragoman_requests_aborted_total")
    with pushed.connect() as s:
        s.sendall(head(signed(b"abc"), "Content-Length: 1000") + b"abc")
    until(lambda: pushed.metric("dragoman_requests_aborted_total") > before)


def test_a_body_that_trickles_is_cut(pushed):
    before = pushed.metric("dragoman_connections_cut_total")
    with pushed.connect() as s:
        s.sendall(head(signed(b"abc"), "Content-Length: 1000") + b"a")
        assert read_all(s) == b""
    assert pushed.metric("dragoman_connections_cut_total") == before + 1


def test_a_signature_must_be_that_of_the_body(pushed):
    def post(body, **headers):
        return requests.post(pushed.url + "/push_binary", data=body, headers=headers, timeout=30)

    for name in ("x-superdesk-signature", "x-publisher-signature"):
        assert post(b"abc", **{name: sign(b"abc")}).status_code == 201
    for wrong in (sign(b"abd"), sign(b"abc", "another"), sign(b"abc")[5:], sign(b"abc")[:-1], sign(b"abc") + "0",
                  "sha256=" + sign(b"abc")[5:], "sha1=", "x"):
        assert post(b"abc", **{"x-superdesk-signature": wrong}).status_code == 403, wrong
    assert post(b"abc").status_code == 403


def test_without_a_token_pushing_is_off(server):
    for reply in (requests.post(server.url + "/push_binary", data=b"abc", timeout=30,
                                headers={"x-superdesk-signature": sign(b"abc", "")}),
                  server.get("/push_binary/one")):
        assert reply.status_code == 403 and "push-token" in reply.json()["detail"]


def test_binaries_are_said_to_be_here(pushed):
    assert pushed.get("/push_binary/some-picture").status_code == 200
