// From a chapter's texts to a house and a hub.
#include "bridge/past.hpp"

#include <filesystem>

#include "automations/record.hpp"
#include "automations/snapshot.hpp"
#include "config/load.hpp"

namespace lull {

Result<Past> past_of(const Chapter& chapter) {
  Loaded loaded = load_journaled(chapter.config_text, "journal");
  if (!loaded.settings)
    return Error{"chapter " + std::to_string(chapter.number),
                 "its configuration cannot be read: " + to_text(loaded.problems.front())};
  auto house = std::make_shared<House>(std::move(loaded.settings->house));
  auto hub = hub_from(chapter.snapshot, house);
  if (!hub)
    return Error{"chapter " + std::to_string(chapter.number),
                 hub.error().what + " (written by Lull " + chapter.version + ")"};
  // The ids that the devices had in the store, which a renamed device keeps.
  for (std::size_t i = 0; i < house->devices.size(); ++i)
    house->devices[i].id = hub->actuators[i].standing.dose.kept.device;
  return Past{house, std::move(*hub)};
}

bool starts_run(const Chapter& chapter) {
  return chapter.snapshot.empty() || chapter.snapshot.find("\"started\":false") != std::string::npos;
}

Result<std::function<std::vector<std::string>(const Event&)>> stepper_of(const Chapter& chapter) {
  auto past = past_of(chapter);
  if (!past) return past.error();
  auto hub = std::make_shared<Hub>(std::move(past->hub));
  return std::function<std::vector<std::string>(const Event&)>([hub](const Event& event) {
    auto [next, effects] = step(std::move(*hub), event);
    *hub = std::move(next);
    std::vector<std::string> texts;
    texts.reserve(effects.size());
    for (const Effect& effect : effects) texts.push_back(to_text(effect));
    return texts;
  });
}

std::string state_folder(const std::string& dir) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::is_directory(dir, none) && !fs::exists(fs::path(dir) / "lull.db", none) &&
      fs::exists(fs::path(dir) / "journal" / "lull.db", none))
    return (fs::path(dir) / "journal").string();
  return dir;
}

const Chapter* chapter_at(const std::vector<Chapter>& chapters, Utc at) {
  const Chapter* found = chapters.empty() ? nullptr : &chapters.front();
  for (const Chapter& c : chapters)
    if (c.begun <= at) found = &c;
  return found;
}

}  // namespace lull
