// Before the night: what is looked at, when, and what a person hears of it.
#include "automations/preflight.hpp"

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

const Check* about(const std::vector<Check>& checks, std::string_view what) {
  for (const Check& c : checks)
    if (c.about == what) return &c;
  return nullptr;
}
std::string lines(const std::vector<Check>& checks) {
  std::string all;
  for (const Check& c : checks)
    all += std::string(word_for(c.state)) + " " + c.about + ": " + c.text + ". " + c.remedy + "\n";
  return all;
}

/// An evening from 20:00 on in which every sensor speaks as it should.
struct Evening : Home {
  bool anklet = true;
  explicit Evening(House house = ana()) : Home(std::move(house)) {
    every_second = [this](Home& h) {
      if (anklet && h.now.since_boot.count() % 10000 == 0) h.hears(MovementReported{kAnkle, Counts{0}});
    };
    at(20, 0).in_bed(false);
  }
};

TEST(ThePreflight, ComesHalfAnHourBeforeTheFirstRuleOfTheEveningAndIsFineWhenAllIsWell) {
  Evening home;
  home.at(21, 59);
  EXPECT_FALSE(home.seen().ready_for_the_night) << "not looked yet";
  home.at(22, 2);
  EXPECT_EQ(home.seen().ready_for_the_night, true) << lines(home.seen().preflight.checks);
  EXPECT_TRUE(home.said("tonight: ready for the night")) << home.all();
  EXPECT_TRUE(home.phone.empty()) << "a phone that nags gets muted";
}

TEST(ThePreflight, ComesAtNineWhereNoRuleKnowsAnHourAndWhenTheHouseholdSays) {
  House no_clock = ana();
  no_clock.rules.erase(no_clock.rules.begin());
  Evening home(no_clock);
  home.at(20, 58);
  EXPECT_FALSE(home.seen().preflight.done_at);
  home.at(21, 2);
  EXPECT_TRUE(home.seen().preflight.done_at);

  House early = ana();
  early.preflight.before = 2h;
  Evening other(early);
  other.at(20, 32);
  EXPECT_TRUE(other.seen().preflight.done_at);

  House never = ana();
  never.preflight.on = false;
  Evening quiet(never);
  quiet.at(23, 0);
  EXPECT_FALSE(quiet.seen().preflight.done_at);
  quiet.asks(ask::Preflight{}).passes(6s);
  EXPECT_TRUE(quiet.seen().preflight.done_at) << "but always when somebody asks";
}

TEST(ThePreflight, IsNotMovedByARuleForTheMorning) {
  House house = ana();
  house.rules.push_back({"Wake", {when::Time{{6 * 60}, kEveryDay}}, {}, {}, {act::Play{"wind-down"}}});
  house.rules.push_back({"Nap", {when::Time{{14 * 60}, kEveryDay}}, {}, {}, {act::Play{"wind-down"}}});
  const Tonight tonight = tonight_of(house, {true, true, true, true}, "2026-11-21");
  EXPECT_EQ(clock_text(local(house.zone, tonight.preflight)), "22:00");
  EXPECT_EQ(clock_text(local(house.zone, tonight.bedtime)), "22:30");
  const Tonight off = tonight_of(house, {false, true, true, true}, "2026-11-21");
  EXPECT_EQ(clock_text(local(house.zone, off.preflight)), "21:00") << "a rule that was switched off plays nothing";
  EXPECT_EQ(clock_text(local(house.zone, off.bedtime)), "23:00");
}

TEST(ThePreflight, TellsOfASilentAnkletBeforeBedtimeAndWhatToDo) {
  Evening home;
  home.anklet = false;
  home.at(22, 2);
  EXPECT_EQ(home.seen().ready_for_the_night, false);
  EXPECT_TRUE(home.told("Tonight: Ana's ankle: has")) << lines(home.seen().preflight.checks);
  EXPECT_TRUE(home.told("Put it on, or charge it.") || home.told("power and radio")) << home.phone.back();
  EXPECT_EQ(home.phone.size(), 1u) << "said once";
  home.anklet = true;
  home.passes(20s).asks(ask::Preflight{}).passes(6s);
  EXPECT_EQ(home.seen().ready_for_the_night, true) << "and asked again it is fine";
}

