// Rows in memory that a query reads by a name, as a trigger reads its transition table, or from an
// array for each column.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "base/statement.hpp"

namespace vidyo_cdr {

class NamedRows {
 public:
  // An empty set of rows, in the current memory context. The columns, and the name, which a query
  // writes without a schema, must outlive it.
  NamedRows(const char *name, TupleDesc columns)
      : name_(name), columns_(columns), context_(CurrentMemoryContext) {}
  NamedRows(const NamedRows &) = delete;  // the rows can be given up once
  NamedRows &operator=(const NamedRows &) = delete;

  // Adds a row, in the transaction in which the rows are used.
  template <size_t count>
  void Add(const Datum (&values)[count], const bool (&nulls)[count]) {
    Assert(count == static_cast<size_t>(columns_->natts));
    Put(values, nulls);
  }
  int64_t Count() const { return count_; }

  // Runs a statement that reads the rows, of which there must be some; as RunStatement().
  uint64_t Run(const char *statement, int expected,
               std::initializer_list<Parameter> parameters = {});

  // Runs a statement that reads the rows from ArraySource(): for Citus, which cannot plan a name
  // that its catalog does not have.
  uint64_t RunWithArrays(const char *statement, int expected);

  // What stands in the FROM clause of such a statement: the rows, with the columns' names.
  // palloc'ed.
  static char *ArraySource(TupleDesc columns);

  // Gives up the rows' memory and temporary files.
  void Close();

 private:
  void Put(const Datum *values, const bool *nulls);
  void ReadColumns(Datum *values, bool *nulls);
  Parameter ArrayOf(int column, Datum *values, bool *nulls) const;

  const char *name_;
  TupleDesc columns_;
  MemoryContext context_;
  Tuplestorestate *rows_ = nullptr;  // made with the first row
  int64_t count_ = 0;
};
static_assert(std::is_trivially_destructible_v<NamedRows>);

}  // namespace vidyo_cdr
