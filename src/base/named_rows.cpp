// Rows for queries, as what PostgreSQL calls an ephemeral named relation.
#include "base/named_rows.hpp"

#include "base/memory.hpp"

namespace vidyo_cdr {

void NamedRows::Put(const Datum *values, const bool *nulls) {
  if (rows_ == nullptr) {
    rows_ = InMemoryContext(context_, [] { return tuplestore_begin_heap(false, false, work_mem); });
  }
  tuplestore_putvalues(rows_, columns_, const_cast<Datum *>(values), const_cast<bool *>(nulls));
  count_++;
}

void NamedRows::Close() {
  if (rows_ != nullptr) {
    tuplestore_end(rows_);
    rows_ = nullptr;
  }
}

uint64_t NamedRows::Run(const char *statement, int expected,
                        std::initializer_list<Parameter> parameters) {
  // A level of SPI's own, since what SPI notes of the name lives in the memory context that is
  // current.
  SPI_connect();
  EphemeralNamedRelationData relation = {};
  relation.md.name = const_cast<char *>(name_);
  relation.md.tupdesc = columns_;
  relation.md.enrtype = ENR_NAMED_TUPLESTORE;
  relation.md.enrtuples = static_cast<double>(count_);
  relation.reldata = rows_;
  if (SPI_register_relation(&relation) != SPI_OK_REL_REGISTER) {
    elog(ERROR, "could not register rows \"%s\"", name_);
  }
  const uint64_t processed = RunStatement(statement, expected, parameters);
  SPI_finish();
  return processed;
}

}  // namespace vidyo_cdr
