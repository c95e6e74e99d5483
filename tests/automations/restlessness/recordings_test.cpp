// The detector on recorded and generated nights that are not ours to ship: LULL_RECORDINGS names their folder.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "measure.hpp"
#include "tests/automations/restlessness/recorded.hpp"

namespace lull {
namespace {
using namespace measure;
using nlohmann::json;

struct Recordings : Recorded {
  const char* needed() const override { return "restless-synthetic/night1.csv"; }
};

std::vector<std::vector<std::string>> rows(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    out.push_back(std::move(cells));
  }
  return out;
}

/// Night 1 to 5; `stream` is one of the truth file's names: counts, radar, load, zigbee. Counts may be summed.
Night night(const std::string& folder, int number, const std::string& stream, json& truth, int epoch = 1) {
  const std::string base = folder + "restless-synthetic/night" + std::to_string(number);
  std::ifstream(base + ".truth.json") >> truth;
  Night n;
  n.onset = truth["sleep_onset"], n.wake = truth["final_wake"];
  for (const auto& e : truth["episodes"]) n.episodes.push_back({e["start"], e["end"], e["treated"]});
  auto table = rows(base + ".csv");
  int sum = 0;
  for (std::size_t i = 1; i < table.size(); ++i) {
    const int t = std::stoi(table[i][0]);
    n.occupied.push_back(table[i][4] == "1");
    n.pad.push_back(table[i][5] == "1");
    sum += std::stoi(table[i][1]);
    if (stream == "counts" && (t + 1) % epoch == 0) n.samples.emplace_back(t, Counts{sum}), sum = 0;
    if (stream == "radar") n.samples.emplace_back(t, RadarMovement{std::stoi(table[i][2])});
    if (stream == "load") n.samples.emplace_back(t, LoadVariance{std::stod(table[i][3])});
  }
  if (stream == "zigbee")
    for (const auto& row : rows(base + ".zigbee.txt")) n.samples.emplace_back(std::stoi(row[0]), Vibration{});
  return n;
}

struct Case {
  std::string name, stream;
  Stream kind;
  int epoch;
  seconds hold_off;
};

TEST_F(Recordings, FiveNightsAreJudgedNoWorseThanByTheReferenceDetector) {
  std::cout << Score::heading() << "\n";
  const std::vector<Case> cases = {{"counts, 1 s", "counts", Stream::counts, 1, 0s},
                                   {"counts, 10 s", "counts", Stream::counts, 10, 0s},
                                   {"counts, 15 s", "counts", Stream::counts, 15, 0s},
                                   {"radar", "radar", Stream::radar, 1, 0s},
                                   {"load", "load", Stream::load, 1, 0s},
                                   {"vibration, 65 s hold-off", "zigbee", Stream::vibration, 1, 65s},
                                   {"vibration, hold-off not said", "zigbee", Stream::vibration, 1, 0s}};
  for (const Case& c : cases) {
    Score ours, theirs;
    for (int number = 1; number <= 5; ++number) {
      json truth;
      const Night n = night(folder, number, c.stream, truth, c.epoch);
      judge(ours, n, starts(detector_for(c.kind, seconds{c.epoch}, c.hold_off), n));
      const json& baseline = truth["baseline"][c.stream];
      theirs.false_alarms += baseline["false_alarms"].get<int>(), ++theirs.nights;
      for (std::size_t i = 0; i < n.episodes.size(); ++i) {
        if (n.episodes[i].treated) continue;
        ++theirs.episodes;
        if (!baseline["latency_s"][i].is_null())
          ++theirs.found, theirs.latencies.push_back(baseline["latency_s"][i].get<double>());
      }
    }
    std::cout << ours.row(c.name) << "\n" << theirs.row("    the reference detector") << "\n";
    EXPECT_EQ(ours.self_triggers, 0) << c.name;
    if (c.epoch > 1) continue;  // the reference gives no figures for summed counts
    EXPECT_GE(ours.found, theirs.found) << c.name;
    EXPECT_LE(ours.false_alarms, theirs.false_alarms) << c.name;
  }
}

// ---- real ordinary nights -----------------------------------------------------------------------------------------

struct Minutes {            // one person's epochs; asleep[i] within the night's sleep, by the watch maker or mark_sleep
  std::vector<int> counts;  // -1 = missing
  std::vector<bool> asleep, in_bed;
  int start = 0;  // minute of the day
};
/// An episode noticed in a night's sleep, by the same detector running through all days, as it would.
/// `after`: only nights of which the baseline knew three or more before.
void judge_ordinary(Score& score, const Minutes& days, seconds epoch, bool after) {
  bool learned = false;
  Detector detector = detector_for(Stream::counts, epoch, 0s);
  const int settled = static_cast<int>(300 / epoch.count());
  const int a_minute = static_cast<int>(60 / epoch.count());
  for (std::size_t i = 0, run = 0; i < days.counts.size(); ++i) {
    const Instant end = at_second(static_cast<double>(i + 1) * static_cast<double>(epoch.count()));
    const int minute = (days.start + static_cast<int>(i) / a_minute) % 1440;
    detector.clock(minute);
    if (minute == 720 && i % static_cast<std::size_t>(a_minute) == 0) detector.end_night();
    run = days.asleep[i] ? run + 1 : 0;
    learned = detector.sensors[0].baseline.knows();
    score.nights += run == 1 && (!after || learned);
    detector.presence(days.in_bed[i], end);
    if (days.counts[i] >= 0) detector.hear({0}, Counts{days.counts[i]}, end);
    const auto change = detector.tick(end);
    score.false_alarms += change && change->restless && static_cast<int>(run) > settled && (!after || learned);
  }
}

/// Without a diary: midnight to six, from the start of its first ten minutes with at most one mobile minute to the end
/// of its last (Actiware's rule). `midnight` is the index of the first one.
void mark_sleep(Minutes& days, int midnight) {
  const int total = static_cast<int>(days.counts.size());
  const auto mobile = [&](int from, int to) {
    int n = 0;
    for (int i = from; i < to; ++i) n += days.counts[static_cast<std::size_t>(i)] >= 4;
    return n;
  };
  days.asleep.assign(days.counts.size(), false);
  for (int from = midnight; from + 360 <= total; from += 1440) {
    int onset = from, wake = from + 360;
    while (onset + 10 < wake && mobile(onset, onset + 10) > 1) ++onset;
    while (wake - 10 > onset && mobile(wake - 10, wake) > 1) --wake;
    if (wake - onset < 120 || mobile(onset, wake) * 60 < 3 * (wake - onset))
      continue;  // a watch on a table is no night
    for (int i = onset; i < wake; ++i) days.asleep[static_cast<std::size_t>(i)] = true;
  }
  days.in_bed = days.asleep;
}

TEST_F(Recordings, OrdinaryNightsOfRealPeopleRarelyLookRestless) {
  Score all, after;
  const auto tell = [](const std::string& who, const Score& s) {
    std::printf("%-40s %3d nights  %4.2f false alarms a night\n", who.c_str(), s.nights, s.false_a_night());
  };
  for (const std::string person : {"01", "03"}) {
    Minutes days;
    int midnight = 0;
    for (const auto& row : rows(folder + "actiwatch-multinight/person" + person + ".csv")) {
      if (row[0].starts_with("# start=")) {
        const auto hour = row[0].find('T');
        const int start = std::stoi(row[0].substr(hour + 1, 2)) * 60 + std::stoi(row[0].substr(hour + 4, 2));
        midnight = (1440 - start) % 1440;
        days.start = start;
      } else if (row[0] != "minute") {
        days.counts.push_back(row.size() > 1 && !row[1].empty() ? std::stoi(row[1]) : -1);
      }
    }
    mark_sleep(days, midnight);
    Score score;
    judge_ordinary(score, days, 60s, false);
    judge_ordinary(after, days, 60s, true);
    tell("Actiwatch, person " + person + ", 60 s", score);
    all.nights += score.nights, all.false_alarms += score.false_alarms;
  }
  Score halves;
  for (const auto& [file, epoch] : {std::pair{"actiware-a/epochs30.csv", 30}, {"actiware-b/epochs60.csv", 60}}) {
    Minutes days, summed;
    days.start = summed.start = epoch == 30 ? 9 * 60 + 45 : 11 * 60 + 45;  // the first row's time
    for (const auto& row : rows(folder + file)) {
      if (row[0] == "timestamp") continue;
      days.counts.push_back(row[1].empty() ? -1 : std::stoi(row[1]));
      days.asleep.push_back(row.size() > 3 && row[3] == "REST-S");
      days.in_bed.push_back(row.size() > 3 && row[3].starts_with("REST"));
    }
    if (epoch == 30) {
      judge_ordinary(halves, days, 30s, false);
      tell("Actiware a, 30 s as it is", halves);
      for (std::size_t i = 0; i + 1 < days.counts.size(); i += 2) {
        const bool missing = days.counts[i] < 0 || days.counts[i + 1] < 0;
        summed.counts.push_back(missing ? -1 : days.counts[i] + days.counts[i + 1]);
        summed.asleep.push_back(days.asleep[i]);
        summed.in_bed.push_back(days.in_bed[i]);
      }
      days = summed;
    }
    Score score;
    judge_ordinary(score, days, 60s, false);
    judge_ordinary(after, days, 60s, true);
    tell(std::string("Actiware ") + file[9] + ", 60 s", score);
    all.nights += score.nights, all.false_alarms += score.false_alarms;
  }
  tell("all", all);
  tell("all, once three nights were learned", after);
  EXPECT_GE(all.nights, 30);
  // All that fires here is five to twenty minutes of true movement of people who were, it seems, awake.
  EXPECT_LE(all.false_a_night(), 0.40);
  EXPECT_LE(after.false_a_night(), 0.30);
}

// ---- leg acceleration ---------------------------------------------------------------------------------------------

struct Leg {
  double hz = 0;
  std::vector<std::array<float, 3>> mg;
  std::vector<std::pair<double, double>> truth;
};
Leg leg(const std::string& folder) {
  Leg out;
  json truth;
  std::ifstream(folder + "restless-synthetic/leg25hz.truth.json") >> truth;
  out.hz = truth["fs"];
  for (const auto& m : truth["movements"]) out.truth.emplace_back(m["onset"], m["offset"]);
  for (const auto& row : rows(folder + "restless-synthetic/leg25hz.csv"))
    if (row[0] != "x_mg") out.mg.push_back({std::stof(row[0]), std::stof(row[1]), std::stof(row[2])});
  return out;
}
/// Pairs each true movement with one found near it; prints and returns {matched, extra, median onset error}.
struct Matched {
  int matched = 0, extra = 0;
  double median_error = 0, worst_error = 0;
};
Matched match(const Leg& leg, const std::vector<Movement>& found, double late) {
  Matched m;
  std::vector<bool> used(found.size());
  std::vector<double> errors;
  for (const auto& [onset, offset] : leg.truth)
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double at = static_cast<double>((found[i].at - at_second(0)).count()) / 1000;
      if (used[i] || at < onset - 0.5 || at > offset + late) continue;
      used[i] = true;
      errors.push_back(std::abs(at - onset));
      break;
    }
  std::sort(errors.begin(), errors.end());
  m.matched = static_cast<int>(errors.size()), m.extra = static_cast<int>(found.size() - errors.size());
  if (!errors.empty()) m.median_error = errors[errors.size() / 2], m.worst_error = errors.back();
  return m;
}

