// The state over time.
#include "bridge/api/live.hpp"

#include "bridge/api/state.hpp"

namespace lull {
namespace {

std::string dumped(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Live::Message Live::becomes(nlohmann::json state, bool beat) {
  const bool first = state_.is_null();
  nlohmann::json patch = first ? nlohmann::json::object() : merge_patch_of(state_, state);
  if (!first && !beat && (patch.empty() || (patch.size() == 1 && patch.contains("at")))) return nullptr;
  state_ = std::move(state);
  text_ = dumped(state_);
  if (first) return nullptr;  // nobody could have watched
  ++number_;
  auto message =
      std::make_shared<const std::string>("{\"seq\":" + std::to_string(number_) + ",\"patch\":" + dumped(patch) + "}");
  kept_.emplace_back(number_, message);
  kept_bytes_ += message->size();
  while (kept_.size() > kKept || (kept_bytes_ > kKeptBytes && kept_.size() > 1)) {
    kept_bytes_ -= kept_.front().second->size();
    kept_.pop_front();
  }
  return message;
}

Live::Message Live::all() const {
  return std::make_shared<const std::string>("{\"seq\":" + std::to_string(number_) + ",\"state\":" + text_ + "}");
}

std::vector<Live::Message> Live::catch_up(std::uint64_t since) const {
  const bool known = since == number_ || (!kept_.empty() && since < number_ && since + 1 >= kept_.front().first);
  if (!known) return {all()};
  // "Nothing" is a word, too: a page that came back says "no connection" until it heard one.
  if (since == number_) return {std::make_shared<const std::string>("{\"seq\":" + std::to_string(number_) + "}")};
  std::vector<Message> missed;
  for (const auto& [number, message] : kept_)
    if (number > since) missed.push_back(message);
  return missed;
}

}  // namespace lull
