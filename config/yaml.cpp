// The only file that knows yaml-cpp: its events become our tree, its exceptions become problems.
#include "config/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <map>
#include <regex>
#include <sstream>

#include "config/words.hpp"

namespace lull::config {
namespace {

struct TooMuch {  // thrown by the builder, caught in parse(): yaml-cpp offers no other way to stop
  int line, column;
  std::string what;
};

class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, const std::string& file, const Secrets& secrets, std::vector<Problem>& problems)
      : text_(text), file_(file), secrets_(secrets), problems_(problems) {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(at(mark, Node::Is::nothing), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw TooMuch{mark.line + 1, mark.column + 1, "refers to a value that holds itself"};
    count(found->second.second, mark);
    if (open_.size() + static_cast<std::size_t>(depth(found->second.first)) > kMaxDepth) too_deep(mark);
    put(found->second.first, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = at(mark, Node::Is::scalar);
    node.text = value;
    node.plain = tag == "?" || tag.empty();
    if (tag == "!secret") {
      look_up(node);
    } else if (!node.plain && tag != "!") {
      complain(node, "has the tag " + in_quotes(tag) + ", which Lull does not know; it knows !secret NAME");
    }
    put(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Is::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Is::map);
  }
  void OnMapEnd() override { close(); }

  Node root{};

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::size_t first_count = 0;
    bool awaits_value = false;  // a map whose key was read
    Node::Entry entry{};
  };

  Node at(const YAML::Mark& mark, Node::Is is) const {
    Node node;
    node.is = is;
    node.line = mark.line + 1;
    node.column = mark.column + 1;  // in bytes; an editor counts characters
    const std::size_t begin = lines_[std::min(lines_.size() - 1, static_cast<std::size_t>(std::max(0, mark.line)))];
    const auto bytes = static_cast<std::size_t>(std::max(0, mark.column));
    node.column -= static_cast<int>(bytes - length_of(text_.substr(begin, bytes)));
    return node;
  }
  static int depth(const Node& node) {
    int deepest = 0;
    for (const Node& item : node.items) deepest = std::max(deepest, depth(item));
    for (const Node::Entry& entry : node.entries) deepest = std::max(deepest, depth(entry.value));
    return deepest + 1;
  }
  [[noreturn]] static void too_deep(const YAML::Mark& mark) {
    throw TooMuch{mark.line + 1, mark.column + 1, "is nested deeper than " + std::to_string(kMaxDepth) + " levels"};
  }
  void complain(const Node& node, std::string what) {
    if (problems_.size() < kMaxProblems) problems_.push_back({file_, node.line, node.column, "", std::move(what)});
  }
  void count(std::size_t nodes, const YAML::Mark& mark) {
    count_ += nodes;
    if (count_ > kMaxNodes)
      throw TooMuch{mark.line + 1, mark.column + 1,
                    "makes more than " + std::to_string(kMaxNodes) + " values of this file; a bedroom needs fewer"};
  }
  void look_up(Node& node) {
    node.secret = node.text;
    for (const auto& [name, value] : secrets_.values)
      if (name == node.secret) {
        node.text = value;
        return;
      }
    std::vector<std::string> known;
    for (const auto& [name, value] : secrets_.values) known.push_back(name);
    complain(node,
             "names the secret " + in_quotes(node.secret) +
                 (secrets_.found ? ", which " + secrets_.file + " does not have" + did_you_mean(node.secret, known)
                                 : ", but there is no " + secrets_.file + " beside this file"));
    node.text.clear();
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Is is) {
    if (open_.size() + 1 >= kMaxDepth) too_deep(mark);
    count(1, mark);
    Open next;
    next.node = at(mark, is);
    next.anchor = anchor;
    next.first_count = count_ - 1;
    if (!tag.empty() && tag != "?" && tag != "!")
      complain(next.node, "has the tag " + in_quotes(tag) + ", which Lull does not know; it knows !secret NAME");
    open_.push_back(std::move(next));
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = {done.node, count_ - done.first_count};
    attach(std::move(done.node));
  }
  void put(Node node, YAML::anchor_t anchor) {
    if (++count_ > kMaxNodes)
      throw TooMuch{node.line, node.column,
                    "makes more than " + std::to_string(kMaxNodes) + " values of this file; a bedroom needs fewer"};
    if (anchor != 0) anchors_[anchor] = {node, 1};
    attach(std::move(node));
  }
  void attach(Node node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is == Node::Is::list) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.awaits_value) {
      parent.entry.value = std::move(node);
      parent.node.entries.push_back(std::move(parent.entry));
      parent.entry = {};
      parent.awaits_value = false;
    } else {
      if (node.is != Node::Is::scalar) complain(node, "cannot be a key; a key is one word or a name in quotes");
      parent.entry = {node.text, node.line, node.column, {}};
      parent.awaits_value = true;
    }
  }

  std::string_view text_;
  std::vector<std::size_t> lines_{0};
  const std::string& file_;
  const Secrets& secrets_;
  std::vector<Problem>& problems_;
  std::vector<Open> open_{};
  std::map<YAML::anchor_t, std::pair<Node, std::size_t>> anchors_{};  // the value and how many nodes it is
  std::size_t count_ = 0;
};

