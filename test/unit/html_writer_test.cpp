// Escaped texts against a reference, for each byte and each character; names, numbers and tables as
// they stand in a page.
#include "core/html/writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "core/html/table.hpp"
#include "reference_html.hpp"

namespace vidyo_cdr {
namespace {

TEST(HtmlText, EachByteAlone) {
  for (int byte = 0; byte < 256; byte++) {
    const std::string text(1, static_cast<char>(byte));
    std::string expected = text;
    if (byte >= 0x7f || (byte < 0x20 && byte != '\t' && byte != '\n')) {
      expected = "\xef\xbf\xbd";
    }
    expected = byte == '&'    ? "&amp;"
               : byte == '<'  ? "&lt;"
               : byte == '>'  ? "&gt;"
               : byte == '"'  ? "&quot;"
               : byte == '\'' ? "&#39;"
                              : expected;
    EXPECT_EQ(WrittenText(text), expected) << "byte " << byte;
  }
}

TEST(HtmlText, EachByteAmongOthers) {
  for (const std::string neighbour : {"a", "<", "\xc3\xa4", "\xe4", "\xf0\x9f", "\xe2\x80"}) {
    for (int byte = 0; byte < 256; byte++) {
      const std::string text = neighbour + static_cast<char>(byte) + neighbour;
      EXPECT_EQ(FindHtmlFault(text, 2), "") << "byte " << byte << " in " << neighbour;
    }
  }
}

TEST(HtmlText, EachCharacter) {
  for (char32_t code = 0x80; code <= 0x10ffff; code++) {
    const std::string text = Utf8Of(code);
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    const std::string written = WrittenText(text);
    const std::string expected = is_surrogate             ? "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                 : ReferenceIsShown(code) ? text
                                                          : "\xef\xbf\xbd";
    ASSERT_EQ(written, expected) << "U+" << std::hex << static_cast<uint32_t>(code);
  }
}

TEST(HtmlText, WhatIsNoCharacterIsReplacedByteByByte) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(WrittenText("a\xe4z"), "a" + r + "z");
  EXPECT_EQ(WrittenText("\xc0\xbc"), r + r) << "an overlong <";
  EXPECT_EQ(WrittenText("\xe0\x80\xbc"), r + r + r);
  EXPECT_EQ(WrittenText("\xf0\x80\x80\xbc"), r + r + r + r);
  EXPECT_EQ(WrittenText("\xf4\x90\x80\x80"), r + r + r + r) << "above U+10FFFF";
  EXPECT_EQ(WrittenText(std::string_view("\xe2\x82\xac", 2)), r + r) << "cut off";
  EXPECT_EQ(WrittenText("\xe2\x82<"), r + r + "&lt;");
  EXPECT_EQ(WrittenText(std::string_view("a\0b", 3)), "a" + r + "b");
}

TEST(HtmlText, NothingEndsAnElementOrAnAttribute) {
  EXPECT_EQ(WrittenText("</title><script>alert('1' & \"2\")</script>"),
            "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
  EXPECT_EQ(WrittenText("&lt;"), "&amp;lt;");
}

TEST(HtmlText, NothingTurnsTheTextAroundIt) {
  EXPECT_EQ(WrittenText("user\u202Efdp.exe"), "user\uFFFDfdp.exe");
  EXPECT_EQ(WrittenText("\u2066a\u2069\u2029"), "\uFFFDa\uFFFD\uFFFD");
  EXPECT_EQ(WrittenText("\u0645\u0631\u062d\u0628\u0627 \u200f"),
            "\u0645\u0631\u062d\u0628\u0627 \u200f");
}

TEST(HtmlText, AgreesWithTheReference) {
  std::mt19937 random(7);
  const std::string pieces[] = {"a",    "M",    " ",        "<",      "&",      "'",
                                "\"",   ";",    "\xc3\xa4", "\u202e", "\u4f1a", "\xf0\x9f\x98\x80",
                                "\xe2", "\x80", "\xff",     "\n"};
  for (int run = 0; run < 20000; run++) {
    std::string text;
    for (auto size = random() % 12; size > 0; size--) {
      text += pieces[random() % std::size(pieces)];
    }
    ASSERT_EQ(FindHtmlFault(text, static_cast<double>(random() % 9)), "") << text;
  }
}

std::string WrittenName(std::string_view name, double ems) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  return std::string(html.Name(name, ems).View());
}

TEST(HtmlName, IsIsolatedAndShortened) {
  EXPECT_EQ(WrittenName("Ann", 10), "<bdi>Ann</bdi>");
  EXPECT_EQ(WrittenName("", 10), "<bdi></bdi>");
  EXPECT_EQ(WrittenName("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc", 3),
            "<bdi>\xc3\xa4\xc3\xb6\xe2\x80\xa6</bdi>");
  EXPECT_EQ(WrittenName("\u4f1a\u8b70\u5ba4", 3.4), "<bdi>\u4f1a\u8b70\u5ba4</bdi>");
  EXPECT_EQ(WrittenName("\u4f1a\u8b70\u5ba4", 3.2), "<bdi>\u4f1a\u8b70\u2026</bdi>");
  const std::string long_name = WrittenName(std::string(10000, '<'), 70);
  EXPECT_EQ(long_name.size(), 98 * 4 + 14U);
  EXPECT_EQ(Unescaped(std::string_view(long_name).substr(5, 98 * 4)), std::string(98, '<'));
}

std::string WrittenNumber(double value, int decimals) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  return std::string(html.Number(value, decimals).View());
}

