# SPDX-License-Identifier: GPL-2.0-or-later
"""A server of our own for a test, and the raw sockets that go with it. Depends on nothing else here."""

import json
import os
import pathlib
import re
import selectors
import signal
import socket
import subprocess
import threading
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 60  # sanitizers on a busy machine are slow


def program(variable, name):
    path = os.environ.get(variable) or str(ROOT / "build" / name)
    assert os.access(path, os.X_OK), f"{variable} names no program: {path}"
    return path


def until(condition, seconds=20):
    """What condition() returns once it is true; fails when that takes too long."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        got = condition()
        if got:
            return got
        assert time.monotonic() < end, f"not within {seconds} s: {condition}"
        pause.wait(0.01)


def index(data, items, *options):
    """Takes items (dicts) into an archive, as NDJSON on standard input."""
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    done = subprocess.run([program("DRAGOMAN", "dragoman"), "index", "--data", str(data),
                           "--format", "ndjson", *options, "-"], input=lines.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")


class Server:
    """dragomand on a port of its own choice."""

    def __init__(self, data, log, *options):
        self.log = pathlib.Path(log)
        self.process = subprocess.Popen(
            [program("DRAGOMAND", "dragomand"), "--data", str(data), "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=self.log.open("ab"))
        self.url = self._read_address().rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    def _read_address(self):
        waiting = selectors.DefaultSelector()
        waiting.register(self.process.stdout, selectors.EVENT_READ)
        end = time.monotonic() + START_SECONDS
        seen = b""
        while time.monotonic() < end:
            if not waiting.select(timeout=0.5):
                continue
            chunk = os.read(self.process.stdout.fileno(), 4096)
            seen += chunk
            found = re.fullmatch(rb"dragomand: listening on (http://\S+:\d+/)\n", seen)
            if found:
                return found.group(1).decode()
            if not chunk:
                break
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"no address; stdout {seen!r}, stderr {self.said()!r}")

    def said(self):
        return self.log.read_text("utf-8", "replace")

    def get(self, path, **more):
        return requests.get(self.url + path, timeout=30, **more)

    def search(self, **params):
        reply = self.get("/v1/search", params=params)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def metric(self, name):
        """The sum over all series of a metric whose line starts with this."""
        lines = self.get("/metrics").text.splitlines()
        found = [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)]
        assert found, name
        return sum(found)

    def connect(self, receive_buffer=None):
        s = socket.socket()
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(30)
        s.connect(("127.0.0.1", self.port))
        return s

    def send(self, request):
        """Sends bytes on a new connection and returns all that comes until it is closed."""
        with self.connect() as s:
            s.sendall(request)
            return read_all(s)

    def stop(self):
        """Ends it as an init system does; what it left with must be 0."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("did not stop: " + self.said()) from None
        finally:
            self.process.stdout.close()
        assert code == 0, f"ended with {code}: {self.said()}"


def read_all(s):
    """Everything up to the end of the connection."""
    got = b""
    while True:
        try:
            chunk = s.recv(65536)
        except ConnectionResetError:
            return got
        if not chunk:
            return got
        got += chunk


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def read_reply(s, buffer=b"", head=False):
    """One reply with a Content-Length off a socket: (reply, what came after it). None at the end."""
    while b"\r\n\r\n" not in buffer:
        chunk = s.recv(65536)
        if not chunk:
            assert not buffer, f"cut within a head: {buffer!r}"
            return None, b""
        buffer += chunk
    top, _, buffer = buffer.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    status = int(lines[0].split(" ")[1])
    size = 0 if head or status in (204, 304) else int(headers["content-length"])
    while len(buffer) < size:
        chunk = s.recv(1 << 20)
        assert chunk, f"cut after {len(buffer)} of {size} bytes"
        buffer += chunk
    return Reply(status, headers, buffer[:size]), buffer[size:]


def request(path, *headers, method="GET", version="1.1"):
    lines = [f"{method} {path} HTTP/{version}", "Host: desk", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
