// The files of an export.
#include "client/plan.hpp"

#include <algorithm>
#include <cstdio>

#include "client/numbers.hpp"

namespace vidyo_cdr {

namespace {

constexpr char kLimitExceeded[] = "54000";

// The tenants to plan for; one without a name is all of them.
std::vector<OptionalText> TenantsToPlan(Session &session, const Options &options) {
  std::vector<OptionalText> tenants;
  for (const std::string &tenant : options.each_tenant ? session.Tenants() : options.tenants) {
    tenants.emplace_back(tenant);
  }
  if (tenants.empty() && !options.each_tenant) {
    tenants.emplace_back(std::nullopt);
  }
  return tenants;
}

// A control character would spoil the table that --list prints.
std::string Printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < ' '; },
      '?');
  return text;
}

void PrintRow(const std::string &part, const std::string &start, const std::string &end,
              const std::string &records, const std::string &tenant) {
  std::printf("%5s | %-29s | %-29s | %10s%s%s\n", part.c_str(), start.c_str(), end.c_str(),
              records.c_str(), tenant.empty() ? "" : " | ", Printable(tenant).c_str());
}

}  // namespace

int64_t ExportPlan::Records() const {
  int64_t records = 0;
  for (const PlannedRange &range : ranges) {
    records += range.records;
  }
  return records;
}

std::string Describe(const Range &range) {
  std::string text = range.start_time ? "from " + *range.start_time : "from the first record";
  text += range.end_time ? " to before " + *range.end_time : " to the last record";
  return range.tenant ? text + " of tenant \"" + *range.tenant + "\"" : text;
}

ExportPlan MakePlan(Session &session, const Request &request, const Options &options) {
  ExportPlan plan;
  plan.request = request;
  try {
    for (const OptionalText &tenant : TenantsToPlan(session, options)) {
      const Range range = {tenant, request.start_time, request.end_time};
      for (const PlannedRange &part : session.Plan(range)) {
        if (part.records > 0 || !options.each_tenant) {
          plan.ranges.push_back(part);
        }
      }
    }
  } catch (Error &error) {
    if (error.sqlstate == kLimitExceeded && !options.split && options.task == Task::kExport) {
      error.exit_code = kOverLimit;
    }
    throw;
  }
  return plan;
}

void RequireSingleFiles(Session &session, const ExportPlan &plan) {
  // The parts of one tenant follow each other.
  const auto over = std::adjacent_find(plan.ranges.begin(), plan.ranges.end(),
                                       [](const PlannedRange &one, const PlannedRange &next) {
                                         return one.range.tenant == next.range.tenant;
                                       });
  if (over == plan.ranges.end()) {
    return;
  }
  const OptionalText &tenant = over->range.tenant;
  int64_t records = 0;
  for (const PlannedRange &part : plan.ranges) {
    records += part.range.tenant == tenant ? part.records : 0;
  }
  Error error("export" + (tenant ? " of tenant \"" + *tenant + "\"" : "") + " contains " +
                  Counted(records, "record") + ", more than the limit of " +
                  WithCommas(session.Limit()),
              "The latest --end that fits is '" + *over->range.end_time + "', with " +
                  Counted(over->records, "record") + ".",
              "Narrow the range, or use --split to write " +
                  Counted(static_cast<int64_t>(plan.ranges.size()), "file") + " into a folder.");
  error.exit_code = kOverLimit;
  throw error;
}

void PrintPlan(const ExportPlan &plan) {
  const bool has_tenants = plan.request.each_tenant || !plan.request.tenants.empty();
  PrintRow("part", "start_time", "end_time", "records", has_tenants ? "tenant" : "");
  int part = 0;
  for (const PlannedRange &planned : plan.ranges) {
    const Range &range = planned.range;
    PrintRow(std::to_string(++part), range.start_time.value_or(""), range.end_time.value_or(""),
             std::to_string(planned.records), has_tenants ? range.tenant.value_or("") : "");
  }
  PrintRow("all", "", "", std::to_string(plan.Records()), "");
  if (std::fflush(stdout) != 0) {
    throw SystemError("write to standard output");
  }
}

}  // namespace vidyo_cdr
