"""The program export_cdr beside psql's \\copy: one file, and a whole table in files that fit the limit."""

import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from engines import MEASURED_SETTINGS, SCRATCH, postgres_environment, time_process
from measuring import Progress, Way, measure_in_turn, print_goal, print_table
from ways import FAST, START, copy

ONE_FILE = SCRATCH / "one.csv"
ALL_FILES = SCRATCH / "all"
WHOLE_ROUNDS = 3  # each takes seconds
MEGABYTES = 50

PSQL_ONE = f"\\copy, {FAST}"
PROGRAM_ONE = "export_cdr, one file"
PSQL_ALL = "\\copy of the hand-written query, and sync"
PROGRAM_ALL = "export_cdr --split"

ENVIRONMENT = postgres_environment(MEASURED_SETTINGS)


def psql_copy(query, file):
    file.unlink(missing_ok=True)
    return time_process(["psql", "-Xq", "-c", "\\" + copy(query, f"'{file}'")], env=ENVIRONMENT)


def program(*arguments):
    return time_process(["export_cdr", "--quiet", *arguments], env=ENVIRONMENT)


def export_one(export):
    ONE_FILE.unlink(missing_ok=True)
    return program("--start", START, "--end", export.end, "--output", ONE_FILE)


def psql_copies_all(query):
    return psql_copy(query, ONE_FILE) + time_process(["sync", ONE_FILE])


def export_all():
    shutil.rmtree(ALL_FILES, ignore_errors=True)
    return program("--split", "--output", ALL_FILES)


def memory_of_all():
    """The megabytes that the program takes at most, as the kernel counts them while it runs."""
    shutil.rmtree(ALL_FILES, ignore_errors=True)
    most = 0
    with subprocess.Popen(["export_cdr", "--quiet", "--split", "--output", ALL_FILES],
                          env=ENVIRONMENT) as process:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            kilobytes = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="utf-8"))
            most = max(most, int(kilobytes[1]) if kilobytes else 0)
            time.sleep(0.02)
    if process.returncode != 0:
        raise RuntimeError("export_cdr failed")
    return most / 1024


def compare_program(export, records, rounds):
    """Prints the table of the program; returns the ways and its memory."""
    whole = export.by_hand.replace(f" WHERE {export.range}", "")
    ones = [Way(PSQL_ONE, "file", lambda: psql_copy(export.function, ONE_FILE)),
            Way(PROGRAM_ONE, "file", lambda: export_one(export))]
    with Progress(f"Measuring export_cdr and psql with one file, {rounds} rounds"):
        psql_copy(export.function, ONE_FILE)
        by_psql = ONE_FILE.read_bytes()
        export_one(export)
        if ONE_FILE.read_bytes() != by_psql:
            raise RuntimeError("export_cdr and psql did not write the same bytes")
        measure_in_turn(ones, rounds)
    alls = [Way(PSQL_ALL, "file", lambda: psql_copies_all(whole)),
            Way(PROGRAM_ALL, "folder", export_all)]
    with Progress(f"Measuring both with {records:,} records, {WHOLE_ROUNDS} rounds"):
        for _ in range(WHOLE_ROUNDS):
            for way in alls:
                way.times.append(way.measure())
        megabytes = memory_of_all()
    ONE_FILE.unlink()
    shutil.rmtree(ALL_FILES)
    print_table(["way", "to", "median ms", "min ms", "of psql"],
                [[way.name, way.destination, f"{way.median:.1f}", f"{min(way.times):.1f}",
                  f"{way.median / pair[0].median:.2f}"] for pair in (ones, alls) for way in pair])
    return ones, alls, megabytes


def print_program_goals(ones, alls, megabytes):
    for pair, text, at_most in ((ones, "one file: at most 1.1 times psql's \\copy", 1.1),
                                (alls, "in files that fit: at most 1/2 of psql's \\copy by hand", 0.5)):
        figure = statistics.median(its / other for its, other in zip(pair[1].times, pair[0].times))
        print_goal(f"export_cdr, {text}", figure, at_most=at_most)
    print_goal(f"export_cdr, in files that fit: at most {MEGABYTES} MB of memory", megabytes,
               at_most=MEGABYTES)
