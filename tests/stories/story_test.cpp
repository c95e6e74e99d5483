// Whole nights, told. Lull and the bedroom speak real bytes; every promise is looked at each second.
#include <gtest/gtest.h>

#include "tests/stories/night.hpp"

namespace lull {
namespace {

using demo::Mishap;

/// Ends the night and looks at what was promised.
void every_promise_is_kept(Night& night) {
  night.until(7, 30).passes(6min);
  night.promises.morning(night.truth(), night.alive() ? &night.hub() : nullptr, night.disk.kept);
  EXPECT_TRUE(night.promises.broken().empty()) << night.promises.text() << night.all();
}
bool massages(const Night& night) { return night.truth().massage > 0; }
Night seeded(std::uint64_t seed, std::string date = "2026-11-21") {
  NightSettings settings;
  settings.room.seed = seed;
  settings.date = std::move(date);
  return Night(settings);
}

TEST(ANight, BeginsWithAWarmBedAndAWindDown) {
  Night night = seeded(1);
  night.until(22, 15);
  EXPECT_TRUE(night.truth().plug_on) << "the empty bed is warmed" << night.all();
  night.until([](const Night& n) { return n.truth().in_bed; }, 60min).passes(5s);
  EXPECT_FALSE(night.truth().plug_on) << "not with somebody in it: the plug has no thermometer";
  EXPECT_TRUE(night.plays("wind-down"));
  night.passes(12min);
  EXPECT_GT(night.truth().massage, 0) << night.all();
  EXPECT_TRUE(night.truth().pad_heat_armed);
  every_promise_is_kept(night);
  EXPECT_EQ(night.problems, std::vector<std::string>{});
  EXPECT_FALSE(night.said("did not")) << "in fine weather everything answers\n" << night.all();
  EXPECT_FALSE(night.said("by hand")) << "nobody touched anything\n" << night.all();
}

TEST(ARestlessNight, IsAnsweredByAReplayAndTheSleeperCalms) {
  int episodes = 0, answered = 0, calmed = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Night night = seeded(seed);
    std::optional<Instant> begun;
    bool told = false;
    while (night.now() < Instant{1h} + 8h + 30min) {
      night.passes(1s);
      const bool restless = night.truth().restless;
      if (restless && !begun) begun = night.now(), told = false, ++episodes;
      if (restless && !told && night.plays("night-relief")) {
        told = true;
        ++answered;
        EXPECT_LE(night.now() - *begun, 6min) << "seed " << seed << " at " << night.clock();
      }
      if (!restless) begun.reset();
    }
    for (const demo::Episode& e : night.room().episodes()) calmed += e.calmed;
    every_promise_is_kept(night);
    EXPECT_LE(night.promises.replays, 4);
  }
  EXPECT_GE(answered * 10, episodes * 6) << answered << " of " << episodes << "; others end early or meet a limit";
  EXPECT_GE(calmed * 10, answered * 5) << calmed << " of " << answered;
}

TEST(TheBedsideButton, BringsReliefAtTwoInTheNightAndStopsItAgain) {
  Night night = seeded(3);
  night.until(22, 59).asks(ask::AllowNightReplay{false});  // the massage's minutes are kept for two o'clock
  night.until(2).asks(ask::AllowNightReplay{true}).presses("arrow_left_click").passes(2min);
  EXPECT_TRUE(massages(night)) << night.all();
  EXPECT_TRUE(night.said("night-relief: begins, asked for by rule Bedside button"));
  night.presses("off").passes(2s);
  EXPECT_FALSE(massages(night));
  night.passes(30min).presses("arrow_left_click").passes(1min);
  EXPECT_FALSE(massages(night)) << "latched until a person releases it";
  EXPECT_TRUE(night.said("STOP is on")) << night.all();
  night.asks(ask::Release{}).presses("arrow_left_click").passes(2min);
  EXPECT_TRUE(massages(night));
  every_promise_is_kept(night);
}

TEST(AHand, OnTheLampWinsUntilTheNextNight) {
  Night night = seeded(1);
  night.until([](const Night& n) { return n.plays("wind-down"); }, 2h).passes(5min).happens(Mishap::lamp_by_hand);
  night.passes(20min);
  EXPECT_TRUE(night.truth().lamp_on) << "it is left as the hand wanted it" << night.all();
  EXPECT_NEAR(night.truth().lamp_level, 70, 2);
  EXPECT_TRUE(night.said("Bedside lamp: somebody switched it on by hand"));
  every_promise_is_kept(night);
}

TEST(AHand, OnThePadsOwnButtonEndsTheMassage) {
  Night night = seeded(1);
  night.until(massages, 3h).passes(3min).happens(Mishap::stop_button).passes(10min);
  EXPECT_FALSE(massages(night)) << "the hand wins\n" << night.all();
  EXPECT_TRUE(night.said("Leg massage: somebody switched it off by hand"));
  every_promise_is_kept(night);
}

TEST(AHand, OnThePlugGetsNoHeatWithoutALease) {
  Night night = seeded(1);
  night.until(3).happens(Mishap::plug_button).passes(15s);
  EXPECT_FALSE(night.truth().plug_on);
  EXPECT_TRUE(night.told("Heat runs only for a time that Lull bounds")) << night.all();
  every_promise_is_kept(night);
}

TEST(ADyingAnklet, LeavesAQuietNightThatSaysWhy) {
  Night night = seeded(2);
  night.until(23).happens(Mishap::anklet_dies).until(4);
  EXPECT_EQ(night.times_said("rule Restless at night"), 0) << "no guess from a sensor that says nothing";
  EXPECT_NE(night.explained().find("the movement sensor went quiet"), std::string::npos) << night.explained();
  every_promise_is_kept(night);
}

TEST(Zigbee2Mqtt, RestartsWhileTheBedIsWarmedAndNothingStaysOn) {
  for (const Mishap how : {Mishap::bridge_restarts, Mishap::bridge_crashes}) {
    Night night = seeded(1);
    night.until(22, 14).happens(how).passes(20s).until(22, 32);
    EXPECT_FALSE(night.truth().plug_on) << night.all();
    every_promise_is_kept(night);
  }
}

TEST(APowerCut, LeavesEverythingOff) {
  Night night = seeded(1);
  night.until(22, 14);
  ASSERT_TRUE(night.truth().plug_on);
  night.happens(Mishap::power_cut);
  EXPECT_FALSE(night.truth().plug_on) << "Lull had told it to wake off";
  night.until(massages, 3h).happens(Mishap::power_cut).passes(1s);
  EXPECT_FALSE(massages(night) || night.truth().pad_heat_armed);
  every_promise_is_kept(night);
}

TEST(TheBroker, GoesAndTheHeatGoesToo) {
  Night night = seeded(1);
  night.until([](const Night& n) { return n.truth().pad_heat_armed; }, 3h).passes(1min).happens(Mishap::broker_gone);
  EXPECT_FALSE(night.truth().pad_heat_armed) << "the pad lets go at once";
  night.passes(6min);
  EXPECT_FALSE(night.truth().warm() || massages(night)) << "and the rest within a lease";
  night.happens(Mishap::broker_back).passes(30s);
  EXPECT_TRUE(night.said("everything Lull drives is proved off; rules may act"));
  every_promise_is_kept(night);
}

TEST(Lull, IsKilledInTheMiddleOfASessionAndStartsNothingAgain) {
  for (const bool wills : {true, false}) {
    Night night = seeded(1);
    night.until(massages, 3h).passes(1min);
    ASSERT_TRUE(night.truth().pad_heat_armed);
    night.dies(wills).passes(1s);
    if (wills) { EXPECT_FALSE(night.truth().pad_heat_armed) << "its last will said OFF"; }
    night.passes(301s);
    EXPECT_FALSE(night.truth().pad_heat_armed || massages(night)) << "the leases ended it";
    night.starts().passes(30min);
    EXPECT_FALSE(massages(night) || night.truth().warm()) << "nothing starts because something restarted";
    every_promise_is_kept(night);
  }
}

TEST(Lull, StartedAnewAtOnceSweepsWhatStillRuns) {
  Night night = seeded(1);
  night.until(massages, 3h).passes(1min).dies(false).starts().passes(3s);
  EXPECT_FALSE(massages(night) || night.truth().pad_heat_armed) << night.all();
  EXPECT_EQ(night.times_said("rule Bedtime: when"), 1);
  every_promise_is_kept(night);
}

TEST(TheClock, IsSetBackAndForwardAndTheNightStaysTheNight) {
  for (const char* date : {"2026-10-24", "2027-03-27"}) {
    Night night = seeded(1, date);
    night.until(7, 30);
    EXPECT_EQ(night.hub().night, date);
    EXPECT_EQ(night.times_said("rule Warm the bed: at 22:10"), 1);
    EXPECT_LE(night.promises.replays, 4);
    EXPECT_LE(night.promises.massage, 60min + 20s);
    every_promise_is_kept(night);
  }
}

TEST(Stop, InTheMiddleOfEverythingIsProvedWithinSeconds) {
  Night night = seeded(1);
  night.until(massages, 3h).passes(2min);
  ASSERT_TRUE(night.truth().pad_heat_armed);
  night.asks(ask::StopAll{}, Door::voice).passes(2s);
  EXPECT_FALSE(massages(night) || night.truth().warm() || night.truth().pad_heat_armed);
  for (const DeviceId id : {kMassage, kWarmth}) EXPECT_TRUE(night.seen(id).off_proved);
  night.passes(5s);
  EXPECT_TRUE(night.seen(kWarmer).off_proved);
  every_promise_is_kept(night);
}

TEST(Stop, OfThePlugIsProvedByItsWattsToo) {
  Night night = seeded(1);
  night.until(22, 15);
  ASSERT_TRUE(night.truth().plug_on) << night.all();
  night.asks(ask::StopAll{}, Door::voice).passes(4s);
  EXPECT_GE(proof_of(night.seen(kWarmer)), OffProof::word) << "its word is there within seconds";
  night.passes(15s);
  EXPECT_EQ(proof_of(night.seen(kWarmer)), OffProof::watts) << proof_text(night.seen(kWarmer)) << night.all();
  every_promise_is_kept(night);
}

TEST(ARelayThatSticks, IsSeenByItsWattsAndToldToAPerson) {
  Night night = seeded(1);
  night.until(22, 16);
  ASSERT_TRUE(night.truth().plug_on) << night.all();
  night.promises.patience = Patience::lossy();  // its own lease is what ends it
  night.happens(Mishap::plug_lies_off).asks(ask::StopAll{}, Door::voice).passes(10s);
  EXPECT_TRUE(night.truth().plug_on) << "it says off and is not";
  EXPECT_TRUE(night.seen(kWarmer).off_proved) << "nobody can know it yet";
  EXPECT_FALSE(night.told("Foot warmer"));
  night.passes(70s);
  EXPECT_TRUE(night.told("Foot warmer: it says it is off but still draws 60 W")) << night.all();
  EXPECT_FALSE(night.seen(kWarmer).off_proved);
  EXPECT_NE(night.explained().find("60 W was the last word of its meter"), std::string::npos) << night.explained();
  night.passes(70s);
  EXPECT_TRUE(night.told("Foot warmer says that it is off, but 60 W was the last word of its meter")) << night.all();
  night.passes(300s);
  EXPECT_FALSE(night.truth().plug_on) << "its own timer ended it";
  EXPECT_TRUE(night.told("Foot warmer is proved off now")) << night.all();
  EXPECT_TRUE(night.seen(kWarmer).standing.faulty) << "until a person releases it";
  every_promise_is_kept(night);
}

TEST(Stop, AlsoEndsWhatAnotherProgramSwitchesOn) {
  Night night = seeded(1);
  night.until(3).asks(ask::StopAll{}, Door::voice).passes(10s);
  night.somebody_publishes("lull/pad/left/number/lease/command", "300");
  night.somebody_publishes("lull/pad/left/number/vibration/command", "40").passes(5s);
  EXPECT_FALSE(massages(night)) << night.all();
  every_promise_is_kept(night);
}

TEST(AnEmptyBed, IsNotShaken) {
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Night night = seeded(seed);
    const demo::Sleeper& sleeper = night.room().sleeper();
    if (sleeper.up_from() == sleeper.up_until()) continue;  // slept through
    night.until(22, 59).asks(ask::AllowNightReplay{false});
    night.passes(night.room().at(sleeper.up_from() - 120) - night.now());
    night.asks(ask::SetDevice{kMassage, 40_pct, "", {}}).passes(115s);
    ASSERT_TRUE(massages(night)) << night.all();
    night.passes(90s);
    ASSERT_FALSE(night.truth().in_bed);
    EXPECT_FALSE(massages(night)) << "seed " << seed << night.all();
    every_promise_is_kept(night);
    ++seen;
  }
  EXPECT_GE(seen, 2);
}

