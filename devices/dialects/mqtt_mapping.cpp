// The mapping of a device that Lull has never heard of: what may be written in it, and how the device then stops by
// itself.
#include "devices/dialects/mqtt_mapping.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "devices/utf8.hpp"
#include "devices/words.hpp"

namespace lull::mapping {
namespace {

constexpr std::size_t kMaxHears = 16, kMaxSays = 4, kMaxSaid = 1024, kMaxPointer = 256;

constexpr std::array<std::string_view, 12> kMeans{"on",         "level",     "watts",    "celsius",
                                                  "timer_left", "auto_off",  "occupied", "movement",
                                                  "action",     "reachable", "battery",  "heart_rate"};
static_assert(kMeans.size() == static_cast<std::size_t>(Means::heart_rate) + 1);

bool fits(Means means, Kind kind) {
  switch (means) {
    case Means::on:
    case Means::level:
    case Means::watts:
    case Means::timer_left: return is_actuator(kind);
    case Means::auto_off: return needs_timer(kind);
    case Means::celsius: return kind == Kind::thermometer || kind == Kind::heat_pad;
    case Means::occupied: return kind == Kind::presence;
    case Means::movement: return kind == Kind::movement;
    case Means::action: return kind == Kind::button;
    case Means::heart_rate: return kind == Kind::heart_rate;
    case Means::reachable:
    case Means::battery: return true;
  }
  return false;
}

std::string list_of_means() {
  std::string all;
  for (const auto word : kMeans) all += (all.empty() ? "" : ", ") + std::string(word);
  return all;
}

bool has(const Mapping::Says& said, std::string_view placeholder) {
  return said.payload.find(placeholder) != said.payload.npos;
}
bool any_hears(const Device& d, Means means) {
  return std::any_of(d.mapping.hears.begin(), d.mapping.hears.end(),
                     [&](const auto& h) { return h.means == kMeans[static_cast<std::size_t>(means)]; });
}

/// {word} with nothing but letters in it, so that the braces of JSON are none.
template <class Visit>
void each_placeholder(std::string_view payload, Visit visit) {
  for (std::size_t open = payload.find('{'); open != payload.npos; open = payload.find('{', open + 1)) {
    std::size_t end = open + 1;
    while (end < payload.size() && payload[end] >= 'a' && payload[end] <= 'z') ++end;
    if (end > open + 1 && end < payload.size() && payload[end] == '}')
      visit(open, payload.substr(open + 1, end - open - 1));
  }
}

struct Checker {
  const Device& device;
  std::vector<Error> problems{};

  void wrong(std::string where, std::string what) { problems.push_back({std::move(where), std::move(what)}); }

  void hears() {
    const auto& all = device.mapping.hears;
    if (all.size() > kMaxHears) wrong("hears", "has " + std::to_string(all.size()) + " entries, at most 16 are read");
    if (all.empty()) wrong("hears", "is empty; name at least one topic on which the device tells what it does");
    for (std::size_t i = 0; i < std::min(all.size(), kMaxHears); ++i) one_heard("hears/" + std::to_string(i), all[i]);
  }
  void one_heard(const std::string& at, const Mapping::Hears& h) {
    if (std::string bad = topic_problem(h.topic); !bad.empty()) wrong(at + "/topic", bad);
    if (std::string bad = pointer_problem(h.pointer); !bad.empty()) wrong(at + "/pointer", bad);
    if (!(std::isfinite(h.scale) && h.scale != 0)) wrong(at + "/scale", "must be a number other than 0");
    const auto means = means_for(h.means);
    if (!means) return wrong(at + "/means", "is " + shown(h.means) + ", must be one of " + list_of_means());
    if (!fits(*means, device.kind))
      return wrong(at + "/means",
                   "is " + h.means + ", which a " + std::string(word_for(device.kind)) + " does not tell");
    const auto [yes, no] = yes_no(h);
    if (yes == no) wrong(at + "/yes", "and `no` are both " + shown(yes) + "; they must differ");
    if (*means == Means::movement && device.stream == Stream::none)
      wrong("stream",
            "is missing; say what the sensor's numbers mean: counts, vibration, radar, load, acceleration or raw");
  }

