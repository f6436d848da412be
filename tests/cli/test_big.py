"""A large file through a pipe: all of it taken, within the writer's budget. DRAGOMAN_BIG=1 makes it 1 GB."""
import os
import random

from desk import MB, SANITIZED, run_measured

BIG = bool(os.environ.get("DRAGOMAN_BIG"))
SIZE = 1024 * MB if BIG else 64 * MB
BUDGET, ROOM = 256, 128  # MB: what the writer may use, and the program beside it
PATIENCE = 3600 if BIG else 900


def vocabulary(dice):
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(dice.choice(letters) for _ in range(dice.randrange(3, 10))) for _ in range(20_000)]


def lines(made):
    """Items of some 4 KB from a fixed seed; made[0] counts them."""
    dice = random.Random(1)
    words = vocabulary(dice)
    # Texts are put together from a few hundred sentences, so that making them is not what is measured.
    sentences = [" ".join(words[int(dice.paretovariate(0.4)) % 20_000] for _ in range(20)) for _ in range(4000)]
    size = 0
    while size < SIZE:
        body = ". ".join(dice.choice(sentences) for _ in range(32))
        line = (f'{{"id": "big-{made[0]}", "title": "{dice.choice(sentences)[:60]}", "body": "{body}", '
                f'"published": "20{10 + made[0] % 15}-0{1 + made[0] % 9}-11", "region": "Region {made[0] % 40}"}}\n')
        made[0] += 1
        size += len(line)
        yield line.encode()


def test_a_large_file_from_a_pipe_stays_within_the_budget(desk):
    made = [0]
    done = run_measured("index", "--data", desk.path, "--json", "-", chunks=lines(made), timeout=PATIENCE)
    assert done.code == 0, done
    assert done.json["added"] == made[0] and done.json["rejected"] == 0
    print(f"{made[0]} items, {SIZE // MB} MB, peak {done.peak // MB} MB")
    assert SANITIZED or done.peak < (BUDGET + ROOM) * MB
    stats = desk.stats()
    assert stats["items"] == made[0] and stats["pending"] == 0
    assert desk.ids(f"id:big-{made[0] - 1}") == [f"big-{made[0] - 1}"]


def test_a_smaller_budget_is_kept_as_well(desk):
    if BIG:
        return  # the first test is what the variable asks for
    made = [0]
    done = run_measured("index", "--data", desk.path, "--memory", "64", "--json", "-", chunks=lines(made),
                        timeout=PATIENCE)
    assert done.code == 0 and done.json["added"] == made[0], done
    assert SANITIZED or done.peak < (64 + ROOM) * MB
    assert desk.agrees()
