"""Ranking on the judged collections of ../shared/data: never below a plain BM25 of Lucene's, nor what was reached."""
import json

import pytest

from desk import ROOT, SANITIZED, run

SHARED = ROOT.parent / "shared/data"
# nDCG@10 of Lucene 8.7 (EnglishAnalyzer, BM25, lower case), and what doc/ranking.md states, less a rounding.
FIGURES = json.loads((ROOT / "tests/golden/collections.json").read_text())

pytestmark = [
    pytest.mark.skipif(not SHARED.is_dir(), reason="no shared collections here"),
    pytest.mark.skipif(SANITIZED, reason="slow under sanitizers"),
]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    out = {}
    for name in FIGURES:
        folder, data = SHARED / name, tmp_path_factory.mktemp(name)
        fed = run("index", "--quiet", "--data", data, folder / "docs.jsonl")
        assert fed.code in (0, 1), fed
        got = run("eval", "--json", "--data", data, "--queries", folder / "queries.tsv", "--qrels", folder / "qrels.tsv")
        assert got.code == 0, got
        out[name] = got.json["ndcg@10"]
    return out


@pytest.mark.parametrize("name", FIGURES)
def test_ranking_of_a_collection_is_not_below_its_baseline(measured, name):
    assert measured[name] >= FIGURES[name]["reached"] - 0.002, measured[name]


@pytest.mark.parametrize("name", FIGURES)
def test_ranking_of_a_collection_is_not_below_lucene(measured, name):
    assert round(measured[name], 3) >= FIGURES[name]["lucene"], measured[name]


def test_mean_over_collections_is_three_per_cent_above_lucene(measured):
    ours = sum(measured.values()) / len(measured)
    theirs = sum(f["lucene"] for f in FIGURES.values()) / len(FIGURES)
    assert ours >= 1.03 * theirs, ours / theirs
