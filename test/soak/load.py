#!/usr/bin/python3
"""Many clients at once: 16 exporting, 2 importing. No error but the expected ones, and every export sees
each import as a whole or not at all.

An import brings a batch of calls that are in progress, and later the same batch ended (batches.py).

SOAK_SECONDS   how long; default 300
SOAK_SEED      for the same random numbers, in another order of events

Another kind of client is a function of a random.Random and a Tally, and a line in CLIENTS."""

import collections
import random
import threading
import time
import traceback

import psycopg

from batches import BATCH, batch_file, check_export, exported
from soak import Checks, connect, log_size, run, seeded, server_log, setting

WINDOW = 150           # batches that are kept, so that exports stay below the limit
EXPECTED = {"54000"}   # more than 65,000 records, while old batches wait to be deleted
next_batch = iter(range(1, 1 << 30))
lock = threading.Lock()


class Tally:
    """What one client did, and what was wrong."""

    def __init__(self):
        self.done = collections.Counter()
        self.errors = collections.Counter()
        self.problems = []


def importing(rng, tally):
    """Imports a batch, lets others see it for a while, and imports it again with its end."""
    with connect() as session:
        while time.monotonic() < end_of_load:
            with lock:
                number = next(next_batch)
            seed = rng.randrange(1 << 30)
            for ended in (False, True):
                file = batch_file(number, ended, random.Random(seed))
                counts = session.execute("SELECT inserted, updated, rejected FROM import_cdr(%s, 'UTC')", [file]).fetchone()
                if counts != ((0, BATCH, 0) if ended else (BATCH, 0, 0)):
                    tally.problems.append(f"batch {number}: {counts}")
                time.sleep(rng.random() / 5)
            tally.done["batches"] += 1
            session.execute("DELETE FROM conferencecall2 WHERE uniquecallid = %s", [str(number - WINDOW)])


def exporting(rng, tally):
    """Exports everything or a tenant, over and over."""
    with connect(options="-c session_preload_libraries=vidyo_cdr -c timezone=UTC") as session:
        while time.monotonic() < end_of_load:
            arguments = rng.choice(["", f"tenant => 'tenant{rng.randrange(4)}'"])
            try:
                problems, records = check_export(exported(session, rng, arguments))
            except psycopg.Error as error:
                tally.errors[error.sqlstate or str(error)] += 1
                continue
            tally.problems += problems
            tally.done["exports"] += 1
            tally.done["records"] += records


def client(function, seed, tally):
    try:
        function(random.Random(seed), tally)
    except psycopg.Error as error:
        tally.errors[error.sqlstate or str(error)] += 1
    except Exception:  # whatever it is, the test has to tell
        tally.problems.append(traceback.format_exc())


CLIENTS = {exporting: 16, importing: 2}
SECONDS = setting("SECONDS", 300)
generator = seeded("load")
check = Checks()
run("CREATE EXTENSION vidyo_cdr")
begin_of_log = log_size()
end_of_load = time.monotonic() + SECONDS
tallies = []
threads = []
for kind, number_of_clients in CLIENTS.items():
    for _ in range(number_of_clients):
        tallies.append(Tally())
        threads.append(threading.Thread(target=client, args=(kind, generator.random(), tallies[-1])))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

done = sum((tally.done for tally in tallies), collections.Counter())
errors = sum((tally.errors for tally in tallies), collections.Counter())
found = [problem for tally in tallies for problem in tally.problems]
for problem in found[:20]:
    print(f"# {problem}")
clients = ", ".join(f"{number} {function.__name__}" for function, number in CLIENTS.items())
check(done["exports"] > 0 and done["batches"] > 0 and not found,
      f"{clients}, {SECONDS} s: {done['batches']} batches of {BATCH} imported and ended, {done['exports']} exports with"
      f" {done['records']} records; {len(found)} saw a part of a batch")
check(set(errors) <= EXPECTED, f"errors: {dict(errors) or 'none'}")
log_text = server_log(begin_of_log)
check("was terminated by" not in log_text and "PANIC" not in log_text, "no session ended")
check.end()
