// A household's file becomes a house, or a list of everything that has to be put right.
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/config/files.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using testing::HasSubstr;

Loaded bedroom() { return load_file(in_source("config/examples/bedroom.yaml")); }

TEST(TheBedroomOfTheManual, LoadsWithoutAProblem) {
  const Loaded loaded = bedroom();
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  const House& house = loaded.settings->house;
  EXPECT_EQ(house.name, "Ana and Ben");
  EXPECT_EQ(house.zone.name(), "Europe/Berlin");
  ASSERT_EQ(house.sleepers.size(), 2u);
  EXPECT_EQ(house.sleepers[0].side, "left");
  EXPECT_TRUE(house.sleepers[0].limits.heat_only_preheat) << "a flag tightens limits";
  EXPECT_FALSE(house.sleepers[1].limits.heat_only_preheat);
  EXPECT_TRUE(house.limits.heat_only_preheat) << "what is nobody's keeps to the strictest";
  ASSERT_EQ(house.devices.size(), 6u);
  EXPECT_EQ(house.devices[0].id, "leg_massage");
  EXPECT_EQ(house.devices[0].zones, (std::vector<std::string>{"calf", "foot"}));
  EXPECT_EQ(house.devices[3].id, "ana_s_ankle");
  EXPECT_EQ(house.devices[3].stream, Stream::acceleration);
  EXPECT_EQ(house.devices[1].sleeper, SleeperId{0});
  EXPECT_FALSE(house.devices[2].sleeper);
  ASSERT_TRUE(loaded.settings->broker);
  EXPECT_EQ(loaded.settings->broker->host, "homeassistant.local");
  EXPECT_EQ(loaded.settings->broker->port, 1883);
}

TEST(TheBedroomOfTheManual, PlaysWhatIsWritten) {
  const Loaded loaded = bedroom();
  ASSERT_TRUE(loaded.settings);
  const Routine* wind_down = loaded.settings->house.routine("wind-down");
  ASSERT_TRUE(wind_down);
  ASSERT_EQ(wind_down->tracks.size(), 3u);
  const Track& light = wind_down->tracks[0];
  EXPECT_EQ(light.from, 60_pct);
  EXPECT_EQ(light.to, 5_pct);
  EXPECT_EQ(light.over, 10min);
  EXPECT_EQ(light.length, 10min) << "a light that fades is done when it has faded";
  EXPECT_TRUE(light.then_off);
  EXPECT_EQ(light.kelvin, Kelvin::from(2200));
  EXPECT_EQ(wind_down->tracks[1].to, 40_pct) << "heat: low";
  EXPECT_EQ(wind_down->tracks[2].at, 8min);
  EXPECT_EQ(wind_down->tracks[2].program, Program::wave);
  EXPECT_FALSE(wind_down->gentle);

  const Routine* relief = loaded.settings->house.routine("night-relief");
  ASSERT_TRUE(relief);
  ASSERT_EQ(relief->tracks.size(), 1u) << "only massage";
  EXPECT_EQ(relief->tracks[0].at, 0min);
  EXPECT_EQ(relief->tracks[0].length, 10min);
  EXPECT_EQ(relief->tracks[0].to, 24_pct);
  EXPECT_EQ(relief->tracks[0].ramp_up, 90s);
  EXPECT_TRUE(relief->gentle);
}

TEST(TheBedroomOfTheManual, HasItsRules) {
  const Loaded loaded = bedroom();
  ASSERT_TRUE(loaded.settings);
  const std::vector<Rule>& rules = loaded.settings->house.rules;
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].when, (std::vector<Trigger>{when::Time{{22 * 60 + 30}, 0x1f}}));
  EXPECT_EQ(rules[0].then, (std::vector<Action>{act::Play{"wind-down"}}));
  EXPECT_EQ(rules[1].when, (std::vector<Trigger>{when::Restless{SleeperId{0}, true}}));
  ASSERT_EQ(rules[1].only_if.size(), 2u);
  EXPECT_EQ(rules[1].only_if[0].from, TimeOfDay{23 * 60});
  EXPECT_EQ(rules[1].only_if[0].to, TimeOfDay{6 * 60 + 30});
  EXPECT_EQ(rules[1].limits.per_night, 3);
  EXPECT_EQ(rules[1].limits.apart, 30min);
  EXPECT_EQ(rules[1].limits.total, 30min);
}

TEST(TheBedroomOfTheManual, IsToldWhatWillBeRefusedAtNight) {
  const std::string hints = all_of(bedroom().hints);
  EXPECT_THAT(hints, HasSubstr("/routines/wind-down/tracks/1 heats with \"Foot warmer\", which has no thermometer"));
  EXPECT_THAT(hints, HasSubstr("/rules/0/if asks for somebody in bed, and then the heat of \"wind-down\""));
}

