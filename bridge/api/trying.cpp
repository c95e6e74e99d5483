// What a configuration would be, and what would have been.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bridge/api/past.hpp"
#include "bridge/backtest/backtest.hpp"

namespace lull::past {
namespace {

using Json = nlohmann::json;

constexpr int kMostNights = 60;

Json as_json(const std::vector<Problem>& problems) {
  Json all = Json::array();
  for (const Problem& p : problems)
    all.push_back({{"file", p.file}, {"line", p.line}, {"column", p.column}, {"path", p.path}, {"what", p.what}});
  return all;
}

}  // namespace

HttpReply check(const std::string& text) {
  const Loaded loaded = load_text(text, "lull.yaml");
  HttpReply reply;
  reply.body = Json{{"fine", loaded.settings.has_value()},
                    {"problems", as_json(loaded.problems)},
                    {"hints", as_json(loaded.hints)}}
                   .dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}

HttpReply backtest(Store& store, const House& house, const std::string& body, const std::atomic<bool>& end) {
  constexpr std::string_view kRight = "send {\"nights\":14,\"rules\":{\"Bedtime\":false}}";
  const Json said = Json::parse(body, nullptr, false);
  if (!said.is_object()) return http_problem(400, "this is no JSON object", "no_json", kRight);
  int nights = 14;
  House tested = house;
  for (const auto& [key, value] : said.items()) {
    if (key == "nights" && value.is_number_integer() && value >= 1 && value <= kMostNights) {
      nights = value.get<int>();
    } else if (key == "rules" && value.is_object()) {
      for (const auto& [name, on] : value.items()) {
        const auto named = [&, rule = name](const Rule& r) { return r.name == rule; };
        const auto found = std::find_if(tested.rules.begin(), tested.rules.end(), named);
        if (found == tested.rules.end() || !on.is_boolean())
          return http_problem(422, "\"" + name.substr(0, 80) + "\" is not a rule with true or false", "no_rule",
                              kRight);
        if (!on.get<bool>()) tested.rules.erase(found);
      }
    } else {
      return http_problem(422, "\"" + key.substr(0, 80) + "\" is not known here, or not like that (nights: 1 to 60)",
                          "not_known", kRight);
    }
  }
  const auto outcome =
      backtest_journal(store, std::move(tested), static_cast<std::size_t>(nights), [&](std::size_t, std::size_t) {
        if (end) throw std::runtime_error("Lull is about to end");
      });
  if (!outcome) return http_problem(409, outcome.error().where + ": " + outcome.error().what, "nothing_to_test");
  HttpReply reply;
  reply.body = to_json(*outcome);
  return reply;
}

}  // namespace lull::past
