"""`dragoman fetch` against a publisher on loopback that misbehaves in one way a test."""
import email.utils
import gzip
import os
import re
import shutil
import signal
import subprocess
import time
import zlib

import pytest

from desk import DRAGOMAN, ROOT, environment, run
from publisher import WATER, conditional, drip, in_turn, publishing, raw, redirect, reply, rss


# ---- Taking


def test_items_of_a_feed_can_be_found_and_a_repeated_poll_adds_nothing(desk, web, feeds):
    web.routes["/a"] = reply(200, WATER)
    first = feeds.add("/a").fetch()
    assert (first["asked"], first["added"], first["failed"]) == (1, 1, 0)
    assert desk.ids("water") == ["water-1"]
    before = desk.archive()
    again = feeds.fetch()
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 0, 1)
    assert desk.archive() == before and desk.agrees()


def test_a_silently_edited_item_becomes_a_new_version(desk, web, feeds):
    edited = rss(("water-1", "Water report", "The ministry corrected its figures on rivers."))
    web.routes["/a"] = in_turn(reply(200, WATER), reply(200, edited))
    feeds.add("/a").fetch()
    assert feeds.fetch()["replaced"] == 1
    assert desk.ids("rivers") == ["water-1"] and desk.ids("supply") == []
    assert desk.archive().count(b'"water-1"') == 2


def test_a_feed_that_gives_one_id_to_several_items_does_not_fill_the_archive(desk, web, feeds):
    several = rss(("one", "First", "The first text."), ("one", "Second", "The second text."),
                  ("one", "Third", "The third text."))
    web.routes["/a"] = reply(200, several)
    feeds.add("/a").fetch()
    feeds.fetch()
    size = len(desk.archive())
    for _ in range(3):
        feeds.fetch()
    assert len(desk.archive()) == size and desk.agrees()


def test_an_item_gets_what_its_feed_declares_where_it_says_nothing(desk, web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.add("/a", source="Ministry of Water", region="Norway", language="nb").fetch()
    item = desk.show("water-1")
    assert (item["source"], item["region"], item["country"], item["language"]) == \
        ("Ministry of Water", "Norway", "NO", "nb")


def test_the_charset_of_the_header_is_used(desk, web, feeds):
    text = "<rss><channel><item><guid>a</guid><title>Вода</title></item></channel></rss>"
    web.routes["/a"] = reply(200, text.encode("koi8-r"), kind="text/xml; charset=KOI8-R")
    feeds.add("/a").fetch()
    assert desk.show("a")["title"] == "Вода"


def test_a_list_in_opml_is_read_and_may_hold_settings(desk, web, feeds, tmp_path):
    web.routes["/a"] = reply(200, WATER)
    opml = tmp_path / "list.opml"
    opml.write_text(f"<opml version='2.0'><body><outline text='News'><outline text='Water &amp; co' "
                    f"xmlUrl='{web.base}/a' allow-private='127.0.0.1' region='Norway'/></outline></body></opml>")
    done = desk.run("fetch", "--json", "--feeds", opml)
    assert done.code == 0 and done.json["added"] == 1, done
    assert desk.show("water-1")["region"] == "Norway"
    assert "Water & co" in done.err


def test_the_user_agent_names_us_and_the_contact(web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.common["contact"] = "desk@newsroom.example"
    feeds.add("/a").fetch()
    assert re.fullmatch(r"Dragoman/\d+\.\d+\.\d+ \(desk@newsroom\.example\)",
                        web.requests[0].headers["user-agent"])


# ---- Conditional requests


def test_both_validators_are_echoed_as_they_came(web, feeds):
    odd = 'W/"a  b;c,ü"'.encode().decode("latin-1")
    web.routes["/a"] = conditional(WATER, odd, "Tuesday in March")
    feeds.add("/a").fetch()
    assert feeds.fetch()["not_modified"] == 1
    assert feeds.state("a")["not_modified"] == 1
    assert feeds.state("a")["status"] == 304


def test_a_304_that_was_not_asked_for_is_an_error(web, feeds):
    web.routes["/a"] = reply(304, kind=None)
    feeds.add("/a").fetch(code=1)
    assert "nothing changed, without being asked" in feeds.told


def test_validators_of_a_broken_reply_are_not_kept(desk, web, feeds):
    whole = rss(("water-1", "Water report", "One."), ("water-2", "Second report", "Two."))
    web.routes["/a"] = in_turn(reply(200, whole[:-60], ETag='"1"'), conditional(whole, '"1"', "never"))
    assert feeds.add("/a").fetch(code=1)["failed"] == 1
    assert "if-none-match" not in web.requests[0].headers
    feeds.fetch()
    assert "if-none-match" not in web.requests[1].headers
    assert sorted(desk.ids("report")) == ["water-1", "water-2"]


# ---- Redirects


def test_a_permanent_redirect_is_remembered(web, feeds):
    web.routes.update({"/a": redirect("/b", 301), "/b": redirect("/c", 308), "/c": reply(200, WATER)})
    feeds.add("/a").fetch()
    assert feeds.state("a")["moved_to"] == web.base + "/c"
    feeds.fetch()
    assert [r.path for r in web.requests] == ["/a", "/b", "/c", "/c"]


def test_a_redirect_for_the_moment_is_not_remembered(web, feeds):
    web.routes.update({"/a": redirect("/b", 301), "/b": redirect("/c", 302), "/c": reply(200, WATER)})
    feeds.add("/a").fetch()
    feeds.fetch()
    assert [r.path for r in web.requests] == ["/a", "/b", "/c"] * 2


def test_an_address_that_failed_after_moving_is_given_up_for_the_listed_one(web, feeds):
    web.routes.update({"/a": redirect("/b", 301), "/b": in_turn(reply(200, WATER), reply(404))})
    feeds.add("/a").fetch()
    for _ in range(3):
        feeds.fetch(code=1)
    web.routes["/a"] = reply(200, WATER)
    feeds.fetch()
    assert [r.path for r in web.requests][-1] == "/a"


def test_endless_redirects_end(web, feeds):
    web.routes["/a"] = redirect("/a")
    feeds.add("/a", redirects="4").fetch(code=1)
    assert len(web.requests) == 5 and "more than 4 redirects" in feeds.told


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "dict://127.0.0.1:11/"])
def test_a_redirect_out_of_the_web_is_refused(web, feeds, to):
    web.routes["/a"] = redirect(to)
    feeds.add("/a").fetch(code=1)
    assert "neither http nor https" in feeds.told or "leads nowhere" in feeds.told


