// A thousand nights, each from its seed: fine weather and foul, hands and mishaps, Lull killed and started again, a
// sensor that dies. Every promise is looked at each second. To see one night alone: LULL_SEED=17, with its story.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/stories/fate.hpp"

namespace lull {
namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return otherwise;
  std::uint64_t n = otherwise;
  const std::string_view all = text;
  std::from_chars(all.data(), all.data() + all.size(), n);
  return n;
}

/// What became of many nights. A simulation in which nothing runs, or nothing goes wrong, proves nothing.
struct Tally {
  Harms harms;
  int nights = 0, with_heat = 0, with_massage = 0, failed = 0;
};

void one_night(std::uint64_t seed, bool tell, Tally& tally) {
  NightSettings settings;
  settings.room.seed = seed;
  settings.room.partner = seed % 5 == 0;
  settings.room.faults = seed % 3 != 0;
  settings.room.weather.cut = settings.room.faults ? 0.01 : 0;
  if (seed % 11 == 0) settings.date = "2026-10-24";  // the clock is set back
  if (seed % 11 == 1) settings.date = "2027-03-27";  // the clock is set forward
  settings.tested = seed % 7 != 0;                   // every seventh household unpacks its heaters tonight
  Night night(settings);
  if (!settings.tested)
    for (const DeviceId heater : {kWarmer, kWarmth})
      night.passes(30s).asks(ask::Test{heater}, Door::command_line).passes(90s);
  night.harms[Harm::clock_change_night] += seed % 11 <= 1;
  const std::vector<Deed> deeds = fate(seed, night.now());
  for (const Deed& deed : deeds)
    if (needs_patience(deed.what)) night.promises.patience = Patience::lossy();
  for (const Deed& deed : deeds) {
    if (deed.at > night.now()) night.passes(deed.at - night.now());
    happens(night, deed);
  }
  night.until(7, 30).passes(6min);
  night.promises.morning(night.truth(), night.alive() ? &night.hub() : nullptr, night.disk.kept);
  if (tell) std::puts(night.all().c_str());
  night.harms.add(night.room().weathered());
  for (const demo::Planned& planned : night.room().plan()) {  // what foul weather brings by itself
    night.harms[Harm::bridge_restarts] += planned.mishap == demo::Mishap::bridge_restarts;
    night.harms[Harm::bridge_crashes] += planned.mishap == demo::Mishap::bridge_crashes;
    night.harms[Harm::broker_restarts] += planned.mishap == demo::Mishap::broker_gone;
    night.harms[Harm::device_refuses] += planned.mishap == demo::Mishap::plug_refuses;
  }
  tally.harms.add(night.harms);
  ++tally.nights;
  tally.with_heat += night.promises.heat_of_pad + night.promises.heat_of_plug >= 5min;
  tally.with_massage += night.promises.massage >= 5min;
  if (night.promises.broken().empty()) return;
  ++tally.failed;
  ADD_FAILURE() << "LULL_SEED=" << seed << " ctest --test-dir build/release -L stories -R AThousandNights -V\n"
                << night.promises.text();
}

void nights(std::uint64_t first, std::uint64_t last) {
  const std::uint64_t alone = number_of("LULL_SEED", 0), all = number_of("LULL_NIGHTS", 1000);
  Tally tally;
  if (alone) {
    if (alone % 1000 >= first % 1000 && alone % 1000 <= last % 1000) one_night(alone, true, tally);
    return;
  }
  for (std::uint64_t seed = first; seed <= last && tally.failed < 5; ++seed)
    for (std::uint64_t more = seed; more <= std::max<std::uint64_t>(all, 1) && tally.failed < 5; more += 1000)
      one_night(more, false, tally);
  std::printf("%d nights, heat in %d, massage in %d; %s\n", tally.nights, tally.with_heat, tally.with_massage,
              tally.harms.text().c_str());
  if (tally.failed > 0 || tally.nights < 200) return;  // few nights meet few things
  EXPECT_GE(tally.with_heat, tally.nights * 3 / 4);
  EXPECT_GE(tally.with_massage, tally.nights * 3 / 4);
  for (std::size_t i = 0; i < kHarms.size(); ++i)
    EXPECT_GE(tally.harms.n[i], tally.nights / 50) << kHarms[i] << " hardly happened";
}

TEST(AThousandNights, KeepEveryPromiseTheFirstQuarter) { nights(0, 249); }
TEST(AThousandNights, KeepEveryPromiseTheSecondQuarter) { nights(250, 499); }
TEST(AThousandNights, KeepEveryPromiseTheThirdQuarter) { nights(500, 749); }
TEST(AThousandNights, KeepEveryPromiseTheFourthQuarter) { nights(750, 999); }

}  // namespace
}  // namespace lull
