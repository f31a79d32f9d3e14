// Deleting the entries of roles that have been dropped.
#include "grants/dropped_roles.hpp"

#include "base/placement.hpp"
#include "base/statement.hpp"

namespace vidyo_cdr {

void DeleteEntriesOfDroppedRoles(const Extension &extension, Oid access_table) {
  if (PlacementOf(access_table) == Placement::kOnNodes) {
    return;
  }
  RunStatement(psprintf(R"sql(
DELETE FROM %s.cdr_role_access
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_roles AS r WHERE r.oid OPERATOR(pg_catalog.=) role))sql",
                        extension.quoted_schema),
               SPI_OK_DELETE, {});
}

}  // namespace vidyo_cdr
