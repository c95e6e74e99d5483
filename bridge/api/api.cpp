// State, live and commands.
#include "bridge/api/api.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "bridge/api/commands.hpp"
#include "bridge/api/gate.hpp"
#include "bridge/api/live.hpp"
#include "bridge/api/metrics.hpp"
#include "bridge/api/past.hpp"
#include "bridge/api/state.hpp"
#include "bridge/api/worker.hpp"
#include "bridge/clock.hpp"
#include "bridge/http/assets.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostConfig = 1 << 20;
constexpr int kBeat = 5;      // ticks without news, after which who watches is told that we live
constexpr int kLooked = 120;  // ticks for which the state is kept up to date after somebody looked

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

struct Api::Impl : std::enable_shared_from_this<Impl> {
  Service& service;
  HttpServer& server;
  const Json frame;
  Live live;
  std::vector<std::shared_ptr<LiveSocket>> watching{};  // at most HttpServer::kSockets
  std::vector<HttpAnswer> asked{};                      // for the state, while it is about to change
  bool stale = true;
  int quiet = 0, looked = 0;
  std::atomic<bool> ending = false;
  bool testing = false;   // a backtest runs; one at a time
  Worker worker, trying;  // the second for what may take long, so that a night is shown meanwhile

  Impl(boost::asio::io_context& io, Service& s, HttpServer& h)
      : service(s),
        server(h),
        frame(frame_of(s.house(), s.install(), LULL_VERSION)),
        live(static_cast<std::uint64_t>(Clock{}.utc().since_epoch.count())),
        worker(io),
        trying(io) {}
  ~Impl() { ending = true; }

  // ---- the state ----

  void build(bool beat = false) {
    stale = false;
    const auto news = live.becomes(state_of(frame, service.hub(), service.seen()), beat);
    if (!news) return;
    quiet = 0;
    const auto all = watching;  // who is too slow leaves while we tell
    for (const auto& socket : all) socket->send(news);
  }

  void showed() {
    stale = true;
    if (watching.empty() && asked.empty() && looked <= 0) return;
    build();
    for (const HttpAnswer& answer : std::exchange(asked, {})) answer(state_reply());
  }

  void ticked() {
    stale = true;
    if (looked > 0) --looked;
    if (watching.empty() || ++quiet < kBeat || service.shows_soon()) return;
    quiet = 0;
    build(true);
  }

  HttpReply state_reply() const {
    HttpReply reply;
    reply.body = live.text();
    return reply;
  }

  void state(const HttpAnswer& answer) {
    looked = kLooked;
    if (stale && service.shows_soon() && !live.empty()) return asked.push_back(answer);  // what is seen is on the disk
    if (stale) build();
    answer(state_reply());
  }

  // ---- who watches ----

  void watch(const HttpRequest& request, const std::shared_ptr<LiveSocket>& socket) {
    if (stale && (live.empty() || !service.shows_soon())) build();
    const std::weak_ptr<Impl> here = weak_from_this();
    const std::weak_ptr<LiveSocket> there = socket;
    socket->closed = [here, there] {
      const auto self = here.lock();
      if (!self) return;
      const auto gone = there.lock();
      std::erase(self->watching, gone);
    };
    socket->heard = [here, there](std::string_view said) {
      const auto self = here.lock();
      const auto from = there.lock();
      if (self && from) from->send(std::make_shared<const std::string>(self->hear(said)));
    };
    watching.push_back(socket);
    std::uint64_t since = 0;
    const std::string text = request.asked("since");
    std::from_chars(text.data(), text.data() + text.size(), since);
    for (const auto& message : live.catch_up(since)) socket->send(message);
  }

  /// {"id":"c1","command":{...}} from a page.
  std::string hear(std::string_view said) {
    const Json message = Json::parse(said, nullptr, false);
    const bool object = message.is_object() && message.contains("command") && message["command"].is_object();
    const Json id = object && message.contains("id") && message["id"].is_string() ? message["id"] : Json();
    const HttpReply reply =
        object ? command(dumped(message["command"]))
               : http_problem(400, "a message must be like {\"id\":\"c1\",\"command\":{...}}", "no_command");
    Json body = Json::parse(reply.body, nullptr, false);
    if (reply.status != 202) return dumped({{"id", id}, {"problem", body}});
    body["id"] = id;
    return dumped(body);
  }

  // ---- commands ----

  HttpReply command(std::string_view body) {
    PageWish wish = page_wish_from(body, service.house());
    if (wish.refused) return *std::move(wish.refused);
    std::vector<Decision> decided;
    for (const Command& c : wish.wish.commands) {
      auto more = service.ask(wish.wish.door, c);
      decided.insert(decided.end(), more.begin(), more.end());
    }
    return answer_to(wish.wish, decided);
  }

  // ---- the past, and what would be: on the workers' threads -------------------------------------------------------

  void past_routes() {
    constexpr int diary = static_cast<int>(Right::read_diary), change = static_cast<int>(Right::change);
    Store& store = service.store();
    const Zone zone = service.house().zone;
    const auto reads = [this](const char* path, auto job) {
      server.on_later({"GET", path, diary}, [this, job](const HttpRequest& r, const HttpAnswer& answer) {
        worker.run([job, r] { return job(r); }, answer);
      });
    };
    reads("/api/v1/nights", [&store, zone](const HttpRequest&) { return past::nights(store, zone); });
    reads("/api/v1/nights/{night}", [&store](const HttpRequest& r) { return past::night(store, r.parts[0]); });
    for (const char* what : {"picture.svg", "picture.png", "data.csv"})
      reads((std::string("/api/v1/nights/{night}/") + what).c_str(),
            [&store, what](const HttpRequest& r) { return past::night_file(store, r.parts[0], what); });
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
      trying.run([this, body = r.body] { return past::backtest(service.store(), service.house(), body, ending); },
                 [here = weak_from_this(), answer](HttpReply reply) {
                   if (const auto self = here.lock()) self->testing = false;
                   answer(std::move(reply));
                 });
    });
  }

  static bool is_json(const HttpRequest& r) { return r.field("content-type").starts_with("application/json"); }
  static HttpReply no_json() {
    return http_problem(415, "this must be JSON", "no_json", "send Content-Type: application/json");
  }

  void routes() {
    constexpr int see = static_cast<int>(Right::see), act = static_cast<int>(Right::act);
    server.gate(refused_at_the_gate);
    server.on_later({"GET", "/api/v1/state", see},
                    [this](const HttpRequest&, const HttpAnswer& answer) { state(answer); });
    server.on({"POST", "/api/v1/commands", act}, [this](const HttpRequest& r) {
      if (!is_json(r)) return no_json();
      return command(r.body);
    });
    server.on_socket("/api/v1/live", see,
                     [this](const HttpRequest& r, const std::shared_ptr<LiveSocket>& socket) { watch(r, socket); });
    server.on("GET", "/metrics", [this](const HttpRequest& r) {
      HttpReply reply;
      reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
      reply.body = metrics(service.hub(), service.seen().view,
                           {LULL_VERSION, server.connections(), watching.size(), r.loopback});
      return reply;
    });
    past_routes();
  }
};

Api::Api(boost::asio::io_context& io, Service& service, HttpServer& server)
    : impl_(std::make_shared<Impl>(io, service, server)) {
  impl_->routes();
  serve_assets(server, static_cast<int>(Right::page));
}
Api::~Api() = default;

void Api::ticked() { impl_->ticked(); }
void Api::showed() { impl_->showed(); }

}  // namespace lull
