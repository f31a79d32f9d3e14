"""The list of steps with psycopg 3. docs/drivers.md shows what stands between the snippet marks."""

from datetime import datetime, timezone
import io
import threading

import steps

# snippet: Connect; host, user and password come from PGHOST and the like, or are given here
import psycopg

connection = psycopg.connect(autocommit=True)
# end


# snippet: A bound is a time with its zone
def start_of(month):
    return datetime(2026, month, 1, tzinfo=timezone.utc)
# end


def records():
    # snippet: Export a month of one tenant
    cursor = connection.execute(
        "SELECT * FROM export_cdr(%s, %s, %s)", (start_of(3), start_of(4), "acme.example.com"))
    records = cursor.fetchall()
    # end
    return steps.summary(record[0] for record in records)


def binary():
    # snippet: The same, sent in binary form
    cursor = connection.cursor(binary=True)
    cursor.execute("SELECT * FROM export_cdr(%s, %s, %s)", (start_of(3), start_of(4), "acme.example.com"))
    # end
    assert all(cursor.pgresult.fformat(column) == 1 for column in range(27)), "came as text"
    return steps.summary(record[0] for record in cursor) + ", in binary"


def types():
    cursor = connection.execute("SELECT * FROM export_cdr(tenant => 'types.example.com')")
    return steps.types([column.name for column in cursor.description], cursor.fetchone())


def values():
    return "; ".join(map(steps.values, connection.execute(
        """SELECT "CallID", "CallerName", "JoinTime", "LeaveTime", "EndpointPublicIPAddress", "CallCompletionCode"
           FROM export_cdr(tenant => 'types.example.com')""")))


def metadata():
    shown = []
    for relation in ("ConferenceCall2", "cdr_report"):
        cursor = connection.execute(f"SELECT CallState, CallCompletionCode FROM {relation} LIMIT 0")
        shown += [f"{relation}.{column.name}={connection.adapters.types[column.type_code].name}"
                  for column in cursor.description]
    return ", ".join(shown)


def stream():
    call_ids = []
    # snippet: Read many records, 1,000 at a time, from a cursor in the server
    with connection.transaction(), connection.cursor("export") as cursor:
        cursor.itersize = 1000
        cursor.execute("SELECT * FROM export_cdr(%s, %s)", (start_of(1), start_of(4)))
        for record in cursor:
            call_ids.append(record[0])
            # end
            if len(call_ids) == 1:
                assert connection.execute("SELECT FROM pg_cursors WHERE name = 'export'").rowcount == 1
    return steps.summary(call_ids) + ", in batches"


def copy_file():
    # snippet: Export into a file
    with open("psycopg3.csv", "wb") as file:
        with connection.cursor().copy(
                "COPY (SELECT * FROM export_cdr(%s, %s)) TO STDOUT WITH (FORMAT csv, HEADER)",
                (start_of(3), start_of(4))) as copy:
            for block in copy:
                file.write(block)
    # end
    with open("psycopg3.csv", "rb") as file:
        return steps.checksum(file.read())


def copy_rows():
    # snippet: COPY as rows
    with connection.cursor().copy(
            """COPY (SELECT "CallID", "JoinTime" FROM export_cdr(%s, %s)) TO STDOUT""",
            (start_of(3), start_of(4))) as copy:
        copy.set_types(["int8", "timestamptz"])
        records = list(copy.rows())
    # end
    return steps.summary(call_id for call_id, _ in records)


def csv_text():
    file = io.StringIO(newline="")
    # snippet: The file as text
    for (chunk,) in connection.execute("SELECT export_cdr_csv(%s, %s)", (start_of(3), start_of(4))):
        file.write(chunk + "\n")
    # end
    return steps.checksum(file.getvalue().encode())


def import_file():
    # snippet: Import a file
    with open("import.csv", encoding="utf-8", newline="") as file:
        csv = file.read()
    counts = connection.execute(
        "SELECT inserted, updated, unchanged, rejected FROM import_cdr(%s, %s, %s)",
        (csv, "UTC", "raw")).fetchone()
    # end
    return steps.imported(csv, counts)


def refused():
    # snippet: An export of too many records is refused, and the hint says what fits
    try:
        connection.execute("SELECT * FROM export_cdr()")
    except psycopg.errors.ProgramLimitExceeded as error:
        sqlstate, hint = error.sqlstate, error.diag.message_hint
        # end
    return sqlstate, hint


def cancel():
    connection.execute("SET ROLE slow_reader")
    # snippet: Cancel an export, from another thread
    timer = threading.Timer(0.5, connection.cancel)
    timer.function = steps.once_exporting(connection.cancel)  # test
    timer.start()
    try:
        connection.execute("SELECT * FROM export_cdr(%s, %s)", (start_of(1), start_of(7)))
    except psycopg.errors.QueryCanceled as error:
        sqlstate = error.sqlstate
        # end
    connection.execute("RESET ROLE")
    return f"{sqlstate}, then {records()}"


def prepared():
    count = 0
    # snippet: A statement that is prepared once
    for month in range(1, 11):
        cursor = connection.execute(
            "SELECT count(*) FROM export_cdr(%s, %s)", (start_of(month), start_of(month + 1)), prepare=True)
        count += cursor.fetchone()[0]
        # end
    generic_plans = connection.execute(
        "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement ~ 'count.*export_cdr'").fetchone()[0]
    assert generic_plans > 0, "no generic plan"
    return f"{count} records, with a generic plan"


steps.run({
    "records": records, "binary": binary, "types": types, "values": values, "metadata": metadata,
    "stream": stream, "copy file": copy_file, "copy rows": copy_rows, "csv text": csv_text, "import": import_file,
    "refusal": lambda: refused()[0], "hint": lambda: refused()[1], "cancel": cancel, "prepared": prepared})
