// What Lull says of itself: values that Home Assistant takes, only what is news, and unknown where nobody knows.
#include "bridge/home_assistant/states.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "bridge/home_assistant/discovery.hpp"
#include "bridge/home_assistant/words.hpp"
#include "bridge/topics.hpp"
#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

std::map<std::string, std::string> said(const View& view, const Shown& shown = {},
                                        const House& house = sample::house()) {
  std::map<std::string, std::string> out;
  for (const Publish& p : states(house, view, shown, sample::kInstall, "0.1.0")) {
    EXPECT_TRUE(p.retain) << p.topic;
    EXPECT_EQ(p.topic.rfind("lull/1a2b3c4d/", 0), 0u);
    EXPECT_TRUE(out.emplace(p.topic.substr(14), p.payload).second) << p.topic << " said twice";
    EXPECT_FALSE(p.payload.empty()) << p.topic << ": an empty payload clears, or is ignored";
  }
  return out;
}

TEST(AnOrdinaryMinute, IsSaidInHomeAssistantsWords) {
  auto s = said(sample::view());
  EXPECT_EQ(s["hub/on"], "ON");
  EXPECT_EQ(s["hub/status"], "playing");
  EXPECT_EQ(s["device/left-leg-massage/on"], "ON");
  EXPECT_EQ(s["device/left-leg-massage/level"], "40") << "an integer, or it is refused";
  EXPECT_EQ(s["device/left-leg-massage/program"], "wave");
  EXPECT_EQ(s["device/right-leg-massage/level"], "0");
  EXPECT_EQ(s["device/foot-warmer/heat"], "Off");
  EXPECT_EQ(s["device/foot-warmer/celsius"], "31");
  EXPECT_EQ(s["device/foot-warmer/minutes_left"], "40");
  EXPECT_EQ(s["device/anas-ankle/reachable"], "ON");
  EXPECT_EQ(s["massage/on"], "ON");
  EXPECT_EQ(s["massage/level"], "40");
  EXPECT_EQ(s["massage/program"], "wave");
  EXPECT_EQ(s["routine/wind-down/on"], "ON");
  EXPECT_EQ(s["routine/night-relief/on"], "OFF");
  EXPECT_EQ(s["rule/Bedtime/on"], "ON");
  EXPECT_EQ(s["rule/Bedtime/tonight"], "OFF");
  EXPECT_EQ(s["routine/wind-down/allowed"], "OFF");
  EXPECT_EQ(s["routine/wind-down/tonight"], "ON");
  EXPECT_EQ(s["sleeper/ana/in_bed"], "ON");
  EXPECT_EQ(s["sleeper/ana/restless"], "OFF");
  EXPECT_EQ(s["sleeper/ana/index"], "29");
  EXPECT_EQ(s["sleeper/ana/movements_per_hour"], "11.3");
  EXPECT_EQ(s["sleeper/ana/episodes"], "1");
  EXPECT_EQ(Json::parse(s["plays"])[0]["step_minutes_left"], 3);
}

TEST(WhatNobodyKnows, IsUnknownAndNotOff) {
  View view = sample::view();
  view.devices[0].on = view.devices[2].on = std::nullopt;
  view.devices[0].level = std::nullopt;
  view.devices[2].surface = std::nullopt;
  view.sleepers[0].in_bed = std::nullopt;
  view.sleepers[0].restless_known = false;
  auto s = said(view);
  for (const char* topic : {"device/left-leg-massage/on", "device/left-leg-massage/level", "device/foot-warmer/on",
                            "device/foot-warmer/heat", "device/foot-warmer/celsius", "massage/on", "sleeper/ana/in_bed",
                            "sleeper/ana/restless", "sleeper/ana/index", "sleeper/ana/last_night", "hub/decision"})
    EXPECT_EQ(s[topic], "None") << topic;
}

TEST(ALampThatIsOff, HasNoLevel) {
  House house = sample::house();
  View view = sample::view();
  house.devices[1].kind = Kind::light;
  view.devices[1].on = false;
  view.devices[1].level = 5_pct;  // what it had before; the API has said 0 ever since
  EXPECT_EQ(said(view, {}, house)["device/right-leg-massage/level"], "0");
  view.devices[1].on = true;
  EXPECT_EQ(said(view, {}, house)["device/right-leg-massage/level"], "5");
}

TEST(AHeaterThatRuns, IsNeverSaidToBeOff) {
  View view = sample::view();
  view.devices[2].on = true;
  auto s = said(view);
  EXPECT_EQ(s["device/foot-warmer/heat"], "Low") << "a plug says no level";
  view.devices[2].wanted = 70_pct;
  EXPECT_EQ(said(view)["device/foot-warmer/heat"], "Medium");
}

