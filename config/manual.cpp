// The table of keys as Markdown: the reference part of docs/CONFIGURATION.md.
#include <set>

#include "config/check.hpp"
#include "config/load.hpp"
#include "config/shape.hpp"

namespace lull {
namespace config {
namespace {

using Is = Shape::Is;

class Manual {
 public:
  std::string whole() {
    map(root_shape());
    return out_;
  }

 private:
  static std::string cell(std::string text) {  // a bar would end the cell
    for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.replace(i, 1, "\\|");
    return text;
  }

  static bool is_map(const Shape& shape) { return shape.is == Is::map || shape.is == Is::names; }

  /// "Bedroom [a device](#a-device)": what to write there.
  static std::string kind_of(const Shape& shape) {
    std::string out;
    for (const Shape* part = &shape; part; part = part->also) {
      if (!out.empty()) out += ", or ";
      const Shape* named = part;
      if (part->is == Is::list || part->is == Is::names) {
        out += part->title;
        named = part->item;
        if (is_map(*named))
          out += " (each [" + named->title + "](#" + anchor(named->title) + "))";
        else if (part->is == Is::list && named->is == Is::word)
          out += " (" + wanted(*named) + ")";
        continue;
      }
      if (is_map(*part)) {
        out += "[" + part->title + "](#" + anchor(part->title) + ")";
        continue;
      }
      Shape alone = *part;  // its alternatives come next
      alone.also = nullptr;
      out += wanted(alone);
      if (part->high > part->low && (part->is == Is::duration || part->is == Is::celsius || part->is == Is::kelvin ||
                                     (part->is == Is::percent && (part->low != 0 || part->high != 100))))
        out += " (" + range_text(*part) + ")";
    }
    return out;
  }

  static std::string anchor(std::string title) {
    for (char& c : title)
      if (c == ' ') c = '-';
    return title;
  }

  void map(const Shape& shape) {
    if (!told_.insert(shape.title).second) return;
    out_ += "### " + shape.title + "\n\n" + shape.doc + "\n\n";
    if (!shape.choices.empty()) {
      out_ += "Exactly one of ";
      for (std::size_t i = 0; i < shape.choices.size(); ++i)
        out_ += (i == 0 ? "`" : i + 1 == shape.choices.size() ? " and `" : ", `") + shape.choices[i] + "`";
      out_ += ".\n\n";
    }
    out_ += "| key | what to write | what it does | left out |\n|---|---|---|---|\n";
    for (const Key& key : shape.keys) {
      std::string with;
      for (const std::string& choice : key.with) with += (with.empty() ? "with " : ", ") + choice;
      const bool must = key.required && key.with.empty();
      out_ += "| `" + key.name + "`" + (with.empty() ? "" : " (" + with + ")") + " | " + cell(kind_of(*key.shape)) +
              " | " + cell(key.doc) + " | " + (must || key.required ? "**needed**" : key.fallback) + " |\n";
    }
    out_ += "\n";
    for (const Key& key : shape.keys) inside(*key.shape);
  }

  void inside(const Shape& shape) {
    for (const Shape* part = &shape; part; part = part->also) {
      if (part->is == Is::map) map(*part);
      if (part->item && !(part->item == &shape)) {
        for (const Shape* item = part->item; item; item = item->also)
          if (item->is == Is::map && told_.count(item->title) == 0) map(*item);
      }
    }
  }

  std::string out_{};
  std::set<std::string> told_{};
};

}  // namespace
}  // namespace config

std::string keys_as_markdown() { return config::Manual{}.whole(); }

}  // namespace lull
