// Holds an export's records, as rows of a file, until the limit has been checked.
#pragma once

#include <type_traits>

#include "records/column_check.hpp"
#include "export/pipeline.hpp"
#include "writing/held_rows.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

class HeldRecordSink final : public RecordSink {
 public:
  // promised: the columns that the caller expects, or nullptr when any will do. The sink works in
  // the memory context that is current now.
  HeldRecordSink(const RecordStyle &style, TupleDesc promised, HeldRows *rows)
      : context_(CurrentMemoryContext), style_(style), promised_(promised), rows_(rows) {}

  void Start(TupleDesc columns) noexcept override {
    if (promised_ != nullptr) {
      CheckColumnTypes(columns, promised_);
    }
    const MemoryContext caller_context = MemoryContextSwitchTo(context_);
    writer_ = RecordWriter::Make(style_, columns);
    MemoryContextSwitchTo(caller_context);
  }

  void Receive(TupleTableSlot *record) noexcept override {
    rows_->Commit(writer_->Write(record, *rows_));
  }

 private:
  MemoryContext context_;
  RecordStyle style_;
  TupleDesc promised_;
  HeldRows *rows_;
  RecordWriter *writer_ = nullptr;
};
static_assert(std::is_trivially_destructible_v<HeldRecordSink>);

}  // namespace vidyo_cdr
