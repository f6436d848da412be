# SPDX-License-Identifier: GPL-2.0-or-later
"""Searches that nobody in good faith asks: each bound of the query language and of requests is gone to, and over.

`requests()` gives (name, [(parameter, value), ...]); values are bytes, as a client may send any. The words are frequent ones of
English news, so that they are dear in any archive of it. Depends on Python's standard library alone.
"""
import itertools
import pathlib
from urllib.parse import quote_from_bytes

FREQUENT = ("the of to and in a for on that is was said with by russia president ukraine state minister year people government "
            "world new country will has from at as it be are this not they we our have united states").split()
CONTENT = ("president russia ukraine state minister year people government world new country united states putin moscow war "
           "security military economic foreign house american federal national public work time first today").split()
STOPS = "the of to and in a for on that is was with by at as it be are this not".split()
SYNONYMS = ("grain deal", "special military operation", "nuclear power plant", "sanctions", "drone", "climate change",
            "foreign ministry", "greenhouse gas emissions", "great patriotic war", "humanitarian corridor")
NAMES = ("Vladimir Putin", "Zelensky", "Kyiv", "Kharkiv", "Russian defence minister", "Volodymyr Zelenskyy", "Odesa",
         "V. Putin", "Lavrov", "Shoigu", "Mao Zedong", "Khalid", "Aleksandr", "Sergei", "Dmitry")
FACETS = "region,country,source,language,topic,speaker,year,month,variants"


def cycle(words, n):
    return [word for word, _ in zip(itertools.cycle(words), range(n))]


def numbered(words, n):
    """n different words."""
    return [f"{word}{'' if i < len(words) else i // len(words)}" for i, word in zip(range(n), itertools.cycle(words))]


