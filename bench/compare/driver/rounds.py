"""Interleaved rounds of load: A B C, A B C, …"""

import json
import statistics
import subprocess
from dataclasses import dataclass

from . import agreement


@dataclass(frozen=True)
class Effort:
    """How long to measure: seconds a round, and connections."""

    rounds: int
    seconds: float
    connections: int = 32


@dataclass(frozen=True)
class Sample:
    """One round of one server. Delays are in milliseconds, costs in microseconds of CPU a request."""

    rate: float
    p50: float
    p99: float
    failures: int
    server_cost: float
    database_cost: float | None


class Load:
    """Sends requests by the program `load`. `cluster` is the PostgreSQL whose CPU is measured, or `None`."""

    def __init__(self, program, cluster):
        self.program = program
        self.cluster = cluster

    def send(self, server, request, connections, seconds):
        plan = {"address": server.address, "requests": request.wire(server.address),
                "connections": connections, "seconds": seconds}
        server_before = server.cpu()
        database_before = self.cluster.cpu() if self.cluster else 0
        done = subprocess.run([self.program, "http"], input=json.dumps(plan), capture_output=True, text=True,
                              timeout=seconds + 60)
        if done.returncode:
            raise SystemExit(f"load: {done.stderr[-2000:]}")
        result = json.loads(done.stdout)
        answers = max(result["answers"], 1)
        database = (self.cluster.cpu() - database_before) * 1e6 / answers if self.cluster else None
        server_cost = (server.cpu() - server_before) * 1e6 / answers
        return Sample(result["rate"], result["p50"], result["p99"], result["failures"], server_cost, database)


def measure(load, servers, request, effort, report):
    """Compares the answers, warms up and measures; returns a list of samples for each server's name."""
    agreement.check(servers, request, report)
    return rounds(load, [(server.name, server, request) for server in servers], effort, report)


def rounds(load, runs, effort, report):
    """Measures runs of a label, a server and a request in turns."""
    for _, server, request in runs:
        load.send(server, request, effort.connections, min(1.0, effort.seconds))
    samples = {label: [] for label, _, _ in runs}
    for round_number in range(1, effort.rounds + 1):
        for label, server, request in runs:
            sample = load.send(server, request, effort.connections, effort.seconds)
            samples[label].append(sample)
            report(f"{request.name}, round {round_number}, {label}: {sample.rate:,.0f}/s, failures {sample.failures}")
    return samples


def ratio(samples, base):
    """Returns the median, least and greatest ratio of the rates of the same rounds."""
    ratios = [ours.rate / theirs.rate for ours, theirs in zip(samples, base) if theirs.rate]
    return statistics.median(ratios), min(ratios), max(ratios)
