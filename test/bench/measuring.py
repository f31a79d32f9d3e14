"""Measuring ways to export in turn, and telling the results."""

import hashlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WARM_UP_ROUNDS = 3


@dataclass
class Way:
    """One way to export, which takes so many milliseconds each time."""

    name: str
    destination: str
    measure: Callable[[], float]
    keep: Callable[[Path], object] | None = None  # writes what PostgreSQL exports into a file
    size: int | None = None  # of the file, unless it is PostgreSQL's
    times: list[float] = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.times)


class Progress:
    """Tells what is being done, and how long it took."""

    def __init__(self, text):
        self.text = text

    def __enter__(self):
        print(f"{self.text} ...", end=" ", flush=True)
        self.begin = time.perf_counter()

    def __exit__(self, *_):
        print(f"{time.perf_counter() - self.begin:.0f} s")


def measure_in_turn(ways, rounds):
    """Each round measures each way once, in an order of its own."""
    for number in range(WARM_UP_ROUNDS + rounds):
        for way in random.sample(ways, len(ways)):
            milliseconds = way.measure()
            if number >= WARM_UP_ROUNDS:
                way.times.append(milliseconds)


def compare_bytes(ways, file):
    """Exports once in each way of PostgreSQL; returns the file's size, which all must agree about."""
    kinds = {}
    for way in ways:
        if way.keep is not None:
            file.unlink(missing_ok=True)
            way.keep(file)
            kind = (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_size)
            kinds.setdefault(kind, []).append(f"{way.name} to a {way.destination}")
    if len(kinds) > 1:
        for (digest, size), names in kinds.items():
            print(f"{size} bytes, SHA-256 {digest}: {', '.join(names)}")
        sys.exit("The ways of PostgreSQL did not write the same bytes.")
    [((digest, size), names)] = kinds.items()
    print(f"All {len(names)} ways of PostgreSQL write the same {size:,} bytes,"
          f" SHA-256 {digest[:16]}...")
    return size


def print_table(header, rows):
    """Prints a table in Markdown, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    is_number = [cell.replace(".", "").isdigit() for cell in rows[-1]]

    def print_row(cells):
        aligned = [cell.rjust(width) if number else cell.ljust(width)
                   for cell, width, number in zip(cells, widths, is_number)]
        print(f"| {' | '.join(aligned)} |")

    print()
    print_row(header)
    print_row(["-" * (width - 1) + (":" if number else "-")
               for width, number in zip(widths, is_number)])
    for row in rows:
        print_row(row)
    print()


def print_goal(text, figure, at_most):
    print(f"{'reached' if figure <= at_most else 'MISSED ':7}  {figure:5.2f}  {text}")
