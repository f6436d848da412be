"""A web server on loopback that answers, and misbehaves, as a test tells it. Standard library alone."""
import contextlib
import http.server
import socket
import ssl
import threading
import time
import urllib.parse
import xml.sax.saxutils


def rss(*items, ttl=None, head=""):
    """A feed of (guid, title, body) entries."""
    escape = xml.sax.saxutils.escape
    entries = "".join(f"<item><guid isPermaLink='false'>{escape(g)}</guid><title>{escape(t)}</title>"
                      f"<description>{escape(b)}</description></item>" for g, t, b in items)
    wait = f"<ttl>{ttl}</ttl>" if ttl else ""
    return (f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
            f"xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>The desk</title>{wait}{head}"
            f"{entries}</channel></rss>").encode()


WATER = rss(("water-1", "Water report", "The ministry reported on the water supply."))


class Request:
    """What was asked."""

    def __init__(self, handler, body):
        split = urllib.parse.urlsplit(handler.path)
        self.method, self.path, self.body, self.at = handler.command, split.path, body, time.monotonic()
        self.query = dict(urllib.parse.parse_qsl(split.query))
        self.headers = {k.lower(): v for k, v in handler.headers.items()}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_any(self):
        publisher = self.server.publisher
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self, self.rfile.read(length))
        answer = publisher.note(request)
        try:
            answer(self, request)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        publisher.finished(request)

    do_GET = do_POST = do_HEAD = do_any


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


class Publisher:
    """Routes are functions (handler, request); the helpers below make them."""

    def __init__(self, address="127.0.0.1", certificate=None):
        self.routes, self.requests, self.busy, self.most_busy = {}, [], 0, 0
        self.changed = threading.Condition()
        self.server = Server((address, 0), Handler)
        self.server.publisher = self
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.base = f"{'https' if certificate else 'http'}://{address}:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02},
                                       daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def note(self, request):
        with self.changed:
            self.requests.append(request)
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
            self.changed.notify_all()
        return self.routes.get(request.path, reply(404))

    def finished(self, _):
        with self.changed:
            self.busy -= 1
            self.changed.notify_all()

    def asked(self, path):
        return [r for r in self.requests if r.path == path]

    def wait_for(self, what, timeout=60):
        """Waits until what(self) is true."""
        with self.changed:
            assert self.changed.wait_for(lambda: what(self), timeout), [r.path for r in self.requests]


@contextlib.contextmanager
def publishing(**options):
    made = Publisher(**options)
    try:
        yield made
    finally:
        made.close()


def reply(status=200, body=b"", kind="application/rss+xml", **headers):
    """An answer; underscores in names of headers mean hyphens."""

    def answer(handler, _):
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(to, status=302):
    return reply(status, b"moved", Location=to)


def in_turn(*answers):
    """One answer after the other; the last one stays."""
    left = list(answers)

    def answer(handler, request):
        (left.pop(0) if len(left) > 1 else left[0])(handler, request)

    return answer


def conditional(body, etag, modified):
    """304 only if both validators come back exactly as they were given."""

    def answer(handler, request):
        same = (request.headers.get("if-none-match") == etag and
                request.headers.get("if-modified-since") == modified)
        chosen = reply(304, kind=None) if same else reply(200, body, ETag=etag, Last_Modified=modified)
        chosen(handler, request)

    return answer


def raw(data, linger=False):
    """Bytes as they are, then the end of the connection."""

    def answer(handler, _):
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.close_connection = True
        if not linger:
            with contextlib.suppress(OSError):
                handler.connection.shutdown(socket.SHUT_WR)

    return answer


def drip(head, piece, pause):
    """A header, then a piece again and again until the other side goes away."""

    def answer(handler, _):
        handler.wfile.write(head)
        gone = threading.Event()
        with contextlib.suppress(OSError):
            while not gone.wait(pause):
                handler.wfile.write(piece)
                handler.wfile.flush()
        handler.close_connection = True

    return answer
