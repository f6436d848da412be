# SPDX-License-Identifier: GPL-2.0-or-later
"""The writer beside the server: what anyone takes in is found, whatever becomes of the writer."""

import os
import pathlib
import signal
import subprocess
import threading

from dragomand import Server, index, program, until


def item(name, word):
    return {"id": name, "title": f"About {word}", "body": f"The {word} was discussed.", "published": "2024-02-03"}


def children(pid):
    """Process ids of the living children of a process of ours."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it is gone meanwhile
        if fields[1] == str(pid) and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def writer_of(server):
    return until(lambda: children(server.process.pid))[0]


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def total(server, word):
    return server.search(q=word)["total"]["value"]


def dragoman(*args):
    done = subprocess.run([program("DRAGOMAN", "dragoman"), *args], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def agrees(data):
    code, said = dragoman("verify", "--data", str(data))
    assert code == 0, said


def test_what_another_process_takes_is_found(start, own_archive):
    server = start(own_archive)
    assert server.get("/healthz").json() == {"status": "alive", "writer": "running"}
    assert server.get("/readyz").json()["writer"] == "running"
    assert server.metric("dragoman_writer_up") == 1
    index(own_archive, [item("n1", "zeppelin")])
    assert total(server, "zeppelin") == 1
    agrees(own_archive)


def test_an_archive_without_an_index_gets_one(start, tmp_path):
    data = tmp_path / "fresh"
    data.mkdir()
    server = start(data)
    assert server.get("/readyz").status_code == 503
    index(data, [item("n1", "zeppelin")])
    assert until(lambda: server.get("/readyz").status_code == 200)
    assert total(server, "zeppelin") == 1


def test_a_writer_that_is_killed_is_started_again(start, own_archive):
    server = start(own_archive)
    for round_ in range(2):
        before = writer_of(server)
        os.kill(before, signal.SIGKILL)
        until(lambda: server.metric("dragoman_writer_restarts_total") > round_)
        assert until(lambda: server.metric("dragoman_writer_up") == 1)
        assert writer_of(server) != before
        index(own_archive, [item(f"n{round_}", "zeppelin")])
        assert total(server, "zeppelin") == round_ + 1
    assert "ended by signal 9" in server.said()


def test_the_writer_ends_with_a_server_that_is_killed(own_archive, tmp_path):
    server = Server(own_archive, tmp_path / "log")
    writer = writer_of(server)
    server.process.kill()
    server.process.wait()
    server.process.stdout.close()
    until(lambda: is_gone(writer))


def test_the_writer_ends_with_a_server_that_is_stopped(start, own_archive):
    server = start(own_archive)
    writer = writer_of(server)
    server.stop()
    assert is_gone(writer)


def test_a_second_server_takes_the_writing_over(start, own_archive, tmp_path):
    first = Server(own_archive, tmp_path / "log")
    second = start(own_archive)
    index(own_archive, [item("n1", "zeppelin")])
    assert total(first, "zeppelin") == total(second, "zeppelin") == 1
    first.process.kill()
    first.process.wait()
    first.process.stdout.close()
    index(own_archive, [item("n2", "zeppelin")])
    assert total(second, "zeppelin") == 2


def test_without_a_lock_there_is_no_writing_and_searches_go_on(start, own_archive):
    lock = own_archive / "index" / "lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # cannot be opened, not even by root
    server = start(own_archive)
    health = until(lambda: (h := server.get("/healthz").json())["writer"] == "restarting"
                   and h.get("writer_reason") and h)
    assert str(lock) in health["writer_reason"]
    assert server.get("/readyz").status_code == 200
    assert total(server, "treaty") > 0
    assert server.metric("dragoman_writer_up") == 0
    lock.rmdir()
    assert until(lambda: server.get("/healthz").json()["writer"] == "running", 60)


def test_it_can_be_switched_off(start, own_archive):
    server = start(own_archive, "--writer", "off")
    assert server.get("/healthz").json()["writer"] == "off"
    assert not children(server.process.pid)


def test_it_can_run_without_a_server(own_archive):
    alone = subprocess.Popen([program("DRAGOMAND", "dragomand"), "--data", str(own_archive), "--writer", "only"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    index(own_archive, [item("n1", "zeppelin")])
    alone.stdin.close()
    said = alone.stdout.read()
    alone.stdout.close()
    assert alone.wait(timeout=60) == 0 and said == b""
    agrees(own_archive)


def test_generations_are_swapped_under_load_without_one_failed_request(start, own_archive):
    server = start(own_archive)
    stop, failed, answered = threading.Event(), [], [0]

    def ask():
        while not stop.is_set():
            reply = server.get("/v1/search?q=treaty&facets=region")
            answered[0] += 1
            if reply.status_code != 200 or reply.json()["total"]["value"] < 1:
                failed.append(reply.text)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for one in askers:
        one.start()
    try:
        for round_ in range(3):
            code, said = dragoman("reindex", "--data", str(own_archive), "--quiet")
            assert code == 0, said
            index(own_archive, [item(f"n{round_}", "zeppelin")])
    finally:
        stop.set()
        for one in askers:
            one.join()
    assert not failed and answered[0] > 20
    assert total(server, "zeppelin") == 3
    assert int(server.get("/readyz").json()["revision"].split("-")[0]) >= 4
    agrees(own_archive)