TEST(BackOff, OfASleeperIsReadAndCanOnlyBeSoonerOrOff) {
  const auto read = [](const std::string& text) {
    const Loaded loaded = load_text(bedroom_with("side: right", "side: right, back_off: " + text), "f");
    EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
    return loaded.settings ? loaded.settings->house.sleepers[1].back_off : BackOff{};
  };
  EXPECT_EQ(read("true"), BackOff{});
  EXPECT_EQ(read("false"), (BackOff{false, 3, 4, true}));
  EXPECT_EQ(read("{waking_nights: 2, gives_back: false}"), (BackOff{true, 2, 4, false}));
  EXPECT_EQ(read("{idle_nights: 3}"), (BackOff{true, 3, 3, true}));
  const Loaded late = load_text(bedroom_with("side: right", "side: right, back_off: {waking_nights: 5}"), "f");
  EXPECT_FALSE(late.settings);
  EXPECT_THAT(all_of(late.problems), HasSubstr("/sleepers/1/back_off/waking_nights is 5, must be 2 to 3"));
}

TEST(EveryExample, LoadsWithoutAProblem) {
  for (const char* name : {"bedroom", "one", "couple", "mqtt-device"}) {
    const Loaded loaded = load_file(in_source("config/examples/" + std::string(name) + ".yaml"));
    EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
    EXPECT_TRUE(loaded.problems.empty());
  }
}

TEST(ASecret, IsReadFromTheFileBesideAndNeverKept) {
  const Loaded loaded = load_file(in_source("config/examples/couple.yaml"));
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->broker->password, "only-an-example");
  EXPECT_THAT(loaded.settings->text, HasSubstr("!secret mqtt_password"));
  EXPECT_THAT(loaded.settings->text, testing::Not(HasSubstr("only-an-example")));
}

TEST(ASecret, ThatIsMissingIsNamedAndItsValuesAreNot) {
  const std::string text =
      "broker: {host: h, user: u, password: !secret mqtt_pasword}\nhome: {time_zone: UTC}\n"
      "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  EXPECT_THAT(all_of(load_text(text, "f").problems), HasSubstr("there is no secrets.yaml beside this file"));
  const std::string told = all_of(load_text(text, "f", "mqtt_password: hunter2\n").problems);
  EXPECT_THAT(told, HasSubstr("f:1:38: the file names the secret \"mqtt_pasword\""));
  EXPECT_THAT(told, HasSubstr("did you mean \"mqtt_password\"?"));
  EXPECT_THAT(told, testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(all_of(load_text("home: {time_zone: !secret tz}\ndevices: []", "f", "tz: UTC").problems),
              HasSubstr("/home/time_zone is a secret, which only `broker` and `ntfy` may have"));
}

TEST(APasswordWrittenOut, IsHiddenInTheJournalsCopy) {
  const std::string rest = "\nhome: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  for (const std::string broker :
       {"broker: {host: h, user: u, password: hunter2}", "broker: mqtt://u:hunter2@h",
        "broker: {password: \"hunter2\", user: hunter, host: h}",
        "x: &p hunter2\nbroker: {host: h, user: u, password: *p}",
        "broker: {host: h, user: u, password: \"hunt\\x65r2\"}", "broker:\n  {host: ü, user: ü, password: hunter2}"}) {
    const Loaded loaded = load_text(broker + rest, "f");
    if (broker[0] == 'x') continue;  // an unknown key: refused, so nothing is kept at all
    ASSERT_TRUE(loaded.settings) << broker << "\n" << all_of(loaded.problems);
    EXPECT_EQ(loaded.settings->broker->password, "hunter2");
    EXPECT_THAT(loaded.settings->text, testing::Not(HasSubstr("hunter2"))) << broker;
    EXPECT_THAT(loaded.settings->text, testing::Not(HasSubstr("hunt\\x65r2"))) << broker;
  }
  EXPECT_EQ(load_text("broker: {host: h, user: u, password: password}" + rest, "f").settings->text,
            "broker: {host: h, user: u, password: hidden}" + rest);
  EXPECT_EQ(load_text("broker: mqtt://u:p%40s@h:1884" + rest, "f").settings->broker->password, "p@s");
  EXPECT_EQ(load_text("broker: mqtt://u:u@h:1884" + rest, "f").settings->text, "broker: mqtt://u:hidden@h:1884" + rest);
}

