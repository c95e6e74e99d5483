// The table of keys of a device's own messages: what to hear, what to say, and what else to say with an OFF.
#include "config/shape.hpp"

namespace lull::config {
namespace {

using Is = Shape::Is;

}  // namespace

Shape one_or_many(const Shape& one, const Shape& list) {
  Shape shape = one;
  shape.also = &list;
  return shape;
}

const Shape& messages_shape() {
  static const Shape payload{.is = Is::payload, .title = "a payload", .low = 0, .high = 2000, .example = "ON"};
  static const Shape message{
      .is = Is::map,
      .title = "a message",
      .doc =
          "One message to send. In the payload `{level}`, `{seconds}`, `{kelvin}` and `{celsius}` are replaced by "
          "numbers.",
      .keys = {{"topic", &topic_shape(), "Where to.", true}, {"payload", &payload, "What.", true}},
      .definition = "message"};
  static const Shape messages{.is = Is::list, .title = "a list of messages", .low = 1, .high = 4, .item = &message};
  static const Shape some = one_or_many(message, messages);
  return some;
}

const Shape& says_shape() {
  const Shape& some = messages_shape();
  static const Shape shape{
      .is = Is::map,
      .title = "says",
      .doc = "What to send to a device of dialect `mqtt`. Each is one message or a list of at most 4.",
      .keys = {{"on", &some,
                "Turns it on, or sets its level. With `{seconds}` in it the device gets its own time to stop."},
               {"off", &some, "Turns it off."},
               {"ask", &some, "Asks for its state.", false, "it is not asked"},
               {"arm", &some, "Writes its own auto-off of `{seconds}`, which has to be heard back as `auto_off`.",
                false, "it has none"}},
      .definition = "says"};
  return shape;
}

const Shape& hears_shape() {
  static const Shape pointer{.is = Is::text,
                             .title = "a JSON pointer",
                             .low = 0,
                             .high = 200,
                             .pattern = "^(/.*)?$",
                             .pattern_says = "be empty or begin with a slash",
                             .example = "/state"};
  static const Shape means{.is = Is::word,
                           .title = "a meaning",
                           .words = {"on", "level", "watts", "celsius", "timer_left", "auto_off", "occupied",
                                     "movement", "action", "reachable", "battery", "heart_rate"},
                           .example = "on"};
  static const Shape payload{.is = Is::payload, .title = "a payload", .low = 0, .high = 200, .example = "ON"};
  static const Shape scale{
      .is = Is::number, .title = "a number", .low = -1'000'000, .high = 1'000'000, .example = "0.1"};
  static const Shape one{
      .is = Is::map,
      .title = "hears",
      .doc = "One thing to listen for on a device of dialect `mqtt`.",
      .keys = {{"topic", &topic_shape(), "Where it is said.", true},
               {"pointer", &pointer, "Where in the message, as a JSON pointer.", false, "the whole message"},
               {"means", &means, "What it tells.", true},
               {"yes", &payload, "The value that means on, occupied or reachable."},
               {"no", &payload, "The value that means off, empty or gone."},
               {"scale", &scale, "The number times this is in percent, watts, °C or seconds.", false, "1"}},
      .definition = "hears"};
  static const Shape shape{.is = Is::list, .title = "a list of things to hear", .low = 1, .high = 16, .item = &one};
  return shape;
}

}  // namespace lull::config
