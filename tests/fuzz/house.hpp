// A small house for what reads commands.
#pragma once

#include "automations/house.hpp"

namespace lull::fuzz {

inline const House& house() {
  static const House made = [] {
    House h;
    Device leg, foot;
    leg.id = "leg", leg.name = "Leg massage", leg.kind = Kind::massage_pad;
    foot.id = "foot", foot.name = "Foot warmer", foot.kind = Kind::heat_pad;
    h.devices = {leg, foot};
    h.routines.push_back({"wind-down", {}, {}, false});
    return h;
  }();
  return made;
}

}  // namespace lull::fuzz
