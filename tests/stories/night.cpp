// The small duties of the shell, as bridge/service.cpp does them, and the broker's: retained messages and last wills.
#include "tests/stories/night.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "automations/record.hpp"
#include "bridge/demo/home.hpp"
#include "config/load.hpp"
#include "devices/result.hpp"
#include "devices/safety/gate.hpp"

namespace lull {
namespace {

using demo::Mishap;

/// The demo's household, for nights with more to bear: longer replays, more of them, and a STOP.
std::string household() {
  std::string text = demo::kHome;
  for (const auto& [is, becomes] :
       {std::pair{"warm the bed", "warm-the-bed"},
        {"time: \"22:12\"", "time: \"22:10\""},
        {"for: 10min", "for: 15min"},
        {"stop: all", "stop_everything: true"},
        {"per_night: 3, apart: 30min, total: 30min", "per_night: 4, apart: 30min, total: 60min"}}) {
    std::size_t at = text.find(is);
    if (at == text.npos) throw std::logic_error(std::string("the demo's household has no \"") + is + "\" any more");
    for (; at != text.npos; at = text.find(is, at + 1)) text.replace(at, std::string_view(is).size(), becomes);
  }
  return text;
}

Utc evening(const House& house, const std::string& date) { return in_night(house.zone, date, {22 * 60}).value(); }

demo::BedroomSettings placed(demo::BedroomSettings settings) {
  settings.clock = minutes{22 * 60};
  settings.begins = Night::kBooted;
  return settings;
}

bool lossy(const demo::BedroomSettings& s) { return s.faults || s.weather.lost > 0 || s.weather.late > 0; }

}  // namespace

std::string_view stories_config() {
  static const std::string text = household();
  return text;
}

std::shared_ptr<const House> stories_house() {
  static const std::shared_ptr<const House> house = [] {
    Loaded loaded = load_text(std::string(stories_config()), "stories.yaml");
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
      keep_record_(settings.keep_record),
      liar_(settings.room.seed) {
  if (settings.tested) seed_trials();
  promises.patience = lossy(settings.room) ? Patience::lossy() : Patience::calm();
  starts();
  connects_at_ = now_;  // it was up before the evening began
  look_at_link();
}

/// As if somebody had run `lull device test` on an earlier evening: of these devices, as their bridges describe them.
void Night::seed_trials() {
  std::map<DeviceId, DeviceIdentified> identities;
  std::map<DeviceId, Timer> timers;
  const auto hear_about = [&](std::string_view topic, std::string_view payload) {
    for (const News& news : router_.hear({topic, payload, true}).news) {
      if (const auto* is = std::get_if<DeviceIdentified>(&news)) identities[is->device] = *is;
      if (const auto* learned = std::get_if<TimerLearned>(&news)) timers[learned->device] = learned->timer;
    }
  };
  hear_about("zigbee2mqtt/bridge/devices", demo::kBridgeDevices);
  hear_about("lull/pad/left/status", "online");
  for (const auto& [id, timer] : timers) {
    const Device& device = house_->devices[id.index];
    if (device.kind != Kind::heat_pad) continue;
    const TrialResult passed{true, begins_utc_ - 24h, fingerprint(device, identities[id], timer), "passed"};
    disk.kept.settings.push_back({"trial:" + device.id, to_setting(passed)});
  }
}

// ---- time -----------------------------------------------------------------------------------------------------------

Night& Night::passes(milliseconds span) {
  const Instant end = now_ + span;
  while (now_ < end) {
    const Instant tick{std::chrono::floor<seconds>(now_.since_boot) + 1s};
    const Instant stop = std::min(tick, end);
    Instant next = room_.next();
    for (const auto& other : {disk.next(), starts_at_, hangs_until_})
      if (other) next = std::min(next, *other);
    now_ = std::min(stop, std::max(now_ + 1ms, next));
    for (const demo::BedroomSays& said : room_.passes(now_)) deliver(said);
    look_at_disk();
    if (starts_at_ && now_ >= *starts_at_ && !hub_) starts();
    if (hangs_until_ && now_ >= *hangs_until_) wake_up();
    if (now_ < tick) continue;
    say_wills_of_the_silent();
    if (!hangs_until_) look_at_link();
    if (hub_ && !hangs_until_) learn_clock();
    if (hub_ && !hangs_until_ && caught_up_at_ && now_ >= *caught_up_at_) {
      caught_up_at_.reset();
      tell(BacklogChanged{false, false, ""});
    }
    if (hub_ && !hangs_until_) tell(Tick{});
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
  if (hangs_until_) {  // it waits in a socket of ours, whatever its door
    note("somebody asks a Lull that hangs");
    wishes_.push_back(Asked{door, std::move(command)});
    return *this;
  }
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

Night& Night::happens_on_the_bridge(std::string_view document, std::string_view payload) {
  const std::string topic = std::string(demo::kZigbeeBase) + "/bridge/" + std::string(document);
  note("Zigbee2MQTT publishes " + topic);
  retained_.insert_or_assign(topic, std::string(payload));
  if (hub_ && link_) hear(topic, payload, false);
  return *this;
}

Night& Night::unheard(std::string topic_part, milliseconds span) {
  return lies(SensorLie::How::silent, std::move(topic_part), span);
}

// ---- in and out -----------------------------------------------------------------------------------------------------

void Night::deliver(const demo::BedroomSays& sent) {
  demo::BedroomSays said = sent;
  if (said.retain) retained_.insert_or_assign(said.topic, said.payload);
  if (!liar_.bend(said, now_, harms) || !hub_ || !link_) return;
  constexpr std::size_t kMostWaiting = 4096;  // as in the inbox
  if (hangs_until_) {
    if (backlog_.size() < kMostWaiting) backlog_.push_back(std::move(said));
    return;
  }
  hear(said.topic, said.payload, false);
  end_if_dying();
}

void Night::hear(std::string_view topic, std::string_view payload, bool retained) {
  Heard heard = router_.hear({topic, payload, retained});
  for (const Error& e : heard.problems)
    if (problems.size() < 100) problems.push_back(e.where + " " + e.what);
  for (News& news : heard.news) tell(std::move(news));
}

void Night::tell(News news) {
  if (!hub_ || dying_) return;
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
  std::uint64_t ticket = 0;
  const auto keep = [&](const auto& what) {
    if (act()) ticket = disk.keep(what, now_);
  };
  for (Effect& effect : effects)
    std::visit(Match{[&](SafeCommand& c) {
                       const std::string& name = house_->devices[c.device().index].name;
                       note(name + (c.off() ? " off"
                                            : " on " + std::to_string(c.output().level.whole()) + " % for " +
                                                  std::to_string(c.lease(now_).count()) + " s"));
                       if (!dying_) outbox_->send(std::move(c), ticket);
                     },
                     [&](const Ask& a) { send(router_.ask(a.device)); },
                     [&](const AskBridge& a) { send(router_.ask_bridge(a.device)); },
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
                     [&](const TrialTold& told) {
                       trial.push_back(told);
                       note("  test: " + told.text);
                     },
                     [&](const KeepDose& k) { keep(k); }, [&](const KeepSetting& k) { keep(k); },
                     [&](const KeepRuleUsed& k) { keep(k); }, [](const auto&) {}},
               effect);
}

void Night::say(const SafeCommand& command) {
  send(router_.say(command, now_));
  if (command.off() && house_->devices[command.device().index].kind == Kind::heat_pad)
    send(router_.off(command.device()));  // the guard's session: the second way out
}

void Night::send(const std::vector<Outgoing>& words) {
  if (!room_.truth().broker_up) return;  // a link that is down sends nothing, and nothing later
  for (const Outgoing& w : words)
    if (act()) room_.hear(w.topic, w.payload, now_);
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
