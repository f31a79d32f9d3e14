// The table cdr_role_access: which role was granted what.
#pragma once

#include "pg_headers.hpp"

namespace vidyo_cdr {

// Its columns, counted from 1.
inline constexpr AttrNumber kAccessRoleColumn = 1;
inline constexpr AttrNumber kAccessKindColumn = 2;
inline constexpr AttrNumber kAccessTenantColumn = 3;

// Values of the column access.
inline constexpr const char *kTenantAccess = "tenant";
inline constexpr const char *kAllTenantsAccess = "all tenants";
inline constexpr const char *kImportAccess = "import";

// The table in the extension's schema; InvalidOid when there is none.
Oid FindAccessTable(Oid schema);

}  // namespace vidyo_cdr
