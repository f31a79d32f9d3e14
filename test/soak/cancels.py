#!/usr/bin/python3
"""Cancels in one session, at random moments of everything that takes long: what the session keeps of
them in memory and open files, and whether the next statement works.

SOAK_CANCELS   how many cancels for each operation; default 200
SOAK_RECORDS   how many records the operations have; default 20000"""

import os
import re
import threading
import time

import psycopg

from soak import (DIGEST, FOLDER, Checks, connect, empty, fill, log_size, make_portal, run, seeded,
                  server_log, setting, write_file)

CALLS = FOLDER / "calls.csv"
# PostgreSQL keeps files of tables and logs open for the next statement, as many as it has touched.
KEPT_OPEN = re.compile(r"/data/(base/\d+|global|pg_wal|pg_xact|pg_subtrans)/[\d_A-Za-z]+$")
# What each operation runs, and whether it reads records or brings them in.
OPERATIONS = {
    "COPY of export_cdr": ("COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER)", "reads"),
    "COPY of export_cdr to a file": (
        f"COPY (SELECT * FROM export_cdr()) TO '{FOLDER}/export.csv' (FORMAT csv, HEADER)", "reads"),
    "export_cdr": ("SELECT count(*) FROM export_cdr()", "reads"),
    "export_cdr_csv": ("SELECT sum(length(chunk)) FROM export_cdr_csv(profile => 'spreadsheet') AS chunk", "reads"),
    "import_cdr": ("SELECT * FROM import_cdr(current_setting('soak.csv'))", "writes"),
    "import_cdr_file": (f"SELECT * FROM import_cdr_file('{CALLS}')", "writes"),
    "sync_cdr": ("CALL sync_cdr('portal.calls', 'UTC', 1000)", "commits"),
}


class Session:
    """The session that is cancelled."""

    def __init__(self):
        self.session = connect(options="-c session_preload_libraries=vidyo_cdr")
        self.session.prepare_threshold = None  # psycopg's prepared statements would be kept, too
        self.process = self.session.info.backend_pid
        self.session.execute("SELECT set_config('soak.csv', pg_read_file(%s), false)", [str(CALLS)])

    def value(self, sql):
        return self.session.execute(sql).fetchone()[0]

    def finish(self, sql):
        """Runs a statement, and reads what COPY sends."""
        if "TO STDOUT" in sql:
            with self.session.cursor().copy(sql) as copy:
                for _ in copy:
                    pass
        else:
            self.session.execute(sql)

    def kept(self):
        """Bytes of PostgreSQL's memory, open files but for those of tables, and memory of the process."""
        memory = self.value("SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts")
        folder = f"/proc/{self.process}/fd"
        files = sum(not KEPT_OPEN.search(os.readlink(f"{folder}/{number}")) for number in os.listdir(folder))
        with open(f"/proc/{self.process}/status", encoding="ascii") as status:
            process = next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))
        return memory, files, process * 1024

    def ours(self):
        return self.value("SELECT count(*) FROM pg_backend_memory_contexts WHERE name LIKE 'vidyo_cdr%'")


def cancel(victim, canceller, sql, seconds):
    """Cancels a statement at a random moment: by a timeout, or from another session. Returns the SQLSTATE
    that it ended with, or None."""
    moment = generator.uniform(0.001, seconds)
    timer = None
    if generator.random() < 0.5:
        victim.session.execute(f"SET statement_timeout = '{moment * 1000:.0f}ms'")
    else:
        timer = threading.Timer(moment, canceller.execute, ["SELECT pg_cancel_backend(%s)", [victim.process]])
        timer.start()
    state = None
    try:
        victim.finish(sql)
    except psycopg.Error as error:
        state = error.sqlstate or str(error)
    if timer:
        timer.join()
    # A cancel that comes late hits the next statement, or none.
    for _ in range(2):
        try:
            victim.session.execute("SET statement_timeout = 0")
            victim.session.execute("SELECT 1")
        except psycopg.errors.QueryCanceled:
            pass
    return state


def problems_after(kind):
    """What is wrong with the records after a cancel."""
    records, = run("SELECT count(*) FROM conferencecall2")
    inserted, = run("SELECT coalesce(sum(inserted), 0) FROM cdr_import")
    if kind == "commits":
        position, = run("SELECT coalesce(max(highest_call_id), 0) FROM cdr_feed")
        passed, = run("SELECT count(*) FROM portal.calls WHERE callid <= %s", position)
        return [] if records == inserted == passed else [f"{records} {inserted} {passed}"]
    return [] if kind == "reads" or records == inserted == 0 else [f"{records} of a cancelled import"]


def prepare(kind):
    if kind != "reads":
        empty()
    elif run(DIGEST) != DIGEST_OF_ALL:
        empty()
        run(f"SELECT * FROM import_cdr_file('{CALLS}')")


def duration(victim, name):
    sql, kind = OPERATIONS[name]
    times = []
    for _ in range(3):
        prepare(kind)
        begin = time.monotonic()
        victim.finish(sql)
        times.append(time.monotonic() - begin)
    return min(times)


def cancels(victim, canceller, name, seconds, count):
    """Cancels an operation until it has been hit so often. Returns what was wrong."""
    sql, kind = OPERATIONS[name]
    problems = []
    hits = attempts = 0
    prepare(kind)
    while hits < count and attempts < 5 * count:
        attempts += 1
        state = cancel(victim, canceller, sql, seconds)
        hits += state == "57014"
        if state not in (None, "57014"):
            problems.append(state)
        if state is None:
            prepare(kind)
        else:
            problems += problems_after(kind)
            if kind == "commits":
                prepare(kind)
    return hits, attempts, problems


def check_operation(victim, canceller, name):
    seconds = duration(victim, name)
    # What is kept on purpose, such as plans and catalog caches, is there after the first few.
    cancels(victim, canceller, name, seconds, 10 + CANCELS // 10)
    before = victim.kept()
    hits, attempts, problems = cancels(victim, canceller, name, seconds, CANCELS)
    after = victim.kept()
    growth = [end - begin for begin, end in zip(before, after)]
    sql, kind = OPERATIONS[name]
    prepare(kind)
    victim.finish(sql)
    if run(DIGEST) != DIGEST_OF_ALL:
        problems.append("the next one does not lead to the same records")
    if victim.ours():
        problems.append("memory of the extension is left")
    for problem in problems:
        print(f"# {name}: {problem}")
    check(not problems and hits == CANCELS and growth[0] <= 32 << 10 and growth[1] <= 0 and growth[2] <= 4 << 20,
          f"{name} ({seconds:.2f} s): {hits} cancels in {attempts} calls, {len(problems)} problems; memory"
          f" contexts {growth[0]:+} bytes, other open files {growth[1]:+}, process {growth[2] // 1024:+} kB; the next"
          " one works")


CANCELS = setting("CANCELS", 200)
RECORDS = setting("RECORDS", 20000)
generator = seeded("cancels")
check = Checks()
fill(RECORDS)
DIGEST_OF_ALL = run(DIGEST)
write_file(CALLS)
make_portal()
# New statistics in the middle would make PostgreSQL's caches grow.
run("ALTER SYSTEM SET autovacuum = off")
run("SELECT pg_reload_conf()")
run("ANALYZE")
victim_session = Session()
cancelling = connect()
begin_of_log = log_size()
for operation_name in OPERATIONS:
    check_operation(victim_session, cancelling, operation_name)
log_text = server_log(begin_of_log)
check("leak" not in log_text and "was not closed" not in log_text,
      "nothing was left for PostgreSQL to close")
check.end()
