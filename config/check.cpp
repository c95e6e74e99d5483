// One walk over the file, one message a problem: what is there, and what would be right.
#include "config/check.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "config/units.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

using Is = Shape::Is;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string number_text(double value) {
  std::string text = std::to_string(value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Making a regex takes longer than the whole rest of a load, so each is made once.
bool matches(const std::string& text, const Shape& shape) {
  thread_local std::map<const Shape*, std::regex> made;
  auto found = made.find(&shape);
  if (found == made.end()) found = made.emplace(&shape, std::regex(shape.pattern)).first;
  return std::regex_search(text, found->second);
}

/// A bound as the household would write it.
std::string bound_text(const Shape& shape, double value) {
  switch (shape.is) {
    case Is::duration: return text_of(milliseconds{static_cast<std::int64_t>(value)});
    case Is::percent: return number_text(value) + "%";
    case Is::celsius: return number_text(value) + "°C";
    default: return number_text(value);
  }
}

/// The value in the shape's own unit, or nothing when it is not written as one.
std::optional<double> measured(const Shape& shape, const std::string& text) {
  switch (shape.is) {
    case Is::duration:
      if (const auto d = duration_from(text)) return static_cast<double>(d->count());
      return std::nullopt;
    case Is::percent: return percent_number(text);
    case Is::celsius: return celsius_number(text);
    case Is::kelvin: return kelvin_number(text);
    default: return number_from(text);
  }
}

/// How a number without its unit would have to be written.
std::string with_unit(const Shape& shape, const std::string& number) {
  switch (shape.is) {
    case Is::duration: return number + "min or " + number + "s";
    case Is::percent: return number + "%";
    case Is::celsius: return number + "°C";
    default: return number;
  }
}

class Walk {
 public:
  explicit Walk(Report& report) : report_(report) {}

  void value(const Node& node, const Shape& shape, const std::string& path) {
    const Shape* part = part_for(shape, node.is);
    if (!part || (node.is == Node::Is::scalar && part->is != Is::payload && plain_kind(node) == Plain::nothing)) {
      report_.problem(node, path, "is " + shown(node) + ", must be " + wanted(shape));
      return;
    }
    switch (part->is) {
      case Is::map: return map(node, *part, path);
      case Is::names: return names(node, *part, path);
      case Is::list: return list(node, *part, path);
      default: return scalar(node, *part, path);
    }
  }

 private:
  void scalar(const Node& node, const Shape& shape, const std::string& path) {
    const auto complain = [&](const std::string& what) { report_.problem(node, path, what); };
    const Plain plain = plain_kind(node);
    switch (shape.is) {
      case Is::payload:
        if (static_cast<double>(length_of(node.text)) > shape.high) complain(too_long(shape));
        return;
      case Is::text: return text(node, shape, path);
      case Is::word:
        if (!has(shape.words, node.text)) complain("is " + shown(node) + remedy(node.text, shape));
        return;
      case Is::boolean:
        if (!bool_from(node.text) || !node.plain) complain("is " + shown(node) + ", must be true or false");
        return;
      case Is::time:
        if (!time_from(node.text)) complain("is " + shown(node) + ", must be a time of day such as \"22:30\"");
        return;
      case Is::integer:
        if (plain != Plain::integer) return complain("is " + shown(node) + ", must be " + wanted(shape));
        break;
      case Is::number:
        if (plain != Plain::integer && plain != Plain::number)
          return complain("is " + shown(node) + ", must be " + wanted(shape));
        break;
      default: break;
    }
    if (shape.is == Is::percent && has(shape.words, node.text)) return;
    const auto measure = measured(shape, node.text);
    if (!measure) {
      const auto number = number_from(node.text);
      if (number && node.secret.empty() && shape.is != Is::number && shape.is != Is::integer && shape.is != Is::kelvin)
        return complain("is " + shown(node) + " without a unit; write " + with_unit(shape, node.text));
      return complain("is " + shown(node) + ", must be " + wanted(shape) + did_you_mean(node.text, shape.words));
    }
    if (!(*measure >= shape.low && *measure <= shape.high))
      complain("is " + (node.secret.empty() ? node.text : shown(node)) + ", must be " + range_text(shape));
  }

  static std::string too_long(const Shape& shape) {
    return "is too long, must have at most " + number_text(shape.high) + " characters";
  }

  /// A long list of words helps only who is far from all of them.
  static std::string remedy(const std::string& text, const Shape& shape) {
    const std::string near = did_you_mean(text, shape.words);
    return near.empty() || shape.words.size() <= 6 ? ", must be " + wanted(shape) + near
                                                   : ", which is not " + shape.title + near;
  }

  void text(const Node& node, const Shape& shape, const std::string& path) {
    const auto complain = [&](const std::string& what) { report_.problem(node, path, what); };
    if (plain_kind(node) != Plain::text)
      return complain("is " + shown(node) + ", which YAML does not read as a text; write it in quotes: \"" + node.text +
                      "\"");
    const auto size = static_cast<double>(length_of(node.text));
    if (size < shape.low) return complain("is empty, must be " + wanted(shape));
    if (size > shape.high) return complain(too_long(shape));
    if (node.text.find_first_of(std::string_view("\n\r\t\0", 4)) != std::string::npos)
      return complain("has a line break or a tab in it, must be one line");
    if (!shape.pattern.empty() && !matches(node.text, shape))
      complain("is " + shown(node) + ", must " + shape.pattern_says);
  }

  void list(const Node& node, const Shape& shape, const std::string& path) {
    const auto size = static_cast<double>(node.items.size());
    if (size < shape.low || size > shape.high) {
      const std::string right = shape.low == shape.high ? "exactly " + number_text(shape.low)
                                : size < shape.low      ? "at least " + number_text(shape.low)
                                                        : "at most " + number_text(shape.high);
      report_.problem(node, path, "has " + number_text(size) + " entries, must have " + right);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) value(node.items[i], *shape.item, under(path, i));
  }

  void names(const Node& node, const Shape& shape, const std::string& path) {
    if (static_cast<double>(node.entries.size()) > shape.high)
      report_.problem(
          node, path,
          "has " + std::to_string(node.entries.size()) + " entries, must have at most " + number_text(shape.high));
    doubles(node, path);
    for (const Node::Entry& entry : node.entries) {
      Node key;
      key.is = Node::Is::scalar;
      key.text = entry.key;
      key.line = entry.line;
      key.column = entry.column;
      value(key, name_shape(), under(path, entry.key));
      value(entry.value, *shape.item, under(path, entry.key));
    }
  }

  void map(const Node& node, const Shape& shape, const std::string& path) {
    doubles(node, path);
    const std::string choice = chosen(node, shape, path);
    std::vector<std::string> known;
    for (const Key& key : shape.keys)
      if (choice.empty() || allowed(shape, key, choice)) known.push_back(key.name);
    for (const Node::Entry& entry : node.entries) {
      const Key* found = nullptr;
      for (const Key& key : shape.keys)
        if (key.name == entry.key && (!found || allowed(shape, key, choice))) found = &key;
      const std::string at = under(path, entry.key);
      if (!found) {
        Node where = entry.value;
        where.line = entry.line;
        where.column = entry.column;
        report_.problem(where, at,
                        "is no key of " + shape.title + did_you_mean(entry.key, known) +
                            (nearest(entry.key, known).empty() ? "; known are " + listed(known, " and ") : ""));
        continue;
      }
      if (!choice.empty() && !has(shape.choices, entry.key) && !allowed(shape, *found, choice))
        report_.problem(entry.value, at, "goes only with " + listed(found->with) + ", not with " + choice);
      value(entry.value, *found->shape, at);
    }
    for (const Key& key : shape.keys)
      if (key.required && allowed(shape, key, choice) && !node.find(key.name))
        report_.problem(node, under(path, key.name), "is missing, must be " + wanted(*key.shape));
  }

  /// Which of the shape's choices this map makes; "" when there is none to make, or not exactly one was made.
  std::string chosen(const Node& node, const Shape& shape, const std::string& path) {
    if (shape.choices.empty()) return "";
    std::vector<std::string> made;
    for (const std::string& choice : shape.choices)
      if (node.find(choice)) made.push_back(choice);
    if (made.size() == 1) return made[0];
    report_.problem(
        node, path,
        (made.empty() ? "has none of " + listed(shape.choices) : "has " + listed(made, " and ") + " together") +
            ", must have exactly one of " + (made.empty() ? std::string("them") : listed(shape.choices)));
    return "";
  }

  static bool allowed(const Shape& shape, const Key& key, const std::string& choice) {
    if (has(shape.choices, key.name)) return choice.empty() || key.name == choice;
    return key.with.empty() || has(key.with, choice);
  }

  void doubles(const Node& node, const std::string& path) {
    std::set<std::string> seen;
    for (const Node::Entry& entry : node.entries) {
      if (seen.insert(entry.key).second) continue;
      Node where = entry.value;
      where.line = entry.line;
      where.column = entry.column;
      report_.problem(where, under(path, entry.key), "is written twice; keep one of them");
    }
  }

  Report& report_;
};

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, 80)) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out.substr(0, first_bad_utf8(out));  // the cut may have split a character
}

}  // namespace

