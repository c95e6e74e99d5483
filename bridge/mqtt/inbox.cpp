// The queue between Paho's threads and the loop.
#include "bridge/mqtt/inbox.hpp"

#include <algorithm>
#include <utility>

#include "bridge/mqtt/topic.hpp"

namespace lull {

Inbox::Message Inbox::Queue::take_oldest() {
  Message oldest = std::move(messages.front());
  messages.pop_front();
  bytes -= oldest.topic.size() + oldest.payload.size();
  return oldest;
}

void Inbox::expect(const std::string& filter, Intake intake) {
  const std::lock_guard lock(mutex_);
  const auto widen = [&](Intake& known) {
    known = {std::max(known.largest, intake.largest), known.urgent || intake.urgent};
  };
  const bool usual = !intake.urgent && intake.largest == kMaxPayload;
  if (is_topic(filter)) {
    if (const auto known = exact_.find(filter); known != exact_.end())
      widen(known->second);
    else if (!usual)
      exact_.emplace(filter, intake);
    return;
  }
  const auto known = std::find_if(expected_.begin(), expected_.end(), [&](auto& e) { return e.first == filter; });
  if (known != expected_.end())
    widen(known->second);
  else if (!usual)
    expected_.emplace_back(filter, intake);
}

Intake Inbox::intake_for(std::string_view topic) const {
  Intake found;
  if (const auto known = exact_.find(topic); known != exact_.end()) found = known->second;
  for (const auto& [filter, intake] : expected_) {
    if (!topic_matches(filter, topic)) continue;
    found.largest = std::max(found.largest, intake.largest);
    found.urgent = found.urgent || intake.urgent;
  }
  return found;
}

void Inbox::complain(std::string_view about, std::string text) {
  if (complained_.size() >= kComplaints || !complained_.emplace(about).second) return;
  complaints_.push_back(std::move(text));
}

bool Inbox::push(std::string_view topic, std::string_view payload, bool retained, Instant now) {
  // Made before the lock and not under it: the thread that takes a flood in loses its processor often, and the loop
  // would wait for it here.
  Message message{std::string{topic}, payload.size() <= kMaxPayload ? std::string{payload} : std::string{}, retained,
                  now};
  std::vector<Message> gone;  // ends after the lock
  const std::lock_guard lock(mutex_);
  ++counts_.received;
  const Intake intake = intake_for(topic);
  if (payload.size() > intake.largest) {
    ++counts_.too_large;
    complain(readable(topic), readable(topic) + ": a message of " + std::to_string(payload.size()) +
                                  " bytes was not read; at most " + std::to_string(intake.largest) +
                                  " are taken on this topic");
  } else {
    Queue& queue = intake.urgent ? urgent_ : others_;
    const std::size_t bytes = topic.size() + payload.size();
    const std::size_t most = intake.urgent ? kUrgent : kMessages, most_bytes = intake.urgent ? kUrgentBytes : kBytes;
    // The oldest goes, not the newest: what a device said last is what it does now.
    while (!queue.messages.empty() && (queue.messages.size() >= most || queue.bytes + bytes > most_bytes)) {
      gone.push_back(queue.take_oldest());
      ++counts_.dropped;
      if (!overflowing_) complaints_.push_back("messages arrive faster than they can be read; the oldest are dropped");
      overflowing_ = true;
    }
    if (payload.size() > kMaxPayload) message.payload = payload;
    queue.messages.push_back(std::move(message));
    queue.bytes += bytes;
  }
  const bool something = !urgent_.messages.empty() || !others_.messages.empty() || !complaints_.empty();
  return something && !std::exchange(woken_, true);
}

Inbox::Taken Inbox::take(std::size_t most) {
  Taken taken;
  taken.messages.reserve(std::min(most, kMessages));
  const std::lock_guard lock(mutex_);
  for (Queue* queue : {&urgent_, &others_})
    while (!queue->messages.empty() && taken.messages.size() < most) taken.messages.push_back(queue->take_oldest());
  taken.complaints = std::exchange(complaints_, {});
  taken.more = !urgent_.messages.empty() || !others_.messages.empty();
  if (!taken.more) woken_ = overflowing_ = false;
  return taken;
}

Inbox::Counts Inbox::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace lull
