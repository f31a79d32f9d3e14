"""What the soak tests share: settings, the server that tools/throwaway-server has started, records, and
counting what held."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg

FOLDER = Path(os.environ["PGHOST"])  # the server's folder: its socket, data and log
PROJECT = Path(__file__).resolve().parents[2]
DIGEST = "SELECT count(*), md5(string_agg(md5(c::text), '' ORDER BY callid)) FROM conferencecall2 c"


def setting(name, default):
    """A number that an environment variable SOAK_... may change."""
    return int(os.environ.get(f"SOAK_{name}", default))


def seeded(topic):
    """A source of random numbers. The seed is printed, for a failed run to be repeated."""
    seed = setting("SEED", random.randrange(1 << 32))
    print(f"# {topic}: SOAK_SEED={seed}", flush=True)
    return random.Random(seed)


class Checks:
    """Prints a line for each check, as TAP has them."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def __call__(self, holds, text):
        self.count += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.count} - {text}", flush=True)
        return bool(holds)

    def end(self):
        sys.exit(1 if self.failed else 0)


def connect(**options):
    """A session in which each statement is a transaction, unless told otherwise."""
    return psycopg.connect(**{"autocommit": True, "connect_timeout": 20, **options})


def run(sql, *parameters):
    """Runs a statement in a session of its own, and returns its first row, if there is one."""
    with connect() as session:
        cursor = session.execute(sql, parameters or None)
        return cursor.fetchone() if cursor.description else None


def fill(records):
    """The extension, and made-up records."""
    run("CREATE EXTENSION IF NOT EXISTS vidyo_cdr")
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"records={records}", "-f",
                    PROJECT / "test/data/records.sql"], check=True, timeout=max(600, records // 1000))


def write_file(path):
    """All records as import_cdr_file reads them."""
    run(f"COPY (SELECT * FROM export_cdr()) TO '{path}' (FORMAT csv, HEADER)")


def make_portal():
    """A plain table with the records as the portal has them, which stands for the portal's."""
    run("CREATE SCHEMA portal")
    run("CREATE TABLE portal.calls AS SELECT * FROM conferencecall2")
    run("ALTER TABLE portal.calls ADD PRIMARY KEY (callid), ALTER jointime TYPE text,"
        " ALTER leavetime TYPE text")


def empty():
    """No records, and nothing known of imports and feeds."""
    run("TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap")


def server_process():
    return int((FOLDER / "data/postmaster.pid").read_text().split()[0])


def start_server():
    subprocess.run(["pg_ctl", "start", "--wait", "--silent", "-D", FOLDER / "data",
                    "-l", FOLDER / "log"], check=True, timeout=120)


def wait_for_restart(begin, seconds=120):
    """Until the log says, from a place on, that the server is there again."""
    end = time.monotonic() + seconds
    while "database system is ready to accept connections" not in server_log(begin):
        if time.monotonic() > end:
            raise TimeoutError("the server has not come back")
        time.sleep(0.02)


def server_log(begin=0):
    """What the server has logged from a place on."""
    with open(FOLDER / "log", "rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")


def log_size():
    return (FOLDER / "log").stat().st_size
