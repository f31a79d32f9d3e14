// Bringing a batch of records into the tables with a few statements.
#include "import/batch.hpp"

#include <algorithm>
#include <new>

#include "base/memory.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// A batch is full with so many records, or so many bytes of their texts.
constexpr int32_t kMaxRecords = 2000;
constexpr size_t kMaxSize = size_t{4} * 1024 * 1024;

// Ends an import whose records the table does not take, and does not have either.
void ReportKeptOut(int32_t count) {
  ereport(ERROR,
          (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
           errmsg_plural("%d record was not inserted although its CallID is not in use",
                         "%d records were not inserted although their CallIDs are not in use",
                         static_cast<unsigned long>(count), count),
           errhint("Check whether a trigger or rule on table conferencecall2 prevents the "
                   "insertion, or a row security policy hides the records with these CallIDs.")));
}

// The stored record with what it takes over from an incoming one.
ImportRecord Merged(ImportRecord stored, const ImportRecord &incoming, ColumnSet columns) {
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (HasColumn(columns, i)) {
      stored.values[i] = incoming.values[i];
      stored.nulls[i] = incoming.nulls[i];
    }
  }
  return stored;
}

// What is stored of a record that contradicts the stored one.
Reject ContradictionOf(const ImportRecord &record, const MergeDecision &decision) {
  Reject reject;
  reject.line = record.line;
  reject.raw_text = record.raw_text;
  reject.has_call_id = true;
  reject.call_id = record.CallId();
  reject.unique_call_id = TextOf(record.values[kUniqueCallID]);
  reject.field = ColumnList(decision.columns);
  reject.reason = decision.verdict == MergeVerdict::kAnotherCall
                      ? "another call with this CallID is stored"
                      : "contradicts the stored record";
  reject.contradicts = true;
  return reject;
}

}  // namespace

ImportBatch::ImportBatch(const Extension &extension, int64_t import_id, ColumnSet columns,
                         Insertion insertion, ImportCounts *counts)
    : extension_(extension),
      import_id_(import_id),
      columns_(columns),
      counts_(counts),
      stored_(extension, insertion),
      record_columns_(ImportRecordColumns()),
      context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr batch", ALLOCSET_DEFAULT_SIZES)) {
  Begin();
}