  /// `allowed`: the placeholders this list may use.
  void says(const std::string& at, const std::vector<Mapping::Says>& all,
            std::initializer_list<std::string_view> allowed) {
    if (all.size() > kMaxSays) wrong(at, "has " + std::to_string(all.size()) + " messages, at most 4 are sent");
    for (std::size_t i = 0; i < std::min(all.size(), kMaxSays); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      const Mapping::Says& said = all[i];
      if (std::string bad = topic_problem(said.topic); !bad.empty()) wrong(here + "/topic", bad);
      if (said.payload.size() > kMaxSaid) wrong(here + "/payload", "is longer than 1024 bytes");
      if (!is_utf8(said.payload)) wrong(here + "/payload", "is not UTF-8 text");
      each_placeholder(said.payload, [&](std::size_t, std::string_view word) {
        if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return;
        std::string right;
        for (const auto a : allowed) right += (right.empty() ? "" : ", ") + ("{" + std::string(a) + "}");
        wrong(here + "/payload",
              "has {" + clipped(word, 40) + "}; " +
                  (right.empty() ? "nothing is filled in here" : "what is filled in here is " + right));
      });
      for (const Mapping::Hears& h : device.mapping.hears)
        if (h.topic == said.topic)
          wrong(here + "/topic",
                "is also heard: Lull would take its own words for the device's answer; hear another topic");
    }
  }

  void actuator() {
    const Mapping& m = device.mapping;
    if (m.on.empty()) wrong("on", "is missing; write the message that switches it on");
    if (m.off.empty()) wrong("off", "is missing; write the message that switches it off");
    if (!any_hears(device, Means::on) && !any_hears(device, Means::level))
      wrong("hears", "has nothing that means `on` or `level`; without an answer nobody knows whether it is off");
    for (const auto& said : m.off)
      if (std::find(m.on.begin(), m.on.end(), said) != m.on.end()) wrong("off", "says the same as `on`");
    // A scene without a colour sends no {kelvin}, and the lamp must still go on.
    if (!m.on.empty() && std::all_of(m.on.begin(), m.on.end(), [](const auto& s) { return has(s, "{kelvin}"); }))
      wrong("on", "has {kelvin} in every message; write it in a message of its own");
    if ((device.kind == Kind::heat_pad || device.kind == Kind::mains) && m.off.size() > 1)
      wrong("off", "has " + std::to_string(m.off.size()) + " messages; the last will that guards heat can carry one");
    if (!needs_timer(device.kind) || device.behind) return;  // the plug in front of it has one
    const auto [timer, reason] = timer_of(device);
    if (timer == Timer::none) wrong("on", reason);
  }
};

/// The next token of a pointer, unescaped; `rest` begins behind its slash.
std::string next_token(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('/'), rest.size());
  std::string token;
  for (std::size_t i = 0; i < end; ++i) {
    if (rest[i] == '~' && i + 1 < end)
      token += rest[++i] == '1' ? '/' : '~';
    else
      token += rest[i];
  }
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return token;
}

}  // namespace

std::optional<Means> means_for(std::string_view word) { return value_in<Means>(kMeans, word); }

std::pair<std::string, std::string> yes_no(const Mapping::Hears& h) {
  const bool link = h.means == "reachable";
  return {h.yes.empty() ? (link ? "online" : "ON") : h.yes, h.no.empty() ? (link ? "offline" : "OFF") : h.no};
}

