#!/usr/bin/python3
"""Purges at a size that counts: beside clients that export and import, against a plain DELETE, and over
two years of daily imports and purges.

SOAK_PURGE_RECORDS   records in the table, of which a quarter is purged beside other clients; default 4,000,000
SOAK_DAYS            days of imports, with a purge of what is older than half of them; default 730
SOAK_DAILY           records of a day; default 2,000"""

import datetime
import statistics
import threading
import time

import psycopg

from soak import FOLDER, Checks, connect, empty, fill, run, setting

RECORDS = setting("PURGE_RECORDS", 4_000_000)
DAYS = setting("DAYS", 730)
DAILY = setting("DAILY", 2_000)
BATCH = 10_000
FIRST_DAY = datetime.datetime(2022, 1, 1, tzinfo=datetime.timezone.utc)
# One snapshot for the statement: the export has what the table has.
EXPORT = """
    SELECT a = b, (a).n FROM
        (SELECT count(*) AS n, sum(callid) FROM conferencecall2
         WHERE jointime >= %(begin)s AND jointime < %(begin)s::timestamptz + interval '3 days') AS a,
        (SELECT count(*), sum("CallID") FROM export_cdr(%(begin)s, %(begin)s::timestamptz + interval '3 days')) AS b"""
PLAIN = """
    DELETE FROM conferencecall2 WHERE callid IN (
        SELECT callid FROM conferencecall2 WHERE jointime < %s ORDER BY jointime, callid LIMIT %s)"""
check = Checks()


class Client(threading.Thread):
    """Does something over and over until it is told to stop, and counts what came of it."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.stopped, self.done, self.problems = work, threading.Event(), 0, []
        self.start()

    def run(self):
        with connect() as session:
            while not self.stopped.is_set():
                try:
                    self.problems += self.work(session, self.done)
                except psycopg.Error as error:
                    self.problems.append(str(error))
                self.done += 1

    def stop(self):
        self.stopped.set()
        self.join()


def nth_jointime(count):
    return run("SELECT jointime FROM conferencecall2 ORDER BY jointime, callid OFFSET %s LIMIT 1", count)[0]


def exporting(first):
    """Exports three days now from the part that is purged, now from the part that stays."""
    def work(session, number):
        same, count = session.execute(EXPORT, {"begin": first[number % len(first)]}).fetchone()
        return [] if same else [f"an export lacked records of {count}"]
    return work


def importing(file):
    def work(session, _number):
        rejected = session.execute("SELECT rejected FROM import_cdr_file(%s, 'UTC')", [file]).fetchone()[0]
        return [f"{rejected} rejected"] if rejected else []
    return work


def purge_beside_others():
    """A quarter of the table goes while four clients export and one imports records that are there, and purged ones."""
    before = nth_jointime(RECORDS // 4)
    days = [nth_jointime(RECORDS * part // 16) for part in range(1, 16, 2)]
    file = FOLDER / "purges.csv"
    run(f"COPY (SELECT * FROM conferencecall2 WHERE jointime >= timestamptz '{before}' - interval '1 day'"
        f" AND jointime < timestamptz '{before}' + interval '1 day') TO '{file}' (FORMAT csv, HEADER)")
    expected = run("SELECT count(*) FROM conferencecall2 WHERE jointime < %s", before)[0]
    clients = [Client(exporting(days[number:] + days[:number])) for number in range(4)] + [Client(importing(str(file)))]
    begin = time.monotonic()
    removed = run(f"CALL purge_cdr('{before}')")[0]
    seconds = time.monotonic() - begin
    for client in clients:
        client.stop()
    problems = [problem for client in clients for problem in client.problems]
    for problem in problems[:10]:
        print(f"# {problem}")
    left = run("SELECT count(*) FROM conferencecall2 WHERE jointime < %s", before)[0]
    check(removed == expected and left == 0,
          f"{removed:,} of {RECORDS:,} records purged in {seconds:.0f} s, and none came back")
    check(not problems and min(client.done for client in clients) > 0,
          f"meanwhile {sum(client.done for client in clients[:4]):,} exports, complete in their snapshots, and"
          f" {clients[4].done:,} imports; {len(problems)} errors")


def cpu_time(session):
    """Of a session's process, in hundredths of a second."""
    with open(f"/proc/{session.info.backend_pid}/stat", encoding="ascii") as stat:
        return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))


