// When it is night, and what is kept for the morning.
#include "automations/hush.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "automations/turn.hpp"
#include "devices/utf8.hpp"

namespace lull {
namespace {

/// A road may try a few times. If Lull ends within that, it tells it once more rather than not at all.
constexpr minutes kOnItsWay{5};

std::string clipped_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() > kLongestHeld) text.resize(kLongestHeld);
  while (!text.empty() && !is_utf8(text)) text.pop_back();  // not inside a character
  return text;
}

void keep(Turn& t) { t.effects.emplace_back(KeepSetting{{"held", to_text(t.hub.hush)}}); }

void hold(Turn& t, const Notify& n, bool told) {
  Hush& hush = t.hub.hush;
  const Held held{n.to, clipped_line(n.text), n.urgency == Notify::Urgency::alarm, told,
                  told ? std::optional(t.now) : std::nullopt};
  const auto same = [&](const Held& h) { return h.to == held.to && h.text == held.text && h.alarm == held.alarm; };
  if (std::any_of(hush.held.begin(), hush.held.end(), same)) return;
  if (hush.held.size() >= kMostHeld) {
    ++hush.more;
    const auto fault = std::find_if(hush.held.rbegin(), hush.held.rend(), [](const Held& h) { return !h.alarm; });
    if (!held.alarm || fault == hush.held.rend()) return keep(t);
    hush.held.erase(std::next(fault).base());  // for an alarm the newest fault makes room, and is counted
  }
  hush.held.push_back(held);
  keep(t);
}

/// What the other roads have told already is for the broker alone.
Notify of(const Held& held, Notify::Urgency urgency, std::string text) {
  return {urgency, held.to, std::move(text), held.told ? std::optional(Notify::Road::broker) : std::nullopt};
}

/// Without a broker the other roads hear what they have not heard yet, and its own copy waits for it.
bool is_for_now(const Turn& t, const Held& held) { return t.hub.link_up || !held.told; }

void was_told(const Turn& t, Held& held) {
  if (!std::exchange(held.told, true)) held.told_lately = t.now;
}

/// Alarms that could not be told to the broker: as soon as there is one, whatever the hour.
void tell_alarms(Turn& t) {
  Hush& hush = t.hub.hush;
  const auto is_due = [&](const Held& h) { return h.alarm && is_for_now(t, h); };
  if (std::none_of(hush.held.begin(), hush.held.end(), is_due)) return;
  for (Held& h : hush.held)
    if (is_due(h)) t.effects.emplace_back(of(h, Notify::Urgency::alarm, h.text)), was_told(t, h);
  if (t.hub.link_up) std::erase_if(hush.held, [](const Held& h) { return h.alarm; });
  keep(t);
}

/// Everything that was held, one message for each person it concerns and one for everybody; what the other roads have
/// told already by itself.
void tell_held(Turn& t) {
  Hush& hush = t.hub.hush;
  const auto together = [](const Held& a, const Held& b) { return a.to == b.to && a.told == b.told; };
  std::vector<Held> whom;
  for (const Held& h : hush.held)
    if (is_for_now(t, h) && std::none_of(whom.begin(), whom.end(), [&](const Held& w) { return together(w, h); }))
      whom.push_back(h);
  if (whom.empty()) return;
  // Those that were only counted are everybody's.
  const auto everybody = std::find_if(whom.begin(), whom.end(), [](const Held& w) { return !w.to; });
  if (everybody != whom.end()) std::rotate(whom.begin(), everybody, everybody + 1);
  for (std::size_t i = 0; i < whom.size(); ++i) {
    const Held& w = whom[i];
    std::string text = "Kept until now:";
    for (const Held& h : hush.held)
      if (together(w, h)) text += " " + h.text;
    if (i == 0 && hush.more > 0) text += " And " + std::to_string(hush.more) + " more.";
    t.effects.emplace_back(of(w, Notify::Urgency::fault, std::move(text)));
  }
  if (t.hub.link_up)
    hush = Hush{};
  else
    for (Held& h : hush.held) was_told(t, h);
  keep(t);
}

