// The journal: lull.db, every event and effect in order. Written by one thread, so that the loop never waits for a
// disk.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "automations/effect.hpp"
#include "automations/record.hpp"
#include "bridge/store/chapter.hpp"
#include "bridge/store/sqlite.hpp"

namespace lull::store {

extern const Schema kJournalSchema;
inline constexpr std::size_t kBatch = 1000;                 // rows a commit
inline constexpr std::size_t kMaxWaitingBytes = 16u << 20;  // of text waiting to be written
inline constexpr std::int64_t kTickRun = 60;                // ticks in one row: what a crash may lose of a quiet minute
inline constexpr int kEventDays = 60, kNoteDays = 400;      // kept by prune()

class Journal {
 public:
  using Trouble = std::function<void(bool healthy, const std::string& what)>;
  static Result<std::unique_ptr<Journal>> open(const std::string& path, const StoreOptions&,
                                               std::vector<std::string>& warnings);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Before the first line is written, on the thread that opened.
  std::optional<std::string> remembered(const std::string& name);
  void remember(const std::string& name, const std::string& value);
  /// What was to be kept, oldest first: from this a lost ledger is made again.
  std::vector<Recorded> kept();

  void start(Trouble trouble);  // begins the writing thread

  std::int64_t begin_chapter(Chapter chapter);
  void append(const Event& event, std::span<const Effect> effects);
  bool flush(milliseconds patience);
  void prune();

 private:
  struct Line {
    std::int64_t at = 0, ticks = 0;  // ticks > 0: so many, one a second from `at`
    Utc utc;
    std::string text;
    std::vector<std::string> effects;
    std::unique_ptr<Chapter> chapter;
    std::size_t bytes() const;
  };
  Journal(std::string path, StoreOptions options, std::unique_ptr<Database> db);
  void close_run();      // with the lock
  void push(Line line);  // with the lock
  void note_loss();      // with the lock
  /// Gives the lock back and wakes the writer when it has to. In this order: a writer that wakes first only waits for
  /// the loop, and the loop then for the writer.
  void let_write(std::unique_lock<std::mutex>& lock);
  void write();  // the thread
  bool write(std::deque<Line>& batch);
  void put(const Line& line, std::int64_t& event, std::int64_t& effect, std::int64_t& chapter_number);
  void begin_anew();  // after the file was found damaged
  void drop_old();
  void report(bool healthy, const std::string& what);

  const std::string path_;
  const StoreOptions options_;
  std::unique_ptr<Database> db_;                                       // of the thread, once it runs
  std::int64_t next_event_ = 1, next_effect_ = 1, since_chapter_ = 0;  // likewise
  std::unique_ptr<Chapter> current_;                                   // likewise
  std::string reported_;                                               // likewise; empty: healthy
  Trouble trouble_;
  milliseconds utc_minus_boot_{};  // of the loop's thread

  std::mutex mutex_;
  std::condition_variable wake_, written_;
  std::deque<Line> queue_;
  Line run_;                                     // ticks that may still grow
  std::size_t waiting_ = 0, waiting_bytes_ = 0;  // queue_ and what the thread has in hand
  bool must_wake_ = false;
  std::uint64_t pushed_ = 0, done_ = 0;
  std::int64_t lost_ = 0, lost_ever_ = 0, next_chapter_ = 1;
  bool urgent_ = false, leaving_ = false, prune_ = false;
  std::thread thread_;
};

// Reading, from any process, also while the journal is being written.
Result<std::vector<Chapter>> read_chapters(Database& db);
/// The chapter's moments in order until `moment` returns false. How many there were, or what could not be read.
Result<std::int64_t> read_moments(Database& db, std::int64_t chapter, const std::function<bool(const Moment&)>& moment,
                                  bool with_effects = true);
Result<std::vector<Entry>> read_entries(Database& db, Utc from, Utc to);
Result<std::vector<std::string>> read_nights(Database& db, const std::function<std::string(Utc)>& night_of);

}  // namespace lull::store
