"""said:, question:, answer: and by: - what one utterance has, and whose it is."""
import random

import pytest

INTERVIEW = {"id": "interview", "title": "Interview with Anna Keller", "body": [
    "Question: Will the harvest be enough?", "Answer: We bought grain early and stored it.",
    "Nobody will go without bread.", "Question: What of the ferry?",
    "Answer: The ferry to the islands sails again in May."]}
BRIEFING = {"id": "briefing", "title": "Briefing", "body": [
    "Q: Does the harvest worry you?", "MR. KELLER: It does not. The ferry worries me.",
    "Q: Why the ferry?", "MR. KELLER: Because grain goes by ferry.", "Q: And bread?", "MS. BYRNE: Bread is safe."]}
NEWS = {"id": "news", "title": "Grain and bread", "body": [
    "The minister opened the port. “Grain came by ferry in spring,” said Anna Keller. “Bread was never short.”",
    "Tom Byrne told reporters: “The harvest will be late, and the islands will wait.”",
    "Grain and the islands were also on the agenda of the council."]}
OTHERS = [{"id": "plain", "title": "Plain", "body": "Grain, bread, ferry, harvest and islands, and nobody says a word."},
          {"id": "kyiv", "title": "Phone call", "body": "“The winter will be cold,” said Volodymyr Zelenskyy."},
          {"id": "initial", "title": "Note", "body": "“The winter will be mild,” said A. Keller."}]


@pytest.fixture
def spoken(desk):
    desk.take(INTERVIEW, BRIEFING, NEWS, *OTHERS)
    return desk


def ids(page):
    return sorted(hit["id"] for hit in page["hits"] if not hit.get("relaxed"))


@pytest.mark.parametrize("query, wanted", [
    ("said:grain", ["briefing", "interview", "news"]),
    ("said:(grain ferry)", ["briefing", "news"]),  # the interview has them in two answers
    ("said:(grain bread)", ["interview"]),  # one answer of two paragraphs; the news in two quotations
    ('said:"grain came"', ["news"]),
    ('said:"bread was" by:Keller', ["news"]),  # a quotation that goes on without a name
    ("said:(grain islands)", []),  # in the news, but nobody says it
    ("question:harvest", ["briefing", "interview"]),
    ("answer:harvest", []),
    ("answer:ferry", ["briefing", "interview"]),
    ("said:harvest by:Byrne", ["news"]),
    ("said:grain by:Byrne", []),
    ("said:(ferry -grain)", ["briefing", "interview"]),  # another utterance may have it
    ("said:(harvest OR winter) by:(Byrne OR Zelensky)", ["kyiv", "news"]),
    ("said:harv* by:Byrne", ["news"]),
    ("by:Keller", ["briefing", "initial", "interview", "news"]),
    ('by:"Anna Keller"', ["briefing", "initial", "interview", "news"]),  # a bare surname and an initial may be hers
    ('by:"Bruno Keller"', ["briefing"]),
    ('by:"A. Keller"', ["briefing", "initial", "interview", "news"]),
    ('by:"Mr. Keller"', ["briefing", "initial", "interview", "news"]),
    ("by:(Keller -Anna)", ["briefing", "initial"]),
    ("by:Keller by:Byrne", []),  # one speaker
    ("by:Keller AND by:Byrne", ["briefing", "news"]),  # two
    ("by:Zelensky", ["kyiv"]),
    ("by:Zelenskiy winter", ["kyiv"]),
    ("grain -said:grain", ["plain"]),
    ("grain -(said:grain by:Anna)", ["briefing", "plain"]),
    ("title:grain said:spring", ["news"]),
])
def test_words_are_sought_in_one_utterance_of_the_speaker(spoken, query, wanted):
    page = spoken.search(query)
    assert ids(page) == wanted
    assert page["total"] == {"value": len(wanted), "relation": "eq"}
    again = spoken.search(page["query"]["parsed"])
    assert ids(again) == wanted and again["query"]["parsed"] == page["query"]["parsed"]


