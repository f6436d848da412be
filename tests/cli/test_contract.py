"""The command line as a whole: help, manual, options, exit codes, where output goes."""
import os
import re
import subprocess

import pytest

from desk import DRAGOMAN, ROOT, environment, is_one_line, run

COMMANDS = ("index", "fetch", "feeds", "watch", "reindex", "search", "trends", "compare", "sources", "show", "cite",
            "watchlist", "boilerplate", "synonyms", "eval", "stats", "verify", "schema", "syntax", "limits", "help")
FORMATS = ("milosi", "rss", "rdf", "atom", "newsml", "nitf", "html", "ndjson", "jsonfeed",
           "ninjs")


def read_page(text):
    """A roff page as {command: {option names}}."""
    page = {}
    for part in re.split(r"^\.SS ", text, flags=re.M)[1:]:
        command = part.split()[1]
        bold = re.findall(r"^\.TP\n(.*)$", part.split("\n.SH ")[0], re.M)
        page[command] = set(re.findall(r"--([a-z-]+)", "\n".join(bold).replace("\\-", "-")))
    return page


def read_help(command):
    done = run(command, "--help")
    assert done.code == 0 and done.err == "", done
    return set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", done.out, re.M))


def plain(text):
    """Words alone, so that line breaks and roff do not count."""
    text = re.sub(r"\\f[BRI]", "", text).replace("\\&", "").replace("\\-", "-").replace("\\e", "\\")
    return " ".join(re.sub(r"^\.(TP|PP|SS|SH).*$", "", text, flags=re.M).split())


