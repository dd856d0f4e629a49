"""A server under measurement."""

import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

from . import usage
from .cluster import free_port
from .rows import token

# The caller of all requests: an account that is a member of the measured communities and has created none of them.
COOKIE = f"better-auth.session_token={token(1)}"


class Server:
    """A command with its environment; started by `with`, and ended at its end."""

    def __init__(self, name, command, environment, log):
        self.name = name
        self.command = command
        self.environment = environment
        self.log = Path(log)
        self.process = None

    def __enter__(self):
        self.port = free_port()
        environment = {**os.environ, **{key: value.format(port=self.port) for key, value in self.environment.items()}}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.command, env=environment, stdout=log, stderr=log, cwd=self.log.parent)
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        """Waits for the first answer, at most a minute."""
        for _ in range(1200):
            try:
                self.ask("GET", "/", None)
                return
            except OSError:
                time.sleep(0.05)
            if self.process.poll() is not None:
                break
        raise SystemExit(f"{self.name} did not start:\n{self.log.read_text()[-2000:]}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def ask(self, method, path, body):
        """Sends one request as the caller; returns the status and the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": COOKIE, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, text

    def cpu(self):
        return usage.cpu(self.process.pid)

    def resident(self):
        return usage.resident(self.process.pid)
