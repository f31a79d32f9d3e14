// Telling plain tables from others; see the header.
#include "base/plain_table.hpp"

#include "base/extension.hpp"

namespace vidyo_cdr {

namespace {

[[noreturn]] void Refuse(Oid table, const char *is_what, const char *hint) {
  ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                  errmsg("%s of extension vidyo_cdr %s, which is not supported",
                         QuotedRelationName(table), is_what),
                  errhint("%s", hint)));
  pg_unreachable();
}

// What a relation is that is not a table; nullptr for a table, and for a table's sequence.
const char *OtherKind(char kind) {
  switch (kind) {
    case RELKIND_RELATION:
    case RELKIND_SEQUENCE:
      return nullptr;
    case RELKIND_PARTITIONED_TABLE:
      return "is a partitioned table";
    case RELKIND_VIEW:
      return "is a view";
    case RELKIND_FOREIGN_TABLE:
      return "is a foreign table";
    default:
      return "is not a table";
  }
}

// Whether a table has children now; its own mark stays when the last one goes.
bool HasChildren(Oid table, bool is_marked) {
  return is_marked && find_inheritance_children(table, NoLock) != NIL;
}

// Whether Citus has a table in its catalog, as it has on each of its nodes. Without Citus, all this
// costs is a look into PostgreSQL's cache of names.
bool IsManagedByCitus(Oid table) {
  const Oid catalog = get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE);
  if (!OidIsValid(catalog)) {
    return false;
  }
  Relation tables = try_table_open(catalog, AccessShareLock);
  if (tables == nullptr) {
    return false;
  }
  ScanKeyData key;
  ScanKeyInit(&key, get_attnum(catalog, "logicalrelid"), BTEqualStrategyNumber, F_OIDEQ,
              ObjectIdGetDatum(table));
  SysScanDesc scan = systable_beginscan(tables, InvalidOid, false, nullptr, 1, &key);
  const bool found = HeapTupleIsValid(systable_getnext(scan));
  systable_endscan(scan);
  table_close(tables, AccessShareLock);
  return found;
}

}  // namespace

void RequirePlainTable(Oid table) {
  HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
  if (!HeapTupleIsValid(tuple)) {
    return;
  }
  const auto *relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
  const char *other_kind = OtherKind(relation->relkind);
  const bool is_partition = relation->relispartition;
  const bool is_parent = relation->relhassubclass;
  ReleaseSysCache(tuple);
  if (other_kind != nullptr) {
    Refuse(table, other_kind, "Give the name back to the table that CREATE EXTENSION made.");
  }
  if (is_partition) {
    Refuse(table, "is a partition of another table", "Use ALTER TABLE ... DETACH PARTITION.");
  }
  if (HasChildren(table, is_parent)) {
    Refuse(table, "has tables that inherit from it", "Use ALTER TABLE ... NO INHERIT on these.");
  }
  if (IsManagedByCitus(table)) {
    Refuse(table, "is managed by Citus",
           "Dump the database, and restore it where its tables are not distributed.");
  }
}

}  // namespace vidyo_cdr
