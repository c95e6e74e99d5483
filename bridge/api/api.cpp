// State, live and commands.
#include "bridge/api/api.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
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
  Live live, partners;  // all of it, and what a partner may see
  struct Watcher {
    std::shared_ptr<LiveSocket> socket;
    std::string user;
    Role role{};
  };
  std::vector<Watcher> watching{};                   // at most HttpServer::kSockets
  bool partner_looked = false;                       // else nothing is made for one
  std::vector<std::pair<Role, HttpAnswer>> asked{};  // for the state, while it is about to change
  bool stale = true;
  int quiet = 0, looked = 0;
  std::atomic<bool> ending = false;
  bool testing = false;   // a backtest runs; one at a time
  Worker worker, trying;  // the second for what may take long, so that a night is shown meanwhile
  Doorkeeper gate;

  Impl(boost::asio::io_context& io, Service& s, HttpServer& h, Doorkeeper::Settings who)
      : service(s),
        server(h),
        frame(frame_of(s.house(), s.install(), LULL_VERSION)),
        live(static_cast<std::uint64_t>(Clock{}.utc().since_epoch.count())),
        partners(live.number()),
        worker(io),
        trying(io),
        gate(
            std::move(who), [] { return Clock{}.now(); }, [this](const std::string& user) { leave(user); }) {}
  ~Impl() { ending = true; }

  // ---- the state ----

  void build(bool beat = false) {
    stale = false;
    Json state = state_of(frame, service.hub(), service.seen());
    const auto theirs = partner_looked ? partners.becomes(without_diary(state), beat) : nullptr;
    const auto news = live.becomes(std::move(state), beat);
    if (news) quiet = 0;
    const auto all = watching;  // who is too slow leaves while we tell
    for (const Watcher& w : all)
      if (const auto& told = w.role == Role::partner ? theirs : news) w.socket->send(told);
  }

  Live& live_for(Role role) {
    if (role != Role::partner) return live;
    if (!std::exchange(partner_looked, true)) partners.becomes(without_diary(live.state()));
    return partners;
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
    for (const auto& [role, answer] : std::exchange(asked, {})) answer(state_reply(role));
  }

  void ticked() {
    stale = true;
    if (looked > 0) --looked;
    if (watching.empty() || ++quiet < kBeat || service.shows_soon()) return;
    quiet = 0;
    build(true);
  }

  HttpReply state_reply(Role role) {
    HttpReply reply;
    reply.body = live_for(role).text();
    return reply;
  }

  void state(Role role, const HttpAnswer& answer) {
    looked = kLooked;
    // What is seen is on the disk.
    if (stale && service.shows_soon() && !live.empty()) return void(asked.emplace_back(role, answer));
    if (stale) build();
    answer(state_reply(role));
  }

  // ---- who watches ----

  void watch(const HttpRequest& request, const std::shared_ptr<LiveSocket>& socket) {
    if (stale && (live.empty() || !service.shows_soon())) build();
    const std::weak_ptr<Impl> here = weak_from_this();
    const std::weak_ptr<LiveSocket> there = socket;
    const auto role = static_cast<Role>(request.role);
    socket->closed = [here, there] {
      const auto self = here.lock();
      if (!self) return;
      std::erase_if(self->watching, [gone = there.lock()](const Watcher& w) { return w.socket == gone; });
    };
    socket->heard = [here, there, role](std::string_view said) {
      const auto self = here.lock();
      const auto from = there.lock();
      if (self && from) from->send(std::make_shared<const std::string>(self->hear(said, role)));
    };
    watching.push_back({socket, request.user, role});
    std::uint64_t since = 0;
    const std::string text = request.asked("since");
    std::from_chars(text.data(), text.data() + text.size(), since);
    for (const auto& message : live_for(role).catch_up(since)) socket->send(message);
  }

  /// {"id":"c1","command":{...}} from a page.
  std::string hear(std::string_view said, Role role) {
    const Json message = Json::parse(said, nullptr, false);
    const bool object = message.is_object() && message.contains("command") && message["command"].is_object();
    const Json id = object && message.contains("id") && message["id"].is_string() ? message["id"] : Json();
    const HttpReply reply =
        object ? command(dumped(message["command"]), role)
               : http_problem(400, "a message must be like {\"id\":\"c1\",\"command\":{...}}", "no_command");
    Json body = Json::parse(reply.body, nullptr, false);
    if (reply.status != 202) return dumped({{"id", id}, {"problem", body}});
    body["id"] = id;
    return dumped(body);
  }

  // ---- commands ----

  HttpReply command(std::string_view body, Role role) {
    PageWish wish = page_wish_from(body, service.house(), role);
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
    gate.serve(server, worker);
    server.on_later({"GET", "/api/v1/state", see}, [this](const HttpRequest& r, const HttpAnswer& answer) {
      state(static_cast<Role>(r.role), answer);
    });
    server.on({"POST", "/api/v1/commands", act}, [this](const HttpRequest& r) {
      if (!is_json(r)) return no_json();
      return command(r.body, static_cast<Role>(r.role));
    });
    server.on_socket("/api/v1/live", see,
                     [this](const HttpRequest& r, const std::shared_ptr<LiveSocket>& socket) { watch(r, socket); });
    server.on("GET", "/metrics", [this](const HttpRequest& r) {
      HttpReply reply;
      reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
      reply.body = metrics(service.hub(), service.seen().view,
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
