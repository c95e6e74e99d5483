// What holds, or is counted, for one night only: a clock that is set does not end it.
#pragma once

#include <string>

#include "devices/units.hpp"

namespace lull {

/// Under the name that it has on the disk. Its night is the wall clock's; when that is over, the boot clock says.
struct ForTonight {
  std::string name, night;
  Instant since{};  // when it was said, or found on the disk
  Instant until{};  // the end of its night by the clock of then. Nothing: that clock was behind what is on the disk
  bool operator==(const ForTonight&) const = default;
};
/// Noon to noon when summer time ends. Nothing holds for longer, whatever night a wrong clock wrote beside it.
inline constexpr hours kLongestNight{25};

}  // namespace lull
