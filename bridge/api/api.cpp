// State, live and commands.
#include "bridge/api/api.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <deque>
#include <nlohmann/json.hpp>
#include <vector>

#include "bridge/api/commands.hpp"
#include "bridge/api/doorkeeper.hpp"
#include "bridge/api/live.hpp"
#include "bridge/api/metrics.hpp"
#include "bridge/api/past.hpp"
#include "bridge/api/state.hpp"
#include "bridge/api/worker.hpp"
#include "bridge/clock.hpp"
#include "bridge/http/assets.hpp"
#include "bridge/speech/phrase_book.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostConfig = 1 << 20;
constexpr int kBeat = 5;  // ticks without news, after which who watches is told that we live
constexpr milliseconds kTimed{5000};
constexpr int kLooked = 120;  // ticks for which the state is kept up to date after somebody looked

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// In what language somebody wants to be spoken to: a page says so in the address of its WebSocket, for a browser does
/// not.
std::string language_of(const HttpRequest& request) {
  const std::string asked = request.asked("lang");
  return std::string(lull::language_of(asked.empty() ? request.field("accept-language") : std::string_view(asked)));
}
void speak(HttpReply& reply, std::string_view language) {
  const PhraseBook* book = phrase_book(language);
  if (!book || reply.body.empty()) return;
  Json body = Json::parse(reply.body, nullptr, false);
  if (body.is_discarded()) return;
  translate(body, *book, reply.status < 400);  // a refusal repeats what somebody made up
  reply.body = dumped(body);
}

}  // namespace

struct Api::Impl : std::enable_shared_from_this<Impl> {
  Service& service;
  HttpServer& server;
  const Json frame;
  const std::uint64_t first_number;  // larger than any of an earlier run
  /// To whom the state is told: all of it or what a partner may see, in which language. Made when somebody looks.
  struct Listeners {
    bool partner;
    std::string language;
    bool operator==(const Listeners&) const = default;
  };
  struct Told {
    Listeners to;
    Live live;
  };
  std::deque<Told> told;  // the first: all of it, in English
  struct Watcher {
    std::shared_ptr<LiveSocket> socket;
    std::string user;
    Listeners as;
  };
  std::vector<Watcher> watching{};                        // at most HttpServer::kSockets
  std::vector<std::pair<Listeners, HttpAnswer>> asked{};  // for the state, while it is about to change
  bool stale = true;
  int quiet = 0, looked = 0;
  Instant timed{};  // when who watches was last told the time
  std::atomic<bool> ending = false;
  bool testing = false;   // a backtest runs; one at a time
  Worker worker, trying;  // the second for what may take long, so that a night is shown meanwhile
  Doorkeeper gate;

  Impl(boost::asio::io_context& io, Service& s, HttpServer& h, Doorkeeper::Settings who)
      : service(s),
        server(h),
        frame(frame_of(s.house(), s.install(), LULL_VERSION)),
        first_number(static_cast<std::uint64_t>(Clock{}.utc().since_epoch.count())),
        worker(io),
        trying(io),
        gate(
            std::move(who), [] { return Clock{}.now(); }, [this](const std::string& user) { leave(user); }) {
    told.push_back({{false, "en"}, Live(first_number)});
  }
  ~Impl() { ending = true; }

  // ---- the state ----

  void build(bool beat = false) {
    stale = false;
    const Json state = state_of(frame, service.hub(), service.seen());
    std::vector<Live::Message> news;
    for (Told& t : told) news.push_back(t.live.becomes(as_told(state, t.to), beat));
    if (news.front()) quiet = 0;
    const auto all = watching;  // who is too slow leaves while we tell
    for (const Watcher& w : all)
      for (std::size_t i = 0; i < told.size(); ++i)
        if (told[i].to == w.as && news[i]) w.socket->send(news[i]);
  }
  static Json as_told(Json state, const Listeners& to) {
    if (to.partner) state = without_diary(std::move(state));
    if (const PhraseBook* book = phrase_book(to.language)) translate(state, *book);
    return state;
  }

  static Listeners as(const HttpRequest& request) {
    return {static_cast<Role>(request.role) == Role::partner, language_of(request)};
  }
  Live& live() { return told.front().live; }
  Live& live_for(const Listeners& to) {
    for (Told& t : told)
      if (t.to == to) return t.live;
    told.push_back({to, Live(first_number)});
    told.back().live.becomes(as_told(live().state(), to));
    return told.back().live;
  }

