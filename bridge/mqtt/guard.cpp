// A guard session by libmosquitto, without its threads: our loop watches the socket.
#include "bridge/mqtt/guard.hpp"

#include <fcntl.h>
#include <mosquitto.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/mqtt/backoff.hpp"
#include "bridge/mqtt/sockets.hpp"
#include "bridge/mqtt/tls.hpp"
#include "bridge/mqtt/topic.hpp"

namespace lull {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr int kKeepAlive = 5;  // seconds: with a cut cable the broker says OFF after at most 12.5 s
constexpr auto kConnectWithin = 5s;
constexpr auto kBeat = 1500ms;      // a ping is due after 5 s of silence, and the broker waits for it for 7.5 s
constexpr int kUnanswered = 1000;   // QoS 1 at once: every OFF of a STOP. The library's 20 would queue the rest
constexpr int kTopicsAtOnce = 100;  // in one SUBSCRIBE
constexpr int kMessagesATurn = 64;  // read in one turn of the loop; then the others get theirs

struct MosquittoGone {
  void operator()(mosquitto* session) const { mosquitto_destroy(session); }
};

void load_library_once() {
  static const int loaded = mosquitto_lib_init();
  static_cast<void>(loaded);
}

std::string words_for(int code) { return code == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(code); }

}  // namespace

struct Guard::Impl : std::enable_shared_from_this<Impl> {
  enum class State : std::uint8_t { idle, connecting, up, waiting, saying_off, stopped };

  asio::io_context& io;
  BrokerAddress broker;
  std::string client_id;
  std::vector<Outgoing> off;
  std::vector<std::string> topics;  // to hear
  GuardHandlers handlers;
  State state = State::idle;
  tcp::resolver resolver{io};
  asio::steady_timer timer{io};      // connect, wait, stop: one at a time
  asio::steady_timer heartbeat{io};  // keepalive
  // A duplicate of libmosquitto's descriptor, for it closes its own whenever it likes.
  asio::posix::stream_descriptor socket{io};
  std::unique_ptr<mosquitto, MosquittoGone> session;
  std::uint64_t generation = 0;
  Backoff backoff{250ms, 500ms, 4s};
  std::vector<std::string> addresses;
  std::size_t next_address = 0;
  std::string last_complaint;
  bool refused = false;        // a subscription
  std::optional<int> connack;  // what a callback heard; acted upon after libmosquitto returned
  std::vector<int> unproved;   // message ids of the last OFF words
  struct Message {
    std::string topic, payload;
    bool retained;
  };
  std::vector<Message> brought;  // by a callback, of one packet
  bool writing = false;
  std::function<void()> done;

  Impl(asio::io_context& context, BrokerAddress b, std::string id, std::vector<Outgoing> o, GuardHandlers h)
      : io(context), broker(std::move(b)), client_id(std::move(id)), off(std::move(o)), handlers(std::move(h)) {
    load_library_once();
  }

  void complain(const std::string& text) {
    if (text == last_complaint) return;
    last_complaint = text;
    if (handlers.complaint) handlers.complaint(text);
  }

  void attempt() {
    state = State::connecting;
    next_address = 0;
    error_code is_name;
    asio::ip::make_address(broker.host, is_name);
    if (!is_name) {  // nothing to look up: at a start that is a thread less to wait for
      addresses = {broker.host};
      return connect();
    }
    resolver.async_resolve(broker.host, std::to_string(broker.port),
                           [weak = weak_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                             const auto self = weak.lock();
                             if (!self || self->state != State::connecting) return;
                             self->addresses.clear();
                             for (const auto& entry : found)
                               self->addresses.push_back(entry.endpoint().address().to_string());
                             if (failed || self->addresses.empty())
                               return self->wait("the broker's name cannot be resolved");
                             self->connect();
                           });
  }

