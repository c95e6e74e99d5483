// The way of a message: a heap ordered by arrival, and the weather's dice.
#include "bridge/demo/air.hpp"

#include <algorithm>
#include <utility>

namespace lull::demo {

bool Air::later(const UnderWay& a, const UnderWay& b) {
  return a.message.at != b.message.at ? a.message.at > b.message.at : a.number > b.number;
}

void Air::push(Instant at, std::string topic, std::string payload, bool retain, bool late) {
  if (under_way_.size() >= kMostUnderWay) return;
  under_way_.push_back({{at, std::move(topic), std::move(payload), retain}, sent_++, late});
  std::push_heap(under_way_.begin(), under_way_.end(), later);
}

void Air::send(Instant at, std::string topic, std::string payload, bool retain, Care care) {
  // In fine weather no dice are thrown: most nights are fine, and thousands of them are simulated.
  if (care == Care::sure || (weather_.lost <= 0 && weather_.doubled <= 0 && weather_.late <= 0 && weather_.cut <= 0))
    return push(at, std::move(topic), std::move(payload), retain);
  if (chance_.happens(weather_.lost)) {
    ++happened_.lost;
    return;
  }
  const bool twice = chance_.happens(weather_.doubled);
  happened_.doubled += twice;
  if (twice && care != Care::in_order) push(at + milliseconds{chance_.whole(5, 400)}, topic, payload, retain);
  const milliseconds delay{chance_.happens(weather_.late) ? chance_.whole(200, 3000) : 0};
  happened_.late += delay > 0ms;
  if (weather_.cut > 0 && chance_.happens(weather_.cut)) {
    ++happened_.cut;
    payload.resize(static_cast<std::size_t>(chance_.uniform() * static_cast<double>(payload.size())));
  }
  at = at + delay;
  if (care == Care::in_order) at = in_order_until_ = std::max(at, in_order_until_);
  if (twice && care == Care::in_order) push(at, topic, payload, retain);
  push(at, std::move(topic), std::move(payload), retain, delay > 0ms);
}

std::optional<BedroomSays> Air::arrived(Instant now) {
  if (under_way_.empty() || under_way_.front().message.at > now) return std::nullopt;
  std::pop_heap(under_way_.begin(), under_way_.end(), later);
  BedroomSays message = std::move(under_way_.back().message);
  const auto [number, late] = std::pair(under_way_.back().number, under_way_.back().late);
  under_way_.pop_back();
  happened_.overtaken += late && number < newest_;
  newest_ = std::max(newest_, number);
  return message;
}

std::optional<Instant> Air::next() const {
  if (under_way_.empty()) return std::nullopt;
  return under_way_.front().message.at;
}

}  // namespace lull::demo
