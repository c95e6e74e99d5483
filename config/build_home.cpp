// Broker, Home Assistant, page; then the home, its limits and its sleepers.
#include <date/tz.h>

#include <algorithm>
#include <exception>

#include "automations/reask.hpp"
#include "config/build.hpp"
#include "config/password.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

std::string unescaped(std::string_view text) {  // "p%40ss" in an address is "p@ss"
  const auto hex = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// The password inside "mqtt://user:password@host", as written; where it begins.
std::pair<std::size_t, std::size_t> password_in(std::string_view url) {
  const std::size_t begin = url.find("://");
  const std::size_t at = begin == std::string_view::npos ? begin : url.find('@', begin + 3);
  if (at == std::string_view::npos) return {0, 0};
  const std::size_t colon = url.find(':', begin + 3);
  return colon < at ? std::pair{colon + 1, at - colon - 1} : std::pair<std::size_t, std::size_t>{0, 0};
}

void hint_at_password(Building& b, const Place& at) {
  b.hint(at,
         "is written out in this file, which is copied and shown more easily than one thinks; better `!secret "
         "mqtt_password`, a `password_file`, or LULL_BROKER_PASSWORD in the environment");
}

void build_url(Building& b, const Place& at, BrokerSettings& broker) {
  std::string_view url = at.node->text;
  broker.tls = url.substr(0, 5) == "mqtts";
  broker.port = broker.tls ? 8883 : 1883;
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return;
  url.remove_prefix(begin + 3);
  if (const std::size_t sign = url.find('@'); sign != std::string_view::npos) {
    const std::string_view who = url.substr(0, sign);
    broker.user = unescaped(who.substr(0, who.find(':')));
    if (who.find(':') != std::string_view::npos) {
      broker.password = unescaped(who.substr(who.find(':') + 1));
      if (at.node->secret.empty()) hint_at_password(b, at);
    }
    url.remove_prefix(sign + 1);
  }
  read_host(b, at, url, broker.host, broker.port);
  for (const std::string& piece : {broker.user, broker.password})
    if (first_bad_utf8(piece) != piece.size() || piece.find('\0') != std::string::npos)
      b.problem(at, "has a user or password that is no text once its %-signs are read; check them");
}

template <class Port>
void read_port(const Place& at, Port& port) {
  if (const auto value = whole(at); value && *value >= 1 && *value <= 65535) port = static_cast<Port>(*value);
}

Limits read_limits(Building& b, const Place& at, const Limits& outer) {
  Limits own = outer;
  const auto celsius = [&](const char* key, Celsius& field) {
    if (const auto t = text(at[key]))
      if (const auto value = celsius_from(*t)) field = *value;
  };
  // Whole minutes inside; a part of one is given to the safe side.
  const auto at_most = [&](const char* key, minutes& field) {
    if (const auto value = duration(at[key])) field = std::chrono::floor<minutes>(*value);
  };
  const auto at_least = [&](const char* key, minutes& field) {
    if (const auto value = duration(at[key])) field = std::chrono::ceil<minutes>(*value);
  };
  const auto span = [&](const char* key, seconds& field) {
    if (const auto value = duration(at[key])) field = std::chrono::floor<seconds>(*value);
  };
  const auto flag = [&](const char* key, bool& field) {
    if (const auto value = boolean(at[key])) field = *value;
  };
  celsius("heat_target", own.heat_target);
  celsius("heat_trip", own.heat_trip);
  at_most("heat_session", own.heat_session);
  at_most("heat_night", own.heat_night);
  at_least("heat_rest", own.heat_rest);
  at_most("heat_unmeasured", own.heat_unmeasured);
  at_most("heat_empty", own.heat_empty);
  span("presence_lives", own.presence_lives);
  at_most("replay_session", own.replay_session);
  if (const auto t = text(at["replay_level"]))
    if (const auto value = percent_from(*t)) own.replay_level = *value;
  span("heat_lease", own.heat_lease);
  span("reading_lives", own.reading_lives);
  flag("heat_allowed", own.heat_allowed);
  flag("heat_only_preheat", own.heat_only_preheat);
  if (const auto t = text(at["massage_level"]))
    if (const auto value = percent_from(*t)) own.massage_level = *value;
  at_most("massage_session", own.massage_session);
  at_most("massage_night", own.massage_night);
  at_least("massage_rest", own.massage_rest);
  span("massage_lease", own.massage_lease);
  flag("massage_allowed", own.massage_allowed);
  const Limits tight = tightest(own, tightest(outer, kHard));
  if (at && tight.heat_trip <= tight.heat_target) {
    const Place where = at["heat_trip"] ? at["heat_trip"] : at["heat_target"] ? at["heat_target"] : at;
    b.problem(where, "makes heat trip at or below its target (" + std::to_string(tight.heat_target.whole()) +
                         "°C); heat_trip must be above heat_target");
  }
  return tight;
}

std::string read_date(Building& b, const Place& at) {
  const auto written = text(at);
  if (!written) return "";
  if (day_of(*written)) return *written;
  b.problem(at, "is " + shown(*at.node) + ", which is no day of a calendar; write one such as 2026-10-01");
  return "";
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {}
  return names;
}

void build_broker(Building& b, const Place& at, BrokerSettings& broker) {
  if (const Place url = at["url"]; url && url.node->is == Node::Is::scalar) {
    build_url(b, url, broker);
  } else {
    broker.host = text(at["host"]).value_or("");
    broker.tls = boolean(at["tls"]).value_or(false);
    broker.port = broker.tls ? 8883 : 1883;
    read_port(at["port"], broker.port);
  }
  if (const auto user = text(at["user"])) broker.user = *user;
  if (const auto password = text(at["password"])) {
    broker.password = *password;
    if (at["password"].node->secret.empty()) hint_at_password(b, at["password"]);
  }
  const auto file = [&](const char* key) { return beside(b, text(at[key]).value_or("")); };
  broker.ca_file = file("ca"), broker.certificate_file = file("certificate"), broker.key_file = file("key");
  for (const char* key : {"ca", "certificate", "key"})
    if (at[key] && !broker.tls) b.problem(at[key], "is of no use without TLS: write `tls: true` or mqtts://");
  if (at["certificate"] && !at["key"]) b.problem(at["certificate"], "needs its `key` beside it");
  if (at["key"] && !at["certificate"]) b.problem(at["key"], "needs its `certificate` beside it");
  if (const Place whose = at["password_file"]; text(whose)) {
    if (!broker.password.empty()) b.problem(whose, "is one password too many: `password` is given as well");
    if (!b.folder) return;  // a text without a place: nothing beside it can be read
    auto password = read_password(file("password_file"));
    password ? void(broker.password = *password) : b.problem(whose, password.error().what);
  }
}

}  // namespace

