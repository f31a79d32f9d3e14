// The files of an export: which ranges they have, and whether there may be so many.
#pragma once

#include <string>
#include <vector>

#include "client/options.hpp"
#include "client/session.hpp"

namespace vidyo_cdr {

struct ExportPlan {
  Request request;
  std::vector<PlannedRange> ranges;

  int64_t Records() const;
};

// Asks the server for the ranges of a request.
ExportPlan MakePlan(Session &session, const Request &request, const Options &options);

// Throws, with the exit code for that, when a single export would be above the limit.
void RequireSingleFiles(Session &session, const ExportPlan &plan);

// How messages name a range.
std::string Describe(const Range &range);

// Prints the ranges with their numbers of records to standard output.
void PrintPlan(const ExportPlan &plan);

}  // namespace vidyo_cdr