TEST(TheJournalsCopy, MakesTheSameHouse) {
  const Loaded first = load_file(in_source("config/examples/couple.yaml"));
  ASSERT_TRUE(first.settings);
  const Loaded again = load_journaled(first.settings->text, "journal");
  ASSERT_TRUE(again.settings) << all_of(again.problems);
  EXPECT_EQ(again.settings->house.devices, first.settings->house.devices);
  EXPECT_EQ(again.settings->house.sleepers, first.settings->house.sleepers);
  EXPECT_EQ(again.settings->house.routines, first.settings->house.routines);
  EXPECT_EQ(again.settings->house.rules, first.settings->house.rules);
  EXPECT_EQ(again.settings->house.replay_routine, "calm left");
}

TEST(AReplay, PlaysTheFirstGentleRoutineUnlessOneIsChosen) {
  const auto chosen = [](const std::string& more) {
    const Loaded loaded = load_text(
        "home: {time_zone: UTC}\ndevices: [{name: Leg, is: massage_pad, speaks: esphome, at: lull/pad}]\nroutines:\n"
        "  wind-down: {for: 20min, tracks: [{massage: Leg, level: 40%}]}\n" +
            more,
        "f");
    return loaded.settings ? loaded.settings->house.replay_routine.value_or("none") : all_of(loaded.problems);
  };
  const std::string two = "  calm: {like: wind-down, scale: 60%}\n  calmer: {like: wind-down, scale: 40%}\n";
  EXPECT_EQ(chosen(""), "none");
  EXPECT_EQ(chosen(two), "calm");
  EXPECT_EQ(chosen(two + "replay: calmer\n"), "calmer");
}

TEST(Configuration, CanOnlyTighten) {  // promise 7
  const struct {
    const char *key, *loose;
  } hard[] = {{"heat_target", "39°C"},      {"heat_trip", "42°C"},      {"heat_session", "31min"},
              {"heat_night", "61min"},      {"heat_rest", "29min"},     {"heat_unmeasured", "21min"},
              {"heat_lease", "301s"},       {"reading_lives", "61s"},   {"massage_level", "61%"},
              {"massage_session", "21min"}, {"massage_night", "61min"}, {"massage_rest", "9min"},
              {"massage_lease", "301s"},    {"heat_empty", "31min"},    {"presence_lives", "961min"},
              {"replay_level", "31%"},      {"replay_session", "11min"}};
  for (const auto& [key, loose] : hard) {
    const Loaded household =
        load_text(bedroom_with("sleepers:", "limits: {" + std::string(key) + ": " + loose + "}\nsleepers:"), "f");
    EXPECT_FALSE(household.settings) << key;
    EXPECT_THAT(all_of(household.problems), HasSubstr("/limits/" + std::string(key) + " is " + loose + ", must be "))
        << key;
    const Loaded one =
        load_text(bedroom_with("side: right", "side: right, limits: {" + std::string(key) + ": " + loose + "}"), "f");
    EXPECT_FALSE(one.settings) << key;
  }
  const Loaded tight = load_text(
      bedroom_with("sleepers:", "limits: {massage_level: 30%, heat_session: 90s, heat_rest: 1801s}\nsleepers:"), "f");
  ASSERT_TRUE(tight.settings) << all_of(tight.problems);
  for (const Sleeper& sleeper : tight.settings->house.sleepers) {
    EXPECT_EQ(sleeper.limits.massage_level, 30_pct);
    EXPECT_EQ(sleeper.limits.heat_session, 1min) << "a part of a minute goes to the safe side";
    EXPECT_EQ(sleeper.limits.heat_rest, 31min);
    EXPECT_EQ(tightest(sleeper.limits, kHard), sleeper.limits) << "nothing in them is looser than the code";
  }
  // A sleeper's own limits cannot loosen the household's, nor can a permission undo a flag.
  const Loaded both = load_text(bedroom_with("side: left, flags: [neuropathy]",
                                             "side: left, flags: [neuropathy, pacemaker], limits: {massage_level: 60%, "
                                             "heat_only_preheat: false, massage_allowed: true}")
                                    .insert(0, "limits: {massage_level: 30%}\n"),
                                "f");
  ASSERT_TRUE(both.settings) << all_of(both.problems);
  EXPECT_EQ(both.settings->house.sleepers[0].limits.massage_level, 30_pct);
  EXPECT_TRUE(both.settings->house.sleepers[0].limits.heat_only_preheat);
  EXPECT_FALSE(both.settings->house.sleepers[0].limits.massage_allowed);
}