void read_host(Building& b, const Place& at, std::string_view authority, std::string& host, std::uint16_t& port) {
  if (!authority.empty() && authority.back() == '/') authority.remove_suffix(1);
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  if (colon != authority.npos) {
    const std::string_view written = authority.substr(colon + 1);
    const auto value = number_from(written);
    if (!value || *value < 1 || *value > 65535)
      b.problem(at, "has the port " + in_quotes(written) + ", must be 1 to 65535");
    else
      port = static_cast<std::uint16_t>(*value);
    authority = authority.substr(0, colon);
  }
  if (bracket != authority.npos && authority.size() >= 2) authority = authority.substr(1, authority.size() - 2);
  host = std::string(authority);
}

void build_connections(Building& b) {
  const Place root{&b.root, ""};
  if (const Place at = root["broker"]) {
    BrokerSettings broker;
    if (at.node->is == Node::Is::map)
      build_broker(b, at, broker);
    else if (at.node->is == Node::Is::scalar)
      build_url(b, at, broker);
    b.settings.broker = broker;
  }
  const Place ha = root["home_assistant"];
  HomeAssistantSettings& h = b.settings.home_assistant;
  h.enabled = boolean(ha["enabled"]).value_or(h.enabled);
  h.discovery_prefix = text(ha["discovery_prefix"]).value_or(h.discovery_prefix);
  h.birth_topic = text(ha["birth_topic"]).value_or(h.birth_topic);
  h.birth_payload = text(ha["birth_payload"]).value_or(h.birth_payload);
  b.house().heat_by_voice = boolean(ha["heat_by_voice"]).value_or(false);
  build_home_assistant(b);
  const Place http = root["http"];
  HttpSettings& s = b.settings.http;
  s.enabled = boolean(http["enabled"]).value_or(s.enabled);
  s.address = text(http["address"]).value_or(s.address);
  read_port(http["port"], s.port);
  const auto file = [&](const char* key) { return beside(b, text(http[key]).value_or("")); };
  s.certificate_file = file("certificate"), s.key_file = file("key"), s.users_file = file("users");
  if (s.certificate_file.empty() != s.key_file.empty())
    b.problem(http, "`certificate` and `key` belong together: a certificate (PEM) and its key");
  if (!s.users_file.empty() && s.certificate_file.empty())
    b.hint(http["users"],
           "without `certificate` and `key` nobody can log in, for a password is only taken over TLS; names that "
           "come by Home Assistant's ingress count all the same");
}

