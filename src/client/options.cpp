// Reads the command line with getopt_long, as PostgreSQL's clients do.
#include "client/options.hpp"

#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "client/messages.hpp"

namespace vidyo_cdr {

namespace {

constexpr char kHelp[] =
    R"(export_cdr writes call detail records from PostgreSQL to CSV files.

Usage:
  export_cdr [OPTION]... [DBNAME]

What to export:
  --start=TIME             records from this time on
  --end=TIME               records before this time
  --through=DATE           records to the end of this day
  --month=YYYY-MM          records of this month
  --year=YYYY              records of this year
  --time-zone=ZONE         time zone of dates and times (default: the session's)
  --tenant=NAME            records of this tenant; may be given several times
  --each-tenant            a file for each tenant that has records

How to write it:
  -o, --output=FILE        file, folder, or - for standard output (default: -)
  --split                  as many files as the export limit makes necessary,
                           into a folder
  --profile=NAME           raw, portal or spreadsheet (default: raw)
  --delimiter=CHARACTER    comma, semicolon or tab (default: ,)
  --no-header              leave the row of column names out
  --gzip                   compress the files
  --force                  replace files that exist; plan a folder's ranges anew
  --progress               show progress in lines, without a terminal too
  -q, --quiet              print errors and warnings only

Other tasks:
  --page                   write the range's usage figures as an HTML page, by
                           default those of the last whole month
  --list                   print the ranges and their numbers of records only
  --verify=MANIFEST        check files against their manifest, without a server
  -V, --version            output version information, then exit
  -?, --help               show this help, then exit

Connection options:
  -d, --dbname=DBNAME      database to export from, or connection string
  -h, --host=HOSTNAME      database server host or socket directory
  -p, --port=PORT          database server port number
  -U, --username=NAME      connect as specified database user
  -w, --no-password        never prompt for password
  -W, --password           force password prompt

The exit code is 0 when all is well, 2 when the export has more records than the
limit and --split is missing, 1 after any other error.
)";

// The options without a letter of their own.
enum LongOption : int {
  kStart = 256,
  kEnd,
  kThrough,
  kMonth,
  kYear,
  kTimeZone,
  kTenant,
  kEachTenant,
  kSplit,
  kProfile,
  kDelimiter,
  kNoHeader,
  kGzip,
  kForce,
  kProgress,
  kPage,
  kList,
  kVerify,
  kHelpOption,
};

const option kLongOptions[] = {
    {"start", required_argument, nullptr, kStart},
    {"end", required_argument, nullptr, kEnd},
    {"through", required_argument, nullptr, kThrough},
    {"month", required_argument, nullptr, kMonth},
    {"year", required_argument, nullptr, kYear},
    {"time-zone", required_argument, nullptr, kTimeZone},
    {"tenant", required_argument, nullptr, kTenant},
    {"each-tenant", no_argument, nullptr, kEachTenant},
    {"output", required_argument, nullptr, 'o'},
    {"split", no_argument, nullptr, kSplit},
    {"profile", required_argument, nullptr, kProfile},
    {"delimiter", required_argument, nullptr, kDelimiter},
    {"no-header", no_argument, nullptr, kNoHeader},
    {"gzip", no_argument, nullptr, kGzip},
    {"force", no_argument, nullptr, kForce},
    {"progress", no_argument, nullptr, kProgress},
    {"quiet", no_argument, nullptr, 'q'},
    {"page", no_argument, nullptr, kPage},
    {"list", no_argument, nullptr, kList},
    {"verify", required_argument, nullptr, kVerify},
    {"version", no_argument, nullptr, 'V'},
    {"help", no_argument, nullptr, kHelpOption},
    {"dbname", required_argument, nullptr, 'd'},
    {"host", required_argument, nullptr, 'h'},
    {"port", required_argument, nullptr, 'p'},
    {"username", required_argument, nullptr, 'U'},
    {"no-password", no_argument, nullptr, 'w'},
    {"password", no_argument, nullptr, 'W'},
    {nullptr, 0, nullptr, 0},
};

// Prints to standard output and exits, with an error if that cannot be written.
[[noreturn]] void PrintAndExit(const std::string &text) {
  const bool is_written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  std::exit(is_written ? 0 : kFailed);
}

Error UsageError(const std::string &message) {
  return Error(message, "", "Try \"export_cdr --help\" for more information.");
}

// Takes an option of what to export; false: it is another one.
bool TakeRangeOption(int name, Options *options) {
  RangeOptions &range = options->range;
  switch (name) {
    case kStart:
      range.start = optarg;
      return true;
    case kEnd:
      range.end = optarg;
      return true;
    case kThrough:
      range.through = optarg;
      return true;
    case kMonth:
      range.month = optarg;
      return true;
    case kYear:
      range.year = optarg;
      return true;
    case kTimeZone:
      range.time_zone = optarg;
      return true;
    case kTenant:
      options->tenants.emplace_back(optarg);
      return true;
    case kEachTenant:
      options->each_tenant = true;
      return true;
    default:
      return false;
  }
}

// Takes an option of how to write it; false: it is another one.
bool TakeOutputOption(int name, Options *options) {
  switch (name) {
    case 'o':
      options->output = optarg;
      return true;
    case kSplit:
      options->split = true;
      return true;
    case kProfile:
      options->format.profile = optarg;
      return true;
    case kDelimiter:
      options->format.delimiter = optarg;
      return true;
    case kNoHeader:
      options->format.has_header = false;
      return true;
    case kGzip:
      options->format.is_gzipped = true;
      return true;
    case kForce:
      options->force = true;
      return true;
    case kProgress:
      options->progress = ProgressStyle::kLines;
      return true;
    case 'q':
      options->progress = ProgressStyle::kNone;
      return true;
    default:
      return false;
  }
}

// Takes an option of the connection; false: it is another one.
bool TakeConnectionOption(int name, ConnectionOptions *connection) {
  switch (name) {
    case 'd':
      connection->database = optarg;
      return true;
    case 'h':
      connection->host = optarg;
      return true;
    case 'p':
      connection->port = optarg;
      return true;
    case 'U':
      connection->user = optarg;
      return true;
    case 'w':
      connection->prompt = PasswordPrompt::kNever;
      return true;
    case 'W':
      connection->prompt = PasswordPrompt::kAlways;
      return true;
    default:
      return false;
  }
}

// Throws when both are given.
void RefuseBoth(bool is_first, const char *first, bool is_second, const char *second) {
  if (is_first && is_second) {
    throw UsageError(std::string("options ") + first + " and " + second +
                     " cannot be used together");
  }
}

// Takes what is to be done instead of an export, which is one thing only.
void TakeTask(Task task, Options *options) {
  constexpr const char *kNames[] = {"", "--list", "--verify", "--page"};  // by Task
  const Task other = options->task;
  RefuseBoth(other != Task::kExport && other != task, kNames[static_cast<int>(other)], true,
             kNames[static_cast<int>(task)]);
  options->task = task;
}

void TakeOption(int name, Options *options) {
  if (TakeRangeOption(name, options) || TakeOutputOption(name, options) ||
      TakeConnectionOption(name, &options->connection)) {
    return;
  }
  switch (name) {
    case kPage:
      TakeTask(Task::kPage, options);
      return;
    case kList:
      TakeTask(Task::kList, options);
      return;
    case kVerify:
      TakeTask(Task::kVerify, options);
      options->manifest = optarg;
      return;
    case 'V':
      PrintAndExit("export_cdr (vidyo_cdr) " VIDYO_CDR_VERSION "\n");
    default:
      // getopt_long has said what it is.
      std::fprintf(stderr, "%s: hint: Try \"export_cdr --help\" for more information.\n", kProgram);
      std::exit(kFailed);
  }
}

// Whether the text has the form; "0" in it stands for any digit.
bool HasForm(const std::string &text, const std::string &form) {
  if (text.size() != form.size()) {
    return false;
  }
  for (size_t i = 0; i < form.size(); i++) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) {
      return false;
    }
  }
  return true;
}

