"""Roles whose tenants change while they export, and what each may see at a time.

A change counts from the next statement on. So an export that it overlaps with may see what was granted
before or after it, and one that it does not overlap with sees exactly what was granted then."""

import threading

from batches import TENANTS

TEAM = TENANTS[2:]  # what role team may see, for its members
FIXED = [f"admin{number}" for number in range(4)]
ROAMING = [f"roaming{number}" for number in range(4)]
NEVER = float("inf")


class Access:
    """What a role was granted, from when to when. A time is a number that grows: of a clock, or a place in the
    write-ahead log."""

    def __init__(self, own=()):
        self.own, self.everything, self.member = set(own), False, False
        self.states = [[0, 0, self.seen()]]  # when the change began, when it had ended, and what it led to
        self.lock = threading.Lock()

    def seen(self):
        tenants = set(TENANTS) if self.everything else set(self.own)
        return frozenset(tenants | set(TEAM) if self.member else tenants)

    def begin(self, now):
        with self.lock:
            self.states.append([now, NEVER, self.seen()])

    def end(self, now):
        with self.lock:
            self.states[-1][1] = now

    def possible(self, begin, end):
        """What may have been granted at some moment of a time."""
        with self.lock:
            last = max(place for place, state in enumerate(self.states) if state[1] <= begin)
            return [state[2] for state in self.states[last:] if state[0] <= end or state is self.states[last]]

    def problem(self, begin, end, seen, asked=None):
        """What is wrong with the tenants that an export has, or with None of them when it was refused."""
        asked = set(TENANTS) if asked is None else {asked}
        possible = self.possible(begin, end)
        if seen is None:
            return None if frozenset() in possible else f"refused, with {names(possible)}"
        if any(seen == asked & tenants for tenants in possible):
            return None
        more = seen - frozenset().union(*possible)
        return f"{'MORE than granted' if more else 'not what was granted'}: {names([seen])} instead of {names(possible)}"


def names(sets):
    return " or ".join("{" + ", ".join(sorted(tenants)) + "}" for tenants in sets)


def make_roles(session):
    """The roles; returns the access of each."""
    for role in [*FIXED, *ROAMING]:
        session.execute(f"CREATE ROLE {role} LOGIN")
    session.execute("CREATE ROLE team")
    for tenant in TEAM:
        session.execute("SELECT cdr_grant_tenant('team', %s)", [tenant])
    access = {role: Access([tenant]) for role, tenant in zip([*FIXED, *ROAMING], [*TENANTS, *TENANTS])}
    for role, granted in access.items():
        session.execute("SELECT cdr_grant_tenant(%s::regrole, %s)", [role, *granted.own])
    return access


def statements(access, role, rng):
    """A change of what a role sees, which is noted in its access already; or one that is rolled back."""
    tenant = rng.choice(TENANTS)
    way = rng.choice(["grant", "grant", "revoke", "swap", "swap", "swap", "member", "everything", "nothing", "rolled back"])
    if way == "grant":
        access.own.add(tenant)
        return [f"SELECT cdr_grant_tenant('{role}', '{tenant}')"]
    if way == "revoke":
        access.own.discard(tenant)
        return [f"SELECT cdr_revoke('{role}', '{tenant}')"]
    if way == "swap":
        access.own, access.everything = set(rng.sample(TENANTS, rng.choice([1, 2]))), False
        return [f"SELECT cdr_revoke('{role}')"] + [f"SELECT cdr_grant_tenant('{role}', '{name}')" for name in access.own]
    if way == "member":
        access.member = not access.member
        return [f"GRANT team TO {role}" if access.member else f"REVOKE team FROM {role}"]
    if way == "everything":
        access.everything = True
        return [f"SELECT cdr_grant_all_tenants('{role}')"]
    if way == "nothing":
        access.own, access.everything = set(), False
        return [f"SELECT cdr_revoke('{role}')"]
    return [f"SELECT cdr_grant_all_tenants('{role}')", f"SELECT cdr_revoke('{role}', '{tenant}')", "ROLLBACK"]


def change(session, access, rng, now):
    """Changes what one of the roaming roles sees, in a transaction. now() tells the time."""
    role = rng.choice(ROAMING)
    changes = statements(access[role], role, rng)
    access[role].begin(now())
    session.execute("BEGIN")
    for statement in changes:
        session.execute(statement)
    if changes[-1] != "ROLLBACK":
        session.execute("COMMIT")
    access[role].end(now())
