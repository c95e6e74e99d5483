// The gate: what must be known of an actuator, and found in order, before it heats or shakes anybody.
#include "devices/safety/gate.hpp"

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// A home whose heater stands behind Zigbee2MQTT and is plug 0x01.
Home behind_a_bridge() {
  House house = ana();
  house.devices[kWarmer.index].speaks = "zigbee2mqtt";
  house.devices[kWarmer.index].at = "Foot warmer plug";
  const TrialResult passed{true, Utc{1s},
                           fingerprint(house.devices[kWarmer.index], {kWarmer, "E22xx", "1", "0x01"}, Timer::on_time),
                           "passed"};
  Started kept;
  kept.settings.push_back({"trial:foot_warmer", to_setting(passed)});
  Home home(std::move(house), std::move(kept));
  home.at(22, 0).hears(DeviceIdentified{kWarmer, "E22xx", "1", "0x01", false});
  return home;
}
Home judged() {
  Home home = behind_a_bridge();
  home.hears(GateJudged{kWarmer, Source::list, {}}).hears(GateJudged{kWarmer, Source::settings, {}});
  home.hears(GroupsListed{kWarmer, {{"0x02", "lamps"}}}).passes(5s);
  return home;
}
bool warms(Home& home) {
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  return home.runs(kWarmer);
}
Refusal refusal(const Home& home) { return home.hub.actuators[kWarmer.index].refusal; }
const Finding kThrottle{Flaw::throttle_option, Source::settings, true, "the option `throttle` is set", "remove it"};

TEST(TheGate, OpensWhenEveryDocumentWasReadAndNothingWasFound) {
  Home home = judged();
  EXPECT_TRUE(warms(home)) << home.all();
}

TEST(TheGate, StaysShutUntilTheBridgeHasToldAllThatMustBeKnown) {
  for (const Source missing : {Source::list, Source::settings, Source::groups}) {
    Home home = behind_a_bridge();
    for (const Source told : {Source::list, Source::settings})
      if (told != missing) home.hears(GateJudged{kWarmer, told, {}});
    if (missing != Source::groups) home.hears(GroupsListed{kWarmer, {}});
    EXPECT_FALSE(warms(home)) << word_for(missing);
    EXPECT_EQ(refusal(home), Refusal::not_conforming);
    EXPECT_TRUE(home.said("its bridge has not yet told its")) << home.all();
  }
}

TEST(TheGate, ShutsWhileItHeatsWhenSomethingIsFoundAndOpensWhenItIsMended) {
  Home home = judged();
  ASSERT_TRUE(warms(home));
  home.hears(GateJudged{kWarmer, Source::settings, {kThrottle}});
  EXPECT_FALSE(home.runs(kWarmer)) << "in the same step";
  EXPECT_TRUE(home.told("is not used any more: the option `throttle` is set; remove it"));
  EXPECT_EQ(home.seen().devices[kWarmer.index].findings.at(0), kThrottle) << "for MQTT, the API and the pages";
  home.hears(GateJudged{kWarmer, Source::settings, {}}).passes(5s);
  EXPECT_TRUE(warms(home)) << "without a restart";
}

TEST(TheGate, ForgetsEverythingWithTheConnection) {
  Home home = judged();
  home.hears(LinkChanged{false}).hears(LinkChanged{true}).hears(TimerLearned{kWarmer, Timer::on_time, ""}).passes(10s);
  EXPECT_FALSE(warms(home));
  EXPECT_EQ(refusal(home), Refusal::not_conforming);
}

TEST(TheGate, KeepsAHeaterOutThatIsInAGroupWhicheverIsToldFirst) {
  Home home = judged();
  home.hears(GroupsListed{kWarmer, {{"0x02", "lamps"}, {"0x01", "bedroom"}}});
  EXPECT_FALSE(warms(home));
  EXPECT_TRUE(home.said("it is in the Zigbee group 'bedroom'")) << home.all();
  Home other = judged();
  other.hears(DeviceIdentified{kWarmer, "E22xx", "1", "0x02", false});
  EXPECT_FALSE(warms(other));
  EXPECT_TRUE(other.said("it is in the Zigbee group 'lamps'")) << "another plug took the name: " << other.all();
}

TEST(TheGate, LetsNoHeaterInThatWouldComeBackOn) {
  Home home = judged();
  home.hears(DeviceIdentified{kWarmer, "E22xx", "1", "0x01", true}).passes(5s);
  EXPECT_FALSE(warms(home));
  EXPECT_EQ(refusal(home), Refusal::power_on_not_off) << "it can tell, and has not yet";
  ActuatorReported says{kWarmer};
  says.wakes_off = false;
  home.hears(says);
  EXPECT_TRUE(home.said("it has not yet shown that it stays off after a power cut")) << home.all();
  says.wakes_off = true;
  home.hears(says);
  EXPECT_TRUE(warms(home)) << home.all();
  says.wakes_off = false;  // somebody set it to "previous"
  home.hears(says).passes(1s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_NE(home.seen().devices[kWarmer.index].why.find("would not come back off"), std::string::npos);
}

TEST(TheGate, OnlyNotesWhatMakesLullBlindAndWhatNobodyCanTell) {
  Home home = judged();
  Finding note{Flaw::availability_off, Source::settings, false, "nobody watches", "set it"};
  home.hears(GateJudged{kWarmer, Source::settings, {note}});
  EXPECT_TRUE(warms(home)) << home.all();
  const auto findings = home.seen().devices[kWarmer.index].findings;
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].flaw, Flaw::power_on_unknown);
  EXPECT_EQ(findings[1].flaw, Flaw::availability_off);
}

TEST(TheGate, ShowsARetainedCommandThatWasRemoved) {
  Home home = judged();
  home.hears(RetainedCommandFound{kWarmer, "zigbee2mqtt/Foot warmer plug/set"});
  const auto findings = home.seen().devices[kWarmer.index].findings;
  EXPECT_EQ(findings.back().flaw, Flaw::retained_command);
  EXPECT_FALSE(findings.back().refuses) << "it is gone: removed when it was found";
}

TEST(TheGate, HasABoundOnWhatItRemembers) {
  std::vector<Finding> all, many(100, kThrottle);
  replace(all, Source::settings, many);
  EXPECT_EQ(all.size(), kMaxFindings);
  replace(all, Source::settings, {});
  EXPECT_TRUE(all.empty());
}

TEST(TheFingerprint, ChangesWithWhateverMakesItAnotherDevice) {
  Device d;
  d.speaks = "mqtt";
  d.at = "x";
  d.mapping.on = {{"cmnd/plug/Power", "ON"}};
  const DeviceIdentified is{kWarmer, "E22xx", "1.0", "0x01"};
  const std::string was = fingerprint(d, is, Timer::mapped_duration);
  EXPECT_EQ(fingerprint(d, is, Timer::mapped_duration), was);
  DeviceIdentified other = is;
  other.firmware = "1.1";
  EXPECT_NE(fingerprint(d, other, Timer::mapped_duration), was);
  other = is, other.address = "0x02";
  EXPECT_NE(fingerprint(d, other, Timer::mapped_duration), was);
  EXPECT_NE(fingerprint(d, is, Timer::mapped_auto_off), was);
  d.mapping.on[0].payload = "TOGGLE";
  EXPECT_NE(fingerprint(d, is, Timer::mapped_duration), was) << "other words to the same device";
}

}  // namespace
}  // namespace lull
