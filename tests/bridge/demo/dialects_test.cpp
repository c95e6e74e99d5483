// The simulated bedroom and the real dialects understand each other: every message of a night, and every command.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <type_traits>

#include "bridge/demo/bedroom.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull::demo {
namespace {

constexpr Instant kBegins{2h};
constexpr Utc kEvening{milliseconds{1'795'298'400'000}};

Device device(std::string id, Kind kind, std::string speaks, std::string_view at) {
  Device d;
  d.id = id;
  d.name = id;
  d.kind = kind;
  d.speaks = std::move(speaks);
  d.at = at;
  if (kind == Kind::movement) d.stream = Stream::acceleration;
  return d;
}

/// The devices of the manual's example, each behind its own dialect, with nothing else of Lull in between.
struct Household {
  std::vector<Device> devices{device("massage", Kind::massage_pad, "esphome", kPadTopic),
                              device("pad_heat", Kind::heat_pad, "esphome", kPadTopic),
                              device("warmer", Kind::heat_pad, "zigbee2mqtt", kPlug),
                              device("lamp", Kind::light, "zigbee2mqtt", kLamp),
                              device("ankle", Kind::movement, "esphome", kAnkletTopic),
                              device("bed", Kind::presence, "zigbee2mqtt", kStrap),
                              device("button", Kind::button, "zigbee2mqtt", kButton)};
  Bedroom bedroom;
  Instant now = kBegins;
  std::map<std::string, std::vector<Listener>> listeners{};
  std::vector<News> news{};
  std::set<std::string> problems{}, understood{};

