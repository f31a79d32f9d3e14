"""The list of steps with psycopg2. docs/drivers.md shows what stands between the snippet marks."""

from datetime import datetime, timezone
import io
import threading

import steps

# snippet: Connect; host, user and password come from PGHOST and the like, or are given here
import psycopg2

connection = psycopg2.connect("")
connection.autocommit = True
# end


# snippet: A bound is a time with its zone
def start_of(month):
    return datetime(2026, month, 1, tzinfo=timezone.utc)
# end


def execute(statement):
    cursor = connection.cursor()
    cursor.execute(statement)
    return cursor


def records():
    # snippet: Export a month of one tenant
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM export_cdr(%s, %s, %s)", (start_of(3), start_of(4), "acme.example.com"))
    records = cursor.fetchall()
    # end
    return steps.summary(record[0] for record in records)


def types():
    cursor = execute("SELECT * FROM export_cdr(tenant => 'types.example.com')")
    return steps.types([column.name for column in cursor.description], cursor.fetchone())


def values():
    return "; ".join(map(steps.values, execute(
        """SELECT "CallID", "CallerName", "JoinTime", "LeaveTime", "EndpointPublicIPAddress", "CallCompletionCode"
           FROM export_cdr(tenant => 'types.example.com')""")))


def metadata():
    shown = []
    for relation in ("ConferenceCall2", "cdr_report"):
        cursor = execute(f"SELECT CallState, CallCompletionCode FROM {relation} LIMIT 0")
        shown += [f"{relation}.{column.name}=OID {column.type_code}" for column in cursor.description]
    return ", ".join(shown)


def stream():
    call_ids = []
    connection.autocommit = False
    # snippet: Read many records, 1,000 at a time, from a cursor in the server (in a transaction)
    with connection, connection.cursor("export") as cursor:
        cursor.itersize = 1000
        cursor.execute("SELECT * FROM export_cdr(%s, %s)", (start_of(1), start_of(4)))
        for record in cursor:
            call_ids.append(record[0])
            # end
            if len(call_ids) == 1:
                assert execute("SELECT FROM pg_cursors WHERE name = 'export'").rowcount == 1
    connection.autocommit = True
    return steps.summary(call_ids) + ", in batches"


def copy_file():
    # snippet: Export into a file
    cursor = connection.cursor()
    with open("psycopg2.csv", "wb") as file:
        cursor.copy_expert(cursor.mogrify(
            "COPY (SELECT * FROM export_cdr(%s, %s)) TO STDOUT WITH (FORMAT csv, HEADER)",
            (start_of(3), start_of(4))), file)
    # end
    with open("psycopg2.csv", "rb") as file:
        return steps.checksum(file.read())


def csv_text():
    file = io.StringIO(newline="")
    # snippet: The file as text
    cursor = connection.cursor()
    cursor.execute("SELECT export_cdr_csv(%s, %s)", (start_of(3), start_of(4)))
    for (chunk,) in cursor:
        file.write(chunk + "\n")
    # end
    return steps.checksum(file.getvalue().encode())


def import_file():
    # snippet: Import a file
    with open("import.csv", encoding="utf-8", newline="") as file:
        csv = file.read()
    cursor = connection.cursor()
    cursor.execute("SELECT inserted, updated, unchanged, rejected FROM import_cdr(%s, %s, %s)", (csv, "UTC", "raw"))
    counts = cursor.fetchone()
    # end
    return steps.imported(csv, counts)


def refused():
    cursor = connection.cursor()
    # snippet: An export of too many records is refused, and the hint says what fits
    try:
        cursor.execute("SELECT * FROM export_cdr()")
    except psycopg2.errors.ProgramLimitExceeded as error:
        sqlstate, hint = error.pgcode, error.diag.message_hint
        # end
    return sqlstate, hint


def cancel():
    cursor = execute("SET ROLE slow_reader")
    # snippet: Cancel an export, from another thread
    timer = threading.Timer(0.5, connection.cancel)
    timer.function = steps.once_exporting(connection.cancel)  # test
    timer.start()
    try:
        cursor.execute("SELECT * FROM export_cdr(%s, %s)", (start_of(1), start_of(7)))
    except psycopg2.errors.QueryCanceled as error:
        sqlstate = error.pgcode
        # end
    execute("RESET ROLE")
    return f"{sqlstate}, then {records()}"


def prepared():
    count = 0
    # snippet: A statement that is prepared once; psycopg2 has SQL's PREPARE only
    cursor = connection.cursor()
    cursor.execute("PREPARE month (timestamptz, timestamptz) AS SELECT count(*) FROM export_cdr($1, $2)")
    for month in range(1, 11):
        cursor.execute("EXECUTE month (%s, %s)", (start_of(month), start_of(month + 1)))
        count += cursor.fetchone()[0]
        # end
    generic_plans = execute(
        "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement ~ 'count.*export_cdr'").fetchone()[0]
    assert generic_plans > 0, "no generic plan"
    return f"{count} records, with a generic plan"


steps.run({
    "records": records, "types": types, "values": values, "metadata": metadata, "stream": stream,
    "copy file": copy_file, "csv text": csv_text, "import": import_file, "refusal": lambda: refused()[0], "hint": lambda: refused()[1], "cancel": cancel,
    "prepared": prepared})
