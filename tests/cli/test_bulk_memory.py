"""A bulk build over items of the worst kinds stays within its budget."""
from desk import MB, SANITIZED, item, ndjson, run_measured

LARGE, LARGE_SIZE = 3, 2 * MB  # items of distinct words alone
TINY, VERSIONS = 8000, 800
BUDGET = 64  # MB: what the writer may use,
ROOM = 128  # MB: the program beside it,
OF_A_LINE = 12  # and so many times the largest line, for the one large item at hand


def distinct_words(number, size):
    """Text of so many bytes in which no word comes twice."""
    return " ".join(f"w{number}{i:07x}" for i in range(size // 10))


def hostile():
    for i in range(LARGE):
        yield ndjson(item(f"large-{i}", distinct_words(i, LARGE_SIZE)))
    for i in range(0, TINY, 500):
        yield ndjson(*(item(f"tiny-{k}", f"No {k}") for k in range(i, i + 500)))
    for i in range(VERSIONS):
        yield ndjson(item("often", f"Version {i} of the same report.", version=str(i + 1)))


def test_a_bulk_build_of_hostile_items_stays_within_its_budget(desk):
    taken = run_measured("index", "--data", desk.path, "--memory", BUDGET, "--json", "-", chunks=hostile())
    assert taken.code == 0, taken
    assert desk.stats()["items"] == LARGE + TINY + 1
    done = run_measured("reindex", "--data", desk.path, "--memory", BUDGET, "--jobs", 2)
    assert done.code == 0, done
    print(f"peak {done.peak // MB} MB")
    assert SANITIZED or done.peak < (BUDGET + ROOM) * MB + OF_A_LINE * LARGE_SIZE
    assert desk.agrees()
    assert desk.ids("id:often") == ["often"]
