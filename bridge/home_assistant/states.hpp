// What Lull is at this moment, as retained MQTT messages. Pure: the same view gives the same messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "automations/night/report.hpp"
#include "automations/view.hpp"
#include "bridge/home_assistant/websocket/status.hpp"
#include "bridge/mqtt/message.hpp"
#include "bridge/ntfy/status.hpp"

namespace lull {

/// One sleeper's last night, as far as Home Assistant shows it. A figure that is not known is left out.
struct LastNight {
  SleeperId sleeper;
  std::string night;                         // "2026-11-20"
  std::optional<double> restless_minutes{};  // estimated
  std::optional<double> in_bed_minutes{}, movements_per_hour{}, coverage_percent{};
  std::optional<int> episodes{}, replays{};
  std::optional<int> sessions{}, compared{};  // that may have moved them; with movement before and after
  std::optional<double> before_per_hour{}, after_per_hour{};  // over those
};
/// The figures of a finished night.
std::vector<LastNight> nights_of(const NightReport& report);
/// What is shown beside the view: the shell keeps it.
struct Shown {
  std::optional<Decision> decision{};            // the last one
  std::vector<LastNight> nights{};               // at most one a sleeper
  std::shared_ptr<const std::string> picture{};  // PNG of the last night
  std::optional<HaStatus> home_assistant{};      // its WebSocket; nothing: not used
  std::optional<NtfyStatus> ntfy{};              // nothing: not used
};
/// All that a face needs to look at.
struct Seen {
  View view;
  Shown shown;
};

/// Every state topic of this house. The status (online/offline) is not among them: the announcer says it, last.
std::vector<Publish> states(const House& house, const View& view, const Shown& shown, std::string_view install,
                            std::string_view version);
/// The same in parts, a device or a sleeper each, for who must not stand still for all of them: one after the other
/// they are states().
std::size_t parts_of(const View& view);
std::vector<Publish> states_part(const House& house, const View& view, const Shown& shown, std::string_view install,
                                 std::string_view version, std::size_t part);

/// All massage pads as one: one that runs makes it on, one that is unknown makes it unknown.
struct AllMassage {
  std::optional<bool> on{};
  std::optional<Percent> level{};  // of the strongest that runs
  std::string_view program{};
};
AllMassage all_massage(const House& house, const View& view);
/// Whether a heater is faulty, or was too hot.
bool heat_problem(const House& house, const View& view);

/// What happened to heat between two views, for automations: over_temp, over_time, link_lost, off_unconfirmed, fault.
/// Never retained, and forgotten by the broker after a minute: old news must not wake anybody.
std::vector<Publish> heat_events(const House& house, const View& before, const View& after, std::string_view install);
/// Lull's words for a person, as an event that an automation can pass on to a phone.
Publish message_event(const House& house, const Notify& notify, std::string_view install);

/// A step of a set-up test, for whoever watches it: on event/test, never retained.
Publish trial_event(const House& house, const TrialTold& told, std::string_view install);

/// Publishes only what is news. Remembers a hash a topic, not the words.
class Difference {
 public:
  Difference() = default;
  /// `kept`: topics of an earlier run, one a line.
  explicit Difference(std::string_view kept);
  /// The messages whose topic or payload is new.
  std::vector<Publish> news(std::vector<Publish> all);
  /// The broker may have forgotten: everything is news again.
  void forget();
  /// Empty retained messages for all that was ever said and is not among `alive`; they are then forgotten. Not before
  /// their entities are removed: Home Assistant complains about empty attributes, and an empty picture is an error.
  std::vector<Publish> sweep(const std::vector<Publish>& alive);
  std::string keep() const;

 private:
  std::map<std::string, std::uint64_t, std::less<>> said_;  // at most what states() makes; 0 = an earlier run's
};

}  // namespace lull
