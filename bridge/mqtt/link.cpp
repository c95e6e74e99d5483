// The main MQTT session's life: resolve, connect, up, lost, wait, again.
#include "bridge/mqtt/link.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/mqtt/backoff.hpp"
#include "bridge/mqtt/paho_session.hpp"
#include "bridge/mqtt/quiet.hpp"
#include "bridge/mqtt/tls.hpp"
#include "bridge/mqtt/topic.hpp"

namespace lull {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kTurn = 500us;  // of reading; then timers and sockets get theirs: behind a guard's there may be a STOP
constexpr std::size_t kAtOnce = 16;  // taken from the inbox: what is urgent waits for so many at most
constexpr auto kStable = 10s;  // a connection that ends sooner does not shorten the waits: two Lulls must not duel
constexpr auto kConnectWithin = 5s;
constexpr std::uint64_t kGoodbye = 1, kAsked = 2;  // which message was acknowledged
constexpr int kDuel = 3;                           // short-lived connections in a row: worth a word

struct Link::Impl : std::enable_shared_from_this<Impl> {
  enum class State : std::uint8_t { idle, connecting, up, waiting, saying_goodbye, disconnecting, stopped };

  asio::io_context& io;
  BrokerAddress broker;
  std::string client_id;
  Publish will;
  LinkHandlers handlers;
  State state = State::idle;
  PahoSession::Version version = PahoSession::Version::v5;
  std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>();
  Inbox::Taken at_hand;  // of it, read already:
  std::size_t read_of_it = 0;
  bool goes_on = false;  // a turn of reading is posted
  std::unique_ptr<PahoSession> session;
  std::uint64_t generation = 0;        // of the session; news of an older one is no news
  std::vector<std::string> addresses;  // numeric, of the last resolution
  std::size_t next_address = 0;
  std::vector<std::string> filters, tells_retained;
  tcp::resolver resolver{io};
  asio::steady_timer timer{io}, listening{io};
  std::string ask_topic;
  Quiet silence;
  tcp::socket probe{io};
  std::unique_ptr<TlsLook> tls;
  Backoff backoff{250ms, 1s, 8s};
  steady_clock::time_point up_since{};
  std::string last_complaint;
  int short_lived = 0;  // connections in a row that ended before they were stable
  bool said_down = false;
  std::function<void()> done;
  Counts counts{};

  Impl(asio::io_context& context, BrokerAddress b, std::string id, Publish w, LinkHandlers h)
      : io(context), broker(std::move(b)), client_id(std::move(id)), will(std::move(w)), handlers(std::move(h)) {}

  /// Leaves out the topics that a filter covers: subscribed as well, they would bring each message a second time, and
  /// nobody could tell the copy from news. Who must tell what is retained keeps a subscription of its own.
  bool subscribe(std::vector<std::string> fresh) {
    const std::set<std::string_view> own(tells_retained.begin(), tells_retained.end());
    std::vector<std::string_view> wide;
    std::copy_if(filters.begin(), filters.end(), std::back_inserter(wide), [](auto& f) { return !is_topic(f); });
    std::erase_if(fresh, [&](const std::string& topic) {
      return is_topic(topic) && !own.contains(topic) &&
             std::any_of(wide.begin(), wide.end(), [&](auto filter) { return topic_matches(filter, topic); });
    });
    return fresh.empty() || session->subscribe(fresh, tells_retained);
  }

  void complain(const std::string& text) {
    if (text == last_complaint) return;
    last_complaint = text;
    if (handlers.complaint) handlers.complaint(text);
  }
  void say_down(const std::string& why) {
    if (!std::exchange(said_down, true) && handlers.down) handlers.down(why);
  }
  std::string place() const { return broker.host + ":" + std::to_string(broker.port); }

  void attempt() {
    state = State::connecting;
    next_address = 0;
    error_code is_name;
    asio::ip::make_address(broker.host, is_name);
    if (!is_name) {  // nothing to look up: at a start that is a thread less to wait for
      addresses = {broker.host};
      return look();
    }
    // Resolved here and not in Paho, which does it under the lock that all its sessions share.
    resolver.async_resolve(broker.host, std::to_string(broker.port),
                           [weak = weak_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                             if (const auto self = weak.lock()) self->resolved(failed, found);
                           });
  }

  void resolved(error_code failed, const tcp::resolver::results_type& found) {
    if (state != State::connecting) return;
    addresses.clear();
    for (const auto& entry : found) addresses.push_back(entry.endpoint().address().to_string());
    if (failed || addresses.empty()) return wait("the name " + readable(broker.host) + " cannot be resolved");
    look();
  }

