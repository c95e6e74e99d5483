// The simulated Zigbee2MQTT: its cache, what it publishes and when, and the strap and the button behind it.
#include "bridge/demo/zigbee.hpp"

#include <chrono>
#include <cstdio>

namespace lull::demo {
namespace {
constexpr milliseconds kHop{30}, kReport{20};
constexpr milliseconds kReadsAfter{2s};  // the bridge asks a returning device what it does

std::string number(double value) {
  char text[32];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.10g", value))};
}
template <class Value>
void field(std::string& json, std::string_view key, const std::optional<Value>& value, const std::string& text) {
  if (!value) return;
  json += json.size() > 1 ? ",\"" : "\"";
  json.append(key).append("\":").append(text);
}
std::string quoted(std::string_view text) { return std::string("\"").append(text).append("\""); }
std::string on_off(const std::optional<bool>& on) { return on && *on ? "\"ON\"" : "\"OFF\""; }
}  // namespace

std::string iso8601(Utc t) {
  using namespace std::chrono;
  const sys_time<milliseconds> when{t.since_epoch};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> clock{when - day};
  char text[40];
  const int n = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                              static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                              static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                              static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(n)};
}

Zigbee::Zigbee(std::uint64_t seed, Utc origin, Instant begins)
    : chance_(seed, 6), origin_(origin), begins_(begins), plug_seen_(begins), lamp_seen_(begins) {
  plug_.reported = begins - 10s;
  plug_cache_ = {.on = false, .power = 0.0, .current = 0.0, .energy = 0.0, .power_on = plug_.power_on};
  // The lamp is lit in the evening, as somebody left it.
  lamp_.on = true;
  lamp_.from = lamp_.to = lamp_.level_memory = 178;
  lamp_.mired = 370;
  lamp_cache_ = {.on = true, .brightness = lamp_.to, .mired = lamp_.mired};
}

std::string Zigbee::topic(std::string_view rest) const { return std::string(kZigbeeBase).append("/").append(rest); }

void Zigbee::availability(std::string_view name, bool online, Instant at, Air& air) {
  air.send(at, topic(name) + "/availability", online ? R"({"state":"online"})" : R"({"state":"offline"})", true,
           Air::Care::sure);
}

void Zigbee::say_retained(Instant at, Air& air) {
  air.send(at, topic("bridge/state"), R"({"state":"online"})", true, Air::Care::sure);
  air.send(at + 5ms, topic("bridge/info"), std::string(kBridgeInfo), true, Air::Care::sure);
  air.send(at + 10ms, topic("bridge/devices"), std::string(kBridgeDevices), true, Air::Care::sure);
  air.send(at + 15ms, topic("bridge/groups"), "[]", true, Air::Care::sure);
  for (const auto name : {kPlug, kLamp, kStrap, kButton})
    availability(name, name != kPlug || plug_.online, at + 20ms, air);
}

void Zigbee::starts(Instant at, Air& air) {
  say_retained(at, air);
  if (kept_cache_) {  // fact 2: what was true when the file was written, true or not by now
    publish_plug(at + 100ms, air, false);
    publish_lamp(at + 110ms, air, false);
  }
  plug_.read_at = at + kReadsAfter;
}

void Zigbee::broker_back(Instant at, Air& air) {
  if (up()) say_retained(at + 1s, air);
}

void Zigbee::goes_down(Instant at, milliseconds back_after, bool cleanly, Air& air) {
  if (!up()) return;
  back_at_ = at + back_after;
  kept_cache_ = cleanly;
  if (!cleanly) {  // the file on disk is minutes old; what matters here is that the states are not known
    plug_cache_ = {};
    lamp_cache_ = {};
  }
  air.send(at + 2ms, topic("bridge/state"), R"({"state":"offline"})", true, Air::Care::sure);
}

std::string Zigbee::seen(Instant at, bool fresh, Instant& last) const {
  if (fresh) last = at;
  return quoted(iso8601(origin_ + (last - begins_)));
}

void Zigbee::publish_plug(Instant at, Air& air, bool fresh) {
  if (!up()) return;
  const PlugCache& c = plug_cache_;
  std::string json = "{";
  field(json, "current", c.current, number(c.current.value_or(0)));
  field(json, "energy", c.energy, number(c.energy.value_or(0)));
  field(json, "last_seen", std::optional{0}, seen(at, fresh, plug_seen_));
  field(json, "linkquality", std::optional{0}, "120");
  field(json, "power", c.power, number(c.power.value_or(0)));
  field(json, "power_on_behavior", c.power_on, quoted(c.power_on.value_or("")));
  field(json, "state", c.on, on_off(c.on));
  if (c.current) field(json, "voltage", std::optional{0}, "230");
  air.send(at, topic(kPlug), json + "}");
}

void Zigbee::publish_lamp(Instant at, Air& air, bool fresh) {
  if (!up()) return;
  const LampCache& c = lamp_cache_;
  std::string json = "{";
  field(json, "brightness", c.brightness, number(c.brightness.value_or(0)));
  field(json, "color_mode", c.mired, quoted("color_temp"));
  field(json, "color_temp", c.mired, number(c.mired.value_or(0)));
  field(json, "last_seen", std::optional{0}, seen(at, fresh, lamp_seen_));
  field(json, "linkquality", std::optional{0}, "120");
  field(json, "state", c.on, on_off(c.on));
  air.send(at, topic(kLamp), json + "}");
}

