// The order matters: understood, wished, answered. In whispering hours the wish is the same and the answer is silence.
#include "bridge/wyoming/agent.hpp"

#include <algorithm>
#include <utility>

#include "automations/calendar.hpp"
#include "bridge/home_assistant/commands.hpp"
#include "bridge/home_assistant/words.hpp"
#include "devices/dialects/payload.hpp"

namespace lull {
namespace {

const Routine* wind_down(const House& house) {
  const Routine* named = house.routine("wind-down");
  return named ? named : bedtime_routine(house);
}

std::vector<Command> heat_off(const House& house) {
  std::vector<Command> all;
  for (std::uint16_t i = 0; i < house.devices.size(); ++i)
    if (house.devices[i].kind == Kind::heat_pad) all.emplace_back(ask::SetDevice{DeviceId{i}, 0_pct, "", std::nullopt});
  return all;
}

Json info() {
  const Json maker{{"name", "Lull"}, {"url", "https://example.invalid/lull"}};
  const auto about = [&](const char* name, const char* what) {
    return Json{
        {"name", name}, {"description", what}, {"version", LULL_VERSION}, {"installed", true}, {"attribution", maker}};
  };
  Json model = about("lull", "Lull's own sentences, in English and German");
  model["languages"] = {"en", "de"};
  Json program = about("Lull", "Massage, relief and the wind-down, by voice");
  program["models"] = Json::array({std::move(model)});
  program["supports_home_control"] = true;
  const Json none = Json::array();
  return {
      {"asr", none}, {"tts", none}, {"wake", none}, {"intent", none}, {"handle", Json::array({std::move(program)})}};
}

WyomingEvent says(const char* type, std::string_view text) { return {type, {{"text", text}}}; }

}  // namespace

std::vector<Command> commands_for(const Understood& wish, const House& house) {
  const Routine* routine = wind_down(house);
  std::vector<Command> heat = heat_off(house);
  switch (wish.said) {
    case Said::stop_all: return {ask::StopAll{}};
    case Said::stop_massage: return {ask::StopMassage{}};
    case Said::heat_off: return heat.empty() ? std::vector<Command>{ask::StopAll{}} : heat;
    case Said::wind_down_stop: return {ask::StopPlay{routine ? routine->name : ""}};
    case Said::stop: heat.insert(heat.begin(), ask::StopMassage{}); return heat;
    case Said::not_tonight: return {ask::StopMassage{}, ask::NotTonight{true}};
    case Said::softer: return {ask::Softer{}};
    case Said::stronger: return {ask::Stronger{}};
    case Said::longer: return {ask::Extend{"", wish.more}};
    case Said::replay: return {ask::Replay{}};
    case Said::wind_down: return routine ? std::vector<Command>{ask::Play{routine->name}} : std::vector<Command>{};
    case Said::release: return {ask::Release{}};
    case Said::never:
    case Said::last_night: break;
  }
  return {};
}

std::optional<WyomingEvent> Agent::answer(const WyomingEvent& said) {
  if (said.type == "describe") return WyomingEvent{"info", info()};
  if (said.type == "ping") return WyomingEvent{"pong", {{"text", text_at(said.data, "text")}}};
  if (said.type == "transcript") return hear(text_at(said.data, "text"), text_at(said.data, "language"));
  return std::nullopt;
}

WyomingEvent Agent::hear(std::string_view text, std::string_view tag) {
  const Moment is = doors_.look();
  const bool quiet = whispers(is.now);
  auto wish = understand(text, tag);
  std::string_view language = language_for(tag);
  if (language.empty()) language = wish ? wish->language : "en";
  // Silence means done. Who may have meant a stop must not take it for that.
  if (!wish)
    return says("not-recognized", quiet && !may_be_a_stop(text) ? "" : answer_to(Trouble::not_understood, language));
  // Where no heat is known, who wants it off gets everything off, and hears that, whatever the hour: it lasts.
  const bool is_more = wish->said == Said::heat_off && heat_off(house_).empty();
  if (is_more) wish->said = Said::stop_all;
  std::vector<Decision> decided;
  const std::vector<Command> wished = commands_for(*wish, house_);
  for (const Command& command : wished)
    for (Decision& d : doors_.ask(Door::voice, command)) decided.push_back(std::move(d));
  if (ends_something(wish->said) || wish->said == Said::not_tonight) {
    if (!is.reaches_broker) return says("not-handled", answer_to(Trouble::no_broker, language));
    return says("handled", quiet && !is_more ? "" : answer_to(*wish, language));
  }
  const auto in_vain = [&](std::string_view why) { return says("not-handled", quiet ? "" : why); };
  const bool begins = wish->said == Said::replay || wish->said == Said::wind_down;
  if (begins && wished.empty()) return in_vain(answer_to(Trouble::no_wind_down, language));
  if (begins && is.stopped) return in_vain(answer_to(Trouble::is_stopped, language));
  if (const Decision* no = against(decided)) return in_vain(answer_to(*no, language));
  if (wish->said == Said::last_night)
    return says("handled", quiet ? "" : night_in_words(is.nights, house_, is.now, language));
  return says("handled", quiet ? "" : answer_to(*wish, language));
}

bool Agent::whispers(Utc now) const {
  const TimeOfDay at = local(house_.zone, now).time, from = settings_.whisper_from, to = settings_.whisper_to;
  return from <= to ? from <= at && at < to : at >= from || at < to;
}

}  // namespace lull
