// From a body to a wish, and from decisions to an answer.
#include "bridge/api/commands.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "automations/asked.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

bool is_stop(const Wish& wish) {
  return std::any_of(wish.commands.begin(), wish.commands.end(), [](const Command& c) {
    return std::holds_alternative<ask::StopAll>(c) || std::holds_alternative<ask::StopMassage>(c);
  });
}

}  // namespace

PageWish page_wish_from(std::string_view body, const House& house, Role role) {
  auto wish = wish_from_json(body, house, "command");
  if (!wish) {
    const bool json = Json::accept(body);
    constexpr std::string_view kRemedy =
        "send an object like {\"do\":\"stop\"}; GET /api/v1/openapi.json lists them all";
    return {http_problem(json ? 422 : 400, wish.error().where + ": " + wish.error().what,
                         json ? "command_unclear" : "no_json", kRemedy)};
  }
  for (const Command& c : wish->commands)
    if (!may_wish(role, c))
      return {http_problem(403, "a " + std::string(word_for(role)) + " may stop, and nothing else", "not_for_you",
                           "stop, stop_massage, stop_play, or set a level of 0")};
  if (wish->door == Door::mqtt) wish->door = Door::page;
  return {std::nullopt, *std::move(wish)};
}

HttpReply answer_to(const Wish& wish, std::optional<milliseconds> age, const std::vector<Decision>& decided) {
  Json all = Json::array();
  for (const Decision& d : decided)
    all.push_back({{"about", d.about}, {"outcome", word_for(d.outcome)}, {"why", d.why}});
  if (const Decision* no = against(decided); no && !is_stop(wish)) {
    const std::string why = no->about + ": " + no->why;
    const bool late = age.value_or(0ms) >= (wish.door == Door::page ? kTouchLives : kNewsLives) &&
                      std::any_of(wish.commands.begin(), wish.commands.end(), begins_something);
    return late ? http_problem(409, why, "too_late", "ask again, if you still want it")
                : http_problem(409, why, "not_done");
  }
  HttpReply reply{202};
  reply.body = Json{{"accepted", true}, {"decisions", all}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}

}  // namespace lull
