// The deeds of a night, one by one.
#include "tests/stories/fate.hpp"

#include <algorithm>

namespace lull {
namespace {

using demo::Mishap;
using What = Deed::What;

/// Something happens that needs several messages and writes.
void stir(Night& night, int number) {
  switch (number % 4) {
    case 0: night.asks(ask::Play{"wind-down"}, Door::page); return;
    case 1: night.asks(ask::SetDevice{kWarmth, {}, "", {}}, Door::home_assistant); return;
    case 2: night.asks(ask::SetDevice{kMassage, 40_pct, "wave", {}}, Door::voice); return;
    default: night.asks(ask::Play{"warm-the-bed"}, Door::phone); return;
  }
}

/// A television, or somebody who talks in their sleep.
void a_voice_asks_for_heat(Night& night, int number) {
  const Door door = number % 2 ? Door::voice : Door::scene;
  ++night.harms[Harm::voice];
  switch (number / 2 % 3) {
    case 0: night.asks(ask::SetDevice{number % 4 < 2 ? kWarmth : kWarmer, {}, "", {}}, Door::voice); return;
    case 1: night.asks(ask::Play{"wind-down"}, door); return;
    default: night.asks(ask::Play{"warm-the-bed"}, door);
  }
}

void sensor(Night& night, int number) {
  constexpr const char* kWho[] = {"pad_temperature", "movement", "Bed left", "pad_temperature_a"};
  night.lies(static_cast<SensorLie::How>(number % 5), kWho[number / 5 % 4], seconds{number * 4});
}

void lies(Night& night, Mishap mishap, int number) {
  night.promises.device_lies();
  night.happens(mishap).passes(seconds{number * 4}).happens(Mishap::plug_honest);
}

void kills(Night& night, const Deed& deed) {
  const bool wills = deed.number % 2 == 0;
  switch (deed.what) {
    case What::kill_in_a_step:
      night.dies_before(deed.number % 11, seconds{1 + deed.number % 13});
      return stir(night, deed.number / 11);
    case What::kill_at_the_start:
      ++night.harms[Harm::lull_killed_at_its_start];
      night.dies(wills).passes(2s).starts().dies_before(deed.number % 15, 2s);
      return;
    case What::kill_for_long:
      ++night.harms[Harm::lull_killed_for_long];
      night.dies(wills).passes(seconds{deed.number * 4}).starts();
      return;
    default: ++night.harms[Harm::lull_killed]; night.dies(wills).passes(seconds{1 + deed.number % 20}).starts();
  }
}

void device(Night& night, const Deed& deed) {
  const auto harm = [&](Harm h, Mishap m) {
    ++night.harms[h];
    night.happens(m);
  };
  switch (deed.what) {
    case What::hand_on_plug: return harm(Harm::hand, Mishap::plug_button);
    case What::hand_on_lamp: return harm(Harm::hand, Mishap::lamp_by_hand);
    case What::stop_button: return harm(Harm::hand, Mishap::stop_button);
    case What::power_cut: return harm(Harm::power_cut, Mishap::power_cut);
    case What::plug_refuses: return harm(Harm::device_refuses, Mishap::plug_refuses);
    case What::plug_resets: return harm(Harm::device_resets, Mishap::plug_resets);
    case What::pad_resets: return harm(Harm::device_resets, Mishap::pad_resets);
    case What::plug_wakes_on:
      night.promises.stranger(kWarmer, night.now());
      return harm(Harm::device_wakes_on, Mishap::plug_wakes_on);
    case What::pad_deaf: night.promises.device_lies(); return harm(Harm::device_refuses, Mishap::pad_deaf_to_off);
    case What::plug_lies_off:
      ++night.harms[Harm::device_says_off_and_is_on];
      return lies(night, Mishap::plug_lies_off, deed.number);
    case What::plug_lies_on:
      ++night.harms[Harm::device_says_on_and_is_off];
      return lies(night, Mishap::plug_lies_on, deed.number);
    case What::plug_away:
      harm(Harm::out_of_reach, Mishap::plug_out_of_reach);
      night.passes(seconds{deed.number * 3}).happens(Mishap::plug_in_reach);
      return;
    case What::fold:
      harm(Harm::pad_folded, Mishap::pad_folded);
      night.passes(10min).happens(Mishap::pad_unfolded);
      return;
    default: return harm(Harm::sensor_not_a_number, Mishap::pad_thermometer_breaks);
  }
}

void clock(Night& night, const Deed& deed) {
  night.promises.clock_was_set();
  // Lost: the year 2000, as a board without a battery wakes. Otherwise up to three hours, forward or back.
  const bool lost = deed.what == What::clock_lost;
  ++night.harms[lost ? Harm::clock_lost : Harm::clock_jumps];
  const milliseconds by = lost ? -hours{24 * 9800} : minutes{(deed.number - 150) * 6 / 5};
  night.clock_jumps(by);
  if (deed.number % 3 == 0) night.dies().passes(2s).starts();
  night.passes(seconds{deed.number * 5}).clock_jumps(-by);  // and then somebody notices
}

}  // namespace

std::vector<Deed> fate(std::uint64_t seed, Instant begins) {
  demo::Chance chance(seed, 11);
  std::vector<Deed> deeds;
  const int n = chance.whole(0, kMostDeeds);
  for (int i = 0; i < n; ++i) {
    const auto what = static_cast<What>(chance.whole(0, static_cast<int>(What::voice)));
    // Most of a night's events happen while something runs: half of the deeds fall into the first hour and a half.
    const int s = chance.happens(0.5) ? chance.whole(60, 5400) : chance.whole(60, 30000);
    deeds.push_back({begins + seconds{s}, what, chance.whole(1, 300)});
  }
  std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  return deeds;
}

bool needs_patience(What what) {
  switch (what) {
    case What::plug_away:
    case What::plug_lies_off:
    case What::plug_refuses:
    case What::plug_wakes_on:
    case What::pad_deaf:
    case What::hang:
    case What::forged_state:
    case What::forged_command:
    case What::broker: return true;
    default: return false;
  }
}

void happens(Night& night, const Deed& deed) {
  switch (deed.what) {
    case What::restart:
    case What::kill_for_long:
    case What::kill_in_a_step:
    case What::kill_at_the_start: return kills(night, deed);
    case What::hang: night.hangs(seconds{1 + deed.number / 5}); return;
    case What::stop:
      ++night.harms[Harm::stop];
      night.asks(ask::StopAll{}, Door::voice).passes(seconds{400 + deed.number}).asks(ask::Release{}, Door::page);
      return;
    case What::button: night.presses("arrow_left_click"); return;
    case What::button_stop:
      ++night.harms[Harm::stop];
      night.presses("off").passes(seconds{400 + deed.number}).asks(ask::Release{}, Door::phone);
      return;
    case What::set_heat:
      night.asks(ask::SetDevice{deed.number % 2 ? kWarmth : kWarmer, {}, "", {}}, Door::home_assistant);
      return;
    case What::set_massage: night.asks(ask::SetDevice{kMassage, 100_pct, "pulse", {}}, Door::home_assistant); return;
    case What::play: night.asks(ask::Play{deed.number % 2 ? "wind-down" : "warm-the-bed"}, Door::page); return;
    case What::bridge:
      ++night.harms[deed.number % 2 ? Harm::bridge_restarts : Harm::bridge_crashes];
      night.happens(deed.number % 2 ? Mishap::bridge_restarts : Mishap::bridge_crashes);
      return;
    case What::broker:
      ++night.harms[Harm::broker_restarts];
      night.happens(Mishap::broker_gone).passes(seconds{1 + deed.number / 4}).happens(Mishap::broker_back);
      return;
    case What::forged_state: night.forges(forged(deed.number, false)); return;
    case What::forged_command: night.forges(forged(deed.number, true)); return;
    case What::sensor: return sensor(night, deed.number);
    case What::disk: night.disk_full(true).passes(seconds{deed.number * 2}).disk_full(false); return;
    case What::clock:
    case What::clock_lost: return clock(night, deed);
    case What::voice: return a_voice_asks_for_heat(night, deed.number);
    default: return device(night, deed);
  }
}

}  // namespace lull
