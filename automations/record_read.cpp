// Reads events and records back. A journal may be damaged or forged: nothing in it is trusted, and no command can be
// read.
#include <cmath>
#include <nlohmann/json.hpp>

#include "automations/record.hpp"
#include "automations/record_fields.hpp"

namespace lull {
namespace {

using namespace record;
using Json = nlohmann::json;

constexpr std::size_t kMaxText = 4u << 20;       // a Started with every ledger entry and baseline stays well below
constexpr int kMaxDepth = 16;                    // ours are 5 deep
constexpr std::int64_t kMaxCount = 1ll << 53;    // of a unit: seconds of it still fit when counted in milliseconds
constexpr std::int64_t kMaxMinutes = 1ll << 40;  // likewise

/// Where reading stopped and what would have been right. The first problem wins.
struct Reader {
  std::string where, what;
  bool fail(std::string problem) {
    if (what.empty()) what = std::move(problem);
    return false;
  }
};

std::string shown(const Json& j) {
  std::string text = j.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

bool get(Reader& r, const Json& j, bool& out) {
  if (!j.is_boolean()) return r.fail(shown(j) + " is not true or false");
  out = j.get<bool>();
  return true;
}
bool get(Reader& r, const Json& j, std::int64_t& out) {
  // An unsigned above the range would come back negative.
  if (!j.is_number_integer() || (j.is_number_unsigned() && j.get<std::uint64_t>() > INT64_MAX))
    return r.fail(shown(j) + " is not a whole number");
  out = j.get<std::int64_t>();
  return true;
}
bool get_within(Reader& r, const Json& j, std::int64_t low, std::int64_t high, std::int64_t& out) {
  if (!get(r, j, out)) return false;
  if (out >= low && out <= high) return true;
  return r.fail(shown(j) + " is not within " + std::to_string(low) + " to " + std::to_string(high));
}
bool get(Reader& r, const Json& j, std::int32_t& out) {
  std::int64_t v = 0;
  if (!get_within(r, j, INT32_MIN, INT32_MAX, v)) return false;
  out = static_cast<std::int32_t>(v);
  return true;
}
bool get(Reader& r, const Json& j, double& out) {
  if (j.is_number()) {
    out = j.get<double>();
    return true;
  }
  const std::string word = j.is_string() ? j.get<std::string>() : "";
  if (word == "nan")
    out = std::nan("");
  else if (word == "inf" || word == "-inf")
    out = word == "inf" ? HUGE_VAL : -HUGE_VAL;
  else
    return r.fail(shown(j) + " is not a number");
  return true;
}
bool get(Reader& r, const Json& j, float& out) {
  double v = 0;
  if (!get(r, j, v)) return false;
  if (std::isfinite(v) && std::fabs(v) > static_cast<double>(std::numeric_limits<float>::max()))
    return r.fail(shown(j) + " is too large");
  out = static_cast<float>(v);
  return true;
}
template <class Unit, int kLow, int kHigh>
bool get(Reader& r, const Json& j, Quantity<Unit, kLow, kHigh>& out) {
  const auto q = j.is_number() ? Quantity<Unit, kLow, kHigh>::from(j.get<double>()) : std::nullopt;
  if (!q) return r.fail(shown(j) + " is not within " + std::to_string(kLow) + " to " + std::to_string(kHigh));
  out = *q;
  return true;
}
template <class Rep, class Period>
bool get(Reader& r, const Json& j, std::chrono::duration<Rep, Period>& out) {
  const std::int64_t most = Period::num >= 60 ? kMaxMinutes : kMaxCount;
  std::int64_t v = 0;
  if (!get_within(r, j, -most, most, v)) return false;
  out = std::chrono::duration<Rep, Period>{v};
  return true;
}
bool get(Reader& r, const Json& j, Instant& out) { return get(r, j, out.since_boot); }
bool get(Reader& r, const Json& j, Utc& out) { return get(r, j, out.since_epoch); }
bool get_index(Reader& r, const Json& j, std::uint16_t& out) {
  std::int64_t v = 0;
  if (!get_within(r, j, 0, UINT16_MAX, v)) return false;
  out = static_cast<std::uint16_t>(v);
  return true;
}
bool get(Reader& r, const Json& j, DeviceId& out) { return get_index(r, j, out.index); }
bool get(Reader& r, const Json& j, SleeperId& out) { return get_index(r, j, out.index); }

int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }
bool get(Reader& r, const Json& j, std::string& out) {
  if (j.is_string()) {
    out = j.get<std::string>();
    return true;
  }
  if (!j.is_object() || j.size() != 1 || !j.contains("bytes") || !j["bytes"].is_string())
    return r.fail(shown(j) + " is not a text");
  const auto& hex = j["bytes"].get_ref<const std::string&>();
  if (hex.size() % 2) return r.fail("half a byte");
  out.clear();
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return r.fail(shown(j) + " is not hexadecimal");
    out += static_cast<char>(high * 16 + low);
  }
  return true;
}

template <class E>
constexpr E kLast = E{};
template <>
constexpr auto kLast<Timer> = Timer::mains;
template <>
constexpr auto kLast<Door> = Door::scene;
template <>
constexpr auto kLast<Decision::Outcome> = Decision::Outcome::lost;
template <>
constexpr auto kLast<Notify::Urgency> = Notify::Urgency::alarm;
template <>
constexpr auto kLast<Notify::Road> = Notify::Road::broker;
template <>
constexpr auto kLast<Lane> = Lane::note;
template <>
constexpr auto kLast<Source> = Source::commands;
template <>
constexpr auto kLast<Flaw> = Flaw::trial_needed;
template <>
constexpr auto kLast<TrialTold::State> = TrialTold::State::failed;
template <class E>
requires std::is_enum_v<E>
bool get(Reader& r, const Json& j, E& out) {
  if (j.is_string())
    for (int i = 0; i <= static_cast<int>(kLast<E>); ++i)
      if (word_for(static_cast<E>(i)) == j.get_ref<const std::string&>()) {
        out = static_cast<E>(i);
        return true;
      }
  return r.fail(shown(j) + " is not one of our words");
}

template <class... Ts>
bool get(Reader& r, const Json& j, std::variant<Ts...>& out);
template <class T>
bool get(Reader& r, const Json& j, std::vector<T>& out);
bool get(Reader& r, const Json& j, std::array<float, 3>& out) {
  if (!j.is_array() || j.size() != 3) return r.fail(shown(j) + " is not three numbers");
  return get(r, j[0], out[0]) && get(r, j[1], out[1]) && get(r, j[2], out[2]);
}

template <class T>
auto get(Reader& r, const Json& j, T& out) -> decltype(Shape<T>::fields, true) {
  if (!j.is_object()) return r.fail(shown(j) + " is not an object");
  std::size_t found = 0;
  const auto one = [&](const auto& f) {
    auto& member = out.*f.member;
    const std::string key(f.key + 1, std::char_traits<char>::length(f.key) - 3);  // without the quotes and the colon
    const auto it = j.find(key);
    bool fine = false;
    if constexpr (requires { member.has_value(); }) {
      if (it == j.end()) return true;
      fine = get(r, *it, member.emplace());
    } else {
      fine = it == j.end() ? r.fail("missing") : get(r, *it, member);
    }
    found += it != j.end();
    if (!fine) r.where = "/" + key + r.where;
    return fine;
  };
  if (!std::apply([&](const auto&... f) { return (one(f) && ...); }, Shape<T>::fields)) return false;
  // A field we do not know is a newer Lull's: what it meant would be lost, so the night would not replay as it was.
  return found == j.size() || r.fail("a field this version does not know");
}
template <class T>
bool get(Reader& r, const Json& j, std::vector<T>& out) {
  if (!j.is_array()) return r.fail(shown(j) + " is not a list");
  if (std::is_same_v<T, std::array<float, 3>> && j.size() > kMaxRawSamples)
    return r.fail(std::to_string(j.size()) + " samples, at most " + std::to_string(kMaxRawSamples));
  out.resize(j.size());
  for (std::size_t i = 0; i < j.size(); ++i)
    if (!get(r, j[i], out[i])) {
      r.where = "/" + std::to_string(i) + r.where;
      return false;
    }
  return true;
}

template <class T, class Variant>
bool get_named(Reader& r, const Json& j, const std::string& name, Variant& out) {
  if (name != Shape<T>::name) return false;
  T value{};
  if (get(r, j, value))
    out = std::move(value);
  else
    r.where = "/" + name + r.where;
  return true;  // it was this one, readable or not: the reader knows
}
template <class... Ts>
bool get_named_any(Reader& r, const Json& j, const std::string& name, std::variant<Ts...>& out) {
  if (!(get_named<Ts>(r, j, name, out) || ...)) {
    r.where = "/" + name;
    return r.fail("a name this version does not know");
  }
  return r.what.empty();
}
template <class... Ts>
bool get(Reader& r, const Json& j, std::variant<Ts...>& out) {
  if (!j.is_object() || j.size() != 1) return r.fail(shown(j) + " is not one named thing");
  return get_named_any(r, j.begin().value(), j.begin().key(), out);
}

/// Nesting is counted before anything is built: what it would cost must not depend on who wrote the text.
bool is_shallow(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if ((c == '{' || c == '[') && ++depth > kMaxDepth) {
      return false;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return true;
}
Result<Json> parsed(std::string_view text) {
  if (text.size() > kMaxText) return Error{"", "longer than 4 MiB, which no record of ours is"};
  if (!is_shallow(text)) return Error{"", "nested deeper than any record of ours"};
  Json j = Json::parse(text, nullptr, false);
  if (j.is_discarded()) return Error{"", "is not JSON, must be one line written by Lull"};
  if (!j.is_object()) return Error{"", "must be an object"};
  return j;
}

}  // namespace

Result<Event> event_from(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return json.error();
  const Json& j = *json;
  Reader r;
  Event event;
  const auto at = j.find("at");
  if (at == j.end() || j.size() != 2) return Error{"/at", "an event is its time and one named thing"};
  if (!get(r, *at, event.at)) return Error{"/at", r.what};
  const auto named = j.begin().key() == "at" ? std::next(j.begin()) : j.begin();
  if (!get_named_any(r, named.value(), named.key(), event.news)) return Error{r.where, r.what};
  return event;
}

Result<std::optional<Recorded>> recorded_from(std::string_view text) {
  using Answer = std::optional<Recorded>;
  const auto json = parsed(text);
  if (!json) return json.error();
  const Json& j = *json;
  if (j.size() != 1) return Error{"", "an effect is one named thing"};
  const std::string& name = j.begin().key();
  if (name == "command" || name == "ask" || name == "arm" || name == "may_leave" || name == "also_off") return Answer{};
  Reader r;
  Recorded recorded;
  if (!get(r, j, recorded)) return Error{r.where, r.what};
  return Answer{std::move(recorded)};
}

}  // namespace lull
