// Log in, ask, match answers, notice silence.
#include "bridge/home_assistant/websocket/session.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace lull {
namespace {

constexpr int kNesting = 64;  // attributes of strangers' entities; deeper is nobody's state

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void HaSession::opened(std::string token, Instant now) {
  closed();
  state_ = State::logging_in;
  token_ = std::move(token);
  last_heard_ = now;
  log_in_due_ = now + kLogInWithin;
}

void HaSession::closed() {
  state_ = State::closed;
  token_.clear();
  next_id_ = 1;
  pinging_ = false;
  subscriptions_.clear();
  for (auto& [id, waiting] : std::exchange(waiting_, {}))
    if (waiting.then) waiting.then({false, "gone", "the connection ended", {}});
}

void HaSession::give_up(std::string why) {
  if (state_ == State::over || state_ == State::closed) return;
  state_ = State::over;
  token_.clear();
  handlers_.give_up(std::move(why));
}

void HaSession::heard(std::string_view frame, Instant now) {
  if (state_ != State::logging_in && state_ != State::up) return;
  last_heard_ = now;
  const auto json = read_json(frame, {kMaxFrame, kNesting});
  if (!json) {  // without a word of it: whoever was told the token could make us write it down
    const std::string& what = json.error().what;
    return give_up("what it says " + what.substr(0, what.find(':')));
  }
  if (!json->is_array()) return hear_one(*json, now);
  for (const Json& one : *json) hear_one(one, now);
}

void HaSession::hear_one(const Json& message, Instant now) {
  if (state_ != State::logging_in && state_ != State::up) return;  // one before it in the same frame ended it
  const std::string type = message.is_object() ? text_at(message, "type") : "";
  if (type.empty()) return give_up("it says what is no message of Home Assistant's");
  if (state_ == State::logging_in) return logging_in(message, type, now);
  const auto it = message.find("id");
  if (it == message.end() || !it->is_number_unsigned()) return;
  const auto id = it->get<std::uint64_t>();
  if (type == "pong") return answer(id, {true, "", "", {}});
  if (type == "event") {
    const auto found = subscriptions_.find(id);
    const Json* event = member(message, "event");
    if (found == subscriptions_.end() || !event) return;
    const OnEvent on_event = found->second;  // a copy: it may end its own subscription
    return on_event(*event);
  }
  if (type != "result") return;
  const Json* success = member(message, "success");
  Answer with{success && success->is_boolean() && success->get<bool>(), "", "", {}};
  if (const Json* error = member(message, "error"); error && error->is_object())
    with.code = clipped(text_at(*error, "code"), 60), with.text = clipped(text_at(*error, "message"), 300);
  if (const Json* result = member(message, "result")) with.result = *result;
  answer(id, with);
}

void HaSession::logging_in(const Json& message, std::string_view type, Instant now) {
  if (type == "auth_required" && !token_.empty()) {
    const bool sent = handlers_.send(dump({{"type", "auth"}, {"access_token", std::exchange(token_, {})}}));
    if (!sent) give_up("the log-in could not be sent");
    return;
  }
  if (type == "auth_ok") {
    version_ = clipped(text_at(message, "ha_version"), 40);
    state_ = State::up;
    // Several messages in one frame: less to wake up for. Whoever does not know it says so, and goes on.
    send({{"type", "supported_features"}, {"features", {{"coalesce_messages", 1}}}}, now, nullptr, kAnswerWithin);
    return handlers_.up();
  }
  if (type == "auth_invalid") {
    state_ = State::over;
    token_.clear();
    return handlers_.rejected();
  }
  give_up("it answers a log-in with neither yes nor no; is it Home Assistant?");
}

void HaSession::answer(std::uint64_t id, const Answer& with) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;  // it came too late
  const Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  if (waiting.ping) pinging_ = false;
  if (!with.well) subscriptions_.erase(id);
  if (waiting.then) waiting.then(with);
}

std::uint64_t HaSession::send(Json command, Instant now, OnAnswer then, milliseconds within, bool ping,
                              std::size_t at_most) {
  if (state_ != State::up || waiting_.size() >= at_most) {
    if (then) then({false, "gone", state_ == State::up ? "too much waits already" : "there is no connection", {}});
    return 0;
  }
  const std::uint64_t id = next_id_++;
  command["id"] = id;
  waiting_[id] = {std::move(then), now + within, ping};
  if (!handlers_.send(dump(command))) answer(id, {false, "gone", "too much waits to be sent", {}});
  return id;
}

void HaSession::ask(Json command, Instant now, OnAnswer then, milliseconds within, bool urgent) {
  send(std::move(command), now, std::move(then), within, false, urgent ? kMaxUrgent : kMaxWaiting);
}

void HaSession::subscribe(Json command, Instant now, OnEvent on_event, OnAnswer then) {
  if (subscriptions_.size() >= kMaxSubscriptions) {
    if (then) then({false, "gone", "there are too many subscriptions", {}});
    return;
  }
  subscriptions_[next_id_] = std::move(on_event);  // before it is sent: the first event may overtake the answer
  const std::uint64_t id = next_id_;
  if (send(std::move(command), now, std::move(then), kAnswerWithin) == 0) subscriptions_.erase(id);
}

void HaSession::tick(Instant now) {
  if (state_ == State::logging_in && now >= log_in_due_) return give_up("it does not finish the log-in");
  if (state_ != State::up) return;
  std::vector<std::uint64_t> late;
  for (const auto& [id, waiting] : waiting_)
    if (now >= waiting.due) late.push_back(id);
  for (const std::uint64_t id : late) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) continue;
    if (found->second.ping) return give_up("it did not answer for " + std::to_string(kAnswerWithin / 1s) + " s");
    const bool subscribed = subscriptions_.contains(id);
    answer(id, {false, "timeout", "no answer in time", {}});
    // A slow one may serve it yet, and then each that follows: it is told that nobody hears it any more.
    if (subscribed)
      send({{"type", "unsubscribe_events"}, {"subscription", id}}, now, nullptr, kAnswerWithin, false, kMaxUrgent);
  }
  if (state_ != State::up || pinging_ || now - last_heard_ < kPingAfter) return;
  pinging_ = send({{"type", "ping"}}, now, nullptr, kAnswerWithin, true) != 0;
}

}  // namespace lull
