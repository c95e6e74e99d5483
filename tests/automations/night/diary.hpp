// Writes the record of a made-up night, by the wall clock of the house, for the tests of report and picture.
#pragma once

#include <algorithm>
#include <concepts>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "automations/night/report.hpp"

namespace lull::made_up {

inline constexpr SleeperId kAna{0}, kBen{1};
inline constexpr DeviceId kLegs{0}, kFeet{1}, kLamp{2}, kBensLegs{3};

inline House house(int sleepers = 1) {
  House h;
  h.name = "Ana and Ben";
  h.zone = *Zone::named("Europe/Berlin");
  const auto add = [&](std::string id, std::string name, Kind kind, std::optional<SleeperId> whose) {
    Device d;
    d.id = std::move(id);
    d.name = std::move(name);
    d.kind = kind;
    d.sleeper = whose;
    h.devices.push_back(d);
  };
  Sleeper ana, ben;
  ana.id = "ana", ana.name = "Ana";
  ben.id = "ben", ben.name = "Ben";
  h.sleepers = {ana};
  if (sleepers > 1) h.sleepers.push_back(ben);
  add("leg_massage", "Leg massage", Kind::massage_pad, kAna);
  add("foot_warmer", "Foot warmer", Kind::heat_pad, kAna);
  add("bedside_lamp", "Bedside lamp", Kind::light, std::nullopt);
  if (sleepers > 1) add("bens_legs", "Ben's legs", Kind::massage_pad, kBen);
  const auto massage = [](DeviceId device) {
    Track t;
    t.kind = TrackKind::massage;
    t.device = device;
    return t;
  };
  Routine wind_down{"wind-down", 30min, {massage(kLegs)}, false}, relief{"night-relief", 15min, {massage(kLegs)}, true};
  h.routines = {wind_down, relief};
  return h;
}

/// Notes by the clock: `at("22:30")` moves to that time of the night, `after(90s)` goes on from there.
class Diary {
 public:
  Diary(House h, std::string of_night) : house(std::move(h)), night(std::move(of_night)) {
    now = span_of_night(house.zone, night)->begin;
  }
  Diary& at(int hour, int minute) {
    now = *in_night(house.zone, night, TimeOfDay{static_cast<std::int16_t>(hour * 60 + minute)});
    return *this;
  }
  Diary& after(milliseconds time) {
    now = now + time;
    return *this;
  }
  Diary& note(Lane lane, std::optional<SleeperId> who, std::optional<DeviceId> device, double value,
              std::string text = "") {
    records.push_back({now, Note{lane, who, device, value, std::move(text)}});
    return *this;
  }
  Diary& in_bed(SleeperId who, int value) { return note(Lane::in_bed, who, {}, value); }
  Diary& restless(SleeperId who, bool on, std::string text = "") {
    return note(Lane::episode, who, {}, on, std::move(text));
  }
  Diary& play(std::string text, bool on) { return note(Lane::play, {}, {}, on, std::move(text)); }
  Diary& massage(double level, std::string text = "", DeviceId d = kLegs) {
    return note(Lane::massage, {}, d, level, std::move(text));
  }
  Diary& heat(double level, std::string text = "") { return note(Lane::heat, {}, kFeet, level, std::move(text)); }
  Diary& light(double level) { return note(Lane::light, {}, kLamp, level); }
  Diary& says(std::string text) { return note(Lane::note, {}, {}, 1, std::move(text)); }
  Diary& decides(Decision d) {
    records.push_back({now, std::move(d)});
    return *this;
  }
  Diary& notifies(Notify n) {
    records.push_back({now, std::move(n)});
    return *this;
  }
  Diary& restarts() {
    records.push_back({now, RunBegan{}});
    return *this;
  }
  /// One movement line for each minute of the time from now on; the hand moves to its end.
  template <class F>
  requires std::invocable<F&, int> Diary& minutes_of(SleeperId who, int count, F movements) {
    for (int i = 0; i < count; ++i) after(1min).note(Lane::movement, who, {}, movements(i));
    return *this;
  }
  Diary& minutes_of(SleeperId who, int count, double movements) {
    return minutes_of(who, count, [=](int) { return movements; });
  }
  NightReport report() const { return report_of(house, night, records); }

