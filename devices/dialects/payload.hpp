// Outside bytes, made safe to look at: bounded in size and depth, valid UTF-8, finite numbers, errors that can be
// shown.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "devices/dialects/dialect.hpp"
#include "devices/result.hpp"

namespace lull {

using Json = nlohmann::json;

/// What may be in a payload before it is read at all.
struct Bounds {
  std::size_t bytes = kMaxPayload;
  int nesting = kMaxNesting;
};
/// A bridge's own documents: Zigbee2MQTT's bridge/info carries a JSON Schema, which nests deeper than devices speak.
inline constexpr Bounds kBridgeBounds{kMaxBridgePayload, 64};

/// JSON within bounds, or what was wrong. Never throws, and never builds what it will refuse.
Result<Json> read_json(std::string_view payload, const Bounds& bounds = {});
/// The same, for a payload that must be an object.
Result<Json> read_object(std::string_view payload, const Bounds& bounds = {});
/// Empty when the bytes may be looked at as text, else what is wrong with them: too long, or not UTF-8.
std::string text_problem(std::string_view payload, const Bounds& bounds = {});

/// A member of an object that is there and not null: bridges say null for "not known yet", which is no news.
const Json* member(const Json& object, std::string_view key);
/// The string at `key`, or "".
std::string text_at(const Json& object, std::string_view key);
/// A finite number, or nothing. Booleans and numbers in quotes are none.
std::optional<double> finite(const Json& value);
/// A finite decimal number and nothing else ("37.000000"), or nothing.
std::optional<double> decimal(std::string_view text);
/// A whole number within [low, high], or nothing.
std::optional<long long> whole(const Json& value, long long low, long long high);

/// As it goes out. Never throws, for an OFF may be in it: bytes that are no UTF-8 become U+FFFD.
std::string written(const Json& value);
/// A short, printable form of anything, for a message to a person.
std::string shown(const Json& value);
std::string shown(std::string_view bytes);
inline std::string shown(const std::string& bytes) { return shown(std::string_view(bytes)); }
/// At most `bytes` of it, cut between characters.
std::string clipped(std::string_view text, std::size_t bytes);
/// A number as people write it: "40", "33.2".
std::string plain(double value);

/// Empty when it can be published on and listened to as it stands, else what is wrong: empty, too long, a wildcard,
/// a control character, not UTF-8, a slash at an end.
std::string topic_problem(std::string_view topic);

/// Keeps a problem once, however many devices hear the message it is in.
void add_problem(Heard& heard, std::string where, std::string what);

/// "topic: field": where a problem was.
inline std::string place(std::string_view topic, std::string_view field) {
  return field.empty() ? std::string(topic) : std::string(topic) + ": " + std::string(field);
}

}  // namespace lull