TEST(ThePreflight, TellsOfALowBattery) {
  Evening home;
  home.hears(BatteryReported{kBed, kBatteryLow}).at(22, 2);
  EXPECT_TRUE(home.told("Bed left: its battery is at 15 %. Change or charge it today.")) << home.all();
  Evening fine;
  fine.hears(BatteryReported{kBed, 16_pct}).at(22, 2);
  EXPECT_TRUE(fine.phone.empty());
  EXPECT_NE(about(fine.hub.preflight.checks, "Bed left")->text.find("battery 16 %"), std::string::npos);
}

TEST(ThePreflight, NamesWhatTheInterlockWouldRefuseAndWhatToDo) {
  Evening home;
  home.hears(GuardChanged{kWarmer, false}).at(22, 2);
  const Check* warmer = about(home.hub.preflight.checks, "Foot warmer");
  ASSERT_TRUE(warmer);
  EXPECT_EQ(warmer->state, Check::State::wrong);
  EXPECT_NE(warmer->text.find("would be refused"), std::string::npos);
  EXPECT_FALSE(warmer->remedy.empty());
}

TEST(ThePreflight, LooksOnlyAtWhatTonightNeeds) {
  House house = ana();
  house.rules.clear();
  house.replay_routine.reset();
  Evening home(house);
  home.hears(GuardChanged{kWarmer, false}).at(21, 2);
  EXPECT_FALSE(about(home.hub.preflight.checks, "Foot warmer")) << "nothing would switch it on";
}

TEST(ThePreflight, CountsTheMinutesThatAreLeft) {
  Evening home;
  home.in_bed(true);  // an empty bed is warmed for half an hour only
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(31min);
  home.passes(31min).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(31min);
  home.at(22, 2);
  const Check* warmer = about(home.hub.preflight.checks, "Foot warmer");
  ASSERT_TRUE(warmer);
  EXPECT_EQ(warmer->state, Check::State::wrong) << lines(home.seen().preflight.checks);
  EXPECT_NE(warmer->text.find("a routine wants 20 min"), std::string::npos) << warmer->text;
}

TEST(ThePreflight, FindsABridgeThatHangsThoughItSaysItIsOnline) {
  House house = ana();
  house.devices[kPad.index].speaks = house.devices[kBed.index].speaks = "zigbee2mqtt";
  for (const bool hangs : {false, true}) {
    Evening home(house);
    int asked = 0;
    home.lost = [&](const Effect& e) {
      if (std::holds_alternative<AskBridge>(e)) ++asked;
      return false;
    };
    const auto seconds_on = home.every_second;
    home.every_second = [&](Home& h) {
      seconds_on(h);
      if (!hangs && h.hub.preflight.begun) h.hears(BridgeAnswered{kPad, true});
    };
    home.at(22, 2);
    EXPECT_EQ(asked, 1) << "one bridge, one question";
    const Check* bridge = about(home.hub.preflight.checks, "zigbee2mqtt");
    ASSERT_TRUE(bridge);
    EXPECT_EQ(bridge->state, hangs ? Check::State::wrong : Check::State::fine) << bridge->text;
    EXPECT_EQ(home.told("says that it is online, but does not answer: it hangs. Restart it."), hangs) << home.all();
  }
}

TEST(ThePreflight, IsMadeOnceANightAlsoAcrossARestart) {
  Evening home;
  home.hears(BatteryReported{kBed, 5_pct}).at(22, 2);
  ASSERT_EQ(home.phone.size(), 1u);
  Home again(ana(), home.disk);
  again.at(22, 5).passes(3min);
  EXPECT_TRUE(again.phone.empty()) << "a restart nags nobody";
}

