// The table of keys as a JSON Schema, for editors. It says all that a schema can: structure, words, patterns, numbers.
#include <nlohmann/json.hpp>

#include <algorithm>

#include "config/check.hpp"
#include "config/load.hpp"
#include "config/shape.hpp"
#include "config/units.hpp"

namespace lull {
namespace config {
namespace {

using Json = nlohmann::ordered_json;
using Is = Shape::Is;

class Schema {
 public:
  Json whole() {
    Json root = in_place(root_shape());
    Json out = {
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", "Lull: a bedroom's configuration"},
        {"description", "Made from the table that the loader reads; docs/CONFIGURATION.md explains every key."}};
    out.update(root);
    out["definitions"] = definitions_;
    return out;
  }

 private:
  /// A shape where it is used: by reference when it has a name, with its alternatives when it has some.
  Json use(const Shape& shape) {
    if (shape.also) {
      Json any = Json::array();
      for (const Shape* part = &shape; part; part = part->also) any.push_back(single(*part));
      return {{"anyOf", any}};
    }
    return single(shape);
  }
  Json single(const Shape& shape) {
    if (shape.is == Is::duration) {  // a pattern cannot hold a range, so one definition serves all
      definitions_["duration"] = {
          {"type", "string"}, {"pattern", kDurationPattern}, {"examples", {"30min", "90s", "1h30min"}}};
      return {{"$ref", "#/definitions/duration"}};
    }
    if (shape.definition.empty()) return in_place(shape);
    if (!definitions_.contains(shape.definition)) {
      definitions_[shape.definition] = nullptr;  // it is known now: a condition holds conditions
      Json made = in_place(shape);
      definitions_[shape.definition] = std::move(made);
    }
    return {{"$ref", "#/definitions/" + shape.definition}};
  }

  Json in_place(const Shape& shape) {
    Json out;
    const auto text = [&](const char* pattern) { out = {{"type", "string"}, {"pattern", pattern}}; };
    switch (shape.is) {
      case Is::text:
        out = {{"type", "string"},
               {"minLength", static_cast<int>(shape.low)},
               {"maxLength", static_cast<int>(shape.high)}};
        if (!shape.pattern.empty()) out["pattern"] = shape.pattern;
        break;
      case Is::payload:
        out = {{"type", {"string", "number", "boolean", "null"}}, {"maxLength", static_cast<int>(shape.high)}};
        break;
      case Is::word: out = {{"enum", shape.words}}; break;
      case Is::number: out = {{"type", "number"}, {"minimum", shape.low}, {"maximum", shape.high}}; break;
      case Is::integer:
        out = {
            {"type", "integer"}, {"minimum", static_cast<int>(shape.low)}, {"maximum", static_cast<int>(shape.high)}};
        break;
      case Is::boolean: out = {{"enum", {true, false, "yes", "no", "on", "off"}}}; break;
      case Is::duration: text(kDurationPattern); break;
      case Is::percent:
        text(kPercentPattern);
        if (!shape.words.empty()) out = {{"anyOf", {{{"enum", shape.words}}, out}}};
        break;
      case Is::celsius: text(kCelsiusPattern); break;
      case Is::kelvin:
        out = {{"anyOf",
                {{{"type", "number"}, {"minimum", shape.low}, {"maximum", shape.high}},
                 {{"type", "string"}, {"pattern", kKelvinPattern}}}}};
        break;
      case Is::time: text(kTimePattern); break;
      case Is::list:
        out = {{"type", "array"},
               {"minItems", static_cast<int>(shape.low)},
               {"maxItems", static_cast<int>(shape.high)},
               {"items", use(*shape.item)}};
        break;
      case Is::names:
        out = {{"type", "object"},
               {"maxProperties", static_cast<int>(shape.high)},
               {"propertyNames", use(name_shape())},
               {"additionalProperties", use(*shape.item)}};
        break;
      case Is::map: out = map(shape); break;
    }
    if (!shape.doc.empty()) out["description"] = shape.doc;
    if (!shape.example.empty() && shape.is != Is::word && shape.is != Is::boolean) out["examples"] = {shape.example};
    return out;
  }

  Json map(const Shape& shape) {
    const bool tells_apart =
        std::any_of(shape.keys.begin(), shape.keys.end(), [](const Key& key) { return !key.with.empty(); });
    if (!tells_apart) {
      Json out = closed(shape, "");
      if (!shape.choices.empty()) {
        Json one = Json::array();
        for (const std::string& choice : shape.choices) one.push_back({{"required", {choice}}});
        out["oneOf"] = one;
      }
      return out;
    }
    Json one = Json::array();
    for (const std::string& choice : shape.choices) one.push_back(closed(shape, choice));
    return {{"type", "object"}, {"oneOf", one}};
  }

  /// The keys that go with this choice ("": all of them), and no others.
  Json closed(const Shape& shape, const std::string& choice) {
    Json properties = Json::object(), required = Json::array();
    for (const Key& key : shape.keys) {
      const bool is_choice = std::find(shape.choices.begin(), shape.choices.end(), key.name) != shape.choices.end();
      if (!choice.empty() && is_choice && key.name != choice) continue;
      if (!choice.empty() && !key.with.empty() && std::find(key.with.begin(), key.with.end(), choice) == key.with.end())
        continue;
      Json value = use(*key.shape);
      // Beside a $ref draft 7 ignores everything else, so the key's own words go around it.
      if (value.contains("$ref")) value = {{"allOf", {value}}};
      const bool ranged = key.shape->is == Is::duration || key.shape->is == Is::celsius;
      value["description"] = key.doc + (ranged ? " From " + range_text(*key.shape) + "." : "") +
                             (key.fallback.empty() ? "" : " Left out: " + key.fallback + ".");
      properties[key.name] = std::move(value);
      if (key.required || (!choice.empty() && key.name == choice)) required.push_back(key.name);
    }
    Json out = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    if (!required.empty()) out["required"] = required;
    return out;
  }

  Json definitions_ = Json::object();
};

}  // namespace
}  // namespace config

std::string json_schema() { return config::Schema{}.whole().dump(2) + "\n"; }

}  // namespace lull
