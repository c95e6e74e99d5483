// Pairs begins with ends. A record may break off anywhere: what was open then ends where it was last known to last.
#include "automations/night/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace lull {
namespace {

constexpr std::string_view kBrokeOff = "Lull stopped here; the device's own timer had to end it";

class Walk {
 public:
  explicit Walk(const House& house) : house_(house), last_minute_(house.sleepers.size()) {}

  Lanes over(const std::vector<Timed>& records) {
    for (const Timed& record : records) {
      if (!last_) last_ = record.utc;
      const bool began = std::holds_alternative<RunBegan>(record.what);
      const bool silent = record.utc - *last_ > kSilence && was_writing();
      if (silent) lanes_.unrecorded.push_back({*last_, record.utc});
      if (began || silent) break_off();
      if (const Note* note = std::get_if<Note>(&record.what)) hear(*note, record.utc);
      last_ = record.utc;
    }
    for (const std::size_t i : open_) close(i, *last_, false, "");
    for (const std::size_t i : playing_) end_play(i, *last_, false, "still playing when the record ends");
    std::erase_if(lanes_.spans, [](const LaneSpan& s) { return s.span.end <= s.span.begin; });
    return std::move(lanes_);
  }

 private:
  /// Somebody was in bed and their movement had just been written: the next line was due within a minute.
  bool was_writing() const {
    return std::any_of(open_.begin(), open_.end(), [&](std::size_t i) {
      const LaneSpan& s = lanes_.spans[i];
      return s.lane == Lane::in_bed && s.value > 0 && last_minute_[s.sleeper->index] &&
             *last_ - *last_minute_[s.sleeper->index] <= 2min;
    });
  }

  void break_off() {
    // Who was in bed is still there for all we know; what the house did has ended, and nobody wrote it down.
    std::erase_if(open_, [&](std::size_t i) {
      if (lanes_.spans[i].lane == Lane::in_bed) return false;
      close(i, *last_, false, kBrokeOff);
      return true;
    });
    for (const std::size_t i : playing_) end_play(i, *last_, false, "Lull stopped here");
    playing_.clear();
  }

  void hear(const Note& note, Utc at) {
    const bool known = (!note.sleeper || note.sleeper->index < house_.sleepers.size()) &&
                       (!note.device || note.device->index < house_.devices.size());
    if (!known || !std::isfinite(note.value)) return void(++lanes_.left_out);
    switch (note.lane) {
      case Lane::note: return;
      case Lane::play: return play(note, at);
      case Lane::movement: return minute(note, at);
      case Lane::in_bed:
      case Lane::episode: {
        const auto whose = sleeper(note);
        if (!whose) return void(++lanes_.left_out);
        const double value = note.value > 0 ? 1 : note.lane == Lane::in_bed && note.value < 0 ? -1 : 0;
        return change(note.lane, whose, std::nullopt, value, note.text, at);
      }
      default:
        if (!note.device) return void(++lanes_.left_out);
        return change(note.lane, note.sleeper, note.device, std::clamp(note.value, 0.0, 100.0), note.text, at);
    }
  }

  /// In a house of one sleeper everything is theirs.
  std::optional<SleeperId> sleeper(const Note& note) const {
    if (note.sleeper) return note.sleeper;
    return house_.sleepers.size() == 1 ? std::optional(SleeperId{0}) : std::nullopt;
  }

  void change(Lane lane, std::optional<SleeperId> whose, std::optional<DeviceId> device, double value,
              const std::string& text, Utc at) {
    const auto open = std::find_if(open_.begin(), open_.end(), [&](std::size_t i) {
      const LaneSpan& s = lanes_.spans[i];
      return s.lane == lane && (device ? s.device == device : s.sleeper == whose);
    });
    if (open != open_.end()) {
      if (lanes_.spans[*open].value == value) return;
      // What an episode was noticed by stays its text; the count at its end is another.
      close(*open, at, true, value == 0 && lane != Lane::episode ? text : "");
      open_.erase(open);
    }
    if (value == 0) return;
    open_.push_back(lanes_.spans.size());
    lanes_.spans.push_back({lane, whose, device, {at, at}, value, true, value == 0 ? "" : text});
  }
  void close(std::size_t i, Utc at, bool finished, std::string_view text) {
    LaneSpan& s = lanes_.spans[i];
    s.span.end = at;
    s.finished = finished;
    if (!text.empty())
      s.text = printable(text);
    else if (s.lane != Lane::episode)
      s.text.clear();  // what an episode said when it began stays true
  }