TEST_F(Recordings, EveryMovementOfALegIsFoundInRawAccelerationAndNoOther) {
  const Leg l = leg(folder);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{5}, std::size_t{25}, std::size_t{250}}) {
    MovementFinder finder{Stream::raw, 1s, 0s};
    std::vector<Movement> found;
    for (std::size_t i = 0; i + batch <= l.mg.size(); i += batch) {
      const auto first = l.mg.begin() + static_cast<std::ptrdiff_t>(i);
      RawAcceleration raw{l.hz, {first, first + static_cast<std::ptrdiff_t>(batch)}};
      for (const Movement& m : finder.hear(raw, at_second(static_cast<double>(i + batch - 1) / l.hz)))
        found.push_back(m);
    }
    const Matched m = match(l, found, 0);
    std::printf("raw 25 Hz in batches of %3zu: %d of %zu found, %d extra, onset error median %.2f s, worst %.2f s\n",
                batch, m.matched, l.truth.size(), m.extra, m.median_error, m.worst_error);
    EXPECT_EQ(m.matched, static_cast<int>(l.truth.size()));
    EXPECT_EQ(m.extra, 0);
    EXPECT_LE(m.median_error, 0.20);
  }
}

TEST_F(Recordings, TheAnkletsOneSecondSummaryFindsThemToo) {
  const Leg l = leg(folder);
  MovementFinder finder{Stream::acceleration, 1s, 0s};
  std::vector<Movement> found;
  double base = 0;  // as docs/hardware's anklet computes it: a slow baseline of the magnitude takes gravity away
  for (const auto& g : {l.mg.front()})
    base = std::sqrt(double(g[0]) * g[0] + double(g[1]) * g[1] + double(g[2]) * g[2]);
  double squares = 0, peak = 0;
  const auto second = static_cast<std::size_t>(l.hz);
  for (std::size_t i = 0; i < l.mg.size(); ++i) {
    const auto& g = l.mg[i];
    const double size = std::sqrt(double(g[0]) * g[0] + double(g[1]) * g[1] + double(g[2]) * g[2]);
    base += 0.02 * (size - base);
    squares += (size - base) * (size - base), peak = std::max(peak, std::abs(size - base));
    if ((i + 1) % second) continue;
    const double rms = std::sqrt(squares / static_cast<double>(second));
    if (rms >= 15 || (i / second) % 10 == 0) {
      const LegAcceleration said{rms, peak, static_cast<std::int32_t>(second)};
      for (const Movement& m : finder.hear(said, at_second(static_cast<double>(i) / l.hz))) found.push_back(m);
    }
    squares = peak = 0;
  }
  const Matched m = match(l, found, 1);
  std::printf("anklet, 1 s summary: %d of %zu found, %d extra, onset error median %.2f s, worst %.2f s\n", m.matched,
              l.truth.size(), m.extra, m.median_error, m.worst_error);
  EXPECT_GE(m.matched, 36);
  EXPECT_LE(m.extra, 1);
}

}  // namespace
}  // namespace lull