  /// Is anybody there? Asked by a plain connection first: each Paho session that comes to nothing would stop the loop
  /// for up to 100 ms at its end and leave some bytes behind, and an outage may last for weeks.
  void look() {
    error_code ignored;
    probe.close(ignored);
    timer.expires_after(kConnectWithin);
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      error_code already;
      if (const auto self = weak.lock(); self && !cancelled) self->probe.close(already);
    });
    const tcp::endpoint there{asio::ip::make_address(addresses[next_address]), broker.port};
    probe.async_connect(there, [weak = weak_from_this()](error_code failed) {
      const auto self = weak.lock();
      if (!self || self->state != State::connecting) return;
      self->timer.cancel();
      if (!failed && self->broker.tls) return self->look_at_tls();
      error_code already;
      self->probe.close(already);
      if (!failed) return self->connect();
      self->next("nobody answers there (" +
                 (failed == asio::error::operation_aborted ? "no answer in time" : failed.message()) + ")");
    });
  }

  /// With TLS there is more that can be wrong, and Paho would not say what.
  void look_at_tls() {
    tls = std::make_unique<TlsLook>(std::move(probe), broker, [weak = weak_from_this()](const std::string& wrong) {
      const auto self = weak.lock();
      if (!self || self->state != State::connecting) return;
      asio::post(self->io, [weak, wrong] {  // not from inside what is destroyed here
        const auto it = weak.lock();
        if (!it || it->state != State::connecting) return;
        it->tls.reset();
        wrong.empty() ? it->connect() : it->next(wrong);
      });
    });
  }

  /// This address was none: the next one, or after the last a pause.
  void next(const std::string& why) {
    if (++next_address < addresses.size()) return look();
    wait(place() + ": " + why);
  }

  void connect() {
    state = State::connecting;
    PahoSession::Settings settings{broker, client_id, will, version};
    // With TLS the name must reach Paho, for the certificate; it resolves it again, which now is quick.
    if (!broker.tls) settings.broker.host = addresses[next_address];
    const std::uint64_t mine = ++generation;
    session.reset();
    const auto weak = weak_from_this();
    session = std::make_unique<PahoSession>(
        std::move(settings), inbox,
        [weak, &context = io] {
          asio::post(context, [weak] {
            if (const auto self = weak.lock()) self->woken();
          });
        },
        [weak, mine, &context = io](PahoSession::Happened news) {
          asio::post(context, [weak, mine, news = std::move(news)] {
            if (const auto self = weak.lock(); self && self->generation == mine) self->heard(news);
          });
        });
    if (!session->connect()) wait("cannot begin a connection to " + place());
  }

  void heard(const PahoSession::Happened& news) {
    using What = PahoSession::Happened::What;
    switch (news.what) {
      case What::up: return became_up(news.session_present);
      case What::refused_version:
        version = PahoSession::Version::v3_1_1;
        complain("the broker at " + place() + " does not speak MQTT 5; using MQTT 3.1.1, where commands cannot expire");
        return connect();
      case What::failed:
        if (state != State::connecting) return ended(news.why);
        return next(news.why);
      case What::taken_over: complain(news.why); return ended(news.why);
      case What::lost: return ended(news.why);
      case What::subscribed: ++counts.subscribed; return;
      case What::not_subscribed: return complain(news.why);
      case What::proved:
        if (news.id == kAsked) silence.answered();
        if (news.id == kGoodbye && state == State::saying_goodbye) disconnect();
        return;
      case What::not_sent: return not_sent(news.why);
      case What::closed:
        if (state == State::disconnecting) finish();
        return;
    }
  }

  void not_sent(const std::string& topic) {
    ++counts.dropped_full;
    complain("a message for " + readable(topic) + " could not be sent");
  }

  void became_up(bool session_present) {
    if (state != State::connecting) return;
    state = State::up;
    ++counts.connected;
    up_since = steady_clock::now();
    said_down = false;
    last_complaint.clear();
    session->tune_sockets(addresses, broker.port);
    while (deliver(steady_clock::time_point::max())) {
    }  // what the last session left: it was said before anything that comes now
    if (!subscribe(filters)) complain("the topics could not be subscribed");
    silence.connected();
    listen();
    if (handlers.up) handlers.up(!session_present);
  }

  /// While up, again and again.
  void listen() {
    if (ask_topic.empty()) return;
    listening.expires_after(Quiet::kEvery);
    listening.async_wait([weak = weak_from_this(), due = listening.expiry()](error_code cancelled) {
      const auto self = weak.lock();
      if (!self || cancelled || self->state != State::up) return;
      switch (self->silence.look(self->inbox->counts().received, steady_clock::now() - due)) {
        case Quiet::Do::give_up: return self->ended(self->place() + ": nothing was heard for 20 s, not even an answer");
        case Quiet::Do::ask: self->session->publish({self->ask_topic, "?", 1}, kAsked); break;
        case Quiet::Do::nothing: break;
      }
      self->listen();
    });
  }

  /// The session is over, against our wish.
  void ended(const std::string& why) {
    if (state == State::saying_goodbye || state == State::disconnecting) return finish();
    if (state == State::connecting) return wait(place() + ": " + why);
    if (state != State::up) return;
    ++counts.lost;
    const bool stable = steady_clock::now() - up_since >= kStable;
    short_lived = stable ? 0 : short_lived + 1;
    if (stable) backoff.reset();
    wait(why);
    // mosquitto does not tell that another client took our id; this is how it looks from here.
    if (short_lived == kDuel)
      complain("the connection to " + place() + " ends again and again: is a second Lull running as " + client_id +
               "?");
  }

  void wait(const std::string& why) {
    state = State::waiting;
    listening.cancel();
    ++generation;
    session.reset();
    timer.expires_after(backoff.next());
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled && self->state == State::waiting) self->attempt();
    });
    if (said_down) return complain(why);
    last_complaint = why;
    say_down(why);
  }

  /// Something came. Not when a turn is waiting to go on: a second one would keep the guards waiting twice as long.
  void woken() {
    if (!goes_on) read();
  }
  void read() {
    goes_on = deliver(steady_clock::now() + kTurn);
    if (!goes_on) return;
    asio::post(io, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->read();
    });
  }

  /// One message at least, then until the turn is over. False only when the inbox was found empty: from then on it
  /// wakes us again. Whoever stopped sooner must come back, for its word may have come while a turn was waiting to go
  /// on.
  bool deliver(steady_clock::time_point until) {
    do {
      if (at_hand.messages.size() == read_of_it) {
        at_hand = inbox->take(kAtOnce);
        read_of_it = 0;
        for (std::string& text : at_hand.complaints)
          if (handlers.complaint) handlers.complaint(std::move(text));
      }
      if (state == State::stopped || at_hand.messages.empty()) return false;
      const Inbox::Message m = std::move(at_hand.messages[read_of_it++]);
      if (handlers.message) handlers.message(m.topic, m.payload, m.retained, Clock{}.now() - m.arrived);
    } while (steady_clock::now() < until);
    return true;
  }

  void stop(const Publish& last_words, std::function<void()> then, std::chrono::milliseconds within) {
    done = std::move(then);
    resolver.cancel();
    timer.cancel();
    if (state != State::up) return finish();
    timer.expires_after(within);
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled) self->finish();
    });
    state = State::saying_goodbye;
    Publish words = last_words;
    words.qos = 1;  // its PUBACK also says that all before it arrived
    if (words.topic.empty() || !session->publish(words, kGoodbye)) disconnect();
  }

  void disconnect() {
    state = State::disconnecting;
    if (!session->disconnect()) finish();
  }

  void finish() {
    state = State::stopped;
    timer.cancel();
    listening.cancel();
    tls.reset();
    error_code ignored;
    probe.close(ignored);
    ++generation;
    session.reset();
    if (done) asio::post(io, std::exchange(done, nullptr));
  }
};

