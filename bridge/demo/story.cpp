// Decisions and words for people become lines; machinery does not.
#include "bridge/demo/story.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "automations/calendar.hpp"
#include "automations/night/report.hpp"
#include "devices/result.hpp"

namespace lull::demo {
namespace {

constexpr int kBar = 24;

std::string bar(double part) {
  const int full = static_cast<int>(part * kBar);
  std::string text;
  for (int i = 0; i < kBar; ++i) text += i < full ? "\u2501" : "\u2500";
  return text;
}

std::string now_of(const House& house, const View& view, const Truth& truth) {
  std::string text = !truth.in_bed    ? "up"
                     : truth.restless ? "restless legs"
                     : truth.asleep   ? "asleep"
                                      : "in bed, awake";
  for (const DeviceView& d : view.devices) {
    const Device& device = house.devices[d.device.index];
    if (!is_actuator(device.kind) || d.on != true) continue;
    text += " \u00b7 " + device.name;
    if (device.kind == Kind::massage_pad || device.kind == Kind::light)
      text += fmt::format(" {} %", d.level.value_or(d.wanted).whole());
  }
  for (const PlayView& play : view.plays)
    text += fmt::format(" \u00b7 {}: {}, {} min left", play.routine, play.step, (play.left.count() + 59) / 60);
  return text;
}

}  // namespace

void Story::end_line() {
  if (open_) std::fputs("\r\x1b[2K", stdout);
  open_ = false;
}

void Story::line(Utc utc, const std::string& text) {
  if (text == last_) return;
  last_ = text;
  end_line();
  std::printf("%s  %s\n", clock_text(local(house_.zone, utc)).c_str(), text.c_str());
  std::fflush(stdout);
}

void Story::tell(Utc utc, const Effect& effect) {
  std::visit(Match{[&](const Decision& d) { line(utc, fmt::format("{}: {}", d.about, d.why)); },
                   [&](const Notify& n) {
                     if (n.urgency >= Notify::Urgency::fault && !n.only) line(utc, "to the phone: " + n.text);
                   },
                   [&](const Note& n) {
                     if (n.lane != Lane::in_bed || !n.sleeper) return;
                     const std::string& name = house_.sleepers[n.sleeper->index].name;
                     if (n.value > 0 && in_bed_.insert(*n.sleeper).second) line(utc, name + " gets into bed");
                     if (n.value == 0 && in_bed_.erase(*n.sleeper) > 0) line(utc, name + " leaves the bed");
                   },
                   [&](const TrialTold& t) {
                     if (t.state == TrialTold::State::runs) line(utc, fmt::format("  {}/{} {}", t.step, t.of, t.text));
                   },
                   [](const auto&) {}},
             effect);
}

void Story::progress(Utc utc, double part, const View& view, const Truth& truth) {
  const std::string now = now_of(house_, view, truth);
  if (!terminal_) {  // in a log one line an hour is enough
    const int hour = local(house_.zone, utc).time.minute / 60;
    if (hour != last_hour_) line(utc, fmt::format("{:3.0f} % of the night, {}", part * 100, now));
    last_hour_ = hour;
    return;
  }
  std::printf("\r\x1b[2K%s %s %s", clock_text(local(house_.zone, utc)).c_str(), bar(part).c_str(),
              printable(now, 90).c_str());
  std::fflush(stdout);
  open_ = true;
}

}  // namespace lull::demo
