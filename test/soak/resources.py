#!/usr/bin/python3
"""A full disk and a memory limit, met at random places of exports and imports: the error has PostgreSQL's
SQLSTATE, nothing is left of what failed, and the session goes on.

SOAK_LIMITS   how often each limit is met; default 50
SMALL_DISK    a folder on a small disk, which test/soak/on_small_disk makes"""

import os
import resource
from pathlib import Path

import psycopg

from soak import DIGEST, FOLDER, Checks, connect, empty, fill, log_size, run, seeded, server_log, setting, write_file

DISK = Path(os.environ["SMALL_DISK"])
CALLS = FOLDER / "calls.csv"
RECORDS = 65000


def outcome(session, statement):
    """The SQLSTATE that a statement ends with, and its message."""
    try:
        if "TO STDOUT" in statement:
            with session.cursor().copy(statement) as copy:
                for _ in copy:
                    pass
        else:
            session.execute(statement)
        return "00000", ""
    except psycopg.Error as error:
        return error.sqlstate or "lost", str(error)


def choose_writer(session):
    """COPY writes the file with the extension's writer, or with PostgreSQL's."""
    session.execute(f"SET vidyo_cdr.fast_copy = {generator.choice(['on', 'off'])}")


def leave_room(kilobytes):
    """Fills the disk up to what is named."""
    state = os.statvfs(DISK)
    ballast = DISK / "ballast"
    with open(ballast, "ab") as file:
        file.truncate(0)
        free = os.statvfs(DISK).f_bavail * state.f_frsize
        os.posix_fallocate(file.fileno(), 0, max(free - kilobytes * 1024, 4096))


def clear_disk():
    for file in DISK.glob("*"):
        if file.is_file():
            file.unlink()


def report(name, states, problems, expected):
    for problem in problems:
        print(f"# {name}: {problem}")
    counts = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
    check(not problems and set(states) <= {*expected, "00000"} and states.count(expected[0]) >= LIMITS,
          f"{name}: {counts}, {len(problems)} problems")


def full_disk_export():
    """An export to a file on the disk. What has been written stays, as with any COPY."""
    states, problems = [], []
    file = DISK / "export.csv"
    session = connect(options="-c session_preload_libraries=vidyo_cdr")
    while states.count("53100") < LIMITS and len(states) < 4 * LIMITS:
        leave_room(generator.randrange(1, 9000))
        choose_writer(session)
        state, message = outcome(session, f"COPY (SELECT * FROM export_cdr()) TO '{file}' (FORMAT csv, HEADER)")
        states.append(state)
        if state not in ("53100", "00000"):
            problems.append(message)
        if file.exists() and not FILE.startswith(file.read_bytes()):
            problems.append("the file is not the export's beginning")
        clear_disk()
        if outcome(session, "SELECT 1")[0] != "00000":
            problems.append("the next statement fails")
    report("export to a file on a full disk", states, problems, ["53100"])


def full_disk_temporary():
    """An export whose rows do not fit in work_mem and so go to a temporary file on the disk."""
    states, problems = [], []
    session = connect(options="-c session_preload_libraries=vidyo_cdr -c work_mem=64kB -c temp_tablespaces=small")
    while states.count("53100") < LIMITS and len(states) < 4 * LIMITS:
        leave_room(generator.randrange(1, 9000))
        way = generator.choice(["COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv)",
                                "SELECT count(*) FROM export_cdr()", "SELECT sum(length(c)) FROM export_cdr_csv() c"])
        state, message = outcome(session, way)
        states.append(state)
        if state not in ("53100", "00000"):
            problems.append(message)
        clear_disk()
        left = [str(path) for path in DISK.glob("**/pgsql_tmp*/*")]
        if left:
            problems.append(f"temporary files are left: {left}")
    report("export with a temporary file on a full disk", states, problems, ["53100"])


def full_disk_import():
    """An import into a table on the disk."""
    states, problems = [], []
    empty()
    run("ALTER TABLE conferencecall2 SET TABLESPACE small")
    session = connect()
    while states.count("53100") < LIMITS and len(states) < 4 * LIMITS:
        leave_room(generator.randrange(1, 15000))
        state, message = outcome(session, f"SELECT * FROM import_cdr_file('{CALLS}')")
        states.append(state)
        if state not in ("53100", "00000"):
            problems.append(message)
        left = session.execute("SELECT (SELECT count(*) FROM conferencecall2), (SELECT count(*) FROM cdr_import)").fetchone()
        if left != ((0, 0) if state != "00000" else (RECORDS, 1)):
            problems.append(f"{left[0]} records and {left[1]} imports are left")
        clear_disk()
        empty()
    run("ALTER TABLE conferencecall2 SET TABLESPACE pg_default")
    run(f"SELECT * FROM import_cdr_file('{CALLS}')")
    if run(DIGEST) != DIGEST_OF_ALL:
        problems.append("the next import does not lead to the same records")
    report("import into a table on a full disk", states, problems, ["53100"])


def address_space(process):
    with open(f"/proc/{process}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def memory_limit(name, statement):
    """A statement in a session that may have so much more memory, as ulimit -v sets it."""
    states, problems = [], []
    session = connect(options="-c session_preload_libraries=vidyo_cdr -c work_mem=1GB")
    process = session.info.backend_pid
    _, hard = resource.prlimit(process, resource.RLIMIT_AS)
    while states.count("53200") < LIMITS and len(states) < 6 * LIMITS:
        more = int(2 ** generator.uniform(10, 25))
        choose_writer(session)
        resource.prlimit(process, resource.RLIMIT_AS, (address_space(process) + more, hard))
        state, message = outcome(session, statement)
        again, why = outcome(session, "SELECT 1")
        resource.prlimit(process, resource.RLIMIT_AS, (hard, hard))
        states.append(state)
        if state not in ("53200", "00000"):
            problems.append(f"{state} {message}")
        if again not in ("00000", "53200"):
            problems.append(f"the next statement, under the same limit: {again} {why}")
        if session.closed:
            break
        if outcome(session, "SELECT count(*) FROM export_cdr()")[0] != "00000":
            problems.append("the next export fails")
        if len(states) % 3 == 0:
            # A new session has none of the memory that the last statement has left to the process.
            session.close()
            session = connect(options="-c session_preload_libraries=vidyo_cdr -c work_mem=1GB")
            process = session.info.backend_pid
    report(name, states, problems, ["53200"])


LIMITS = setting("LIMITS", 50)
generator = seeded("resources")
check = Checks()
fill(RECORDS)
DIGEST_OF_ALL = run(DIGEST)
write_file(CALLS)
FILE = CALLS.read_bytes()
(DISK / "tablespace").mkdir()
run(f"CREATE TABLESPACE small LOCATION '{DISK}/tablespace'")
begin_of_log = log_size()
full_disk_export()
full_disk_temporary()
full_disk_import()
memory_limit("COPY of 65,000 records and a memory limit", "COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv)")
memory_limit("export_cdr_csv of 65,000 records and a memory limit", "SELECT sum(length(c)) FROM export_cdr_csv() c")
memory_limit("export_cdr of 65,000 records and a memory limit", "SELECT count(*) FROM export_cdr()")
memory_limit("import_cdr_file of 65,000 records and a memory limit", f"SELECT * FROM import_cdr_file('{CALLS}')")
log_text = server_log(begin_of_log)
check("was terminated by" not in log_text and "PANIC" not in log_text, "no session ended")
check("leak" not in log_text and "was not closed" not in log_text, "nothing was left for PostgreSQL to close")
check.end()
