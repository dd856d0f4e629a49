"""Tables in Markdown."""

import statistics

from .rounds import ratio

LOAD = ["requests/s", "p50 ms", "p99 ms", "server µs", "PostgreSQL µs"]
RATIO = "ratio to the limit (range)"
FAN_OUT_AIM = 0.8


def middle(samples, field, form="{:,.0f}"):
    """Returns the median of a field; a dash if it was not measured."""
    values = [getattr(sample, field) for sample in samples]
    return "–" if None in values else form.format(statistics.median(values))


def spread(samples, base):
    return "{:.2f} ({:.2f}–{:.2f})".format(*ratio(samples, base))


def line(*cells):
    return f"| {' | '.join(map(str, cells))} |"


def head(*titles, texts):
    """Returns the head of a table whose first columns are texts and whose others are numbers."""
    return [line(*titles), line(*["---"] * texts, *["--:"] * (len(titles) - texts))]


def load_cells(samples):
    return [middle(samples, "rate"), middle(samples, "p50", "{:.2f}"), middle(samples, "p99", "{:.2f}"),
            middle(samples, "server_cost"), middle(samples, "database_cost")]


def requests(title, measured):
    """`measured` are pairs of a request and its samples by server; the first server is the limit."""
    lines = [f"## {title}", "", *head("request", "server", *LOAD, "failures", RATIO, "aim", texts=2)]
    for request, by_server in measured:
        base = next(iter(by_server.values()))
        for name, samples in by_server.items():
            aim = f"{request.aim}" if name == "plaza" and request.aim else ""
            failures = sum(sample.failures for sample in samples)
            lines.append(line(request.name, name, *load_cells(samples), failures, spread(samples, base), aim))
    return "\n".join(lines)


def fan_out(sockets, by_server):
    """`by_server` are the samples of each server; the first one is the limit."""
    base = next(iter(by_server.values()))
    titles = ["server", "deliveries/s", RATIO, "aim", "p50 ms", "p99 ms", "server µs a delivery", "lost",
              "KiB a subscriber", "idle MiB"]
    lines = [f"## Fan-out to {sockets:,} sockets", "", *head(*titles, texts=1)]
    for name, samples in by_server.items():
        aim = FAN_OUT_AIM if name == "plaza" else ""
        idle = statistics.median(sample.idle for sample in samples) / 1024
        lines.append(line(name, middle(samples, "rate"), spread(samples, base), aim, middle(samples, "p50", "{:.1f}"),
                          middle(samples, "p99", "{:.1f}"), middle(samples, "cost", "{:.1f}"),
                          sum(sample.lost for sample in samples), middle(samples, "each", "{:.1f}"), f"{idle:.0f}"))
    return "\n".join(lines)


def growth(database, by_request):
    """`by_request` are samples by size for each request."""
    titles = ["request", "messages in the room", *LOAD, "ratio to the smallest room (range)"]
    lines = [f"## Growth of a room on {database}", "", *head(*titles, texts=1)]
    for name, by_size in by_request.items():
        smallest = next(iter(by_size.values()))
        for size, samples in by_size.items():
            lines.append(line(name, size, *load_cells(samples), spread(samples, smallest)))
    return "\n".join(lines)
