// What a configuration may hold, described once. The loader, the editor's schema and the manual all walk this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lull::config {

struct Shape;

struct Key {
  std::string name;
  const Shape* shape = nullptr;
  std::string doc;  // for a person, one or two sentences
  bool required = false;
  std::string fallback{};           // what holds when it is left out, in words
  std::vector<std::string> with{};  // only beside one of these choices; empty: always
};

/// One kind of value. A place that may hold several (a word or a map) chains them by `also`, one a YAML kind, so that
/// every problem can be named against exactly one of them.
struct Shape {
  enum class Is {
    text,     // in quotes where it would read as a number
    payload,  // any scalar, kept as written
    word,     // one of `words`
    number,
    integer,
    boolean,
    duration,  // with unit; low and high in milliseconds
    percent,   // with unit, or one of `words`
    celsius,
    kelvin,
    time,
    list,   // of `item`
    map,    // of `keys`
    names,  // a map whose keys are names the household chooses, each with an `item`
  };
  Is is{};
  std::string title{};       // what a person calls it: "a light track"; also its heading in the manual
  std::string doc{};         // said once, above its keys in the manual
  double low = 0, high = 0;  // inclusive: numbers, milliseconds, degrees, characters, items
  std::vector<std::string> words{};
  std::string pattern{}, pattern_says{};  // of texts (ECMAScript), and what it means
  std::string example{};
  const Shape* item = nullptr;
  std::vector<Key> keys{};
  std::vector<std::string> choices{};  // exactly one of these keys has to be there
  std::string definition{};            // its name in the schema; empty: written in place
  const Shape* also = nullptr;
};

/// The whole file.
const Shape& root_shape();

// Its parts, each in its own file of the table.
const Shape& broker_shape();
const Shape& home_assistant_shape();
const Shape& http_shape();
const Shape& ntfy_shape();
const Shape& wyoming_shape();
const Shape& preflight_shape();
const Shape& limits_shape();
const Shape& sleepers_shape();
const Shape& devices_shape();
const Shape& routines_shape();
const Shape& rules_shape();

// Shapes that several parts use.
const Shape& name_shape();      // a name that is spoken and shown
const Shape& topic_shape();     // an MQTT topic without wildcards
const Shape& level_shape();     // low, medium, high or a percentage
const Shape& switch_shape();    // true or false
const Shape& on_off_shape();    // on or off
const Shape& messages_shape();  // one message to send, or a list of at most four
const Shape& says_shape();
const Shape& hears_shape();
Shape one_or_many(const Shape& one, const Shape& list);  // a list of these, or just one of them
Shape duration_between(double low_ms, double high_ms, std::string example);

}  // namespace lull::config
