// Lull's whole face to MQTT and Home Assistant in one piece: give it the link's news, publish what it answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/home_assistant/announcer.hpp"
#include "bridge/home_assistant/commands.hpp"
#include "bridge/home_assistant/states.hpp"

namespace lull {

/// No clock and no socket. All messages are to be published in the order given.
class Face {
 public:
  /// What was kept of the last run (keep()), "" at the first.
  struct Kept {
    std::string announcer, topics;
    bool operator==(const Kept&) const = default;
  };
  /// `look` is asked for the present view whenever states are needed; it lives as long as the face. `house` too.
  Face(const House& house, HomeAssistant settings, const Kept& kept, std::uint32_t seed, std::function<Seen()> look,
       Instant now);

  Publish will() const { return announcer_.will(); }
  /// The last words of a clean end: offline, or nothing at all after remove_all.
  Publish farewell() const;
  std::vector<std::string> subscriptions() const;

  std::vector<Publish> link_up(Instant now);
  void link_down();

  struct Heard {
    std::vector<Publish> publish;  // a retained command is cleared
    std::optional<Wish> wish;      // for the core
    std::optional<Error> problem;  // for the log, once a topic
    bool ours = false;             // false: this topic is not the face's business
  };
  Heard hear(std::string_view topic, std::string_view payload, bool retained, Instant now);

  /// Something in the house changed: the states that are news.
  std::vector<Publish> show();
  /// The same in parts: fifty devices take milliseconds, and meanwhile there may come a STOP. Takes the view as it is
  /// now; show_more() then says what of one part is news, until is_showing() is false. Nothing while the link is down.
  const View& begin_show();
  std::vector<Publish> show_more();
  bool is_showing() const { return showing_.has_value(); }
  std::vector<Publish> tick(Instant now);
  std::optional<Instant> due() const;

  /// Devices that the user deleted in Home Assistant are announced again.
  std::vector<Publish> welcome_back(Instant now);
  /// `lull ha --forget`: takes everything back. Go on ticking until due() is empty, then end with farewell().
  std::vector<Publish> remove_all(Instant now);

  Kept keep() const { return {announcer_.keep(), difference_.keep()}; }
  const Announcer& announcer() const { return announcer_; }

 private:
  std::vector<Publish> carry_out(Announcement what);
  std::vector<Publish> present();

  const House& house_;
  HomeAssistant settings_;
  std::function<Seen()> look_;
  Announcer announcer_;
  Difference difference_;
  Seen seen_;                           // what is being shown
  std::optional<std::size_t> showing_;  // its next part
  bool up_ = false, removing_ = false;
  bool unswept_ = true;  // topics of what is no more may still lie in the broker
};

}  // namespace lull
