// A file's header without a server: every column in every spelling, and every way to lack one.
#include "core/csv/header.hpp"

#include "core/columns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace vidyo_cdr {
namespace {

struct Mapping {
  CsvHeader header;
  std::vector<int> columns;
};

Mapping Map(const std::vector<std::string> &names) {
  std::vector<CsvField> fields;
  for (const std::string &name : names) {
    fields.push_back({name, false});
  }
  Mapping mapping;
  mapping.columns.assign(names.size(), -2);
  mapping.header =
      MapCsvHeader(fields.data(), static_cast<int>(fields.size()), mapping.columns.data());
  return mapping;
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const Column &column : kColumns) {
    names.emplace_back(column.name);
  }
  return names;
}

const std::vector<std::string> kRequired = {"CallID",     "UniqueCallID",   "ConferenceName",
                                            "TenantName", "ConferenceType", "EndpointType",
                                            "JoinTime",   "CallState",      "Direction"};

int ColumnOf(std::string_view name) {
  const auto *found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                   [name](const Column &column) { return column.name == name; });
  return static_cast<int>(found - std::begin(kColumns));
}

// The names of a set's columns.
std::vector<std::string> NamesOf(ColumnSet columns) {
  std::vector<std::string> names;
  for (int column = 0; column < 32; column++) {
    if (HasColumn(columns, column)) {
      names.push_back(column < kRecordColumnCount ? std::string(kColumns[column].name) : "?");
    }
  }
  return names;
}

TEST(CsvHeader, AllColumnsInOrder) {
  const Mapping mapping = Map(AllNames());
  EXPECT_EQ(mapping.header.fault, CsvHeaderFault::kNone);
  EXPECT_EQ(NamesOf(mapping.header.given), AllNames());
  EXPECT_EQ(mapping.header.twice, 0);
  EXPECT_EQ(mapping.header.missing, 0);
  ASSERT_EQ(mapping.columns.size(), 27);
  for (int column = 0; column < 27; column++) {
    EXPECT_EQ(mapping.columns[static_cast<size_t>(column)], column);
  }
}

TEST(CsvHeader, AnyOrder) {
  std::vector<std::string> names = AllNames();
  std::reverse(names.begin(), names.end());
  const Mapping mapping = Map(names);
  EXPECT_EQ(mapping.header.fault, CsvHeaderFault::kNone);
  for (int column = 0; column < 27; column++) {
    EXPECT_EQ(mapping.columns[static_cast<size_t>(26 - column)], column);
  }
}

TEST(CsvHeader, AnyCase) {
  using Change = int (*)(int);
  for (const Change change : {Change{std::toupper}, Change{std::tolower}}) {
    std::vector<std::string> names = AllNames();
    for (std::string &name : names) {
      std::transform(name.begin(), name.end(), name.begin(),
                     [change](unsigned char byte) { return static_cast<char>(change(byte)); });
    }
    EXPECT_EQ(Map(names).columns, Map(AllNames()).columns);
  }
}

TEST(CsvHeader, ThePortalsOtherSpellings) {
  EXPECT_EQ(Map({"Call State", "GWPrefix", "GWID", "ApplicationOs", "call STATE"}).columns,
            (std::vector<int>{ColumnOf("CallState"), ColumnOf("GwPrefix"), ColumnOf("GwID"),
                              ColumnOf("ApplicationOS"), ColumnOf("CallState")}));
}

TEST(CsvHeader, BlanksAroundAName) {
  EXPECT_EQ(Map({" CallID", "JoinTime\t ", "  Call State  "}).columns,
            (std::vector<int>{ColumnOf("CallID"), ColumnOf("JoinTime"), ColumnOf("CallState")}));
}

TEST(CsvHeader, UnknownNames) {
  const std::string with_nul("CallID\0", 7);
  const std::vector<std::string> unknown = {"",        "   ",         "Call ID", "CallI",
                                            "CallIDs", "Call  State", with_nul,  "C\xE1llID"};
  EXPECT_EQ(Map(unknown).columns, std::vector<int>(unknown.size(), kUnknownColumn));
  std::vector<std::string> names = kRequired;
  names.insert(names.end(), {"Rating", "", "Rating"});
  const Mapping mapping = Map(names);
  EXPECT_EQ(mapping.header.fault, CsvHeaderFault::kNone);
  EXPECT_EQ(std::count(mapping.columns.begin(), mapping.columns.end(), kUnknownColumn), 3);
}

TEST(CsvHeader, RequiredColumns) {
  EXPECT_EQ(Map(kRequired).header.fault, CsvHeaderFault::kNone);
  EXPECT_EQ(NamesOf(Map(kRequired).header.given), kRequired);
  for (const std::string &name : AllNames()) {
    std::vector<std::string> names = AllNames();
    names.erase(std::find(names.begin(), names.end(), name));
    const bool required = std::count(kRequired.begin(), kRequired.end(), name) > 0;
    const CsvHeader header = Map(names).header;
    EXPECT_EQ(header.fault, required ? CsvHeaderFault::kColumnMissing : CsvHeaderFault::kNone);
    EXPECT_EQ(NamesOf(header.missing),
              required ? std::vector<std::string>{name} : std::vector<std::string>{});
  }
}

TEST(CsvHeader, AllMissingColumnsAreTold) {
  const CsvHeader header = Map({"CallID", "Extension", "other"}).header;
  EXPECT_EQ(header.fault, CsvHeaderFault::kColumnMissing);
  EXPECT_EQ(NamesOf(header.missing),
            std::vector<std::string>(kRequired.begin() + 1, kRequired.end()));
}

TEST(CsvHeader, ColumnTwice) {
  for (const std::string &name : AllNames()) {
    std::vector<std::string> names = AllNames();
    names.push_back(name);
    const CsvHeader header = Map(names).header;
    EXPECT_EQ(header.fault, CsvHeaderFault::kColumnTwice);
    EXPECT_EQ(NamesOf(header.twice), std::vector<std::string>{name});
  }
  const CsvHeader header =
      Map({"gwid", "Call State", "GWID", "CallState", "CallID", "GwID"}).header;
  EXPECT_EQ(header.fault, CsvHeaderFault::kColumnTwice);
  EXPECT_EQ(NamesOf(header.twice), (std::vector<std::string>{"CallState", "GwID"}));
}

TEST(CsvHeader, NoHeader) {
  for (const std::vector<std::string> &names :
       {std::vector<std::string>{}, {""}, {"1", "1234567890123456", "room@tenant", "COMPLETED"}}) {
    const CsvHeader header = Map(names).header;
    EXPECT_EQ(header.fault, CsvHeaderFault::kNoHeader);
    EXPECT_EQ(header.given, 0);
    EXPECT_EQ(NamesOf(header.missing), kRequired);
  }
}

}  // namespace
}  // namespace vidyo_cdr
