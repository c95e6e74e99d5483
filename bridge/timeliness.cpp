// Pure arithmetic on times that are handed in; the service asks it.
#include "bridge/timeliness.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lull {

milliseconds SenderClocks::age(const Sent& sent, Instant arrived, Utc utc) {
  const bool is_utc = sent.by == Sent::By::utc;
  const milliseconds apart = (is_utc ? utc.since_epoch : arrived.since_boot) - sent.at;
  auto found = clocks_.find(sent.clock);
  if (found == clocks_.end()) {
    if (clocks_.size() >= kMost) return is_utc ? std::max(0ms, apart) : 0ms;
    found = clocks_.emplace(sent.clock, Seen{apart, apart, sent.at, arrived, arrived, 0}).first;
  }
  Seen& seen = found->second;
  // Its uptime went back: it began anew (or counted to its end, 49 days of milliseconds).
  if (!is_utc && sent.at + 1s < seen.last_stamp) seen = {apart, apart, sent.at, arrived, arrived, 0};
  seen.last_stamp = sent.at;
  if (arrived - seen.span_began >= kSpan)
    seen.least_before = std::exchange(seen.least, apart), seen.span_began = arrived;
  seen.least = std::min(seen.least, apart);
  if (seen.messages < kSure) ++seen.messages;

  const milliseconds least = std::min(seen.least, seen.least_before);
  const bool sure = seen.messages >= kSure && arrived - seen.first >= kStays;
  const bool ours_is_right = is_utc && least >= 0ms && (least < kWrong || !sure);
  return std::max(0ms, apart - (ours_is_right ? 0ms : least));
}

void Backlog::doubt(Instant now, bool of_unknown_age, std::string why) {
  late_ = now;
  if (!told_ || (of_unknown_age && !unknown_)) why_ = std::move(why);
  unknown_ = unknown_ || of_unknown_age;
}

void Backlog::read(milliseconds waited, Instant now) {
  if (waited >= kLate) doubt(now, false, "messages waited " + std::to_string(waited.count() / 1000) + " s to be read");
}

std::optional<BacklogChanged> Backlog::look(Instant now) {
  if (late_ && now - *late_ >= kQuiet) late_.reset(), unknown_ = false;
  if (late_.has_value() == told_ && unknown_ == told_unknown_) return std::nullopt;
  told_ = late_.has_value();
  told_unknown_ = unknown_;
  return BacklogChanged{told_, told_unknown_, told_ ? why_ : ""};
}

std::optional<Stalled> Stall::look(Instant now, milliseconds asleep) {
  if (!last_ || now - *last_ <= kLost) return std::nullopt;
  const Stalled lost{now - *last_, std::max(0ms, asleep - asleep_)};
  ticked(now, asleep);
  return lost;
}

void set_age(News& news, milliseconds age) {
  if (age < kFresh) return;
  std::visit(
      [&](auto& n) {
        if constexpr (requires { n.age; }) n.age = age;
      },
      news);
}

}  // namespace lull
