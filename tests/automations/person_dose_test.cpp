// What a sleeper was given by all devices together, flags of one night, and replays that nobody can make stronger.
#include <gtest/gtest.h>
#include <algorithm>

#include "automations/reask.hpp"
#include "tests/automations/home.hpp"

namespace lull {
namespace {

constexpr DeviceId kSecondPad{6}, kNobodys{7};

/// Ana with two massage pads of her own, and one that is nobody's.
House two_pads() {
  House house = ana();
  for (const char* name : {"Second pad", "Shared pad"}) {
    Device d = house.devices[kPad.index];
    d.id = name == std::string("Second pad") ? "second_pad" : "shared_pad";
    d.name = name;
    if (d.id == "shared_pad") d.sleeper.reset();
    house.devices.push_back(d);
  }
  return house;
}
Home& shake(Home& home, DeviceId pad, Percent level = 40_pct) { return home.asks(ask::SetDevice{pad, level, "", {}}); }
seconds used(const Home& home) { return home.seen().sleepers[0].massage.used; }

// ---- dose of a sleeper ----------------------------------------------------------------------------------------------

TEST(ASleepersDose, TwoPadsHaveNotTwiceTheMinutes) {
  Home home(two_pads());
  home.at(20, 0).in_bed(true);
  milliseconds ran{};
  for (int turn = 0; turn < 10; ++turn) {
    shake(home, turn % 2 ? kPad : kSecondPad);
    for (int s = 0; s < 12 * 60; ++s) {
      home.passes(1s);
      if (home.runs(kPad) || home.runs(kSecondPad)) ran += 1s;
    }
    shake(home, turn % 2 ? kPad : kSecondPad, 0_pct).passes(11min);
  }
  EXPECT_LE(ran, kHard.massage_night);
  EXPECT_GE(ran, kHard.massage_night - 10s) << "and what is allowed is given";
  EXPECT_TRUE(home.said("all devices of its sleeper together: 60 min of 60 min used tonight")) << home.all();
}

TEST(ASleepersDose, ASessionIsNotMadeLongerByTheOtherPad) {
  Home home(two_pads());
  home.at(22, 0).in_bed(true);
  shake(home, kPad).passes(15min);
  shake(home, kSecondPad).passes(6min);
  EXPECT_FALSE(home.runs(kSecondPad)) << "twenty minutes, whichever pad gave them";
  EXPECT_EQ(code_of(home.seen().devices[kSecondPad.index].refusal), "sleeper_session_used") << home.all();
}

TEST(ASleepersDose, BothAtOnceCountOnceInMinutesAndTwiceInStrength) {
  Home home(two_pads());
  home.at(22, 0).in_bed(true);
  shake(home, kPad), shake(home, kSecondPad);
  home.passes(10min);
  shake(home, kPad, 0_pct).passes(2min);
  shake(home, kSecondPad, 0_pct).passes(5s);
  EXPECT_GE(used(home), 12min - 2s);
  EXPECT_LE(used(home), 12min + 5s) << "given back to the second";
  const std::int64_t both = home.seen().sleepers[0].massage.level_minutes;
  EXPECT_NEAR(static_cast<double>(both), 40 * 10 + 40 * 12, 20) << "percent times minutes of both";
}

TEST(ASleepersDose, CountsADeviceThatIsNobodys) {
  Home home(two_pads());
  home.at(22, 0).in_bed(true);
  shake(home, kNobodys).passes(10min);
  shake(home, kNobodys, 0_pct).passes(5s);
  EXPECT_GE(used(home), 10min - 1s);
}

TEST(ASleepersDose, IsOnDiskBeforeTheCommandAndSurvivesARestart) {
  Home home(two_pads());
  bool kept = false, before = true;
  home.lost = [&](const Effect& e) {
    if (const auto* k = std::get_if<KeepDose>(&e)) kept = kept || k->dose.device == "sleeper:ana:massage";
    if (const auto* c = std::get_if<SafeCommand>(&e)) before = before && (c->off() || kept);
    return false;
  };
  home.at(21, 0).in_bed(true);
  shake(home, kPad).passes(14min);
  EXPECT_TRUE(kept && before);
  const seconds was = used(home);
  Home again(two_pads(), home.disk);  // killed while it ran: the whole lease counts
  again.at(21, 16).in_bed(true);
  EXPECT_GE(used(again), was);
  shake(again, kSecondPad).passes(30s);
  EXPECT_FALSE(again.runs(kSecondPad)) << "the other pad rests too";
  EXPECT_EQ(code_of(again.seen().devices[kSecondPad.index].refusal), "sleeper_resting") << again.all();
}

TEST(ASleepersDose, IsNotSpentOnABedThatWasEmpty) {
  Home home;
  home.at(21, 30).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", minutes{20}}).passes(20min);
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(10s);
  EXPECT_LE(home.seen().sleepers[0].heat.used, 10s) << "nobody was warmed";
  EXPECT_GE(home.seen().devices[kWarmer.index].used_tonight, 19min) << "though the device was on";
}

/// Ana with a second foot warmer of her own, as well seen as the first.
House two_warmers() {
  House house = ana();
  Device d = house.devices[kWarmer.index];
  d.id = "second_warmer", d.name = "Second warmer";
  house.devices.push_back(d);
  return house;
}
/// Every second: how often something that warms went off and how often it came on.
struct Changes {
  int on = 0, off = 0;
  explicit Changes(Home& home, DeviceId second) {
    home.every_second = [this, second, was = false](Home& h) mutable {
      if (h.now.since_boot.count() % 10000 == 0)
        h.hears(TemperatureReported{second,
                                    Celsius::of_tenths(280 + static_cast<int>(h.now.since_boot.count() / 10000 % 2))});
      const bool is = h.runs(kWarmer) || h.runs(second);
      if (is != was) is ? ++on : ++off;
      was = is;
    };
  }
};

TEST(APreheatedBed, GoesOnWarmWhenItsSleeperGetsInAndTheDoseCountsFromThen) {
  constexpr DeviceId kSecond{6};
  Home home(two_warmers());
  Changes changes(home, kSecond);
  home.at(21, 0).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(20min);
  home.asks(ask::SetDevice{kSecond, 40_pct, "", {}}).passes(2s);
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(3min);
  home.in_bed(true).passes(20min);
  EXPECT_TRUE(home.runs(kSecond)) << "23 min warmed an empty bed, and only 20 a sleeper" << home.all();
  EXPECT_EQ(changes.on, 1);
  EXPECT_EQ(changes.off, 0) << "nothing was off for a moment and on again" << home.all();
  const seconds used = home.seen().sleepers[0].heat.used;
  EXPECT_GE(used, 20min - 2s);
  EXPECT_LE(used, 20min + kHard.heat_lease) << "what is charged ahead, and no minute of the preheat";
}

TEST(APreheatedBed, DoesNotUseUpASessionOfNobody) {
  constexpr DeviceId kSecond{6};
  Home home(two_warmers());
  Changes changes(home, kSecond);
  home.at(21, 0).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(29min);
  home.asks(ask::SetDevice{kSecond, 40_pct, "", {}}).passes(5s);
  home.thing(kSecond).heard.clear();
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(5min);
  EXPECT_TRUE(home.runs(kSecond)) << home.all();
  EXPECT_EQ(changes.off, 0) << home.all();
  const auto& heard = home.thing(kSecond).heard;
  EXPECT_EQ(std::count(heard.begin(), heard.end(), "off"), 0) << "not even for the moment in which off is proved";
  home.passes(30min);
  EXPECT_FALSE(home.runs(kSecond)) << "but an empty bed is not warmed for ever";
}

TEST(APreheatedBed, LeavesTheLedgerWholeWhenLullIsKilledAfterItsSleeperGotIn) {
  Home home;
  home.at(21, 0).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(15min).in_bed(true).passes(10min);
  ASSERT_TRUE(home.runs(kWarmer)) << home.all();
  Home again(ana(), home.disk);
  again.at(21, 30);
  EXPECT_GE(again.seen().sleepers[0].heat.used, 10min) << "a crash can only count too much";
  EXPECT_LE(again.seen().sleepers[0].heat.used, 10min + kHard.heat_lease + 5s);
}

TEST(ADosesLevel, IsCountedAsItReallyWas) {
  Home home;
  home.at(22, 0).in_bed(true);
  shake(home, kPad, 20_pct).passes(5min);
  shake(home, kPad, 60_pct).passes(5min);
  shake(home, kPad, 0_pct).passes(5s);
  EXPECT_NEAR(static_cast<double>(home.seen().sleepers[0].massage.level_minutes), 20 * 5 + 60 * 5, 15);
}

// ---- flags ----------------------------------------------------------------------------------------------------------

TEST(AFlag, NamesItselfInItsRefusal) {
  House house = ana();
  house.sleepers[0].flags = {Flag::thrombosis};
  Home home(house);
  home.at(22, 0).in_bed(true);
  shake(home, kPad).passes(5s);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.said("a flag locks massage (Ana: thrombosis): ask a clinician first")) << home.all();
}

TEST(AFlag, OfTonightHoldsUntilTheNextNightAndOverARestart) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::FlagTonight{kAna, "sedatives", true}, Door::voice);
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("a flag (Ana: sedatives tonight) allows heat only in an empty bed")) << home.all();
  Home again(ana(), home.disk);
  again.at(23, 0).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_FALSE(again.runs(kWarmer)) << "a restart has not woken her";
  EXPECT_TRUE(again.seen().sleepers[0].sedatives_tonight);
  again.passes(14h).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_FALSE(again.seen().sleepers[0].sedatives_tonight);
  EXPECT_TRUE(again.runs(kWarmer)) << "the next night is another one" << again.all();
}