// Begins an empty batch.
void ImportBatch::Begin() {
  MemoryContextReset(context_);
  count_ = 0;
  size_ = 0;
  InMemoryContext(context_, [this] {
    entries_ = AllocateArray<Entry>(kMaxRecords);
    HASHCTL control = {};
    control.keysize = sizeof(int64_t);
    control.entrysize = sizeof(Place);
    control.hcxt = context_;
    places_ = hash_create("vidyo_cdr batch", kMaxRecords, &control,
                          HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    rejects_ = new (palloc(sizeof(ImportRejects))) ImportRejects(extension_, import_id_);
  });
}

// Flushes when the batch has no room for so many bytes more.
void ImportBatch::MakeRoomFor(size_t size) {
  if (count_ + rejects_->Count() >= kMaxRecords || size_ + size > kMaxSize) {
    Flush();
  }
  size_ += size;
}

void ImportBatch::Add(const RecordValues &values, Datum address, int64_t line,
                      std::string_view raw_text) {
  if (hash_search(places_, &values.call_id, HASH_FIND, nullptr) != nullptr) {
    Flush();
  }
  MakeRoomFor(raw_text.size());

  ImportRecord *record = InMemoryContext(context_, [&] {
    ImportRecord *made = MakeImportRecord(values, address);
    made->line = line;
    made->raw_text = {pnstrdup(raw_text.data(), raw_text.size()), raw_text.size()};
    return made;
  });

  auto *place = static_cast<Place *>(hash_search(places_, &values.call_id, HASH_ENTER, nullptr));
  place->entry = count_;
  Assert(count_ < kMaxRecords);
  entries_[count_++] = {record, Fate::kUndecided};
  highest_call_id_ = std::max(highest_call_id_, values.call_id);
  counts_->times_without_offset += values.times_without_offset;
}

void ImportBatch::AddReject(const Reject &reject) {
  MakeRoomFor(reject.raw_text.size());
  InMemoryContext(context_, [&] { rejects_->Add(reject); });
  counts_->rejected++;
}

void ImportBatch::Flush() {
  // Not before there is something to write: a feed may wait long for its source.
  if (count_ > 0 || rejects_->Count() > 0) {
    WaitForOtherImports();
    CheckSchemaName(extension_);
  }
  InMemoryContext(context_, [this] {
    // Compiling a statement takes longer than a batch.
    const int settings_level = EnterLocalSettings({{"jit", "off"}});
    StoreRecords();
    StoreRejects();
    LeaveLocalSettings(settings_level);
  });
  Begin();
}

// Decides about every record, and brings into the table what is new. Another session may store or
// remove a record between two statements; then there is more to do.
void ImportBatch::StoreRecords() {
  int in_vain = 0;
  for (int32_t left = CountOf(Fate::kUndecided); left > 0;) {
    CHECK_FOR_INTERRUPTS();
    CompareWithStored();
    LeaveOutPurged();
    InsertNew();
    UpdateStored();
    const int32_t left_before = left;
    left = CountOf(Fate::kUndecided);
    in_vain = left < left_before ? 0 : in_vain + 1;
    if (in_vain > 1) {
      ReportKeptOut(left);
    }
  }
}

int32_t ImportBatch::CountOf(Fate fate) const {
  return static_cast<int32_t>(std::count_if(
      entries_, entries_ + count_, [fate](const Entry &entry) { return entry.fate == fate; }));
}

// The CallIDs of the records with this fate; the lowest and the highest hold if there are any.
CallIds ImportBatch::CallIdsOf(Fate fate) const {
  CallIds call_ids = {nullptr, 0, PG_INT64_MAX, PG_INT64_MIN};
  auto *values = AllocateArray<Datum>(kMaxRecords);
  for (const Entry *entry = entries_; entry < entries_ + count_; entry++) {
    if (entry->fate == fate) {
      const int64_t call_id = entry->record->CallId();
      call_ids.lowest = std::min(call_ids.lowest, call_id);
      call_ids.highest = std::max(call_ids.highest, call_id);
      values[call_ids.count++] = Int64GetDatum(call_id);
    }
  }
  call_ids.all =
      construct_array(values, call_ids.count, INT8OID, sizeof(int64_t), true, TYPALIGN_DOUBLE);
  return call_ids;
}

// Their UniqueCallIDs, in the same order.
ArrayType *ImportBatch::UniqueCallIdsOf(Fate fate) const {
  auto *values = AllocateArray<Datum>(kMaxRecords);
  int count = 0;
  for (const Entry *entry = entries_; entry < entries_ + count_; entry++) {
    if (entry->fate == fate) {
      values[count++] = entry->record->values[kUniqueCallID];
    }
  }
  return construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT);
}

// The record of the batch with a CallID, if it has this fate, else nullptr.
ImportBatch::Entry *ImportBatch::Find(int64_t call_id, Fate fate) {
  const auto *place = static_cast<Place *>(hash_search(places_, &call_id, HASH_FIND, nullptr));
  Entry *entry = place == nullptr ? nullptr : &entries_[place->entry];
  return entry != nullptr && entry->fate == fate ? entry : nullptr;
}

// Gives the records with one fate another one.
void ImportBatch::ChangeFate(Fate from, Fate to) {
  for (Entry *entry = entries_; entry < entries_ + count_; entry++) {
    entry->fate = entry->fate == from ? to : entry->fate;
  }
}

// Decides about those records with this fate, which have these CallIDs, that are stored, and hands
// each with the stored one to work(stored, entry, decision). lock: nobody else can change the
// stored ones from then on.
template <typename Work>
void ImportBatch::DecideAbout(Fate fate, const CallIds &call_ids, bool lock, const Work &work) {
  const uint64_t count = stored_.Read(call_ids, lock);
  for (uint64_t row = 0; row < count; row++) {
    const ImportRecord stored = ReadStoredRecord(row);
    Entry *entry = Find(stored.CallId(), fate);
    if (entry != nullptr) {
      work(stored, entry,
           DecideMerge(stored.Stage(), entry->record->Stage(),
                       CompareRecords(stored, *entry->record, columns_)));
    }
  }
  SPI_freetuptable(SPI_tuptable);
}

