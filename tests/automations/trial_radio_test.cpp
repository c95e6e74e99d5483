// The set-up test on a radio that loses, delays and doubles: a good device is never called bad, and one that forgets
// its time limit never passes. The state machine alone, against devices and a bridge of a few lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "automations/trial.hpp"

namespace lull {
namespace {

enum class Flaw { none, forgets, drops_renewals, goes_off_early, never_comes_on, sticks };

struct Radio {
  double lost = 0, late = 0, doubled = 0;
};
constexpr Radio kPoor{0.10, 0.06, 0.05}, kCalm{};

/// A device, its bridge, and the way between them and a trial.
class Bench {
 public:
  Bench(std::uint32_t seed, Flaw flaw, Radio radio, bool bridged, bool metered)
      : dice_(seed), radio_(radio), flaw_(flaw), bridged_(bridged), metered_(metered) {
    sees_.timer = bridged ? Timer::on_time : Timer::lease;
    sees_.can_be_asked = bridged;
    trial_.since = now_;
  }
  const Trial& runs() {
    for (int step = 0; step < 12 * 600 && trial_.step != Trial::Step::over; ++step) {
      now_ = now_ + 100ms;
      device_lives();
      std::stable_sort(way_.begin(), way_.end(), [](const Word& a, const Word& b) { return a.at < b.at; });
      while (!way_.empty() && way_.front().at <= now_) {
        const Word word = way_.front();
        way_.erase(way_.begin());
        word.to_device ? device_hears(word) : trial_hears(word);
      }
      if (step % 10 == 0) looks();
    }
    return trial_;
  }
  int ons() const { return ons_; }

 private:
  enum class Say { on, off, ask, state };
  struct Word {
    Instant at;
    bool to_device;
    Say say;
    bool is_on;
    double watts;
  };
  bool happens(double p) { return std::uniform_real_distribution<double>(0, 1)(dice_) < p; }
  void send(Word word) {
    if (happens(radio_.lost)) return;
    const bool overtaken = bridged_ && happens(radio_.late);  // one TCP stream keeps its order
    const milliseconds late{overtaken ? std::uniform_int_distribution<int>(200, 3000)(dice_) : 0};
    word.at = now_ + 40ms + late;
    way_.push_back(word);
    if (bridged_ && happens(radio_.doubled)) word.at = word.at + 300ms, way_.push_back(word);
  }
  bool loses_frame() { return happens(radio_.lost / 2); }
  void publishes() { send({{}, false, Say::state, cache_on_, cache_watts_}); }
  void turns(bool on) {
    if (on == on_) return;
    on_ = on;
    meter_at_ = now_ + milliseconds{std::uniform_int_distribution<int>(100, 10000)(dice_)};
  }
  void reports() {
    if (bridged_ && loses_frame()) return;
    cache_on_ = on_;
    publishes();
  }
  void device_lives() {
    if (off_at_ && now_ >= *off_at_) {
      off_at_.reset();
      turns(false);
      reports();
    }
    if (metered_ && meter_at_ && now_ >= *meter_at_) {
      meter_at_.reset();
      if (!loses_frame()) cache_watts_ = on_ || flaw_ == Flaw::sticks ? 60 : 0, publishes();
    }
  }
  void device_hears(const Word& word) {
    if (bridged_ && loses_frame()) return;
    if (word.say == Say::ask) {
      cache_on_ = on_;
      return publishes();
    }
    if (bridged_) publishes();  // the old state once more, right after a command
    if (word.say == Say::off) {
      off_at_.reset();
      turns(false);
      return reports();
    }
    if (flaw_ == Flaw::never_comes_on) return;
    const bool was_on = on_;
    // A lease is told in whole seconds, and of its ten the first has begun when it leaves.
    const milliseconds whole = bridged_ ? kTrialLease : kTrialLease - 1s;
    const milliseconds lease = flaw_ == Flaw::goes_off_early ? 3s : whole;
    if (flaw_ == Flaw::forgets)
      off_at_.reset();
    else if (!(was_on && flaw_ == Flaw::drops_renewals))
      off_at_ = now_ + lease;
    turns(true);
    if (!was_on || !bridged_) reports();
  }
  void trial_hears(const Word& word) {
    sees_.on = word.is_on;
    sees_.said = now_;
    sees_.fresh = !bridged_;
    if (metered_) sees_.watts = Watts::from(word.watts), sees_.watts_said = now_;
    // As the reconciler proves it: its own word, or what it says after it was asked.
    if (off_told_ && !word.is_on && now_ > *off_told_ && (!bridged_ || (off_asked_ && now_ > *off_asked_)))
      sees_.off_proved = true;
    looks();
  }
  void looks() {
    const TrialNext next = go_on(trial_, sees_, now_);
    switch (next.wants) {
      case TrialWants::on:
        ++ons_;
        off_told_.reset();
        off_asked_.reset();
        sees_.off_proved = false;
        return send({{}, true, Say::on, false, 0});
      case TrialWants::ask: return send({{}, true, Say::ask, false, 0});
      case TrialWants::off:
        if (trial_.round == 2 && trial_.tries == 0) sees_.off_proved = true;  // it was seen to be off just now
        if (sees_.off_proved || (off_said_ && now_ - *off_said_ < 2s)) return;
        if (!off_told_)
          off_told_ = now_;
        else if (bridged_)
          off_asked_ = now_, send({{}, true, Say::ask, false, 0});
        off_said_ = now_;
        return send({{}, true, Say::off, false, 0});
      default: return;
    }
  }