def test_the_manual_in_the_tree_is_what_the_program_prints():
    done = run("help", "--man")
    assert done.code == 0 and done.err == ""
    assert (ROOT / "doc/dragoman.1").read_text("utf-8") == done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_manual_know_the_same_options(command):
    page = read_page((ROOT / "doc/dragoman.1").read_text("utf-8"))
    assert read_help(command) == page[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_manual_say_the_same_of_each_option(command):
    page = plain((ROOT / "doc/dragoman.1").read_text("utf-8"))
    shown = run(command, "--help").out
    for option in re.split(r"\n(?=  )(?! {10})", shown.split("\nOptions:\n")[1]):
        told = re.sub(r"^(-\w, )?(--[a-z-]+( [A-Z]+)?) ?", "", " ".join(option.split()))
        assert told in page


@pytest.mark.parametrize("command", COMMANDS)
def test_help_command_and_help_option_are_one(command):
    assert run("help", command).out == run(command, "--help").out == run(command, "-h").out


def test_the_overview_names_every_command():
    done = run("--help")
    assert done.code == 0
    assert [c for c in COMMANDS if not re.search(rf"^  {c} ", done.out, re.M)] == []


def test_the_version_is_that_of_the_header():
    header = (ROOT / "include/dragoman.h").read_text()
    version = re.search(r'#define DGM_VERSION "(.*)"', header).group(1)
    assert run("--version").out == f"dragoman {version}\n"


def test_the_formats_are_listed():
    done = run("index", "--formats")
    assert done.code == 0
    assert set(FORMATS) <= set(done.out.split())


WRONG = [
    ([], "Usage"),
    (["inedx"], "inedx"),
    (["index"], "nothing to index"),
    (["index", "--data"], "--data"),
    (["index", "--bogus", "-"], "--bogus"),
    (["index", "--jobs", "0", "-"], "jobs"),
    (["index", "--jobs", "many", "-"], "jobs"),
    (["index", "--memory", "-5", "-"], "memory"),
    (["index", "no/such/file.xml"], "no/such/file.xml"),
    (["search", "--limit", "0", "water"], "limit"),
    (["search", "--limit", "101", "water"], "limit"),
    (["search", "--limit", "ten", "water"], "limit"),
    (["search", "--match", "some", "water"], "match"),
    (["search", "--sort", "best", "water"], "sort"),
    (["search", "--facets", "region,weather", "water"], "weather"),
    (["search", "--histogram", "minute", "water"], "histogram"),
    (["search", "--from", "2021-02-31", "water"], "2021-02-31"),
    (["search", "--to", "soon", "water"], "soon"),
    (["search", "--region", "", "water"], "region"),
    (["search", "--explain", "yes", "water"], "explain"),
    (["search", "--unknown", "1", "water"], "--unknown"),
    (["show"], "id"),
    (["show", "a", "b"], "id"),
    (["eval"], "--queries"),
    (["stats", "extra"], "extra"),
    (["verify", "--jsn"], "--jsn"),
    (["help", "nothing"], "nothing"),
    (["fetch"], "feeds.ini"),
    (["fetch", "feeds.ini"], "--feeds"),
    (["fetch", "--feeds", "no/such.ini"], "no/such.ini"),
    (["feeds", "extra"], "extra"),
    (["watch"], "--feeds"),
    (["watch", "--feeds", "no/such.ini"], "no/such.ini"),
]


@pytest.mark.parametrize("args, named", WRONG, ids=[" ".join(a) or "nothing" for a, _ in WRONG])
def test_a_wrong_use_exits_2_and_names_what_is_wrong(args, named, tmp_path):
    done = run(*args, cwd=tmp_path)
    assert done.code == 2, done
    assert done.out == ""
    assert named in done.err
    assert not (tmp_path / "dragoman-data").exists()


def test_an_unknown_format_is_a_wrong_use(desk):
    done = desk.index("--format", "telex", "-", stdin=b"{}")
    assert done.code == 2 and "telex" in done.err, done


def test_a_file_that_is_missing_stops_before_anything_is_written(desk, tmp_path):
    (tmp_path / "a.ndjson").write_text('{"id": "a", "title": "One"}\n')
    done = desk.index(tmp_path / "a.ndjson", tmp_path / "b.ndjson")
    assert done.code == 2 and "b.ndjson" in done.err
    assert not desk.path.exists()


@pytest.mark.parametrize("command", [["search", "water"], ["show", "a"], ["stats"], ["verify"], ["reindex"]])
def test_a_missing_data_directory_exits_3_and_is_named(desk, command):
    done = desk.run(*command)
    assert done.code == 3, done
    assert str(desk.path) in done.err and done.out == ""
    assert not desk.path.exists()


@pytest.mark.parametrize("command", [["index", "-"], ["search", "x"], ["stats"], ["verify"], ["reindex"]])
def test_a_data_directory_that_is_a_file_exits_3(tmp_path, command):
    (tmp_path / "data").write_text("no folder")
    done = run(command[0], "--data", tmp_path / "data", *command[1:], stdin=b'{"id": "a", "title": "One"}\n')
    assert done.code == 3, done
    assert str(tmp_path / "data") in done.err and is_one_line(done.err)


def test_the_data_directory_comes_from_the_environment(tmp_path):
    env = environment(DRAGOMAN_DATA=str(tmp_path / "there"))
    assert run("index", "-", stdin=b'{"id": "a", "title": "One"}\n', env=env, cwd=tmp_path).code == 0
    assert (tmp_path / "there/archive/000001.ndjson").exists()
    assert run("stats", "--json", env=env, cwd=tmp_path).json["items"] == 1
    other = run("stats", "--data", tmp_path / "elsewhere", env=env)
    assert other.code == 3 and "elsewhere" in other.err  # the option goes before the variable


def test_the_data_directory_is_dragoman_data_otherwise(tmp_path):
    assert run("index", "-", stdin=b'{"id": "a", "title": "One"}\n', cwd=tmp_path).code == 0
    assert (tmp_path / "dragoman-data/index/current").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_data_directory_that_cannot_be_written_exits_3(desk):
    desk.path.mkdir()
    desk.path.chmod(0o555)
    done = desk.index("-", stdin=b'{"id": "a", "title": "One"}\n')
    assert done.code == 3 and str(desk.path) in done.err, done


def test_output_that_cannot_be_written_is_no_success(desk):
    desk.take({"id": "a", "title": "One"})
    with open("/dev/full", "wb") as full:
        done = subprocess.run([DRAGOMAN, "stats", "--data", desk.path], stdout=full,
                              stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 3 and b"No space left" in done.stderr


def test_a_reader_that_goes_away_ends_the_program_in_order(desk):
    desk.take(*({"id": f"a{i}", "title": f"Water {i}", "body": "water " * 500} for i in range(100)))
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([DRAGOMAN, "search", "--data", desk.path, "--json", "--limit", "100", "water"],
                              stdout=write, stderr=subprocess.PIPE, env=environment(), check=False)
    finally:
        os.close(write)
    assert done.returncode == 3 and b"writing the output" in done.stderr


def test_options_may_follow_operands_and_two_dashes_end_them(desk):
    desk.take({"id": "-x", "title": "Dashes"}, {"id": "y", "title": "Water"})
    assert run("show", "--data", desk.path, "--json", "--", "-x").json["id"] == "-x"
    assert run("search", "water", "--data", desk.path, "--json").json["hits"][0]["id"] == "y"


def test_debug_output_goes_to_standard_error(desk):
    env = environment(DRAGOMAN_DEBUG="1")
    done = desk.index("--json", "-", stdin=b'{"id": "a", "title": "One"}\n', env=env)
    assert done.code == 0 and done.json["added"] == 1


def query_page():
    return (ROOT / "doc/dragoman-query.7").read_text("utf-8")


def test_the_query_page_has_the_fields_of_the_schema():
    listed = set(re.findall(r"^(\w+)\|", query_page().split(".TS\n")[1].split(".TE")[0], re.M)) - {"Field"}
    schema = set(re.findall(r"^\| `(\w+)` \|", run("schema").out, re.M))
    schema -= {"usable"}
    assert listed == schema | {"before", "after"}


def test_the_query_page_states_the_limits_of_the_parser():
    header = (ROOT / "lib/search/query.h").read_text()
    limits = dict(re.findall(r"#define DGMI_(\w+) (\d+)", header))
    page = plain(query_page())
    for name, words in (("QUERY_BYTES", "more than {} bytes"), ("QUERY_LEAVES", "more than {} words"),
                        ("QUERY_DEPTH", "more than {} deep"), ("PHRASE_WORDS", "the first {} words"),
                        ("WILDCARD_TERMS", "the {} most frequent")):
        assert words.format(limits[name]) in page, name
    assert (limits["WILDCARDS"], limits["WILDCARD_LETTERS"]) == ("4", "3")
    assert "up to four such words" in page and "Three letters at least" in page


def test_the_pages_read_without_a_complaint():
    try:
        for page in sorted((ROOT / "doc").glob("*.[178]")):
            lint = subprocess.run(["mandoc", "-Tlint", "-Werror", page], stdout=subprocess.PIPE, text=True,
                                  check=False)
            assert lint.returncode == 0, lint.stdout
    except FileNotFoundError:
        pytest.skip("mandoc is not installed")
