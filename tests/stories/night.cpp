// The small duties of the shell, as bridge/service.cpp does them, and the broker's: retained messages and last wills.
#include "tests/stories/night.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "automations/record.hpp"
#include "config/load.hpp"
#include "devices/result.hpp"

namespace lull {
namespace {

using demo::Mishap;

constexpr const char* kHouse = R"yaml(
home: {name: Ana, time_zone: Europe/Berlin}
sleepers:
  - {name: Ana, side: left}
devices:
  - {name: Leg massage,   is: massage_pad, speaks: esphome,     at: lull/pad/left,    for: Ana}
  - {name: Pad warmth,    is: heat_pad,    speaks: esphome,     at: lull/pad/left,    for: Ana}
  - {name: Foot warmer,   is: heat_pad,    speaks: zigbee2mqtt, at: Foot warmer plug, for: Ana}
  - {name: Bedside lamp,  is: light,       speaks: zigbee2mqtt, at: Bedside lamp}
  - {name: Ana's ankle,   is: movement,    speaks: esphome,     at: lull/anklet/ana,  for: Ana, stream: acceleration}
  - {name: Bed left,      is: presence,    speaks: zigbee2mqtt, at: Bed left,         for: Ana}
  - {name: Bedside button, is: button,     speaks: zigbee2mqtt, at: Bedside button}
routines:
  warm-the-bed:
    for: 20min
    tracks:
      - {heat: Foot warmer, level: medium}
  wind-down:
    for: 30min
    tracks:
      - {light: Bedside lamp, from: 60%, to: 5%, over: 10min, kelvin: 2200, then: off}
      - {heat: Pad warmth, level: low, at: 0min, for: 20min}
      - {massage: Leg massage, program: wave, level: 40%, at: 8min, for: 20min, ramp_up: 2min, ramp_down: 5min}
  night-relief:
    like: wind-down
    for: 15min
    only: [massage]
    scale: 60%
    ramp_up: 90s
    ramp_down: 3min
rules:
  - {name: Warm the bed, when: {time: "22:10"}, if: [{out_of_bed: Ana}], play: warm-the-bed}
  - name: Bedtime
    when: {in_bed: Ana}
    if: [{between: ["21:30", "00:30"]}]
    limits: {per_night: 1}
    play: wind-down
  - name: Restless at night
    when: {restless: Ana}
    if: [{between: ["23:00", "06:30"]}, {in_bed: Ana}]
    limits: {per_night: 4, apart: 30min, total: 60min}
    play: night-relief
  - {name: Bedside button, when: {button: Bedside button, action: arrow_left_click}, play: night-relief}
  - {name: Bedside stop, when: {button: Bedside button, action: "off"}, stop_everything: true}
)yaml";

constexpr Instant kBooted{1h};
constexpr milliseconds kReconnects{2s};

Utc evening(const House& house, const std::string& date) { return in_night(house.zone, date, {22 * 60}).value(); }

demo::BedroomSettings placed(demo::BedroomSettings settings) {
  settings.clock = minutes{22 * 60};
  settings.begins = kBooted;
  return settings;
}

bool lossy(const demo::BedroomSettings& s) { return s.faults || s.weather.lost > 0 || s.weather.late > 0; }

}  // namespace

std::shared_ptr<const House> stories_house() {
  static const std::shared_ptr<const House> house = [] {
    Loaded loaded = load_text(kHouse, "stories.yaml");
    std::string problems;
    for (const Problem& p : loaded.problems) problems += to_text(p) + "\n";
    if (!loaded.settings) throw std::runtime_error(problems);
    return std::make_shared<const House>(std::move(loaded.settings->house));
  }();
  return house;
}

Night::Night(NightSettings settings)
    : house_(stories_house()),
      router_(*house_),
      begins_utc_(evening(*house_, settings.date)),
      room_(placed(settings.room), begins_utc_),
      now_(kBooted),
      keep_record_(settings.keep_record) {
  promises.patience = lossy(settings.room) ? Patience::lossy() : Patience::calm();
  starts();
  connects_at_ = now_;  // it was up before the evening began
  look_at_link();
}

// ---- time -----------------------------------------------------------------------------------------------------------

Night& Night::passes(milliseconds span) {
  const Instant end = now_ + span;
  while (now_ < end) {
    const Instant tick{std::chrono::floor<seconds>(now_.since_boot) + 1s};
    const Instant stop = std::min(tick, end);
    now_ = std::min(stop, std::max(now_ + 1ms, room_.next()));
    for (const demo::BedroomSays& said : room_.passes(now_)) deliver(said);
    if (now_ < tick) continue;
    look_at_link();
    if (hub_) tell(Tick{});
    promises.look(room_.truth(), hub_ ? &*hub_ : nullptr, now_);
  }
  return *this;
}

Night& Night::until(int hour, int minute) {
  const std::string night = night_of(house_->zone, begins_utc_);
  const Utc then = in_night(house_->zone, night, {static_cast<std::int16_t>(hour * 60 + minute)}).value();
  const Instant at = kBooted + (then - begins_utc_);
  return at > now_ ? passes(at - now_) : *this;
}

Night& Night::until(const std::function<bool(const Night&)>& so, milliseconds most) {
  for (const Instant end = now_ + most; now_ < end && !so(*this);) passes(1s);
  return *this;
}

std::string Night::clock() const { return text(local(house_->zone, begins_utc_ + (now_ - kBooted))).substr(11); }

// ---- people and mishaps ---------------------------------------------------------------------------------------------

Night& Night::asks(Command command, Door door) {
  if (!hub_) return *this;
  if (std::holds_alternative<ask::StopAll>(command)) promises.stop_asked(now_);
  if (std::holds_alternative<ask::Release>(command)) promises.stop_released();
  tell(Asked{door, std::move(command)});
  return *this;
}

Night& Night::presses(std::string_view action) {
  note("somebody presses " + std::string(action));
  room_.press(action, now_);
  return *this;
}

Night& Night::happens(Mishap mishap) {
  note("mishap " + std::to_string(static_cast<int>(mishap)));
  if (mishap == Mishap::plug_button) promises.hand_on_plug(now_);
  room_.happen(mishap, now_);
  look_at_link();
  return *this;
}

Night& Night::somebody_publishes(std::string_view topic, std::string_view payload) {
  note("somebody publishes " + std::string(topic) + " " + std::string(payload));
  room_.hear(topic, payload, now_);
  return *this;
}

Night& Night::unheard(std::string topic_part, milliseconds span) {
  note("unheard: " + topic_part);
  unheard_ = std::move(topic_part);
  unheard_until_ = now_ + span;
  return *this;
}

Night& Night::dies(bool wills) {
  note("Lull is killed");
  if (!hub_) return *this;
  hub_.reset();
  link_ = false;
  if (wills)
    for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
      if (house_->devices[i].kind == Kind::heat_pad) send(router_.off(DeviceId{i}));
  return *this;
}

Night& Night::starts() {
  note("Lull starts");
  hub_ = begin(house_);
  link_ = false;
  connects_at_ = now_ + 100ms;
  if (keep_record_) runs.emplace_back();
  promises.lull_starts(*hub_, now_);
  tell(ClockSet{begins_utc_.since_epoch - kBooted.since_boot});
  tell(disk);
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
    if (house_->devices[i].kind == Kind::heat_pad) tell(GuardChanged{DeviceId{i}, false});
}

void Night::link_up() {
  note("connected");
  link_ = true;
  connects_at_.reset();
  promises.lull_starts(*hub_, now_);
  tell(LinkChanged{true});
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (is_actuator(house_->devices[i].kind)) send(router_.ask(DeviceId{i}));
  for (const auto* topics : {&router_.topics().bridges, &router_.topics().devices})
    for (const std::string& topic : *topics)
      if (const auto kept = retained_.find(topic); kept != retained_.end())
        hear(topic, std::string(kept->second), true);
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    if (house_->devices[i].kind == Kind::heat_pad) tell(GuardChanged{DeviceId{i}, true});
}

// ---- in and out -----------------------------------------------------------------------------------------------------

void Night::deliver(const demo::BedroomSays& said) {
  if (said.retain) retained_.insert_or_assign(said.topic, said.payload);
  if (now_ < unheard_until_ && said.topic.find(unheard_) != std::string::npos) return;
  if (hub_ && link_) hear(said.topic, said.payload, false);
}

void Night::hear(std::string_view topic, std::string_view payload, bool retained) {
  Heard heard = router_.hear({topic, payload, retained});
  for (const Error& e : heard.problems)
    if (problems.size() < 100) problems.push_back(e.where + " " + e.what);
  for (News& news : heard.news) tell(std::move(news));
}

void Night::tell(News news) {
  promises.lull_heard(news, now_);
  const Event event{now_, std::move(news)};
  auto [next, effects] = step(std::move(*hub_), event);
  hub_ = std::move(next);
  if (keep_record_) {
    runs.back().events.push_back(event);
    auto& texts = runs.back().effects.emplace_back();
    for (const Effect& effect : effects) texts.push_back(to_text(effect));
  }
  if (!effects.empty()) promises.lull_did(*hub_, effects, room_.truth(), now_);
  if (!effects.empty()) perform(effects);
}

void Night::perform(std::vector<Effect>& effects) {
  const auto keep = [](auto& list, const auto& value, auto same) {
    std::erase_if(list, same);
    list.push_back(value);
  };
  for (Effect& effect : effects)
    std::visit(Match{[&](SafeCommand& c) {
                       const std::string& name = house_->devices[c.device().index].name;
                       note(name + (c.off() ? " off"
                                            : " on " + std::to_string(c.output().level.whole()) + " % for " +
                                                  std::to_string(c.lease(now_).count()) + " s"));
                       send(router_.say(c, now_));
                       if (c.off() && house_->devices[c.device().index].kind == Kind::heat_pad)
                         send(router_.off(c.device()));  // the guard's session: the second way out
                     },
                     [&](const Ask& a) { send(router_.ask(a.device)); },
                     [&](const Arm& a) { send(router_.arm(a.device, a.timer, a.value)); },
                     [&](const Decision& d) {
                       decisions.push_back(d.about + ": " + d.why);
                       note("  " + decisions.back());
                       if (d.about == "STOP" && d.outcome == Decision::Outcome::did && hub_->stopped)
                         promises.stop_asked(now_);
                     },
                     [&](const Notify& n) {
                       phone.push_back(n.text);
                       note("  phone: " + n.text);
                     },
                     [&](const Note& n) { notes.push_back(n); },
                     [&](const KeepDose& k) {
                       keep(disk.dose, k.dose,
                            [&](const DoseUsed& u) { return u.device == k.dose.device && u.night == k.dose.night; });
                     },
                     [&](const KeepSetting& k) {
                       keep(disk.settings, k.setting, [&](const Setting& s) { return s.name == k.setting.name; });
                     },
                     [&](const KeepRuleUsed& k) {
                       keep(disk.rules, k.used,
                            [&](const RuleUsed& u) { return u.rule == k.used.rule && u.night == k.used.night; });
                     },
                     [](const auto&) {}},
               effect);
}

void Night::send(const std::vector<Outgoing>& words) {
  if (!room_.truth().broker_up) return;  // a link that is down sends nothing, and nothing later
  for (const Outgoing& w : words) room_.hear(w.topic, w.payload, now_);
}

// ---- seen -----------------------------------------------------------------------------------------------------------

void Night::note(std::string line) {
  constexpr std::size_t kMostLines = 4000;
  if (log.size() < kMostLines) log.push_back(clock() + " " + std::move(line));
}

bool Night::plays(std::string_view routine) const {
  return hub_ &&
         std::any_of(hub_->plays.begin(), hub_->plays.end(), [&](const Play& p) { return p.routine == routine; });
}

bool Night::find(const std::vector<std::string>& all, std::string_view part) {
  return std::any_of(all.begin(), all.end(), [&](const std::string& s) { return s.find(part) != std::string::npos; });
}

int Night::times_said(std::string_view part) const {
  return static_cast<int>(std::count_if(decisions.begin(), decisions.end(),
                                        [&](const std::string& s) { return s.find(part) != std::string::npos; }));
}

std::string Night::all() const {
  std::string text;
  for (const std::string& line : log) text += line + "\n";
  return text;
}

std::string Night::explained() const {
  std::string text;
  for (const Standpoint& s : explain(*hub_, now_)) text += s.about + ": " + s.text + "\n";
  return text;
}

}  // namespace lull