TEST(ThePreflight, WithoutABrokerSaysSoByTheOtherRoadsAndByTheBrokerAsSoonAsThereIsOne) {
  Evening home;
  home.at(21, 50).hears(LinkChanged{false}).at(22, 5);
  ASSERT_EQ(home.letters.size(), 1u) << home.all();
  EXPECT_FALSE(home.letters[0].only) << "what other road there is may take it";
  EXPECT_TRUE(home.said("tonight: broker: there is no connection")) << home.all();
  home.hears(LinkChanged{true}).passes(2s);
  ASSERT_EQ(home.letters.size(), 2u) << home.all();
  EXPECT_EQ(home.letters[1].only, Notify::Road::broker);
  EXPECT_TRUE(home.told("broker: there is no connection")) << home.all();
}

// ---- nobody is accused who had no time to answer ------------------------------------------------------------------

House with_bridge() {
  House house = ana();
  house.devices[kPad.index].speaks = house.devices[kBed.index].speaks = "zigbee2mqtt";
  return house;
}
/// A bridge that answers each question after `late`.
struct Bridge {
  milliseconds late{500ms};
  std::optional<Instant> asked{};
  int questions = 0;
  void joins(Home& home) {
    home.lost = [this, &home](const Effect& e) {
      if (std::holds_alternative<AskBridge>(e)) asked = home.now, ++questions;
      return false;
    };
    home.every_second = [this](Home& h) {
      if (h.now.since_boot.count() % 10000 == 0) h.hears(MovementReported{kAnkle, Counts{0}});
      for (const DeviceId id : {kPad, kBed}) h.hub.actuators[id.index].standing.awaited.clear();  // it has told all
      if (asked && h.now - *asked >= late) asked.reset(), h.hears(BridgeAnswered{kPad, true});
    };
  }
};
Check::State state_of(const Home& home, std::string_view what) {
  const Check* check = about(home.hub.preflight.checks, what);
  return check ? check->state : Check::State::unknown;
}

TEST(ThePreflight, OfALullThatStartedAfterItsTimeAsksBeforeItAccuses) {
  Home home(with_bridge());
  Bridge bridge;
  bridge.joins(home);
  home.now = Instant{hours{22} + 10min};                                    // ten minutes after the time to look
  home.hears(ClockSet{Home::kNoonUtcOffset}).hears(home.disk).passes(20s);  // the broker is slow to come
  home.hears(LinkChanged{true}).hears(OccupancyReported{kBed, false}).passes(2min);
  ASSERT_TRUE(home.hub.preflight.done_at) << "it is looked all the same";
  EXPECT_GE(bridge.questions, 1);
  EXPECT_EQ(state_of(home, "zigbee2mqtt"), Check::State::fine) << lines(home.hub.preflight.checks);
  EXPECT_EQ(state_of(home, "broker"), Check::State::fine) << lines(home.hub.preflight.checks);
  EXPECT_FALSE(home.said("broker: there is no connection")) << home.all();
}

TEST(ThePreflight, ThatIsAskedForJustAfterAConnectSaysNotYetToldAndAccusesNobody) {
  Home home(with_bridge());
  Bridge bridge;
  bridge.joins(home);
  home.at(20, 0).passes(1min).hears(LinkChanged{false}).passes(2min);
  home.hears(LinkChanged{true}).asks(ask::Preflight{}).passes(6s);
  ASSERT_TRUE(home.hub.preflight.done_at);
  const auto& checks = home.hub.preflight.checks;
  EXPECT_TRUE(std::none_of(checks.begin(), checks.end(), [](const Check& c) { return c.state == Check::State::wrong; }))
      << lines(checks);
  EXPECT_NE(lines(checks).find("not yet told"), std::string::npos) << lines(checks);
  home.passes(2min).asks(ask::Preflight{}).passes(6s);
  EXPECT_EQ(state_of(home, "Leg massage"), Check::State::wrong) << "two minutes later it had its time";
}