void Report::problem(const Node& at, const std::string& path, std::string what) {
  if (problems.size() < kMaxProblems) {
    problems.push_back({file, at.line, at.column, path, std::move(what)});
  } else if (problems.size() == kMaxProblems) {
    problems.push_back(
        {file, 0, 0, "", "has more problems than these " + std::to_string(kMaxProblems) + "; they are shown first"});
  }
}

void Report::hint(const Node& at, const std::string& path, std::string what) {
  if (hints.size() < kMaxProblems) hints.push_back({file, at.line, at.column, path, std::move(what)});
}

void check(const Node& node, const Shape& shape, const std::string& path, Report& report) {
  Walk(report).value(node, shape, path);
}

std::string under(const std::string& path, std::string_view key) { return path + "/" + escaped(key); }
std::string under(const std::string& path, std::size_t index) { return path + "/" + std::to_string(index); }

const Shape* part_for(const Shape& shape, Node::Is is) {
  for (const Shape* part = &shape; part; part = part->also) {
    const bool fits = part->is == Is::list                           ? is == Node::Is::list
                      : part->is == Is::map || part->is == Is::names ? is == Node::Is::map
                      : part->is == Is::payload                      ? is == Node::Is::scalar || is == Node::Is::nothing
                                                                     : is == Node::Is::scalar;
    if (fits) return part;
  }
  return nullptr;
}

std::string range_text(const Shape& shape) {
  return bound_text(shape, shape.low) + " to " + bound_text(shape, shape.high);
}

std::string wanted(const Shape& shape) {
  std::vector<std::string> ways;
  for (const Shape* part = &shape; part; part = part->also) {
    std::string way;
    switch (part->is) {
      case Is::word: way = listed(part->words); break;
      case Is::boolean: way = "true or false"; break;
      case Is::integer: way = "a whole number from " + number_text(part->low) + " to " + number_text(part->high); break;
      case Is::number: way = "a number"; break;
      case Is::percent:
        way = part->words.empty() ? "a percentage such as " + part->example
                                  : listed(part->words, ", ") + " or a percentage such as " + part->example;
        break;
      case Is::map:
      case Is::names:
      case Is::list:
        way = part->is == Is::list || part->title.compare(0, 2, "a ") == 0 ? part->title : "a map of keys";
        break;
      case Is::text: way = part->title + " such as " + in_quotes(part->example); break;
      default: way = part->title + " such as " + part->example; break;
    }
    ways.push_back(way);
  }
  return listed(ways);
}

}  // namespace lull::config
