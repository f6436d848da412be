"""`dragoman eval` against figures worked out by hand."""
import math

import pytest

from desk import item

# The impact of a word grows with how often it stands in an item of the same length: the order is a, b, c, d.
ITEMS = [item("a", "amber amber amber amber stone", title="One"),
         item("b", "amber amber amber stone stone", title="Two"),
         item("c", "amber amber stone stone stone", title="Three"),
         item("d", "amber stone stone stone stone", title="Four"),
         item("e", "basalt grit grit grit grit", title="Five")]


@pytest.fixture
def ranked(desk):
    desk.take(*ITEMS)
    assert desk.ids("amber") == ["a", "b", "c", "d"]
    return desk


@pytest.fixture
def files(tmp_path):
    def write(queries, qrels):
        (tmp_path / "queries.tsv").write_text(queries)
        (tmp_path / "qrels.tsv").write_text(qrels)
        return "--queries", tmp_path / "queries.tsv", "--qrels", tmp_path / "qrels.tsv"
    return write


def figures(desk, args, *more):
    done = desk.run("eval", "--json", *args, *more)
    assert done.code == 0 and done.err == "", done
    return done.json


def test_one_query_against_figures_by_hand(ranked, files):
    # Ranking a b c d; relevant are b (grade 3), d (grade 1) and e (grade 2), which is not found.
    got = figures(ranked, files("q1\tamber\n", "q1\tb\t3\nq1\td\t1\nq1\te\t2\nq1\tc\t0\n"))
    gain = 3 / math.log2(3) + 1 / math.log2(5)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert got == {"ndcg@10": round(gain / ideal, 4), "map": round((1 / 2 + 2 / 4) / 3, 4),
                   "recall@100": round(2 / 3, 4), "mrr": 0.5, "queries": 1}


def test_figures_are_means_over_queries_with_a_relevant_item(ranked, files):
    queries = "q1\tamber\nq2\tbasalt\nq3\tamber\nq4\tgranite\n"
    qrels = "q1\ta\t1\nq2\te\t1\nq3\ta\t0\nq4\ta\t1\n"  # q3 has none; q4 finds nothing
    got = figures(ranked, files(queries, qrels))
    assert got == {"ndcg@10": round(2 / 3, 4), "map": round(2 / 3, 4), "recall@100": round(2 / 3, 4),
                   "mrr": round(2 / 3, 4), "queries": 3}


def test_the_run_file_lists_the_ranking(ranked, files, tmp_path):
    figures(ranked, files("q1\tamber\nq2\tbasalt\n", "q1\ta\t1\n"), "--run", tmp_path / "run.tsv")
    rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text().splitlines()]
    assert [r[:3] for r in rows] == [["q1", "a", "1"], ["q1", "b", "2"], ["q1", "c", "3"], ["q1", "d", "4"],
                                     ["q2", "e", "1"]]
    scores = [float(r[3]) for r in rows[:4]]
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0


def test_depth_cuts_the_ranking(ranked, files):
    args = files("q1\tamber\n", "q1\td\t1\n")
    assert figures(ranked, args, "--depth", "2")["recall@100"] == 0
    assert figures(ranked, args, "--depth", "4")["recall@100"] == 1


def test_words_are_joined_by_any_unless_told(ranked, files):
    args = files("q1\tbasalt amber\n", "q1\ta\t1\nq1\te\t1\n")
    assert figures(ranked, args)["recall@100"] == 1
    assert figures(ranked, args, "--syntax")["recall@100"] == 1


def test_operators_are_words_unless_the_syntax_is_asked_for(ranked, files):
    args = files("q1\tamber -stone\n", "q1\ta\t1\n")
    assert figures(ranked, args)["recall@100"] == 1
    assert figures(ranked, args, "--syntax")["recall@100"] == 0


def test_plain_output_names_the_figures(ranked, files):
    done = ranked.run("eval", *files("q1\tamber\n", "q1\ta\t1\n"))
    assert done.out == ("nDCG@10     1.0000\nMAP         1.0000\nrecall@100  1.0000\nMRR         1.0000\n"
                        "queries     1\n")


def test_a_query_that_is_refused_counts_as_nothing_found(ranked, files):
    done = ranked.run("eval", "--json", "--syntax", *files("q1\tamber\nq2\tdate:2021-02-31\n", "q1\ta\t1\nq2\ta\t1\n"))
    assert done.code == 1 and "q2" in done.err and done.json["mrr"] == 0.5


BROKEN = [("q1 amber\n", "q1\ta\t1\n", "queries.tsv:1"), ("q1\tamber\nq1\tstone\n", "q1\ta\t1\n", "twice"),
          ("q1\tamber\n", "q1\ta\n", "qrels.tsv:1"), ("q1\tamber\n", "q1\ta\tgood\n", "qrels.tsv:1")]


@pytest.mark.parametrize("queries, qrels, named", BROKEN)
def test_broken_files_are_named_with_their_line(ranked, files, queries, qrels, named):
    done = ranked.run("eval", *files(queries, qrels))
    assert done.code == 2 and named in done.err and done.out == "", done


def test_missing_files_are_named(ranked, tmp_path):
    done = ranked.run("eval", "--queries", tmp_path / "none.tsv", "--qrels", tmp_path / "none.tsv")
    assert done.code in (2, 3) and "none.tsv" in done.err


def test_queries_that_lose_most_are_listed_worst_first_with_the_parts(ranked, files):
    more = [item(f"x{i}", "amber " * 9 + "stone", title=f"X{i}") for i in range(12)]
    ranked.take(*more)
    args = files("q1\tamber\nq2\tbasalt\nq3\tgranite\n", "q1\td\t1\nq2\te\t1\nq3\ta\t1\n")
    done = ranked.run("eval", *args, "--explain-losses", "5")
    assert done.code == 0, done
    q1, q3 = done.out.index("query q1: nDCG@10 0.0000: amber"), done.out.index("query q3: nDCG@10 0.0000: granite")
    assert q1 < q3 and "query q2" not in done.out  # q2 loses nothing
    assert "wanted, at 16: d  Four" in done.out
    assert "wanted, not among the first 0: a" in done.out
    assert "instead, at 1: x" in done.out and "form:amber" in done.out
    got = ranked.run("eval", "--json", *args, "--explain-losses", "1").json["losses"]
    assert got == [{"query": "q1", "ndcg@10": 0.0, "wanted": [{"id": "d", "rank": 16}]}]
