#!/usr/bin/python3
"""Calls every function and procedure that the extension has, in many ways, with random arguments of
their types, as several roles and under random settings; and reads and writes its tables and views. Nothing
may end the session, nor be an internal error.

SOAK_CALLS   how many calls; default 20000
Functions and relations come from the catalog, so a new one is called without a change here."""

import collections
import random

import psycopg
from psycopg import sql

from soak import FOLDER, Checks, connect, fill, log_size, make_portal, run, seeded, server_log, setting, write_file

CALLS = FOLDER / "calls.csv"
HEADER = ("CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerID,CallerName,"
          "JoinTime,LeaveTime,CallState,Direction")
RECORD = '900001,12,room,t,C,D,ann,"Ann, ""A""",2026-03-29 02:30:00,,IN PROGRESS,I'
PIECES = ["", "a", "'", '"', '""', ",", ";", "\t", "\n", "\r\n", "\r", "\\", "\\.", "=1+1", "é", "😀", "\ufeff",
          "\u200f", "%s", "NULL", "0", "-1", "9223372036854775808", "1e400", "2026-02-30", "2026-03-29 02:30:00",
          "C", "portal", "raw", "spreadsheet", "UTC", "America/New_York", "LATIN1", "x" * 3000, HEADER, RECORD]
WORDS = ["raw", "portal", "spreadsheet", ",", ";", "\t", "UTC", "America/New_York", "posix/UTC", "UTF8", "LATIN1",
         "SJIS", "tenant1", "acme.example.com", "-03:30", "CET-1CEST", "", "conferencecall2"]
# What gets past an argument's first check.
LIKELY = {"profile": ["raw", "portal", "spreadsheet"], "delimiter": [",", ";", "\t"], "encoding": ["UTF8", "LATIN1", "SJIS"],
          "time_zone": ["UTC", "America/New_York", "Asia/Kathmandu", "posix/UTC"], "tenant": ["acme.example.com", "t"],
          "batch_size": ["1", "100", "10000", "1000000"], "source": ["portal.calls"]}
PATHS = [str(CALLS), str(FOLDER), "/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem", "", "/", "a" * 2000,
         "/nowhere", str(FOLDER / "data/postgresql.conf"), str(FOLDER / "data/PG_VERSION"), "/proc/self/stat"]
TIMES = ["infinity", "-infinity", "4713-01-01 BC", "4714-11-24 00:00+00 BC", "294276-12-31 23:59:59.999999+00",
         "2000-01-01", "1970-01-01", "2026-01-01", "2026-07-01 00:00:00.000001+15:59", "epoch", "now"]
SOURCES = ["portal.calls", "conferencecall2", "cdr_report", "cdr_codes", "cdr_feed", "pg_class", "pg_toast.pg_toast_1255",
           "pg_class_oid_index", "conferencecall2_callid_seq", "information_schema.tables", "pg_stats", "0", "4294967295"]
# Whom tenants are granted to and taken from, and who calls: some of them, and the superuser.
ROLES = ["admin", "importer", "member", "nobody", "everybody", "pg_read_all_data", "postgres", "public", "", "-", "0",
         "4294967295"]
CALLERS = ROLES[:5]
# For triggers and the planner only.
NEVER_SUCCEED = {"cdr_guard_drop", "cdr_drop_owned_access", "cdr_role_access_changes", "cdr_policy_support",
                 "export_cdr_support"}
SETTINGS = {
    "datestyle": ["ISO", "SQL, DMY", "German", "Postgres, MDY"], "timezone": ["UTC", "Asia/Kathmandu", "-03:30"],
    "client_encoding": ["UTF8", "LATIN1", "SQL_ASCII", "SJIS"], "search_path": ["public", "pg_temp, public", "portal, public"],
    "work_mem": ["64kB", "4MB"], "vidyo_cdr.export_limit": ["1", "100", "65000"], "vidyo_cdr.fast_copy": ["on", "off"],
    "vidyo_cdr.allow_drop": ["on", "off"], "vidyo_cdr.log_exports": ["off", "log", "notice", "debug5"],
    "jit_above_cost": ["0", "100000"], "force_parallel_mode": ["on", "off"],
    "default_transaction_read_only": ["on", "off", "off"], "session_replication_role": ["replica", "origin"],
    "plan_cache_mode": ["force_generic_plan", "force_custom_plan"], "standard_conforming_strings": ["on", "off"],
    "default_transaction_isolation": ["serializable", "read committed"], "enable_indexscan": ["on", "off"],
    "row_security": ["on", "on", "off"], "client_min_messages": ["error", "debug5"],
}


def random_text():
    choice = generator.random()
    if choice < 0.4:
        return generator.choice(WORDS)
    if choice < 0.6:
        return random_csv()
    return "".join(generator.choice(PIECES) for _ in range(generator.randrange(6))).replace("\0", "")


