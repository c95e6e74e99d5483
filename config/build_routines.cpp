// Routines: tracks with their devices, then those that are like another one, in any order but a circle.
#include <algorithm>

#include "config/build.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

constexpr TrackKind kTrackKinds[] = {TrackKind::light, TrackKind::heat, TrackKind::massage, TrackKind::sound,
                                     TrackKind::aroma};

Kind device_kind(TrackKind kind) {
  switch (kind) {
    case TrackKind::light: return Kind::light;
    case TrackKind::heat: return Kind::heat_pad;
    case TrackKind::massage: return Kind::massage_pad;
    case TrackKind::sound: return Kind::sound;
    default: return Kind::aroma;
  }
}

Percent level_of(TrackKind kind, const Place& at) {
  const bool force = kind == TrackKind::heat || kind == TrackKind::massage;
  const std::string word = text(at).value_or(force ? "low" : "100%");
  if (kind == TrackKind::massage) {
    if (word == "low") return 20_pct;
    if (word == "medium") return 40_pct;
    if (word == "high") return 60_pct;
  }
  if (word == "low") return 40_pct;
  if (word == "medium") return 70_pct;
  if (word == "high") return 100_pct;
  return percent_from(word).value_or(0_pct);
}

void refuse_beyond(Building& b, const Place& at, const Place& track, const Track& t) {
  const auto longest = [&](milliseconds most, const char* what) {
    if (t.length <= most) return;
    const std::string bound =
        "must be at most " + text_of(most) + ", a hard limit of one " + what + " (docs/SAFETY.md)";
    if (at["for"])
      b.problem(at["for"], "is " + shown(*at["for"].node) + ", " + bound);
    else
      b.problem(track, "plays " + text_of(t.length) + " to the end of the routine, " + bound + "; write `for:`");
  };
  if (t.kind == TrackKind::massage) {
    if (t.to > kHard.massage_level)
      b.problem(at["level"], "is " + at["level"].node->text + ", must be at most " +
                                 std::to_string(kHard.massage_level.whole()) +
                                 "%, a hard limit of massage (docs/SAFETY.md)");
    longest(kHard.massage_session, "massage");
  }
  if (t.kind == TrackKind::heat) longest(kHard.heat_session, "heat session");
}

void read_times(const Place& at, Track& track, milliseconds routine_length) {
  track.at = duration(at["at"]).value_or(0ms);
  track.over = duration(at["over"]).value_or(0ms);
  const milliseconds rest = std::max(0ms, routine_length - track.at);
  // A light that fades is done when it has faded; then it stays, or goes off. Everything else plays to the end.
  const milliseconds usual = track.kind == TrackKind::light && track.over > 0ms ? track.over : rest;
  track.length = std::min(duration(at["for"]).value_or(usual), rest);
  if (track.kind != TrackKind::massage && track.kind != TrackKind::heat) return;
  const milliseconds gentle = track.kind == TrackKind::massage ? milliseconds{2min} : 0ms;
  track.ramp_up = std::min(duration(at["ramp_up"]).value_or(std::min(gentle, track.length / 4)), track.length);
  track.ramp_down = std::min(duration(at["ramp_down"]).value_or(std::min(gentle, track.length / 4)), track.length);
}

std::optional<Track> read_track(Building& b, const Place& at, milliseconds routine_length) {
  Track track;
  track.step = text(at["step"]).value_or("");
  if (const Place words = at["words"]) {
    track.kind = TrackKind::words;
    track.words = text(words).value_or("");
    track.at = duration(at["at"]).value_or(0ms);
  } else {
    Place device;
    for (const TrackKind kind : kTrackKinds)
      if (const Place found = at[word_for(kind)]) {
        track.kind = kind;
        device = found;
        break;
      }
    if (!device) return std::nullopt;  // the table has named it
    if (const auto id = b.device(device, device_kind(track.kind))) track.device = *id;
    read_times(at, track, routine_length);
    if (track.kind == TrackKind::light) {
      if (const auto from = text(at["from"])) track.from = percent_from(*from);
      track.to = percent_from(text(at["to"]).value_or("")).value_or(0_pct);
      if (const auto kelvin = text(at["kelvin"])) track.kelvin = kelvin_from(*kelvin);
      track.then_off = static_cast<bool>(at["then"]);
      if (track.from && track.over == 0ms)
        b.problem(at["from"], "needs `over:`, the time in which the light fades from there");
    } else {
      track.to = level_of(track.kind, at["level"]);
      track.program = program_for(text(at["program"]).value_or("steady")).value_or(Program::steady);
    }
    if (track.length < track.ramp_up + track.ramp_down && (at["ramp_up"] || at["ramp_down"]))
      b.problem(at["ramp_up"] ? at["ramp_up"] : at["ramp_down"],
                "makes the ramps longer than the track, which plays " + text_of(track.length));
    refuse_beyond(b, at, device, track);
  }
  if (at["at"] && track.at >= routine_length && routine_length > 0ms)
    b.problem(at["at"], "is " + shown(*at["at"].node) + ", but the routine ends after " + text_of(routine_length));
  return track;
}