TEST(Numbers, AreNeverNanNorEndless) {
  EXPECT_EQ(number(std::nan("")), "None");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "None");
  EXPECT_EQ(number(1e300), "None");
  EXPECT_EQ(number(40.0), "40");
  EXPECT_EQ(number(36.54), "36.5");
  EXPECT_EQ(number(-0.01), "0");
  View view = sample::view();
  view.sleepers[0].detector.index = std::nan("");
  view.sleepers[0].detector.movements_per_hour = -std::numeric_limits<double>::infinity();
  Shown shown;
  LastNight night;
  night.restless_minutes = std::nan("");
  night.coverage_percent = std::nan("");
  night.night = "2026-11-20";
  shown.nights = {night};
  for (const auto& [topic, payload] : said(view, shown)) {
    EXPECT_EQ(payload.find("nan"), std::string::npos) << topic;
    EXPECT_EQ(payload.find("inf"), std::string::npos) << topic;
    EXPECT_EQ(payload.find("null"), std::string::npos) << topic;
  }
}

TEST(TheHub, TellsABlueprintWhereItTakesCommands) {
  const auto s = said(sample::view(), Shown{});
  EXPECT_EQ(Json::parse(s.at("hub/status/attributes"))["command_topic"], Topics(sample::kInstall).command());
}

TEST(Words, OfAnyoneAreOneShortLineOfText) {
  View view = sample::view();
  view.status_why = std::string(5000, 'x');
  Shown shown;
  shown.decision = Decision{Decision::Outcome::did_not, "rule \xff\n", std::string(300, 'y') + "€€€€"};
  const std::string decision = said(view, shown)["hub/decision"];
  EXPECT_LE(decision.size(), 255u);
  EXPECT_EQ(decision.rfind("rule ? : yyy", 0), 0u) << decision;
  EXPECT_EQ(one_line("€€€", 8), "€…") << "never half a character";
  EXPECT_EQ(one_line("\xed\xa0\x80"), "???") << "a surrogate is no character";
  EXPECT_TRUE(Json::accept(said(view, shown)["hub/status/attributes"]));
}

TEST(ASensor, IsToldWithItsBatteryAndWithWhatItCannotTell) {
  View view = sample::view();
  const House house = sample::house();
  for (DeviceView& d : view.devices)
    if (house.devices[d.device.index].kind == Kind::movement) d.battery = 40_pct, d.reachable = false;
  auto s = said(view, {});
  int sensors = 0;
  for (const Device& d : house.devices) {
    if (d.kind != Kind::movement) continue;
    ++sensors;
    const Json told = Json::parse(s["device/" + path_word(d.id) + "/sensor"]);
    EXPECT_EQ(told["name"], d.name);
    EXPECT_EQ(told["reachable"], false);
    EXPECT_EQ(told["battery_percent"], 40);
    EXPECT_EQ(told["limits"], words_for_limits(d.stream, d.epoch, d.hold_off));
  }
  EXPECT_GT(sensors, 0);
}

TEST(BackOffInHomeAssistant, IsAWordWithWhySinceWhenAndUntilWhen) {
  View view = sample::view();
  auto s = said(view, {});
  EXPECT_EQ(s["sleeper/ana/back_off"], "as_chosen");
  EXPECT_EQ(Json::parse(s["sleeper/ana/back_off/attributes"]),
            (Json{{"level_percent_of_chosen", 100}, {"times_as_far_apart", 1}}))
      << "what is not so has no key";
  view.sleepers[0].back_off = {BackOffView::State::weaker,
                               50_pct,
                               1,
                               "2026-11-24",
                               "the bed was left on 3 of 5 nights",
                               "until a person wants it",
                               "the bed was left on 1 of 1 nights"};
  s = said(view, {});
  EXPECT_EQ(s["sleeper/ana/back_off"], "weaker");
  EXPECT_EQ(Json::parse(s["sleeper/ana/back_off/attributes"]),
            (Json{{"level_percent_of_chosen", 50},
                  {"times_as_far_apart", 1},
                  {"since", "2026-11-24"},
                  {"why", "the bed was left on 3 of 5 nights"},
                  {"until", "until a person wants it"},
                  {"signs_of_waking", "the bed was left on 1 of 1 nights"}}));
}

