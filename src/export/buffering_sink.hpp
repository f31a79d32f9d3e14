// Buffers an export's records, as rows of a file, until the limit has been checked.
#pragma once

#include <type_traits>

#include "export/export.hpp"
#include "records/column_check.hpp"
#include "writing/buffered_rows.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

class BufferingSink final : public RecordSink {
 public:
  // promised: the columns that the caller expects, or nullptr when any will do. The sink works in
  // the memory context that is current now.
  BufferingSink(const RecordStyle &style, TupleDesc promised, BufferedRows *rows)
      : context_(CurrentMemoryContext), style_(style), promised_(promised), rows_(rows) {}

  void Start(TupleDesc columns) noexcept override {
    if (promised_ != nullptr) {
      CheckColumnTypes(columns, promised_);
    }
    const MemoryContext caller_context = MemoryContextSwitchTo(context_);
    writer_ = RecordWriter::Make(style_, columns);
    MemoryContextSwitchTo(caller_context);
  }

  bool Receive(TupleTableSlot *record) noexcept override {
    rows_->Commit(writer_->Write(record, *rows_));
    return true;
  }

 private:
  MemoryContext context_;
  RecordStyle style_;
  TupleDesc promised_;
  BufferedRows *rows_;
  RecordWriter *writer_ = nullptr;
};
static_assert(std::is_trivially_destructible_v<BufferingSink>);

}  // namespace vidyo_cdr
