// Any bytes as a line of the journal: nothing crashes, and what can be read reads back from its own text.
#include <cstdint>
#include <cstdlib>

#include "automations/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto event = lull::event_from(text)) {
    const std::string written = lull::to_text(*event);
    const auto again = lull::event_from(written);
    if (!again || lull::to_text(*again) != written) std::abort();
  }
  if (const auto recorded = lull::recorded_from(text); recorded && *recorded) {
    const std::string written = std::visit([](const auto& it) { return lull::to_text(lull::Effect{it}); }, **recorded);
    const auto again = lull::recorded_from(written);
    if (!again || !(*again == *recorded)) {
      // A value that is no number equals nothing, itself included: then its text must be the same.
      if (!again || !*again) std::abort();
      const auto twice = std::visit([](const auto& it) { return lull::to_text(lull::Effect{it}); }, **again);
      if (twice != written) std::abort();
    }
  }
  return 0;
}