def random_csv():
    """A file of a few records, with some characters changed."""
    lines = [HEADER] + [RECORD.replace("900001", str(generator.randrange(1 << 40)))
                        for _ in range(generator.randrange(5))]
    text = list(generator.choice(["\n", "\r\n", "\r"]).join(lines))
    for _ in range(generator.choice([0, 0, 1, 2, 5])):
        place = generator.randrange(len(text))
        text[place:place + generator.randrange(3)] = generator.choice(PIECES)
    return "".join(text)


def random_value(kind, name):
    """An argument of a type as text, or None. The name only helps to get past the first check."""
    if generator.random() < 0.1:
        return None
    if generator.random() < 0.8:
        if name == "csv":
            return random_csv()
        if name in LIKELY or name == "path":
            return generator.choice(LIKELY.get(name, PATHS))
    if kind in ("text", "character varying"):
        return random_text()
    if kind.startswith("timestamp") or kind == "date":
        return generator.choice(TIMES) if generator.random() < 0.7 else (
            f"{generator.randrange(1900, 2100)}-{generator.randrange(1, 13):02}-{generator.randrange(1, 29):02}")
    if kind == "regclass":
        return generator.choice(SOURCES)
    if kind in ("regrole", "cdr_role", "oid") or name == "role":
        return generator.choice(ROLES) if kind != "oid" else str(generator.choice([0, 10, 1 << 31, (1 << 32) - 1]))
    if kind == "boolean":
        return generator.choice(["t", "f"])
    if kind in ("integer", "bigint", "smallint"):
        bits = {"smallint": 15, "integer": 31, "bigint": 63}[kind]
        limits = [0, 1, -1, 100, 10000, (1 << bits) - 1, -(1 << bits)]
        return str(generator.choice(limits + [generator.randrange(-(1 << bits), 1 << bits)]))
    if kind.endswith("[]"):
        return generator.choice(["{}", "{NULL}", "{a,b}", "{1,2}"])
    if kind == "internal":
        return None  # SQL has no other value of this type
    return random_text()


class Function:
    def __init__(self, name, prokind, names, kinds, returns_set):
        self.name, self.prokind, self.returns_set = name, prokind, returns_set
        self.arguments = list(zip(names, kinds))

    def call(self):
        """The call in SQL, with its arguments as literals; it names a random part of them."""
        arguments = []
        for name, kind in self.arguments:
            value = random_value(kind, name)
            arguments.append(f"NULL::{kind}" if value is None
                             else f"{sql.Literal(value).as_string(None).lstrip()}::{kind}")
        return f"{self.name}({', '.join(arguments)})"

    def statement(self):
        call = self.call()
        if self.prokind == "p":
            return f"CALL {call}"
        ways = [f"SELECT {call}", f"SELECT * FROM {call}", f"SELECT count(*) FROM {call}",
                f"COPY (SELECT * FROM {call}) TO STDOUT (FORMAT {generator.choice(['csv', 'csv, HEADER', 'text', 'binary'])})",
                f"EXPLAIN (COSTS OFF) SELECT * FROM {call}", f"SELECT * FROM {call} LIMIT 1 OFFSET {generator.randrange(4)}",
                f"BEGIN; DECLARE c CURSOR FOR SELECT {call}; FETCH 2 FROM c; MOVE ALL IN c; COMMIT",
                f"DO $do$ BEGIN PERFORM {call}; EXCEPTION WHEN division_by_zero THEN NULL; END $do$",
                f"BEGIN; SAVEPOINT s; SELECT {call}; ROLLBACK TO s; SELECT {call}; COMMIT",
                f"SELECT (SELECT count(*) FROM {call}) FROM generate_series(1, 3)",
                f"EXPLAIN (ANALYZE, TIMING OFF) SELECT {call}"]
        return generator.choice(ways)


class Relation:
    """A table or a view, which statements that do nothing are tried on."""

    def __init__(self, name, columns):
        self.name, self.columns = name, columns

    def statement(self):
        column = generator.choice(self.columns)
        return generator.choice([
            f"SELECT * FROM {self.name}", f"SELECT count(*) FROM {self.name} WHERE {column} IS NOT NULL",
            f"SELECT {column}, count(*) FROM {self.name} GROUP BY 1 ORDER BY 1",
            f"COPY (SELECT * FROM {self.name}) TO STDOUT (FORMAT csv)", f"COPY {self.name} TO STDOUT",
            f"SELECT FROM {self.name} WHERE {column}::text = {sql.Literal(random_text()).as_string(None).lstrip()}",
            f"INSERT INTO {self.name} SELECT * FROM {self.name} LIMIT 1", f"UPDATE {self.name} SET {column} = {column}",
            f"UPDATE {self.name} SET {column} = NULL", f"BEGIN; DELETE FROM {self.name}; ROLLBACK",
            f"BEGIN; DELETE FROM {self.name}; SELECT count(*) FROM export_cdr(); ROLLBACK",
            f"BEGIN; LOCK {self.name}; DECLARE c CURSOR FOR SELECT * FROM {self.name}; FETCH 1 FROM c; COMMIT",
            f"EXPLAIN ANALYZE SELECT * FROM {self.name}"])


