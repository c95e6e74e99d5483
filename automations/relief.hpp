// Whether the replays in the night do somebody good. Where they seem to wake, or do nothing, Lull becomes gentler or
// plays them further apart, says so in the morning, and goes back when a person wants it or the nights allow it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/units.hpp"

namespace lull {

inline constexpr std::size_t kReliefNights = 5;    // the last so many with a replay are looked at
inline constexpr std::size_t kReliefCalm = 7;      // so many without a sign of waking give a step back
inline constexpr std::int32_t kReliefSigns = 3;    // of kReliefNights: one night proves nothing
inline constexpr std::int32_t kReliefNothing = 4;  // of kReliefNights on which movement was no lower afterwards
inline constexpr std::int32_t kReliefSteps = 2;    // a half, then a quarter; apart twice, then four times
inline constexpr int kReliefMinutes = 15;          // before a replay and after it
inline constexpr std::size_t kReliefLongestWhy = 200;

/// How readily replays are backed off. A household may want it sooner, to be given back by a person only, or not at
/// all; never later, and never from one night.
struct BackOff {
  bool enabled = true;
  std::int32_t waking_nights = kReliefSigns, idle_nights = kReliefNothing;  // of kReliefNights
  bool gives_back = true;                                                   // by nights without a sign of waking
  bool operator==(const BackOff&) const = default;
};

/// What the replays of one night seem to have done.
struct ReliefNight {
  std::string night;                   // "2026-11-21"
  std::int32_t replays = 0;            // that were looked at
  std::int32_t left = 0, ended = 0;    // the sleeper left the bed; a person stopped or weakened it
  std::int32_t rose = 0;               // movement was clearly higher right after it than before
  std::int32_t compared = 0;           // enough of the time before and after could be seen
  std::int32_t before = 0, after = 0;  // movements an hour, added up over those
  bool woke() const { return left + ended + rose > 0; }
  bool no_lower() const { return compared > 0 && after * 10 >= before * 9; }
  bool lower() const { return compared > 0 && !no_lower(); }
  bool operator==(const ReliefNight&) const = default;
};

/// The replay that is being watched, until a quarter of an hour after its end.
struct ReplaySeen {
  Instant began;
  std::optional<Instant> ended{};
  std::int32_t before = 0, before_minutes = 0;  // movements in the minutes that could be seen
  std::int32_t soon = 0, soon_minutes = 0;      // in the first five of them after the end
  std::int32_t after = 0, after_minutes = 0;
  bool left = false, stopped = false;
  bool operator==(const ReplaySeen&) const = default;
};

/// One sleeper's. Bounded; crosses restarts as a setting, except what is being watched.
struct Relief {
  std::vector<ReliefNight> nights{};  // at most kReliefCalm, since the last change
  ReliefNight tonight{};
  std::int32_t weaker = 0, apart = 0;  // steps, at most kReliefSteps: never stronger or more often than was chosen
  std::string since{}, why{};          // the morning of the last change, and what led to it
  std::optional<ReplaySeen> seen{};
  std::vector<std::int32_t> minutes{};  // movements of the last minutes, -1 where nothing could be seen
  bool operator==(const Relief&) const = default;
};

/// As it is kept on disk, and back. A damaged text gives what can be read of it, always within the bounds.
std::string to_setting(const Relief& relief);
Relief relief_from(std::string_view text);

/// "movement rose right after it on 3 of 5 nights"
std::string signs_in(const std::vector<ReliefNight>& nights);

/// How it stands, for people and programs.
struct BackOffView {
  enum class State : std::uint8_t { off, as_chosen, weaker, further_apart, weaker_and_further_apart };
  State state = State::as_chosen;
  Percent level = 100_pct;  // of the level that was chosen
  std::int32_t times_as_far_apart = 1;
  std::string since, why, until;  // "" = nothing is held back
  std::string signs;              // of waking, on the last nights: what may lead to the next step
};
std::string_view word_for(BackOffView::State state);
BackOffView view(const Relief& relief, const BackOff& household);

/// What holds now: "its level is halved since 24 Nov: ..." ; "" = everything as the household chose it.
std::string words_for(const Relief& relief);

}  // namespace lull