TEST(LastNight, IsANumberWithItsFigures) {
  Shown shown;
  LastNight night;
  night.night = "2026-11-20";
  night.restless_minutes = 34;
  night.episodes = 3;
  night.movements_per_hour = 12.34;
  shown.nights = {night};
  auto s = said(sample::view(), shown);
  EXPECT_EQ(s["sleeper/ana/last_night"], "34");
  EXPECT_EQ(Json::parse(s["sleeper/ana/last_night/attributes"]),
            (Json{{"night", "2026-11-20"}, {"episodes", 3}, {"movements_per_hour", 12.3}}));
  EXPECT_EQ(s["sleeper/ben/last_night"], "None");
}

TEST(LastNight, OfWhichTooLittleWasSeenHasNoFigure) {
  NightReport report;
  EXPECT_TRUE(nights_of(report).empty());
  report.empty = false;
  report.night = "2026-11-20";
  SleeperNight ana;
  ana.restless = 34min;
  ana.in_bed = 8h;
  ana.coverage = 92;
  ana.movements_per_hour = 11.0;
  SleeperNight ben = ana;
  ben.sleeper = SleeperId{1};
  ben.no_figures = "only 40 % of the night has data";
  report.sleepers = {ana, ben};
  Shown shown;
  shown.nights = nights_of(report);
  auto s = said(sample::view(), shown);
  EXPECT_EQ(s["sleeper/ana/last_night"], "34");
  EXPECT_EQ(Json::parse(s["sleeper/ana/last_night/attributes"])["in_bed_minutes"], 480);
  EXPECT_EQ(s["sleeper/ben/last_night"], "None");
}

TEST(ThePicture, IsNeverEmpty) {
  EXPECT_EQ(said(sample::view())["night/picture"].substr(1, 3), "PNG");
  Shown shown;
  shown.picture = std::make_shared<std::string>("");
  EXPECT_EQ(said(sample::view(), shown)["night/picture"].substr(1, 3), "PNG");
  shown.picture = std::make_shared<std::string>(std::string("\x89PNG\0bytes", 10));
  EXPECT_EQ(said(sample::view(), shown)["night/picture"], *shown.picture);
}

TEST(EveryTopicOfDiscovery, IsSaid) {
  auto s = said(sample::view());
  std::size_t checked = 0;
  for (const DeviceConfig& device : discovery(sample::house(), sample::settings())) {
    const Json introduced = Json::parse(device.payload);
    for (const Json& one : introduced["components"])
      for (const auto& [key, topic] : one.items()) {
        if (key.find("topic") == std::string::npos || key.find("command") != std::string::npos) continue;
        if (one["platform"] == "event") continue;
        ++checked;
        EXPECT_TRUE(s.count(topic.get<std::string>().substr(14))) << one["unique_id"] << " " << key << " " << topic;
      }
  }
  EXPECT_GT(checked, 40u);
}

TEST(AViewThatFitsNoHouse, SaysNothingOfWhatIsNotThere) {
  View view = sample::view();
  view.devices[0].device = DeviceId{500};
  view.sleepers[0].sleeper = SleeperId{9};
  auto s = said(view);
  EXPECT_FALSE(s.count("device/left-leg-massage/on"));
  EXPECT_FALSE(s.count("sleeper/ana/in_bed"));
  EXPECT_TRUE(heat_events(sample::house(), view, view, sample::kInstall).empty());
}

TEST(TheDifference, SaysOnlyWhatIsNews) {
  Difference difference;
  const auto all = [](const View& v) { return states(sample::house(), v, {}, sample::kInstall, "0.1.0"); };
  View view = sample::view();
  EXPECT_EQ(difference.news(all(view)).size(), all(view).size());
  EXPECT_TRUE(difference.news(all(view)).empty());
  view.devices[0].level = 35_pct;
  const auto news = difference.news(all(view));
  ASSERT_EQ(news.size(), 2u) << "the pad and all massage";
  EXPECT_EQ(news[0].payload, "35");
  difference.forget();
  EXPECT_EQ(difference.news(all(view)).size(), all(view).size()) << "after a reconnect everything is news";
}

TEST(TheDifference, ClearsWhatAnEarlierRunLeftBehind) {
  Difference before;
  before.news({{"lull/x/device/old/on", "ON", 1, true, 0}, {"lull/x/hub/on", "ON", 1, true, 0}});
  Difference after(before.keep());
  const std::vector<Publish> now{{"lull/x/hub/on", "ON", 1, true, 0}};
  EXPECT_EQ(after.news(now).size(), 1u);
  const auto swept = after.sweep(now);
  ASSERT_EQ(swept.size(), 1u);
  EXPECT_EQ(swept[0].topic, "lull/x/device/old/on");
  EXPECT_TRUE(swept[0].payload.empty() && swept[0].retain);
  EXPECT_EQ(after.keep(), "lull/x/hub/on\n");
  EXPECT_TRUE(after.sweep(now).empty());
  EXPECT_EQ(after.sweep({}).size(), 1u);
  EXPECT_EQ(Difference("").keep(), "");
  EXPECT_EQ(Difference("\n\na").keep(), "a\n");
}

