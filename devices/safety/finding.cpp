// The words of findings, and how a source's next word replaces its last.
#include "devices/safety/finding.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/words.hpp"

namespace lull {
namespace {
constexpr std::array<std::string_view, 5> kSources{"device", "list", "settings", "groups", "commands"};
static_assert(kSources.size() == static_cast<std::size_t>(Source::commands) + 1);
constexpr std::array<std::string_view, 29> kFlaws{
    "not_told",         "list_unreadable", "not_found",           "disabled",
    "not_interviewed",  "unsupported",     "battery_powered",     "state_missing",
    "level_missing",    "ignores_on_time", "toggling_countdown",  "not_askable",
    "no_on_time",       "timer_missing",   "power_on_unknown",    "power_on_not_off",
    "retained_command", "in_group",        "settings_unreadable", "bridge_too_old",
    "output_attribute", "cache_state_off", "transition_option",   "debounce_option",
    "throttle_option",  "filtered_state",  "availability_off",    "last_seen_off",
    "trial_needed"};
static_assert(kFlaws.size() == static_cast<std::size_t>(Flaw::trial_needed) + 1);
}  // namespace

std::string_view word_for(Source source) { return word_in(kSources, source); }
std::string_view word_for(Flaw flaw) { return word_in(kFlaws, flaw); }

std::string text_of(const Finding& f) { return f.remedy.empty() ? f.sentence : f.sentence + "; " + f.remedy; }

void replace(std::vector<Finding>& all, Source from, std::vector<Finding> now) {
  std::erase_if(all, [&](const Finding& f) { return f.from == from; });
  for (Finding& f : now)
    if (all.size() < kMaxFindings) f.from = from, all.push_back(std::move(f));
}

const Finding* refusing(const std::vector<Finding>& all) {
  const auto it = std::find_if(all.begin(), all.end(), [](const Finding& f) { return f.refuses; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace lull
