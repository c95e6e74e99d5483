// Proof of off: its own word, then its watts, and every way to say OFF until then.
#include <gtest/gtest.h>

#include <algorithm>

#include "automations/turn.hpp"
#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// A home whose foot warmer hangs on a plug that measures its power and tells it with a delay.
Home metered(House house = ana()) {
  Home home(std::move(house));
  home.at(22, 0).in_bed(true).hears(PowerReported{kWarmer, 0_W}).at(22, 35);
  home.hears(PowerReported{kWarmer, 40_W});
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
  return home;
}
const OffWatch& watch(const Home& home) { return home.hub.actuators[kWarmer.index].watch; }
OffProof proof(const Home& home) { return proof_of(home.hub.actuators[kWarmer.index]); }
const DeviceView& seen(const View& view) { return view.devices[kWarmer.index]; }

TEST(OffIsProved, ByItsWordAndThenByItsWatts) {
  Home home = metered();
  home.asks(ask::StopAll{}).passes(3s);
  EXPECT_EQ(proof(home), OffProof::word);
  EXPECT_EQ(seen(home.seen()).off_text, "off by its word; its watts are awaited");
  home.hears(PowerReported{kWarmer, 0_W});
  EXPECT_EQ(proof(home), OffProof::watts);
  EXPECT_EQ(seen(home.seen()).off_text, "off, proved by its watts after 3 s");
  home.passes(20min);
  EXPECT_FALSE(home.told("Foot warmer")) << "and nobody is bothered";
}

TEST(OffIsProved, ByItsWordAloneWhereNothingIsMeasured) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad));
  home.asks(ask::StopAll{}).passes(10min);
  EXPECT_EQ(home.seen().devices[kPad.index].off_text, "off by its word; it tells no power");
  EXPECT_FALSE(home.told("Leg massage"));
}

TEST(OffIsProved, NotByAnOldReadingThatABridgeRepeats) {
  Home home;
  home.at(22, 0)
      .in_bed(true)
      .hears(PowerReported{kWarmer, 0_W})
      .at(22, 35);  // its own thermostat pauses: 0 W all along
  home.asks(ask::StopAll{}).passes(2s).hears(PowerReported{kWarmer, 0_W});
  EXPECT_EQ(proof(home), OffProof::word) << "it may be the reading of before";
  home.passes(75s);
  EXPECT_EQ(proof(home), OffProof::watts) << "had it begun to draw, its meter would have told by now";
  EXPECT_FALSE(home.told("Foot warmer"));
}

TEST(OffIsProved, WithoutAnAlarmWhileAPolledPlugIsNotDue) {
  Home home = metered();
  home.asks(ask::StopAll{}).passes(2s).hears(PowerReported{kWarmer, 40_W}).passes(58s);
  EXPECT_FALSE(home.told("Foot warmer")) << "a polled plug tells its power up to a minute late";
  EXPECT_EQ(proof(home), OffProof::word);
  home.hears(PowerReported{kWarmer, 0_W}).passes(20min);
  EXPECT_FALSE(home.told("Foot warmer")) << home.all();
}

TEST(OffIsNotProved, WhenARelaySticks) {
  Home home = metered();
  home.asks(ask::StopAll{});
  home.every_second = [](Home& h) {
    if (h.now.since_boot.count() % 10000 == 0) h.hears(PowerReported{kWarmer, 40_W});
  };
  home.passes(74s);
  EXPECT_FALSE(home.told("Foot warmer"));
  home.thing(kWarmer).heard.clear();
  home.passes(8s);
  EXPECT_TRUE(home.told("Foot warmer: it says it is off but still draws 40 W after 75 s")) << home.all();
  EXPECT_FALSE(seen(home.seen()).off_proved);
  home.passes(50s);
  EXPECT_GE(home.thing(kWarmer).heard.size(), 6u) << "OFF is said at 0, 2, 5, 10, 20, 30 s and so on, whatever it says";
  home.passes(15min);
  EXPECT_EQ(std::count_if(home.phone.begin(), home.phone.end(),
                          [](const std::string& p) { return p.find("says that it is off, but 40 W") != p.npos; }),
            3)
      << "after a minute, five and fifteen; then silence is kindness\n"
      << home.all();
  home.every_second = nullptr;
  home.hears(PowerReported{kWarmer, 0_W}).passes(5s);
  EXPECT_TRUE(home.told("Foot warmer is proved off now: off, proved by its watts")) << home.all();
  home.asks(ask::Release{});
  home.hub.actuators[kWarmer.index].watch.stuck = true;  // as before the release
  home.hub.actuators[kWarmer.index].standing.faulty = true;
  home.passes(20min);
  EXPECT_TRUE(home.hub.actuators[kWarmer.index].standing.faulty) << "a relay that stuck once waits for a person";
  home.asks(ask::Release{});
  EXPECT_FALSE(home.hub.actuators[kWarmer.index].standing.faulty);
  EXPECT_FALSE(watch(home).stuck);
}

