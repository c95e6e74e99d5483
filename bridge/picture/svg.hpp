// A picture as SVG: scalable, with tooltips and words for readers who cannot see it. Needs no font but the system's.
#pragma once

#include <string>

#include "automations/night/picture.hpp"

namespace lull {

/// Well-formed XML in UTF-8, without scripts, styles or anything fetched from elsewhere.
std::string to_svg(const Picture& picture);

}  // namespace lull
