// What the dialect tests share: granted commands, devices read from recordings, and news in words.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "devices/dialects/dialect.hpp"

namespace lull {

inline constexpr DeviceId kId{7};
inline constexpr Instant kNow{1h};

/// A command as the Interlock grants it when there is no doubt at all.
inline SafeCommand granted(Kind kind, Timer timer, Output wish) {
  Standing is;
  is.kind = kind;
  is.timer = timer;
  is.link_up = is.guard_up = is.proved_off_since_start = true;
  is.own_cut_off = 600s;
  is.armed = 300s;
  is.in_bed = false;
  is.trial_passed = true;
  Verdict verdict = Interlock{kHard}.review(kId, wish, is, kNow);
  EXPECT_EQ(verdict.why, "");
  return std::move(verdict.command);
}
inline SafeCommand granted(Kind kind, Timer timer, Percent level) {
  return granted(kind, timer, Output{.level = level});
}

/// Hears one message for one device.
inline Heard heard(const Device& device, std::string_view topic, std::string_view payload, bool retained = false) {
  const Listener listener{kId, &device};
  return dialect_called(device.speaks)->hear({&listener, 1}, {topic, payload, retained});
}

/// News as one line: "on 31.5 %", "60 W", "timer none: ...". Problems as "topic: field: what".
std::string in_words(const News& news);
std::vector<std::string> in_words(const std::vector<News>& news);
std::vector<std::string> in_words(const std::vector<Error>& problems);
/// "topic payload", for messages that are said.
std::vector<std::string> in_words(const std::vector<Outgoing>& said);

/// A device of a recording: {"is":"heat_pad","at":"Foot warmer plug",...}.
Device device_of(const nlohmann::json& text, std::string_view speaks);

using Lines = std::vector<std::string>;

}  // namespace lull