  explicit Household(BedroomSettings settings = {}) : bedroom((settings.begins = kBegins, settings), kEvening) {
    for (std::size_t i = 0; i < devices.size(); ++i)
      for (const auto& topic : dialect_called(devices[i].speaks)->topics(devices[i]))
        listeners[topic].push_back({DeviceId{static_cast<std::uint16_t>(i)}, &devices[i]});
  }
  void hear(const BedroomSays& m) {
    const auto to = listeners.find(m.topic);
    if (to == listeners.end()) return;
    std::map<std::string, std::vector<Listener>> by_dialect;
    for (const Listener& l : to->second) by_dialect[l.device->speaks].push_back(l);
    for (const auto& [speaks, who] : by_dialect) {
      Heard heard = dialect_called(speaks)->hear(who, {.topic = m.topic, .payload = m.payload, .retained = false});
      for (const Error& e : heard.problems) problems.insert(e.where + " " + e.what);
      if (heard.problems.empty()) understood.insert(m.topic);
      for (News& n : heard.news) news.push_back(std::move(n));
    }
  }
  void passes(milliseconds span) {
    const Instant until = now + span;
    while (now < until) {
      now = std::min(until, std::max(now + 1ms, bedroom.next()));
      for (const auto& m : bedroom.passes(now)) hear(m);
    }
  }
  void say(std::uint16_t index, Output output) {
    Standing is;
    is.kind = devices[index].kind;
    is.timer = devices[index].speaks == "esphome" ? Timer::lease : Timer::on_time;
    is.link_up = is.guard_up = is.proved_off_since_start = is.trial_passed = true;
    is.in_bed = false;
    Verdict verdict = Interlock(kHard).review({index}, output, is, now);
    ASSERT_EQ(verdict.refusal, Refusal::none) << verdict.why;
    for (const Outgoing& out : dialect_called(devices[index].speaks)->say(devices[index], verdict.command, now))
      bedroom.hear(out.topic, out.payload, now);
    passes(500ms);
  }
  template <class N>
  std::optional<N> last(std::uint16_t index) const {
    for (auto n = news.rbegin(); n != news.rend(); ++n)
      if (const N* told = std::get_if<N>(&*n); told && told->device.index == index) {
        if constexpr (std::is_same_v<N, ActuatorReported>)
          if (!told->on) continue;  // of its lease alone
        return *told;
      }
    return std::nullopt;
  }
};

TEST(TheDialects, UnderstandEveryMessageOfANight) {
  for (const bool faults : {false, true}) {
    Household home({.seed = 5, .faults = faults});
    home.passes(9h + 10min);
    EXPECT_EQ(home.problems, std::set<std::string>{});
    // A topic that was subscribed and never spoken on would be a misspelling in one of the two.
    for (const auto& [topic, who] : home.listeners) {
      if (topic.ends_with("bridge/logging") || topic == "zigbee2mqtt/Bedside button") continue;
      // Nobody asks here whether the bridge is well, and this anklet hangs on a charger and tells no battery.
      if (topic.ends_with("bridge/response/health_check") || topic.ends_with("sensor/battery/state")) continue;
      EXPECT_TRUE(home.understood.contains(topic)) << topic;
    }
  }
}
TEST(TheDialects, LearnWhoIsInBedFromTheStrap) {
  Household home({.seed = 9});
  int wrong = 0;
  for (int i = 0; i < 540; ++i) {
    home.passes(1min);
    const auto told = home.last<OccupancyReported>(5);
    wrong += told && told->occupied != home.bedroom.truth().in_bed;
  }
  EXPECT_TRUE(home.last<OccupancyReported>(5).has_value());
  EXPECT_LE(wrong, 4) << "the strap's own delay, and no more";
}
TEST(TheDialects, WarmTheFootWarmerOnALeaseThatItKeeps) {
  Household home;
  home.passes(5s);
  EXPECT_EQ(home.last<TimerLearned>(2)->timer, Timer::on_time) << "from the exposes";
  home.say(2, {.level = 100_pct});
  home.passes(20s);
  EXPECT_TRUE(home.bedroom.truth().plug_on);
  EXPECT_TRUE(home.last<ActuatorReported>(2)->on.value());
  EXPECT_EQ(home.last<PowerReported>(2)->watts, 60_W);
  ASSERT_TRUE(home.bedroom.truth().plug_timer.has_value());
  EXPECT_LE(*home.bedroom.truth().plug_timer, kHard.heat_lease);
  home.passes(5min);
  EXPECT_FALSE(home.bedroom.truth().plug_on);
  EXPECT_FALSE(home.last<ActuatorReported>(2)->on.value());
}
TEST(TheDialects, MassageAndWarmOnThePadAndEndEachAlone) {
  Household home;
  home.passes(5s);
  home.say(0, {.level = 40_pct});
  home.say(1, {.level = 100_pct});
  EXPECT_EQ(home.bedroom.truth().massage, 40);
  EXPECT_TRUE(home.bedroom.truth().pad_heat_armed);
  EXPECT_EQ(home.last<ActuatorReported>(0)->level, 40_pct);
  for (const Outgoing& out : off_words(*dialect_called("esphome"), {0}, home.devices[0]))
    home.bedroom.hear(out.topic, out.payload, home.now);
  home.passes(2s);
  EXPECT_EQ(home.bedroom.truth().massage, 0);
  EXPECT_TRUE(home.bedroom.truth().pad_heat_armed);
  EXPECT_FALSE(home.last<ActuatorReported>(0)->on.value());
  home.passes(301s);
  EXPECT_FALSE(home.bedroom.truth().pad_heat_armed) << "nobody renewed the lease";
  EXPECT_FALSE(home.last<ActuatorReported>(1)->on.value());
  ASSERT_TRUE(home.last<TemperatureReported>(1).has_value());
}
TEST(TheDialects, DimTheLampByItsOwnFade) {
  Household home;
  home.passes(5s);
  home.say(3, {.level = 60_pct, .kelvin = Kelvin::from(2200), .fade_to = 5_pct, .fade_over = 10min});
  EXPECT_NEAR(home.bedroom.truth().lamp_level, 60, 1);
  home.passes(5min);
  EXPECT_NEAR(home.bedroom.truth().lamp_level, 32, 2);
  home.passes(6min);
  EXPECT_NEAR(home.bedroom.truth().lamp_level, 5, 1);
  for (const Outgoing& out : off_words(*dialect_called("zigbee2mqtt"), {3}, home.devices[3]))
    home.bedroom.hear(out.topic, out.payload, home.now);
  home.passes(1s);
  EXPECT_FALSE(home.bedroom.truth().lamp_on);
}
TEST(TheDialects, HearTheButtonAndTheKicks) {
  Household home({.seed = 2});
  home.bedroom.press("arrow_right_click", home.now);
  home.passes(1s);
  EXPECT_EQ(home.last<ButtonPressed>(6)->action, "arrow_right_click");
  home.passes(9h);
  int kicks = 0;
  for (const News& n : home.news)
    if (const auto* moved = std::get_if<MovementReported>(&n))
      kicks += std::get<LegAcceleration>(moved->sample).rms_mg > 45;
  EXPECT_GT(kicks, 300);
}

}  // namespace
}  // namespace lull::demo
