// Levels over time, and how a score is made gentler.
#include "automations/routines/score.hpp"

#include <algorithm>
#include <array>

namespace lull {
namespace {

constexpr std::array<std::string_view, 6> kTracks{"light", "heat", "massage", "sound", "aroma", "words"};
constexpr std::array<std::string_view, 4> kPrograms{"steady", "gentle", "wave", "pulse"};

/// Levels move in steps of this: a radio network carries one command a device a second at most, and a motor cannot
/// be felt to change faster.
constexpr milliseconds kStep = 5s;
constexpr milliseconds stepped(milliseconds t) { return t / kStep * kStep; }

Percent between(Percent a, Percent b, milliseconds t, milliseconds over) {
  if (over <= 0ms || t >= over) return b;
  return Percent::of_tenths(a.tenths() + static_cast<int>((b.tenths() - a.tenths()) * t.count() / over.count()));
}

/// The part of its level that a program gives at t, in thousandths, never above 1000.
int pattern(Program program, milliseconds t) {
  const auto triangle = [t](milliseconds period, int low) {  // from 1000 down to low and back
    const auto phase = stepped(t).count() % period.count();
    const auto half = period.count() / 2;
    const auto away = phase < half ? phase : period.count() - phase;
    return static_cast<int>(1000 - (1000 - low) * away / half);
  };
  switch (program) {
    case Program::steady: return 1000;
    case Program::gentle: return triangle(60s, 700);
    case Program::wave: return triangle(30s, 400);
    case Program::pulse: return stepped(t).count() % 30000 < 20000 ? 1000 : 400;
  }
  return 1000;
}

/// A moving level is never so low that a motor hums without turning, and never zero before its end.
constexpr Percent kLeast = 5_pct;

Percent massage_level(const Track& track, milliseconds t, Percent strength, milliseconds held) {
  const milliseconds left = track.length - t;
  std::int64_t part = 1000;  // thousandths
  if (track.ramp_up > 0ms)
    part = std::min<std::int64_t>(part, 1000 * (stepped(t) + kStep).count() / track.ramp_up.count());
  if (track.ramp_down > 0ms) part = std::min<std::int64_t>(part, 1000 * left.count() / track.ramp_down.count());
  part = part * pattern(track.program, t + held) / 1000;
  const std::int64_t tenths = track.to.tenths() * part / 1000 * strength.tenths() / 1000;
  return std::max(std::min(kLeast, track.to), Percent::of_tenths(static_cast<int>(tenths)));
}

/// Heat is slow, and each step of its ramp is a message: they are longer than those of a massage.
constexpr milliseconds kHeatStep = 30s;

Percent heat_level(const Track& track, milliseconds t) {
  const auto stepped_heat = [](milliseconds d) { return (d / kHeatStep + 1) * kHeatStep.count(); };
  std::int64_t part = 1000;
  if (track.ramp_up > 0ms) part = std::min<std::int64_t>(part, 1000 * stepped_heat(t) / track.ramp_up.count());
  if (track.ramp_down > 0ms)
    part = std::min<std::int64_t>(part, 1000 * stepped_heat(track.length - t - 1ms) / track.ramp_down.count());
  return std::max(std::min(kLeast, track.to), Percent::of_tenths(static_cast<int>(track.to.tenths() * part / 1000)));
}

Output output_of(const Track& track, milliseconds t, Percent strength, milliseconds held) {
  Output out;
  switch (track.kind) {
    case TrackKind::light:
      out.kelvin = track.kelvin;
      if (track.over > 0ms && t < track.over) {
        out.level = track.from ? between(*track.from, track.to, t, track.over) : 0_pct;
        out.fade_to = track.to;
        out.fade_over = track.over - t;
      } else {
        out.level = track.to;
      }
      break;
    case TrackKind::massage: out.level = track.to > 0_pct ? massage_level(track, t, strength, held) : 0_pct; break;
    case TrackKind::heat: out.level = heat_level(track, t); break;
    default: out.level = track.to; break;
  }
  return out;
}

milliseconds end_of(const Track& track, const Routine& routine) {
  return std::min(track.at + track.length, routine.length);
}

std::string name_of(const Track& track) {
  if (!track.step.empty()) return track.step;
  switch (track.kind) {
    case TrackKind::light: return "dimming";
    case TrackKind::heat: return "warmth";
    case TrackKind::massage: return "massage";
    case TrackKind::sound: return "sound";
    case TrackKind::aroma: return "aroma";
    case TrackKind::words: return "";
  }
  return "";
}

/// The end of what a person notices of a track: a light that has finished its fade is no step any more.
milliseconds noticed_until(const Track& track, const Routine& routine) {
  if (track.kind == TrackKind::light && track.over > 0ms)
    return std::min(track.at + track.over, end_of(track, routine));
  return end_of(track, routine);
}

/// Whether `track`, in the list after `other`, is the one that speaks for their device: who plays goes before who has
/// ended; of two that play the later in the list; of two that have ended the one that ended last.
bool speaks_before(const Track& track, const Track& other, const Routine& routine, milliseconds elapsed) {
  if (elapsed < end_of(track, routine)) return true;
  return elapsed >= end_of(other, routine) && end_of(track, routine) >= end_of(other, routine);
}

bool has(const std::vector<TrackKind>& kinds, TrackKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

std::string_view word_for(TrackKind kind) { return kTracks[static_cast<std::size_t>(kind)]; }
std::optional<TrackKind> track_kind_for(std::string_view word) {
  const auto* found = std::find(kTracks.begin(), kTracks.end(), word);
  if (found == kTracks.end()) return std::nullopt;
  return static_cast<TrackKind>(found - kTracks.begin());
}
std::string_view word_for(Program program) { return kPrograms[static_cast<std::size_t>(program)]; }
std::optional<Program> program_for(std::string_view word) {
  const auto* found = std::find(kPrograms.begin(), kPrograms.end(), word);
  if (found == kPrograms.end()) return std::nullopt;
  return static_cast<Program>(found - kPrograms.begin());
}

Percent massage_at(Program program, Percent level, milliseconds t) {
  if (level == 0_pct) return level;
  return std::max(std::min(kLeast, level), Percent::of_tenths(level.tenths() * pattern(program, t) / 1000));
}

std::vector<Demand> desired(const Routine& routine, milliseconds elapsed, Percent strength, milliseconds held) {
  std::vector<Demand> demands;
  std::vector<const Track*> by;  // which track each of them is of
  if (elapsed < 0ms || elapsed >= routine.length) return demands;
  for (const Track& track : routine.tracks) {
    if (track.kind == TrackKind::words || elapsed < track.at) continue;
    Demand demand{track.device, track.kind, {}};
    if (elapsed < end_of(track, routine)) {
      demand.output = output_of(track, elapsed - track.at, strength, held);
    } else if (track.kind == TrackKind::light && !track.then_off) {
      demand.output.level = track.to;
      demand.output.kelvin = track.kelvin;
    }
    const auto same =
        std::find_if(demands.begin(), demands.end(), [&](const Demand& d) { return d.device == track.device; });
    const auto i = static_cast<std::size_t>(same - demands.begin());
    if (same == demands.end())
      demands.push_back(demand), by.push_back(&track);
    else if (speaks_before(track, *by[i], routine, elapsed))
      *same = demand, by[i] = &track;
  }
  return demands;
}

Step step_at(const Routine& routine, milliseconds elapsed) {
  Step step{"", next_step(routine, elapsed) - elapsed};
  std::vector<std::string> named;
  for (const Track& track : routine.tracks) {
    if (elapsed < track.at || elapsed >= noticed_until(track, routine)) continue;
    const std::string name = name_of(track);
    if (name.empty() || std::find(named.begin(), named.end(), name) != named.end()) continue;
    named.push_back(name);
    step.name += step.name.empty() ? name : " and " + name;
  }
  if (step.name.empty()) step.name = "quiet";
  return step;
}

milliseconds next_step(const Routine& routine, milliseconds elapsed) {
  milliseconds next = routine.length;
  for (const Track& track : routine.tracks) {
    if (track.kind == TrackKind::words) continue;
    for (const milliseconds edge : {track.at, noticed_until(track, routine)})
      if (edge > elapsed) next = std::min(next, edge);
  }
  return next;
}

milliseconds insertion_point(const Routine& routine, milliseconds elapsed) {
  milliseconds point = elapsed;
  for (const Track& track : routine.tracks)
    if (track.kind == TrackKind::massage && elapsed >= track.at && elapsed < end_of(track, routine))
      point = std::min(point, std::max(track.at, end_of(track, routine) - track.ramp_down));
  return point;
}

std::vector<DeviceId> dark_at_end(const Routine& routine) {
  std::vector<const Track*> last;  // of each lamp
  for (const Track& track : routine.tracks) {
    if (track.kind != TrackKind::light || track.at >= routine.length) continue;
    const auto same =
        std::find_if(last.begin(), last.end(), [&](const Track* other) { return other->device == track.device; });
    if (same == last.end())
      last.push_back(&track);
    else if (speaks_before(track, **same, routine, routine.length))
      *same = &track;
  }
  std::vector<DeviceId> dark;
  for (const Track* track : last)
    if (track->then_off) dark.push_back(track->device);
  return dark;
}

std::vector<std::string> words_between(const Routine& routine, milliseconds after, milliseconds upto) {
  std::vector<std::string> words;
  for (const Track& track : routine.tracks)
    if (track.kind == TrackKind::words && track.at > after && track.at <= upto) words.push_back(track.words);
  return words;
}

Routine gentler(const Routine& like, const Gentler& how, std::string name) {
  Routine routine{std::move(name), how.length.value_or(like.length), {}, true};
  for (const Track& track : like.tracks) {
    if (!how.only.empty() && !has(how.only, track.kind)) continue;
    if (has(how.without, track.kind)) continue;
    // Nothing tests heat on a sleeping person, so heat never comes along unasked.
    if (track.kind == TrackKind::heat && !has(how.only, TrackKind::heat)) continue;
    routine.tracks.push_back(track);
  }
  if (routine.tracks.empty()) return routine;
  const auto begins = [](const Track& a, const Track& b) { return a.at < b.at; };
  const milliseconds first = std::min_element(routine.tracks.begin(), routine.tracks.end(), begins)->at;
  milliseconds last_end{};
  for (Track& track : routine.tracks) {
    track.at -= first;
    if (track.kind != TrackKind::words) last_end = std::max(last_end, track.at + track.length);
  }
  std::erase_if(routine.tracks, [&](const Track& track) { return track.at >= routine.length; });
  for (Track& track : routine.tracks) {
    const bool lasts = track.at + track.length == last_end && track.kind != TrackKind::words;
    if (lasts || track.at + track.length > routine.length) track.length = routine.length - track.at;
    track.to = scaled(track.to, how.scale);
    if (track.from) track.from = scaled(*track.from, how.scale);
    if (track.kind == TrackKind::massage || track.kind == TrackKind::heat) {
      track.ramp_up = how.ramp_up.value_or(track.ramp_up);
      track.ramp_down = how.ramp_down.value_or(track.ramp_down);
    }
    track.over = std::min(track.over, track.length);
  }
  return routine;
}

}  // namespace lull
