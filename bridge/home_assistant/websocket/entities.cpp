// Compressed states, applied.
#include "bridge/home_assistant/websocket/entities.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "devices/dialects/home_assistant_entity.hpp"

namespace lull {
namespace {

constexpr std::size_t kMaxState = 1020;  // bytes: 255 characters
constexpr double kInPieces = 1;   // seconds: what comes back may say its state first, and the rest of it after that
constexpr double kLatest = 1e10;  // seconds since 1970: what is later is no time

std::size_t size_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace).size(); }

/// `s` and `a` of a compressed state; what is missing stays as it was. What is too large is left out: a camera's list
/// of hundreds of faces is nobody's business here.
void apply(HaEntity& entity, const Json& said) {
  if (const Json* state = member(said, "s"); state && state->is_string()) {
    entity.came_back = entity.state == "unavailable";
    entity.state = clipped(state->get_ref<const std::string&>(), kMaxState);
  }
  const auto stamp = [&](const char* key) {
    const Json* at = member(said, key);
    const auto since_1970 = at ? finite(*at) : std::nullopt;
    return since_1970 && *since_1970 > 0 && *since_1970 < kLatest ? since_1970 : std::nullopt;
  };
  if (const auto at = stamp("lc")) entity.changed = entity.updated = *at;
  if (const auto at = stamp("lu")) entity.updated = *at;
  const Json* attributes = member(said, "a");
  if (!attributes || !attributes->is_object()) return;
  std::size_t room = HaEntities::kMaxAttributes - std::min(HaEntities::kMaxAttributes, size_of(entity.attributes));
  for (const auto& [key, value] : attributes->items()) {
    const std::size_t size = key.size() + size_of(value) + 4;
    if (size > room) {
      entity.attributes.erase(key);  // what it was before is not what it is
      continue;
    }
    room -= size;
    entity.attributes[key] = value;
  }
}

bool is_strong_by_attributes(std::string_view id) {
  const entity::Domain domain = entity::domain_of(id);
  return domain == entity::Domain::light || domain == entity::Domain::fan;
}

const Json* object(const Json& in, std::string_view key) {
  const Json* found = in.is_object() ? member(in, key) : nullptr;
  return found && found->is_object() ? found : nullptr;
}

}  // namespace

std::string told_as(const HaEntity& entity, bool stamped) {
  Json told{{"state", entity.state}, {"attributes", entity.attributes}};
  if (stamped) told["last_changed"] = entity.changed, told["last_updated"] = entity.updated;
  return told.dump(-1, ' ', false, Json::error_handler_t::replace);
}

HaEntities::HaEntities(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  if (wanted_.size() > kMaxWanted) wanted_.resize(kMaxWanted);
}

bool HaEntities::is_wanted(std::string_view id) const {
  return std::binary_search(wanted_.begin(), wanted_.end(), id, std::less<>{});
}

std::vector<std::string> HaEntities::hear(const Json& event) {
  std::vector<std::string> changed;
  if (const Json* added = object(event, "a"))
    for (const auto& [id, said] : added->items()) {
      if (!is_wanted(id) || !said.is_object()) continue;
      HaEntity whole;
      apply(whole, said);
      known_[id] = std::move(whole);
      changed.push_back(id);
    }
  if (const Json* changes = object(event, "c"))
    for (const auto& [id, said] : changes->items()) {
      const auto found = known_.find(id);
      if (found == known_.end()) continue;  // of what we never heard in whole, a part is no state
      if (const Json* plus = object(said, "+")) {
        apply(found->second, *plus);
        // Of a lamp and a fan the rest says how strong they are: a hand may be behind it. A sensor says nothing by it.
        if (!member(*plus, "s") && is_strong_by_attributes(id) &&
            found->second.updated >= found->second.changed + kInPieces)
          found->second.came_back = false;
      }
      const Json* minus = object(said, "-");
      const Json* gone = minus ? member(*minus, "a") : nullptr;
      if (gone && gone->is_array())
        for (const Json& key : *gone)
          if (key.is_string()) found->second.attributes.erase(key.get_ref<const std::string&>());
      changed.push_back(id);
    }
  if (const Json* removed = event.is_object() ? member(event, "r") : nullptr; removed && removed->is_array())
    for (const Json& id : *removed)
      if (id.is_string() && known_.erase(id.get_ref<const std::string&>()) > 0)
        changed.push_back(id.get_ref<const std::string&>());
  return changed;
}

const HaEntity* HaEntities::find(std::string_view id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : &found->second;
}

}  // namespace lull
