// What the tests of the configuration share: files of the project, a good household, and edits of it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "config/load.hpp"
#include "tests/source.hpp"

namespace lull {

inline std::string project_file(const std::string& name) {
  std::ifstream in(in_source(name), std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file that is made by the program and kept in the project. With LULL_UPDATE set it is written anew.
inline void expect_kept(const std::string& name, const std::string& made) {
  if (std::getenv("LULL_UPDATE")) {
    std::ofstream(in_source(name), std::ios::binary) << made;
    return;
  }
  EXPECT_EQ(project_file(name), made) << name << " is not what the program makes; run the tests with LULL_UPDATE=1";
}

inline std::string all_of(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

/// The example of the manual with one piece replaced.
inline std::string bedroom_with(const std::string& piece, const std::string& instead) {
  std::string text = project_file("config/examples/bedroom.yaml");
  const std::size_t at = text.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return at == std::string::npos ? text : text.replace(at, piece.size(), instead);
}

}  // namespace lull
