// A routine is a score: tracks over a common time line. What should be on at minute 12 is a function of the score
// and 12.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/device.hpp"
#include "devices/safety/interlock.hpp"
#include "devices/units.hpp"

namespace lull {

inline constexpr std::size_t kMaxRoutines = 32, kMaxTracks = 16;

enum class TrackKind : std::uint8_t { light, heat, massage, sound, aroma, words };
std::string_view word_for(TrackKind kind);  // the word that begins a track in a configuration
std::optional<TrackKind> track_kind_for(std::string_view word);

/// How a massage moves around its level. A pattern never exceeds the level it is given.
enum class Program : std::uint8_t { steady, gentle, wave, pulse };
std::string_view word_for(Program program);
std::optional<Program> program_for(std::string_view word);

/// What a program makes of a level `t` after its begin: never more, and zero only for zero.
Percent massage_at(Program program, Percent level, milliseconds t);

/// One line of the score. Times count from the routine's begin.
struct Track {
  TrackKind kind{};
  DeviceId device{};            // not for words
  milliseconds at{}, length{};  // plays in [at, at + length)
  std::string step;             // what a person is told is going on; "" = made from the kind
  // light: from one level to another over a time, then off or held. Others: `to` is the level.
  std::optional<Percent> from{};
  Percent to{};
  milliseconds over{};
  std::optional<Kelvin> kelvin{};
  bool then_off = false;  // light: off when the track ends (otherwise left as it is)
  // massage and heat
  Program program = Program::steady;
  milliseconds ramp_up{}, ramp_down{};
  // words
  std::string words;  // sent as a notification to the sleeper at `at`
  bool operator==(const Track&) const = default;
};

struct Routine {
  std::string name;
  milliseconds length{};  // tracks beyond it are cut
  std::vector<Track> tracks;
  /// For plays in the night: this routine is a gentle one, and `ask::Replay` may choose it.
  bool gentle = false;
  bool operator==(const Routine&) const = default;
};

/// How a gentler routine is made from another: `like` + `only` / `without` + `scale` + its own ramps and length.
struct Gentler {
  std::vector<TrackKind> only, without;
  Percent scale = 100_pct;
  std::optional<milliseconds> length{}, ramp_up{}, ramp_down{};
};
/// The same score, gentler. Tracks that remain start as early as the first of them did begin later (a replay does not
/// make a sleeper wait eight minutes for the massage), and are cut or stretched to `length`; levels times `scale`.
Routine gentler(const Routine& like, const Gentler& how, std::string name);

/// What the score asks of one device at `elapsed`. Nothing: this routine does not speak of it now.
struct Demand {
  DeviceId device;
  TrackKind kind{};
  Output output;
  bool operator==(const Demand&) const = default;
};
inline constexpr Percent kWhole = 100_pct;  // by name: clang 14 takes no literal of ours as a default
/// All that should be at `elapsed`, one entry a device (of two tracks on one device the later in the list wins, and of
/// two that have ended the one that ended last).
/// A pure function; levels are scaled by `strength` (softer, stronger). A device whose track ended with `then off`
/// is asked for 0 for as long as the routine plays; one whose massage or heat track ended too.
/// `held`: time that was added and spent while `elapsed` stood still; a massage's program goes on in it.
std::vector<Demand> desired(const Routine& routine, milliseconds elapsed, Percent strength = kWhole,
                            milliseconds held = milliseconds{0});

/// The step a person would name at `elapsed`, and the time until the next one begins or the routine ends.
struct Step {
  std::string name;
  milliseconds left{};
};
Step step_at(const Routine& routine, milliseconds elapsed);
/// Where the step after the one at `elapsed` begins (the routine's length when there is none): for "skip".
milliseconds next_step(const Routine& routine, milliseconds elapsed);
/// Where time is best inserted to make it longer at `elapsed`: before a massage's ramp down, never into it.
milliseconds insertion_point(const Routine& routine, milliseconds elapsed);
/// The lamps that its end switches off: those whose last track says so.
std::vector<DeviceId> dark_at_end(const Routine& routine);
/// Words whose `at` lies in (after, upto].
std::vector<std::string> words_between(const Routine& routine, milliseconds after, milliseconds upto);

}  // namespace lull
