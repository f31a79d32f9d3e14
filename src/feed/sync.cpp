// Asking a feed's source, batch by batch: for open calls, missing ones, new ones, rejected ones.
#include "feed/sync.hpp"

#include <algorithm>
#include <new>
#include <type_traits>

#include "base/placement.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "feed/position.hpp"
#include "feed/source.hpp"
#include "import/log.hpp"
#include "import/record_import.hpp"

namespace vidyo_cdr {

namespace {

// How many CallIDs one question covers. The portal keeps the rows of an answer in a temporary
// table, which moves to its disk above some 2,600 of them, and then costs it more reads.
constexpr int64_t kWindow = 2500;

// The queries for pages of CallIDs above $1, each with %1$s, the extension's schema, and %2$d, how
// many. $2 is the source, $3 when the sync began. %3$s tells an open call.
constexpr const char *kReadOpenCalls = R"sql(
SELECT CallID FROM %1$s.ConferenceCall2
WHERE CallID OPERATOR(pg_catalog.>) $1
    AND %3$s
ORDER BY CallID LIMIT %2$d)sql";

constexpr const char *kReadRejected = R"sql(
SELECT DISTINCT reject.callid FROM %1$s.cdr_import_reject AS reject, %1$s.cdr_import AS earlier
WHERE reject.resolved_at IS NULL
    AND reject.callid OPERATOR(pg_catalog.>) $1
    AND reject.last_seen_at OPERATOR(pg_catalog.<) $3
    AND earlier.import_id OPERATOR(pg_catalog.=) reject.import_id
    AND earlier.kind OPERATOR(pg_catalog.=) 'feed'
    AND earlier.source OPERATOR(pg_catalog.=) $2
ORDER BY reject.callid LIMIT %2$d)sql";

// Locks the tables that a batch uses.
Extension LockTables() {
  const Extension extension = LockImportTables();
  RequireHere(FindMemberRelation(extension, kRecordsTable), "sync_cdr");
  LockMemberTable("cdr_feed", RowExclusiveLock);
  LockMemberTable("cdr_feed_gap", RowExclusiveLock);
  return extension;
}

// A sync from its first to its last batch. Lives in memory that commits do not touch.
class Sync {
 public:
  // Begins a sync and its first batch, in the current memory context.
  static Sync *Begin(const SyncRequest &request);

  void Run();

 private:
  Sync(const SyncRequest &request, const SourceRelation &source, const Extension &extension);

  void BeginBatch();
  void EndBatch(const char *what);
  CallIdRanges ReadPage(const char *query, int64_t above) const;
  void SyncOpenCalls();
  void WarnAboutGoneCalls() const;
  void SyncRejected();
  void SyncGaps();
  int64_t SyncGapPage(CallIdRanges page);
  void SyncNarrowGaps(CallIdRanges gaps);
  int64_t SyncWideGap(CallIdRange gap);
  void SyncNewCalls();
  void SyncNewBatch(int64_t highest);
  void SkipHole();

  const SyncRequest request_;
  FeedSource source_;
  const Extension extension_;
  const char *source_text_;
  TimestampTz begun_at_;
  MemoryContext batch_context_;
  int settings_level_ = 0;
  RecordImport *import_;
  FeedPosition *position_;
  ImportCounts before_batch_;
  int page_size_;
  int64_t gone_ = 0;  // open calls that the source does not have
  int64_t first_gone_ = 0;
};
static_assert(std::is_trivially_destructible_v<Sync>);

Sync::Sync(const SyncRequest &request, const SourceRelation &source, const Extension &extension)
    : request_(request),
      source_(source),
      extension_(extension),
      source_text_(psprintf("%s.%s", source.schema, source.name)),
      begun_at_(GetCurrentTransactionStartTimestamp()),
      batch_context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr sync", ALLOCSET_DEFAULT_SIZES)),
      page_size_(static_cast<int>(std::min<int64_t>(request.batch_size, FeedSource::kMaxRanges))) {}