std::string pointer_problem(std::string_view pointer) {
  if (pointer.empty()) return "";
  if (pointer.size() > kMaxPointer) return "is longer than 256 bytes";
  if (!is_utf8(pointer)) return "is not UTF-8 text";
  if (pointer.front() != '/')
    return "is " + shown(pointer) + "; a JSON pointer begins with a slash, like /power, or is empty";
  for (std::size_t i = 0; i < pointer.size(); ++i)
    if (pointer[i] == '~' && (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')))
      return "is " + shown(pointer) + "; in a JSON pointer ~ is written ~0, and / within a name ~1";
  return "";
}

const Json* find(const Json& document, std::string_view pointer) {
  const Json* here = &document;
  if (pointer.empty()) return here;
  std::string_view rest = pointer.substr(1);
  for (bool more = true; more;) {
    more = rest.find('/') != rest.npos;
    const std::string token = next_token(rest);
    if (here->is_object()) {
      const auto found = here->find(token);
      if (found == here->end()) return nullptr;
      here = &*found;
    } else if (here->is_array()) {
      const auto index = decimal(token);
      if (!index || *index < 0 || *index >= static_cast<double>(here->size()) || *index != std::floor(*index))
        return nullptr;
      here = &(*here)[static_cast<std::size_t>(*index)];
    } else {
      return nullptr;
    }
  }
  return here;
}

std::vector<Error> check(const Device& device) {
  Checker checker{device};
  const Mapping& m = device.mapping;
  if (device.kind == Kind::alarm_clock) checker.wrong("is", "is alarm_clock, of which only home_assistant tells");
  checker.hears();
  if (is_actuator(device.kind)) {
    if (device.kind == Kind::light)
      checker.says("on", m.on, {"level", "kelvin"});
    else if (device.kind == Kind::heat_pad)
      checker.says("on", m.on, {"level", "seconds", "celsius"});
    else if (needs_timer(device.kind))
      checker.says("on", m.on, {"level", "seconds"});
    else
      checker.says("on", m.on, {"level"});
    checker.says("off", m.off, {});
    checker.says("ask", m.ask, {});
    checker.says("arm", m.arm, {"seconds"});
    checker.actuator();
  } else if (!m.on.empty() || !m.off.empty() || !m.ask.empty() || !m.arm.empty()) {
    checker.wrong("on", "is for devices that do something; a " + std::string(word_for(device.kind)) + " is only heard");
  }
  return std::move(checker.problems);
}

std::pair<Timer, std::string> timer_of(const Device& d) {
  const Mapping& m = d.mapping;
  // Every message of `on`, not just one: whichever gets through alone must not leave it on for ever.
  const auto without = std::find_if(m.on.begin(), m.on.end(), [](const auto& s) { return !has(s, "{seconds}"); });
  if (!m.on.empty() && without == m.on.end()) return {Timer::mapped_duration, ""};
  const bool arms =
      !m.arm.empty() && std::any_of(m.arm.begin(), m.arm.end(), [](const auto& s) { return has(s, "{seconds}"); });
  if (arms && any_hears(d, Means::auto_off)) return {Timer::mapped_auto_off, ""};
  std::string reason =
      "nothing here makes it stop by itself: let each message of `on` carry {seconds}, or write `arm` with "
      "{seconds} and hear the value back as `auto_off`";
  if (d.kind == Kind::massage_pad && d.own_cut_off) return {Timer::product, std::move(reason)};
  return {Timer::none, std::move(reason)};
}

std::vector<Outgoing> filled(const std::vector<Mapping::Says>& all, const Numbers& numbers) {
  const auto value_of = [&](std::string_view word) -> std::optional<std::string> {
    if (word == "level" && numbers.level) return std::to_string(numbers.level->whole());
    if (word == "seconds" && numbers.lease) return std::to_string(numbers.lease->count());
    if (word == "kelvin" && numbers.kelvin) return std::to_string(numbers.kelvin->whole());
    if (word == "celsius" && numbers.celsius) return plain(numbers.celsius->value());
    return std::nullopt;
  };
  std::vector<Outgoing> out;
  for (const Mapping::Says& said : all) {
    Outgoing message{said.topic, ""};
    std::size_t done = 0;
    bool complete = true;
    each_placeholder(said.payload, [&](std::size_t open, std::string_view word) {
      const auto value = value_of(word);
      complete = complete && value.has_value();
      message.payload.append(said.payload, done, open - done).append(value.value_or(""));
      done = open + word.size() + 2;
    });
    message.payload.append(said.payload, done);
    if (complete) out.push_back(std::move(message));
  }
  return out;
}

}  // namespace lull::mapping
