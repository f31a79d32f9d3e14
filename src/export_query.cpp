// The query behind an export. It names its table, columns and operators in full, so that no
// search_path can put others in their place.
#include "export_query.hpp"

#include "core/export_columns.hpp"
#include "local_settings.hpp"

namespace vidyo_cdr {

namespace {

// The columns as the query names them: unquoted, so that they fold to the table's names.
void AppendColumns(StringInfo query) {
  for (const std::string_view column : kExportColumns) {
    if (column != kExportColumns[0]) {
      appendStringInfoString(query, ", ");
    }
    appendBinaryStringInfo(query, column.data(), static_cast<int>(column.size()));
  }
}

// Parameter number `index` has a known value.
void SetParam(ParamListInfo params, int index, Datum value) {
  ParamExternData &param = params->params[index];
  param.value = value;
  param.isnull = false;
  param.pflags = PARAM_FLAG_CONST;
  param.ptype = kExportParamTypes[index];
}

}  // namespace

const Oid kExportParamTypes[kMaxExportParams] = {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTARRAYOID};

int ExportParamCount(bool one_tenant) { return one_tenant ? kMaxExportParams : 2; }

char *ExportQueryText(const char *schema, bool one_tenant, int max_records) {
  // An array of one name, and the name in the ORDER BY, instead of plain equality: then only the
  // index that begins with the tenant gives the order, and the planner cannot fall back on the
  // other one and filter, as it does when a table's statistics know a single tenant.
  const char *tenant_condition =
      one_tenant ? " AND TenantName OPERATOR(pg_catalog.=) ANY ($3)" : "";
  const char *tenant_order = one_tenant ? "TenantName, " : "";
  StringInfoData query;
  initStringInfo(&query);
  appendStringInfoString(&query, "SELECT ");
  AppendColumns(&query);
  appendStringInfo(&query,
                   " FROM %s.ConferenceCall2"
                   " WHERE JoinTime OPERATOR(pg_catalog.>=) $1"
                   " AND JoinTime OPERATOR(pg_catalog.<) $2%s"
                   " ORDER BY %sJoinTime, CallID LIMIT %d",
                   quote_identifier(schema), tenant_condition, tenant_order, max_records);
  return query.data;
}

ParamListInfo ExportParams(const ExportRequest &request) {
  const bool one_tenant = request.tenant != nullptr;
  ParamListInfo params = makeParamList(ExportParamCount(one_tenant));
  SetParam(params, 0, TimestampTzGetDatum(request.start_time));
  SetParam(params, 1, TimestampTzGetDatum(request.end_time));
  if (one_tenant) {
    Datum tenant = PointerGetDatum(request.tenant);
    ArrayType *tenants = construct_array(&tenant, 1, TEXTOID, -1, false, TYPALIGN_INT);
    SetParam(params, 2, PointerGetDatum(tenants));
  }
  return params;
}

void PlanExport(SPIPlanPtr plan) {
  // For the planning only: queries of others that run inside the export, such as those of a row
  // security policy's functions, must not be planned so.
  const int settings_level = EnterLocalSettings({{"enable_indexscan", "on"},
                                                 {"enable_seqscan", "off"},
                                                 {"enable_bitmapscan", "off"},
                                                 {"enable_sort", "off"},
                                                 {"enable_incremental_sort", "off"},
                                                 // Compiling would take longer than reading.
                                                 {"jit", "off"}});
  CachedPlan *generic_plan = SPI_plan_get_cached_plan(plan);
  if (generic_plan != nullptr) {
    ReleaseCachedPlan(generic_plan, CurrentResourceOwner);
  }
  LeaveLocalSettings(settings_level);
}

}  // namespace vidyo_cdr
