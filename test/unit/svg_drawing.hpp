// Reads the drawings that charts are, as far as tests look into them: texts with the room that they
// take, corners of shapes, ids and classes. What is not well-formed fails the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/html/text_width.hpp"
#include "reference_html.hpp"

namespace vidyo_cdr {

class SvgDrawing {
 public:
  explicit SvgDrawing(const std::string &svg) {
    size_t place = 0;
    while (place < svg.size()) {
      const bool is_tag = svg[place] == '<';
      const size_t end =
          is_tag ? svg.find('>', place) + 1 : std::min(svg.find('<', place), svg.size());
      if (end == 0) {
        ADD_FAILURE() << "a tag without end";
        return;
      }
      const std::string piece = svg.substr(place, end - place);
      if (is_tag) {
        TakeTag(piece.substr(1, piece.size() - 2));
      } else {
        TakeText(piece);
      }
      place = end;
    }
    EXPECT_TRUE(open_.empty()) << "not closed: " << open_.back().name;
  }

  struct Text {
    double left;
    double right;
    double y;
    std::string text;
  };
  std::vector<Text> texts;
  std::vector<std::pair<double, double>> corners;
  std::set<std::string> ids;
  std::set<std::string> classes;
  double width = 0;
  double height = 0;

 private:
  using Attributes = std::map<std::string, std::string>;

  struct Element {
    std::string name;
    std::string anchor;  // of the texts in it
    double x;
    double y;
  };

  // Reads: name attribute="value" ... as they stand in a tag.
  static Attributes AttributesOf(const std::string &tag) {
    Attributes attributes;
    size_t place = tag.find(' ');
    while (place != std::string::npos) {
      const size_t equals = tag.find("=\"", place);
      const size_t end = equals == std::string::npos ? equals : tag.find('"', equals + 2);
      if (end == std::string::npos) {
        ADD_FAILURE() << "attributes of " << tag;
        break;
      }
      const std::string name = tag.substr(place + 1, equals - place - 1);
      EXPECT_TRUE(attributes.emplace(name, tag.substr(equals + 2, end - equals - 2)).second) << tag;
      EXPECT_TRUE(end + 1 == tag.size() || tag[end + 1] == ' ') << tag;
      place = end + 1 == tag.size() ? std::string::npos : end + 1;
    }
    return attributes;
  }

  void TakeTag(std::string tag) {
    EXPECT_EQ(tag.find('<'), std::string::npos) << tag;
    if (tag[0] == '/') {
      EXPECT_TRUE(!open_.empty() && open_.back().name == tag.substr(1)) << tag;
      open_.pop_back();
      return;
    }
    const bool is_empty = tag.back() == '/';
    if (is_empty) {
      tag.pop_back();
    }
    const std::string name = tag.substr(0, tag.find(' '));
    Attributes attributes = AttributesOf(tag);
    TakeElement(name, attributes);
    if (!is_empty) {
      const std::string outer = open_.empty() ? "start" : open_.back().anchor;
      open_.push_back({name,
                       attributes.count("text-anchor") > 0 ? attributes["text-anchor"] : outer,
                       std::atof(attributes["x"].c_str()), std::atof(attributes["y"].c_str())});
    }
  }

  void TakeElement(const std::string &name, Attributes attributes) {
    EXPECT_EQ(attributes.count("style"), 0U);
    if (name == "svg") {
      EXPECT_EQ(std::sscanf(attributes["viewBox"].c_str(), "0 0 %lf %lf", &width, &height), 2);
      EXPECT_EQ(attributes["role"], "img");
    }
    if (attributes.count("id") > 0) {
      EXPECT_TRUE(ids.insert(attributes["id"]).second) << attributes["id"];
    }
    std::istringstream names(attributes["class"]);
    for (std::string one; names >> one;) {
      classes.insert(one);
    }
    if (open_.empty() || open_.back().name != "pattern") {
      TakeShape(name, attributes);
    }
  }

  void TakeShape(const std::string &name, Attributes attributes) {
    const auto number = [&](const char *attribute) {
      return std::atof(attributes[attribute].c_str());
    };
    if (name == "path") {
      TakePath(attributes["d"]);
    } else if (name == "rect") {
      corners.push_back({number("x"), number("y")});
      corners.push_back({number("x") + number("width"), number("y") + number("height")});
    } else if (name == "circle") {
      corners.push_back({number("cx") - number("r"), number("cy") - number("r")});
      corners.push_back({number("cx") + number("r"), number("cy") + number("r")});
    }
  }

  // Adds the points of a path, whose commands are M, L, H, V, h, v, z and Z.
  void TakePath(const std::string &path) {
    std::istringstream in(path);
    double x = 0;
    double y = 0;
    for (char command = 0; in >> command;) {
      if (command == 'M' || command == 'L') {
        in >> x >> y;
      } else if (command == 'H') {
        in >> x;
      } else if (command == 'V') {
        in >> y;
      } else if (command == 'h' || command == 'v') {
        double length = 0;
        in >> length;
        (command == 'h' ? x : y) += length;
      } else {
        EXPECT_TRUE(command == 'z' || command == 'Z') << path;
      }
      EXPECT_FALSE(in.fail()) << path;
      corners.push_back({x, y});
    }
  }

  void TakeText(const std::string &html) {
    if (open_.empty() || open_.back().name != "text") {
      return;
    }
    constexpr double kFontSize = 11;  // the smallest
    const Element &element = open_.back();
    const std::string text = Unescaped(html);
    const double size = TextEms(text) * kFontSize;
    const double share = element.anchor == "start" ? 0 : element.anchor == "middle" ? 0.5 : 1;
    const double left = element.x - share * size;
    texts.push_back({left, left + size, element.y, text});
  }

  std::vector<Element> open_;
};

}  // namespace vidyo_cdr
