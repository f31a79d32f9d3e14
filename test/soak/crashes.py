#!/usr/bin/python3
"""kill -9 of a session, and immediate stops of the server, at random moments of an import, of syncs with a
MariaDB and of an export to a file: what was there after the restart, and whether everything goes on.

SOAK_CRASHES   how many of each kind shall end an import, a sync and an export; default 50
SOAK_RECORDS   how many records the file, the portal and the export have; default 20000"""

import os
import signal
import subprocess
import threading
import time

import psycopg

from portal import Portal, show
from soak import (DIGEST, FOLDER, Checks, connect, empty, fill, log_size, run, seeded, server_log, server_process,
                  setting, start_server, wait_for_restart, write_file)

CALLS = FOLDER / "calls.csv"
EXPORT = FOLDER / "export.csv"


class Import:
    name = "import_cdr_file"
    share = 1
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

    def again(self):
        return same_again(self)


class Sync:
    """The first sync with a portal, or a later one: there are new calls, calls that have ended and calls that
    were committed late. While the server restarts, the portal goes on in the same way."""

    sql = "CALL sync_cdr('portal.conferencecall2', 'UTC', 1000)"
    share = 0.5

    def __init__(self, later):
        self.name = "a later sync_cdr" if later else "the first sync_cdr"
        self.later = later

    def prepare(self):
        empty()
        if self.later:
            show("morning")
            run(self.sql)
        show("noon")

    def left(self, finished):
        """What is wrong after a crash, by what the portal has: every record up to the feed's position is there
        once, unless it was committed late, and has the portal's values."""
        of_portal, wrong = run(f"""
            SELECT count(c.callid), count(*) FILTER (
                WHERE c.callid IS NULL AND NOT f.callid % {LATE} = 0
                   OR c.callid IS NOT NULL
                      AND (f.uniquecallid, f.callername) IS DISTINCT FROM (c.uniquecallid::text, c.callername)
                   OR c.leavetime IS NOT NULL AND c.leavetime AT TIME ZONE 'UTC' IS DISTINCT FROM f.leavetime::timestamp)
            FROM portal.conferencecall2 f LEFT JOIN conferencecall2 c ON c.callid = f.callid
            WHERE c.callid IS NOT NULL OR f.callid <= (SELECT max(highest_call_id) FROM cdr_feed)""")
        stored, inserted = run("SELECT count(*), (SELECT coalesce(sum(inserted), 0) FROM cdr_import) FROM conferencecall2")
        problems = [f"{wrong} records are not as the portal has them"] if wrong else []
        if not stored == inserted == of_portal:
            problems.append(f"{stored} records, {inserted} in cdr_import, {of_portal} of the portal's")
        if finished and run(DIGEST) != DIGESTS["noon"]:
            problems.append("the sync had ended, and not all is there")
        return problems

    def again(self):
        show("evening")
        run(self.sql)
        return [] if run(DIGEST) == DIGESTS["evening"] else ["the next sync does not bring all that the portal has"]


class Export:
    name = "export to a file"
    share = 1
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

    def again(self):
        return same_again(self)


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
        except psycopg.Error as error:
            # A session that ends has no SQLSTATE, or that of another session's crash.
            if error.sqlstate not in (None, "57P02"):
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
        assert statement.finished, f"{operation.name} fails undisturbed"
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
    problems += operation.again()
    rejected, = run("SELECT count(*) FROM cdr_import_reject")
    if rejected:
        problems.append(f"{rejected} records are rejected")
    return statement.finished, problems


def same_again(operation):
    """What is wrong after the same operation has been run again, undisturbed."""
    run(operation.sql)
    problems = operation.left(finished=True)
    if run(DIGEST) != DIGEST_OF_ALL:
        problems.append(f"the next {operation.name} does not lead to the same records")
    return problems


def crashes(operation):
    count = int(2 * CRASHES * operation.share)
    seconds = duration(operation)
    faults = {kill_session: 0, stop_server: 0}
    problems = []
    attempts = 0
    while sum(faults.values()) < count and attempts < 4 * count:
        attempts += 1
        fault = min(faults, key=faults.get)
        moment = generator.uniform(0, seconds)
        finished, wrong = crash(operation, fault, moment)
        faults[fault] += not finished
        problems += [f"{fault.__name__} after {moment:.3f} s: {problem}" for problem in wrong]
    for problem in problems:
        print(f"# {problem}")
    check(not problems and sum(faults.values()) == count,
          f"{operation.name} of {RECORDS} records ({seconds:.2f} s), ended by {faults[kill_session]} kill -9"
          f" of its session and {faults[stop_server]} immediate stops of the server, and"
          f" {attempts - sum(faults.values())} faults after its end: {len(problems)} problems with records, files,"
          " pg_amcheck or the next run")


def open_portal():
    """A portal in the course of a day: in the morning it has half of the calls, at noon all, in the evening
    more. Each time some of those before have ended, and some are committed late."""
    half, more = RECORDS // 2, RECORDS + RECORDS // 10
    portal = Portal()
    portal.add_state("morning", half, f"seq % {LATE} > 0", "seq % 50 = 0")
    portal.add_state("noon", RECORDS, f"seq % {LATE} > 0 OR seq < {half}",
                     f"seq % 100 = 0 OR seq % 70 = 0 AND seq > {half}")
    portal.add_state("evening", more, "TRUE", f"seq % 200 = 0 OR seq % 70 = 0 AND seq > {RECORDS}")
    portal.attach("morning")
    for state in ("noon", "evening"):
        empty()
        show(state)
        run(Sync.sql)
        DIGESTS[state] = run(DIGEST)


CRASHES = setting("CRASHES", 50)
RECORDS = setting("RECORDS", 20000)
LATE = 101  # each call so far from the next one is committed late
DIGESTS = {}
generator = seeded("crashes")
check = Checks()
fill(RECORDS)
DIGEST_OF_ALL = run(DIGEST)
write_file(CALLS)
FILE = CALLS.read_bytes()
open_portal()
for each in (Import(), Sync(later=False), Sync(later=True), Export()):
    crashes(each)
log = server_log()
check("PANIC" not in log and "signal 11" not in log and "signal 6" not in log,
      "the server's log tells of no other crash")
check.end()
