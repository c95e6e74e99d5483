// The gate that an actuator passes before it may heat or shake anybody: what it has, judged as findings.
#pragma once

#include <string>
#include <vector>

#include "devices/event.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

/// What makes it this device and no other: address, model, firmware, timer, and the mapping where there is one.
/// "zigbee2mqtt 0xa4c1380000000102 E22xx 1.0.2 on_time". A set-up test holds for one of these.
std::string fingerprint(const Device& device, const DeviceIdentified& identity, Timer timer);

/// Everything that speaks against it now, the refusals first: what its bridge told, and what follows from its timer,
/// from what it does after a power cut and from its set-up test.
std::vector<Finding> findings_of(const Standing& is);
/// Whether none of them refuses: the quick look, many times a second.
bool passes_gate(const Standing& is);

/// The groups that this address is in, as findings.
std::vector<Finding> found_in_groups(const std::string& address, const std::vector<GroupMember>& members);

}  // namespace lull
