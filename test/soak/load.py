#!/usr/bin/python3
"""Many clients at once: 16 exporting, 2 importing, 1 changing tenants. No error but the expected ones, every
export sees each import as a whole or not at all, and just what its role was granted at the time.

An import brings a batch of calls that are in progress, and later the same batch ended (batches.py). Of the
roles that export, some have their tenant for good, and others change all the time (tenants.py).

SOAK_SECONDS   how long; default 300
SOAK_SEED      for the same random numbers, in another order of events

Another kind of client is a function of a random.Random and a Tally, and a line in CLIENTS."""

import collections
import random
import threading
import time
import traceback

import psycopg

from batches import BATCH, EXPORTS, TABLES, TENANTS, batch_file, check_export, exported
from tenants import FIXED, ROAMING, change, make_roles
from soak import Checks, connect, log_size, run, seeded, server_log, setting

WINDOW = 150           # batches that are kept, so that exports stay below the limit
# More than 65,000 records, while old batches wait to be deleted; a role without a tenant, which is checked.
EXPECTED = {"54000", "42501"}
next_batch = iter(range(1, 1 << 30))
lock = threading.Lock()


class Tally:
    """What one client did, and what was wrong."""

    def __init__(self):
        self.done = collections.Counter()
        self.errors = collections.Counter()
        self.problems = []


def bring(session, number, rng, tally):
    """Imports a batch, lets others see it for a while, and imports it again with its end."""
    seed = rng.randrange(1 << 30)
    for ended in (False, True):
        file = batch_file(number, ended, random.Random(seed))
        counts = session.execute("SELECT inserted, updated, rejected FROM import_cdr(%s, 'UTC')", [file]).fetchone()
        if counts != ((0, BATCH, 0) if ended else (BATCH, 0, 0)):
            tally.problems.append(f"batch {number}: {counts}")
        time.sleep(rng.random() / 5)


def importing(_role, rng, tally):
    with connect() as session:
        while time.monotonic() < end_of_load:
            with lock:
                number = next(next_batch)
            bring(session, number, rng, tally)
            tally.done["batches"] += 1
            session.execute("DELETE FROM conferencecall2 WHERE uniquecallid = %s", [str(number - WINDOW)])


def exporting(role, rng, tally):
    """Exports everything or a tenant, over and over."""
    with connect(**({"user": role} if role else {})) as session:
        while time.monotonic() < end_of_load:
            way = rng.choice(EXPORTS + TABLES if role else EXPORTS)
            tenant = rng.choice([None, *TENANTS]) if way in EXPORTS else None
            tenants = None
            begin = time.monotonic()
            try:
                problems, records, tenants = check_export(exported(session, way, f"tenant => '{tenant}'" if tenant else ""))
            except psycopg.Error as error:
                tally.errors[error.sqlstate or str(error)] += 1
                if not role or error.sqlstate != "42501":
                    continue
            if role:
                wrong = access[role].problem(begin, time.monotonic(), tenants, tenant)
                tally.problems += [f"{role}, {way}: {wrong}"] if wrong else []
            if tenants is not None:
                tally.problems += problems
                tally.done["exports"] += 1
                tally.done["records"] += records


def changing(_role, rng, tally):
    """Grants and revokes tenants."""
    with connect() as session:
        while time.monotonic() < end_of_load:
            change(session, access, rng, time.monotonic)
            tally.done["changes"] += 1
            time.sleep(rng.random() / 20)


def client(function, role, seed, tally):
    try:
        function(role, random.Random(seed), tally)
    except psycopg.Error as error:
        tally.errors[error.sqlstate or str(error)] += 1
    except Exception:  # whatever it is, the test has to tell
        tally.problems.append(traceback.format_exc())


CLIENTS = {exporting: [None] * 4 + FIXED + ROAMING * 2, importing: [None] * 2, changing: [None]}
SECONDS = setting("SECONDS", 300)
generator = seeded("load")
check = Checks()
run("CREATE EXTENSION vidyo_cdr")
run("ALTER DATABASE postgres SET timezone = 'UTC'")
with connect() as owner:
    access = make_roles(owner)
    for _ in TENANTS * 2:
        bring(owner, next(next_batch), generator, Tally())
begin_of_log = log_size()
end_of_load = time.monotonic() + SECONDS
tallies = []
threads = []
for kind, roles in CLIENTS.items():
    for role_of_client in roles:
        tallies.append(Tally())
        threads.append(threading.Thread(target=client, args=(kind, role_of_client, generator.random(), tallies[-1])))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

done = sum((tally.done for tally in tallies), collections.Counter())
errors = sum((tally.errors for tally in tallies), collections.Counter())
found = [problem for tally in tallies for problem in tally.problems]
for problem in found[:20]:
    print(f"# {problem}")
clients = ", ".join(f"{len(roles)} {function.__name__}" for function, roles in CLIENTS.items())
check(min(done["exports"], done["batches"], done["changes"]) > 0 and not found,
      f"{clients}, {SECONDS} s: {done['batches']} batches of {BATCH} imported and ended, {done['changes']} changes of"
      f" tenants, {done['exports']} exports with {done['records']} records; {len(found)} saw a part of a batch, or"
      " other tenants than granted at the time")
check(set(errors) <= EXPECTED, f"errors: {dict(errors) or 'none'}")
log_text = server_log(begin_of_log)
check("was terminated by" not in log_text and "PANIC" not in log_text, "no session ended")
check.end()
