// Any frames in the place of Home Assistant's: nothing crashes, nothing grows, the token is said once at most and only
// when asked for, and no tap that was not offered wishes for anything.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "bridge/home_assistant/websocket/phones.hpp"
#include "bridge/home_assistant/websocket/session.hpp"

namespace {
using namespace lull;

const House& house() {
  static const House made = [] {
    House h;
    Sleeper ana;
    ana.id = "ana", ana.name = "Ana";
    h.sleepers = {ana};
    return h;
  }();
  return made;
}

struct World {
  int tokens = 0, over = 0;
  bool offered = false;
  Instant now{1h};
  Phones phones{house(),
                {{SleeperId{0}, {"mobile_app_pixel"}, {Notify::Urgency::summary, Notify::Urgency::restless}, {}}},
                [] { return std::string("4f1e"); }};
  HaEntities entities{phones.entities()};
  HaSession session{{[this](const std::string& frame) {
                       if (frame.find("the-token") != std::string::npos) ++tokens;
                       return true;
                     },
                     [this] { up(); }, [this] { ends(""); }, [this](const std::string& why) { ends(why); }}};

  void ends(const std::string& why) {
    if (why.find("the-token") != std::string::npos || ++over > 1) std::abort();
  }
  void up() {
    session.subscribe(
        {{"type", "subscribe_entities"}}, now,
        [this](const Json& event) {
          entities.hear(event);
          for (const std::string& id : entities.wanted())
            if (const HaEntity* e = entities.find(id);
                e &&
                e->attributes.dump(-1, ' ', false, Json::error_handler_t::replace).size() > HaEntities::kMaxAttributes)
              std::abort();
        },
        nullptr);
    session.subscribe(
        {{"type", "subscribe_events"}}, now, [this](const Json& event) { tap(event); }, nullptr);
    phones.tell({Notify::Urgency::restless, SleeperId{0}, "restless"}, now, entities);
    send();
  }
  void tap(const Json& event) {
    const Json* data = event.is_object() ? member(event, "data") : nullptr;
    const auto tapped = data ? phones.hear(*data, now) : std::nullopt;
    if (!tapped || tapped->wishes.empty()) return;
    if (text_at(*data, "action").find("4f1e") == std::string::npos) std::abort();
    for (const Command& wish : tapped->wishes)
      if (std::holds_alternative<ask::Play>(wish) || std::holds_alternative<ask::Replay>(wish) ||
          std::holds_alternative<ask::SetDevice>(wish) || std::holds_alternative<ask::Release>(wish))
        std::abort();
  }
  void send() {
    for (Phones::Call& call : phones.due(now, entities, true))
      session.ask(std::move(call.command), now, [this, letter = call.letter](const HaSession::Answer& a) {
        phones.answered(letter, a.well, a.code, a.text, now, entities);
      });
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  World world;
  world.session.opened("the-token", world.now);
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    world.session.heard(rest.substr(0, end), world.now);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    world.now = world.now + 3s;
    world.session.tick(world.now);
    world.phones.tick(world.now);
    if (world.session.is_up()) world.send();
  }
  world.session.closed();
  if (world.tokens > 1) std::abort();
  return 0;
}