TEST(AFlag, EndsHeatThatRunsInTheSameStep) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  ASSERT_TRUE(home.runs(kWarmer));
  home.asks(ask::FlagTonight{kAna, "sedatives", true});
  EXPECT_FALSE(home.runs(kWarmer));
}

TEST(EveryFlag, TightensSomethingAndHasAWord) {
  for (std::size_t i = 0; i < kFlagCount; ++i) {
    const Flag flag = static_cast<Flag>(i);
    EXPECT_EQ(flag_for(word_for(flag)), flag);
    const Limits limits = limits_with({flag}, kHard);
    EXPECT_TRUE(limits.heat_only_preheat || !limits.massage_allowed) << word_for(flag);
    EXPECT_EQ(tightest(limits, kHard), limits) << word_for(flag);
  }
}

TEST(AnOldFlag, IsAskedAboutAgainAndNeverLoosensByItself) {
  House house = ana();
  house.sleepers[0].flags = {Flag::recent_surgery, Flag::diabetes};
  house.sleepers[0].since = {{Flag::recent_surgery, "2026-10-01"}, {Flag::diabetes, "2026-10-01"}};
  EXPECT_TRUE(questions(house, "2026-10-30").empty());
  EXPECT_EQ(questions(house, "2026-10-31").size(), 1u) << "thirty days after an operation";
  EXPECT_EQ(questions(house, "2026-12-30").size(), 2u) << "and ninety for the others";
  house.sleepers[0].asked = "2026-05-01";
  EXPECT_EQ(questions(house, "2026-10-28").size(), 1u);
  EXPECT_NE(questions(house, "2026-10-28")[0].find("Has anything new come"), std::string::npos);
  Home home(house);
  home.at(22, 0).in_bed(true).passes(8h).in_bed(false).passes(30min);
  EXPECT_TRUE(home.told("Ana: recent_surgery since 2026-10-01. Is this still so?"));
  const auto asked = [&] {
    return std::count_if(home.phone.begin(), home.phone.end(),
                         [](const std::string& text) { return text.find("Is this still so?") != std::string::npos; });
  };
  const auto once = asked();
  home.passes(24h);
  EXPECT_EQ(asked(), once) << "not each morning";
  shake(home, kPad).passes(5s);
  EXPECT_FALSE(home.runs(kPad));
}

