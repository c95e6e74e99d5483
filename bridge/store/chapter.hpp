// What the journal is made of, as a reader sees it: chapters of a run, moments in them, and what was said in a night.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// A stretch of one run that can be replayed alone: begun at a start, and at every noon from a snapshot of the core.
struct Chapter {
  std::int64_t number{};                       // given by the store
  std::string version, config_text, snapshot;  // snapshot: empty at a start
  Utc begun;
  Instant at;  // the same moment on the boot clock
  bool operator==(const Chapter&) const = default;
};

/// One event and what the core made of it.
struct Moment {
  Event event;
  std::vector<std::string> effects;  // as text, see automations/record.hpp
  std::int64_t lost = 0;             // moments right before this one that could not be written: a replay ends here
};

/// A decision, note, notification or end of a night, and when.
struct Entry {
  Utc utc;
  std::string text;
  bool operator==(const Entry&) const = default;
};

/// Where a database lies and how hard it is tried. The defaults are for a bedroom; tests make them small.
struct StoreOptions {
  std::int64_t max_pages = 0;     // of 4 KiB, each file; 0: as large as the disk
  milliseconds retry{5000};       // after a failed write
  milliseconds gather{1000};      // a commit at most this often
  std::size_t max_lines = 20000;  // waiting to be written; then moments are dropped and counted
};

}  // namespace lull
