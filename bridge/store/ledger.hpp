// The ledger: safety.db, the little that must survive everything. Its own file and thread, so that neither a damaged
// nor a busy journal can cost a minute of dose. A write is acknowledged when it is on the disk, not before.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "automations/record.hpp"
#include "bridge/store/chapter.hpp"
#include "bridge/store/sqlite.hpp"

namespace lull::store {

extern const Schema kLedgerSchema;
inline constexpr int kNightsRemembered = 3;       // told at the start
inline constexpr int kNightsKept = 16;            // on the disk
inline constexpr int kMaxRuleSettings = 512;      // of rules long renamed the oldest go; the core's own few always stay
inline constexpr std::size_t kMaxPending = 4096;  // different things waiting for a disk that fails

class Ledger {
 public:
  using Trouble = std::function<void(bool healthy, const std::string& what)>;
  static Result<std::unique_ptr<Ledger>> open(const std::string& path, Access access, const StoreOptions&,
                                              std::vector<std::string>& warnings);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  Started kept();
  /// Makes one when there is none: `proposed`, if it is one.
  std::string install_id(const std::optional<std::string>& proposed);
  std::string id_for(const Device& device);
  /// Writes at once, on the calling thread: for a ledger that is made again from the journal.
  bool restore(const std::vector<Recorded>& all);

  void start(Trouble trouble, std::function<void(std::uint64_t)> durable);
  /// Everything up to the returned ticket is durable when `durable` was called with it or a later one.
  std::uint64_t keep(const std::vector<Recorded>& what);
  bool flush(milliseconds patience);

 private:
  Ledger(std::string path, Access access, StoreOptions options, std::unique_ptr<Database> db);
  void write();
  bool put_all(const std::map<std::string, Recorded>& all);
  void put(const Recorded& one);
  void trim();

  const std::string path_;
  const Access access_;
  const StoreOptions options_;
  std::mutex file_;  // guards db_ and turn_; never held together with mutex_
  std::unique_ptr<Database> db_;
  std::int64_t turn_ = 0;  // grows with every transaction: which night was written last, whatever the clock said
  Trouble trouble_;
  std::function<void(std::uint64_t)> durable_;

  std::mutex mutex_;
  std::condition_variable wake_, written_;
  std::map<std::string, Recorded> pending_;  // by what it is about: only the newest matters
  std::uint64_t ticket_ = 0, done_ = 0;
  bool refused_ = false;  // more than kMaxPending: nothing is acknowledged any more, so nothing heats
  bool urgent_ = false, leaving_ = false;
  std::thread thread_;
};

}  // namespace lull::store
