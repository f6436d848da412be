"""Progress: a bar with count and rate on a terminal, nothing of the kind on a pipe."""
import os
import pty
import re
import subprocess

from desk import DRAGOMAN, PATIENCE, environment, item, ndjson


def run_on_terminal(*args):
    """Runs with standard error on a terminal; returns (exit code, standard output, what the terminal saw)."""
    outer, inner = pty.openpty()
    child = subprocess.Popen([DRAGOMAN, *map(str, args)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=inner, env=environment(TERM="xterm"))
    os.close(inner)
    seen = b""
    while True:
        try:
            piece = os.read(outer, 65536)
        except OSError:  # what Linux says when the other side is closed
            break
        if not piece:
            break
        seen += piece
    os.close(outer)
    out = child.stdout.read()
    child.stdout.close()
    return child.wait(timeout=PATIENCE), out.decode(), seen.decode()


def many(tmp_path, n=6000):
    path = tmp_path / "many.ndjson"
    words = "water grain treaty council energy border school harbour railway budget".split()
    path.write_bytes(ndjson(*(item(f"n{i}", " ".join(f"{w}{i * 7 % 5000}" for w in words) * 12)
                              for i in range(n))))
    return path


def test_a_terminal_sees_a_bar_with_count_rate_and_time_left(desk, tmp_path):
    code, out, seen = run_on_terminal("index", "--data", desk.path, many(tmp_path))
    assert code == 0 and "6000 added" in out
    bars = re.findall(r"(reading|indexing) +\[([#.]{24})\] +(\d+)% (\d+) items, (\d+)/s", seen)
    assert bars, seen
    shares = [int(b[2]) for b in bars if b[0] == bars[0][0]]
    assert shares == sorted(shares) and all(0 < s <= 100 for s in shares)
    assert all(b[1] == "#" * b[1].count("#") + "." * b[1].count(".") for b in bars)
    assert re.search(r"left \d+:\d\d", seen)
    assert seen.endswith("\r\033[K")  # the bar leaves the screen clean
    assert "\033" not in out


def test_reindex_shows_a_bar_too(desk, tmp_path):
    assert desk.index(many(tmp_path)).code == 0
    code, out, seen = run_on_terminal("reindex", "--data", desk.path)
    assert code == 0 and out == "6000 items indexed anew\n"
    assert re.search(r"\d+ items, \d+/s", seen), seen


def test_a_pipe_sees_no_bar(desk, tmp_path):
    done = desk.index(many(tmp_path, 1500))
    assert done.code == 0
    assert "\r" not in done.err and "\033" not in done.err and "#" not in done.err


def test_quiet_says_nothing_on_a_terminal(desk, tmp_path):
    code, out, seen = run_on_terminal("index", "--quiet", "--data", desk.path, many(tmp_path, 1500))
    assert code == 0 and seen == "" and "1500 added" in out


def test_messages_do_not_run_into_the_bar(desk, tmp_path):
    path = many(tmp_path, 3000)
    path.write_bytes(path.read_bytes() + b"not an object\n")
    code, _, seen = run_on_terminal("index", "--data", desk.path, path)
    assert code == 1
    (line,) = [part for part in re.split(r"[\r\n]", seen) if "many.ndjson:3001" in part]
    assert line.replace("\033[K", "").startswith("dragoman index: ")
