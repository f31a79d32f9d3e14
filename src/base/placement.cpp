// Finding the facts for core/placement, which decides.
#include "base/placement.hpp"

#include "base/citus.hpp"
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

[[noreturn]] void RefuseCitusTable(Oid table) {
  Refuse(table, "was distributed without cdr_distribute()",
         "Dump the database, restore it where Citus manages no table of the extension, and call "
         "cdr_distribute() there.");
}

bool IsNamed(Oid table, const char *name) {
  const char *table_name = get_rel_name(table);
  return table_name != nullptr && strcmp(table_name, name) == 0;
}

// Whether every node has a copy of the entries of access.
bool AccessIsEverywhere() {
  const Oid access_table = FindMemberRelation(FindExtension(), kAccessTable);
  return OidIsValid(access_table) && CitusTableOf(access_table) == CitusTable::kReference;
}

[[noreturn]] void RefuseWorker() {
  ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                  errmsg("extension vidyo_cdr cannot be used from a worker of a Citus cluster"),
                  errhint("Connect to the coordinator.")));
  pg_unreachable();
}

[[noreturn]] void RefuseSettings() {
  ereport(ERROR,
          (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
           errmsg("records that are distributed over a Citus cluster need DateStyle ISO and "
                  "standard_conforming_strings on"),
           errdetail("Citus hands times and texts to its nodes as the session writes them, and "
                     "the nodes would read others."),
           errhint("Run SET DateStyle TO ISO and SET standard_conforming_strings TO on.")));
  pg_unreachable();
}

[[noreturn]] void RefuseWithoutCitus(Oid table) {
  ereport(ERROR,
          (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
           errmsg("the rows of %s are on the nodes of a Citus cluster, and Citus is not loaded",
                  QuotedRelationName(table)),
           errhint("Add citus to shared_preload_libraries, and restart the server.")));
  pg_unreachable();
}

// What comes of a decision about a table.
Placement CarryOut(PlacementVerdict verdict, Oid table) {
  switch (verdict) {
    case PlacementVerdict::kHere:
      return Placement::kHere;
    case PlacementVerdict::kOnNodes:
      return Placement::kOnNodes;
    case PlacementVerdict::kCitusNotLoaded:
      RefuseWithoutCitus(table);
    case PlacementVerdict::kWorker:
      RefuseWorker();
    case PlacementVerdict::kSettings:
      RefuseSettings();
    case PlacementVerdict::kByHand:
      break;
  }
  RefuseCitusTable(table);
}

// Raises 0A000 unless the relation is a table without parents and children.
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
}

}  // namespace

Placement PlacementOf(Oid table) {
  RequirePlainTable(table);
  PlacementFacts facts;
  facts.kind = CitusTableOf(table);
  if (facts.kind == CitusTable::kNone) {
    return Placement::kHere;
  }
  facts.is_records = IsNamed(table, kRecordsTable);
  facts.is_access = IsNamed(table, kAccessTable);
  facts.access_is_everywhere = AccessIsEverywhere();
  facts.citus_is_loaded = CitusIsLoaded();
  facts.is_coordinator = IsCoordinator();
  facts.values_arrive = DateStyle == USE_ISO_DATES && standard_conforming_strings;
  return CarryOut(DecidePlacement(facts), table);
}

void RequireSharedAccess() {
  if (!AccessIsEverywhere()) {
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("this node of the Citus cluster does not know who may see which records"),
             errhint("On the coordinator, call start_metadata_sync_to_node for this node.")));
  }
}

Oid EntriesOfAccess(Oid access_table) {
  if (CitusTableOf(access_table) == CitusTable::kReference) {
    const Oid copy = CopyOfReferenceTable(access_table);
    if (!OidIsValid(copy)) {
      Refuse(
          access_table, "has no copy on this node of the Citus cluster",
          "Call citus_set_coordinator_host on the coordinator, then replicate_reference_tables.");
    }
    return copy;
  }
  const Oid records = FindMemberRelation(FindExtension(), kRecordsTable);
  if (OidIsValid(records) && CitusTableOf(records) != CitusTable::kNone) {
    RefuseCitusTable(records);
  }
  return access_table;
}

void RequireHere(Oid table, const char *what) {
  if (PlacementOf(table) == Placement::kOnNodes) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("%s is not supported while %s is distributed over a Citus cluster", what,
                           QuotedRelationName(table)),
                    errhint("Call cdr_undistribute() first, if one server can hold the records.")));
  }
}

}  // namespace vidyo_cdr
