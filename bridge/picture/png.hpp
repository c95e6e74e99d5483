// A picture as PNG, for notifications and places that show no SVG.
#pragma once

#include <string>

#include "automations/night/picture.hpp"
#include "devices/result.hpp"

namespace lull {

/// The bytes of an 8 bit RGB file without time stamps: the same picture gives the same bytes. Fails only when memory
/// is short or libpng objects.
Result<std::string> to_png(const Picture& picture);

}  // namespace lull
