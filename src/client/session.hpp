// What is asked of the server, all of it in one transaction and so of one snapshot: the extension,
// the range, the parts of it that fit, the tenants, the open calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/connection.hpp"
#include "client/manifest.hpp"
#include "client/options.hpp"

namespace vidyo_cdr {

// A part of a range, half-open; no bound is nullopt.
struct Range {
  OptionalText tenant;
  OptionalText start_time;
  OptionalText end_time;
};

// A part that fits into one export, with how many records it has, and its bounds for a file's name.
struct PlannedRange {
  Range range;
  int64_t records = 0;
  OptionalText start_label;
  OptionalText end_label;
};

class Session {
 public:
  // Begins the transaction; throws when the extension is missing, or older than this program.
  Session(Connection &connection, const OptionalText &time_zone);

  Connection &connection() const { return connection_; }
  const Origin &origin() const { return origin_; }

  // The extension's schema, quoted.
  const std::string &schema() const { return schema_; }

  // What is asked for, with bounds as the server understands them.
  Request Resolve(const Options &options);

  // The tenants that have records.
  std::vector<std::string> Tenants();

  // The parts of a range, each as long as fits.
  std::vector<PlannedRange> Plan(const Range &range);

  // The usage figures of a range as a page; without any bound of the last whole month.
  std::string Page(const Range &range);

  // How many calls in the range have not ended.
  int64_t CountOpenCalls(const Range &range);

  // The export's limit for this role.
  int64_t Limit();

 private:
  void FindExtension();

  Connection &connection_;
  std::string schema_;
  Origin origin_;
};

}  // namespace vidyo_cdr
