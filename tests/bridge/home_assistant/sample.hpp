// A house with one of everything, and a view of it in an ordinary minute.
#pragma once

#include "automations/view.hpp"
#include "bridge/home_assistant/settings.hpp"

namespace lull::sample {

inline constexpr std::string_view kInstall = "1a2b3c4d";

inline HomeAssistant settings() {
  HomeAssistant s;
  s.install = kInstall;
  s.version = "0.1.0";
  return s;
}

inline Device device(std::string id, std::string name, Kind kind, std::string speaks,
                     std::optional<SleeperId> of = {}) {
  Device d;
  d.id = std::move(id);
  d.name = std::move(name);
  d.kind = kind;
  d.speaks = std::move(speaks);
  d.sleeper = of;
  return d;
}

inline House house() {
  House h;
  h.name = "Ana and Ben";
  Sleeper ana, ben;
  ana.id = "ana", ana.name = "Ana", ana.side = "left";
  ben.id = "ben", ben.name = "Ben", ben.side = "right";
  h.sleepers = {ana, ben};
  h.devices = {device("left-leg-massage", "Left leg massage", Kind::massage_pad, "esphome", SleeperId{0}),
               device("right-leg-massage", "Right leg massage", Kind::massage_pad, "zigbee2mqtt", SleeperId{1}),
               device("foot-warmer", "Foot warmer", Kind::heat_pad, "zigbee2mqtt", SleeperId{0}),
               device("bedside-lamp", "Bedside lamp", Kind::light, "zigbee2mqtt"),
               device("anas-ankle", "Ana's ankle", Kind::movement, "esphome", SleeperId{0}),
               device("bed-left", "Bed left", Kind::presence, "zigbee2mqtt", SleeperId{0}),
               device("foot-thermometer", "Foot thermometer", Kind::thermometer, "zigbee2mqtt", SleeperId{0})};
  h.devices[1].steps_levels = false;
  h.devices[2].thermometer = DeviceId{6};
  Routine wind_down, relief;
  wind_down.name = "wind-down";
  Track heat;
  heat.kind = TrackKind::heat;
  heat.device = DeviceId{2};
  wind_down.tracks = {heat};
  relief.name = "night-relief";
  relief.gentle = true;
  h.routines = {wind_down, relief};
  Rule bedtime;
  bedtime.name = "Bedtime";
  h.rules = {bedtime};
  return h;
}

/// Ana lies still, the left pad runs at 40 %, the foot warmer is proved off.
inline View view() {
  View v;
  v.ready = true;
  v.night = "2026-11-21";
  v.status = "playing";
  v.status_why = "wind-down, 12 min left";
  for (std::uint16_t i = 0; i < 7; ++i) {
    DeviceView d;
    d.device = DeviceId{i};
    if (i < 4) d.on = i == 0;
    d.off_proved = i != 0;
    d.left_tonight = 40min;
    v.devices.push_back(d);
  }
  v.devices[0].level = v.devices[0].wanted = 40_pct;
  v.devices[0].program = Program::wave;
  v.devices[0].owner = "wind-down (rule Bedtime)";
  v.devices[2].surface = Celsius::from(31.0);
  for (const std::size_t pad : {0, 1, 2}) {
    v.devices[pad].timer = pad == 0 ? Timer::lease : Timer::on_time;
    v.devices[pad].tier = GuardTier::A;
  }
  v.devices[2].model = "E22xx", v.devices[2].firmware = "2.4.45", v.devices[2].address = "0xa4c1380000000102";
  v.devices[2].findings = {{Flaw::trial_needed, Source::device, true,
                            "its set-up test has not been passed as it is now",
                            "run `lull device test \"Foot warmer\"` and watch it"}};
  SleeperView ana, ben;
  ana.in_bed = true;
  ana.restless_known = true;
  ana.detector.gate = Gate::open;
  ana.detector.count = 2;
  ana.detector.need = 7;
  ana.detector.window = 300s;
  ana.detector.index = 28.6;
  ana.detector.movements_per_hour = 11.25;
  ana.episodes_tonight = 1;
  ben.sleeper = SleeperId{1};
  v.sleepers = {ana, ben};
  PlayView play;
  play.routine = "wind-down";
  play.door = "rule Bedtime";
  play.step = "massage";
  play.step_left = 150s;
  play.left = 12min;
  v.plays = {play};
  v.rules = {{"Bedtime", {true, true}}};
  v.routines = {{"wind-down", {false, false}}, {"night-relief", {}}};
  return v;
}

}  // namespace lull::sample
