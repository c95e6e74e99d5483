// What the announcer remembers across restarts, as one line of JSON.
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/announcer.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostKept = 4u << 20;  // bytes of a kept text; 512 devices make about 1.5 MB
constexpr std::size_t kMostComponents = 64;  // of one device; ours have at most 12

std::string text_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::optional<Component> component_from(const std::string& key, const Json& said) {
  const auto platform = said.is_object() ? said.find("platform") : said.end();
  if (platform == said.end() || !platform->is_string() || !said.contains("unique_id")) return std::nullopt;
  return Component{key, platform->get<std::string>(), text_of(said)};
}

/// An id becomes a topic: nothing that is not ours may be cleared because it stands in a file.
bool is_ours(const std::string& id) {
  return id.rfind("lull_", 0) == 0 && id.size() <= 120 && id.find_first_of("/+#") == std::string::npos;
}

}  // namespace

Announcer::Announcer(HomeAssistant settings, std::string_view kept, std::uint32_t seed)
    : settings_(std::move(settings)), dice_(seed) {
  // A broken text costs us a ghost at worst; to refuse to run for it would cost a night.
  const Json said = kept.size() > kMostKept ? Json() : Json::parse(kept, nullptr, false);
  if (!said.is_object()) return;
  if (const auto devices = said.find("announced"); devices != said.end() && devices->is_object())
    for (const auto& [id, components] : devices->items()) {
      if (entries_.size() >= kMostDevices || !is_ours(id) || !components.is_object()) continue;
      Entry& entry = entries_[id];
      for (const auto& [key, one] : components.items())
        if (const auto read = component_from(key, one); read && entry.ever.size() < kMostComponents)
          entry.ever.push_back(*read);
    }
  if (const auto ids = said.find("deleted_by_user"); ids != said.end() && ids->is_array())
    for (const Json& id : *ids)
      if (id.is_string() && entries_.size() < kMostDevices && is_ours(id.get_ref<const std::string&>())) {
        Entry& entry = entries_[id.get<std::string>()];
        entry.deleted = true;
        entry.ever.clear();
      }
}

/// Put together from texts, for each component is JSON already: with fifty devices it is 200 kB, and it is asked for
/// after each show.
std::string Announcer::keep() const {
  Json deleted = Json::array();
  std::string announced;
  for (const auto& [id, entry] : entries_) {
    if (entry.deleted) deleted.push_back(id);
    if (entry.ever.empty()) continue;
    if (!announced.empty()) announced += ',';
    (announced += text_of(id)) += ":{";
    for (const Component& one : entry.ever) {
      if (&one != &entry.ever.front()) announced += ',';
      ((announced += text_of(one.key)) += ':') += one.config;
    }
    announced += '}';
  }
  return "{\"announced\":{" + announced + "},\"deleted_by_user\":" + text_of(deleted) + "}";
}

}  // namespace lull
