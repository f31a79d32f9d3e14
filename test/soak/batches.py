"""Batches of records by which an export can be checked by itself: each record says how many its batch has
and what their random numbers add up to, and a batch is imported as calls in progress, and again ended."""

import collections
import csv
import datetime
import io

BATCH = 200  # records of a batch
TENANTS = [f"tenant{number}" for number in range(4)]
HEADER = ("CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,"
          "CallState,Direction,ReferenceNumber")
FIELDS = ["UniqueCallID", "TenantName", "CallState", "ReferenceNumber"]  # what the checks read
FILES = ["fast", "slow", "csv"]  # ways to the whole file
EXPORTS = [*FILES, "rows"]
TABLES = ["conferencecall2", "cdr_report"]  # ways past the exports
FIRST_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def tenant_of(number):
    """A batch is of one tenant."""
    return TENANTS[number % len(TENANTS)]


def batch_file(number, ended, rng):
    """A batch as a file: its number in UniqueCallID, its size and checksum in ReferenceNumber."""
    start = FIRST_DAY + datetime.timedelta(hours=number % 2000)
    shares = [rng.randrange(1000) for _ in range(BATCH)]
    lines = [HEADER]
    for place, share in enumerate(shares):
        join = start + datetime.timedelta(seconds=10 * place)
        leave, state = (join + datetime.timedelta(hours=1), "COMPLETED") if ended else ("", "IN PROGRESS")
        lines.append(f"{number * BATCH + place},{number},room,{tenant_of(number)},C,D,{join},{leave},{state},I,"
                     f"{BATCH}/{sum(shares)}/{share}")
    return "\n".join(lines) + "\n"


def exported(session, way, arguments=""):
    """A file with its header, in one of the ways to get it."""
    if way == "csv":
        rows = session.execute(f"SELECT export_cdr_csv({arguments})").fetchall()
        return "".join(chunk + "\n" for chunk, in rows)
    if way == "rows":
        rows = session.execute(f"""SELECT "{'", "'.join(FIELDS)}" FROM export_cdr({arguments})""").fetchall()
        file = io.StringIO()
        csv.writer(file).writerows([FIELDS, *rows])
        return file.getvalue()
    if way in TABLES:
        query = f"""SELECT {', '.join(f'{field} AS "{field}"' for field in FIELDS)} FROM {way}"""
    else:
        query = f"SELECT * FROM export_cdr({arguments})"
        session.execute(f"SET vidyo_cdr.fast_copy = {'on' if way == 'fast' else 'off'}")
    with session.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        return b"".join(copy).decode()


def check_export(file):
    """What is wrong with an export, how many records it has, and of which tenants."""
    batches = collections.defaultdict(list)
    tenants = set()
    for record in csv.DictReader(io.StringIO(file)):
        tenants.add(record["TenantName"])
        batches[record["UniqueCallID"]].append((record["CallState"], *record["ReferenceNumber"].split("/")))
    problems = []
    for number, records in batches.items():
        states, sizes, sums, shares = zip(*records)
        whole = (len(set(states)) == 1 and set(sizes) == {str(len(records))}
                 and set(sums) == {str(sum(map(int, shares)))})
        if not whole:
            problems.append(f"batch {number}: {len(records)} records, {collections.Counter(states)}")
    return problems, sum(map(len, batches.values())), tenants
