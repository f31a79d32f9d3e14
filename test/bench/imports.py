"""Imports of 65,000 records, beside COPY FROM of the same rows, with the WAL that they write; and the
memory of all of a table."""

import re
import statistics
from dataclasses import dataclass, field

from engines import SCRATCH, Postgres, psql
from measuring import Progress, Way, measure_in_turn, print_goal, print_table

DATABASE = "imports"
STORED = 1_000_000  # records that the table holds already
INCOMING = 65_000
ROWS = SCRATCH / "import.csv"
MANY_ROWS = SCRATCH / "import-many.csv"

COPY_FROM = "COPY FROM"
IMPORT_FILE = "import_cdr_file"
IMPORT_TEXT = "import_cdr"
IMPORT_AGAIN = "import_cdr_file, all there"
AT_MOST = {IMPORT_FILE: 1.2, IMPORT_TEXT: 1.2, IMPORT_AGAIN: 0.5}  # of the time of COPY FROM


def write_rows(database, file, where):
    psql("-c", f"COPY (SELECT * FROM ConferenceCall2 WHERE {where} ORDER BY CallID) TO '{file}'"
               " WITH (FORMAT csv, HEADER)", database=database)


def remove_rows():
    """Leaves the records that were there before, without a trace of those that came in."""
    psql("-c", f"DELETE FROM ConferenceCall2 WHERE CallID > {STORED}",
         "-c", "TRUNCATE cdr_import, cdr_import_reject", "-c", "VACUUM ConferenceCall2",
         "-c", "CHECKPOINT", database=DATABASE)


@dataclass
class ImportWay(Way):
    """A way to bring the records in, which writes so many bytes of WAL each time."""

    wal: list[int] = field(default_factory=list)


def wal_position():
    return int(psql("-c", "SELECT pg_current_wal_insert_lsn() - '0/0'", database=DATABASE))


def import_way(name, statement):
    session = Postgres(DATABASE, client_min_messages="warning")

    def measure():
        remove_rows()
        if name == IMPORT_AGAIN:
            session.run(statement)
        before = wal_position()
        milliseconds = session.run(statement)
        way.wal.append(wal_position() - before)
        came_in = psql("-c", f"SELECT count(*) FROM ConferenceCall2 WHERE CallID > {STORED}",
                       database=DATABASE)
        if int(came_in) != INCOMING:
            raise RuntimeError(f"{name} brought {came_in} of {INCOMING} records in")
        return milliseconds

    way = ImportWay(name, "-", measure)
    return way


def compare_imports(load_records, rounds):
    """Prints the table of imports; returns the ways."""
    with Progress(f"Loading {STORED + INCOMING:,} records"):
        psql("-c", f"CREATE DATABASE {DATABASE}")
        psql("-c", "CREATE EXTENSION vidyo_cdr", database=DATABASE)
        load_records(DATABASE, STORED + INCOMING)
        write_rows(DATABASE, ROWS, f"CallID > {STORED}")
        remove_rows()
        psql("-c", "VACUUM ANALYZE", database=DATABASE)
    ways = [
        import_way(COPY_FROM, f"COPY ConferenceCall2 FROM '{ROWS}' WITH (FORMAT csv, HEADER)"),
        import_way(IMPORT_FILE, f"SELECT import_cdr_file('{ROWS}')"),
        import_way(IMPORT_TEXT, f"SELECT import_cdr(pg_read_file('{ROWS}'))"),
        import_way(IMPORT_AGAIN, f"SELECT import_cdr_file('{ROWS}')"),
    ]
    with Progress(f"Measuring {len(ways)} imports of {INCOMING:,} records, {rounds} rounds"):
        measure_in_turn(ways, rounds)
    print_table(
        ["import", "median ms", "min ms", "records/s", "WAL bytes/record", "of COPY FROM"],
        [[way.name, f"{way.median:.1f}", f"{min(way.times):.1f}",
          f"{INCOMING / way.median * 1000:.0f}", f"{statistics.median(way.wal) / INCOMING:.0f}",
          f"{ratio(way, ways[0]):.2f}"]
         for way in ways])
    return ways


def ratio(way, other):
    """The median of what a way took of another one's time in the same round."""
    return statistics.median(mine / its for mine, its in zip(way.times, other.times))


def measure_memory(database=DATABASE):
    """Imports all records of a database; returns their number and the memory in MB that it took."""
    write_rows(database, MANY_ROWS, "true")
    memory = ("SELECT regexp_replace(pg_read_file('/proc/' || pg_backend_pid() || '/status'),"
              " '.*VmHWM:\\s+(\\d+).*RssShmem:\\s+(\\d+).*', '\\1 \\2')")
    with Progress(f"Importing all records of {database}"):
        output = psql("-c", "TRUNCATE ConferenceCall2, cdr_import, cdr_import_reject",
                      "-c", "SET client_min_messages = warning", "-c", "SELECT 'memory: ' || m "
                      f"FROM ({memory}) AS m (m)",
                      "-c", f"SELECT 'inserted: ' || inserted FROM import_cdr_file('{MANY_ROWS}')",
                      "-c", f"SELECT 'memory: ' || m FROM ({memory}) AS m (m)", database=DATABASE)
    MANY_ROWS.unlink()
    before, after = [int(most) - int(shared)
                     for most, shared in re.findall(r"memory: (\d+) (\d+)", output)]
    return int(re.search(r"inserted: (\d+)", output)[1]), (after - before) / 1024


def print_import_goals(ways, records, megabytes):
    for way in ways[1:]:
        print_goal(f"{way.name}: at most {AT_MOST[way.name]} times COPY FROM", ratio(way, ways[0]),
                   at_most=AT_MOST[way.name])
    print_goal(f"import_cdr_file of {records:,} records: at most 100 MB of memory", megabytes,
               at_most=100)