def compare_with_delete(rounds=6):
    """Purges and plain DELETEs of as many records in turn, in batches of the same size."""
    share = min(100_000, RECORDS // 8 // (2 * rounds))
    times, processor = {"purge_cdr": [], "DELETE": []}, {"purge_cdr": [], "DELETE": []}
    for way in ("purge_cdr", "DELETE") * rounds:
        run("VACUUM conferencecall2")
        run("CHECKPOINT")
        before = nth_jointime(share)
        with connect() as session:
            session.execute("SELECT count(*) FROM export_cdr(NULL, '-infinity')")  # loads the library
            begin, cpu = time.monotonic(), cpu_time(session)
            if way == "purge_cdr":
                session.execute(f"CALL purge_cdr('{before}', batch_size => {BATCH})")
            else:
                while session.execute(PLAIN, [before, BATCH]).rowcount == BATCH:
                    pass
            times[way].append(time.monotonic() - begin)
            processor[way].append(cpu_time(session) - cpu)
    ratio = statistics.median(a / b for a, b in zip(times["purge_cdr"], times["DELETE"]))
    ratio_of_cpu = statistics.median(a / b for a, b in zip(processor["purge_cdr"], processor["DELETE"]))
    check(ratio <= 1.2,
          f"{share:,} records purged in {statistics.median(times['purge_cdr']) * 1000:.0f} ms, deleted in"
          f" {statistics.median(times['DELETE']) * 1000:.0f} ms, in batches of {BATCH:,}: {ratio:.2f} times as long,"
          f" {ratio_of_cpu:.2f} times the processor time")


def sizes():
    """MB of the table and of all its indexes."""
    return [size / 1e6 for size in run(
        "SELECT pg_table_size('conferencecall2'), pg_indexes_size('conferencecall2')")]


# A day's records out of the template, in the order in which calls end, which is not that of their beginnings.
ADD_DAY = """
    INSERT INTO conferencecall2 SELECT %(first)s + row_number() OVER (), r.* FROM (
        SELECT uniquecallid || %(first)s, conferencename, tenantname, conferencetype, endpointtype, callerid, callername,
            %(date)s::timestamptz + (jointime - date_trunc('day', jointime)),
            %(date)s::timestamptz + (leavetime - date_trunc('day', jointime)), callstate, direction, routerid,
            gwprefix, gwid, referencenumber, applicationname, applicationversion, devicemodel,
            endpointpublicipaddress, accesstype, roomtype, roomowner, applicationos, callcompletioncode,
            endpointguid, extension
        FROM template ORDER BY leavetime - date_trunc('day', jointime)) AS r"""


def steady_purging():
    """Days of imports, each with a purge of what is older than half of them, and a VACUUM; returns the size at half of
    them, and at the end."""
    empty()
    year = DAYS // 2
    with connect() as session:
        for day in range(DAYS):
            date = FIRST_DAY + datetime.timedelta(days=day)
            session.execute(ADD_DAY, {"first": day * DAILY, "date": date.isoformat()})
            session.execute(f"CALL purge_cdr('{date - datetime.timedelta(days=year - 1)}')")
            session.execute("VACUUM conferencecall2")
            if (day + 1) % (year // 4) == 0:
                print("# day {}: table {:.0f} MB, indexes {:.0f} MB".format(day + 1, *sizes()), flush=True)
            if day == year - 1:
                after_year = sum(sizes())
    return after_year, sum(sizes())


def compare_index():
    before = run("SELECT pg_relation_size('conferencecall2_tenantname_idx'), count(*) FROM conferencecall2")
    run("REINDEX INDEX CONCURRENTLY conferencecall2_tenantname_idx")
    after = run("SELECT pg_relation_size('conferencecall2_tenantname_idx')")[0]
    print(f"# the tenant index takes {before[0] / before[1]:.0f} bytes a record, and {after / before[1]:.0f} after REINDEX")


run("ALTER DATABASE postgres SET timezone = 'UTC'")
fill(RECORDS)
run("VACUUM ANALYZE conferencecall2")
purge_beside_others()
compare_with_delete()
run(f"CREATE TABLE template AS SELECT * FROM conferencecall2 WHERE leavetime IS NOT NULL LIMIT {DAILY}")
run("ALTER TABLE template DROP COLUMN callid")
year_size, end_size = steady_purging()
check(end_size <= 1.2 * year_size,
      f"{DAYS} days of {DAILY:,} records with a purge and VACUUM each night: {end_size / year_size:.2f} times the size"
      f" of the first {DAYS // 2}")
compare_index()
check.end()
