// Reading and caching what roles were granted.
//
// The entries are read as the extension's own metadata, as PostgreSQL reads its catalogs: whoever
// is subject to them need not be able to see them. They are read as they are committed now, or
// changed by this transaction, whatever its isolation level; privileges are handled so as well.
#include "access/role_access.hpp"

#include <new>
#include <type_traits>

#include "access/entries.hpp"
#include "base/extension.hpp"
#include "base/memory.hpp"
#include "base/placement.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

struct CachedAccess {
  Oid role;
  RoleAccess access;
  CachedAccess *next;
};
static_assert(std::is_trivially_destructible_v<CachedAccess>);

// What the session knows of roles' access.
struct AccessCache {
  MemoryContext context = nullptr;  // of all that is cached; made with the first
  CachedAccess *latest = nullptr;
  Oid table = InvalidOid;  // the entries were read from it
  bool is_stale = false;   // something that they were read from has changed
  int freezes = 0;         // how often it was frozen, one freeze in another
};

AccessCache cache;

void OnRelationChange(Datum, Oid relation) noexcept {
  if (!OidIsValid(relation) || relation == cache.table) {
    cache.is_stale = true;
  }
}

// Caches are numbered by an int, and by an enum from PostgreSQL 19 on.
template <typename Cache>
void OnRoleChange(Datum, Cache, uint32) noexcept {
  cache.is_stale = true;
}

// Makes the empty cache, and lets PostgreSQL tell when what it is read from changes.
void MakeCache() {
  CacheRegisterRelcacheCallback(OnRelationChange, Datum{0});
  CacheRegisterSyscacheCallback(AUTHOID, OnRoleChange, Datum{0});
  CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, OnRoleChange, Datum{0});
  // A database's owner is the one member of pg_database_owner.
  CacheRegisterSyscacheCallback(DATABASEOID, OnRoleChange, Datum{0});
  cache.context =
      AllocSetContextCreate(CacheMemoryContext, "vidyo_cdr access", ALLOCSET_SMALL_SIZES);
}

void EmptyCache() {
  cache.latest = nullptr;
  cache.table = InvalidOid;
  MemoryContextReset(cache.context);
  cache.is_stale = false;
}

// The cache without what is no longer true, unless it is frozen.
void Refresh() {
  if (cache.context == nullptr) {
    MakeCache();
  }
  if (cache.is_stale && cache.freezes == 0) {
    EmptyCache();
  }
}

// Collects the entries that apply to a role, in the memory context that is current.
class AccessReader {
 public:
  explicit AccessReader(Oid role) : role_(role), tenants_(MemoryOf(CurrentMemoryContext)) {}

  void Take(const AccessEntry &entry) {
    if (!has_privs_of_role(role_, entry.role)) {
      return;
    }
    if (entry.has_tenant) {
      tenants_.Push(TextOf(PointerGetDatum(DatumGetTextPCopy(entry.tenant))));
      return;
    }
    access_.all_tenants = true;
    access_.import |= entry.is_import;
    access_.purge |= entry.is_purge;
  }

  RoleAccess Result() {
    access_.tenants = TenantSet(tenants_.begin(), tenants_.Size());
    return access_;
  }

 private:
  Oid role_;
  RoleAccess access_;
  GrowingArray<std::string_view> tenants_;
};
static_assert(std::is_trivially_destructible_v<AccessReader>);

RoleAccess ReadAccess(Oid role, Oid table) {
  AccessReader reader(role);
  Relation relation = table_open(table, AccessShareLock);
  VisitAccessEntries(relation, [&](const AccessEntry &entry) { reader.Take(entry); });
  table_close(relation, AccessShareLock);
  return reader.Result();
}

CachedAccess *FindCached(Oid role) {
  CachedAccess *found = cache.latest;
  while (found != nullptr && found->role != role) {
    found = found->next;
  }
  return found;
}

// Reads a role's access into the cache. What changes during the reading makes it stale at once.
CachedAccess *AddToCache(Oid role) {
  const Oid access_table = LockMemberTable(kAccessTable, AccessShareLock);
  cache.table = EntriesOfAccess(access_table);
  CachedAccess *added = InMemoryContext(cache.context, [role] {
    const RoleAccess access = ReadAccess(role, cache.table);
    return new (palloc(sizeof(CachedAccess))) CachedAccess{role, access, cache.latest};
  });
  UnlockRelationOid(access_table, AccessShareLock);
  cache.latest = added;
  return added;
}

}  // namespace

RoleAccess &AccessOfRole(Oid role) {
  const bool is_current = !cache.is_stale || cache.freezes > 0;
  if (cache.latest != nullptr && cache.latest->role == role && is_current) {
    return cache.latest->access;  // asked for each record
  }
  Refresh();
  CachedAccess *found = FindCached(role);
  return (found != nullptr ? found : AddToCache(role))->access;
}

void NoticeAccessChanges() { AcceptInvalidationMessages(); }

void FreezeAccess() {
  if (cache.freezes == 0) {
    NoticeAccessChanges();
    Refresh();
  }
  cache.freezes++;
}

void UnfreezeAccess() { cache.freezes--; }

bool AccessIsFrozen() { return cache.freezes > 0; }

}  // namespace vidyo_cdr
