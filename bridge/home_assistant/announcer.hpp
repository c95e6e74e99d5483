// When Lull says to Home Assistant what. A state machine without clock or socket: time arrives as an argument.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/home_assistant/discovery.hpp"
#include "bridge/mqtt/message.hpp"
#include "devices/units.hpp"

namespace lull {

/// What to do now, in this order, and when to come back.
struct Announcement {
  std::vector<Publish> first;  // discovery messages
  bool all_states = false;     // then every state, also the unchanged ones
  std::vector<Publish> after;  // then this: `online`
};

/// Keeps what was ever announced, because only a publisher who remembers can take something back:
///  - on every connection: configs, states, `online`; again 1 to 5 s after a birth of Home Assistant;
///  - what is no more is announced once again and then removed, now and after the next birth, and then forgotten;
///  - what the user deleted in Home Assistant stays deleted until `welcome_back`;
///  - two different messages for one device are at least a second apart.
class Announcer {
 public:
  static constexpr milliseconds kApart = 1s;         // between different configs of one device
  static constexpr milliseconds kBirthsApart = 10s;  // a birth sooner after another is ignored
  static constexpr std::size_t kMostDevices = 512;   // remembered, those to be removed included

  /// `kept`: what keep() gave in an earlier run, "" at the very first; a broken text is like "". `seed`: for the delay.
  Announcer(HomeAssistant settings, std::string_view kept, std::uint32_t seed);

  /// What should be there. Before the first link_up, or later when it changed.
  Announcement want(std::vector<DeviceConfig> devices, Instant now);
  Announcement link_up(Instant now);
  void link_down();
  /// Anything on subscriptions(). Messages that mean nothing here do nothing.
  void hear(std::string_view topic, std::string_view payload, bool retained, Instant now);
  /// To be called at due(), or more often.
  Announcement tick(Instant now);
  std::optional<Instant> due() const;

  /// Devices that the user deleted come back.
  Announcement welcome_back(Instant now);
  /// Everything is to be removed: `want` nothing, and it is so.
  Announcement remove_all(Instant now) { return want({}, now); }

  Publish will() const;  // offline, retained: also what to say (and await) before a clean end
  std::vector<std::string> subscriptions() const;
  /// Everything to be remembered, JSON in one line. Keep it whenever it changed, before what is announced leaves.
  std::string keep() const;
  std::vector<std::string> deleted() const;  // identifiers of what the user deleted

 private:
  struct Entry {
    std::vector<Component> ever{};  // announced at some time and not surely removed
    std::optional<DeviceConfig> wanted{};
    bool deleted = false;  // by the user
    // not kept:
    std::deque<std::string> steps{};  // payloads still to be said, in order; at most 3
    std::optional<Instant> said_at{};
    std::string said{};
    bool answers_birth = false;  // the steps answer a birth: when they are said, ghosts are surely gone
  };
  void plan(const std::string& id, Entry& entry, bool after_birth);
  void plan_all(bool after_birth);
  std::vector<Publish> say_due(Instant now);
  void settle(Entry& entry);
  std::vector<std::string> order() const;
  Publish config(const std::string& id, std::string payload) const;

  HomeAssistant settings_;
  std::mt19937 dice_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::string> wanted_order_;
  bool up_ = false;
  std::optional<Instant> birth_at_{}, answer_at_{};
};

}  // namespace lull
