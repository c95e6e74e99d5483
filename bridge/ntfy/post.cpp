// Resolve, connect, TLS, PUT, the first line of the answer; all of it on a thread of its own.
#include "bridge/ntfy/post.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "bridge/clock.hpp"
#include "bridge/give_way.hpp"
#include "bridge/home_assistant/websocket/wire.hpp"
#include "bridge/mqtt/topic.hpp"
#include "bridge/tls_words.hpp"
#include "config/password.hpp"

namespace lull {
namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kMaxRefused = 64;

std::string place(const NtfyAddress& to) {
  return (to.host.find(':') == to.host.npos ? to.host : "[" + to.host + "]") + ":" + std::to_string(to.port);
}

/// All that lives on the other thread. Whoever runs it holds it.
struct Net {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  const NtfyAddress to;
  std::optional<ssl::context> context{};                  // made once: an authority's file is read but once
  std::map<std::string, Instant, std::less<>> refused{};  // token and topic, until when they are not tried again
  std::mutex door{};                                      // to the loop
  asio::io_context* loop;                                 // null: it may be gone
  std::atomic<int> looked_up{0};                          // names that are being looked up

  Net(asio::io_context& l, NtfyAddress address) : to(std::move(address)), loop(&l) {}

  void tell(std::function<void()> what) {
    const std::lock_guard lock(door);
    if (loop) asio::post(*loop, std::move(what));
  }
};

Result<std::string> token_of(const NtfyAddress& to) {
  if (to.token.empty() && to.token_file.empty()) return std::string();
  auto token = to.token.empty() ? config::read_password(to.token_file) : Result<std::string>(to.token);
  if (!token) return Error{"token_file", "`token_file` " + token.error().what};
  if (!std::all_of(token->begin(), token->end(), [](char c) { return c > ' ' && c <= '~'; }))
    return Error{"token_file", "what is given as the token is none: it has blanks or other odd letters in it"};
  return token;
}

constexpr std::string_view kFirstLine = "HTTP/1.0 000 ";  // 0: any digit

/// As far as it goes, and whatever is said after the status.
bool begins_as_http(std::string_view said) {
  for (std::size_t i = 0; i < std::min(said.size(), kFirstLine.size()); ++i) {
    const char c = said[i], as = kFirstLine[i];
    if (as == '0' && (c < '0' || c > '9')) return false;
    if (as != '0' && c != as && !(i + 1 == kFirstLine.size() && (c == '\r' || c == '\n'))) return false;
  }
  return true;
}
/// Of a whole line that begins so.
int status_in(std::string_view said) { return std::atoi(std::string(said.substr(kFirstLine.size() - 4, 3)).c_str()); }

/// Of a head, as far as it goes. A date instead of seconds is no wish that we know.
milliseconds retry_after(std::string_view head) {
  constexpr std::string_view kName = "\nretry-after:";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
  const auto found = std::search(head.begin(), head.end(), kName.begin(), kName.end(), same);
  if (found == head.end()) return {};
  std::string_view rest = head.substr(static_cast<std::size_t>(found - head.begin()) + kName.size());
  const auto end = rest.find('\n');
  if (end == rest.npos) return {};  // perhaps not all of its digits
  rest = rest.substr(0, end);
  const auto first = rest.find_first_not_of(" \t"), last = rest.find_last_not_of(" \t\r");
  if (first == rest.npos || last == rest.npos || last < first || last - first >= 6) return {};
  const std::string digits(rest.substr(first, last - first + 1));
  if (digits.find_first_not_of("0123456789") != digits.npos) return {};
  return seconds{std::atoi(digits.c_str())};
}

std::string not_from_here(const std::exception& wrong) {
  return std::string("it could not be sent from here (") + wrong.what() + ")";
}

/// One request and its answer. Handlers of the net's loop hold it.
struct Exchange : std::enable_shared_from_this<Exchange> {
  Net& net;
  std::string head, key;
  std::shared_ptr<const std::string> body;
  std::function<void(NtfyOutcome)> done;
  Wire wire;
  tcp::resolver resolver;
  asio::steady_timer timer;
  std::array<char, NtfyPost::kMaxAnswer> buffer{};
  std::size_t filled = 0;
  int status = 0;    // once its first line is here
  std::string late;  // what took too long
  bool sent = false, ended = false;

