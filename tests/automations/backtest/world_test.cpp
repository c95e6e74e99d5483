// One bedroom under changed settings, told what was recorded.
#include "automations/backtest/world.hpp"

#include <gtest/gtest.h>

#include "automations/backtest/match.hpp"
#include "automations/backtest/outcome.hpp"
#include "tests/automations/home.hpp"

namespace lull::backtest {
namespace {

/// A night as a journal would tell it: second by second, in the places of ana()'s house.
struct Told {
  World world;
  std::shared_ptr<const House> house;
  Instant now{hours{21}};
  explicit Told(House h = ana()) : world(std::make_shared<const House>(h)), house(std::make_shared<const House>(h)) {
    world.starts();
    hears(ClockSet{Home::kNoonUtcOffset})
        .hears(Started{})
        .hears(LinkChanged{true})
        .hears(OccupancyReported{kBed, true});
  }
  Told& hears(News news) {
    world.hears({now, std::move(news)});
    return *this;
  }
  Told& kicks(milliseconds span, milliseconds apart = 20s) {
    for (const Instant begin = now, end = now + span; now < end;) {
      hears(MovementReported{kAnkle, Counts{(now - begin).count() % apart.count() < 1000 ? 120 : 0}});
      now = now + 1s;
      hears(Tick{});
    }
    return *this;
  }
  Told& quiet(milliseconds span) { return kicks(span, 24h); }
  NightOf ended() { return night_of_report(report_of(*house, "2026-11-21", world.take_records()), *house); }
};

TEST(ANightUnderOtherSettings, HasTheSessionsThatTheRulesWouldHaveMade) {
  Told told;
  const NightOf night = told.quiet(150min).kicks(5min).quiet(40min).kicks(5min).quiet(30min).ended();
  ASSERT_EQ(night.sessions.size(), 3u) << "the wind-down of 22:30 and two replays";
  EXPECT_EQ(night.sessions[1].routine, "night-relief");
  EXPECT_TRUE(night.sessions[1].gentle);
  EXPECT_EQ(night.sessions[1].asked_by, "rule Restless at night");
  EXPECT_EQ(night.episodes.size(), 2u);
  EXPECT_GT(night.massage, 30min) << "its pads obey";
  EXPECT_LT(night.massage, 45min);
}

TEST(ANightUnderOtherSettings, SaysWhyASessionWouldNotHaveBeen) {
  House house = ana();
  house.rules[1].limits.per_night = 1;
  Told told(house);
  const NightOf night = told.quiet(150min).kicks(5min).quiet(40min).kicks(5min).quiet(30min).ended();
  EXPECT_EQ(night.sessions.size(), 2u);
  const auto& all = night.not_done;
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const Line& line) {
    return line.about == "rule Restless at night" && line.text.find("1 of 1 times used tonight") != std::string::npos;
  }));
  EXPECT_EQ(night.refusals, 2) << "and the foot warmer, which has no thermometer in this record";
}

TEST(ANightUnderOtherSettings, KnowsNothingOfLegsWhileAPadReallyRan) {
  Told told;
  told.quiet(150min);
  for (int i = 0; i < 600; ++i) {  // what shakes here is the pad of that night
    told.world.shaken(told.now + 2s);
    told.hears(MovementReported{kAnkle, Counts{i % 20 == 0 ? 120 : 0}});  // as legs kick, or a pad in waves
    told.now = told.now + 1s;
    told.hears(Tick{});
  }
  const NightOf night = told.quiet(10min).ended();
  EXPECT_EQ(night.episodes.size(), 0u);
  EXPECT_EQ(night.sessions.size(), 1u) << "only the wind-down";
}

TEST(ANightUnderOtherSettings, LeavesOutWhatPadsSaidThatReallyRan) {
  Told told;
  told.quiet(2min).hears(ActuatorReported{kPad, true, 60_pct, {}, {}, true}).quiet(10s);
  EXPECT_NE(told.world.hub().actuators[kPad.index].on, std::optional(true));
  EXPECT_FALSE(told.world.hub().actuators[kPad.index].hand) << "no hand was on this one";
}

TEST(ANightUnderOtherSettings, HearsThePeopleAsTheyWere) {
  Told told;
  told.quiet(95min).hears(Asked{Door::voice, ask::StopAll{}}).quiet(60min).kicks(5min).quiet(5min);
  EXPECT_TRUE(told.world.hub().stopped);
  const NightOf night = told.ended();
  ASSERT_EQ(night.sessions.size(), 1u);
  EXPECT_EQ(night.sessions[0].ended_by, "STOP by a voice");
  EXPECT_GE(night.refusals, 1) << "STOP is on";
}

