// Writes events and effects as lines of JSON. By hand, for it runs for every event on the thread that says STOP.
#include "automations/record.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "automations/record_fields.hpp"
#include "devices/utf8.hpp"

namespace lull {
namespace {

using namespace record;

void put(std::string& out, bool b) { out += b ? "true" : "false"; }
template <class Int>
void put_int(std::string& out, Int v) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, v).ptr);
}
void put(std::string& out, std::int32_t v) { put_int(out, v); }
void put(std::string& out, std::int64_t v) { put_int(out, v); }

/// JSON has no word for what is no number: it goes as a string, and comes back as what it was.
bool put_odd(std::string& out, double v) {
  if (std::isfinite(v)) {
    if (v != 0 || !std::signbit(v)) return false;
    out += "-0.0";  // "-0" would be read as an integer, which has no such thing
    return true;
  }
  out += std::isnan(v) ? "\"nan\"" : v > 0 ? "\"inf\"" : "\"-inf\"";
  return true;
}
void put(std::string& out, double v) {
  if (put_odd(out, v)) return;
  char buffer[32];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, v).ptr);  // the shortest that reads back the same
}
void put(std::string& out, float v) {
  if (put_odd(out, static_cast<double>(v))) return;
  char buffer[32];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  // It is read as a double and rounded again: in the rare case that this gives a neighbour, nine digits are safe.
  double read = 0;
  if (std::from_chars(buffer, end, read).ec != std::errc{} || static_cast<float>(read) != v)
    end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::general, 9).ptr;
  out.append(buffer, end);
}
template <class Unit, int kLow, int kHigh>
void put(std::string& out, Quantity<Unit, kLow, kHigh> q) {
  const int t = q.tenths(), whole = t / 10, rest = t < 0 ? -(t % 10) : t % 10;
  if (t < 0 && whole == 0) out += '-';
  put_int(out, whole);
  if (rest) out += '.', out += static_cast<char>('0' + rest);
}
template <class Rep, class Period>
void put(std::string& out, std::chrono::duration<Rep, Period> d) {
  put_int(out, static_cast<std::int64_t>(d.count()));
}
void put(std::string& out, Instant at) { put(out, at.since_boot); }
void put(std::string& out, Utc at) { put(out, at.since_epoch); }
void put(std::string& out, DeviceId id) { put_int(out, static_cast<std::int32_t>(id.index)); }
void put(std::string& out, SleeperId id) { put_int(out, static_cast<std::int32_t>(id.index)); }

constexpr char kHex[] = "0123456789abcdef";
void put(std::string& out, std::string_view text) {
  if (!is_utf8(text)) {  // bytes that are no text keep their exact value, and the line stays valid JSON
    out += "{\"bytes\":\"";
    for (const char c : text) {
      const auto b = static_cast<unsigned char>(c);
      out += kHex[b >> 4], out += kHex[b & 15];
    }
    out += "\"}";
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00", out += kHex[c >> 4], out += kHex[c & 15];
    }
  }
  out += '"';
}
void put(std::string& out, const std::string& text) { put(out, std::string_view{text}); }

template <class E>
requires std::is_enum_v<E>
void put(std::string& out, E e) { put(out, word_for(e)); }

template <class... Ts>
void put(std::string& out, const std::variant<Ts...>& v);
template <class T>
void put(std::string& out, const std::vector<T>& list);
void put(std::string& out, const std::array<float, 3>& v) {
  out += '[';
  put(out, v[0]), out += ',', put(out, v[1]), out += ',', put(out, v[2]);
  out += ']';
}
/// {"field":value,...}; what is not there is left out.
template <class T>
auto put(std::string& out, const T& value) -> decltype(Shape<T>::fields, void()) {
  out += '{';
  const auto one = [&](const auto& f) {
    const auto& member = value.*f.member;
    if constexpr (requires { member.has_value(); }) {
      if (!member) return;
      if (out.back() != '{') out += ',';
      out += f.key;
      put(out, *member);
    } else {
      if (out.back() != '{') out += ',';
      out += f.key;
      put(out, member);
    }
  };
  std::apply([&](const auto&... f) { (one(f), ...); }, Shape<T>::fields);
  out += '}';
}
template <class T>
void put(std::string& out, const std::vector<T>& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i) out += ',';
    put(out, list[i]);
  }
  out += ']';
}
template <class T>
void put_named(std::string& out, const T& value) {
  out += '"', out += Shape<T>::name, out += "\":";
  put(out, value);
}
template <class... Ts>
void put(std::string& out, const std::variant<Ts...>& v) {
  out += '{';
  std::visit([&](const auto& value) { put_named(out, value); }, v);
  out += '}';
}

/// A command's own words: what may be done, and until when the permission holds (absent: for ever, an OFF).
void put_named(std::string& out, const SafeCommand& command) {
  const Output& o = command.output();
  out += "\"command\":{\"device\":", put(out, command.device());
  out += ",\"level\":", put(out, o.level);
  if (o.kelvin) out += ",\"kelvin\":", put(out, *o.kelvin);
  if (o.fade_to) out += ",\"fade_to\":", put(out, *o.fade_to);
  if (o.fade_over != milliseconds{0}) out += ",\"fade_over_ms\":", put(out, o.fade_over);
  out += ",\"timer\":", put(out, command.timer());
  if (command.expires().since_boot != milliseconds::max()) out += ",\"expires\":", put(out, command.expires());
  out += '}';
}

}  // namespace

std::string to_text(const Event& event) {
  std::string out;
  out.reserve(160);  // most events fit: one allocation
  out += "{\"at\":";
  put(out, event.at);
  out += ',';
  std::visit([&](const auto& news) { put_named(out, news); }, event.news);
  out += '}';
  return out;
}

std::string to_text(const Effect& effect) {
  std::string out;
  out.reserve(160);
  out += '{';
  std::visit([&](const auto& it) { put_named(out, it); }, effect);
  out += '}';
  return out;
}

}  // namespace lull
