// The table of keys, part two: devices, routines and rules.
#include "automations/routines/score.hpp"
#include "automations/rules/rule.hpp"
#include "config/shape.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull::config {
namespace {

using Is = Shape::Is;

constexpr double kSecond = 1'000, kMinute = 60'000, kHour = 3'600'000;

std::vector<std::string> dialect_words() {
  std::vector<std::string> words;
  for (const Dialect* dialect : all_dialects()) words.emplace_back(dialect->name);
  return words;
}

}  // namespace

const Shape& devices_shape() {
  static const Shape kind{.is = Is::word,
                          .title = "a kind of device",
                          .words = {"massage_pad", "heat_pad", "light", "sound", "aroma", "movement", "presence",
                                    "button", "thermometer", "mains", "heart_rate", "alarm_clock"},
                          .example = "massage_pad"};
  static const Shape dialect{.is = Is::word, .title = "a dialect", .words = dialect_words(), .example = "zigbee2mqtt"};
  static const Shape at{.is = Is::text, .title = "an address", .low = 1, .high = 200, .example = "lull/pad/left"};
  static const Shape id{.is = Is::text,
                        .title = "an id",
                        .low = 1,
                        .high = 40,
                        .pattern = "^[a-z0-9_]+$",
                        .pattern_says = "have only a to z, 0 to 9 and _",
                        .example = "bedside_lamp"};
  static const Shape zone{.is = Is::text, .title = "a zone", .low = 1, .high = 30, .example = "calf"};
  static const Shape zones{.is = Is::list, .title = "a list of zones", .high = 8, .item = &zone};
  static const Shape stream{.is = Is::word,
                            .title = "a stream",
                            .words = {"counts", "vibration", "radar", "load", "acceleration", "raw"},
                            .example = "vibration"};
  static const Shape epoch = duration_between(kSecond, 120 * kSecond, "30s");
  static const Shape hold_off = duration_between(0, 10 * kMinute, "65s");
  static const Shape cut_off = duration_between(kMinute, 12 * kHour, "15min");
  static const Shape press{.is = Is::text, .title = "a button's action", .low = 1, .high = 64, .example = "hold"};
  static const Shape stop_on{.is = Is::list, .title = "a list of actions", .high = 16, .item = &press};
  static const Shape full{.is = Is::number, .title = "a number", .low = 1, .high = 1'000'000, .example = "10"};
  static const Shape option{.is = Is::text, .title = "an option", .low = 1, .high = 100, .example = "Low"};
  static const Shape options{.is = Is::list, .title = "a list of options", .low = 2, .high = 16, .item = &option};
  static const Shape device{
      .is = Is::map,
      .title = "a device",
      .doc = "One thing that stands in the bedroom.",
      .keys =
          {{"name", &name_shape(), "As spoken. Other parts of the file use it.", true},
           {"is", &kind, "What it is.", true},
           {"speaks", &dialect, "How it speaks.", true},
           {"at", &at,
            "Its address: the friendly name in Zigbee2MQTT, the topic prefix of an ESPHome node, the id of an entity "
            "in "
            "Home Assistant."},
           {"base", &topic_shape(), "The base topic, where it is not the dialect's usual one.", false, "the dialect's"},
           {"id", &id, "Its lasting id in topics and Home Assistant. Write it down before you rename a device.", false,
            "made from the name"},
           {"for", &name_shape(), "Whose it is.", false, "everybody's"},
           {"zones", &zones, "Where it massages.", false, "none"},
           {"stream", &stream, "movement: what its numbers mean.", false,
            "vibration for zigbee2mqtt and for what is on or off in Home Assistant, acceleration for esphome"},
           {"epoch", &epoch, "movement: how long a count is counted, or the usual time between two reports.", false,
            "1s"},
           {"hold_off", &hold_off, "movement: how long a vibration sensor is deaf after a report.", false,
            "none; 65s for vibration"},
           {"steps", &switch_shape(), "massage_pad: `false` for a motor on a plug, which knows only on and off.", false,
            "true"},
           {"own_cut_off", &cut_off, "massage_pad: it stops by itself after this time, as its maker says.", false,
            "it does not"},
           {"thermometer", &name_shape(),
            "heat_pad: the thermometer that lies at its surface. Without one it only warms an empty bed.", false,
            "none"},
           {"behind", &name_shape(),
            "heat_pad, massage_pad: the plug (`is: mains`) in front of it. It is switched on just before the pad and "
            "off with it, and holds the lease where the pad has no timer of its own.",
            false, "nothing is in front of it"},
           {"also_off", &messages_shape(),
            "heat_pad, massage_pad: messages that are sent with every OFF which it has not proved after 5 s, for "
            "example to an automation that switches it off another way. At most 4, never retained.",
            false, "no other way"},
           {"stays_on", &switch_shape(),
            "mains: `true` leaves it on between uses, for a pad that must stay awake. Lull then only switches it "
            "off when an OFF behind it is not proved after 10 s, and a person switches it on again.",
            false, "false"},
           {"stop_on", &stop_on,
            "button: the presses that are a STOP, as the remote names them; `[]` for none. Everything goes off then, "
            "and stays off until somebody releases it.",
            false, "its long presses (`hold`, `long`, `long_press`, `on_hold`...) that no rule uses"},
           {"full", &full, "home_assistant: the number of a `number` that is its full strength, its `max`.", false,
            "100"},
           {"options", &options, "home_assistant: what of a `select` is used, off first and the strongest last.", false,
            "none"},
           {"hears", &hears_shape(),
            "mqtt: what to listen for. home_assistant: other entities of the same device (in `topic`) that tell its "
            "`watts`, `battery` or `celsius`."},
           {"says", &says_shape(),
            "mqtt: what to send. home_assistant: `on` alone, an action (in `topic`) that is called before each start, "
            "such as `select.select_option` for a bed's own timer."}},
      .definition = "device"};
  static const Shape shape{
      .is = Is::list, .title = "a list of devices", .low = 1, .high = kMaxDevices, .item = &device};
  return shape;
}