Link::Link(asio::io_context& io, BrokerAddress broker, std::string client_id, Publish will, LinkHandlers handlers)
    : impl_(std::make_shared<Impl>(io, std::move(broker), std::move(client_id), std::move(will), std::move(handlers))) {
}

Link::~Link() {
  impl_->handlers = {};
  impl_->done = nullptr;
  impl_->resolver.cancel();
  impl_->finish();
}

void Link::ask_on(std::string topic) { impl_->ask_topic = std::move(topic); }

void Link::start() {
  if (impl_->state == Impl::State::idle) impl_->attempt();
}

bool Link::is_up() const { return impl_->state == Impl::State::up; }
bool Link::speaks_mqtt_5() const { return impl_->version == PahoSession::Version::v5; }

void Link::subscribe(std::vector<std::string> topics, Intake intake) {
  std::vector<std::string> fresh;
  for (std::string& topic : topics) {
    if (!is_topic_filter(topic)) {
      impl_->complain(readable(topic) + " is no MQTT topic and was not subscribed");
      continue;
    }
    impl_->inbox->expect(topic, intake);
    if (std::find(impl_->filters.begin(), impl_->filters.end(), topic) != impl_->filters.end()) continue;
    if (impl_->filters.size() >= kMaxFilters) {
      impl_->complain("more than " + std::to_string(kMaxFilters) + " topics: the rest is not subscribed");
      break;
    }
    impl_->filters.push_back(topic);
    if (intake.tells_retained) impl_->tells_retained.push_back(topic);
    fresh.push_back(std::move(topic));
  }
  if (is_up() && !impl_->subscribe(std::move(fresh))) impl_->complain("topics could not be subscribed");
}

bool Link::publish(Publish what) {
  if (!is_up()) return ++impl_->counts.dropped_down, false;
  if (!is_topic(what.topic) || !impl_->session->publish(what)) {
    impl_->not_sent(what.topic);
    return false;
  }
  return ++impl_->counts.published, true;
}

void Link::stop(Publish last_words, std::function<void()> done, std::chrono::milliseconds within) {
  impl_->stop(last_words, std::move(done), within);
}

Link::Counts Link::counts() const {
  Counts counts = impl_->counts;
  const Inbox::Counts in = impl_->inbox->counts();
  counts.received = in.received;
  counts.too_large = in.too_large;
  counts.dropped = in.dropped;
  return counts;
}

}  // namespace lull
