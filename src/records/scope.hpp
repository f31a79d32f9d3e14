// The tenants whose records an export reads: those that are asked for and that the caller sees.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "records/request.hpp"

namespace vidyo_cdr {

struct RecordScope {
  // False: the query names no tenants, and all that the caller may see come out.
  bool by_tenant = false;
  // Otherwise their names.
  ArrayType *tenants = nullptr;
  int tenant_count = 0;
  Placement placement = Placement::kHere;
  // Whether each node has to know of the access by which this is seen, or else hides records.
  bool asks_nodes = false;
};
static_assert(std::is_trivially_destructible_v<RecordScope>);

// Whether the current user has the privileges that cdr_grant_tenant and its like give.
bool CallerMayRead(const Extension &extension, Oid table);

// Whether the current user sees the records of all tenants, by a grant or because row security does
// not hold for it.
bool CallerSeesAll(Oid table);

// Whether row security lets the current user delete every record, by a grant or because it does not
// hold for it.
bool CallerMayPurge(Oid table);

// Finds the tenants for a request of the current user. table: ConferenceCall2.
//
// The policies on the table are what keeps tenants apart; they are asked for each record. Naming
// the tenants in the query leads it to the tenants' index, and keeps it from reading, and so from
// showing in what EXPLAIN counts, the records of tenants that the caller does not see. It is left
// out for those who see everything, and where somebody has added policies that let more in.
RecordScope FindRecordScope(Oid table, const RecordRequest &request);

}  // namespace vidyo_cdr
