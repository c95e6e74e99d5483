// The table of keys: Wyoming, by which Assist can have Lull as its conversation agent.
#include "config/shape.hpp"

namespace lull::config {

using Is = Shape::Is;

const Shape& wyoming_shape() {
  static const Shape port{.is = Is::integer, .title = "a port", .low = 1, .high = 65535, .example = "10400"};
  static const Shape address{.is = Is::text,
                             .title = "an address",
                             .low = 1,
                             .high = 60,
                             .pattern = "^[0-9a-fA-F:.]+$",
                             .pattern_says = "be an IP address of this machine",
                             .example = "0.0.0.0"};
  static const Shape who{.is = Is::text,
                         .title = "an address or a network",
                         .low = 2,
                         .high = 60,
                         .pattern = "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$",
                         .pattern_says = "be an IP address such as 192.168.1.20, or a network such as 172.30.32.0/23",
                         .example = "192.168.1.20"};
  static const Shape several{
      .is = Is::list, .title = "a list of addresses or networks", .low = 1, .high = 8, .item = &who};
  static const Shape from = one_or_many(who, several);
  static const Shape time{.is = Is::time, .title = "a time of day", .example = "22:00"};
  static const Shape times{.is = Is::list, .title = "two times of day", .low = 2, .high = 2, .item = &time};
  static const Shape shape{
      .is = Is::map,
      .title = "wyoming",
      .doc =
          "Lull as the conversation agent of Assist, for its own sentences (docs/HOME_ASSISTANT.md). Wyoming knows no "
          "login: whoever reaches the port may say whatever a voice may say.",
      .keys = {{"port", &port, "The port to listen on. Home Assistant asks for it, and for this machine's address.",
                true},
               {"address", &address, "The address to listen on. Beyond this machine it needs `from`.", false,
                "127.0.0.1"},
               {"from", &from, "Who may speak: the address of Home Assistant, or a list. Everybody else is cut off.",
                false, "this machine alone"},
               {"whisper", &times,
                "Whispering hours: wishes are carried out, and nothing is said aloud. The same time twice: always an "
                "answer.",
                false, "[\"22:00\", \"07:00\"]"}},
      .definition = "wyoming"};
  return shape;
}

}  // namespace lull::config
