// The keys of the look at everything before the night.
#include "automations/preflight.hpp"
#include "config/shape.hpp"

namespace lull::config {

using Is = Shape::Is;

const Shape& preflight_shape() {
  static const Shape before = duration_between(5 * 60'000, 6 * 3'600'000, "45min");
  static const Shape at{.is = Is::time, .title = "a time", .example = "20:30"};
  static const Shape shape{
      .is = Is::map,
      .title = "preflight",
      .doc =
          "Before the night Lull looks whether every sensor is alive and charged, every pad allowed and in reach, and "
          "broker, bridges, clock and disk are well. A phone hears of it only if something is wrong.",
      .keys = {{"enabled", &switch_shape(), "`false`: only when somebody asks for it.", false, "true"},
               {"before", &before,
                "So long before the first rule that plays something by the clock, of those between 17:00 and 02:00.",
                false, "30min"},
               {"at", &at, "When no rule does.", false, "\"21:00\""}},
      .definition = "preflight"};
  return shape;
}

}  // namespace lull::config
