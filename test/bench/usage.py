"""What usage figures cost, beside the bare reading of the columns and the best SQL for them."""

import subprocess

from engines import SCRATCH, DuckDB, Postgres, psql
from measuring import Progress, Way, print_goal
from tenants import DATABASE as TENANTS

SCAN, SCAN_ALL = "reading the columns", "reading the columns of all figures"
DAILY, DAILY_SQL = "daily peaks and minutes, cdr_usage", "daily peaks and minutes, SQL"
ALL, ALL_SQL = "all figures by day, cdr_usage", "all figures by day, SQL"
TENANT, TENANT_SQL = "daily peaks by tenant, cdr_usage", "daily peaks by tenant, SQL"
DUCKDB = "daily peaks by tenant, DuckDB, one thread"

# Whatever plan is best, and memory for all that is sorted.
SETTINGS = {"enable_seqscan": "on", "enable_bitmapscan": "on", "enable_sort": "on",
            "work_mem": "1GB", "TimeZone": "UTC"}
CONNECTED = "CallState IN ('IN PROGRESS', 'COMPLETED') AND EndpointType <> 'C' AND LeaveTime IS NOT NULL"


def peaks_in_sql(group=""):
    """Peaks, and minutes between them: one pass over joins, leaves and midnights, in order of time.

    For PostgreSQL and DuckDB alike. Who leaves comes before a midnight, and that before who joins.
    """
    key = f"{group}, " if group else ""
    groups = f"(SELECT DISTINCT {group} FROM ConferenceCall2)" if group else "(SELECT 1)"
    return f"""
        WITH events AS (
            SELECT {key}JoinTime AS t, 1 AS change FROM ConferenceCall2 WHERE {CONNECTED}
            UNION ALL SELECT {key}LeaveTime, -1 FROM ConferenceCall2 WHERE {CONNECTED}
            UNION ALL SELECT {key}day, 0 FROM {groups} AS g, (
                SELECT * FROM generate_series(
                    (SELECT date_trunc('day', min(JoinTime)) FROM ConferenceCall2),
                    (SELECT max(LeaveTime) FROM ConferenceCall2), INTERVAL '1 day')) AS days (day)
        ), there AS (
            SELECT {key}t, sum(change) OVER w AS participants, lead(t) OVER w AS until
            FROM events
            WINDOW w AS ({f'PARTITION BY {group} ' if group else ''}ORDER BY t, change)
        )
        SELECT {key}date_trunc('day', t), max(participants),
               sum(participants * (extract(epoch FROM until) - extract(epoch FROM t))) / 60
        FROM there GROUP BY {key}date_trunc('day', t)"""


ALL_IN_SQL = f"""
    WITH days AS (
        SELECT day, day + INTERVAL '1 day' AS next FROM generate_series(
            (SELECT date_trunc('day', min(JoinTime)) FROM ConferenceCall2),
            (SELECT max(LeaveTime) FROM ConferenceCall2), INTERVAL '1 day') AS d (day)
    ), parts AS (
        SELECT day, greatest(JoinTime, day) AS a, least(LeaveTime, day + INTERVAL '1 day') AS z,
               JoinTime >= day AS joins, EndpointType, UniqueCallID, TenantName, CallerID
        FROM ConferenceCall2, generate_series(date_trunc('day', JoinTime), LeaveTime, INTERVAL '1 day') AS day
        WHERE {CONNECTED}
    ), events AS (
        SELECT day, a AS t, 1 AS change FROM parts UNION ALL SELECT day, z, -1 FROM parts
    ), peaks AS (
        SELECT DISTINCT ON (day) day, participants, t FROM (
            SELECT day, t, sum(change) OVER (PARTITION BY day ORDER BY t, change) AS participants
            FROM events) AS there
        ORDER BY day, participants DESC, t
    ), meeting_events AS (
        SELECT day, UniqueCallID, t, sum(change) OVER (PARTITION BY day, UniqueCallID ORDER BY t, change) AS n, change
        FROM (SELECT day, UniqueCallID, a AS t, 1 AS change FROM parts
              UNION ALL SELECT day, UniqueCallID, z, -1 FROM parts) AS e
    ), meeting_peaks AS (
        SELECT day, max(meetings) AS meetings FROM (
            SELECT day, sum(change) OVER (PARTITION BY day ORDER BY t, change) AS meetings
            FROM meeting_events WHERE n = greatest(change, 0)) AS m
        GROUP BY day
    ), sums AS (
        SELECT day, sum(extract(epoch FROM z - a)) / 60 AS minutes,
               sum(extract(epoch FROM z - a)) FILTER (WHERE EndpointType = 'L') / 60 AS legacy,
               count(DISTINCT UniqueCallID) AS meetings,
               count(DISTINCT (TenantName, CallerID)) FILTER (WHERE CallerID NOT IN ('', 'Guest')) AS callers,
               count(*) FILTER (WHERE joins) AS joined
        FROM parts GROUP BY day
    ), attempts AS (
        SELECT date_trunc('day', JoinTime) AS day, count(*) AS attempts FROM ConferenceCall2
        WHERE EndpointType <> 'C' AND CallState NOT IN ('ALERTING', 'ALERT CANCELLED') GROUP BY 1
    )
    SELECT * FROM days LEFT JOIN peaks USING (day) LEFT JOIN meeting_peaks USING (day)
    LEFT JOIN sums USING (day) LEFT JOIN attempts USING (day) ORDER BY day"""


