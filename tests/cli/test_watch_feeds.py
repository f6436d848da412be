"""`dragoman watch --feeds`: feeds are asked when they are due, and the list is followed."""
import signal

import pytest

from publisher import WATER, conditional, drip, in_turn, reply, rss
from test_watch import put, until, watch, wires  # noqa: F401  (fixtures)


@pytest.fixture
def feeds(feeds):
    feeds.common["interval"] = "1s"
    return feeds


def start(feeds, watch, *args):
    feeds.write()
    return watch("--feeds", feeds.desk.path / "feeds.ini", *args)


def test_a_feed_is_asked_again_and_again_and_what_is_new_is_found(desk, web, feeds, watch):
    more = rss(("water-2", "Second report", "The river."), ("water-1", "Water report", "The water supply."))
    web.routes["/a"] = in_turn(reply(200, WATER), reply(200, more))
    running = start(feeds.add("/a"), watch)
    running.took(2)
    until(lambda: desk.ids("river") == ["water-2"])
    assert running.files[0] == {"feed": "a", "url": web.base + "/a", "added": 1, "replaced": 0, "unchanged": 0,
                                "older": 0, "rejected": 0}
    assert running.end() == 0


def test_feeds_and_folders_are_watched_side_by_side(desk, web, feeds, watch, wires):
    web.routes["/a"] = conditional(WATER, '"1"', "then")
    running = start(feeds.add("/a"), watch, wires)
    put(wires, "a.ndjson", b'{"id": "wire-1", "title": "A wire about rivers"}\n')
    until(lambda: desk.ids("rivers") == ["wire-1"] and desk.ids("water") == ["water-1"])
    assert running.end() == 0 and (wires / "done/a.ndjson").exists()


def test_an_interval_is_kept_to_over_a_restart(desk, web, feeds, watch):
    web.routes["/a"] = web.routes["/b"] = reply(200, WATER)
    feeds.add("/a", interval="1h").fetch()
    running = start(feeds.add("/b"), watch)
    web.wait_for(lambda w: len(w.asked("/b")) >= 2)
    assert running.end() == 0 and len(web.asked("/a")) == 1


@pytest.mark.parametrize("how", ["file", "hangup"])
def test_the_list_is_read_again(desk, web, feeds, watch, how):
    web.routes.update({"/a": reply(200, WATER), "/b": reply(200, rss(("b", "Rivers", "A river.")))})
    running = start(feeds.add("/a", interval="1h"), watch)
    running.took(1)
    if how == "file":
        feeds.add("/b").write()
    else:
        running.child.send_signal(signal.SIGHUP)
        running.heard("read again, 1 feed\n")
        feeds.add("/b").write()
        running.child.send_signal(signal.SIGHUP)
    running.heard("read again, 2 feeds\n")
    until(lambda: desk.ids("river") == ["b"])
    assert running.end() == 0 and len(web.asked("/a")) == 1


def test_a_list_that_is_wrong_changes_nothing(desk, web, feeds, watch):
    web.routes["/a"] = reply(200, WATER)
    running = start(feeds.add("/a"), watch)
    web.wait_for(lambda w: w.asked("/a"))
    (desk.path / "feeds.ini").write_text("[a]\nurl = nowhere\n")
    running.heard("the list stays as it was")
    seen = len(web.asked("/a"))
    web.wait_for(lambda w: len(w.asked("/a")) > seen)
    assert running.end() == 0


def test_the_end_signal_keeps_what_was_taken_and_does_not_wait_for_the_slow(desk, web, feeds, watch):
    web.routes.update({"/a": conditional(WATER, '"1"', "then"), "/slow": drip(b"HTTP/1.1 200 OK\r\n\r\n", b" ", 0.05)})
    running = start(feeds.add("/a").add("/slow", timeout="1h"), watch)
    web.wait_for(lambda w: w.asked("/slow"))
    assert running.end() == 0
    assert desk.ids("water") == ["water-1"]
    del feeds.sections["slow"]
    assert feeds.fetch()["not_modified"] == 1


def test_others_write_meanwhile(desk, web, feeds, watch):
    web.routes["/a"] = reply(200, WATER)
    running = start(feeds.add("/a", interval="1h"), watch)
    running.took(1)
    until(lambda: desk.run("index", "-", stdin=b'{"id": "x", "title": "Rivers"}\n').code == 0)
    assert running.end() == 0 and desk.ids("rivers") == ["x"]


def test_a_publisher_is_left_alone_while_the_archive_cannot_be_written(desk, web, feeds, watch):
    web.routes["/a"] = conditional(WATER, '"1"', "then")
    (desk.path / "archive").write_text("in the way")
    running = start(feeds.add("/a"), watch)
    running.heard("archive")
    (desk.path / "archive").unlink()
    running.child.send_signal(signal.SIGHUP)
    until(lambda: desk.ids("water") == ["water-1"])
    assert "if-none-match" not in web.asked("/a")[1].headers
    assert running.end() == 0


def test_a_wrong_list_is_a_wrong_use(desk, tmp_path):
    (tmp_path / "list.ini").write_text("[a]\n")
    done = desk.run("watch", "--feeds", tmp_path / "list.ini")
    assert done.code == 2 and "list.ini" in done.err, done
