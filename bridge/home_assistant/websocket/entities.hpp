// The few entities of Home Assistant that Lull asked for, as subscribe_entities tells them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "devices/dialects/payload.hpp"

namespace lull {

struct HaEntity {
  std::string state;  // "on", "unavailable"; at most 255 characters, as Home Assistant has it
  Json attributes = Json::object();
  double changed = 0, updated = 0;  // seconds since 1970; updated: another attribute counts, too
  bool came_back = false;           // from unavailable, and has said no more since: it last was so, perhaps long ago
};

/// As the dialect `home_assistant` hears it. Stamped: with when it became so; else it is how it is, when asked.
std::string told_as(const HaEntity& entity, bool stamped);

/// Compressed states (a: all of it, c: what changed, r: removed) become a map of those entities that were asked for and
/// nothing else, whatever the other side says.
class HaEntities {
 public:
  static constexpr std::size_t kMaxWanted = 512;
  static constexpr std::size_t kMaxAttributes = 8 * 1024;  // bytes of one entity; more of them are left out

  HaEntities() = default;
  explicit HaEntities(std::vector<std::string> wanted);

  const std::vector<std::string>& wanted() const { return wanted_; }
  /// The ids of what changed.
  std::vector<std::string> hear(const Json& event);
  /// Null: it is not there, or was not asked for.
  const HaEntity* find(std::string_view id) const;
  /// The connection ended: what was is not what is.
  void forget() { known_.clear(); }

 private:
  bool is_wanted(std::string_view id) const;

  std::vector<std::string> wanted_;  // sorted
  std::map<std::string, HaEntity, std::less<>> known_;
};

}  // namespace lull