TEST(OffIsNotProved, WhenARelaySticksAndSomebodyPressesStopAgainAndAgain) {
  Home home = metered();
  const auto presses = [&](seconds span) {
    for (const Instant end = home.now + span; home.now < end; home.passes(4s)) {
      home.thing(kWarmer).heard.clear();
      home.asks(ask::StopAll{});
      EXPECT_EQ(home.thing(kWarmer).heard, std::vector<std::string>{"off"}) << "each one says it once, at once";
      home.hears(PowerReported{kWarmer, 40_W});
    }
  };
  presses(72s);
  EXPECT_FALSE(home.told("Foot warmer")) << "a polled plug tells its power up to a minute late\n" << home.all();
  presses(12s);
  EXPECT_TRUE(home.told("it says it is off but still draws 40 W after 7") ||
              home.told("it says it is off but draws 40 W after 7"))
      << home.all();
}

TEST(OffIsNotProved, WhenItBeginsToDrawAgain) {
  Home home = metered();
  home.asks(ask::StopAll{}).passes(3s).hears(PowerReported{kWarmer, 0_W}).passes(20s);
  ASSERT_EQ(proof(home), OffProof::watts);
  home.hears(PowerReported{kWarmer, 40_W});
  EXPECT_TRUE(home.told("it says it is off but draws 40 W again")) << "at once: this is no old reading";
  EXPECT_EQ(home.thing(kWarmer).heard.back(), "off");
}

TEST(OffIsNotProved, WhenItsMeterStaysSilent) {
  Home home = metered();
  home.asks(ask::StopAll{}).passes(74s);
  EXPECT_FALSE(home.told("Foot warmer"));
  home.passes(2s);
  EXPECT_TRUE(home.told("its meter has been silent for 75 s; its last word was 40 W")) << home.all();
  home.hears(PowerReported{kWarmer, 1_W}).passes(2s);
  EXPECT_EQ(proof(home), OffProof::watts);
  home.asks(ask::Release{}).passes(11min);
  EXPECT_FALSE(home.hub.actuators[kWarmer.index].standing.faulty) << "nothing was seen to stick";
}

TEST(OffIsProved, SoThatTheNextOnNeedNotWaitForItsWatts) {
  Home home = metered();
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(5s);
  ASSERT_EQ(proof(home), OffProof::word);
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(3s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
  home.passes(3min);
  EXPECT_FALSE(home.told("Foot warmer")) << "40 W while it is on are no contradiction";
}

// ---- more ways ------------------------------------------------------------------------------------------------------

TEST(AnOff, ThatIsNotProvedIsAlsoSaidOnTheHouseholdsOwnTopics) {
  House house = ana();
  house.devices[kWarmer.index].also_off = {{"home/foot_warmer/off", "please"}};
  Home home(house);
  home.at(22, 0).in_bed(true).at(22, 35);
  ASSERT_TRUE(home.runs(kWarmer));
  std::vector<seconds> said;
  Instant since{};
  home.lost = [&](const Effect& e) {
    if (std::holds_alternative<AlsoOff>(e)) said.push_back(duration_cast<seconds>(home.now - since));
    if (const auto* c = std::get_if<SafeCommand>(&e)) return c->device() == kWarmer;
    if (const auto* a = std::get_if<Ask>(&e)) return a->device == kWarmer;
    return false;
  };
  since = home.now;
  home.asks(ask::StopAll{}).passes(65s);
  EXPECT_EQ(said, (std::vector<seconds>{5s, 10s, 20s, 30s, 60s}));
  EXPECT_TRUE(home.told("by the messages of your own")) << "the alarm says what was tried";
}

TEST(AnOff, LeavesBeforeEverythingElseOfItsStep) {
  Home home;
  std::vector<Effect> effects;
  effects.emplace_back(Decision{});
  effects.emplace_back(Ask{kLamp});
  effects.emplace_back(Interlock::off(kPad));
  effects.emplace_back(Decision{});
  effects.emplace_back(Interlock::off(kWarmer));
  off_first(home.hub, effects);
  ASSERT_TRUE(std::holds_alternative<SafeCommand>(effects[0]) && std::holds_alternative<SafeCommand>(effects[1]));
  EXPECT_EQ(std::get<SafeCommand>(effects[0]).device(), kWarmer) << "and of heat first";
  EXPECT_EQ(std::get<SafeCommand>(effects[1]).device(), kPad);
}

TEST(AnOff, OfWhatMayBeRunningLeavesBeforeThatOfWhatIsOff) {
  Home home;
  home.hub.actuators[kWarmer.index].on = false;
  home.hub.actuators[kPad.index].on = true;
  std::vector<Effect> effects;
  effects.emplace_back(Interlock::off(kLamp));
  effects.emplace_back(Interlock::off(kWarmer));
  effects.emplace_back(Interlock::off(kPad));
  off_first(home.hub, effects);
  EXPECT_EQ(std::get<SafeCommand>(effects[0]).device(), kPad)
      << "the radio says one after the other, and this one shakes";
  EXPECT_EQ(std::get<SafeCommand>(effects[1]).device(), kWarmer);
  EXPECT_EQ(std::get<SafeCommand>(effects[2]).device(), kLamp);
  home.hub.actuators[kWarmer.index].on.reset();
  off_first(home.hub, effects);
  EXPECT_EQ(std::get<SafeCommand>(effects[0]).device(), kWarmer) << "unknown is not off";
}

// ---- leases ---------------------------------------------------------------------------------------------------------

TEST(ARenewal, ThatIsLostIsSaidAgainWhileTheLeaseBeforeItRuns) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 31);
  ASSERT_TRUE(home.runs(kWarmer));
  bool away = false;
  home.lost = [&](const Effect& e) {
    const auto* c = std::get_if<SafeCommand>(&e);
    const auto* a = std::get_if<Ask>(&e);
    return away && ((c && c->device() == kWarmer) || (a && a->device == kWarmer));
  };
  away = true;
  home.passes(150s);  // its renewal falls into this
  away = false;
  EXPECT_TRUE(home.runs(kWarmer));
  home.passes(30s);
  EXPECT_TRUE(home.runs(kWarmer));
  EXPECT_FALSE(home.told("Foot warmer")) << "no phone rings for two minutes of bad radio\n" << home.all();
  EXPECT_GT(home.thing(kWarmer).lease_until - home.now, 200s) << "it was renewed as soon as it could be";
  away = true;
  home.passes(8min);
  EXPECT_FALSE(home.runs(kWarmer)) << "its own lease ended it";
  EXPECT_TRUE(home.said("it did not confirm for a whole lease")) << home.all();
}

