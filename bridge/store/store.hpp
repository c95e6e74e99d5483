// What Lull remembers: a journal of every event and effect, and a small ledger that is on the disk before heat flows.
// docs/JOURNAL.md tells what is in the files and how to read them without Lull.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "automations/record.hpp"
#include "bridge/store/chapter.hpp"
#include "devices/result.hpp"

namespace lull {

namespace store {
class Database;
class Journal;
class Ledger;
}  // namespace store

enum class StoreMode { read_write, read_only };

class Store {
 public:
  /// Opens or creates DIR/lull.db and DIR/safety.db (directory 0700, files 0600). One process at a time may write; a
  /// second gets an Error that names the first one's pid. Read only: also while another process writes, and `dir` may
  /// be a journal file by itself. What was found damaged is in warnings().
  static Result<std::unique_ptr<Store>> open(const std::string& dir, StoreMode mode, const StoreOptions& options = {});
  ~Store();  // flushes for a short while
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::vector<std::string>& warnings() const { return warnings_; }
  /// The ledger was damaged and could not be made again from the journal: tonight's dose is unknown.
  bool dose_unknown() const { return dose_unknown_; }

  // ---- what survives ------------------------------------------------------------------------------------------------
  /// For the first event of a run: doses and rule use of the last 3 nights, all settings, and in `learned` one text a
  /// sleeper at the sleeper's place ("" where there is none).
  Started kept() const;
  std::string install_id() const { return install_id_; }  // 8 hex digits, made once
  /// The readable id of what speaks like that from there: the first it had, whatever it is called now. Unique.
  std::string id_for(const Device& device);

  // ---- writing. All of it from one thread, which never waits for a disk
  // -----------------------------------------------
  /// Both are called on a writer's thread (post them to the loop), and both must be set before anything is written.
  /// Durable: every ticket up to this one is on the disk.
  void on_durable(std::function<void(std::uint64_t ticket)> durable);
  /// Said once when it starts and once when it ends: a full disk, an I/O error, a journal that cannot keep up.
  void on_trouble(std::function<void(bool healthy, const std::string& what)> trouble);

  /// Starts a chapter and returns its number. Begin one at the start and at every noon: a chapter is what prune()
  /// drops.
  std::int64_t begin_chapter(Chapter chapter);
  void append(const Event& event, std::span<const Effect> effects);
  /// For KeepDose, KeepSetting, KeepRuleUsed and KeepLearned. Returns the ticket to wait for. Nothing that was
  /// acknowledged is ever lost; while the disk fails it is tried again every 5 s.
  std::uint64_t keep(const std::vector<Recorded>& what);
  /// Waits until all is written. False if it could not be: for the shutdown.
  bool flush(milliseconds patience = milliseconds{3000});
  /// Drops, in the background, the chapters of all but the last 60 days that have any, and the notes of all but 400.
  void prune();

  // ---- reading. What was appended less than a second ago may be missing: flush() first where that matters
  // -------------
  Result<std::vector<Chapter>> chapters() const;
  /// The chapter's moments in order, until `moment` returns false. How many, or what could not be read.
  Result<std::int64_t> events(std::int64_t chapter, const std::function<bool(const Moment&)>& moment) const;
  /// The same without their effects, for who wants to know only what happened: several times quicker.
  Result<std::int64_t> happened(std::int64_t chapter, const std::function<bool(const Moment&)>& moment) const;
  /// Decisions, notes, notifications and ends of nights in [from, to).
  Result<std::vector<Entry>> recorded(Utc from, Utc to) const;
  /// The nights that have notes, newest first.
  Result<std::vector<std::string>> nights(const std::function<std::string(Utc)>& night_of) const;

 private:
  Store() = default;
  void start();
  void trouble(bool of_journal, bool healthy, const std::string& what);
  Result<std::unique_ptr<store::Database>> reader() const;

  std::string journal_path_;
  int lock_ = -1;
  std::vector<std::string> warnings_;
  bool dose_unknown_ = false;
  std::atomic<bool> started_{false};  // a night's report is read, and so flushed, on another thread
  std::string install_id_;
  std::function<void(std::uint64_t)> durable_;
  std::function<void(bool, const std::string&)> trouble_;
  std::mutex health_;
  std::string journal_trouble_, ledger_trouble_;  // empty: healthy
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<store::Ledger> ledger_;
};

}  // namespace lull