/// Whether it is night for phones, by who is in bed and by the clock.
bool is_night(const Turn& t) {
  const Tonight& tonight = t.hub.tonight;
  if (!t.hub.utc_minus_boot || tonight.night != t.hub.night || t.hub.night_told) return false;
  const Utc now = t.utc();
  bool known = false, somebody = false;
  for (const SleeperState& s : t.hub.sleepers)
    if (s.in_bed) known = true, somebody = somebody || *s.in_bed;
  if (now < tonight.bedtime || now >= (known ? tonight.morning_latest : tonight.morning_unseen)) return false;
  return t.hub.hush.on || somebody || !known;  // who gets up for a moment has not ended the night
}

}  // namespace

std::string to_text(const Hush& hush) {
  std::string text;
  for (const Held& h : hush.held)
    text += std::string(h.alarm ? "!" : "") + (h.told && !h.told_lately ? "*" : "") +
            (h.to ? std::to_string(h.to->index) : "-") + " " + h.text + "\n";
  if (hush.more > 0) text += "+ " + std::to_string(hush.more) + "\n";
  return text;
}

Hush hush_from(std::string_view text) {
  Hush hush;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t space = line.find(' ');
    if (space == line.npos) continue;
    const bool alarm = line.starts_with('!'), told = line.substr(alarm).starts_with('*');
    const std::string_view said = line.substr(space + 1);
    std::string_view whom = line.substr(0, space);
    whom.remove_prefix(static_cast<std::size_t>(alarm) + told);
    std::uint16_t n = 0;
    const bool number = std::from_chars(whom.data(), whom.data() + whom.size(), n).ec == std::errc{};
    if (whom == "+") {
      std::from_chars(said.data(), said.data() + said.size(), hush.more);
    } else if ((whom == "-" || number) && hush.held.size() < kMostHeld) {
      hush.held.push_back(
          {number ? std::optional(SleeperId{n}) : std::nullopt, clipped_line(std::string(said)), alarm, told, {}});
    }
  }
  return hush;
}

void hush(Turn& t) {
  Hush& state = t.hub.hush;
  bool arrived = false;
  for (Held& h : state.held)
    if (h.told_lately && t.now - *h.told_lately >= kOnItsWay) h.told_lately.reset(), arrived = true;
  if (arrived) keep(t);
  state.on = is_night(t);
  const bool deaf = !t.hub.link_up;  // by the broker nothing reaches a phone then, not even an alarm
  const auto waits = [&](const Effect& effect) {
    const auto* n = std::get_if<Notify>(&effect);
    return n && ((n->urgency == Notify::Urgency::fault && (state.on || deaf)) ||
                 (n->urgency == Notify::Urgency::alarm && deaf));
  };
  if (std::any_of(t.effects.begin(), t.effects.end(), waits)) {
    std::vector<Effect> all = std::exchange(t.effects, {});
    for (Effect& effect : all) {
      if (!waits(effect)) {
        t.effects.push_back(std::move(effect));
        continue;
      }
      const Notify n = std::get<Notify>(effect);
      const bool now = n.urgency == Notify::Urgency::alarm || !state.on;  // other roads may be open
      t.decide(Decision::Outcome::did_not, "phone",
               (now    ? "told where there is another road, and kept until there is a broker: "
                : deaf ? "kept until there is a broker: "
                       : "kept for the morning: ") +
                   n.text);
      hold(t, n, now);
      if (now) t.effects.push_back(std::move(effect));
    }
  }
  if (state.held.empty() || !t.hub.started || !t.hub.utc_minus_boot) return;
  tell_alarms(t);
  if (!state.on && !state.held.empty()) tell_held(t);
}

}  // namespace lull
