// The table of keys, part one: the file as a whole, connections, limits, sleepers, and what all parts share.
#include <array>
#include <chrono>

#include "automations/house.hpp"
#include "automations/restlessness/window.hpp"
#include "config/shape.hpp"
#include "config/units.hpp"
#include "devices/safety/limits.hpp"

namespace lull::config {
namespace {

using Is = Shape::Is;

constexpr Flag kFlags[] = {Flag::neuropathy,
                           Flag::diabetes,
                           Flag::poor_circulation,
                           Flag::sedatives,
                           Flag::minor,
                           Flag::cannot_remove_pad,
                           Flag::thrombosis,
                           Flag::recent_surgery,
                           Flag::pregnancy,
                           Flag::varicose_veins,
                           Flag::blood_thinners,
                           Flag::pacemaker,
                           Flag::dialysis,
                           Flag::stroke_or_spinal_injury,
                           Flag::open_wound,
                           Flag::skin_infection,
                           Flag::heart_disease,
                           Flag::cancer};

std::vector<std::string> flag_words() {
  std::vector<std::string> words;
  for (const Flag flag : kFlags) words.emplace_back(word_for(flag));
  return words;
}

double ms(milliseconds length) { return static_cast<double>(length.count()); }

}  // namespace

Shape duration_between(double low_ms, double high_ms, std::string example) {
  return {.is = Is::duration, .title = "a duration", .low = low_ms, .high = high_ms, .example = std::move(example)};
}

const Shape& name_shape() {
  static const Shape shape{.is = Is::text,
                           .title = "a name",
                           .low = 1,
                           .high = 60,
                           .pattern = "^[^\\s/+#\"](.*[^\\s/+#\"])?$",
                           .pattern_says = "begin and end with a letter or digit",
                           .example = "Bedside lamp",
                           .definition = "name"};
  return shape;
}
const Shape& topic_shape() {
  static const Shape shape{.is = Is::text,
                           .title = "an MQTT topic",
                           .low = 1,
                           .high = 200,
                           .pattern = "^[^+#]+$",
                           .pattern_says = "have no wildcard (+ or #)",
                           .example = "homeassistant/status",
                           .definition = "topic"};
  return shape;
}
const Shape& level_shape() {
  static const Shape shape{.is = Is::percent,
                           .title = "a level",
                           .low = 0,
                           .high = 100,
                           .words = {"low", "medium", "high"},
                           .example = "40%",
                           .definition = "level"};
  return shape;
}
const Shape& switch_shape() {
  static const Shape shape{.is = Is::boolean, .title = "true or false", .example = "true"};
  return shape;
}
const Shape& on_off_shape() {
  static const Shape shape{.is = Is::word, .title = "on or off", .words = {"on", "off"}, .example = "on"};
  return shape;
}

const Shape& broker_shape() {
  static const Shape address{
      .is = Is::text,
      .title = "an address of a broker",
      .low = 1,
      .high = 600,
      .pattern = "^mqtts?://([^@/\\s]+@)?([^@:/\\s\\[\\]]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?/?$",
      .pattern_says = "look like mqtt://homeassistant.local:1883",
      .example = "mqtt://homeassistant.local:1883"};
  static const Shape host{.is = Is::text,
                          .title = "a host name or address",
                          .low = 1,
                          .high = 253,
                          .pattern = "^[^\\s/@]+$",
                          .pattern_says = "be a name or an address",
                          .example = "homeassistant.local"};
  static const Shape port{.is = Is::integer, .title = "a port", .low = 1, .high = 65535, .example = "1883"};
  static const Shape user{.is = Is::text, .title = "a text", .low = 1, .high = 200, .example = "lull"};
  static const Shape secret{
      .is = Is::text, .title = "a text", .low = 0, .high = 512, .example = "!secret mqtt_password"};
  static const Shape file{
      .is = Is::text, .title = "a file", .low = 1, .high = 1000, .example = "/etc/ssl/certs/home.pem"};
  static const Shape map{
      .is = Is::map,
      .title = "broker",
      .doc =
          "The MQTT broker that the devices and Home Assistant use. Written as one address, "
          "`mqtt://user:password@host:1883` (`mqtts://` with TLS, port 8883), or as these keys. Left out: Lull starts "
          "a broker of its own on this machine.",
      .keys = {{"url", &address, "Its address in one piece, in place of `host`, `port` and `tls`."},
               {"host", &host, "Its name or address."},
               {"port", &port, "Its port.", false, "1883, with `tls` 8883", {"host"}},
               {"tls", &switch_shape(), "Speak TLS, and check the broker's certificate.", false, "false", {"host"}},
               {"user", &user, "The user name; also from the environment, as `LULL_BROKER_USER`.", false, "none"},
               {"password", &secret,
                "The password; best as `!secret mqtt_password`, kept in `secrets.yaml` beside this file, or left out "
                "here and given as `password_file` or in the environment as `LULL_BROKER_PASSWORD`.",
                false, "none"},
               {"password_file", &file,
                "A file whose first line is the password. Only its owner may read it (mode 600).", false, "none"},
               {"ca", &file, "The certificate authority that signed the broker's certificate (PEM).", false,
                "the system's"},
               {"certificate", &file, "Our own certificate (PEM), for a broker that asks for one. Needs `key`.", false,
                "none"},
               {"key", &file, "The private key of `certificate` (PEM, not encrypted).", false, "none"}},
      .choices = {"url", "host"},
      .definition = "broker"};
  static const Shape shape = [] {
    Shape made = address;
    made.also = &map;
    return made;
  }();
  return shape;
}

const Shape& http_shape() {
  static const Shape address{.is = Is::text,
                             .title = "an address",
                             .low = 1,
                             .high = 60,
                             .pattern = "^[0-9a-fA-F:.]+$",
                             .pattern_says = "be an IP address of this machine",
                             .example = "0.0.0.0"};
  static const Shape port{.is = Is::integer, .title = "a port", .low = 1, .high = 65535, .example = "8099"};
  static const Shape file{.is = Is::text, .title = "a file", .low = 1, .high = 400, .example = "lull.pem"};
  static const Shape shape{
      .is = Is::map,
      .title = "http",
      .doc = "The page and the API.",
      .keys =
          {{"enabled", &switch_shape(), "Serve them at all.", false, "true"},
           {"address", &address, "The address to listen on; `0.0.0.0` for the whole home network.", false, "127.0.0.1"},
           {"port", &port, "The port to listen on.", false, "8099"},
           {"certificate", &file,
            "For TLS: the certificate (PEM), with those that lead to its authority. With it, `key` and `users` other "
            "machines can use the page.",
            false, "no TLS"},
           {"key", &file, "The key of that certificate (PEM).", false, "no TLS"},
           {"users", &file, "Who can log in: a line each, made by `lull password` (mode 600).", false, "nobody"}},
      .definition = "http"};
  return shape;
}

const Shape& limits_shape() {
  static const Shape target{
      .is = Is::celsius, .title = "a temperature", .low = 25, .high = kHard.heat_target.value(), .example = "36°C"};
  static const Shape trip{
      .is = Is::celsius, .title = "a temperature", .low = 30, .high = kHard.heat_trip.value(), .example = "40°C"};
  static const Shape heat_session = duration_between(60'000, ms(kHard.heat_session), "20min");
  static const Shape heat_night = duration_between(60'000, ms(kHard.heat_night), "40min");
  static const Shape heat_rest = duration_between(ms(kHard.heat_rest), ms(24h), "1h");
  static const Shape unmeasured = duration_between(60'000, ms(kHard.heat_unmeasured), "15min");
  static const Shape heat_empty = duration_between(60'000, ms(kHard.heat_empty), "15min");
  static const Shape presence = duration_between(ms(30min), ms(kHard.presence_lives), "3h");
  static const Shape replay_level{
      .is = Is::percent, .title = "a level", .low = 1, .high = kHard.replay_level.value(), .example = "20%"};
  static const Shape replay_session = duration_between(60'000, ms(kHard.replay_session), "5min");
  static const Shape heat_lease = duration_between(120'000, ms(kHard.heat_lease), "3min");
  static const Shape reading = duration_between(10'000, ms(kHard.reading_lives), "30s");
  static const Shape level{
      .is = Is::percent, .title = "a level", .low = 1, .high = kHard.massage_level.value(), .example = "40%"};
  static const Shape massage_session = duration_between(60'000, ms(kHard.massage_session), "15min");
  static const Shape massage_night = duration_between(60'000, ms(kHard.massage_night), "45min");
  static const Shape massage_rest = duration_between(ms(kHard.massage_rest), ms(24h), "20min");
  static const Shape massage_lease = duration_between(120'000, ms(kHard.massage_lease), "3min");
  static const Shape shape{
      .is = Is::map,
      .title = "limits",
      .doc =
          "Stricter limits than Lull's own, for the household or for one sleeper. The ranges end at the hard limits: "
          "no configuration can loosen one (docs/SAFETY.md says where they come from).",
      .keys =
          {{"heat_target", &target, "The warmest surface that level 100% asks for.", false, "38°C"},
           {"heat_trip", &trip, "At this surface temperature heat stops and stays locked until a person looks.", false,
            "41°C"},
           {"heat_session", &heat_session, "How long a heater may run without its rest.", false, "30min"},
           {"heat_night", &heat_night, "How long it may run in a night.", false, "1h"},
           {"heat_rest", &heat_rest, "How long it must have been off before a new session counts.", false, "30min"},
           {"heat_unmeasured", &unmeasured, "How long it may warm an empty bed without a thermometer at its surface.",
            false, "20min"},
           {"heat_empty", &heat_empty, "How long an empty bed may be warmed before somebody gets in.", false, "30min"},
           {"presence_lives", &presence,
            "How long a silent presence sensor is believed; one that speaks by itself now and then is believed for "
            "three of its longest pauses, and never for longer than this.",
            false, "16h"},
           {"replay_level", &replay_level, "The strongest massage of a replay in the night.", false, "30%"},
           {"replay_session", &replay_session, "The longest massage of a replay in the night.", false, "10min"},
           {"heat_lease", &heat_lease, "How long a heater goes on by itself when Lull falls silent.", false, "5min"},
           {"reading_lives", &reading, "How old a surface temperature may be.", false, "1min"},
           {"heat_allowed", &switch_shape(), "`false`: no heat at all.", false, "true"},
           {"heat_only_preheat", &switch_shape(), "`true`: only an empty bed is warmed.", false, "false"},
           {"massage_level", &level, "The strongest massage.", false, "60%"},
           {"massage_session", &massage_session, "How long a massage may run without its rest.", false, "20min"},
           {"massage_night", &massage_night, "How long it may run in a night.", false, "1h"},
           {"massage_rest", &massage_rest, "How long it must have been off before a new session counts.", false,
            "10min"},
           {"massage_lease", &massage_lease, "How long a pad goes on by itself when Lull falls silent.", false, "5min"},
           {"massage_allowed", &switch_shape(), "`false`: no massage at all.", false, "true"}},
      .definition = "limits"};
  return shape;
}

const Shape& sleepers_shape() {
  static const Shape side{.is = Is::word, .title = "a side", .words = {"left", "right", "middle"}, .example = "left"};
  static const Shape word{.is = Is::word, .title = "a flag", .words = flag_words(), .example = "neuropathy"};
  static const Shape date{.is = Is::text,
                          .title = "a date",
                          .low = 10,
                          .high = 10,
                          .pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                          .pattern_says = "be a date such as 2026-10-01",
                          .example = "2026-10-01"};
  static const Shape dated{
      .is = Is::map,
      .title = "a flag with its date",
      .doc =
          "A flag, and since when it is known or was last confirmed. Lull asks whether it is still so: after 14 days "
          "(open_wound, skin_infection), 30 days (recent_surgery, pregnancy) or 90 days. It holds until you take it "
          "out.",
      .keys = {{"flag", &word, "The flag.", true}, {"since", &date, "Since when.", true}},
      .definition = "dated_flag"};
  static const Shape flag{
      .is = Is::word, .title = "a flag", .words = flag_words(), .example = "neuropathy", .also = &dated};
  static const Shape flags{
      .is = Is::list, .title = "a list of flags", .high = static_cast<double>(kFlagCount), .item = &flag};
  static const Shape need{.is = Is::integer, .title = "a number of movements", .low = 2, .high = 20, .example = "9"};
  static const Shape window =
      duration_between(milliseconds{kShortestWindow}.count(), milliseconds{kLongestWindow}.count(), "5min");
  static const Shape get_in = duration_between(0, 3'600'000, "5min");
  static const Shape detector{
      .is = Is::map,
      .title = "detector",
      .doc = "When movements count as restless. The defaults suit most sensors (docs/RESTLESSNESS.md).",
      .keys = {{"need", &need,
                "So many movements in the window call it restless. At most 2 fewer than the sensor's default; a number "
                "given here "
                "is kept, and nothing learned is added.",
                false, "the sensor's: 4 to 9"},
               {"window", &window, "The window they are counted in.", false, "the sensor's: 4min to 8min"},
               {"get_in_time", &get_in, "For this long after getting in nothing is counted.", false, "5min"}},
      .definition = "detector"};
  static const Shape waking{
      .is = Is::integer, .title = "a number of nights", .low = 2, .high = kReliefSigns, .example = "2"};
  static const Shape idle{
      .is = Is::integer, .title = "a number of nights", .low = 3, .high = kReliefNothing, .example = "3"};
  static const Shape back_off_map{
      .is = Is::map,
      .title = "back-off",
      .doc =
          "When replays in the night become weaker or rarer because they seem to wake or to do nothing "
          "(docs/RESTLESSNESS.md). It can be sooner than Lull's own, or off; never later, and never from one night. "
          "`back_off: false` is short for `{enabled: false}`.",
      .keys = {{"enabled", &switch_shape(),
                "`false`: replays stay as they were chosen, and nothing is held back any more.", false, "true"},
               {"waking_nights", &waking, "On so many of the last 5 nights with a replay one seemed to wake.", false,
                "3"},
               {"idle_nights", &idle, "On so many of 5 nights movement was no lower after replays.", false, "4"},
               {"gives_back", &switch_shape(),
                "Seven nights without a sign of waking give a step back; `false`: only a person does.", false, "true"}},
      .definition = "back_off"};
  static const Shape back_off{.is = Is::boolean, .title = "true or false", .example = "true", .also = &back_off_map};
  static const Shape sleeper{
      .is = Is::map,
      .title = "a sleeper",
      .doc =
          "Somebody who sleeps there. A flag tightens limits, it never loosens one: neuropathy, diabetes, "
          "poor_circulation, dialysis, stroke_or_spinal_injury, sedatives, minor, cannot_remove_pad, pregnancy, "
          "open_wound and skin_infection leave heat only for warming an empty bed; thrombosis, recent_surgery, "
          "pregnancy, varicose_veins, blood_thinners, pacemaker, heart_disease, cancer, open_wound and skin_infection "
          "lock massage. Each may carry its date: `{flag: recent_surgery, since: 2026-10-01}`.",
      .keys = {{"name", &name_shape(), "As spoken.", true},
               {"side", &side, "Their side of the bed.", false, "none"},
               {"flags", &flags, "What tightens their limits.", false, "none"},
               {"asked", &date, "When somebody last asked them whether new flags apply; asked again after 180 days.",
                false, "never asked"},
               {"detector", &detector, "When their movements count as restless.", false, "the sensors' defaults"},
               {"back_off", &back_off, "When replays become weaker or rarer because they do no good.", false, "true"},
               {"limits", &limits_shape(), "Stricter limits for them alone.", false, "the household's"}},
      .definition = "sleeper"};
  static const Shape shape{.is = Is::list, .title = "a list of sleepers", .high = kMaxSleepers, .item = &sleeper};
  return shape;
}

const Shape& root_shape() {
  static const Shape zone{.is = Is::text, .title = "a time zone", .low = 1, .high = 60, .example = "Europe/Berlin"};
  static const Shape home{.is = Is::map,
                          .title = "home",
                          .doc = "The home itself. Nights run from noon to noon in its time zone.",
                          .keys = {{"name", &name_shape(), "What to call it.", false, "Home"},
                                   {"time_zone", &zone, "Its zone by the IANA's name.", true}},
                          .definition = "home"};
  static const Shape shape{
      .is = Is::map,
      .title = "the file",
      .doc = "One file describes one bedroom.",
      .keys = {
          {"home", &home, "The home: its name and time zone.", true},
          {"broker", &broker_shape(), "The MQTT broker.", false, "Lull starts its own"},
          {"sleepers", &sleepers_shape(), "Who sleeps there.", false, "nobody is named"},
          {"devices", &devices_shape(), "What stands there.", true},
          {"routines", &routines_shape(), "What can be played, by name.", false, "none"},
          {"rules", &rules_shape(), "What happens by itself.", false, "none"},
          {"replay", &name_shape(), "The routine that a replay in the night plays.", false, "the first gentle one"},
          {"limits", &limits_shape(), "Stricter limits for the household.", false, "Lull's own"},
          {"preflight", &preflight_shape(), "The look at everything before the night.", false, "30min before bedtime"},
          {"home_assistant", &home_assistant_shape(), "How Lull shows itself in Home Assistant.", false,
           "Home Assistant's defaults"},
          {"ntfy", &ntfy_shape(), "Phones without Home Assistant.", false, "none are told"},
          {"wyoming", &wyoming_shape(), "Lull as the conversation agent of Assist.", false, "it is none"},
          {"http", &http_shape(), "The page and the API.", false, "127.0.0.1:8099"}}};
  return shape;
}

}  // namespace lull::config