void build_home(Building& b) {
  const Place root{&b.root, ""}, home = root["home"];
  House& house = b.house();
  house.name = text(home["name"]).value_or("Home");
  if (const Place at = home["time_zone"]; text(at)) {
    if (const auto zone = Zone::named(*text(at))) {
      house.zone = *zone;
    } else {
      const auto known = zone_names();
      b.problem(at, known.empty() ? "cannot be looked up: this machine has no time zone database; install tzdata"
                                  : "is " + shown(*at.node) + ", which is no time zone" +
                                        (nearest(at.node->text, known).empty() ? "; write one such as Europe/Berlin"
                                                                               : did_you_mean(at.node->text, known)));
    }
  }
  house.limits = read_limits(b, root["limits"], kHard);
  const Limits household = house.limits;
  std::vector<std::string> taken;
  for (const Place& at : root["sleepers"].each()) {
    if (house.sleepers.size() == kMaxSleepers) break;
    Sleeper s;
    s.name = text(at["name"]).value_or("");
    s.id = slug(s.name);
    s.side = text(at["side"]).value_or("");
    claim(b, at["name"], "sleeper", taken, s.name);
    for (const Place& flag : at["flags"].each()) {
      const auto known = flag_for(text(flag).value_or(text(flag["flag"]).value_or("")));
      if (!known) continue;
      if (std::find(s.flags.begin(), s.flags.end(), *known) == s.flags.end()) s.flags.push_back(*known);
      if (const std::string date = read_date(b, flag["since"]); !date.empty()) s.since.push_back({*known, date});
    }
    s.asked = read_date(b, at["asked"]);
    s.limits = limits_with(s.flags, read_limits(b, at["limits"], household));
    const Place back_off = at["back_off"];
    s.back_off.enabled = boolean(back_off).value_or(boolean(back_off["enabled"]).value_or(true));
    s.back_off.gives_back = boolean(back_off["gives_back"]).value_or(true);
    if (const auto nights = whole(back_off["waking_nights"]))
      s.back_off.waking_nights = static_cast<std::int32_t>(std::clamp<std::int64_t>(*nights, 2, kReliefSigns));
    if (const auto nights = whole(back_off["idle_nights"]))
      s.back_off.idle_nights = static_cast<std::int32_t>(std::clamp<std::int64_t>(*nights, 3, kReliefNothing));
    const Place detector = at["detector"];
    if (const auto need = whole(detector["need"]))
      s.detector.need = static_cast<std::int32_t>(std::min<std::int64_t>(*need, 1000));
    if (const auto window = duration(detector["window"])) s.detector.window = std::chrono::floor<seconds>(*window);
    if (const auto time = duration(detector["get_in_time"]))
      s.detector.get_in_time = std::chrono::floor<seconds>(*time);
    house.limits = tightest(house.limits, s.limits);  // what is nobody's keeps to the strictest of all
    b.sleeper_names.push_back(s.name);
    house.sleepers.push_back(std::move(s));
  }
}

std::string without_password(std::string_view text, const Node& root) {
  const Node* broker = root.find("broker");
  if (!broker) return std::string(text);
  const Node* url = broker->is == Node::Is::map ? broker->find("url") : broker;
  const Node* secret = broker->is == Node::Is::map ? broker->find("password") : broker;
  if (!secret && url) secret = url;
  if (!secret || secret->is != Node::Is::scalar || !secret->secret.empty()) return std::string(text);
  std::string before, password = secret->text, after;
  if (secret == url) {
    const auto [begin, size] = password_in(secret->text);
    before = ":";
    password = secret->text.substr(begin, size);
    after = "@";
  }
  if (password.empty()) return std::string(text);
  std::size_t from = text.substr(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
  for (int line = 1; line < secret->line; ++line) from = text.find('\n', from) + 1;
  for (int column = 1; column < secret->column && from < text.size(); ++column)  // columns count characters
    do ++from;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80);
  const std::size_t found = text.find(before + password + after, from);
  if (found == std::string_view::npos)
    return "# The file holds a password in a form that cannot be hidden, so it is not kept here.\n";
  std::string out(text);
  return out.replace(found + before.size(), password.size(), "hidden");
}

}  // namespace lull::config
