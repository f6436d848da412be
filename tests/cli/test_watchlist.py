"""`dragoman watchlist`: saved queries, and the alerts that come of them."""
import datetime
import itertools
import json
import os
import random
import time

import pytest

from desk import PATIENCE, ndjson

WORDS = "grain harbour treaty border railway energy vaccine satellite tariff fishing".split()


def item(number, text, **more):
    return {"id": number, "title": f"Report {number}", "body": text, "published": "2024-03-05", **more}


def told(desk, name, *args):
    """All alerts of a watchlist in order, page by page."""
    done = desk.run("watchlist", "show", name, "--json", *args)
    assert done.code == 0, done
    return done.json


def everything(desk, name):
    """(kind, item) of all alerts since the watchlist was made."""
    newest = told(desk, name)
    if not newest["next"]:
        return []
    place, found = newest["next"].split("-")[0] + "-0", []
    while True:
        page = told(desk, name, "--since", place, "--limit", "7")
        found += [(a["kind"], a["item"]) for a in page["alerts"]]
        place = page["next"]
        if not page["more"]:
            return found


def look(desk, *args, code=0):
    done = desk.run("watchlist", "run", *args)
    assert done.code == code, done
    return done


def add(desk, name, *args, code=0):
    done = desk.run("watchlist", "add", name, *args)
    assert done.code == code, done
    return done


def test_what_comes_is_told_once_with_the_part_that_matched(desk):
    desk.take(item("old", "Grain left the harbour."))
    add(desk, "grain", "grain -fishing", "--label", "Grain and more")
    desk.take(item("a", "The grain treaty.", region="Ukraine", source="Ministry"), item("b", "Nothing of it."),
              item("c", "Fishing and grain."))
    assert "Report a" in look(desk).out
    assert look(desk).out == ""
    shown = told(desk, "grain")
    assert [(a["kind"], a["item"]) for a in shown["alerts"]] == [("new", "a"), ("new", "old")]
    first = shown["alerts"][0]
    assert first["matches"] and "grain" in first["matched"] and "grain" in first["hit"]["snippet"]
    assert first["hit"]["region"] == "Ukraine" and first["hit"]["source"] == "Ministry" and first["watch"] == "grain"
    assert shown["label"] == "Grain and more" and not shown["more"]


def test_a_copy_of_a_story_is_not_told_again(desk):
    text = " ".join(f"The {w} of the northern {w} was opened by minister {w.title()}son in town {i}."
                    for i, w in enumerate(WORDS * 2))
    desk.take(item("before", text + " Oldest."))
    add(desk, "w", "harbour")
    desk.take(item("before2", text + " Oldest, again."))
    other = text.replace("northern", "southern").replace("town", "valley").replace("opened", "closed down")
    look(desk)
    assert everything(desk, "w") == [("new", "before")]
    desk.take(item("first", other + " First."), item("second", other + " Second."))
    look(desk)
    desk.take(item("third", other + " Third."))
    look(desk)
    assert everything(desk, "w") == [("new", "before"), ("new", "first")]


def test_corrections_and_withdrawals_follow_and_killed_text_is_told_no_more(desk):
    add(desk, "w", "harbour")
    desk.take(item("a", "A secret harbour.", updated="2024-03-05T01:00:00Z"), item("b", "Another harbour."))
    look(desk)
    desk.take(item("a", "A corrected harbour.", updated="2024-03-05T02:00:00Z"))
    look(desk)
    assert everything(desk, "w") == [("new", "a"), ("new", "b"), ("corrected", "a")]
    assert "secret" not in json.dumps(told(desk, "w")) and "corrected harbour" in json.dumps(told(desk, "w")).lower()
    desk.take(item("a", "No port any more.", updated="2024-03-05T03:00:00Z"))
    look(desk)
    last = told(desk, "w")["alerts"][0]
    assert (last["kind"], last["item"], last["matches"]) == ("corrected", "a", False)
    desk.take({"id": "b", "status": "canceled", "updated": "2024-03-06", "title": "x", "body": "x"})
    look(desk)
    assert everything(desk, "w") == [("new", "a"), ("corrected", "a"), ("corrected", "a"), ("withdrawn", "b")]
    assert "Another" not in json.dumps(told(desk, "w")) and told(desk, "w")["alerts"][0]["hit"] is None
    for path in (desk.path / "watch").rglob("*"):
        assert path.is_dir() or b"Another" not in path.read_bytes()
    assert desk.run("watchlist", "show", "w").out.count("withdrawn") == 1


