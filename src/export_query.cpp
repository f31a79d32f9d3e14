// The query behind an export. It names its table, columns and operators in full, so that no
// search_path can put others in their place.
#include "export_query.hpp"

#include "local_settings.hpp"

namespace vidyo_cdr {

namespace {

constexpr const char *kColumns =
    "callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, "
    "callername, jointime, leavetime, callstate, direction, routerid, gwprefix, gwid, "
    "referencenumber, applicationname, applicationversion, devicemodel, endpointpublicipaddress, "
    "accesstype, roomtype, roomowner, applicationos, callcompletioncode, endpointguid, extension";

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
      one_tenant ? " AND tenantname OPERATOR(pg_catalog.=) ANY ($3)" : "";
  const char *tenant_order = one_tenant ? "tenantname, " : "";
  return psprintf(
      "SELECT %s FROM %s.conferencecall2"
      " WHERE jointime OPERATOR(pg_catalog.>=) $1 AND jointime OPERATOR(pg_catalog.<) $2%s"
      " ORDER BY %sjointime, callid LIMIT %d",
      kColumns, quote_identifier(schema), tenant_condition, tenant_order, max_records);
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

int EnterExportPlannerSettings() {
  return EnterLocalSettings({{"enable_indexscan", "on"},
                             {"enable_seqscan", "off"},
                             {"enable_bitmapscan", "off"},
                             {"enable_sort", "off"},
                             // The plan is the same for all values, so it need be made only once.
                             {"plan_cache_mode", "force_generic_plan"},
                             // Compiling would take longer than reading 65,000 records.
                             {"jit", "off"}});
}

}  // namespace vidyo_cdr
