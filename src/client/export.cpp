// The export: into a folder with its manifest, into a single file, or to standard output.
#include "client/export.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "client/file_name.hpp"
#include "client/folder_export.hpp"
#include "client/interrupt.hpp"
#include "client/plan.hpp"
#include "client/range_file.hpp"

namespace vidyo_cdr {

namespace {

constexpr char kStandardOutput[] = "-";

bool HasSeveralFiles(const Options &options) {
  return options.split || options.each_tenant || options.tenants.size() > 1;
}

bool IsForFolder(const Options &options) {
  const bool is_standard_output = options.output == kStandardOutput;
  if (is_standard_output && HasSeveralFiles(options)) {
    throw Error("several files need a folder", "", "Name the folder with --output.");
  }
  return !is_standard_output && (HasSeveralFiles(options) || options.output.back() == '/' ||
                                 Folder::Exists(options.output));
}

// Throws if the file may not be written.
void CheckTarget(const Folder &folder, const std::string &name, bool may_replace) {
  const Presence presence = folder.Find(name);
  if (presence == Presence::kOther) {
    throw Error(folder.Shown(name) + " is not a regular file", "",
                "Write to standard output, and redirect that.");
  }
  if (presence == Presence::kFile && !may_replace) {
    throw Error("file " + folder.Shown(name) + " exists", "", "Use --force to replace it.");
  }
}

// Plans an export that has to fit into one file.
PlannedRange PlanSingleFile(Session &session, const Request &request, const Options &options) {
  const ExportPlan plan = MakePlan(session, request, options);
  RequireSingleFiles(session, plan);
  return plan.ranges.at(0);
}

void ExportToFile(Session &session, const Request &request, const Options &options) {
  const SplitPath path = SplitAtLastSlash(options.output);
  const Folder folder(path.folder);
  CheckTarget(folder, path.name, options.force);
  const PlannedRange planned = PlanSingleFile(session, request, options);
  folder.RemoveDeadFiles();
  Progress progress(options.progress, planned.records);
  const WrittenFile written = WriteRangeFile(
      session, {planned.range, planned.records}, options.format, progress,
      {&folder, path.name, options.force ? Replace::kExisting : Replace::kNever, Summing::kNo});
  folder.Sync();
  PrintSummary(written, "file " + folder.Shown(path.name));
}

void ExportToStandardOutput(Session &session, const Request &request, const Options &options) {
  const PlannedRange planned = PlanSingleFile(session, request, options);
  Progress progress(options.progress, planned.records);
  OutputStream out(STDOUT_FILENO, "standard output", options.format.is_gzipped, Summing::kNo);
  const WrittenFile written =
      WriteRange(session, {planned.range, planned.records}, options.format, progress, out);
  // Some file systems tell only now that there was no room.
  if (close(STDOUT_FILENO) != 0) {
    throw SystemError("write to standard output");
  }
  PrintSummary(written, "standard output");
}

}  // namespace

void RunExport(const Options &options) {
  const bool is_for_folder = options.task == Task::kExport && IsForFolder(options);
  Connection connection(options.connection);
  const CancelTarget cancel_target(connection.get());
  Session session(connection, options.range.time_zone);
  const Request request = session.Resolve(options);
  PrintInfo("time zone of dates and times: " + request.time_zone);
  if (options.task == Task::kList) {
    PrintPlan(MakePlan(session, request, options));
  } else if (is_for_folder) {
    ExportToFolder(session, request, options);
  } else if (options.output == kStandardOutput) {
    ExportToStandardOutput(session, request, options);
  } else {
    ExportToFile(session, request, options);
  }
}

}  // namespace vidyo_cdr