  void minute(const Note& note, Utc at) {
    const auto whose = sleeper(note);
    if (!whose) return void(++lanes_.left_out);
    auto& last = last_minute_[whose->index];
    const Utc begin = last ? std::max(*last, at + -1min) : at + -1min;
    if (begin >= at) return void(++lanes_.left_out);  // said twice
    last = at;
    const bool gated = note.value < 0;
    lanes_.minutes.push_back(
        {*whose,
         {begin, at},
         gated ? std::nullopt : std::optional(static_cast<int>(std::lround(std::min(note.value, 600.0))))});
  }

  // "wind-down, asked for by rule Bedtime", "wind-down: finished": a routine's name, then who asked or what ended it.
  std::pair<std::string, std::string> split(std::string_view text) const {
    std::string_view name;
    for (const Routine& r : house_.routines) {
      if (r.name.size() > name.size() && text.substr(0, r.name.size()) == r.name) name = r.name;
    }
    std::string_view rest = text.substr(name.size());
    if (name.empty()) {
      name = text.substr(0, text.find(" ("));
      rest = text.substr(name.size());
    }
    while (!rest.empty() && std::string_view(" ,:;-(").find(rest.front()) != rest.npos) rest.remove_prefix(1);
    if (constexpr std::string_view kAsked = "asked for by "; rest.substr(0, kAsked.size()) == kAsked)
      rest.remove_prefix(kAsked.size());
    if (!rest.empty() && rest.back() == ')' && rest.find('(') == rest.npos) rest.remove_suffix(1);
    return {std::string(name), printable(rest)};
  }
  void play(const Note& note, Utc at) {
    const auto words = split(note.text);
    const std::string& name = words.first;  // clang 14 captures no structured binding
    std::string rest = words.second;
    const auto same = [&](std::size_t i) {
      const Session& s = lanes_.sessions[i];
      return s.routine == name && (!note.sleeper || !s.sleeper || s.sleeper == note.sleeper);
    };
    auto open = std::find_if(playing_.begin(), playing_.end(), same);
    if (note.value > 0) {
      if (open != playing_.end()) {
        end_play(*open, *last_, false, "its end was not recorded");
        playing_.erase(open);
      }
      if (lanes_.sessions.size() >= kMaxReportLines) return void(++lanes_.left_out);
      playing_.push_back(lanes_.sessions.size());
      Session session{printable(name, 100), rest, note.sleeper, {at, at}, true, "", false, {}};
      const Routine* routine = house_.routine(name);
      session.gentle = (routine && routine->gentle) || (house_.replay_routine && *house_.replay_routine == name);
      lanes_.sessions.push_back(std::move(session));
      return;
    }
    if (open == playing_.end()) {  // the words at the end need not name the routine
      if (playing_.empty()) return;
      open = playing_.end() - 1;
      rest = printable(note.text);
    }
    // The same words as at the begin tell who asked, not what ended it.
    end_play(*open, at, true, rest == lanes_.sessions[*open].asked_by ? "" : rest);
    playing_.erase(open);
  }
  void end_play(std::size_t i, Utc at, bool finished, std::string why) {
    Session& s = lanes_.sessions[i];
    s.span.end = std::max(s.span.begin, at);
    s.finished = finished;
    s.ended_by = std::move(why);
    lanes_.spans.push_back({Lane::play, s.sleeper, std::nullopt, s.span, 1, finished, s.routine});
  }

  const House& house_;
  Lanes lanes_;
  std::vector<std::size_t> open_, playing_;  // indices into lanes_.spans, lanes_.sessions; a handful
  std::vector<std::optional<Utc>> last_minute_;
  std::optional<Utc> last_;
};

}  // namespace

Lanes lanes_of(const House& house, const std::vector<Timed>& records) {
  if (records.empty()) return {};
  Lanes lanes = Walk(house).over(records);
  std::stable_sort(lanes.spans.begin(), lanes.spans.end(),
                   [](const LaneSpan& a, const LaneSpan& b) { return a.span.begin < b.span.begin; });
  return lanes;
}

}  // namespace lull
