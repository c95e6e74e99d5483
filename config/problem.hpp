// One thing in a configuration that a person can put right: where it is, what is wrong, what would be right.
#pragma once

#include <string>

namespace lull {

/// `line` and `column` count from 1; 0 means the file as a whole. `path` is a JSON pointer, "/devices/2/at".
struct Problem {
  std::string file;
  int line = 0, column = 0;
  std::string path;
  std::string what;  // "is 55, must be 25 to 41 °C"
  bool operator==(const Problem&) const = default;
};
/// "bedroom.yaml:12:5: /devices/2/at is missing, ..."
std::string to_text(const Problem& problem);

}  // namespace lull
