// Where the project's own files lie, for tests that read them.
#pragma once

#include <string>
#include <string_view>

namespace lull {

/// The path of a file of the project, named from its top: "config/examples/bedroom.yaml".
std::string in_source(std::string_view path);

}  // namespace lull
