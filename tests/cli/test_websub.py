"""WebSub by `dragoman fetch`: what the hub is asked, and when."""
import re
import time
import urllib.parse

import pytest

from publisher import publishing, reply, rss

TOPIC = "http://topic.example/feed"


@pytest.fixture
def feeds(feeds):
    feeds.common["websub-callback"] = "https://desk.example/base/"
    return feeds


def with_hub(web, where="feed", status=202):
    links = (f"<atom:link rel='hub' href='{web.base}/hub'/><atom:link rel='self' href='{TOPIC}'/>"
             if where == "feed" else "")
    headers = {"Link": f'<{web.base}/hub>; rel=hub, <{TOPIC}>; rel="self"'} if where == "header" else {}
    web.routes.update({"/a": reply(200, rss(("w", "W", "water"), head=links), **headers), "/hub": reply(status)})


def lease(desk, seconds, given=100000):
    """What whoever answers the hub writes."""
    token = next(p for p in (desk.path / "feeds/websub").iterdir() if "." not in p.name)
    until = int(time.time()) + seconds
    (token.parent / f"{token.name}.lease").write_text(f"until {until}\nleased {until - given}\ndenied 0\n")


@pytest.mark.parametrize("where", ["feed", "header"])
def test_a_feed_that_names_a_hub_is_subscribed_to(desk, web, feeds, where):
    with_hub(web, where)
    feeds.add("/a", source="Ministry").fetch()
    asked, = web.asked("/hub")
    form = dict(urllib.parse.parse_qsl(asked.body.decode()))
    assert asked.method == "POST" and asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (form["hub.mode"], form["hub.topic"], form["hub.lease_seconds"]) == ("subscribe", TOPIC, "864000")
    token = re.fullmatch(r"https://desk\.example/base/websub/([0-9a-f]{32})", form["hub.callback"]).group(1)
    kept = (desk.path / "feeds/websub" / token).read_text()
    assert f"secret {form['hub.secret']}\n" in kept and "source Ministry\n" in kept and len(form["hub.secret"]) < 200
    assert form["hub.secret"] not in feeds.told
    feeds.fetch()
    assert len(web.asked("/hub")) == 1  # the hub has a day to ask back


@pytest.mark.parametrize("turned_off", ["feed", "callback"])
def test_no_subscription_where_it_is_not_wanted(web, feeds, turned_off):
    with_hub(web)
    if turned_off == "callback":
        del feeds.common["websub-callback"]
    feeds.add("/a", **({"websub": "no"} if turned_off == "feed" else {})).fetch()
    assert web.asked("/hub") == []


def test_polls_are_rarer_while_a_lease_runs(desk, web, feeds):
    with_hub(web)
    feeds.common["websub-interval"] = "5h"
    feeds.add("/a", interval="10m").fetch()
    assert feeds.wait_of("a") == 600
    lease(desk, 90000)
    feeds.fetch()
    assert feeds.wait_of("a") == 5 * 3600
    lease(desk, -5)
    feeds.fetch()
    assert feeds.wait_of("a") == 600


def test_a_lease_is_renewed_before_its_end_under_the_same_token(desk, web, feeds):
    with_hub(web)
    feeds.add("/a").fetch()
    lease(desk, 50000)
    feeds.fetch()
    assert len(web.asked("/hub")) == 1
    lease(desk, 9000)
    feeds.fetch()
    first, second = (dict(urllib.parse.parse_qsl(r.body.decode())) for r in web.asked("/hub"))
    assert first == second


def test_another_topic_is_another_subscription(desk, web, feeds):
    with_hub(web)
    feeds.add("/a").fetch()
    web.routes["/a"] = reply(200, rss(("w", "W", "water")), Link=f'<{web.base}/hub>; rel=hub, <{TOPIC}2>; rel="self"')
    feeds.fetch()
    first, second = (dict(urllib.parse.parse_qsl(r.body.decode())) for r in web.asked("/hub"))
    assert first["hub.callback"] != second["hub.callback"] and second["hub.topic"] == TOPIC + "2"
    assert len(list((desk.path / "feeds/websub").iterdir())) == 1


def test_a_hub_that_refuses_is_a_warning_and_the_feed_goes_on(web, feeds):
    with_hub(web, status=500)
    done = feeds.add("/a").fetch()
    assert done["added"] == 1 and "does not take the subscription" in feeds.told
    feeds.fetch()
    assert len(web.asked("/hub")) == 1


def test_a_hub_at_a_private_address_is_refused(web, feeds):
    with publishing(address="127.0.0.2") as inner:
        with_hub(web)
        web.routes["/a"] = reply(200, rss(("w", "W", "water")), Link=f"<{inner.base}/hub>; rel=hub")
        feeds.add("/a").fetch()
        assert inner.requests == [] and "private address" in feeds.told


def test_subscriptions_that_no_feed_has_are_removed(desk, web, feeds):
    with_hub(web)
    feeds.add("/a").fetch()
    folder = desk.path / "feeds/websub"
    mine, = folder.iterdir()
    for name in ("f" * 32, "f" * 32 + ".lease"):
        (folder / name).write_text("topic x\nsecret y\n")
    feeds.fetch()
    assert list(folder.iterdir()) == [mine]