const Shape& routines_shape() {
  static const Shape length = duration_between(kMinute, 4 * kHour, "30min");
  static const Shape moment = duration_between(0, 4 * kHour, "8min");
  static const Shape track_length = duration_between(kSecond, 4 * kHour, "20min");
  static const Shape ramp = duration_between(0, kHour, "2min");
  static const Shape light_level{.is = Is::percent, .title = "a brightness", .low = 0, .high = 100, .example = "60%"};
  static const Shape kelvin{
      .is = Is::kelvin, .title = "a colour temperature", .low = 1000, .high = 10000, .example = "2200"};
  static const Shape off{.is = Is::word, .title = "off", .words = {"off"}, .example = "off"};
  static const Shape program{
      .is = Is::word, .title = "a program", .words = {"steady", "gentle", "wave", "pulse"}, .example = "wave"};
  static const Shape sentence{
      .is = Is::text, .title = "a text", .low = 1, .high = 200, .example = "Time to stretch your calves"};
  static const Shape step{.is = Is::text, .title = "a text", .low = 1, .high = 60, .example = "Breathe"};
  static const std::vector<std::string> kinds = {"light", "heat", "massage", "sound", "aroma", "words"};
  static const Shape track{
      .is = Is::map,
      .title = "a track",
      .doc = "One line of the score. It begins with its kind and the device's name, or with the words to send.",
      .keys =
          {{"light", &name_shape(), "The light that it is for."},
           {"heat", &name_shape(), "The heat pad that it is for."},
           {"massage", &name_shape(), "The massage pad that it is for."},
           {"sound", &name_shape(), "The sound machine that it is for."},
           {"aroma", &name_shape(), "The diffuser that it is for."},
           {"words", &sentence, "Words to send to the phone at `at`."},
           {"at", &moment, "When it begins, counted from the routine's begin.", false, "0min"},
           {"for",
            &track_length,
            "How long it plays.",
            false,
            "to the end of the routine; a light that fades: as long as the fade",
            {"light", "heat", "massage", "sound", "aroma"}},
           {"from", &light_level, "The brightness to fade from.", false, "as it is", {"light"}},
           {"to", &light_level, "The brightness to fade to, or to set.", true, "", {"light"}},
           {"over", &moment, "How long the fade takes.", false, "at once", {"light"}},
           {"kelvin", &kelvin, "The colour temperature; 2200 is candle light.", false, "as it is", {"light"}},
           {"then",
            &off,
            "`off`: the light goes off at the end. Otherwise it stays as it is.",
            false,
            "it stays",
            {"light"}},
           {"level",
            &level_shape(),
            "How warm or strong. Heat: low is 40%, medium 70%, high 100%. Massage: low is 20%, medium 40%, high 60%.",
            false,
            "low; sound and aroma: on",
            {"heat", "massage", "sound", "aroma"}},
           {"program", &program, "How the massage moves; it never exceeds its level.", false, "steady", {"massage"}},
           {"ramp_up",
            &ramp,
            "The time in which it rises to its level.",
            false,
            "2min; heat: none",
            {"heat", "massage"}},
           {"ramp_down",
            &ramp,
            "The time in which it fades away at its end.",
            false,
            "2min; heat: none",
            {"heat", "massage"}},
           {"step", &step, "What a person is told is going on.", false, "made from the kind"}},
      .choices = kinds,
      .definition = "track"};
  static const Shape tracks{.is = Is::list, .title = "a list of tracks", .low = 1, .high = kMaxTracks, .item = &track};
  static const Shape kind_word{.is = Is::word, .title = "a kind of track", .words = kinds, .example = "massage"};
  static const Shape kinds_list{
      .is = Is::list, .title = "a list of kinds of tracks", .low = 1, .high = 6, .item = &kind_word};
  static const Shape scale{.is = Is::percent, .title = "a percentage", .low = 1, .high = 100, .example = "60%"};
  static const Shape routine{
      .is = Is::map,
      .title = "a routine",
      .doc = "A score: tracks over a common time line. Or `like` another one, gentler.",
      .keys = {{"tracks", &tracks, "What plays."},
               {"like", &name_shape(), "The routine that this one is made from."},
               {"for", &length, "How long it is. Tracks beyond it are cut.", true, "", {"tracks"}},
               {"for",
                &length,
                "Its own length: the other's tracks are stretched or cut to it.",
                false,
                "the other's",
                {"like"}},
               {"gentle", &switch_shape(), "Gentle enough for the night: a replay may choose it.", false,
                "true for one that is only massage of another, or scaled down"},
               {"only", &kinds_list, "Of the other's tracks only these kinds.", false, "all", {"like"}},
               {"without", &kinds_list, "Not these kinds.", false, "none", {"like"}},
               {"scale", &scale, "The other's levels times this.", false, "100%", {"like"}},
               {"ramp_up", &ramp, "Its own ramp up.", false, "the other's", {"like"}},
               {"ramp_down", &ramp, "Its own ramp down.", false, "the other's", {"like"}}},
      .choices = {"tracks", "like"},
      .definition = "routine"};
  static const Shape shape{.is = Is::names, .title = "routines by name", .high = kMaxRoutines, .item = &routine};
  return shape;
}

