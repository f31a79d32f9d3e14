// Reading what has been purged. As PostgreSQL reads its catalogs: as it is committed now, whatever
// the transaction's isolation level, and without a privilege of the caller, who may well import
// without being allowed to purge.
#include "import/purges.hpp"

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// The table's columns, by their order in extension/install.
constexpr AttrNumber kTenant = 3;
constexpr AttrNumber kPurgedTo = 6;
constexpr AttrNumber kPurgedToCallId = 7;
constexpr AttrNumber kForgottenAt = 14;

// The scope in a row, with its text copied. Without a CallID it ends before the moment: times are
// whole microseconds.
PurgedScope ReadScope(HeapTuple row, TupleDesc columns) {
  PurgedScope scope = {};
  bool is_null;
  const Datum tenant = heap_getattr(row, kTenant, columns, &is_null);
  if (!is_null) {
    scope.tenant = TextOf(PointerGetDatum(DatumGetTextPCopy(tenant)));
  }
  scope.join_time = DatumGetTimestampTz(heap_getattr(row, kPurgedTo, columns, &is_null));
  scope.call_id = DatumGetInt64(heap_getattr(row, kPurgedToCallId, columns, &is_null));
  if (is_null) {
    scope.join_time--;
    scope.call_id = PG_INT64_MAX;
  }
  return scope;
}

// Whether a row holds a scope: a purge that has removed something and was not forgotten.
bool HasScope(HeapTuple row, TupleDesc columns) {
  return !heap_attisnull(row, kPurgedTo, columns) && heap_attisnull(row, kForgottenAt, columns);
}

PurgedScopes ReadScopes(Oid table) {
  GrowingArray<PurgedScope> scopes(MemoryOf(CurrentMemoryContext));
  Relation relation = table_open(table, NoLock);
  const TupleDesc columns = RelationGetDescr(relation);
  SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
  while (HeapTuple row = systable_getnext(scan)) {
    if (HasScope(row, columns)) {
      scopes.Push(ReadScope(row, columns));
    }
  }
  systable_endscan(scan);
  table_close(relation, NoLock);
  return {scopes.begin(), scopes.Size()};
}

}  // namespace

Purges::Purges()
    : context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr purges", ALLOCSET_SMALL_SIZES)) {}

const PurgedScopes &Purges::Scopes(const Extension &extension) {
  if (read_in_ == GetTopTransactionId()) {
    return scopes_;
  }
  MemoryContextReset(context_);
  scopes_ = {};
  // The objects of versions 1.0 and 1.1 know no purges; otherwise the table must not be missing.
  if (OidIsValid(FindMemberFunction(extension, "cdr_forget_purge"))) {
    const Oid table = LockMemberTable("cdr_purge", AccessShareLock);
    scopes_ = InMemoryContext(context_, [table] { return ReadScopes(table); });
  }
  read_in_ = GetTopTransactionId();
  return scopes_;
}

}  // namespace vidyo_cdr
