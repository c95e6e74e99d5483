// The service's roads: what it hears on two sessions and says on two, and three ways to a phone.
#include "bridge/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

#include "bridge/topics.hpp"
#include "devices/dialects/payload.hpp"

namespace lull {

/// Two sessions bring what is guarded: each message is heard once (mqtt/ears.hpp).
bool Service::counts(Ear ear, std::string_view topic, std::string_view payload, bool retained) {
  const std::string* lane = guarded_.lane(topic);
  if (!lane) return ear == Ear::main;
  return ears_.counts(ear, *lane, topic, payload, retained, Clock{}.now(),
                      [&] { return guarded_.stops(topic, payload); });
}

void Service::guard_heard(std::string_view topic, std::string_view payload, bool retained) {
  look_for_stall();
  // A wish that lay on the broker is none; the main session, which can take it off again, hears it too.
  if (retained && topic.starts_with(Topics(install_).base())) return;
  if (counts(Ear::guard, topic, payload, retained)) heard(topic, payload, retained, milliseconds{0});
}

void Service::say(const SafeCommand& command) {
  const std::vector<Outgoing> words = router_.say(command, clock_.now());
  if (router_.road(command.device()) == Router::Road::home_assistant)
    return call_home_assistant(command.device(), words, command.off());
  if (!command.off()) {
    // The OFF before it is over. Its copy would come after this, or its echo be taken for a hand. Only this device's:
    // another may be told on the same topic.
    std::erase_if(copies_, [&](const Copy& copy) { return copy.of == command.device(); });
    return send(words, 1, kOnExpires);
  }
  say_off(command.device(), words, guards_[command.device().index].get());
}

/// OFF leaves on both roads: one session may lose or delay it (docs/SAFETY.md, "Two ways out"). By a guard now, and
/// acknowledged there: by the listener, which gathers all of a step into one packet, for each packet wakes the broker
/// and may cost us the processor; a heater's by its own guard when that one is not up. By the main session kCopyAfter
/// later, and unacknowledged: with twenty of a STOP's under way it would pause for a second. At once and acknowledged
/// where no guard is up, for then it is the only one.
void Service::say_off(DeviceId device, const std::vector<Outgoing>& words, Guard* own) {
  for (const Outgoing& w : words) {
    if (listener_->publish(w) || (own && own->publish(w)))
      copies_.push_back({device, {w.topic, w.payload, 0, false, 0}});
    else
      link_->publish({w.topic, w.payload, 1, false, 0});
  }
}

void Service::say_copies() {
  for (Copy& copy : std::exchange(copies_, {})) link_->publish(std::move(copy.words));
}

/// Later, for broker, devices and our own threads have enough to do with the first, and there may be one processor for
/// all of them. An earlier step's copies do not wait for a later one's.
void Service::say_copies_soon() {
  if (copies_.empty() || copies_wait_) return;
  copies_wait_ = true;
  copy_.expires_after(kCopyAfter);
  copy_.async_wait([this](const boost::system::error_code& e) {
    if (e) return;
    copies_wait_ = false;
    say_copies();
  });
}

/// Before the main session is up: every pad, motor and plug hears OFF as soon as any session stands.
void Service::say_off_by_guards() {
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (rests_off(house_->devices[i]) && !guards_[i] && router_.road(DeviceId{i}) == Router::Road::mqtt)
      for (const Outgoing& w : router_.off(DeviceId{i})) listener_->publish(w);
}

/// Now or not at all: without a connection it is out of reach, and what is told it when it is back is OFF first.
void Service::call_home_assistant(DeviceId device, const std::vector<Outgoing>& words, bool off) {
  if (!phones_) return;
  for (const Outgoing& w : words)
    phones_->call(w, house_->devices[device.index].at, off, [this, device](const std::string& why) {
      tell(DeviceComplained{device, "Home Assistant says: " + clipped(why, 160)});
    });
}

// ---- three roads to a phone: the broker, for automations; Home Assistant's WebSocket, for the phones that we know;
// ntfy, without any Home Assistant ----

void Service::tell_phones(const Notify& what) {
  publish({message_event(*house_, what, install_)});
  if (what.only == Notify::Road::broker) return;
  if (phones_) phones_->notify(what);
  if (ntfy_) ntfy_->notify(what, shown_.picture);
}

void Service::open_ntfy() {
  if (!options_.ntfy) return;
  ntfy_ =
      std::make_unique<NtfyClient>(io_, *house_, settings_.ntfy, *options_.ntfy,
                                   NtfyClient::Handlers{[](const std::string& news) { spdlog::info("ntfy: {}", news); },
                                                        [](const std::string& what) { spdlog::warn("ntfy: {}", what); },
                                                        [this] {
                                                          shown_.ntfy = ntfy_->status();
                                                          show();
                                                        }});
  shown_.ntfy = ntfy_->status();
}

void Service::open_websocket() {
  if (!options_.home_assistant) return;
  phones_ = std::make_unique<HaClient>(
      io_, *options_.home_assistant, *house_, settings_.home_assistant.phones, router_.topics().entities,
      HaClient::Handlers{[this](Command wish) { ask(Door::phone, std::move(wish)); },
                         [this] {
                           shown_.home_assistant = phones_->status();
                           show();
                         },
                         [](const std::string& news) { spdlog::info("home assistant: {}", news); },
                         [](const std::string& what) { spdlog::warn("home assistant: {}", what); },
                         [this](const EntityTold& told) { heard_from_home_assistant(told); }});
  shown_.home_assistant = phones_->status();
}

}  // namespace lull