  /// A fresh session each time: libmosquitto would send what it kept from the last one.
  bool make_session() {
    session.reset(mosquitto_new(client_id.c_str(), true, this));
    mosquitto* const m = session.get();
    if (!m) return false;
    mosquitto_int_option(m, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V311);
    mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_int_option(m, MOSQ_OPT_SEND_MAXIMUM, kUnanswered);
    if (!broker.user.empty()) mosquitto_username_pw_set(m, broker.user.c_str(), broker.password.c_str());
    if (broker.tls) {
      // Looked at first: libmosquitto says only "TLS error".
      if (const std::string wrong = tls_files_problem(broker); !wrong.empty())
        return complain(client_id + ": " + wrong), false;
      const auto or_none = [](const std::string& file) { return file.empty() ? nullptr : file.c_str(); };
      const char* system = broker.ca_file.empty() ? "/etc/ssl/certs" : nullptr;
      if (system) mosquitto_int_option(m, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
      if (!system || !broker.certificate_file.empty())
        mosquitto_tls_set(m, or_none(broker.ca_file), system, or_none(broker.certificate_file),
                          or_none(broker.key_file), [](char*, int, int, void*) { return 0; });  // asks no terminal
    }
    if (!off.empty() && mosquitto_will_set(m, off.front().topic.c_str(), static_cast<int>(off.front().payload.size()),
                                           off.front().payload.data(), 1, false) != MOSQ_ERR_SUCCESS)
      return complain("the last will for " + readable(off.front().topic) + " cannot be set"), false;
    mosquitto_connect_callback_set(m,
                                   [](mosquitto*, void* self, int code) { static_cast<Impl*>(self)->connack = code; });
    mosquitto_publish_callback_set(m, [](mosquitto*, void* self, int id) {
      auto& waiting = static_cast<Impl*>(self)->unproved;
      std::erase(waiting, id);
    });
    mosquitto_subscribe_callback_set(m, [](mosquitto*, void* self, int, int count, const int* granted) {
      for (int i = 0; i < count; ++i)
        if (granted[i] >= 0x80) static_cast<Impl*>(self)->refused = true;
    });
    mosquitto_message_callback_set(m, [](mosquitto*, void* self, const mosquitto_message* said) {
      if (static_cast<std::size_t>(said->payloadlen) > kMaxPayload) return;
      static_cast<Impl*>(self)->brought.push_back(
          {said->topic,
           {static_cast<const char*>(said->payload), static_cast<std::size_t>(said->payloadlen)},
           said->retain});
    });
    return true;
  }

  void connect() {
    ++generation;
    drop_session();
    if (!make_session()) return wait("the guard's session cannot be made");
    // With TLS the name must reach the library, for the certificate; it resolves it again, which now is quick.
    const std::string& host = broker.tls ? broker.host : addresses[next_address];
    const int code = mosquitto_connect_async(session.get(), host.c_str(), broker.port, kKeepAlive);
    const int theirs = mosquitto_socket(session.get());
    const int ours = theirs < 0 ? -1 : ::fcntl(theirs, F_DUPFD_CLOEXEC, 0);
    if (ours < 0) return failed(code == MOSQ_ERR_SUCCESS ? "no socket" : words_for(code));
    socket.assign(ours);
    timer.expires_after(kConnectWithin);
    timer.async_wait([weak = weak_from_this(), mine = generation](error_code cancelled) {
      const auto self = weak.lock();
      if (self && !cancelled && self->generation == mine && self->state == State::connecting)
        self->failed("no answer in time");
    });
    beat();
    watch_read();
    watch_write();  // also tells when the connection stands
  }

  void failed(const std::string& why) {
    if (state == State::connecting && !broker.tls && ++next_address < addresses.size()) return connect();
    wait(why);
  }

  void wait(const std::string& why) {
    const bool was_up = state == State::up;
    if (state == State::saying_off) return finish();
    state = State::waiting;
    ++generation;
    drop_session();
    timer.expires_after(backoff.next());
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled && self->state == State::waiting) self->attempt();
    });
    complain(client_id + ": " + why);
    if (was_up && handlers.up) handlers.up(false);
  }

  void drop_session() {
    heartbeat.cancel();
    error_code ignored;
    if (socket.is_open()) socket.close(ignored);
    writing = false;
    connack.reset();
    brought.clear();
    unproved.clear();
    session.reset();
  }

  void watch_read() {
    socket.async_wait(asio::posix::stream_descriptor::wait_read,
                      [weak = weak_from_this(), mine = generation](error_code failed) {
                        const auto self = weak.lock();
                        if (!self || failed || self->generation != mine) return;
                        if (self->read()) self->watch_read();
                      });
  }

  /// All that waits, up to a bound: one packet a turn of the loop would let a flood elsewhere come in between.
  bool read() {
    for (int turn = 0; turn < kMessagesATurn; ++turn) {
      const int code = mosquitto_loop_read(session.get(), 1);
      const std::uint64_t mine = generation;
      for (const Message& m : std::exchange(brought, {})) {
        if (handlers.message) handlers.message(m.topic, m.payload, m.retained);
        if (generation != mine) return false;  // who heard it has ended us
      }
      if (!settle(code)) return false;
      pollfd more{socket.native_handle(), POLLIN, 0};
      if (::poll(&more, 1, 0) <= 0) return true;
    }
    return true;
  }

  void subscribe() {
    for (std::size_t from = 0; from < topics.size(); from += kTopicsAtOnce) {
      std::vector<char*> some;
      for (std::size_t i = from; i < std::min(from + kTopicsAtOnce, topics.size()); ++i)
        some.push_back(topics[i].data());
      mosquitto_subscribe_multiple(session.get(), nullptr, static_cast<int>(some.size()), some.data(), 1, 0, nullptr);
    }
  }

  void watch_write() {
    if (std::exchange(writing, true)) return;
    socket.async_wait(asio::posix::stream_descriptor::wait_write,
                      [weak = weak_from_this(), mine = generation](error_code failed) {
                        const auto self = weak.lock();
                        if (!self || failed || self->generation != mine) return;
                        self->writing = false;
                        self->settle(mosquitto_loop_write(self->session.get(), 1));
                      });
  }

  void beat() {
    heartbeat.expires_after(kBeat);
    heartbeat.async_wait([weak = weak_from_this(), mine = generation](error_code cancelled) {
      const auto self = weak.lock();
      if (self && !cancelled && self->generation == mine) self->look_alive();
    });
  }
  void look_alive() {
    if (state == State::connecting || settle(mosquitto_loop_misc(session.get()))) beat();
  }

  /// After each call into libmosquitto: what did it hear, does it want to write, is it still there? False: it is over.
  bool settle(int code) {
    const std::uint64_t mine = generation;
    if (connack) {
      const int answer = *std::exchange(connack, std::nullopt);
      if (answer != 0)
        return failed("the broker refuses the guard: " + std::string{mosquitto_connack_string(answer)}), false;
      if (state == State::connecting) became_up();
      if (generation != mine) return false;
    }
    if (code != MOSQ_ERR_SUCCESS && code != MOSQ_ERR_CONN_PENDING) return failed(words_for(code)), false;
    if (mosquitto_socket(session.get()) < 0) return failed("the connection to the broker ended"), false;
    if (std::exchange(refused, false))
      complain(client_id + ": the broker refuses a subscription; look at its access rules");
    if (state == State::saying_off && unproved.empty()) return finish_cleanly(), false;
    if (mosquitto_want_write(session.get())) watch_write();
    return true;
  }

  void became_up() {
    state = State::up;
    timer.cancel();
    backoff.reset();
    last_complaint.clear();
    const std::uint64_t mine = generation;
    if (handlers.up) handlers.up(true);
    if (generation == mine && state == State::up) subscribe();
  }

  bool publish(const Outgoing& words) {
    if (state != State::up && state != State::saying_off) return false;
    int id = 0;
    // Written to the socket before this returns: we are never inside a callback of the library here.
    const int code = mosquitto_publish(session.get(), &id, words.topic.c_str(), static_cast<int>(words.payload.size()),
                                       words.payload.data(), 1, false);
    if (code == MOSQ_ERR_SUCCESS && state == State::saying_off) unproved.push_back(id);
    const bool sent = code == MOSQ_ERR_SUCCESS;
    // A broken connection is noticed by the loop's next turn, not here: the caller may be in the middle of a list.
    asio::post(io, [weak = weak_from_this(), mine = generation] {
      if (const auto self = weak.lock(); self && self->generation == mine && self->session) self->settle(0);
    });
    return sent;
  }

  void stop(std::function<void()> then, std::chrono::milliseconds within) {
    done = std::move(then);
    resolver.cancel();
    timer.cancel();
    if (state != State::up) return finish();
    state = State::saying_off;
    timer.expires_after(within);
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled) self->finish();
    });
    for (const Outgoing& words : off)
      if (!publish(words)) return finish();
    if (off.empty()) finish_cleanly();
  }

  void finish_cleanly() {
    mosquitto_disconnect(session.get());  // written at once; the will is deleted, the OFF has been said
    finish();
  }

  void finish() {
    state = State::stopped;
    timer.cancel();
    ++generation;
    drop_session();
    if (done) asio::post(io, std::exchange(done, nullptr));
  }
};

