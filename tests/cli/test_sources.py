"""`dragoman sources`, and what searches say of silent ones."""
import datetime

import pytest

from desk import Desk, item

MONDAY = datetime.date(2021, 5, 31)


def items_of(source, days, per_day=6):
    for day in range(days):
        date = MONDAY + datetime.timedelta(day)
        if date.weekday() < 5:
            for n in range(per_day):
                yield item(f"{source} {date} {n}", f"On water, number {day * 7919 + n}.", source=source,
                           published=f"{date}T09:00:00Z")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("sources") / "data")
    made.take(*items_of("Ministry", 49), *items_of("Agency", 58), *items_of("Bureau", 5))
    return made


def test_states_and_habits_are_told(desk):
    done = desk.run("sources", "--json")
    assert done.code == 0, done
    sources = {s["source"]: s for s in done.json["sources"]}
    assert {k: s["state"] for k, s in sources.items()} == {"Ministry": "silent", "Agency": "regular", "Bureau": "new"}
    assert sources["Ministry"]["habit"] == {"per_day": 6, "weekdays": ["mon", "tue", "wed", "thu", "fri"], "gap_days": 0,
                                            "missed_days": 6}
    assert sources["Bureau"]["habit"] is None and done.json["clock"] == "2021-07-27T09:00:00Z"


def test_the_moment_can_be_given(desk):
    done = desk.run("sources", "--json", "--now", "2021-07-16")
    assert {s["source"]: s["state"] for s in done.json["sources"]}["Ministry"] == "regular"


def test_a_search_says_what_is_missing(desk):
    reply = desk.search("water")
    assert reply["completeness"] == {"silent": [{"source": "Ministry", "last": "2021-07-16T09:00:00Z", "per_day": 6,
                                                 "missed_days": 6}], "more": 0}
    assert "completeness" not in desk.search("water", "--source", "Agency")
    done = desk.run("search", "water")
    assert "Ministry: nothing since Friday, 2021-07-16, usually 6 items a day" in done.err


def test_the_table_is_for_people(desk):
    done = desk.run("sources")
    assert "silent" in done.out and "MTWTF--" in done.out and "6 days without" in done.out


def test_what_cannot_be_is_refused(desk):
    for args in (("--now", "never"), ("Ministry",)):
        done = desk.run("sources", *args)
        assert done.code == 2 and args[-1] in done.err
