// What the detector says of itself: the count against its threshold, where that came from, what sensors do not agree
// on, and what kind of movement it may be. Estimates with their reasons; never a diagnosis.
#include <algorithm>
#include <cmath>
#include <vector>

#include "automations/restlessness/window.hpp"

namespace lull {
namespace {

std::string time_text(milliseconds d) {
  const auto s = std::chrono::round<seconds>(d).count();
  std::string text = s >= 60 ? std::to_string(s / 60) + " min" : "";
  if (s % 60 != 0 || s == 0) text += (text.empty() ? "" : " ") + std::to_string(s % 60) + " s";
  return text;
}
std::string tenths(double value) {
  const auto n = std::lround(value * 10);
  return std::to_string(n / 10) + "." + std::to_string(n % 10);
}
void add(std::string& list, const std::string& more, const char* between) {
  list += (list.empty() ? "" : between) + more;
}

}  // namespace

std::string_view words_for(Gate gate) {
  switch (gate) {
    case Gate::open: return "watching";
    case Gate::pad_running: return "a pad shakes the bed, or did a moment ago";
    case Gate::bed_empty: return "the bed is empty";
    case Gate::presence_unknown: return "not known whether somebody is in bed";
    case Gate::just_got_in: return "just got into bed";
    case Gate::sensor_stale: return "the movement sensor went quiet";
    case Gate::no_sensor: return "no movement sensor";
  }
  return "no movement sensor";
}

std::string_view words_for_limits(Stream stream, seconds epoch, seconds hold_off) {
  const MovementFinder f{stream, epoch, hold_off};
  switch (stream) {
    case Stream::vibration:
      return f.hold_off > 10s
                 ? "counts minutes rather than movements: after a report it is deaf for its hold-off; cannot tell how "
                   "strong, nor whose movement it was"
                 : "cannot tell how strong, nor whose movement it was";
    case Stream::counts:
      if (is_slow(f))
        return "can only say that a minute was lively: a pump looks like a person, and it is minutes late";
      return epoch > 6s ? "takes neighbouring epochs for one movement, so it is about half a minute late"
                        : "misses legs when it is worn on a wrist";
    case Stream::radar: return "cannot tell a partner in its beam from the sleeper";
    case Stream::load: return "cannot tell whose limb moved the bed";
    case Stream::acceleration: return "misses twitches shorter than about a quarter second";
    case Stream::raw: return "needs the most radio and battery";
    default: return "cannot tell what moved";
  }
}

std::string sentence_of(const Detector& d, const DetectorSensor& s, Instant now) {
  const Threshold asked{d.need(s), d.window(s), 0};
  const Tally is = tally(s, whole_after(asked), asked.window, now);
  const auto movements = [](const std::string& count, milliseconds span, const std::string& need) {
    return count + " movements in the last " + time_text(span) + ", " + need + " are needed";
  };
  std::string text = movements(std::to_string(shown(is.weight)), asked.window, std::to_string(asked.need));
  if (const auto other = enough(s, asked, now); other && is.weight < asked.need - 1e-9) {
    // Another window saw enough, or a little less was.
    text = is_deaf(s.finder)
               ? movements(std::to_string(shown(other->weight)), other->window, std::to_string(shown(other->need)))
               : movements(tenths(other->weight), other->window, tenths(other->need));
  }
  if (is.movements > shown(is.weight)) text += " (" + std::to_string(is.movements) + " with those that came quickly)";
  const std::int32_t more = asked.need - d.asked(s).need;
  const auto usual = d.part ? s.baseline.usual_an_hour(*d.part) : std::nullopt;
  if (!usual) {
    text += "; the default, for " + std::to_string(s.baseline.nights.size()) + " of " +
            std::to_string(Baseline::kLeastNights) + " nights are learned";
    return text;
  }
  text += "; usual " + std::string(words_for_part(*d.part)) + " are " +
          tenths(*usual * static_cast<double>(asked.window.count()) / 3600) + ", from " +
          std::to_string(s.baseline.nights.size()) + " nights";
  if (more > 0) text += ", which come near so often that " + std::to_string(more) + " more is asked for";
  if (s.baseline.level > 1) text += "; a movement is " + tenths(s.baseline.level) + " times the default level";
  return text;
}

std::string disagreement_of(const Detector& d, Instant now) {
  std::string all, seeing, still;
  std::int32_t seen = 0, witnesses = 0;
  for (const DetectorSensor& s : d.sensors) {
    const Threshold asked{d.need(s), d.window(s), 0};
    if (!is_witness(s, asked.window, now)) continue;
    ++witnesses;
    const double weight = tally(s, whole_after(asked), asked.window, now).weight;
    add(all, s.name + " " + std::to_string(shown(weight)) + " of " + std::to_string(asked.need), ", ");
    if (weight >= asked.need - 1e-9) ++seen, add(seeing, s.name, " and ");
    if (weight < asked.need / 2.0) add(still, s.name, " and ");
  }
  if (witnesses < 2 || seen == 0 || still.empty()) return "";
  return all + ": only " + seeing + (seen == 1 ? " sees it" : " see it");
}

std::string estimate_of(const Detector& d, Instant now) {
  // The sensor that tells most: on the leg rather than in the bed, each second rather than each minute.
  const DetectorSensor* best = nullptr;
  for (const DetectorSensor& s : d.sensors) {
    if (pace_of(s.finder) > 10s || !is_witness(s, d.window(s), now)) continue;
    if (best == nullptr || (is_worn(s.finder.stream) && !is_worn(best->finder.stream))) best = &s;
  }
  std::string awake, asleep;
  if (d.in_bed_since && d.has_presence && now - *d.in_bed_since < 20min)
    add(awake, "got in " + time_text(now - *d.in_bed_since) + " ago", ", ");
  if (best != nullptr) {
    std::vector<double> gaps;
    for (std::size_t i = best->window.size(); i-- > 1 && gaps.size() < 12;)
      if (now - best->window[i - 1].at < 2 * d.window(*best))
        gaps.push_back(static_cast<double>((best->window[i].at - best->window[i - 1].at).count()) / 1000);
    if (gaps.size() >= 5) {
      double mean = 0, square = 0;
      for (const double g : gaps) mean += g / static_cast<double>(gaps.size());
      for (const double g : gaps) square += (g - mean) * (g - mean) / static_cast<double>(gaps.size() - 1);
      const double spread = std::sqrt(square) / mean;
      const std::string every = "every " + std::to_string(std::lround(mean)) + " s";
      if (spread > 0.75) add(awake, "movements at uneven times", ", ");
      if (mean < 12) add(awake, "movement " + every, ", ");
      if (spread <= 0.5 && mean >= 15) add(asleep, "evenly spaced, about " + every, ", ");
    }
  }
  if (asleep.size() && d.has_presence && d.in_bed_since && now - *d.in_bed_since >= 1h)
    add(asleep, "in bed for " + time_text(std::chrono::floor<minutes>(now - *d.in_bed_since)), ", ");
  // Movements alone may say nothing; a heart that beats as in tonight's quiet minutes, or clearly faster, does.
  if (const HeartSays heart = says(d.heart, now); heart != HeartSays::nothing)
    add(heart == HeartSays::awake ? awake : asleep,
        "heart rate " + std::to_string(*d.heart.rate(now)) + ", " + std::to_string(*d.heart.resting()) +
            " when quiet tonight",
        ", ");
  if (!awake.empty() && !asleep.empty())
    return "awake or asleep cannot be told: for awake " + awake + "; for asleep " + asleep;
  if (!awake.empty() && asleep.empty()) return "estimated awake and moving often (" + awake + ")";
  if (awake.empty() && !asleep.empty()) return "estimated movement in sleep (" + asleep + ")";
  return "awake or asleep cannot be told from these sensors";
}

}  // namespace lull
