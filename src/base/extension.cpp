// Finding the extension and its members.
#include "base/extension.hpp"

#include "base/placement.hpp"

namespace vidyo_cdr {

namespace {

constexpr const char *kExtensionName = "vidyo_cdr";

// Reads OID and schema from pg_extension, which PostgreSQL 15 to 17 keep no cache of.
void ReadCatalog(Extension *extension) {
  Relation catalog = table_open(ExtensionRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
              CStringGetDatum(kExtensionName));
  SysScanDesc scan = systable_beginscan(catalog, ExtensionNameIndexId, true, nullptr, 1, &key);
  if (HeapTuple found = systable_getnext(scan)) {
    const auto *row = reinterpret_cast<Form_pg_extension>(GETSTRUCT(found));
    extension->oid = row->oid;
    extension->schema = row->extnamespace;
  }
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
}

bool IsMember(const Extension &extension, Oid catalog, Oid object) {
  return extension.Exists() && OidIsValid(object) &&
         getExtensionOfObject(catalog, object) == extension.oid;
}

// Tells why the extension's table is not to be had: `found` has its name, unless invalid.
[[noreturn]] void ReportNotTheTable(const Extension &extension, const char *name, Oid found) {
  const char *table = quote_qualified_identifier(extension.schema_name, name);
  if (OidIsValid(found)) {
    ereport(
        ERROR,
        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
         errmsg("%s is not a table of extension vidyo_cdr", table),
         errhint(
             "Another relation has taken its name; rename or move the extension's table back.")));
  }
  ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                  errmsg("table %s of extension vidyo_cdr is missing", table),
                  errhint("If it was renamed or moved, rename or move it back; if the extension is "
                          "older than its library, run ALTER EXTENSION vidyo_cdr UPDATE.")));
  pg_unreachable();
}

}  // namespace

Extension FindExtension() {
  Extension extension;
  ReadCatalog(&extension);
  if (!extension.Exists()) {
    return extension;
  }
  const char *name = get_namespace_name(extension.schema);
  if (name == nullptr) {
    return {};  // dropped since, and the extension with it
  }
  extension.schema_name = name;
  extension.quoted_schema = quote_identifier(name);
  return extension;
}

Extension GetExtension() {
  const Extension extension = FindExtension();
  if (!extension.Exists()) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                    errmsg("extension \"%s\" does not exist", kExtensionName),
                    errhint("Another session has dropped it; recreate it with CREATE EXTENSION.")));
  }
  return extension;
}

Oid FindMemberRelation(const Extension &extension, const char *name) {
  const Oid relation = get_relname_relid(name, extension.schema);
  return IsMember(extension, RelationRelationId, relation) ? relation : InvalidOid;
}

Oid LockMemberTable(const char *name, LOCKMODE lock) {
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    const Extension extension = GetExtension();
    const Oid found = get_relname_relid(name, extension.schema);
    if (!IsMember(extension, RelationRelationId, found)) {
      ReportNotTheTable(extension, name, found);
    }
    LockRelationOid(found, lock);
    // While this waited, others may have dropped, renamed or replaced what has the name.
    const Extension locked = GetExtension();
    if (get_relname_relid(name, locked.schema) == found &&
        IsMember(locked, RelationRelationId, found)) {
      PlacementOf(found);
      return found;
    }
    UnlockRelationOid(found, lock);
  }
}

bool CallerOwns(Oid relation) {
#if PG_VERSION_NUM >= 160000
  return object_ownercheck(RelationRelationId, relation, GetUserId());
#else
  return pg_class_ownercheck(relation, GetUserId());
#endif
}

bool PoliciesHold(Oid relation) {
  return check_enable_rls(relation, InvalidOid, true) == RLS_ENABLED;
}

const char *QuotedRelationName(Oid relation) {
  const char *name = get_rel_name(relation);
  const char *schema = name == nullptr ? nullptr : get_namespace_name(get_rel_namespace(relation));
  return schema == nullptr ? psprintf("%u", relation) : quote_qualified_identifier(schema, name);
}

Oid FindMemberFunction(const Extension &extension, const char *name) {
  Oid found = InvalidOid;
  CatCList *candidates = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
  for (int i = 0; i < candidates->n_members && !OidIsValid(found); i++) {
    const auto *function =
        reinterpret_cast<Form_pg_proc>(GETSTRUCT(&candidates->members[i]->tuple));
    if (IsMember(extension, ProcedureRelationId, function->oid)) {
      found = function->oid;
    }
  }
  ReleaseSysCacheList(candidates);
  return found;
}

}  // namespace vidyo_cdr