Guard::Guard(asio::io_context& io, BrokerAddress broker, std::string client_id, std::vector<Outgoing> off,
             GuardHandlers handlers)
    : impl_(std::make_shared<Impl>(io, std::move(broker), std::move(client_id), std::move(off), std::move(handlers))) {}

Guard::~Guard() {
  impl_->handlers = {};
  impl_->done = nullptr;
  impl_->resolver.cancel();
  impl_->finish();
}

void Guard::hear(std::vector<std::string> topics) { impl_->topics = std::move(topics); }
void Guard::start() {
  if (impl_->state == Impl::State::idle) impl_->attempt();
}
void Guard::beat() {
  if (impl_->session && (impl_->state == Impl::State::connecting || impl_->state == Impl::State::up))
    impl_->look_alive();
}
bool Guard::is_up() const { return impl_->state == Impl::State::up; }
bool Guard::publish(const Outgoing& words) { return impl_->publish(words); }
void Guard::gather(bool is) {
  if (impl_->socket.is_open()) hold_packets(impl_->socket.native_handle(), is);
}
bool Guard::say_off() {
  bool all = !impl_->off.empty();
  for (const Outgoing& words : impl_->off) all = impl_->publish(words) && all;
  return all;
}
void Guard::stop(std::function<void()> done, std::chrono::milliseconds within) { impl_->stop(std::move(done), within); }

}  // namespace lull
