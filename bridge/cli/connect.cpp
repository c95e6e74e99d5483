// lull check --connect: does Home Assistant take the token, whose is it, are the phones there? Does ntfy?
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "bridge/asio.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/home_assistant/websocket/client.hpp"
#include "bridge/ntfy/post.hpp"
#include "bridge/router.hpp"

namespace lull::cli {
namespace {

constexpr seconds kWithin{20};

bool decided(const HaStatus& is) {
  return is.state == HaStatus::State::connected ? is.looked : is.state != HaStatus::State::connecting;
}

HaStatus look(const HaAddress& to, const Settings& settings) {
  boost::asio::io_context io(1);
  boost::asio::steady_timer end(io, kWithin);
  const std::vector<std::string> entities = Router(settings.house).topics().entities;
  HaClient client(io, to, settings.house, settings.home_assistant.phones, entities, {});
  end.async_wait([&](const boost::system::error_code&) { io.stop(); });
  boost::asio::steady_timer second(io);
  const std::function<void(const boost::system::error_code&)> beat = [&](const boost::system::error_code& e) {
    if (e) return;
    client.beat();  // or it would not notice that an answer does not come
    second.expires_after(1s);
    second.async_wait(beat);
  };
  beat({});
  client.start();
  while (!io.stopped() && !decided(client.status())) io.run_one();
  const HaStatus is = client.status();
  if (io.stopped()) return is;
  second.cancel();
  client.stop([&] { io.stop(); }, 2s);
  io.run();
  return is;
}

void say(const HaAddress& to, const HaStatus& is) {
  if (is.state != HaStatus::State::connected || !is.looked)
    return void(std::printf("Home Assistant at %s: %s\n", to.place().c_str(),
                            is.why.empty() ? "no answer in time" : is.why.c_str()));
  std::printf("Home Assistant at %s: connected, version %s, as %s (%s)\n", to.place().c_str(), is.version.c_str(),
              is.user.c_str(), is.administrator ? "administrator" : "no administrator");
  for (const HaStatus::Phone& p : is.phones)
    std::printf("  notify.%s: %s\n", p.name.c_str(),
                p.way == "service"  ? "there"
                : p.way == "entity" ? "an entity alone: words, no picture and no answers"
                                    : "not there; Developer tools > Actions lists the right name");
  for (const std::string& entity : is.missing)
    std::printf("  %s: not there; Developer tools > States lists the right name\n", entity.c_str());
  if (!is.why.empty()) std::printf("  %s\n", is.why.c_str());
  if (!is.advice.empty()) std::printf("hint: %s\n", is.advice.c_str());
}

/// Home Assistant, into `out` or on the screen. True: as it should be.
bool home_assistant(const HaAddress& to, const Settings& settings, nlohmann::json* out) {
  const HaStatus is = look(to, settings);
  bool well = is.state == HaStatus::State::connected && is.looked && is.missing.empty() && is.hears_entities;
  nlohmann::json phones = nlohmann::json::array();
  for (const HaStatus::Phone& p : is.phones) {
    well = well && (p.way == "service" || p.way == "entity");
    phones.push_back({{"name", p.name}, {"reached_by", p.way}});
  }
  if (!out) return say(to, is), well;
  out->update({{"state", word_for(is.state)},
               {"why", is.why},
               {"version", is.version},
               {"user", is.user},
               {"administrator", is.administrator},
               {"advice", is.advice},
               {"phones", phones},
               {"missing", is.missing}});
  return well;
}

bool ntfy(const NtfyAddress& to, nlohmann::json* out) {
  boost::asio::io_context io(1);
  const auto work = boost::asio::make_work_guard(io);  // the post has a loop of its own
  NtfyOutcome is;
  NtfyPost post(io, to);
  post.look([&](const NtfyOutcome& outcome) {
    is = outcome;
    io.stop();
  });
  io.run();
  const bool account = is.status == 200, well = account || is.status == 404;  // 404: older than accounts are
  const bool login = !to.token.empty() || !to.token_file.empty();
  const std::string why = account            ? (login ? "answers, and knows the token" : "answers")
                          : well             ? "answers"
                          : is.status == 0   ? is.why
                          : is.status == 401 ? "does not know the token"
                                             : "answers with HTTP " + std::to_string(is.status);
  if (out)
    (*out)["ntfy"] = {{"well", well}, {"why", why}};
  else
    std::printf("ntfy at %s: %s\n", to.host.c_str(), why.c_str());
  return well;
}

}  // namespace

int connect(const Settings& settings, bool json) {
  const auto home = ha_address_of(settings.home_assistant, !Router(settings.house).topics().entities.empty());
  const auto topics = ntfy_address_of(settings.ntfy);
  if (!home && !topics) return problem("there is no `url` under `home_assistant` to connect to, nor under `ntfy`");
  nlohmann::json out;
  bool well = true;
  if (home) well = home_assistant(*home, settings, json ? &out : nullptr);
  if (topics) well = ntfy(*topics, json ? &out : nullptr) && well;
  if (json) std::puts(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return well ? kFine : kProblems;
}

}  // namespace lull::cli