  /// What this user has open is closed; "": what anybody has.
  void leave(const std::string& user) {
    const auto all = watching;
    for (const Watcher& w : all)
      if (user.empty() ? !w.user.empty() : w.user == user) w.socket->close();
  }

  void showed() {
    stale = true;
    if (watching.empty() && asked.empty() && looked <= 0) return;
    build();
    for (const auto& [to, answer] : std::exchange(asked, {})) answer(state_reply(to));
  }

  /// What time it is here: a page says with each touch when it was, by our clock.
  static Live::Message time() {
    return std::make_shared<const std::string>("{\"clock\":" + std::to_string(Clock{}.utc().since_epoch.count()) + "}");
  }

  void ticked() {
    stale = true;
    if (const Instant now = Clock{}.now(); now - timed >= kTimed) {
      timed = now;
      const auto all = watching;
      for (const Watcher& w : all) w.socket->send(time());
    }
    if (looked > 0) --looked;
    if (watching.empty() || ++quiet < kBeat || service.shows_soon()) return;
    quiet = 0;
    build(true);
  }

  HttpReply state_reply(const Listeners& to) {
    HttpReply reply;
    reply.body = live_for(to).text();
    return reply;
  }

  void state(const Listeners& to, const HttpAnswer& answer) {
    looked = kLooked;
    // What is seen is on the disk.
    if (stale && service.shows_soon() && !live().empty()) return void(asked.emplace_back(to, answer));
    if (stale) build();
    answer(state_reply(to));
  }

  // ---- who watches ----

  void watch(const HttpRequest& request, const std::shared_ptr<LiveSocket>& socket) {
    if (stale && (live().empty() || !service.shows_soon())) build();
    const std::weak_ptr<Impl> here = weak_from_this();
    const std::weak_ptr<LiveSocket> there = socket;
    const auto role = static_cast<Role>(request.role);
    const Listeners to = as(request);
    socket->closed = [here, there] {
      const auto self = here.lock();
      if (!self) return;
      std::erase_if(self->watching, [gone = there.lock()](const Watcher& w) { return w.socket == gone; });
    };
    socket->heard = [here, there, role, language = to.language](std::string_view said) {
      const auto self = here.lock();
      const auto from = there.lock();
      if (self && from) from->send(std::make_shared<const std::string>(self->hear(said, role, language)));
    };
    watching.push_back({socket, request.user, to});
    std::uint64_t since = 0;
    const std::string text = request.asked("since");
    std::from_chars(text.data(), text.data() + text.size(), since);
    for (const auto& message : live_for(to).catch_up(since)) socket->send(message);
    socket->send(time());
  }

  /// {"id":"c1","command":{...}} from a page.
  std::string hear(std::string_view said, Role role, std::string_view language) {
    const Json message = Json::parse(said, nullptr, false);
    const bool object = message.is_object() && message.contains("command") && message["command"].is_object();
    const Json id = object && message.contains("id") && message["id"].is_string() ? message["id"] : Json();
    HttpReply reply = object
                          ? command(dumped(message["command"]), role)
                          : http_problem(400, "a message must be like {\"id\":\"c1\",\"command\":{...}}", "no_command");
    speak(reply, language);
    Json body = Json::parse(reply.body, nullptr, false);
    if (reply.status != 202) return dumped({{"id", id}, {"problem", body}});
    body["id"] = id;
    return dumped(body);
  }

  // ---- commands ----

  HttpReply command(std::string_view body, Role role) {
    PageWish wish = page_wish_from(body, service.house(), role);
    if (wish.refused) return *std::move(wish.refused);
    const auto age = age_of(wish.wish, Clock{}.utc());
    if (!age) return http_problem(422, age.error().where + " " + age.error().what, "clock_ahead");
    std::vector<Decision> decided;
    for (const Command& c : wish.wish.commands) {
      auto more = service.ask(wish.wish.door, c, *age);
      decided.insert(decided.end(), more.begin(), more.end());
    }
    return answer_to(wish.wish, *age, decided);
  }

  // ---- the past, and what would be: on the workers' threads -------------------------------------------------------