// Decides about the records whose CallID is stored already.
void ImportBatch::CompareWithStored() {
  DecideAbout(Fate::kUndecided, CallIdsOf(Fate::kUndecided), false,
              [this](const ImportRecord &, Entry *entry, const MergeDecision &decision) {
                if (decision.verdict == MergeVerdict::kUpdate) {
                  entry->fate = Fate::kUpdates;
                } else {
                  Conclude(entry, decision);
                }
              });
}

// Leaves out the records that are not stored and have been purged.
void ImportBatch::LeaveOutPurged() {
  const PurgedScopes &purged = purges_.Scopes(extension_);
  if (purged.IsEmpty()) {
    return;
  }
  for (Entry *entry = entries_; entry < entries_ + count_; entry++) {
    const Datum *values = entry->record->values;
    if (entry->fate == Fate::kUndecided &&
        purged.Cover(TextOf(values[kTenantName]), DatumGetTimestampTz(values[kJoinTime]),
                     entry->record->CallId())) {
      entry->fate = Fate::kLeftOut;
      counts_->purged++;
    }
  }
}

// Inserts the records that are not stored. Where another session was quicker, they stay undecided:
// those that were inserted will then be found unchanged, so they are taken off that count.
void ImportBatch::InsertNew() {
  NamedRows records(StoredRecords::kRowsName, record_columns_);
  int64_t ambiguous_times = 0;
  for (const Entry *entry = entries_; entry < entries_ + count_; entry++) {
    if (entry->fate == Fate::kUndecided) {
      records.Add(entry->record->values, entry->record->nulls);
      ambiguous_times += entry->record->is_ambiguous ? 1 : 0;
    }
  }
  if (records.Count() == 0) {
    return;
  }
  const auto inserted = static_cast<int64_t>(stored_.Insert(records));
  records.Close();
  counts_->inserted += inserted;
  if (inserted != records.Count()) {
    counts_->unchanged -= inserted;
    return;
  }
  counts_->ambiguous_times += ambiguous_times;
  ChangeFate(Fate::kUndecided, Fate::kAccepted);
}

// Gives stored records what they take over, deciding once more now that nobody else can change
// them. One that has been removed meanwhile becomes undecided again.
void ImportBatch::UpdateStored() {
  const CallIds call_ids = CallIdsOf(Fate::kUpdates);
  if (call_ids.count == 0) {
    return;
  }
  NamedRows records(StoredRecords::kRowsName, record_columns_);
  DecideAbout(Fate::kUpdates, call_ids, true,
              [&](const ImportRecord &stored, Entry *entry, const MergeDecision &decision) {
                if (decision.verdict == MergeVerdict::kUpdate) {
                  const ImportRecord merged = Merged(stored, *entry->record, decision.columns);
                  records.Add(merged.values, merged.nulls);
                }
                Conclude(entry, decision);
              });
  if (records.Count() > 0) {
    stored_.Update(records, call_ids);
  }
  records.Close();
  ChangeFate(Fate::kUpdates, Fate::kUndecided);
}

// Counts a record that has been decided about, and rejects one that contradicts the stored one.
void ImportBatch::Conclude(Entry *entry, const MergeDecision &decision) {
  const ImportRecord &record = *entry->record;
  counts_->other_tenants += decision.names_another_tenant ? 1 : 0;
  entry->fate = Fate::kAccepted;
  switch (decision.verdict) {
    case MergeVerdict::kUnchanged:
      counts_->unchanged++;
      break;
    case MergeVerdict::kUpdate:
      counts_->updated++;
      counts_->ambiguous_times += record.is_ambiguous ? 1 : 0;
      break;
    case MergeVerdict::kAnotherCall:
    case MergeVerdict::kConflict:
      rejects_->Add(ContradictionOf(record, decision));
      counts_->rejected++;
      entry->fate = Fate::kRejected;
      break;
  }
}

// Stores what was rejected, and marks what the accepted records resolve.
void ImportBatch::StoreRejects() {
  if (rejects_->Count() > 0) {
    rejects_->Store(stored_.StoredAmong(rejects_->CallIds()));
  }
  const CallIds accepted = CallIdsOf(Fate::kAccepted);
  if (accepted.count > 0) {
    ImportRejects::Resolve(extension_, import_id_, accepted.all, UniqueCallIdsOf(Fate::kAccepted));
  }
}

void ImportBatch::ContinueNumbering() {
  if (highest_call_id_ > 0) {
    stored_.ContinueAbove(highest_call_id_);
  }
}

}  // namespace vidyo_cdr
