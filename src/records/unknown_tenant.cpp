// Looking for a tenant's records, and for its name in another case. Both read as the caller does,
// so they tell of nothing that it does not see.
#include "records/unknown_tenant.hpp"

#include <type_traits>

#include "base/extension.hpp"
#include "base/query.hpp"
#include "base/settings.hpp"
#include "records/plan.hpp"
#include "records/query.hpp"
#include "records/scope.hpp"

namespace vidyo_cdr {

namespace {

// Whether there is a record of the tenant: by the query of its exports, which the session may have
// planned, without a range and stopped at the first record.
bool HasRecords(const Extension &extension, Oid table, text *tenant) {
  RecordRequest any_time;
  any_time.tenant = tenant;
  const RecordScope scope = FindRecordScope(table, any_time);
  ParamListInfo params = ReadParams(any_time, scope);
  const PlannedRead planned =
      PlanRead(extension, table, scope, params, {RecordColumns::kAll, settings.export_limit + 1});
  return RunPlannedRead(planned, params, None_Receiver, 1) > 0;
}

// Keeps the text that a query of one row and one column gives.
struct TextReceiver {
  DestReceiver receiver;  // first, so that the executor's pointer is also ours
  MemoryContext context;
  const char *text;  // nullptr: none, or NULL
};
static_assert(std::is_trivially_destructible_v<TextReceiver>);

void StartReceiving(DestReceiver *, int, TupleDesc) noexcept {}

bool ReceiveText(TupleTableSlot *row, DestReceiver *self) noexcept {
  auto *receiver = reinterpret_cast<TextReceiver *>(self);
  bool is_null;
  const Datum value = slot_getattr(row, 1, &is_null);
  if (!is_null) {
    const MemoryContext caller_context = MemoryContextSwitchTo(receiver->context);
    receiver->text = TextDatumGetCString(value);
    MemoryContextSwitchTo(caller_context);
  }
  return true;
}

void StopReceiving(DestReceiver *) noexcept {}

// The name as the records that the caller sees spell it, each spelling in double quotes; nullptr
// when there are none. Asks the view cdr_tenants.
const char *FindSpellings(Oid view, const text *tenant) {
  const Extension extension = GetExtension();
  const char *query = psprintf(
      "SELECT pg_catalog.string_agg(pg_catalog.concat('\"', TenantName, '\"'), ', ')"
      " FROM (SELECT TenantName FROM %s.cdr_tenants"
      " WHERE pg_catalog.lower(TenantName) OPERATOR(pg_catalog.=) pg_catalog.lower($1)"
      " ORDER BY TenantName COLLATE pg_catalog.\"C\" LIMIT 5) AS spelled",
      extension.quoted_schema);
  const Oid type = TEXTOID;
  ParamListInfo params = makeParamList(1);
  params->params[0] = {PointerGetDatum(tenant), false, PARAM_FLAG_CONST, type};
  const PlannedQuery planned = PlanQuery(query, &type, 1, params);
  if (!list_member_oid(planned.relations, view)) {
    return nullptr;  // the schema was renamed, and another one has the name now
  }
  TextReceiver receiver = {{ReceiveText, StartReceiving, StopReceiving, StopReceiving, DestNone},
                           CurrentMemoryContext,
                           nullptr};
  RunPlan(planned.plan, query, params, &receiver.receiver, 0);
  return receiver.text;
}

// The extension's view cdr_tenants, locked; InvalidOid where the objects are those of version 1.0
// or 1.1, without it, where another session is changing it: a hint is not worth waiting for; and
// where Citus would refuse its recursive query.
Oid LockView(const Extension &extension, Oid table) {
  const Oid view = FindMemberRelation(extension, "cdr_tenants");
  if (!OidIsValid(view) || PlacementOf(table) == Placement::kOnNodes ||
      !ConditionalLockRelationOid(view, AccessShareLock)) {
    return InvalidOid;
  }
  return FindMemberRelation(GetExtension(), "cdr_tenants") == view ? view : InvalidOid;
}

// What the caller may do about it; nullptr when there is nothing to say.
const char *Hint(const Extension &extension, Oid table, const text *tenant) {
  const Oid view = LockView(extension, table);
  if (!OidIsValid(view)) {
    return nullptr;
  }
  const char *spellings = FindSpellings(view, tenant);
  return spellings == nullptr
             ? "The view cdr_tenants lists the tenants that have records."
             : psprintf("Tenant names are case-sensitive; there are records of %s.", spellings);
}

}  // namespace

void NoticeUnknownTenant(Oid table, text *tenant) {
  const Extension extension = GetExtension();  // the caller may have waited since it looked it up
  if (!message_level_is_interesting(NOTICE) || !CallerMayRead(extension, table) ||
      HasRecords(extension, table, tenant)) {
    return;
  }
  const char *hint = Hint(extension, table, tenant);
  ereport(NOTICE, (errmsg("no record of tenant \"%s\" is visible", text_to_cstring(tenant)),
                   hint == nullptr ? 0 : errhint("%s", hint)));
}

}  // namespace vidyo_cdr
