// A thousand nights, each from its seed: fine weather and foul, hands and mishaps, Lull killed and started again, a
// sensor that dies. Every promise is looked at each second. To see one night alone: LULL_SEED=17, with its story.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bridge/demo/chance.hpp"
#include "tests/stories/night.hpp"

namespace lull {
namespace {

using demo::Chance;
using demo::Mishap;

/// What people and fate do in one night, from its seed: at most one thing a minute.
struct Fate {
  struct Deed {
    Instant at;
    enum class What : std::uint8_t {
      restart,
      kill_for_long,
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
      thermometer,
      stop_button,
      plug_away,
      bridge,
      unheard
    } what;
    int number;
  };
  std::vector<Deed> deeds;

  Fate(std::uint64_t seed, Instant begins) {
    Chance chance(seed, 11);
    const int n = chance.whole(0, 5);
    for (int i = 0; i < n; ++i) {
      const auto what = static_cast<Deed::What>(chance.whole(0, 16));
      // Most of a night's events happen while something runs: half of the deeds fall into the first hour and a half.
      const int s = chance.happens(0.5) ? chance.whole(60, 5400) : chance.whole(60, 30000);
      deeds.push_back({begins + seconds{s}, what, chance.whole(1, 300)});
    }
    std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  }
};

void do_it(Night& night, const Fate::Deed& deed) {
  using What = Fate::Deed::What;
  switch (deed.what) {
    case What::restart: night.dies(deed.number % 2 == 0).passes(seconds{1 + deed.number % 20}).starts(); return;
    case What::kill_for_long: night.dies(deed.number % 2 == 0).passes(seconds{deed.number * 4}).starts(); return;
    case What::stop:
      night.asks(ask::StopAll{}, Door::voice).passes(seconds{400 + deed.number}).asks(ask::Release{}, Door::page);
      return;
    case What::button: night.presses("arrow_left_click"); return;
    case What::button_stop:
      night.presses("off").passes(seconds{400 + deed.number}).asks(ask::Release{}, Door::phone);
      return;
    case What::hand_on_plug: night.happens(Mishap::plug_button); return;
    case What::hand_on_lamp: night.happens(Mishap::lamp_by_hand); return;
    case What::set_heat:
      night.asks(ask::SetDevice{deed.number % 2 ? kWarmth : kWarmer, {}, "", {}}, Door::home_assistant);
      return;
    case What::set_massage: night.asks(ask::SetDevice{kMassage, 100_pct, "pulse", {}}, Door::home_assistant); return;
    case What::play: night.asks(ask::Play{deed.number % 2 ? "wind-down" : "warm-the-bed"}, Door::page); return;
    case What::power_cut: night.happens(Mishap::power_cut); return;
    case What::fold: night.happens(Mishap::pad_folded).passes(10min).happens(Mishap::pad_unfolded); return;
    case What::thermometer: night.happens(Mishap::pad_thermometer_breaks); return;
    case What::stop_button: night.happens(Mishap::stop_button); return;
    case What::plug_away:
      night.happens(Mishap::plug_out_of_reach).passes(seconds{deed.number * 3}).happens(Mishap::plug_in_reach);
      return;
    case What::unheard: night.unheard("pad_temperature", seconds{deed.number * 4}); return;
    case What::bridge: night.happens(deed.number % 2 ? Mishap::bridge_restarts : Mishap::bridge_crashes); return;
  }
}

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return otherwise;
  std::uint64_t n = otherwise;
  const std::string_view all = text;
  std::from_chars(all.data(), all.data() + all.size(), n);
  return n;
}

/// True when every promise was kept.
bool one_night(std::uint64_t seed, bool tell) {
  NightSettings settings;
  settings.room.seed = seed;
  settings.room.partner = seed % 5 == 0;
  settings.room.faults = seed % 3 != 0;
  if (seed % 11 == 0) settings.date = "2026-10-24";  // the clock is set back
  if (seed % 11 == 1) settings.date = "2027-03-27";  // the clock is set forward
  Night night(settings);
  const Fate fate(seed, night.now());
  for (const Fate::Deed& deed : fate.deeds)  // a plug that hears nothing has only its lease
    if (deed.what == Fate::Deed::What::plug_away) night.promises.patience = Patience::lossy();
  for (const Fate::Deed& deed : fate.deeds) {
    if (deed.at > night.now()) night.passes(deed.at - night.now());
    do_it(night, deed);
  }
  night.until(7, 30).passes(6min);
  night.promises.morning(night.truth(), &night.hub());
  if (tell) std::puts(night.all().c_str());
  if (night.promises.broken().empty()) return true;
  ADD_FAILURE() << "LULL_SEED=" << seed << " ctest --test-dir build/release -L stories -R AThousandNights -V\n"
                << night.promises.text();
  return false;
}

void nights(std::uint64_t first, std::uint64_t last) {
  const std::uint64_t alone = number_of("LULL_SEED", 0), all = number_of("LULL_NIGHTS", 1000);
  if (alone) {
    if (alone % 1000 >= first % 1000 && alone % 1000 <= last % 1000) one_night(alone, true);
    return;
  }
  int failed = 0;
  for (std::uint64_t seed = first; seed <= last && failed < 5; ++seed)
    for (std::uint64_t more = seed; more <= std::max<std::uint64_t>(all, 1) && failed < 5; more += 1000)
      failed += !one_night(more, false);
}

TEST(AThousandNights, KeepEveryPromiseTheFirstQuarter) { nights(0, 249); }
TEST(AThousandNights, KeepEveryPromiseTheSecondQuarter) { nights(250, 499); }
TEST(AThousandNights, KeepEveryPromiseTheThirdQuarter) { nights(500, 749); }
TEST(AThousandNights, KeepEveryPromiseTheFourthQuarter) { nights(750, 999); }

}  // namespace
}  // namespace lull
