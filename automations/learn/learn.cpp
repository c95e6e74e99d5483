// What was heard becomes state. Nothing here acts: after this the hub only knows more.
#include <type_traits>

#include "automations/learn/heard.hpp"

namespace lull {

template <class N>
constexpr bool is_its_own_word =
    std::is_same_v<N, ActuatorReported> || std::is_same_v<N, PowerReported> || std::is_same_v<N, TemperatureReported> ||
    std::is_same_v<N, MovementReported> || std::is_same_v<N, OccupancyReported> || std::is_same_v<N, ButtonPressed> ||
    std::is_same_v<N, BatteryReported> || std::is_same_v<N, HeartRateReported> || std::is_same_v<N, TimerReadBack> ||
    std::is_same_v<N, AlarmClockReported>;

void learn(Turn& t, const News& news) {
  // Every word of a device is a sign of life, except what others say about it.
  std::visit(
      [&](const auto& n) {
        if constexpr (requires { n.device; })
          if (n.device.index >= t.hub.actuators.size()) return;  // no such device: a journal of another bedroom
        heard(t, n);
        if constexpr (is_its_own_word<std::decay_t<decltype(n)>>) t.hub.vitals[n.device.index].hears(t.now);
      },
      news);
}

}  // namespace lull