@pytest.mark.parametrize("query, id, turn, snippet", [
    ("answer:ferry", "interview", ("answer", "Anna Keller"), "The <mark>ferry</mark> to the islands sails again in May."),
    ("question:harvest", "interview", ("question", None), "Will the <mark>harvest</mark> be enough?"),
    ("said:bread by:Keller", "news", ("quotation", "Anna Keller"), "<mark>Bread</mark> was never short."),
    ("said:islands", "news", ("quotation", "Tom Byrne"), "The harvest will be late, and the <mark>islands</mark> will wait."),
    ("by:Byrne", "briefing", ("answer", "MS. BYRNE"), "MS. BYRNE: Bread is safe."),
])
def test_a_hit_shows_the_utterance_that_matched_and_whose_it_is(spoken, query, id, turn, snippet):
    hit = next(hit for hit in spoken.search(query)["hits"] if hit["id"] == id)
    assert (hit["turn"]["role"], hit["turn"]["speaker"]) == turn and hit["snippet"] == snippet


def test_scores_are_those_of_the_words_and_are_explained(spoken):
    page = spoken.search("said:(grain ferry)", "--explain", "1")
    for hit in page["hits"]:
        assert hit["score"] == pytest.approx(sum(part["weight"] for part in hit["explain"])) and hit["score"] > 0
    assert all(hit["score"] == 0 for hit in spoken.search("by:Keller")["hits"])


def test_and_between_said_and_by_is_remarked_on(spoken):
    page = spoken.search("said:harvest AND by:Byrne")
    assert ids(page) == ["briefing", "news"] and any("one utterance" in warning for warning in page["warnings"])


@pytest.mark.parametrize("query, offset", [("said:(grain region:Norway)", 19), ("said:(by:Keller)", 6),
                                           ("grain said:(a NEAR b)", 12), ("by:(question:x)", 4)])
def test_what_no_utterance_can_have_is_refused_at_its_place(spoken, query, offset):
    done = spoken.run("search", "--", query)
    assert done.code == 2 and done.err.splitlines()[2] == "  " + " " * offset + "^"


def test_exact_spelling_leaves_other_spellings_of_a_speaker_out(spoken):
    assert ids(spoken.search("by:Zelensky", "--exact", "1")) == []
    assert ids(spoken.search("by:Zelenskyy", "--exact", "1")) == ["kyiv"]


def test_the_fields_that_pass_items_on_are_filters_and_facets(desk):
    desk.take({"id": "a", "title": "A", "body": "Beijing, June 16 /Xinhua/ - Grain.", "provider": "MIL OSI"},
              {"id": "b", "title": "B", "body": "Grain.", "provider": "Wire"})
    page = desk.search("grain", "--facets", "provider,agency")
    assert page["facets"] == {"provider": [{"value": "MIL OSI", "count": 1}, {"value": "Wire", "count": 1}],
                              "agency": [{"value": "Xinhua", "count": 1}]}
    assert ids(desk.search("grain", "--provider", "mil osi")) == ids(desk.search("grain", "--agency", "Xinhua")) == ["a"]


def test_any_interview_is_read_as_its_turns_say(desk):
    """Drawn interviews against a plain reading of the same turns."""
    draw = random.Random(11)
    words, names = "grain ferry bread port island winter".split(), ["ANNA KELLER", "TOM BYRNE", "MR. KELLER"]
    items = []
    for i in range(60):
        body = []
        for _ in range(draw.randint(2, 6)):
            said = [" ".join(draw.choices(words, k=draw.randint(1, 5))) for _ in range(3)]
            body += [f"Q: {said[0]}?", f"{draw.choice(names)}: {said[1]}."] + draw.choice([[], [said[2] + "."]])
        items.append({"id": f"i{i}", "title": f"Talk {i}", "body": body})
    desk.take(*items)
    shown, seen = {}, 0
    for item in items:
        done = desk.run("show", "--json", item["id"])
        shown[item["id"]] = done.json
    for _ in range(60):
        a, b, name = draw.choice(words), draw.choice(words), draw.choice(["Keller", "Byrne", "Anna"])
        role = draw.choice(["said", "question", "answer"])

        def fits(turn, item):
            text = " ".join(item["body"][turn["from"]:turn["to"]])
            return (role in ("said", turn["role"]) and name.upper() in (turn.get("speaker") or "") and a in text and b in text)
        wanted = sorted(id for id, item in shown.items() if any(fits(t, item) for t in item.get("turns", [])))
        if role == "question":
            wanted, name = sorted(id for id, item in shown.items() if any(
                t["role"] == "question" and {a, b} <= set(" ".join(item["body"][t["from"]:t["to"]]).strip("?").split())
                for t in item["turns"])), None
        page = desk.search(f"{role}:({a} {b})" + (f" by:{name}" if name else ""), "--limit", "100")
        seen += len(wanted)
        assert ids(page) == wanted and page["total"]["value"] == len(wanted)
    assert seen > 200
