"""What the servers are asked: the rows of the table."""

import json
from dataclasses import dataclass

from .rows import community
from .server import COOKIE

# The measured communities by their numbers.
READS, WRITES, FAN_OUT = 0, 1, 2
SEARCH, CATEGORY = "dragon", "rpg"


@dataclass(frozen=True)
class Request:
    """Requests of one kind that are sent in turn. `aim` is the ratio to the limit that Plaza aims at."""

    name: str
    method: str
    paths: tuple[str, ...]
    bodies: tuple[str, ...] = ()
    signed_in: bool = True
    aim: float | None = None

    def each(self):
        """Yields path and body of each request."""
        if self.bodies:
            return [(self.paths[0], body) for body in self.bodies]
        return [(path, None) for path in self.paths]

    def wire(self, address):
        """Returns the requests as they are sent."""
        return [self.text(address, path, body) for path, body in self.each()]

    def text(self, address, path, body):
        lines = [f"{self.method} {path} HTTP/1.1", f"Host: {address}", "Accept: application/json"]
        if self.signed_in:
            lines.append(f"Cookie: {COOKIE}")
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
        return "\r\n".join(lines) + "\r\n\r\n" + (body or "")


def messages(number):
    return f"/api/communities/{community(number)}/messages"


def history(number=READS, name="history of 50 messages", aim=0.75, before=None):
    """`before` is a time: an older page."""
    path = f"{messages(number)}?limit=50" + (f"&before={before}" if before else "")
    return Request(name, "GET", (path,), aim=aim)


def posts(number=WRITES, name="posts into one room", aim=1.0):
    bodies = tuple(json.dumps({"content": f"a message of a usual length, written to compare servers, number {post}"})
                   for post in range(100))
    return Request(name, "POST", (messages(number),), bodies, aim=aim)


def on_postgres(spaces):
    """Returns the requests that are compared on PostgreSQL; `spaces` are ids."""
    return [
        Request("20 of 10,000 spaces with total", "GET", ("/api/spaces?limit=20",), signed_in=False, aim=1.0),
        Request("search in a category with total", "GET",
                (f"/api/spaces?limit=20&search={SEARCH}&category={CATEGORY}",), signed_in=False, aim=1.0),
        history(),
        Request("a space with owner and sessions", "GET", tuple(f"/api/spaces/{space}" for space in spaces), aim=0.6),
        posts(),
    ]


def on_sqlite():
    """Returns the requests that are compared on SQLite."""
    return [history(aim=0.75), posts(aim=0.7)]
