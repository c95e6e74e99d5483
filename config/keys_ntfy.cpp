// The table of keys: ntfy, for phones without Home Assistant.
#include "automations/house.hpp"
#include "config/shape.hpp"

namespace lull::config {

using Is = Shape::Is;

const Shape& ntfy_shape() {
  static const Shape url{.is = Is::text,
                         .title = "an address",
                         .low = 8,
                         .high = 300,
                         .pattern = "^https?://([^@:/\\s\\[\\]]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?/?$",
                         .pattern_says = "look like https://ntfy.sh",
                         .example = "https://ntfy.sh"};
  static const Shape file{.is = Is::text, .title = "a file", .low = 1, .high = 1000, .example = "ntfy.token"};
  static const Shape topic{.is = Is::text,
                           .title = "a topic",
                           .low = 1,
                           .high = 64,
                           .pattern = "^[-_A-Za-z0-9]{1,64}$",
                           .pattern_says = "be of letters, digits, - and _, such as lull-ana-q7Xw2mLp94",
                           .example = "lull-ana-q7Xw2mLp94"};
  static const Shape kind{
      .is = Is::word, .title = "a kind", .words = {"summary", "notice", "restless", "fault"}, .example = "summary"};
  static const Shape kinds{.is = Is::list, .title = "a list of kinds", .high = 4, .item = &kind};
  static const Shape whole{
      .is = Is::map,
      .title = "an ntfy topic",
      .doc = "Somebody's topic, and what is told there. Alarms are always told, with ntfy's highest priority.",
      .keys = {{"topic", &topic, "Its name.", true},
               {"about", &kinds,
                "`summary`: the morning, with the picture of the night. `fault`: a person should look; in the night it "
                "waits for the morning. `restless`: at once and silently. `notice`: what else Lull says.",
                false, "summary and fault"}},
      .definition = "ntfy_topic"};
  static const Shape whose = [] {
    Shape made = topic;
    made.also = &whole;
    return made;
  }();
  static const Shape topics{.is = Is::names, .title = "topics by name", .high = kMaxSleepers + 1, .item = &whose};
  static const Shape priority{
      .is = Is::word, .title = "a priority", .words = {"min", "low", "default", "high", "max"}, .example = "low"};
  static const Shape priorities{.is = Is::map,
                                .title = "ntfy_priorities",
                                .doc = "How loud each kind is. An alarm always has `max`.",
                                .keys = {{"summary", &priority, "The morning.", false, "default"},
                                         {"notice", &priority, "What else Lull says.", false, "low"},
                                         {"restless", &priority, "Restless legs, in the night.", false, "low"},
                                         {"fault", &priority, "A person should look.", false, "high"}},
                                .definition = "ntfy_priorities"};
  static const Shape shape{
      .is = Is::map,
      .title = "ntfy",
      .doc =
          "Whose phones are told things by ntfy, for who has no Home Assistant (or as a second road). Whoever knows a "
          "topic without a login may read it and write to it: keep its name long and to yourself, or `!secret`.",
      .keys = {{"url", &url, "The server. `http://` only for one on this machine.", true},
               {"topics", &topics,
                "Where to tell whom, by the sleeper's name (`everybody`: of nobody in particular). Each the name of a "
                "topic, or [an ntfy topic](#an-ntfy-topic).",
                true},
               {"token_file", &file,
                "A file whose first line is an access token that may write there. Only its owner may read it (mode "
                "600). Or give the token in the environment, as `LULL_NTFY_TOKEN`.",
                false, "none"},
               {"ca", &file, "The certificate authority that signed its certificate (PEM).", false, "the system's"},
               {"priorities", &priorities, "How loud each kind is.", false, "as [there](#ntfy_priorities)"}},
      .definition = "ntfy"};
  return shape;
}

}  // namespace lull::config
