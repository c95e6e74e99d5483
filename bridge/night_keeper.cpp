// From the store's lines to a report, its figures for Home Assistant, and the picture.
#include "bridge/night_keeper.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "automations/night/picture.hpp"
#include "automations/record.hpp"
#include "bridge/give_way.hpp"
#include "bridge/past.hpp"
#include "bridge/picture/png.hpp"

namespace lull {
namespace {

std::optional<Timed> timed(const Entry& entry) {
  const auto recorded = recorded_from(entry.text);
  if (!recorded || !*recorded) return std::nullopt;
  return std::visit(
      [&](const auto& r) -> std::optional<Timed> {
        using R = std::decay_t<decltype(r)>;
        if constexpr (std::is_same_v<R, Note> || std::is_same_v<R, Decision> || std::is_same_v<R, Notify>)
          return Timed{entry.utc, r};
        else
          return std::nullopt;
      },
      **recorded);
}

TheNight the_night(const NightReport& report, const House& house) {
  TheNight night;
  night.figures = nights_of(report);
  for (const SleeperNight& s : report.sleepers) {
    const std::string& name = house.sleepers[s.sleeper.index].name;
    if (!night.headline.empty()) night.headline += ' ';
    night.headline +=
        s.no_figures.empty() && s.movements_per_hour
            ? fmt::format("{}: {:.0f} movements an hour (estimated), {} restless {}, {} {}.", name,
                          *s.movements_per_hour, s.episodes, s.episodes == 1 ? "episode" : "episodes", s.replays,
                          s.replays == 1 ? "replay" : "replays")
            : fmt::format("{}: no figures, {}.", name, s.no_figures.empty() ? "nothing was measured" : s.no_figures);
  }
  if (auto png = to_png(picture_of(report, house))) night.png = std::make_shared<const std::string>(std::move(*png));
  return night;
}

}  // namespace

Result<std::vector<Timed>> records_of(const Store& store, const House& house, const std::string& night,
                                      const std::vector<Chapter>& chapters) {
  const auto span = span_of_night(house.zone, night);
  if (!span) return Error{night, "is no night; write it as the date of its evening, for example 2026-11-21"};
  auto entries = store.recorded(span->begin, span->end);
  if (!entries) return entries.error();
  std::vector<Timed> records;
  for (const Chapter& c : chapters)  // a run that began in this night leaves a gap before it
    if (starts_run(c) && c.begun >= span->begin && c.begun < span->end) records.push_back({c.begun, RunBegan{}});
  for (const Entry& entry : *entries)
    if (auto record = timed(entry)) records.push_back(std::move(*record));
  std::stable_sort(records.begin(), records.end(), [](const Timed& a, const Timed& b) { return a.utc < b.utc; });
  return records;
}

Result<NightReport> read_report(const Store& store, const House& house, const std::string& night) {
  const auto chapters = store.chapters();
  if (!chapters) return chapters.error();
  return read_report(store, house, night, *chapters);
}

Result<NightReport> read_report(const Store& store, const House& house, const std::string& night,
                                const std::vector<Chapter>& chapters) {
  auto records = records_of(store, house, night, chapters);
  if (!records) return records.error();
  return report_of(house, night, std::move(*records));
}

void NightKeeper::tell(std::shared_ptr<const House> house, std::string night, std::function<void(TheNight)> told,
                       std::function<void(Error)> complaint) {
  finish();
  thread_ = std::thread([this, house = std::move(house), night = std::move(night), told = std::move(told),
                         complaint = std::move(complaint)] {
    give_way();
    store_.flush();
    const auto report = read_report(store_, *house, night);
    if (!report) return complaint(report.error());
    told(the_night(*report, *house));
  });
}

void NightKeeper::finish() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace lull
