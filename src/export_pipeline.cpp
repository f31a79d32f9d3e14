// Running the query behind an export and holding it to the limit.
#include "export_pipeline.hpp"

#include <type_traits>

#include "caller_access.hpp"
#include "core/export_limit.hpp"
#include "export_query.hpp"
#include "export_refusal.hpp"
#include "local_settings.hpp"
#include "record_prefetch.hpp"
#include "settings.hpp"

namespace vidyo_cdr {

namespace {

// A plan that this session has made before, and what it was made for.
struct PreparedExport {
  SPIPlanPtr plan = nullptr;
  int max_records = 0;
  int tenant_count = 0;
  NameData schema = {};
};

// One for each form of the query.
PreparedExport prepared_exports[kExportFormCount];

// Stands between the executor and the sink, and counts.
struct LimitingReceiver {
  DestReceiver receiver;  // first, so that the executor's pointer is also ours
  ExportLimit limit;
  RecordSink *sink;
};
static_assert(std::is_trivially_destructible_v<LimitingReceiver>);

void StartReceiving(DestReceiver *self, int, TupleDesc columns) noexcept {
  reinterpret_cast<LimitingReceiver *>(self)->sink->Start(columns);
}

bool ReceiveRecord(TupleTableSlot *record, DestReceiver *self) noexcept {
  PrefetchRecords(record);
  auto *receiver = reinterpret_cast<LimitingReceiver *>(self);
  bool is_null;
  const Datum join_time = slot_getattr(record, kJoinTimeColumn, &is_null);
  if (!receiver->limit.Admit(DatumGetTimestampTz(join_time))) {
    return false;
  }
  receiver->sink->Receive(record);
  return true;
}

void StopReceiving(DestReceiver *) noexcept {}

// Takes the session's plan out of its place, or makes one when it is missing or was made for
// another schema name, limit or number of tenants.
PreparedExport TakePreparedExport(PreparedExport &place, const char *schema,
                                  const ExportScope &scope, int max_records) {
  const bool counts_tenants = ExportFormOf(scope) == ExportForm::kSeveralTenants;
  const int tenant_count = counts_tenants ? scope.tenant_count : 0;
  PreparedExport prepared = place;
  place.plan = nullptr;
  if (prepared.plan != nullptr) {
    if (prepared.max_records == max_records && prepared.tenant_count == tenant_count &&
        strcmp(NameStr(prepared.schema), schema) == 0) {
      return prepared;
    }
    SPI_freeplan(prepared.plan);
  }

  Oid param_types[kMaxExportParams];
  memcpy(param_types, kExportParamTypes, sizeof param_types);
  prepared.plan = SPI_prepare(ExportQueryText(schema, scope, max_records), ExportParamCount(scope),
                              param_types);
  if (prepared.plan == nullptr || SPI_keepplan(prepared.plan) != 0) {
    elog(ERROR, "could not prepare the export's query: %s", SPI_result_code_string(SPI_result));
  }
  prepared.max_records = max_records;
  prepared.tenant_count = tenant_count;
  namestrcpy(&prepared.schema, schema);
  return prepared;
}

// Puts a plan back for the next export. When an export ran inside this one (a row security policy
// may do that), its plan has taken the place, and this one is no longer needed.
void PutPreparedExport(PreparedExport &place, const PreparedExport &prepared) {
  if (place.plan == nullptr) {
    place = prepared;
  } else {
    SPI_freeplan(prepared.plan);
  }
}

// The schema's present name: it may have been renamed since the last call.
const char *SchemaName(Oid schema) {
  const char *name = get_namespace_name(schema);
  if (name == nullptr) {
    elog(ERROR, "cache lookup failed for schema %u", schema);
  }
  return name;
}

// Runs the export with the access that the caller has now, however long it takes.
int32_t RunWithOneAccess(Oid schema, const ExportRequest &request, RecordSink &sink) {
  const ExportScope scope = FindExportScope(schema, request);
  LimitingReceiver receiver = {
      {ReceiveRecord, StartReceiving, StopReceiving, StopReceiving, DestNone},
      ExportLimit(export_limit),
      &sink};

  SPIExecuteOptions options = {};
  options.params = ExportParams(request, scope);
  options.read_only = true;  // in the snapshot of the calling statement
  options.dest = &receiver.receiver;

  SPI_connect();
  PreparedExport &place = prepared_exports[static_cast<int>(ExportFormOf(scope))];
  // One record more than the limit tells that there are too many, and where the limit was reached.
  PreparedExport prepared =
      TakePreparedExport(place, SchemaName(schema), scope, receiver.limit.MaxRecords() + 1);

  const int settings_level = EnterLocalSettings({{"plan_cache_mode", "force_generic_plan"}});
  PG_TRY();
  {
    PlanExport(prepared.plan);
    const int result = SPI_execute_plan_extended(prepared.plan, &options);
    if (result < 0) {
      elog(ERROR, "could not run the export's query: %s", SPI_result_code_string(result));
    }
  }
  PG_FINALLY();
  { PutPreparedExport(place, prepared); }
  PG_END_TRY();
  LeaveLocalSettings(settings_level);
  SPI_finish();

  if (receiver.limit.Exceeded()) {
    RefuseExport(schema, request, scope, receiver.limit);
  }
  return receiver.limit.Admitted();
}

}  // namespace

int32_t RunExport(Oid schema, const ExportRequest &request, RecordSink &sink) {
  CheckExportRequest(request);
  int32_t admitted = 0;
  HoldAccess();
  PG_TRY();
  { admitted = RunWithOneAccess(schema, request, sink); }
  PG_FINALLY();
  { ReleaseAccess(); }
  PG_END_TRY();
  return admitted;
}

}  // namespace vidyo_cdr
