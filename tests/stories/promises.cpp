// Each promise as a function with its name.
#include "tests/stories/promises.hpp"

#include <algorithm>
#include <utility>

#include "tests/stories/night.hpp"

namespace lull {
namespace {

// The promises in numbers, written down a second time on purpose: a limit that is loosened in the code breaks a night.
constexpr seconds kLease{300}, kReadingLives{60};
constexpr double kTrip = 41, kStrongest = 60;
constexpr minutes kMassageSession{20}, kHeatSession{30}, kUnmeasuredSession{20}, kNight{60};

// What a leg or a partner's turn must do at least to count: the sensor's own level is higher.
constexpr double kMoves = 13;
constexpr std::size_t kFewestLegs = 4;
constexpr minutes kLegs{10};             // the span in which they count
constexpr std::size_t kMostBroken = 12;  // the first ones tell; the rest follow from them
constexpr seconds kConfirmCycle{20};     // a lease ends on a whole second, its OFF is heard a moment later

std::string in_hours(Instant now) {
  const auto s = now.since_boot.count() / 1000;
  return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min " + std::to_string(s % 60) + " s";
}

}  // namespace

void Promises::breaks(Instant now, std::string what) {
  if (broken_.size() < kMostBroken) broken_.push_back("at " + in_hours(now) + ": " + std::move(what));
}

std::string Promises::text() const {
  std::string all;
  for (const std::string& b : broken_) all += b + "\n";
  return all;
}

void Promises::not_for_long(bool is, Lasting& lasting, seconds most, Instant now, const char* promise) {
  if (!is) return lasting.since.reset();
  if (!lasting.since) lasting.since = now;
  if (now - *lasting.since <= most) return;
  breaks(now, std::string(promise) + " for " + std::to_string((now - *lasting.since).count() / 1000) + " s");
  lasting.since = now;
}

// ---- told -----------------------------------------------------------------------------------------------------------

void Promises::lull_starts(const Hub&, Instant) { swept_ = {}, ++starts_; }

void Promises::lull_heard(const News& news, Instant now) {
  if (const auto* t = std::get_if<TemperatureReported>(&news); t && t->device == kWarmth) seen_temperature_ = now;
  if (const auto* o = std::get_if<OccupancyReported>(&news); o && o->device == kStrap) {
    if (!o->occupied && lull_knows_in_bed_) left_bed_ = now;
    if (!o->occupied)
      lull_knows_in_bed_.reset();
    else if (!lull_knows_in_bed_)
      lull_knows_in_bed_ = now, left_bed_.reset();
  }
}

void Promises::lull_did(const Hub& hub, const std::vector<Effect>& effects, const demo::Truth& is, Instant now) {
  see_what_is_off(is);
  last_step_ = now;
  for (const Effect& effect : effects) {
    if (const auto* c = std::get_if<SafeCommand>(&effect); c && c->device().index < swept_.size()) {
      Swept& swept = swept_[c->device().index];
      if (c->off())
        swept.off_sent = true;
      else if (!swept.off_sent || !swept.was_off)
        breaks(now, hub.house->devices[c->device().index].name + " was switched on before it was off after a start");
      if (!c->off()) no_voice_warms(hub, c->device(), now);
    }
    if (const auto* d = std::get_if<Decision>(&effect); d && d->outcome == Decision::Outcome::did) {
      const bool invented = invented_until_ && now < *invented_until_ + kLegs;
      if (d->about == "Ana" && d->why.starts_with("estimated restless") && legs_.size() < kFewestLegs && !invented)
        breaks(now, "an episode that no leg made: " + d->why + ", really " + std::to_string(legs_.size()));
      if (d->about == "rule Restless at night") {
        if (last_replay_ && now - *last_replay_ < 30min && !clock_was_set_)
          breaks(now, "two replays less than 30 min apart");
        replay_before_ = std::exchange(last_replay_, now);
        if (++replays > 3 && !clock_was_set_) breaks(now, "a fourth replay");
      }
    }
  }
  for (std::size_t i = 0; i < hub.actuators.size() && i < refused_.size(); ++i) {
    const Refusal refusal = hub.actuators[i].refusal;
    if (refusal == refused_[i]) continue;
    refused_[i] = refusal;
    const bool why = refusal == Refusal::none || std::any_of(effects.begin(), effects.end(), [&](const Effect& e) {
                       const auto* d = std::get_if<Decision>(&e);
                       return d && d->about == hub.house->devices[i].name && !d->why.empty();
                     });
    if (!why) breaks(now, hub.house->devices[i].name + " was refused without a reason");
  }
}

/// No word that may have been misheard warms anybody: this household never allowed it.
void Promises::no_voice_warms(const Hub& hub, DeviceId device, Instant now) {
  const std::string& owner = hub.actuators[device.index].owner;
  const bool spoken = owner.ends_with("a voice") || owner.ends_with("a voice)") || owner.ends_with("a scene") ||
                      owner.ends_with("a scene)");
  if (hub.house->devices[device.index].kind == Kind::heat_pad && spoken) breaks(now, "a voice warmed: " + owner);
}

void Promises::step_was_lost() {
  if (last_replay_ == last_step_ && last_replay_) last_replay_ = replay_before_, --replays;
}

// ---- looked at each second ------------------------------------------------------------------------------------------

seconds Promises::found_within() const { return patience.off > 60s ? 4 * kAskIdleHeaterEvery + 30s : patience.off; }

/// 1. Heat, and massage, run only on a lease that the device itself lets lapse. What a stranger switched on is ended:
/// heat as soon as it is found, massage when its quarter of an hour is over.
void Promises::heat_is_leased(const demo::Truth& is, const Hub* hub, Instant now) {
  const milliseconds most = kLease;
  const bool unleased = is.pad_lease <= 0ms || is.pad_lease > most;
  if (is.pad_heat_armed && unleased && ours(1)) breaks(now, "the pad warms without a lease");
  if (is.massage > 0 && unleased && ours(0)) breaks(now, "the pad shakes without a lease");
  const bool plug_unleased = is.plug_on && (!is.plug_timer || *is.plug_timer > most);
  if (plug_unleased && ours(2)) breaks(now, "the plug is on without a timer");
  const std::array<bool, 3> on{is.massage > 0 && unleased, is.pad_heat_armed && unleased, plug_unleased};
  for (std::size_t i = 0; i < on.size(); ++i)
    // While Lull itself wants it on, its session bounds it: a stranger's longer timer is only not shortened by ours.
    not_for_long(
        on[i] && !ours(i) && !device_lied_ && !(hub && told_on(hub->actuators[i])), strange_[i],
        found_within() + (i == 0 ? kManualMassage + 60s : 0s), now,
        i == 2 ? "the plug that a stranger switched on stayed on" : "the pad that a stranger switched on stayed on");
}

/// 2. Doubt is OFF: no reading, too hot, tripped.
void Promises::no_heat_unseen_hot_or_tripped(const demo::Truth& is, const Hub* hub, Instant now) {
  const bool unseen = !seen_temperature_ || now - *seen_temperature_ > kReadingLives;
  const seconds end = hub ? patience.off : Patience::lossy().off;  // nobody is there: its lease ends it
  not_for_long(is.pad_heat_armed && unseen, unseen_, end, now, "the pad warms though nobody sees how much");
  not_for_long(is.pad_heat_armed && is.pad_surface > kTrip + 1, hot_, patience.off, now,
               "the pad warms above its trip");
  const bool tripped = hub && hub->actuators[kWarmth.index].standing.tripped;
  not_for_long(is.pad_heat_armed && tripped, tripped_, patience.off, now, "the pad warms though it is tripped");
}

/// 2. A plug without a thermometer warms an empty bed only: from the moment that Lull could know.
void Promises::no_unmeasured_heat_in_bed(const demo::Truth& is, const Hub* hub, Instant now) {
  const seconds end = hub ? patience.off : Patience::lossy().off;
  not_for_long(is.plug_on && ours(2) && is.in_bed && lull_knows_in_bed_, in_bed_plug_, end, now,
               "the plug warms somebody without a thermometer");
}

/// 5. STOP: off, and off until a person releases it.
void Promises::stop_is_off(const demo::Truth& is, Instant now) {
  const bool runs = (is.pad_heat_armed && ours(1)) || (is.plug_on && ours(2)) || (is.massage > 0 && ours(0));
  const seconds most = patience.off > 60s ? patience.off : 5s;
  if (stopped_ && now - *stopped_ > most && runs) breaks(now, "something runs though STOP is on");
}

/// 6. What cannot be counted is not given.
void Promises::without_a_disk_all_is_off(const demo::Truth& is, Instant now) {
  const bool runs = (is.pad_heat_armed && ours(1)) || (is.plug_on && ours(2)) || (is.massage > 0 && ours(0));
  if (disk_failing_ && now - *disk_failing_ > patience.off && runs)
    breaks(now, "something runs though its minutes cannot be kept");
}

/// 6. What was really given, by session and by night.
void Promises::dose_has_an_end(const demo::Truth& is, Instant now) {
  const auto session = [&](bool on, seconds& run, seconds& night, minutes most, minutes most_tonight,
                           const char* what) {
    run = on ? run + 1s : 0s;
    if (on) night += 1s;
    if (run == most + kConfirmCycle + 1s) breaks(now, std::string(what) + " beyond its session");
    if (night == most_tonight + kConfirmCycle + 1s && on) breaks(now, std::string(what) + " beyond its night");
  };
  session(is.massage > 0 && ours(0), massage_session_, massage, kMassageSession, kNight, "massage");
  session(is.pad_heat_armed && ours(1), pad_session_, heat_of_pad, kHeatSession, kNight, "heat of the pad");
  const bool leased = is.plug_on && is.plug_timer && ours(2);
  session(leased, plug_session_, heat_of_plug, kUnmeasuredSession, kNight, "heat of the plug");
  if (is.massage > kStrongest + 0.5 && ours(0)) breaks(now, "massage above the hard limit");
}

/// A massage that ran when its sleeper left the bed ends: a minute later, and then the time that OFF may take. One that
/// a person asks for while the bed is empty is theirs.
void Promises::an_empty_bed_rests(const demo::Truth& is, Instant now) {
  if (is.massage <= 0 || is.in_bed || lull_knows_in_bed_) return left_shaking_.since.reset();
  if (!left_bed_ || now - *left_bed_ < 1s || massage_session_ < now - *left_bed_) return;
  not_for_long(true, left_shaking_, patience.off + 75s, now, "the pad shakes a bed that its sleeper left");
}

void Promises::see_what_is_off(const demo::Truth& is) {
  const std::array<bool, 3> off{is.massage <= 0, !is.pad_heat_armed, !is.plug_on};
  for (std::size_t i = 0; i < off.size(); ++i) swept_[i].was_off = swept_[i].was_off || (swept_[i].off_sent && off[i]);
}

void Promises::look(const demo::Truth& is, const Hub* hub, Instant now) {
  if (is.leg_rms_mg > kMoves && (legs_.empty() || now - legs_.back() >= 5s)) legs_.push_back(now);
  while (!legs_.empty() && now - legs_.front() > kLegs) legs_.pop_front();
  see_what_is_off(is);
  const std::array<bool, 3> on{is.massage > 0, is.pad_heat_armed, is.plug_on};
  for (std::size_t i = 0; i < on.size(); ++i)  // it went off, so what comes next is ours again
    if (strangers_[i] && !on[i] && now - *strangers_[i] > 8s) strangers_[i].reset();
  heat_is_leased(is, hub, now);
  no_heat_unseen_hot_or_tripped(is, hub, now);
  no_unmeasured_heat_in_bed(is, hub, now);
  stop_is_off(is, now);
  dose_has_an_end(is, now);
  an_empty_bed_rests(is, now);
  without_a_disk_all_is_off(is, now);
}

void Promises::morning(const demo::Truth& is, const Hub* hub, const Started& disk) {
  if (is.warm() || is.pad_heat_armed) broken_.push_back("in the morning something is warm");
  if (is.massage > 0) broken_.push_back("in the morning something shakes");
  if (!hub) return;
  // 6. The ledger on the disk: never less than was given; after a calm night without a crash hardly more.
  const std::array<seconds, 3> given{massage, heat_of_pad, heat_of_plug};
  const bool calm = patience.off < 60s;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Device& device = hub->house->devices[i];
    milliseconds kept{};
    for (const DoseUsed& used : disk.dose)
      if (used.device == device.id) kept += used.on;
    // A message that is late by three seconds begins a lease later than it was charged, and so ends it later.
    const seconds blur = calm ? kConfirmCycle : 4 * kConfirmCycle;
    if (!strangers_tonight_ && !device_lied_ && kept + blur < given[i])
      broken_.push_back("the ledger of " + device.name + " counts too little: " + std::to_string(kept.count() / 1000) +
                        " of " + std::to_string(given[i].count()) + " s");
    if (calm && starts_ <= 2 && !strangers_tonight_ && !device_lied_ && kept > given[i] + 90s)
      broken_.push_back("the ledger of " + device.name + " gave nothing back");
  }
  for (std::uint16_t i = 0; i < hub->actuators.size(); ++i)
    if (has_force(hub->house->devices[i].kind) && hub->link_up && !hub->actuators[i].off_proved &&
        !hub->actuators[i].alarmed)
      broken_.push_back("in the morning " + hub->house->devices[i].name + " is not proved off, and nobody was told");
}

}  // namespace lull
