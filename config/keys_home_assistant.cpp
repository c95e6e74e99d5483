// The table of keys: Home Assistant, and the phones it reaches.
#include "automations/house.hpp"
#include "config/shape.hpp"

namespace lull::config {

using Is = Shape::Is;

const Shape& home_assistant_shape() {
  static const Shape payload{.is = Is::text, .title = "a payload", .low = 1, .high = 60, .example = "online"};
  static const Shape url{.is = Is::text,
                         .title = "an address",
                         .low = 8,
                         .high = 300,
                         .pattern = "^https?://([^@:/\\s\\[\\]]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?/?$",
                         .pattern_says = "look like http://homeassistant.local:8123",
                         .example = "http://homeassistant.local:8123"};
  static const Shape file{.is = Is::text, .title = "a file", .low = 1, .high = 1000, .example = "home_assistant.token"};
  static const Shape target{.is = Is::text,
                            .title = "an action",
                            .low = 1,
                            .high = 120,
                            .pattern = "^(notify\\.)?[a-z0-9_]+$",
                            .pattern_says = "be an action such as notify.mobile_app_pixel",
                            .example = "mobile_app_pixel"};
  static const Shape targets{.is = Is::list, .title = "a list of actions", .low = 1, .high = 8, .item = &target};
  static const Shape to = one_or_many(target, targets);
  static const Shape kind{
      .is = Is::word, .title = "a kind", .words = {"summary", "notice", "restless", "fault"}, .example = "summary"};
  static const Shape kinds{.is = Is::list, .title = "a list of kinds", .high = 4, .item = &kind};
  static const Shape image{.is = Is::text,
                           .title = "an entity",
                           .low = 7,
                           .high = 255,
                           .pattern = "^image\\.[a-z0-9_]+$",
                           .pattern_says = "be an image such as image.ana_last_night",
                           .example = "image.ana_last_night"};
  static const Shape phones{
      .is = Is::map,
      .title = "phones",
      .doc = "Somebody's phones, and what they are told. Alarms are always told, through silence and Do not disturb.",
      .keys =
          {{"to", &to, "The actions of Home Assistant that reach them.", true},
           {"about", &kinds,
            "`summary`: the morning, with the picture. `fault`: a person should look; in the night it waits for the "
            "morning. `restless`: at once and silently, with the answers Stop, Softer and Not tonight. `notice`: "
            "what else Lull says.",
            false, "summary and fault"},
           {"picture", &image, "The picture of the night, if you renamed it.", false, "image.<name>_last_night"}},
      .definition = "phones"};
  static const Shape several{
      .is = Is::list, .title = "a list of actions", .low = 1, .high = 8, .item = &target, .also = &phones};
  static const Shape whose = [] {
    Shape made = target;
    made.also = &several;
    return made;
  }();
  static const Shape notify{.is = Is::names, .title = "phones by name", .high = kMaxSleepers + 1, .item = &whose};
  static const Shape shape{
      .is = Is::map,
      .title = "home_assistant",
      .doc =
          "How Lull shows itself in Home Assistant, by MQTT discovery; the defaults are Home Assistant's own. And "
          "whose "
          "phones it tells things there, by its WebSocket API.",
      .keys = {{"enabled", &switch_shape(), "Announce Lull's devices to Home Assistant.", false, "true"},
               {"discovery_prefix", &topic_shape(), "The discovery prefix set in Home Assistant's MQTT integration.",
                false, "homeassistant"},
               {"birth_topic", &topic_shape(), "Where Home Assistant says that it has started.", false,
                "homeassistant/status"},
               {"birth_payload", &payload, "What it says then.", false, "online"},
               {"heat_by_voice", &switch_shape(),
                "Let voices ask for heat, for somebody who is in bed. Without it they cannot see the heaters, and play "
                "routines without heat.",
                false, "false"},
               {"url", &url,
                "Where its page is. With it and a token Lull also uses its WebSocket API, for `notify`. As an app of "
                "Home Assistant neither is needed.",
                false, "MQTT alone"},
               {"token_file", &file,
                "A file whose first line is a long-lived token of an administrator (your profile, Security). Only its "
                "owner may read it (mode 600). Or give the token in the environment, as `LULL_HOME_ASSISTANT_TOKEN`.",
                false, "none"},
               {"ca", &file, "The certificate authority that signed its certificate (PEM), with https.", false,
                "the system's"},
               {"notify", &notify,
                "Whose phones Lull tells things, by the sleeper's name (`everybody`: a phone of nobody in particular). "
                "Each "
                "an action such as `mobile_app_pixel`, a list of them, or [phones](#phones).",
                false, "none"}},
      .definition = "home_assistant"};
  return shape;
}

}  // namespace lull::config
