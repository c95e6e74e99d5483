// MQTT topics and filters (MQTT 5.0, section 4.7).
#include "bridge/mqtt/topic.hpp"

#include <cstddef>

namespace lull {
namespace {

/// Cuts the first level off `rest`. `more` tells "a" from "a/": the latter has an empty second level.
std::string_view next_level(std::string_view& rest, bool& more) {
  const std::size_t slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest = more ? rest.substr(slash + 1) : std::string_view{};
  return level;
}

}  // namespace

bool is_topic_filter(std::string_view filter) {
  if (filter.empty() || filter.size() > 65535 || filter.find('\0') != std::string_view::npos) return false;
  for (bool more = true; more;) {
    const std::string_view level = next_level(filter, more);
    if (level == "#") return !more;
    if (level.size() > 1 && level.find_first_of("#+") != std::string_view::npos) return false;
  }
  return true;
}

bool is_topic(std::string_view topic) {
  return is_topic_filter(topic) && topic.find_first_of("#+") == std::string_view::npos;
}

bool topic_matches(std::string_view filter, std::string_view topic) {
  if (filter.empty() || topic.empty()) return false;
  if (topic.front() == '$' && (filter.front() == '#' || filter.front() == '+')) return false;
  for (bool more_filter = true, more_topic = true;;) {
    const std::string_view want = next_level(filter, more_filter);
    if (want == "#") return true;
    const std::string_view have = next_level(topic, more_topic);
    if (want != "+" && want != have) return false;
    if (!more_topic) return !more_filter || filter == "#";  // "a/#" matches "a" itself
    if (!more_filter) return false;
  }
}

std::string readable(std::string_view bytes, std::size_t most) {
  std::string text{bytes.substr(0, most)};
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  if (bytes.size() > most) text += "...";
  return text;
}

}  // namespace lull
