// The privileges that go with an access.
#pragma once

#include "pg_headers.hpp"

namespace vidyo_cdr {

// Gives a role the privileges that its entries in cdr_role_access need, and takes away those that
// they do not need, on the objects in the extension's schema. Connected to SPI.
void SyncPrivileges(Oid role, Oid schema_id);

}  // namespace vidyo_cdr