def relations():
    with connect() as session:
        return [Relation(*row) for row in session.execute("""
            SELECT c.oid::regclass::text,
                   ARRAY(SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0)
            FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
            JOIN pg_extension e ON d.refobjid = e.oid AND e.extname = 'vidyo_cdr'
            WHERE c.relkind IN ('r', 'v') ORDER BY 1""")]


def make_roles():
    for role in CALLERS:
        run(f"CREATE ROLE {role}")
    run("GRANT admin TO member")
    run("GRANT pg_read_server_files TO importer")
    run("GRANT USAGE ON SCHEMA portal TO PUBLIC")
    run("GRANT SELECT ON portal.calls TO PUBLIC")
    restore_roles()


def restore_roles():
    """What the roles have at first; random calls take it away."""
    run("SELECT cdr_grant_tenant('admin', 'acme.example.com'), cdr_grant_import('importer'),"
        " cdr_grant_all_tenants('everybody')")


def functions():
    """All that the extension consists of and that can be called."""
    with connect() as session:
        rows = session.execute("""
            SELECT p.oid::regproc::text, p.prokind, coalesce(p.proargnames, '{}'),
                   ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (t, n) ORDER BY n),
                   p.proretset
            FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            JOIN pg_extension e ON d.refobjid = e.oid AND e.extname = 'vidyo_cdr'
            ORDER BY 1""").fetchall()
    found = []
    for name, kind, names, kinds, returns_set in rows:
        names = list(names[:len(kinds)]) + [""] * (len(kinds) - len(names))
        found.append(Function(name, kind if isinstance(kind, str) else kind.decode(), names, kinds, returns_set))
    return found


def prepare(session):
    """Random settings, those of a call."""
    session.execute("RESET SESSION AUTHORIZATION; RESET ALL; SET statement_timeout = '5s'; SET client_min_messages = error")
    for name in generator.sample(sorted(SETTINGS), generator.randrange(4)):
        session.execute("SELECT set_config(%s, %s, false)", [name, generator.choice(SETTINGS[name])])
    if generator.random() < 0.5:
        session.execute(f"SET SESSION AUTHORIZATION {generator.choice(CALLERS)}")


def execute(session, statement):
    if statement.startswith("COPY"):
        with session.cursor().copy(statement) as copy:
            while copy.read():
                pass
    else:
        session.cursor().execute(statement.encode())


def state_of(session, statement):
    """The SQLSTATE that a statement ends with."""
    try:
        execute(session, statement)
        return "00000", ""
    except psycopg.OperationalError as error:
        return error.sqlstate or "lost", str(error)
    except psycopg.Error as error:
        return error.sqlstate or "00000", str(error)  # psycopg cannot decode all texts
    except UnicodeError:
        return "00000", ""
    finally:
        if not session.closed:
            session.execute("ROLLBACK")


def call_all(count):
    known = functions() + relations()
    states = {function.name: collections.Counter() for function in known}
    wrong = []
    session = connect()
    for number in range(count):
        if number % 500 == 0:
            session.close()
            session = connect(options=f"-c session_preload_libraries={generator.choice(['', 'vidyo_cdr'])}")
            restore_roles()
        function = known[number % len(known)]
        prepare(session)
        statement = function.statement()
        state, message = state_of(session, statement)
        states[function.name][state] += 1
        if state in ("lost", "57P01", "57P02") or state.startswith("XX"):
            wrong.append(f"{state} {message[:300]}: {statement[:500]}")
            if session.closed:
                session = connect()
    session.close()
    return states, wrong


CALL_COUNT = setting("CALLS", 20000)
generator = seeded("random_calls")
check = Checks()
fill(300)
write_file(CALLS)
make_portal()
make_roles()
begin_of_log = log_size()
found_states, internal = call_all(CALL_COUNT)
for problem in internal[:20]:
    print(f"# {problem}")
for each, counts in found_states.items():
    successes = counts.pop("00000", 0)
    check(successes > 0 or each in NEVER_SUCCEED,
          f"{each}: {successes} succeed, " + ", ".join(f"{number} {code}" for code, number in counts.most_common()))
log_text = server_log(begin_of_log)
check(not internal, f"{CALL_COUNT} calls of {len(found_states)} functions and relations: {len(internal)} internal errors")
check("was terminated by" not in log_text and "PANIC" not in log_text, "no session ended")
check("leak" not in log_text and "was not closed" not in log_text, "nothing was left for PostgreSQL to close")
check.end()
