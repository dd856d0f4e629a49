"""The servers that are compared, each with its database."""

import csv
import sqlite3
import subprocess

from .build import HERE
from .server import Server

PLAZA = {
    "PLAZA_LISTEN": "127.0.0.1:{port}",
    "PLAZA_LOG": "warn",
    # One account and one address send all requests.
    "PLAZA_RATE_LIMITS": "off",
    "PLAZA_CONNECTIONS_PER_ADDRESS": "100000",
}


class Peers:
    """Fills databases and makes servers on them."""

    def __init__(self, plaza, programs, folder, cluster):
        self.plaza_binary = plaza
        self.programs = programs
        self.folder = folder
        self.cluster = cluster

    def server(self, name, command, **environment):
        return Server(name, command, environment, self.folder / f"{name.replace(' ', '-')}.log")

    def limit(self, url, name="limit", synchronous="FULL"):
        return self.server(name, [self.programs.limit], DATABASE_URL=url, PORT="{port}", SYNCHRONOUS=synchronous)

    def yoga(self, url):
        return self.server("yoga", ["node", self.programs.yoga], DATABASE_URL=url, PORT="{port}", NODE_ENV="production")

    def plaza(self, url):
        return self.server("plaza", [self.plaza_binary, "serve"], PLAZA_DATABASE_URL=url, **PLAZA)

    def on_postgres(self, bare, plaza):
        """Returns the servers on two databases, the limit first."""
        return [self.limit(bare), self.yoga(bare), self.plaza(plaza)]

    def on_sqlite(self, rows):
        """Makes the files and returns the servers on them, the limit first."""
        # Each writes to a file of its own.
        full, normal = (self.limit_file(rows, name) for name in ("full", "normal"))
        relaxed = self.limit(normal, "limit, synchronous NORMAL", "NORMAL")
        return [self.limit(full), relaxed, self.plaza(self.plaza_file(rows))]

    def limit_database(self, rows, name):
        """Makes a database of the limit; returns its URL."""
        return self.fill_postgres(rows, self.cluster.create(name), name, "limit.postgres.sql")

    def plaza_database(self, rows, name):
        """Makes a database of Plaza; returns its URL."""
        url = self.cluster.create(name)
        self.migrate(url)
        return self.fill_postgres(rows, url, name, "plaza.postgres.sql")

    def limit_file(self, rows, name):
        """Makes a SQLite file of the limit in the folder of the rows; returns its URL."""
        return self.fill_sqlite(rows, rows / f"{name}.db", "limit.sqlite.sql")

    def plaza_file(self, rows):
        """Makes a SQLite file of Plaza in the folder of the rows; returns its URL, in the form of Plaza."""
        self.migrate(f"sqlite://{rows / 'plaza.db'}")
        return self.fill_sqlite(rows, rows / "plaza.db", "plaza.sqlite.sql").replace("sqlite:", "sqlite://")

    def migrate(self, url):
        command = [self.plaza_binary, "migrate", "--database-url", url]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"plaza migrate: {done.stderr[-2000:]}")

    def fill_postgres(self, rows, url, name, script):
        copies = [f"\\copy stage.{table.stem} from '{table}' csv header" for table in sorted(rows.glob("*.csv"))]
        parts = [read("stage.sql"), *copies, "ANALYZE;", read(script)]
        self.cluster.script(name, "SET client_min_messages = warning;\n" + "\n".join(parts))
        self.cluster.settle(name)
        return url

    def fill_sqlite(self, rows, file, script):
        stage = rows / "stage.db"
        if not stage.exists():
            write_stage(rows, stage)
        subprocess.run([self.programs.fill, file, stage, HERE / "sql" / script], check=True)
        return f"sqlite:{file}"


def read(script):
    return (HERE / "sql" / script).read_text()


def write_stage(rows, file):
    """Writes the CSV files as tables of a SQLite file."""
    connection = sqlite3.connect(file)
    for table in sorted(rows.glob("*.csv")):
        with open(table, newline="") as text:
            reader = csv.reader(text)
            columns = next(reader)
            connection.execute(f"CREATE TABLE {table.stem} ({', '.join(columns)})")
            connection.executemany(f"INSERT INTO {table.stem} VALUES ({', '.join('?' * len(columns))})", reader)
    connection.commit()
    connection.close()
