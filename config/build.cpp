// Places, values and names.
#include "config/build.hpp"

#include <algorithm>

#include "config/password.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

const Node* scalar(const Place& place) {
  return place.node && place.node->is == Node::Is::scalar ? place.node : nullptr;
}

/// The index of a name, or a problem that says which name may have been meant.
std::optional<std::size_t> find(Building& b, const Place& at, const std::vector<std::string>& names,
                                const std::string& what) {
  const auto wanted = text(at);
  if (!wanted || wanted->empty()) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *wanted);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> known;
  for (const std::string& name : names)
    if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  std::string remedy = did_you_mean(*wanted, known);
  if (remedy.empty()) {
    std::vector<std::string> shown_names;
    for (std::size_t i = 0; i < known.size() && i < 8; ++i) shown_names.push_back(in_quotes(known[i]));
    remedy = known.empty() ? "; there is none in this file" : "; there is " + listed(shown_names, " and ");
  }
  b.problem(at, "is " + shown(*at.node) + ", but no " + what + " has this name" + remedy);
  return std::nullopt;
}

std::string kind_words(Kind kind) {
  std::string words(word_for(kind));
  std::replace(words.begin(), words.end(), '_', ' ');
  return (kind == Kind::aroma ? "an " : "a ") + words;
}

}  // namespace

Place Place::operator[](std::string_view key) const {
  const Node* found = node ? node->find(key) : nullptr;
  return {found, under(path, key)};
}

std::vector<Place> Place::each() const {
  std::vector<Place> all;
  if (!node) return all;
  if (node->is != Node::Is::list) return {*this};
  for (std::size_t i = 0; i < node->items.size(); ++i) all.push_back({&node->items[i], under(path, i)});
  return all;
}

std::optional<std::string> text(const Place& place) {
  const Node* node = scalar(place);
  return node ? std::optional(node->text) : std::nullopt;
}
std::optional<bool> boolean(const Place& place) {
  const Node* node = scalar(place);
  return node ? bool_from(node->text) : std::nullopt;
}
std::optional<double> number(const Place& place) {
  const Node* node = scalar(place);
  return node ? number_from(node->text) : std::nullopt;
}
std::optional<std::int64_t> whole(const Place& place) {
  const auto value = number(place);
  return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}
std::optional<milliseconds> duration(const Place& place) {
  const Node* node = scalar(place);
  return node ? duration_from(node->text) : std::nullopt;
}

std::optional<SleeperId> Building::sleeper(const Place& at) {
  const auto i = find(*this, at, sleeper_names, "sleeper");
  return i ? std::optional(SleeperId{static_cast<std::uint16_t>(*i)}) : std::nullopt;
}
std::optional<DeviceId> Building::device(const Place& at) {
  const auto i = find(*this, at, device_names, "device");
  return i ? std::optional(DeviceId{static_cast<std::uint16_t>(*i)}) : std::nullopt;
}
std::optional<DeviceId> Building::device(const Place& at, Kind kind) {
  const auto id = device(at);
  if (!id || id->index >= house().devices.size()) return id;
  const Kind is = house().devices[id->index].kind;
  if (is == kind) return id;
  std::vector<std::string> right;
  for (const Device& d : house().devices)
    if (d.kind == kind && right.size() < 8) right.push_back(in_quotes(d.name));
  problem(at, "is " + shown(*at.node) + ", which is " + kind_words(is) + ", must be " + kind_words(kind) +
                  (right.empty() ? "" : " such as " + listed(right)));
  return std::nullopt;
}
std::optional<std::string> Building::routine(const Place& at) {
  const auto i = find(*this, at, routine_names, "routine");
  return i ? std::optional(routine_names[*i]) : std::nullopt;
}
std::optional<std::string> Building::rule(const Place& at) {
  const auto i = find(*this, at, rule_names, "rule");
  return i ? std::optional(rule_names[*i]) : std::nullopt;
}

std::string beside(const Building& b, const std::string& name) {
  if (const std::string given = b.folder ? credential(name) : ""; !given.empty()) return given;
  return b.folder && !name.empty() && name.front() != '/' ? *b.folder + name : name;
}

void read_server(Building& b, const Place& at, WebServer server, std::uint16_t http_port) {
  const Place url = at["url"], file = at["token_file"];
  if (const auto written = text(url))
    if (const std::size_t begin = written->find("://"); begin != written->npos) {
      server.tls = written->substr(0, begin) == "https";
      server.port = server.tls ? 443 : http_port;
      read_host(b, url, std::string_view(*written).substr(begin + 3), server.host, server.port);
    }
  server.ca_file = beside(b, text(at["ca"]).value_or(""));
  if (at["ca"] && url && !server.tls) b.problem(at["ca"], "is of no use without TLS: write https:// in `url`");
  server.token_file = beside(b, text(file).value_or(""));
  // A hint and no problem: for want of a phone's token nobody shall be without their massage.
  if (b.folder && !server.token_file.empty())
    if (const auto token = read_password(server.token_file); !token) b.hint(file, token.error().what);
}

void read_about(const Place& at, std::set<Notify::Urgency>& about) {
  using Urgency = Notify::Urgency;
  if (!at) return;
  about.clear();
  for (const Place& kind : at.each())
    for (const Urgency u : {Urgency::summary, Urgency::notice, Urgency::restless, Urgency::fault})
      if (word_for(u) == text(kind).value_or("")) about.insert(u);
}

bool whose_is(Building& b, const Node::Entry& entry, const std::string& path, std::optional<SleeperId>& whose) {
  whose.reset();
  if (entry.key == "everybody") return true;
  Node name;
  name.is = Node::Is::scalar;
  name.text = entry.key;
  name.line = entry.line;
  name.column = entry.column;
  whose = b.sleeper({&name, path});
  return whose.has_value();
}

void claim(Building& b, const Place& place, const std::string& what, std::vector<std::string>& taken,
           const std::string& name) {
  if (!place) return;
  const std::string key = slug(name);
  if (key.empty()) {
    if (!name.empty())
      b.problem(place, "is " + in_quotes(name) + ", of which no id can be made; use some letter from a to z");
    return;
  }
  if (std::find(taken.begin(), taken.end(), key) != taken.end())
    b.problem(place, "is " + in_quotes(name) + ", and another " + what + " has this name already (id " + key +
                         "); give it a name of its own");
  taken.push_back(key);
}

}  // namespace lull::config