TEST(HtmlNumber, AsAPersonWritesIt) {
  EXPECT_EQ(WrittenNumber(0, 0), "0");
  EXPECT_EQ(WrittenNumber(999, 0), "999");
  EXPECT_EQ(WrittenNumber(1000, 0), "1,000");
  EXPECT_EQ(WrittenNumber(1234567.25, 1), "1,234,567.3");
  EXPECT_EQ(WrittenNumber(999999.5, 0), "1,000,000");
  EXPECT_EQ(WrittenNumber(0.05, 2), "0.05");
  EXPECT_EQ(WrittenNumber(12, 2), "12.00");
  EXPECT_EQ(WrittenNumber(-1234.5, 1), "\u22121,234.5");
  EXPECT_EQ(WrittenNumber(-0.04, 1), "0.0");
  for (const double value : {1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    EXPECT_EQ(WrittenNumber(value, 2), "1,000,000,000,000,000.00");
  }
}

std::string WrittenShortNumber(double value) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  return std::string(html.ShortNumber(value).View());
}

TEST(HtmlNumber, ForLittleRoom) {
  const std::pair<double, const char *> cases[] = {
      {0, "0"},      {0.04, "0.0"},   {0.4, "0.4"},     {7, "7"},         {6.98, "7.0"},
      {9.94, "9.9"}, {9.96, "10"},    {37.4, "37"},     {999.4, "999"},   {999.5, "1.0k"},
      {1000, "1k"},  {1234, "1.2k"},  {250000, "250k"}, {999499, "999k"}, {999500, "1.0M"},
      {3e6, "3M"},   {2.5e9, "2.5B"}, {1.2e12, "1.2T"}};
  for (const auto &[value, text] : cases) {
    EXPECT_EQ(WrittenShortNumber(value), text) << value;
  }
}

TEST(HtmlNumber, ForMachines) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  html.Coordinate(0).Markup(" ").Coordinate(-3).Markup(" ").Coordinate(1234.56).Markup(" ");
  html.Coordinate(-0.04).Markup(" ").Coordinate(9.96);
  EXPECT_EQ(html.View(), "0 -3 1234.6 0 10");
}

TEST(HtmlTable, HasHeadersAndAlignsNumbers) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  const TableColumn columns[] = {{"Room", false}, {"Minutes <b>", true}};
  HtmlTable table("Rooms & calls", columns, &html);
  table.Name("<i>").Number(1234.5, 1).Text("Sum").Text("");
  table.Close();
  EXPECT_EQ(html.View(),
            "<table><caption>Rooms &amp; calls</caption>\n"
            "<thead><tr><th scope=\"col\">Room</th>"
            "<th scope=\"col\" class=\"number\">Minutes &lt;b&gt;</th></tr></thead>\n"
            "<tbody>\n"
            "<tr><th scope=\"row\"><bdi>&lt;i&gt;</bdi></th>"
            "<td class=\"number\">1,234.5</td></tr>\n"
            "<tr><th scope=\"row\">Sum</th><td class=\"number\"></td></tr>\n"
            "</tbody></table>\n");
}

TEST(HtmlWriter, TellsThatThereWasNoMemory) {
  for (size_t limit = 0; limit < 300; limit++) {
    TestMemory memory(limit);
    HtmlWriter html(memory.Get());
    for (int i = 0; i < 20; i++) {
      html.Markup("<p>").Text("a<b").Markup("</p>");
    }
    html.Markup("");
    EXPECT_EQ(html.IsComplete(), html.View().size() == 20 * 13U) << limit;
    EXPECT_LE(html.View().size(), limit);
  }
}

}  // namespace
}  // namespace vidyo_cdr
