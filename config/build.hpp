// What the builders of a house share: places in the file, values at them, and names that have to exist.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/check.hpp"
#include "config/load.hpp"
#include "config/units.hpp"
#include "config/yaml.hpp"

namespace lull::config {

/// A value and the path to it. Absent: `node` is null, and every reading of it gives nothing. What is written wrong
/// also gives nothing: check() has named it already.
struct Place {
  const Node* node = nullptr;
  std::string path{};

  explicit operator bool() const { return node != nullptr; }
  Place operator[](std::string_view key) const;
  /// The items of a list; of a single value where a list could be, that one.
  std::vector<Place> each() const;
};
std::optional<std::string> text(const Place& place);
std::optional<bool> boolean(const Place& place);
std::optional<std::int64_t> whole(const Place& place);
std::optional<double> number(const Place& place);
std::optional<milliseconds> duration(const Place& place);

/// The file while it becomes a house.
struct Building {
  const Node& root;
  Report& report;
  /// Where the file lies; null: it is a text without a place, and no other file is read.
  const std::string* folder = nullptr;
  Settings settings{};
  std::vector<std::string> sleeper_names{}, device_names{}, routine_names{}, rule_names{};

  House& house() { return settings.house; }
  void problem(const Place& at, std::string what) { report.problem(*at.node, at.path, std::move(what)); }
  void hint(const Place& at, std::string what) { report.hint(*at.node, at.path, std::move(what)); }

  /// Each looks up a name and reports one that is not there, with the nearest that is.
  std::optional<SleeperId> sleeper(const Place& at);
  std::optional<DeviceId> device(const Place& at);
  std::optional<DeviceId> device(const Place& at, Kind kind);  // and of this kind
  std::optional<std::string> routine(const Place& at);
  std::optional<std::string> rule(const Place& at);
};

/// "host", "host:1883", "[fe80::1]:1883/": what follows the scheme and the user of the address at `at`. `port` stays
/// where none is written; one that cannot be is a problem.
void read_host(Building& b, const Place& at, std::string_view authority, std::string& host, std::uint16_t& port);

/// A file that the household named: beside the configuration, unless it begins with '/'. "" stays "".
std::string beside(const Building& b, const std::string& name);
/// Another program on the web: `url`, `ca` and `token_file` of one place.
struct WebServer {
  std::string& host;
  std::uint16_t& port;
  bool& tls;
  std::string &ca_file, &token_file;
};
/// `http_port`: its own without TLS; https:// means 443, a proxy's.
void read_server(Building& b, const Place& at, WebServer server, std::uint16_t http_port);

/// What a phone is told besides alarms, of "summary", "notice", "restless", "fault"; nothing written: `about` stays.
void read_about(const Place& at, std::set<Notify::Urgency>& about);
/// Whose phones an entry is about, by its key: a sleeper's, or `everybody`'s (nobody's). False: a problem was named.
bool whose_is(Building& b, const Node::Entry& entry, const std::string& path, std::optional<SleeperId>& whose);

void build_connections(Building& b);
void build_home_assistant(Building& b);  // its WebSocket
void build_phones(Building& b);          // after build_home: whose they are
void build_ntfy(Building& b);            // after build_home, too
void build_wyoming(Building& b);         // after build_connections
void build_home(Building& b);            // home, limits, sleepers
void build_devices(Building& b);
void build_routines(Building& b);
void build_rules(Building& b);
void build_preflight(Building& b);
void find_hints(Building& b);  // what is fine to load and will still be refused or cut
/// What two different things may not share. Reports at `place` when `name` or its slug is in `taken` already.
void claim(Building& b, const Place& place, const std::string& what, std::vector<std::string>& taken,
           const std::string& name);

/// The file's text with a written-out broker password replaced.
std::string without_password(std::string_view text, const Node& root);

}  // namespace lull::config
