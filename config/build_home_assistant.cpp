// Home Assistant's WebSocket: where it is, who may use it, whom it reaches.
#include <algorithm>

#include "config/build.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

void read_targets(const Place& at, PhonesOf& phones) {
  for (const Place& one : at.each())
    if (const auto written = text(one); written && !written->empty())
      if (std::find(phones.to.begin(), phones.to.end(), *written) == phones.to.end()) phones.to.push_back(*written);
}

}  // namespace

void build_home_assistant(Building& b) {
  const Place ha = Place{&b.root, ""}["home_assistant"];
  HomeAssistantSettings& h = b.settings.home_assistant;
  read_server(b, ha, {h.host, h.port, h.tls, h.ca_file, h.token_file}, 8123);
  for (const char* key : {"token_file", "ca"})
    if (ha[key] && !ha["url"]) b.problem(ha[key], "needs the `url` of Home Assistant beside it");
}

void build_phones(Building& b) {
  const Place ha = Place{&b.root, ""}["home_assistant"], notify = ha["notify"];
  if (!notify || notify.node->is != Node::Is::map) return;
  for (const Node::Entry& entry : notify.node->entries) {
    const Place at = notify[entry.key];
    PhonesOf phones;
    if (!whose_is(b, entry, at.path, phones.whose)) continue;
    const bool all = at.node->is == Node::Is::map;
    read_targets(all ? at["to"] : at, phones);
    if (all) read_about(at["about"], phones.about);
    phones.picture = all ? text(at["picture"]).value_or("") : "";
    if (!phones.to.empty()) b.settings.home_assistant.phones.push_back(std::move(phones));
  }
  if (!ha["url"] && !b.settings.home_assistant.phones.empty())
    b.hint(notify, "has no `url` beside it: these phones are reached only where Lull runs as an app of Home Assistant");
}

}  // namespace lull::config
