// When Lull says to Home Assistant what.
#include "bridge/home_assistant/announcer.hpp"

#include <algorithm>

#include "bridge/topics.hpp"

namespace lull {
namespace {

bool has_key(const std::vector<Component>& all, const Component& one) {
  return std::any_of(all.begin(), all.end(), [&](const Component& c) { return c.key == one.key; });
}

/// `ever` with the present form of everything in `wanted`.
void remember(std::vector<Component>& ever, const std::vector<Component>& wanted) {
  for (const Component& one : wanted) {
    const auto known = std::find_if(ever.begin(), ever.end(), [&](const Component& c) { return c.key == one.key; });
    if (known == ever.end())
      ever.push_back(one);
    else
      *known = one;
  }
}

/// What was announced and is wanted no more.
std::vector<Component> gone(const std::vector<Component>& ever, const std::optional<DeviceConfig>& wanted) {
  std::vector<Component> out;
  for (const Component& one : ever)
    if (!wanted || !has_key(wanted->components, one)) out.push_back(one);
  return out;
}

}  // namespace

Announcement Announcer::want(std::vector<DeviceConfig> devices, Instant now) {
  for (auto& [id, entry] : entries_) entry.wanted.reset();
  wanted_order_.clear();
  for (DeviceConfig& device : devices) {
    if (entries_.size() >= kMostDevices && !entries_.count(device.id)) break;
    Entry& entry = entries_[device.id];
    wanted_order_.push_back(device.id);
    if (!entry.deleted) remember(entry.ever, device.components);  // before it is said: a crash must not make a ghost
    entry.wanted = std::move(device);
  }
  for (auto it = entries_.begin(); it != entries_.end();)  // nothing to remove and nothing wanted
    it = !it->second.wanted && it->second.ever.empty() ? entries_.erase(it) : std::next(it);
  if (!up_) return {};
  plan_all(false);
  return {say_due(now), true, {}};
}

/// The steps that bring Home Assistant from wherever it is to what is wanted.
void Announcer::plan(const std::string& id, Entry& entry, bool after_birth) {
  entry.steps.clear();
  entry.answers_birth = after_birth;
  if (entry.deleted) return;
  const std::vector<Component> ghosts = gone(entry.ever, entry.wanted);
  if (!entry.wanted) {
    entry.steps = {revival(id, ghosts), ""};
    return;
  }
  const auto hub = entries_.find(hub_identifier(settings_.install));
  const bool hub_deleted = hub != entries_.end() && hub->second.deleted;  // else it would come back as a stub
  const std::string payload = hub_deleted ? without_hub(entry.wanted->payload) : entry.wanted->payload;
  if (!ghosts.empty())
    entry.steps = {with_ghosts(payload, ghosts, Ghosts::revived), with_ghosts(payload, ghosts, Ghosts::removed)};
  entry.steps.push_back(payload);
}

void Announcer::plan_all(bool after_birth) {
  for (auto& [id, entry] : entries_) plan(id, entry, after_birth);
}

Announcement Announcer::link_up(Instant now) {
  up_ = true;
  birth_at_ = answer_at_ = std::nullopt;
  plan_all(false);
  Publish online = will();
  online.payload = "online";
  return {say_due(now), true, {std::move(online)}};
}

void Announcer::link_down() {
  up_ = false;
  answer_at_.reset();
  for (auto& [id, entry] : entries_) {
    entry.steps.clear();
    entry.said_at.reset();  // the broker may be another one by now, and Home Assistant too
  }
}

void Announcer::hear(std::string_view topic, std::string_view payload, bool retained, Instant now) {
  if (!up_) return;
  if (topic == settings_.birth_topic) {
    // Every birth counts, not only a change to it: a reload of the integration sends no `offline` before. A retained
    // one tells of the past; who needs the configs then finds them retained.
    if (retained || payload != settings_.birth_payload) return;
    if (birth_at_ && now - *birth_at_ < kBirthsApart) return;
    birth_at_ = now;
    answer_at_ = now + milliseconds(1000 + dice_() % 4000);  // not all bridges of a home in the same instant
    return;
  }
  if (!payload.empty()) return;  // our own words, come back
  for (auto& [id, entry] : entries_) {
    if (topic != config_topic(settings_, id)) continue;
    if (!entry.wanted) return;  // our own removal, come back
    // We never say nothing about what is wanted: Home Assistant did, once an entity, because its user deleted it.
    entry.deleted = true;
    entry.ever.clear();
    entry.steps.clear();
    return;
  }
}

Announcement Announcer::tick(Instant now) {
  if (!up_) return {};
  const bool answers = answer_at_ && now >= *answer_at_;
  if (answers) {
    answer_at_.reset();
    plan_all(true);
  }
  Announcement out{say_due(now), answers, {}};
  if (answers) {
    out.after.push_back(will());
    out.after.back().payload = "online";
  }
  return out;
}

/// The hub first, for the others name it; what is to be removed last.
std::vector<std::string> Announcer::order() const {
  std::vector<std::string> ids = wanted_order_;
  for (const auto& [id, entry] : entries_)
    if (!entry.wanted) ids.push_back(id);
  return ids;
}

std::vector<Publish> Announcer::say_due(Instant now) {
  std::vector<Publish> out;
  for (const std::string& id : order()) {
    Entry& entry = entries_.find(id)->second;
    if (entry.steps.empty()) continue;
    const bool same = entry.said_at && entry.said == entry.steps.front();
    if (!same && entry.said_at && now - *entry.said_at < kApart) continue;
    entry.said = std::move(entry.steps.front());
    entry.steps.pop_front();
    entry.said_at = now;
    out.push_back(config(id, entry.said));
    if (entry.steps.empty() && entry.answers_birth) settle(entry);
  }
  for (auto it = entries_.begin(); it != entries_.end();)
    it = !it->second.wanted && it->second.ever.empty() ? entries_.erase(it) : std::next(it);
  return out;
}

/// Home Assistant was there and has heard all of it: what is gone need not be remembered any longer.
void Announcer::settle(Entry& entry) {
  entry.ever = entry.wanted ? entry.wanted->components : std::vector<Component>{};
}

std::optional<Instant> Announcer::due() const {
  if (!up_) return std::nullopt;
  std::optional<Instant> next = answer_at_;
  for (const auto& [id, entry] : entries_) {
    if (entry.steps.empty()) continue;
    const Instant at = entry.said_at ? *entry.said_at + kApart : Instant{};
    if (!next || at < *next) next = at;
  }
  return next;
}

Announcement Announcer::welcome_back(Instant now) {
  for (auto& [id, entry] : entries_) {
    entry.deleted = false;
    if (entry.wanted) entry.ever = entry.wanted->components;
  }
  if (!up_) return {};
  plan_all(false);
  return {say_due(now), true, {}};
}

Publish Announcer::config(const std::string& id, std::string payload) const {
  return {config_topic(settings_, id), std::move(payload), 0, true, 0};
}
Publish Announcer::will() const { return {Topics(settings_.install).status(), "offline", 1, true, 0}; }

std::vector<std::string> Announcer::subscriptions() const {
  std::vector<std::string> all{settings_.birth_topic};
  for (const auto& [id, entry] : entries_) all.push_back(config_topic(settings_, id));
  return all;
}

std::vector<std::string> Announcer::deleted() const {
  std::vector<std::string> ids;
  for (const auto& [id, entry] : entries_)
    if (entry.deleted) ids.push_back(id);
  return ids;
}

}  // namespace lull
