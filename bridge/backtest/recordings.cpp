// Recordings of movement, as nights of somebody who has this house.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "automations/backtest/world.hpp"
#include "bridge/backtest/backtest.hpp"
#include "bridge/recording/told.hpp"

namespace lull {
namespace {

using namespace backtest;
using recording::Told;

constexpr Instant kBoot{1h};
constexpr milliseconds kSettles = 90s;   // from Lull's start to the recording's first row
constexpr milliseconds kSaysAgain = 1h;  // a presence sensor's heartbeat
constexpr milliseconds kDay = 24h;
constexpr milliseconds kFirstDay{1'793'491'200'000};  // 2026-11-01: where nights without a date begin

/// Whose recording it is, and through which devices of the house it speaks.
struct Ears {
  std::shared_ptr<const House> house;
  DeviceId movement;
  std::vector<DeviceId> presence;
};

Result<Ears> ears_for(House house, const std::string& wanted, const Told& told, Outcome& out) {
  std::size_t whose = 0;
  if (!wanted.empty()) {
    const auto found = std::find_if(house.sleepers.begin(), house.sleepers.end(),
                                    [&](const Sleeper& s) { return s.name == wanted || s.id == wanted; });
    if (found == house.sleepers.end()) {
      std::string names;
      for (const Sleeper& s : house.sleepers) names += (names.empty() ? "" : ", ") + s.name;
      return Error{"--sleeper " + wanted, "is nobody of this configuration, must be one of " + names};
    }
    whose = static_cast<std::size_t>(found - house.sleepers.begin());
  }
  if (house.sleepers.empty()) return Error{"the configuration", "names no sleeper, whose legs could be recorded?"};
  const SleeperId sleeper{static_cast<std::uint16_t>(whose)};
  const std::string& name = house.sleepers[whose].name;
  Ears ears;
  std::optional<DeviceId> best;
  for (std::uint16_t i = 0; i < house.devices.size(); ++i) {
    Device& d = house.devices[i];
    if (d.id.empty()) d.id = d.name;
    if (d.sleeper && *d.sleeper != sleeper) continue;
    if (d.kind == Kind::presence) ears.presence.push_back(DeviceId{i});
    if (d.kind == Kind::movement &&
        (!best || (d.stream == told.stream && house.devices[best->index].stream != told.stream)))
      best = DeviceId{i};
  }
  if (!best)
    return Error{"the configuration", "has no movement sensor for " + name + ": without one no recording can be heard"};
  ears.movement = *best;
  Device& d = house.devices[best->index];
  if (d.stream != told.stream || d.epoch != told.epoch) {
    remark(out, d.name + " is taken for what was recorded: " + std::string(word_for(told.stream)) + ", one each " +
                    std::to_string(told.epoch.count()) + " s");
    if (d.stream != told.stream) d.hold_off = told.hold_off;
    d.stream = told.stream, d.epoch = told.epoch;
  }
  ears.house = std::make_shared<const House>(std::move(house));
  return ears;
}

/// Whether its times name their zone; else they are what the clock on the wall showed.
bool tells_zone(const recording::Table& table) {
  for (const char* name : {"timestamp", "time", "datetime", "date_time"})
    if (const auto column = table.find(name); column && !table.rows.empty()) {
      const std::string& cell = table.rows.front().cells[*column];
      const auto at = cell.find('T') == std::string::npos ? cell.find(' ') : cell.find('T');
      return at != std::string::npos && cell.find_first_of("Z+-", at) != std::string::npos;
    }
  return false;
}

Utc from_wall(const Zone& zone, milliseconds wall) {
  const Utc guess{wall - milliseconds{offset_of(zone, Utc{wall})}};
  return Utc{wall - milliseconds{offset_of(zone, guess)}};
}

class Night {
 public:
  Night(const Ears& ears, const Told& told, Utc start, const RecordingsTest& test)
      : ears_(ears), told_(told), test_(test), zone_(ears.house->zone), start_(start), world_(ears.house) {
    wall_ = start_.since_epoch + offset_of(zone_, start_);
  }

  void run(const std::string& source, Outcome& out) {
    world_.starts();
    now_ = kBoot;
    utc_ = start_ - kSettles;
    tell(ClockSet{utc_.since_epoch - now_.since_boot});
    tell(Started{});
    tell(LinkChanged{true});
    std::string night = night_of(zone_, start_);
    auto span = span_of_night(zone_, night);
    for (milliseconds t = -kSettles; t <= told_.length; t += 1s) {
      now_ = kBoot + (t + kSettles), utc_ = start_ + t;
      if (span && utc_ >= span->end) {
        close(night, source, out);
        night = night_of(zone_, utc_);
        span = span_of_night(zone_, night);
      }
      second(t);
    }
    close(night, source, out);
  }

 private:
  void tell(News news) { world_.hears({now_, std::move(news)}); }

  void second(milliseconds t) {
    if (t >= 0ms) {
      for (; pad_ < told_.pad.size() && told_.pad[pad_].first <= t; ++pad_) pad_runs_ = told_.pad[pad_].second;
      if (pad_runs_) world_.shaken(now_ + 1s);
      presence(t);
      for (; sample_ < told_.samples.size() && told_.samples[sample_].at <= t; ++sample_)
        tell(MovementReported{ears_.movement, told_.samples[sample_].sample});
    }
    tell(Tick{});
  }

