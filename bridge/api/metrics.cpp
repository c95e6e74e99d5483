// Prometheus' text format 0.0.4.
#include "bridge/api/metrics.hpp"

#include "bridge/home_assistant/words.hpp"

namespace lull {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

struct Page {
  std::string text{};
  void about(std::string_view name, std::string_view type, std::string_view help) {
    text += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) + " " +
            std::string(type) + "\n";
  }
  void value(std::string_view name, std::string_view labels, std::string_view number) {
    text +=
        std::string(name) + (labels.empty() ? "" : "{" + std::string(labels) + "}") + " " + std::string(number) + "\n";
  }
  void one(std::string_view name, std::string_view help, std::string_view number) {
    about(name, "gauge", help);
    value(name, "", number);
  }
  void flag(std::string_view name, std::string_view help, bool is) { one(name, help, is ? "1" : "0"); }
};

/// A gauge with a line for each of `all` that `number` gives one for ("" = unknown: no line).
template <class All, class Labels, class Number>
void each(Page& page, std::string_view name, std::string_view help, const All& all, Labels labels, Number number) {
  bool any = false;
  for (const auto& one : all) {
    const std::string n = number(one);
    if (n.empty()) continue;
    if (!any) page.about(name, "gauge", help);
    any = true;
    page.value(name, labels(one), n);
  }
}

std::string yes(bool is) { return is ? "1" : "0"; }

/// To phones, each where it is used.
void roads(Page& page, const Shown& shown) {
  if (const auto& is = shown.home_assistant)
    page.flag("lull_home_assistant_up", "Whether the WebSocket of Home Assistant is connected.",
              is->state == HaStatus::State::connected);
  if (const auto& is = shown.ntfy) {
    if (is->state != NtfyStatus::State::not_tried)
      page.flag("lull_ntfy_up", "Whether the last message by ntfy arrived.", is->state == NtfyStatus::State::working);
    page.one("lull_ntfy_waiting", "Messages that wait for ntfy.", std::to_string(is->waiting));
    page.about("lull_ntfy_lost_total", "counter", "Messages by ntfy that were given up since the start.");
    page.value("lull_ntfy_lost_total", "", std::to_string(is->lost));
  }
}

}  // namespace

std::string metrics(const Hub& hub, const Seen& seen, const MetricsOf& of) {
  const House& house = *hub.house;
  const View& view = seen.view;
  Page page;
  page.about("lull_build_info", "gauge", "The version that runs.");
  page.value("lull_build_info", "version=\"" + escaped(of.version) + "\"", "1");
  page.flag("lull_broker_up", "Whether the broker is connected.", hub.link_up);
  page.flag("lull_disk_healthy", "Whether the journal and the ledger can be written.", hub.store_healthy);
  page.flag("lull_ready", "Whether every actuator has shown that it is off since the start.", view.ready);
  page.flag("lull_stopped", "Whether STOP is on.", view.stopped);
  page.one("lull_plays", "Routines that play.", std::to_string(view.plays.size()));
  page.one("lull_faults_held", "Faults that are kept for the morning.", std::to_string(view.held));
  page.one("lull_http_connections", "Connections to the web door.", std::to_string(of.connections));
  page.one("lull_pages_watching", "Pages that watch the live state.", std::to_string(of.watching));

  roads(page, seen.shown);

  const auto labels = [&](const DeviceView& d) {
    const Device& device = house.devices[d.device.index];
    return "device=\"" + escaped(device.id) + "\",kind=\"" + std::string(word_for(device.kind)) + "\"";
  };
  const auto acts = [&](const DeviceView& d) { return is_actuator(house.devices[d.device.index].kind); };
  const auto forces = [&](const DeviceView& d) { return house.devices[d.device.index].kind <= Kind::heat_pad; };
  each(page, "lull_device_reachable", "Whether it is in reach.", view.devices, labels,
       [](const DeviceView& d) { return yes(d.reachable); });
  each(page, "lull_device_on", "Whether it is on, as it last proved.", view.devices, labels,
       [&](const DeviceView& d) { return acts(d) && d.on ? yes(*d.on) : std::string(); });
  each(page, "lull_device_off_proved", "Whether it has proved that it is off.", view.devices, labels,
       [&](const DeviceView& d) { return acts(d) ? yes(d.off_proved) : std::string(); });
  each(page, "lull_device_level_percent", "Its level, as it last proved.", view.devices, labels,
       [&](const DeviceView& d) { return acts(d) && d.level ? number(d.level->value()) : std::string(); });
  each(page, "lull_device_fault", "Whether it is faulty or was too hot.", view.devices, labels,
       [&](const DeviceView& d) { return acts(d) ? yes(d.faulty || d.tripped) : std::string(); });
  each(page, "lull_device_watts", "What it draws.", view.devices, labels,
       [](const DeviceView& d) { return d.watts ? number(d.watts->value()) : std::string(); });
  each(page, "lull_device_surface_celsius", "How warm its surface is.", view.devices, labels,
       [](const DeviceView& d) { return d.surface ? number(d.surface->value()) : std::string(); });
  each(page, "lull_device_used_seconds", "Heat or massage that it gave tonight.", view.devices, labels,
       [&](const DeviceView& d) { return forces(d) ? std::to_string(d.used_tonight.count()) : std::string(); });
  each(page, "lull_device_left_seconds", "Heat or massage that it may still give tonight.", view.devices, labels,
       [&](const DeviceView& d) { return forces(d) ? std::to_string(d.left_tonight.count()) : std::string(); });
  if (!of.sleepers) return page.text;

  const auto who = [&](const SleeperView& s) {
    return "sleeper=\"" + escaped(house.sleepers[s.sleeper.index].id) + "\"";
  };
  each(page, "lull_sleeper_in_bed", "Whether somebody is in bed.", view.sleepers, who,
       [](const SleeperView& s) { return s.in_bed ? yes(*s.in_bed) : std::string(); });
  each(page, "lull_sleeper_movements_per_hour", "Movements over the last hour that could be counted (estimated).",
       view.sleepers, who, [](const SleeperView& s) {
         return s.detector.movements_per_hour ? number(*s.detector.movements_per_hour) : std::string();
       });
  each(page, "lull_sleeper_episodes", "Restless episodes of this night (estimated).", view.sleepers, who,
       [](const SleeperView& s) { return is_counted(s) ? std::to_string(s.episodes_tonight) : std::string(); });
  each(page, "lull_sleeper_replays", "Replays of this night.", view.sleepers, who,
       [](const SleeperView& s) { return std::to_string(s.replays_tonight); });
  return page.text;
}

}  // namespace lull
