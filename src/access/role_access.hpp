// What a role was granted, itself or as a member of another role.
#pragma once

#include "base/postgres.hpp"
#include "core/tenant_set.hpp"

namespace vidyo_cdr {

struct RoleAccess {
  bool all_tenants = false;
  bool import = false;
  bool purge = false;
  TenantSet tenants;  // unless all_tenants
};

// The access of a role, from the entries of the extension's table cdr_role_access. Kept in the
// session, and read again when entries, roles or memberships have changed, also within a
// transaction. The answer is valid until the next call. Raises what LockMemberTable() raises when
// the table is not to be had.
RoleAccess &AccessOfRole(Oid role);

// Lets the session know of what others have committed by now. Once for each statement is enough.
void NoticeAccessChanges();

// From here on the access of a role stays as it is when it is asked for first, until the outermost
// freeze ends: what reads in several steps, reads with one access. Starts with what others have
// committed by now. Each freeze has to be ended, after an error too.
void FreezeAccess();
void UnfreezeAccess();
bool AccessIsFrozen();

}  // namespace vidyo_cdr