/// The place of byte `offset`, from 1.
std::pair<int, int> place_of(std::string_view text, std::size_t offset) {
  int line = 1, column = 1;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++column;
    }
  }
  return {line, column};
}

/// What keeps a text from being read at all: its size, its encoding, control characters.
bool is_readable(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  const auto complain = [&](std::size_t offset, std::string what) {
    const auto [line, column] = place_of(text, offset);
    problems.push_back({file, line, column, "", std::move(what)});
    return false;
  };
  if (text.size() > kMaxFile) {
    problems.push_back({file, 0, 0, "", "has " + std::to_string(text.size()) + " bytes, must have at most 1 MiB"});
    return false;
  }
  if (const std::size_t bad = first_bad_utf8(text); bad < text.size())
    return complain(bad, "is not UTF-8 here; save the file as UTF-8");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
      return complain(i, "has a control character here, which no configuration needs; delete it");
  }
  return true;
}

/// yaml-cpp's own words, where they help nobody, in words that name the cure.
std::string in_our_words(const std::string& said, std::string_view text, int line) {
  std::string_view rest = text;
  for (int i = 1; i < line && !rest.empty(); ++i) {
    const std::size_t end = rest.find('\n');
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  const std::string_view now = rest.substr(0, rest.find('\n'));
  const std::size_t first = now.find_first_not_of(" \t");
  if (first != std::string_view::npos && now.substr(0, first).find('\t') != std::string_view::npos)
    return "is indented with a tab; YAML wants spaces";
  if (said.find("illegal map value") != std::string::npos)
    return "has a colon where no key can be; check the indentation, or put the text in quotes";
  if (said.find("end of map") != std::string::npos || said.find("end of sequence") != std::string::npos)
    return said + "; check the indentation of this line and the brackets before it";
  return said;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Node parse(std::string_view text, const std::string& file, const Secrets& secrets, std::vector<Problem>& problems) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);  // a byte order mark, as Windows editors write it
  if (!is_readable(text, file, problems)) return {};
  std::istringstream in{std::string(text)};
  Builder builder(text, file, secrets, problems);
  try {
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
    Node root = std::move(builder.root);
    Builder second(text, file, secrets, problems);
    if (parser.HandleNextDocument(second))
      problems.push_back({file, second.root.line, second.root.column, "",
                          "begins a second document after `---`; a configuration is one document"});
    return root;
  } catch (const TooMuch& e) {
    problems.push_back({file, e.line, e.column, "", e.what});
  } catch (const YAML::Exception& e) {
    problems.push_back({file, e.mark.line + 1, e.mark.column + 1, "",
                        "cannot be read: " + in_our_words(e.msg, text, e.mark.line + 1)});
  } catch (const std::exception& e) {
    problems.push_back({file, 0, 0, "", std::string("cannot be read: ") + e.what()});
  }
  return {};
}

Plain plain_kind(const Node& node) {
  if (node.is == Node::Is::nothing) return Plain::nothing;
  if (!node.plain || !node.secret.empty() || node.text.size() > 40) return Plain::text;
  const std::string& t = node.text;
  if (t.empty() || t == "~" || t == "null" || t == "Null" || t == "NULL") return Plain::nothing;
  if (t == "true" || t == "True" || t == "TRUE" || t == "false" || t == "False" || t == "FALSE") return Plain::boolean;
  static const std::regex integer("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
  static const std::regex number(
      "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  if (std::regex_match(t, integer)) return Plain::integer;
  if (std::regex_match(t, number)) return Plain::number;
  return Plain::text;
}

std::string shown(const Node& node) {
  switch (node.is) {
    case Node::Is::nothing: return "empty";
    case Node::Is::list: return "a list";
    case Node::Is::map: return "a map of keys";
    case Node::Is::scalar: break;
  }
  if (!node.secret.empty()) return "the secret " + in_quotes(node.secret);
  if (plain_kind(node) == Plain::nothing) return "empty";
  return plain_kind(node) == Plain::text ? in_quotes(node.text) : node.text;
}

}  // namespace lull::config
