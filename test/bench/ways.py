"""The ways to export that are compared."""

import csv
import re
import subprocess
import sys

from engines import (
    MEASURED_SETTINGS,
    SCRATCH,
    DuckDB,
    MariaDB,
    Postgres,
    postgres_environment,
    psql,
    time_process,
)
from measuring import Progress, Way

START = "2026-03-01 00:00:00+00"
LIMIT = 65_000
OUTPUT = SCRATCH / "export.csv"

READING = "reading only"
BY_HAND = "COPY of the hand-written query"
FAST = "COPY over export_cdr, fast_copy on"
TEXT = "export_cdr_csv"

WITHOUT_WRITER = {"vidyo_cdr.fast_copy": "off"}


class Export:
    """The queries that export one range of a table, which has all the records that it may have."""

    def __init__(self, database="postgres"):
        self.end = largest_end_time(database)
        self.columns = psql(
            "-c",
            "SELECT name FROM pg_proc, unnest(proargnames[4:]) AS name WHERE proname = 'export_cdr'",
            database=database,
        ).split()
        self.range = f"JoinTime >= '{START}' AND JoinTime < '{self.end}'"
        self.count = int(psql(
            "-c", f"SELECT count(*) FROM ConferenceCall2 WHERE {self.range}", database=database
        ))
        names = ", ".join(f'{column} AS "{column}"' for column in self.columns)
        self.by_hand = (
            f"SELECT {names} FROM ConferenceCall2 WHERE {self.range} ORDER BY JoinTime, CallID"
        )
        self.function = f"SELECT * FROM export_cdr('{START}', '{self.end}')"
        self.text = f"SELECT export_cdr_csv('{START}', '{self.end}')"
        # Whoever wants the last column of a row has to find all the others first.
        self.reading = (
            f"SELECT count({self.columns[-1]}) FROM (SELECT * FROM ConferenceCall2"
            f" WHERE {self.range} ORDER BY JoinTime, CallID OFFSET 0) AS records"
        )
        # The other databases hold times without a zone, which are those of UTC.
        self.range_in_utc = self.range.replace("+00'", "'")

    def ways_to_client(self, database="postgres"):
        """The ways that are compared for tables of different sizes too."""
        reading = Postgres(database)
        yield Way(READING, "-", lambda: reading.run(self.reading))
        yield to_client(BY_HAND, copy(self.by_hand), database)
        yield to_client(FAST, copy(self.function), database)
        yield to_client(TEXT, self.text, database)


def largest_end_time(database, tenant=None):
    """The end of the largest range that export_cdr allows: its refusal of a larger one names it."""
    of_tenant = f", tenant => '{tenant}'" if tenant else ""
    try:
        psql("-c", f"SELECT FROM export_cdr('{START}'{of_tenant}) LIMIT 1", database=database)
    except RuntimeError as refusal:
        return re.search("end_time that fits is '([^']*)'", str(refusal))[1]
    sys.exit("The table has no more records than one export may have: nothing to measure.")


def copy(query, destination="STDOUT"):
    return f"COPY ({query}) TO {destination} WITH (FORMAT csv, HEADER)"


def to_client(name, statement, database="postgres", **settings):
    session = Postgres(database, **settings)
    return Way(name, "client", lambda: session.run(statement),
               lambda file: session.run(statement, file))


def to_file(name, query, **settings):
    session = Postgres(**settings)

    def measure():
        OUTPUT.unlink(missing_ok=True)
        return session.run(copy(query, f"'{OUTPUT}'"))

    return Way(name, "file", measure, lambda file: session.run(copy(query, f"'{file}'")))


def through_psql(name, query, **settings):
    environment = postgres_environment(MEASURED_SETTINGS | settings)

    def copy_to(file):
        command = ["psql", "-Xq", "-c", "\\" + copy(query, f"'{file}'")]
        return time_process(command, env=environment)

    return Way(name, "psql", lambda: copy_to("/dev/null"), copy_to)


