// Thermometers that lie, beds that nobody gets into, and sensors that died: each is a doubt, and doubt is OFF.
#include <gtest/gtest.h>

#include "tests/automations/warm_home.hpp"

namespace lull {
namespace {

Refusal refusal(const Home& home) { return home.seen().devices[kWarmer.index].refusal; }

// ---- thermometers that lie ------------------------------------------------------------------------------------------

TEST(AThermometer, ThatSaysNoTemperatureEndsTheHeatInTheSameStep) {
  Home home;
  warm(home).hears(ReadingFailed{kWarmer, {}, "\"nan\""});
  EXPECT_FALSE(home.runs(kWarmer)) << "in the same step";
  EXPECT_EQ(code_of(refusal(home)), "reading_failed");
  EXPECT_TRUE(home.said("its thermometer says \"nan\", which is no temperature")) << home.all();
  EXPECT_TRUE(home.told("Foot warmer was switched off: its thermometer says"));
  home.passes(20s);
  EXPECT_FALSE(home.runs(kWarmer)) << "one good reading is not enough: a broken wire touches now and then";
  home.passes(30s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
}

TEST(AThermometer, ThatFailsAgainAndAgainIsNotBelievedInBetween) {
  Home home;
  warm(home);
  for (int i = 0; i < 10; ++i) {
    home.hears(ReadingFailed{kWarmer, {}, "\"nan\""})
        .passes(20s);  // a good reading each ten seconds, a bad one each 20
    EXPECT_FALSE(home.runs(kWarmer));
  }
}

TEST(AThermometer, ThatStandsStillWhileItHeatsIsFrozen) {
  Home home;
  warm(home);
  home.wavers = false;
  home.passes(4min);
  EXPECT_TRUE(home.runs(kWarmer)) << "four minutes may be the last digit of a coarse one";
  home.passes(90s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(code_of(refusal(home)), "reading_frozen");
  EXPECT_TRUE(home.said("stood still at 28")) << home.all();
  EXPECT_TRUE(home.told("it is frozen until it moves"));
  home.passes(3min);
  EXPECT_FALSE(home.runs(kWarmer)) << "time does not mend it";
  home.warms(28.5_degC);
  EXPECT_TRUE(home.runs(kWarmer)) << "it moves, so it lives";
}

TEST(AThermometer, MayStandStillWhileNothingHeats) {
  Home home;
  home.at(22, 0);
  home.wavers = false;
  home.in_bed(true).passes(30min);
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  EXPECT_TRUE(home.runs(kWarmer)) << "a cold pad in a quiet room has no reason to move" << home.all();
}

TEST(AThermometer, ThatJumpsFasterThanASurfaceCanIsNotBelieved) {
  Home home;
  warm(home);
  home.surface = 36.0_degC;  // eight degrees in ten seconds, and far below any ceiling
  home.passes(10s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(code_of(refusal(home)), "reading_jumped");
  EXPECT_TRUE(home.told("jumped faster than a surface can"));
  home.passes(4min);
  EXPECT_FALSE(home.runs(kWarmer));
  home.passes(70s);
  EXPECT_TRUE(home.runs(kWarmer)) << "five calm minutes";
}

TEST(AThermometer, MayWarmAsFastAsAFoldedPad) {
  Home home;
  warm(home).warms(34.0_degC);  // three degrees in ten seconds
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
}

TEST(TwoThermometers, OfOneSurfaceThatDisagreeAreBothDoubted) {
  Home home(with_probe());
  home.every_second = [](Home& h) {
    if (h.now.since_boot.count() % 10000 == 0) h.hears(TemperatureReported{.device = kProbe, .celsius = 30.0_degC});
  };
  warm(home).warms(34.0_degC);
  EXPECT_TRUE(home.runs(kWarmer)) << "four degrees apart: one lies deeper" << home.all();
  home.warms(36.5_degC);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(code_of(refusal(home)), "readings_disagree");
  EXPECT_TRUE(home.said("and 30.0 °C), and nobody knows which one is right")) << home.all();
  std::string why;
  for (const Standpoint& s : explain(home.hub, home.now)) why += s.about + ": " + s.text + "\n";
  EXPECT_NE(why.find("thermometer 2: 30 °C"), std::string::npos) << "both are kept and shown\n" << why;
}

TEST(TwoThermometers, TheHotterOneTrips) {
  Home home(with_probe());
  warm(home);
  home.hears(TemperatureReported{.device = kProbe, .celsius = 33.0_degC}).passes(10s);
  home.hears(TemperatureReported{.device = kProbe, .celsius = 41.0_degC});
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.seen().devices[kWarmer.index].tripped) << "whatever the colder one says";
}

TEST(ASurface, ThatStaysColdThoughItHeatsEndsTheHeatUntilAPersonLooked) {
  Home home;
  home.surface = 20.0_degC;  // the pad slid off its thermometer, which now measures the room
  home.at(22, 0).hears(TemperatureReported{kWarmer, 20.0_degC});
  home.in_bed(true).passes(6min).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(14min);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
  home.passes(2min);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(code_of(refusal(home)), "stays_cold");
  EXPECT_TRUE(home.told("pad and thermometer lie apart"));
  home.asks(ask::Release{}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "a person has looked" << home.all();
}

// ---- beds and their sensors -----------------------------------------------------------------------------------------

TEST(AnEmptyBed, IsWarmedForHalfAnHourAndThenWaitsForSomebody) {
  House house = ana();
  house.sleepers[0].limits.heat_empty = 15min;  // a household may tighten it
  Home home(house);
  home.at(22, 0).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(14min);
  EXPECT_TRUE(home.runs(kWarmer));
  home.passes(2min);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(code_of(refusal(home)), "nobody_came");
  EXPECT_TRUE(home.told("nobody got in"));
  home.in_bed(true).passes(2s);
  EXPECT_TRUE(home.runs(kWarmer)) << "somebody came" << home.all();
}

TEST(ABedThatWasLeft, IsNoticedHoweverLateAnybodyLooks) {
  Home home;
  warm(home);
  home.in_bed(false);
  home.now = home.now + 90s;  // suspended, or starved: not one second was ticked
  home.hears(Tick{}).passes(3s);
  EXPECT_FALSE(home.runs(kWarmer)) << home.all();
}

TEST(APresenceSensor, ThatOnlyABrokerRemembersDoesNotEmptyABed) {
  House house = ana();
  house.sleepers[0].flags = {Flag::neuropathy};
  Home home(house);
  home.at(22, 0).hears(OccupancyReported{.device = kBed, .occupied = false, .remembered = true});
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_FALSE(home.runs(kWarmer)) << "it may have died since";
  EXPECT_TRUE(home.said("nobody can tell whether it is")) << home.all();
  home.in_bed(false).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "now it spoke" << home.all();
}

TEST(APresenceSensor, ThatIsOutOfReachIsNotBelieved) {
  House house = ana();
  house.sleepers[0].flags = {Flag::neuropathy};
  Home home(house);
  home.at(22, 0).in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  ASSERT_TRUE(home.runs(kWarmer));
  home.hears(ReachabilityChanged{kBed, false});
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_FALSE(home.seen().sleepers[0].in_bed.has_value());
}

TEST(APresenceSensor, WithAHeartbeatIsMissedAfterThreeOfThem) {
  Home home;
  home.at(12, 0);
  for (int beat = 0; beat < 9; ++beat) home.in_bed(false).passes(50min);  // as Zigbee contacts do
  ASSERT_EQ(home.seen().sleepers[0].in_bed, false);
  home.passes(90min);
  EXPECT_EQ(home.seen().sleepers[0].in_bed, false) << "two may be lost";
  home.passes(20min);
  EXPECT_FALSE(home.seen().sleepers[0].in_bed.has_value()) << "a dead strap is not believed for ever";
  EXPECT_TRUE(home.said("Bed left: it has said nothing for 15")) << home.all();
  std::string why;
  for (const Standpoint& s : explain(home.hub, home.now)) why += s.text + "\n";
  EXPECT_NE(why.find("Bed left has said nothing for"), std::string::npos) << why;
  home.in_bed(false);
  EXPECT_EQ(home.seen().sleepers[0].in_bed, false) << "it speaks again";
}

TEST(APresenceSensor, WithoutAHeartbeatIsBelievedThroughANight) {
  Home home;
  home.at(22, 0).in_bed(true).passes(9h);
  EXPECT_EQ(home.seen().sleepers[0].in_bed, true) << "it speaks when something changes, and nothing did";
  home.passes(8h);
  EXPECT_FALSE(home.seen().sleepers[0].in_bed.has_value());
}

// ---- somebody else's heat, whose report was lost --------------------------------------------------------------------

TEST(AStrangersHeat, IsFoundAlsoWhileLullWouldLikeHeatAndMayNot) {
  Home home;
  warm(home).hears(ReadingFailed{kWarmer, {}, "\"nan\""}).passes(20s);
  home.every_second = [](Home& h) {  // its thermometer stays broken, so Lull wants heat all the time and may not
    if (h.now.since_boot.count() % 10000 == 0) h.hears(ReadingFailed{kWarmer, {}, "\"nan\""});
  };
  home.passes(30s);
  ASSERT_FALSE(home.runs(kWarmer));
  home.thing(kWarmer).on = true;  // without a word that Lull could hear
  home.thing(kWarmer).lease_until = home.now + 100min;
  home.passes(5min);
  EXPECT_FALSE(home.runs(kWarmer)) << home.all();
}

TEST(AForgedOff, OfAHeaterThatHeatsIsNoProof) {
  Home home;
  warm(home).passes(1min).hears(ActuatorReported{.device = kWarmer, .on = false}).hears(PowerReported{kWarmer, 0_W});
  home.passes(10s);
  EXPECT_FALSE(home.runs(kWarmer)) << "it knows nothing of that: it is told off, and has to prove it" << home.all();
  EXPECT_GE(home.hub.actuators[kWarmer.index].standing.dose.kept.on, 85s) << "and what it gave is counted";
}

}  // namespace
}  // namespace lull
