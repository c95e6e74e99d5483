// The promises to the sleeper, looked at each second from outside: by what is really so in the bedroom, not by what
// Lull believes.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "automations/hub.hpp"
#include "bridge/demo/bedroom.hpp"

namespace lull {

/// How long a device may go on after it should be off. Without losses OFF arrives at once, or with the repeats that
/// span a bridge's restart; with losses the lease ends it, and a late message may begin it three seconds later.
struct Patience {
  seconds off{300 + 5};
  static Patience calm() { return {15s}; }
  static Patience lossy() { return {}; }
};

class Promises {
 public:
  Patience patience = Patience::calm();

  // Told by the night.
  void lull_starts(const Hub& hub, Instant now);  // or came back to the broker
  void lull_heard(const News& news, Instant now);
  void lull_did(const Hub& hub, const std::vector<Effect>& effects, const demo::Truth& truth, Instant now);
  void stop_asked(Instant now) { stopped_ = stopped_ ? stopped_ : now; }
  void stop_released() { stopped_.reset(); }
  void hand_on_plug(Instant now) { stranger(DeviceId{2}, now); }
  /// Something that is not Lull switched this device on, or may have.
  void stranger(DeviceId device, Instant now) {
    if (device.index < strangers_.size()) strangers_[device.index] = now, strangers_tonight_ = true;
  }
  /// The plug says what is not so: then Lull, and its ledger, can know it only by its watts.
  void device_lies() { device_lied_ = true; }
  /// The movement sensor makes movements up until then: whoever believes it can only bound what it brings.
  void legs_are_invented(Instant until) { invented_until_ = until; }
  void disk_trouble(Instant now) { disk_failing_ = now; }
  void disk_well() { disk_failing_.reset(); }
  void clock_was_set() { clock_was_set_ = true; }
  /// Lull was killed in the middle of its last step: what that decided was not done.
  void step_was_lost();
  /// Once a second.
  void look(const demo::Truth& truth, const Hub* hub, Instant now);
  /// When everybody is up, and a lease later.
  void morning(const demo::Truth& truth, const Hub* hub, const Started& disk);

  /// What was broken, with the time; empty: every promise was kept.
  const std::vector<std::string>& broken() const { return broken_; }
  std::string text() const;

  seconds heat_of_pad{}, heat_of_plug{}, massage{};  // really given tonight
  int replays = 0;

 private:
  struct Lasting {
    std::optional<Instant> since{};
  };
  /// `is` must not last for more than `most`.
  void not_for_long(bool is, Lasting& lasting, seconds most, Instant now, const char* promise);
  void breaks(Instant now, std::string what);

  void see_what_is_off(const demo::Truth& truth);
  void no_voice_warms(const Hub& hub, DeviceId device, Instant now);
  void heat_is_leased(const demo::Truth& truth, const Hub* hub, Instant now);
  void no_heat_unseen_hot_or_tripped(const demo::Truth& truth, const Hub* hub, Instant now);
  void no_unmeasured_heat_in_bed(const demo::Truth& truth, const Hub* hub, Instant now);
  void stop_is_off(const demo::Truth& truth, Instant now);
  void dose_has_an_end(const demo::Truth& truth, Instant now);
  void an_empty_bed_rests(const demo::Truth& truth, Instant now);
  void without_a_disk_all_is_off(const demo::Truth& truth, Instant now);
  /// Somebody else's doing, and not ours to be blamed for until it could be found.
  bool ours(std::size_t device) const { return !strangers_[device]; }
  /// How long a stranger's ON may last: without losses it is heard at once, else when one of four questions is
  /// answered.
  seconds found_within() const;

  std::vector<std::string> broken_;
  Lasting unseen_, tripped_, hot_, in_bed_plug_, left_shaking_;
  std::optional<Instant> stopped_, disk_failing_, seen_temperature_, lull_knows_in_bed_, left_bed_, invented_until_;
  std::array<std::optional<Instant>, 3> strangers_{};  // the massage, the pad's heat, the plug
  std::array<Lasting, 3> strange_{};
  bool strangers_tonight_ = false, device_lied_ = false, clock_was_set_ = false;
  seconds massage_session_{}, pad_session_{}, plug_session_{};
  int starts_ = 0;  // a start and its first connection are two
  std::optional<Instant> last_replay_, replay_before_, last_step_;
  struct Swept {  // since the last start: an OFF was sent; then it was really off
    bool off_sent = false, was_off = false;
  };
  std::array<Swept, 3> swept_{};
  std::deque<Instant> legs_{};  // movements that a leg really made, of the last ten minutes
  std::array<Refusal, 16> refused_{};
};

}  // namespace lull
