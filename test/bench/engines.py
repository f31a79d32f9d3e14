"""The programs that exports are measured in. Each runs a statement and returns its milliseconds."""

import os
import shutil
import subprocess
import time
from pathlib import Path

FOLDER = Path(__file__).parent
SCRATCH = Path(os.environ["TMPDIR"])

MEASURED_SETTINGS = {
    # The portal's own zone. The other databases hold times without a zone, and have less to do.
    "TimeZone": "America/New_York",
    # For the hand-written queries, the plan that export_cdr uses.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_sort": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}


class Worker:
    """A process that answers each line on its standard input with a line."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
        )

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self):
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error:"):
            raise RuntimeError(f"{self.process.args[0]} failed: {answer[:300]}")
        return answer


def postgres_environment(settings):
    """The environment of a client that connects with these settings."""
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return os.environ | {"PGOPTIONS": options}


class Postgres(Worker):
    """A session of a client that throws away what it gets, unless it has a file to keep it in."""

    def __init__(self, database="postgres", **settings):
        super().__init__(
            [os.environ["BENCH_CLIENT"], f"dbname={database}"],
            env=postgres_environment(MEASURED_SETTINGS | settings),
        )

    def run(self, statement, keep_in=""):
        return float(self.ask(f"{keep_in}\t{' '.join(statement.split())}"))


def psql(*arguments, database="postgres"):
    """Runs psql and returns what it prints; for all that is not measured."""
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments]
    environment = postgres_environment({"TimeZone": "UTC"})
    result = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return result.stdout.strip()


def time_process(command, **options):
    """Runs a program, its start included, and returns the milliseconds."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)
    return (time.perf_counter() - begin) * 1000


class MariaDB:
    """A server of its own on a socket, and a client that sends it statements."""

    def __init__(self):
        path = os.environ["PATH"] + ":/usr/sbin"
        server = shutil.which("mariadbd", path=path)
        self.client = shutil.which("mariadb", path=path)
        if server is None or self.client is None:
            raise FileNotFoundError("its programs mariadbd and mariadb are not installed")
        data = SCRATCH / "mariadb"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            check=True, capture_output=True,
        )
        self.socket = SCRATCH / "mariadb.socket"
        self.server = subprocess.Popen(
            [server, "--no-defaults", f"--datadir={data}", f"--socket={self.socket}",
             "--skip-networking", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M",
             "--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.wait_until_ready()
        table = (FOLDER.parent / "data/portal_table.sql").read_text(encoding="utf-8")
        self.statements(f"CREATE DATABASE portal2; USE portal2; {table}")
        self.session = Worker([*self.command(), "--unbuffered"])

    def command(self):
        """The client's command line."""
        return [self.client, "--no-defaults", f"--socket={self.socket}", "--user=root",
                "--default-character-set=utf8mb4", "--skip-column-names", "--batch", "portal2"]

    def wait_until_ready(self):
        ping = [*self.command()[:-1], "--execute=SELECT 1"]
        for _ in range(600):
            if subprocess.run(ping, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise TimeoutError("the server of MariaDB did not start")

    def statements(self, text):
        """Runs statements in a client of their own; returns what it prints."""
        command = self.command()[:-1]
        result = subprocess.run(command, input=text, check=False, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(result.stderr)
        return result.stdout

    def load(self, file):
        self.statements(
            f"USE portal2; LOAD DATA INFILE '{file}' INTO TABLE ConferenceCall2"
            " FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''"
            " LINES TERMINATED BY '\\n' IGNORE 1 LINES; ANALYZE TABLE ConferenceCall2;"
        )
        return self.session.ask("SELECT concat('MariaDB ', version());")

    def run(self, statement):
        """Runs a statement without result rows in the session."""
        begin = time.perf_counter()
        self.session.ask(f"{statement}; SELECT 'done';")
        return (time.perf_counter() - begin) * 1000

    def run_client(self, query):
        """Runs a query in a client of its own, which prints the rows into the void."""
        return time_process([*self.command(), f"--execute={query}"], stdout=subprocess.DEVNULL)


class DuckDB(Worker):
    """DuckDB inside a process of Node.js, with its data in a file."""

    def __init__(self, columns, file="duckdb.db"):
        folder = Path(os.environ["BENCH_DUCKDB"])
        if not folder.exists():
            raise FileNotFoundError("npm's package @duckdb/node-api is not installed")
        super().__init__(["node", folder / "duckdb_worker.mjs", SCRATCH / file])
        self.version = f"DuckDB {self.read()}"
        types = {"CallID": "BIGINT", "JoinTime": "TIMESTAMP", "LeaveTime": "TIMESTAMP"}
        self.run(
            "CREATE TABLE ConferenceCall2 ("
            + ", ".join(f'"{column}" {types.get(column, "VARCHAR")}' for column in columns)
            + ")"
        )

    def load(self, file):
        self.run(
            f"COPY ConferenceCall2 FROM '{file}'"
            " (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR 'NULL',"
            " ALLOW_QUOTED_NULLS false)"
        )
        self.run("CHECKPOINT")
        return self.version

    def run(self, statement):
        return float(self.ask(statement))
