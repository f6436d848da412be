"""Back-fill of WordPress sites by `dragoman fetch`, against a site on loopback."""
import json
import subprocess
import threading

from desk import DRAGOMAN, environment
from publisher import in_turn, reply, rss
from test_watch import until

POSTS = "/wp-json/wp/v2/posts"


def post(number, day=1, text="water"):
    date = f"2021-01-{day:02}T09:00:00"
    return {"id": number, "date": date, "date_gmt": date, "modified_gmt": date, "status": "publish", "type": "post",
            "link": f"https://site.example/{number}/", "guid": {"rendered": f"https://site.example/?p={number}"},
            "title": {"rendered": f"Report {number}"}, "content": {"rendered": f"<p>The {text} of day {day}.</p>"},
            "excerpt": {"rendered": ""}, "categories": [], "tags": []}


class Site:
    """Posts behind the REST interface; a page that does not exist is a 400, as there."""

    def __init__(self, web, count):
        self.posts = [post(i + 1) for i in range(count)]
        self.web, self.before = web, None
        web.routes.update({"/feed/": reply(200, rss(("https://site.example/?p=1", "Report 1", "The water."))),
                           POSTS: self.answer})

    def answer(self, handler, request):
        size, page = int(request.query["per_page"]), int(request.query["page"])
        if self.before:
            self.before(page)
        pages = max(1, -(-len(self.posts) // size))
        some = self.posts[(page - 1) * size:page * size]
        if page > pages:
            reply(400, b'{"code":"rest_post_invalid_page_number"}', kind="application/json")(handler, request)
            return
        reply(200, json.dumps(some).encode(), kind="application/json; charset=UTF-8", X_WP_Total=str(len(self.posts)),
              X_WP_TotalPages=str(pages))(handler, request)

    def pages(self):
        return [int(r.query["page"]) for r in self.web.asked(POSTS)]


def test_all_pages_are_read_in_one_pass_and_nothing_twice(desk, web, feeds):
    site = Site(web, 250)
    done = feeds.add("/feed/", name="site", backfill="2021-01-01").fetch()
    assert site.pages() == [1, 2, 3] and desk.stats()["items"] == 250
    assert (done["added"], done["failed"]) == (250, 0)
    query = web.asked(POSTS)[0].query
    assert query["per_page"] == "100" and query["after"] == "2020-12-31T23:59:59Z"
    assert (query["orderby"], query["order"]) == ("id", "asc") and "modified_after" not in query
    assert feeds.state("site")["backfill"]["done"] is not None
    feeds.fetch()
    assert site.pages() == [1, 2, 3]


def test_all_has_no_first_day(web, feeds):
    Site(web, 3)
    feeds.add("/feed/", backfill="all").fetch()
    assert "after" not in web.asked(POSTS)[0].query


def test_a_kill_costs_one_page(desk, web, feeds):
    site, third, hold = Site(web, 450), threading.Event(), threading.Event()

    def before(page):
        if page == 3 and not third.is_set():
            third.set()
            hold.wait(60)

    site.before = before
    feeds.add("/feed/", backfill="all", timeout="60s").write()
    child = subprocess.Popen([DRAGOMAN, "fetch", "--data", desk.path], env=environment(), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    assert third.wait(60)
    state = desk.path / "feeds/state"
    until(lambda: state.exists() and " page 2\n" in state.read_text())
    child.kill()
    child.wait()
    hold.set()
    feeds.fetch()
    assert site.pages() == [1, 2, 3, 3, 4, 5] and desk.stats()["items"] == 450
    assert desk.agrees()


def test_edits_are_asked_for_once_a_site_is_filled(desk, web, feeds):
    site = Site(web, 2)
    feeds.add("/feed/", name="site", backfill="all", backfill_every="1s").fetch()
    site.posts[1] = post(2, text="river")
    site.posts[1]["modified_gmt"] = "2021-02-01T00:00:00"
    web.routes["/feed/"] = in_turn(web.routes["/feed/"])
    while True:
        done = feeds.fetch()
        if len(site.pages()) > 1:
            break
    assert "modified_after" in web.asked(POSTS)[1].query and done["replaced"] == 1
    assert desk.ids("river") == ["https://site.example/?p=2"]


def test_a_post_deleted_meanwhile_hides_no_other(desk, web, feeds):
    site = Site(web, 300)

    def before(page):
        if page == 2 and len(site.posts) == 300:
            del site.posts[0]  # what was the first of page 2 is on page 1 now

    site.before = before
    feeds.add("/feed/", backfill="all").fetch()
    assert site.pages() == [1, 2, 1, 2, 3]
    assert desk.stats()["items"] == 300


def test_the_cap_ends_it(desk, web, feeds):
    site = Site(web, 500)
    feeds.add("/feed/", backfill="all", backfill_max="200").fetch()
    assert site.pages() == [1, 2] and desk.stats()["items"] == 200


def test_a_failure_is_waited_out_and_then_gone_on_from(desk, web, feeds):
    site = Site(web, 250)
    good = web.routes[POSTS]
    web.routes[POSTS] = in_turn(good, reply(503, b"", Retry_After="1"), good)
    feeds.add("/feed/", name="site", backfill="all", interval="1s").fetch(code=1)
    assert "page 2" in feeds.told and "busy" in feeds.state("site")["backfill"]["error"]
    while len(site.pages()) < 4:
        feeds.fetch()
    assert site.pages() == [1, 2, 2, 3] and desk.stats()["items"] == 250


def test_the_interface_is_where_the_site_says(web, feeds):
    Site(web, 1)
    web.routes["/blog/api/wp/v2/posts"] = web.routes.pop(POSTS)
    web.routes["/feed/"] = reply(200, rss(("x", "X", "water")),
                                 Link=f'<{web.base}/blog/api/>; rel="https://api.w.org/"')
    feeds.add("/feed/", backfill="all").fetch()
    assert len(web.asked("/blog/api/wp/v2/posts")) == 1


def test_without_the_setting_nothing_is_asked(web, feeds):
    site = Site(web, 5)
    feeds.add("/feed/").fetch()
    assert site.pages() == []


def test_a_site_that_has_no_such_interface_fails_in_words(web, feeds):
    Site(web, 5)
    del web.routes[POSTS]
    feeds.add("/feed/", backfill="all").fetch(code=1)
    assert "older posts, page 1: there is nothing at this address (404)" in feeds.told
