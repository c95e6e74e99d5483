// Walks a file along the table of keys and names everything that is not as the table says.
#pragma once

#include <string>
#include <vector>

#include "config/problem.hpp"
#include "config/shape.hpp"
#include "config/yaml.hpp"

namespace lull::config {

/// Where problems are collected, at most kMaxProblems of them.
struct Report {
  std::string file;
  std::vector<Problem> problems{};
  std::vector<Problem> hints{};

  void problem(const Node& at, const std::string& path, std::string what);
  void hint(const Node& at, const std::string& path, std::string what);
};

/// The structure only: keys, kinds, units, ranges. Whether a name exists is for those who build the house.
void check(const Node& node, const Shape& shape, const std::string& path, Report& report);

/// "/devices/2" and "at" make "/devices/2/at", escaped as a JSON pointer is.
std::string under(const std::string& path, std::string_view key);
std::string under(const std::string& path, std::size_t index);
/// What would be right here, in words: "a duration, for example 30min".
std::string wanted(const Shape& shape);
/// The range of a quantity, as the household would write it: "1min to 30min".
std::string range_text(const Shape& shape);
/// The part of a shape that is meant for a value of this YAML kind, or null.
const Shape* part_for(const Shape& shape, Node::Is is);

}  // namespace lull::config
