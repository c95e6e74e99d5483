// What the home of the stories does: it is compiled once, for dozens of tests.
#include "tests/automations/home.hpp"

#include <algorithm>
#include <utility>

namespace lull {

House ana() {
  House house;
  house.name = "Ana";
  house.zone = *Zone::named("Europe/Berlin");
  house.sleepers.push_back({"ana", "Ana", "left", {}, kHard, {}});
  const auto add = [&](std::string id, std::string name, Kind kind) {
    Device d;
    d.id = std::move(id);
    d.name = std::move(name);
    d.kind = kind;
    d.sleeper = kAna;
    house.devices.push_back(d);
  };
  add("leg_massage", "Leg massage", Kind::massage_pad);
  add("foot_warmer", "Foot warmer", Kind::heat_pad);
  add("bedside_lamp", "Bedside lamp", Kind::light);
  add("anas_ankle", "Ana's ankle", Kind::movement);
  add("bed_left", "Bed left", Kind::presence);
  add("bedside_button", "Bedside button", Kind::button);
  house.devices[kAnkle.index].stream = Stream::counts;
  house.devices[kAnkle.index].epoch = 1s;

  Routine wind{"wind-down", 30min, {}, false};
  Track light, heat, massage;
  light.kind = TrackKind::light, light.device = kLamp, light.length = 30min, light.from = 60_pct, light.to = 5_pct;
  light.over = 10min, light.kelvin = Kelvin::from(2200), light.then_off = true;
  heat.kind = TrackKind::heat, heat.device = kWarmer, heat.length = 20min, heat.to = 40_pct;
  massage.kind = TrackKind::massage, massage.device = kPad, massage.at = 8min, massage.length = 20min,
  massage.to = 40_pct;
  massage.ramp_up = 2min, massage.ramp_down = 5min;
  wind.tracks = {light, heat, massage};
  house.routines.push_back(wind);
  house.routines.push_back(gentler(wind, {{TrackKind::massage}, {}, 60_pct, 15min, 90s, 3min}, "night-relief"));
  house.replay_routine = "night-relief";

  Condition night, in_bed;
  night.is = Condition::Is::between, night.from = {23 * 60}, night.to = {6 * 60 + 30};
  in_bed.is = Condition::Is::in_bed, in_bed.sleeper = kAna;
  house.rules.push_back({"Bedtime", {when::Time{{22 * 60 + 30}, kEveryDay}}, {in_bed}, {}, {act::Play{"wind-down"}}});
  house.rules.push_back({"Restless at night",
                         {when::Restless{kAna, true}},
                         {night, in_bed},
                         {4, 30min, 60min},
                         {act::Play{"night-relief"}}});
  return house;
}

Home::Home(House house, Started kept)
    : house_(std::make_shared<const House>(std::move(house))), hub(lull::begin(house_)) {
  things.resize(house_->devices.size());
  disk = kept_ = std::move(kept);
}

Home::Home(const Home&) = default;
Home::Home(Home&&) noexcept = default;
Home& Home::operator=(const Home&) = default;
Home::~Home() = default;

std::string Home::all() const {
  std::string text;
  for (const std::string& d : decisions) text += d + "\n";
  return text;
}

Home Home::untested(House house) {
  Home home(std::move(house));
  home.tested_ = false;
  return home;
}

Home& Home::passed_its_test() {
  Actuator& a = hub.actuators[kWarmer.index];
  a.trial = {true, Utc{1s}, fingerprint(house_->devices[kWarmer.index], a.identity, a.standing.timer), "passed"};
  a.standing.trial_passed = true;
  return *this;
}

Home& Home::at(int hour, int minute) {
  const Instant then{hours{hour < 12 ? hour + 24 : hour} + minutes{minute}};
  if (now == Instant{}) {
    now = then;
    if (tested_) seed_trials();
    hears(ClockSet{kNoonUtcOffset}).hears(kept_).hears(LinkChanged{true});
    for (std::uint16_t i = 0; i < things.size(); ++i) {
      if (!is_actuator(house_->devices[i].kind)) continue;
      hears(TimerLearned{DeviceId{i}, Timer::on_time, ""});
      if (house_->needs_guard(DeviceId{i})) hears(GuardChanged{DeviceId{i}, true});
      if (house_->devices[i].kind == Kind::heat_pad) hears(TemperatureReported{DeviceId{i}, 28.0_degC});
    }
    return passes(10s);
  }
  return passes(then - now);
}

Home& Home::hears(News news) {
  auto [next, effects] = step(std::move(hub), {now, std::move(news)});
  hub = std::move(next);
  for (Effect& effect : effects) perform(effect);
  answer();
  return *this;
}

Home& Home::asks(Command command, Door door) { return hears(Asked{door, std::move(command)}); }

Home& Home::passes(milliseconds span) {
  for (const Instant end = now + span; now < end;) {
    now = now + 1s;
    for (std::uint16_t i = 0; i < things.size(); ++i) live(DeviceId{i});
    // A real thermometer never stands still: its last digit moves.
    if (thermometer_talks && now.since_boot.count() % 10000 == 0)
      hears(TemperatureReported{kWarmer, Celsius::of_tenths(surface.tenths() + (wavers ? wave_ = 1 - wave_ : 0))});
    if (every_second) every_second(*this);
    hears(Tick{});
  }
  return *this;
}

Home& Home::in_bed(bool in) { return hears(OccupancyReported{kBed, in}); }

Home& Home::warms(Celsius to) {
  while (surface != to) {
    const int way = to.tenths() - surface.tenths();
    surface = Celsius::of_tenths(surface.tenths() + (way > 30 ? 30 : way < -30 ? -30 : way));
    passes(10s);
  }
  return *this;
}

Home& Home::kicks(milliseconds span, milliseconds apart) {
  const Instant begin = now;
  for (const Instant end = now + span; now < end;) {
    const bool kick = (now - begin).count() % apart.count() < 1000;
    hears(MovementReported{kAnkle, Counts{kick ? 120 : 0}}).passes(1s);
  }
  return *this;
}

Home& Home::sleeps_quietly(milliseconds span) { return kicks(span, 24h); }

Thing& Home::thing(DeviceId id) { return things[id.index]; }

bool Home::runs(DeviceId id) const { return things[id.index].on && now < things[id.index].lease_until; }

View Home::seen() const { return view(hub, now); }

bool Home::said(std::string_view part) const {
  for (const std::string& d : decisions)
    if (d.find(part) != std::string::npos) return true;
  return false;
}

bool Home::told(std::string_view part) const {
  for (const std::string& d : phone)
    if (d.find(part) != std::string::npos) return true;
  return false;
}

void Home::seed_trials() {
  for (const Device& d : house_->devices) {
    const Setting seeded{"trial:" + d.id, to_setting({true, Utc{1s}, fingerprint(d, {}, Timer::on_time), "passed"})};
    const auto same = [&](const Setting& s) { return s.name == seeded.name; };
    if ((d.kind != Kind::heat_pad && d.kind != Kind::mains) ||
        std::any_of(kept_.settings.begin(), kept_.settings.end(), same))
      continue;
    kept_.settings.push_back(seeded);
    disk.settings.push_back(seeded);
  }
}

void Home::perform(Effect& effect) {
  if (lost && lost(effect)) return;
  std::visit(Match{[&](SafeCommand& c) { obey(c); },
                   [&](const Ask& a) {
                     if (!things[a.device.index].dead) replies_.push_back(a.device);
                   },
                   [&](const Arm& a) {
                     if (!things[a.device.index].dead) arms_.push_back({a.device, a.value});
                   },
                   [&](const TrialTold& d) { trial.push_back(std::string(word_for(d.state)) + " " + d.text); },
                   [&](const Decision& d) { decisions.push_back(d.about + ": " + d.why); },
                   [&](const Notify& n) { phone.push_back(n.text), letters.push_back(n); },
                   [&](const Note& n) { notes.push_back(n); },
                   [&](const KeepDose& k) {
                     std::erase_if(disk.dose, [&](const DoseUsed& u) {
                       return u.device == k.dose.device && u.night == k.dose.night;
                     });
                     disk.dose.push_back(k.dose);
                   },
                   [&](const KeepSetting& k) {
                     std::erase_if(disk.settings, [&](const Setting& s) { return s.name == k.setting.name; });
                     disk.settings.push_back(k.setting);
                   },
                   [&](const KeepRuleUsed& k) {
                     std::erase_if(disk.rules,
                                   [&](const RuleUsed& u) { return u.rule == k.used.rule && u.night == k.used.night; });
                     disk.rules.push_back(k.used);
                   },
                   [](const auto&) {}},
             effect);
}

void Home::obey(const SafeCommand& c) {
  Thing& thing = things[c.device().index];
  if (thing.dead) return;
  thing.heard.push_back(c.off() ? "off"
                                : "on " + std::to_string(c.output().level.whole()) + " " +
                                      std::to_string(c.lease(now).count()) + "s");
  if (thing.deaf) return;
  const bool renewal = thing.on && !c.off();
  thing.on = !c.off();
  thing.level = c.output().fade_to.value_or(c.output().level);
  if (!renewal || !thing.drops_renewal) thing.lease_until = c.expires();
  if (thing.forgets && thing.on) thing.lease_until = now + 24h;
  replies_.push_back(c.device());
}

void Home::live(DeviceId id) {
  Thing& thing = things[id.index];
  if (thing.on && now >= thing.lease_until) {
    thing.on = false;
    if (!thing.dead) replies_.push_back(id);
  }
}

void Home::answer() {
  while (!replies_.empty() || !arms_.empty()) {
    auto replies = std::move(replies_);
    auto arms = std::move(arms_);
    replies_.clear();
    arms_.clear();
    for (DeviceId id : replies) hears(ActuatorReported{id, things[id.index].on, things[id.index].level, {}, {}, true});
    for (auto& [id, value] : arms) hears(TimerReadBack{id, value});
  }
}

}  // namespace lull
