// The loop: messages in, steps of the core, effects out.
#include "bridge/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "automations/snapshot.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

constexpr std::size_t kMaxComplaints = 512;
constexpr std::size_t kMostDecisions = 64;  // told to who asked
constexpr std::chrono::milliseconds kLastWords{2000};

HomeAssistant face_settings(const Settings& s, const std::string& install, const ServiceOptions& options) {
  HomeAssistant h;
  h.install = install;
  h.version = LULL_VERSION;
  h.prefix = s.home_assistant.discovery_prefix;
  h.birth_topic = s.home_assistant.birth_topic;
  h.birth_payload = s.home_assistant.birth_payload;
  h.announces = s.home_assistant.enabled;
  h.websocket = options.home_assistant.has_value();
  h.ntfy = options.ntfy.has_value();
  return h;
}

std::shared_ptr<const House> with_stable_ids(House house, Store& store) {
  for (Device& device : house.devices) device.id = store.id_for(device);
  return std::make_shared<const House>(std::move(house));
}

/// Whether a simulated clock must let messages arrive. Only while an answer may still come: a device that is gone would
/// slow the whole night down.
bool waits_for_answers(const Hub& hub) {
  if (hub.trial || hub.preflight.begun || hub.leaving_since) return true;
  return std::any_of(hub.actuators.begin(), hub.actuators.end(), [&](const Actuator& a) {
    const bool unproved = a.tries > 0 && !a.off_proved && !told_on(a) && has_force(a.standing.kind);
    return (a.pending || unproved) && hub.now - a.told_first < 15s;
  });
}

bool is_off(const Effect& effect) {
  const auto* command = std::get_if<SafeCommand>(&effect);
  return command && command->off();
}

std::string setting(const Started& kept, std::string_view name) {
  for (const Setting& s : kept.settings)
    if (s.name == name) return s.value;
  return "";
}

}  // namespace

Service::Service(boost::asio::io_context& io, Settings settings, std::unique_ptr<Store> store, ServiceOptions options)
    : io_(io),
      settings_(std::move(settings)),
      house_(with_stable_ids(settings_.house, *store)),
      store_(std::move(store)),
      options_(std::move(options)),
      clock_(options_.clock),
      install_(store_->install_id()),
      hub_(lull::begin(house_)),
      router_(*house_),
      guarded_(*house_, router_, face_settings(settings_, install_, options_)),
      outbox_([this](const SafeCommand& c) { say(c); }),
      tick_(io),
      show_(io),
      copy_(io),
      keeper_(*store_) {
  const std::weak_ptr<bool> alive = alive_;
  const auto on_loop = [this, alive](auto f) {
    boost::asio::post(io_, [alive, f = std::move(f)] {
      if (alive.lock()) f();
    });
  };
  store_->on_durable([this, on_loop](std::uint64_t ticket) { on_loop([this, ticket] { outbox_.durable(ticket); }); });
  store_->on_trouble([this, on_loop](bool healthy, const std::string& what) {
    on_loop([this, healthy, what] { tell(StoreChanged{healthy, what}); });
  });
  for (const std::string& warning : store_->warnings()) spdlog::warn("store: {}", warning);

  const Started kept = store_->kept();
  face_kept_ = {setting(kept, "face.announcer"), setting(kept, "face.topics")};
  face_ = std::make_unique<Face>(
      *house_, face_settings(settings_, install_, options_), face_kept_,
      static_cast<std::uint32_t>(clock_.utc().since_epoch.count()),
      [this] {
        return Seen{view(hub_, clock_.now()), shown_};
      },
      clock_.now());
  Publish will = face_->will();
  link_ =
      std::make_unique<Link>(io_, options_.broker, "lull-" + install_, std::move(will),
                             LinkHandlers{[this](bool) { link_up(); },
                                          [this](const std::string& why) {
                                            spdlog::warn("broker: {}", why);
                                            face_->link_down();
                                            ears_.connected(Ear::main, false);
                                            tell(LinkChanged{false});
                                          },
                                          [this](std::string_view t, std::string_view p, bool r, milliseconds waited) {
                                            look_for_stall();
                                            backlog_.read(waited, clock_.now());
                                            tell_backlog();
                                            if (counts(Ear::main, t, p, r)) heard(t, p, r, waited);
                                          },
                                          [this](const std::string& what) { complain(what, "mqtt", what); }});
  guards_.resize(house_->devices.size());
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i) {
    if (!house_->needs_guard(DeviceId{i})) continue;
    // A will cannot speak to Home Assistant: it cuts the plug in front, which heat there always has.
    const bool there = router_.road(DeviceId{i}) == Router::Road::home_assistant;
    guards_[i] =
        std::make_unique<Guard>(io_, options_.broker, install_ + "-guard-" + house_->devices[i].id,
                                router_.off(there ? house_->devices[i].behind.value_or(DeviceId{i}) : DeviceId{i}),
                                GuardHandlers{[this, i](bool up) {
                                                if (up && !hub_.link_up)
                                                  guards_[i]->say_off();  // no need to wait for the main session
                                                tell(GuardChanged{DeviceId{i}, up});
                                              },
                                              [this](const std::string& what) { complain(what, "guard", what); }});
  }
  listener_ = std::make_unique<Guard>(
      io_, options_.broker, install_ + "-guard", std::vector<Outgoing>{},
      GuardHandlers{[this](bool up) {
                      ears_.connected(Ear::guard, up);
                      if (up && !hub_.link_up) say_off_by_guards();
                    },
                    [this](const std::string& what) { complain(what, "guard", what); },
                    [this](std::string_view t, std::string_view p, bool r) { guard_heard(t, p, r); }});
  listener_->hear(guarded_.topics());
  open_websocket();
  open_ntfy();
}

