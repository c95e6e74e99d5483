// What loads well and will still be refused or cut at run time: said when the file is checked, not at two in the
// morning.
#include <algorithm>

#include "automations/night_replay.hpp"
#include "config/build.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

void hint_at_limits(Building& b, const Place& where, const Routine& routine, const Track& track) {
  const Device& device = b.house().devices[track.device.index];
  const Limits& limits = b.house().limits_of(device);
  const std::string name = in_quotes(device.name);
  if (track.kind == TrackKind::massage) {
    if (!limits.massage_allowed)
      b.hint(where, "massages with " + name + ", which will be refused: a flag or a limit locks massage");
    else if (track.to > limits.massage_level)
      b.hint(where, "massages with " + name + " at " + std::to_string(track.to.whole()) +
                        "%, which will be lowered to the limit of " + std::to_string(limits.massage_level.whole()) +
                        "%");
  }
  if (track.kind == TrackKind::heat) {
    if (!limits.heat_allowed)
      b.hint(where, "heats with " + name + ", which will be refused: a limit locks heat");
    else if (!measures_surface(device))
      b.hint(where, "heats with " + name +
                        ", which has no thermometer at its surface: it will be on only while the bed is empty, and " +
                        text_of(std::min(limits.heat_session, limits.heat_unmeasured)) + " at most");
    else if (limits.heat_only_preheat)
      b.hint(where, "heats with " + name + ", and a flag allows that only while the bed is empty");
  }
  milliseconds together{};
  for (const Track& other : routine.tracks)
    if (other.device == track.device && other.kind == track.kind) together += other.length;
  const milliseconds most = track.kind == TrackKind::massage ? limits.massage_session
                            : measures_surface(device)       ? limits.heat_session
                                                             : std::min(limits.heat_session, limits.heat_unmeasured);
  if ((track.kind == TrackKind::massage || track.kind == TrackKind::heat) && together > most)
    b.hint(where, "plays " + name + " for " + text_of(together) + ", which will be cut at the session's limit of " +
                      text_of(most));
}

/// A rule on restlessness moves somebody asleep; what it asks beyond those bounds will be cut.
void hint_at_replay(Building& b, const Place& at, const Rule& rule) {
  const Limits& limits = b.house().limits;
  if (rule.limits.per_night && *rule.limits.per_night > limits.replays_a_night)
    b.hint(at["limits"]["per_night"], "is " + std::to_string(*rule.limits.per_night) + ", but a sleeper gets at most " +
                                          std::to_string(limits.replays_a_night) + " replays in a night");
  if (rule.limits.apart && *rule.limits.apart < limits.replay_apart)
    b.hint(at["limits"]["apart"], "is " + text_of(*rule.limits.apart) + ", but replays are at least " +
                                      text_of(milliseconds{limits.replay_apart}) + " apart");
  for (const Action& action : rule.then) {
    const auto* play = std::get_if<act::Play>(&action);
    const Routine* routine = play ? b.house().routine(play->routine) : nullptr;
    if (!routine) continue;
    for (const Track& track : routine->tracks) {
      if (track.kind != TrackKind::massage) continue;
      const Limits& own = b.house().limits_of(b.house().devices[track.device.index]);
      const Place where = at["play"] ? at["play"] : at;
      if (track.to > own.replay_level)
        b.hint(where, "massages somebody asleep at " + std::to_string(track.to.whole()) +
                          "%, which will be lowered to " + std::to_string(own.replay_level.whole()) + "%");
      if (track.length > own.replay_session)
        b.hint(where, "massages somebody asleep for " + text_of(track.length) + ", which will be cut at " +
                          text_of(milliseconds{own.replay_session}));
    }
  }
}

}  // namespace

void find_hints(Building& b) {
  const Place root{&b.root, ""};
  for (const Routine& routine : b.house().routines) {
    const Place at = root["routines"][routine.name];
    const std::vector<Place> tracks = at["tracks"].each();
    std::vector<std::pair<TrackKind, DeviceId>> said;
    for (std::size_t i = 0; i < routine.tracks.size(); ++i) {
      const Track& track = routine.tracks[i];
      const std::pair subject{track.kind, track.device};
      if (track.kind == TrackKind::words || std::find(said.begin(), said.end(), subject) != said.end()) continue;
      said.push_back(subject);
      hint_at_limits(b, i < tracks.size() ? tracks[i] : at, routine, track);
    }
  }
  std::vector<Place> rules = root["rules"].each();
  for (std::size_t i = 0; i < b.house().rules.size() && i < rules.size(); ++i)
    if (is_replay(b.house(), b.house().rules[i])) hint_at_replay(b, rules[i], b.house().rules[i]);
  for (std::size_t i = 0; i < b.house().rules.size() && i < rules.size(); ++i)
    for (const Action& action : b.house().rules[i].then) {
      const auto* play = std::get_if<act::Play>(&action);
      const Routine* routine = play ? b.house().routine(play->routine) : nullptr;
      const bool in_bed = std::any_of(b.house().rules[i].only_if.begin(), b.house().rules[i].only_if.end(),
                                      [](const Condition& c) { return c.is == Condition::Is::in_bed && c.wanted; });
      if (!routine || !in_bed) continue;
      for (const Track& track : routine->tracks) {
        if (track.kind != TrackKind::heat) continue;
        const Device& device = b.house().devices[track.device.index];
        if (measures_surface(device) && !b.house().limits_of(device).heat_only_preheat) continue;
        b.hint(rules[i]["if"], "asks for somebody in bed, and then the heat of " + in_quotes(routine->name) + " on " +
                                   in_quotes(device.name) +
                                   " will be refused; warm the bed by a rule of its own, before bedtime");
        break;
      }
    }
}

}  // namespace lull::config
