// Does the broker still answer? Asked only when nothing was heard for a while, so a busy home pays nothing for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace lull {

/// A garbled packet that lies about its length keeps a session deaf for as long as it lies, up to 256 MB, while the
/// library below counts its bytes and finds the connection well. So: `look` each kEvery, with what was heard so far.
class Quiet {
 public:
  static constexpr std::chrono::seconds kEvery{10};
  enum class Do : std::uint8_t { nothing, ask, give_up };

  void connected() { asked_ = false; }
  void answered() { asked_ = false; }
  /// `heard`: messages, ever. `late_by`: we ourselves may have been stopped, and the answer lies there unread.
  Do look(std::uint64_t heard, std::chrono::nanoseconds late_by) {
    if (std::exchange(heard_, heard) != heard || late_by > kEvery / 2) {
      asked_ = false;
      return Do::nothing;
    }
    return std::exchange(asked_, true) ? Do::give_up : Do::ask;
  }

 private:
  std::uint64_t heard_ = 0;
  bool asked_ = false;
};

}  // namespace lull
