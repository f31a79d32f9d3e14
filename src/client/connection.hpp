// The connection to the server, and the results of queries.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/messages.hpp"
#include "client/options.hpp"

namespace vidyo_cdr {

using OptionalText = std::optional<std::string>;

// The rows of a query.
class Result {
 public:
  explicit Result(PGresult *result) : result_(result) {}

  int Rows() const { return PQntuples(result_.get()); }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string_view Value(int row, int column) const;
  std::string Text(int row, int column) const { return std::string(Value(row, column)); }
  OptionalText OptText(int row, int column) const;
  int64_t Number(int row, int column) const;

  // How many rows a COPY has sent, by its command tag.
  int64_t CopiedRows() const;

  PGresult *get() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(PGresult *result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

class Connection {
 public:
  // Connects, and asks for a password if need be.
  explicit Connection(const ConnectionOptions &options);

  // Runs a query with parameters as text; throws the server's error.
  Result Query(const std::string &sql, const std::vector<OptionalText> &params = {});

  // The error of a result, or of a connection that is lost.
  Error ErrorOf(const PGresult *result) const;

  // A value as an SQL literal, NULL without one.
  std::string Literal(const OptionalText &value) const;
  std::string Identifier(const std::string &name) const;

  PGconn *get() const { return connection_.get(); }

 private:
  struct Finish {
    void operator()(PGconn *connection) const { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace vidyo_cdr
