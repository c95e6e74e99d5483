// A person who goes to bed, reads, sleeps, grows restless in the legs, calms down under massage and gets up.
#pragma once

#include <cstdint>
#include <vector>

#include "bridge/demo/chance.hpp"
#include "devices/units.hpp"

namespace lull::demo {

/// A stretch of restless legs. Times are seconds since the bedroom began; `end` moves forward when massage calms it.
struct Episode {
  enum class Kind : std::uint8_t { plm, fidget };  // periodic kicks, or irregular shifting about
  Kind kind{};
  int start{}, end{};
  bool treated = false;  // the massage ran in it
  bool calmed = false;   // and ended it before its time
  bool operator==(const Episode&) const = default;
};

struct SleeperSettings {
  std::uint64_t seed = 1;
  /// What the clock in the room shows when the bedroom begins. The night is told by the clock, not by UTC.
  minutes clock{22 * 60};
  bool partner = false;        // someone else in the bed, whose turns reach the ankle weakly
  double massage_helps = 0.8;  // the share of episodes that massage can end early
};

/// One second of it.
struct Moment {
  bool in_bed = false, asleep = false, restless = false;
  double rms_mg = 0;  // what the leg does, gravity and sensor noise apart
};

/// The night is drawn when it is made; only the massage can change it. Not more than kMaxMovements movements.
class Sleeper {
 public:
  explicit Sleeper(const SleeperSettings& settings);

  /// What happens in second `s`. To be called once for each second, in order; `massage` is the motor's level, 0..1.
  Moment second(int s, double massage);
  /// The first second after `s` that may differ from a still one.
  int next_change(int s) const;

  /// All episodes of the night, the coming ones too.
  const std::vector<Episode>& episodes() const { return episodes_; }
  int into_bed() const { return into_bed_; }
  int falls_asleep() const { return falls_asleep_; }
  int gets_up() const { return gets_up_; }
  int up_from() const { return up_from_; }  // in the night; equal to up_until() when there was none
  int up_until() const { return up_until_; }

 private:
  struct Movement {
    int start{}, lasts{};
    double rms{};
    int episode = -1;
  };
  static constexpr std::size_t kMaxMovements = 8000;

  void draw_times(int clock);
  void draw_episodes();
  void draw_movements(const Episode& episode, int index);
  void draw_turns(int from, int until, double an_hour, double low, double high);
  void draw_reading();
  void add(Movement movement);

  Chance script_, calm_;
  double massage_helps_;
  int into_bed_{}, falls_asleep_{}, gets_up_{}, up_from_{}, up_until_{}, asleep_again_{};
  std::vector<Episode> episodes_;
  std::vector<bool> responds_;
  std::vector<Movement> movements_;
  std::size_t next_ = 0;
  std::vector<Movement> going_on_;
  int massaged_for_ = 0;
};

}  // namespace lull::demo
