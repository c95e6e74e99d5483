// Which entity may be what, and in which words it is driven.
#include "devices/dialects/home_assistant_entity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace lull::entity {
namespace {

constexpr std::size_t kMaxId = 255;
constexpr double kCoarse = 34;  // fewer steps than this are more than three percent apart

struct Known {
  std::string_view word;
  Domain domain;
};
constexpr std::array<Known, 17> kKnown{{{"light", Domain::light},
                                        {"fan", Domain::fan},
                                        {"switch", Domain::on_off},
                                        {"input_boolean", Domain::on_off},
                                        {"humidifier", Domain::humidifier},
                                        {"number", Domain::number},
                                        {"input_number", Domain::number},
                                        {"select", Domain::select},
                                        {"input_select", Domain::select},
                                        {"binary_sensor", Domain::truth},
                                        {"sensor", Domain::sensor},
                                        {"event", Domain::event},
                                        {"button", Domain::button},
                                        {"input_button", Domain::button},
                                        {"climate", Domain::none},
                                        {"media_player", Domain::none},
                                        {"water_heater", Domain::none}}};

std::string_view word_of(std::string_view id) { return id.substr(0, id.find('.')); }

bool has(std::initializer_list<Domain> all, Domain one) { return std::find(all.begin(), all.end(), one) != all.end(); }

bool fits(Domain domain, const Device& d) {
  switch (d.kind) {
    case Kind::light: return has({Domain::light, Domain::on_off}, domain);
    case Kind::sound: return has({Domain::on_off, Domain::fan}, domain);
    case Kind::aroma: return has({Domain::on_off, Domain::fan, Domain::humidifier}, domain);
    case Kind::massage_pad: return has({Domain::fan, Domain::number, Domain::select, Domain::on_off}, domain);
    case Kind::heat_pad: return has({Domain::number, Domain::select, Domain::on_off}, domain);
    case Kind::movement:
      return d.stream == Stream::vibration ? has({Domain::truth, Domain::on_off, Domain::event}, domain)
                                           : has({Domain::sensor, Domain::number}, domain);
    case Kind::presence: return has({Domain::truth, Domain::on_off}, domain);
    case Kind::button: return has({Domain::event, Domain::button, Domain::truth, Domain::sensor}, domain);
    case Kind::alarm_clock: return domain == Domain::sensor;
    case Kind::thermometer:
    case Kind::heart_rate: return has({Domain::sensor, Domain::number}, domain);
    case Kind::mains: return false;
  }
  return false;
}

std::string right_for(const Device& d) {
  switch (d.kind) {
    case Kind::light: return "a light, switch or input_boolean";
    case Kind::sound: return "a switch, fan or input_boolean";
    case Kind::aroma: return "a switch, fan, humidifier or input_boolean";
    case Kind::massage_pad: return "a fan, number, select or switch, which tell whether they are on";
    case Kind::heat_pad: return "a switch, number or select";
    case Kind::movement:
      return d.stream == Stream::vibration ? "a binary_sensor or event for a stream of vibration"
                                           : "a sensor for a stream of numbers";
    case Kind::presence: return "a binary_sensor or input_boolean";
    case Kind::button: return "an event, input_button, binary_sensor or sensor";
    case Kind::alarm_clock: return "a sensor whose state is a time, such as a phone's sensor.pixel_next_alarm";
    case Kind::thermometer:
    case Kind::heart_rate: return "a sensor";
    case Kind::mains: break;
  }
  return "";
}

bool is_strength(const Device& d, const Mapping::Hears& h) { return h.topic == d.at && h.means == "level"; }

/// What may be said with each start: settings of the same bed, nothing that runs by itself.
constexpr std::array<std::string_view, 6> kBeside{"select.select_option",   "number.set_value",
                                                  "button.press",           "input_select.select_option",
                                                  "input_number.set_value", "input_button.press"};

struct Checker {
  const Device& d;
  std::vector<Error> problems{};
  void wrong(std::string where, std::string what) { problems.push_back({std::move(where), std::move(what)}); }

