// Field by field; a test holds the OpenAPI document to it.
#include "bridge/roads.hpp"

#include <nlohmann/json.hpp>

#include "automations/night/report.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

Json road_json(const HaStatus& is) {
  Json phones = Json::array();
  for (const HaStatus::Phone& p : is.phones) phones.push_back({{"name", p.name}, {"reached_by", p.way}});
  return {{"state", word_for(is.state)},
          {"why", text_or_null(is.why)},
          {"advice", text_or_null(is.advice)},
          {"version", text_or_null(is.version)},
          {"phones", phones},
          {"missing", is.missing},
          {"refused_answer", text_or_null(is.refused_answer)},
          {"user", is.looked ? text_or_null(is.user) : Json()},
          {"administrator", is.looked ? Json(is.administrator) : Json()}};
}

Json road_json(const NtfyStatus& is, const Zone& zone) {
  const auto when = [&](const std::optional<Utc>& at) { return at ? Json(iso(zone, *at)) : Json(); };
  return {{"state", word_for(is.state)},
          {"last_told", when(is.last_told)},
          {"last_failed", when(is.last_failed)},
          {"last_failure", text_or_null(is.last_failure)},
          {"waiting", is.waiting},
          {"lost", is.lost}};
}

Json attributes_of(Json road) {
  road.erase("state");
  for (auto it = road.begin(); it != road.end();) it = it->is_null() ? road.erase(it) : std::next(it);
  return road;
}

}  // namespace lull
