"""A PostgreSQL of this run's own, on a free port of the loopback address."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import usage

SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 512MB
effective_cache_size = 4GB
work_mem = 16MB
jit = off
max_wal_size = 4GB
checkpoint_timeout = 30min
random_page_cost = 1.1
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def programs():
    """Returns the folder of PostgreSQL's programs, the newest one if there are several."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    if found := shutil.which("initdb"):
        return Path(found).parent
    raise SystemExit("PostgreSQL is not installed (initdb was not found)")


class Cluster:
    """Started by `with`, and ended at its end. Its files go with the folder of the run."""

    def __init__(self, folder):
        self.data = folder / "postgres"
        self.port = free_port()
        self.bin = programs()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def __enter__(self):
        self.data.mkdir()
        if self.user:
            shutil.chown(self.data, self.user)
        encoding = ("-E", "UTF8", "--locale=C.UTF-8")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", *encoding, user=self.user)
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(f"{SETTINGS}port = {self.port}\nunix_socket_directories = '{self.data}'\n")
        with open(self.data / "log", "w") as log:
            # A session of its own: an interrupt from the terminal reaches it by this program, after its clients.
            self.process = subprocess.Popen([self.bin / "postgres", "-D", self.data], stdout=log, stderr=log,
                                            user=self.user, cwd="/", start_new_session=True)
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        """Waits until connections are accepted, at most half a minute."""
        for _ in range(300):
            ready = subprocess.run([self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)])
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit("PostgreSQL did not start:\n" + (self.data / "log").read_text())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def run(self, program, *words, **options):
        done = subprocess.run([self.bin / program, *words], capture_output=True, text=True, **options)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr[-2000:]}")

    def url(self, database):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database):
        """Makes an empty database; returns its URL."""
        self.script("postgres", f"CREATE DATABASE {database}")
        return self.url(database)

    def script(self, database, text):
        """Runs statements of SQL and psql in a database."""
        self.run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), input=text)

    def cpu(self):
        """Returns the seconds of CPU that all processes of the cluster have used."""
        return usage.cpu(self.process.pid, ended=True)

    def settle(self, database):
        """Collects the statistics of a database and writes all pages, so that no measurement pays for it."""
        self.script(database, "VACUUM (FREEZE, ANALYZE)")
        self.script(database, "CHECKPOINT")
