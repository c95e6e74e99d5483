// The simulated bedroom: seconds pass, commands arrive, mishaps happen, and the devices speak.
#include "bridge/demo/bedroom.hpp"

#include <algorithm>

namespace lull::demo {
namespace {
constexpr milliseconds kCommandTakes{12};  // from the broker to a device on the network
constexpr milliseconds kBridgeAway{8s};
constexpr int kHandAfter = 180;  // seconds of massage, then the hand that was waiting stops it

Weather weather_of(const BedroomSettings& settings) {
  if (!settings.faults) return settings.weather;
  return Weather{.lost = 0.10, .doubled = 0.02, .late = 0.04, .cut = settings.weather.cut};
}
}  // namespace

Bedroom::Bedroom(BedroomSettings settings, Utc night_begins)
    : settings_(std::move(settings)),
      sleeper_({.seed = settings_.seed,
                .clock = settings_.clock,
                .partner = settings_.partner,
                .massage_helps = settings_.massage_helps}),
      pad_(std::string(kPadTopic), settings_.seed),
      anklet_(std::string(kAnkletTopic), settings_.seed),
      zigbee_(settings_.seed, night_begins, settings_.begins),
      commands_(settings_.seed * 2 + 1, weather_of(settings_)),
      air_(settings_.seed * 2, weather_of(settings_)),
      now_(settings_.begins) {
  if (settings_.faults) plan_faults();
  std::stable_sort(settings_.plan.begin(), settings_.plan.end(),
                   [](const Planned& a, const Planned& b) { return a.at < b.at; });
}

void Bedroom::plan_faults() {
  Chance chance(settings_.seed, 7);
  const auto sometime = [&](double from, double until) {
    const int asleep = sleeper_.falls_asleep();
    return at(asleep + static_cast<int>(chance.uniform(from, until) * (sleeper_.gets_up() - asleep)));
  };
  const auto plan = [&](Instant when, Mishap mishap) { settings_.plan.push_back({when, mishap}); };
  plan(sometime(0.3, 0.9), chance.happens(0.7) ? Mishap::anklet_dies : Mishap::strap_dies);
  plan(sometime(-0.1, 0.8), chance.happens(0.5) ? Mishap::bridge_restarts : Mishap::bridge_crashes);
  plan(sometime(-0.15, 0.1), Mishap::plug_refuses);
  if (chance.happens(0.5))
    plan(sometime(-0.05, 0.02), Mishap::lamp_by_hand);
  else
    plan(sometime(-0.1, 0.6), Mishap::massage_stopped_by_hand);
  const Instant away = sometime(0.0, 0.9);
  plan(away, Mishap::broker_gone);
  plan(away + seconds{chance.whole(3, 25)}, Mishap::broker_back);
}

std::vector<std::string> Bedroom::topics() {
  std::vector<std::string> all;
  for (const auto command : {Pad::Command::lease, Pad::Command::heat, Pad::Command::vibration})
    all.push_back(std::string(kPadTopic).append(command));
  for (const auto name : {kPlug, kPlugIeee, kLamp, kLampIeee})
    for (const auto verb : {"/set", "/get"})
      all.push_back(std::string(kZigbeeBase).append("/").append(name).append(verb));
  all.push_back(std::string(kZigbeeBase).append("/bridge/request/health_check"));
  return all;
}

void Bedroom::hear(std::string_view topic, std::string_view payload, Instant now) {
  live_until(now);
  if (!broker_up_) return;
  const auto below = [topic](std::string_view base) { return topic.size() > base.size() && topic.starts_with(base); };
  const Air::Care care = below(kPadTopic) ? Air::Care::in_order : Air::Care::radio;
  if (below(kPadTopic) || below(kZigbeeBase))
    commands_.send(now + kCommandTakes, std::string(topic), std::string(payload), false, care);
}

void Bedroom::obey(const BedroomSays& command) {
  const std::string_view topic = command.topic;
  if (topic.starts_with(kPadTopic))
    pad_.hear(topic.substr(kPadTopic.size()), command.payload, command.at, air_);
  else
    zigbee_.hear(topic.substr(kZigbeeBase.size() + 1), command.payload, command.at, air_);
}

void Bedroom::second(int s) {
  const Instant when = at(s);
  if (s == 0) {
    pad_.connects(when + 20ms, air_);
    anklet_.connects(when + 25ms, air_);
    zigbee_.starts(when + 30ms, air_);
  }
  moment_ = sleeper_.second(s, pad_.motor() / 100);
  // The motor shakes the ankle that lies on it: what a detector without a mask would take for restless legs.
  const double shaken = moment_.in_bed ? pad_.motor() * 0.9 : 0;
  const double felt = std::max(moment_.rms_mg, shaken) + 0.4 * std::min(moment_.rms_mg, shaken);
  if (broker_up_) anklet_.second(when, felt, air_);
  pad_.second(when, moment_.in_bed, air_);
  zigbee_.second(when, moment_.in_bed, moment_.rms_mg > 60, air_);

  massage_ran_ = pad_.motor() > 0 ? massage_ran_ + 1 : 0;
  if (hand_waits_ && massage_ran_ >= kHandAfter) {
    hand_waits_ = false;
    pad_.stop_button(when, air_);
  }
}

void Bedroom::live_until(Instant now) {
  // Whatever comes first, in the order of its time: a command, a mishap, the next full second.
  while (true) {
    const Instant tick = at(lived_ + 1);
    const auto command = commands_.next();
    const bool mishap = planned_ < settings_.plan.size() && settings_.plan[planned_].at <= std::min(now, tick);
    if (mishap && !(command && *command < settings_.plan[planned_].at)) {
      const Planned planned = settings_.plan[planned_++];
      do_now(planned.mishap, std::max(planned.at, now_));
    } else if (command && *command <= std::min(now, tick)) {
      obey(*commands_.arrived(*command));
    } else if (tick <= now) {
      second(++lived_);
    } else {
      break;
    }
  }
  now_ = std::max(now_, now);
}

std::vector<BedroomSays> Bedroom::passes(Instant now) {
  live_until(now);
  std::vector<BedroomSays> said;
  while (auto message = air_.arrived(now)) said.push_back(std::move(*message));
  return said;
}

Instant Bedroom::next() const {
  Instant first = at(lived_ + 1);
  const bool quiet = lived_ >= 0 && !pad_.busy() && broker_up_ && !hand_waits_;
  if (quiet) {
    first = at(lived_ + (anklet_.dead() ? 10 : anklet_.heartbeat_in()));
    first = std::min(first, pad_.next_report());
    first = std::min(first, at(sleeper_.next_change(lived_)));
    if (const auto zigbee = zigbee_.next()) first = std::min(first, *zigbee);
    first = std::max(first, at(lived_ + 1));
  }
  if (planned_ < settings_.plan.size()) first = std::min(first, settings_.plan[planned_].at);
  for (const auto& way : {commands_.next(), air_.next()})
    if (way) first = std::min(first, *way);
  return first;
}

void Bedroom::happen(Mishap mishap, Instant now) {
  live_until(now);
  do_now(mishap, now);
}

void Bedroom::press(std::string_view action, Instant now) {
  live_until(now);
  if (broker_up_) zigbee_.press(action, now, air_);
}

void Bedroom::do_now(Mishap mishap, Instant when) {
  switch (mishap) {
    case Mishap::anklet_dies: return anklet_.dies(when, air_);
    case Mishap::strap_dies: return zigbee_.strap_dies();
    case Mishap::bridge_restarts: return zigbee_.goes_down(when, kBridgeAway, true, air_);
    case Mishap::bridge_crashes: return zigbee_.goes_down(when, kBridgeAway, false, air_);
    case Mishap::plug_refuses: return zigbee_.plug_refuses_next();
    case Mishap::plug_out_of_reach: return zigbee_.plug_in_reach(false, when);
    case Mishap::plug_in_reach: return zigbee_.plug_in_reach(true, when);
    case Mishap::plug_button: return zigbee_.plug_button(when, air_);
    case Mishap::lamp_by_hand: return zigbee_.lamp_by_hand(true, 70, when, air_);
    case Mishap::stop_button: return pad_.stop_button(when, air_);
    case Mishap::massage_stopped_by_hand: hand_waits_ = true; return;
    case Mishap::stop_button_held: return pad_.stop_button_held(when, air_);
    case Mishap::pad_folded: return pad_.folded(true);
    case Mishap::pad_unfolded: return pad_.folded(false);
    case Mishap::pad_thermometer_breaks: return pad_.thermometer_broken(true);
    case Mishap::pad_mosfet_shorts: return pad_.mosfet_shorted(true);
    case Mishap::power_cut:
      pad_.reboots();
      if (broker_up_) pad_.connects(when + 4s, air_);
      return zigbee_.power_cut(when);
    case Mishap::broker_gone:
      broker_up_ = false;
      pad_.loses_broker();
      commands_.clear();
      air_.clear();
      return;
    case Mishap::broker_back:
      if (broker_up_) return;
      broker_up_ = true;
      air_.clear();  // what was said meanwhile reached nobody
      pad_.connects(when + 1500ms, air_);
      anklet_.connects(when + 1800ms, air_);
      zigbee_.broker_back(when, air_);
      return;
    case Mishap::plug_lies_off: return zigbee_.plug_lies(Lie::off);
    case Mishap::plug_lies_on: return zigbee_.plug_lies(Lie::on);
    case Mishap::plug_honest: return zigbee_.plug_lies(Lie::none);
    case Mishap::plug_resets: return zigbee_.power_cut(when);
    case Mishap::plug_wakes_on: return zigbee_.wakes_on(when);
    case Mishap::pad_resets:
      pad_.reboots();
      if (broker_up_) pad_.connects(when + 4s, air_);
      return;
    case Mishap::pad_deaf_to_off: return pad_.deaf_to_off();
  }
}

Truth Bedroom::truth() const {
  Truth t;
  t.in_bed = moment_.in_bed;
  t.asleep = moment_.asleep;
  t.restless = moment_.restless;
  t.leg_rms_mg = moment_.rms_mg;
  t.pad_heating = pad_.heater_on();
  t.pad_heat_armed = pad_.heat_armed();
  t.massage = pad_.motor();
  t.pad_surface = pad_.surface();
  t.pad_lease = pad_.lease_left(now_);
  t.interlock = pad_.interlock();
  t.plug_on = zigbee_.plug_on(now_);
  t.plug_watts = t.plug_on ? 60 : 0;
  t.plug_surface = zigbee_.plug_surface();
  t.plug_timer = zigbee_.plug_timer_left(now_);
  t.lamp_on = zigbee_.lamp_on();
  t.lamp_level = zigbee_.lamp_level(now_);
  t.anklet_dead = anklet_.dead();
  t.bridge_up = zigbee_.up();
  t.broker_up = broker_up_;
  return t;
}

Weathered Bedroom::weathered() const {
  Weathered all = air_.happened();
  const Weathered& other = commands_.happened();
  all.lost += other.lost, all.doubled += other.doubled, all.late += other.late, all.cut += other.cut;
  all.overtaken += other.overtaken, all.frames_lost += other.frames_lost;
  return all;
}

std::vector<Episode> Bedroom::episodes() const {
  std::vector<Episode> begun;
  for (const Episode& e : sleeper_.episodes())
    if (e.start <= lived_) begun.push_back(e);
  return begun;
}

}  // namespace lull::demo
