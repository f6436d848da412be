# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of bounds, and what else tells of it; searches that go to the bounds and over."""
import json
import pathlib
import subprocess
import sys

import pytest

from desk import DRAGOMAN, ROOT, SANITIZED, Desk, environment, item, run

sys.path.insert(0, str(ROOT / "tests/tools"))
import hostile  # noqa: E402

LIMITS = json.loads(run("limits", "--json").out)
VALUE = {limit["name"]: limit["value"] for limit in LIMITS}
PAGE = (ROOT / "doc/http-api.md").read_text("utf-8")
MANUAL = (ROOT / "doc/dragoman-query.7").read_text("utf-8").replace("\\-", "-")
BUILD = pathlib.Path(DRAGOMAN).resolve().parent


@pytest.mark.parametrize("limit", LIMITS, ids=[limit["name"] for limit in LIMITS])
def test_manual_and_page_tell_of_each_bound(limit):
    assert f"| `{limit['name']}` | {limit['value']} | {limit['help']} |\n" in PAGE
    assert f".TP\n.B {limit['name']}\n{limit['value']}: {limit['help']}\n" in MANUAL


def test_plain_output_has_a_line_for_each_bound():
    lines = run("limits").out.splitlines()
    assert [line.split()[:2] for line in lines] == [[limit["name"], str(limit["value"])] for limit in LIMITS]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("limits") / "data")
    words = hostile.FREQUENT + hostile.CONTENT

    def version(i, **more):
        return item(f"i{i}", f"{' '.join(words[i % 40:])}. {' '.join(words[:i % 60])} extra{i} the of the of.",
                    title=" ".join(words[i % 50:i % 50 + 5]), published=f"20{i % 20 + 10}-0{i % 9 + 1}-11",
                    region=f"Region {i % 7}", source=f"Source {i % 30}", **more)

    made.take(*[version(i) for i in range(300)])
    made.take(*[version(i, updated="2031-01-01", section="corrected") for i in range(0, 300, 2)])
    return made


def warned(desk, query, *args):
    return " ".join(desk.search(query, *args)["warnings"])


def test_what_is_over_a_bound_is_said_or_refused(desk):
    near = " NEAR/5 ".join(["the"] * (VALUE["near-operands"] + 3))
    assert f"only the first {VALUE['near-operands']} words of NEAR are compared; 3 were left out" in warned(desk, near)
    phrase = '"' + " ".join(["the"] * (VALUE["phrase-words"] + 2)) + '"'
    assert f"only the first {VALUE['phrase-words']} words of a phrase" in warned(desk, phrase)
    for query in ("x" * (VALUE["query-bytes"] + 1), "(" * (VALUE["query-depth"] + 1) + "a" + ")" * (VALUE["query-depth"] + 1)):
        assert run("search", "--data", desk.path, "--", query).code == 2
    values = [f"--region=R{i}" for i in range(VALUE["filter-values"] + 1)]
    assert run("search", "--data", desk.path, *values, "the").code == 2
    assert run("search", "--data", desk.path, "--limit", str(VALUE["page-hits"] + 1), "the").code == 2


def test_the_time_limit_of_a_search_is_an_option(desk):
    assert desk.search("president", "--deadline-ms=2000")["total"]["value"] > 0
    for value in ("0", "-1", "x", str(VALUE["deadline-most-ms"] + 1)):
        refused = run("search", "--data", desk.path, f"--deadline-ms={value}", "president")
        assert refused.code == 2 and "deadline-ms" in refused.err


def rows_of(desk, lines, *args):
    done = subprocess.run([BUILD / "tests/tools/hostile", desk.path, *args], input="\n".join(lines).encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return [row.split("\t") for row in done.stdout.decode().splitlines()]


def test_hostile_searches_are_answered_or_refused_within_their_memory(desk):
    lines = list(hostile.lines(desk.path))
    assert sum(line.startswith("moments: words, moment") for line in lines) == 24
    assert len(lines) >= 200 and len({line.split("\t")[0] for line in lines}) == len(lines)
    rows = rows_of(desk, lines, "2000")
    assert [row[-1] for row in rows] == [line.split("\t")[0] for line in lines]
    refusals = {"not acceptable", "not found", "the query cannot be understood"}
    for ms, _, kb, status, _, total, relation, partial, _, name in rows:
        assert status == "done" or status in refusals, (name, status)
        assert SANITIZED or int(kb) <= 64 * 1024, (name, kb)
        assert partial == "whole" or relation == "gte" or total != "0", name
    assert sum(row[3] == "done" for row in rows) >= 200


def test_what_is_planned_for_a_hostile_search_has_a_bound(desk):
    """Not time, which a machine decides, but parts of the explained plan: no hit has more than the bound of parts."""
    for name, pairs in hostile.requests():
        if name.startswith(("many", "expressions")) and b"\0" not in pairs[0][1]:
            found = run("search", "--data", desk.path, "--json", "--explain=1", "--limit=3", "--", pairs[0][1].decode())
            if found.code == 0:
                for hit in found.json["hits"]:
                    assert len(hit.get("explain") or []) <= 512, name
