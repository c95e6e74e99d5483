// Lull's own topic tree on the broker, readable in any MQTT explorer (docs/HOME_ASSISTANT.md, "The topics").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "automations/house.hpp"

namespace lull {

/// A name as one level of a topic and as a part of Home Assistant's ids: [a-zA-Z0-9_-]+ is kept as it is; anything
/// else becomes '_' and a short hash keeps it apart from its likes. Depends on nothing but the name.
std::string path_word(std::string_view name);

/// All topics of one install. What Lull says is retained; what it is told ends in /set (or is `command`) and never is.
///   lull/<install>/status              online | offline (the will)
///   lull/<install>/asking              "?" when all was quiet: does the broker still answer? (never retained)
///   lull/<install>/command             one JSON command, or one plain word such as "stop"
///   lull/<install>/hub/<what>          the whole of Lull          .../set
///   lull/<install>/device/<id>/<what>  one device                 .../set
///   lull/<install>/massage/<what>      every massage at once      .../set
///   lull/<install>/routine/<name>/on   one routine                .../set
///   lull/<install>/routine/<name>/allowed, tonight   whether rules may begin it   .../set
///   lull/<install>/rule/<name>/on, tonight           one rule, allowed or not     .../set
///   lull/<install>/sleeper/<id>/<what> one sleeper
///   lull/<install>/night/<what>        last night: picture
///   lull/<install>/event/<what>        what just happened: heat, message (never retained)
class Topics {
 public:
  explicit Topics(std::string_view install);

  const std::string& base() const { return base_; }
  std::string status() const { return base_ + "/status"; }
  std::string asking() const { return base_ + "/asking"; }
  std::string command() const { return base_ + "/command"; }
  std::string plays() const { return base_ + "/plays"; }
  std::string picture() const { return base_ + "/night/picture"; }
  std::string hub(std::string_view what) const;
  std::string massage(std::string_view what) const;
  std::string device(const Device& device, std::string_view what) const;
  std::string sleeper(const Sleeper& sleeper, std::string_view what) const;
  std::string routine(std::string_view name, std::string_view what) const;
  std::string rule(std::string_view name, std::string_view what) const;
  std::string event(std::string_view what) const;

  /// Where the wish for the state on `topic` is heard.
  static std::string set(std::string topic) { return std::move(topic) + "/set"; }
  /// Everything people may send to, as few subscriptions.
  std::vector<std::string> command_filters() const;

 private:
  std::string base_;
};

}  // namespace lull
