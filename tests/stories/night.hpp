// A whole night on one page: the simulated bedroom and Lull, wired together in memory, byte for byte. Nothing between
// them is pretended: what devices say goes through the dialects, and what Lull decides leaves as their words.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automations/hub.hpp"
#include "automations/view.hpp"
#include "bridge/demo/bedroom.hpp"
#include "bridge/outbox.hpp"
#include "bridge/router.hpp"
#include "tests/stories/gremlins.hpp"
#include "tests/stories/promises.hpp"

namespace lull {

/// The household that has exactly the simulated bedroom's devices, in this order.
std::shared_ptr<const House> stories_house();
/// Its file.
std::string_view stories_config();
inline constexpr DeviceId kMassage{0}, kWarmth{1}, kWarmer{2}, kLamp{3}, kAnkle{4}, kStrap{5}, kButton{6};

struct NightSettings {
  demo::BedroomSettings room{};
  std::string date = "2026-11-21";  // of its evening
  bool tested = true;               // the heaters' set-up tests were passed, on an earlier evening
  bool keep_record = false;         // every event and effect, for replaying
};

/// What one run of Lull heard and did, from its start on.
struct Recording {
  std::vector<Event> events;
  std::vector<std::vector<std::string>> effects;  // as text, one list an event
};

class Night {
 public:
  static constexpr Instant kBooted{1h};
  explicit Night(NightSettings settings = {});

  Night& passes(milliseconds span);
  /// To this time on the wall clock, tonight: until(2, 30). The first of two when the clock is set back.
  Night& until(int hour, int minute = 0);
  /// Until something is so, at most for `most`. Whether it came to be is to be asked afterwards.
  Night& until(const std::function<bool(const Night&)>& so, milliseconds most);

  Night& asks(Command command, Door door = Door::page);
  Night& presses(std::string_view action);
  Night& happens(demo::Mishap mishap);
  /// Another program on the same broker.
  Night& somebody_publishes(std::string_view topic, std::string_view payload);
  /// Zigbee2MQTT publishes another of its own documents: bridge/<document>, retained.
  Night& happens_on_the_bridge(std::string_view document, std::string_view payload);
  /// What a device says on topics that contain this does not reach Lull for so long.
  Night& unheard(std::string topic_part, milliseconds span);
  /// kill -9: the broker speaks the heaters' last wills, unless it has gone too.
  Night& dies(bool wills = true);
  /// kill -9 in the middle of things: just before the n-th message that leaves, or write to the disk, from now on. A
  /// new Lull comes `away` later.
  Night& dies_before(int act, milliseconds away);
  /// SIGSTOP: nothing is heard, said or counted for so long. The broker takes it for dead after kSilence.
  Night& hangs(milliseconds span);
  /// The wall clock is set; the boot clock is not.
  Night& clock_jumps(milliseconds by);
  Night& disk_full(bool is);
  /// A sensor lies for so long.
  Night& lies(SensorLie::How how, std::string topic_part, milliseconds span);
  /// A message that nobody in the bedroom sent.
  Night& forges(const Forged& what);
  /// A new Lull, which knows what is on the disk and nothing else.
  Night& starts();
  Night& restarts(milliseconds away = 3s) { return dies().passes(away).starts(); }

  demo::Truth truth() const { return room_.truth(); }
  const demo::Bedroom& room() const { return room_; }
  const Hub& hub() const { return *hub_; }
  const Actuator& seen(DeviceId id) const { return hub_->actuators[id.index]; }
  const House& house() const { return *house_; }
  Instant now() const { return now_; }
  std::string clock() const;  // "02:30:05"
  bool plays(std::string_view routine) const;
  bool alive() const { return hub_.has_value(); }

  bool said(std::string_view part) const { return find(decisions, part); }
  bool told(std::string_view part) const { return find(phone, part); }
  int times_said(std::string_view part) const;
  std::string all() const;        // what was decided, told and commanded, with the time
  std::string explained() const;  // "why did nothing happen", now

  Promises promises;
  std::vector<std::string> decisions, phone, log;
  std::vector<Recording> runs;
  std::vector<TrialTold> trial;  // what somebody who watches a set-up test is told
  std::vector<Note> notes;
  std::vector<std::string> problems;  // what a dialect could not read
  Disk disk;
  Harms harms;

 private:
  void seed_trials();
  void tell(News news);
  void perform(std::vector<Effect>& effects);
  void deliver(const demo::BedroomSays& said);
  void hear(std::string_view topic, std::string_view payload, bool retained);
  void send(const std::vector<Outgoing>& words);
  void say(const SafeCommand& command);
  void end_if_dying();
  void look_at_disk();
  void wake_up();
  void say_wills();
  void say_wills_of_the_silent();  // the broker's, who hears nothing of a Lull that hangs
  void learn_clock();
  bool act();  // false: this is where it dies
  void link_up();
  void link_down();
  void look_at_link();
  void note(std::string line);
  static bool find(const std::vector<std::string>& all, std::string_view part);

  std::shared_ptr<const House> house_;
  Router router_;
  Utc begins_utc_;
  demo::Bedroom room_;
  std::optional<Hub> hub_;
  Instant now_;
  bool keep_record_, link_ = false;
  std::optional<Instant> connects_at_;
  std::map<std::string, std::string, std::less<>> retained_;  // what the broker remembers
  Liar liar_;
  std::optional<Outbox> outbox_;
  // dying
  std::optional<int> acts_left_;
  bool dying_ = false, told_full_ = false;
  milliseconds away_{};
  std::optional<Instant> starts_at_;
  // hanging
  std::optional<Instant> hangs_from_, hangs_until_;
  bool wills_said_ = false;
  std::deque<demo::BedroomSays> backlog_;
  std::vector<Asked> wishes_;            // that waited
  std::optional<Instant> caught_up_at_;  // when what waited has been read
  milliseconds clock_off_{};
  std::optional<milliseconds> told_clock_off_;
};

}  // namespace lull
