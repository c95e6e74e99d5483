// What one night was, in figures and spans: made from the night's records, read by the text, the JSON and the picture.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "automations/calendar.hpp"
#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "automations/night/note.hpp"

namespace lull {

/// Lull (re)started here: whatever was open in the record before it has ended without anybody writing it down.
struct RunBegan {
  bool operator==(const RunBegan&) const = default;
};
/// One line of the night's record.
struct Timed {
  Utc utc;
  std::variant<Note, Decision, Notify, RunBegan> what;
};

/// Figures that rest on less than this part of the time in bed are not given.
inline constexpr int kLeastCoverage = 70;
/// A record that is silent for longer than this was not being written: Lull was down.
inline constexpr milliseconds kSilence = 5min;
inline constexpr std::size_t kMaxReportRecords = 50'000;  // of one night; about one every two seconds
inline constexpr std::size_t kMaxReportLines = 200;       // in each list of words

/// A stretch of something. `finished` is false when the record ends, or breaks off, before it did: `end` is then the
/// last moment it is known to have lasted.
struct LaneSpan {
  Lane lane{};
  std::optional<SleeperId> sleeper{};
  std::optional<DeviceId> device{};
  Span span;
  double value = 0;  // percent in lanes of devices
  bool finished = true;
  std::string text;  // what was said at its end, or for a play at its begin
};
/// One minute of a movement sensor. No number: gated (our own pad shook the bed, the bed was empty) or no data.
struct MovementMinute {
  SleeperId sleeper;
  Span span;  // a minute; less after a restart
  std::optional<int> movements{};
};

struct Episode {
  SleeperId sleeper;
  Span span;
  bool finished = true;
  std::string text;           // what the detector said
  int movements = 0;          // seen in its ungated minutes
  std::optional<int> peak{};  // most in one minute; nothing when no minute could be counted
  milliseconds unseen{};      // of its time without movement data
  std::string answered_by;    // the routine that began during it, "" = none
  milliseconds answered_after{};
};

/// How much somebody moved in the quarter of an hour before a session and in the one after it.
struct BeforeAfter {
  SleeperId sleeper;
  minutes before_data{}, after_data{};                        // minutes that have data, of 15
  std::optional<double> before_per_hour{}, after_per_hour{};  // only with 11 of the 15 minutes, 70 %
};
/// One play of a routine.
struct Session {
  std::string routine, asked_by;  // "night-relief", "rule Restless at night"
  std::optional<SleeperId> sleeper{};
  Span span;
  bool finished = true;
  std::string ended_by;            // as it was recorded, or what is known instead
  bool gentle = false;             // a replay in the night
  std::vector<BeforeAfter> pairs;  // one a sleeper it may have moved
};

struct SleeperNight {
  SleeperId sleeper;
  bool presence_known = true;  // false: no presence sensor spoke; the time in bed is the time it was measured
  milliseconds in_bed{}, presence_unknown{};
  std::optional<Utc> into_bed{}, up{};          // first in, last out; no `up`: still in bed when the record ends
  std::vector<Span> out_of_bed;                 // between the two
  milliseconds measured{}, gated{}, missing{};  // of in_bed: has data; had to be left out; nobody recorded it
  double coverage = 0;                          // percent of in_bed with data, 0 when nobody was in bed
  std::string no_figures;                       // why the next three are not given; "" = they are
  std::optional<int> movements{};
  std::optional<double> movements_per_hour{};  // per hour with data: gated minutes are unknown, not quiet
  milliseconds restless{};                     // inside episodes
  int episodes = 0, replays = 0;
};

struct DeviceOn {
  Span span;
  double peak_level = 0, mean_level = 0;  // percent
  bool finished = true;
  bool off_proved = false;  // the device itself said that it is off
  std::string off_because;  // "its 20 minutes were over"
};
struct DeviceNight {
  DeviceId device;
  milliseconds on{};
  double level_minutes = 0;  // percent times minutes
  std::vector<DeviceOn> spans;
};

/// The same thing said by Lull once or more.
struct Line {
  Utc first, last;
  int times = 1;
  std::string kind, about, text;  // kind: a Decision's outcome, a Notify's urgency, or "note"
};

struct NightReport {
  std::string night;                   // "2026-11-21"
  bool empty = true;                   // nothing was recorded
  Span span;                           // of what happened, not of the whole night
  Utc record_ends;                     // the last line
  std::vector<SleeperNight> sleepers;  // all of the house, in its order
  std::vector<Episode> episodes;
  std::vector<Session> sessions;
  std::vector<DeviceNight> devices;  // massage and heat pads, in the house's order, also those that stayed off
  std::vector<Line> not_done;        // refused, lost to another owner, decided against: each with its reason
  std::vector<Line> notes, faults;   // alike but for its numbers: one line, with the last words said
  std::vector<Span> unrecorded;      // while Lull was down
  std::vector<LaneSpan> lanes;       // for the picture, by lane and time; never overlapping within one owner
  std::vector<MovementMinute> movement;
  int left_out = 0;  // records beyond the bounds, or about somebody this house does not know
};

/// The night `night` of this house. Total: any records, in any order, give a report.
NightReport report_of(const House& house, std::string night, std::vector<Timed> records);

/// What a person reads in the terminal in the morning. Movement and episodes first, local clock times, UTF-8.
std::string to_text(const NightReport& report, const House& house);
/// The same for programs; docs/REPORT.md says what each key means.
std::string to_json(const NightReport& report, const House& house);

// ---- words that the text, the JSON and the picture share -----------------------------------------------------------

/// "2026-11-21T22:30:05+01:00", with the offset the home's clock had at that moment.
std::string iso(const Zone& zone, Utc at);
seconds offset_of(const Zone& zone, Utc at);
/// "7 h 52 min", "23 min", "40 s"
std::string length_text(milliseconds length);
/// Well-formed UTF-8 without control characters and at most `most` bytes; what was cut is "…". For words that came from
/// a device or a file: they end up in terminals, XML and notifications.
std::string printable(std::string_view text, std::size_t most = 300);
/// "Saturday, 21 November 2026"; the text itself when it is no date.
std::string date_words(std::string_view night);

}  // namespace lull
