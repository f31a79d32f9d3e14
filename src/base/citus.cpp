// Citus's catalog, read as PostgreSQL reads its own. It is described in Citus's documentation,
// under "Citus Tables and Views".
#include "base/citus.hpp"

#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kNoShard = 0;
constexpr const char *kTableColumn = "logicalrelid";

// Hands the first row of one of Citus's tables to visit(row, columns): the first about a table,
// where key_column tells which one a row is about. Does nothing without Citus.
template <typename Visitor>
void VisitFirstRow(const char *name, const char *key_column, Oid table, const Visitor &visit) {
  const Oid catalog = get_relname_relid(name, PG_CATALOG_NAMESPACE);
  Relation relation = OidIsValid(catalog) ? try_table_open(catalog, AccessShareLock) : nullptr;
  if (relation == nullptr) {
    return;
  }
  ScanKeyData key;
  if (key_column != nullptr) {
    ScanKeyInit(&key, get_attnum(catalog, key_column), BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(table));
  }
  SysScanDesc scan =
      systable_beginscan(relation, InvalidOid, false, nullptr, key_column == nullptr ? 0 : 1, &key);
  if (HeapTuple row = systable_getnext(scan)) {
    visit(row, RelationGetDescr(relation));
  }
  systable_endscan(scan);
  table_close(relation, AccessShareLock);
}

// A column that is never NULL.
Datum ColumnOf(HeapTuple row, TupleDesc columns, const char *name) {
  bool is_null;
  return heap_getattr(row, SPI_fnumber(columns, name), columns, &is_null);
}

CitusTable KindOf(char partition_method, char replication_model) {
  constexpr char kHash = 'h';
  constexpr char kNone = 'n';
  constexpr char kTwoPhaseCommit = 't';
  if (partition_method == kHash) {
    return CitusTable::kDistributed;
  }
  return partition_method == kNone && replication_model == kTwoPhaseCommit ? CitusTable::kReference
                                                                           : CitusTable::kOther;
}

// The number of a table's only shard.
int64_t ShardOf(Oid table) {
  int64_t shard = kNoShard;
  VisitFirstRow("pg_dist_shard", kTableColumn, table, [&](HeapTuple row, TupleDesc columns) {
    shard = DatumGetInt64(ColumnOf(row, columns, "shardid"));
  });
  return shard;
}

// The owner of a relation; InvalidOid of one that was dropped.
Oid OwnerOf(Oid relation) {
  HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(tuple)) {
    return InvalidOid;
  }
  const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
  ReleaseSysCache(tuple);
  return owner;
}

}  // namespace

CitusTable CitusTableOf(Oid table) {
  CitusTable kind = CitusTable::kNone;
  VisitFirstRow("pg_dist_partition", kTableColumn, table, [&](HeapTuple row, TupleDesc columns) {
    kind = KindOf(DatumGetChar(ColumnOf(row, columns, "partmethod")),
                  DatumGetChar(ColumnOf(row, columns, "repmodel")));
  });
  return kind;
}

bool CitusIsLoaded() {
  // A setting of Citus's that a session only claims to know is a placeholder.
  constexpr const char *kSetting = "citus.shard_count";
  return GetConfigOption(kSetting, true, false) != nullptr &&
         (GetConfigOptionFlags(kSetting, true) & GUC_CUSTOM_PLACEHOLDER) == 0;
}

bool IsCoordinator() {
  int32_t group = 0;
  VisitFirstRow("pg_dist_local_group", nullptr, InvalidOid, [&](HeapTuple row, TupleDesc columns) {
    group = DatumGetInt32(ColumnOf(row, columns, "groupid"));
  });
  return group == 0;
}

Oid CopyOfReferenceTable(Oid table) {
  const int64_t shard = ShardOf(table);
  const char *name = shard == kNoShard ? nullptr : get_rel_name(table);
  if (name == nullptr) {
    return InvalidOid;
  }
  const char *shard_name = psprintf("%s_%lld", name, LongLong(shard));
  const Oid copy = get_relname_relid(shard_name, get_rel_namespace(table));
  // Where the node has none, somebody else may have made a table of that name.
  return OidIsValid(copy) && OwnerOf(copy) == OwnerOf(table) ? copy : InvalidOid;
}

}  // namespace vidyo_cdr
