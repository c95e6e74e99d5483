// Any bytes at the port of Assist's agent, in pieces of any size: nothing crashes, nothing grows, the events do not
// depend on the pieces, and no sentence warms anybody or begins anything but what a voice may.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wyoming/agent.hpp"
#include "bridge/wyoming/plain.hpp"
#include "tests/fuzz/house.hpp"

namespace {
using namespace lull;

bool may_be_spoken(const Command& c) {
  if (const auto* set = std::get_if<ask::SetDevice>(&c)) return set->level == std::optional(0_pct);
  if (const auto* more = std::get_if<ask::Extend>(&c)) return more->by >= 5min && more->by <= 30min;
  return std::holds_alternative<ask::StopAll>(c) || std::holds_alternative<ask::StopMassage>(c) ||
         std::holds_alternative<ask::StopPlay>(c) || std::holds_alternative<ask::NotTonight>(c) ||
         std::holds_alternative<ask::Softer>(c) || std::holds_alternative<ask::Stronger>(c) ||
         std::holds_alternative<ask::Replay>(c) || std::holds_alternative<ask::Play>(c) ||
         std::holds_alternative<ask::Release>(c);
}

/// What is answered to all of it, fed in pieces of that size.
std::string conversation(std::string_view bytes, std::size_t piece) {
  Agent agent(fuzz::house(), {},
              {[] { return Agent::Moment{}; },
               [](Door door, Command command) {
                 if (door != Door::voice || !may_be_spoken(command)) std::abort();
                 return std::vector<Decision>{};
               }});
  WyomingReader reader;
  std::string all;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.feed(bytes.substr(0, piece));
    for (;;) {
      const auto event = reader.next();
      if (!event) return all;
      if (!*event) break;
      if (const auto answer = agent.answer(**event)) all += to_wire(*answer);
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (conversation(bytes, 1 + data[0] % 64u) != conversation(bytes, 1'000'000)) std::abort();
  for (const std::string& part : plain_parts(bytes))
    if (part.empty() || part.front() == ' ' || part.back() == ' ') std::abort();
  // Where a language is named, nothing begins in another.
  const std::string_view language = data[0] % 2 ? "en" : "de";
  const auto wish = understand(bytes, language);
  if (wish && !ends_something(wish->said) && wish->language != language) std::abort();
  return 0;
}