TEST(ADay, IsReadOrRefused) {
  EXPECT_EQ(day_of("1970-01-02"), 1);
  EXPECT_EQ(*day_of("2028-03-01") - *day_of("2028-02-28"), 2) << "a leap year";
  for (const char* wrong : {"", "2026-02-30", "2026-13-01", "20261101", "2026-1-011", "abcd-ef-gh", "2026-11-21T"})
    EXPECT_FALSE(day_of(wrong)) << wrong;
}

// ---- replays in the night -------------------------------------------------------------------------------------------

/// A household that wants too much of a replay.
House greedy() {
  House house = ana();
  Routine strong{"strong", 20min, {}, true};
  Track massage;
  massage.kind = TrackKind::massage, massage.device = kPad, massage.length = 20min, massage.to = 60_pct;
  strong.tracks = {massage};
  house.routines.push_back(strong);
  house.rules[1].then = {act::Play{"strong"}};
  house.rules[1].limits = {};
  return house;
}

TEST(AReplayInTheNight, IsGentleAndShortWhateverTheFileAsks) {
  Home home(greedy());
  home.at(23, 30).in_bed(true).sleeps_quietly(10min).kicks(4min);
  ASSERT_TRUE(home.runs(kPad)) << home.all();
  Percent most{};
  seconds ran{}, to_full{};
  for (int s = 0; s < 20 * 60; ++s) {
    home.passes(1s);
    if (!home.runs(kPad)) continue;
    ran += 1s;
    most = std::max(most, home.thing(kPad).level);
    if (most < kHard.replay_level) to_full += 1s;
  }
  EXPECT_EQ(most, kHard.replay_level);
  EXPECT_LE(ran, kHard.replay_session);
  EXPECT_GE(ran, 7min) << "and what is allowed is given";
}