  void presence(milliseconds t) {
    if (ears_.presence.empty()) return;
    bool in = in_bed_.value_or(true);  // nothing tells: the whole recording was in bed
    if (!told_.in_bed.empty()) {
      for (; bed_ < told_.in_bed.size() && told_.in_bed[bed_].first <= t; ++bed_) in = told_.in_bed[bed_].second;
    } else if (test_.in_bed && test_.out_of_bed) {
      const milliseconds clock = ((wall_ + t) % kDay + kDay) % kDay, from = *test_.in_bed, to = *test_.out_of_bed;
      in = from <= to ? clock >= from && clock < to : clock >= from || clock < to;
    }
    if (in_bed_ == in && now_ - said_ < kSaysAgain) return;
    in_bed_ = in, said_ = now_;
    for (const DeviceId id : ears_.presence) tell(OccupancyReported{id, in});
  }

  void close(const std::string& night, const std::string& source, Outcome& out) {
    const NightReport report = report_of(*ears_.house, night, world_.take_records());
    if (!report.empty)
      out.nights.push_back({night, source, zone_, night_of_report(report, *ears_.house), std::nullopt});
  }

  const Ears& ears_;
  const Told& told_;
  const RecordingsTest& test_;
  const Zone& zone_;
  Utc start_, utc_;
  milliseconds wall_{};
  World world_;
  Instant now_, said_{};
  std::size_t sample_ = 0, bed_ = 0, pad_ = 0;
  std::optional<bool> in_bed_;
  bool pad_runs_ = false;
};

}  // namespace

namespace {

/// What one file gave.
struct FileOutcome {
  Outcome out;
  std::optional<Error> error{};
  bool undated = false, pads = false;
};

FileOutcome test_file(const House& house, const RecordingsTest& test, std::size_t i) {
  FileOutcome one;
  const std::string& file = test.files[i];
  const auto fail = [&](const Error& e) {
    one.error = e;
    return one;
  };
  const auto table = recording::read_table(file);
  if (!table) return fail(table.error());
  const auto told = recording::told_by(*table, test.request);
  if (!told) return fail(told.error());
  for (const auto& r : told->remarks)
    remark(one.out, file + ", line " + std::to_string(r.line) + ": " + r.what +
                        (r.times > 1 ? " (" + std::to_string(r.times) + " times)" : ""));
  const auto ears = ears_for(house, test.sleeper, *told, one.out);
  if (!ears) return fail(ears.error());
  one.pads = !told->pad.empty();
  if (told->in_bed.empty() && !test.in_bed && !ears->presence.empty())
    remark(one.out,
           "recordings without a column \"occupied\" are taken to be in bed all the time (--in-bed, --out-of-bed)");
  Utc start{told->start};
  one.undated = !told->times.by_calendar;
  if (one.undated)
    start = from_wall(house.zone,
                      kFirstDay + static_cast<std::int64_t>(i) * kDay + milliseconds{test.begins} + told->start);
  else if (!tells_zone(*table))
    start = from_wall(house.zone, told->start);
  Night(*ears, *told, start, test).run(file, one.out);
  return one;
}

/// Files are nights of their own: as many at a time as there are processors. What comes out is in their order.
std::vector<FileOutcome> test_files(const House& house, const RecordingsTest& test, const BacktestProgress& progress) {
  std::vector<FileOutcome> all(test.files.size());
  std::mutex mutex;
  std::condition_variable more;
  std::atomic<std::size_t> next{0};
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      all[i] = test_file(house, test, i);
      std::lock_guard lock(mutex);
      ++done;
      more.notify_one();
    }
  };
  std::vector<std::thread> threads;
  const std::size_t most = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) threads.emplace_back(work);
  for (std::unique_lock lock(mutex); done < all.size();) {
    more.wait(lock);
    if (progress) progress(done, all.size());
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

}  // namespace

Result<Outcome> backtest_recordings(const House& house, const RecordingsTest& test, const BacktestProgress& progress) {
  Outcome out;
  bool undated = false, pads = false;
  for (FileOutcome& one : test_files(house, test, progress)) {
    if (one.error) return *one.error;
    undated = undated || one.undated, pads = pads || one.pads;
    for (std::string& text : one.out.remarks) remark(out, std::move(text));
    std::move(one.out.nights.begin(), one.out.nights.end(), std::back_inserter(out.nights));
  }
  if (undated) {
    LocalTime at;
    at.time = {static_cast<std::int16_t>(test.begins.count())};
    remark(out, "recordings that tell no date are taken to begin at " + clock_text(at) +
                    " (--begins), one night after the other");
  }
  if (pads) remark(out, "where a recording says pad_on, a pad really ran: nothing is known of the legs then");
  if (out.nights.empty()) return Error{"the recordings", "hold no night"};
  std::stable_sort(out.nights.begin(), out.nights.end(),
                   [](const NightBeside& a, const NightBeside& b) { return a.night < b.night; });
  if (test.nights && out.nights.size() > *test.nights)
    out.nights.erase(out.nights.begin(), out.nights.end() - static_cast<std::ptrdiff_t>(*test.nights));
  return out;
}

}  // namespace lull
