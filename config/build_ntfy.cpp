// ntfy: where it is, who may use it, whom it reaches and how loud.
#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

using Urgency = Notify::Urgency;

constexpr std::size_t kHardToGuess = 12;  // letters of a topic that no login protects

void read_topics(Building& b, const Place& topics, NtfySettings& n, bool login) {
  if (!topics || topics.node->is != Node::Is::map) return;
  for (const Node::Entry& entry : topics.node->entries) {
    const Place at = topics[entry.key];
    const bool all = at.node->is == Node::Is::map;
    const Place name = all ? at["topic"] : at;
    NtfyTopic topic{std::nullopt, text(name).value_or("")};
    if (!whose_is(b, entry, at.path, topic.whose)) continue;
    if (all) read_about(at["about"], topic.about);
    if (topic.name.empty()) continue;
    if (!login && topic.name.size() < kHardToGuess)
      b.hint(name,
             "is short: without a login, by `token_file` or LULL_NTFY_TOKEN, whoever guesses it reads what it is told, "
             "and can write to that phone. A long one is safer, which nobody can guess");
    n.topics.push_back(std::move(topic));
  }
}

void read_priorities(const Place& at, NtfySettings& n) {
  constexpr std::array<std::string_view, 5> kWords{"min", "low", "default", "high", "max"};
  for (const Urgency u : {Urgency::summary, Urgency::notice, Urgency::restless, Urgency::fault})
    if (const auto word = text(at[word_for(u)]))
      if (const auto found = std::find(kWords.begin(), kWords.end(), *word); found != kWords.end())
        n.priorities[static_cast<std::size_t>(u)] = static_cast<int>(found - kWords.begin()) + 1;
}

}  // namespace

void build_ntfy(Building& b) {
  const Place at = Place{&b.root, ""}["ntfy"];
  if (!at) return;
  NtfySettings& n = b.settings.ntfy;
  read_server(b, at, {n.host, n.port, n.tls, n.ca_file, n.token_file}, 80);
  const bool numeric = n.host.find_first_not_of("0123456789.") == n.host.npos;
  const bool here = n.host == "localhost" || n.host == "::1" || (numeric && n.host.rfind("127.", 0) == 0);
  if (!n.tls && !here)
    b.problem(at["url"],
              "must begin with https://: what is told there is about somebody's nights, and would be open on the way");
  read_topics(b, at["topics"], n, !n.token_file.empty());
  read_priorities(at["priorities"], n);
}

}  // namespace lull::config
