// A home for stories: the hub, and devices that obey it and keep their own leases, as real ones must. Made of events;
// the bytes of real devices are in tests/stories.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "automations/hub.hpp"
#include "automations/view.hpp"
#include "devices/result.hpp"
#include "devices/safety/gate.hpp"

namespace lull {

inline constexpr DeviceId kPad{0}, kWarmer{1}, kLamp{2}, kAnkle{3}, kBed{4}, kButton{5};
inline constexpr SleeperId kAna{0};

/// Ana, alone, with a massage pad, a foot warmer with a thermometer in it, a lamp, an anklet, a bed strap and a button.
House ana();

/// What one device of the home does by itself.
struct Thing {
  bool on = false, deaf = false, dead = false;
  bool forgets = false;        // its firmware takes a time limit and forgets it
  bool drops_renewal = false;  // a lease that runs is not made longer
  Percent level{};
  Instant lease_until{};
  std::vector<std::string> heard;  // every command, "on 24 300s" or "off"
};

class Home {
 public:
  explicit Home(House house = ana(), Started kept = {});
  Home(const Home&);
  Home(Home&&) noexcept;
  Home& operator=(const Home&);
  ~Home();
  /// One whose heater was never tested; every other home's was, some time ago.
  static Home untested(House house = ana());

  /// Its heater, as it is now, was tested some time ago.
  Home& passed_its_test();

  /// 2026-11-21 at this local time (Berlin, UTC+1), or later in the same night.
  Home& at(int hour, int minute);
  Home& hears(News news);
  Home& asks(Command command, Door door = Door::page);
  Home& passes(milliseconds span);
  Home& in_bed(bool in);
  /// The surface comes to this temperature, as fast as a pad can.
  Home& warms(Celsius to);
  /// Legs that kick once each `apart`, for `span`.
  Home& kicks(milliseconds span, milliseconds apart = 20s);
  Home& sleeps_quietly(milliseconds span);

  Thing& thing(DeviceId id);
  bool runs(DeviceId id) const;
  View seen() const;
  bool said(std::string_view part) const;
  bool told(std::string_view part) const;
  std::string all() const;

  static constexpr milliseconds kNoonUtcOffset{
      1795215600000};  // 2026-11-20 23:00 UTC is midnight of the 21st in Berlin
  std::shared_ptr<const House> house_;
  Hub hub;
  Instant now{};
  std::vector<Thing> things;
  std::vector<std::string> decisions, phone, trial;  // trial: what the one who watches a set-up test reads
  std::vector<Notify> letters;                       // those of `phone`, with all that is known of them
  std::vector<Note> notes;
  Started disk;  // what was kept, as a next run would find it
  Celsius surface = 28.0_degC;
  bool thermometer_talks = true, wavers = true;
  std::function<void(Home&)> every_second;
  std::function<bool(const Effect&)> lost;  // true: this effect never arrives

 private:
  void seed_trials();
  void perform(Effect& effect);
  void obey(const SafeCommand& c);
  void live(DeviceId id);
  void answer();
  int wave_ = 0;
  std::vector<DeviceId> replies_;
  std::vector<std::pair<DeviceId, seconds>> arms_;
  Started kept_;
  bool tested_ = true;
};

}  // namespace lull
