// Devices that hear OFF and go on. Each of these was found by a simulated night.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// Ana's pad shakes, and from now on takes no OFF. Something else, its maker's remote perhaps, keeps its lease alive.
Home a_pad_that_refuses_off(House house = ana()) {
  Home home(std::move(house));
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(2min);
  EXPECT_TRUE(home.runs(kPad));
  home.thing(kPad).deaf = true;
  home.thing(kPad).lease_until = home.now + 12h;
  return home;
}

TEST(DoseIsKept, AndWhatADeviceGivesThatRefusesItsOffIsCounted) {
  Home home = a_pad_that_refuses_off();
  home.asks(ask::StopAll{}).passes(10min);
  ASSERT_EQ(home.disk.dose.size(), 2u) << "of the pad, and of its sleeper";
  const auto on = [&] { return home.disk.dose[home.disk.dose[0].device == "leg_massage" ? 0 : 1].on; };
  EXPECT_GE(on(), 12min) << "its lease was over long ago, but it says that it still runs";
  EXPECT_LE(on(), 14min);
  home.thing(kPad).deaf = false;
  home.passes(35s);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_LE(on(), 13min) << "and what was charged ahead is given back";
}

/// One pad with a motor and a heater has one lease: renewed for the one, it holds the other too.
House one_pad_for_both() {
  House house = ana();
  for (DeviceId id : {kPad, kWarmer}) {
    house.devices[id.index].speaks = "esphome";
    house.devices[id.index].at = "lull/pad/left";
  }
  return house;
}

TEST(HeatIsLeased, AndALeaseThatTwoShareLapsesWhenOneOfThemRefusesItsOff) {
  Home home(one_pad_for_both());
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}});
  for (DeviceId id : {kPad, kWarmer}) home.hears(TimerLearned{id, Timer::lease, ""});
  home.passed_its_test();
  home.passes(2min);
  ASSERT_TRUE(home.runs(kPad) && home.runs(kWarmer));
  home.thing(kPad).deaf = true;
  home.asks(ask::SetDevice{kPad, 0_pct, "", {}}).passes(10s);
  EXPECT_TRUE(home.runs(kWarmer)) << "a lost message or two is no reason to let the bed go cold";
  home.thing(kWarmer).heard.clear();
  home.passes(20s);
  EXPECT_FALSE(home.runs(kWarmer)) << "each renewal of the heat would keep the motor running";
  EXPECT_TRUE(home.said("Foot warmer: it shares a lease with Leg massage, which does not go off")) << home.all();
  for (const std::string& word : home.thing(kWarmer).heard) EXPECT_EQ(word, "off");
}

// ---- STOP again and again -------------------------------------------------------------------------------------------

constexpr DeviceId kPlug{6};

/// All that can help when the pad refuses: a plug that stays on in front of it, and a message of the household's own.
House with_more_ways() {
  House house = ana();
  Device plug;
  plug.id = "bed_plug";
  plug.name = "Bed plug";
  plug.kind = Kind::mains;
  plug.at = "bed_plug";
  plug.stays_on = true;
  house.devices.push_back(plug);
  house.devices[kPad.index].behind = kPlug;
  house.devices[kPad.index].also_off = {{"home/pad/off", "please"}};
  return house;
}
std::ptrdiff_t alarms(const Home& home) {
  return std::count_if(home.phone.begin(), home.phone.end(), [](const std::string& p) {
    return p.find("Leg massage has not shown that it is off") != p.npos;
  });
}
/// When what comes of an OFF that is not proved came, after it was first said.
struct Escalation {
  Home home = a_pad_that_refuses_off(with_more_ways());
  Instant began = home.now;
  std::optional<seconds> also{}, cut{};
  Escalation() {
    home.thing(kPlug).on = home.thing(kPlug).deaf = true;  // it sticks, too
    home.thing(kPlug).lease_until = home.now + 24h;
    home.lost = [this](const Effect& e) {
      const seconds since = duration_cast<seconds>(home.now - began);
      if (std::holds_alternative<AlsoOff>(e) && !also) also = since;
      const auto* c = std::get_if<SafeCommand>(&e);
      if (c && c->device() == kPlug && c->off() && !cut) cut = since;
      return false;
    };
  }
  void each_four_seconds(milliseconds span, const std::function<void(Home&)>& what) {
    for (const Instant end = home.now + span; home.now < end; home.passes(4s)) what(home);
  }
  void expect_help() const {
    EXPECT_LE(also.value_or(99s), 8s) << "its household's own message";
    EXPECT_LE(cut.value_or(99s), 12s) << "its plug";
    EXPECT_EQ(alarms(home), 1) << home.all();
  }
};

