#!/usr/bin/python3
"""Exports on a streaming standby while it replays imports, deletes, VACUUM and changes of tenants: each is
consistent, has what its role was granted at that place in the stream, or ends with PostgreSQL's own error of
a recovery conflict, and each has its line in the trail. What would write is refused.

SOAK_SECONDS   how long; default 300"""

import collections
import contextlib
import json
import logging
import random
import re
import subprocess
import threading
import time
import traceback

import psycopg

from batches import BATCH, EXPORTS, FILES, TABLES, TENANTS, batch_file, check_export, exported
from soak import FOLDER, Checks, connect, run, seeded, server_log, setting
from tenants import FIXED, ROAMING, change, make_roles

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
                       "log_line_prefix = '%e '\nvidyo_cdr.log_exports = log\n")
    subprocess.run(["pg_ctl", "start", "--wait", "--silent", "-D", STANDBY, "-l", FOLDER / "standby.log"],
                   check=True, timeout=120)


def changing(rng):
    """Keeps the primary changing: batches come, change and go, and VACUUM removes what went."""
    number = 8
    with connect() as session:
        while time.monotonic() < end_of_load:
            number += 1
            seed = rng.random()
            for ended in (False, True):
                session.execute("SELECT import_cdr(%s, 'UTC')", [batch_file(number, ended, random.Random(seed))])
            session.execute("DELETE FROM conferencecall2 WHERE uniquecallid = %s", [str(number - WINDOW)])
            done["batches"] += 1
            if number % 5 == 0:
                session.execute("VACUUM conferencecall2")


def place(session):
    """How far the write-ahead log has been written, or replayed on the standby, as a number."""
    return int(session.execute("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                               " ELSE pg_current_wal_insert_lsn() END - pg_lsn '0/0'").fetchone()[0])


def granting(rng):
    """Grants and revokes tenants on the primary."""
    with connect() as session:
        while time.monotonic() < end_of_load:
            change(session, access, rng, lambda: place(session))
            done["changes"] += 1
            time.sleep(rng.random() / 20)


@contextlib.contextmanager
def attempt(session, way):
    """An export under a name of its own, by which its line in the trail is found, and its end in attempts."""
    with lock:
        name = f"export {len(attempts)}"
        attempts[name] = outcome = {"way": way, "state": "not begun"}
    session.execute(f"SET application_name = '{name}'")
    outcome["state"] = "begun"
    try:
        yield outcome
        outcome["state"] = "done"
    except psycopg.Error as error:
        outcome["state"] = error.sqlstate or ENDED
        raise


def export_as_owner(session, rng):
    """All records, now and then more than once in a snapshot."""
    with session.transaction():
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        ways = rng.choice([[rng.choice(EXPORTS)], [rng.choice(EXPORTS)], rng.choices(FILES, k=3)])
        files = []
        for way in ways:
            with attempt(session, way) as outcome:
                files.append(exported(session, way))
            wrong, outcome["records"], _ = check_export(files[-1])
            outcome["bytes"] = len(files[-1].encode())
            problems.extend(wrong)
            done["records"] += outcome["records"]
        if len({"".join(sorted(file.splitlines())) for file in files}) > 1:
            problems.append(f"{len(files)} exports of a snapshot differ: {ways}")


def export_as_tenant(session, rng, role):
    """A tenant's records, or what the role sees in the table."""
    way, tenant, tenants = rng.choice(EXPORTS + TABLES), rng.choice([None, *TENANTS]), None
    if way in TABLES:
        tenant = None
    begin = place(session)
    try:
        with attempt(session, way) as outcome:
            file = exported(session, way, f"tenant => '{tenant}'" if tenant else "")
        wrong, outcome["records"], tenants = check_export(file)
        outcome["bytes"] = len(file.encode())
        problems.extend(wrong)
        done["records"] += outcome["records"]
    except psycopg.errors.InsufficientPrivilege:
        done["refused"] += 1
    wrong = access[role].problem(begin, place(session), tenants, tenant)
    problems.extend([f"{role}, {way}: {wrong}"] if wrong else [])


def exporting(rng, role):
    """Exports on the standby, over and over."""
    session = None
    while time.monotonic() < end_of_load:
        try:
            if session is None or session.closed:
                session = connect(port=PORT, user=role or "postgres", options="-c work_mem=64kB")
            if role:
                export_as_tenant(session, rng, role)
            else:
                export_as_owner(session, rng)
        except psycopg.Error as error:
            with lock:
                errors[error.sqlstate or ENDED] += 1


def client(function, seed, *arguments):
    try:
        function(random.Random(seed), *arguments)
    except Exception:  # whatever it is, the test has to tell
        problems.append(traceback.format_exc())


def refusal(statement):
    with connect(port=PORT) as session:
        try:
            session.execute(statement)
            return "00000"
        except psycopg.Error as error:
            return error.sqlstate


def catch_up(standby):
    position, = run("SELECT pg_current_wal_lsn()::text")
    until = time.monotonic() + 60
    while not standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]).fetchone()[0]:
        assert time.monotonic() < until, "the standby does not catch up"
        time.sleep(0.1)


