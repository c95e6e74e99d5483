// The household's file: read once, every problem named at once, and typed settings only when there is none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "config/problem.hpp"

namespace lull {

struct BrokerSettings {
  std::string host;
  std::uint16_t port = 1883;
  bool tls = false;
  std::string user, password, ca_file;         // empty: none, none, the system's authorities
  std::string certificate_file{}, key_file{};  // of ours, for a broker that asks who we are; empty: none
  bool operator==(const BrokerSettings&) const = default;
};
/// Somebody's phones in Home Assistant, and what they are told there. An alarm is told in any case.
struct PhonesOf {
  std::optional<SleeperId> whose{};  // nobody's: they hear what concerns anybody
  std::vector<std::string> to{};     // "mobile_app_pixel"
  std::set<Notify::Urgency> about{Notify::Urgency::summary, Notify::Urgency::fault};
  std::string picture{};  // of the night; "": found by the sleeper's name
  bool operator==(const PhonesOf&) const = default;
};
struct HomeAssistantSettings {
  bool enabled = true;
  std::string discovery_prefix = "homeassistant";
  std::string birth_topic = "homeassistant/status", birth_payload = "online";
  std::string host{};  // of its web page, whose WebSocket we use; empty: MQTT alone
  std::uint16_t port = 8123;
  bool tls = false;
  std::string ca_file{}, token_file{};  // empty: the system's authorities; none
  std::vector<PhonesOf> phones{};
  bool operator==(const HomeAssistantSettings&) const = default;
};
/// A topic of an ntfy server, and what is told there. An alarm is told in any case.
struct NtfyTopic {
  std::optional<SleeperId> whose{};  // nobody's: it hears what concerns anybody
  std::string name{};
  std::set<Notify::Urgency> about{Notify::Urgency::summary, Notify::Urgency::fault};
  bool operator==(const NtfyTopic&) const = default;
};
struct NtfySettings {
  std::string host{};  // empty: not used
  std::uint16_t port = 443;
  bool tls = true;
  std::string ca_file{}, token_file{};  // empty: the system's authorities; none
  std::vector<NtfyTopic> topics{};
  std::array<int, 5> priorities{3, 2, 2, 4, 5};  // by urgency, as ntfy counts: 1 min to 5 max
  bool operator==(const NtfySettings&) const = default;
};
struct HttpSettings {
  bool enabled = true;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8099;
  std::string certificate_file{}, key_file{}, users_file{};  // empty: no TLS; nobody can log in
  bool operator==(const HttpSettings&) const = default;
};
/// Lull as the conversation agent of Assist, by the Wyoming protocol, which knows no login.
struct WyomingSettings {
  std::uint16_t port = 0;  // 0: not used
  std::string address = "127.0.0.1";
  std::vector<std::string> from{};  // "192.168.1.20", "172.30.32.0/23": who may speak; empty: this machine
  TimeOfDay whisper_from{22 * 60}, whisper_to{7 * 60};  // the same time twice: never
  bool operator==(const WyomingSettings&) const = default;
};

struct Settings {
  House house;
  std::optional<BrokerSettings> broker{};  // none: Lull starts its own
  HomeAssistantSettings home_assistant{};
  NtfySettings ntfy{};
  HttpSettings http{};
  WyomingSettings wyoming{};
  /// The file as read, for the journal: it loads again to the same house. `!secret` stays a reference, and a password
  /// that was written out is replaced by "hidden".
  std::string text;
};

struct Loaded {
  std::optional<Settings> settings;  // only when there is no problem
  std::vector<Problem> problems;     // in the file's order, at most 201
  std::vector<Problem> hints;        // what will load, but be refused or cut at run time
};

/// Never throws; a file that cannot be read is a problem like any other. `!secret NAME` is looked up in secrets.yaml
/// beside the file.
Loaded load_file(const std::string& path);
/// `secrets` is the text of a secrets.yaml, or nothing when there is none.
Loaded load_text(std::string_view text, std::string_view file_name,
                 std::optional<std::string_view> secrets = std::nullopt);
/// As load_text, for a journal's copy of a file: what may hold secrets (the broker's part and ntfy's) is left out.
Loaded load_journaled(std::string_view text, std::string_view file_name);

/// JSON Schema (draft 7, what editors' YAML servers support best) of the file, made from the table the loader walks.
std::string json_schema();
/// All keys as Markdown, made from the same table: the reference part of docs/CONFIGURATION.md.
std::string keys_as_markdown();

}  // namespace lull