namespace {

const Shape& condition_shape() {
  static const Shape time{.is = Is::time, .title = "a time of day", .example = "22:30"};
  static const Shape times{.is = Is::list, .title = "two times of day", .low = 2, .high = 2, .item = &time};
  static const Shape below{.is = Is::integer, .title = "a number", .low = 1, .high = 1000, .example = "3"};
  static const Shape count{
      .is = Is::map,
      .title = "count_tonight",
      .doc = "How often a rule already did something in this night.",
      .keys = {{"rule", &name_shape(), "Which rule.", true}, {"below", &below, "Fewer times than this.", true}},
      .definition = "count_tonight"};
  static Shape shape;  // refers to itself
  static const Shape list{.is = Is::list, .title = "a list of conditions", .low = 1, .high = 16, .item = &shape};
  static const bool made = [] {
    shape = {.is = Is::map,
             .title = "a condition",
             .doc =
                 "What has to hold. What Lull does not know (a sensor that is silent) is neither true nor false, and "
                 "then the rule "
                 "does not fire.",
             .keys = {{"between", &times,
                       "Two times of day, across midnight where the first is the later one: `[\"23:00\", \"06:30\"]`."},
                      {"in_bed", &name_shape(), "This sleeper is in bed."},
                      {"out_of_bed", &name_shape(), "This sleeper is not in bed."},
                      {"device", &name_shape(), "The state of a device, with `is`."},
                      {"is", &on_off_shape(), "On or off.", true, "", {"device"}},
                      {"playing", &name_shape(), "This routine plays."},
                      {"not_playing", &name_shape(), "This routine does not play."},
                      {"restless", &name_shape(), "This sleeper is restless."},
                      {"count_tonight", &count, "A rule did something fewer times tonight than this."},
                      {"all", &list, "All of these hold."},
                      {"any", &list, "At least one of these holds."},
                      {"not", &list, "None of these holds."}},
             .choices = {"between", "in_bed", "out_of_bed", "device", "playing", "not_playing", "restless",
                         "count_tonight", "all", "any", "not"},
             .definition = "condition"};
    return true;
  }();
  (void)made;
  return shape;
}

const Shape& trigger_shape() {
  static const Shape time{.is = Is::time, .title = "a time of day", .example = "22:30"};
  static const Shape day{.is = Is::word,
                         .title = "a day",
                         .words = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", "sunday", "monday", "tuesday",
                                   "wednesday", "thursday", "friday", "saturday", "weekdays", "weekends", "every day"},
                         .example = "sun"};
  static const Shape day_list{.is = Is::list, .title = "a list of days", .low = 1, .high = 7, .item = &day};
  static const Shape days = one_or_many(day, day_list);
  static const Shape action{.is = Is::text, .title = "a button's action", .low = 1, .high = 64, .example = "double"};
  static const Shape word{.is = Is::text, .title = "a word", .low = 1, .high = 60, .example = "legs"};
  static const Shape before = duration_between(kMinute, 16 * kHour, "8h30min");
  static const Shape shape{
      .is = Is::map,
      .title = "a trigger",
      .doc = "What wakes the rule.",
      .keys =
          {{"time", &time,
            "At this time of day. A time that a clock change skips happens at the change, one that it repeats once."},
           {"on", &days, "On these days.", false, "every day", {"time"}},
           {"in_bed", &name_shape(), "This sleeper gets into bed."},
           {"out_of_bed", &name_shape(), "This sleeper gets out of bed."},
           {"restless", &name_shape(), "This sleeper becomes restless."},
           {"calm", &name_shape(), "This sleeper's restless episode ends."},
           {"button", &name_shape(), "A button is pressed, with `action`."},
           {"action", &action, "Which press, as the remote names it.", true, "", {"button"}},
           {"device", &name_shape(), "A device turns on or off, with `is`."},
           {"is", &on_off_shape(), "On or off.", true, "", {"device"}},
           {"said", &word, "A word of your own, from voice, page or MQTT."},
           {"before_alarm", &name_shape(),
            "The next alarm of this sleeper's alarm clock comes near, `by` so much. Once for an alarm."},
           {"by", &before, "So long before it.", true, "", {"before_alarm"}}},
      .choices = {"time", "in_bed", "out_of_bed", "restless", "calm", "button", "device", "said", "before_alarm"},
      .definition = "trigger"};
  return shape;
}

