"""What the three Python drivers' programs share: running the steps, and putting what came out into
the form that test/drivers/compare reads from every driver."""

from datetime import datetime, timezone
import hashlib
import os
import subprocess


def run(steps):
    """Runs each step and prints a line for it: ok NAME - what it got, or FAIL NAME - why."""
    for name, step in steps.items():
        try:
            print(f"ok {name} - {step()}", flush=True)
        except Exception as error:  # whatever it is, it is this step's result
            print(f"FAIL {name} - {type(error).__name__}: {' '.join(str(error).split())}", flush=True)


def summary(call_ids):
    """Tells one set of records from another."""
    call_ids = list(call_ids)
    return f"{len(call_ids)} records, CallIDs add up to {sum(call_ids)}"


def checksum(file):
    """Tells one file from another, both as bytes."""
    return f"{len(file)} bytes, MD5 {hashlib.md5(file).hexdigest()}"


def imported(file, counts):
    """What an import did with a file."""
    return (f"{len(file.encode()) // 10_000_000 * 10} MB: "
            "{} inserted, {} updated, {} unchanged, {} rejected".format(*counts))


def once_exporting(cancel):
    """What a timer calls in place of a cancel: it waits until there is an export to cancel."""
    def wait_and_cancel():
        subprocess.run(os.environ["UNTIL_EXPORTING"], check=True)
        cancel()
    return wait_and_cancel


def type_of(value):
    """The name of a value's type, as a user of the driver knows it."""
    if isinstance(value, datetime):
        return "datetime" + ("" if value.tzinfo else " without zone")
    return type(value).__name__


def types(names, record):
    """The type of every column."""
    return ", ".join(f"{name}={type_of(value)}" for name, value in zip(names, record))


def values(record):
    """The columns' values in a form that is the same for all drivers."""
    return " ".join("NULL" if value is None
                    else f"{value.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime)
                    else str(value)
                    for value in record)
