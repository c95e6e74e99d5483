// Built once from the house; looked up once a message.
#include "bridge/router.hpp"

#include <algorithm>
#include <iterator>

#include "devices/dialects/home_assistant_entity.hpp"

namespace lull {

Router::Router(const House& house) : house_(house) {
  for (std::uint16_t i = 0; i < house.devices.size(); ++i) {
    const Device& device = house.devices[i];
    const Dialect* dialect = dialect_called(device.speaks);
    dialects_.push_back(dialect);  // never null: the configuration names only dialects that exist
    const Road way = road(DeviceId{i});
    for (const std::string& topic : dialect->topics(device)) {
      std::vector<Hearers>& all = hearers_[static_cast<std::size_t>(way)][topic];
      auto it = std::find_if(all.begin(), all.end(), [&](const Hearers& h) { return h.dialect == dialect; });
      if (it == all.end()) it = all.insert(all.end(), {dialect, {}});
      it->listeners.push_back({DeviceId{i}, &device});
      // What several devices of a dialect listen to is their bridge's; those topics are told by name in the dialect.
      const bool bridge = topic.find("/bridge/") != std::string::npos;
      auto& list = way == Road::home_assistant ? topics_.entities : bridge ? topics_.bridges : topics_.devices;
      if (std::find(list.begin(), list.end(), topic) == list.end()) list.push_back(topic);
    }
  }
}

Router::Road Router::road(DeviceId id) const {
  return entity::is_reached_there(house_.devices[id.index]) ? Road::home_assistant : Road::mqtt;
}

Heard Router::hear(const Incoming& message, Road road) const {
  Heard all;
  const auto& hearers_there = hearers_[static_cast<std::size_t>(road)];
  const auto found = hearers_there.find(message.topic);
  if (found == hearers_there.end()) return all;
  for (const Hearers& hearers : found->second) {
    Heard heard = hearers.dialect->hear(hearers.listeners, message);
    std::move(heard.news.begin(), heard.news.end(), std::back_inserter(all.news));
    std::move(heard.problems.begin(), heard.problems.end(), std::back_inserter(all.problems));
    if (!all.sent) all.sent = std::move(heard.sent);  // one message was sent once, whoever could read when
  }
  return all;
}

std::vector<Outgoing> Router::say(const SafeCommand& command, Instant now) const {
  return dialects_[command.device().index]->say(house_.devices[command.device().index], command, now);
}
std::vector<Outgoing> Router::ask(DeviceId id) const { return dialects_[id.index]->ask(house_.devices[id.index]); }
std::vector<Outgoing> Router::arm(DeviceId id, Timer timer, seconds value) const {
  return dialects_[id.index]->arm(house_.devices[id.index], timer, value);
}
std::vector<Outgoing> Router::off(DeviceId id) const {
  return off_words(*dialects_[id.index], id, house_.devices[id.index]);
}
std::vector<Outgoing> Router::ask_bridge(DeviceId id) const {
  const Dialect& dialect = *dialects_[id.index];
  return dialect.ask_bridge ? dialect.ask_bridge(house_.devices[id.index]) : std::vector<Outgoing>{};
}

std::vector<Outgoing> Router::also_off(DeviceId id) const {
  std::vector<Outgoing> words;
  for (const Mapping::Says& said : house_.devices[id.index].also_off) words.push_back({said.topic, said.payload});
  return words;
}

std::vector<std::string> Router::command_topics(DeviceId id) const {
  if (road(id) != Road::mqtt) return {};
  return dialects_[id.index]->command_topics(house_.devices[id.index]);
}
std::vector<std::string> Router::command_topics(DeviceId id, const std::string& address) const {
  if (road(id) != Road::mqtt) return {};
  Device known_as = house_.devices[id.index];
  known_as.at = address;
  return dialects_[id.index]->command_topics(known_as);
}

std::vector<std::string> Router::topics_of(DeviceId id) const {
  if (road(id) != Road::mqtt) return {};
  std::vector<std::string> all = dialects_[id.index]->topics(house_.devices[id.index]);
  std::erase_if(all, [](const std::string& topic) { return topic.find("/bridge/") != std::string::npos; });
  return all;
}

}  // namespace lull
