// The life of the road: token, connection, log-in, what is asked after it, and the next attempt.
#include "bridge/home_assistant/websocket/client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/clock.hpp"
#include "bridge/home_assistant/websocket/phones.hpp"
#include "bridge/home_assistant/websocket/session.hpp"
#include "bridge/home_assistant/websocket/socket.hpp"
#include "bridge/mqtt/backoff.hpp"
#include "devices/dialects/home_assistant_entity.hpp"

namespace lull {
namespace asio = boost::asio;
using boost::system::error_code;
using State = HaStatus::State;

namespace {

constexpr milliseconds kStable{10'000};     // a connection that ends sooner does not shorten the waits
constexpr milliseconds kLookAgain{30'000};  // at a token that is missing or was refused: is it another now?
constexpr std::string_view kTap = "mobile_app_notification_action";

std::string nonce() {
  std::random_device random;
  constexpr std::string_view kLetters = "0123456789abcdef";
  std::string made;
  for (int i = 0; i < 4; ++i)
    for (std::uint32_t word = random(), digit = 0; digit < 8; ++digit, word >>= 4) made += kLetters[word & 15u];
  return made;
}

}  // namespace

struct HaClient::Impl : std::enable_shared_from_this<Impl> {
  asio::io_context& io;
  HaAddress to;
  Handlers handlers;
  Phones phones;
  const std::vector<std::string> devices;
  HaEntities entities;
  HaSession session;
  std::unique_ptr<HaSocket> socket;
  asio::steady_timer timer, goodbye;
  Backoff backoff{1s, 2s, 60s};
  std::minstd_rand dice{std::random_device{}()};
  HaStatus status;
  std::string trying, refused_token;  // in memory only: the token of this attempt; the one that needs another
  std::string last_trouble;
  Instant up_since{};
  std::function<void()> done;
  int asked = 0;  // questions of the log-in that are still open
  bool stopping = false, probing = false;
  bool first_told = false;            // the states as they were when we came
  std::optional<Instant> states_due;  // when they are asked for again

  Impl(asio::io_context& context, HaAddress address, const House& house, const std::vector<PhonesOf>& whose,
       std::vector<std::string> devices_there, Handlers h)
      : io(context),
        to(std::move(address)),
        handlers(std::move(h)),
        phones(house, whose, nonce),
        devices(std::move(devices_there)),
        entities(both(phones.entities(), devices)),
        session({[this](std::string frame) { return socket && socket->send(std::move(frame)); },
                 [this] { logged_in(); }, [this] { rejected(); }, [this](const std::string& why) { lost(why); }}),
        timer(io),
        goodbye(io) {}

  static Instant now() { return Clock{}.now(); }
  /// A handler that does nothing when this is gone.
  template <class F>
  auto while_here(F f) {
    return [weak = weak_from_this(), f](const auto&... what) {
      if (const auto self = weak.lock()) f(*self, what...);
    };
  }
  static std::vector<std::string> both(std::vector<std::string> all, const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  void trouble(const std::string& what) {
    if (what.empty() || std::exchange(last_trouble, what) == what) return;
    if (handlers.trouble) handlers.trouble(what);
  }
  void became(State state, const std::string& why) {
    status.state = state;
    status.why = why;
    if (state != State::connected) status.looked = status.hears_answers = false;
    show();
  }
  void show() {
    std::vector<HaStatus::Phone> now_known;
    for (const PhoneTarget& t : phones.targets()) now_known.push_back({t.name, std::string(word_for(t.way))});
    status.phones = std::move(now_known);
    status.missing.clear();
    if (status.looked && first_told)
      std::copy_if(devices.begin(), devices.end(), std::back_inserter(status.missing),
                   [this](const std::string& id) { return !entities.find(id); });
    if (handlers.changed) handlers.changed();
  }

  // ---- up and down ----

  void attempt() {
    if (stopping) return;
    const auto token = ha_token(to);
    if (!token) {
      trouble(token.error().what);
      became(State::no_token, token.error().what);
      return wait(kLookAgain);
    }
    if (*token == refused_token) return wait(kLookAgain);  // never twice: each counts towards a ban
    socket = std::make_unique<HaSocket>(
        io, to, HaSession::kMaxFrame,
        HaSocket::Handlers{while_here([](Impl& i) { i.session.opened(i.trying, now()); }),
                           while_here([](Impl& i, std::string_view frame) { i.session.heard(frame, now()); }),
                           while_here([](Impl& i, const std::string& why) { i.lost(why); })});
    trying = *token;
  }

  void wait(milliseconds span) {
    timer.expires_after(span);
    timer.async_wait(while_here([](Impl& i, error_code cancelled) {
      if (!cancelled) i.attempt();
    }));
  }

  /// The connection is no more, or of no more use. May be called from inside the socket.
  void lost(const std::string& why) {
    if (!socket) return;
    asio::post(io, [old = std::shared_ptr<HaSocket>(std::move(socket))] {});
    session.closed();
    entities.forget();
    trying.clear();
    asked = 0;
    probing = false;
    states_due.reset();
    status.hears_entities = true;
    if (std::exchange(first_told, false))
      for (const std::string& id : devices) tell(id, false);
    if (stopping) return gone();
    if (status.state == State::refused) return wait(kLookAgain);
    if (status.state == State::connected && now() - up_since >= kStable) backoff.reset();
    // Not all at once when Home Assistant comes back: somewhere in the second half of the wait.
    const milliseconds most = backoff.next();
    wait(most / 2 + milliseconds{std::uniform_int_distribution<milliseconds::rep>{0, most.count() / 2}(dice)});
    trouble(why);
    became(State::unreachable, why);
  }

  void rejected() {
    refused_token = trying;
    const std::string why =
        "Home Assistant refuses the token; it is not tried again before there is another one. Make a new long-lived "
        "token in Home Assistant (your profile, Security) and put it where the old one is";
    trouble(why);
    became(State::refused, why);
    lost(why);
  }

  void stop(std::function<void()> then, milliseconds within) {
    done = std::move(then);
    stopping = true;
    timer.cancel();
    if (!socket) return gone();
    goodbye.expires_after(within);
    goodbye.async_wait(while_here([](Impl& i, error_code cancelled) {
      if (!cancelled) i.lost("");
    }));
    socket->close();
  }
  void gone() {
    goodbye.cancel();
    if (done) asio::post(io, std::exchange(done, nullptr));
  }

  // ---- after the log-in ----

  void logged_in() {
    up_since = now();
    refused_token.clear();
    last_trouble.clear();
    status.version = session.version();
    status.advice.clear();
    if (handlers.news) handlers.news("connected to " + to.place() + ", version " + session.version());
    became(State::connected, "");
    asked = 1;
    session.ask({{"type", "auth/current_user"}}, now(), [this](const HaSession::Answer& a) { know_user(a); });
    if (!entities.wanted().empty()) ask_for_states();
    // Both may be heard by everybody. While Home Assistant starts, phones appear one by one.
    for (const char* what : {"service_registered", "service_removed"})
      subscribe({{"type", "subscribe_events"}, {"event_type", what}}, [this](const Json& event) {
        const Json* data = event.is_object() ? member(event, "data") : nullptr;
        if (data && data->is_object() && text_at(*data, "domain") == "notify") probe();
      });
    probe();
  }

  /// Answered by the first states. Without them each device of Home Assistant's is out of reach: a busy one that did
  /// not answer in time, and one that refuses, is asked again on the same connection, for phones need it all the same.
  void ask_for_states() {
    states_due.reset();
    ++asked;
    session.subscribe(
        {{"type", "subscribe_entities"}, {"entity_ids", entities.wanted()}}, now(),
        [this](const Json& event) { hear_entities(event); },
        [this](const HaSession::Answer& a) {
          if (a.well || !session.is_up()) return;
          states_due = now() + kLookAgain;
          status.hears_entities = false;
          status.why = words_for_unheard(a.code, a.text);
          trouble(status.why);
          answered_one();
        });
  }

  void hear_entities(const Json& event) {
    const std::vector<std::string> changed = entities.hear(event);
    const Json* whole = event.is_object() ? member(event, "a") : nullptr;
    for (const std::string& id : changed)
      if (std::find(devices.begin(), devices.end(), id) != devices.end())
        tell(id, true, (whole && whole->is_object() && whole->contains(id)) || only_came_back(id));
    if (!changed.empty()) send_letters();
    if (std::exchange(first_told, true)) return;
    if (!std::exchange(status.hears_entities, true)) status.why.clear(), last_trouble.clear();
    answered_one();
  }

  /// A bridge that was away first says once more what it said last: no reading, no kick, and no proof of an OFF. When
  /// an event was, it says itself.
  bool only_came_back(const std::string& id) const {
    const entity::Domain domain = entity::domain_of(id);
    const HaEntity* now_is = entities.find(id);
    return now_is && now_is->came_back && domain != entity::Domain::event && domain != entity::Domain::button;
  }

  /// `stamped`: by itself, and not because it was asked.
  void tell(const std::string& id, bool stamped, bool before = false) {
    if (!handlers.entity) return;
    const HaEntity* entity = entities.find(id);
    if (!entity) return handlers.entity({id, R"({"state":"unavailable"})"});
    milliseconds age{};
    if (before) {
      const auto since = Clock{}.utc().since_epoch - milliseconds{static_cast<std::int64_t>(entity->updated * 1000)};
      age = std::max(0ms, since);
    }
    handlers.entity({id, told_as(*entity, stamped), before, age});
  }

  void call(const Outgoing& action, const std::string& entity, bool off, std::function<void(std::string)> refused) {
    const std::size_t dot = action.topic.find('.');
    const auto data = read_object(action.payload);
    if (dot == action.topic.npos || !data || stopping) return;
    // Home Assistant hands nothing to what is unavailable, and writes a warning each time; what comes back is told OFF.
    const HaEntity* known = entities.find(entity);
    if (!known || known->state == "unavailable") return;
    session.ask(
        {{"type", "call_service"},
         {"domain", action.topic.substr(0, dot)},
         {"service", action.topic.substr(dot + 1)},
         {"service_data", *data}},
        now(),
        [this, entity, refused = std::move(refused)](const HaSession::Answer& a) {
          if (a.well) return tell(entity, false);
          if (a.code == "gone" || a.code == "timeout") return;  // nobody knows; the core asks again
          refused(a.text.empty() ? a.code : a.text);
        },
        HaSession::kAnswerWithin, off);
  }

  void subscribe(Json command, HaSession::OnEvent on_event) {
    ++asked;
    session.subscribe(std::move(command), now(), std::move(on_event), [this](const HaSession::Answer& a) {
      if (!a.well && a.code != "gone") trouble("a subscription was refused: " + a.code + " " + a.text);
      answered_one();
    });
  }

  void know_user(const HaSession::Answer& a) {
    const Json* admin = a.well && a.result.is_object() ? member(a.result, "is_admin") : nullptr;
    status.administrator = admin && admin->is_boolean() && admin->get<bool>();
    status.user = a.well && a.result.is_object() ? clipped(text_at(a.result, "name"), 100) : "";
    if (status.administrator)
      hear_taps();
    else if (a.well)
      advise(words_for_no_administrator(status.user));
    answered_one();
  }
  void hear_taps() {
    ++asked;
    session.subscribe(
        {{"type", "subscribe_events"}, {"event_type", kTap}}, now(), [this](const Json& event) { tapped(event); },
        [this](const HaSession::Answer& a) {
          status.hears_answers = a.well;
          if (!a.well && a.code != "gone") advise("taps on messages cannot be heard: " + a.code + " " + a.text);
          answered_one();
        });
  }
  void advise(const std::string& what) {
    status.advice = what;
    trouble(what);
  }

  void probe() {
    if (std::exchange(probing, true)) return;  // services come in swarms: asked when the swarm was heard
    ++asked;
    asio::post(io, while_here([](Impl& it) {
                 if (std::exchange(it.probing, false) && it.session.is_up()) it.probe_each();
               }));
  }
  void probe_each() {
    for (std::size_t i = 0; i < phones.targets().size(); ++i) {
      ++asked;
      session.ask(Phones::probe(phones.targets()[i]), now(), [this, i](const HaSession::Answer& a) {
        trouble(phones.probed(i, a.well, a.code, entities));
        answered_one();
      });
    }
    answered_one();
  }

  void answered_one() {
    if (asked > 0 && --asked > 0) return;
    status.looked = session.is_up();
    send_letters();
    show();
  }

  // ---- letters and taps ----

  void send_letters() {
    if (!session.is_up() || stopping) return;
    for (Phones::Call& call : phones.due(now(), entities, status.hears_answers))
      session.ask(
          std::move(call.command), now(),
          [this, letter = call.letter](const HaSession::Answer& a) {
            trouble(phones.answered(letter, a.well, a.code, a.text, now(), entities));
          },
          Phones::kPushWithin);
  }

  void tapped(const Json& event) {
    const Json* data = event.is_object() ? member(event, "data") : nullptr;
    const auto tap = data ? phones.hear(*data, now()) : std::nullopt;
    if (!tap) return;
    if (!tap->refused.empty()) {
      status.refused_answer = tap->refused;
      trouble("a tap on a phone was refused: " + tap->refused);
      show();
    }
    for (const Command& wish : tap->wishes)
      if (handlers.wish) handlers.wish(wish);
    send_letters();
  }
};

HaClient::HaClient(asio::io_context& io, HaAddress to, const House& house, const std::vector<PhonesOf>& whose,
                   const std::vector<std::string>& devices, Handlers handlers)
    : impl_(std::make_shared<Impl>(io, std::move(to), house, whose, devices, std::move(handlers))) {}

HaClient::~HaClient() {
  impl_->handlers = {};
  impl_->done = nullptr;
  impl_->stopping = true;
  impl_->timer.cancel();
  impl_->goodbye.cancel();
  impl_->socket.reset();
}

void HaClient::start() { impl_->attempt(); }

void HaClient::beat() {
  impl_->phones.tick(Impl::now());
  impl_->session.tick(Impl::now());
  if (impl_->states_due && Impl::now() >= *impl_->states_due && impl_->session.is_up()) impl_->ask_for_states();
  impl_->send_letters();
}

void HaClient::notify(const Notify& what) {
  impl_->phones.tell(what, Impl::now(), impl_->entities);
  impl_->send_letters();
}

void HaClient::call(const Outgoing& action, const std::string& entity, bool off,
                    std::function<void(std::string)> refused) {
  impl_->call(action, entity, off, std::move(refused));
}

const HaStatus& HaClient::status() const { return impl_->status; }

void HaClient::stop(std::function<void()> done, milliseconds within) { impl_->stop(std::move(done), within); }

}  // namespace lull