void Zigbee::publish_strap(Instant at, Air& air) {
  if (!up() || strap_.dead || air.loses_frame()) return;
  Instant now = at;
  char text[200];
  std::snprintf(text, sizeof text,
                R"({"battery":87,"current_pressure":%d,"last_seen":%s,"linkquality":104,"pressure_state":"%s"})",
                strap_.pressure, seen(at, true, now).c_str(), strap_.state.c_str());
  air.send(at + kHop, topic(kStrap), text);
  strap_.said_at = at;
}

void Zigbee::log_error(Instant at, std::string_view message, Air& air) {
  if (!up() || message == last_error_) return;  // a repeat of the line before is suppressed
  last_error_ = message;
  std::string json = R"({"level":"error","message":"z2m: )";
  for (const char c : message) {
    if (c == '"' || c == '\\') json += '\\';
    json += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  air.send(at, topic("bridge/logging"), json + R"(","namespace":"z2m"})");
}

void Zigbee::press(std::string_view action, Instant at, Air& air) {
  if (!up() || air.loses_frame()) return;
  Instant now = at;
  air.send(at + kHop, topic(kButton),
           std::string(R"({"action":")").append(action).append(R"(","battery":90,"last_seen":)") + seen(at, true, now) +
               R"(,"linkquality":120})");
}

void Zigbee::feel(Instant at, bool in_bed, bool moving, Air& air) {
  Strap& s = strap_;
  if (in_bed && !s.occupied) {
    s.occupied = true;
    s.since = at;
    s.pressure = chance_.whole(780, 900);
    s.state = "sit";
    publish_strap(at + 200ms, air);
  } else if (!in_bed && s.occupied) {
    if (!s.empty_at) s.empty_at = at + 10s;
    if (at >= *s.empty_at) {
      s.occupied = false;
      s.pressure = 0;
      s.state = "none";
      publish_strap(at, air);
    }
  }
  if (in_bed || !s.occupied) s.empty_at.reset();
  // A datapoint device says again what it knows now and then; a turn changes the pressure.
  if (s.occupied && s.state == "sit" && at - s.since >= 45min) s.state = "sedentary";
  const bool shifted = moving && s.occupied && at - s.said_at >= 60s;
  if (shifted) s.pressure = chance_.whole(740, 940);
  if (shifted || at - s.said_at >= 10min) {
    s.said_at = at;  // lost or not: a device that is not heard does not shout
    publish_strap(at, air);
  }
}

void Zigbee::second(Instant at, bool in_bed, bool moving, Air& air) {
  if (back_at_ && at >= *back_at_) {
    back_at_.reset();
    last_error_.clear();
    starts(at, air);
  }
  if (plug_.off_at && at >= *plug_.off_at) {
    turn_plug(false, std::nullopt, at);
    if (up() && plug_.in_reach && !air.loses_frame()) {
      plug_cache_.on = false;
      publish_plug(at + kReport, air);
    }
  }
  plug_.surface += (21.0 + (in_bed ? 8 : 0) + (plug_.on ? 16 : 0) - plug_.surface) / 500;
  if (plug_.on) plug_.energy_kwh += 60.0 / 3.6e6;
  if (plug_.report_at && at >= *plug_.report_at) plug_reports(at, air);
  if (plug_.read_at && at >= *plug_.read_at && up()) {
    plug_.read_at.reset();
    if (plug_.in_reach && !air.loses_frame()) {
      if (!plug_.online) availability(kPlug, plug_.online = true, at, air);
      plug_cache_.on = plug_says_on(at);
      publish_plug(at + kHop, air);
    } else if (plug_.in_reach)
      plug_.read_at = at + 10s;  // the next try
  }
  if (plug_.offline_at && at >= *plug_.offline_at) {
    plug_.offline_at.reset();
    plug_.online = false;
    if (up()) availability(kPlug, false, at, air);
  }
  if (lamp_.fading && at >= lamp_.until) {
    lamp_.fading = false;
    lamp_.from = lamp_.to;
    if (lamp_.ends_off) lamp_.on = false, lamp_.from = lamp_.to = lamp_.level_memory;
    if (up() && !lamp_.ends_off) publish_lamp(at + kReport, air);  // fact of section 7: the target, a second time
  }
  feel(at, in_bed, moving, air);
}

std::optional<Instant> Zigbee::next() const {
  std::optional<Instant> first = strap_.said_at + 10min;
  const auto sooner = [&](std::optional<Instant> t) {
    if (t && *t < *first) first = t;
  };
  for (const auto& t : {back_at_, plug_.off_at, plug_.report_at, plug_.read_at, plug_.offline_at, strap_.empty_at})
    sooner(t);
  if (lamp_.fading) sooner(lamp_.until);
  return first;
}

}  // namespace lull::demo
