// The plug and the lamp: what a command does in the device, and what the bridge then says about it.
#include <algorithm>
#include <utility>

#include "bridge/demo/zigbee.hpp"

namespace lull::demo {
namespace {
constexpr milliseconds kHop{30}, kReport{20};
constexpr milliseconds kNoAck{2s};              // then the bridge logs a failure
constexpr milliseconds kElectricalEvery{10s};   // configured_reportings of power and current
constexpr milliseconds kGivenUpAfter{641s};     // availability: ten minutes, jitter, two pings
constexpr double kLoad = 60.0, kVolts = 230.0;  // the foot warmer
constexpr double kForEver = 6553.5;

std::string failed(std::string_view verb, std::string_view key, std::string_view name, std::string_view why) {
  return std::string("Publish '")
      .append(verb)
      .append("' '")
      .append(key)
      .append("' to '")
      .append(name)
      .append("' failed: 'Error: ")
      .append(why)
      .append("'");
}
}  // namespace

bool Zigbee::plug_says_on(Instant now) const { return plug_.lie == Lie::none ? plug_on(now) : plug_.lie == Lie::on; }

void Zigbee::turn_plug(bool on, std::optional<Instant> off_at, Instant at) {
  plug_.off_at = on ? off_at : std::nullopt;
  if (plug_.on == on) return;
  plug_.on = on;
  plug_.report_at = std::max(at + kReport, plug_.reported + kElectricalEvery);
}

void Zigbee::plug_reports(Instant at, Air& air) {
  plug_.report_at.reset();
  plug_.reported = at;
  if (!up() || !plug_.in_reach) return;
  const double watts = plug_.on ? kLoad : 0;
  if (watts == plug_.watts_said) return;
  plug_.watts_said = watts;
  if (!air.loses_frame()) {
    plug_cache_.current = watts > 0 ? 0.26 : 0.0;
    plug_cache_.energy = static_cast<int>(plug_.energy_kwh * 1000) / 1000.0;
    publish_plug(at, air);
  }
  if (!air.loses_frame()) {
    plug_cache_.power = watts;
    publish_plug(at + 1ms, air);
  }
}

void Zigbee::set_plug(const ZigbeeSet& set, Instant now, Air& air) {
  for (const std::string& key : set.unknown)
    log_error(now, "No converter available for '" + key + "' on '" + std::string(kPlug) + "': (1)", air);
  if (set.bad_on_time)
    return log_error(now, failed("set", "state", kPlug, "The on_time value must be 0 to 6553.5"), air);
  const bool says_something = set.state != ZigbeeSet::State::unsaid || set.power_on_behavior;
  if (!says_something) return;
  if (!plug_.in_reach || air.loses_frame())
    return log_error(now + kNoAck, failed("set", "state", kPlug, "ZCL command failed (Timeout)"), air);

  publish_plug(now + kHop, air);  // fact 3: the old state, with a fresh last_seen
  if (set.power_on_behavior) {
    plug_.power_on = *set.power_on_behavior;
    plug_cache_.power_on = plug_.power_on;
    publish_plug(now + kHop, air);
  }
  if (set.state == ZigbeeSet::State::unsaid) return;
  const bool refused = std::exchange(plug_.refuse, false);
  const bool timed = set.state == ZigbeeSet::State::on && set.on_time;
  if (timed) {
    if (refused) return;  // no error, no state, not on: the safe failure
    if (plug_.lie == Lie::on) {
      plug_cache_.on = true;
      return publish_plug(now + kHop + kReport, air);
    }
    // 0 and 6553.5 s are for ever. A longer remainder is not shortened.
    std::optional<Instant> off_at;
    if (*set.on_time > 0 && *set.on_time < kForEver)
      off_at = now + milliseconds{static_cast<std::int64_t>(*set.on_time * 1000)};
    if (off_at && plug_on(now) && plug_.off_at) off_at = std::max(*off_at, *plug_.off_at);
    const bool was_on = plug_on(now);
    turn_plug(true, off_at, now);
    if (!was_on && !air.loses_frame()) {  // ON comes only as the device's own report
      plug_cache_.on = true;
      publish_plug(now + kHop + kReport, air);
    }
  } else {
    const bool on = set.state == ZigbeeSet::State::toggle ? !plug_on(now) : set.state == ZigbeeSet::State::on;
    const bool deaf = plug_.lie == Lie::off && !on;
    if (!refused && !deaf) turn_plug(on, plug_.off_at, now);  // a plain ON leaves a running timer
    plug_cache_.on = on;                                      // fact 2: published though the device may have refused
    publish_plug(now + kHop, air);
  }
}

void Zigbee::fade_lamp(double to, milliseconds over, Instant now) {
  lamp_.from = lamp_.on ? lamp_level(now) * 2.54 : 1;
  lamp_.to = to;
  lamp_.since = now;
  lamp_.until = now + over;
  lamp_.fading = over > 0ms;
  if (!lamp_.fading) lamp_.from = to;
}

void Zigbee::set_lamp(const ZigbeeSet& set, Instant now, Air& air) {
  for (const std::string& key : set.unknown)
    log_error(now, "No converter available for '" + key + "' on '" + std::string(kLamp) + "': (1)", air);
  if (set.brightness && !(*set.brightness >= 0 && *set.brightness <= 255))
    return log_error(
        now,
        failed("set", "brightness", kLamp, "Brightness value of message is invalid, must be a number >= 0 and =< 254"),
        air);
  if (air.loses_frame())
    return log_error(now + kNoAck, failed("set", "state", kLamp, "ZCL command failed (Timeout)"), air);
  milliseconds over{
      set.transition && *set.transition > 0 ? static_cast<std::int64_t>(std::min(*set.transition, 6553.0) * 1000) : 0};
  const bool dark = set.brightness && *set.brightness <= 0;
  const bool off = set.state == ZigbeeSet::State::off || dark || (set.state == ZigbeeSet::State::toggle && lamp_.on);
  const bool on = !off && (set.state != ZigbeeSet::State::unsaid || set.brightness);
  if (!off && !on && !set.color_temp) return;
  publish_lamp(now + kHop, air);
  if (set.color_temp) {
    lamp_.mired = std::clamp(*set.color_temp, 250.0, 454.0);
    lamp_cache_.mired = lamp_.mired;
    if (set.brightness) over = 0ms;  // IKEA: with a colour in the same message the brightness jumps
  }
  if (off) {
    if (lamp_.on) lamp_.level_memory = lamp_.fading ? lamp_.to : lamp_.from;
    fade_lamp(0, over, now);
    lamp_.ends_off = lamp_.fading;
    if (!lamp_.fading) lamp_.on = false, lamp_.from = lamp_.to = lamp_.level_memory;
    lamp_cache_.on = false;  // at once, in the middle of the fade too
  } else if (on) {
    const double to = set.brightness ? std::min(*set.brightness, 254.0)
                      : lamp_.on     ? (lamp_.fading ? lamp_.to : lamp_.from)
                                     : lamp_.level_memory;
    fade_lamp(to, over, now);
    lamp_.on = true;
    lamp_.ends_off = false;
    lamp_cache_.on = true;
    lamp_cache_.brightness = to;
  }
  publish_lamp(now + kHop, air);
}

double Zigbee::lamp_level(Instant now) const {
  if (!lamp_.on) return 0;
  if (!lamp_.fading || now >= lamp_.until) return (lamp_.fading ? lamp_.to : lamp_.from) / 2.54;
  const double part =
      static_cast<double>((now - lamp_.since).count()) / static_cast<double>((lamp_.until - lamp_.since).count());
  return (lamp_.from + (lamp_.to - lamp_.from) * part) / 2.54;
}

void Zigbee::get(bool plug, std::string_view payload, Instant now, Air& air) {
  const bool whole = payload.empty() || payload.size() > 4096 || payload.front() != '{';
  if (whole) return log_error(now, "Invalid message 'undefined', skipping...", air);
  if (air.loses_frame() || (plug && !plug_.in_reach))
    return log_error(now + kNoAck, failed("get", "state", plug ? kPlug : kLamp, "ZCL command failed (Timeout)"), air);
  if (plug) {
    if (payload.find("\"state\"") != payload.npos) plug_cache_.on = plug_says_on(now);
    if (payload.find("\"power\"") != payload.npos) {
      plug_cache_.power = plug_on(now) ? kLoad : 0;
      plug_cache_.current = plug_on(now) ? kLoad / kVolts : 0;
    }
    if (payload.find("power_on_behavior") != payload.npos) plug_cache_.power_on = plug_.power_on;
    publish_plug(now + kHop, air);
  } else {
    lamp_cache_.on = lamp_.on && !lamp_.ends_off;
    if (lamp_.on) lamp_cache_.brightness = static_cast<int>(lamp_level(now) * 2.54 + 0.5);
    lamp_cache_.mired = lamp_.mired;
    publish_lamp(now + kHop, air);
  }
}

void Zigbee::hear(std::string_view topic, std::string_view payload, Instant now, Air& air) {
  if (!up()) return;  // a clean session and QoS 0: what is sent meanwhile is lost
  if (topic == "bridge/request/health_check") {
    // Whoever asks chooses this text, and it is sent back: only what is harmless in JSON.
    std::string transaction;
    if (const auto from = payload.find("\"transaction\":\""); from != payload.npos)
      for (const char c : payload.substr(from + 15, 64)) {
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (!plain) break;
        transaction += c;
      }
    if (!transaction.empty()) transaction = ",\"transaction\":\"" + transaction + "\"";
    air.send(now + kHop, std::string(kZigbeeBase) + "/bridge/response/health_check",
             R"({"data":{"healthy":true},"status":"ok")" + transaction + "}");
    return;
  }
  const auto slash = topic.rfind('/');
  if (slash == topic.npos) return;
  const std::string_view name = topic.substr(0, slash), verb = topic.substr(slash + 1);
  const bool plug = name == kPlug || name == kPlugIeee, lamp = name == kLamp || name == kLampIeee;
  if (!plug && !lamp) return;
  if (verb == "get") return get(plug, payload, now, air);
  if (verb != "set") return;
  const auto set = zigbee_set_in(payload);
  if (!set) return log_error(now, "Invalid message 'undefined', skipping...", air);
  plug ? set_plug(*set, now, air) : set_lamp(*set, now, air);
}

std::optional<milliseconds> Zigbee::plug_timer_left(Instant now) const {
  if (!plug_on(now) || !plug_.off_at) return std::nullopt;
  return *plug_.off_at - now;
}

void Zigbee::plug_button(Instant at, Air& air) {
  turn_plug(!plug_on(at), std::nullopt, at);
  if (!up() || !plug_.in_reach || air.loses_frame()) return;
  plug_cache_.on = plug_.on;
  publish_plug(at + kReport, air);
}

void Zigbee::lamp_by_hand(bool on, double percent, Instant at, Air& air) {
  fade_lamp(percent * 2.54, 0ms, at);
  lamp_.on = on;
  lamp_.ends_off = false;
  if (!up() || air.loses_frame()) return;
  lamp_cache_.on = on;
  if (on) lamp_cache_.brightness = static_cast<int>(lamp_.to);
  publish_lamp(at + kReport, air);
}

void Zigbee::power_cut(Instant at) {
  const bool was = plug_on(at);
  const std::string& wakes = plug_.power_on;
  turn_plug(wakes == "on" || (wakes == "previous" && was) || (wakes == "toggle" && !was), std::nullopt, at);
  plug_.read_at = at + 5s;
}

void Zigbee::wakes_on(Instant at) {
  turn_plug(true, std::nullopt, at);
  plug_.off_at.reset();
  plug_.read_at = at + 5s;
}

void Zigbee::plug_in_reach(bool is, Instant at) {
  plug_.in_reach = is;
  plug_.offline_at = is ? std::nullopt : std::optional{at + kGivenUpAfter};
  if (is) plug_.read_at = at + 2s;
}

}  // namespace lull::demo
