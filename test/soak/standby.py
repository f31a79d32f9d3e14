#!/usr/bin/python3
"""Exports on a streaming standby while it replays imports, deletes and VACUUM: each is consistent, or ends
with PostgreSQL's own error of a recovery conflict; what would write is refused.

SOAK_SECONDS   how long; default 300"""

import collections
import logging
import random
import re
import subprocess
import threading
import time
import traceback

import psycopg

from batches import BATCH, batch_file, check_export, exported
from soak import FOLDER, Checks, connect, run, seeded, server_log, setting

STANDBY = FOLDER / "standby"
PORT = 5433
# A conflict between two statements of a transaction ends the session, and psycopg has no SQLSTATE of that.
ENDED = "session ended"
CONFLICTS = {"40001", "40P01", ENDED}
WINDOW = 100  # batches that are kept


def start_standby():
    """Without a delay, replay ends each query in its way at once."""
    subprocess.run(["pg_basebackup", "--checkpoint=fast", "-R", "-D", STANDBY], check=True, timeout=120)
    with open(STANDBY / "postgresql.auto.conf", "a", encoding="ascii") as settings:
        settings.write(f"port = {PORT}\nmax_standby_streaming_delay = 0\nhot_standby_feedback = off\n"
                       "log_line_prefix = '%e '\n")
    subprocess.run(["pg_ctl", "start", "--wait", "--silent", "-D", STANDBY, "-l", FOLDER / "standby.log"],
                   check=True, timeout=120)


def changing(rng):
    """Keeps the primary changing: batches come, change and go, and VACUUM removes what went."""
    number = 0
    with connect() as session:
        while time.monotonic() < end_of_load:
            number += 1
            seed = rng.random()
            for ended in (False, True):
                session.execute("SELECT import_cdr(%s, 'UTC')", [batch_file(number, ended, random.Random(seed))])
            session.execute("DELETE FROM conferencecall2 WHERE uniquecallid = %s", [str(number - WINDOW)])
            if number % 5 == 0:
                session.execute("VACUUM conferencecall2")
    done["batches"] = number


def exporting(rng):
    """Exports on the standby, now and then more than once in a snapshot."""
    session = None
    while time.monotonic() < end_of_load:
        if session is None or session.closed:
            session = connect(port=PORT, options="-c session_preload_libraries=vidyo_cdr -c work_mem=64kB")
        try:
            with session.transaction():
                session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                files = [sorted(exported(session, rng, "").splitlines()) for _ in range(rng.choice([1, 1, 3]))]
        except psycopg.Error as error:
            with lock:
                errors[error.sqlstate or ENDED] += 1
            continue
        header = [line for line in files[0] if line.startswith("CallID")]
        records = [line for line in files[0] if not line.startswith("CallID")]
        wrong, count = check_export("\n".join(header + records))
        with lock:
            done["exports"] += len(files)
            done["records"] += count * len(files)
            problems.extend(wrong + [f"{len(files)} exports of a snapshot differ" for f in files[1:] if f != files[0]])


def client(function, seed):
    try:
        function(random.Random(seed))
    except Exception:  # whatever it is, the test has to tell
        problems.append(traceback.format_exc())


def refusal(statement):
    with connect(port=PORT) as session:
        try:
            session.execute(statement)
            return "00000"
        except psycopg.Error as error:
            return error.sqlstate


SECONDS = setting("SECONDS", 300)
generator = seeded("standby")
check = Checks()
lock = threading.Lock()
logging.getLogger("psycopg").setLevel(logging.CRITICAL)
done, errors, problems = collections.Counter(), collections.Counter(), []
run("CREATE EXTENSION vidyo_cdr")
start_standby()
try:
    end_of_load = time.monotonic() + SECONDS
    threads = [threading.Thread(target=client, args=(function, generator.random()))
               for function in [changing] + 4 * [exporting]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refusals = [refusal("SELECT import_cdr('CallID')"), refusal("SELECT import_cdr_file('/dev/null')"),
                refusal("CALL sync_cdr('conferencecall2', 'UTC')")]
    position, = run("SELECT pg_current_wal_lsn()::text")
    with connect(port=PORT) as standby:
        until = time.monotonic() + 60
        while not standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]).fetchone()[0]:
            assert time.monotonic() < until, "the standby does not catch up"
            time.sleep(0.1)
        files = ["".join(chunk for chunk, in session.execute("SELECT export_cdr_csv()").fetchall())
                 for session in (standby, connect())]
finally:
    subprocess.run(["pg_ctl", "stop", "--silent", "-m", "immediate", "-D", STANDBY], check=False, timeout=60)

for problem in problems[:20]:
    print(f"# {problem}")
check(done["exports"] > 0 and not problems,
      f"{done['exports']} exports with {done['records']} records in {SECONDS} s, while the standby replayed"
      f" {done['batches']} batches of {BATCH}: {len(problems)} saw a part of a batch")
log = (FOLDER / "standby.log").read_text(errors="replace")
ended = re.findall(r"^(\w{5}) FATAL:  terminating connection due to conflict with recovery", log, re.MULTILINE)
check(errors["40001"] > 0 and set(errors) <= CONFLICTS and errors[ENDED] <= len(ended),
      f"recovery conflicts: {dict(errors)}; the log has {len(ended)} ended sessions, {set(ended) or 'none'}")
check(refusals == ["25006"] * 3, f"import_cdr, import_cdr_file and sync_cdr are refused: {' '.join(refusals)}")
check(files[0] == files[1], "in the end both export the same")
log += server_log()
check("was terminated by" not in log and "PANIC" not in log and "leak" not in log, "no session ended, no leak")
check.end()