Service::~Service() = default;

void Service::start() {
  begin_chapter(to_text(hub_));
  watch_clock();
  tell(store_->kept());
  for (const std::string& entity : router_.topics().entities)  // until Home Assistant has told of it
    heard_from_home_assistant({entity, R"({"state":"unavailable"})"});
  if (store_->dose_unknown()) {
    spdlog::error("store: tonight's minutes of heat and massage are lost, so STOP is on until a person releases it");
    tell(Asked{Door::signal, ask::StopAll{}});
  }
  // STOP's words and the heaters' own states are read before anything else that waits.
  link_->subscribe(Topics(install_).command_filters(), {kMaxPayload, true});
  link_->subscribe(face_->subscriptions());
  for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
    retained_.watch(DeviceId{i}, router_.command_topics(DeviceId{i}));
  link_->subscribe(retained_.topics(), {.tells_retained = true});
  link_->subscribe(router_.topics().bridges, {kMaxBridgePayload, false});
  link_->subscribe(router_.topics().devices);
  // By the main session too, and urgent there: the guard may be down.
  link_->subscribe(guarded_.topics(), {kMaxPayload, true});
  for (auto& guard : guards_)
    if (guard) guard->start();
  listener_->start();
  link_->ask_on(Topics(install_).asking());
  link_->start();
  if (phones_) phones_->start();
  tick();
}

// ---- in -------------------------------------------------------------------------------------------------------------

void Service::tell(News news) {
  if (ended_) return;
  look_for_stall();  // whoever speaks: a page or a timer too may be what the loop does first after it stood still
  const Instant at = std::max(clock_.now(), hub_.now);
  // Ticks come on whole seconds, so that a quiet hour is one line of the journal.
  const bool tick = std::holds_alternative<Tick>(news);
  const Event event{tick ? std::max(Instant{duration_cast<seconds>(at.since_boot)}, hub_.now) : at, std::move(news)};
  const std::string night = hub_.night;
  auto [next, effects] = step(std::move(hub_), event);
  hub_ = std::move(next);
  store_->append(event, effects);  // before it is carried out: what left is always in the journal
  const bool changed = !tick || !effects.empty() || !hub_.plays.empty();
  perform(effects, event.at);
  if (changed) show();
  if (!clock_.simulated() || ended_) return;
  if (clock_.slow_down(waits_for_answers(hub_))) wait_for_tick();
  if (!night.empty() && hub_.night != night) begin_chapter(to_text(hub_));
}

