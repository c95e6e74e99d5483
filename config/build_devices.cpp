// Devices: ids, owners, what each kind and dialect needs, and nothing that two devices must not share.
#include <algorithm>

#include "automations/restlessness/detector.hpp"
#include "config/build.hpp"
#include "config/words.hpp"
#include "devices/dialects/dialect.hpp"
#include "devices/dialects/home_assistant_entity.hpp"

namespace lull::config {
namespace {

std::vector<Mapping::Says> read_says(const Place& at) {
  std::vector<Mapping::Says> all;
  for (const Place& message : at.each()) {
    if (all.size() == 4) break;
    all.push_back({text(message["topic"]).value_or(""), text(message["payload"]).value_or("")});
  }
  return all;
}

Mapping read_mapping(Building& b, const Place& at) {
  Mapping mapping;
  for (const Place& one : at["hears"].each()) {
    if (mapping.hears.size() == 16) break;
    Mapping::Hears hears;
    hears.topic = text(one["topic"]).value_or("");
    hears.pointer = text(one["pointer"]).value_or("");
    hears.means = text(one["means"]).value_or("");
    hears.yes = text(one["yes"]).value_or("");
    hears.no = text(one["no"]).value_or("");
    hears.scale = number(one["scale"]).value_or(1.0);
    if (hears.scale == 0) b.problem(one["scale"], "is 0, which makes every value 0; leave it out or write another");
    mapping.hears.push_back(std::move(hears));
  }
  const Place says = at["says"];
  mapping.on = read_says(says["on"]);
  mapping.off = read_says(says["off"]);
  mapping.ask = read_says(says["ask"]);
  mapping.arm = read_says(says["arm"]);
  return mapping;
}

/// Keys that mean something on one kind of device or in one dialect only.
void refuse_strays(Building& b, const Place& at, const Device& device) {
  const auto only = [&](const char* key, bool fits, const char* where) {
    if (!fits && at[key]) b.problem(at[key], std::string("means nothing here; it is for ") + where);
  };
  const bool movement = device.kind == Kind::movement;
  only("stream", movement, "movement sensors");
  only("epoch", movement, "movement sensors");
  only("hold_off", movement, "movement sensors");
  only("zones", device.kind == Kind::massage_pad, "massage pads");
  only("steps", device.kind == Kind::massage_pad, "massage pads");
  only("own_cut_off", device.kind == Kind::massage_pad, "massage pads");
  only("thermometer", device.kind == Kind::heat_pad, "heat pads");
  const bool pad = device.kind == Kind::heat_pad || device.kind == Kind::massage_pad;
  only("behind", pad, "heat pads and massage pads");
  only("also_off", pad, "heat pads and massage pads");
  only("stays_on", device.kind == Kind::mains, "mains plugs");
  only("stop_on", device.kind == Kind::button, "buttons");
  const bool home = device.speaks == "home_assistant";
  only("hears", device.speaks == "mqtt" || home, "`speaks: mqtt` and `speaks: home_assistant`");
  only("says", device.speaks == "mqtt" || home, "`speaks: mqtt` and `speaks: home_assistant`");
  only("full", home && pad, "massage pads and heat pads of `speaks: home_assistant`");
  only("options", home && pad, "massage pads and heat pads of `speaks: home_assistant`");
  only("base", !home, "other dialects; of Home Assistant there is one");
}

/// A vibration or motion sensor of Home Assistant's: it has no numbers to mean anything.
bool of_two_states(const Device& device) {
  return device.speaks == "home_assistant" && !device.at.starts_with("sensor.") && !device.at.starts_with("number.") &&
         !device.at.starts_with("input_number.");
}

/// The streams of the shipped dialects' own sensors; the mqtt dialect cannot know.
void settle_stream(Building& b, const Place& at, Device& device) {
  if (device.kind != Kind::movement) return;
  if (device.stream == Stream::none && (device.speaks == "zigbee2mqtt" || of_two_states(device)))
    device.stream = Stream::vibration;
  if (device.stream == Stream::none && device.speaks == "esphome") device.stream = Stream::acceleration;
  if (device.stream == Stream::none && at["name"])
    b.report.problem(*at.node, under(at.path, "stream"),
                     "is missing; say what its numbers mean: counts, vibration, radar, load or raw");
}

Device read_device(Building& b, const Place& at) {
  Device device;
  device.name = text(at["name"]).value_or("");
  device.id = text(at["id"]).value_or(slug(device.name));
  const auto kind = kind_for(text(at["is"]).value_or(""));
  device.kind = kind.value_or(Kind::button);
  device.speaks = text(at["speaks"]).value_or("");
  device.at = text(at["at"]).value_or("");
  device.base = text(at["base"]).value_or("");
  device.sleeper = b.sleeper(at["for"]);
  for (const Place& zone : at["zones"].each())
    if (device.zones.size() < 8) device.zones.push_back(text(zone).value_or(""));
  device.stream = stream_for(text(at["stream"]).value_or("none")).value_or(Stream::none);
  if (const auto epoch = duration(at["epoch"])) device.epoch = std::chrono::floor<seconds>(*epoch);
  if (const auto hold = duration(at["hold_off"])) device.hold_off = std::chrono::ceil<seconds>(*hold);
  if (const Place at_stop = at["stop_on"]) {
    device.stop_on.emplace();
    for (const Place& action : at_stop.each())
      if (device.stop_on->size() < 16) device.stop_on->push_back(text(action).value_or(""));
  }
  device.steps_levels = boolean(at["steps"]).value_or(true);
  if (const auto cut = duration(at["own_cut_off"])) device.own_cut_off = std::chrono::ceil<seconds>(*cut);
  device.also_off = read_says(at["also_off"]);
  device.stays_on = boolean(at["stays_on"]).value_or(false);
  device.mapping = read_mapping(b, at);
  if (const auto full = number(at["full"]); full && *full > 0)
    device.mapping.hears.push_back(entity::full_strength(device.at, *full));
  for (const Place& option : at["options"].each())
    if (device.mapping.hears.size() < 32)
      device.mapping.hears.push_back(entity::option(device.at, text(option).value_or("")));
  if (kind && at["speaks"]) refuse_strays(b, at, device);
  settle_stream(b, at, device);
  return device;
}

/// What the device's own dialect says of it. Its `where` is a key of the device, "at" or "hears/0/topic".
void ask_dialect(Building& b, const Place& at, const Device& device) {
  const Dialect* dialect = dialect_called(device.speaks);
  if (!dialect) return;  // the table has named it
  for (const Error& error : dialect->check(device)) {
    Place where = at;
    std::string place = error.where;
    for (const char* key : {"on", "off", "ask", "arm"})  // a Mapping has them side by side, a file under `says`
      if (place.substr(0, place.find('/')) == key) place = "says/" + place;
    std::string_view rest = place;
    while (!rest.empty()) {
      if (rest.front() == '/') rest.remove_prefix(1);
      const std::string key(rest.substr(0, rest.find('/')));
      rest.remove_prefix(key.size());
      const auto index = number_from(key);
      Place next = where[key];
      if (!next && index && where.node->is == Node::Is::list && *index < static_cast<double>(where.node->items.size()))
        next = {&where.node->items[static_cast<std::size_t>(*index)], next.path};
      if (!next) next.node = where.node;  // a key that is missing: its place is the device's
      where = next;
    }
    b.problem(where, error.what);
  }
}

void read_thermometers(Building& b, const std::vector<Place>& places) {
  for (std::size_t i = 0; i < b.house().devices.size(); ++i) {
    Device& device = b.house().devices[i];
    if (const Place at = places[i]["thermometer"]; at && device.kind == Kind::heat_pad)
      device.thermometer = b.device(at, Kind::thermometer);
  }
}

/// Which plug stands in front of which pad. A pad that measures itself would be blind without power, and then it gets
/// none.
void read_mains(Building& b, const std::vector<Place>& places) {
  std::vector<bool> used(b.house().devices.size());
  for (std::size_t i = 0; i < b.house().devices.size(); ++i) {
    Device& device = b.house().devices[i];
    const Place at = places[i]["behind"];
    if (!at || (device.kind != Kind::heat_pad && device.kind != Kind::massage_pad)) continue;
    device.behind = b.device(at, Kind::mains);
    if (!device.behind || device.behind->index >= used.size()) continue;
    used[device.behind->index] = true;
    const Device& plug = b.house().devices[device.behind->index];
    if (device.kind == Kind::heat_pad && measures_surface(device) && !device.thermometer && !plug.stays_on)
      b.problem(at, "is " + in_quotes(plug.name) + ", which is off between uses, but " + in_quotes(device.name) +
                        " measures its own temperature and cannot without power; write `stays_on: true` at the plug");
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (b.house().devices[i].kind == Kind::mains && !used[i] && places[i]["is"])
      b.problem(places[i]["is"], "is mains, but nothing is `behind` " + in_quotes(b.house().devices[i].name) +
                                     "; name it at the pad that is plugged into it");
}

/// Fewer movements than the sensor's default less two would call ordinary sleep restless.
void check_needs(Building& b) {
  const Place root{&b.root, ""};
  const std::vector<Place> places = root["sleepers"].each();
  for (std::size_t i = 0; i < b.house().sleepers.size() && i < places.size(); ++i) {
    const auto need = b.house().sleepers[i].detector.need;
    if (!need) continue;
    for (const Device& device : b.house().devices) {
      if (device.kind != Kind::movement || (device.sleeper && device.sleeper->index != i)) continue;
      const std::int32_t least = default_threshold(device.stream, device.epoch, device.hold_off).need - 2;
      if (*need >= least) continue;
      b.problem(places[i]["detector"]["need"], "is " + std::to_string(*need) + ", must be at least " +
                                                   std::to_string(least) + " with " + in_quotes(device.name) +
                                                   "; fewer would call ordinary sleep restless");
      break;
    }
  }
}

}  // namespace

void build_devices(Building& b) {
  const Place root{&b.root, ""};
  std::vector<Place> places = root["devices"].each();
  if (places.size() > kMaxDevices) places.resize(kMaxDevices);
  std::vector<std::string> taken, ids;
  for (const Place& at : places) {
    Device device = read_device(b, at);
    claim(b, at["name"], "device", taken, device.name);
    b.device_names.push_back(device.name);
    b.house().devices.push_back(std::move(device));
  }
  read_thermometers(b, places);
  read_mains(b, places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Device& device = b.house().devices[i];
    const Place written = places[i]["id"] ? places[i]["id"] : places[i]["name"];
    for (std::size_t j = 0; j < i; ++j) {
      const Device& other = b.house().devices[j];
      if (places[i]["at"] && !device.at.empty() && other.at == device.at && other.kind == device.kind &&
          other.speaks == device.speaks && other.base == device.base)
        b.problem(places[i]["at"], "is " + in_quotes(device.at) + ", which is " + in_quotes(other.name) +
                                       " already; one device is written once");
      if (!device.id.empty() && other.id == device.id && slug(other.name) != slug(device.name))
        b.problem(written, "gives the id " + in_quotes(device.id) + ", which " + in_quotes(other.name) +
                               " has already; write another `id:`");
    }
    if (places[i].node->is == Node::Is::map && places[i]["is"] && places[i]["speaks"])
      ask_dialect(b, places[i], device);
  }
  check_needs(b);
  const auto& all = b.house().devices;
  if (std::any_of(all.begin(), all.end(), entity::is_reached_there) && !root["home_assistant"]["url"])
    b.hint(root["devices"],
           "has some that speak home_assistant, but there is no `url` under `home_assistant`: they are reached only "
           "where Lull runs as an app of Home Assistant");
  for (std::size_t i = 0; i < places.size(); ++i)
    if (const Device& d = b.house().devices[i];
        d.kind == Kind::heart_rate && !d.sleeper && !places[i]["for"] && b.house().sleepers.size() > 1)
      b.problem(places[i]["is"], "is heart_rate, but whose heart it is is missing; write `for:` beside it");
    else if (d.kind == Kind::alarm_clock && !d.sleeper && !places[i]["for"] && b.house().sleepers.size() > 1)
      b.problem(places[i]["is"], "is alarm_clock, but whom it wakes is missing; write `for:` beside it");
}

}  // namespace lull::config
