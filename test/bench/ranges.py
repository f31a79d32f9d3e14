"""What export_cdr_ranges costs, beside a count of the same records by the same index."""

from tenants import ADMIN, ADMIN_OF_ALL, DATABASE, OWNER
from ways import to_client

COUNT, RANGES = "SELECT count(*)", "export_cdr_ranges"
FIRST, LAST = "2026-01-01 00:00+00", "2100-01-01 00:00+00"
# How many times as long as the count it may take whom.
AT_MOST = {OWNER: 1.3, ADMIN_OF_ALL: 1.3, ADMIN: 1.6}


def way_of(who, name, query):
    way = to_client(name, query, DATABASE, **({} if who == OWNER else {"role": who}))
    way.destination = who
    return way


def count(condition):
    return way_of(OWNER, COUNT, f"""
        SELECT count(*) FROM ConferenceCall2
        WHERE JoinTime >= '{FIRST}' AND JoinTime < '{LAST}' AND {condition}""")


def ranges(who):
    return way_of(who, RANGES, f"SELECT sum(records) FROM export_cdr_ranges('{FIRST}', '{LAST}')")


def range_ways():
    """Lists of ways that count the same records, of the owner's count and of roles' ranges."""
    return (
        [count("true"), ranges(OWNER), ranges(ADMIN_OF_ALL)],
        [count("TenantName = 'tenant0'"), ranges(ADMIN)],
    )


def range_rows(ways):
    """The table's rows for the ways of one list."""
    for way in ways:
        yield [way.name, way.destination, f"{way.median:.1f}", f"{min(way.times):.1f}",
               f"{way.median / ways[0].median:.2f}"]
