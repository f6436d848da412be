"""Runs the `dragoman` that $DRAGOMAN names, for the tests. Depends on Python's standard library alone."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DRAGOMAN = os.environ.get("DRAGOMAN", str(ROOT / "build/dragoman"))
SANITIZED = bool(os.environ.get("SAN"))
# No command of the tests takes longer on a slow machine, sanitizers included.
PATIENCE = 600 if SANITIZED else 120
MB = 1 << 20


class Result:
    """What one run of the program left behind."""

    def __init__(self, code, out, err, peak=0):
        self.code, self.raw, self.peak = code, out, peak
        self.out = out.decode("utf-8")
        self.err = err.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.out[:4000]}\n--- stderr\n{self.err[:4000]}"


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("DRAGOMAN_")}
    env.update(more)
    return env


def run(*args, stdin=b"", cwd=None, env=None, timeout=PATIENCE):
    """Runs to the end, with stdin given as bytes."""
    done = subprocess.run([DRAGOMAN, *map(str, args)], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=cwd, env=env or environment(), timeout=timeout)
    return Result(done.returncode, done.stdout, done.stderr)


def _feed(pipe, chunks):
    try:
        for chunk in chunks:
            pipe.write(chunk)
        pipe.close()
    except BrokenPipeError:
        pass


# A process begins with the peak of the one that it was forked from; so a small one starts it.
LAUNCHER = """import os, sys
child = os.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as told:
    told.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}")
"""


def run_measured(*args, chunks=(), timeout=PATIENCE):
    """Runs with stdin fed piece by piece; .peak is the largest resident size in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
            tempfile.NamedTemporaryFile("r") as told:
        launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, told.name, DRAGOMAN, *map(str, args)]
        child = subprocess.Popen(launcher, stdin=subprocess.PIPE, stdout=out, stderr=err, env=environment(),
                                 start_new_session=True)
        feeder = threading.Thread(target=_feed, args=(child.stdin, chunks), daemon=True)
        feeder.start()
        watchdog = threading.Timer(timeout, os.killpg, (child.pid, signal.SIGKILL))
        watchdog.start()
        child.wait()
        watchdog.cancel()
        feeder.join()
        code, peak = (int(word) for word in (told.read() or "-9 0").split())
        out.seek(0)
        err.seek(0)
        return Result(code, out.read(), err.read(), peak * 1024)


class Desk:
    """A data directory and the commands on it."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def run(self, command, *args, **options):
        return run(command, "--data", self.path, *args, **options)

    def index(self, *paths, **options):
        return self.run("index", *paths, **options)

    def take(self, *items, code=0):
        """Indexes these items (objects) from standard input."""
        done = self.index("--json", "-", stdin=ndjson(*items))
        assert done.code == code, done
        return done.json

    def search(self, query, *args):
        done = self.run("search", "--json", *args, "--", query)
        assert done.code == 0, done
        return done.json

    def ids(self, query, *args):
        return [hit["id"] for hit in self.search(query, *args)["hits"]]

    def show(self, item):
        done = self.run("show", "--json", "--", item)
        assert done.code == 0, done
        return done.json

    def stats(self):
        done = self.run("stats", "--json")
        assert done.code == 0, done
        return done.json

    def archive(self):
        """All bytes of the log, in order."""
        return b"".join(p.read_bytes() for p in sorted((self.path / "archive").glob("*.ndjson")))

    def rejects(self):
        folder = self.path / "rejects"
        return sorted(p for p in folder.rglob("*") if p.is_file()) if folder.exists() else []

    def agrees(self):
        done = self.run("verify")
        assert done.code == 0, done
        return True


def ndjson(*items):
    return b"".join(json.dumps(i, ensure_ascii=False).encode() + b"\n" for i in items)


def item(name, body="The ministry reported on the water supply of the region.", **more):
    return {"id": name, "title": f"Report {name}", "body": body,
            "published": "2021-06-16T09:00:00Z", **more}


def is_one_line(text):
    return text.endswith("\n") and text.count("\n") == 1
