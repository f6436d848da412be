"""Replies over the sample items, word for word. GOLDEN=write stores what the program says now: read the diff."""
import difflib
import json
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DRAGOMAN = os.environ.get("DRAGOMAN", str(ROOT / "build/dragoman"))
WRITE = os.environ.get("GOLDEN") == "write"

# name: arguments of `dragoman search --json`, the query last
REQUESTS = {
    "plain": ["cyber security cooperation"],
    "one-word": ["water"],
    "nothing-found": ["xylophone"],
    "all-items-newest": ["--sort", "newest", "--limit", "5", ""],
    "all-items-oldest": ["--sort", "oldest", "--limit", "5", ""],
    "relaxed": ["moon rover embargo tankers"],
    "match-most": ["--match", "most", "gas storage in Europe before winter"],
    "match-any": ["--match", "any", "--limit", "5", "gas storage in Europe before winter"],
    "phrase": ['"food security"'],
    "phrase-of-surface-forms": ['"national currencies"'],
    "exclusion": ["gas -Europe"],
    "boolean": ["(museum OR heritage) AND (wine OR Odesa)"],
    "prefix": ["desalin* OR saxaul*"],
    "title-field": ["title:grain"],
    "region-field": ['region:"Russian Federation" cyber'],
    "speaker-field": ["speaker:Tokhtarbekov stamps"],
    "date-field": ["date:2021-06..2021-09 cyber"],
    "before-and-after": ["after:2024 before:2025-02 water"],
    "filters": ["--region", "Kazakhstan", "--region", "Ukraine", "--from", "2023", ""],
    "filter-speaker": ["--speaker", "Keiko Tsurumaki", ""],
    "topic-filter": ["--topic", "space", "--sort", "newest", "moon"],
    "facets": ["--facets", "region,country,source,language,topic,speaker,year,month", "--limit", "1", "nuclear"],
    "histogram-month": ["--histogram", "month", "--limit", "1", "sanctions"],
    "histogram-year": ["--histogram", "year", "--limit", "1", ""],
    "grouped": ["--group", "story", "--facets", "source,year", "--histogram", "year", "grain deal Istanbul"],
    "explain": ["--explain", "1", "--limit", "3", "grain corridor"],
    "highlight-text": ["--highlight", "text", "--limit", "2", "hospital ransomware"],
    "highlight-none": ["--highlight", "none", "--limit", "2", "hospital ransomware"],
    "interview-turn": ["--limit", "3", "interview ratification convention"],
    "name-accents": ["Juergen Wiessmueller"],
    "name-initials": ["N.P. Zhernakov"],
    "acronym": ["U.N. experts information"],
    "hyphen": ["load-shedding"],
    "hyphen-joined": ["loadshedding"],
    "russian": ["кибербезопасность обмен данными"],
    "arabic": ["تحلية المياه"],
    "chinese": ["储能电站"],
    "german": ["Wärmepumpe Zuschuss"],
    "unclosed-quote": ['grain "black sea'],
    "unclosed-parenthesis": ["(grain OR rice"],
    "dangling-operators": ["AND grain OR"],
    "star-alone": ["*"],
    "unknown-field": ["weather:sunny grain"],
    "headline-in-capitals": ["GRAIN AND FERTILIZER EXPORTS RESUMED"],
    "misspelt": ["sanktions"],
}


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    made = tmp_path_factory.mktemp("golden") / "data"
    done = subprocess.run([DRAGOMAN, "index", "--data", made, "corpus/milosi", "corpus/rss", "corpus/ndjson"],
                          cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout.decode()
    return made


def normalise(reply):
    """What depends on the moment is blanked; scores are kept to what every machine rounds alike."""
    reply["took_ms"] = reply["revision"] = None
    for hit in reply["hits"]:
        hit["story"]["first_seen"] = None
    if reply["next"] is not None:
        reply["next"] = "a cursor"
    text = json.dumps(reply, ensure_ascii=False, indent=1)
    return re.sub(r'("(?:score|weight|idf)": -?\d+\.\d{4})\d+', r"\1", text) + "\n"


@pytest.mark.parametrize("name", REQUESTS)
def test_the_reply_is_the_stored_one(data, name):
    done = subprocess.run([DRAGOMAN, "search", "--data", data, "--json", *REQUESTS[name][:-1], "--", REQUESTS[name][-1]],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    got = normalise(json.loads(done.stdout))
    path = HERE / "replies" / f"{name}.json"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, "utf-8")
    stored = path.read_text("utf-8") if path.exists() else ""
    assert got == stored, "\n".join(difflib.unified_diff(stored.splitlines(), got.splitlines(), "stored", "now",
                                                         lineterm="", n=2))


def test_every_stored_reply_has_its_request():
    assert {p.stem for p in (HERE / "replies").glob("*.json")} == set(REQUESTS)