/// A retained command lies in wait on a bridge's other name for the device, too.
void Service::watch_address(DeviceId id, const std::string& address) {
  std::vector<std::string> topics = router_.command_topics(id, address);
  const bool odd = address.find_first_of("+#/") != std::string::npos;  // it came from outside, and becomes a filter
  std::erase_if(topics, [&](const std::string& topic) { return odd || retained_.is_command(topic); });
  if (topics.empty()) return;
  retained_.watch(id, topics);
  if (retained_.is_command(topics.front())) link_->subscribe(std::move(topics));  // else there are too many
}

void Service::link_up() {
  spdlog::info("broker: connected to {}:{}", options_.broker.host, options_.broker.port);
  ears_.connected(Ear::main, true);
  look_for_stall();
  tell(LinkChanged{true});
  backlog_.connected(clock_.now());
  tell_backlog();
  publish(face_->link_up(clock_.now()));
  keep_face();
}

void Service::watch_clock() {
  const milliseconds offset = clock_.utc().since_epoch - clock_.now().since_boot;
  if (told_clock_ && std::chrono::abs(offset - *told_clock_) < 500ms) return;
  if (told_clock_) senders_.forget();
  told_clock_ = offset;
  tell(ClockSet{offset});
}

void Service::tick() {
  const Instant began = Clock{}.now();
  const milliseconds asleep = Clock::asleep();
  look_for_stall();
  stall_.ticked(began, asleep);  // not later: what the tick itself stands still is lost, too
  tell_backlog();
  watch_clock();
  tell(Tick{});
  publish(face_->tick(clock_.now()));
  for (auto& guard : guards_)
    if (guard) guard->beat();
  listener_->beat();
  if (phones_) phones_->beat();
  if (ntfy_) ntfy_->beat();
  if (options_.ticked) options_.ticked();
  wait_for_tick();
}

void Service::wait_for_tick() {
  const Instant next{duration_cast<seconds>(clock_.now().since_boot) + 1s};
  tick_.expires_after(clock_.until(next));
  tick_.async_wait([this](const boost::system::error_code& e) {
    if (!e) tick();
  });
}

// ---- out ------------------------------------------------------------------------------------------------------------

void Service::perform(std::vector<Effect>& effects, Instant at) {
  std::vector<Recorded> keep;
  std::uint64_t ticket = 0;
  const auto kept = [&] {  // what must be on the disk before a later effect leaves
    if (!keep.empty()) ticket = last_kept_ = store_->keep(keep);
    keep.clear();
    return ticket;
  };
  const Utc utc{at.since_boot + told_clock_.value_or(0ms)};
  // The OFFs come first (off_first), and leave in one packet.
  bool gathers = !effects.empty() && is_off(effects.front());
  if (gathers) listener_->gather(true);
  const auto all_off_said = [&] {
    if (std::exchange(gathers, false)) listener_->gather(false);
  };
  for (Effect& effect : effects) {
    if (!is_off(effect)) all_off_said();
    if (options_.watch) options_.watch(at, utc, effect);
    std::visit(
        Match{[&](SafeCommand& c) { outbox_.send(std::move(c), kept()); }, [&](const Ask& a) { ask_device(a.device); },
              [&](const Arm& a) { send(router_.arm(a.device, a.timer, a.value), 1, kOnExpires); },
              [&](const Decision& d) {
                spdlog::info("{}: {} ({})", d.about, d.why, word_for(d.outcome));
                shown_.decision = d;
                if (hears_decisions_ && hears_decisions_->size() < kMostDecisions) hears_decisions_->push_back(d);
              },
              [&](const Notify& n) {
                spdlog::info("to {}: {}", n.to ? house_->sleepers[n.to->index].name : "everybody", n.text);
                tell_phones(n);
              },
              [&](const KeepDose& k) { keep.emplace_back(k); }, [&](const KeepSetting& k) { keep.emplace_back(k); },
              [&](const KeepRuleUsed& k) { keep.emplace_back(k); }, [&](const KeepLearned& k) { keep.emplace_back(k); },
              [&](const MayLeave& m) { end(m.what); }, [&](const NightEnded& n) { night_ended(n.night); },
              [&](const AlsoOff& o) { say_off(o.device, router_.also_off(o.device), nullptr); }, [](const Note&) {},
              [&](const TrialTold& told) {
                publish({trial_event(*house_, told, install_)});
                spdlog::info("set-up test of {}, {}/{}: {}", house_->devices[told.device.index].name, told.step,
                             told.of, told.text);
              },
              [&](const AskBridge& a) { send(router_.ask_bridge(a.device), 1, kOnExpires); }},
        effect);
  }
  all_off_said();
  kept();
  say_copies_soon();
}

