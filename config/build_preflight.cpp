// When a household wants everything to be looked at before the night.
#include "config/build.hpp"
#include "config/units.hpp"

namespace lull::config {

void build_preflight(Building& b) {
  const Place at = Place{&b.root, ""}["preflight"];
  PreflightSettings& p = b.house().preflight;
  p.on = boolean(at["enabled"]).value_or(p.on);
  if (const auto before = duration(at["before"])) p.before = duration_cast<minutes>(*before);
  if (const auto time = text(at["at"])) p.without_rule = time_from(*time).value_or(p.without_rule);
}

}  // namespace lull::config
