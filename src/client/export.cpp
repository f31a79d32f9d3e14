// The export: into a folder with its manifest, into a single file, or to standard output. Usage
// figures as a page have the same ways.
#include "client/export.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "client/file_name.hpp"
#include "client/folder_export.hpp"
#include "client/interrupt.hpp"
#include "client/numbers.hpp"
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

// Some file systems tell only when it is closed that there was no room.
void CloseStandardOutput() {
  if (close(STDOUT_FILENO) != 0) {
    throw SystemError("write to standard output");
  }
}

void ExportToStandardOutput(Session &session, const Request &request, const Options &options) {
  const PlannedRange planned = PlanSingleFile(session, request, options);
  Progress progress(options.progress, planned.records);
  OutputStream out(STDOUT_FILENO, "standard output", options.format.is_gzipped, Summing::kNo);
  const WrittenFile written =
      WriteRange(session, {planned.range, planned.records}, options.format, progress, out);
  CloseStandardOutput();
  PrintSummary(written, "standard output");
}

void WritePage(const std::string &page, int descriptor, const std::string &shown_name) {
  OutputStream out(descriptor, shown_name, false, Summing::kNo);
  out.Append(page);
  out.Finish();
}

void PageToFile(Session &session, const Range &range, const Options &options) {
  const SplitPath path = SplitAtLastSlash(options.output);
  const Folder folder(path.folder);
  CheckTarget(folder, path.name, options.force);
  const std::string page = session.Page(range);
  folder.RemoveDeadFiles();
  TemporaryFile file(folder);
  WritePage(page, file.get(), "file " + folder.Shown(path.name));
  file.Commit(path.name, options.force ? Replace::kExisting : Replace::kNever);
  folder.Sync();
  PrintInfo("wrote the page (" + Megabytes(static_cast<int64_t>(page.size())) + ") to file " +
            folder.Shown(path.name));
}

void RunPage(Session &session, const Request &request, const Options &options) {
  Range range = {std::nullopt, request.start_time, request.end_time};
  if (!options.tenants.empty()) {
    range.tenant = options.tenants[0];
  }
  if (options.output != kStandardOutput) {
    PageToFile(session, range, options);
    return;
  }
  WritePage(session.Page(range), STDOUT_FILENO, "standard output");
  CloseStandardOutput();
}

}  // namespace

void RunExport(const Options &options) {
  const bool is_for_folder = options.task != Task::kList && IsForFolder(options);
  if (is_for_folder && options.task == Task::kPage) {
    throw Error("a page is a file, and \"" + options.output + "\" is a folder", "",
                "Name a file in it.");
  }
  Connection connection(options.connection);
  const CancelTarget cancel_target(connection.get());
  Session session(connection, options.range.time_zone);
  const Request request = session.Resolve(options);
  PrintInfo("time zone of dates and times: " + request.time_zone);
  if (options.task == Task::kPage) {
    RunPage(session, request, options);
  } else if (options.task == Task::kList) {
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
