// Ana's home while it warms her, and with a second thermometer.
#pragma once

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {

inline constexpr DeviceId kProbe{6};

/// Ana's home with a thermometer of its own beside the one in the foot warmer.
inline House with_probe() {
  House house = ana();
  Device probe;
  probe.id = "probe", probe.name = "Probe", probe.kind = Kind::thermometer;
  house.devices.push_back(probe);
  house.devices[kWarmer.index].thermometer = kProbe;
  return house;
}
/// In bed, and the foot warmer warms for as long as a person can ask.
inline Home& warm(Home& home) {
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
  return home;
}

}  // namespace lull
