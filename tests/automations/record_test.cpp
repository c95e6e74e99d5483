// The journal's language: what is written reads back exactly, and nothing that can be read can hurt.
#include "automations/record.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "devices/safety/interlock.hpp"
#include "tests/automations/any_record.hpp"

namespace lull {
namespace {

/// How many members an aggregate has, so that a field which somebody adds and forgets in the list is found here.
struct Anything {
  template <class T>
  operator T() const;
};
template <class T, class... Filled>
constexpr std::size_t members() {
  if constexpr (requires { T{Filled{}..., Anything{}}; })
    return members<T, Filled..., Anything>();
  else
    return sizeof...(Filled);
}
template <class T>
void expect_complete() {
  if constexpr (!std::is_same_v<T, SafeCommand>) {
    EXPECT_EQ(std::tuple_size_v<decltype(record::Shape<T>::fields)>, members<T>()) << record::Shape<T>::name;
  }
}
template <class... Ts>
void expect_all_complete(const std::variant<Ts...>*) {
  (expect_complete<Ts>(), ...);
}

TEST(ARecord, KnowsEveryFieldOfEveryEventAndEffect) {
  expect_all_complete(static_cast<const News*>(nullptr));
  expect_all_complete(static_cast<const MovementSample*>(nullptr));
  expect_all_complete(static_cast<const Command*>(nullptr));
  expect_all_complete(static_cast<const Effect*>(nullptr));
  expect_complete<DoseUsed>();
  expect_complete<Setting>();
  expect_complete<RuleUsed>();
}

TEST(ARecord, OfAnEventReadsBackAsThatEvent) {
  Dice dice{1};
  std::vector<int> seen(std::variant_size_v<News>);
  for (int i = 0; i < 20000; ++i) {
    const Event event = dice.event();
    const std::string text = to_text(event);
    const auto back = event_from(text);
    ASSERT_TRUE(back) << text << "\n" << back.error().where << " " << back.error().what;
    ASSERT_EQ(*back, event) << text;
    ASSERT_EQ(to_text(*back), text);
    ASSERT_EQ(text.find('\n'), std::string::npos) << "one line";
    ++seen[event.news.index()];
  }
  for (const int times : seen) EXPECT_GT(times, 500);
}

TEST(ARecord, OfWhatIsRememberedReadsBackToo) {
  Dice dice{2};
  for (int i = 0; i < 10000; ++i) {
    Recorded recorded;
    dice.draw(recorded);
    const std::string text = std::visit([](auto it) { return to_text(Effect{std::move(it)}); }, recorded);
    const auto back = recorded_from(text);
    ASSERT_TRUE(back) << text << "\n" << back.error().where << " " << back.error().what;
    ASSERT_TRUE(*back == recorded) << text;
  }
}

TEST(ARecord, KeepsFloatsBitForBit) {
  Dice dice{3};
  for (int i = 0; i < 100000; ++i) {
    RawAcceleration raw{25.0, {{}}};
    dice.draw(raw.mg[0]);
    const Event event{{}, MovementReported{{7}, raw}};
    const auto back = event_from(to_text(event));
    ASSERT_TRUE(back);
    const auto& read = std::get<RawAcceleration>(std::get<MovementReported>(back->news).sample).mg[0];
    ASSERT_EQ(std::memcmp(read.data(), raw.mg[0].data(), sizeof read), 0) << to_text(event);
  }
}

TEST(ARecord, SaysWhatIsNoNumberInAString) {
  for (const double odd : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const std::string text = to_text(Event{{5ms}, MovementReported{{1}, LoadVariance{odd}}});
    const auto back = event_from(text);
    ASSERT_TRUE(back) << text;
    const double read = std::get<LoadVariance>(std::get<MovementReported>(back->news).sample).variance;
    EXPECT_TRUE(std::isnan(odd) ? std::isnan(read) : read == odd) << text;
  }
}

TEST(ARecord, LooksLikeThis) {
  EXPECT_EQ(to_text(Event{{123456ms}, Tick{}}), R"({"at":123456,"tick":{}})");
  EXPECT_EQ(to_text(Event{{1ms}, TemperatureReported{{2}, Celsius::of_tenths(-5)}}),
            R"({"at":1,"temperature_reported":{"device":2,"celsius":-0.5}})");
  EXPECT_EQ(
      to_text(Event{{1ms}, MovementReported{{3}, LegAcceleration{12.25, 40, 50}}}),
      R"({"at":1,"movement_reported":{"device":3,"sample":{"acceleration":{"rms_mg":12.25,"peak_mg":40,"samples":50}}}})");
  EXPECT_EQ(to_text(Event{{1ms}, ActuatorReported{{3}, true, 24_pct}}),
            R"({"at":1,"actuator_reported":{"device":3,"on":true,"level":24,"answers_ask":false}})");
  EXPECT_EQ(to_text(Effect{Note{Lane::heat, std::nullopt, DeviceId{4}, 0, "it was at 41 °C"}}),
            R"({"note":{"lane":"heat","device":4,"value":0,"text":"it was at 41 °C"}})");
}

TEST(ARecord, OfACommandIsSeenButNeverRead) {
  const std::string text = to_text(Effect{Interlock::off({3})});
  EXPECT_EQ(text.find(R"({"command":{"device":3,"level":0,"timer":)"), 0u) << text;
  const auto back = recorded_from(text);
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->has_value());
  for (const Effect& other : {Effect{Ask{{1}}}, Effect{Arm{{1}, Timer::none, 300s}}, Effect{MayLeave{"all off"}}}) {
    const auto read = recorded_from(to_text(other));
    ASSERT_TRUE(read) << to_text(other);
    EXPECT_FALSE(read->has_value());
  }
}

TEST(ARecord, NamesThePlaceOfAProblem) {
  const auto problem = [](std::string_view text) {
    const auto read = event_from(text);
    return read ? "none" : read.error().where + ": " + read.error().what;
  };
  EXPECT_EQ(problem("tick"), ": is not JSON, must be one line written by Lull");
  EXPECT_EQ(problem(R"({"at":1})"), "/at: an event is its time and one named thing");
  EXPECT_EQ(problem(R"({"at":1.5,"tick":{}})"), "/at: 1.5 is not a whole number");
  EXPECT_EQ(problem(R"({"at":1,"tock":{}})"), "/tock: a name this version does not know");
  EXPECT_EQ(problem(R"({"at":1,"tick":{"loud":true}})"), "/tick: a field this version does not know");
  EXPECT_EQ(problem(R"({"at":1,"power_reported":{"device":1}})"), "/power_reported/watts: missing");
  EXPECT_EQ(problem(R"({"at":1,"power_reported":{"device":70000,"watts":1}})"),
            "/power_reported/device: 70000 is not within 0 to 65535");
  EXPECT_EQ(problem(R"({"at":1,"temperature_reported":{"device":1,"celsius":1e9}})"),
            "/temperature_reported/celsius: 1000000000.0 is not within -40 to 125");
  EXPECT_EQ(problem(R"({"at":1,"asked":{"door":"window","command":{"replay":{}}}})"),
            "/asked/door: \"window\" is not one of our words");
  EXPECT_EQ(problem(R"({"at":18446744073709551615,"tick":{}})"), "/at: 18446744073709551615 is not a whole number");
}

TEST(ARecord, SurvivesAnyDamage) {
  Dice dice{4};
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    Recorded recorded;
    dice.draw(recorded);
    std::string text =
        i % 2 ? to_text(dice.event()) : std::visit([](auto it) { return to_text(Effect{std::move(it)}); }, recorded);
    for (auto n = dice.below(4) + 1; n > 0 && !text.empty(); --n) {
      const auto at = dice.below(text.size());
      if (dice.below(3) == 0)
        text.resize(at);
      else
        text[at] = static_cast<char>(dice.below(256));
    }
    refused += !event_from(text);
    (void)recorded_from(text);
  }
  EXPECT_GT(refused, 10000);
  EXPECT_FALSE(event_from(std::string(100000, '[')));
  EXPECT_FALSE(event_from(R"({"at":1,"tick":)" + std::string(100000, '[') + std::string(100000, ']') + "}"));
  EXPECT_FALSE(event_from(std::string(5u << 20, ' ')));
  EXPECT_FALSE(event_from(""));
}

TEST(ARecord, IsWrittenInMicroseconds) {
  const Event event{{123456789ms}, MovementReported{{3}, LegAcceleration{12.25, 40.5, 50}}};
  std::size_t bytes = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100000; ++i) bytes += to_text(event).size();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  std::printf("one event of %zu bytes: %.2f us\n", bytes / 100000, took.count() / 100000);
  EXPECT_LT(took.count() / 100000, 100) << "far from the aim of 5 us even for a slow machine and an unoptimised build";
}

}  // namespace
}  // namespace lull
