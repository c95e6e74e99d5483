// A configuration may change between two nights, and with it the places of devices and sleepers: each night is read
// with its own.
#include "bridge/trend.hpp"

#include <algorithm>
#include <map>

#include "bridge/night_keeper.hpp"
#include "bridge/past.hpp"
#include "config/load.hpp"

namespace lull {

std::optional<Error> each_night(const Store& store, std::optional<int> weeks,
                                const std::function<void(const NightReport&, const House&)>& night) {
  const auto chapters = store.chapters();
  if (!chapters) return chapters.error();
  if (chapters->empty()) return Error{"the journal", "nothing was recorded there yet"};
  std::map<std::string, std::shared_ptr<const House>> houses;  // by configuration: few
  const auto house_of = [&](const Chapter& c) -> std::shared_ptr<const House> {
    auto [known, first] = houses.try_emplace(c.config_text);
    if (!first) return known->second;
    Loaded loaded = load_journaled(c.config_text, "journal");
    if (loaded.settings) known->second = std::make_shared<const House>(std::move(loaded.settings->house));
    return known->second;
  };
  const auto last = house_of(chapters->back());
  if (!last) return Error{"chapter " + std::to_string(chapters->back().number), "its configuration cannot be read"};
  auto nights = store.nights([&](Utc at) { return night_of(last->zone, at); });
  if (!nights) return nights.error();
  std::reverse(nights->begin(), nights->end());
  if (weeks && !nights->empty()) {
    const std::string from = days_after(monday_of(nights->back()), -7 * (*weeks - 1));
    std::erase_if(*nights, [&](const std::string& n) { return n < from; });
  }
  for (const std::string& name : *nights) {
    const auto span = span_of_night(last->zone, name);
    if (!span) continue;
    const Chapter* chapter = chapter_at(*chapters, span->end - 90s);  // the one of the next noon is another night's
    const auto house = chapter ? house_of(*chapter) : nullptr;
    const House& used = house ? *house : *last;
    const auto report = read_report(store, used, name, *chapters);
    if (!report) return report.error();
    if (!report->empty) night(*report, used);
  }
  return std::nullopt;
}

Result<NightAndHouse> read_night(const Store& store, const std::string& night) {
  const auto chapters = store.chapters();
  if (!chapters) return chapters.error();
  if (chapters->empty()) return Error{"the journal", "nothing was recorded there yet"};
  const auto house_of = [](const Chapter& c) -> std::shared_ptr<const House> {
    Loaded loaded = load_journaled(c.config_text, "journal");
    return loaded.settings ? std::make_shared<const House>(std::move(loaded.settings->house)) : nullptr;
  };
  auto house = house_of(chapters->back());
  if (!house) return Error{"chapter " + std::to_string(chapters->back().number), "its configuration cannot be read"};
  const auto span = span_of_night(house->zone, night);
  if (!span) return Error{night, "is no night; write it as the date of its evening, for example 2026-11-21"};
  const Chapter* chapter = chapter_at(*chapters, span->end - 90s);
  if (chapter && chapter->config_text != chapters->back().config_text)
    if (auto then = house_of(*chapter)) house = then;
  auto report = read_report(store, *house, night, *chapters);
  if (!report) return report.error();
  return NightAndHouse{*std::move(report), house};
}

Result<Trend> read_trend(const Store& store, std::optional<int> weeks) {
  Trend trend;
  if (auto error = each_night(store, weeks, [&](const NightReport& report, const House& house) {
        trend.house = house.name, trend.zone = house.zone;
        add_night(trend, report, house);
      }))
    return *error;
  return trend;
}

}  // namespace lull