TEST(ARenewal, IsSpreadSoThatManyDoNotMeet) {
  std::map<std::int64_t, int> in_second;
  for (int i = 0; i < 60; ++i) {
    Device device;
    device.id = "pad_" + std::to_string(i);
    const milliseconds later = spread(device, Instant{1h});
    EXPECT_GE(later, 0ms);
    EXPECT_LT(later, 20s);
    EXPECT_EQ(later, spread(device, Instant{1h})) << "the same in a replay";
    ++in_second[later.count() / 1000];
  }
  for (const auto& [second, n] : in_second) EXPECT_LE(n, 9) << "second " << second;
  EXPECT_GE(in_second.size(), 15u);
}

/// A device of which the longer of two leases remains, as ZCL's On With Timed Off has it.
TEST(ASession, EndsAtItsCapThoughTheLongerOfTwoLeasesRemains) {
  for (int dies_at = 0; dies_at <= 30; dies_at += 3) {
    House house = ana();
    house.routines[0].tracks[1].length = 30min;  // heat for the whole wind-down, and then by hand, too
    Home home(house);
    Instant until{}, first{};
    home.lost = [&](const Effect& e) {
      if (const auto* c = std::get_if<SafeCommand>(&e); c && c->device() == kWarmer) {
        if (c->off()) until = home.now;
        if (!c->off()) until = std::max(until, c->expires());
        if (!c->off() && first == Instant{}) first = home.now;
      }
      return false;
    };
    home.at(22, 0).in_bed(true).at(22, 30);
    for (int minute = 31; minute < 31 + dies_at; ++minute) {
      home.at(minute < 60 ? 22 : 23, minute % 60);
      home.asks(ask::SetDevice{kWarmer, Percent::from(40 + minute % 10), "", {}}).passes(1s);
    }
    // Here Lull dies: what the device holds is all that is left.
    ASSERT_NE(first, Instant{});
    EXPECT_LE(until, first + kHard.heat_session + 1s) << "died after " << dies_at << " min";
  }
}

TEST(AMassage, ThatEndsItsOwnSessionSecondsBeforeOursIsNoFaultAndNoHand) {
  for (const int early : {1, 8, 18}) {
    Home home;
    home.at(21, 0).in_bed(true);
    for (int part = 0; part < 2; ++part) home.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(part == 0 ? 10min : 1s);
    home.passes(10min - seconds{1 + early});
    ASSERT_TRUE(home.runs(kPad)) << home.all();
    home.thing(kPad).on = false;  // its own motor session of twenty minutes
    home.hears(ActuatorReported{kPad, false, {}, {}, {}, true}).hears(DeviceComplained{kPad, "session used"});
    home.passes(40s);
    EXPECT_FALSE(home.runs(kPad)) << "what is left of ours is not asked for";
    EXPECT_TRUE(home.phone.empty()) << home.phone.front();
    EXPECT_FALSE(home.said("by hand")) << home.all();
    EXPECT_TRUE(home.said("Leg massage: its session was over, and it ended it by itself")) << home.all();
    EXPECT_FALSE(home.hub.actuators[kPad.index].standing.faulty);
    home.passes(10min).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(3s);
    EXPECT_TRUE(home.runs(kPad)) << "it has rested";
  }
}

TEST(AMassage, ThatUsesUpItsSessionEndsAndIsNotRefused) {
  Home home;
  home.at(21, 0).in_bed(true);
  home.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(14min).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(7min);
  EXPECT_TRUE(home.said("Leg massage: somebody on the page ends here: a session is 20 min, then it rests for 10 min"))
      << home.all();
  EXPECT_FALSE(home.said("wants 40 %, but a session")) << home.all();
}

}  // namespace
}  // namespace lull
