// How a night goes wrong for Lull itself: killed in the middle of a step, stopped and gone on, a clock that is set, a
// disk that is full; and how it comes and goes at the broker.
#include <algorithm>
#include <utility>

#include "tests/stories/night.hpp"

namespace lull {
namespace {
constexpr milliseconds kReconnects{2s}, kSilence{7500ms};  // one and a half times the guards' keep-alive
constexpr milliseconds kNoticed{5s}, kReadsOn{2s};         // as in bridge/timeliness.hpp
}  // namespace

Night& Night::dies_before(int act, milliseconds away) {
  note("Lull will be killed before act " + std::to_string(act));
  acts_left_ = act;
  away_ = away;
  return *this;
}

bool Night::act() {
  if (dying_) return false;
  if (!acts_left_ || (*acts_left_)-- > 0) return true;
  acts_left_.reset();
  dying_ = true;
  return false;
}

void Night::end_if_dying() {
  if (!dying_) return;
  ++harms[Harm::lull_killed_between_two_messages];
  promises.step_was_lost();
  dies();
  starts_at_ = now_ + away_;
}

Night& Night::hangs(milliseconds span) {
  note("Lull hangs");
  if (!hub_ || hangs_until_) return *this;
  ++harms[Harm::lull_hangs];
  hangs_from_ = now_;
  hangs_until_ = now_ + span;
  wills_said_ = false;
  return *this;
}

void Night::wake_up() {
  note("Lull goes on");
  const bool taken_for_dead = now_ - *hangs_from_ >= kSilence || !room_.truth().broker_up;
  hangs_until_.reset();
  if (const milliseconds lost = now_ - *hangs_from_; lost > kNoticed && hub_) {  // before anything that waited
    tell(Stalled{lost, 0ms});
    tell(BacklogChanged{true, true, "Lull stood still"});
    caught_up_at_ = now_ + kReadsOn;
  }
  for (Asked& wish : std::exchange(wishes_, {})) {
    if (std::holds_alternative<ask::StopAll>(wish.command)) promises.stop_asked(now_);
    tell(std::move(wish));
  }
  const std::deque<demo::BedroomSays> waited = std::move(backlog_);
  backlog_.clear();
  for (const demo::BedroomSays& said : waited)
    if (hub_ && link_) hear(said.topic, said.payload, false);
  if (taken_for_dead && hub_ && link_) {
    link_down();
    connects_at_ = now_ + kReconnects;
  }
  end_if_dying();
}

Night& Night::clock_jumps(milliseconds by) {
  note("the clock is set by " + std::to_string(by.count() / 1000) + " s");
  clock_off_ += by;
  return *this;
}

void Night::learn_clock() {
  if (told_clock_off_ == clock_off_) return;
  told_clock_off_ = clock_off_;
  tell(ClockSet{begins_utc_.since_epoch - kBooted.since_boot + clock_off_});
}

Night& Night::disk_full(bool is) {
  note(is ? "the disk is full" : "the disk has room again");
  if (is && !disk.full) ++harms[Harm::disk_full];
  disk.full = is;
  return *this;
}

void Night::look_at_disk() {
  if (!hub_ || hangs_until_) return;
  if (disk.stuck(now_) && !told_full_) {
    told_full_ = true;
    promises.disk_trouble(now_);
    tell(StoreChanged{false, "no space left on the device"});
  }
  if (disk.full) return;
  if (const auto ticket = disk.writes(now_)) outbox_->durable(*ticket);
  if (told_full_) {
    told_full_ = false;
    promises.disk_well();
    tell(StoreChanged{true, ""});
  }
  end_if_dying();
}

Night& Night::lies(SensorLie::How how, std::string topic_part, milliseconds span) {
  constexpr std::array kHow{"is silent", "is frozen", "jumps", "says no number", "speaks in another's name"};
  note("a sensor lies: " + topic_part + " " + kHow[static_cast<std::size_t>(how)]);
  if (how == SensorLie::How::jumps && topic_part == "movement") promises.legs_are_invented(now_ + span);
  liar_.lies({how, std::move(topic_part), now_ + span});
  return *this;
}

Night& Night::forges(const Forged& what) {
  ++harms[what.command ? Harm::forged_command : Harm::forged_state];
  for (std::uint16_t i = 0; i < what.starts.size(); ++i)
    if (what.starts[i]) promises.stranger(DeviceId{i}, now_);
  if (what.command) {
    somebody_publishes(what.topic, what.payload);
    if (what.starts[0]) somebody_publishes("lull/pad/left/number/vibration/command", "80");
    if (what.starts[1]) somebody_publishes("lull/pad/left/number/heat_target/command", "38");
  } else {
    note("forged " + std::string(what.topic) + " " + std::string(what.payload));
    deliver({now_, std::string(what.topic), std::string(what.payload), false});
  }
  return *this;
}

Night& Night::dies(bool wills) {
  note("Lull is killed");
  acts_left_.reset();
  if (!hub_) return *this;
  const auto kept = [&](const Setting& s) { return s.name == "stopped" && s.value == "1"; };
  // A STOP that is not on the disk yet dies with the process that heard it (docs/SAFETY.md, "Known gaps").
  if (hub_->stopped && std::none_of(disk.kept.settings.begin(), disk.kept.settings.end(), kept))
    promises.stop_released();
  hub_.reset();
  outbox_.reset();
  disk.forgets();
  link_ = dying_ = told_full_ = false;
  promises.disk_well();  // the next one finds out for itself
  hangs_until_.reset();
  caught_up_at_.reset();
  wishes_.clear();
  backlog_.clear();
  if (wills) say_wills();
  return *this;
}

void Night::say_wills() {
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (house_->needs_guard(DeviceId{i})) send(router_.off(DeviceId{i}));
}

void Night::say_wills_of_the_silent() {
  if (!hangs_until_ || wills_said_ || now_ - *hangs_from_ < kSilence) return;
  wills_said_ = true;
  say_wills();
}

Night& Night::starts() {
  note("Lull starts");
  starts_at_.reset();
  hub_ = begin(house_);
  outbox_.emplace([this](const SafeCommand& c) { say(c); });
  link_ = false;
  connects_at_ = now_ + 100ms;
  if (keep_record_) runs.emplace_back();
  promises.lull_starts(*hub_, now_);
  told_clock_off_.reset();
  learn_clock();
  tell(disk.kept);
  end_if_dying();
  return *this;
}

void Night::look_at_link() {
  const bool broker = room_.truth().broker_up;
  if (!broker) {
    retained_.clear();  // it keeps nothing on disk
    if (link_) link_down();
    connects_at_ = now_ + kReconnects;
  } else if (!link_ && hub_ && (!connects_at_ || now_ >= *connects_at_)) {
    link_up();
  }
}

void Night::link_down() {
  note("connection lost");
  link_ = false;
  tell(LinkChanged{false});
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (house_->needs_guard(DeviceId{i})) tell(GuardChanged{DeviceId{i}, false});
}

void Night::link_up() {
  note("connected");
  link_ = true;
  connects_at_.reset();
  promises.lull_starts(*hub_, now_);
  tell(LinkChanged{true});
  for (const auto* topics : {&router_.topics().bridges, &router_.topics().devices})
    for (const std::string& topic : *topics)
      if (const auto kept = retained_.find(topic); kept != retained_.end())
        hear(topic, std::string(kept->second), true);
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (house_->needs_guard(DeviceId{i})) tell(GuardChanged{DeviceId{i}, true});
  end_if_dying();
}

}  // namespace lull
