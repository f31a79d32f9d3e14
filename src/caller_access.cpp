// Reading and keeping what roles were granted.
//
// The entries are read as the extension's own metadata, as PostgreSQL reads its catalogs: whoever
// is held to them need not be able to see them. They are read as they are committed now, or changed
// by this transaction, whatever its isolation level; privileges are handled so as well.
#include "caller_access.hpp"

#include <new>
#include <type_traits>

#include "access_entries.hpp"
#include "extension.hpp"
#include "text_datum.hpp"

namespace vidyo_cdr {

namespace {

// The access of one role. In a memory context of its own.
struct KeptAccess {
  Oid role;
  CallerAccess access;
  KeptAccess *next;
};
static_assert(std::is_trivially_destructible_v<KeptAccess>);

MemoryContext kept_context = nullptr;
KeptAccess *kept = nullptr;

// The table that the kept accesses were read from.
Oid kept_table = InvalidOid;

// True once something has changed that they were made from.
bool kept_is_stale = false;

// How many holds there are, one in another.
int hold_count = 0;

void OnRelationChange(Datum, Oid relation) noexcept {
  if (!OidIsValid(relation) || relation == kept_table) {
    kept_is_stale = true;
  }
}

// Caches are numbered by an int, and by an enum from PostgreSQL 19 on.
template <typename Cache>
void OnRoleChange(Datum, Cache, uint32) noexcept {
  kept_is_stale = true;
}

void ForgetAll() {
  if (kept_context == nullptr) {
    CacheRegisterRelcacheCallback(OnRelationChange, Datum{0});
    CacheRegisterSyscacheCallback(AUTHOID, OnRoleChange, Datum{0});
    CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, OnRoleChange, Datum{0});
    // A database's owner is the one member of pg_database_owner.
    CacheRegisterSyscacheCallback(DATABASEOID, OnRoleChange, Datum{0});
    kept_context =
        AllocSetContextCreate(CacheMemoryContext, "vidyo_cdr access", ALLOCSET_SMALL_SIZES);
  }
  kept = nullptr;
  kept_table = InvalidOid;
  MemoryContextReset(kept_context);
  kept_is_stale = false;
}

// Collects the entries that hold for a role.
class AccessReader {
 public:
  explicit AccessReader(Oid role) : role_(role) {}

  void Take(HeapTuple entry, TupleDesc columns) {
    bool is_null;
    const Datum granted_to = heap_getattr(entry, kAccessRoleColumn, columns, &is_null);
    if (!has_privs_of_role(role_, DatumGetObjectId(granted_to))) {
      return;
    }
    const Datum tenant = heap_getattr(entry, kAccessTenantColumn, columns, &is_null);
    if (!is_null) {
      AddTenant(TextOf(PointerGetDatum(DatumGetTextPCopy(tenant))));
      return;
    }
    const Datum kind = heap_getattr(entry, kAccessKindColumn, columns, &is_null);
    access_.all_tenants = true;
    access_.import |= strcmp(TextDatumGetCString(kind), kImportAccess) == 0;
  }

  CallerAccess Result() {
    access_.tenants = TenantSet(tenants_, count_);
    return access_;
  }

 private:
  void AddTenant(std::string_view tenant) {
    if (count_ == capacity_) {
      capacity_ = capacity_ == 0 ? 8 : capacity_ * 2;
      const size_t size = capacity_ * sizeof(std::string_view);
      tenants_ = static_cast<std::string_view *>(tenants_ == nullptr ? palloc(size)
                                                                     : repalloc(tenants_, size));
    }
    tenants_[count_++] = tenant;
  }

  Oid role_;
  CallerAccess access_;
  std::string_view *tenants_ = nullptr;
  size_t count_ = 0;
  size_t capacity_ = 0;
};
static_assert(std::is_trivially_destructible_v<AccessReader>);

// Reads the access in the current memory context.
CallerAccess ReadAccess(Oid role, Oid table) {
  AccessReader reader(role);
  Relation relation = table_open(table, AccessShareLock);
  VisitAccessEntries(relation,
                     [&](HeapTuple entry) { reader.Take(entry, RelationGetDescr(relation)); });
  table_close(relation, AccessShareLock);
  return reader.Result();
}

KeptAccess *FindKept(Oid role) {
  KeptAccess *found = kept;
  while (found != nullptr && found->role != role) {
    found = found->next;
  }
  return found;
}

// Reads a role's access and keeps it. What changes during the reading makes it stale at once.
KeptAccess *Keep(Oid role) {
  kept_table = LockMemberTable(kAccessTable, AccessShareLock);
  const MemoryContext caller_context = MemoryContextSwitchTo(kept_context);
  auto *added = new (palloc(sizeof(KeptAccess))) KeptAccess{role, {}, nullptr};
  added->access = ReadAccess(role, kept_table);
  MemoryContextSwitchTo(caller_context);
  UnlockRelationOid(kept_table, AccessShareLock);
  added->next = kept;
  kept = added;
  return added;
}

}  // namespace

CallerAccess &AccessOfRole(Oid role) {
  const bool is_stale = kept_is_stale && hold_count == 0;
  if (kept != nullptr && kept->role == role && !is_stale) {
    return kept->access;
  }
  if (kept_context == nullptr || is_stale) {
    ForgetAll();
  }
  KeptAccess *found = FindKept(role);
  return (found != nullptr ? found : Keep(role))->access;
}

void NoticeAccessChanges() { AcceptInvalidationMessages(); }

void HoldAccess() {
  if (hold_count == 0) {
    NoticeAccessChanges();
    if (kept_is_stale) {
      ForgetAll();
    }
  }
  hold_count++;
}

void ReleaseAccess() { hold_count--; }

}  // namespace vidyo_cdr
