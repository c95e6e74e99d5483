// What the benchmarks share: a bedroom of ten.yaml or fifty.yaml in which all is well, and the count of allocations.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "automations/hub.hpp"

namespace lull::bench {

/// How often this program has asked for memory since it began.
std::uint64_t allocations();

/// The house of a file of this folder. Ends the program with the problems if it does not load.
House house_of(const std::string& file);

/// A bedroom whose devices do at once what they are told: what is measured is the core's share of a night.
class Bedroom {
 public:
  /// It is 22:00 in Berlin, everybody is in bed, everything is proved off.
  explicit Bedroom(const std::string& file);
  explicit Bedroom(House house);
  Bedroom(const Bedroom& other) : hub_(other.hub_), now_(other.now_) {}  // the effects are spent, not copied
  Bedroom& operator=(const Bedroom&) = delete;

  void tell(News news) {
    auto [next, effects] = step(std::move(hub_), {now_, std::move(news)});
    hub_ = std::move(next);
    effects_ = std::move(effects);
    ++events_;
  }
  /// A second later.
  void tick() {
    now_ = now_ + 1s;
    tell(Tick{});
    if (!effects_.empty()) answer();
  }
  /// The devices do what the last effects told them, and say so; so they do when they are asked.
  void answer();
  void passes(milliseconds span) {
    for (const Instant end = now_ + span; now_ < end;) tick();
  }

  DeviceId device(std::string_view name) const;
  bool runs(std::string_view name) const { return hub_.actuators[device(name).index].on == true; }
  const Hub& hub() const { return hub_; }
  Instant now() const { return now_; }
  std::int64_t events() const { return events_; }
  const std::vector<Effect>& effects() const { return effects_; }

 private:
  Hub hub_;
  Instant now_{};
  std::vector<Effect> effects_;
  std::int64_t events_ = 0;
};

}  // namespace lull::bench
