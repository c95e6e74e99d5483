// What is heard by two sessions, the guard's and the main one: all that people say to Lull, for it may be a STOP, and
// what heaters and their thermometers say of themselves, for safety depends on it. By exact topics, so that no flood of
// others comes along.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "automations/house.hpp"
#include "bridge/home_assistant/settings.hpp"
#include "bridge/router.hpp"

namespace lull {

class Guarded {
 public:
  Guarded(const House& house, const Router& router, const HomeAssistant& settings);

  /// To subscribe to, in this order.
  const std::vector<std::string>& topics() const { return topics_; }
  /// The lane in which this topic's messages keep their order (mqtt/ears.hpp); null: it is not guarded. What people say
  /// is one lane, presses of a button included, so that no "play" comes after the STOP that followed it.
  const std::string* lane(std::string_view topic) const;
  /// Whether this can only make things stop: STOP, OFF for a pad, the end of a routine, a long press.
  bool stops(std::string_view topic, std::string_view payload) const;

 private:
  void add(const std::string& topic, std::string_view lane);

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  const House& house_;
  const Router& router_;
  std::string install_;
  std::vector<std::string> topics_;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> lanes_;
};

}  // namespace lull