std::string heat_event(
    void (*change)(DeviceView&), void (*before)(DeviceView&) = [](DeviceView&) {}) {
  View was = sample::view();
  before(was.devices[2]);
  View is = was;
  change(is.devices[2]);
  const auto news = heat_events(sample::house(), was, is, sample::kInstall);
  if (news.empty()) return "";
  EXPECT_FALSE(news[0].retain) << "old news must not wake anybody";
  EXPECT_GT(news[0].expiry_s, 0u);
  return Json::parse(news[0].payload)["event_type"];
}

TEST(HeatEvents, TellWhatChangedAndNothingElse) {
  EXPECT_EQ(heat_event([](DeviceView&) {}), "");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.tripped = true; }), "over_temp");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.tripped = true; }, [](DeviceView& d) { d.tripped = true; }), "");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.refusal = Refusal::session_used; }), "over_time");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.refusal = Refusal::night_used; },
                       [](DeviceView& d) { d.refusal = Refusal::session_used; }),
            "");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.faulty = true, d.off_proved = false; }), "off_unconfirmed");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.faulty = true, d.wanted = 40_pct; }), "fault");
  EXPECT_EQ(heat_event([](DeviceView& d) { d.reachable = false; }), "") << "it was proved off";
  EXPECT_EQ(heat_event([](DeviceView& d) { d.reachable = false; }, [](DeviceView& d) { d.on = true; }), "link_lost");
}

TEST(AMessage, CarriesItsWordsToAPhone) {
  const Publish p =
      message_event(sample::house(), {Notify::Urgency::alarm, SleeperId{0}, "Foot warmer \xff"}, "1a2b3c4d");
  EXPECT_EQ(p.topic, "lull/1a2b3c4d/event/message");
  const Json said = Json::parse(p.payload);
  EXPECT_EQ(said["event_type"], "alarm");
  EXPECT_EQ(said["for"], "Ana");
  EXPECT_FALSE(p.retain);
}
TEST(TheGate, IsShownWithEachFindingItsSentenceAndItsRemedy) {
  View view = sample::view();
  view.devices[2].trial = {TrialView::State::failed, Utc{1795215600000ms}, "it stayed on", 0, 0};
  auto s = said(view);
  const Json gate = Json::parse(s["device/foot-warmer/gate"]);
  EXPECT_EQ(gate["tier"], "A");
  EXPECT_EQ(gate["timer"], "on_time");
  EXPECT_EQ(gate["conforming"], false);
  EXPECT_EQ(gate["model"], "E22xx");
  EXPECT_EQ(gate["firmware"], "2.4.45");
  ASSERT_EQ(gate["findings"].size(), 1u);
  EXPECT_EQ(gate["findings"][0]["code"], "trial_needed");
  EXPECT_EQ(gate["findings"][0]["refuses"], true);
  EXPECT_EQ(gate["findings"][0]["remedy"], "run `lull device test \"Foot warmer\"` and watch it");
  EXPECT_EQ(gate["test"]["state"], "failed");
  EXPECT_EQ(gate["test"]["at"], "2026-11-20T23:00:00Z");
  EXPECT_EQ(s["device/foot-warmer/gate/code"], "trial_needed");
  EXPECT_EQ(s["device/foot-warmer/test/state"], "failed");
  EXPECT_EQ(s["device/left-leg-massage/gate/code"], "conforming");
  view.devices[0].timer = Timer::unknown;
  EXPECT_EQ(said(view)["device/left-leg-massage/gate/code"], "not_told") << "what nobody told is not fine";
}
TEST(ASetUpTest, IsToldStepByStepAndNeverRetained) {
  const TrialTold told{DeviceId{2}, 3, 7, TrialTold::State::runs, "it is on; now it must switch itself off"};
  const Publish event = trial_event(sample::house(), told, sample::kInstall);
  EXPECT_EQ(event.topic, "lull/1a2b3c4d/event/test");
  EXPECT_FALSE(event.retain);
  EXPECT_EQ(Json::parse(event.payload), (Json{{"device", "foot-warmer"},
                                              {"name", "Foot warmer"},
                                              {"step", 3},
                                              {"of", 7},
                                              {"state", "runs"},
                                              {"text", "it is on; now it must switch itself off"}}));
}

}  // namespace
}  // namespace lull