  void address() {
    if (d.kind == Kind::mains)
      return wrong("speaks",
                   "is home_assistant, but a plug in front of a pad must stop by itself and show that it will; by way "
                   "of Home Assistant it cannot. Let it speak its own dialect, or map it with `speaks: mqtt`");
    if (!is_entity_id(d.at))
      return wrong("at", "is " + shown(d.at) + ", must be an entity's id such as light.bedside_lamp");
    if (fits(domain_of(d.at), d)) return;
    wrong("at",
          "is " + shown(d.at) + "; of Home Assistant, a " + std::string(word_for(d.kind)) + " can be " + right_for(d));
  }
  void strength() {
    const Domain domain = domain_of(d.at);
    if (domain == Domain::select && options_of(d).size() < 2)
      wrong("options", "is missing; name what can be selected, off first: [\"Off\", Low, Medium, High]");
    if (domain == Domain::on_off && d.kind == Kind::massage_pad && d.steps_levels)
      wrong("at", "is a switch, which knows only on and off; write `steps: false`");
    if (!needs_timer(d.kind) || d.behind) return;  // the plug in front of it has a timer
    if (d.kind == Kind::heat_pad)
      wrong("behind",
            "is missing; what Home Assistant switches on stays on when it and Lull are gone, so heat needs a plug in "
            "front of it (`is: mains`) that stops by itself");
    else if (const auto [timer, reason] = timer_of(d); timer == Timer::none)
      wrong("own_cut_off", reason);
  }
  void beside() {
    for (std::size_t i = 0; i < d.mapping.hears.size(); ++i) {
      const Mapping::Hears& h = d.mapping.hears[i];
      const std::string at = "hears/" + std::to_string(i);
      if (is_strength(d, h)) continue;
      if (!is_entity_id(h.topic)) wrong(at + "/topic", "is " + shown(h.topic) + ", must be an entity's id");
      if (h.means != "watts" && h.means != "battery" && h.means != "celsius")
        wrong(at + "/means", "is " + shown(h.means) + ", must be watts, battery or celsius; the rest `at` tells");
      if (h.means == "watts" && !is_actuator(d.kind)) wrong(at + "/means", "is watts, which only what runs draws");
      if (h.means == "celsius" && d.kind != Kind::heat_pad)
        wrong(at + "/means", "is celsius, which is for heat pads; a thermometer stands in `at`");
      if (std::string bad = mapping::pointer_problem(h.pointer); !bad.empty()) wrong(at + "/pointer", bad);
    }
    if (!d.mapping.off.empty() || !d.mapping.ask.empty() || !d.mapping.arm.empty())
      wrong("off", "is for `speaks: mqtt`; here `says` has only `on`, what is said with each start");
    for (std::size_t i = 0; i < d.mapping.on.size(); ++i) one_said("on/" + std::to_string(i), d.mapping.on[i]);
  }
  void one_said(const std::string& at, const Mapping::Says& said) {
    if (!needs_timer(d.kind)) return wrong(at + "/topic", "is for massage and heat pads, such as a bed's own timer");
    if (std::find(kBeside.begin(), kBeside.end(), said.topic) == kBeside.end())
      wrong(at + "/topic",
            "is " + shown(said.topic) + ", must be select.select_option, number.set_value or button.press");
    const auto json = read_object(said.payload);
    const std::string whose = json ? text_at(*json, "entity_id") : "";
    if (!is_entity_id(whose))
      wrong(at + "/payload",
            "must be JSON with an entity, such as {\"entity_id\": \"select.bed_timer\", \"option\": \"10 min\"}");
    else if (word_of(whose) != word_of(said.topic))
      wrong(at + "/payload", "names " + whose + ", which " + said.topic + " does nothing to");
    else if (whose == d.at)
      wrong(at + "/payload", "names the device itself, which Lull drives");
  }
};

/// Gentler rather than stronger, but on: a bed with three steps has none below a third.
double step_of(Percent level, double steps) { return std::max(1.0, std::floor(level.value() * steps / 100 + 1e-9)); }
double value_of(Percent level, double full) {
  return full < 3 ? std::max(0.01, std::floor(level.value() * full) / 100) : step_of(level, full);
}

Json number(double value) { return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value); }

