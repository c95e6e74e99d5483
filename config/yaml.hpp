// A configuration file as a tree that remembers lines and columns. Bounded, so that no file can exhaust memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.hpp"

namespace lull::config {

inline constexpr std::size_t kMaxFile = 1u << 20;  // bytes; a household's file has three thousand
inline constexpr std::size_t kMaxNodes = 20'000;   // aliases counted as what they stand for ("billion laughs")
inline constexpr int kMaxDepth = 24;
inline constexpr std::size_t kMaxProblems = 200;  // then one more says that there are more

/// One value of the file. Scalars keep their text as written: what it means is decided by who asks for it.
struct Node {
  enum class Is { nothing, scalar, list, map };
  struct Entry;
  Is is = Is::nothing;
  std::string text{};        // of a scalar, a secret's value included
  std::string secret{};      // the name of the secret the text came from: then it is never shown
  bool plain = false;        // written without quotes: `5` and `true` are no texts then
  int line = 0, column = 0;  // from 1
  std::vector<Node> items{};
  std::vector<Entry> entries;  // in the file's order, doubles included

  const Node* find(std::string_view key) const;
};
struct Node::Entry {
  std::string key;
  int line = 0, column = 0;
  Node value;
};

/// What `!secret name` stands for: the file beside the configuration, as in Home Assistant and ESPHome.
struct Secrets {
  std::string file = "secrets.yaml";
  bool found = false;
  std::vector<std::pair<std::string, std::string>> values{};
};

/// Reads one YAML document. Whatever the text holds, it returns: what is wrong goes to `problems`, and then the tree is
/// what could be read until there (mostly nothing).
Node parse(std::string_view text, const std::string& file, const Secrets& secrets, std::vector<Problem>& problems);

/// The kind of a plain scalar by YAML 1.2: what an editor's schema sees.
enum class Plain { text, number, integer, boolean, nothing };
Plain plain_kind(const Node& node);

/// How a value is shown in a problem: short, printable, never a secret.
std::string shown(const Node& node);

}  // namespace lull::config