void CheckRange(const RangeOptions &range) {
  const bool is_month = range.month.has_value();
  const bool is_year = range.year.has_value();
  for (const auto &[is_given, name] : {std::pair{range.start.has_value(), "--start"},
                                       {range.end.has_value(), "--end"},
                                       {range.through.has_value(), "--through"},
                                       {is_year, "--year"}}) {
    RefuseBoth(is_month, "--month", is_given, name);
    RefuseBoth(is_year && std::strcmp(name, "--year") != 0, "--year", is_given, name);
  }
  RefuseBoth(range.end.has_value(), "--end", range.through.has_value(), "--through");
  if (is_month && !(HasForm(*range.month, "0000-00") && range.month->substr(5) >= "01" &&
                    range.month->substr(5) <= "12")) {
    throw UsageError("\"" + *range.month + "\" is not a month in the form YYYY-MM");
  }
  if (is_year && !HasForm(*range.year, "0000")) {
    throw UsageError("\"" + *range.year + "\" is not a year in the form YYYY");
  }
}

// A page is one file of a form of its own.
void CheckPage(const Options &options) {
  const FileFormat format;  // the default one
  for (const auto &[is_given, name] :
       {std::pair{options.each_tenant, "--each-tenant"},
        {options.split, "--split"},
        {options.format.profile != format.profile, "--profile"},
        {options.format.delimiter != format.delimiter, "--delimiter"},
        {!options.format.has_header, "--no-header"},
        {options.format.is_gzipped, "--gzip"}}) {
    RefuseBoth(true, "--page", is_given, name);
  }
  if (options.tenants.size() > 1) {
    throw UsageError("a page is of one tenant, or of all");
  }
}

void CheckOptions(const Options &options) {
  CheckRange(options.range);
  if (options.task == Task::kPage) {
    CheckPage(options);
  }
  RefuseBoth(options.each_tenant, "--each-tenant", !options.tenants.empty(), "--tenant");
  const std::set<std::string> tenants(options.tenants.begin(), options.tenants.end());
  if (tenants.size() < options.tenants.size()) {
    throw UsageError("a tenant is given twice");
  }
  const std::string &profile = options.format.profile;
  if (profile != "raw" && profile != "portal" && profile != "spreadsheet") {
    throw UsageError("\"" + profile + "\" is not a profile: raw, portal or spreadsheet");
  }
  const std::string &delimiter = options.format.delimiter;
  if (delimiter != "," && delimiter != ";" && delimiter != "\t") {
    throw UsageError("the delimiter must be a comma, a semicolon or a tab");
  }
  if (options.output.empty()) {
    throw UsageError("option --output needs a name");
  }
}

}  // namespace

Options ParseOptions(int argc, char **argv) {
  Options options;
  int name;
  while ((name = getopt_long(argc, argv, "o:qV?d:h:p:U:wW", kLongOptions, nullptr)) != -1) {
    // An unknown option comes as '?', too.
    if (name == kHelpOption || (name == '?' && std::strcmp(argv[optind - 1], "-?") == 0)) {
      PrintAndExit(kHelp);
    }
    TakeOption(name, &options);
  }
  if (optind < argc && !options.connection.database) {
    options.connection.database = argv[optind++];
  }
  if (optind < argc) {
    throw UsageError(std::string("too many command-line arguments (first is \"") + argv[optind] +
                     "\")");
  }
  CheckOptions(options);
  return options;
}

}  // namespace vidyo_cdr
