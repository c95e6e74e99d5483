// lull run: the service, until a signal asks it to end.
#include <malloc.h>
#include <signal.h>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

#include "bridge/api/page.hpp"
#include "bridge/cli/address.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/home_assistant/websocket/echo.hpp"
#include "bridge/local_door.hpp"
#include "bridge/mqtt/broker.hpp"
#include "bridge/notify.hpp"
#include "bridge/service.hpp"
#include "bridge/supervisor.hpp"
#include "bridge/wyoming/door.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

[[maybe_unused]] constexpr int kStarted = 10;  // ticks
constexpr seconds kReadyAnyway{5};  // a device that does not answer must not make systemd take the start for failed

/// What systemd hears. From the service's own tick, so that a loop that hangs falls silent and is restarted.
std::function<void()> words_for(ServiceManager& manager, const Service& service) {
  return [&manager, &service, begun = service.now(), said = std::optional<Instant>{}]() mutable {
    const Instant now = service.now();
    if (service.hub().ready || now - begun >= kReadyAnyway) manager.ready();
    if (manager.every() == 0ms || (said && now + 1s - *said <= manager.every())) return;
    manager.alive();
    said = now;
  };
}

}  // namespace

int run(const Run& args) {
#ifdef __GLIBC__
  // Our threads mostly sleep: a heap for each would cost a megabyte and save no time.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, 64 * 1024);
#endif
  ServiceManager manager;
  spdlog::set_default_logger(spdlog::stderr_color_st("lull"));
  spdlog::set_pattern("%H:%M:%S %^%l%$ %v");
  if (args.verbose) spdlog::set_level(spdlog::level::debug);

  Loaded loaded = load_file(args.config);
  for (const Problem& p : loaded.problems) std::fprintf(stderr, "%s\n", to_text(p).c_str());
  for (const Problem& p : loaded.hints) std::fprintf(stderr, "hint: %s\n", to_text(p).c_str());
  if (!loaded.settings)
    return problem("the configuration has " + std::to_string(loaded.problems.size()) +
                   " problems; nothing was started");

  auto store = Store::open(args.state, StoreMode::read_write);
  if (!store) return problem(store.error().where + ": " + store.error().what);

  boost::asio::io_context io(1);
  std::unique_ptr<Broker> broker;
  ServiceOptions options;
  options.state_dir = args.state;
  if (loaded.settings->broker) {
    options.broker = address_of(*loaded.settings->broker);
  } else {
    auto started =
        Broker::start(io, args.state, 1883, [](const std::string& what) { spdlog::warn("own broker: {}", what); });
    if (!started)
      started = Broker::start(io, args.state, 0, [](const std::string& what) { spdlog::warn("own broker: {}", what); });
    if (!started) return problem(started.error().where + ": " + started.error().what);
    broker = std::move(*started);
    options.broker = broker->address();
    spdlog::info("own broker on 127.0.0.1:{}", broker->port());
  }

  const bool there = !Router(loaded.settings->house).topics().entities.empty();
  options.home_assistant = ha_address_of(loaded.settings->home_assistant, there);
  options.ntfy = ntfy_address_of(loaded.settings->ntfy);
  if (const std::string echo = echo_in(loaded.settings->house); !echo.empty()) return problem("devices: " + echo);
  if (!options.home_assistant && there)
    spdlog::warn(
        "home assistant: devices speak by it, but there is neither a `url` nor a Supervisor: they are out of reach");
  if (!options.home_assistant && !loaded.settings->home_assistant.phones.empty())
    spdlog::warn(
        "home assistant: `notify` names phones, but there is neither a `url` nor a Supervisor: they are not told");

  std::function<void()> ticked;
  std::unique_ptr<PageDoor> page;
  Supervisor supervisor;
  options.ticked = [&, ticks = 0]() mutable {
    supervisor.ticked();
    ticked();
    if (page) page->ticked();
#ifdef __GLIBC__
    if (++ticks == kStarted) malloc_trim(0);  // what only the start needed
#endif
  };
  options.showed = [&page] {
    if (page) page->showed();
  };
  const HttpSettings http = loaded.settings->http;
  const WyomingSettings wyoming = loaded.settings->wyoming;
  Service service(io, std::move(*loaded.settings), std::move(*store), options);
  ticked = words_for(manager, service);
  if (http.enabled) {
    if (auto opened = PageDoor::open(io, service, http)) {
      page = std::move(*opened);
      spdlog::info("the page is at {}", page->url());
    } else {
      spdlog::warn("{}: {}; running without a web door", opened.error().where, opened.error().what);
    }
  }

  std::unique_ptr<WyomingDoor> assist;
  if (wyoming.port != 0) {
    if (auto opened = WyomingDoor::open(io, service, wyoming)) {
      assist = std::move(*opened);
      spdlog::info("wyoming: Assist finds its conversation agent at {} port {}", wyoming.address, wyoming.port);
    } else {
      spdlog::warn("{}: {}; running without Assist's agent", opened.error().where, opened.error().what);
    }
  }

  std::unique_ptr<LocalDoor> door;
  if (auto opened = LocalDoor::open(io, args.state, [&service](std::string_view q) { return service.at_the_door(q); }))
    door = std::move(*opened);
  else
    spdlog::warn("{} {}; lull stop will not work", opened.error().where, opened.error().what);

  int code = kFine;
  bool ended = false;
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& e, int) {
    if (e) return;
    manager.stopping();
    spdlog::info("asked to end: everything off first");
    service.leave([&](const std::string& unproved) {
      if (!unproved.empty()) spdlog::error("not proved off: {}", unproved);
      code = unproved.empty() ? kFine : kProblems;
      ended = true;
      io.stop();
    });
  });
  service.start();
  spdlog::info("lull {} watches {} devices", LULL_VERSION, service.house().devices.size());
  io.run();
  page.reset();
  return ended ? code : kProblems;
}

}  // namespace lull::cli
