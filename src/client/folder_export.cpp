// An export into a folder, with a manifest.
#include "client/folder_export.hpp"

#include <algorithm>
#include <set>

#include "client/file_name.hpp"
#include "client/manifest_file.hpp"
#include "client/numbers.hpp"
#include "client/plan.hpp"
#include "client/range_file.hpp"

namespace vidyo_cdr {

namespace {

Range RangeOf(const FileEntry &file) { return {file.tenant, file.start_time, file.end_time}; }

// Makes a manifest of planned ranges, all pending.
Manifest NewManifest(const Session &session, const ExportPlan &plan) {
  Manifest manifest;
  manifest.request = plan.request;
  manifest.origin = session.origin();
  std::set<std::string> names;
  for (const PlannedRange &planned : plan.ranges) {
    const Range &range = planned.range;
    FileEntry file;
    file.name = RangeFileName(range.tenant, planned.start_label, planned.end_label,
                              plan.request.is_gzipped);
    file.tenant = range.tenant;
    file.start_time = range.start_time;
    file.end_time = range.end_time;
    file.expected_records = planned.records;
    if (!names.insert(file.name).second) {
      throw Error("two ranges have the same file name, \"" + file.name + "\"");
    }
    manifest.files.push_back(file);
  }
  return manifest;
}

// Throws when a file's name is taken, and may not be.
void CheckTargets(const Folder &folder, const Manifest &manifest, bool may_replace) {
  for (const FileEntry &file : manifest.files) {
    const Presence presence = folder.Find(file.name);
    if (presence == Presence::kOther) {
      throw Error(folder.Shown(file.name) + " is not a regular file");
    }
    if (presence == Presence::kFile && !may_replace) {
      throw Error("file " + folder.Shown(file.name) + " exists", "No manifest lists it.",
                  "Use another folder, or --force to replace it.");
    }
  }
}

// Exports the pending files, one after the other; the manifest follows each of them.
void WritePendingFiles(Session &session, const Folder &folder, const Options &options,
                       Replace replace, Manifest *manifest) {
  WrittenFile all;
  int64_t count = 0;
  int64_t expected = 0;
  for (const FileEntry &file : manifest->files) {
    expected += file.written ? 0 : file.expected_records;
  }
  WriteManifest(folder, *manifest);
  {
    Progress progress(options.progress, expected);
    for (FileEntry &file : manifest->files) {
      if (!file.written) {
        const WrittenFile written =
            WriteRangeFile(session, {RangeOf(file), file.expected_records}, options.format,
                           progress, {&folder, file.name, replace, Summing::kYes});
        file.written = written;
        WriteManifest(folder, *manifest);
        all.records += written.records;
        all.open_calls += written.open_calls;
        all.bytes += written.bytes;
        count++;
      }
    }
  }
  PrintSummary(all, Counted(count, "file") + " in " + folder.Shown(""));
}

// Says which files of an earlier export a new one has left in the folder.
void WarnOfLeftFiles(const Folder &folder, const Manifest &earlier, const Manifest &manifest) {
  std::set<std::string> names;
  for (const FileEntry &file : manifest.files) {
    names.insert(file.name);
  }
  std::string left;
  for (const FileEntry &file : earlier.files) {
    if (names.count(file.name) == 0 && folder.Find(file.name) != Presence::kNothing) {
      left += (left.empty() ? "" : ", ") + folder.Shown(file.name);
    }
  }
  if (!left.empty()) {
    PrintWarning("files of an earlier export are no longer in the manifest",
                 "They are " + left + ".", "Remove them, if their records are in the new files.");
  }
}

// Says how many files are not of the snapshot of the last run that wrote one.
void WarnOfEarlierFiles(const Manifest &manifest) {
  const int64_t earlier =
      std::count_if(manifest.files.begin(), manifest.files.end(), [&](const FileEntry &file) {
        return file.written && file.written->snapshot != manifest.origin.snapshot;
      });
  if (earlier > 0) {
    PrintWarning(WithCommas(earlier) + " of " +
                     Counted(static_cast<int64_t>(manifest.files.size()), "file") +
                     (earlier == 1 ? " is" : " are") + " of an earlier snapshot",
                 "", "Use --force to export all of them again, from one snapshot.");
  }
}

// Takes an entry back to pending, if the folder does not have its file; throws when the range has
// become too large for one.
void RenewEntry(Session &session, const Folder &folder, FileEntry *file) {
  const FileState state = CheckFile(folder, *file);
  if (state == FileState::kAsListed) {
    return;
  }
  if (state == FileState::kDifferent) {
    PrintWarning("file " + folder.Shown(file->name) +
                 " differs from its sum in the manifest, and is exported again");
  }
  const std::vector<PlannedRange> parts = session.Plan(RangeOf(*file));
  if (parts.size() != 1) {
    throw Error("the range of file " + folder.Shown(file->name) + " no longer fits into one export",
                "It goes " + Describe(RangeOf(*file)) + ".",
                "Use --force to plan the ranges anew and export all of them again.");
  }
  file->expected_records = parts[0].records;
  file->written.reset();
}

// Exports what a manifest lists and the folder lacks.
void Resume(Session &session, const Folder &folder, const Options &options, Manifest manifest) {
  for (FileEntry &file : manifest.files) {
    RenewEntry(session, folder, &file);
  }
  CheckTargets(folder, manifest, true);
  const bool is_complete =
      std::all_of(manifest.files.begin(), manifest.files.end(),
                  [](const FileEntry &file) { return file.written.has_value(); });
  if (is_complete) {
    PrintInfo("all of " + Counted(static_cast<int64_t>(manifest.files.size()), "file") + " in " +
              folder.Shown("") + " are there already");
  } else {
    manifest.origin = session.origin();
    WritePendingFiles(session, folder, options, Replace::kExisting, &manifest);
  }
  WarnOfEarlierFiles(manifest);
}

// Reads a folder's manifest; with --force one that cannot be read is none.
std::optional<Manifest> ReadEarlierManifest(const Folder &folder, bool is_forced) {
  if (folder.Find(kManifestName) == Presence::kOther) {
    throw Error(folder.Shown(kManifestName) + " is not a regular file");
  }
  try {
    return ReadManifest(folder, kManifestName);
  } catch (Error &error) {
    if (is_forced) {
      return std::nullopt;
    }
    error.hint = "Use another folder, or --force to replace it.";
    throw;
  }
}

// Opens a folder for this run alone.
void TakeFolder(Folder *folder) {
  folder->KeepOthersOut();
  folder->RemoveDeadFiles();
}

}  // namespace

void ExportToFolder(Session &session, const Request &request, const Options &options) {
  std::optional<Folder> folder;
  std::optional<Manifest> earlier;
  if (Folder::Exists(options.output)) {
    folder.emplace(options.output);
    TakeFolder(&*folder);
    earlier = ReadEarlierManifest(*folder, options.force);
  }
  if (earlier && !options.force) {
    if (!(earlier->request == request)) {
      throw Error(folder->Shown("") + " has the manifest of another export", "",
                  "Use another folder, or --force to replace that export.");
    }
    Resume(session, *folder, options, *earlier);
    return;
  }

  const ExportPlan plan = MakePlan(session, request, options);
  if (!options.split) {
    RequireSingleFiles(session, plan);
  }
  Manifest manifest = NewManifest(session, plan);
  if (!folder) {
    folder.emplace(Folder::Make(options.output));
    TakeFolder(&*folder);
  }
  CheckTargets(*folder, manifest, options.force);
  WritePendingFiles(session, *folder, options, options.force ? Replace::kExisting : Replace::kNever,
                    &manifest);
  if (earlier) {
    WarnOfLeftFiles(*folder, *earlier, manifest);
  }
}

}  // namespace vidyo_cdr
