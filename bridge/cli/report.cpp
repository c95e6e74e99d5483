// lull report: a night as text, JSON, and a picture.
#include <cstdio>
#include <fstream>
#include <utility>

#include "automations/night/picture.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/night_keeper.hpp"
#include "bridge/past.hpp"
#include "bridge/picture/png.hpp"
#include "bridge/picture/svg.hpp"
#include "bridge/trend.hpp"

namespace lull::cli {
namespace {

bool ends_with(const std::string& s, const std::string& end) {
  return s.size() >= end.size() && s.compare(s.size() - end.size(), end.size(), end) == 0;
}

int write_picture(const std::string& path, const Picture& picture) {
  std::string bytes;
  if (ends_with(path, ".svg")) {
    bytes = to_svg(picture);
  } else if (ends_with(path, ".png")) {
    auto png = to_png(picture);
    if (!png) return problem(png.error().where + ": " + png.error().what);
    bytes = std::move(*png);
  } else {
    problem("--picture " + path + ": must end in .svg or .png");
    return kUsage;
  }
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? kFine : problem(path + ": cannot be written");
}

/// Many nights: as text, JSON, or a table of nights or of minutes.
int trend(const Store& store, const Report& args) {
  const auto weeks = args.weeks > 0 ? std::optional(args.weeks) : std::nullopt;
  if (args.csv == "minutes") {
    bool header = true;
    const auto error = each_night(store, weeks, [&](const NightReport& night, const House& house) {
      std::fputs(minutes_csv(night, house, std::exchange(header, false)).c_str(), stdout);
    });
    return error ? problem(error->where + ": " + error->what) : kFine;
  }
  const auto trend = read_trend(store, weeks);
  if (!trend) return problem(trend.error().where + ": " + trend.error().what);
  std::fputs((args.csv == "nights" ? to_csv(*trend) : args.json ? to_json(*trend) : to_text(*trend)).c_str(), stdout);
  return kFine;
}

}  // namespace

int report(const Report& args) {
  auto store = Store::open(state_folder(args.state), StoreMode::read_only);
  if (!store) return problem(store.error().where + ": " + store.error().what);
  if (args.weeks > 0 || (args.csv == "nights" && args.night.empty())) return trend(**store, args);
  const auto chapters = (*store)->chapters();
  if (!chapters) return problem(chapters.error().where + ": " + chapters.error().what);
  if (chapters->empty()) return problem(args.state + ": nothing was recorded there yet");
  auto past = past_of(chapters->back());
  if (!past) return problem(past.error().where + ": " + past.error().what);
  const House& house = *past->house;
  std::string night = args.night;
  if (night.empty()) {
    const auto nights = (*store)->nights([&](Utc at) { return night_of(house.zone, at); });
    if (!nights) return problem(nights.error().where + ": " + nights.error().what);
    night = nights->empty() ? night_of(house.zone, chapters->back().begun) : nights->front();
  }
  auto told = read_report(**store, house, night);
  if (!told) return problem(told.error().where + ": " + told.error().what);
  if (args.csv == "minutes") {
    std::fputs(minutes_csv(*told, house, true).c_str(), stdout);
    return kFine;
  }
  if (args.csv == "nights") {
    Trend one{house.name, house.zone, {}};
    add_night(one, *told, house);
    std::fputs(to_csv(one).c_str(), stdout);
    return kFine;
  }
  std::fputs((args.json ? to_json(*told, house) : to_text(*told, house)).c_str(), stdout);
  return args.picture.empty() ? kFine : write_picture(args.picture, picture_of(*told, house));
}

}  // namespace lull::cli