TEST(AReplayInTheNight, ComesAtMostThreeTimesAndHalfAnHourApart) {
  House house = greedy();  // it would come each time
  house.routines.back().length = house.routines.back().tracks[0].length = 4min;
  Home home(house);
  std::vector<Instant> began;
  home.every_second = [&](Home& h) {
    if (!h.hub.plays.empty() && (began.empty() || h.hub.plays[0].began != began.back()))
      began.push_back(h.hub.plays[0].began);
  };
  home.at(23, 5).in_bed(true).sleeps_quietly(10min);
  for (int episode = 0; episode < 16; ++episode) home.kicks(5min).sleeps_quietly(8min);
  ASSERT_EQ(began.size(), 3u) << home.all();
  for (std::size_t i = 1; i < began.size(); ++i) EXPECT_GE(began[i] - began[i - 1], 30min) << "replay " << i;
  EXPECT_LE(began[2] - began[0], 100min) << "and when half an hour is over they may come again";
  EXPECT_TRUE(home.said("ago, and they are 30 min apart")) << home.all();
  EXPECT_TRUE(home.said("Ana had 3 of 3 replays that a night may have")) << home.all();
  Home again(house, home.disk);
  again.at(5, 30).in_bed(true).sleeps_quietly(6min).kicks(10min);
  EXPECT_FALSE(again.said("strong: begins")) << "and no restart buys a fourth";
}

/// A household whose replay warms, too.
House warm_at_night() {
  House house = greedy();
  Track heat;
  heat.kind = TrackKind::heat, heat.device = kWarmer, heat.length = 20min, heat.to = 40_pct;
  house.routines.back().tracks.push_back(heat);
  return house;
}

TEST(AReplayInTheNight, WarmsOnlyOnATimeLimitInEachCommand) {
  for (const Timer timer : {Timer::on_time, Timer::turn_off_countdown}) {
    Home home(warm_at_night());
    home.at(23, 0).in_bed(true).hears(LinkChanged{false}).hears(LinkChanged{true});
    home.hears(TimerLearned{kPad, Timer::on_time, ""}).hears(TimerLearned{kWarmer, timer, ""}).passed_its_test();
    home.asks(ask::SetDevice{kWarmer, 40_pct, "", minutes{1}}).passes(30s);
    ASSERT_TRUE(home.runs(kWarmer)) << "who is awake may have both: " << word_for(timer) << home.all();
    home.sleeps_quietly(20min).kicks(5min);
    ASSERT_TRUE(home.runs(kPad)) << home.all();
    EXPECT_EQ(home.runs(kWarmer), timer == Timer::on_time) << word_for(timer) << home.all();
    EXPECT_EQ(home.said("in a night replay it needs a thermometer"), timer != Timer::on_time) << home.all();
  }
}

TEST(AReplayInTheNight, WarmsNobodyWithAFlagAndNoBedWithoutAThermometer) {
  for (const bool flagged : {true, false}) {
    House house = warm_at_night();
    if (flagged) house.sleepers[0].flags = {Flag::neuropathy};
    Home home(house);
    home.thermometer_talks = flagged;
    home.at(23, 0);
    home.hub.actuators[kWarmer.index].standing.measures_surface = flagged;
    home.in_bed(true).sleeps_quietly(20min).kicks(5min);
    ASSERT_TRUE(home.runs(kPad)) << home.all();
    EXPECT_FALSE(home.runs(kWarmer)) << home.all();
    home.in_bed(false).passes(5s);
    EXPECT_FALSE(home.runs(kWarmer)) << "nor while she is up" << home.all();
    EXPECT_EQ(code_of(home.seen().devices[kWarmer.index].refusal), "replay_heat");
  }
}

}  // namespace
}  // namespace lull