TEST(ANightUnderOtherSettings, HasNoUseOfAPadThatWasOutOfReach) {
  Told told;
  told.quiet(1min).hears(ReachabilityChanged{kPad, false});
  const NightOf night = told.quiet(150min).kicks(5min).quiet(20min).ended();
  EXPECT_EQ(night.massage, 0ms);
  EXPECT_GE(night.refusals, 1);
}

TEST(ANightUnderOtherSettings, WarmsASurfaceAsItShouldAndEndsItsLease) {
  Told told;
  told.hears(TemperatureReported{kWarmer, 28.0_degC});  // it has a thermometer; what that said is another night's
  const NightOf night = told.quiet(3h).ended();
  EXPECT_NEAR(static_cast<double>(night.heat.count()) / 60'000, 20, 1) << "the wind-down's";
  EXPECT_FALSE(told.world.hub().actuators[kWarmer.index].standing.faulty);
}

TEST(ANightUnderOtherSettings, TeachesNothingAboutReplays) {
  Told told;
  std::vector<Relief> was(1);
  was[0].weaker = 1;
  told.world.replays_are(was);
  for (int night = 0; night < 6; ++night) {
    told.hears(OccupancyReported{kBed, true})
        .quiet(150min)
        .kicks(5min, 20s)
        .quiet(10min)
        .kicks(20min, 8s)
        .quiet(24h - 185min);
    EXPECT_EQ(told.world.hub().sleepers[0].relief.weaker, 1) << night;
  }
}

/// Ana's, with a phone and a rule before its alarm.
House with_an_alarm() {
  House house = ana();
  Device phone;
  phone.id = "anas_phone", phone.name = "Ana's phone", phone.kind = Kind::alarm_clock, phone.sleeper = kAna;
  house.devices.push_back(phone);
  house.rules = {
      {"Bedtime", {when::BeforeAlarm{kAna, 8h + 30min}}, {}, {}, {act::Notify{"Bedtime acts."}}},
  };
  return house;
}
constexpr DeviceId kPhone{6};
constexpr Utc kSeven{Home::kNoonUtcOffset + 31h};  // of the 22nd

/// A stretch of the record that begins while Lull runs, after this evening. How often the rule acts in it.
struct Stretch {
  std::shared_ptr<const House> house;
  World world;
  Instant now;
  Stretch(const Home& evening, House tested)
      : house(std::make_shared<const House>(std::move(tested))), world(house), now(evening.hub.now) {
    const Matching matching = match(*evening.house_, *house);
    world.knows(known_of(evening.hub, matching, *house));
    world.goes_on(before_of(evening.hub, matching, *house));
  }
  Stretch& hears(News news) {
    world.hears({now, std::move(news)});
    return *this;
  }
  Stretch& passes(milliseconds span) {
    for (const Instant end = now + span; now < end;) now = now + 1s, hears(Tick{});
    return *this;
  }
  /// Since the last call.
  auto acted() {
    const auto records = world.take_records();
    return std::count_if(records.begin(), records.end(), [](const Timed& timed) {
      const auto* told = std::get_if<Notify>(&timed.what);
      return told && told->text == "Bedtime acts.";
    });
  }
  std::string decisions() {
    std::string all;
    for (const Timed& timed : world.take_records())
      if (const auto* d = std::get_if<Decision>(&timed.what)) all += d->about + "\n";
    return all;
  }
};

TEST(ARecordThatBeginsInTheEvening, KnowsTheAlarmThatWasSetBeforeIt) {
  Home home(with_an_alarm());
  home.at(21, 0).hears(AlarmClockReported{kPhone, kSeven}).at(22, 0);
  Stretch stretch(home, with_an_alarm());
  EXPECT_EQ(stretch.passes(29min).acted(), 0);
  EXPECT_EQ(stretch.passes(2min).acted(), 1);
}

TEST(ARecordThatBeginsInTheEvening, KnowsForWhichAlarmARuleActed) {
  Home home(with_an_alarm());
  home.at(21, 0).hears(AlarmClockReported{kPhone, kSeven}).at(23, 0);
  Stretch stretch(home, with_an_alarm());
  EXPECT_EQ(stretch.passes(1min).decisions().find("rule Bedtime"), std::string::npos)
      << "its time came before the record begins";
  stretch.hears(AlarmClockReported{kPhone, kSeven + 1h});
  EXPECT_EQ(stretch.passes(1h).acted(), 0) << "it was moved after the rule had acted";
  House renamed = with_an_alarm();
  renamed.sleepers[0].id = "anna";
  Stretch other(home, renamed);
  other.hears(AlarmClockReported{kPhone, kSeven + 1h});
  EXPECT_EQ(other.passes(1h).acted(), 0) << "she has another id there";
}

TEST(ARecordThatBeginsWithAStart, KnowsForWhichAlarmARuleActedBefore) {
  const auto acts_after_a_move = [](auto before) {
    World world(std::make_shared<const House>(with_an_alarm()));
    world.starts();
    Instant now{hours{22}};
    const auto hears = [&](News news) { world.hears({now, std::move(news)}); };
    const auto passes = [&](milliseconds span) {
      for (const Instant end = now + span; now < end;) now = now + 1s, hears(Tick{});
    };
    hears(ClockSet{Home::kNoonUtcOffset});
    before(world, hears, passes);
    hears(Started{.settings = {{"alarm:ana:510:Bedtime", std::to_string(kSeven.since_epoch.count())}}});
    hears(LinkChanged{true});
    passes(1min);
    hears(AlarmClockReported{kPhone, kSeven + 1h});
    passes(2h);
    const auto records = world.take_records();
    return std::any_of(records.begin(), records.end(), [](const Timed& timed) {
      const auto* told = std::get_if<Notify>(&timed.what);
      return told && told->text == "Bedtime acts.";
    });
  };
  EXPECT_FALSE(acts_after_a_move([](World&, const auto&, const auto&) {}));
  EXPECT_TRUE(acts_after_a_move([](World& world, const auto& hears, const auto& passes) {
    hears(Started{});
    passes(1min);
    world.starts();
    hears(ClockSet{Home::kNoonUtcOffset});
  })) << "what it did in life after the record began, it did not do here";
}

TEST(TwoHouses, AreMatchedByWhatADeviceIsAndThenByItsName) {
  House was = ana(), now = ana();
  now.devices[kPad.index].name = "Calf massage";  // renamed: the same id
  now.devices[kBed.index].id = "another_bed";     // another sensor in its place: the same name
  now.devices.erase(now.devices.begin() + kButton.index);
  Device cup;
  cup.id = "radar", cup.name = "Bed radar", cup.kind = Kind::movement;
  now.devices.push_back(cup);
  std::swap(now.devices[kLamp.index], now.devices[kAnkle.index]);
  const Matching m = match(was, now);
  EXPECT_EQ(m.devices[kPad.index], kPad);
  EXPECT_EQ(m.devices[kBed.index], kBed);
  EXPECT_EQ(m.devices[kAnkle.index], kLamp) << "their places are swapped";
  EXPECT_EQ(m.devices[kButton.index], std::nullopt);
  EXPECT_EQ(m.lost, std::vector<std::string>{"Bedside button (button)"});
  EXPECT_EQ(m.fresh, std::vector<std::string>{"Bed radar (movement)"});
  const auto moved_one = moved({Instant{5s}, MovementReported{kAnkle, Counts{9}}}, m);
  ASSERT_TRUE(moved_one);
  EXPECT_EQ(std::get<MovementReported>(moved_one->news).device, kLamp);
  EXPECT_FALSE(moved({Instant{5s}, ButtonPressed{kButton, "single"}}, m));
  EXPECT_TRUE(moved({Instant{5s}, Tick{}}, m));
  EXPECT_FALSE(moved({Instant{5s}, Asked{Door::page, ask::SetDevice{kButton, 10_pct, "", {}}}}, m));
}

TEST(AnOutcome, AddsUpOnlyNightsThatHaveBothWorlds) {
  Outcome o;
  o.beside = "what really happened";
  NightOf one, two;
  one.sessions.resize(2), two.sessions.resize(3);
  one.massage = 20min, two.massage = 10min;
  o.nights.push_back({"2026-11-21", "", Zone{}, one, two});
  o.nights.push_back({"2026-11-22", "", Zone{}, one, std::nullopt});
  EXPECT_EQ(totals(o, true, false).sessions, 4);
  EXPECT_EQ(totals(o, true, true).sessions, 2);
  EXPECT_EQ(totals(o, false, true).sessions, 3);
  const std::string text = to_text(o, true);
  EXPECT_NE(text.find("2 (3)"), std::string::npos) << text;
  EXPECT_NE(text.find("Against what really happened, on 1 night: sessions -1, massage +10 min"), std::string::npos)
      << text;
  EXPECT_NE(text.find(kAssumed), std::string::npos) << "always said";
  EXPECT_NE(to_json(o).find("\"was\": null"), std::string::npos);
}

}  // namespace
}  // namespace lull::backtest