TEST(TheThermometer, FallsSilentAndTheHeatEnds) {
  Night night = seeded(1);
  night.until(massages, 3h).passes(2min);
  night.unheard("pad_temperature", 4min).passes(80s);
  EXPECT_FALSE(night.truth().pad_heat_armed) << night.all();
  EXPECT_TRUE(night.said("Pad warmth: wind-down (rule Bedtime) wants 40 %, but the thermometer went quiet"));
  EXPECT_TRUE(massages(night)) << "only the heat doubts";
  night.passes(4min);
  EXPECT_TRUE(night.truth().pad_heat_armed) << "it is seen again, and the routine still plays";
  every_promise_is_kept(night);
}

TEST(WhyDidNothingHappen, HasAnAnswerAtEveryHour) {
  Night night = seeded(4);
  night.until(22, 5);
  EXPECT_NE(night.explained().find("Ana: not in bed"), std::string::npos) << night.explained();
  EXPECT_NE(night.explained().find("rule Restless at night: acts when Ana gets restless. It could not have acted: "
                                   "22:05 is not between 23:00 and 06:30"),
            std::string::npos)
      << night.explained();
  night.until(22, 59).asks(ask::NotTonight{}).until(2);
  EXPECT_NE(night.explained().find("tonight: a person said: not tonight"), std::string::npos) << night.explained();
  EXPECT_NE(night.explained().find("movements in the last"), std::string::npos) << night.explained();
  EXPECT_EQ(night.promises.replays, 0);
  every_promise_is_kept(night);
}

TEST(AWishThatWaitedWhileLullHung, BeginsNothingWhateverItsDoor) {
  for (const Door door : {Door::mqtt, Door::page, Door::voice}) {
    Night night = seeded(3);
    night.passes(60s).hangs(20s).passes(5s);
    night.asks(ask::Play{"wind-down"}, door).asks(ask::SetDevice{kWarmth, 40_pct, "", {}}, door);
    night.passes(20s);
    EXPECT_FALSE(night.plays("wind-down")) << night.all();
    EXPECT_TRUE(night.said("while Lull stood still")) << night.all();
    night.passes(2min);
    EXPECT_FALSE(night.truth().pad_heat_armed || night.truth().massage > 0) << night.all();
  }
}

TEST(AStopThatWaitedWhileLullHung, IsObeyed) {
  Night night = seeded(3);
  night.until(22, 12).hangs(6500ms).passes(3s).asks(ask::StopAll{}, Door::voice).passes(10s);
  EXPECT_TRUE(night.hub().stopped);
  EXPECT_FALSE(night.truth().plug_on) << night.all();
}

}  // namespace
}  // namespace lull