const Shape& set_shape() {
  static const Shape level{.is = Is::percent,
                           .title = "a level",
                           .low = 0,
                           .high = 100,
                           .words = {"on", "off", "low", "medium", "high"},
                           .example = "20%"};
  static const Shape length = duration_between(kSecond, 12 * kHour, "10min");
  static const Shape shape{.is = Is::map,
                           .title = "set",
                           .doc = "Sets one device.",
                           .keys = {{"device", &name_shape(), "Which.", true},
                                    {"level", &level, "To what: on, off, a level or a percentage.", true},
                                    {"for", &length, "For how long.", false, "until something else wants it"}},
                           .definition = "set"};
  return shape;
}

}  // namespace

const Shape& rules_shape() {
  static const Shape triggers{
      .is = Is::list, .title = "a list of triggers", .low = 1, .high = 8, .item = &trigger_shape()};
  static const Shape when = one_or_many(trigger_shape(), triggers);
  static const Shape conditions{
      .is = Is::list, .title = "a list of conditions", .high = 16, .item = &condition_shape()};
  static const Shape only_if = one_or_many(condition_shape(), conditions);
  static const Shape per_night{.is = Is::integer, .title = "a number", .low = 1, .high = 100, .example = "4"};
  static const Shape apart = duration_between(kMinute, 24 * kHour, "30min");
  static const Shape total = duration_between(kMinute, 24 * kHour, "60min");
  static const Shape limits{
      .is = Is::map,
      .title = "limits of a rule",
      .doc = "How often a rule may, whatever happens.",
      .keys = {{"per_night", &per_night, "So many times a night (noon to noon).", false, "any number"},
               {"apart", &apart, "At least this long from one start to the next.", false, "none"},
               {"total", &total, "So long may its plays run in a night.", false, "any time"}},
      .definition = "rule_limits"};
  static const Shape text{.is = Is::text, .title = "a text", .low = 1, .high = 200, .example = "Good night"};
  static const std::vector<Key> actions = {
      {"play", &name_shape(), "Plays this routine."},
      {"stop", &name_shape(), "Stops this routine; `all`: every one."},
      {"stop_everything", &switch_shape(),
       "`true`: STOP. Everything goes off and stays off until a person releases it."},
      {"notify", &text, "Sends these words to the phones."},
      {"set", &set_shape(), "Sets one device."}};
  static const Shape action{.is = Is::map,
                            .title = "an action",
                            .doc = "What the rule does.",
                            .keys = actions,
                            .choices = {"play", "stop", "stop_everything", "notify", "set"},
                            .definition = "action"};
  static const Shape then{.is = Is::list, .title = "a list of actions", .low = 1, .high = 8, .item = &action};
  static const Shape rule = [] {
    Shape shape{.is = Is::map,
                .title = "a rule",
                .doc =
                    "What happens by itself: `when` one of the triggers comes and all of `if` holds, it does one of "
                    "`play`, `stop`, "
                    "`stop_everything`, `notify`, `set`, or all of `then`.",
                .keys = {{"name", &name_shape(), "As told in reports and reasons.", true},
                         {"when", &when, "One trigger or a list; any of them wakes the rule.", true},
                         {"if", &only_if, "One condition or a list; all of them have to hold.", false, "always"},
                         {"limits", &limits, "How often it may.", false, "none"}},
                .choices = {"play", "stop", "stop_everything", "notify", "set", "then"},
                .definition = "rule"};
    shape.keys.insert(shape.keys.end(), actions.begin(), actions.end());
    shape.keys.push_back({"then", &then, "Several actions, in order."});
    return shape;
  }();
  static const Shape shape{.is = Is::list, .title = "a list of rules", .high = kMaxRules, .item = &rule};
  return shape;
}

}  // namespace lull::config
