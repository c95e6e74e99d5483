// The only file that knows an absolute path, so that a compiler cache can share all the others between checkouts.
#include "tests/source.hpp"

namespace lull {

std::string in_source(std::string_view path) { return std::string(LULL_SOURCE) + "/" + std::string(path); }

}  // namespace lull
