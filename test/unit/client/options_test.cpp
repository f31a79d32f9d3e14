// The command line.
#include "client/options.hpp"

#include <getopt.h>
#include <gtest/gtest.h>

#include "client/messages.hpp"

namespace vidyo_cdr {
namespace {

Options Parse(std::vector<std::string> words) {
  words.insert(words.begin(), "export_cdr");
  std::vector<char *> argv;
  for (std::string &word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  optind = 0;  // begins anew, in GNU's getopt
  return ParseOptions(static_cast<int>(words.size()), argv.data());
}

TEST(Options, HaveDefaults) {
  const Options options = Parse({});
  EXPECT_EQ(options.task, Task::kExport);
  EXPECT_EQ(options.output, "-");
  EXPECT_EQ(options.format.profile, "raw");
  EXPECT_TRUE(options.format.has_header);
  EXPECT_FALSE(options.range.start || options.connection.database);
}

TEST(Options, AreTaken) {
  const Options options =
      Parse({"-d", "portal", "--month", "2026-12", "--tenant", "a", "--tenant=b", "-o", "x/",
             "--no-header", "--delimiter=\t", "-qw", "--list"});
  EXPECT_EQ(options.connection.database, "portal");
  EXPECT_EQ(options.connection.prompt, PasswordPrompt::kNever);
  EXPECT_EQ(options.range.month, "2026-12");
  EXPECT_EQ(options.tenants, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.output, "x/");
  EXPECT_EQ(options.format.delimiter, "\t");
  EXPECT_FALSE(options.format.has_header);
  EXPECT_EQ(options.progress, ProgressStyle::kNone);
  EXPECT_EQ(options.task, Task::kList);
  EXPECT_EQ(Parse({"portal"}).connection.database, "portal");
}

TEST(Options, AreChecked) {
  const std::vector<std::vector<std::string>> wrong = {{"--month=2026-00"},
                                                       {"--month=2026-1"},
                                                       {"--month=26-01-"},
                                                       {"--year=202x"},
                                                       {"--year=2026", "--start=x"},
                                                       {"--end=x", "--through=y"},
                                                       {"--profile=csv"},
                                                       {"--delimiter="},
                                                       {"--delimiter=,,"},
                                                       {"--output="},
                                                       {"--page", "--each-tenant"},
                                                       {"--page", "--split"},
                                                       {"--page", "--profile=portal"},
                                                       {"--page", "--delimiter=;"},
                                                       {"--page", "--no-header"},
                                                       {"--page", "--gzip"},
                                                       {"--page", "--tenant=a", "--tenant=b"},
                                                       {"a", "b"},
                                                       {"-d", "a", "b"}};
  for (const auto &words : wrong) {
    EXPECT_THROW(Parse(words), Error) << words[0];
  }
}

}  // namespace
}  // namespace vidyo_cdr
