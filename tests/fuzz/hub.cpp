// Any bytes on any topic that a real household listens to, through the router into the core: nothing crashes, nothing
// grows, and no heat begins, for nobody holds a last will and nobody asked.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "automations/hub.hpp"
#include "automations/view.hpp"
#include "bridge/demo/home.hpp"
#include "bridge/mqtt/retained.hpp"
#include "bridge/router.hpp"
#include "config/load.hpp"

namespace {
using namespace lull;

std::shared_ptr<const House> household() {
  Loaded loaded = load_text(demo::kHome, "fuzz");
  if (!loaded.settings) std::abort();
  return std::make_shared<const House>(std::move(loaded.settings->house));
}

/// Every topic that Lull subscribes to, in an order that does not change.
std::vector<std::string> all_topics(const Router& router, const House& house) {
  std::vector<std::string> all(router.topics().bridges.begin(), router.topics().bridges.end());
  all.insert(all.end(), router.topics().devices.begin(), router.topics().devices.end());
  for (std::uint16_t i = 0; i < house.devices.size(); ++i) {
    const auto commands = router.command_topics(DeviceId{i});
    all.insert(all.end(), commands.begin(), commands.end());
  }
  return all;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const House> kHouse = household();
  Router router(*kHouse);
  RetainedCommands retained;
  static const std::vector<std::string> kTopics = all_topics(router, *kHouse);
  for (std::uint16_t i = 0; i < kHouse->devices.size(); ++i)
    retained.watch(DeviceId{i}, router.command_topics(DeviceId{i}));
  Hub hub = begin(kHouse);
  Instant now{1h};
  const auto tell = [&](News news) {
    auto [next, effects] = step(std::move(hub), {now, std::move(news)});
    hub = std::move(next);
    for (const Effect& effect : effects)
      if (const auto* c = std::get_if<SafeCommand>(&effect);
          c && !c->off() && kHouse->devices[c->device().index].kind == Kind::heat_pad)
        std::abort();
    if (effects.size() > 64 * kHouse->devices.size()) std::abort();
  };
  tell(ClockSet{milliseconds{1'795'298'400'000}});
  tell(Started{});
  tell(LinkChanged{true});
  // Each message begins with its topic, the time until it comes and its length; one of 255 takes all the rest.
  while (size >= 3) {
    const std::string& topic = kTopics[data[0] % kTopics.size()];
    const bool kept = (data[1] & 0x80) != 0;
    now = now + milliseconds{(data[1] & 0x7f) * 250};
    std::size_t length = data[2];
    data += 3, size -= 3;
    if (length == 255 || length > size) length = size;
    const std::string_view payload(reinterpret_cast<const char*>(data), length);
    data += length, size -= length;
    tell(Tick{});
    if (const auto found = retained.look(topic, payload, kept)) {
      if (!found->clear.payload.empty() || !found->clear.retain) std::abort();
      tell(RetainedCommandFound{found->device, found->topic});
    }
    if (retained.is_command(topic)) continue;
    Heard heard = router.hear({topic, payload, kept});
    if (heard.news.size() > 64 * kHouse->devices.size()) std::abort();
    for (News& news : heard.news) tell(std::move(news));
  }
  now = now + 1s;
  tell(Tick{});
  const View seen = view(hub, now);
  if (seen.devices.size() != kHouse->devices.size()) std::abort();
  return 0;
}