  House house;
  std::string night;
  std::vector<Timed> records;
  Utc now;
};

/// A massage as a pad proves it: up, hold, down, a report every ten seconds.
inline void run_massage(Diary& d, double level, milliseconds up, milliseconds hold, milliseconds down, std::string why,
                        DeviceId pad = kLegs) {
  for (milliseconds t{}; t < up; t += 10s) {
    d.massage(std::max(1.0, level * static_cast<double>(t.count()) / static_cast<double>(up.count())), "", pad)
        .after(10s);
  }
  d.massage(level, "", pad).after(hold);
  for (milliseconds t{}; t < down; t += 10s) {
    d.massage(std::max(1.0, level * (1 - static_cast<double>(t.count()) / static_cast<double>(down.count()))), "", pad)
        .after(10s);
  }
  d.massage(0, std::move(why), pad);
}

/// What a restless night with Lull looks like: wind-down, two episodes, two replays, one walk, morning.
inline Diary ordinary_night(int sleepers = 1, unsigned seed = 7) {
  Diary d(house(sleepers), "2026-11-21");
  std::mt19937 dice{seed};
  const auto chance = [&](unsigned percent) { return dice() % 100 < percent; };
  const auto quiet = [&](int) { return chance(9) ? 1 + static_cast<int>(dice() % 3) : 0; };
  const auto awake = [&](int) { return chance(45) ? 1 + static_cast<int>(dice() % 4) : 0; };
  const auto legs = [&](int) { return 2 + static_cast<int>(dice() % 5); };

  d.at(22, 28).in_bed(kAna, 1);
  d.at(22, 30).play("wind-down, asked for by rule Bedtime", true).heat(30);
  for (int i = 0; i <= 20; ++i) d.at(22, 30).after(i * 30s).light(60 - i * 2.75);
  d.at(22, 50).heat(0, "its 20 minutes were over").at(22, 42).light(0);
  d.at(22, 38);
  run_massage(d, 40, 2min, 13min, 5min, "wind-down: finished");
  d.at(23, 0).play("wind-down: finished", false);
  d.at(22, 28).minutes_of(kAna, 2, awake).minutes_of(kAna, 31, -1);
  d.minutes_of(kAna, 14, awake).minutes_of(kAna, 177, quiet);  // 23:01 to 02:12
  d.minutes_of(kAna, 6, legs)
      .minutes_of(kAna, 17, -1)
      .minutes_of(kAna, 20, quiet)
      .minutes_of(kAna, 67, quiet);  // to 04:02
  d.at(2, 15)
      .restless(kAna, true, "Ana's ankle 7 of 7")
      .after(40s)
      .play("night-relief, asked for by rule Restless at night", true);
  run_massage(d, 24, 90s, 630s, 3min, "night-relief: finished");
  d.play("night-relief: finished", false).at(2, 33).restless(kAna, false);
  d.at(4, 2).in_bed(kAna, 0).at(4, 11).in_bed(kAna, 1);
  d.at(4, 2).minutes_of(kAna, 14, -1).minutes_of(kAna, 64, quiet).minutes_of(kAna, 7, legs);  // to 05:27
  d.at(5, 25)
      .restless(kAna, true, "Ana's ankle 7 of 7")
      .after(20s)
      .play("night-relief, asked for by rule Restless at night", true);
  run_massage(d, 24, 90s, 160s, 10s, "Bedside button");
  d.play("night-relief: stopped by Bedside button", false).at(5, 33).restless(kAna, false);
  d.at(5, 27).minutes_of(kAna, 5, -1).minutes_of(kAna, 60, quiet).minutes_of(kAna, 26, awake);  // to 06:58
  d.at(6, 58).in_bed(kAna, 0);
  d.at(6, 55).light(10).after(1min).light(40).after(1min).light(80).at(7, 20).light(0);
  d.at(23, 40).decides({Decision::Outcome::did_not, "rule Restless at night", "4 of 7 movements in 5 min"});
  d.at(3, 10).decides({Decision::Outcome::did_not, "rule Restless at night", "5 of 7 movements in 5 min"});
  d.at(2, 15).decides(
      {Decision::Outcome::refused, "Foot warmer", "no heat for a sleeper in bed without a thermometer"});
  d.at(3, 20).says("Ana's ankle was out of reach for 40 s");
  if (sleepers > 1) {
    d.at(22, 50).in_bed(kBen, 1).minutes_of(kBen, 20, awake).minutes_of(kBen, 440, quiet).in_bed(kBen, 0);
    d.at(3, 0).restless(kBen, true, "Bed right 7 of 7").at(3, 9).restless(kBen, false);
  }
  return d;
}

}  // namespace lull::made_up
