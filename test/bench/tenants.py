"""What row security costs: an export by those who see some tenants, beside the owner's."""

from engines import psql
from ways import FAST, TEXT, WITHOUT_WRITER, copy, to_client

DATABASE = "tenants"
TENANTS = 40
SLOW = "COPY over export_cdr, fast_copy off"
OWNER, ADMIN, ADMIN_OF_ALL, ADMIN_OF_EACH = "owner", "tenant_admin", "all_tenants", "each_tenant"


def make_table(records):
    """Makes a table of records in order of time, of which the first tenant has every 31st more."""
    psql("-c", f"CREATE DATABASE {DATABASE}")
    psql("-c", "CREATE EXTENSION vidyo_cdr", database=DATABASE)
    psql("-c", f"""
        INSERT INTO ConferenceCall2 (UniqueCallID, ConferenceName, TenantName, ConferenceType,
            EndpointType, CallerID, CallerName, JoinTime, LeaveTime, CallState, Direction, RouterID,
            ApplicationName, ApplicationVersion, DeviceModel, EndpointPublicIPAddress, AccessType,
            RoomType, RoomOwner, ApplicationOS, CallCompletionCode, EndpointGUID, Extension)
        SELECT 1700000000000000 + i / 4, 'room' || i % 500 || '@example.com',
            'tenant' || CASE WHEN i % 31 = 0 THEN 0 ELSE i % {TENANTS} END, 'C', 'D', 'user' || i % 480,
            'Caller, ' || i % 480, joined, joined + interval '30 min', 'COMPLETED', 'I', md5('router'),
            'VidyoDesktop', 'TAG_VD_3_6_9_014', 'iMac17,1', ('198.51.100.' || i % 250)::inet, 'U', 'M',
            'owner' || i % 500, 'Mac OS', 1, md5(i::text)::uuid, 1000 + i % 480
        FROM generate_series(1, {records}) AS i,
            LATERAL (SELECT timestamptz '2026-01-01Z' + i * interval '15 s') AS t (joined)""",
        database=DATABASE)
    psql("-c", "VACUUM ANALYZE", database=DATABASE)
    psql("-c", f"CREATE ROLE {ADMIN}; CREATE ROLE {ADMIN_OF_ALL}; CREATE ROLE {ADMIN_OF_EACH}")
    psql("-c", f"""
        SELECT cdr_grant_tenant('{ADMIN}', 'tenant0'), cdr_grant_all_tenants('{ADMIN_OF_ALL}');
        SELECT cdr_grant_tenant('{ADMIN_OF_EACH}', 'tenant' || i) FROM generate_series(0, {TENANTS - 1}) AS i""",
        database=DATABASE)


def end_of(condition, records):
    """The end of a range that begins with the first record and has so many that meet the condition."""
    return psql("-c", f"""
        SELECT max(JoinTime) FROM (SELECT JoinTime FROM ConferenceCall2 WHERE {condition}
        ORDER BY JoinTime, CallID LIMIT {records}) AS records""", database=DATABASE)


def ways_of(who, arguments):
    """The three ways out for a role."""
    settings = {} if who == OWNER else {"role": who}
    query = f"SELECT * FROM export_cdr({arguments})"
    for name, statement, writer in (
        (FAST, copy(query), {}),
        (SLOW, copy(query), WITHOUT_WRITER),
        (TEXT, f"SELECT export_cdr_csv({arguments})", {}),
    ):
        way = to_client(name, statement, DATABASE, **writer, **settings)
        way.destination = who
        yield way


def tenant_ways(limit):
    """The ways for one tenant, and those for all tenants, each list with the owner's first."""
    one_end, all_end = end_of("TenantName = 'tenant0'", limit), end_of("true", limit)
    one = [*ways_of(OWNER, f"NULL, '{one_end}', 'tenant0'"), *ways_of(ADMIN, f"NULL, '{one_end}'")]
    every = [way for who in (OWNER, ADMIN_OF_ALL, ADMIN_OF_EACH)
             for way in ways_of(who, f"NULL, '{all_end}'")]
    return one, every
