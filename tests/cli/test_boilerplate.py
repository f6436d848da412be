"""`dragoman boilerplate`: the report, and what a person decides."""
from desk import item, ndjson

FOOT = "CONTACT THE PRESS DESK OF THE HARBOUR OFFICE"


def series(count, foot=FOOT, year=2021):
    return [item(f"{year}-{i}", f"Pier {year}{i} is open to ships.\n\n{foot}", source="Port",
                 published=f"{year}-01-{i + 1:02}T09:00:00Z") for i in range(count)]


def lines(desk, *args):
    done = desk.run("boilerplate", "--json", *args)
    assert done.code == 0, done
    return {line["line"]: line for line in done.json["lines"]}


def test_an_archive_without_rules_has_an_empty_report(desk):
    desk.take(*series(3))
    assert lines(desk) == {}
    assert desk.run("boilerplate").out == ""


def test_a_line_is_learned_and_no_longer_found_after_a_reindex(desk):
    desk.take(*series(25))
    line = lines(desk, "--learn")[FOOT]
    assert (line["state"], line["items"], line["of"], line["scope"], line["waits"]) == \
        ("learned", 25, 25, "source:Port", True)
    assert len(desk.ids('"press desk"', "--limit", "50")) == 25
    shown = desk.run("boilerplate").out
    assert shown.startswith("source:Port\n*learned") and "reindex" in shown
    assert desk.run("reindex").code == 0
    assert desk.ids('"press desk"') == []
    assert not lines(desk)[FOOT]["waits"]
    assert desk.run("verify").code == 0
    out = desk.run("show", "2021-3").out
    assert f"[learned] {FOOT}" in out


def test_a_person_has_the_last_word(desk):
    desk.take(*series(25))
    assert desk.run("boilerplate", "--learn").code == 0
    done = desk.run("boilerplate", "--forbid", FOOT)
    assert done.code == 0 and "forbidden in 1 source;" in done.out
    assert desk.run("reindex").code == 0
    assert len(desk.ids('"press desk"', "--limit", "50")) == 25
    assert lines(desk, "--learn")[FOOT]["state"] == "forbidden"
    assert desk.run("boilerplate", "--approve", FOOT, "--scope", "source:Port").code == 0
    assert desk.run("reindex").code == 0
    assert desk.ids('"press desk"') == []


def test_a_changed_template_is_reported(desk):
    desk.take(*series(25))
    assert desk.run("reindex").code == 0
    desk.take(*series(6, "WRITE TO THE NEW DESK", 2022))
    told = lines(desk, "--learn")
    assert told[FOOT]["state"] == "gone"
    assert told["WRITE TO THE NEW DESK"]["state"] == "candidate"


def test_the_report_can_be_of_one_source(desk):
    desk.take(*series(25))
    assert FOOT in lines(desk, "--learn", "--scope", "source:Port")
    assert lines(desk, "--scope", "source:Nobody") == {}


def test_wrong_use_is_told(desk):
    desk.take(*series(1))
    for args in (["--approve"], ["a line"], ["--approve", "--forbid", "x"], ["--approve", "x", "y"],
                 ["--approve", "x", "--scope", "Port"]):
        done = desk.run("boilerplate", *args)
        assert done.code == 2 and done.err.startswith("dragoman boilerplate: "), (args, done)
    unknown = desk.run("boilerplate", "--forbid", "no such line")
    assert unknown.code == 1 and "no such line is known" in unknown.err


def test_a_damaged_file_is_named_with_its_line(desk):
    desk.take(*series(1))
    (desk.path / "boilerplate.tsv").write_text("learned\tnonsense\n")
    done = desk.run("boilerplate")
    assert done.code == 2 or done.code == 3
    assert "boilerplate.tsv:1" in done.err
