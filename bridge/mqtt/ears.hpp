// Two sessions bring the same messages; this decides which copy counts. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "devices/units.hpp"

// What may stop, and what a heater says of itself, is subscribed twice: by the guard session, which is read first, and
// by the main one. The rule, for one lane (all that people say is one lane, each device's own topic another):
//
//  1. A message counts when the first of the two brings it. The other's copy then counts no more: no copy of "off" is
//     a second proof, and no late copy of STOP latches after a release.
//  2. A broker gives each session the messages of a lane in the order in which they were said, but a session may miss
//     some: not yet connected, a dying cable, a queue that ran over. So what one has brought and the other has not is
//     kept in order; a copy found there also ends the wait for everything before it.
//  3. A session that brings something new while it still owes a copy is behind, or missed that copy: nobody can tell
//     whether its news is older than what counted. In that doubt only a word that stops counts. Anything else waits
//     for the other session, and counts when that one brings it, too, unless a word that stops has overtaken it.
//  4. While only one session is connected there is nothing to wait for: all of its new words count, and a word that
//     stops counts even if it could be a late copy. A person may have to release STOP once more; none is lost.
//  5. A retained message counts only as the first word on its topic since both were deaf, or since the main session
//     began, for what was known before that is void. It tells how things lay, and both are shown it when they
//     subscribe.
//
//  6. The guard reads first and owes nothing for longer than a moment. A word that stops, which it seems to owe for
//     kGuardLags, is a new one: the copy was said before its subscription took effect, and never comes.
//
// All this needs that a session is told each message once: no two of its subscriptions may overlap (Link::subscribe),
// for a broker delivers a message once for each that matches.
//
// The wait for a copy ends after kForget: longer than a flooded session ever lags here, short enough that a session
// which lost something is soon believed again.

namespace lull {

enum class Ear : std::uint8_t { guard, main };

class Ears {
 public:
  static constexpr seconds kForget{30};
  static constexpr seconds kGuardLags{2};
  static constexpr std::size_t kOwed = 512;  // copies that a session may owe in one lane; beyond it the oldest go

  /// Told before the session's first subscription leaves, so that nothing it brings is missed here.
  void connected(Ear ear, bool is);
  bool is_connected(Ear ear) const { return ears_[index(ear)]; }

  /// Whether this message counts. `lane`: one of few, named by us and never by a stranger. `stops` is asked only when
  /// it matters: is this a word that can only make things stop? `retained`: the broker's flag.
  bool counts(Ear ear, std::string_view lane, std::string_view topic, std::string_view payload, bool retained,
              Instant now, const std::function<bool()>& stops);

 private:
  struct Said {           // by the other session, and not yet by this one
    std::uint64_t words;  // topic and payload, hashed
    Instant at;
    bool counted;
  };
  struct Owed {
    std::deque<Said> copies;  // in the order of the other session
    Instant lost_count{};     // until then it is behind by more than `copies` tells
  };
  struct Lane {
    Owed by[2];                                     // by Ear
    std::unordered_set<std::uint64_t> told;         // its topics that said something since the main session began
    std::unordered_set<std::uint64_t> told_before;  // and before that, since both were deaf
  };
  static constexpr std::size_t index(Ear ear) { return static_cast<std::size_t>(ear); }

  bool ears_[2] = {false, false};
  std::unordered_map<std::string, Lane> lanes_;
};

}  // namespace lull
