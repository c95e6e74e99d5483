// Any bytes on any topic of any dialect: nothing crashes, nothing grows, and nothing but facts about devices comes out.
// The first byte picks the device, the second the topic and whether it was retained; the rest is the payload.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "devices/dialects/dialect.hpp"

namespace {
using namespace lull;

Mapping a_mapping() {
  Mapping m;
  for (const char* means : {"on", "level", "watts", "celsius", "timer_left", "auto_off", "occupied", "movement",
                            "action", "reachable", "heart_rate"})
    m.hears.push_back(
        {"t/" + std::string(means), means == std::string_view("action") ? "" : "/a/0", means, "", "", 2.5});
  m.hears.push_back({"t/movement", "", "movement", "", "", 1.0});
  m.on = {{"t/set", "{level} {seconds}"}};
  m.off = {{"t/set", "0"}};
  return m;
}

/// Every kind of device in every dialect, and every stream of movement.
std::vector<Device> bedroom() {
  std::vector<Device> all;
  for (const Dialect* dialect : all_dialects())
    for (int kind = 0; kind <= static_cast<int>(Kind::alarm_clock); ++kind)
      for (int stream = 0; stream <= static_cast<int>(Stream::raw); ++stream) {
        if (stream > 0 && static_cast<Kind>(kind) != Kind::movement) break;
        Device d;
        d.id = d.name = d.at = "bed/pad";
        d.speaks = dialect->name;
        d.kind = static_cast<Kind>(kind);
        d.stream = static_cast<Stream>(stream);
        d.mapping = a_mapping();
        all.push_back(d);
      }
  return all;
}

bool a_fact_about(DeviceId id, const News& news) {
  return std::visit(
      [&](const auto& n) {
        if constexpr (requires { n.device; })
          return n.device == id;
        else
          return false;  // no device may ask, set the clock, or speak for the shell
      },
      news);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Device> kBedroom = bedroom();
  if (size < 2) return 0;
  const Device& device = kBedroom[data[0] % kBedroom.size()];
  const Dialect& dialect = *dialect_called(device.speaks);
  const std::vector<std::string> topics = dialect.topics(device);
  if (topics.empty()) return 0;
  const bool retained = (data[1] & 0x80) != 0;
  const std::string& topic = topics[(data[1] & 0x7f) % topics.size()];
  const std::string_view payload(reinterpret_cast<const char*>(data) + 2, size - 2);

  const Listener listener{{3}, &device};
  const Heard heard = dialect.hear({&listener, 1}, {topic, payload, retained});
  if (heard.news.size() > 32 || heard.problems.size() > 64) std::abort();
  for (const News& news : heard.news) {
    if (!a_fact_about({3}, news)) std::abort();
    if (retained && (std::holds_alternative<ButtonPressed>(news) || std::holds_alternative<MovementReported>(news)))
      std::abort();
    if (const auto* timer = std::get_if<TimerLearned>(&news);
        timer && tier_of(timer->timer) > GuardTier::B && timer->reason.empty())
      std::abort();
  }
  for (const Error& problem : heard.problems)
    if (problem.where.empty() || problem.what.empty() || problem.what.size() > 1000) std::abort();

  // The same bytes as a configuration: a name, a mapping's topic, pointer and payload.
  Device bent = device;
  bent.at = std::string(payload.substr(0, 300));
  if (!bent.mapping.hears.empty()) bent.mapping.hears[0].pointer = bent.mapping.hears[0].topic = bent.at;
  bent.mapping.on[0].payload = bent.at;
  for (const Error& problem : dialect.check(bent))
    if (problem.where.empty() || problem.what.empty()) std::abort();
  (void)dialect.topics(bent);
  (void)dialect.hear({&listener, 1}, {bent.at, payload, retained});
  (void)off_words(dialect, {3}, bent);
  return 0;
}