def make_plpgsql_function(export):
    """The export as one would write it in PL/pgSQL: count, refuse, return."""
    result = psql("-c", "SELECT pg_get_function_result('export_cdr'::regproc)")
    where = "WHERE JoinTime >= start_time AND JoinTime < end_time"
    psql("-c", f"""
        CREATE FUNCTION count_and_return(start_time timestamptz, end_time timestamptz)
        RETURNS {result} LANGUAGE plpgsql STABLE AS $$
        #variable_conflict use_column
        BEGIN
            IF (SELECT count(*) FROM ConferenceCall2 {where}) > {LIMIT} THEN
                RAISE program_limit_exceeded;
            END IF;
            RETURN QUERY SELECT {", ".join(export.columns)} FROM ConferenceCall2 {where}
                ORDER BY JoinTime, CallID;
        END $$""")
    return f"SELECT * FROM count_and_return('{START}', '{export.end}')"


def postgres_ways(export):
    in_plpgsql = make_plpgsql_function(export)
    without_writer = "COPY over export_cdr, fast_copy off"
    yield from export.ways_to_client()
    yield to_client(without_writer, copy(export.function), **WITHOUT_WRITER)
    yield to_client("COPY over a PL/pgSQL function", copy(in_plpgsql))
    yield to_file(BY_HAND, export.by_hand)
    yield to_file(FAST, export.function)
    yield to_file(without_writer, export.function, **WITHOUT_WRITER)
    yield to_file("COPY over a PL/pgSQL function", in_plpgsql)
    yield through_psql("\\copy of the hand-written query", export.by_hand)
    yield through_psql("\\copy over export_cdr, fast_copy on", export.function)


def write_load_file(export, file):
    """All records for the other databases, which keep '' where the portal does."""
    values = {
        "JoinTime": "JoinTime AT TIME ZONE 'UTC'",
        "LeaveTime": "LeaveTime AT TIME ZONE 'UTC'",
        "EndpointPublicIPAddress": "coalesce(host(EndpointPublicIPAddress), '')",
        "AccessType": "coalesce(AccessType, '')",
        "RoomType": "coalesce(RoomType, '')",
    }
    query = ", ".join(f'{values.get(column, column)} AS "{column}"' for column in export.columns)
    psql("-c", f"COPY (SELECT {query} FROM ConferenceCall2 ORDER BY CallID) TO '{file}'"
               " WITH (FORMAT csv, HEADER, NULL 'NULL')")


def to_file_of_other(name, run, records, **dialect):
    """A way of another database, once it is certain that its file has all the records."""
    def measure():
        OUTPUT.unlink(missing_ok=True)
        return run()

    measure()
    with OUTPUT.open(encoding="utf-8", newline="") as file:
        written = sum(1 for _ in csv.reader(file, **dialect))
    if written != records:
        sys.exit(f"{name} wrote {written} records instead of {records}.")
    return Way(name, "file", measure, size=OUTPUT.stat().st_size)


def mariadb_ways(mariadb, export):
    query = (f"SELECT * FROM ConferenceCall2 FORCE INDEX (JoinTime) WHERE {export.range_in_utc}"
             " ORDER BY JoinTime, CallID")
    into_file = (f"{query} INTO OUTFILE '{OUTPUT}' FIELDS TERMINATED BY ','"
                 " OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n'")
    file = to_file_of_other("MariaDB, INTO OUTFILE", lambda: mariadb.run(into_file), export.count,
                            doublequote=False, escapechar="\\")
    yield file
    yield Way("MariaDB, its client --batch", "client", lambda: mariadb.run_client(query),
              size=file.size)


def duckdb_ways(duckdb, export):
    query = f"SELECT * FROM ConferenceCall2 WHERE {export.range_in_utc} ORDER BY JoinTime, CallID"
    statement = f"COPY ({query}) TO '{OUTPUT}' (FORMAT csv, HEADER)"
    yield to_file_of_other("DuckDB, COPY TO", lambda: duckdb.run(statement), export.count + 1)


def other_ways(export):
    """Ways of the databases that are installed, filled with the same records."""
    file = SCRATCH / "records.csv"
    write_load_file(export, file)
    for name, start, make_ways in (
        ("MariaDB", MariaDB, mariadb_ways),
        ("DuckDB", lambda: DuckDB(export.columns), duckdb_ways),
    ):
        try:
            with Progress(f"Loading the same records into {name}"):
                database = start()
                version = database.load(file)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as problem:
            print(f"{name} is not measured: {problem}.")
            continue
        print(f"This is {version}.")
        yield from make_ways(database, export)
    file.unlink()
