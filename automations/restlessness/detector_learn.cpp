// What a quiet night teaches. Only time that is seen, in bed and outside of episodes counts, and of the stretches of
// movement in it only the short ones: what went on for long was an episode, whatever it was called.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "automations/restlessness/window.hpp"

namespace lull {
namespace {

constexpr milliseconds kEpisode = 5min;  // movement that goes on for so long is no chance

milliseconds long_enough(const DetectorSensor& s, const Threshold& asked) {
  return is_slow(s.finder) ? 2 * milliseconds{asked.window} : kEpisode;  // with minutes the window alone is as long
}

/// Without a movement for so long a stir is over. A deaf sensor tells of every second or third only.
milliseconds pause_of(const DetectorSensor& s, const Threshold& asked) {
  return std::max(milliseconds{asked.window} / 2, milliseconds{3 * pace_of(s.finder)});
}

QuietTime& here(Detector& d, DetectorSensor& s) { return s.baseline.tonight.parts[static_cast<std::size_t>(*d.part)]; }

void close(Detector& d, DetectorSensor& s) {
  const Stir stir = *s.stir;
  s.stir.reset();
  if (stir.treated || stir.last - stir.since >= long_enough(s, d.asked(s))) return;
  QuietTime& quiet = here(d, s);
  ++(stir.enough ? quiet.fired : quiet.near);
}

/// A movement counts once as quiet; when it turns out to be part of an episode it is taken back.
void count(QuietTime& quiet, double louder, std::int32_t by) {
  quiet.movements = std::max(0, quiet.movements + by);
  for (std::size_t i = 0; i < quiet.louder.size(); ++i)
    if (louder >= (i == 0 ? 1.3 : 1.7)) quiet.louder[i] = std::max(0, quiet.louder[i] + by);
}

}  // namespace

void learn_movement(Detector& d, DetectorSensor& s, Instant at, double louder) {
  if (!d.part) return;
  if (!d.restless) count(here(d, s), louder, 1);
  const Threshold asked = d.asked(s);
  const Threshold near{asked.need - 1, asked.window * (asked.need - 1) / asked.need, 0};
  const auto reaches = [&](const Threshold& t) {
    return tally(s, whole_after(asked), t.window, at).weight >= t.need - 1e-9;
  };
  // After a pause it is over, also while the detector still waits for calm: else a lively night stretches every stir.
  if (s.stir && at - s.stir->last < pause_of(s, asked)) s.stir->last = at;
  if (!s.stir && near.need > 0 && reaches(near))
    s.stir = Stir{*tally(s, whole_after(asked), near.window, at).first, at};
  if (s.stir && !s.stir->enough && enough(s, asked, at)) s.stir->enough = true;
}

void learn_tick(Detector& d, milliseconds passed, Instant now) {
  for (DetectorSensor& s : d.sensors) {
    const bool broken = s.finder.moving_since && s.finder.moving_until && now - *s.finder.moving_until < 10s &&
                        *s.finder.moving_until - *s.finder.moving_since > kEpisode;  // a pump, or stuck at its end
    if (d.part && !d.restless && !broken && !s.finder.is_stale(now))
      here(d, s).seconds += static_cast<std::int32_t>(duration_cast<seconds>(passed).count());
    if (!d.restless && s.stir && now - s.stir->last >= pause_of(s, d.asked(s))) {
      if (d.part)
        close(d, s);
      else
        s.stir.reset();
    }
  }
}

void unlearn_window(Detector& d, DetectorSensor& s, Instant now) {
  if (!d.part) return;
  for (auto m = s.window.rbegin(); m != s.window.rend() && now - m->at < d.window(s); ++m)
    count(here(d, s), 4 * m->strength / (1 - std::min(0.999, m->strength)), -1);
}

void Detector::end_night() {
  heart.end_night();
  for (DetectorSensor& s : sensors) {
    s.stir.reset();
    s.baseline.end_night(asked(s).need, is_slow(s.finder));
  }
  known_tonight = in_bed_tonight = 0ms;
}

// ---- kept on disk -------------------------------------------------------------------------------------------------

namespace {

using nlohmann::json;

json to_json(const QuietNight& night) {
  json out = json::array();
  for (const QuietTime& q : night.parts)
    out.push_back({q.seconds, q.movements, q.near, q.fired, q.louder[0], q.louder[1]});
  return out;
}

QuietNight night_from(const json& j) {
  QuietNight night;
  for (std::size_t p = 0; p < kParts; ++p) {
    std::array<std::int32_t, 6> n{};
    for (std::size_t i = 0; i < n.size(); ++i) n[i] = std::clamp(j.at(p).at(i).get<std::int32_t>(), 0, 86'400);
    night.parts[p] = {n[0], n[1], n[2], n[3], {n[4], n[5]}};
  }
  return night;
}

/// A baseline belongs to the rule that it was counted with.
std::string rule_of(const Detector& d, const DetectorSensor& s) {
  const Threshold asked = d.asked(s);
  return std::to_string(asked.need) + " in " + std::to_string(asked.window.count()) + " s";
}

}  // namespace

std::string Detector::learned(const std::string& night) const {
  json out{{"night", night}, {"sensors", json::object()}};
  for (const DetectorSensor& s : sensors) {
    json nights = json::array();
    for (const QuietNight& n : s.baseline.nights) nights.push_back(to_json(n));
    out["sensors"][s.id] = {{"rule", rule_of(*this, s)}, {"nights", nights}, {"tonight", to_json(s.baseline.tonight)}};
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

void Detector::restore(const std::string& text, const std::string& night) {
  const json kept = json::parse(text, nullptr, false);
  if (!kept.is_object() || !kept.contains("sensors") || !kept["sensors"].is_object()) return;
  for (DetectorSensor& s : sensors) {
    const auto found = kept["sensors"].find(s.id);
    if (found == kept["sensors"].end()) continue;
    try {
      if (found->at("rule").get<std::string>() != rule_of(*this, s)) continue;
      Baseline b;
      for (const json& n : found->at("nights"))
        if (b.nights.size() < Baseline::kMostNights) b.nights.push_back(night_from(n));
      b.tonight = night_from(found->at("tonight"));
      const bool same = night.empty() || kept.value("night", std::string()) == night;  // "": the clock is not known yet
      s.baseline = std::move(b);
      // A night that ended while nobody looked is a finished one.
      same ? s.baseline.settle(asked(s).need, is_slow(s.finder))
           : s.baseline.end_night(asked(s).need, is_slow(s.finder));
    } catch (const json::exception&) {}  // from another version, or damaged: this sensor begins anew
  }
}

}  // namespace lull
