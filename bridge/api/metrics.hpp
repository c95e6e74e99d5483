// GET /metrics: how Lull and its devices are, in the words of Prometheus.
#pragma once

#include <string>

#include "automations/hub.hpp"
#include "bridge/home_assistant/states.hpp"

namespace lull {

struct MetricsOf {
  std::string version;
  std::size_t connections = 0, watching = 0;
  bool sleepers = false;  // whoever asks may also know how somebody sleeps
};
std::string metrics(const Hub& hub, const Seen& seen, const MetricsOf& of);

}  // namespace lull
