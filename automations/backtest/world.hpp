// One bedroom under changed settings: the core as it is, what the sensors and the people said that night, and actuators
// that obey. What really ran is not in it, only that nothing could be known while it shook the bed.
#pragma once

#include <memory>
#include <vector>

#include "automations/backtest/room.hpp"
#include "automations/hub.hpp"
#include "automations/night/report.hpp"

namespace lull::backtest {

/// What the record knows of one device of the new house.
struct Known {
  bool matched = false;  // it was there that night; else it is taken for one that passes every gate
  Timer timer = Timer::unknown;
  std::string timer_reason{};
  DeviceIdentified identity{};
  std::vector<Finding> findings{};
  std::vector<Source> awaited{};
  std::optional<bool> wakes_off{};
  bool reachable = true, guard_up = false;
  std::optional<bool> occupied{};  // a presence sensor: what it last said
  std::optional<Utc> rings{};      // an alarm clock: likewise
};

/// How things stood when a stretch of the record begins in the middle of a run of Lull.
struct Before {
  Instant at;
  milliseconds utc_minus_boot{};
  bool link_up = false;
  std::vector<Setting> settings{};           // what people chose and what rules acted for, kept under its name
  std::vector<std::vector<Flag>> tonight{};  // one list a sleeper
  std::vector<std::string> learned{};        // one text a sleeper
  std::vector<Relief> relief{};              // likewise: how far replays were backed off
};

class World {
 public:
  explicit World(std::shared_ptr<const House> house);

  /// What is known of the devices, in the house's order. Before anything is heard.
  void knows(std::vector<Known> devices) { known_ = std::move(devices); }
  /// Settings of the household that a start finds on the disk: what people chose, set-up tests that were passed.
  void keeps(const std::vector<Setting>& settings);
  /// Lull starts: nothing is on, nothing is known but what was kept.
  void starts();
  /// The record begins while Lull runs.
  void goes_on(const Before& before);
  /// What happened, in the new house's places. What only tells of actuators that really ran is left out here.
  void hears(const Event& event);
  /// A pad that really ran shakes the bed until then: no sensor tells of legs.
  void shaken(Instant until) { shaken_until_ = until; }
  /// How far replays were backed off that night. What they do here teaches nothing: the legs that moved did not feel
  /// them.
  void replays_are(const std::vector<Relief>& as_recorded);
  /// The notes, decisions and notifications since the last call.
  std::vector<Timed> take_records();

  const Hub& hub() const { return hub_; }
  /// Whether this actuator is played here, and its recorded words are of another night.
  bool simulates(DeviceId id) const { return simulated_[id.index]; }

 private:
  bool concerns(const News& news) const;
  void tell(News news);
  void tell_one(News news);
  void connects();
  void restart(const Started& recorded);
  void perform(std::vector<Effect>& effects);
  void keep(const Effect& effect);

  std::shared_ptr<const House> house_;
  Hub hub_;
  Room room_;
  std::vector<bool> simulated_;
  std::vector<Known> known_;
  Started disk_;
  Instant now_{};
  Instant shaken_until_{};
  bool link_up_ = false;
  bool lived_ = false;  // something of the record was played here: what rules acted for is this world's own
  std::vector<Timed> records_;
};

}  // namespace lull::backtest
