"""A portal to sync from: a MariaDB server with the portal's table, read through mysql_fdw as
docs/live-feed.md has it. It keeps the calls in several states of their portal, one table for each, and the
foreign table shows one of them."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

from soak import FOLDER, PROJECT, run

TABLE = PROJECT / "test/data/portal_table.sql"
COLUMNS = {
    "CallID": "seq", "UniqueCallID": "CAST(1000000000000000 + seq DIV 4 AS char)",
    "ConferenceName": "CONCAT('room', seq % 100, '@tenant.example.com')", "TenantName": "CONCAT('tenant', seq % 3)",
    "ConferenceType": "'C'", "EndpointType": "'D'", "CallerID": "CONCAT('user', seq % 1000)",
    "CallerName": "CONCAT('Zoë, ', seq)", "JoinTime": "'2026-04-01' + INTERVAL seq * 10 SECOND",
    "LeaveTime": "'2026-04-01' + INTERVAL seq * 10 + 300 SECOND", "CallState": "'COMPLETED'", "Direction": "'I'",
    "EndpointPublicIPAddress": "'192.0.2.7'", "AccessType": "'U'", "RoomType": "'M'", "RoomOwner": "'owner'",
    "CallCompletionCode": "'1'", "EndpointGUID": "CONCAT('A86-', seq)"}
OPEN = {**COLUMNS, "LeaveTime": "NULL", "CallState": "'IN PROGRESS'"}


def end_with_parent():
    """A server that is killed with the test: PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Portal:
    """Starts the server, which ends with this process."""

    def __init__(self):
        self.folder = FOLDER / "portal"
        self.folder.mkdir()
        os.environ["PATH"] += ":/usr/sbin"
        if not shutil.which("mariadbd"):
            raise FileNotFoundError("mariadbd is missing: on Debian it comes with mariadb-server-core")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = ["--no-defaults", f"--datadir={self.folder}/data"]
        with open(self.folder / "log", "ab") as log:
            subprocess.run(["mariadb-install-db", *options, "--skip-test-db", "--auth-root-authentication-method=normal"],
                           stdout=log, stderr=log, check=True, timeout=120)
            # pylint: disable-next=consider-using-with,subprocess-popen-preexec-fn
            self.server = subprocess.Popen(
                ["mariadbd", *options, f"--socket={self.folder}/socket", "--bind-address=127.0.0.1", f"--port={self.port}",
                 "--skip-name-resolve", "--character-set-server=utf8mb4", f"--pid-file={self.folder}/pid"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent)
        self.wait()
        self.sql("CREATE DATABASE portal2; CREATE USER cdraccess IDENTIFIED BY 'secret';"
                 "GRANT SELECT ON portal2.* TO cdraccess", database="")

    def client(self, sql, database):
        return subprocess.run(["mariadb", "--no-defaults", f"--socket={self.folder}/socket", "--user=root", "--batch",
                               "--skip-column-names", "--default-character-set=utf8mb4", database],
                              input=sql, capture_output=True, text=True, check=False, timeout=120)

    def wait(self):
        until = time.monotonic() + 60
        while self.client("SELECT 1", "").returncode:
            if self.server.poll() is not None or time.monotonic() > until:
                raise TimeoutError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.1)

    def sql(self, sql, database="portal2"):
        result = self.client(sql, database)
        if result.returncode:
            raise RuntimeError(f"{result.stderr} in: {sql[:500]}")
        return result.stdout.strip()

    def add_state(self, name, last, is_there="TRUE", is_open="FALSE"):
        """A table of the calls up to a CallID as they are at one time; conditions over seq say which of them
        are there, and which are open."""
        table = TABLE.read_text(encoding="utf-8").replace("CREATE TABLE ConferenceCall2", f"CREATE TABLE {name}")
        for values, condition in ((COLUMNS, f"NOT ({is_open})"), (OPEN, is_open)):
            table += (f"INSERT INTO {name} ({', '.join(values)}) SELECT {', '.join(values.values())}"
                      f" FROM seq_1_to_{last} WHERE ({is_there}) AND {condition};\n")
        self.sql(table)

    def attach(self, state):
        """The foreign table portal.conferencecall2, which shows a state."""
        names = [line.split()[0].lower() for line in TABLE.read_text(encoding="utf-8").splitlines()
                 if line.startswith("    ") and not line.startswith("    KEY")]
        columns = ", ".join(f"{name} {'bigint' if name == 'callid' else 'text'}" for name in names)
        for statement in (
                "CREATE EXTENSION mysql_fdw",
                f"CREATE SERVER portal FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host '127.0.0.1', port '{self.port}',"
                " character_set 'utf8mb4', fetch_size '10000')",
                "CREATE USER MAPPING FOR PUBLIC SERVER portal OPTIONS (username 'cdraccess', password 'secret')",
                "CREATE SCHEMA portal",
                f"CREATE FOREIGN TABLE portal.conferencecall2 ({columns}) SERVER portal"
                f" OPTIONS (dbname 'portal2', table_name '{state}')"):
            run(statement)


def show(state):
    """Lets the foreign table show another state."""
    run(f"ALTER FOREIGN TABLE portal.conferencecall2 OPTIONS (SET table_name '{state}')")
