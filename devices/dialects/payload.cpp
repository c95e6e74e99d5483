// Outside bytes, made safe to look at.
#include "devices/dialects/payload.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "devices/utf8.hpp"

namespace lull {
namespace {

constexpr std::size_t kShown = 60;      // bytes of a wrong value in a message: enough to recognise it
constexpr std::size_t kMaxTopic = 256;  // MQTT allows 65,535; no device needs it, and topics are kept

/// Looks only at brackets outside of strings, so it costs a walk over the bytes and no memory. On malformed input the
/// count may be wrong, but then the parser refuses it anyway.
bool nests_deeper_than(std::string_view json, int most) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string text_problem(std::string_view payload, const Bounds& bounds) {
  if (payload.size() > bounds.bytes)
    return "has " + std::to_string(payload.size()) + " bytes, must be " + std::to_string(bounds.bytes) +
           " or less; not read";
  if (!is_utf8(payload)) return "is not UTF-8 text";
  return "";
}

Result<Json> read_json(std::string_view payload, const Bounds& bounds) {
  if (std::string wrong = text_problem(payload, bounds); !wrong.empty()) return Error{"", std::move(wrong)};
  if (nests_deeper_than(payload, bounds.nesting))
    return Error{"", "nests deeper than " + std::to_string(bounds.nesting) + " levels; not read"};
  Json json = Json::parse(payload, nullptr, false);
  if (json.is_discarded()) return Error{"", "is no JSON: " + shown(payload)};
  return json;
}

Result<Json> read_object(std::string_view payload, const Bounds& bounds) {
  Result<Json> json = read_json(payload, bounds);
  if (json && !json->is_object()) return Error{"", "is " + shown(*json) + ", must be a JSON object"};
  return json;
}

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_at(const Json& object, std::string_view key) {
  const Json* found = member(object, key);
  return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> finite(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<double> decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<long long> whole(const Json& value, long long low, long long high) {
  const std::optional<double> number = finite(value);
  if (!number || *number != std::floor(*number) || *number < static_cast<double>(low) ||
      *number > static_cast<double>(high))
    return std::nullopt;
  return static_cast<long long>(*number);
}

std::string clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return std::string(text.substr(0, end));
}

std::string written(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string shown(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  const std::string start = clipped(bytes, kShown);
  std::string text = written(start);  // quotes it and escapes controls
  if (bytes.size() > kShown) text += "...";
  return text;
}

std::string shown(const Json& value) {
  if (value.is_string()) return shown(std::string_view(value.get_ref<const std::string&>()));
  if (value.is_object()) return "an object";  // dumping a large one for a glance would cost more than reading it did
  if (value.is_array()) return "a list";
  return clipped(written(value), kShown);
}

std::string plain(double value) {
  char text[32];
  const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 1);
  if (written.ec != std::errc{}) return "0";  // only for numbers of more than thirty digits, which no unit here has
  std::string out(text, written.ptr);
  if (out.size() > 2 && out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

void add_problem(Heard& heard, std::string where, std::string what) {
  Error problem{std::move(where), std::move(what)};
  if (std::find(heard.problems.begin(), heard.problems.end(), problem) == heard.problems.end())
    heard.problems.push_back(std::move(problem));
}

std::string topic_problem(std::string_view topic) {
  if (topic.empty()) return "is empty";
  if (topic.size() > kMaxTopic) return "is longer than " + std::to_string(kMaxTopic) + " bytes";
  if (!is_utf8(topic)) return "is not UTF-8 text";
  if (topic.find_first_of("+#") != topic.npos) return "has a wildcard (+ or #); name one topic exactly";
  for (const char c : topic)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "has a control character";
  if (topic.front() == '/' || topic.back() == '/') return "begins or ends with a slash";
  return "";
}

}  // namespace lull
