// Records on their way into the table, a batch at a time. Each batch holds a CallID once, so that a
// file's records take effect in their order.
#pragma once

#include <type_traits>

#include "import/log.hpp"
#include "import/purges.hpp"
#include "import/record.hpp"
#include "import/rejects.hpp"
#include "import/stored_records.hpp"

namespace vidyo_cdr {

class ImportBatch {
 public:
  // Makes an empty batch in the current memory context, which must outlive it. columns: what the
  // source has; other columns are neither compared nor changed.
  ImportBatch(const Extension &extension, int64_t import_id, ColumnSet columns, Insertion insertion,
              ImportCounts *counts);

  // Takes a record in. raw_text, which is copied, is what a reject of it would have.
  void Add(const RecordValues &values, Datum address, int64_t line, std::string_view raw_text);

  // Takes a rejected record in.
  void AddReject(const Reject &reject);

  // Brings everything into the tables, and empties the batch.
  void Flush();

  // Lets the table's own numbering go on above the records.
  void ContinueNumbering();

  // Whether nothing has been taken in yet.
  bool IsNew() const { return counts_->Records() == 0 && count_ == 0; }

 private:
  // What has become of a record.
  enum class Fate {
    kUndecided,  // not compared with a stored record yet, or there is none
    kUpdates,    // changes a stored record
    kAccepted,   // what it says is in the table
    kLeftOut,    // has been purged, and is not stored
    kRejected
  };
  struct Entry {
    ImportRecord *record;
    Fate fate;
  };
  // An entry of the index by CallID.
  struct Place {
    int64_t call_id;  // the key, so it comes first
    int32_t entry;
  };

  void Begin();
  void MakeRoomFor(size_t size);
  void StoreRecords();
  int32_t CountOf(Fate fate) const;
  CallIds CallIdsOf(Fate fate) const;
  ArrayType *UniqueCallIdsOf(Fate fate) const;
  Entry *Find(int64_t call_id, Fate fate);
  void ChangeFate(Fate from, Fate to);
  template <typename Work>
  void DecideAbout(Fate fate, const CallIds &call_ids, bool lock, const Work &work);
  void CompareWithStored();
  void LeaveOutPurged();
  void InsertNew();
  void UpdateStored();
  void Conclude(Entry *entry, const MergeDecision &decision);
  void StoreRejects();

  const Extension extension_;
  int64_t import_id_;
  ColumnSet columns_;
  ImportCounts *counts_;
  StoredRecords stored_;
  Purges purges_;
  TupleDesc record_columns_;
  int64_t highest_call_id_ = 0;

  // The present batch and its memory.
  MemoryContext context_;
  Entry *entries_;
  int32_t count_;
  size_t size_;
  HTAB *places_;
  ImportRejects *rejects_;
};
static_assert(std::is_trivially_destructible_v<ImportBatch>);

}  // namespace vidyo_cdr