def way(name, database, query):
    session = Postgres(database, **SETTINGS)
    return Way(name, database, lambda: session.run(query))


def sum_of(columns, call):
    return f"SELECT {', '.join(f'sum({column})' for column in columns)} FROM {call}"


def count_of(columns):
    return f"SELECT {', '.join(f'count({column})' for column in columns)} FROM ConferenceCall2"


READ = ("JoinTime", "LeaveTime", "CallState", "EndpointType")
FIGURES = ("peak_participants", "participant_minutes")


def year_ways(database):
    return [
        way(SCAN, database, count_of(READ)),
        way(SCAN_ALL, database, count_of((*READ, "UniqueCallID", "TenantName", "CallerID"))),
        way(DAILY, database, sum_of(FIGURES, "cdr_usage()")),
        way(DAILY_SQL, database, f"SELECT count(*) FROM ({peaks_in_sql()}) AS figures"),
        way(ALL, database, "SELECT count(u) FROM cdr_usage() AS u"),
        way(ALL_SQL, database, f"SELECT count(f) FROM ({ALL_IN_SQL}) AS f"),
    ]


def duckdb_way():
    """The same by DuckDB, out of its own table; none without its package."""
    columns = ["TenantName", "EndpointType", "CallState", "JoinTime", "LeaveTime"]
    file = SCRATCH / "usage.csv"
    try:
        with Progress("Loading the records of tenants into DuckDB"):
            duckdb = DuckDB(columns, "usage.duckdb")
            psql("-c", f"SET DateStyle = ISO; COPY (SELECT TenantName, EndpointType, CallState,"
                       f" JoinTime AT TIME ZONE 'UTC', LeaveTime AT TIME ZONE 'UTC' FROM ConferenceCall2)"
                       f" TO '{file}' (FORMAT csv, HEADER, NULL 'NULL')", database=TENANTS)
            duckdb.load(file)
            duckdb.run("SET threads = 1")
    except (OSError, RuntimeError, subprocess.CalledProcessError) as problem:
        print(f"DuckDB is not measured: {problem}.")
        return []
    query = f"SELECT count(*) FROM ({peaks_in_sql('TenantName')}) AS figures"
    return [Way(DUCKDB, TENANTS, lambda: duckdb.run(" ".join(query.split())))]


def usage_lists(databases):
    """Lists of ways, each of which begins with the scan that they are compared with."""
    return {
        **{database: year_ways(database) for database in databases},
        TENANTS: [
            way(SCAN, TENANTS, count_of((*READ, "TenantName"))),
            way(TENANT, TENANTS, sum_of(FIGURES, "cdr_usage(group_by => 'TenantName')")),
            way(TENANT_SQL, TENANTS, f"SELECT count(*) FROM ({peaks_in_sql('TenantName')}) AS figures"),
            *duckdb_way(),
        ],
    }


def usage_rows(ways):
    for row in ways:
        yield [row.name, row.destination, f"{row.median:.1f}", f"{min(row.times):.1f}",
               f"{row.median / ways[0].median:.2f}"]


def print_usage_goals(lists):
    for of, ways in lists.items():
        median = {row.name: row.median for row in ways}
        for name, other, at_most in ((DAILY, SCAN, 2.5), (DAILY, DAILY_SQL, 1 / 4), (ALL, SCAN_ALL, 5),
                                     (ALL, ALL_SQL, 1 / 6), (TENANT, SCAN, 3), (TENANT, DUCKDB, 1)):
            if name in median and other in median:
                times = f"{at_most:g} times" if at_most >= 1 else f"1/{1 / at_most:.0f} of"
                print_goal(f"{of}: {name}: at most {times} {other}", median[name] / median[other],
                           at_most=at_most)
