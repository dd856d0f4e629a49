"""How the cost of a room grows with its messages."""

from . import agreement, rounds
from .request import history, posts
from .rows import Rows, Sizes, sent, time

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def requests(number, size):
    """Yields the requests of a room: its end, its middle, and posts, which make it longer and so come last."""
    middle = time(sent(size // 2)).replace("+00:00", "Z")
    yield history(number, "newest 50 messages")
    yield history(number, "50 messages from the middle", before=middle)
    yield posts(number)


def measure(load, server, effort, report):
    """Returns, for each request, a list of samples for each size."""
    found = {}
    with server:
        for kind in zip(*(requests(number, size) for number, size in enumerate(SIZES))):
            for request in kind:
                agreement.answers(server, request)
            runs = [(f"{size:,}", server, request) for size, request in zip(SIZES, kind)]
            found[kind[0].name] = rounds.rounds(load, runs, effort, report)
    return found


def run(peers, effort, report):
    """Fills rooms of all sizes in both databases; returns the samples of each database."""
    folder = peers.folder / "growth"
    folder.mkdir()
    report("growth: rows for PostgreSQL and SQLite")
    Rows(Sizes(rooms=SIZES, public_spaces=0, private_spaces=0, others=0)).write(folder)
    on_postgres = peers.plaza(peers.plaza_database(folder, "growth"))
    on_sqlite = peers.plaza(peers.plaza_file(folder))
    program = peers.programs.load
    return {
        "PostgreSQL": measure(rounds.Load(program, peers.cluster), on_postgres, effort, report),
        "SQLite": measure(rounds.Load(program, None), on_sqlite, effort, report),
    }
