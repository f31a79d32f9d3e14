// Running a statement of the extension's own, inside SPI and as the caller.
#pragma once

#include <initializer_list>

#include "base/postgres.hpp"

namespace vidyo_cdr {

struct Parameter {
  Oid type;
  Datum value;
  bool is_null = false;
};

// Runs a statement with parameters $1 and so on, and returns how many rows it processed; rows that
// it returns are in SPI_tuptable. `expected` is the SPI_OK code that tells what kind of statement
// it is.
uint64_t RunStatement(const char *statement, int expected,
                      std::initializer_list<Parameter> parameters);

// A value that is not NULL in SPI_tuptable: rows are counted from 0, columns from 1. It lives as
// long as SPI_tuptable, unless it is passed by value.
Datum ResultValue(int row, int column);

}  // namespace vidyo_cdr