TEST(StopAlwaysWorks, AndSayingItAgainAndAgainPutsNoHelpOff) {
  Escalation it;
  const auto stop = [](Home& h) { h.asks(ask::StopAll{}); };
  const std::size_t before = it.home.thing(kPad).heard.size();
  it.each_four_seconds(92s, stop);  // a button that is stuck, an automation that says STOP until all is off
  it.expect_help();
  EXPECT_GE(it.home.thing(kPad).heard.size(), before + 23) << "and each STOP sends its OFF at once";
  EXPECT_TRUE(it.home.told("for 60 s. It was told ")) << it.home.all();
  EXPECT_TRUE(it.home.told(" by the messages of your own, by its plug Bed plug")) << it.home.all();
  it.each_four_seconds(510s, stop);
  const auto& dose = it.home.disk.dose;
  const auto pad = std::find_if(dose.begin(), dose.end(), [](const DoseUsed& d) { return d.device == "leg_massage"; });
  ASSERT_NE(pad, dose.end());
  EXPECT_GE(pad->on, 12min) << "its minutes count all the while";
  EXPECT_EQ(alarms(it.home), 2) << "after one minute and five";
}

TEST(StopAlwaysWorks, AndAReachThatComesAndGoesPutsNoHelpOff) {
  Escalation it;
  it.home.asks(ask::SetDevice{kPad, 0_pct, "", {}});
  bool there = true;
  it.each_four_seconds(92s, [&](Home& h) { h.hears(ReachabilityChanged{kPad, there = !there}); });
  it.expect_help();
}

TEST(StopAlwaysWorks, AndAfterAWhileIsANewWishThatAPersonHearsOf) {
  Escalation it;
  it.home.asks(ask::StopAll{}).passes(20min);
  ASSERT_EQ(alarms(it.home), 3) << "after 1, 5 and 15 minutes";
  it.home.asks(ask::StopAll{}).passes(62s);
  EXPECT_EQ(alarms(it.home), 4) << "who says it again hears again that it does not help";
}

TEST(StopAlwaysWorks, AndAProvedOffBeginsTheNextOneAnew) {
  Escalation it;
  it.home.asks(ask::StopAll{}).passes(3s);
  it.home.thing(kPad).deaf = false;
  it.home.passes(20s);
  ASSERT_FALSE(it.home.runs(kPad));
  it.also.reset();
  it.began = it.home.now;
  it.home.asks(ask::StopAll{}).passes(5min);
  EXPECT_FALSE(it.also) << "it was proved in the first seconds";
  EXPECT_EQ(alarms(it.home), 0);
}

// ---- a device of Home Assistant's ----------------------------------------------------------------------------------

/// As ana's, and its pad is an entity of Home Assistant's, told by its WebSocket.
House a_pad_of_home_assistant() {
  House house = ana();
  house.devices[kPad.index].speaks = "home_assistant";
  house.devices[kPad.index].at = "switch.leg_massage";
  return house;
}

TEST(AnOff, ByHomeAssistantIsToldOfByItsOwnRoadThoughTheBrokerIsGone) {
  Home home = a_pad_that_refuses_off(a_pad_of_home_assistant());
  home.hears(LinkChanged{false}).passes(61s);
  ASSERT_EQ(alarms(home), 1) << home.all();
  EXPECT_TRUE(home.told(" times, by Home Assistant. Please look at it, and pull its plug if in doubt")) << home.all();
}

TEST(AnOff, ByHomeAssistantThatIsGoneTooIsSaidToReachNobody) {
  Home home = a_pad_that_refuses_off(a_pad_of_home_assistant());
  home.hears(LinkChanged{false}).hears(ReachabilityChanged{kPad, false}).passes(61s);
  ASSERT_EQ(alarms(home), 1) << home.all();
  EXPECT_TRUE(home.told("No way to it is open. It cannot be reached")) << home.all();
}

}  // namespace
}  // namespace lull
