// Home Assistant's WebSocket: where it is, who may use it, whom it reaches.
#include <algorithm>

#include "config/build.hpp"
#include "config/password.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

/// "http://homeassistant.local:8123" or "https://home.example". Its own port without TLS; a proxy's with it.
void read_url(Building& b, const Place& at, HomeAssistantSettings& h) {
  std::string_view url = at.node->text;
  const std::size_t begin = url.find("://");
  if (begin == url.npos) return;
  h.tls = url.substr(0, begin) == "https";
  h.port = h.tls ? 443 : 8123;
  url.remove_prefix(begin + 3);
  read_host(b, at, url, h.host, h.port);
}

void read_targets(const Place& at, PhonesOf& phones) {
  for (const Place& one : at.each())
    if (const auto written = text(one); written && !written->empty())
      if (std::find(phones.to.begin(), phones.to.end(), *written) == phones.to.end()) phones.to.push_back(*written);
}

}  // namespace

void build_home_assistant(Building& b) {
  const Place ha = Place{&b.root, ""}["home_assistant"];
  HomeAssistantSettings& h = b.settings.home_assistant;
  if (const Place url = ha["url"]; text(url)) read_url(b, url, h);
  h.ca_file = text(ha["ca"]).value_or("");
  if (ha["ca"] && ha["url"] && !h.tls) b.problem(ha["ca"], "is of no use without TLS: write https:// in `url`");
  for (const char* key : {"token_file", "ca"})
    if (ha[key] && !ha["url"]) b.problem(ha[key], "needs the `url` of Home Assistant beside it");
  const Place file = ha["token_file"];
  if (const auto name = text(file)) {
    h.token_file = beside(b, *name);
    // A hint and no problem: for want of a phone's token nobody shall be without their massage.
    if (b.folder && !name->empty())
      if (const auto token = read_password("", h.token_file); !token) b.hint(file, token.error().what);
  }
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
    if (all && at["about"]) {
      phones.about.clear();
      for (const Place& kind : at["about"].each())
        if (const auto known = urgency_for(text(kind).value_or(""))) phones.about.insert(*known);
    }
    phones.picture = all ? text(at["picture"]).value_or("") : "";
    if (!phones.to.empty()) b.settings.home_assistant.phones.push_back(std::move(phones));
  }
  if (!ha["url"] && !b.settings.home_assistant.phones.empty())
    b.hint(notify, "has no `url` beside it: these phones are reached only where Lull runs as an app of Home Assistant");
}

}  // namespace lull::config
