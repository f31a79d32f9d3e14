"""What grows with the table and what does not: exports, imports and figures out of tables of several sizes, and
the bytes that a record takes."""

import re

from engines import SCRATCH, Postgres, psql
from measuring import Progress, Way, measure_in_turn, print_goal, print_table
from ways import FAST, START, TEXT, Export, copy, largest_end_time

TENANT = "acme.example.com"  # the largest one
INCOMING = 65_000

REFUSAL = "refusal of an export over the limit"
ONE_TENANT = "export of 65,000 records of a tenant"
IMPORT = f"import of {INCOMING:,} new records"
ONE_DAY = "all usage figures of a day"


def refusal_way(session):
    return Way(REFUSAL, "-", lambda: session.run(f"""
        DO $$ BEGIN PERFORM export_cdr('{START}'); RAISE 'not refused';
        EXCEPTION WHEN program_limit_exceeded THEN NULL; END $$"""))


def import_way(database, session):
    """Imports what comes after all that the table has, and takes it back."""
    file = SCRATCH / f"{database}.csv"
    psql("-c", f"""
        CREATE TEMP TABLE incoming AS SELECT * FROM ConferenceCall2 WHERE CallID <= {INCOMING};
        UPDATE incoming SET CallID = CallID + last, JoinTime = JoinTime + later, LeaveTime = LeaveTime + later
        FROM (SELECT max(CallID), max(JoinTime) - min(JoinTime) FROM ConferenceCall2) AS t (last, later);
        COPY (SELECT * FROM incoming ORDER BY CallID) TO '{file}' WITH (FORMAT csv, HEADER)""",
        database=database)

    def measure():
        session.run("BEGIN")
        milliseconds = session.run(f"SELECT import_cdr_file('{file}')")
        session.run("ROLLBACK")
        return milliseconds

    return Way(IMPORT, "-", measure)


def growth_ways(database):
    """What is measured of a table."""
    session = Postgres(database, client_min_messages="warning")
    export = Export(database)
    tenant_end = largest_end_time(database, TENANT)

    def way(name, statement):
        return Way(name, "client", lambda: session.run(statement))

    return [
        way(FAST, copy(export.function)),
        way(TEXT, export.text),
        refusal_way(session),
        way(ONE_TENANT, copy(f"SELECT * FROM export_cdr('{START}', '{tenant_end}', '{TENANT}')")),
        import_way(database, session),
        way(ONE_DAY, "SELECT * FROM cdr_usage('2026-03-04', '2026-03-05')"),
    ]


def sizes_of(database):
    """The bytes that a record takes in the table and in each of its indexes, by name."""
    output = psql("-c", """
        SELECT relname, pg_relation_size(c.oid) / (SELECT count(*) FROM ConferenceCall2)::numeric
        FROM pg_class c LEFT JOIN pg_index i ON indexrelid = c.oid
        WHERE 'ConferenceCall2'::regclass IN (c.oid, indrelid) ORDER BY relkind DESC, relname""",
        database=database)
    sizes = {name: float(size) for name, size in re.findall(r"(\w+)\|([\d.]+)", output)}
    return {**sizes, "in all": sum(sizes.values())}


def compare_growth(databases, rounds):
    """Prints the tables of growth, for databases by their millions of records; returns the ways by these."""
    sizes = {million: sizes_of(database) for million, database in databases.items()}
    with Progress("Preparing what is measured of each size"):
        ways = {million: growth_ways(database) for million, database in databases.items()}
    with Progress(f"Measuring {len(ways)} sizes, {rounds} rounds"):
        measure_in_turn([way for same in ways.values() for way in same], rounds)
    print_table(["what, in ms", *[f"{million} million" for million in ways]],
                [[same[0].name, *[f"{way.median:.1f}" for way in same]] for same in zip(*ways.values())])
    first = next(iter(sizes.values()))
    print_table(["bytes a record", *[f"{million} million" for million in sizes]],
                [[name, *[f"{size[name]:.1f}" for size in sizes.values()]] for name in first])
    return ways


def print_growth_goals(ways):
    if len(ways) > 1:
        small, large = min(ways), max(ways)
        for few, many in zip(ways[small], ways[large]):
            print_goal(f"{few.name}, {large} million records: at most 1.3 times {small} million",
                       many.median / few.median, at_most=1.3)
