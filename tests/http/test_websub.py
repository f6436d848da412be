# SPDX-License-Identifier: GPL-2.0-or-later
"""Where hubs of WebSub ask and deliver."""

import hashlib
import hmac
import json
import subprocess
import sys
import time
import urllib.parse

import pytest
import requests

from dragomand import ROOT, Server, program, until

sys.path.append(str(ROOT / "tests/cli"))
from publisher import publishing, reply  # noqa: E402

TOKEN = "0123456789abcdef" * 2
SECRET = "a secret of the test"
TOPIC = "https://desk.example/feed"
FEED = ("<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Desk</title><item><guid>{id}</guid>"
        "<title>{title}</title><description>Words.</description></item></channel></rss>")


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data/feeds/websub"
    folder.mkdir(parents=True)
    (folder / TOKEN).write_text(f"url {TOPIC}\nhub https://hub.example/\ntopic {TOPIC}\nsecret {SECRET}\n"
                                "name Water desk\nformat auto\nregion Norway\n")
    return tmp_path / "data"


@pytest.fixture
def hub(data, tmp_path):
    one = Server(data, tmp_path / "stderr")
    yield one
    one.stop()


def deliver(hub, body, method="sha256", secret=SECRET, token=TOKEN, **headers):
    signature = f"{method}=" + hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return requests.post(f"{hub.url}/websub/{token}", data=body, timeout=30,
                         headers={"X-Hub-Signature": signature, "Content-Type": "application/rss+xml", **headers})


def ask(hub, token=TOKEN, **more):
    fields = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "ch<al>&1", "hub.lease_seconds": "5000", **more}
    return hub.get(f"/websub/{token}", params=fields)


def test_what_was_asked_for_is_confirmed_with_the_challenge(hub, data):
    before = int(time.time())
    reply = ask(hub)
    assert (reply.status_code, reply.text) == (200, "ch<al>&1")
    assert reply.headers["Content-Type"].startswith("text/plain")
    lease = dict(line.split(" ") for line in (data / f"feeds/websub/{TOKEN}.lease").read_text().splitlines())
    assert before + 5000 <= int(lease["until"]) <= int(time.time()) + 5000


@pytest.mark.parametrize("fields", [{"hub.topic": "https://other.example/"}, {"hub.mode": "unsubscribe"}, {"hub.mode": "x"},
                                    {"token": "f" * 32}, {"token": "..%2f..%2fstate"}])
def test_nothing_else_is_confirmed(hub, data, fields):
    assert ask(hub, **fields).status_code == 404
    assert not list(data.glob("feeds/websub/*.lease"))


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signed_delivery_is_taken_and_found(hub, method):
    body = FEED.format(id=method, title=f"Water by {method}").encode()
    assert deliver(hub, body, method).status_code == 202
    found = until(lambda: hub.search(q=method)["hits"])
    assert found[0]["id"] == method and found[0]["region"] == "Norway" and found[0]["country"] == "NO"


def test_a_delivery_that_is_not_signed_so_is_acknowledged_and_thrown_away(hub, data):
    body = FEED.format(id="bad", title="Forged words").encode()
    assert deliver(hub, body, secret="another").status_code == 202
    assert requests.post(f"{hub.url}/websub/{TOKEN}", data=body, timeout=30).status_code == 202
    good = FEED.format(id="good", title="Honest words").encode()
    assert deliver(hub, good).status_code == 202
    until(lambda: hub.search(q="honest")["hits"])
    assert hub.search(q="forged")["hits"] == []
    assert b"Forged" not in b"".join(p.read_bytes() for p in (data / "archive").glob("*.ndjson"))


def test_an_unknown_token_is_gone(hub):
    assert deliver(hub, b"<rss/>", token="f" * 32).status_code == 410


def test_what_cannot_be_read_is_acknowledged_and_kept(hub, data):
    assert deliver(hub, b"\x89PNG \x00\x01 nothing").status_code == 202
    assert until(lambda: [p for p in (data / "rejects").rglob("*") if p.is_file()])


def test_the_charset_of_the_header_is_used(hub):
    text = "<rss><channel><item><guid>k</guid><title>Вода и река</title></item></channel></rss>"
    assert deliver(hub, text.encode("koi8-r"), **{"Content-Type": "text/xml; charset=koi8-r"}).status_code == 202
    assert until(lambda: hub.search(q="вода")["hits"])[0]["id"] == "k"


def run(data, *args):
    done = subprocess.run([program("DRAGOMAN", "dragoman"), args[0], "--data", data, "--json", *args[1:]],
                          stdout=subprocess.PIPE, timeout=120, check=True)
    return json.loads(done.stdout)


def test_a_subscription_from_the_feed_to_the_delivery(data, hub):
    with publishing() as web:
        links = {"Link": f'<{web.base}/hub>; rel="hub", <{web.base}/a>; rel="self"'}
        web.routes.update({"/a": reply(200, FEED.format(id="polled", title="Polled words").encode(), **links),
                           "/hub": reply(202)})
        (data / "feeds.ini").write_text(f"[fetch]\ngap = 0s\nallow-private = 127.0.0.1\nwebsub-callback = {hub.url}\n"
                                        f"[Desk]\nurl = {web.base}/a\nregion = Norway\n")
        run(data, "fetch")
        form = dict(urllib.parse.parse_qsl(web.asked("/hub")[0].body.decode()))
        asked = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "yes?",
                 "hub.lease_seconds": form["hub.lease_seconds"]}
        assert requests.get(form["hub.callback"], params=asked, timeout=30).text == "yes?"
        token = form["hub.callback"].rsplit("/", 1)[1]
        body = FEED.format(id="pushed", title="Delivered words").encode()
        assert deliver(hub, body, secret=form["hub.secret"], token=token).status_code == 202
        assert until(lambda: hub.search(q="delivered")["hits"])[0]["region"] == "Norway"
        run(data, "fetch")
        feed, = run(data, "feeds")["feeds"]
        parsed = [time.mktime(time.strptime(feed[k], "%Y-%m-%dT%H:%M:%SZ")) for k in ("last_poll", "next_poll")]
        assert parsed[1] - parsed[0] == 6 * 3600 and len(web.asked("/hub")) == 1