def everything(port, role, way):
    """An export without load, or the error that it is refused with."""
    with connect(port=port, user=role) as session:
        try:
            return exported(session, way)
        except psycopg.Error as error:
            return error.sqlstate


# What the trail may say of an export, by how it ended for the client. An error can come before its beginning,
# and after its end.
OUTCOMES = {"done": {("done", None)}, "42501": {("refused", "42501")},
            "40001": {("failed", "40001"), ("done", None), ("ended early", None), None},
            "40P01": {("failed", "40P01"), ("done", None), ("ended early", None), None},
            ENDED: {("failed", "40001"), ("ended early", None), ("done", None), None}, "not begun": {None}}


def trail_problems(log):
    """What is wrong with the trail: an export has one line, which says how it ended, and what went out."""
    lines = collections.defaultdict(list)
    for line in re.findall(r'^\w{5} LOG:  (\{"event": "export".*)$', log, re.MULTILINE):
        lines[json.loads(line)["application"]].append(json.loads(line))
    wrong = [f"{name}: not an export of the test" for name in set(lines) - set(attempts) - {""}]
    for name, outcome in attempts.items():
        found = lines[name] or [None]
        trail["lines"] += len(lines[name])
        expected = {None} if outcome["way"] in TABLES else OUTCOMES.get(outcome["state"], set())
        said = found[0] and (found[0]["outcome"], found[0]["sqlstate"])
        if len(found) > 1 or said not in expected:
            wrong.append(f"{name} {outcome}: {found}")
        elif outcome["state"] == "done" and said:
            trail["done"] += 1
            size = outcome["bytes"] if outcome["way"] in ("fast", "csv") else None
            if (found[0]["records"], found[0]["bytes"]) != (outcome["records"], size):
                wrong.append(f"{name} {outcome}: {found}")
        elif said:
            trail[" ".join(filter(None, said))] += 1
    return wrong


SECONDS = setting("SECONDS", 300)
generator = seeded("standby")
check = Checks()
lock = threading.Lock()
logging.getLogger("psycopg").setLevel(logging.CRITICAL)
done, errors, trail, problems, attempts = (collections.Counter(), collections.Counter(), collections.Counter(), [], {})
run("CREATE EXTENSION vidyo_cdr")
with connect() as owner:
    access = make_roles(owner)
    for number in range(1, 9):
        owner.execute("SELECT import_cdr(%s, 'UTC')", [batch_file(number, True, generator)])
start_standby()
try:
    end_of_load = time.monotonic() + SECONDS
    works = [(changing,), (granting,), *[(exporting, role) for role in [None] * 3 + FIXED[:2] + ROAMING]]
    threads = [threading.Thread(target=client, args=(work[0], generator.random(), *work[1:])) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refusals = [refusal(statement) for statement in (
        "SELECT import_cdr('CallID')", "SELECT import_cdr_file('/dev/null')", "CALL sync_cdr('conferencecall2', 'UTC')",
        "SELECT cdr_grant_tenant('team', 'tenant0')", "SELECT cdr_grant_all_tenants('team')",
        "SELECT cdr_grant_import('team')", "SELECT cdr_revoke('team')")]
    with connect(port=PORT) as standby_session:
        catch_up(standby_session)
    unlike = [f"{role or 'owner'}, {way}" for role in [None, *FIXED, *ROAMING] for way in EXPORTS + TABLES
              if everything(PORT, role, way) != everything(None, role, way)]
finally:
    subprocess.run(["pg_ctl", "stop", "--silent", "-m", "immediate", "-D", STANDBY], check=False, timeout=60)

standby_log = (FOLDER / "standby.log").read_text(errors="replace")
trail_wrong = trail_problems(standby_log)
for problem in problems[:20] + trail_wrong[:20]:
    print(f"# {problem}")
succeeded = sum(outcome["state"] == "done" for outcome in attempts.values())
check(succeeded > 0 and min(done["changes"], done["refused"]) > 0 and not problems,
      f"{succeeded} exports with {done['records']} records in {SECONDS} s, while the standby replayed"
      f" {done['batches']} batches of {BATCH} and {done['changes']} changes of tenants: {len(problems)} saw a part"
      " of a batch, or other tenants than granted")
ended = re.findall(r"^(\w{5}) FATAL:  terminating connection due to conflict with recovery", standby_log, re.MULTILINE)
check(errors["40001"] > 0 and set(errors) <= CONFLICTS and errors[ENDED] <= len(ended),
      f"recovery conflicts: {dict(errors)}; the log has {len(ended)} ended sessions, {set(ended) or 'none'}")
check(trail["done"] > 0 and not trail_wrong,
      f"the trail has {trail['lines']} lines of {len(attempts)} attempts: {dict(trail)}; {len(trail_wrong)} problems")
check(set(refusals) == {"25006"}, f"what would write is refused: {' '.join(refusals)}")
check(not unlike, f"in the end each role exports the same on both, in each way {unlike or ''}")
standby_log += server_log()
check(not re.search("was terminated by|PANIC|leak", standby_log), "no session ended, no leak")
check.end()
