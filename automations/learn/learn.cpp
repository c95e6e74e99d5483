// What was heard becomes state. Nothing here acts: after this the hub only knows more.
#include "automations/learn/heard.hpp"

namespace lull {

void learn(Turn& t, const News& news) {
  std::visit(
      [&](const auto& n) {
        if constexpr (requires { n.device; })
          if (n.device.index >= t.hub.actuators.size()) return;  // no such device: a journal of another bedroom
        heard(t, n);
      },
      news);
}

}  // namespace lull