  void past_routes() {
    constexpr int diary = static_cast<int>(Right::read_diary), change = static_cast<int>(Right::change);
    Store& store = service.store();
    const Zone zone = service.house().zone;
    const auto reads = [this](const char* path, auto job) {
      server.on_later({"GET", path, diary}, [this, job](const HttpRequest& r, const HttpAnswer& answer) {
        worker.run([job, r] { return spoken(job(r), r); }, answer);
      });
    };
    reads("/api/v1/nights", [&store, zone](const HttpRequest&) { return past::nights(store, zone); });
    reads("/api/v1/nights/{night}", [&store](const HttpRequest& r) { return past::night(store, r.parts[0]); });
    for (const char* what : {"picture.svg", "picture.png", "data.csv"})
      reads((std::string("/api/v1/nights/{night}/") + what).c_str(), [&store, what](const HttpRequest& r) {
        return past::night_file(store, r.parts[0], what, phrase_book(language_of(r)));
      });
    reads("/api/v1/decisions", [&store, zone](const HttpRequest& r) {
      return past::decisions(store, zone, r.asked("night"), r.asked("from"), r.asked("to"));
    });
    reads("/api/v1/why", [&store](const HttpRequest& r) { return past::why(store, r.asked("at")); });
    reads("/api/v1/trends", [&store](const HttpRequest& r) { return past::trends(store, r.asked("weeks")); });
    server.on_later({"POST", "/api/v1/check", change, kMostConfig},
                    [this](const HttpRequest& r, const HttpAnswer& answer) {
                      trying.run([text = r.body] { return past::check(text); }, answer);
                    });
    server.on_later({"POST", "/api/v1/backtest", diary}, [this](const HttpRequest& r, const HttpAnswer& answer) {
      if (!is_json(r)) return answer(no_json());
      if (testing) return answer(http_problem(409, "another backtest runs", "busy", "ask again when it is done"));
      testing = true;
      trying.run([this, r] { return spoken(past::backtest(service.store(), service.house(), r.body, ending), r); },
                 [here = weak_from_this(), answer](HttpReply reply) {
                   if (const auto self = here.lock()) self->testing = false;
                   answer(std::move(reply));
                 });
    });
  }

  /// In the language of who asks, made where it was made: a night is long.
  static HttpReply spoken(HttpReply reply, const HttpRequest& request) {
    if (reply.content_type == "application/json") speak(reply, language_of(request));
    return reply;
  }
  static bool is_json(const HttpRequest& r) { return r.field("content-type").starts_with("application/json"); }
  static HttpReply no_json() {
    return http_problem(415, "this must be JSON", "no_json", "send Content-Type: application/json");
  }

  void routes() {
    constexpr int see = static_cast<int>(Right::see), act = static_cast<int>(Right::act);
    gate.serve(server, worker);
    server.finish([](const HttpRequest& r, HttpReply& reply) {
      if (reply.content_type == "application/problem+json") speak(reply, language_of(r));
    });
    server.on_later({"GET", "/api/v1/state", see},
                    [this](const HttpRequest& r, const HttpAnswer& answer) { state(as(r), answer); });
    server.on({"POST", "/api/v1/commands", act}, [this](const HttpRequest& r) {
      if (!is_json(r)) return no_json();
      return spoken(command(r.body, static_cast<Role>(r.role)), r);
    });
    server.on_socket("/api/v1/live", see,
                     [this](const HttpRequest& r, const std::shared_ptr<LiveSocket>& socket) { watch(r, socket); });
    server.on("GET", "/metrics", [this](const HttpRequest& r) {
      HttpReply reply;
      reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
      reply.body = metrics(service.hub(), service.seen(),
                           {LULL_VERSION, server.connections(), watching.size(), is_asked_here(r)});
      return reply;
    });
    past_routes();
  }
};

Api::Api(boost::asio::io_context& io, Service& service, HttpServer& server, Doorkeeper::Settings who)
    : impl_(std::make_shared<Impl>(io, service, server, std::move(who))) {
  impl_->routes();
  serve_assets(server, static_cast<int>(Right::page));
}
Api::~Api() = default;

void Api::ticked() { impl_->ticked(); }
void Api::showed() { impl_->showed(); }

}  // namespace lull
