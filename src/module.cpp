// What PostgreSQL looks for in a loadable module: its start, and the functions that SQL calls.
#include "access/functions.hpp"
#include "base/guard.hpp"
#include "base/postgres.hpp"
#include "base/settings.hpp"
#include "cluster/functions.hpp"
#include "copy/fast_copy.hpp"
#include "export/functions.hpp"
#include "feed/functions.hpp"
#include "grants/functions.hpp"
#include "import/functions.hpp"
#include "records/drop_guard.hpp"
#include "records/functions.hpp"
#include "report/functions.hpp"
#include "retention/functions.hpp"
#include "usage/functions.hpp"

// A function that CREATE FUNCTION names as `symbol`: the exception barrier around `function`.
#define VIDYO_CDR_FUNCTION(symbol, function) \
  PG_FUNCTION_INFO_V1(symbol);               \
  Datum symbol(PG_FUNCTION_ARGS) { VIDYO_CDR_GUARD(return ::vidyo_cdr::function(fcinfo)); }

extern "C" {

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void _PG_init(void) {
  VIDYO_CDR_GUARD({
    vidyo_cdr::DefineSettings();  // what can fail comes first: PostgreSQL then tries again
    vidyo_cdr::InstallDropGuard();
    vidyo_cdr::InstallFastCopy();
    return;
  });
}

// Every function, one on a line: the build exports from the module what stands here.
VIDYO_CDR_FUNCTION(vidyo_cdr_export, ExportCdr)
VIDYO_CDR_FUNCTION(vidyo_cdr_export_support, ExportCdrSupport)
VIDYO_CDR_FUNCTION(vidyo_cdr_export_csv, ExportCdrCsv)
VIDYO_CDR_FUNCTION(vidyo_cdr_export_ranges, ExportCdrRanges)
VIDYO_CDR_FUNCTION(vidyo_cdr_usage, CdrUsage)
VIDYO_CDR_FUNCTION(vidyo_cdr_usage_support, CdrUsageSupport)
VIDYO_CDR_FUNCTION(vidyo_cdr_meetings, CdrMeetings)
VIDYO_CDR_FUNCTION(vidyo_cdr_live_since, CdrLiveSince)
VIDYO_CDR_FUNCTION(vidyo_cdr_usage_page, CdrUsagePage)
VIDYO_CDR_FUNCTION(vidyo_cdr_import, ImportCdr)
VIDYO_CDR_FUNCTION(vidyo_cdr_import_file, ImportCdrFile)
VIDYO_CDR_FUNCTION(vidyo_cdr_sync, SyncCdr)
VIDYO_CDR_FUNCTION(vidyo_cdr_purge, PurgeCdr)
VIDYO_CDR_FUNCTION(vidyo_cdr_forget_purge, CdrForgetPurge)
VIDYO_CDR_FUNCTION(vidyo_cdr_guard_drop, CdrGuardDrop)
VIDYO_CDR_FUNCTION(vidyo_cdr_granted_tenants, CdrGrantedTenants)
VIDYO_CDR_FUNCTION(vidyo_cdr_grant_tenant, CdrGrantTenant)
VIDYO_CDR_FUNCTION(vidyo_cdr_grant_all_tenants, CdrGrantAllTenants)
VIDYO_CDR_FUNCTION(vidyo_cdr_grant_import, CdrGrantImport)
VIDYO_CDR_FUNCTION(vidyo_cdr_grant_purge, CdrGrantPurge)
VIDYO_CDR_FUNCTION(vidyo_cdr_revoke, CdrRevoke)
VIDYO_CDR_FUNCTION(vidyo_cdr_distribute, CdrDistribute)
VIDYO_CDR_FUNCTION(vidyo_cdr_undistribute, CdrUndistribute)
VIDYO_CDR_FUNCTION(vidyo_cdr_policy_support, CdrPolicySupport)
VIDYO_CDR_FUNCTION(vidyo_cdr_sees_tenant_support, CdrSeesTenantSupport)
VIDYO_CDR_FUNCTION(vidyo_cdr_sees_tenant, CdrSeesTenant)
VIDYO_CDR_FUNCTION(vidyo_cdr_shard_sees_tenant, CdrShardSeesTenant)
VIDYO_CDR_FUNCTION(vidyo_cdr_shard_sees_all, CdrShardSeesAll)
VIDYO_CDR_FUNCTION(vidyo_cdr_policy_sees_tenant, CdrPolicySeesTenant)
VIDYO_CDR_FUNCTION(vidyo_cdr_view_owner_sees_tenant, CdrViewOwnerSeesTenant)
VIDYO_CDR_FUNCTION(vidyo_cdr_may_import, CdrMayImport)
VIDYO_CDR_FUNCTION(vidyo_cdr_may_purge, CdrMayPurge)
VIDYO_CDR_FUNCTION(vidyo_cdr_role_access_changes, CdrRoleAccessChanges)
VIDYO_CDR_FUNCTION(vidyo_cdr_drop_owned_access, CdrDropOwnedAccess)
VIDYO_CDR_FUNCTION(vidyo_cdr_policy_role_in, CdrPolicyRoleIn)
VIDYO_CDR_FUNCTION(vidyo_cdr_policy_role_out, CdrPolicyRoleOut)
VIDYO_CDR_FUNCTION(vidyo_cdr_role_in, CdrRoleIn)
VIDYO_CDR_FUNCTION(vidyo_cdr_role_out, CdrRoleOut)

}  // extern "C"