  std::mt19937 dice_;
  Radio radio_;
  Flaw flaw_;
  bool bridged_, metered_;
  Trial trial_{};
  TrialSees sees_{};
  Instant now_{1h};
  std::vector<Word> way_;
  bool on_ = false, cache_on_ = false;
  double cache_watts_ = 0;
  int ons_ = 0;
  std::optional<Instant> off_at_{}, meter_at_{}, off_told_{}, off_asked_{}, off_said_{};
};

struct Count {
  int passed = 0, failed = 0, unclear = 0;
  std::string worst;
};
Count evenings(Flaw flaw, Radio radio, bool bridged, bool metered, int many = 1000) {
  Count all;
  for (int seed = 1; seed <= many; ++seed) {
    Bench bench(static_cast<std::uint32_t>(seed), flaw, radio, bridged, metered);
    const Trial& trial = bench.runs();
    if (trial.passed)
      ++all.passed;
    else if (trial.verdict && trial.step == Trial::Step::over)
      ++all.failed;
    else
      ++all.unclear;
    if (trial.passed == (flaw != Flaw::none) || (flaw == Flaw::none && !trial.passed))
      all.worst += "seed " + std::to_string(seed) + ": " + trial.text + "\n";
  }
  return all;
}

TEST(AGoodDevice, PassesItsSetUpTestWhereNothingIsLost) {
  for (const bool bridged : {true, false})
    for (const bool metered : {true, false}) {
      const Count count = evenings(Flaw::none, kCalm, bridged, metered, 100);
      EXPECT_EQ(count.passed, 100) << bridged << metered << count.worst;
    }
}

TEST(AGoodDevice, IsNeverCalledBadOnARadioThatLosesATenth) {
  for (const bool bridged : {true, false})
    for (const bool metered : {true, false}) {
      const Count count = evenings(Flaw::none, kPoor, bridged, metered);
      EXPECT_EQ(count.failed, 0) << bridged << metered << count.worst;
      EXPECT_GE(count.passed, 980) << bridged << metered << count.worst;
    }
}

TEST(ABadDevice, NeverPassesItsSetUpTestWhateverTheRadioLoses) {
  for (const Flaw flaw : {Flaw::forgets, Flaw::never_comes_on})
    for (const Radio radio : {kCalm, kPoor})
      for (const bool bridged : {true, false})
        for (const bool metered : {true, false}) {
          const Count count = evenings(flaw, radio, bridged, metered);
          EXPECT_EQ(count.passed, 0) << static_cast<int>(flaw) << bridged << metered << count.worst;
          EXPECT_EQ(count.failed, 1000) << static_cast<int>(flaw) << bridged << metered << "\n" << count.worst;
        }
}

TEST(ADeviceThatGrowsColdTooSoon, NeverPassesItsSetUpTestWhereNothingIsLostAndSeldomElse) {
  for (const Flaw flaw : {Flaw::goes_off_early, Flaw::drops_renewals})
    for (const bool metered : {true, false}) {
      for (const bool bridged : {true, false}) {
        const Count count = evenings(flaw, kCalm, bridged, metered, 100);
        EXPECT_EQ(count.failed, 100) << static_cast<int>(flaw) << bridged << metered << "\n" << count.worst;
      }
      // It hurts nobody: the bed is cold. What cannot be asked, and whose words are lost, is not looked at here.
      const Count count = evenings(flaw, kPoor, true, metered);
      EXPECT_LE(count.passed, 10) << static_cast<int>(flaw) << metered << count.worst;
    }
}

TEST(ARelayThatSticks, NeverPassesItsSetUpTestWhereItsPowerIsMeasured) {
  for (const Radio radio : {kCalm, kPoor}) {
    const Count count = evenings(Flaw::sticks, radio, true, true);
    EXPECT_EQ(count.passed, 0) << count.worst;
  }
}

TEST(ADeviceThatForgetsItsTimeLimit, IsCaughtTheFirstTimeAndNotSwitchedOnAgain) {
  Bench bench(1, Flaw::forgets, kCalm, true, false);
  EXPECT_NE(bench.runs().text.find("it stayed on: 20 s after an ON for 10 s"), std::string::npos);
  EXPECT_EQ(bench.ons(), 1);
}

/// It is on by its word, and then only so many answers come, each of which says "on" though its time is over.
Trial after_old_words(int answers) {
  Trial trial;
  TrialSees sees;
  const Instant told{1h};
  trial.step = Trial::Step::lapses;
  trial.told = trial.since = told;
  trial.on_said = told;
  sees.timer = Timer::on_time;
  sees.on = true;
  sees.said = told;
  for (int s = 1; s <= 24 && trial.step == Trial::Step::lapses; ++s) {
    const Instant now = told + seconds{s};
    const bool asks = go_on(trial, sees, now).wants == TrialWants::ask;
    if (asks && s >= 14 && answers-- > 0) sees.said = now + 200ms;
  }
  return trial;
}

TEST(OneOldWord, ThatSaysOnAfterItsTimeIsNoVerdictAndTwoAre) {
  const Trial one = after_old_words(1), two = after_old_words(2);
  EXPECT_EQ(one.step, Trial::Step::off) << "a bridge may repeat an old one beside a reading: " << one.text;
  EXPECT_EQ(one.complaints, 0);
  EXPECT_EQ(two.step, Trial::Step::over);
  EXPECT_TRUE(two.verdict && !two.passed);
  EXPECT_NE(two.text.find("it forgets its time limit"), std::string::npos) << two.text;
}

}  // namespace
}  // namespace lull