Sync *Sync::Begin(const SyncRequest &request) {
  const SourceRelation source = FindSourceRelation(request.source);
  const Extension extension = LockTables();
  Sync *sync = new (palloc(sizeof(Sync))) Sync(request, source, extension);
  const ImportDescription description = {"feed", sync->source_text_, source.header,
                                         ',',    request.zone_name,  "raw"};
  sync->import_ = RecordImport::Begin(extension, description, source.columns, request.zone,
                                      Insertion::kUnlessStored);
  sync->position_ = FeedPosition::Read(extension, source.schema, source.name);
  sync->BeginBatch();
  return sync;
}

// Begins a batch, which is a transaction.
void Sync::BeginBatch() {
  // Times that are no texts come as text in the one style that can be read.
  settings_level_ = EnterLocalSettings({{"datestyle", "ISO"}});
  MemoryContextReset(batch_context_);
  MemoryContextSwitchTo(batch_context_);
  before_batch_ = import_->Counts();
}

// Brings in what was read, tells about it when there was something, commits, and begins the next
// batch.
void Sync::EndBatch(const char *what) {
  import_->Flush();
  const ImportCounts counts = import_->Counts() - before_batch_;
  if (counts.Records() > 0) {
    const char *purged =
        counts.purged > 0 ? psprintf(", %lld left out", LongLong(counts.purged)) : "";
    ereport(NOTICE, (errmsg("%s: %lld inserted, %lld updated, %lld unchanged, %lld rejected%s",
                            what, LongLong(counts.inserted), LongLong(counts.updated),
                            LongLong(counts.unchanged), LongLong(counts.rejected), purged)));
  }
  LeaveLocalSettings(settings_level_);
  SPI_commit();
  // A table that the last batch had locked may be another one now.
  LockTables();
  CheckSchemaName(extension_);
  BeginBatch();
}

// Reads the next page of CallIDs above one, with a query over $1 (above), $2 (the source) and $3
// (when the sync began).
CallIdRanges Sync::ReadPage(const char *query, int64_t above) const {
  RunStatement(query, SPI_OK_SELECT,
               {NumberParameter(above), TextParameter(source_text_), MomentParameter(begun_at_)});
  const int count = static_cast<int>(SPI_processed);
  auto *call_ids = AllocateArray<CallIdRange>(count);
  for (int row = 0; row < count; row++) {
    const int64_t call_id = DatumGetInt64(ResultValue(row, 1));
    call_ids[row] = {call_id, call_id};
  }
  SPI_freetuptable(SPI_tuptable);
  return {call_ids, count};
}

void Sync::Run() {
  // Open calls first, so that those which this sync brings are not asked for twice.
  SyncOpenCalls();
  SyncGaps();
  SyncNewCalls();
  // Last, since a source that cannot deliver them may end the sync.
  SyncRejected();
  // Not before the portal has answered again: it may have gone away in the middle of an answer.
  WarnAboutGoneCalls();
  import_->Flush();
  import_->Finish();
  LeaveLocalSettings(settings_level_);
}

// Asks for every call that is still open here.
void Sync::SyncOpenCalls() {
  for (int64_t above = PG_INT64_MIN;;) {
    const CallIdRanges open = ReadPage(
        psprintf(kReadOpenCalls, extension_.quoted_schema, page_size_, OpenCallCondition()), above);
    if (open.IsEmpty()) {
      break;
    }
    const CallIdList found = source_.Read(open, import_);
    for (const CallIdRange &call : open) {
      if (!std::binary_search(found.begin(), found.end(), call.first)) {
        first_gone_ = gone_++ == 0 ? call.first : first_gone_;
      }
    }
    above = open.Last().last;
    EndBatch("open calls");
  }
}

// Tells about open calls that did not come.
void Sync::WarnAboutGoneCalls() const {
  if (gone_ > 0) {
    ereport(WARNING,
            (errmsg_plural("%lld open call is no longer in \"%s\"",
                           "%lld open calls are no longer in \"%s\"",
                           static_cast<unsigned long>(gone_), LongLong(gone_), source_text_),
             errdetail("The first one has CallID %lld.", LongLong(first_gone_)),
             errhint("If the portal has purged them, set their LeaveTime or delete them.")));
  }
}

// Asks again for the records that were rejected before this sync.
void Sync::SyncRejected() {
  for (int64_t above = PG_INT64_MIN;;) {
    const CallIdRanges rejected =
        ReadPage(psprintf(kReadRejected, extension_.quoted_schema, page_size_), above);
    if (rejected.IsEmpty()) {
      break;
    }
    source_.Read(rejected, import_);
    above = rejected.Last().last;
    EndBatch("records rejected earlier");
  }
}