Outgoing call(std::string action, Json data) { return {std::move(action), written(data)}; }

}  // namespace

Domain domain_of(std::string_view id) {
  for (const Known& known : kKnown)
    if (known.word == word_of(id)) return known.domain;
  return Domain::none;
}

bool is_entity_id(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == 0 || dot == text.npos || dot + 1 == text.size() || text.size() > kMaxId) return false;
  // Of one id like this Home Assistant refuses the whole subscription, and nothing of it would be heard.
  if (text.find("__") != text.npos) return false;
  for (const char end : {text.front(), text[dot - 1], text[dot + 1], text.back()})
    if (end == '_') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }) &&
         text.find('.', dot + 1) == text.npos;
}

bool is_reached_there(const Device& d) { return d.speaks == "home_assistant"; }

Mapping::Hears full_strength(const std::string& id, double full) { return {id, "", "level", "", "", 100 / full}; }
Mapping::Hears option(const std::string& id, std::string word) { return {id, "", "level", std::move(word), "", 1.0}; }

double full_of(const Device& d) {
  for (const Mapping::Hears& h : d.mapping.hears)
    if (is_strength(d, h) && h.yes.empty() && h.scale > 0) return std::round(100 / h.scale * 1e6) / 1e6;
  return 100;
}

std::vector<std::string> options_of(const Device& d) {
  std::vector<std::string> all;
  for (const Mapping::Hears& h : d.mapping.hears)
    if (is_strength(d, h) && !h.yes.empty()) all.push_back(h.yes);
  return all;
}

std::vector<Error> check(const Device& d) {
  Checker checker{d};
  checker.address();
  checker.strength();
  checker.beside();
  return std::move(checker.problems);
}

std::pair<Timer, std::string> timer_of(const Device& d) {
  std::string reason =
      "Home Assistant cannot make it stop when both are gone: write `own_cut_off`, if the product stops by itself, or "
      "put it `behind` a plug (`is: mains`) that does";
  if (d.kind == Kind::massage_pad && d.own_cut_off) return {Timer::product, std::move(reason)};
  return {Timer::none, std::move(reason)};
}

bool is_coarse(const Device& d) { return !options_of(d).empty() || full_of(d) < kCoarse; }

std::string on_action(std::string_view id) {
  const std::string domain(word_of(id));
  switch (domain_of(id)) {
    case Domain::number: return domain + ".set_value";
    case Domain::select: return domain + ".select_option";
    default: return domain + ".turn_on";
  }
}

std::string off_action(std::string_view id) {
  const Domain domain = domain_of(id);
  return domain == Domain::number || domain == Domain::select ? on_action(id) : std::string(word_of(id)) + ".turn_off";
}

Outgoing on(const Device& d, const Output& output) {
  Json data{{"entity_id", d.at}};
  switch (domain_of(d.at)) {
    case Domain::light:
      data["brightness_pct"] = number(std::max(1.0, std::round(output.level.value())));
      if (output.kelvin) data["color_temp_kelvin"] = number(output.kelvin->value());
      break;
    case Domain::fan:
      if (d.steps_levels) data["percentage"] = number(std::max(1.0, std::round(output.level.value())));
      break;
    case Domain::number: data["value"] = number(value_of(output.level, full_of(d))); break;
    case Domain::select: {
      const auto options = options_of(d);
      if (options.size() < 2) return off(d);  // check() said so; a configuration with problems does not run
      data["option"] =
          options[static_cast<std::size_t>(step_of(output.level, static_cast<double>(options.size() - 1)))];
      break;
    }
    default: break;
  }
  return call(on_action(d.at), std::move(data));
}

Outgoing off(const Device& d) {
  Json data{{"entity_id", d.at}};
  if (domain_of(d.at) == Domain::number) data["value"] = 0;
  const auto options = options_of(d);
  if (domain_of(d.at) == Domain::select) data["option"] = options.empty() ? "Off" : options.front();
  return call(off_action(d.at), std::move(data));
}

}  // namespace lull::entity