def test_the_end_of_an_embargo_is_told(desk):
    add(desk, "w", "harbour")
    end = time.time() + 3
    stamp = datetime.datetime.fromtimestamp(end, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    desk.take(item("held", "An embargoed harbour.", embargo=stamp), item("over", "A harbour.", embargo="2020-01-01"))
    look(desk)
    assert everything(desk, "w") == [("new", "over")]
    for number in itertools.count():  # whoever writes next lifts it
        desk.take(item(f"other{number}", f"Nothing {number}."))
        look(desk)
        if time.time() > end + PATIENCE or len(everything(desk, "w")) > 1:
            break
    assert everything(desk, "w") == [("new", "over"), ("new", "held")]


def test_a_rewrite_of_what_was_told_is_a_correction(desk):
    add(desk, "w", "harbour")
    desk.take(item("a", "A harbour."))
    look(desk)
    desk.take(item("b", "A harbour, and more of it.", links={"evolved_from": "a"}))
    look(desk)
    assert everything(desk, "w") == [("new", "a"), ("corrected", "b")]
    assert told(desk, "w")["alerts"][0]["replaces"] == "a"


@pytest.mark.parametrize("seed", range(2))
def test_alerts_are_what_a_search_finds(desk, seed):
    """Random arrivals in random batches: in the end each watchlist told what its search finds."""
    dice = random.Random(seed)
    searches = {"word": ["grain"], "both": ["grain", "treaty"], "either": ["grain OR border"], "not": ["harbour -grain"],
                "phrase": ['"energy vaccine"'], "prefix": ["fish*"], "title": ["title:report"], "field": ["region:Peru"],
                "region": ["treaty", "--region", "Peru", "--region", "Chile"], "all": [], "any": ["--match", "any",
                                                                                            "grain tariff"],
                "dates": ["grain", "--from", "2024-03", "--to", "2024-03-10"]}
    desk.take(item("seed", "grain treaty"))
    for name, args in searches.items():
        add(desk, name, *args)
    items = [item(f"i{n}", " ".join(dice.choice(WORDS) for _ in range(12)) + f" number {n} {dice.random()}",
                  region=dice.choice(["Peru", "Chile", "Fiji"]), published=f"2024-0{dice.randrange(1, 6)}-05")
             for n in range(60)]
    while items:
        size = dice.choice([1, 2, 5, 13])
        desk.take(*items[:size])
        items = items[size:]
        if dice.random() < 0.7:
            look(desk)
    look(desk)
    for name, args in searches.items():
        stories = desk.run("search", "--json", "--group", "story", *args).json["total"]["value"]
        hits = desk.run("search", "--json", "--limit", "100", *args).json["hits"]
        alerts = [i for kind, i in everything(desk, name)]
        assert len(alerts) == len(set(alerts)) == stories > 0, name
        assert set(alerts) <= {h["id"] for h in hits if not h.get("relaxed")}, name


def test_faults_of_a_file_name_it_and_the_line(desk):
    add(desk, "w", "grain")
    path = desk.path / "watch" / "w.watch"
    for text, line, what in (("q = grain\nregoin = Peru\n", 2, "regoin"), ("q = grain\nnonsense\n", 2, "name = value"),
                             ("# x\n\nq = date:1999-02-31\n", 3, "no date"), ("match = some\n", 1, "some"),
                             ("webhook = ftp://x.example/\n", 1, "http"), ("secret = hunter2\n", 1, "env:NAME"),
                             ("digest = soon\n", 1, "digest"), ("q = a\nq = b\n", 2, "more than once"),
                             ("limit = 3\n", 1, "no setting"), ("mute = never\n", 1, "mute")):
        path.write_text(text)
        look(desk, code=1)
        status = desk.run("watchlist", "status", "--json")
        parked = status.json["watchlists"][0]["parked"]
        assert status.code == 1 and f"w.watch:{line}: " in parked and what in parked, (text, parked)
        assert "hunter2" not in status.out
    path.write_text("q = grain\n")
    desk.take(item("a", "grain"))
    look(desk)
    assert everything(desk, "w") == [("new", "a")]


def test_what_cannot_be_added_is_refused_and_leaves_nothing(desk):
    desk.take(item("a", "grain"))
    for args in (["Bad Name", "grain"], ["../x", "grain"], ["w", "date:1999-02-31"], ["w", "grain", "--webhook", "x"],
                 ["w", "grain", "--secret", "env:X"], ["w", "grain", "--label", "a\nwebhook = http://x.example/"]):
        add(desk, *args, code=2)
        assert desk.run("watchlist", "list", "--json").json == {"watchlists": []}
    add(desk, "w", "grain")
    assert "already" in add(desk, "w", "treaty", code=2).err
    add(desk, "w", "treaty", "--replace")
    assert desk.run("watchlist", "list", "--json").json["watchlists"][0]["query"] == "treaty"
    assert everything(desk, "w") == [("new", "a")]
    assert desk.run("watchlist", "remove", "w").code == 0
    assert desk.run("watchlist", "show", "w").code == 3
    assert not list((desk.path / "watch").glob("**/w.*"))


def test_a_place_of_another_watchlist_is_refused(desk):
    desk.take(item("a", "grain"))
    add(desk, "w", "grain")
    for place in ("1-1", "x", "-", "", told(desk, "w")["next"] + "0", "1-" + "f" * 40):
        assert desk.run("watchlist", "show", "w", "--since", place).code == 2, place


def test_a_cut_journal_is_gone_on_with(desk):
    """What a kill may leave of a last line is made again."""
    add(desk, "w", "grain")
    desk.take(*(item(f"i{n}", f"grain {n} {WORDS[n]}") for n in range(5)))
    state = desk.path / "watch/state/w.state"
    before = state.read_bytes()
    look(desk)
    whole = everything(desk, "w")
    ids = [a["id"] for a in told(desk, "w")["alerts"]]
    journal = desk.path / "watch/state/w.alerts"
    lines = journal.read_bytes()
    for cut in (0, 1, 30, len(lines) // 2, len(lines) - 1, len(lines)):
        journal.write_bytes(lines[:cut])
        state.write_bytes(before)
        look(desk)
        assert everything(desk, "w") == whole and [a["id"] for a in told(desk, "w")["alerts"]] == ids, cut
    assert len(whole) == 5


def test_damage_is_named_and_is_no_trouble_of_others(desk):
    add(desk, "w", "grain")
    add(desk, "x", "harbour")
    (desk.path / "watch/state/w.state").write_text("dragoman-watch 1\nplace x\n")
    done = desk.run("watchlist", "status")
    assert done.code == 1 and "w.state:2" in done.out
    w, x = desk.run("watchlist", "status", "--json").json["watchlists"]
    assert "w.state:2" in w["parked"] and w["trouble"] == w["parked"] and w["query"] == "grain"
    assert x["parked"] is None and x["created"]
    desk.take(item("a", "harbour"))
    look(desk, code=1)
    assert len(everything(desk, "x")) == 1
    desk.run("watchlist", "remove", "w")
    assert desk.run("watchlist", "status").code == 0


def test_what_is_no_file_keeps_nobody_waiting(desk):
    add(desk, "w", "grain")
    os.mkfifo(desk.path / "watch/pipe.watch")
    (desk.path / "watch/folder.watch").mkdir()
    os.mkfifo(desk.path / "names.tsv")
    os.mkfifo(desk.path / "synonyms.tsv")
    (desk.path / "topics").mkdir()
    os.mkfifo(desk.path / "topics/pipe.topic")
    desk.take(item("a", "grain"))
    look(desk, code=1)
    assert len(everything(desk, "w")) == 1
    done = desk.run("watchlist", "status", "--json")
    faults = {w["name"]: w["fault"] for w in done.json["watchlists"]}
    assert done.code == 1 and faults["w"] is None
    assert "pipe.watch: a pipe" in faults["pipe"] and "folder.watch: Is a directory" in faults["folder"]
    assert desk.run("search", "--synonyms", "1", "grain").code == 0


def test_try_tells_what_would_be_found(desk):
    desk.take(item("a", "grain"), item("b", "border"))
    add(desk, "w", "grain")
    done = desk.run("watchlist", "test", "w")
    assert done.code == 0 and done.out.startswith("1 story, 1 item\n") and "Report a" in done.out
    assert desk.run("watchlist", "test", "w", "--json").json["hits"][0]["id"] == "a"


@pytest.mark.parametrize("args", [[], ["nothing"], ["add"], ["show"], ["list", "x"], ["mute", "w"], ["run", "x"],
                                  ["show", "w", "--webhook", "http://x.example/"], ["show", "w", "--limit", "0"]])
def test_wrong_use_is_told(desk, args):
    desk.take(item("a", "grain"))
    assert desk.run("watchlist", *args).code == 2


def test_a_watchlist_can_come_before_the_first_item(desk):
    add(desk, "w", "grain")
    look(desk)
    desk.index("-", stdin=ndjson(item("a", "grain")))
    look(desk)
    assert everything(desk, "w") == [("new", "a")]
