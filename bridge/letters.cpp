// Whom, what, how long.
#include "bridge/letters.hpp"

namespace lull {

milliseconds worth_sending_for(Notify::Urgency urgency) {
  switch (urgency) {
    case Notify::Urgency::summary: return 4h;
    case Notify::Urgency::notice:
    case Notify::Urgency::restless: return 1min;
    case Notify::Urgency::fault:
    case Notify::Urgency::alarm: return 1h;
  }
  return 1min;
}

std::string title_of(const Notify& what, const House& house) {
  const bool known = what.to && what.to->index < house.sleepers.size();
  const std::string name = known ? house.sleepers[what.to->index].name : "";
  if (what.urgency == Notify::Urgency::summary) return known ? "Last night, " + name : "Last night";
  return known ? name : "Lull";
}

std::string with_age(const std::string& text, milliseconds age) {
  const auto late = duration_cast<minutes>(age);
  return late >= 2min ? std::to_string(late.count()) + " minutes ago: " + text : text;
}

bool concerns(const Notify& what, std::optional<SleeperId> whose) { return !what.to || !whose || *whose == *what.to; }

bool is_told(const Notify& what, std::optional<SleeperId> whose, const std::set<Notify::Urgency>& about, bool anybody) {
  if (what.urgency == Notify::Urgency::alarm) return concerns(what, whose) || !anybody;
  return concerns(what, whose) && about.contains(what.urgency);
}

}  // namespace lull
