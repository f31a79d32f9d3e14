#!/usr/bin/python3
"""kill -9 of a session, and immediate stops of the server, at random moments of an import, a sync and
an export to a file: what was there after the restart, and whether everything goes on.

SOAK_CRASHES   how many shall end each of the three, both together; default 50
SOAK_RECORDS   how many records the file, the feed and the export have; default 20000"""

import os
import signal
import subprocess
import threading
import time

import psycopg

from soak import (DIGEST, FOLDER, Checks, connect, empty, fill, log_size, make_portal, run, seeded, server_log,
                  server_process, setting, start_server, wait_for_restart, write_file)

CALLS = FOLDER / "calls.csv"
EXPORT = FOLDER / "export.csv"


class Import:
    name = "import_cdr_file"
    sql = f"SELECT * FROM import_cdr_file('{CALLS}')"

    def prepare(self):
        empty()

    def left(self, finished):
        """What is wrong after a crash."""
        records, = run("SELECT count(*) FROM conferencecall2")
        inserted, = run("SELECT sum(inserted) FROM cdr_import")
        if (records, inserted) == (RECORDS, RECORDS) or ((records, inserted) == (0, None) and not finished):
            return []
        return [f"{records} records, {inserted} in cdr_import"]


class Sync:
    name = "sync_cdr"
    sql = "CALL sync_cdr('portal.calls', 'UTC', 1000)"

    def prepare(self):
        empty()

    def left(self, finished):
        records, = run("SELECT count(*) FROM conferencecall2")
        inserted, = run("SELECT coalesce(sum(inserted), 0) FROM cdr_import")
        position, = run("SELECT coalesce(max(highest_call_id), 0) FROM cdr_feed")
        passed, = run("SELECT count(*) FROM portal.calls WHERE callid <= %s", position)
        if records == inserted == passed and (records == RECORDS or not finished):
            return []
        return [f"{records} records, {inserted} in cdr_import, {passed} up to the feed's position"]


class Export:
    name = "export to a file"
    sql = f"COPY (SELECT * FROM export_cdr()) TO '{EXPORT}' (FORMAT csv, HEADER)"

    def prepare(self):
        EXPORT.unlink(missing_ok=True)
        if run(DIGEST) != DIGEST_OF_ALL:
            empty()
            run(Import.sql)

    def left(self, finished):
        written = EXPORT.read_bytes() if EXPORT.exists() else b""
        if FILE.startswith(written) and (written == FILE or not finished):
            return []
        return [f"the file has {len(written)} bytes of {len(FILE)}, or others"]


class Statement(threading.Thread):
    """A statement in a session of its own."""

    def __init__(self, sql):
        super().__init__()
        self.session = connect(options="-c session_preload_libraries=vidyo_cdr")
        self.process = self.session.info.backend_pid
        self.sql = sql
        self.finished = False
        self.error = None

    def run(self):
        try:
            self.session.execute(self.sql)
            self.finished = True
        except psycopg.OperationalError:
            pass
        except psycopg.Error as error:
            self.error = f"{error.sqlstate}: {error}"


def kill_session(process):
    os.kill(process, signal.SIGKILL)


def stop_server(_process):
    """What pg_ctl stop -m immediate does, without the time that it takes to start."""
    server = server_process()
    os.kill(server, signal.SIGQUIT)
    while os.path.exists(f"/proc/{server}/stat") and (FOLDER / "data/postmaster.pid").exists():
        time.sleep(0.01)
    start_server()


def duration(operation):
    """How long the operation takes undisturbed, in seconds."""
    times = []
    for _ in range(3):
        operation.prepare()
        statement = Statement(operation.sql)
        begin = time.monotonic()
        statement.run()
        times.append(time.monotonic() - begin)
        statement.session.close()
    return min(times)


def crash(operation, fault, moment):
    """Lets the operation meet a fault. Returns whether it had finished, and what is wrong afterwards."""
    operation.prepare()
    statement = Statement(operation.sql)
    statement.start()
    time.sleep(moment)
    log_begin = log_size()
    fault(statement.process)
    statement.join(120)
    statement.session.close()
    wait_for_restart(log_begin)
    problems = operation.left(statement.finished)
    if statement.error:
        problems.append(statement.error)
    # The server removes what the session had in temporary files.
    temporary = list((FOLDER / "data/base/pgsql_tmp").glob("*"))
    if temporary:
        problems.append(f"temporary files are left: {temporary}")
    amcheck = subprocess.run(["pg_amcheck", "--install-missing", "--heapallindexed", "-d", "postgres"],
                             capture_output=True, text=True, timeout=300, check=False)
    if amcheck.returncode or amcheck.stdout:
        problems.append(f"pg_amcheck: {amcheck.stdout}{amcheck.stderr}")
    return statement.finished, problems + again(operation)


def again(operation):
    """What is wrong after the same operation has been run again, undisturbed."""
    run(operation.sql)
    problems = operation.left(finished=True)
    if run(DIGEST) != DIGEST_OF_ALL:
        problems.append(f"the next {operation.name} does not lead to the same records")
    rejected, = run("SELECT count(*) FROM cdr_import_reject")
    if rejected:
        problems.append(f"{rejected} records are rejected")
    return problems


def crashes(operation):
    seconds = duration(operation)
    faults = {kill_session: 0, stop_server: 0}
    problems = []
    attempts = 0
    while sum(faults.values()) < CRASHES and attempts < 4 * CRASHES:
        attempts += 1
        fault = min(faults, key=faults.get)
        moment = generator.uniform(0, seconds)
        finished, wrong = crash(operation, fault, moment)
        faults[fault] += not finished
        problems += [f"{fault.__name__} after {moment:.3f} s: {problem}" for problem in wrong]
    for problem in problems:
        print(f"# {problem}")
    check(not problems and sum(faults.values()) == CRASHES,
          f"{operation.name} of {RECORDS} records ({seconds:.2f} s), ended by {faults[kill_session]} kill -9"
          f" of its session and {faults[stop_server]} immediate stops of the server, and"
          f" {attempts - sum(faults.values())} faults after its end: {len(problems)} problems")


CRASHES = setting("CRASHES", 50)
RECORDS = setting("RECORDS", 20000)
generator = seeded("crashes")
check = Checks()
fill(RECORDS)
DIGEST_OF_ALL = run(DIGEST)
write_file(CALLS)
FILE = CALLS.read_bytes()
make_portal()
for each in (Import(), Sync(), Export()):
    crashes(each)
log = server_log()
check("PANIC" not in log and "signal 11" not in log and "signal 6" not in log,
      "the server's log tells of no other crash")
check.end()