TEST(ATrack, CannotAskForMoreThanTheHardLimits) {
  const auto told = [](const std::string& piece, const std::string& instead) {
    return all_of(load_text(bedroom_with(piece, instead), "f").problems);
  };
  EXPECT_THAT(told("level: 40%, at: 8min", "level: 61%, at: 8min"),
              HasSubstr("is 61%, must be at most 60%, a hard limit of massage"));
  EXPECT_THAT(told("at: 8min, for: 20min", "at: 8min, for: 21min"),
              HasSubstr("must be at most 20min, a hard limit of one massage"));
  EXPECT_THAT(told("at: 8min, for: 20min", "at: 8min"),
              HasSubstr("plays 22min to the end of the routine, must be at most 20min"));
  EXPECT_THAT(told("like: wind-down                 # the same score, gentler\n    for: 10min",
                   "like: wind-down\n    for: 40min"),
              HasSubstr("stretches a track of massage to 40min"));
}

TEST(ATrack, WithoutALevelIsLowAsTheManualSays) {
  const Loaded loaded = load_text(
      "home: {time_zone: Europe/Berlin}\n"
      "devices:\n"
      "  - {name: Leg, is: massage_pad, speaks: esphome, at: lull/pad/left}\n"
      "  - {name: Sound, is: sound, speaks: zigbee2mqtt, at: Sound}\n"
      "routines:\n"
      "  wind-down: {for: 20min, tracks: [{massage: Leg}, {sound: Sound}]}\n",
      "f");
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->house.routines[0].tracks[0].to, 20_pct);
  EXPECT_EQ(loaded.settings->house.routines[0].tracks[1].to, 100_pct);
}

TEST(AGentlerRoutine, NamesRampsThatAreLongerThanItsHeat) {
  const Loaded loaded = load_text(bedroom_with("for: 10min\n    only: [massage]", "for: 4min\n    only: [heat]"), "f");
  EXPECT_FALSE(loaded.settings);
  EXPECT_THAT(all_of(loaded.problems), HasSubstr("makes the ramps longer than the heat, which plays 4min"));
}

TEST(ADeviceThatCannotStopItself, IsAProblemOfItsDialectAtTheKeyThatCuresIt) {
  std::string text = project_file("config/examples/mqtt-device.yaml");
  text.replace(text.find(",\"off_after\":{seconds}"), 22, "");
  EXPECT_THAT(all_of(load_text(text, "f").problems),
              HasSubstr("/devices/0/says/on nothing here makes it stop by itself"));
}

TEST(TheDetectorsWindow, IsRefusedWhereTheDetectorWouldCutItAndOldNightsAreReadAsTheyWere) {
  const auto with = [](const std::string& window) {
    return bedroom_with("side: left", "side: left, detector: {window: " + window + "}");
  };
  for (const std::string wrong : {"1min", "179s", "901s", "20min"}) {
    const Loaded loaded = load_text(with(wrong), "f");
    EXPECT_FALSE(loaded.settings) << wrong;
    EXPECT_THAT(all_of(loaded.problems),
                HasSubstr("/sleepers/0/detector/window is " + wrong + ", must be 3min to 15min"));
  }
  for (const std::string right : {"3min", "15min"}) EXPECT_TRUE(load_text(with(right), "f").settings) << right;
  const auto then = [&](const std::string& window) {
    const Loaded loaded = load_journaled(with(window), "journal");
    return loaded.settings ? loaded.settings->house.sleepers[0].detector.window : std::nullopt;
  };
  EXPECT_EQ(then("1min"), 180s) << "what the detector made of it";
  EXPECT_EQ(then("20min"), 900s);
  EXPECT_EQ(then("5min"), 300s);
  EXPECT_EQ(then("30min"), std::nullopt) << "was never taken";
}

TEST(AFileWithEveryKindOfMistake, IsToldAllOfThemAtOnce) {
  const Loaded loaded = load_text(project_file("tests/config/bad.yaml"), "bad.yaml");
  EXPECT_FALSE(loaded.settings);
  EXPECT_GE(loaded.problems.size(), 25u);
  for (const Problem& problem : loaded.problems) {
    EXPECT_GT(problem.line, 0) << to_text(problem);
    EXPECT_GT(problem.column, 0) << to_text(problem);
  }
  expect_kept("tests/config/bad.txt", all_of(loaded.problems));
}

TEST(AFile, ThatIsNotThereIsAProblemLikeAnyOther) {
  EXPECT_THAT(all_of(load_file("/nonexistent/lull.yaml").problems), HasSubstr("cannot be opened"));
  EXPECT_FALSE(load_file("/").settings) << "a directory";
}

TEST(ATypicalFile, LoadsInMilliseconds) {
  const std::string text = project_file("config/examples/couple.yaml");
  (void)load_text(text, "f");  // the time zone database is read once
  const auto begin = std::chrono::steady_clock::now();
  (void)load_text(text, "f");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms) << "loose, for sanitizers; 3 ms is usual";
}

}  // namespace
}  // namespace lull
