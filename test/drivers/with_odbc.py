"""The list of steps with PostgreSQL's ODBC driver, called through unixODBC by pyodbc. docs/drivers.md
shows what stands between the snippet marks."""

from datetime import datetime
import io
import os
import threading

import steps

host, port, database, user, password = (
    os.environ[name] for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD"))

# snippet: Connect
import pyodbc

server = (f"Driver=PostgreSQL Unicode;Servername={host};Port={port};Database={database};"
          f"Username={user};Password={password};")
connection = pyodbc.connect(server, autocommit=True)
# end


def start_of(month):
    return f"2026-{month:02}-01 00:00+00"


def records():
    # snippet: Export a month of one tenant; bounds go as text, since ODBC's times have no offset
    cursor = connection.execute(
        "SELECT * FROM export_cdr(?, ?, ?)",
        "2026-03-01 00:00+00", "2026-04-01 00:00+00", "acme.example.com")
    records = cursor.fetchall()
    # end
    return steps.summary(record.CallID for record in records)


def types():
    cursor = connection.execute("SELECT * FROM export_cdr(tenant => 'types.example.com')")
    return steps.types([column[0] for column in cursor.description], cursor.fetchone())


def values():
    # snippet: Times come without offset, as the session's TimeZone shows them; ask for UTC to be sure
    cursor = connection.execute(
        """SELECT "CallID", "CallerName", "JoinTime" AT TIME ZONE 'UTC', "LeaveTime" AT TIME ZONE 'UTC',
                  "EndpointPublicIPAddress", "CallCompletionCode"
           FROM export_cdr(tenant => 'types.example.com')""")
    # end
    return "; ".join(steps.values(
        [value.isoformat() + "Z" if isinstance(value, datetime) else value for value in record])
        for record in cursor)


def metadata():
    return ", ".join(
        f"{relation}.{name}=" + connection.cursor().columns(
            table=relation.lower(), column=name.lower()).fetchone().type_name
        for relation in ("ConferenceCall2", "cdr_report") for name in ("CallState", "CallCompletionCode"))


def stream():
    call_ids = []
    # snippet: Read many records, 1,000 at a time, from a cursor in the server
    streaming = pyodbc.connect(server + "UseDeclareFetch=1;Fetch=1000", autocommit=True)
    for record in streaming.execute(
            "SELECT * FROM export_cdr(?, ?)", "2026-01-01 00:00+00", "2026-04-01 00:00+00"):
        call_ids.append(record.CallID)
        # end
        if len(call_ids) == 1:
            assert streaming.execute(
                "SELECT count(*) FROM pg_cursors WHERE statement ~ 'declare .* export_cdr'").fetchval() > 0
    return steps.summary(call_ids) + ", in batches"


def csv_text():
    file = io.StringIO(newline="")
    # snippet: The file as text
    for (chunk,) in connection.execute(
            "SELECT export_cdr_csv(?, ?)", "2026-03-01 00:00+00", "2026-04-01 00:00+00"):
        file.write(chunk + "\n")
    # end
    return steps.checksum(file.getvalue().encode())


def import_file():
    # snippet: Import a file
    with open("import.csv", encoding="utf-8", newline="") as file:
        csv = file.read()
    counts = connection.execute(
        "SELECT inserted, updated, unchanged, rejected FROM import_cdr(?, ?, ?)", csv, "UTC", "raw").fetchone()
    # end
    return steps.imported(csv, counts)


def refusal():
    # snippet: An export of too many records is refused
    try:
        connection.execute("SELECT * FROM export_cdr()")
    except pyodbc.Error as error:
        sqlstate, message = error.args
        # end
    assert "DETAIL: The range was" in message and "HINT" not in message, message
    return sqlstate


def what_fits():
    # snippet: The driver leaves out the hint; this is the end_time that fits
    end_time = connection.execute(
        """SELECT JoinTime::text FROM ConferenceCall2
           ORDER BY JoinTime, CallID LIMIT 1 OFFSET current_setting('vidyo_cdr.export_limit')::int""").fetchval()
    # end
    return end_time


def cancel():
    connection.execute("SET ROLE slow_reader")
    # snippet: Cancel an export, from another thread
    cursor = connection.cursor()
    timer = threading.Timer(0.5, cursor.cancel)
    timer.function = steps.once_exporting(cursor.cancel)  # test
    timer.start()
    try:
        cursor.execute("SELECT * FROM export_cdr(?, ?)", "2026-01-01 00:00+00", "2026-07-01 00:00+00")
    except pyodbc.Error as error:
        sqlstate, message = error.args
        # end
    connection.execute("RESET ROLE")
    return f"{sqlstate}, then {records()}"


def prepared():
    count = 0
    # snippet: A statement that is prepared once: the same text in the same cursor
    cursor = connection.cursor()
    for month in range(1, 11):
        cursor.execute("SELECT count(*) FROM export_cdr(?, ?)", start_of(month), start_of(month + 1))
        count += cursor.fetchval()
        # end
    generic_plans = connection.execute(
        "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement ~ 'count.*export_cdr'").fetchval()
    assert int(generic_plans) > 0, "no generic plan"
    return f"{count} records, with a generic plan"


steps.run({
    "records": records, "types": types, "values": values, "metadata": metadata, "stream": stream,
    "csv text": csv_text, "import": import_file, "refusal": refusal, "what fits": what_fits, "cancel": cancel,
    "prepared": prepared})