void read_own(Building& b, const Place& at, Routine& routine) {
  routine.length = duration(at["for"]).value_or(0ms);
  routine.gentle = boolean(at["gentle"]).value_or(false);
  for (const Place& place : at["tracks"].each()) {
    if (routine.tracks.size() == kMaxTracks) break;
    if (auto track = read_track(b, place, routine.length)) routine.tracks.push_back(std::move(*track));
  }
}

std::vector<TrackKind> read_kinds(const Place& at) {
  std::vector<TrackKind> kinds;
  for (const Place& place : at.each())
    if (const auto kind = track_kind_for(text(place).value_or(""))) kinds.push_back(*kind);
  return kinds;
}

void read_like(Building& b, const Place& at, const Routine& like, Routine& routine) {
  Gentler how;
  how.only = read_kinds(at["only"]);
  how.without = read_kinds(at["without"]);
  how.scale = percent_from(text(at["scale"]).value_or("")).value_or(100_pct);
  how.length = duration(at["for"]);
  how.ramp_up = duration(at["ramp_up"]);
  how.ramp_down = duration(at["ramp_down"]);
  for (const TrackKind kind : how.without)
    if (std::find(how.only.begin(), how.only.end(), kind) != how.only.end())
      b.problem(at["without"], "names " + std::string(word_for(kind)) + ", which `only` asks for; keep one of them");
  routine = gentler(like, how, routine.name);
  const bool only_massage = !how.only.empty() && std::all_of(how.only.begin(), how.only.end(),
                                                             [](TrackKind kind) { return kind == TrackKind::massage; });
  routine.gentle = boolean(at["gentle"]).value_or(only_massage || how.scale < 100_pct);
  if (routine.tracks.empty() && !like.tracks.empty())
    b.problem(at["only"] ? at["only"] : at["like"], "leaves no track of " + in_quotes(like.name) + " to play");
  for (const Track& track : routine.tracks) {
    const milliseconds most = track.kind == TrackKind::massage ? kHard.massage_session : kHard.heat_session;
    if ((track.kind == TrackKind::massage || track.kind == TrackKind::heat) && track.length > most)
      b.problem(at["for"] ? at["for"] : at["like"], "stretches a track of " + std::string(word_for(track.kind)) +
                                                        " to " + text_of(track.length) + ", must be at most " +
                                                        text_of(most) + ", a hard limit (docs/SAFETY.md)");
    if ((track.kind == TrackKind::massage || track.kind == TrackKind::heat) &&
        track.length < track.ramp_up + track.ramp_down)
      b.problem(at["ramp_up"]     ? at["ramp_up"]
                : at["ramp_down"] ? at["ramp_down"]
                                  : at["like"],
                "makes the ramps longer than the " + std::string(word_for(track.kind)) + ", which plays " +
                    text_of(track.length));
  }
}

}  // namespace

void build_routines(Building& b) {
  const Place root{&b.root, ""}, all = root["routines"];
  if (!all || all.node->is != Node::Is::map) return;
  std::vector<Place> places;
  std::vector<std::string> taken;
  for (const Node::Entry& entry : all.node->entries) {
    if (places.size() == kMaxRoutines) break;
    places.push_back({&entry.value, under(all.path, entry.key)});
    // A name that is written twice is named by the table; here only names that would get one id.
    if (std::find(b.routine_names.begin(), b.routine_names.end(), entry.key) == b.routine_names.end())
      claim(b, places.back(), "routine", taken, entry.key);
    if (entry.key == "all")
      b.problem(places.back(), "is called \"all\", which `stop: all` needs; give it another name");
    b.routine_names.push_back(entry.key);
  }
  enum class State { waiting, open, done };
  std::vector<State> states(places.size(), State::waiting);
  std::vector<Routine>& routines = b.house().routines;
  routines.resize(places.size());
  // Depth first along `like`; at most kMaxRoutines deep. Who is open again has met itself.
  const auto build = [&](const auto& self, std::size_t i) -> void {
    states[i] = State::open;
    routines[i].name = b.routine_names[i];
    const Place& at = places[i];
    if (const Place like = at["like"]; like && !at["tracks"]) {
      if (const auto name = b.routine(like)) {
        const auto other = static_cast<std::size_t>(std::find(b.routine_names.begin(), b.routine_names.end(), *name) -
                                                    b.routine_names.begin());
        if (states[other] == State::waiting) self(self, other);
        if (states[other] == State::open)
          b.problem(like,
                    "is " + in_quotes(*name) + ", which is itself like this one; a routine needs tracks somewhere");
        else
          read_like(b, at, routines[other], routines[i]);
      }
    } else {
      read_own(b, at, routines[i]);
    }
    states[i] = State::done;
  };
  for (std::size_t i = 0; i < places.size(); ++i)
    if (states[i] == State::waiting) build(build, i);
  if (const Place replay = root["replay"]) {
    b.house().replay_routine = b.routine(replay);
  } else if (const auto gentle =
                 std::find_if(routines.begin(), routines.end(), [](const Routine& r) { return r.gentle; });
             gentle != routines.end()) {
    b.house().replay_routine = gentle->name;
  }
}

}  // namespace lull::config