TEST(ThePreflight, WhoseQuestionWasLostWithTheConnectionAsksAgain) {
  Home home(with_bridge());
  Bridge bridge;
  bridge.joins(home);
  home.at(20, 0).passes(2min).asks(ask::Preflight{}).hears(LinkChanged{false});
  bridge.asked.reset();
  home.passes(3s).hears(LinkChanged{true}).passes(10s);
  ASSERT_TRUE(home.hub.preflight.done_at);
  EXPECT_EQ(bridge.questions, 2);
  EXPECT_EQ(state_of(home, "zigbee2mqtt"), Check::State::fine) << lines(home.hub.preflight.checks);
}

TEST(ThePreflight, ThatStoodStillReadsTheAnswersThatWaited) {
  Home home(with_bridge());
  Bridge bridge;
  bridge.joins(home);
  home.at(20, 0).passes(2min).asks(ask::Preflight{});
  bridge.asked.reset();  // its answer waits in our socket
  home.now = home.now + 20s;
  home.hears(Stalled{20s, 0ms}).hears(Tick{});
  EXPECT_FALSE(home.hub.preflight.done_at) << "nobody had read what was answered";
  home.hears(BridgeAnswered{kPad, true}).passes(10s);
  ASSERT_TRUE(home.hub.preflight.done_at);
  EXPECT_EQ(state_of(home, "zigbee2mqtt"), Check::State::fine) << lines(home.hub.preflight.checks);
}

TEST(ThePreflight, AfterAnHourWithTheLidClosedAccusesNoSensor) {
  Evening home;
  home.passes(5min);
  home.anklet = false;
  home.now = home.now + 1h;  // nobody could hear it
  home.hears(Stalled{1h, 1h}).passes(10s).asks(ask::Preflight{}).passes(6s);
  const Check* ankle = about(home.hub.preflight.checks, "Ana's ankle");
  ASSERT_TRUE(ankle);
  EXPECT_EQ(ankle->state, Check::State::unknown) << lines(home.hub.preflight.checks);
  home.passes(3h).asks(ask::Preflight{}).passes(6s);
  EXPECT_EQ(about(home.hub.preflight.checks, "Ana's ankle")->state, Check::State::wrong) << "but silence is silence";
}

TEST(ThePreflight, WaitsForNobodyForEver) {
  Home home(with_bridge());
  home.at(20, 0).passes(2min).asks(ask::Preflight{});
  for (int i = 0; i < 40; ++i) home.passes(2s).hears(Stalled{6s, 0ms});  // a machine that is starved all the time
  EXPECT_TRUE(home.hub.preflight.done_at);
}

TEST(ThePreflight, DoubtsAClockThatWasNeverSet) {
  Home home;
  home.now = Instant{1h};
  home.hears(ClockSet{milliseconds{0}}).hears(Started{}).hears(LinkChanged{true});
  EXPECT_EQ(about(check_tonight(home.hub), "clock")->state, Check::State::wrong);
  home.hears(ClockSet{Home::kNoonUtcOffset});
  EXPECT_EQ(about(check_tonight(home.hub), "clock")->state, Check::State::unknown) << "it has just been set";
  home.passes(11min);
  EXPECT_EQ(about(check_tonight(home.hub), "clock")->state, Check::State::fine);
}

TEST(ASensor, MayBeSilentAsLongAsItUsuallyIs) {
  Device strap;
  strap.kind = Kind::presence;
  Vital vital;
  EXPECT_EQ(may_be_silent(strap, vital), 25h) << "nobody knows its ways yet";
  Instant now{1h};
  for (int i = 0; i < 5; ++i) vital.hears(now = now + 50min);
  for (int i = 0; i < 100; ++i) vital.hears(now = now + 1min);  // a restless night says nothing about its quiet
  EXPECT_EQ(may_be_silent(strap, vital), 2h);
  vital.hears(now + 4h);
  EXPECT_EQ(may_be_silent(strap, vital), 8h);
}

}  // namespace
}  // namespace lull
