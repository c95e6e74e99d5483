// What was found out about a device and outlives a restart of Lull: a thermometer that froze, a surface that stays
// cold, a relay that sticks. Released as they always are: when it moves, by a person, by the next night.
#include <charconv>
#include <optional>

#include "automations/turn.hpp"

namespace lull {
namespace {

constexpr std::string_view kName = "doubts:";
constexpr hours kLongAgo{24};  // what was read before a restart is no reading

std::string doubts_of(const Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  const SurfaceWatch& surface = a.standing.watch;
  std::string text;
  if (surface.cold) text += "cold " + t.hub.night + "\n";
  for (const Probe& p : surface.probes)
    if (p.frozen && p.last)
      text += "frozen " + t.device(p.device).id + " " + std::to_string(p.sensor) + " " +
              std::to_string(p.last->celsius.tenths()) + "\n";
  if (a.watch.stuck) {
    const Watts drew = a.watch.word_is_not_enough ? a.watch.before.value_or(kDrawsNothing) : 0_W;
    text += "stuck " + std::to_string(drew.tenths()) + " " + a.standing.fault + "\n";
  }
  return text;
}

std::string_view cut_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}
std::optional<int> whole(std::string_view word) {
  int n = 0;
  const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), n);
  return wrong == std::errc{} && end == word.data() + word.size() ? std::optional(n) : std::nullopt;
}

void frozen(const Turn& t, Actuator& a, std::string_view line) {
  const auto thermometer = t.house().find(cut_word(line));
  const auto sensor = whole(cut_word(line)), tenths = whole(cut_word(line));
  if (!thermometer || !sensor || !tenths || !line.empty()) return;
  const auto celsius = Celsius::from(*tenths / 10.0);
  auto& probes = a.standing.watch.probes;
  if (!celsius || probes.size() == kMaxProbes) return;
  Probe& p = probes.emplace_back(Probe{*thermometer, *sensor});
  p.last = Reading{*celsius, Instant{t.now.since_boot - kLongAgo}};
  p.frozen = true;  // until it moves
}

void stuck(const Turn& t, Actuator& a, std::string_view line) {
  const auto tenths = whole(cut_word(line));
  const auto drew = tenths ? Watts::from(*tenths / 10.0) : std::nullopt;
  if (!drew) return;
  a.watch.stuck = a.standing.faulty = true;
  a.standing.fault = std::string(line);
  a.faulty_since = t.now;
  if (*drew < kDrawsNothing) return;  // watts had proved it off
  a.watch.word_is_not_enough = true;
  a.watts = drew;  // its last word: only one that says nothing proves it
}

void remember(const Turn& t, Actuator& a, std::string_view line) {
  const std::string_view what = cut_word(line);
  if (what == "cold" && !line.empty() && (line == t.hub.night || t.hub.night.empty())) a.standing.watch.cold = true;
  if (what == "frozen") frozen(t, a, line);
  if (what == "stuck") stuck(t, a, line);
}

}  // namespace

void keep_doubts(Turn& t) {
  if (!t.hub.started) return;  // what is on the disk has not been read yet
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const DeviceId id{i};
    if (!needs_timer(t.device(id).kind)) continue;
    std::string now = doubts_of(t, id);
    if (now == t.actuator(id).doubts_kept) continue;
    t.actuator(id).doubts_kept = now;
    t.effects.emplace_back(KeepSetting{{std::string(kName) + t.device(id).id, std::move(now)}});
  }
}

void keep_doubts(Turn& t, const Setting& s) {
  if (!s.name.starts_with(kName)) return;
  const auto id = t.house().find(std::string_view(s.name).substr(kName.size()));
  if (!id || !needs_timer(t.device(*id).kind)) return;
  Actuator& a = t.actuator(*id);
  a.doubts_kept = s.value;
  for (std::string_view rest = s.value; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    remember(t, a, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace lull
