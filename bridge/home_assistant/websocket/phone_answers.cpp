// What a tap on a notification means: taken once, in time, and only if it was offered.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "bridge/home_assistant/websocket/phones.hpp"

namespace lull {
namespace {

constexpr milliseconds kRemembered{1h};  // after its end, so that a late tap is told why

}  // namespace

std::string_view Phones::word(Answer answer) {
  switch (answer) {
    case Answer::stop: return "STOP";
    case Answer::softer: return "SOFTER";
    case Answer::not_tonight: return "NOT_TONIGHT";
    case Answer::stop_all: return "STOP_ALL";
  }
  return "";
}

std::string_view Phones::title(Answer answer) {
  switch (answer) {
    case Answer::stop: return "Stop";
    case Answer::softer: return "Softer";
    case Answer::not_tonight: return "Not tonight";
    case Answer::stop_all: return "Stop everything";
  }
  return "";
}

/// Each only makes less of what runs: no tap begins anything.
std::vector<Command> Phones::wishes(Answer answer) {
  switch (answer) {
    case Answer::stop: return {ask::StopMassage{}};
    case Answer::softer: return {ask::Softer{}};
    case Answer::not_tonight: return {ask::StopMassage{}, ask::NotTonight{true}};
    case Answer::stop_all: return {ask::StopAll{}};
  }
  return {};
}

Json Phones::offered(const Offer& offer) const {
  Json actions = Json::array();
  for (const Answer a : offer.answers)
    actions.push_back({{"action", std::string(kOurs) + std::string(word(a)) + "_" + offer.nonce}, {"title", title(a)}});
  return actions;
}

Phones::Offer* Phones::offer(std::string_view nonce) {
  const auto found = std::find_if(offers_.begin(), offers_.end(), [&](const Offer& o) { return o.nonce == nonce; });
  return nonce.empty() || found == offers_.end() ? nullptr : &*found;
}

void Phones::clear(Offer& offer, Instant now) {
  if (std::exchange(offer.cleared, true)) return;
  for (const std::size_t target : offer.targets) {
    if (!targets_[target].takes_data) continue;
    Letter letter{0, target, Notify::Urgency::notice, {}, {}, offer.tag, {}, {}, now, now + 10min};
    letter.clears = true;
    post(std::move(letter));
  }
}

std::optional<Phones::Tap> Phones::hear(const Json& data, Instant now) {
  const std::string action = data.is_object() ? text_at(data, "action") : "";
  if (!action.starts_with(kOurs)) return std::nullopt;
  const std::string_view rest = std::string_view(action).substr(kOurs.size());
  const std::size_t end = rest.rfind('_');
  const std::string_view said = rest.substr(0, std::min(end, rest.size()));
  Offer* const to = offer(end == rest.npos ? std::string_view{} : rest.substr(end + 1));
  if (!to) return Tap{{}, "it answers nothing that Lull asked since it was started"};
  const auto which = std::find_if(to->answers.begin(), to->answers.end(), [&](Answer a) { return word(a) == said; });
  if (which == to->answers.end()) return Tap{{}, "that answer was not offered there"};
  if (to->answered) return Tap{{}, "that question was answered already"};
  if (to->replaced) return Tap{{}, "it answers an older message, whose place a newer one has taken"};
  if (now >= to->until) {
    // Who taps Stop must not believe that it helped.
    for (const std::size_t target : to->targets)
      post({0,
            target,
            Notify::Urgency::notice,
            to->title,
            "That answer came too late, and nothing was done. Stop with the button, by voice or in Home Assistant.",
            to->tag,
            {},
            {},
            now,
            now + 1min});
    return Tap{{},
               "it came too late: an answer holds for " + std::to_string(duration_cast<minutes>(kAnswersHold).count()) +
                   " minutes"};
  }
  to->answered = true;
  clear(*to, now);
  return Tap{wishes(*which), ""};
}

void Phones::tick(Instant now) {
  std::erase_if(letters_, [&](const auto& one) { return !one.second.flying && now >= one.second.until; });
  for (Offer& o : offers_)
    if (now >= o.until && o.answers.contains(Answer::stop)) clear(o, now);  // an alarm stays to be read
  std::erase_if(offers_, [&](const Offer& o) { return now >= o.until + kRemembered; });
}

}  // namespace lull