void Service::ask_device(DeviceId device) {
  if (router_.road(device) == Router::Road::home_assistant)
    return call_home_assistant(device, router_.ask(device), false);
  for (const Outgoing& w : router_.ask(device)) link_->publish({w.topic, w.payload, 0, false, 0});
}

void Service::send(const std::vector<Outgoing>& words, int qos, std::uint32_t expiry_s) {
  for (const Outgoing& w : words) link_->publish({w.topic, w.payload, qos, false, expiry_s});
}

void Service::publish(std::vector<Publish> all) {
  for (Publish& p : all) link_->publish(std::move(p));
}

void Service::begin_chapter(std::string snapshot) {
  store_->begin_chapter({0, LULL_VERSION, settings_.text, std::move(snapshot), clock_.utc(), clock_.now()});
  store_->prune();
}

void Service::night_ended(const std::string& night) {
  const std::weak_ptr<bool> alive = alive_;
  const auto on_loop = [this, alive](auto f) {
    boost::asio::post(io_, [alive, f = std::move(f)]() mutable {
      if (alive.lock()) f();
    });
  };
  keeper_.tell(
      house_, night,
      [this, on_loop](TheNight told) {
        on_loop([this, told = std::move(told)]() mutable {
          shown_.nights = std::move(told.figures);
          shown_.picture = std::move(told.png);
          tell_phones({Notify::Urgency::summary, std::nullopt, told.headline});
          show();
        });
      },
      [this, on_loop](const Error& e) { on_loop([this, e] { complain(e.where, e.where, e.what); }); });
}

void Service::complain(const std::string& source, const std::string& where, const std::string& what) {
  ++nonsense_;
  if (complained_.size() >= kMaxComplaints || !complained_.insert(source.substr(0, 200)).second) return;
  spdlog::warn("{}: {}", where, what);
}

std::pair<bool, std::string> Service::health() const {
  if (!hub_.link_up) return {false, "no connection to the broker"};
  if (!hub_.store_healthy) return {false, "the disk cannot be written"};
  if (clock_.now() - hub_.now > 10s * std::max(1.0, clock_.speed())) return {false, "the loop stands still"};
  return {true, hub_.stopped ? "STOP is on" : "watching"};
}

// ---- the end --------------------------------------------------------------------------------------------------------

void Service::leave(std::function<void(std::string)> done) {
  if (leaving_) return;
  leaving_ = true;
  left_ = std::move(done);
  if (!hub_.link_up) return end("there is no connection to the broker; the devices' own timers end what runs");
  tell(Leaving{});
}

void Service::end(std::string unproved) {
  if (ended_) return;
  tick_.cancel();
  if (nonsense_ > 0) spdlog::info("{} complaints about {} sources since the start", nonsense_, complained_.size());
  boost::asio::post(io_, [this, unproved = std::move(unproved)] {
    if (ended_) return;
    ended_ = true;
    show_.cancel();
    say_copies();
    publish(face_->show());
    auto open = std::make_shared<std::size_t>(1);
    const auto one_done = [this, open, unproved] {
      if (--*open > 0) return;
      store_->flush();
      left_(unproved);
    };
    for (auto& guard : guards_)
      if (guard) ++*open, guard->stop(one_done, kLastWords);
    ++*open, listener_->stop(one_done, kLastWords);
    if (phones_) ++*open, phones_->stop(one_done, kLastWords);
    Publish offline = face_->will();
    link_->stop(std::move(offline), one_done, kLastWords);
  });
}

}  // namespace lull
