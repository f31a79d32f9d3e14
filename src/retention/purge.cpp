// Purging batch by batch. Records and the memory of them, the row in cdr_purge, go together in each
// transaction, so whatever ends a purge, what has been removed is remembered, and nothing else.
#include "retention/purge.hpp"

#include <new>
#include <type_traits>

#include "access/role_access.hpp"
#include "base/extension.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "import/log.hpp"
#include "records/scope.hpp"
#include "retention/expired_records.hpp"
#include "retention/log.hpp"

namespace vidyo_cdr {

namespace {

// How many records go between two messages on the progress.
constexpr int64_t kProgressStep = 100000;

// A purge from its first to its last batch. Lives in memory that commits do not touch.
class Purge {
 public:
  Purge(const PurgeRequest &request, Trail *trail);

  PurgeCounts Run();

 private:
  void BeginBatch();
  void Commit();
  void EndBatch();
  void PurgeRejects();
  void PurgeRecords();

  const PurgeRequest request_;
  Trail *trail_;
  MemoryContext batch_context_;
  Oid table_ = InvalidOid;
  Extension extension_;  // as it is in this batch
  int settings_level_ = 0;
  int64_t purge_id_ = 0;
  PurgePosition reached_;
  PurgeCounts counts_;
  int64_t told_ = 0;  // what the last message on the progress said
};
static_assert(std::is_trivially_destructible_v<Purge>);

Purge::Purge(const PurgeRequest &request, Trail *trail)
    : request_(request),
      trail_(trail),
      batch_context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr purge", ALLOCSET_DEFAULT_SIZES)) {}

// Begins a batch, which is a transaction: locks the tables, which may be others by now, in the
// order in which DROP EXTENSION does. Imports take turns with it: both lock records in orders of
// their own, and an import relies on what has been purged until its end.
void Purge::BeginBatch() {
  MemoryContextReset(batch_context_);
  MemoryContextSwitchTo(batch_context_);
  table_ = LockMemberTable("conferencecall2", RowExclusiveLock);
  WaitForOtherImports();
  if (request_.with_rejects) {
    LockMemberTable("cdr_import_reject", RowExclusiveLock);
  }
  LockMemberTable("cdr_purge", RowExclusiveLock);
  extension_ = GetExtension();
  // Compiling a statement takes longer than a batch.
  settings_level_ = EnterLocalSettings({{"jit", "off"}});
}

void Purge::Commit() {
  LeaveLocalSettings(settings_level_);
  // Who has lost its access meanwhile saw nothing to remove.
  RequireMayPurge(table_);
  SPI_commit();
  NoteProgress(trail_, counts_.records, -1);
}

// Notes how far it has come, commits, and begins the next batch.
void Purge::EndBatch() {
  LogPurgeProgress(extension_, purge_id_, reached_, counts_);
  Commit();
  if (counts_.records - told_ >= kProgressStep) {
    ereport(NOTICE, (errmsg("%lld records purged so far", LongLong(counts_.records))));
    told_ = counts_.records;
  }
  CHECK_FOR_INTERRUPTS();
  BeginBatch();
}

PurgeCounts Purge::Run() {
  BeginBatch();
  purge_id_ = LogPurgeBegin(extension_, request_);
  if (request_.with_rejects) {
    PurgeRejects();
  }
  PurgeRecords();
  counts_.still_open = CountStillOpen(extension_, request_);
  LogPurgeEnd(extension_, purge_id_, request_, counts_);
  Commit();
  return counts_;
}

// Removes the rejects, a batch at a time.
void Purge::PurgeRejects() {
  int64_t above = PG_INT64_MIN;
  while (RemoveRejects(extension_, request_, &above, &counts_)) {
    EndBatch();
  }
}

// Removes the records, a batch at a time; the last one is left for Run() to commit.
void Purge::PurgeRecords() {
  for (;;) {
    reached_ = RemoveBatch(extension_, request_, reached_, &counts_);
    if (reached_ == EndOf(request_)) {
      return;
    }
    EndBatch();
  }
}

}  // namespace

void RequireMayPurge(Oid table) {
  NoticeAccessChanges();
  if (!CallerMayPurge(table)) {
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("permission denied to purge call detail records"),
                    errhint("Ask the owner of the extension to grant access with "
                            "cdr_grant_purge.")));
  }
}

PurgeCounts RunPurge(const PurgeRequest &request, Trail *trail) {
  return (new (palloc(sizeof(Purge))) Purge(request, trail))->Run();
}

}  // namespace vidyo_cdr