  Exchange(Net& n, std::function<void(NtfyOutcome)> then)
      : net(n), done(std::move(then)), wire(n.io), resolver(n.io), timer(n.io) {}

  void end(const NtfyOutcome& outcome) {
    if (std::exchange(ended, true)) return;
    done(outcome);  // before all that might go wrong: who is never answered waits for ever
    timer.cancel();
    resolver.cancel();
    wire.close();
    if (outcome.status == 401 || outcome.status == 403) {
      if (net.refused.size() >= kMaxRefused) net.refused.clear();
      if (!outcome.untried) net.refused[key] = Clock{}.now() + NtfyPost::kRefusedFor;
    } else if (outcome.status != 0) {
      net.refused.erase(key);
    }
  }
  void fail(std::string why) {
    if (status != 0) return end(answer());
    end({0, std::move(why), false, {}, sent});
  }
  NtfyOutcome answer() const { return {status, "", false, retry_after({buffer.data(), filled}), sent}; }

  /// What goes wrong here (no memory, no thread, no TLS) is this message's failure and nobody else's.
  template <class F>
  void guard(F f) {
    try {
      f();
    } catch (const std::exception& wrong) { fail(not_from_here(wrong)); }
  }
  /// A handler that does nothing when this has ended.
  template <class F>
  auto mine(F f) {
    return [self = shared_from_this(), f](const auto&... what) {
      if (!self->ended) self->guard([&] { f(*self, what...); });
    };
  }

  void begin(const std::string& line, const NtfyRequest& request, bool insists) {
    const auto token = token_of(net.to);
    if (!token) return fail(token.error().what);
    key = *token + "\n" + request.topic;
    const auto no = net.refused.find(key);
    if (no != net.refused.end() && !insists && Clock{}.now() < no->second) return end({403, "", true});
    body = request.body;
    head =
        line + " HTTP/1.1\r\nHost: " + place(net.to) + "\r\nUser-Agent: lull/" LULL_VERSION "\r\nConnection: close\r\n";
    if (!token->empty()) head += "Authorization: Bearer " + *token + "\r\n";
    for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
    head += "Content-Length: " + std::to_string(body ? body->size() : 0) + "\r\n\r\n";
    timer.expires_after(NtfyPost::kWithin);
    timer.async_wait(mine([](Exchange& e, error_code cancelled) {
      if (!cancelled) e.fail(e.late);
    }));
    resolve();
  }

  void resolve() {
    error_code is_name;
    const auto numeric = asio::ip::make_address(net.to.host, is_name);
    if (!is_name) return connect(tcp::resolver::results_type::create({numeric, net.to.port}, net.to.host, ""));
    late = "the name " + readable(net.to.host) + " could not be looked up in time";
    resolver.async_resolve(
        net.to.host, std::to_string(net.to.port),
        [self = shared_from_this(), then = mine([](Exchange& e, error_code failed, const auto& found) {
                                      if (failed)
                                        return e.fail("the name " + readable(e.net.to.host) + " cannot be resolved");
                                      e.connect(found);
                                    })](error_code failed, const tcp::resolver::results_type& found) {
          --self->net.looked_up;
          then(failed, found);
        });
    ++net.looked_up;  // after it: it wants a thread, and may not get one
  }

  void connect(const tcp::resolver::results_type& found) {
    late = "nobody answers at " + readable(place(net.to)) + " (no answer in time)";
    asio::async_connect(
        wire.socket(), found, mine([](Exchange& e, error_code failed, const tcp::endpoint&) {
          if (failed) return e.fail("nobody answers at " + readable(place(e.net.to)) + " (" + failed.message() + ")");
          e.net.to.tls ? e.secure() : e.write();
        }));
  }

  void secure() {
    if (!net.context) {
      ssl::context made{ssl::context::tls_client};
      error_code wrong;
      if (net.to.ca_file.empty())
        made.set_default_verify_paths(wrong);
      else
        made.load_verify_file(net.to.ca_file, wrong);
      if (wrong && !net.to.ca_file.empty())
        return fail("there is no certificate (PEM) that can be read in `ca` " + net.to.ca_file);
      net.context.emplace(std::move(made));
    }
    const TlsPeer peer{"the ntfy server", "https", net.to.host};
    tls_expect(wire.secure(*net.context), peer);
    late = "the ntfy server does not answer the TLS handshake; is it the port for https?";
    wire.handshake(mine([peer](Exchange& e, error_code failed, std::size_t) {
                     if (failed) return e.fail(tls_verdict(e.wire.tls(), failed, peer, false));
                     e.write();
                   }),
                   ssl::stream_base::client);
  }