def nesting():
    for depth in (10, 31, 32, 33, 500, 2000):
        yield f"parentheses {depth}", "(" * depth + "russia" + ")" * depth
        yield f"open parentheses {depth}", "(" * depth + "russia"
        yield f"not in not {depth}", "-(" * depth + "russia" + ")" * depth
        yield f"or in and {depth}", "(president OR (russia AND " * (depth // 2) + "war" + "))" * (depth // 2)
    yield "closed parentheses", ")" * 2000 + " russia"
    yield "quotes", '"' * 1001
    yield "quoted quotes", '"russia "putin "war' * 50
    yield "field in field", "title:" * 300 + "russia"
    yield "minus signs", "-" * 1500 + "russia"
    yield "plus and minus", "+-" * 700 + "russia"


def many():
    for n in (64, 65, 200, 700):
        for name, joiner in (("or", " OR "), ("and", " AND "), ("side by side", " "), ("without", " -")):
            yield f"{n} words {name}", joiner.join(cycle(FREQUENT, n))
            yield f"{n} different words {name}", joiner.join(numbered(CONTENT, n))
    yield "one word 600 times", "russia " * 600
    yield "one letter words", " ".join("abcdefghijklmnopqrstuvwxyz" * 30)
    yield "numbers", " ".join(str(i) for i in range(600))
    yield "nots", "russia " + " ".join(f"NOT {word}" for word in cycle(FREQUENT, 60))
    yield "and not or", " OR ".join(f"({a} AND NOT {b})" for a, b in zip(cycle(CONTENT, 30), cycle(FREQUENT, 30)))
    yield "operators alone", " AND OR NOT " * 150
    yield "a word of 4000 letters", "a" * 4000
    yield "a compound of 600 parts", "-".join(cycle(CONTENT, 600))
    yield "60 compounds", " ".join("-".join(cycle(CONTENT[i:], 4)) for i in range(15))
    yield "over the length", "russia " * 2000


def stars():
    for pattern in ("*", "**", "?", "??*", "a*", "*a", "ab*", "abc*", "the*", "con*", "pre*", "int*", "s*e", "p?e*", "co*i*n*",
                    "a?*?*?*", "*e*e*", "in*tion", "un*"):
        yield f"pattern {pattern}", pattern
    yield "four prefixes", "con* pre* int* per*"
    yield "five prefixes", "con* pre* int* per* com*"
    yield "prefixes or", "con* OR pre* OR int* OR per*"
    yield "60 prefixes", " ".join(f"{word[:3]}*" for word in numbered(CONTENT, 60))
    yield "patterns with many stars", " ".join(["co*o*o*", "in*t*t*t*", "pr*s*d*t*", "st*t*s*"])
    yield "a pattern of stars", "ab" + "*?" * 500
    yield "prefix and phrase", 'con* "president of the"'
    yield "prefix near prefix", "con* NEAR/10 pre*"
    yield "prefixes in a field", "title:con* title:pre* title:int*"
    yield "excluded prefixes", "the -con* -pre* -int*"


def near():
    for operator in ("NEAR/1", "NEAR/10", "NEAR/10000", "NEAR/0", "NEAR/-1", "NEAR/99999999999999", "ADJ/10000", "SENT", "PARA"):
        yield f"two frequent words {operator}", f"the {operator} of"
        yield f"five words {operator}", f" {operator} ".join(CONTENT[:5])
    yield "sixty words near", " NEAR/50 ".join(cycle(FREQUENT, 60))
    yield "sixty words in order", " ADJ/50 ".join(cycle(FREQUENT, 60))
    yield "sixty words in a sentence", " SENT ".join(cycle(FREQUENT, 60))
    yield "one word near itself", " NEAR/10 ".join(["the"] * 30)
    yield "phrases near phrases", '"of the" NEAR/50 "in the" NEAR/50 "to the" NEAR/50 "on the"'
    yield "near or near", " OR ".join(f"({a} NEAR/50 {b})" for a, b in zip(cycle(FREQUENT, 30), cycle(CONTENT, 30)))
    yield "near a pattern", "president NEAR/50 co* NEAR/50 s?a*"
    yield "near a fuzzy word", "president NEAR/50 goverment~ NEAR/50 minsiter~"


def phrases():
    for n in (2, 4, 8, 16, 17, 300):
        yield f"stop words {n}", '"' + " ".join(cycle(STOPS, n)) + '"'
        yield f"the {n} times", '"' + " ".join(["the"] * n) + '"'
        yield f"frequent words {n}", '"' + " ".join(cycle(FREQUENT, n)) + '"'
    yield "thirty phrases", " OR ".join(f'"{a} {b}"' for a, b in zip(cycle(STOPS, 30), cycle(STOPS[1:], 30)))
    yield "thirty phrases and", " ".join(f'"{a} the"' for a in cycle(STOPS, 30))
    yield "excluded phrases", "russia " + " ".join(f'-"{a} the"' for a in cycle(STOPS, 30))
    yield "empty phrases", '"" ' * 500
    yield "phrases of signs", '"!!! ???" ' * 200


def letters():
    yield "invalid utf-8", b"\xff\xfe\x80 russia \xc0\xaf"
    yield "cut utf-8", "война".encode()[:-1]
    yield "surrogates", b"\xed\xa0\x80\xed\xb0\x80 russia"
    yield "overlong", b"\xf0\x82\x82\xac russia"
    yield "beyond unicode", b"\xf4\x90\x80\x80 russia"
    yield "all bytes", bytes(range(1, 256))
    yield "right to left", "\u202e" * 300 + "russia" + "\u202c" * 300
    yield "arabic", "روسيا " * 150
    yield "combining marks", "r" + "\u0301" * 1200 + "ussia"
    yield "combining marks on each", "".join(c + "\u0300\u0301\u0302" for c in "russia" * 60)
    yield "zero width", "\u200b\u200d\ufeff".join("russia" * 40)
    yield "han", "中国外交部发言人表示" * 60
    yield "han phrase", '"' + "中国外交部发言人" * 20 + '"'
    yield "thai", "รัสเซีย" * 90
    yield "emoji", "👩‍👩‍👧‍👦" * 60
    yield "ligatures", "ﷺ" * 400
    yield "capital sharp s", "ẞ" * 700
    yield "controls", "".join(map(chr, range(1, 32))) * 40
    yield "blanks", "\u3000\u00a0\t " * 500
    yield "mixed scripts", " ".join(["russia", "россия", "ρωσία", "روسيا", "俄罗斯", "รัสเซีย"] * 30)
    yield "soft hyphens", "\u00ad".join("president" * 60)


def fuzzy():
    yield "four fuzzy words", "goverment~ presidnet~ minsiter~ ukraien~"
    yield "sixty fuzzy words", " ".join(f"{word}~" for word in numbered([w for w in CONTENT if len(w) > 4], 60))
    yield "fuzzy or", " OR ".join(["goverment~", "presidnet~", "minsiter~", "ukraien~"])
    yield "fuzzy of long words", " ".join(["internationalisation~", "telecommunications~", "misunderstandings~"])
    yield "fuzzy nothing", "qqqqqqqq~ zzzzzzzz~ xxxxxxxx~ wwwwwwww~"
    yield "fuzzy with a number", "russia~9 ukraine~99999999"
    yield "unknown words", " ".join("qz" + chr(97 + i % 26) * 6 for i in range(60))
    yield "misspelt words", " ".join(word[:-2] + word[-1] + word[-2] for word in numbered(CONTENT, 60) if len(word) > 4)


def boosts():
    for boost in ("0", "0.0001", "20", "1e308", "99999999999999999999", "-5", "nan", "inf", "^^^"):
        yield f"boost {boost}", f"russia^{boost} ukraine^{boost}"
    yield "boosted group", "(russia OR ukraine OR president)^20^20^20"
    yield "boosts without end", "russia" + "^2" * 600


def fields():
    for field in ("title", "region", "country", "source", "topic", "language", "id", "speaker", "provider", "agency", "date"):
        yield f"{field} of many values", f"{field}:(" + " OR ".join(numbered(CONTENT, 60)) + ")"
        yield f"{field} *", f"{field}:*"
    yield "unknown fields", " ".join(f"{word}:{word}" for word in CONTENT)
    yield "exact of many", " ".join(f"exact:{word}" for word in numbered(CONTENT, 60))
    yield "dates of 9999 years", "date:0001..9999"
    yield "dates backwards", "date:9999..0001"
    yield "dates without number", "date:" + "9" * 400
    yield "thirty date ranges", " OR ".join(f"date:{1990 + i}-01-02..{2000 + i}-11-29" for i in range(30))
    yield "dates excluded", "russia " + " ".join(f"-date:{2000 + i}-02..{2000 + i}-11" for i in range(25))
    yield "before and after", "before:9999-12-31 after:0001-01-01 before:2020-02-30"


def expressions():
    yield "names", " ".join(NAMES)
    yield "names or", " OR ".join(f"({name})" for name in NAMES)
    yield "names twice", " ".join(NAMES + tuple(name.upper() for name in NAMES))
    yield "initials", " ".join(f"{c}. Petrov" for c in "ABCDEFGHIJKLMNOP")
    yield "guessed names", " ".join(f"{c}harlamov" for c in "KHBCDGJLMNPQRSTV")
    yield "synonyms", " ".join(SYNONYMS)
    yield "synonyms or", " OR ".join(f"({s})" for s in SYNONYMS)
    yield "synonyms thrice", " ".join(SYNONYMS * 3)
    yield "exceptions", "all the news about russia, " + "excluding ukraine, without the state, but not the president, " * 20


def parameters():
    everything = [("facets", FACETS), ("histogram", "hour"), ("limit", "100"), ("explain", "1"), ("related", "1")]
    yield "all items, everything", [*everything]
    yield "all items, everything, stories", [*everything, ("group", "story")]
    for name, q in (("one word", "the"), ("words", "president of russia"), ("names", " ".join(NAMES)), ("phrase", '"of the"'),
                    ("prefix", "con*"), ("near", "the NEAR/10 of"), ("64 words", " ".join(cycle(FREQUENT, 64)))):
        for match in ("all", "most", "any"):
            yield f"{name}, everything, {match}", [("q", q), ("match", match), *everything]
            yield f"{name}, everything, {match}, stories", [("q", q), ("match", match), ("group", "story"), *everything]
        for sort in ("newest", "oldest"):
            yield f"{name}, {sort}", [("q", q), ("match", "any"), ("sort", sort), ("limit", "100")]
    for n in (64, 65, 1000):
        yield f"{n} regions", [("region", f"Region {i}") for i in range(n)] + [("q", "the")]
        yield f"{n} values of all filters", [(f, f"Value {i}") for f in ("region", "country", "source", "topic", "language", "speaker")
                                             for i in range(n)]
    yield "a region of 900 letters", [("region", "r" * 900)]
    yield "a region of 5000 letters", [("region", "r" * 5000)]
    yield "from 1 to 9999", [("q", "the"), ("from", "0001"), ("to", "9999"), ("histogram", "hour")]
    yield "from after to", [("q", "the"), ("from", "9999"), ("to", "0001")]
    yield "a day each way", [("from", "1999-12-31"), ("to", "2026-01-02"), ("histogram", "hour"), ("facets", FACETS)]
    for cursor in ("AAAA", "A" * 8000, "A" * 9000, "!!!!", "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u00e9" * 50):
        yield f"cursor {cursor[:6]} {len(cursor)}", [("q", "the"), ("cursor", cursor)]
    yield "similar to nothing", [("similar", "x" * 900)]
    yield "recency of everything", [("q", "the"), ("recency", "1"), ("half_life", "1"), ("limit", "100")]
    yield "recency of many words", [("q", " ".join(cycle(FREQUENT, 64))), ("match", "any"), ("recency", "0.5"), ("limit", "100")]
    yield "expanded", [("q", " ".join(cycle(CONTENT, 30))), ("match", "any"), ("expand", "1"), ("limit", "100")]
    yield "literal text", [("q", "the president of russia said that " * 100), ("literal", "1"), ("match", "any")]
    yield "literal operators", [("q", "( ) AND OR NOT NEAR/5 * ? ~ ^ : \" - " * 80), ("literal", "1")]


def places(data, n):
    """n places of an archive, spread evenly, at which a record begins."""
    segments = sorted(pathlib.Path(data, "archive").glob("*.ndjson"))
    sizes = [path.stat().st_size for path in segments]
    for i in range(n):
        at, number = sum(sizes) * i // n, 0
        while number < len(sizes) and at >= sizes[number]:
            at, number = at - sizes[number], number + 1
        if number == len(sizes):
            return
        with segments[number].open("rb") as segment:
            segment.seek(max(at - 1, 0))
            if at > 0:
                segment.readline()
            if segment.tell() < sizes[number]:
                yield f"{int(segments[number].stem)}:{segment.tell()}"


def moments(data):
    """Ever new moments, for each of which what changed since is read back: more than a reader keeps, and each of them twice."""
    everything = [("facets", FACETS), ("histogram", "month"), ("limit", "100"), ("explain", "1")]
    for i, place in enumerate(places(data, 12)):
        for turn in ("first", "again"):
            yield f"words, moment {i}, {turn}", [("q", "president of russia"), ("as_of", place), *everything]
        yield f"all items, moment {i}", [("as_of", place), ("group", "story"), *everything]
        yield f"phrase, moment {i}", [("q", '"of the" OR "in the"'), ("as_of", place), ("sort", "newest")]
    for place in places(data, 7):
        yield f"words at {place}", [("q", "the state"), ("match", "any"), ("as_of", place), ("versions", "all")]
    for as_of in ("0001", "9999", "1:1", "1:0", "1:99999999999999", "99999999:0", "9-9", "x" * 900):
        yield f"as of {as_of[:20]}", [("q", "the"), ("as_of", as_of)]


KINDS = (nesting, many, stars, near, phrases, letters, fuzzy, boosts, fields, expressions)


def requests(data=None):
    """With moments of the archive in `data`, if one is named."""
    for kind in KINDS:
        for name, q in kind():
            yield f"{kind.__name__}: {name}", [("q", q if isinstance(q, bytes) else q.encode("utf-8"))]
            if kind in (many, stars, near, phrases, fuzzy):
                yield f"{kind.__name__}: {name}, any", [("q", q.encode("utf-8")), ("match", b"any")]
    for kind, listed in (("parameters", parameters()), ("moments", moments(data) if data else ())):
        for name, pairs in listed:
            yield f"{kind}: {name}", [(key, value.encode("utf-8")) for key, value in pairs]


def lines(data=None):
    """A line for each request: name, tab, pairs as in a URL."""
    for name, pairs in requests(data):
        yield name + "\t" + "&".join(f"{key}={quote_from_bytes(value, safe='')}" for key, value in pairs)


if __name__ == "__main__":
    print("\n".join(lines()))