def test_a_redirect_does_not_carry_the_login_to_another_host(feeds, web, desk):
    with publishing(address="127.0.0.2") as other:
        feeds.common["allow-private"] = "127.0.0.0/8"
        other.routes["/b"] = reply(200, WATER)
        web.routes["/a"] = redirect(other.base + "/b")
        feeds.add("/a", authorization="Bearer s3cret", header="X-Key: s3cret").fetch()
        assert web.requests[0].headers["authorization"] == "Bearer s3cret"
        assert web.requests[0].headers["x-key"] == "s3cret"
        assert "authorization" not in other.requests[0].headers and "x-key" not in other.requests[0].headers
        assert "s3cret" not in feeds.told
        assert b"s3cret" not in (desk.path / "feeds/state").read_bytes()


# ---- Addresses


def test_private_addresses_are_refused_unless_allowed(web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.common["allow-private"] = "no"
    feeds.add("/a").fetch(code=1)
    assert web.requests == [] and "private address 127.0.0.1" in feeds.told
    feeds.sections["a"]["allow-private"] = "yes"
    assert feeds.fetch()["added"] == 1


@pytest.mark.parametrize("host", ["localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"])
def test_no_way_of_writing_it_leads_to_a_private_address(web, feeds, host):
    feeds.common["allow-private"] = "192.168.77.0/24"
    feeds.add(f"http://{host}:{web.port}/a", name="a").fetch(code=1)
    assert web.requests == []
    assert "private address" in feeds.told or "does not take the connection" in feeds.told


def test_a_redirect_to_a_private_address_is_refused(web, feeds):
    with publishing(address="127.0.0.2") as inner:
        inner.routes["/secret"] = reply(200, WATER)
        web.routes["/a"] = redirect(inner.base + "/secret")
        feeds.add("/a").fetch(code=1)
        assert inner.requests == [] and "private address 127.0.0.2" in feeds.told


def test_a_proxy_of_the_environment_is_not_used(desk, web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.add("/a").write()
    done = desk.run("fetch", env=environment(http_proxy="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9"))
    assert done.code == 0, done


# ---- Sizes, times, damage


@pytest.mark.parametrize("name, pack", [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_packed_replies_are_unpacked(desk, web, feeds, name, pack):
    web.routes["/a"] = reply(200, pack(WATER), Content_Encoding=name)
    feeds.add("/a").fetch()
    assert "gzip" in web.requests[0].headers["accept-encoding"]
    assert desk.ids("water") == ["water-1"]


def test_a_bomb_is_stopped_at_the_cap_of_unpacked_bytes(web, feeds):
    web.routes["/a"] = reply(200, gzip.compress(b"<rss>" + b" " * (200 << 20)), Content_Encoding="gzip")
    feeds.add("/a", max_bytes="1M").fetch(code=1)
    assert "larger than max-bytes (1048576)" in feeds.told


def test_a_large_reply_is_stopped_whether_or_not_it_says_its_size(web, feeds):
    body = rss(("a", "A", "x" * 300000))
    web.routes["/a"] = reply(200, body)
    web.routes["/b"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + body)
    feeds.add("/a", max_bytes="100k").add("/b", max_bytes="100k").fetch(code=1)
    assert feeds.told.count("larger than max-bytes (102400)") == 2


def test_a_flood_of_headers_is_stopped(web, feeds):
    flood = b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(500))
    web.routes["/a"] = raw(b"HTTP/1.1 200 OK\r\n" + flood + b"\r\n" + WATER)
    feeds.add("/a").fetch(code=1)
    assert "header is larger than 65536 bytes" in feeds.told


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "],
                         ids=["body", "header"])
def test_a_server_that_drips_is_given_up_after_the_time_limit(web, feeds, head):
    web.routes["/a"] = drip(head, b" ", 0.05)
    began = time.monotonic()
    feeds.add("/a", timeout="1s").fetch(code=1)
    assert "no whole reply within 1 s" in feeds.told and time.monotonic() - began < 30


def test_a_reply_shorter_than_it_says_is_an_error(web, feeds, desk):
    web.routes["/a"] = reply(200, WATER, Content_Length=str(len(WATER) + 100), Connection="close")
    feeds.add("/a").fetch(code=1)
    assert "breaks off" in feeds.told or "closed" in feeds.told
    assert not desk.archive()


def test_a_reply_longer_than_it_says_is_an_error(web, feeds):
    web.routes["/a"] = reply(200, WATER, Content_Length=str(len(WATER) - 30), Connection="close")
    feeds.add("/a").fetch(code=1)
    assert "breaks off" in feeds.told


def test_a_reply_that_cannot_be_unpacked_is_an_error(web, feeds):
    web.routes["/a"] = reply(200, b"\x1f\x8b\x08\x00 this is no gzip", Content_Encoding="gzip")
    feeds.add("/a").fetch(code=1)
    assert "unpacked" in feeds.told or "failed" in feeds.told


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe garbage\r\n\r\n", b"HTTP/1.1 999 \r\n\r\n"])
def test_what_is_no_http_is_an_error(web, feeds, data):
    web.routes["/a"] = raw(data)
    assert feeds.add("/a").fetch(code=1)["failed"] == 1


def test_a_host_that_does_not_answer_fails_alone(web, feeds, desk):
    with publishing() as gone:
        port = gone.port
    web.routes["/a"] = reply(200, WATER)
    done = feeds.add("/a").add(f"http://127.0.0.1:{port}/x", name="dead") \
        .add("http://no-such-host.invalid/x", name="unknown").fetch(code=1)
    assert (done["failed"], done["added"]) == (2, 1)
    assert "dead: the host does not take the connection" in feeds.told
    assert "unknown: the name of the host is not known" in feeds.told


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", path,
                    "-out", f"{path}.crt", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + open(f"{path}.crt", "rb").read())
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused(feeds, certificate):
    with publishing(certificate=str(certificate)) as secure:
        secure.routes["/a"] = reply(200, WATER)
        feeds.add(secure.base + "/a", name="a").fetch(code=1)
        assert secure.requests == [] and "TLS certificate" in feeds.told
        feeds.sections["a"]["ca-file"] = f"{certificate}.crt"
        assert feeds.fetch()["added"] == 1


# ---- Statuses


@pytest.mark.parametrize("status, words", [(401, "wants a login"), (403, "refuses us"), (404, "nothing at this address"),
                                           (500, "the server failed"), (503, "busy or under repair"),
                                           (429, "ask too often"), (418, "answered 418")])
def test_a_bad_status_is_told_in_words(web, feeds, status, words):
    web.routes["/a"] = reply(status, b"no")
    feeds.add("/a").fetch(code=1)
    assert words in feeds.told and words in feeds.state("a")["error"]


def test_a_feed_that_is_gone_is_not_asked_again(web, feeds):
    web.routes["/a"] = in_turn(reply(410), reply(200, WATER))
    feeds.add("/a").fetch(code=1)
    assert "gone for good" in feeds.told
    assert feeds.fetch()["skipped"] == 1 and len(web.requests) == 1
    assert feeds.state("a")["next_poll"] is None
    assert feeds.fetch("--gone")["added"] == 1
    assert feeds.fetch()["asked"] == 1


@pytest.mark.parametrize("when", ["seconds", "date"])
def test_retry_after_is_kept_to(web, feeds, when):
    value = "7200" if when == "seconds" else email.utils.formatdate(time.time() + 7200, usegmt=True)
    web.routes["/a"] = reply(503, b"", Retry_After=value)
    feeds.add("/a", interval="1m").fetch(code=1)
    assert 7100 <= feeds.wait_of("a") <= 7210
    assert feeds.fetch()["skipped"] == 1 and len(web.requests) == 1


def test_a_challenge_is_named(web, feeds):
    page = b"<!DOCTYPE html><html><body>Just a moment...</body></html>"
    web.routes["/a"] = reply(403, page, kind="text/html", cf_mitigated="challenge")
    web.routes["/b"] = reply(200, page, kind="text/html", cf_mitigated="challenge")
    feeds.add("/a").add("/b").fetch(code=1)
    assert feeds.told.count("cf-mitigated: challenge") == 2


@pytest.mark.parametrize("body, kind, words", [
    (b"<!DOCTYPE html><html><body><p>Sign in</p></body></html>", "text/html", "a web page came instead of a feed (text/html)"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "image/png", "(image/png) is no feed of any format"),
    (b"Back soon.\n\nWe are working on our servers.\n", "text/plain", "plain text came instead"),
    (b"", "application/rss+xml", "the reply is empty")])
def test_what_is_no_feed_is_not_taken_for_news(web, feeds, desk, body, kind, words):
    web.routes["/a"] = reply(200, body, kind=kind)
    feeds.add("/a").fetch(code=1)
    assert words in feeds.told and not desk.archive() and desk.rejects() == []


@pytest.mark.parametrize("kind", ["text/html", "image/gif", "application/octet-stream", None])
def test_a_feed_with_a_wrong_content_type_is_taken(web, feeds, kind):
    web.routes["/a"] = reply(200, WATER, kind=kind)
    assert feeds.add("/a").fetch()["added"] == 1


# ---- When


@pytest.mark.parametrize("ttl, headers, wait", [
    (None, {}, 600), (45, {}, 2700), (5, {}, 600), (None, {"Cache_Control": "public, max-age=1800"}, 1800),
    (None, {"Cache_Control": "no-cache, max-age=1800"}, 600), (None, {"Cache_Control": "max-age=31536000"}, 86400),
    (None, {"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 600), (None, {"Expires": "0"}, 600),
    (None, {"Expires": "+3000"}, 3000), (90, {"Cache_Control": "max-age=60", "Retry_After": "900"}, 5400),
    (None, {"Retry_After": "4000"}, 4000)])
def test_the_next_poll_is_the_latest_that_anyone_asks_for(web, feeds, ttl, headers, wait):
    if headers.get("Expires") == "+3000":
        headers = {"Expires": email.utils.formatdate(time.time() + 3000, usegmt=True)}
    web.routes["/a"] = reply(200, rss(("w", "W", "water"), ttl=ttl), **headers)
    feeds.add("/a", interval="10m").fetch()
    assert abs(feeds.wait_of("a") - wait) <= 3


def test_ttl_holds_for_an_answer_of_not_modified_too(web, feeds):
    web.routes["/a"] = conditional(rss(("w", "W", "water"), ttl=60), '"1"', "then")
    feeds.add("/a", interval="10m").fetch()
    assert feeds.fetch()["not_modified"] == 1
    assert feeds.wait_of("a") == 3600


def test_failures_are_waited_out_longer_each_time_and_not_by_the_clock(web, feeds):
    web.routes["/a"] = reply(500)
    feeds.add("/a", interval="100s", max_interval="1000s")
    waits = []
    for _ in range(6):
        feeds.fetch(code=1)
        waits.append(feeds.wait_of("a"))
    for wait, middle in zip(waits, (100, 200, 400, 800, 1000, 1000)):
        assert middle * 0.8 - 1 <= wait <= middle * 1.2 + 1
    assert feeds.state("a")["failures"] == 6
    web.routes["/a"] = reply(200, WATER)
    feeds.fetch()
    assert feeds.state("a")["failures"] == 0 and feeds.state("a")["error"] is None


def test_due_asks_only_those_whose_time_has_come(web, feeds):
    web.routes.update({"/a": reply(200, WATER), "/b": reply(200, WATER)})
    feeds.add("/a", interval="1h").fetch("--due")
    feeds.add("/b")
    done = feeds.fetch("--due")
    assert (done["asked"], done["skipped"]) == (1, 1)
    assert [r.path for r in web.requests] == ["/a", "/b"]


def test_a_clock_that_was_set_back_does_not_silence_a_feed(desk, web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.add("/a", interval="1h").fetch()
    state = desk.path / "feeds/state"
    state.write_text(re.sub(r" next \d+", f" next {int(time.time()) + 10 ** 8}", state.read_text()))
    assert feeds.fetch("--due")["asked"] == 1
    assert feeds.fetch("--due")["asked"] == 0


# ---- Politeness


def test_one_host_is_asked_one_request_at_a_time_with_a_gap(web, feeds):
    for i in range(4):
        web.routes[f"/{i}"] = reply(200, WATER)
        feeds.add(f"/{i}")
    feeds.common["gap"] = "1s"
    feeds.fetch()
    times = [r.at for r in web.requests]
    assert web.most_busy == 1 and len(times) == 4
    assert all(b - a >= 0.95 for a, b in zip(times, times[1:]))


def test_many_hosts_are_asked_side_by_side(desk, web, feeds):
    import threading
    together = threading.Barrier(4, timeout=60)

    def meet(handler, request):
        together.wait()  # broken, and an error, unless all four are asked at once
        reply(200, WATER)(handler, request)

    others = [publishing(address=f"127.0.0.{i}") for i in (2, 3, 4)]
    feeds.common["allow-private"] = "127.0.0.0/8"
    with others[0] as a, others[1] as b, others[2] as c:
        for i, publisher in enumerate((web, a, b, c)):
            publisher.routes["/x"] = meet
            feeds.add(publisher.base + "/x", name=f"f{i}")
        assert feeds.fetch()["failed"] == 0


# ---- State


def test_the_state_survives_a_kill(desk, web, feeds):
    web.routes["/a"] = conditional(WATER, '"1"', "then")
    feeds.add("/a").fetch()
    web.routes["/slow"] = drip(b"HTTP/1.1 200 OK\r\n\r\n", b" ", 0.05)
    feeds.add("/slow").write()
    child = subprocess.Popen([DRAGOMAN, "fetch", "--data", desk.path], env=environment(), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    web.wait_for(lambda w: w.asked("/slow"))
    child.kill()
    child.wait()
    del feeds.sections["slow"]
    assert feeds.fetch()["not_modified"] == 1


def test_the_end_signal_keeps_what_was_fetched(desk, web, feeds):
    web.routes.update({"/a": conditional(WATER, '"1"', "then"), "/slow": drip(b"HTTP/1.1 200 OK\r\n\r\n", b" ", 0.05)})
    feeds.add("/a").add("/slow").write()
    child = subprocess.Popen([DRAGOMAN, "fetch", "--data", desk.path], env=environment(), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    web.wait_for(lambda w: w.asked("/slow"))
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    assert desk.ids("water") == ["water-1"]
    del feeds.sections["slow"]
    assert feeds.fetch()["not_modified"] == 1


def test_two_that_fetch_do_not_meet(desk, web, feeds):
    web.routes["/slow"] = drip(b"HTTP/1.1 200 OK\r\n\r\n", b" ", 0.05)
    feeds.add("/slow").write()
    child = subprocess.Popen([DRAGOMAN, "fetch", "--data", desk.path], env=environment(), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    web.wait_for(lambda w: w.asked("/slow"))
    done = desk.run("fetch")
    child.kill()
    child.wait()
    assert done.code == 3 and f"process {child.pid}" in done.err


def test_a_damaged_state_is_said_and_not_overwritten(desk, web, feeds):
    web.routes["/a"] = reply(200, WATER)
    feeds.add("/a").fetch()
    state = desk.path / "feeds/state"
    state.write_text("dragoman-feeds 1\nfeed x\n next soon\n")
    done = desk.run("fetch")
    assert done.code == 3 and "feeds/state:3" in done.err
    assert "next soon" in state.read_text()


def test_feeds_shows_each_feed(desk, web, feeds):
    web.routes.update({"/a": reply(200, WATER), "/b": reply(404)})
    feeds.add("/a", name="Water desk").add("/b").fetch(code=1)
    feeds.add("/c")
    feeds.write()
    done = desk.run("feeds")
    lines = done.out.splitlines()
    assert done.code == 0 and len(lines) == 4
    assert re.match(r"Water desk +\d{4}-\d\d-\d\dT\S+Z  \d{4}-\S+Z +1", lines[1])
    assert "never" in lines[2] and "nothing at this address (404)" in lines[2]
    assert re.match(r"c +never +now +0", lines[3])
    assert feeds.state("Water desk")["items"] == {"added": 1, "replaced": 0, "rejected": 0}


# ---- Lists


WRONG = [("url = http://a.example/", "before the first section"), ("[a]\nname = x\n", "has no url"),
         ("[a]\nurl = ftp://a.example/\n", "http:// or https://"), ("[a]\nurl = http://a.example/\nintervall = 5m\n", "intervall"),
         ("[a]\nurl = http://a.example/\ninterval = soon\n", "soon"), ("[a]\nurl = http://a.example/\ngap = 5s\n", "[fetch]"),
         ("[fetch]\nurl = http://a.example/\n", "belongs to a feed"), ("[a]\nurl = http://a.example/\ninterval = 0s\n", "out of bounds"),
         ("[a]\nurl = http://a.example/\n[b]\nurl = http://a.example/\n", "listed twice"),
         ("[a]\nurl = http://a.example/\nlanguage = 7\n", "language"), ("[a]\nurl = http://a.example/\nformat = telex\n", "telex"),
         ("[a]\nurl = http://a.example/\nallow-private = home\n", "home"), ("[a]\nurl = http://a.example/\nbackfill = maybe\n", "maybe"),
         ("[a]\nurl = http://a.example/\nno sense\n", "list.ini:3"), ("<opml><body>", "breaks off"), ("<rss/>", "no OPML"),
         ("[a]\nurl = http://a.example/\nurl = http://b.example/\n", "given twice"), ("[" + "x" * 500 + "]\nurl = http://a.example/\n", "502 bytes"), ("[a]\nurl = \x01" + "5\n", "url")]


@pytest.mark.parametrize("text, named", WRONG, ids=[named for _, named in WRONG])
def test_a_wrong_list_is_a_wrong_use_and_changes_nothing(desk, tmp_path, text, named):
    (tmp_path / "list.ini").write_text(text)
    done = desk.run("fetch", "--feeds", tmp_path / "list.ini")
    assert done.code == 2 and named in done.err and "list.ini" in done.err, done
    assert not desk.path.exists()


def test_an_address_longer_than_the_lines_of_ini_files_is_whole(web, feeds):
    path = "/" + "a" * 900
    web.routes[path] = reply(200, WATER)
    assert feeds.add(path, name="long").fetch()["added"] == 1


def test_a_section_may_have_a_long_name_in_any_script(web, feeds):
    web.routes["/a"] = reply(200, WATER)
    name = "Министерство иностранных дел Российской Федерации"
    feeds.add("/a", name=name).fetch()
    assert feeds.state(name)["items"]["added"] == 1 and f"{name}: 1 new" in feeds.told


def test_a_missing_list_is_named(desk):
    done = desk.run("fetch")
    assert done.code == 2 and "feeds.ini" in done.err


def test_settings_are_those_of_the_documentation():
    done = run("fetch", "--settings")
    assert done.code == 0 and (ROOT / "doc/feeds.md").read_text("utf-8") == done.out


def test_the_example_of_the_documentation_is_read(desk, tmp_path):
    page = (ROOT / "doc/fetching.md").read_text("utf-8")
    example = re.search(r"```ini\n(.*?)```", page, re.S).group(1)
    (tmp_path / "feeds.ini").write_text(re.sub(r"^opml = .*$", "", example, flags=re.M))
    desk.path.mkdir()
    done = desk.run("feeds", "--json", "--feeds", tmp_path / "feeds.ini")
    assert done.code == 0 and len(done.json["feeds"]) >= 3, done
    assert os.path.isdir(desk.path)