// Asks again for the CallIDs that were missing, until they are a day old.
void Sync::SyncGaps() {
  for (int64_t above = PG_INT64_MIN;;) {
    const CallIdRanges gaps = position_->ReadGaps(above, page_size_);
    if (gaps.IsEmpty()) {
      break;
    }
    above = SyncGapPage(gaps);
    EndBatch("missing CallIDs");
  }
  position_->ForgetOldGaps();
}

// Asks for the calls in gaps, and returns the CallID up to which that has been done.
int64_t Sync::SyncGapPage(CallIdRanges page) {
  for (const CallIdRange *gap = page.begin(); gap < page.end();) {
    if (gap->last - gap->first >= kWindow) {
      const int64_t done = SyncWideGap(*gap);
      if (done < gap->last) {
        return done;
      }
      gap++;
      continue;
    }
    // As many gaps in a question as there can be calls in an answer.
    const CallIdRange *group = gap;
    int64_t width = 0;
    for (; gap < page.end() && width + gap->last - gap->first < kWindow; gap++) {
      width += gap->last - gap->first + 1;
    }
    SyncNarrowGaps({group, static_cast<int>(gap - group)});
  }
  return page.Last().last;
}

void Sync::SyncNarrowGaps(CallIdRanges gaps) {
  position_->FillGaps(gaps, source_.Read(gaps, import_));
}

// Asks for the first calls in a gap that may have any number of them, and returns the CallID up to
// which it has been asked for; the rest is a gap of its own then.
int64_t Sync::SyncWideGap(CallIdRange gap) {
  int64_t next;
  if (!source_.ReadNextCallId(gap.first - 1, &next) || next > gap.last) {
    return gap.last;
  }
  const CallIdRange window = FirstOf({next, gap.last}, kWindow);
  const CallIdList found = source_.Read({&window, 1}, import_);
  position_->FillGaps({&gap, 1}, found);
  return found.IsEmpty() ? gap.last : found.Last();
}

// Asks for the calls above the position.
void Sync::SyncNewCalls() {
  int64_t highest = 0;
  const bool has_calls = source_.ReadHighestCallId(&highest);
  if (highest < position_->HighestCallId()) {
    ereport(
        WARNING,
        (has_calls ? errmsg("the highest CallID of \"%s\" is %lld, but %lld was read before",
                            source_text_, LongLong(highest), LongLong(position_->HighestCallId()))
                   : errmsg("\"%s\" has no calls, but CallID %lld was read before", source_text_,
                            LongLong(position_->HighestCallId())),
         errhint("If the portal was reinstalled, import its calls into a database of their own.")));
    return;
  }
  while (position_->HighestCallId() < highest) {
    SyncNewBatch(highest);
  }
}

// Asks for the next CallIDs, window by window, and moves the position.
void Sync::SyncNewBatch(int64_t highest) {
  if (position_->HighestCallId() == 0) {
    SkipHole();
  }
  const int64_t first = position_->HighestCallId() + 1;
  const int64_t last = FirstOf({first, highest}, request_.batch_size).last;
  bool is_empty = false;
  while (!is_empty && position_->HighestCallId() < last) {
    const CallIdRange window = FirstOf({position_->HighestCallId() + 1, last}, kWindow);
    const CallIdList found = source_.Read({&window, 1}, import_);
    position_->Advance(window.last, FindMissing(window, found));
    is_empty = found.IsEmpty();
  }
  EndBatch(psprintf("CallIDs %lld to %lld", LongLong(first), LongLong(position_->HighestCallId())));
  if (is_empty && position_->HighestCallId() < highest) {
    SkipHole();
  }
}

// Moves the position up to the next call that there is.
void Sync::SkipHole() {
  int64_t next;
  const int64_t position = position_->HighestCallId();
  if (source_.ReadNextCallId(position, &next) && next > position + 1) {
    const CallIdRange hole = {position + 1, next - 1};
    position_->Advance(hole.last, {&hole, 1});
  }
}

}  // namespace

void RunSync(const SyncRequest &request) {
  Sync *sync = Sync::Begin(request);
  sync->Run();
}

}  // namespace vidyo_cdr
