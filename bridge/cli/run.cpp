// lull run: the service, until a signal asks it to end.
#include <signal.h>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "bridge/cli/commands.hpp"
#include "bridge/http/health.hpp"
#include "bridge/mqtt/broker.hpp"
#include "bridge/service.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

BrokerAddress address_of(const BrokerSettings& s) { return {s.host, s.port, s.tls, s.user, s.password, s.ca_file}; }

}  // namespace

int run(const Run& args) {
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

  const HttpSettings http = loaded.settings->http;
  Service service(io, std::move(*loaded.settings), std::move(*store), options);
  std::unique_ptr<HttpServer> web;
  if (http.enabled) {
    auto listening = HttpServer::listen(io, http.address, http.port);
    if (listening) {
      web = std::move(*listening);
      serve_health(*web, [&service] { return service.health(); });
    } else {
      spdlog::warn("{}: {}; running without a web door", listening.error().where, listening.error().what);
    }
  }

  int code = kFine;
  bool ended = false;
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& e, int) {
    if (e) return;
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
  return ended ? code : kProblems;
}

}  // namespace lull::cli
