#!/usr/bin/python3
"""Writes topics.tsv, the table of IPTC's topic codes that topics.c looks codes up in, to standard output.

    lib/item/topics.py MEDIA-TOPICS.tsv SUBJECT-CODES.tsv >lib/item/topics.tsv

The first list has the columns code, name, broader code (IPTC Media Topics, CC BY 4.0, IPTC), the second code and name
(IPTC subject codes); both have a header line. What changed since the first was made stands here. A row of the result:
"m" or "s" for the list, with the code; the name; the code of the broader topic; the code of the topic to use
instead, if it is retired. Rows are in the order of their bytes, so that they can be looked up by halves.
"""
import sys

# Names that IPTC gave since, and the wording of its top topics.
NAMES = {
    "01000000": "arts, culture, entertainment and media", "02000000": "crime, law and justice",
    "03000000": "disaster, accident and emergency incident", "04000000": "economy, business and finance",
    "05000000": "education", "06000000": "environment", "07000000": "health", "08000000": "human interest",
    "09000000": "labour", "10000000": "lifestyle and leisure", "11000000": "politics and government",
    "12000000": "religion", "13000000": "science and technology", "14000000": "society", "15000000": "sport",
    "16000000": "conflict, war and peace", "17000000": "weather",
    "20000598": "national security", "20000599": "armed forces", "20000602": "military weaponry and equipment",
}
BROADER = {"20000587": "14000000", "20000599": "20000598", "20000602": "20000598", "20000605": "20000598"}
INSTEAD = {"20000601": "20000602", "20000603": "20000598", "20000604": "20000598", "20000631": "20000627"}
# Words that begin with a capital wherever they stand.
PROPER = set("""AIDS American Asian Australian Bible Buddhism Canadian Catholicism Christian Christianity Christmas
    Confucianism Easter Eid ESports Gaelic Halloween Hanukkah Hasidism Hinduism Internet Islam Jainism Judaism Krav LGBTQ
    Mormonism Nordic Olympic Paralympic Pentecost Protestantism Qur'an Ramadan Scientology Shia Shintoism Sikhism Sunni
    Swiss Taekwon-Do Taoism Torah Walpurgis Western Yom Zoroastrianism""".split())


def rows(path):
    with open(path, encoding="utf-8") as lines:
        for line in list(lines)[1:]:
            yield line.rstrip("\n").split("\t")


def plain(name):
    """In lower case at its head, as IPTC writes names."""
    return name if name.split(" ")[0] in PROPER else name[:1].lower() + name[1:]


def media_topics(path):
    for code, name, broader, *_ in rows(path):
        yield ("m" + code, NAMES.get(code, plain(name)), BROADER.get(code, broader), INSTEAD.get(code, ""))


def subject_codes(path):
    """A code names its broader ones: 11 014 002 lies in 11 014 000, that in 11 000 000."""
    for code, name, *_ in rows(path):
        if not name.endswith("DEPRECATED"):
            top, matter = code[:2] + "000000", code[:5] + "000"
            yield ("s" + code, name, "" if code == top else top if code == matter else matter, "")


def main():
    media, subjects = sys.argv[1:]
    for row in sorted({row[0]: row for row in [*media_topics(media), *subject_codes(subjects)]}.values()):
        print("\t".join(row))


if __name__ == "__main__":
    main()
