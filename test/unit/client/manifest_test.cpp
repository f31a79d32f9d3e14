// The manifest comes back from its JSON as it was, and nothing else passes for one.
#include "client/manifest.hpp"

#include <gtest/gtest.h>

#include "client/messages.hpp"

namespace vidyo_cdr {
namespace {

Manifest Sample() {
  Manifest manifest;
  manifest.request.system_identifier = "7312";
  manifest.request.database = "cdr";
  manifest.request.role = "odd \"role\"\n";
  manifest.request.time_zone = "Europe/Berlin";
  manifest.request.start_time = "2026-03-01 00:00:00+01";
  manifest.request.tenants = {"caf\xc3\xa9", ""};
  manifest.request.profile = "portal";
  manifest.request.delimiter = "\t";
  manifest.request.is_gzipped = true;
  manifest.origin = {"host", "5432", "15.20", "1.2", "1.2", "7:9:8", "2026-04-01 00:00:00+02"};
  FileEntry pending;
  pending.name = "cdr-a.csv";
  pending.start_time = "2026-03-01 00:00:00+01";
  pending.expected_records = 65000;
  FileEntry written = pending;
  written.name = "cdr-b.csv.gz";
  written.tenant = "";
  written.written = WrittenFile{3, 2, 99, "ab12", "7:9:8", "2026-04-01 00:00:00+02"};
  manifest.files = {pending, written};
  return manifest;
}

TEST(Manifest, ComesBack) {
  const Manifest sample = Sample();
  const std::string json = FormatManifest(sample);
  const Manifest back = ParseManifest(json);
  EXPECT_EQ(FormatManifest(back), json);
  EXPECT_TRUE(back.request == sample.request);
  ASSERT_EQ(back.files.size(), 2U);
  EXPECT_EQ(back.files[0].expected_records, 65000);
  EXPECT_FALSE(back.files[0].written);
  EXPECT_FALSE(back.files[0].tenant);
  EXPECT_FALSE(back.files[0].end_time);
  ASSERT_TRUE(back.files[1].written);
  EXPECT_EQ(back.files[1].tenant, "");
  EXPECT_EQ(back.files[1].written->open_calls, 2);
  EXPECT_EQ(back.files[1].written->sha256, "ab12");
  EXPECT_EQ(back.origin.snapshot, "7:9:8");
}

TEST(Manifest, TellsRequestsApart) {
  const Request sample = Sample().request;
  Request other = sample;
  EXPECT_TRUE(other == sample);
  other.end_time = "2026-04-01 00:00:00+02";
  EXPECT_FALSE(other == sample);
  other = sample;
  other.system_identifier = "7313";
  EXPECT_FALSE(other == sample);
  other = sample;
  other.role = "postgres";
  EXPECT_FALSE(other == sample);
  other = sample;
  other.tenants.pop_back();
  EXPECT_FALSE(other == sample);
  other = sample;
  other.is_gzipped = false;
  EXPECT_FALSE(other == sample);
}

TEST(Manifest, TakesNothingElse) {
  for (const char *text : {"", "[]", "null", "{}", "{\"format\": 2}", "{\"format\": \"1\"}", "{"}) {
    EXPECT_THROW(ParseManifest(text), Error) << text;
  }
}

TEST(Manifest, LeadsNowhereElse) {
  for (const char *name : {"../cdr-a.csv", "/etc/passwd", "manifest.json", "cdr-../x"}) {
    Manifest manifest = Sample();
    manifest.files[0].name = name;
    EXPECT_THROW(ParseManifest(FormatManifest(manifest)), Error) << name;
  }
}

TEST(Manifest, TakesAnyBytes) {
  Manifest manifest = Sample();
  manifest.request.tenants = {"\xff"};
  EXPECT_EQ(ParseManifest(FormatManifest(manifest)).request.tenants[0], "\xef\xbf\xbd");
}

}  // namespace
}  // namespace vidyo_cdr
