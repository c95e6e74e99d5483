// What people and fate do in one night, from its seed: each deed at its moment, between two messages or in the middle
// of a step.
#pragma once

#include <vector>

#include "tests/stories/night.hpp"

namespace lull {

struct Deed {
  Instant at;
  enum class What : std::uint8_t {
    restart,
    kill_for_long,
    kill_in_a_step,
    kill_at_the_start,
    hang,
    stop,
    button,
    button_stop,
    hand_on_plug,
    hand_on_lamp,
    set_heat,
    set_massage,
    play,
    power_cut,
    fold,
    thermometer_breaks,
    stop_button,
    plug_away,
    plug_refuses,
    plug_lies_off,
    plug_lies_on,
    plug_resets,
    plug_wakes_on,
    pad_resets,
    pad_deaf,
    bridge,
    broker,
    forged_state,
    forged_command,
    sensor,
    disk,
    clock,
    clock_lost,
    voice,
  } what{};
  int number = 0;  // 1 to 300: how long, which one
};

/// At most kMostDeeds, in the order of time.
inline constexpr int kMostDeeds = 7;
std::vector<Deed> fate(std::uint64_t seed, Instant begins);
/// How long OFF may take in a night in which this happens: what lies or hears nothing is ended by its own lease.
bool needs_patience(Deed::What what);
void happens(Night& night, const Deed& deed);

}  // namespace lull