  void write() {
    late = "the ntfy server did not answer in time";
    sent = true;
    const std::array<asio::const_buffer, 2> all{asio::buffer(head), body ? asio::buffer(*body) : asio::const_buffer{}};
    // Who does not want all of it may have said so already.
    asio::async_write(wire, all, Wire::Done(mine([](Exchange& e, error_code, std::size_t) { e.read(); })));
  }

  void read() {
    wire.async_read_some(asio::buffer(buffer) + filled,
                         Wire::Done(mine([](Exchange& e, error_code failed, std::size_t n) {
                           if (failed) return e.fail("the ntfy server ended the connection without an answer");
                           e.heard(n);
                         })));
  }

  /// The first line says what became of the message, and nothing after it changes that: who told a phone and did not
  /// like the rest of the answer would tell it again and again.
  void heard(std::size_t more) {
    filled += more;
    const std::string_view said(buffer.data(), filled);
    const bool whole = said.find('\n') != said.npos;
    if (!begins_as_http(said) || (whole && status_in(said) < 100)) return fail("what answers there speaks no HTTP");
    if (whole) status = status_in(said);
    // Only for how long they have had too many stands further down.
    const bool all = said.find("\n\r\n") != said.npos || filled == buffer.size();
    if (whole && (status != kTooMany || all)) return end(answer());
    if (all) return fail("what answers there speaks no HTTP (a line without an end)");
    read();
  }
};

}  // namespace

std::optional<NtfyAddress> ntfy_address_of(const NtfySettings& s) {
  if (s.host.empty() || s.topics.empty()) return std::nullopt;
  const char* token = std::getenv("LULL_NTFY_TOKEN");
  return NtfyAddress{s.host, s.port, s.tls, s.ca_file, token ? token : "", s.token_file};
}

struct NtfyPost::Impl {
  std::shared_ptr<Net> net;
  std::thread thread{};
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // of the loop's thread

  /// With each message anew: a machine that had no thread to spare may have one now.
  void run() {
    if (thread.joinable()) return;
    thread = std::thread([it = net] {
      give_way();
      while (!it->io.stopped()) try {
          it->io.run();
        } catch (const std::exception&) {  // not worth the program that holds the pads; those after it are run
        }
    });
  }

  void begin(std::string line, NtfyRequest request, Done done) {
    auto then = [it = net.get(), done = std::move(done), still = std::weak_ptr<bool>(alive)](NtfyOutcome outcome) {
      it->tell([done, still, outcome = std::move(outcome)] {
        if (still.lock()) done(outcome);
      });
    };
    try {
      run();
    } catch (const std::exception& wrong) { return then({0, not_from_here(wrong)}); }
    asio::post(net->io, [it = net.get(), line = std::move(line), request = std::move(request), then = std::move(then)] {
      const auto one = std::make_shared<Exchange>(*it, then);
      one->guard([&] { one->begin(line, request, request.insists); });
    });
  }
};

NtfyPost::NtfyPost(asio::io_context& loop, NtfyAddress address)
    : impl_(std::make_shared<Impl>(Impl{std::make_shared<Net>(loop, std::move(address))})) {
  try {
    impl_->run();                    // now, and not when an alarm has to be told
  } catch (const std::exception&) {  // the first message will say so
  }
}

NtfyPost::~NtfyPost() {
  impl_->alive.reset();
  Net& net = *impl_->net;
  {
    const std::lock_guard lock(net.door);
    net.loop = nullptr;
  }
  net.io.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  // A name that is being looked up cannot be hurried, and its loop waits for that when it ends: not here, then.
  if (net.looked_up == 0) return;
  auto* const last = new std::shared_ptr<Net>(std::move(impl_->net));
  try {
    std::thread([last] { delete last; }).detach();
  } catch (const std::exception&) {  // then it is never put away
  }
}

void NtfyPost::send(NtfyRequest request, Done done) {
  std::string line = "PUT /" + request.topic;
  impl_->begin(std::move(line), std::move(request), std::move(done));
}

void NtfyPost::look(Done done) { impl_->begin("GET /v1/account", {}, std::move(done)); }

}  // namespace lull
