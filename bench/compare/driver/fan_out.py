"""One room with many subscribed sockets, in fresh processes."""

import json
import subprocess
import time
from dataclasses import dataclass

from .request import FAN_OUT, messages
from .rows import community
from .server import COOKIE

FIELDS = "id content createdAt"
PLAZA = ("subscription($communityId: ID!) { conversationEvents(communityId: $communityId) "
         f"{{ position ... on MessageEvent {{ change message {{ {FIELDS} kind authorId }} }} }} }}")
YOGA = ("subscription($communityId: ID!) { communityMessageAdded(communityId: $communityId) "
        f"{{ {FIELDS} messageType userId }} }}")
# Path of the sockets and the subscription of each server.
SUBSCRIPTIONS = {"limit": ("/graphql", YOGA), "yoga": ("/graphql", YOGA), "plaza": ("/graphql/ws", PLAZA)}
# Seconds that a server has been idle before its memory is read.
IDLE = 2


@dataclass(frozen=True)
class Sample:
    """Memory in KiB, delays in milliseconds, cost in microseconds of the server's CPU a delivery.

    `rate` is deliveries a second while messages are posted back to back; the delays are those at a steady pace."""

    idle: int
    each: float
    rate: float
    cost: float
    p50: float
    p99: float
    lost: int


class Listeners:
    """The program `load fan-out`, which obeys line by line."""

    def __init__(self, program, server):
        path, query = SUBSCRIPTIONS[server.name]
        plan = {"address": server.address, "path": path, "posts": messages(FAN_OUT), "cookie": COOKIE, "query": query,
                "variables": {"communityId": community(FAN_OUT)}}
        self.process = subprocess.Popen([program, "fan-out"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(plan) + "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def order(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("load fan-out ended")
        return json.loads(answer)


def measure(program, server, sockets, burst, paced, pace):
    """Starts a server, subscribes, and posts `burst` messages back to back, then `paced` messages, `pace` a second."""
    with server, Listeners(program, server) as listeners:
        time.sleep(IDLE)
        idle = server.resident()
        opened = listeners.order("connect", sockets)["opened"]
        ready = listeners.order("probe", sockets)["ready"]
        if (opened, ready) != (sockets, sockets):
            raise SystemExit(f"{server.name}: of {sockets} sockets {opened} opened and {ready} received a message")
        time.sleep(IDLE)
        each = (server.resident() - idle) / sockets
        before = server.cpu()
        flood = listeners.order("burst", burst)
        cost = (server.cpu() - before) * 1e6 / max(flood["delivered"], 1)
        steady = listeners.order("paced", paced, pace)
        faults = steady["failed"] + steady["disordered"] + flood["refused"] + steady["refused"]
        if faults:
            raise SystemExit(f"{server.name}: {faults} messages or sockets failed: {flood} {steady}")
        return Sample(idle, each, flood["rate"], cost, steady["p50"], steady["p99"], flood["lost"] + steady["lost"])


def rounds(program, servers, sockets, count, report):
    """Measures servers in turns; returns a list of samples for each server's name."""
    samples = {server.name: [] for server in servers}
    for round_number in range(1, count + 1):
        for server in servers:
            sample = measure(program, server, sockets, burst=200, paced=40, pace=5)
            samples[server.name].append(sample)
            report(f"fan-out to {sockets:,} sockets, round {round_number}, {server.name}: "
                   f"{sample.rate:,.0f} deliveries/s, lost {sample.lost}")
    return samples
