// The privileges that go with an access.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// What a role's entries in cdr_role_access need privileges for.
struct AccessNeeds {
  bool reading = false;
  bool importing = false;
  bool purging = false;

  // Adds what an entry of that kind needs.
  void Add(const char *access);
};

// What all entries of a role need, as they are now: a query in a repeatable read transaction would
// not know what others have committed while this one waited for its turn.
AccessNeeds NeedsOfRole(Oid role, Oid access_table);

// Gives a role the privileges on the extension's objects, or takes them away; privileges that are
// not among the needs stay as they are. Inside SPI. Waits for others who change the privileges of
// the same objects; raises 40001 when there is no end to that.
void GrantPrivileges(Oid role, AccessNeeds needs);
void RevokePrivileges(Oid role, AccessNeeds needs);

}  // namespace vidyo_cdr
