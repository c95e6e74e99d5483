// The state over time: what it is, and for who watches it what changed, numbered so that nothing is missed after a
// break. No socket and no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lull {

class Live {
 public:
  static constexpr std::size_t kKept = 256;            // changes, for who comes back after a break,
  static constexpr std::size_t kKeptBytes = 1 << 18;   // and their bytes
  using Message = std::shared_ptr<const std::string>;  // one for all who watch

  /// `first`: the number that this run begins with. Larger than any of an earlier run.
  explicit Live(std::uint64_t first) : number_(first) {}

  /// The state is this now. What to tell those who watch: nothing when only its `at` is another, unless `beat`.
  Message becomes(nlohmann::json state, bool beat = false);
  /// What somebody has to be told first: what followed `since` where that is still known, else all.
  std::vector<Message> catch_up(std::uint64_t since) const;
  Message all() const;

  bool empty() const { return state_.is_null(); }
  std::uint64_t number() const { return number_; }
  const nlohmann::json& state() const { return state_; }
  /// The state alone, as text.
  const std::string& text() const { return text_; }

 private:
  nlohmann::json state_;
  std::string text_;
  std::uint64_t number_;
  std::deque<std::pair<std::uint64_t, Message>> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace lull
